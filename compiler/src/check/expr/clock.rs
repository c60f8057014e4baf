//! Clocks: whose hour and whose day an expression asks for.
//!
//! Comes in: a function of the table, and what it is asked of. Goes out: a finding where a zone is named and then not looked at. Never
//! here: an instant that has its zone from a name bound elsewhere, where who reads it may not think of a zone.

use super::cx::ExprCx;
use crate::diag::{Code, Diagnostic};
use crate::hir::{Expr, ExprKind};
use crate::source::Span;
use journey_machine::func::{self, Function, Ty};

impl ExprCx<'_> {
    /// Says so when the journey's zone is looked at right behind another one. `at` is the function's name.
    pub(super) fn zone_thrown_away(&mut self, function: &Function, of: &Expr, at: Span) {
        let ExprKind::Call(made, _) = &of.kind else {
            return;
        };
        let names_zone = made.params.last().is_some_and(|param| param.name == "zone");
        // A shift by days or months goes by the zone that it names.
        let is_shift = made.params.iter().any(|param| param.name == "unit");
        if !names_zone || is_shift || made.returns != Ty::DateTime || !function.uses.zone {
            return;
        }
        let mut forms = func::lookup(function.name);
        let takes_clock = |form: &Function| form.params.first().map(|it| it.ty);
        if !forms.any(|form| takes_clock(form) == Some(Ty::DateTimeOnly)) {
            return;
        }
        let name = function.name;
        let message = format!("`{name}` is the journey's here, and the zone is thrown away");
        let d = Diagnostic::new(Code::ZoneThrownAway, at, message)
            .label("looks at the journey's time zone")
            .related(of.span, "the same instant, in whatever zone it is told");
        let end = Span {
            start: of.span.end,
            ..of.span
        };
        let title = format!("ask the clock of that zone: `….toDateTimeOnly().{name}()`");
        self.report(d.fix(title, end, ".toDateTimeOnly()", true));
    }
}
