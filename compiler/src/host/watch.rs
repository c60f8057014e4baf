//! Learning what happens while an engine runs.
//!
//! Comes in: effects, attempts of calls, answers, as they happen. Goes out: nothing. Never true here: a change of what happens.

use super::answers::Answer;
use super::people::Who;
use journey_machine::deployment::{Deployment, Scanned};
use journey_machine::effects::{CallRequest, Effects};
use journey_machine::ids::Instant;
use journey_machine::person::Person;
use journey_machine::read::Rejection;

/// Learns what happens, as it happens.
pub trait Watch {
    /// An event arrives at one person; the effects that follow are what came of it. Only when decisions are traced.
    fn hears(
        &mut self,
        _deployment: &Deployment,
        _person: &Person,
        _event: &Scanned,
        _at: Instant,
    ) {
    }
    /// One `advance` of one person is done.
    fn effects(&mut self, deployment: &Deployment, who: Who, person: &Person, effects: &Effects);
    /// An attempt of a call goes out and will be answered so. Until the answer arrives it has a number that no other has.
    fn called(&mut self, who: Who, request: &CallRequest, answer: &Answer, attempt: Attempt);
    /// The attempt of this number, which its limit held back, goes out.
    fn goes_out(&mut self, _number: u32, _at: Instant) {}
    /// The answer to the attempt of this number arrives; the effects that follow are what came of it. An answer that was
    /// taken from what is kept arrives without a call.
    fn arrives(&mut self, _number: u32, _answer: &Answer, _at: Instant) {}
    /// The attempt of this number will not go out: who asked for it has left before its limit let it.
    fn withdrawn(&mut self, _number: u32, _at: Instant) {}
    /// A step set something in somebody's profile after which that could not be read any more: it stays as it was.
    fn not_set(&mut self, _person: &Person, _why: &Rejection, _at: Instant) {}
}

/// An attempt of a call: its number, when it is asked for, when it goes out, and when its answer arrives. One that a limit holds back
/// goes out sooner when others leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attempt {
    /// Its number while it is under way.
    pub number: u32,
    /// When it is asked for.
    pub asked: Instant,
    /// When it goes out: a limit may hold it back until then.
    pub start: Instant,
    /// When its answer arrives.
    pub end: Instant,
}
