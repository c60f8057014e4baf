//! Which values the arms of a `match` take: what is left out, and what no one can reach.
//!
//! Comes in: the values and ranges of the arms, in the order of the text. Goes out: findings about arms that take nothing, and
//! what no arm takes. Never here: the arms' steps.

use super::demand::{holds, next};
use super::expr::ExprCx;
use crate::diag::{Code, Diagnostic, written};
use crate::hir::{CompareOp, Expr, Literal};
use crate::oracle::{self, Constant};
use crate::source::Span;
use crate::types::Type;
use journey_machine::value::Value;
use std::mem::discriminant;

/// Which values the arms so far take.
#[derive(Default)]
pub(super) struct Seen {
    texts: Vec<String>,
    bools: Vec<bool>,
    /// Texts, numbers and times: ranges, first and last, in order and apart from one another.
    ranges: Vec<(Literal, Literal)>,
    pub(super) missing: bool,
    pub(super) broken: bool,
}

impl Seen {
    /// Notes a value of the subject's type; says so when an arm before takes it already.
    pub(super) fn add(&mut self, cx: &mut ExprCx<'_>, value: &Expr, ty: &Type) {
        let Some(known) = constant(value, ty) else {
            return;
        };
        let twice = match &known {
            Literal::Bool(b) => {
                let twice = self.bools.contains(b);
                self.bools.push(*b);
                twice
            }
            other => self.takes(other, other),
        };
        if twice {
            cx.report(unreachable(value.span, "an arm before takes this value"));
        } else if let Literal::Str(text) = known {
            self.texts.push(text);
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
        let (Some(from), Some(to)) = (constant(ends.0, ty), constant(ends.1, ty)) else {
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
        let alike = |(first, _): &(Literal, Literal)| discriminant(first) == discriminant(from);
        if !self.ranges.first().is_none_or(alike) || discriminant(from) != discriminant(to) {
            return false;
        }
        let at = self.ranges.partition_point(|(first, _)| le(first, from));
        let before = at.checked_sub(1).map(|n| &self.ranges[n]);
        if before.is_some_and(|(_, last)| le(to, last)) {
            return true;
        }
        // What it overlaps or touches becomes one range with it.
        let start = match before {
            Some((_, last)) if le(from, &next(last)) => at - 1,
            _ => at,
        };
        let behind = next(to);
        let end = at + self.ranges[at..].partition_point(|(first, _)| le(first, &behind));
        let whole = &self.ranges[start..end];
        let first = match whole.first() {
            Some((first, _)) if start < at => first.clone(),
            _ => from.clone(),
        };
        let last = match whole.last() {
            Some((_, last)) if le(to, last) => last.clone(),
            _ => to.clone(),
        };
        self.ranges.splice(start..end, [(first, last)]);
        false
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
                .map(|v| written::text(v))
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

pub(super) fn unreachable(at: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::Unreachable, at, "nobody can reach this arm").label(why)
}

/// A constant as a value of the subject's type.
fn constant(e: &Expr, ty: &Type) -> Option<Literal> {
    if e.ty.is_error() {
        return None;
    }
    match oracle::const_eval(e) {
        Constant::Is(Value::Integer(n)) if *ty == Type::Decimal => Some(Literal::Dec(n as f64)),
        Constant::Is(known) => oracle::literal(&known, &e.ty),
        _ => None,
    }
}

fn le(a: &Literal, b: &Literal) -> bool {
    holds(CompareOp::Le, a, b) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cover_what_one_by_one_they_do() {
        // Against a plain list of what was taken, over small numbers in an order that looks random.
        let mut number = 5u64;
        let mut below = |n: u64| {
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (number >> 33) % n
        };
        for _ in 0..2_000 {
            let (mut seen, mut taken) = (Seen::default(), [false; 24]);
            for _ in 0..8 {
                let from = below(20) as usize;
                let to = from + below(4) as usize;
                let all = taken[from..=to].iter().all(|t| *t);
                let ends = (Literal::Int(from as i64), Literal::Int(to as i64));
                assert_eq!(seen.takes(&ends.0, &ends.1), all, "{from}..{to}");
                taken[from..=to].fill(true);
            }
            assert!(seen.ranges.windows(2).all(|w| !le(&w[1].0, &next(&w[0].1))));
        }
    }

    #[test]
    fn numbers_with_decimals_and_texts_leave_gaps() {
        let mut seen = Seen::default();
        let text = |t: &str| Literal::Str(t.into());
        assert!(!seen.takes(&text("a"), &text("c")));
        assert!(seen.takes(&text("b"), &text("b")));
        let mut seen = Seen::default();
        let (one, two, three) = (Literal::Dec(1.0), Literal::Dec(2.0), Literal::Dec(3.0));
        assert!(!seen.takes(&one, &one));
        assert!(!seen.takes(&two, &three));
        assert!(!seen.takes(&one, &three));
        assert!(seen.takes(&one, &three));
        assert!(!seen.takes(&Literal::Int(1), &Literal::Int(1)));
    }
}
