//! The figures of a condition.
//!
//! Comes in: trials that were verified, and the pair. Goes out: [`Figures`]. Never true here: the three forms of one condition timed at
//! different times of a run.

use crate::documents::pair::Pair;
use crate::trial::{Memory, Trial, holds};
use bench_core::allocator::counted;
use bench_core::clock::Clock;
use bench_core::host::NOW_MS;
use bench_ours::condition::bytecode;
use bench_ours::documents::{Documents, documents, ready};
use journey_jit::Compiler;
use std::hint::black_box;

/// Evaluations over which allocations are averaged.
const COUNTED: u32 = 100;

/// By hand, by the interpreter, in machine code.
pub type Three = [f64; 3];

/// What one condition takes.
pub struct Figures {
    /// Which.
    pub id: &'static str,
    /// Nanoseconds.
    pub ns: Three,
    /// Allocations of an evaluation.
    pub allocations: Three,
    /// Bytes of bytecode, and of machine code.
    pub bytes: [f64; 2],
    /// Microseconds from text to bytecode, and from there to machine code.
    pub us: [f64; 2],
}

/// Measures all.
pub fn measure(
    trials: &[Trial],
    pair: &Pair,
    compiler: &mut Compiler,
) -> Result<Vec<Figures>, String> {
    let both = pair.both(&pair.event.value, &pair.profile.value)?;
    let mut workbench = pair.schemas().workbench()?;
    let mut clock = Clock::new("measure-further");
    let mut memory = Memory::default();
    let mut all = Vec::new();
    for trial in trials {
        let id = trial.condition.id;
        let mut read = [Documents::default(), Documents::default()];
        let programs = [&trial.interpreted, &trial.compiled];
        for (program, read) in programs.into_iter().zip(&mut read) {
            let reader = &mut memory.reader;
            documents(reader, program, &both.event, &both.profile, read)?;
        }
        let [interpreted, compiled] = &read;
        let interpreted = ready(&trial.interpreted.loaded, interpreted);
        let compiled = ready(&trial.compiled.loaded, compiled);
        let (event, profile) = &both.typed;
        let by_hand = black_box(trial.condition.by_hand);
        let frame = &mut memory.frame;
        let mut by_hand = || by_hand(black_box(event), black_box(profile), black_box(NOW_MS));
        let ns_by_hand = clock.median(&format!("{id} by hand"), &mut by_hand);
        let allocations_by_hand = allocations(by_hand);
        let mut interpret = || holds(black_box(&interpreted), &trial.interpreted, frame).is_ok();
        let ns_interpreter = clock.median(&format!("{id} interpreter"), &mut interpret);
        let allocations_interpreter = allocations(interpret);
        let mut run = || holds(black_box(&compiled), &trial.compiled, frame).is_ok();
        let ns_code = clock.median(&format!("{id} code"), &mut run);
        let allocations_code = allocations(run);
        let (loaded, chunks) = (&trial.compiled.loaded, &trial.compiled.chunks);
        let size = compiler.code_size(loaded, trial.compiled.first);
        let size = size.map_err(|why| format!("{id}: {why}"))?;
        let to_bytecode = clock.median(&format!("{id} to bytecode"), || {
            bytecode(&mut workbench, black_box(trial.condition.journey)).is_ok()
        });
        let to_code = clock.median(&format!("{id} to code"), || {
            compiler.compile(loaded, chunks).is_ok()
        });
        all.push(Figures {
            id,
            ns: [ns_by_hand, ns_interpreter, ns_code],
            allocations: [
                allocations_by_hand,
                allocations_interpreter,
                allocations_code,
            ],
            bytes: [trial.interpreted.code_bytes() as f64, size as f64],
            us: [to_bytecode / 1000.0, to_code / 1000.0],
        });
    }
    Ok(all)
}

/// Allocations of one call; it was called before.
fn allocations(mut call: impl FnMut() -> bool) -> f64 {
    let ((), counted) = counted(|| {
        for _ in 0..COUNTED {
            black_box(call());
        }
    });
    counted.calls as f64 / f64::from(COUNTED)
}
