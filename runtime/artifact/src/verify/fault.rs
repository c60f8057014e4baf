//! What a check returns: a kind and a reason, to which callers add where it was, outermost last.

use crate::refusal::{Refusal, RefusalKind, Section};

/// The result of a check.
pub(crate) type Check<T = ()> = Result<T, Fault>;

/// A refusal that does not yet know all of its place. Boxed, so that checks that hold return next to nothing.
#[derive(Debug)]
pub(crate) struct Fault(Box<Told>);

#[derive(Debug)]
struct Told {
    kind: RefusalKind,
    at: String,
    reason: String,
}

/// A fault of a kind, for a reason.
#[cold]
pub(super) fn fault<T>(kind: RefusalKind, reason: impl Into<String>) -> Check<T> {
    Err(Fault(Box::new(Told {
        kind,
        at: String::new(),
        reason: reason.into(),
    })))
}

/// Demands a condition.
#[inline]
pub(super) fn demand(holds: bool, kind: RefusalKind, reason: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { fault(kind, reason()) }
}

/// The entry of a table, or a fault that names the table.
#[inline]
pub(super) fn entry<'a, T>(table: &'a [T], index: u32, what: &str) -> Check<&'a T> {
    match table.get(index as usize) {
        Some(entry) => Ok(entry),
        None => no_entry(index, what, table.len()),
    }
}

/// What [`entry`] says of an index beyond a table of so many entries.
#[cold]
pub(super) fn no_entry<T>(index: u32, what: &str, of: usize) -> Check<T> {
    fault(RefusalKind::Index, format!("{what} {index} of {of}"))
}

/// Adds where it was.
pub(super) trait Locate<T> {
    /// Puts a place in front of what is known of it.
    fn at(self, place: impl FnOnce() -> String) -> Check<T>;
    /// Makes it a refusal.
    fn section(self, section: Section) -> Result<T, Refusal>;
}

impl<T> Locate<T> for Check<T> {
    #[inline]
    fn at(self, place: impl FnOnce() -> String) -> Check<T> {
        self.map_err(|mut fault| {
            let place = place();
            let at = &mut fault.0.at;
            *at = if at.is_empty() {
                place
            } else {
                format!("{place}, {at}")
            };
            fault
        })
    }

    fn section(self, section: Section) -> Result<T, Refusal> {
        self.map_err(|fault| Refusal::new(fault.0.kind, section, fault.0.at, fault.0.reason))
    }
}
