//! Events and profiles for the examples, from a seed.
//!
//! In: a seed. Out: NDJSON texts, the same bytes for the same seed on every machine. Never true here: a clock, the system's randomness, a hash
//! map's order.
//!
//! | file | one idea |
//! |---|---|
//! | `rng` | numbers from a seed |
//! | `clock` | instants as text |
//! | `people` | who people are, and what a profile says |
//! | `gear` | what they use, and where they are |
//! | `stream` | events in time order, some twice, some broken |
//! | `retail` | five weeks in a shop |
//! | [`seasons`] | the shop for as long as somebody wants |
//! | `resort` | six weeks in a resort around December |

mod clock;
mod gear;
mod people;
mod resort;
mod retail;
mod rng;
pub mod seasons;
mod stream;

/// The files of one example, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The package's folder name.
    pub package: &'static str,
    /// `events.ndjson`.
    pub events: String,
    /// `profiles.ndjson`.
    pub profiles: String,
}

/// Everything the examples replay.
#[must_use]
pub fn generate(seed: u64) -> Vec<Generated> {
    vec![retail::generate(seed), resort::generate(seed)]
}
