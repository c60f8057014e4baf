//! Calls that wait for something: their limit, their answer.
//!
//! Comes in: requests, the numbers of answers that are due, keys of attempts that nobody waits for any more. Goes out: when an attempt may go
//! out, an answer that is kept of the same request, the answer of a number. Never true here: two attempts of one number; an attempt that is
//! withdrawn and has gone out.

use super::answers::Answer;
use super::cache::{Cache, Same};
use super::gate::Gate;
use super::people::Who;
use journey_machine::effects::CallRequest;
use journey_machine::ids::{CallKey, Instant};
use std::collections::BTreeMap;

/// An answer under way.
pub struct Arriving {
    /// Who waits for it.
    pub who: Who,
    /// The attempt that it answers.
    pub call: CallKey,
    /// What it says.
    pub answer: Answer,
    /// Of which request it is kept, and for how many milliseconds.
    pub keep: Option<(Same, u64)>,
}

/// Calls under way.
#[derive(Default)]
pub struct Calls {
    /// Answers by number; the numbers of those whose turn has come are given again.
    arriving: Vec<Option<Arriving>>,
    free: Vec<u32>,
    /// Attempts that a limit holds back: number, and when they go out.
    held: BTreeMap<CallKey, (u32, Instant)>,
    gates: BTreeMap<String, Gate>,
    cache: Cache,
}

impl Calls {
    /// What is kept of the same request and may be used again.
    pub fn kept(&self, of: &Same, now: Instant) -> Option<Answer> {
        self.cache.fresh(of, now)
    }

    /// When the call's limit lets it go out; `None`: it is dropped.
    pub fn start(&mut self, request: &CallRequest, now: Instant) -> Option<Instant> {
        let Some(limit) = &request.limit else {
            return Some(now);
        };
        if !self.gates.contains_key(&request.name) {
            self.gates.insert(request.name.clone(), Gate::default());
        }
        let gate = self.gates.get_mut(&request.name);
        gate.and_then(|gate| gate.pass(limit, now))
    }

    /// Gives an answer under way its number. The attempt goes out at `start`.
    pub fn enter(&mut self, arriving: Arriving, start: Instant, now: Instant) -> u32 {
        let call = arriving.call;
        let number = match self.free.pop() {
            Some(number) => {
                self.arriving[number as usize] = Some(arriving);
                number
            }
            None => {
                self.arriving.push(Some(arriving));
                self.arriving.len() as u32 - 1
            }
        };
        if start > now {
            self.held.insert(call, (number, start));
        }
        number
    }

    /// The answer of a number that is under way.
    pub fn answer(&self, number: u32) -> Option<&Answer> {
        let arriving = self.arriving.get(number as usize)?;
        arriving.as_ref().map(|arriving| &arriving.answer)
    }

    /// The turn of an answer has come; `None` when its attempt was withdrawn. What may be kept of it is kept from now on.
    pub fn arrive(&mut self, number: u32, now: Instant) -> Option<Arriving> {
        let arriving = self.arriving.get_mut(number as usize)?.take();
        self.free.push(number);
        let mut arriving = arriving?;
        self.held.remove(&arriving.call);
        if let Some((of, ms)) = arriving.keep.take() {
            self.cache.arrived(of, &arriving.answer, now, ms);
        }
        Some(arriving)
    }

    /// Takes back an attempt that has not gone out: its number, which stays taken until its turn. Its place under the limit is nobody
    /// else's: those behind it were already told when they go out.
    pub fn withdraw(&mut self, call: CallKey, now: Instant) -> Option<u32> {
        let (number, start) = self.held.remove(&call)?;
        if start <= now {
            return None;
        }
        self.arriving.get_mut(number as usize)?.take();
        Some(number)
    }
}
