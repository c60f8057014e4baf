//! What is known when the package is built: the value of an expression that nothing outside can change.
//!
//! Comes in: a checked expression. Goes out: [`Constant`]. Never true here: a value that depends on data, on the instant or
//! on the journey's zone; a path and a function that looks at those make the whole vary; work or a value without a bound.

use super::boundary::to_value;
use super::scope::Scope;
use super::value::OracleError;
use super::walk::Eval;
use crate::hir::{Expr, ExprKind, Literal, LocalId, Root};
use crate::types::Type;
use journey_machine::time::Zone;
use journey_machine::value::Value;
use std::collections::BTreeMap;

/// What working out one expression may cost: one for each step and each value copied, one for every 32 bytes of text.
const COST: usize = 1 << 18;

/// What is known of an expression before any data is.
#[derive(Clone, PartialEq, Debug)]
pub enum Constant {
    /// It depends on data, the instant or the zone.
    Varies,
    /// Nothing outside changes it, and it is more than may be worked out when the package is built.
    TooLarge,
    /// It is always missing (of a boolean: always unknown).
    Missing,
    /// It is always this.
    Is(Value),
}

/// The value of `expr` if it is a constant.
pub fn const_eval(expr: &Expr) -> Constant {
    if !is_fixed(expr, &mut Vec::new()) {
        return Constant::Varies;
    }
    let (vars, zone) = (BTreeMap::new(), Zone::utc());
    let scope = Scope {
        profile: None,
        input: None,
        vars: &vars,
        now_ms: 0,
        zone: &zone,
    };
    match Eval::within(&scope, COST).eval(expr) {
        Err(OracleError::Beyond | OracleError::Function { .. }) => Constant::TooLarge,
        Err(_) => Constant::Varies,
        Ok(None) => Constant::Missing,
        Ok(Some(val)) => to_value(&val, &expr.ty).map_or(Constant::Varies, Constant::Is),
    }
}

/// What a condition always comes to, whatever the data: also of `x and false`, whose parts are not all constant.
pub fn const_truth(expr: &Expr) -> Option<bool> {
    let known = match &expr.kind {
        ExprKind::And(a, b) => match (const_truth(a), const_truth(b)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        ExprKind::Or(a, b) => match (const_truth(a), const_truth(b)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        ExprKind::Not(inner) => const_truth(inner).map(|b| !b),
        _ => None,
    };
    known.or_else(|| match const_eval(expr) {
        Constant::Is(Value::Bool(b)) => Some(b),
        _ => None,
    })
}

/// A scalar value of type `ty` as a literal; `None` for lists, maps and records.
pub fn literal(value: &Value, ty: &Type) -> Option<Literal> {
    Some(match value {
        Value::Bool(b) => Literal::Bool(*b),
        Value::Integer(n) if *ty == Type::Decimal => Literal::Dec(*n as f64),
        Value::Integer(n) => Literal::Int(*n),
        Value::Decimal(x) => Literal::Dec(*x),
        Value::String(s) => Literal::Str(s.clone()),
        Value::Date(days) => Literal::Date(i32::try_from(*days).ok()?),
        Value::DateTime(ms, offset) => Literal::DateTime(*ms, *offset),
        Value::DateTimeOnly(ms) => Literal::Local(*ms),
        Value::Time(ms) => Literal::Time(*ms),
        Value::Duration(ms) => Literal::Duration(*ms),
        Value::Period(months, days) => Literal::Period(*months, *days),
        Value::Missing | Value::List(_) | Value::Record(_) => return None,
    })
}

/// Whether `expr` reads nothing from outside; `bound` are the names bound around it, inside the expression.
fn is_fixed(expr: &Expr, bound: &mut Vec<LocalId>) -> bool {
    let all = |of: &[&Expr], bound: &mut Vec<LocalId>| of.iter().all(|e| is_fixed(e, bound));
    match &expr.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Root(Root::Local(id)) => bound.contains(id),
        ExprKind::Root(_) => false,
        ExprKind::Path(a, _)
        | ExprKind::Widen(a)
        | ExprKind::Not(a)
        | ExprKind::Neg(a)
        | ExprKind::IsMissing(a) => is_fixed(a, bound),
        ExprKind::Key(a, b)
        | ExprKind::Index(a, b)
        | ExprKind::And(a, b)
        | ExprKind::Or(a, b)
        | ExprKind::Arith(_, a, b)
        | ExprKind::Compare(_, a, b)
        | ExprKind::Coalesce(a, b) => all(&[a, b], bound),
        ExprKind::If(a, b, c) => all(&[a, b, c], bound),
        ExprKind::OneOf(a, rest) => is_fixed(a, bound) && rest.iter().all(|e| is_fixed(e, bound)),
        ExprKind::Text(items) | ExprKind::List(items) => items.iter().all(|e| is_fixed(e, bound)),
        ExprKind::Record(fields) => fields.iter().all(|(_, e)| is_fixed(e, bound)),
        ExprKind::Call(function, args) => {
            !function.uses.now && !function.uses.zone && args.iter().all(|e| is_fixed(e, bound))
        }
        ExprKind::Inline { args, lambda, .. } => {
            args.iter().all(|e| is_fixed(e, bound))
                && lambda
                    .as_ref()
                    .is_none_or(|(local, body)| within(*local, body, bound))
        }
        ExprKind::Let {
            local, value, body, ..
        } => is_fixed(value, bound) && within(*local, body, bound),
    }
}

fn within(local: LocalId, body: &Expr, bound: &mut Vec<LocalId>) -> bool {
    bound.push(local);
    let fixed = is_fixed(body, bound);
    bound.pop();
    fixed
}
