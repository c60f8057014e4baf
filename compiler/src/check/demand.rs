//! What parts of a chain demand of a place, and whether all of it can be.
//!
//! Comes in: comparisons of a place with constants, tests of whether it is there. Goes out: why they exclude one another. Never here: two
//! places in one demand, a value that depends on data.

use super::listed::Listed;
use super::state::same_value;
use crate::hir::{CompareOp, Expr, ExprKind, Literal, Root};
use crate::types::Type;
use std::cmp::Ordering;

/// What one part of a chain demands of a place.
pub(super) struct Demand<'e> {
    pub hash: u64,
    /// Whether one before it in its chain may be of the same place.
    pub again: bool,
    pub place: &'e Expr,
    pub what: What<'e>,
}

impl Demand<'_> {
    /// Whether it may exclude every value by itself: `!= "a"` of an enum that has nothing else.
    pub fn may_be_empty(&self) -> bool {
        let compared = match self.what {
            What::Compared(op, _) => op != CompareOp::Eq,
            What::OneOf(_) => true,
            What::Present(_) => false,
        };
        compared && matches!(self.place.ty, Type::Enum(_))
    }
}

pub(super) enum What<'e> {
    Compared(CompareOp, &'e Literal),
    OneOf(&'e [Expr]),
    /// That it is there, or is not.
    Present(bool),
}

pub(super) fn literal(e: &Expr) -> Option<&Literal> {
    match &e.kind {
        ExprKind::Literal(l) => Some(l),
        _ => None,
    }
}

/// Whether two constants compare so; `None` of unlike ones.
pub(super) fn holds(op: CompareOp, a: &Literal, b: &Literal) -> Option<bool> {
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
    Some(is_so(op, order))
}

/// The value behind another, where there is none between them; else itself.
pub(super) fn next(value: &Literal) -> Literal {
    match value {
        Literal::Int(n) => Literal::Int(n.saturating_add(1)),
        Literal::Date(day) => Literal::Date(day.saturating_add(1)),
        other => other.clone(),
    }
}

fn is_so(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    }
}

/// What a part of a chain may demand, and of what.
#[inline(always)]
pub(super) fn demand(e: &Expr, and: bool) -> Option<(&Expr, What<'_>)> {
    Some(match &e.kind {
        ExprKind::Compare(op, a, b) => {
            let (place, value, op) = match (literal(a), literal(b)) {
                (None, Some(v)) => (a, v, *op),
                (Some(v), None) => (b, v, flipped(*op)),
                _ => return None,
            };
            let op = if and { op } else { negated(op) };
            (&**place, What::Compared(op, value))
        }
        ExprKind::OneOf(item, values) if and => {
            if values.iter().any(|v| literal(v).is_none()) {
                return None;
            }
            (&**item, What::OneOf(values))
        }
        ExprKind::IsMissing(_) | ExprKind::Not(_) => {
            let (place, is_missing) = presence(e)?;
            (place, What::Present(is_missing != and))
        }
        _ => return None,
    })
}

/// What both ends of a range demand of what is asked to be in it.
pub(super) fn range(e: &Expr) -> Option<(&Expr, [What<'_>; 2])> {
    let ExprKind::Let {
        local,
        value,
        strict: true,
        body,
    } = &e.kind
    else {
        return None;
    };
    let ExprKind::And(from, to) = &body.kind else {
        return None;
    };
    let end = |e| match demand(e, true)? {
        (place, what) if matches!(place.kind, ExprKind::Root(Root::Local(id)) if id == *local) => {
            Some(what)
        }
        _ => None,
    };
    Some((value, [end(from)?, end(to)?]))
}

/// What may be missing, and whether the part says that it is. Of what is never missing something else is said.
fn presence(e: &Expr) -> Option<(&Expr, bool)> {
    match &e.kind {
        ExprKind::IsMissing(place) => place.opt.then_some((place, true)),
        ExprKind::Not(inner) => presence(inner).map(|(place, is_missing)| (place, !is_missing)),
        _ => None,
    }
}

/// What a chain of comparisons demands of one place.
pub(super) struct Demands<'d, 'e> {
    pub all: &'d [Demand<'e>],
    pub of: &'d Demand<'e>,
}

impl<'d, 'e> Demands<'d, 'e> {
    fn iter(&self) -> impl Iterator<Item = &'d Demand<'e>> {
        let of = self.of;
        let same = |d: &&Demand<'_>| d.hash == of.hash && same_value(d.place, of.place);
        self.all.iter().filter(same)
    }

    fn compared(&self) -> impl Iterator<Item = (CompareOp, &'e Literal)> {
        self.iter().filter_map(|demand| match demand.what {
            What::Compared(op, value) => Some((op, value)),
            What::OneOf(_) | What::Present(_) => None,
        })
    }

    /// Whether a value satisfies all of them, when it is compared as `holds` says.
    fn allow(&self, holds: impl Fn(CompareOp, &Literal) -> Option<bool>) -> bool {
        self.iter().all(|demand| match demand.what {
            What::Compared(op, value) => holds(op, value).unwrap_or(true),
            What::OneOf(values) => values
                .iter()
                .filter_map(literal)
                .any(|value| holds(CompareOp::Eq, value).unwrap_or(true)),
            What::Present(_) => true,
        })
    }

    fn allows(&self, value: &Literal) -> bool {
        self.allow(|op, other| holds(op, value, other))
    }

    fn allows_text(&self, text: &str) -> bool {
        self.allow(|op, other| match other {
            Literal::Str(other) => Some(is_so(op, text.cmp(other))),
            _ => None,
        })
    }

    /// Whether any of the values that can be satisfies all of them; nothing when any value can be.
    fn satisfied(&self) -> Option<bool> {
        let equal = |(op, value)| (op == CompareOp::Eq).then_some(value);
        if let Some(value) = self.compared().find_map(equal) {
            return Some(self.allows(value));
        }
        let one_of = |demand: &Demand<'e>| match demand.what {
            What::OneOf(values) => Some(values),
            What::Compared(..) | What::Present(_) => None,
        };
        let mut lists = self.iter().filter_map(one_of);
        if let Some(values) = lists.next() {
            let lists: Vec<_> = lists.map(|list| (Listed::new(list), list)).collect();
            let compared = |value: &Literal| {
                let mut all = self.compared();
                all.all(|(op, other)| holds(op, value, other).unwrap_or(true))
            };
            let mut values = values.iter().filter_map(literal);
            let is_in = |value: &Literal, list: &[Expr]| {
                let mut others = list.iter().filter_map(literal);
                others.any(|other| holds(CompareOp::Eq, value, other).unwrap_or(true))
            };
            let listed = |value: &Literal| {
                let has = |(known, list): &(Listed<'_>, &[Expr])| {
                    known.has(value).unwrap_or_else(|| is_in(value, list))
                };
                lists.iter().all(has)
            };
            return Some(values.any(|value| compared(value) && listed(value)));
        }
        if self.of.place.ty == Type::Boolean && self.compared().next().is_some() {
            let values = [true, false].map(Literal::Bool);
            return Some(values.iter().any(|value| self.allows(value)));
        }
        let known = |demand: &'d Demand<'e>| match (&demand.what, &demand.place.ty) {
            (What::Compared(..), Type::Enum(values)) => Some(values),
            _ => None,
        };
        let values = self.iter().filter_map(known).last()?;
        Some(values.iter().any(|value| self.allows_text(value)))
    }

    pub fn clash(&self, and: bool) -> Option<String> {
        let (mut missing, mut present, mut compared) = (false, false, false);
        for demand in self.iter() {
            match demand.what {
                What::Present(is) => (missing, present) = (missing || !is, present || is),
                What::Compared(..) | What::OneOf(_) => compared = true,
            }
        }
        if missing {
            let reason = match and {
                // A comparison with what is missing is unknown: in an `or` that leaves it open.
                true if present || compared => "what is missing is not there to be anything else",
                false if present => "it is missing or it is there",
                _ => return None,
            };
            return Some(reason.to_string());
        }
        if let Some(satisfied) = self.satisfied() {
            return (!satisfied).then(|| {
                if and {
                    "no value satisfies all of these".to_string()
                } else {
                    "every value satisfies one of these".to_string()
                }
            });
        }
        let empty = self.compared().any(|(low, l)| {
            matches!(low, CompareOp::Gt | CompareOp::Ge)
                && self.compared().any(|(high, h)| match high {
                    // Between two whole numbers that follow each other there is none.
                    CompareOp::Lt if low == CompareOp::Gt => {
                        holds(CompareOp::Le, h, &next(l)) == Some(true)
                    }
                    CompareOp::Lt => holds(CompareOp::Le, h, l) == Some(true),
                    CompareOp::Le if low == CompareOp::Gt => {
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
