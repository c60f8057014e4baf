//! The ways into an evaluation.
//!
//! Comes in: an environment, a chunk, a frame, fuel. Goes out: the value in the form asked for. Whether the interpreter or
//! compiled code gives it is told only by the time it takes. Never true here: a meaning of an instruction.

use super::decide::decide;
use super::frame::{Env, Frame};
use super::fuse::Fused;
use super::run::run;
use super::sight::Sight;
use super::surroundings::Surroundings;
use super::tier::{Compiled, Entry, Full, Leaf};
use super::view::View;
use super::work::Work;
use crate::fault::{Fault, Fuel};
use crate::record::{Kept, Record};
use crate::value::{self, Value};
use journey_artifact::code::{R_INPUT, R_PROFILE, R_VARS};
use journey_artifact::model::{ChunkId, Shape, SlotIx};
use journey_artifact::word::{Region, WordType};
use std::sync::OnceLock;

/// An environment made ready for many evaluations: compiled code needs no more preparation for each of them.
#[derive(Clone, Copy)]
pub struct Ready<'a> {
    view: View<'a>,
    leaves: &'a [OnceLock<Leaf>],
    env: Env<'a>,
}

impl<'a> Env<'a> {
    /// Makes it ready.
    #[inline]
    pub fn ready(&self) -> Ready<'a> {
        let view = View::new(
            self.records(),
            self.now_ms,
            self.zone,
            self.loaded.patterns(),
            self.loaded.tables().sets(),
        );
        Ready {
            leaves: self.loaded.tiers().leaves(&view),
            view,
            env: *self,
        }
    }

    #[inline]
    fn records(&self) -> [&'a Record; 4] {
        [self.loaded.constants(), self.profile, self.vars, self.input]
    }

    #[inline]
    fn sight(&self) -> Sight<'a> {
        Sight::new(self.records())
    }
}

impl<'a> Ready<'a> {
    /// What it was made of.
    pub fn env(&self) -> &Env<'a> {
        &self.env
    }

    /// Evaluates a chunk. A reference in the result is good until the frame's next evaluation.
    #[inline]
    pub fn eval(
        &self,
        chunk: ChunkId,
        frame: &mut Frame,
        fuel: &mut Fuel,
    ) -> Result<Option<u64>, Fault> {
        let left = fuel.left();
        if let Some(leaf) = self.leaf(chunk)
            && let Some(outcome) = leaf(&self.view, left).ended(fuel)
        {
            return Ok(outcome.value());
        }
        self.otherwise(chunk, frame, fuel)
    }

    /// Whether a Bool chunk is true: what a decision wants to know. Not by [`Ready::eval`], whose answer would go through memory.
    #[inline]
    pub fn holds(&self, chunk: ChunkId, frame: &mut Frame, fuel: &mut Fuel) -> Result<bool, Fault> {
        let left = fuel.left();
        if let Some(leaf) = self.leaf(chunk)
            && let Some(holds) = leaf(&self.view, left).truth(fuel)
        {
            return Ok(holds);
        }
        self.holds_otherwise(chunk, frame, fuel)
    }

    /// Code that needs nothing but rows, if the chunk has such code: the shortest way through an evaluation. All that is rare is
    /// elsewhere, so that nothing is kept for it on this way.
    #[inline(always)]
    fn leaf(&self, chunk: ChunkId) -> Option<&Leaf> {
        self.leaves.get(chunk.0 as usize)?.get()
    }

    /// Evaluates a chunk that has no answer at once.
    #[cold]
    #[inline(never)]
    fn otherwise(
        &self,
        chunk: ChunkId,
        frame: &mut Frame,
        fuel: &mut Fuel,
    ) -> Result<Option<u64>, Fault> {
        match self.env.loaded.tiers().compiled(chunk) {
            None => counted(&self.env, self.view.sight(), chunk, frame, fuel),
            Some(compiled) => by_code(self, compiled, chunk, frame, fuel),
        }
    }

    /// Whether a chunk is true that has no answer at once.
    #[cold]
    #[inline(never)]
    fn holds_otherwise(
        &self,
        chunk: ChunkId,
        frame: &mut Frame,
        fuel: &mut Fuel,
    ) -> Result<bool, Fault> {
        let word = match self.env.loaded.tiers().compiled(chunk) {
            None => {
                let sight = self.view.sight();
                self.env.loaded.tiers().count(chunk);
                let fused = self.env.loaded.fused(chunk)?;
                if let Some(answer) = decided(&self.env, fused, sight, fuel) {
                    return Ok(answer == 1);
                }
                interpreted::<false>(&self.env, sight, fused, frame, fuel, &mut false)
            }
            Some(compiled) => by_code(self, compiled, chunk, frame, fuel),
        };
        Ok(word? == Some(1))
    }
}

/// Evaluates a chunk. A reference in the result is good until the frame's next evaluation.
#[inline]
pub fn eval(
    env: &Env<'_>,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<u64>, Fault> {
    match env.loaded.tiers().is_compiled(chunk) {
        true => env.ready().eval(chunk, frame, fuel),
        false => counted(env, &env.sight(), chunk, frame, fuel),
    }
}

/// Evaluates a chunk by the interpreter, whatever else there is.
pub fn interpret(
    env: &Env<'_>,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<u64>, Fault> {
    let fused = env.loaded.fused(chunk)?;
    interpreted::<false>(env, &env.sight(), fused, frame, fuel, &mut false)
}

/// Evaluates a Bool chunk for somebody who wants to know why: `None` when it is no because something was missing.
pub fn explained(
    env: &Env<'_>,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<bool>, Fault> {
    let mut by_missing = false;
    let fused = env.loaded.fused(chunk)?;
    let word = interpreted::<true>(env, &env.sight(), fused, frame, fuel, &mut by_missing)?;
    let holds = word.map(|word| word == 1);
    Ok(holds.filter(|holds| *holds || !by_missing))
}

/// Evaluates a chunk by the interpreter, which counts.
#[inline]
fn counted<'a>(
    env: &Env<'a>,
    sight: &Sight<'a>,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<u64>, Fault> {
    env.loaded.tiers().count(chunk);
    let fused = env.loaded.fused(chunk)?;
    match decided(env, fused, sight, fuel) {
        Some(answer) => Ok(Some(answer)),
        None => interpreted::<false>(env, sight, fused, frame, fuel, &mut false),
    }
}

/// The answer of a chunk that is nothing but clauses; else nothing has happened.
#[inline(always)]
fn decided(env: &Env<'_>, fused: &Fused, sight: &Sight<'_>, fuel: &mut Fuel) -> Option<u64> {
    if !fused.is_clauses {
        return None;
    }
    let mut left = *fuel;
    left.take(fused.plain.len() as u64).ok()?;
    let answer = decide(&fused.code, sight, env.loaded.tables().sets())?;
    *fuel = left;
    Some(answer)
}

#[inline(never)]
fn interpreted<'a, const NOTE: bool>(
    env: &Env<'a>,
    sight: &Sight<'a>,
    fused: &Fused,
    frame: &mut Frame,
    fuel: &mut Fuel,
    by_missing: &mut bool,
) -> Result<Option<u64>, Fault> {
    fuel.take(fused.plain.len() as u64)?;
    let around = begin(env, sight, fused, frame, fuel, fused.names_roots);
    run::<NOTE>(around, by_missing)
}

/// Evaluates a compiled chunk that has no answer at once.
#[inline(never)]
fn by_code(
    ready: &Ready<'_>,
    compiled: &Compiled,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<u64>, Fault> {
    if ready.view.reaches(compiled.needs) {
        match compiled.entry {
            // It was run already, and said that the interpreter is to do it.
            Entry::Leaf(_) if ready.leaf(chunk).is_some() => {}
            Entry::Leaf(leaf) => {
                let outcome = leaf(&ready.view, fuel.left()).ended(fuel);
                if let Some(outcome) = outcome {
                    return Ok(outcome.value());
                }
            }
            Entry::Full(full, cost) => {
                if let Some(result) = run_full(ready, full, cost, chunk, frame, fuel) {
                    return result;
                }
            }
        }
    }
    interpret(&ready.env, chunk, frame, fuel)
}

/// Runs code that works with the machine; `None`: the interpreter is to do it, and nothing has happened.
#[inline]
fn run_full(
    ready: &Ready<'_>,
    full: Full,
    cost: u64,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Option<Result<Option<u64>, Fault>> {
    let before = *fuel;
    let mut left = before;
    left.take(cost).ok()?;
    let fused = ready.env.loaded.fused(chunk).ok()?;
    let mut around = begin(&ready.env, ready.view.sight(), fused, frame, fuel, true);
    let (regs, mut ctx) = around.parts();
    let mut work = Work::new(left, regs, &mut ctx, ready.env.loaded.tables());
    let answer = full(&ready.view, &mut work);
    let (left, result) = (work.left(), answer.result());
    *fuel = if result.is_some() { left } else { before };
    result
}

/// The frame made ready for an evaluation. Without `names_roots` the registers of the root rows are left as they are: nobody reads
/// them.
#[inline(always)]
fn begin<'r, 'a>(
    env: &'r Env<'a>,
    sight: &'r Sight<'a>,
    chunk: &'r Fused,
    frame: &'r mut Frame,
    fuel: &'r mut Fuel,
    names_roots: bool,
) -> Surroundings<'r, 'a> {
    let Frame {
        regs,
        scratch,
        tools,
    } = frame;
    scratch.reset();
    tools.begin();
    if names_roots {
        regs[usize::from(R_PROFILE)] = env.profile.row_word(Region::Profile);
        regs[usize::from(R_VARS)] = env.vars.row_word(Region::Vars);
        regs[usize::from(R_INPUT)] = env.input.row_word(Region::Input);
    }
    Surroundings {
        chunk,
        env,
        sight,
        regs,
        scratch,
        tools,
        fuel,
    }
}

/// Evaluates a Bool chunk; `None` is unknown.
#[inline]
pub fn eval_bool(
    env: &Env<'_>,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<bool>, Fault> {
    Ok(eval(env, chunk, frame, fuel)?.map(|word| word == 1))
}

/// Evaluates a Str chunk; the text is good until the frame's next evaluation.
pub fn eval_str<'a>(
    env: &Env<'a>,
    chunk: ChunkId,
    frame: &'a mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<&'a str>, Fault> {
    match eval(env, chunk, frame, fuel)? {
        Some(word) => frame.regions(env).str(word).map(Some),
        None => Ok(None),
    }
}

/// Evaluates a chunk and takes the value out, with everything it refers to.
pub fn eval_kept(
    env: &Env<'_>,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<Kept>, Fault> {
    let Some(word) = eval(env, chunk, frame, fuel)? else {
        return Ok(None);
    };
    let ty = result_type(env, chunk)?;
    let mut record = Record::default();
    let word = frame.store(env, word, ty, &mut record, Region::Scratch)?;
    Ok(Some(Kept { record, word, ty }))
}

/// Evaluates a chunk and puts the value, with everything it refers to, into a slot of the root row of a record that is a region of
/// no evaluation yet; without a value the slot is cleared. Whether it has one.
pub fn eval_to(
    env: &Env<'_>,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
    (record, region, shape, slot): (&mut Record, Region, &Shape, SlotIx),
) -> Result<bool, Fault> {
    let Some(word) = eval(env, chunk, frame, fuel)? else {
        record.clear(shape, slot);
        return Ok(false);
    };
    let ty = result_type(env, chunk)?;
    let target = shape.slots.get(usize::from(slot));
    if !ty.fits(target.ok_or(Fault::Corrupt("slot"))?.ty) {
        return Err(Fault::Corrupt("assignment of unlike types"));
    }
    let word = frame.store(env, word, ty, record, region)?;
    record.set(shape, slot, word);
    Ok(true)
}

/// Evaluates a chunk to a value that knows its type, for traces and payloads.
pub fn eval_value(
    env: &Env<'_>,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Value, Fault> {
    match eval(env, chunk, frame, fuel)? {
        Some(word) => value::from_word(
            env.loaded.artifact(),
            &frame.regions(env),
            word,
            result_type(env, chunk)?,
        ),
        None => Ok(Value::Missing),
    }
}

fn result_type(env: &Env<'_>, chunk: ChunkId) -> Result<WordType, Fault> {
    Ok(env
        .loaded
        .chunk(chunk)
        .ok_or(Fault::Corrupt("chunk"))?
        .result)
}
