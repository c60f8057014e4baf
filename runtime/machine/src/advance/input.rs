//! What an `advance` is given.
//!
//! Comes in: nothing; this is plain data. Goes out: the same. Never true here: a rule.

use crate::deployment::{ProfileRecord, Scanned};
use crate::ids::CallKey;

/// One input of a person.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The person's profile as it is now, what earlier effects set in it included; read for the same deployment.
    pub profile: &'a ProfileRecord,
    /// What happened.
    pub cause: Cause<'a>,
    /// Whether step events carry the decisions that led to them, and [`Effects::passed`](crate::effects::Effects::passed) those after which
    /// nobody moved.
    pub trace: bool,
    /// Arms that splits take instead of the hashed one: for tests and dry runs.
    pub choices: &'a [Choice<'a>],
}

/// An arm that a split is told to take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choice<'a> {
    /// Name of the split.
    pub split: &'a str,
    /// Name of the arm; one that the split lacks chooses nothing.
    pub arm: &'a str,
}

impl<'a> Input<'a> {
    /// An input without tracing, every split by its hash.
    pub fn new(profile: &'a ProfileRecord, cause: Cause<'a>) -> Input<'a> {
        Input {
            profile,
            cause,
            trace: false,
            choices: &[],
        }
    }
}

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum Cause<'a> {
    /// An event; matches that are about other people are passed over.
    Event(&'a Scanned),
    /// A timer may be due. At one instant, call it behind the events and the outcomes of calls: it fires what is due now.
    Timer,
    /// A call has an outcome.
    CallResult {
        /// Which attempt.
        call: CallKey,
        /// What came of it.
        outcome: Outcome<'a>,
    },
    /// The profile was changed from outside: conditions that lead out are looked at again. What steps set needs no such input; the
    /// `advance` of the step looks again itself.
    ProfileChanged,
    /// An operator stops an instance, by its number within the person.
    Stop(u32),
    /// The last `advance` said that there is more to do.
    Continue,
}

/// What came of an attempt of a call.
#[derive(Clone, Debug, Copy, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// An answer that the host counts as success.
    Success {
        /// HTTP status.
        status: u16,
        /// The answer.
        body: &'a [u8],
    },
    /// Any other answer.
    Http {
        /// HTTP status.
        status: u16,
        /// The answer.
        body: &'a [u8],
    },
    /// No answer in time.
    Timeout,
    /// Dropped by a limit: nothing was sent.
    Capped,
    /// Nobody to talk to; says why, without personal data.
    Connection(&'a str),
}
