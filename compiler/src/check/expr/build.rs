//! Makers of typed expressions: conversions, unification, and the small shapes every other part needs.
//!
//! Comes in: typed operands. Goes out: typed expressions. Never here: a diagnostic (the callers say what is wrong).

use crate::hir::{Expr, ExprKind, Literal};
use crate::source::Span;
use crate::types::Type;

/// An expression of this kind, type and place.
#[inline(always)]
pub fn expr(kind: ExprKind, ty: Type, opt: bool, span: Span) -> Expr {
    Expr {
        kind,
        ty,
        opt,
        span,
    }
}

/// The expression that stands where something was reported. It agrees with everything.
pub fn error(span: Span) -> Expr {
    expr(
        ExprKind::Literal(Literal::Bool(false)),
        Type::Error,
        true,
        span,
    )
}

/// A string constant.
#[inline(always)]
pub fn text(value: impl Into<String>, span: Span) -> Expr {
    expr(
        ExprKind::Literal(Literal::Str(value.into())),
        Type::String,
        false,
        span,
    )
}

/// The type of a constant.
pub fn literal_type(literal: &Literal) -> Type {
    match literal {
        Literal::Bool(_) => Type::Boolean,
        Literal::Int(_) => Type::Integer,
        Literal::Dec(_) => Type::Decimal,
        Literal::Str(_) => Type::String,
        Literal::Date(_) => Type::Date,
        Literal::DateTime(..) => Type::DateTime,
        Literal::Local(_) => Type::DateTimeOnly,
        Literal::Time(_) => Type::Time,
        Literal::Duration(_) => Type::Duration,
        Literal::Period(..) => Type::Period,
    }
}

/// `value` as a value of `want`, when it fits: integers are widened where decimals are asked for.
pub fn convert(value: Expr, want: &Type) -> Result<Expr, Expr> {
    if value.ty.is_error() || want.is_error() {
        return Ok(value);
    }
    if value.ty == Type::Integer && *want == Type::Decimal {
        return Ok(widen(value));
    }
    if is_empty_list(&value) && matches!(want, Type::List(_)) {
        return Ok(expr(
            ExprKind::List(Vec::new()),
            want.clone(),
            false,
            value.span,
        ));
    }
    if let (ExprKind::Literal(Literal::Str(s)), Type::Enum(values)) = (&value.kind, want)
        && value.ty == Type::String
    {
        return if values.contains(s) {
            Ok(Expr {
                ty: want.clone(),
                ..value
            })
        } else {
            Err(value)
        };
    }
    if let (ExprKind::Coalesce(..) | ExprKind::If(..), Type::Enum(_)) = (&value.kind, want)
        && value.ty == Type::String
    {
        return match is_one_of(&value, want) {
            true => Ok(as_one_of(value, want)),
            false => Err(value),
        };
    }
    if let (ExprKind::List(_), Type::List(item)) = (&value.kind, want) {
        return convert_list(value, &item.clone(), want);
    }
    if value.ty.fits(want) {
        Ok(value)
    } else {
        Err(value)
    }
}

/// Whether it is a list without items, wherever it comes from: the type says so.
pub fn is_empty_list(e: &Expr) -> bool {
    !e.opt && matches!(&e.ty, Type::List(item) if **item == Type::Nothing)
}

/// Whether whatever the text comes to is one of these values.
fn is_one_of(e: &Expr, want: &Type) -> bool {
    match (&e.kind, want) {
        (ExprKind::Literal(Literal::Str(s)), Type::Enum(values)) => values.contains(s),
        (ExprKind::Coalesce(a, b) | ExprKind::If(_, a, b), _) if e.ty == Type::String => {
            is_one_of(a, want) && is_one_of(b, want)
        }
        _ => e.ty != Type::String && e.ty.fits(want),
    }
}

/// A text of which [`is_one_of`] holds, as one of these values.
fn as_one_of(mut e: Expr, want: &Type) -> Expr {
    if e.ty == Type::String {
        e.ty = want.clone();
        if let ExprKind::Coalesce(a, b) | ExprKind::If(_, a, b) = &mut e.kind {
            for part in [a, b] {
                let span = part.span;
                let taken = std::mem::replace(&mut **part, error(span));
                **part = as_one_of(taken, want);
            }
        }
    }
    e
}

/// A text constant beside one of a schema's values is one of these too, when the schema lists it.
pub fn side_by_side(a: Expr, b: Expr) -> (Expr, Expr) {
    let beside = |value: Expr, other: &Type| match other {
        Type::Enum(_) => convert(value, other).unwrap_or_else(|value| value),
        _ => value,
    };
    let (of_a, of_b) = (a.ty.clone(), b.ty.clone());
    (beside(a, &of_b), beside(b, &of_a))
}

fn convert_list(value: Expr, item: &Type, want: &Type) -> Result<Expr, Expr> {
    let ExprKind::List(items) = &value.kind else {
        return Err(value);
    };
    let converted: Result<Vec<Expr>, Expr> =
        items.iter().cloned().map(|i| convert(i, item)).collect();
    match converted {
        Ok(items) => Ok(Expr {
            kind: ExprKind::List(items),
            ty: want.clone(),
            ..value
        }),
        Err(_) => Err(value),
    }
}

/// Integer to decimal; constants at once.
pub fn widen(value: Expr) -> Expr {
    match value.kind {
        ExprKind::Literal(Literal::Int(i)) => Expr {
            kind: ExprKind::Literal(Literal::Dec(i as f64)),
            ty: Type::Decimal,
            ..value
        },
        _ => {
            let (opt, span) = (value.opt, value.span);
            expr(ExprKind::Widen(Box::new(value)), Type::Decimal, opt, span)
        }
    }
}

/// Both as decimals when one is and the other is an integer; else as they are.
pub fn unify(a: Expr, b: Expr) -> (Expr, Expr) {
    if shared_type(&a.ty, &b.ty) != Some(Type::Decimal) {
        return (a, b);
    }
    let raise = |e: Expr| if e.ty == Type::Integer { widen(e) } else { e };
    (raise(a), raise(b))
}

/// The same of values where they lie.
pub fn unify_in_place(a: &mut Expr, b: &mut Expr) {
    let raise = |e: &mut Expr| {
        let span = e.span;
        let value = std::mem::replace(e, error(span));
        *e = widen(value);
    };
    match (&a.ty, &b.ty) {
        (Type::Integer, Type::Decimal) => raise(a),
        (Type::Decimal, Type::Integer) => raise(b),
        _ => {}
    }
}

/// The type two values share: equal, number, text.
pub fn shared_type(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        (Type::Error | Type::Nothing, other) | (other, Type::Error | Type::Nothing) => {
            Some(other.clone())
        }
        _ if a == b => Some(a.clone()),
        (Type::Integer | Type::Decimal, Type::Integer | Type::Decimal) => Some(Type::Decimal),
        (Type::Enum(x), Type::Enum(y)) => {
            let mut all = x.to_vec();
            all.extend(y.iter().filter(|v| !x.contains(v)).cloned());
            Some(Type::Enum(all.into()))
        }
        (Type::String | Type::Enum(_), Type::String | Type::Enum(_)) => Some(Type::String),
        (Type::List(x), other) | (other, Type::List(x))
            if matches!(**x, Type::Error | Type::Nothing) && matches!(other, Type::List(_)) =>
        {
            Some(other.clone())
        }
        (Type::List(x), Type::List(y)) if x.is_text() && y.is_text() => {
            Some(Type::list(shared_type(x, y)?))
        }
        (Type::Record(_), Type::Record(_)) if a.fits(b) => Some(b.clone()),
        (Type::Record(_), Type::Record(_)) if b.fits(a) => Some(a.clone()),
        _ => None,
    }
}
