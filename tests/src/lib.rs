//! What crosses rooms: command-line snapshots, conformance, fuzzing, end to end. [`packages`] of the repository as values; [`generate`]
//! events for the examples; [`bodies`] that leave.

pub mod bodies;
pub mod generate;
pub mod packages;
