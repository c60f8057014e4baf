//! Constants that a function refuses: they are said when the package is built, not when somebody is on the journey.
//!
//! Comes in: a function of the table, and arguments that it takes. Goes out: findings. What an argument is for, the name of the parameter
//! says. Never here: a value that depends on data; for such a one the result is missing.

use super::cx::ExprCx;
use crate::diag::{Code, Diagnostic, written};
use crate::hir::Expr;
use crate::oracle::{self, Constant};
use crate::source::Span;
use journey_machine::func::{self, Function};
use journey_machine::value::Value;

impl ExprCx<'_> {
    /// Says which of the arguments are such constants.
    pub(super) fn check_constants<'e>(
        &mut self,
        function: &'static Function,
        args: impl Iterator<Item = Option<&'e Expr>>,
    ) {
        for (arg, param) in args.zip(function.params) {
            let (Some(value), "zone" | "unit" | "pattern" | "separator") = (arg, param.name) else {
                continue;
            };
            let Constant::Is(Value::String(text)) = oracle::const_eval(value) else {
                continue;
            };
            let text = text.as_str();
            match param.name {
                "zone" => self.check_zone(text, value.span),
                "unit" => self.check_unit(text, value.span),
                "pattern" | "separator" if func::takes_pattern(function) => {
                    self.check_pattern(text, value.span);
                }
                _ => {}
            }
        }
    }

    fn check_pattern(&mut self, pattern: &str, at: Span) {
        if let Some(reason) = func::Pattern::refused(pattern) {
            let message = "this regular expression does not compile";
            self.report(Diagnostic::new(Code::BadRegex, at, message).label(reason));
        }
    }

    /// Says so when no unit has this name: the result would be missing for everybody.
    fn check_unit(&mut self, unit: &str, at: Span) {
        if !func::UNITS.contains(&unit) {
            let message = format!("there is no unit {}", written::text(unit));
            let d = Diagnostic::new(Code::WrongArguments, at, message);
            let d = d.did_you_mean_as(unit, func::UNITS, |unit| Some(written::text(unit)));
            self.report(d.why(format!("units are {}", func::UNITS.join(", "))));
        }
    }

    /// Says so when no zone has this name.
    pub fn check_zone(&mut self, zone: &str, at: Span) {
        if journey_machine::time::Zone::get(zone).is_none() {
            let d = Diagnostic::new(
                Code::BadTimeZone,
                at,
                format!("there is no time zone \"{zone}\""),
            );
            self.report(
                d.why("zones have IANA names: \"Europe/Paris\", \"America/New_York\", \"UTC\""),
            );
        }
    }
}
