//! The pure machine that advances one person at a time through verified artifacts.
//!
//! Comes in: verified artifacts, a person, what happened, when. Goes out: the person changed, and effects for a host to do.
//! Never true here: a clock, a draw, a file, a socket, a thread; two hosts that disagree.
//!
//! | module | is |
//! |---|---|
//! | [`advance`] | one person, one input, one step of the machine |
//! | [`deployment`] | the programs in force; events and profiles as they read them |
//! | [`person`] | everything the machine owns about one profile, and its bytes |
//! | [`effects`] | what a host is asked and told |
//! | [`eval`] | the interpreter of one compiled expression |
//! | [`func`] | the one table of functions |
//! | [`record`], [`value`] | data: arenas of words and text; values that know their type |
//! | [`read`] | JSON bytes to a record, by a field plan |
//! | [`time`] | text forms, wall clocks, zones |
//! | [`ids`], [`wire`], [`limits`], [`fault`] | ids that follow from what they name; bytes of state; every bound; what stops an evaluation |

pub mod advance;
pub mod deployment;
pub mod effects;
pub mod eval;
pub mod fault;
pub mod func;
pub mod ids;
pub mod limits;
pub mod person;
pub mod read;
pub mod record;
pub mod time;
pub mod value;
pub mod wire;

pub use journey_json::fetch;
