//! An event's bytes to the declared events that it is.
//!
//! Comes in: the JSON of one event, bare or in the streaming envelope. Goes out: [`Scanned`]: matches, each with the person it
//! is about, and the records that expressions read; or a coded rejection. The document is read once for each distinct plan.
//! Never true here: a person's state; whether anybody waits for the event.

use super::envelope;
use super::programs::{Deployment, Program};
use crate::eval::{Env, Frame, Fuel, eval_bool, eval_str};
use crate::ids::{Instant, digest64};
use crate::limits;
use crate::read::{self, Limits, Rejection};
use crate::record::Record;
use crate::time::Zone;
use journey_artifact::model::{EventDecl, EventId};
use journey_artifact::word::Region;

/// A declared event that a document is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Match {
    /// Index of the program in the deployment.
    pub program: usize,
    /// The declaration in that program.
    pub event: EventId,
    /// Identity namespace of the person it is about.
    pub namespace: String,
    /// Identity in that namespace.
    pub id: String,
    /// Hash that two deliveries of the same event share.
    pub dedupe: Option<u64>,
    /// For how long they count as the same, in milliseconds.
    pub window_ms: u64,
    record: usize,
}

/// A declared event that a document is, about nobody who can be named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unaddressed {
    /// Index of the program in the deployment.
    pub program: usize,
    /// The declaration in that program.
    pub event: EventId,
    /// Whether an expression could not be evaluated within bounds; otherwise the key has no value, or none that can be one.
    pub fault: bool,
}

/// What a document is.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scanned {
    /// The declared events that it is and that a journey uses. Empty: an event with no journey.
    pub matches: Vec<Match>,
    /// Declared events that it is, but whose key gives nobody.
    pub unaddressed: Vec<Unaddressed>,
    /// Schemas (`$id`) that the document cannot be of, when it could be of another.
    pub rejections: Vec<(String, Rejection)>,
    records: Vec<Record>,
}

impl Scanned {
    /// The record of a match.
    pub(crate) fn record(&self, found: &Match) -> Option<&Record> {
        self.records.get(found.record)
    }

    /// The people it is about: namespace and id, each once, in the order of the matches.
    pub fn people(&self) -> Vec<(&str, &str)> {
        let mut people: Vec<(&str, &str)> = Vec::new();
        for found in &self.matches {
            let person = (found.namespace.as_str(), found.id.as_str());
            if !people.contains(&person) {
                people.push(person);
            }
        }
        people
    }
}

impl Deployment {
    /// Reads an event: a bare entity, or the streaming envelope around one. `now` is the instant that its declarations' own
    /// expressions see. A document that names its schema is read by that schema's plans alone; one that does not, by all. It
    /// is rejected when it fits none of them, or fits only some and is none of their events.
    pub fn scan(&self, bytes: &[u8], now: Instant) -> Result<Scanned, Rejection> {
        self.scan_within(bytes, now, &Limits::default())
    }

    /// The same, with an operator's limits.
    pub fn scan_within(
        &self,
        bytes: &[u8],
        now: Instant,
        limits: &Limits,
    ) -> Result<Scanned, Rejection> {
        let entity = envelope::entity(bytes);
        let mut scan = Scan {
            out: Scanned::default(),
            frame: Frame::new(),
            now,
            blank: Record::default(),
            utc: Zone::utc(),
        };
        let named = entity
            .schema
            .as_deref()
            .filter(|schema| self.knows_schema(schema));
        for (ix, program) in self.programs().iter().enumerate() {
            let artifact = program.loaded().artifact();
            for routes in program.routes().plans() {
                let Some(plan) = artifact.plans.get(routes.plan.0 as usize) else {
                    continue;
                };
                let Some(shape) = artifact.shapes.get(plan.shape.0 as usize) else {
                    continue;
                };
                let schema = program.text(plan.schema);
                if named.is_some_and(|named| named != schema) {
                    continue;
                }
                match read::read(artifact, plan, entity.bytes, Region::Input, limits) {
                    Err(rejection) => scan.out.rejections.push((schema.to_owned(), rejection)),
                    Ok(record) => {
                        let candidates = routes.candidates(shape, &record);
                        let at = scan.out.records.len();
                        for event in candidates {
                            scan.candidate(ix, program, event, &record, at);
                        }
                        scan.out.records.push(record);
                    }
                }
            }
        }
        let out = scan.out;
        match out.rejections.first() {
            Some((_, rejection)) if out.matches.is_empty() && out.unaddressed.is_empty() => {
                Err(rejection.clone())
            }
            _ => Ok(out),
        }
    }

    fn knows_schema(&self, schema: &str) -> bool {
        let known = |program: &Program| {
            let plans = &program.loaded().artifact().plans;
            program
                .routes()
                .plans()
                .iter()
                .filter_map(|r| plans.get(r.plan.0 as usize))
                .any(|p| program.text(p.schema) == schema)
        };
        self.programs().iter().any(known)
    }
}

struct Scan {
    out: Scanned,
    frame: Frame,
    now: Instant,
    blank: Record,
    utc: Zone,
}

/// What a candidate turned out to be.
enum Verdict {
    Not,
    Nobody {
        fault: bool,
    },
    About {
        id: String,
        dedupe: Option<u64>,
        window_ms: u64,
    },
}

impl Scan {
    fn candidate(
        &mut self,
        ix: usize,
        program: &Program,
        event: EventId,
        record: &Record,
        at: usize,
    ) {
        let artifact = program.loaded().artifact();
        let Some(decl) = artifact.events.get(event.0 as usize) else {
            return;
        };
        match self.verdict(program, decl, record) {
            Verdict::Not => {}
            Verdict::Nobody { fault } => self.out.unaddressed.push(Unaddressed {
                program: ix,
                event,
                fault,
            }),
            Verdict::About {
                id,
                dedupe,
                window_ms,
            } => {
                let namespace = decl.namespace.or(artifact.identities.first().copied());
                let namespace = namespace.map_or("", |id| program.text(id)).to_owned();
                self.out.matches.push(Match {
                    program: ix,
                    event,
                    namespace,
                    id,
                    dedupe,
                    window_ms,
                    record: at,
                });
            }
        }
    }

    fn verdict(&mut self, program: &Program, decl: &EventDecl, record: &Record) -> Verdict {
        let Scan {
            frame,
            now,
            blank,
            utc,
            ..
        } = self;
        let env = Env {
            loaded: program.loaded(),
            profile: blank,
            vars: blank,
            input: record,
            now_ms: now.0,
            zone: utc,
        };
        let mut fuel = Fuel::new(limits::FUEL_PER_EVALUATION);
        match decl
            .condition
            .map(|condition| eval_bool(&env, condition, frame, &mut fuel))
        {
            None | Some(Ok(Some(true))) => {}
            Some(Ok(_)) => return Verdict::Not,
            Some(Err(_)) => return Verdict::Nobody { fault: true },
        }
        // A business event is about no person: nothing that this machine advances listens for it by key.
        let Some(key) = decl.key else {
            return Verdict::Not;
        };
        let id = match eval_str(&env, key, frame, &mut fuel) {
            Ok(Some(id)) if !id.is_empty() && id.len() <= limits::IDENTITY_BYTES => id.to_owned(),
            Ok(_) => return Verdict::Nobody { fault: false },
            Err(_) => return Verdict::Nobody { fault: true },
        };
        let (mut dedupe, mut window_ms) = (None, 0);
        if let Some((chunk, window)) = decl.dedupe {
            window_ms = window;
            match eval_str(&env, chunk, frame, &mut fuel) {
                Ok(text) => {
                    let (package, name) = (
                        program.loaded().artifact().name.as_bytes(),
                        program.text(decl.name).as_bytes(),
                    );
                    dedupe = text.map(|text| digest64("event", &[package, name, text.as_bytes()]));
                }
                Err(_) => return Verdict::Nobody { fault: true },
            }
        }
        Verdict::About {
            id,
            dedupe,
            window_ms,
        }
    }
}
