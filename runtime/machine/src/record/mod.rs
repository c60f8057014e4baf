//! Records: the owned arena of one region, its root row, and everything that moves values between regions.
//!
//! Comes in: shapes, words, other records. Goes out: slots read and written, deep copies with references re-targeted, and
//! a compact byte form. Never true here: a reference that leaves its arena unchecked; every access is bounds-checked.
//!
//! | module | is |
//! |---|---|
//! | [`arena`] | [`Record`], [`Regions`]: slots, text, rows |
//! | [`copy`] | deep copies of words, slots and whole records |
//! | [`compact`] | the byte form of chosen slots |
//! | [`varint`] | variable-length integers of that form |

pub mod arena;
pub mod compact;
pub mod copy;
pub mod varint;

pub use arena::{Kept, MAX_TEXT, MAX_WORDS, Record, Regions};
pub use compact::{DecodeError, decode_into, decode_slots, encode_all, encode_slots};
pub use copy::{compacted, copy_slot, copy_word, put};
