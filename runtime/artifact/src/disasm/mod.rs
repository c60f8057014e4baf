//! An artifact as text for people: chunks, field plans, journeys. One line an instruction, a field, a node.
//!
//! Comes in: any artifact, verified or not (an index that leads nowhere prints as `?7`). Goes out: text that is the same
//! for the same artifact. Never true here: a panic, or a control character from a name in the output.
//!
//! | module | is |
//! |---|---|
//! | `names` | names of strings, slots, constants, types, chunks |
//! | `chunk` | instructions |
//! | `plan` | field plans |
//! | `event` | event declarations, discriminators |
//! | `journey` | the step graph |

mod chunk;
mod event;
mod journey;
mod names;
mod plan;

use crate::model::{Artifact, ChunkId, PlanId};

/// A chunk: a heading, then one line an instruction.
pub fn chunk(artifact: &Artifact, id: ChunkId) -> String {
    let mut out = String::new();
    chunk::print(artifact, id, &mut out);
    out
}

/// A field plan: a heading, then one line a key, indented as the document nests.
pub fn plan(artifact: &Artifact, id: PlanId) -> String {
    let mut out = String::new();
    plan::print(artifact, id, &mut out);
    out
}

/// A journey by its index: its settings, then one line a node (and one for each of its arms).
pub fn journey(artifact: &Artifact, index: usize) -> String {
    let mut out = String::new();
    journey::print(artifact, index, &mut out);
    out
}

/// All chunks: what `--emit=bytecode` prints.
pub fn bytecode(artifact: &Artifact) -> String {
    let mut out = String::new();
    for index in 0..artifact.chunks.len() {
        chunk::print(artifact, ChunkId(index as u32), &mut out);
    }
    out
}

/// All event declarations.
pub fn events(artifact: &Artifact) -> String {
    let mut out = String::new();
    for it in &artifact.events {
        event::print(artifact, it, &mut out);
    }
    out
}

/// All field plans.
pub fn plans(artifact: &Artifact) -> String {
    let mut out = String::new();
    for index in 0..artifact.plans.len() {
        plan::print(artifact, PlanId(index as u32), &mut out);
    }
    out
}

/// All journeys: what `--emit=flow` prints.
pub fn flow(artifact: &Artifact) -> String {
    let mut out = String::new();
    for index in 0..artifact.journeys.len() {
        journey::print(artifact, index, &mut out);
    }
    out
}
