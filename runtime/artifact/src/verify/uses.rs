//! Whether a chunk fits where it is used: its rows are the ones that are there, its result is what is needed there.

use super::fault::{Check, demand, entry, fault};
use crate::code::R_PROFILE;
use crate::limits;
use crate::model::{Artifact, ChunkId, PlanId, SlotIx};
use crate::refusal::RefusalKind;
use crate::word::{ShapeId, WordType};

/// The rows that the machine hands to a chunk at some place; the profile's is everywhere, unless said.
#[derive(Clone, Copy)]
pub(super) struct AtHand {
    /// The variables' shape.
    pub vars: Option<ShapeId>,
    /// The shape of event, arguments or response.
    pub input: Option<ShapeId>,
}

/// What a chunk must give. It may always give nothing: every use says what that means.
#[derive(Clone, Copy)]
pub(super) enum Need {
    /// This type.
    Type(WordType),
    /// Something that can be written as text.
    Scalar,
    /// Anything.
    Any,
}

/// Checks one use of a chunk.
pub(super) fn chunk(a: &Artifact, id: ChunkId, rows: AtHand, need: Need) -> Check {
    let chunk = entry(&a.chunks, id.0, "chunk")?;
    for (what, wants, there) in [
        ("variables", chunk.vars, rows.vars),
        ("input", chunk.input, rows.input),
    ] {
        let fits = wants.is_none() || wants == there;
        demand(fits, RefusalKind::ChunkRows, || match there {
            Some(there) => format!(
                "chunk {} reads another {what} row than shape {}, which is there",
                id.0, there.0
            ),
            None => format!("chunk {} reads a {what} row; there is none", id.0),
        })?;
    }
    let fits = match need {
        Need::Type(ty) => chunk.result == ty,
        Need::Scalar => !matches!(chunk.result, WordType::Row(_) | WordType::List(_)),
        Need::Any => true,
    };
    demand(fits, RefusalKind::ChunkResult, || match need {
        Need::Type(ty) => format!("chunk {} gives {:?}, not {ty:?}", id.0, chunk.result),
        Need::Scalar | Need::Any => {
            format!("chunk {} gives {:?}, not a scalar", id.0, chunk.result)
        }
    })
}

/// Demands that a chunk does not read the profile: it runs before it is known whose.
pub(super) fn no_profile(a: &Artifact, id: ChunkId) -> Check {
    let chunk = entry(&a.chunks, id.0, "chunk")?;
    let mut read = chunk.code.iter().flat_map(|i| i.reads());
    let reads_profile = read.any(|register| register == R_PROFILE);
    demand(!reads_profile, RefusalKind::ChunkRows, || {
        format!("chunk {} reads the profile before it is known whose", id.0)
    })
}

/// The type of a slot.
pub(super) fn slot(a: &Artifact, shape: ShapeId, slot: SlotIx) -> Check<WordType> {
    let shape = entry(&a.shapes, shape.0, "shape")?;
    Ok(entry(&shape.slots, u32::from(slot), "slot")?.ty)
}

/// Demands the type of a slot.
pub(super) fn slot_is(a: &Artifact, shape: ShapeId, index: SlotIx, ty: WordType) -> Check {
    let found = slot(a, shape, index)?;
    demand(found == ty, RefusalKind::SlotType, || {
        format!("slot {index} is {found:?}, not {ty:?}")
    })
}

/// The shape that a plan fills.
pub(super) fn plan_shape(a: &Artifact, plan: PlanId) -> Check<ShapeId> {
    Ok(entry(&a.plans, plan.0, "plan")?.shape)
}

/// Demands a duration that sums cannot overflow.
pub(super) fn milliseconds(what: &str, ms: u64) -> Check {
    if ms <= limits::MILLISECONDS {
        return Ok(());
    }
    fault(
        RefusalKind::Value,
        format!("{what}: {ms} ms; at most {}", limits::MILLISECONDS),
    )
}
