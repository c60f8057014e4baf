//! Which values the arms of a `match` take: what is left out, and what no one can reach.
//!
//! Comes in: the values and ranges of the arms, in the order of the text. Goes out: findings about arms that take nothing, and
//! what no arm takes. Never here: the arms' steps.

use super::expr::ExprCx;
use super::vary::holds;
use crate::diag::{Code, Diagnostic};
use crate::hir::{CompareOp, Expr, ExprKind, Literal};
use crate::oracle::{self, Constant};
use crate::source::Span;
use crate::types::Type;
use journey_machine::value::Value;

/// Which values the arms so far take.
#[derive(Default)]
pub(super) struct Seen {
    texts: Vec<String>,
    bools: Vec<bool>,
    /// Values of other types, and ranges: first and last.
    ranges: Vec<(Literal, Literal)>,
    pub(super) missing: bool,
    pub(super) broken: bool,
}

impl Seen {
    /// Notes a value; says so when an arm before takes it already.
    pub(super) fn add(&mut self, cx: &mut ExprCx<'_>, value: &Expr) {
        let ExprKind::Literal(literal) = &value.kind else {
            return;
        };
        let twice = match literal {
            Literal::Str(s) => {
                let twice = self.texts.contains(s);
                self.texts.push(s.clone());
                twice
            }
            Literal::Bool(b) => {
                let twice = self.bools.contains(b);
                self.bools.push(*b);
                twice
            }
            other => self.takes(other, other),
        };
        if twice && !value.ty.is_error() {
            cx.report(unreachable(value.span, "an arm before takes this value"));
        }
    }

    /// Notes a range, its ends taken as values of the subject's type; says so when nothing is in it, or nothing that arms
    /// before do not take already.
    pub(super) fn add_range(
        &mut self,
        cx: &mut ExprCx<'_>,
        ends: (&Expr, &Expr),
        ty: &Type,
        at: Span,
    ) {
        let end = |e: &Expr| match (oracle::const_eval(e), ty) {
            (Constant::Is(Value::Integer(n)), Type::Decimal) => Some(Literal::Dec(n as f64)),
            (Constant::Is(known), _) => oracle::literal(&known, &e.ty),
            _ => None,
        };
        let (Some(from), Some(to)) = (end(ends.0), end(ends.1)) else {
            return;
        };
        if holds(CompareOp::Gt, &from, &to) == Some(true) {
            cx.report(unreachable(
                at,
                "no value is in this range: it begins above its end",
            ));
        } else if self.takes(&from, &to) {
            cx.report(unreachable(at, "arms before take all of these values"));
        }
    }

    /// Whether arms before take all from `from` to `to`; from now on they do.
    fn takes(&mut self, from: &Literal, to: &Literal) -> bool {
        let mut open = from.clone();
        let taken = loop {
            let holder = self.ranges.iter().find(|(first, last)| {
                holds(CompareOp::Le, first, &open) == Some(true)
                    && holds(CompareOp::Ge, last, &open) == Some(true)
            });
            let Some((_, last)) = holder else { break false };
            if holds(CompareOp::Ge, last, to) == Some(true) {
                break true;
            }
            // Whole numbers and days follow one another; between other values there are more.
            open = match last {
                Literal::Int(n) => Literal::Int(n + 1),
                Literal::Date(day) => Literal::Date(day + 1),
                _ => break false,
            };
        };
        self.ranges.push((from.clone(), to.clone()));
        taken
    }

    /// What no arm takes.
    pub(super) fn left_out(&self, subject: &Expr) -> Option<String> {
        if self.broken {
            return None;
        }
        let mut left: Vec<String> = match &subject.ty {
            Type::Enum(values) => values
                .iter()
                .filter(|v| !self.texts.contains(v))
                .map(|v| format!("\"{v}\""))
                .collect(),
            Type::Boolean => [true, false]
                .iter()
                .filter(|b| !self.bools.contains(b))
                .map(bool::to_string)
                .collect(),
            _ => return Some("every other value".into()),
        };
        if subject.opt && !self.missing {
            left.push("a missing value".into());
        }
        match left.len() {
            0 => None,
            n if n > 6 => Some(format!("{} and {} more", left[..5].join(", "), n - 5)),
            _ => Some(left.join(", ")),
        }
    }
}

fn unreachable(at: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::Unreachable, at, "nobody can reach this arm").label(why)
}
