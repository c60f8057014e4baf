//! Why a decision fell as it did: the text of the expression and what it read.
//!
//! Comes in: an expression, its result, what it saw. Goes out: a [`Decision`]. Only when tracing is on.
//! Never true here: an influence on the decision.

use crate::effects::Decision;
use crate::eval::Loaded;
use crate::ids::Instant;
use crate::record::{Record, Regions};
use crate::time::Zone;
use crate::value::{self, Value};
use journey_artifact::code::{Op, R_INPUT, R_PROFILE, R_VARS};
use journey_artifact::model::{ChunkId, Shape, SlotIx};
use journey_artifact::word::ShapeId;

/// What an expression saw.
pub(super) struct Seen<'s> {
    pub profile: &'s Record,
    pub vars: &'s Record,
    pub input: Option<&'s Record>,
    pub now: Instant,
    pub zone: &'s Zone,
}

/// What an expression came to. Operands are the slots of the three root rows that its code names (those of rows inside lists are not
/// told one by one, the list is), and the instant and the zone where a function that it calls looks at them: all that it follows from.
pub(super) fn decision(
    loaded: &Loaded,
    chunk: ChunkId,
    (is_condition, result): (bool, Option<Value>),
    saw: &Seen<'_>,
) -> Decision {
    let artifact = loaded.artifact();
    let place = artifact.source_map.chunks.get(chunk.0 as usize);
    let mut decision = Decision {
        line: place.map_or(0, |place| place.line),
        text: place.map_or_else(String::new, |place| place.text.clone()),
        is_condition,
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
            R_PROFILE => ("profile.", Some(saw.profile), profile_shape),
            R_VARS => ("vars.", Some(saw.vars), code.vars),
            R_INPUT => ("input.", saw.input, code.input),
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
    let calls = code.code.iter().filter(|instr| instr.op == Op::Call);
    let calls = calls.filter_map(|call| loaded.tables().import(call.lo).ok());
    let (now, zone) = calls.fold((false, false), |(now, zone), import| {
        (now || import.now, zone || import.zone)
    });
    if now {
        let now = Value::DateTime(saw.now.0, 0);
        decision.operands.push(("now()".to_owned(), Some(now)));
    }
    if zone {
        let zone = saw.zone.name().map(|name| Value::String(name.to_owned()));
        decision.operands.push(("timezone".to_owned(), zone));
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
