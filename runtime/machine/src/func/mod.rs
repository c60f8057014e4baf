//! The one table of functions: what the compiler types calls from, hover and the reference page read, and the machine calls.
//!
//! Comes in: a name, or an artifact's import. Goes out: entries, or the native to call. All natives are strict: they are
//! called only when every argument is present. Never true here: a second place where a function is described.
//!
//! | module | is |
//! |---|---|
//! | [`types`] | what an entry says |
//! | [`ctx`] | what a native works with |
//! | [`order`] | equality and order of words by type |
//! | [`resolve`] | from an import to its native |

pub mod ctx;
pub mod order;
pub mod resolve;
pub mod types;

pub use ctx::{Ctx, Tools};
pub use resolve::Resolved;
pub use types::{CallSite, Category, Function, Imp, Intrinsic, Native, Param, Ty, Uses};

use journey_artifact::model::{Artifact, Import};

/// The parts of the table, in the order of the reference page.
const TABLES: &[&[Function]] = &[];

/// Every entry, in a fixed order.
pub fn all() -> impl Iterator<Item = &'static Function> {
    TABLES.iter().flat_map(|table| table.iter())
}

/// The overloads of a name, in the order in which they are to be tried.
pub fn lookup(name: &str) -> impl Iterator<Item = &'static Function> {
    all().filter(move |function| function.name == name)
}

/// Finds the native that serves an import, by name and exact word types.
pub fn resolve_import(artifact: &Artifact, import: &Import) -> Result<Resolved, String> {
    resolve::resolve_in(all(), artifact, import)
}
