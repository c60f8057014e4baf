//! What a check returns: a kind and a reason, to which callers add where it was, outermost last.

use crate::refusal::{Refusal, RefusalKind, Section};

/// The result of a check.
pub(crate) type Check<T = ()> = Result<T, Fault>;

/// A refusal that does not yet know all of its place.
#[derive(Debug)]
pub(crate) struct Fault {
    kind: RefusalKind,
    at: String,
    reason: String,
}

/// A fault of a kind, for a reason.
pub(super) fn fault<T>(kind: RefusalKind, reason: impl Into<String>) -> Check<T> {
    Err(Fault {
        kind,
        at: String::new(),
        reason: reason.into(),
    })
}

/// Demands a condition.
pub(super) fn demand(holds: bool, kind: RefusalKind, reason: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { fault(kind, reason()) }
}

/// The entry of a table, or a fault that names the table.
pub(super) fn entry<'a, T>(table: &'a [T], index: u32, what: &str) -> Check<&'a T> {
    match table.get(index as usize) {
        Some(entry) => Ok(entry),
        None => fault(
            RefusalKind::Index,
            format!("{what} {index} of {}", table.len()),
        ),
    }
}

/// Adds where it was.
pub(super) trait Locate<T> {
    /// Puts a place in front of what is known of it.
    fn at(self, place: impl FnOnce() -> String) -> Check<T>;
    /// Makes it a refusal.
    fn section(self, section: Section) -> Result<T, Refusal>;
}

impl<T> Locate<T> for Check<T> {
    fn at(self, place: impl FnOnce() -> String) -> Check<T> {
        self.map_err(|mut fault| {
            let place = place();
            fault.at = if fault.at.is_empty() {
                place
            } else {
                format!("{place}, {}", fault.at)
            };
            fault
        })
    }

    fn section(self, section: Section) -> Result<T, Refusal> {
        self.map_err(|fault| Refusal::new(fault.kind, section, fault.at, fault.reason))
    }
}
