//! Constants as written, and texts with interpolations.

use super::build::{self, expr};
use super::cx::ExprCx;
use crate::diag::{Code, Diagnostic};
use crate::hir::{Expr, ExprKind, Literal};
use crate::source::Span;
use crate::types::Type;
use journey_grammar::ast::{self, AstNode, StringPart};
use journey_grammar::literal::{DateValue, DurationUnit, DurationValue, LiteralValue, TimeValue};

const DAY_MS: i64 = 86_400_000;

impl<'a> ExprCx<'a> {
    /// A literal in a box.
    pub(super) fn literal_boxed(&mut self, l: ast::Literal<'a>, span: Span) -> Box<Expr> {
        match l.value().map(convert) {
            Ok(Some(literal)) => {
                let made = self.world.spare.vacant();
                let ty = build::literal_type(&literal);
                made.fill(expr(ExprKind::Literal(literal), ty, false, span))
            }
            _ => {
                let wrong = self.literal(l, span);
                self.boxed(wrong)
            }
        }
    }

    /// A text in a box.
    pub(super) fn text_boxed(&mut self, s: ast::StringLit<'a>, span: Span) -> Box<Expr> {
        match s.bare() {
            Some(bare) => {
                let made = self.world.spare.vacant();
                made.fill(build::text(self.world.spare.text(bare), span))
            }
            None => {
                let text = self.text(s, span);
                self.boxed(text)
            }
        }
    }

    /// A literal.
    pub fn literal(&mut self, l: ast::Literal<'a>, span: Span) -> Expr {
        let value = match l.value() {
            Ok(value) => convert(value),
            Err(error) => {
                let d = Diagnostic::new(Code::BadLiteral, span, error.message());
                self.report(d.label("does not exist"));
                return build::error(span);
            }
        };
        match value {
            Some(literal) => {
                let ty = build::literal_type(&literal);
                expr(ExprKind::Literal(literal), ty, false, span)
            }
            None => {
                let d = Diagnostic::new(
                    Code::BadLiteral,
                    span,
                    "this duration is longer than can be counted",
                );
                self.report(d.why("a hundred centuries are the most"));
                build::error(span)
            }
        }
    }

    /// A text; with interpolations it is joined of pieces.
    pub fn text(&mut self, s: ast::StringLit<'a>, span: Span) -> Expr {
        if let Some(bare) = s.bare() {
            return build::text(self.world.spare.text(bare), span);
        }
        if let Some(plain) = s.plain() {
            return build::text(plain, span);
        }
        let mut pieces = Vec::new();
        let mut opt = false;
        let mut broken = false;
        for part in s.parts() {
            match part {
                StringPart::Text(text) => pieces.push(build::text(text, span)),
                StringPart::Expr(Some(inner)) => {
                    let value = self.infer(inner);
                    let piece = self.to_text(value);
                    opt |= piece.opt;
                    broken |= piece.ty.is_error();
                    pieces.push(piece);
                }
                StringPart::Expr(None) => broken = true,
            }
        }
        if broken {
            build::error(span)
        } else {
            expr(ExprKind::Text(pieces), Type::String, opt, span)
        }
    }

    /// A scalar as text.
    pub fn to_text(&mut self, value: Expr) -> Expr {
        if value.ty.is_text() || value.ty.is_error() {
            return value;
        }
        let span = value.span;
        if value.ty.is_scalar()
            && let Some(function) = self.overload_of("toString", std::slice::from_ref(&value.ty))
        {
            return self.call_entry(function, vec![value], span);
        }
        let message = format!("{} has no text form", value.ty.article());
        self.report(Diagnostic::new(Code::NotText, span, message).label("name one of its fields"));
        build::error(span)
    }
}

/// A literal's value in the checker's terms; `None` when it is out of range.
pub fn convert(value: LiteralValue) -> Option<Literal> {
    Some(match value {
        LiteralValue::Boolean(b) => Literal::Bool(b),
        LiteralValue::Integer(i) => Literal::Int(i),
        LiteralValue::Decimal(d) => Literal::Dec(d),
        LiteralValue::Duration(d) => duration(d)?,
        LiteralValue::Date(d) => Literal::Date(days(d)),
        LiteralValue::Time(t) => Literal::Time(clock_ms(t)),
        LiteralValue::DateTime(d, t, offset) => {
            let minutes = i32::from(offset.minutes);
            Literal::DateTime(
                i64::from(days(d)) * DAY_MS + i64::from(clock_ms(t)) - i64::from(minutes) * 60_000,
                minutes,
            )
        }
        LiteralValue::DateTimeOnly(d, t) => {
            Literal::Local(i64::from(days(d)) * DAY_MS + i64::from(clock_ms(t)))
        }
    })
}

fn duration(d: DurationValue) -> Option<Literal> {
    let calendar = |months: i64, days: i64| {
        let months = i32::try_from(d.amount.checked_mul(months)?).ok()?;
        Some(Literal::Period(
            months,
            i32::try_from(d.amount.checked_mul(days)?).ok()?,
        ))
    };
    // A hundred centuries bound what the clock arithmetic must bear.
    let exact = |ms: i64| {
        d.amount
            .checked_mul(ms)
            .filter(|v| *v <= 3_652_425 * DAY_MS)
            .map(Literal::Duration)
    };
    match d.unit {
        DurationUnit::Millisecond => exact(1),
        DurationUnit::Second => exact(1000),
        DurationUnit::Minute => exact(60_000),
        DurationUnit::Hour => exact(3_600_000),
        DurationUnit::Day => calendar(0, 1),
        DurationUnit::Week => calendar(0, 7),
        DurationUnit::Month => calendar(1, 0),
        DurationUnit::Year => calendar(12, 0),
    }
}

/// Days since 1970-01-01 (proleptic Gregorian; the well-known era arithmetic with March as the first month).
pub fn days(d: DateValue) -> i32 {
    let (y, m, day) = (
        i32::from(d.year) - i32::from(d.month <= 2),
        i32::from(d.month),
        i32::from(d.day),
    );
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * (m + if m > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Milliseconds since midnight.
pub fn clock_ms(t: TimeValue) -> u32 {
    ((u32::from(t.hour) * 60 + u32::from(t.minute)) * 60 + u32::from(t.second)) * 1000
        + t.nanosecond / 1_000_000
}

/// A place that stands for nothing in particular (made-up expressions).
pub fn nowhere(file: crate::source::FileId) -> Span {
    Span {
        file,
        start: 0,
        end: 0,
    }
}

/// Whether a number is one beyond the largest integer: behind a `-` it is the smallest.
pub(super) fn is_below_all(l: ast::Literal<'_>) -> bool {
    let digits = l.syntax().text().bytes().filter(|b| *b != b'_');
    digits.eq(*b"9223372036854775808")
}
