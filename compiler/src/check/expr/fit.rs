//! Which form of a function fits some arguments, and the typed call that comes of it.
//!
//! Comes in: the machine's table and checked arguments. Goes out: how much must be widened, what the type variables stand for, a
//! typed call. Never here: a finding.

use super::build::{convert, expr, is_empty_list, shared_type};
use crate::hir::{Arg, Expr, ExprKind, Spare};
use crate::source::Span;
use crate::types::Type;
use journey_machine::func::{Function, Imp, Intrinsic, Ty};
use std::sync::Arc;

/// What the type variables of a signature stand for.
#[derive(Default, Clone)]
pub struct Bound {
    scalar: Option<Type>,
    any: Option<Type>,
}

/// The typed call.
pub fn assemble(
    function: &'static Function,
    bound: &Bound,
    mut args: Vec<Arg>,
    span: Span,
    spare: &Spare,
) -> Expr {
    let ty = concrete(function.returns, bound);
    let (mut values, mut lambda, mut lambda_opt) = (spare.list(), None, false);
    values.reserve(args.len());
    for (n, arg) in args.drain(..).enumerate() {
        match arg {
            Arg::Value(value) => {
                let want = wanted(function, n);
                let value = spare.unboxed(value);
                values.push(match (want, &value.kind) {
                    (Ty::List(_), ExprKind::List(_)) => given(value, want, bound),
                    (Ty::List(_), _) if is_empty_list(&value) => given(value, want, bound),
                    // It fits, and nothing within it is converted.
                    (Ty::List(_) | Ty::Map(_), _) => value,
                    _ => given(value, want, bound),
                });
            }
            Arg::Lambda { local, body, .. } => {
                let body = match wanted(function, n) {
                    Ty::Lambda(ret) if body.ty != concrete(*ret, bound) => {
                        spare.boxed(given(spare.unboxed(body), *ret, bound))
                    }
                    _ => body,
                };
                lambda_opt |= body.opt;
                lambda = Some((local, body));
            }
        }
    }
    spare.reuse_args(args);
    let strict = function.optional || values.iter().any(|v| v.opt);
    match function.imp {
        Imp::Native(_) => expr(ExprKind::Call(function, values), ty, strict, span),
        Imp::Inline(op) => {
            let opt = match op {
                Intrinsic::Coalesce => values.iter().all(|v| v.opt),
                Intrinsic::Any | Intrinsic::All => strict || lambda_opt,
                _ => strict,
            };
            expr(
                ExprKind::Inline {
                    op,
                    args: values,
                    lambda,
                },
                ty,
                opt,
                span,
            )
        }
    }
}

/// An argument as a value of the type that is wanted, which it fits.
fn given(value: Expr, want: Ty, bound: &Bound) -> Expr {
    convert(value, &concrete(want, bound)).unwrap_or_else(|value| value)
}

fn wanted(function: &Function, n: usize) -> Ty {
    function.params[n.min(function.params.len().saturating_sub(1))].ty
}

/// Whether the arguments fit, how much had to be widened, and what the type variables became.
pub fn fit(function: &'static Function, args: &[Arg]) -> Option<(usize, Bound)> {
    let fixed = function.params.len();
    if args.len() < fixed || (args.len() > fixed && !(function.variadic && fixed > 0)) {
        return None;
    }
    let mut bound = Bound::default();
    let mut cost = 0;
    for (n, arg) in args.iter().enumerate() {
        cost += match (wanted(function, n), arg) {
            (Ty::Lambda(ret), Arg::Lambda { body, .. }) => matches(*ret, &body.ty, &mut bound)?,
            (Ty::Lambda(_), _) | (_, Arg::Lambda { .. }) => return None,
            (want, Arg::Value(value)) => matches(want, &value.ty, &mut bound)?,
        };
    }
    // What is in a list is converted only where the list is written out; one that is surely there and empty is one of anything.
    let lies_so = |(n, arg): (usize, &Arg)| match (wanted(function, n), arg) {
        (want @ (Ty::List(_) | Ty::Map(_)), Arg::Value(value)) => {
            matches!(value.kind, ExprKind::List(_))
                || is_empty_list(value)
                || holds_errors(&value.ty)
                || value.ty.lies_like(&concrete(want, &bound))
        }
        _ => true,
    };
    args.iter()
        .enumerate()
        .all(lies_so)
        .then_some((cost, bound))
}

fn holds_errors(ty: &Type) -> bool {
    match ty {
        Type::List(item) | Type::Map(item) => holds_errors(item),
        _ => ty.is_error(),
    }
}

fn matches(want: Ty, given: &Type, bound: &mut Bound) -> Option<usize> {
    let exact = |ok: bool| ok.then_some(0);
    match (want, given) {
        (_, Type::Nothing | Type::Error) => Some(0),
        (Ty::String, _) => exact(given.is_text()),
        (Ty::Integer, _) => exact(*given == Type::Integer),
        (Ty::Decimal, Type::Integer) => Some(1),
        (Ty::Decimal, _) => exact(*given == Type::Decimal),
        (Ty::Boolean, _) => exact(*given == Type::Boolean),
        (Ty::Date, _) => exact(*given == Type::Date),
        (Ty::DateTime, _) => exact(*given == Type::DateTime),
        (Ty::DateTimeOnly, _) => exact(*given == Type::DateTimeOnly),
        (Ty::Time, _) => exact(*given == Type::Time),
        (Ty::Duration, _) => exact(*given == Type::Duration),
        (Ty::Period, _) => exact(*given == Type::Period),
        (Ty::List(item), Type::List(have)) => matches_element(*item, have, bound),
        (Ty::Map(value), Type::Map(have)) => matches_element(*value, have, bound),
        (Ty::T, _) if given.is_scalar() => bind(&mut bound.scalar, given),
        (Ty::Any, _) => bind(&mut bound.any, given),
        _ => None,
    }
}

/// Elements are not widened: a list of integers is no list of decimals.
fn matches_element(want: Ty, have: &Type, bound: &mut Bound) -> Option<usize> {
    matches(want, have, bound).filter(|cost| *cost == 0 || matches!(want, Ty::T | Ty::Any))
}

fn bind(variable: &mut Option<Type>, given: &Type) -> Option<usize> {
    let given = if given.is_text() {
        Type::String
    } else {
        given.clone()
    };
    match variable {
        None => {
            *variable = Some(given);
            Some(0)
        }
        Some(have) if *have == given => Some(0),
        Some(have) => {
            let shared = shared_type(have, &given)?;
            *variable = Some(shared);
            Some(1)
        }
    }
}

fn concrete(ty: Ty, bound: &Bound) -> Type {
    match ty {
        Ty::String => Type::String,
        Ty::Integer => Type::Integer,
        Ty::Decimal => Type::Decimal,
        Ty::Boolean => Type::Boolean,
        Ty::Date => Type::Date,
        Ty::DateTime => Type::DateTime,
        Ty::DateTimeOnly => Type::DateTimeOnly,
        Ty::Time => Type::Time,
        Ty::Duration => Type::Duration,
        Ty::Period => Type::Period,
        Ty::List(item) => Type::list(concrete(*item, bound)),
        Ty::Map(value) => Type::Map(Arc::new(concrete(*value, bound))),
        Ty::Lambda(ret) => concrete(*ret, bound),
        // Only an empty list, which fits whatever is asked for, leaves it open.
        Ty::T => bound.scalar.clone().unwrap_or(Type::Nothing),
        Ty::Any => bound.any.clone().unwrap_or(Type::Nothing),
    }
}

/// `substr(string, integer)`.
pub fn signature(function: &Function) -> String {
    let params: Vec<String> = function
        .params
        .iter()
        .map(|p| format!("{}: {}", p.name, show(p.ty)))
        .collect();
    let dots = if function.variadic { ", …" } else { "" };
    format!("{}({}{dots})", function.name, params.join(", "))
}

/// Whether it asks for values of one scalar type, whichever that is: `T`.
pub fn asks_for_scalars(function: &Function) -> bool {
    fn is(ty: &Ty) -> bool {
        match ty {
            Ty::T => true,
            Ty::List(of) | Ty::Map(of) | Ty::Lambda(of) => is(of),
            _ => false,
        }
    }
    function.params.iter().any(|p| is(&p.ty))
}

fn show(ty: Ty) -> String {
    match ty {
        Ty::List(item) => format!("list<{}>", show(*item)),
        Ty::Map(value) => format!("map<{}>", show(*value)),
        Ty::Lambda(ret) => format!("item => {}", show(*ret)),
        Ty::T => "T".into(),
        Ty::Any => "any".into(),
        other => concrete(other, &Bound::default()).to_string(),
    }
}
