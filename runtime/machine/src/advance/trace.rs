//! Why a decision fell as it did: the text of the expression and what it read.
//!
//! Comes in: a condition, its result, the records it saw. Goes out: a [`Decision`]. Only when tracing is on.
//! Never true here: an influence on the decision.

use crate::effects::Decision;
use crate::eval::Loaded;
use crate::record::{Record, Regions};
use crate::value::{self, Value};
use journey_artifact::code::{Op, R_INPUT, R_PROFILE, R_VARS};
use journey_artifact::model::{ChunkId, Shape, SlotIx};
use journey_artifact::word::ShapeId;

/// What a condition or a bound value came to. Operands are the slots of the three root rows that its code names; those of rows inside
/// lists are not told one by one, the list is.
pub(super) fn decision(
    loaded: &Loaded,
    chunk: ChunkId,
    result: Option<Value>,
    profile: &Record,
    vars: &Record,
    input: Option<&Record>,
) -> Decision {
    let artifact = loaded.artifact();
    let place = artifact.source_map.chunks.get(chunk.0 as usize);
    let mut decision = Decision {
        line: place.map_or(0, |place| place.line),
        text: place.map_or_else(String::new, |place| place.text.clone()),
        result,
        operands: Vec::new(),
    };
    let Some(code) = loaded.chunk(chunk) else {
        return decision;
    };
    let profile_shape = artifact
        .profile
        .and_then(|plan| artifact.plans.get(plan.0 as usize))
        .map(|plan| plan.shape);
    let mut seen: Vec<(u8, SlotIx)> = Vec::new();
    for instr in code
        .code
        .iter()
        .filter(|instr| matches!(instr.op, Op::Slot | Op::Has))
    {
        // The compiler keeps the three rows in their registers; a chunk that overwrote one would only spoil its own trace.
        let (word, record, shape) = match instr.b {
            R_PROFILE => ("profile.", Some(profile), profile_shape),
            R_VARS => ("vars.", Some(vars), code.vars),
            R_INPUT => ("input.", input, code.input),
            _ => continue,
        };
        if seen.contains(&(instr.b, instr.lo)) {
            continue;
        }
        seen.push((instr.b, instr.lo));
        if let Some(operand) = operand(loaded, word, record, shape, instr.lo) {
            decision.operands.push(operand);
        }
    }
    decision
}

fn operand(
    loaded: &Loaded,
    word: &str,
    record: Option<&Record>,
    shape: Option<ShapeId>,
    slot: SlotIx,
) -> Option<(String, Option<Value>)> {
    let artifact = loaded.artifact();
    let shape: &Shape = artifact.shapes.get(shape?.0 as usize)?;
    let told = shape.slots.get(usize::from(slot))?;
    let name = format!("{word}{}", artifact.text(told.name));
    let record = record?;
    let value = record
        .get(shape, slot)
        .and_then(|word| value::from_word(artifact, &Regions::only(record), word, told.ty).ok());
    Some((name, value))
}
