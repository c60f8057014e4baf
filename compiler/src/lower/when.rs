//! Points in time.

use super::expr::{self, Scope};
use super::pass::Pass;
use crate::hir;
use crate::types::Type;
use journey_artifact::graph::When;

/// When a wait is over; the types of its expressions choose the kind.
pub fn lower(pass: &mut Pass<'_>, scope: Scope<'_>, when: &hir::When) -> When {
    match when {
        hir::When::After(e) if e.ty == Type::Period => {
            When::AfterCalendar(expr::value(pass, scope, e, &e.ty))
        }
        hir::When::After(e) => When::After(expr::value(pass, scope, e, &e.ty)),
        hir::When::At(e) if e.ty == Type::DateTimeOnly => {
            When::AtLocal(expr::value(pass, scope, e, &e.ty))
        }
        hir::When::At(e) => When::At(expr::value(pass, scope, e, &e.ty)),
        hir::When::TimeOfDay(ms) => When::TimeOfDay(*ms),
        hir::When::Weekday(day, ms) => When::Weekday(*day, *ms),
    }
}
