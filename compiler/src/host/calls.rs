//! Calls that wait for something: their limit, their answer.
//!
//! Comes in: requests, turns of limits and the numbers of answers that are due, keys of attempts that nobody waits for any more, whether an
//! answer was taken as a good one. Goes out: when an attempt may go out, which one's turn it is, an answer that is kept of the same request,
//! the answer of a number. Attempts that a limit holds back go out in the order they came: one that is withdrawn leaves no gap.
//! Never true here: two attempts of one number; an attempt that is withdrawn and has gone out; a place of a limit that nobody takes.

use super::answers::Answer;
use super::cache::{Cache, Same};
use super::gate::Gate;
use super::people::Who;
use journey_machine::effects::CallRequest;
use journey_machine::ids::{CallKey, Instant};
use std::collections::{BTreeMap, VecDeque};

/// An answer under way.
pub struct Arriving {
    /// Who waits for it.
    pub who: Who,
    /// The attempt that it answers.
    pub call: CallKey,
    /// What it says.
    pub answer: Answer,
    /// Milliseconds from when the attempt goes out until it arrives.
    pub latency: i64,
    /// Of which request it is kept, and for how many milliseconds.
    pub keep: Option<(Same, u64)>,
}

/// When an attempt goes out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Start {
    /// The instant; those before it may leave, and then it is sooner.
    pub at: Instant,
    /// The number of the limit that it is counted by.
    pub limit: Option<u32>,
}

/// What one limit lets out, and what it holds back.
#[derive(Default)]
struct Line {
    gate: Gate,
    /// Numbers of attempts, the first to go out in front. Those of withdrawn ones stay until they are in front.
    waiting: VecDeque<u32>,
    /// How many of them still wait.
    count: u64,
}

/// Calls under way.
#[derive(Default)]
pub struct Calls {
    /// Answers by number; the numbers of those whose turn has come are given again.
    arriving: Vec<Option<Arriving>>,
    free: Vec<u32>,
    /// Attempts that a limit holds back: their numbers, and that of the limit.
    held: BTreeMap<CallKey, (u32, u32)>,
    lines: Vec<Line>,
    /// Numbers of limits, by the call's name.
    by_name: BTreeMap<String, u32>,
    cache: Cache,
    /// The answer that has just arrived, if one that is good may be kept.
    unjudged: Option<(Same, Answer, u64)>,
}

impl Calls {
    /// What is kept of the same request and may be used again.
    pub fn kept(&self, of: &Same, now: Instant) -> Option<Answer> {
        self.cache.fresh(of, now)
    }

    /// When the call's limit lets it go out; `None`: it is dropped.
    pub fn start(&mut self, request: &CallRequest, now: Instant) -> Option<Start> {
        let Some(limit) = &request.limit else {
            return Some(Start {
                at: now,
                limit: None,
            });
        };
        let number = match self.by_name.get(&request.name) {
            Some(number) => *number,
            None => {
                let number = self.lines.len() as u32;
                self.lines.push(Line::default());
                self.by_name.insert(request.name.clone(), number);
                number
            }
        };
        let at = self.lines[number as usize].gate.pass(limit, now)?;
        Some(Start {
            at,
            limit: Some(number),
        })
    }

    /// The attempt that was to go out then does not.
    pub fn give_back(&mut self, start: Start) {
        if let Some(line) = start.limit.and_then(|at| self.lines.get_mut(at as usize)) {
            line.gate.give_back();
        }
    }

    /// Gives an answer under way its number. The attempt goes out now, or waits for a turn of its limit.
    pub fn enter(&mut self, arriving: Arriving, start: Start, now: Instant) -> u32 {
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
        if let (true, Some(limit)) = (start.at > now, start.limit) {
            let line = &mut self.lines[limit as usize];
            line.waiting.push_back(number);
            line.count += 1;
            self.held.insert(call, (number, limit));
        }
        number
    }

    /// The answer of a number that is under way.
    pub fn answer(&self, number: u32) -> Option<&Answer> {
        let arriving = self.arriving.get(number as usize)?;
        arriving.as_ref().map(|arriving| &arriving.answer)
    }

    /// A limit may let one more out: the number of the attempt that goes out now, and its latency. There is none when so many have
    /// left that those behind them went out before.
    pub fn turn(&mut self, limit: u32, now: Instant) -> Option<(u32, i64)> {
        let line = self.lines.get_mut(limit as usize)?;
        loop {
            let number = *line.waiting.front()?;
            let Some(first) = &self.arriving[number as usize] else {
                line.waiting.pop_front();
                self.free.push(number);
                continue;
            };
            if line.gate.next(line.count)? > now {
                return None;
            }
            line.waiting.pop_front();
            line.count -= 1;
            self.held.remove(&first.call);
            return Some((number, first.latency));
        }
    }

    /// An answer arrives. Whether it may be kept is not known before it is [judged](Calls::judge).
    pub fn arrive(&mut self, number: u32) -> Option<Arriving> {
        let mut arriving = self.arriving.get_mut(number as usize)?.take()?;
        self.free.push(number);
        let keep = arriving.keep.take();
        self.unjudged = keep.map(|(of, ms)| (of, arriving.answer.clone(), ms));
        Some(arriving)
    }

    /// Whether whoever waited for the answer that has just arrived took it as a good one: then it is kept from now on. One that nobody
    /// took, because its instance has left, might be of another type than it must be.
    pub fn judge(&mut self, is_good: bool, now: Instant) {
        if let Some((of, answer, ms)) = self.unjudged.take()
            && is_good
        {
            self.cache.arrived(of, &answer, now, ms);
        }
    }

    /// Takes back an attempt that has not gone out: its number, which stays taken until it would be in front. Those behind it move up.
    pub fn withdraw(&mut self, call: CallKey) -> Option<u32> {
        let (number, limit) = self.held.remove(&call)?;
        let line = &mut self.lines[limit as usize];
        line.count -= 1;
        line.gate.give_back();
        self.arriving[number as usize] = None;
        Some(number)
    }
}
