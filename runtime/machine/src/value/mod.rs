//! Values as people and JSON see them: for traces, request bodies, test expectations and the oracle.
//!
//! Comes in: words of known types, or values. Goes out: the other, or JSON text. Never true here: use on the hot path; the
//! machine computes on words.
//!
//! | module | is |
//! |---|---|
//! | [`model`] | [`Value`] |
//! | [`convert`] | words to values and back |
//! | [`json`] | values to JSON text |

pub mod convert;
pub mod json;
pub mod model;

pub use convert::{from_row, from_word, to_word, with_presence};
pub use json::{to_json, write_json};
pub use model::Value;
