//! Constants, sets of them, and tests of one slot against constants.
//!
//! Plain data. Never true here: an expression; what a test means beyond its words is the condition's, which it follows from.

use crate::ids::{SlotIx, StrId};
use crate::word::WordType;
use serde::{Deserialize, Serialize};

/// A constant word.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub enum Constant {
    /// A word of a type that is not a reference.
    Word(WordType, u64),
    /// Text.
    Text(StrId),
}

/// Constants of one type that a value is looked for among: it is in the set if `==` says so of one of them. None is there twice.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Set {
    /// Words of a type that is not a reference, each as [`plain`](crate::word::plain) gives it, rising as numbers without sign.
    Words(WordType, Vec<u64>),
    /// Texts, by rising number.
    Texts(Vec<StrId>),
}

impl Set {
    /// What is looked for.
    pub fn ty(&self) -> WordType {
        match self {
            Set::Words(ty, _) => *ty,
            Set::Texts(_) => WordType::Str,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Set::Words(_, words) => words.len(),
            Set::Texts(texts) => texts.len(),
        }
    }

    /// Whether there are none; of a verified artifact no set is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Something that must be true of one slot of the event's root row, with constants alone on the other side: what an index can
/// look up. A missing slot fails it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Discriminator {
    /// Slot of the event's row.
    pub slot: SlotIx,
    /// What its value must be. Constants are of the slot's type.
    pub test: Test,
}

/// A test of one value against constants.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Test {
    /// It equals one of these, as the machine compares values of the type.
    OneOf(Vec<Constant>),
    /// It lies between bounds, of which at least one is there: a number, or a point or length of time.
    Range {
        /// The least value.
        min: Option<Bound>,
        /// The greatest value.
        max: Option<Bound>,
    },
    /// It is a string that begins with this text.
    Prefix(StrId),
}

/// One end of a range.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Bound {
    /// Where it ends.
    pub value: Constant,
    /// Whether this very value is still inside.
    pub inclusive: bool,
}
