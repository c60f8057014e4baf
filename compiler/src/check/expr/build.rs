//! Makers of typed expressions: conversions, unification, and the small shapes every other part needs.
//!
//! Comes in: typed operands. Goes out: typed expressions. Never here: a diagnostic (the callers say what is wrong).

use crate::hir::{Expr, ExprKind, Literal};
use crate::source::Span;
use crate::types::{Field, Record, Type};
use std::sync::Arc;

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

/// `value` as a value of `want`, when it fits: integers are widened where decimals are asked for, and of a record that has more fields
/// than are asked for the others are left out; in what is written out, where it stands.
pub fn convert(value: Expr, want: &Type) -> Result<Expr, Expr> {
    if value.ty == *want || value.ty.is_error() || want.is_error() {
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
    match (&value.kind, want) {
        (ExprKind::List(_), Type::List(item)) => convert_list(value, &item.clone(), want),
        (ExprKind::Record(_), Type::Record(Record::Inline(fields))) => {
            convert_record(value, &fields.clone(), want)
        }
        (ExprKind::Coalesce(..) | ExprKind::If(..), Type::List(_) | Type::Record(_)) => {
            convert_branches(value, want)
        }
        _ if !value.ty.fits(want) => Err(value),
        _ if value.ty.lies_like(want) => Ok(value),
        _ => {
            let (opt, span) = (value.opt, value.span);
            let kind = ExprKind::Widen(Box::new(value));
            Ok(expr(kind, want.clone(), opt, span))
        }
    }
}

/// Whether it is a list without items, wherever it comes from: the type says so.
pub fn is_empty_list(e: &Expr) -> bool {
    !e.opt && matches!(&e.ty, Type::List(item) if **item == Type::Nothing)
}

/// `value`, which fits `want`, as a value of it.
pub fn as_shared(value: Expr, want: &Type) -> Expr {
    convert(value, want).unwrap_or_else(|value| value)
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
    converted_to(value, want, converted.ok().map(ExprKind::List))
}

fn convert_record(value: Expr, fields: &[Field], want: &Type) -> Result<Expr, Expr> {
    let ExprKind::Record(given) = &value.kind else {
        return Err(value);
    };
    let is_given = |field: &Field| given.iter().any(|(name, _)| *name == field.name);
    let whole = fields.iter().all(|it| it.optional || is_given(it));
    let one = |(name, value): &(String, Expr)| {
        let field = fields.iter().find(|field| field.name == *name)?;
        let fits = match convert(value.clone(), &field.ty) {
            Ok(value) if field.optional || !value.opt || value.ty.is_error() => {
                Some((name.clone(), value))
            }
            _ => None,
        };
        Some(fits)
    };
    let converted: Option<Vec<(String, Expr)>> = given.iter().filter_map(one).collect();
    let converted = converted.filter(|_| whole);
    converted_to(value, want, converted.map(ExprKind::Record))
}

fn convert_branches(value: Expr, want: &Type) -> Result<Expr, Expr> {
    let as_wanted = |e: &Expr| convert(e.clone(), want).ok().map(Box::new);
    let converted = match &value.kind {
        ExprKind::Coalesce(a, b) => as_wanted(a)
            .zip(as_wanted(b))
            .map(|(a, b)| ExprKind::Coalesce(a, b)),
        ExprKind::If(c, a, b) => as_wanted(a)
            .zip(as_wanted(b))
            .map(|(a, b)| ExprKind::If(c.clone(), a, b)),
        _ => None,
    };
    converted_to(value, want, converted)
}

fn converted_to(value: Expr, want: &Type, kind: Option<ExprKind>) -> Result<Expr, Expr> {
    match kind {
        Some(kind) => Ok(expr(kind, want.clone(), value.opt, value.span)),
        None => Err(value),
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

/// The type two values share: equal, number, text; of records all fields of both, and what one of them has not may be missing.
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
        (Type::List(x), Type::List(y)) => Some(Type::list(shared_item(x, y)?)),
        (Type::Map(x), Type::Map(y)) => Some(Type::Map(Arc::new(shared_item(x, y)?))),
        (Type::Record(Record::Inline(x)), Type::Record(Record::Inline(y))) => {
            let fields = shared_fields(x, y)?;
            Some(Type::Record(Record::Inline(fields.into())))
        }
        _ => None,
    }
}

/// Of lists and maps: a list of integers is none of decimals, unless it is written out.
fn shared_item(a: &Type, b: &Type) -> Option<Type> {
    shared_type(a, b).filter(|_| !(a.is_number() && b.is_number() && a != b))
}

fn shared_fields(a: &[Field], b: &[Field]) -> Option<Vec<Field>> {
    let of = |fields: &[Field], name: &str| fields.iter().find(|f| f.name == name).cloned();
    let mut all = Vec::with_capacity(a.len());
    for field in a {
        let (ty, optional) = match of(b, &field.name) {
            Some(other) => (
                shared_type(&field.ty, &other.ty)?,
                field.optional || other.optional,
            ),
            None => (field.ty.clone(), true),
        };
        let name = field.name.clone();
        all.push(Field { name, ty, optional });
    }
    let others = b.iter().filter(|field| of(a, &field.name).is_none());
    all.extend(others.map(|field| Field {
        optional: true,
        ..field.clone()
    }));
    Some(all)
}
