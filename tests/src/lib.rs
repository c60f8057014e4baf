//! What crosses rooms: command-line snapshots, conformance, fuzzing, end to end.

pub mod generate;
pub mod packages;
