//! Bytes to records, by the field plans of a program.
//!
//! Comes in: JSON. Goes out: [`Documents`], and what an evaluation of them begins on. Both documents are validated: all of them as JSON, and what is read as what its
//! schema says. Never true here: a document that no condition reads being parsed; an allocation, once the memory that is used
//! again and again has grown to what documents need.

use crate::condition::Program;
use bench_core::host::NOW_MS;
use journey_artifact::word::{Ref, Region, WordType};
use journey_machine::eval::{Env, Loaded, Ready};
use journey_machine::read::{Limits, Prepared, Reader, read_into};
use journey_machine::record::Record;
use journey_machine::time::Zone;
use std::sync::LazyLock;

/// Work that one evaluation may do, in instructions.
pub const FUEL: u64 = 1_000_000;

static ZONE: LazyLock<Zone> = LazyLock::new(Zone::utc);
static NO_VARS: LazyLock<Record> = LazyLock::new(Record::default);

/// An event and a profile as rows.
#[derive(Default)]
pub struct Documents {
    /// The event.
    pub event: Record,
    /// The profile.
    pub profile: Record,
}

/// Reads both.
pub fn documents(
    reader: &mut Reader,
    program: &Program,
    event: &[u8],
    profile: &[u8],
    into: &mut Documents,
) -> Result<(), String> {
    let Documents {
        event: event_record,
        profile: profile_record,
    } = into;
    let (event_plan, profile_plan) = (program.event.as_ref(), program.profile.as_ref());
    document(reader, event_plan, event, Region::Input, event_record)?;
    document(
        reader,
        profile_plan,
        profile,
        Region::Profile,
        profile_record,
    )
}

/// Reads one; an empty record when nothing of it is needed.
pub fn document(
    reader: &mut Reader,
    plan: Option<&Prepared>,
    json: &[u8],
    region: Region,
    into: &mut Record,
) -> Result<(), String> {
    match plan {
        None => {
            into.reset();
            Ok(())
        }
        Some(plan) => read_into(reader, plan, json, region, &Limits::default(), into)
            .map_err(|rejection| rejection.to_string()),
    }
}

/// An environment that many evaluations begin on.
pub fn ready<'a>(loaded: &'a Loaded, documents: &'a Documents) -> Ready<'a> {
    let env = Env {
        loaded,
        profile: &documents.profile,
        vars: &NO_VARS,
        input: &documents.event,
        now_ms: NOW_MS,
        zone: &ZONE,
    };
    env.ready()
}

/// Rows of the one list that an event has.
pub fn items(program: &Program, event: &Record) -> usize {
    let artifact = program.loaded.artifact();
    let plan = program.event_plan;
    let plan = plan.and_then(|id| artifact.plans.get(id.0 as usize));
    let shape = plan.and_then(|plan| artifact.shapes.get(plan.shape.0 as usize));
    let Some(shape) = shape else { return 0 };
    let mut lists = shape.slots.iter().zip(0..);
    let list = lists.find(|(slot, _)| matches!(slot.ty, WordType::List(_)));
    let list = list.and_then(|(_, ix)| event.get(shape, ix));
    list.map_or(0, |word| Ref(word).len() as usize)
}
