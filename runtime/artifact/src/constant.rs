//! Constants, and tests of one slot against constants.
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
