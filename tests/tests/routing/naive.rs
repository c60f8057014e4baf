//! The naive way: each program reads the document by each of its plans and asks every declaration.

use journey_artifact::Verified;
use journey_artifact::graph::{ExitWhen, NodeKind};
use journey_artifact::model::{Artifact, EventDecl, EventId, PlanId};
use journey_artifact::word::Region;
use journey_machine::deployment::{Match, envelope};
use journey_machine::eval::{Env, Frame, Fuel, Loaded, eval_bool, eval_str};
use journey_machine::ids::{Instant, digest64};
use journey_machine::limits;
use journey_machine::read::{self, Limits, Rejection};
use journey_machine::record::Record;
use journey_machine::time::Zone;
use std::collections::BTreeSet;

/// A match, as both ways tell it.
#[derive(PartialEq, Eq, Debug)]
pub struct Found {
    program: usize,
    event: EventId,
    namespace: String,
    id: String,
    dedupe: Option<u64>,
    window_ms: u64,
}

impl From<&Match> for Found {
    fn from(found: &Match) -> Found {
        Found {
            program: found.program,
            event: found.event,
            namespace: found.namespace.to_string(),
            id: found.id.to_string(),
            dedupe: found.dedupe,
            window_ms: found.window_ms,
        }
    }
}

/// What a document is.
pub struct Expected {
    pub matches: Vec<Found>,
    pub unaddressed: Vec<(usize, EventId, bool)>,
    pub rejections: Vec<(String, Rejection)>,
    pub result: Result<(), Rejection>,
}

/// Programs in force.
pub struct Naive {
    programs: Vec<Loaded>,
}

impl Naive {
    pub fn new(programs: Vec<Verified>) -> Naive {
        let load = |program| Loaded::new(program).expect("loads");
        Naive {
            programs: programs.into_iter().map(load).collect(),
        }
    }

    pub fn scan(&self, bytes: &[u8], now: Instant) -> Expected {
        let entity = envelope::entity(bytes);
        let named = entity.schema.as_deref();
        let mut out = Expected {
            matches: Vec::new(),
            unaddressed: Vec::new(),
            rejections: Vec::new(),
            result: Ok(()),
        };
        for (ix, loaded) in self.programs.iter().enumerate() {
            let artifact = loaded.artifact();
            let used = used(artifact);
            let plans: BTreeSet<PlanId> = used.iter().map(|id| decl(artifact, *id).plan).collect();
            for id in plans {
                let plan = &artifact.plans[id.0 as usize];
                let schema = text(artifact, plan.schema.0);
                if named.is_some_and(|named| named != schema) {
                    continue;
                }
                let limits = Limits::default();
                match read::read(artifact, plan, entity.bytes, Region::Input, &limits) {
                    Err(rejection) => out.rejections.push((schema.to_owned(), rejection)),
                    Ok(record) => {
                        for event in used.iter().filter(|it| decl(artifact, **it).plan == id) {
                            one(ix, loaded, *event, &record, now, &mut out);
                        }
                    }
                }
            }
        }
        if let (true, true, Some((_, first))) = (
            out.matches.is_empty(),
            out.unaddressed.is_empty(),
            out.rejections.first(),
        ) {
            out.result = Err(first.clone());
        }
        out
    }
}

fn one(
    program: usize,
    loaded: &Loaded,
    event: EventId,
    record: &Record,
    now: Instant,
    out: &mut Expected,
) {
    let artifact = loaded.artifact();
    let decl = decl(artifact, event);
    let (blank, utc) = (Record::default(), Zone::utc());
    let env = Env {
        loaded,
        profile: &blank,
        vars: &blank,
        input: record,
        now_ms: now.0,
        zone: &utc,
    };
    let mut frame = Frame::new();
    let fuel = || Fuel::new(limits::FUEL_PER_EVALUATION);
    for id in &decl.conditions {
        match eval_bool(&env, *id, &mut frame, &mut fuel()) {
            Ok(Some(true)) => {}
            Ok(_) => return,
            Err(_) => return out.unaddressed.push((program, event, true)),
        }
    }
    let Some(key) = decl.key else { return };
    let id = match eval_str(&env, key, &mut frame, &mut fuel()) {
        Ok(Some(id)) if !id.is_empty() => id.to_owned(),
        Ok(_) => return out.unaddressed.push((program, event, false)),
        Err(_) => return out.unaddressed.push((program, event, true)),
    };
    let (mut dedupe, mut window_ms) = (None, 0);
    if let Some((chunk, window)) = decl.dedupe {
        window_ms = window;
        let text = eval_str(&env, chunk, &mut frame, &mut fuel()).expect("no fault");
        let (package, name) = (artifact.name.as_bytes(), self::text(artifact, decl.name.0));
        dedupe = text.map(|text| digest64("event", &[package, name.as_bytes(), text.as_bytes()]));
    }
    let namespace = decl.namespace.or(artifact.identities.first().copied());
    out.matches.push(Found {
        program,
        event,
        namespace: namespace
            .map_or("", |id| self::text(artifact, id.0))
            .to_owned(),
        id,
        dedupe,
        window_ms,
    });
}

fn decl(artifact: &Artifact, id: EventId) -> &EventDecl {
    &artifact.events[id.0 as usize]
}

fn text(artifact: &Artifact, id: u32) -> &str {
    &artifact.strings[id as usize]
}

/// The events that a journey listens for.
fn used(artifact: &Artifact) -> BTreeSet<EventId> {
    let mut used = BTreeSet::new();
    for journey in &artifact.journeys {
        used.extend(journey.entries.iter().map(|entry| entry.on.event));
        for exit in &journey.exits {
            if let ExitWhen::Event(on) = &exit.when {
                used.insert(on.event);
            }
        }
        for node in &journey.nodes {
            match &node.kind {
                NodeKind::Wait { or: arms, .. } | NodeKind::Await { arms, .. } => {
                    used.extend(arms.iter().map(|arm| arm.on.event));
                }
                _ => {}
            }
        }
    }
    used
}
