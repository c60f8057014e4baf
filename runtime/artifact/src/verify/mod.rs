//! What must hold of an artifact before anything of it is run.
//!
//! Comes in: an artifact that may hold any nonsense. Goes out: nothing, or the first refusal. Work is linear in the
//! artifact's size (code: times a small constant, see `flow`). Never true here: an index used before it was checked,
//! recursion deeper than [`crate::limits::NESTING`], a panic.
//!
//! Later tables are checked against earlier ones, so the order below matters.
//!
//! | module | checks |
//! |---|---|
//! | `fault` | (what a check returns, and where it was) |
//! | `tables` | package, strings, constants, sets, shapes, imports, source map |
//! | `plans` | field plans against shapes |
//! | `form` | each instruction by itself: registers, indices, jump targets |
//! | `loops` | that loops are entered at their heads, and lie within one another |
//! | `flow` | the type of every register before every instruction of a chunk |
//! | `known` | what is known of one: its type, and whether it was made here |
//! | `uses` | whether a chunk fits where it is used: rows, result |
//! | `discriminators` | what an index may look up: constants of the slot's type |
//! | `calls` | events, sources, actions |
//! | `journeys` | journeys and their nodes |
//! | `cycles` | nodes that go round for ever |
//!
//! What is not checked, and what the machine must therefore count or test while it runs: that a loop over the step graph
//! ends (it counts nodes per advance), that code ends (fuel), that a list made here has room for a row pushed to it, that
//! imports exist in its function table, and that rows handed in have the shape that the chunk names.

mod calls;
mod cycles;
mod discriminators;
mod fault;
pub(crate) mod flow;
mod form;
mod journeys;
pub(crate) mod known;
mod loops;
mod plans;
mod tables;
mod uses;

use crate::model::Artifact;
use crate::refusal::{Refusal, Section};
use fault::Locate;

/// Memory for checking, to be used again for the next artifact.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    flow: flow::Memory,
    heights: Vec<tables::Height>,
}

/// Checks the whole artifact.
pub(crate) fn check(artifact: &Artifact, memory: &mut Memory) -> Result<(), Refusal> {
    tables::sizes(artifact)?;
    tables::strings(artifact).section(Section::Strings)?;
    tables::constants(artifact).section(Section::Constants)?;
    tables::sets(artifact).section(Section::Sets)?;
    tables::shapes(artifact, &mut memory.heights).section(Section::Shapes)?;
    plans::check(artifact).section(Section::Plans)?;
    tables::package(artifact).section(Section::Package)?;
    tables::imports(artifact).section(Section::Imports)?;
    for (index, chunk) in artifact.chunks.iter().enumerate() {
        let at = || format!("chunk {index}");
        form::header(artifact, chunk)
            .at(at)
            .section(Section::Chunks)?;
        form::code(artifact, chunk).at(at).section(Section::Code)?;
        flow::check(artifact, chunk, &mut memory.flow)
            .at(at)
            .section(Section::Code)?;
    }
    calls::events(artifact).section(Section::Events)?;
    calls::calls(artifact).section(Section::Calls)?;
    journeys::check(artifact).section(Section::Journeys)?;
    tables::source_map(artifact).section(Section::SourceMap)
}
