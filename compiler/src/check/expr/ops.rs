//! Operators: which operands they take, what they give, and what to say when they do not fit.
//!
//! Comes in: typed operands. Goes out: a typed expression; complaints go to the bag.
//! Never here: a complaint about an operand that was already reported (its type is `Type::Error`).

use super::build::{as_shared, convert, error, expr, shared_type, side_by_side, unify};
use super::cx::ExprCx;
use crate::check::place::Place;
use crate::diag::{Code, Diagnostic, written};
use crate::hir::walk;
use crate::hir::{ArithOp, Expr, ExprKind, Literal, LocalId};
use crate::oracle::{self, Constant};
use crate::source::Span;
use crate::types::{Record, Type};

impl ExprCx<'_> {
    /// `+ - * / %`.
    pub fn arith(&mut self, op: ArithOp, symbol: &str, a: Expr, b: Expr, span: Span) -> Expr {
        if a.ty.is_error() || b.ty.is_error() {
            return error(span);
        }
        let opt = a.opt || b.opt;
        if a.ty.is_number() && b.ty.is_number() {
            let (a, b) = unify(a, b);
            let ty = a.ty.clone();
            let may_fail = matches!(op, ArithOp::Div | ArithOp::Rem) && !is_nonzero(&b);
            return expr(
                ExprKind::Arith(op, self.boxed(a), self.boxed(b)),
                ty,
                opt || may_fail,
                span,
            );
        }
        if a.ty == Type::Duration
            && b.ty == Type::Duration
            && matches!(op, ArithOp::Add | ArithOp::Sub)
        {
            return expr(
                ExprKind::Arith(op, self.boxed(a), self.boxed(b)),
                Type::Duration,
                opt,
                span,
            );
        }
        // Dates, times and durations: what the table has.
        let name = match op {
            ArithOp::Add => "op.add",
            ArithOp::Sub => "op.sub",
            ArithOp::Mul => "op.mul",
            ArithOp::Div | ArithOp::Rem => return self.bad_operands(symbol, &a, &b, span),
        };
        match self.operator(name, vec![a, b], span) {
            Ok(call) => call,
            Err(operands) => match operands.as_slice() {
                [a, b] => self.bad_operands(symbol, a, b, span),
                _ => error(span),
            },
        }
    }

    fn bad_operands(&mut self, symbol: &str, a: &Expr, b: &Expr, span: Span) -> Expr {
        let mut d = Diagnostic::new(
            Code::BadOperand,
            span,
            format!(
                "`{symbol}` cannot be applied to {} and {}",
                a.ty.article(),
                b.ty.article()
            ),
        );
        if symbol == "+" && (a.ty.is_text() || b.ty.is_text()) {
            d = d
                .label("texts are joined by writing them into one")
                .why("write \"{a}{b}\": an interpolated text takes any scalar");
        } else if a.ty == Type::DateTime && b.ty == Type::DateTimeOnly
            || a.ty == Type::DateTimeOnly && b.ty == Type::DateTime
        {
            d = d.why(
                "a wall clock and an instant differ by a time zone; convert one of them first",
            );
        }
        self.report(d);
        error(span)
    }

    /// `-x`.
    pub fn negate(&mut self, a: Expr, span: Span) -> Expr {
        match (&a.kind, &a.ty) {
            (_, Type::Error) => error(span),
            (ExprKind::Literal(Literal::Int(i)), _) => expr(
                ExprKind::Literal(Literal::Int(i.saturating_neg())),
                Type::Integer,
                false,
                span,
            ),
            (ExprKind::Literal(Literal::Dec(d)), _) => expr(
                ExprKind::Literal(Literal::Dec(-d)),
                Type::Decimal,
                false,
                span,
            ),
            (ExprKind::Literal(Literal::Duration(d)), _) => expr(
                ExprKind::Literal(Literal::Duration(d.saturating_neg())),
                Type::Duration,
                false,
                span,
            ),
            (ExprKind::Literal(Literal::Period(m, d)), _) => {
                let negated = Literal::Period(m.saturating_neg(), d.saturating_neg());
                expr(ExprKind::Literal(negated), Type::Period, false, span)
            }
            (_, Type::Integer | Type::Decimal | Type::Duration) => {
                let (ty, opt) = (a.ty.clone(), a.opt);
                expr(ExprKind::Neg(self.boxed(a)), ty, opt, span)
            }
            (_, Type::Period) => match self.overload_of("op.neg", &[Type::Period]) {
                Some(function) => self.call_entry(function, vec![a], span),
                None => error(span),
            },
            _ => {
                let message = format!("`-` cannot be applied to {}", a.ty.article());
                self.report(Diagnostic::new(Code::BadOperand, span, message));
                error(span)
            }
        }
    }

    /// `not`.
    pub fn not(&mut self, a: Expr, span: Span) -> Expr {
        let mut a = a;
        self.boolean_operand("not", &mut a);
        let opt = a.opt;
        expr(ExprKind::Not(self.boxed(a)), Type::Boolean, opt, span)
    }

    /// `and`, `or`.
    pub fn logic(&mut self, is_and: bool, a: Box<Expr>, b: Box<Expr>, span: Span) -> Box<Expr> {
        let (mut a, mut b) = (a, b);
        let made = self.world.spare.vacant();
        let word = if is_and { "and" } else { "or" };
        self.boolean_operand(word, &mut a);
        self.boolean_operand(word, &mut b);
        let opt = a.opt || b.opt;
        match is_and {
            true => made.fill(expr(ExprKind::And(a, b), Type::Boolean, opt, span)),
            false => made.fill(expr(ExprKind::Or(a, b), Type::Boolean, opt, span)),
        }
    }

    fn boolean_operand(&mut self, word: &str, a: &mut Expr) {
        if a.ty == Type::Boolean {
            return;
        }
        if !a.ty.is_error() {
            let message = format!("`{word}` joins conditions, and this is {}", a.ty.article());
            self.report(
                Diagnostic::new(Code::BadOperand, a.span, message).label("not true or false"),
            );
        }
        *a = expr(
            ExprKind::Literal(Literal::Bool(false)),
            Type::Boolean,
            true,
            a.span,
        );
    }

    /// Says that the schema lists no such value.
    pub(super) fn unknown_enum_value(
        &mut self,
        (literal, span, values): (String, Span, Vec<String>),
    ) {
        let list = values
            .iter()
            .take(12)
            .map(|v| written::text(v))
            .collect::<Vec<_>>()
            .join(", ");
        let more = if values.len() > 12 { ", …" } else { "" };
        let d = Diagnostic::new(
            Code::UnknownEnumValue,
            span,
            format!("no value is {}", written::text(&literal)),
        )
        .why(format!("the schema lists {list}{more}"));
        let names = values.iter().map(String::as_str);
        let names = self.bag.candidates(span.file, names);
        let d = d.did_you_mean_as(&literal, names, |value| Some(written::text(value)));
        self.report(match d.fix {
            Some(_) => d,
            None => d.label("not one of the values the schema lists"),
        });
    }

    /// `a ?? b`.
    pub fn coalesce(&mut self, a: Expr, b: Expr, span: Span) -> Expr {
        if a.ty.is_error() || b.ty.is_error() {
            return error(span);
        }
        let (a, b) = side_by_side(a, b);
        let Some(ty) = shared_type(&a.ty, &b.ty) else {
            let message = format!("`??` joins {} with {}", a.ty.article(), b.ty.article());
            self.report(
                Diagnostic::new(Code::TypeMismatch, b.span, message)
                    .label(format!("expected {}", a.ty)),
            );
            return error(span);
        };
        if !a.opt {
            self.never_taken(&a, &b);
        }
        let opt = a.opt && b.opt;
        let (a, b) = (as_shared(a, &ty), as_shared(b, &ty));
        expr(
            ExprKind::Coalesce(self.boxed(a), self.boxed(b)),
            ty,
            opt,
            span,
        )
    }

    /// Says that what stands behind `??` stands in for nothing. Not of a constant behind a value, which harms nobody, nor of what a guard
    /// before it proved: whoever moves the step keeps the fallback.
    #[cold]
    fn never_taken(&mut self, a: &Expr, b: &Expr) {
        let is_constant = |e: &Expr| matches!(oracle::const_eval(e), Constant::Is(_));
        let is_proven = |part: &Expr| Place::of(part).is_some_and(|place| self.is_known(&place));
        if walk::any(a, &mut |part| is_proven(part)) || is_constant(b) && !is_constant(a) {
            return;
        }
        let message = "nobody gets what stands behind this `??`";
        let d = Diagnostic::new(Code::Unreachable, b.span, message).label("never taken");
        let why = match b.opt {
            true => "`a ?? b` is a, and b where there is no a; was it meant the other way around?",
            false => "`a ?? b` is a, and b where there is no a",
        };
        self.report(d.related(a.span, "this value is never missing").why(why));
    }

    /// `if c then a else b`; `c` was checked as a condition.
    pub fn choose(&mut self, c: Expr, a: Expr, b: Expr, span: Span) -> Expr {
        if a.ty.is_error() || b.ty.is_error() {
            return error(span);
        }
        let (a, b) = side_by_side(a, b);
        let Some(ty) = shared_type(&a.ty, &b.ty) else {
            let message = format!(
                "the branches differ: {} and {}",
                a.ty.article(),
                b.ty.article()
            );
            let d = Diagnostic::new(Code::TypeMismatch, b.span, message)
                .related(a.span, format!("this is {}", a.ty.article()));
            self.report(d);
            return error(span);
        };
        let opt = a.opt || b.opt;
        let (a, b) = (as_shared(a, &ty), as_shared(b, &ty));
        expr(
            ExprKind::If(self.boxed(c), self.boxed(a), self.boxed(b)),
            ty,
            opt,
            span,
        )
    }

    /// `value` where `want` is asked for; says what is wrong if it does not fit.
    pub fn expect(&mut self, value: Expr, want: &Type, what: &str) -> Expr {
        if let Some(wrong) = literal_outside(&value, want) {
            self.unknown_enum_value(wrong);
            return error(value.span);
        }
        if self.has_unknown_fields(&value, want) {
            return error(value.span);
        }
        match convert(value, want) {
            Ok(value) => value,
            Err(value) if self.has_unfit_parts(&value, want, what) => error(value.span),
            Err(value) => {
                let message = format!(
                    "{what} is {}, and this is {}",
                    want.article(),
                    value.ty.article()
                );
                let d = Diagnostic::new(Code::TypeMismatch, value.span, message)
                    .label(format!("expected {want}"));
                self.report(match of_a_schema(&value.ty, want) {
                    Some(advice) => d.why(format!(
                        "a record of a schema fits no other type, though its fields may be the same; {advice}"
                    )),
                    None => d,
                });
                error(value.span)
            }
        }
    }
}

/// `let local = value in body`, the whole missing when the value is.
pub fn bind(local: LocalId, value: Expr, body: Expr, opt: bool, span: Span) -> Expr {
    let ty = body.ty.clone();
    let kind = ExprKind::Let {
        local,
        value: Box::new(value),
        strict: true,
        body: Box::new(body),
    };
    expr(kind, ty, opt, span)
}

/// What to do where records of two types meet and one is a schema's.
fn of_a_schema(have: &Type, want: &Type) -> Option<&'static str> {
    match (have, want) {
        (Type::List(have), Type::List(want)) | (Type::Map(have), Type::Map(want)) => {
            match (&**have, &**want) {
                (Type::Record(_), Type::Record(Record::Xdm(_))) => Some(
                    "what goes here are items that are of the schema already, such as those that `filter` leaves of such a list",
                ),
                (have, want) => of_a_schema(have, want),
            }
        }
        (Type::Record(_), Type::Record(Record::Xdm(_))) => Some("give its fields one by one"),
        (Type::Record(Record::Xdm(_)), Type::Record(_)) => {
            Some("write out the fields that are asked for: `{ name: value.name, … }`")
        }
        _ => None,
    }
}

pub(super) fn is_nonzero(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Literal(Literal::Int(i)) => *i != 0,
        ExprKind::Literal(Literal::Dec(d)) => *d != 0.0,
        _ => false,
    }
}

/// A string constant where an enum is wanted that does not have it.
pub(super) fn literal_outside(value: &Expr, want: &Type) -> Option<(String, Span, Vec<String>)> {
    match (want, &value.kind) {
        (Type::Enum(values), ExprKind::Literal(Literal::Str(s)))
            if value.ty == Type::String && !values.contains(s) =>
        {
            Some((s.clone(), value.span, values.to_vec()))
        }
        _ => None,
    }
}
