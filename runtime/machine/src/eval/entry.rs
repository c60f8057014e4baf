//! The ways into an evaluation.
//!
//! Comes in: an environment, a chunk, a frame, fuel. Goes out: the value in the form asked for. Whether the interpreter or
//! compiled code gives it is told only by the time it takes. Never true here: a meaning of an instruction.

use super::frame::{Env, Frame};
use super::run::run;
use super::step::Registers;
use super::tier::{Answer, Compiled, Entry, Full};
use super::view::View;
use super::work::Work;
use crate::fault::{Fault, Fuel};
use crate::func::Ctx;
use crate::record::{Kept, Record};
use crate::value::{self, Value};
use journey_artifact::code::{R_INPUT, R_PROFILE, R_VARS};
use journey_artifact::model::ChunkId;
use journey_artifact::word::{Region, WordType};

/// An environment made ready for many evaluations: compiled code needs no more preparation for each of them.
#[derive(Clone, Copy)]
pub struct Ready<'a> {
    env: Env<'a>,
    view: View<'a>,
}

impl<'a> Env<'a> {
    /// Makes it ready.
    #[inline]
    pub fn ready(&self) -> Ready<'a> {
        Ready {
            env: *self,
            view: View::new([self.loaded.constants(), self.profile, self.vars, self.input]),
        }
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
        match self.env.loaded.tiers().compiled(chunk) {
            Some(compiled) => compiled_eval(self, compiled, chunk, frame, fuel),
            None => {
                self.env.loaded.tiers().count(chunk);
                interpret(&self.env, chunk, frame, fuel)
            }
        }
    }

    /// Evaluates a Bool chunk; `None` is unknown.
    #[inline]
    pub fn eval_bool(
        &self,
        chunk: ChunkId,
        frame: &mut Frame,
        fuel: &mut Fuel,
    ) -> Result<Option<bool>, Fault> {
        Ok(self.eval(chunk, frame, fuel)?.map(|word| word == 1))
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
    match env.loaded.tiers().compiled(chunk) {
        Some(compiled) => compiled_eval(&env.ready(), compiled, chunk, frame, fuel),
        None => {
            env.loaded.tiers().count(chunk);
            interpret(env, chunk, frame, fuel)
        }
    }
}

/// Evaluates a chunk by the interpreter, whatever else there is.
pub fn interpret(
    env: &Env<'_>,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<u64>, Fault> {
    let fused = env.loaded.fused(chunk);
    let fused = fused.ok_or(Fault::Corrupt("chunk"))?;
    fuel.take(fused.plain.len() as u64)?;
    let (regs, mut ctx) = begin(env, frame, fuel);
    run(env.loaded.tables(), fused, regs, &mut ctx)
}

#[inline]
fn compiled_eval(
    ready: &Ready<'_>,
    compiled: &Compiled,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<u64>, Fault> {
    let before = *fuel;
    fuel.take(compiled.cost)?;
    let answer = match compiled.entry {
        Entry::Leaf(leaf) => leaf(&ready.view, fuel),
        Entry::Full(full) => full_answer(ready, full, frame, fuel),
    };
    match answer.result() {
        Some(result) => result,
        None => {
            *fuel = before;
            interpret(&ready.env, chunk, frame, fuel)
        }
    }
}

fn full_answer(ready: &Ready<'_>, full: Full, frame: &mut Frame, fuel: &mut Fuel) -> Answer {
    let left = *fuel;
    let (regs, mut ctx) = begin(&ready.env, frame, fuel);
    let mut work = Work::new(left, regs, &mut ctx, ready.env.loaded.tables());
    let answer = full(&ready.view, &mut work);
    let left = work.left();
    *fuel = left;
    answer
}

/// The frame emptied for an evaluation.
#[inline]
fn begin<'f>(
    env: &Env<'f>,
    frame: &'f mut Frame,
    fuel: &'f mut Fuel,
) -> (&'f mut Registers, Ctx<'f>) {
    let Frame {
        regs,
        scratch,
        tools,
    } = frame;
    scratch.reset();
    regs[usize::from(R_PROFILE)] = env.profile.row_word(Region::Profile);
    regs[usize::from(R_VARS)] = env.vars.row_word(Region::Vars);
    regs[usize::from(R_INPUT)] = env.input.row_word(Region::Input);
    let ctx = Ctx {
        shapes: &env.loaded.artifact().shapes,
        fixed: [env.loaded.constants(), env.profile, env.vars, env.input],
        scratch,
        tools,
        fuel,
        now_ms: env.now_ms,
        zone: env.zone,
    };
    (regs, ctx)
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
