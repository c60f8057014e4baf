//! The one table of functions: what the compiler types calls from, hover and the reference page read, and the machine calls.
//!
//! Comes in: a name, or an artifact's import. Goes out: entries, or the native to call. All natives are strict: they are
//! called only when every argument is present. Never true here: a second place where a function is described.
//!
//! | module | is |
//! |---|---|
//! | `types` | what an entry says |
//! | `ctx`, [`look`] | what a native works with; what one works with that makes nothing |
//! | `pattern`, `letter`, `patterns`, `recent` | regular expressions: one; one that is a letter; where an evaluation has them from; what was used of late |
//! | [`eights`] | texts eight bytes at a time |
//! | `order` | equality and order of words by type |
//! | `resolve` | from an import to its native |
//! | `clock`, `window` | functions of instants, wall clocks and dates alone; time from now that is told without the calendar |
//! | `view`, `items`, `rank` | a list as the list functions see it; elements beside it; elements in order |
//! | [`made`] | lists that single instructions make |
//! | `text`, `regexp`, `convert`, `date`, `number`, `list`, `inline`, `operator`, `hash` | the entries |

pub mod clock;
pub mod convert;
pub mod ctx;
mod date;
pub mod eights;
pub mod hash;
mod inline;
mod items;
mod letter;
mod list;
pub mod look;
pub mod made;
mod number;
mod operator;
pub mod order;
pub mod pattern;
pub mod patterns;
mod rank;
mod recent;
mod regexp;
pub mod resolve;
mod text;
pub mod types;
mod view;
pub mod window;

pub use clock::{Clock, Here};
pub use ctx::{Ctx, Tools};
pub use date::UNITS;
pub use hash::bucket;
pub use look::Look;
pub use pattern::Pattern;
pub use patterns::Patterns;
pub use regexp::{PART, REPLACED, takes_pattern};
pub use resolve::Resolved;
pub(crate) use text::NO_SEGMENT;
pub use text::{SAME, SAME_LOWER, SAME_UPPER, SEGMENT};
pub use types::{
    CallSite, Called, Category, Function, Imp, Intrinsic, Native, Param, Plain, Short, Ty, Uses,
};

use journey_artifact::model::{Artifact, Import};
use std::sync::LazyLock;

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

/// The entries, to be found by name.
struct ByName {
    /// By name; those of one name in the order in which they are to be tried.
    sorted: Vec<&'static Function>,
    /// The first and the one behind the last of a name, at the first free place behind the name's hash.
    places: Vec<Option<(u16, u16)>>,
}

/// Places of [`ByName`]: a power of two, more than twice the names.
const PLACES: usize = 1024;

static BY_NAME: LazyLock<ByName> = LazyLock::new(|| {
    let mut sorted: Vec<_> = all().collect();
    sorted.sort_by_key(|function| function.name);
    let mut places = vec![None; PLACES];
    let mut from = 0;
    for same in sorted.chunk_by(|a, b| a.name == b.name) {
        let mut at = place(same[0].name);
        while places[at].is_some() {
            at = (at + 1) % PLACES;
        }
        places[at] = Some((from as u16, (from + same.len()) as u16));
        from += same.len();
    }
    ByName { sorted, places }
});

/// Where a name is looked for first: by its length and its outermost letters.
fn place(name: &str) -> usize {
    let letter = |at: usize| name.as_bytes().get(at).map_or(0, |b| usize::from(*b));
    let (first, last) = (letter(0), letter(name.len().wrapping_sub(1)));
    let (third, middle) = (letter(2), letter(name.len() / 2));
    (name.len() * 131 + first * 31 + last * 257 + third * 61 + middle * 17) % PLACES
}

/// The overloads of a name, in the order in which they are to be tried.
pub fn lookup(name: &str) -> impl Iterator<Item = &'static Function> + Clone {
    let mut at = place(name);
    let mut found: &[&Function] = &[];
    while let Some((from, to)) = BY_NAME.places[at] {
        let same = &BY_NAME.sorted[usize::from(from)..usize::from(to)];
        if same[0].name == name {
            found = same;
            break;
        }
        at = (at + 1) % PLACES;
    }
    found.iter().copied()
}

/// Finds the native that serves an import, by name and exact word types.
pub fn resolve_import(artifact: &Artifact, import: &Import) -> Result<Resolved, String> {
    let overloads = lookup(artifact.text(import.name));
    resolve::resolve_in(overloads, artifact, import)
}
