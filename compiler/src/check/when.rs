//! Durations and moments in settings and steps: constants in milliseconds, and points in time.

use super::expr::{ExprCx, build, unparen};
use crate::diag::{Code, Diagnostic};
use crate::hir::{Expr, ExprKind, FixedSpan, Literal, When};
use crate::oracle::{self, Constant};
use crate::source::Span;
use crate::types::Type;
use journey_artifact::limits;
use journey_grammar::ast;
use std::ops::RangeInclusive;

/// A calendar day counted as 24 hours, where a constant window cannot know a zone.
const DAY_MS: u64 = 86_400_000;

fn no_time(span: Span, what: &str) -> Diagnostic {
    let message = format!("{what} must be longer than nothing");
    Diagnostic::new(Code::EmptyWait, span, message).label("no time at all")
}

impl<'a> ExprCx<'a> {
    /// A constant duration in milliseconds; a calendar one in days counts 24 hours each. Months are refused.
    pub fn fixed_ms(&mut self, e: ast::Expr<'a>, what: &str) -> Option<u64> {
        let span = self.span(e);
        match self.fixed_span(e, what)? {
            FixedSpan::Exact(ms) => Some(ms),
            FixedSpan::Calendar(0, days) => Some(u64::from(days) * DAY_MS),
            FixedSpan::Calendar(..) => {
                let d = Diagnostic::new(
                    Code::TypeMismatch,
                    span,
                    format!("{what} is counted in fixed units"),
                );
                self.report(
                    d.label("a month has no fixed length")
                        .why("write days or smaller: `30d`, `24h`"),
                );
                None
            }
        }
    }

    /// A constant duration above zero.
    pub fn fixed_span(&mut self, e: ast::Expr<'a>, what: &str) -> Option<FixedSpan> {
        let checked = self.infer(e);
        let value = self.folded(checked, what);
        let found = match &value.kind {
            _ if value.ty.is_error() => return None,
            ExprKind::Literal(Literal::Duration(ms)) => u64::try_from(*ms)
                .ok()
                .filter(|ms| *ms > 0)
                .map(FixedSpan::Exact),
            ExprKind::Literal(Literal::Period(months, days)) => {
                match (u32::try_from(*months), u32::try_from(*days)) {
                    (Ok(0), Ok(0)) | (Err(_), _) | (_, Err(_)) => None,
                    (Ok(months), Ok(days)) => Some(FixedSpan::Calendar(months, days)),
                }
            }
            _ => {
                self.not_a_duration(&value, what);
                return None;
            }
        };
        let most = match found {
            None => {
                self.report(no_time(value.span, what));
                return None;
            }
            Some(FixedSpan::Exact(ms)) if ms > limits::MILLISECONDS => {
                format!("{} days", limits::MILLISECONDS / DAY_MS)
            }
            Some(FixedSpan::Calendar(months, _)) if months > limits::CALENDAR => {
                format!("{} months", limits::CALENDAR)
            }
            Some(FixedSpan::Calendar(_, days)) if days > limits::CALENDAR => {
                format!("{} days", limits::CALENDAR)
            }
            Some(_) => return found,
        };
        let message = format!("{what} can be at most {most}");
        self.report(Diagnostic::new(Code::BadLiteral, value.span, message).label("too long"));
        None
    }

    fn not_a_duration(&mut self, value: &Expr, what: &str) {
        let message = format!("{what} is a duration, and this is {}", value.ty.article());
        let d = Diagnostic::new(Code::TypeMismatch, value.span, message);
        // Which unit was meant, nobody knows.
        self.report(d.label(match value.kind {
            ExprKind::Literal(Literal::Int(_)) => "say the unit, as in `15m`, `2h` or `1d`",
            _ => "expected a duration, such as `15m` or `1d`",
        }));
    }

    /// A constant integer within these bounds.
    pub fn fixed_count(
        &mut self,
        e: ast::Expr<'a>,
        what: &str,
        within: RangeInclusive<i64>,
    ) -> Option<i64> {
        let checked = self.infer(e);
        let checked = self.expect(checked, &Type::Integer, what);
        let value = self.folded(checked, what);
        match value.kind {
            _ if value.ty.is_error() => None,
            ExprKind::Literal(Literal::Int(n)) if within.contains(&n) => Some(n),
            ExprKind::Literal(Literal::Int(n)) => {
                let (least, most) = within.into_inner();
                let (code, message, label) = if n < least {
                    let message = format!("{what} must be at least {least}");
                    (Code::EmptyWait, message, "too few")
                } else {
                    let message = format!("{what} can be at most {most}");
                    (Code::BadLiteral, message, "too many")
                };
                self.report(Diagnostic::new(code, value.span, message).label(label));
                None
            }
            _ => None,
        }
    }

    /// A constant instant in milliseconds. A wall clock or date is refused: it would need a zone.
    pub fn fixed_instant(&mut self, e: ast::Expr<'a>, what: &str) -> Option<i64> {
        let checked = self.infer(e);
        let value = self.folded(checked, what);
        match value.kind {
            _ if value.ty.is_error() => None,
            ExprKind::Literal(Literal::DateTime(ms, _)) => Some(ms),
            _ => {
                let message = format!("{what} is an instant, and this is {}", value.ty.article());
                let d = Diagnostic::new(Code::TypeMismatch, value.span, message);
                self.report(d.label(
                    "write it with its offset: `2026-03-01T10:00Z`, `2026-03-01T10:00+01:00`",
                ));
                None
            }
        }
    }

    /// `wait D`, `within D`: a duration that is there and not empty.
    pub fn after(&mut self, e: ast::Expr<'a>, what: &str) -> Option<When> {
        let checked = self.infer(e);
        if checked.ty.is_error() {
            return None;
        }
        if !matches!(checked.ty, Type::Duration | Type::Period) {
            self.not_a_duration(&checked, what);
            return None;
        }
        let mut value = self.present(checked, what);
        if value.ty.is_error() {
            return None;
        }
        if !matches!(value.kind, ExprKind::Literal(_))
            && let Constant::Is(known) = oracle::const_eval(&value)
            && let Some(known) = oracle::literal(&known, &value.ty)
        {
            value.kind = ExprKind::Literal(known);
        }
        let empty = match &value.kind {
            ExprKind::Literal(Literal::Duration(ms)) => *ms <= 0,
            ExprKind::Literal(Literal::Period(months, days)) => *months <= 0 && *days <= 0,
            _ => false,
        };
        if empty {
            self.report(no_time(value.span, what));
            return None;
        }
        Some(When::After(value))
    }

    /// `wait until …`.
    pub fn until(&mut self, e: ast::Expr<'a>) -> Option<When> {
        if let ast::Expr::Literal(l) = unparen(e)
            && let Ok(journey_grammar::literal::LiteralValue::Time(t)) = l.value()
        {
            return Some(When::TimeOfDay(super::expr::literal::clock_ms(t)));
        }
        let checked = self.infer(e);
        match checked.ty {
            Type::Error => None,
            Type::DateTime | Type::DateTimeOnly => {
                let value = self.present(checked, "the moment to wait for");
                (!value.ty.is_error()).then_some(When::At(value))
            }
            Type::Date => {
                let d = Diagnostic::new(
                    Code::TypeMismatch,
                    checked.span,
                    "a date alone is a whole day, not a moment",
                );
                self.report(d.label("expected a dateTime").why(match checked.kind {
                    ExprKind::Literal(_) => {
                        "say the time too: `2026-03-01T09:00` is on the journey's clock"
                    }
                    _ => "`toDateTime` of it is its midnight on the journey's clock",
                }));
                None
            }
            _ => {
                let message = format!(
                    "the moment to wait for is a dateTime, and this is {}",
                    checked.ty.article()
                );
                let d = Diagnostic::new(Code::TypeMismatch, checked.span, message);
                let d = if matches!(checked.ty, Type::Duration | Type::Period) {
                    d.why("`wait D` waits for a duration, `wait until T` for a moment")
                } else {
                    d
                };
                self.report(d);
                None
            }
        }
    }

    /// `next monday 09:00`; at midnight when no time is given.
    pub fn weekday(&mut self, w: ast::NextWeekday<'a>) -> Option<When> {
        let day = w.day()?;
        let time = match w.time() {
            None => 0,
            Some(e) => {
                let checked = self.infer(e);
                let value = self.folded(checked, "the time of day");
                match value.kind {
                    ExprKind::Literal(Literal::Time(ms)) => ms,
                    _ if value.ty.is_error() => return None,
                    _ => {
                        self.report(Diagnostic::new(
                            Code::TypeMismatch,
                            value.span,
                            "a weekday's time is a time of day, such as `09:00`",
                        ));
                        return None;
                    }
                }
            }
        };
        Some(When::Weekday(day + 1, time))
    }
}

/// A wait of nothing: what stands in when the written one was reported.
pub fn broken(span: Span) -> When {
    When::After(build::expr(
        ExprKind::Literal(Literal::Duration(1)),
        Type::Duration,
        false,
        span,
    ))
}
