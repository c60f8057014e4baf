//! One condition in the three forms that are compared.
//!
//! Comes in: conditions. Goes out: [`Trial`]s, and their answers. Never true here: a program that both the interpreter and machine code run.

use crate::conditions::{Condition, all};
use crate::documents::pair::{Both, Pair};
use bench_core::host::NOW_MS;
use bench_ours::condition::{Program, compile};
use bench_ours::documents::{Documents, FUEL, documents, ready};
use journey_jit::Compiler;
use journey_machine::eval::{Frame, Fuel, Ready};
use journey_machine::read::Reader;
use journeyc::condition::Workbench;

/// A condition, compiled.
pub struct Trial {
    /// What it is, also by hand.
    pub condition: &'static Condition,
    /// For the interpreter.
    pub interpreted: Program,
    /// With machine code.
    pub compiled: Program,
}

/// What is reused from one evaluation to the next.
#[derive(Default)]
pub struct Memory {
    /// Reads documents.
    pub reader: Reader,
    /// Holds an evaluation's registers.
    pub frame: Frame,
    read: Documents,
}

/// Compiles the conditions that `PB_ONLY` names by how they begin; all when it is not set.
pub fn trials(pair: &Pair, compiler: &mut Compiler) -> Result<Vec<Trial>, String> {
    let mut workbench = pair.schemas().workbench()?;
    let only = std::env::var("PB_ONLY").ok();
    let wanted = |condition: &&Condition| {
        let named = |only: &String| only.split(',').any(|id| condition.id.starts_with(id));
        only.as_ref().is_none_or(named)
    };
    let trials = all().filter(wanted);
    trials
        .map(|condition| trial(condition, &mut workbench, compiler))
        .collect()
}

fn trial(
    condition: &'static Condition,
    workbench: &mut Workbench<'_>,
    compiler: &mut Compiler,
) -> Result<Trial, String> {
    let said = |why: String| format!("{}: {why}", condition.id);
    let mut program = || compile(workbench, condition.journey).map_err(said);
    let (interpreted, compiled) = (program()?, program()?);
    let made = compiler.compile(&compiled.loaded, &compiled.chunks);
    made.map_err(|why| said(why.to_string()))?;
    Ok(Trial {
        condition,
        interpreted,
        compiled,
    })
}

/// Whether a program's condition holds.
#[inline(never)]
pub fn holds(ready: &Ready<'_>, program: &Program, frame: &mut Frame) -> Result<bool, String> {
    let answer = ready.holds(program.first, frame, &mut Fuel::new(FUEL));
    answer.map_err(|fault| fault.to_string())
}

impl Trial {
    /// What the interpreter and machine code say of two documents.
    pub fn answers(&self, memory: &mut Memory, both: &Both) -> Result<[bool; 2], String> {
        Ok([
            answer(&self.interpreted, memory, both)?,
            answer(&self.compiled, memory, both)?,
        ])
    }

    /// What hand-written Rust says.
    pub fn by_hand(&self, both: &Both) -> bool {
        let (event, profile) = &both.typed;
        (self.condition.by_hand)(event, profile, NOW_MS)
    }
}

fn answer(program: &Program, memory: &mut Memory, both: &Both) -> Result<bool, String> {
    let Memory {
        reader,
        frame,
        read,
    } = memory;
    documents(reader, program, &both.event, &both.profile, read)?;
    holds(&ready(&program.loaded, read), program, frame)
}
