//! The compiled artifact: what the compiler writes and every runtime reads.
//!
//! Comes in: an [`Artifact`] value (from the compiler) or bytes (from anywhere, hostile until proven otherwise).
//! Goes out: bytes that are identical for identical programs, or a [`Verified`] artifact whose every index, jump and
//! register type has been checked. Never true here: knowledge of the language's syntax, evaluation, input or output.
//!
//! | module | is |
//! |---|---|
//! | [`word`] | the types of 64-bit words, rows and references: how values are laid out |
//! | [`code`] | the instruction set |
//! | [`model`] | the tables: strings, shapes, field plans, chunks, events, calls |
//! | [`graph`] | the tables: journeys and their step graphs |

pub mod code;
pub mod graph;
pub mod model;
pub mod word;
