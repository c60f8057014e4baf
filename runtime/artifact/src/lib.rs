//! The compiled artifact: what the compiler writes and every runtime reads.
//!
//! Comes in: an [`model::Artifact`] value (from the compiler) or bytes (from anywhere, hostile until proven otherwise).
//! Goes out: bytes that are identical for identical programs, or a [`Verified`] artifact whose every index, jump and
//! register type has been checked. Never true here: knowledge of the language's syntax, evaluation, input or output.
//!
//! | module | is |
//! |---|---|
//! | [`word`] | the types of 64-bit words, rows and references: how values are laid out |
//! | [`code`] | the instruction set |
//! | [`form`] | which fields an instruction uses: what it reads, writes, where it may go |
//! | [`ids`] | indices into the tables |
//! | `constant` | constants, and the tests of one slot against them that an index looks up |
//! | [`model`] | the tables: strings, shapes, field plans, chunks, events, calls |
//! | [`graph`] | the tables: journeys and their step graphs |
//! | [`hash`] | hashes of texts and numbers, for tables that are only asked |
//! | [`limits`] | how large anything may be |
//! | [`path`] | paths of fields as one text |
//! | [`refusal`] | why an artifact is not accepted |
//! | `flat` | the file form of the types that nest |
//! | [`mod@format`] | the file form: [`write`](fn@write) |
//! | `verify` | what must hold before anything is run |
//! | [`verified`] | the gate: [`read`] and [`verify`](fn@verify) give a [`Verified`] artifact |
//! | [`strings`] | a table of texts as one block |
//! | `rows` | [`row_shapes`]: what each instruction works on |
//! | [`disasm`] | an artifact as text for people |

pub mod code;
mod constant;
pub mod disasm;
mod flat;
pub mod form;
pub mod format;
pub mod graph;
pub mod hash;
pub mod ids;
pub mod limits;
pub mod model;
pub mod path;
pub mod refusal;
mod rows;
pub mod strings;
pub mod verified;
mod verify;
pub mod word;

pub use format::{FORMAT_VERSION, Hash, SectionInfo, write};
pub use refusal::{Refusal, RefusalKind, Section};
pub use rows::row_shapes;
pub use verified::{Verified, Verifier, read, verify};
