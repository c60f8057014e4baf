//! The virtual-time host: people, time and calls for the machine, without a clock, a network or a disk.
//!
//! Comes in: a deployment of verified artifacts, events, profiles, stubbed answers. Goes out: what happened to whom, as values.
//! Never true here: a second meaning of a journey (the machine decides everything), a wait in real time, a draw (a stub is
//! chosen by the hash of the call it answers), output.
//!
//! | module | is |
//! |---|---|
//! | [`engine`] | virtual time; people advanced one at a time |
//! | [`watch`] | whoever learns what happens |
//! | [`answers`] | what a call is answered, and the stub file |
//! | [`data`] | JSON that somebody wrote beside a package |
//! | [`calls`] | calls that wait for their limit or their answer |
//! | [`cache`] | `cache D`: answers that may be used again |
//! | [`gate`] | `limit N per D`, honoured in virtual time |
//! | [`queue`] | what is due when, the earliest first |
//! | [`people`] | everybody who is known |
//! | [`identities`] | who is who: identities to numbers |
//! | [`patch`] | a value set inside JSON text |
//! | [`feed`] | NDJSON: lines to events, bounded |
//! | [`profile`] | one person's profile: its text, what is read of it, what was set since |
//! | [`profiles`] | profiles from a file, found by identity |
//! | [`ahead`] | events that are read before they are delivered |
//! | [`run`] | replays events through a deployment |
//! | [`tally`] | counts while a replay runs |
//! | [`report`] | what a replay says happened |
//! | [`story`] | one person's moves as text |
//! | [`receive`] | events that a test asks for by name |
//! | [`mod@test`] | runs the tests of a package |
//! | [`log`] | everything that happened in a test, by person |
//! | [`expect`] | what a test expects, held against what happened |

pub mod ahead;
pub mod answers;
pub mod cache;
pub mod calls;
pub mod data;
pub mod engine;
pub mod expect;
pub mod feed;
pub mod gate;
pub mod identities;
pub mod log;
pub mod patch;
pub mod people;
pub mod profile;
pub mod profiles;
pub mod queue;
pub mod receive;
pub mod report;
pub mod run;
pub mod story;
pub mod tally;
pub mod test;
pub mod watch;
