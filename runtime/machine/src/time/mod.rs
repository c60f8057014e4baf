//! Time: text forms, wall clocks, zones and the arithmetic between them.
//!
//! Comes in: instants as milliseconds, zone names, calendar amounts, ISO 8601 text. Goes out: the same kinds of value.
//! Never true here: the current time, a file, an environment variable; the zone rules are the bundled IANA database.
//!
//! | module | is |
//! |---|---|
//! | [`civil`] | wall-clock arithmetic without zones: dates, months, time of day |
//! | [`zone`], `offsets` | [`Zone`]: instants to wall clocks and back, calendar arithmetic across gaps and overlaps; the offsets of our years |
//! | [`parse`], `fixed` | text to values; instants in their usual form |
//! | [`mod@print`] | values to text |

pub mod civil;
mod fixed;
mod offsets;
pub mod parse;
pub mod print;
pub mod zone;

pub use civil::DAY_MS;
pub use zone::Zone;
