//! The one table of functions: what the compiler types calls from, hover and the reference page read, and the machine calls.
//!
//! Comes in: a name, or an artifact's import. Goes out: entries, or the native to call. All natives are strict: they are
//! called only when every argument is present. Never true here: a second place where a function is described.
//!
//! | module | is |
//! |---|---|
//! | `types` | what an entry says |
//! | `ctx` | what a native works with |
//! | `order` | equality and order of words by type |
//! | `resolve` | from an import to its native |
//! | `view` | a list as the list functions see it |
//! | `text`, `regexp`, `convert`, `date`, `number`, `list`, `inline`, `operator`, `hash` | the entries |

pub mod convert;
pub mod ctx;
mod date;
pub mod hash;
mod inline;
mod list;
mod number;
mod operator;
pub mod order;
mod regexp;
pub mod resolve;
mod text;
pub mod types;
mod view;

pub use ctx::{Ctx, Tools};
pub use hash::bucket;
pub use resolve::Resolved;
pub use types::{CallSite, Category, Function, Imp, Intrinsic, Native, Param, Ty, Uses};

use journey_artifact::model::{Artifact, Import};

/// The parts of the table, in the order of the reference page.
const TABLES: &[&[Function]] = &[
    text::TABLE,
    regexp::TABLE,
    convert::TABLE,
    date::TABLE,
    number::TABLE,
    list::TABLE,
    inline::TABLE,
    hash::TABLE,
    operator::TABLE,
];

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
