//! The programs in force, and what events and profiles mean to them.
//!
//! Comes in: verified artifacts; then the bytes of events and profiles. Goes out: programs by hash, names for reports, the
//! declared events that a document is and whom they are about. Never true here: a person's state.
//!
//! | module | is |
//! |---|---|
//! | [`programs`] | [`Deployment`]: the set of programs, and its names |
//! | [`routes`] | which declared events a document may be: discriminators looked up, not tried one by one |
//! | [`envelope`] | the bare entity inside the platform's streaming envelope |
//! | [`scan`] | an event's bytes to [`Scanned`] |
//! | [`profile`] | a profile's bytes to [`ProfileRecord`] |

pub mod envelope;
pub mod profile;
pub mod programs;
pub mod routes;
pub mod scan;

pub use crate::eval::LoadError;
pub use profile::ProfileRecord;
pub use programs::{Deployment, Program};
pub use scan::{Match, Scanned, Unaddressed};
