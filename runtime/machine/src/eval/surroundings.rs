//! What a run works on, and what the interpreter's loop does out of line.
//!
//! The loop has more registers without what is rare: functions, the clock, texts that are made. Comes in: instructions of the loop. Goes
//! out: what they leave, or where to go on. Never true here: control flow; an operation that is [`super::step`]'s.

use super::clock::COST;
use super::fast::Fast;
use super::frame::Env;
use super::fuse::Fused;
use super::set::Set;
use super::sight::{Sight, slot};
use super::step::{Registers, equal_text, step};
use super::tier::Outcome;
use crate::fault::{Fault, Fuel};
use crate::func::eights::same_bytes;
use crate::func::{Called, Ctx, Here, Look, Tools};
use crate::record::Record;
use journey_artifact::word::{Ref, Region, date_time_word};
use std::cmp::Ordering;

/// No place in a chunk.
pub(super) const NO_ANSWER: usize = usize::MAX;
const NO_INSTRUCTION: Fault = Fault::Corrupt("instruction");

/// What a run works on.
pub(super) struct Surroundings<'r, 'a> {
    /// The chunk. Whatever but its instructions is looked at by this: what the loop itself named would be loaded, and spilled, before the
    /// first instruction.
    pub chunk: &'r Fused,
    /// The environment.
    pub env: &'r Env<'a>,
    /// The same, where it is found at once.
    pub sight: &'r Sight<'a>,
    /// Registers.
    pub regs: &'r mut Registers,
    /// What the evaluation has made.
    pub scratch: &'r mut Record,
    /// Reusable memory.
    pub tools: &'r mut Tools,
    /// Work that may still be done.
    pub fuel: &'r mut Fuel,
}

impl<'a> Surroundings<'_, 'a> {
    /// As natives see it.
    #[inline]
    pub fn parts(&mut self) -> (&mut Registers, Ctx<'_>) {
        let ctx = Ctx {
            shapes: &self.env.loaded.artifact().shapes,
            fixed: self.sight.records(),
            patterns: self.env.loaded.patterns(),
            scratch: self.scratch,
            tools: self.tools,
            fuel: self.fuel,
            now_ms: self.env.now_ms,
            zone: self.env.zone,
        };
        (self.regs, ctx)
    }

    /// Carries out an instruction that is not done in the loop; whether it goes to its target. Out of line, as is the next: the loop
    /// has more registers without them.
    #[inline(never)]
    pub fn step(&mut self, number: u64) -> Result<bool, Fault> {
        let plain = self.chunk.plain.get(number as usize);
        let plain = *plain.ok_or(NO_INSTRUCTION)?;
        let tables = self.env.loaded.tables();
        let (regs, mut ctx) = self.parts();
        step(tables, plain, regs, &mut ctx)
    }

    /// Where and when it is.
    #[inline]
    fn here(&self) -> Here<'a> {
        Here {
            now_ms: self.env.now_ms,
            zone: self.env.zone,
        }
    }

    /// A call that needs words, the instant and the zone alone; nothing has happened where [`Outcome::AGAIN`] is said.
    #[inline(never)]
    pub fn read_clock(&mut self, i: &Fast) -> Outcome {
        let again = Outcome {
            word: 0,
            left: Outcome::AGAIN,
        };
        let mut fuel = *self.fuel;
        let Some((_, reading)) = self.chunk.readings.get(i.text as usize) else {
            return again;
        };
        if fuel.take(COST).is_err() {
            return again;
        }
        let [a, b] = [i.b, i.b.wrapping_add(1)].map(|register| self.regs[usize::from(register)]);
        let outcome = reading.outcome(self.here(), a, b);
        if outcome.left != Outcome::AGAIN {
            *self.fuel = fuel;
        }
        outcome
    }

    /// What is wrong with such a call.
    #[cold]
    #[inline(never)]
    pub fn clock_fault(&mut self, i: &Fast) -> Fault {
        let Some((_, reading)) = self.chunk.readings.get(i.text as usize) else {
            return NO_INSTRUCTION;
        };
        let (here, word) = (self.here(), self.regs[usize::from(i.b)]);
        let paid = self.fuel.take(COST);
        let value = paid.and_then(|()| reading.value(here, word, word));
        value.err().unwrap_or(NO_INSTRUCTION)
    }

    /// The present instant.
    #[inline(never)]
    pub fn now(&mut self, i: &Fast) -> Result<u64, Fault> {
        match date_time_word(self.env.now_ms, 0) {
            Some(now) => self.fuel.take(COST).map(|()| now),
            None => Err(self.clock_fault(i)),
        }
    }

    /// What a shortcut says of a text, if it has an answer.
    #[inline(always)]
    pub fn shortcut(&mut self, i: &Fast) -> Option<u64> {
        let (_, shortcut) = self.chunk.shortcuts.get(i.word as usize)?;
        let (text, sets) = (self.regs[usize::from(i.b)], self.env.loaded.tables().sets());
        shortcut.value(self.sight, sets, text, self.fuel)
    }

    /// Where it goes on by the answer to what is asked of an instant; without one, [`NO_ANSWER`].
    #[inline(never)]
    pub fn asked(&mut self, i: &Fast, word: u64) -> usize {
        let asked = self.chunk.arounds.get(i.word as usize);
        let holds = asked.and_then(|(_, asked)| asked.holds(self.env.now_ms, word, self.fuel));
        match holds {
            Some(holds) if u8::from(holds) == i.want => usize::from(i.to),
            Some(_) => i.text as usize,
            None => NO_ANSWER,
        }
    }

    /// Whether two texts are one, wherever they are.
    #[inline(never)]
    pub fn same_text(&mut self, a: u64, b: u64) -> Result<bool, Fault> {
        if Ref(a).len() != Ref(b).len() {
            return Ok(false);
        }
        match (self.sight.bytes(a), self.sight.bytes(b)) {
            (Some(a), Some(b)) => Ok(same_bytes(a, b)),
            _ => equal_text(&self.parts().1, a, b),
        }
    }

    /// How two texts stand to each other.
    #[inline(never)]
    pub fn order(&mut self, a: u64, b: u64) -> Result<Ordering, Fault> {
        match (self.sight.bytes(a), self.sight.bytes(b)) {
            (Some(a), Some(b)) => Ok(a.cmp(b)),
            _ => {
                let (_, ctx) = self.parts();
                Ok(ctx.str(a)?.cmp(ctx.str(b)?))
            }
        }
    }

    /// What a function that only looks says.
    #[inline(never)]
    pub fn look(&mut self, i: &Fast) -> Result<Option<u64>, Fault> {
        let import = self.env.loaded.tables().import(i.word as u16)?;
        let (from, count) = (usize::from(i.b), usize::from(i.c));
        let args = self.regs.get(from..from + count);
        let args = args.ok_or(Fault::Corrupt("arguments"))?;
        let Called::Looks(looks) = import.called else {
            return Err(Fault::Corrupt("function"));
        };
        self.fuel
            .take(import.price.cost(args, &import.site.params))?;
        let (computed, spare) = self.tools.for_looks();
        let mut look = Look {
            fixed: self.sight.fixed(),
            made: Some(self.scratch),
            patterns: self.env.loaded.patterns(),
            computed: Some(computed),
            fuel: self.fuel,
            spare: Some(spare),
        };
        looks(&mut look, args, &import.site)
    }

    /// Whether a set has a text that is in no record.
    #[inline(never)]
    pub fn made_is_in(&mut self, set: &Set, text: u64) -> Result<bool, Fault> {
        set.has(&self.parts().1, text)
    }
}

/// A slot of a row that the evaluation has made, or of none at all.
#[cold]
#[inline(never)]
pub(super) fn made_slot(scratch: &Record, row: u64, i: &Fast) -> Result<Option<u64>, Fault> {
    if Ref(row).region_bits() != Region::Scratch as u8 {
        return Err(Fault::Corrupt("region"));
    }
    let row = scratch.words.get(Ref(row).offset() as usize..);
    Ok(row.and_then(|row| slot(row, i)))
}
