//! Everything the machine owns about one profile: the instances it is in, the marks it left, the events it has seen.
//!
//! Comes in: an identity, or bytes a host kept ([`Person::decode`]). Goes out: the same as bytes, and what is due when.
//! Never true here: a rule of a journey, a value that no parked node needs, a clock.
//!
//! | module | is |
//! |---|---|
//! | [`mod@person`] | [`Person`]: the whole, its marks and its memory of events |
//! | [`instance`] | one stay in one journey |
//! | [`code`] | the versioned encoding |

pub mod code;
pub mod instance;
#[allow(clippy::module_inception)]
pub mod person;

pub use code::DecodeError;
pub(crate) use instance::Known;
pub use instance::{Instance, Phase, State};
pub use person::{Mark, Person, Recent};
