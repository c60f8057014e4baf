//! JSON text validated and indexed in one pass over blocks of 64 bytes, then read by moving through the index.
//!
//! Comes in: bytes from anywhere. Goes out: a [`Document`] in which one moves in constant steps, or the first mistake and
//! its byte. Never true here: a tree of values, a guess about the text, an allocation once an [`Index`] is warm.
//!
//! ```
//! let mut index = journey_json::Index::new();
//! let document = index.read(br#"{"a": [1, {}], "b": "x\ty"}"#, 64)?;
//! let mut members = document.inside(document.root());
//! while let Some((key, value)) = document.next_member(&mut members) {
//!     if document.raw(key) == "b" {
//!         let mut text = String::new();
//!         document.unescape(document.string(value), &mut text).unwrap();
//!         assert_eq!(text, "x\ty");
//!     }
//! }
//! # Ok::<(), journey_json::Error>(())
//! ```
//!
//! | module | is |
//! |---|---|
//! | [`index`] | [`Index`]: bytes to a document |
//! | [`document`] | [`Document`]: moving through it |
//! | [`error`] | [`Error`]: what is wrong, and at which byte |
//! | `scan` | the pass: the grammar by masks |
//! | `shapes` | structures that came before, which need not pass the grammar again |
//! | `classes`, `simd` | classes of bytes as masks, and how processors find them; all `unsafe` code |
//! | `utf8`, `escape`, `scalar` | what the pass looks at byte by byte: letters beyond ASCII, escapes, literals and numbers |
//! | `locate` | the first mistake, byte by byte |

mod classes;
pub mod document;
pub mod error;
mod escape;
pub mod index;
mod locate;
mod scalar;
mod scan;
mod shapes;
mod simd;
mod utf8;

pub use document::{Document, Kind, Rest, Text, Value, seed};
pub use error::Error;
pub use index::Index;
pub use simd::{Level, fetch};
