//! The programs in force, and what events and profiles mean to them.
//!
//! Comes in: verified artifacts; then the bytes of events and profiles. Goes out: programs by hash, names for reports, the
//! declared events that a document is and whom they are about. Never true here: a person's state; work for an event that
//! grows with how many programs are in force, and not with how many it concerns.
//!
//! | module | is |
//! |---|---|
//! | [`programs`] | [`Deployment`]: the set of programs, and its names |
//! | `routes` | which declared events a document may be, over all programs |
//! | `index`, `lookup` | discriminators looked up: equalities, prefixes, ranges |
//! | `shared` | which expressions of which programs are the same |
//! | `plans`, `common` | many plans as few: a document is read once for all programs |
//! | `gather` | a program's record out of the common one |
//! | `doors` | which journeys an event may lead into |
//! | `answers` | how a program reads what its calls are answered |
//! | `zoned` | which expressions look at the journey's zone |
//! | [`envelope`] | the bare entity inside the platform's streaming envelope |
//! | [`scanner`] | an event's bytes to what it is: [`Scanner`], with memory kept between events |
//! | `pass`, `memo` | one document on one route: conditions asked, people found |
//! | [`stamp`] | the instant that an event names |
//! | [`scanned`] | [`Scanned`]: what it is |
//! | `reread` | a document that some programs can read and others not |
//! | [`profile`], `amend` | a profile's bytes to [`ProfileRecord`]; values of which it knows where they go |
//! | `tell` | values that steps set, in a program's record of a profile |

mod amend;
mod answers;
mod common;
mod doors;
pub mod envelope;
mod gather;
mod index;
mod lookup;
mod memo;
mod pass;
mod plans;
pub mod profile;
pub mod programs;
mod reread;
pub(crate) mod routes;
pub mod scanned;
pub mod scanner;
mod shared;
pub mod stamp;
pub(crate) mod tell;
mod zoned;

pub use crate::eval::LoadError;
pub use profile::ProfileRecord;
pub use programs::{Deployment, Program};
pub use scanned::{Match, Scanned, Unaddressed};
pub use scanner::Scanner;
pub use stamp::Stamp;
