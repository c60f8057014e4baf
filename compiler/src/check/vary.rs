//! Conditions that cannot vary: those that can never or must always hold.
//!
//! Comes in: a checked condition. Goes out: at most one finding about it, the innermost cause first.
//! What is understood: constants, comparisons of one place with constants (equalities, differences, bounds) joined by `and`
//! and `or`, a place compared with itself, and `is missing` of what is never missing. Never here: a guess.

use super::state::place_key;
use super::walk;
use crate::diag::{Code, Diagnostic};
use crate::hir::{CompareOp, Expr, ExprKind, Literal};
use crate::oracle;
use crate::types::Type;
use std::collections::BTreeMap;

/// The finding about a condition, if it cannot vary.
pub fn find(condition: &Expr) -> Option<Diagnostic> {
    if condition.ty.is_error() || walk::any(condition, &mut |e| is_stand_in(e)) {
        return None;
    }
    // Only parts that are conditions themselves are judged: `x ?? false` holds a constant, and varies.
    let inner = match &condition.kind {
        ExprKind::And(a, b) | ExprKind::Or(a, b) => find(a).or_else(|| find(b)),
        ExprKind::Not(e) => find(e),
        _ => None,
    };
    if inner.is_some() {
        return inner;
    }
    let (holds, reason) = decide(condition)?;
    let message = if holds {
        "this condition always holds"
    } else {
        "this condition can never hold"
    };
    Some(
        Diagnostic::new(Code::ConstantCondition, condition.span, message)
            .label(reason)
            .why("everybody would take the same branch; the other one is dead, which is seldom meant"),
    )
}

/// Whether it stands for something that was reported: a constant is never missing.
fn is_stand_in(e: &Expr) -> bool {
    e.ty.is_error() || e.opt && matches!(e.kind, ExprKind::Literal(_))
}

/// What an undecided part would be when something it compares is missing: unknown, so it "never holds" and does not "always hold".
fn unless_missing(e: &Expr, holds: bool) -> Option<bool> {
    (!e.opt || !holds).then_some(holds)
}

fn decide(e: &Expr) -> Option<(bool, String)> {
    match &e.kind {
        ExprKind::Literal(Literal::Bool(b)) => Some((*b, format!("written as `{b}`"))),
        ExprKind::IsMissing(inner)
            if !inner.opt && !inner.ty.is_error() && place_key(inner).is_some() =>
        {
            Some((false, "this value is never missing here".into()))
        }
        ExprKind::Not(inner) if !inner.opt => decide(inner).map(|(holds, reason)| (!holds, reason)),
        ExprKind::Let {
            strict: true, body, ..
        } => decide(body).and_then(|(holds, reason)| Some((unless_missing(e, holds)?, reason))),
        ExprKind::Compare(op, a, b) => {
            let same = place_key(a).is_some_and(|k| Some(k) == place_key(b));
            match (same, literal(a), literal(b)) {
                (true, ..) if a.ty != Type::Decimal => {
                    let holds = matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge);
                    Some((
                        unless_missing(e, holds)?,
                        "a value compared with itself".into(),
                    ))
                }
                (_, Some(x), Some(y)) => {
                    Some((holds(*op, x, y)?, "both sides are constants".into()))
                }
                _ => None,
            }
        }
        ExprKind::And(..) => contradiction(e, true).map(|reason| (false, reason)),
        ExprKind::Or(..) if !e.opt => contradiction(e, false).map(|reason| (true, reason)),
        _ => oracle::const_truth(e).map(|holds| (holds, "nothing in it depends on data".into())),
    }
}

fn literal(e: &Expr) -> Option<&Literal> {
    match &e.kind {
        ExprKind::Literal(l) => Some(l),
        _ => None,
    }
}

fn holds(op: CompareOp, a: &Literal, b: &Literal) -> Option<bool> {
    let order = match (a, b) {
        (Literal::Int(x), Literal::Int(y)) => x.cmp(y),
        (Literal::Dec(x), Literal::Dec(y)) => x.partial_cmp(y)?,
        (Literal::Str(x), Literal::Str(y)) => x.cmp(y),
        (Literal::Bool(x), Literal::Bool(y)) => x.cmp(y),
        (Literal::Date(x), Literal::Date(y)) => x.cmp(y),
        (Literal::DateTime(x, _), Literal::DateTime(y, _)) => x.cmp(y),
        (Literal::Local(x), Literal::Local(y)) => x.cmp(y),
        (Literal::Time(x), Literal::Time(y)) => x.cmp(y),
        (Literal::Duration(x), Literal::Duration(y)) => x.cmp(y),
        _ => return None,
    };
    Some(match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    })
}

/// What a chain of comparisons demands of one place.
#[derive(Default)]
struct Demands<'e> {
    compared: Vec<(CompareOp, &'e Literal)>,
    one_of: Vec<Vec<&'e Literal>>,
    values: Option<Vec<Literal>>,
}

/// Why the parts of a conjunction (or the negated parts of a disjunction) exclude one another.
fn contradiction(e: &Expr, and: bool) -> Option<String> {
    let mut places: BTreeMap<String, Demands<'_>> = BTreeMap::new();
    collect(e, and, &mut places);
    places.values().find_map(|d| d.clash(and))
}

fn collect<'e>(e: &'e Expr, and: bool, places: &mut BTreeMap<String, Demands<'e>>) {
    match &e.kind {
        ExprKind::And(a, b) if and => {
            collect(a, and, places);
            collect(b, and, places);
        }
        ExprKind::Or(a, b) if !and => {
            collect(a, and, places);
            collect(b, and, places);
        }
        ExprKind::Compare(op, a, b) => {
            let (place, value, op) = match (literal(a), literal(b)) {
                (None, Some(v)) => (a, v, *op),
                (Some(v), None) => (b, v, flipped(*op)),
                _ => return,
            };
            let Some(key) = place_key(place) else { return };
            let demands = places.entry(key).or_default();
            demands
                .compared
                .push((if and { op } else { negated(op) }, value));
            if let Type::Enum(values) = &place.ty {
                demands.values = Some(values.iter().map(|v| Literal::Str(v.clone())).collect());
            }
        }
        ExprKind::OneOf(item, values) if and => {
            let literals: Option<Vec<&Literal>> = values.iter().map(literal).collect();
            if let (Some(key), Some(literals)) = (place_key(item), literals) {
                places.entry(key).or_default().one_of.push(literals);
            }
        }
        _ => {}
    }
}

impl Demands<'_> {
    fn clash(&self, and: bool) -> Option<String> {
        let allowed = |v: &Literal| {
            self.compared
                .iter()
                .all(|(op, w)| holds(*op, v, w).unwrap_or(true))
                && self.one_of.iter().all(|set| {
                    set.iter()
                        .any(|w| holds(CompareOp::Eq, v, w).unwrap_or(true))
                })
        };
        let candidates: Option<Vec<Literal>> = match (
            self.compared.iter().find(|(op, _)| *op == CompareOp::Eq),
            self.one_of.first(),
        ) {
            (Some((_, v)), _) => Some(vec![(*v).clone()]),
            (None, Some(set)) => Some(set.iter().map(|v| (*v).clone()).collect()),
            (None, None) => self.values.clone(),
        };
        if let Some(candidates) = candidates {
            let none_fits = !candidates.iter().any(allowed);
            return none_fits.then(|| {
                if and {
                    "no value satisfies all of these".to_string()
                } else {
                    "every value satisfies one of these".to_string()
                }
            });
        }
        let empty = self.compared.iter().any(|(low, l)| {
            matches!(low, CompareOp::Gt | CompareOp::Ge)
                && self.compared.iter().any(|(high, h)| match high {
                    CompareOp::Lt => holds(CompareOp::Le, h, l) == Some(true),
                    CompareOp::Le if *low == CompareOp::Gt => {
                        holds(CompareOp::Le, h, l) == Some(true)
                    }
                    CompareOp::Le => holds(CompareOp::Lt, h, l) == Some(true),
                    _ => false,
                })
        });
        empty.then(|| {
            if and {
                "the bounds exclude one another".to_string()
            } else {
                "the bounds cover every value".to_string()
            }
        })
    }
}

fn flipped(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        other => other,
    }
}

fn negated(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Eq => CompareOp::Ne,
        CompareOp::Ne => CompareOp::Eq,
        CompareOp::Lt => CompareOp::Ge,
        CompareOp::Le => CompareOp::Gt,
        CompareOp::Gt => CompareOp::Le,
        CompareOp::Ge => CompareOp::Lt,
    }
}
