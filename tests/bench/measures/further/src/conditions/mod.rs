//! The further conditions: each as text, and as a careful programmer writes it in Rust over typed structs.
//!
//! Comes in: nothing. Goes out: [`all`], in pages by what they are about. Never true here: a hand-written form that means something else than
//! its text where a value is missing or a letter is none of ASCII; a fact that only the measured documents have, used by hand.
//!
//! | module | is |
//! |---|---|
//! | [`lists`] | any, all, count, find, first and last over lists |
//! | [`sums`] | sums, means, the least and the greatest of lists |
//! | [`made`] | lists that are filtered, mapped, put in order, and asked then |
//! | [`sets`] | membership: in constants, in other lists, sections, differences |
//! | [`texts`] | texts: parts, case, patterns, splitting |
//! | [`numbers`] | arithmetic, rounding, coordinates |
//! | [`time`] | instants, dates and ages |
//! | [`maps`] | maps: by key, their keys, their values |
//! | [`logic`] | choices, many clauses, what is missing |

pub mod lists;
pub mod logic;
pub mod made;
pub mod maps;
pub mod numbers;
pub mod sets;
pub mod sums;
pub mod texts;
pub mod time;

use crate::documents::{Event, Profile};

/// A condition by hand: the event, the profile, and now in milliseconds, which nobody knows when it is compiled.
pub type ByHand = fn(&Event, &Profile, i64) -> bool;

/// One condition.
#[derive(Clone, Copy)]
pub struct Condition {
    /// A short name, which begins with a letter and two digits.
    pub id: &'static str,
    /// As text.
    pub journey: &'static str,
    /// In Rust. It is called by this pointer, so it is not optimised into the loop that times it.
    pub by_hand: ByHand,
}

/// All of them, page by page.
pub fn all() -> impl Iterator<Item = &'static Condition> {
    let pages = [
        lists::PAGE,
        sums::PAGE,
        made::PAGE,
        sets::PAGE,
        texts::PAGE,
        numbers::PAGE,
        time::PAGE,
        maps::PAGE,
        logic::PAGE,
    ];
    pages.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_is_there_once() {
        let ids: BTreeSet<&str> = all().map(|condition| &condition.id[..3]).collect();
        assert_eq!((ids.len(), all().count()), (109, 109));
    }
}
