//! Bytes to records, by the field plans of a program.
//!
//! Comes in: JSON. Goes out: [`Documents`]. Both documents are validated: all of them as JSON, and what is read as what its
//! schema says. Never true here: a document that no condition reads being parsed.

use crate::condition::Program;
use journey_artifact::model::PlanId;
use journey_artifact::word::{Ref, Region, WordType};
use journey_machine::read::{Limits, read};
use journey_machine::record::Record;

/// An event and a profile as rows.
#[derive(Default)]
pub struct Documents {
    /// The event.
    pub event: Record,
    /// The profile.
    pub profile: Record,
}

/// Reads both.
pub fn documents(program: &Program, event: &[u8], profile: &[u8]) -> Result<Documents, String> {
    Ok(Documents {
        event: document(program, program.event, event, Region::Input)?,
        profile: document(program, program.profile, profile, Region::Profile)?,
    })
}

/// Reads one; an empty record when nothing of it is needed.
pub fn document(
    program: &Program,
    plan: Option<PlanId>,
    json: &[u8],
    region: Region,
) -> Result<Record, String> {
    let artifact = program.loaded.artifact();
    match plan.and_then(|id| artifact.plans.get(id.0 as usize)) {
        None => Ok(Record::default()),
        Some(plan) => {
            read(artifact, plan, json, region, &Limits::default()).map_err(|e| e.to_string())
        }
    }
}

/// Rows of the one list that an event has.
pub fn items(program: &Program, event: &Record) -> usize {
    let artifact = program.loaded.artifact();
    let plan = program
        .event
        .and_then(|id| artifact.plans.get(id.0 as usize));
    let shape = plan.and_then(|plan| artifact.shapes.get(plan.shape.0 as usize));
    let Some(shape) = shape else { return 0 };
    let lists = shape.slots.iter().zip(0..);
    let mut lists = lists.filter(|(slot, _)| matches!(slot.ty, WordType::List(_)));
    let list = lists.next().and_then(|(_, ix)| event.get(shape, ix));
    list.map_or(0, |word| Ref(word).len() as usize)
}
