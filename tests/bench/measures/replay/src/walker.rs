//! What the walker knows of the program, and how it evaluates.
//!
//! Comes in: a checked program, a person. Goes out: values of its expressions by the oracle, ids, counts.
//! Never true here: bytecode, a record, a field plan in an expression.

use super::flat::Flat;
use super::people::{Instance, Person, State};
use journey_artifact::model::Artifact;
use journey_machine::effects::{CallRequest, Code};
use journey_machine::ids::{CallKey, InstanceId, Instant, digest};
use journey_machine::time::Zone;
use journey_machine::value::Value;
use journeyc::hir::{Call, CallId, Expr, Journey, Program};
use journeyc::host::report::{JourneyReport, Report};
use journeyc::oracle::{OracleError, Scope, eval};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};

/// What a step comes to.
pub(super) enum Flow {
    Run,
    Go(u32),
    Park(State),
    Ended(String),
    Exited(String),
    Expired,
    Failed(Code),
}

/// What an evaluation gives.
pub(super) type Walk<T> = Result<T, OracleError>;

/// The program, as the walker goes through it.
pub struct Walker<'p> {
    pub(super) program: &'p Program,
    pub(super) artifact: &'p Artifact,
    pub(super) hash: u64,
    pub(super) flats: Vec<Flat<'p>>,
    pub(super) zones: HashMap<String, Option<Zone>>,
    /// What happened so far.
    pub report: Report,
    /// Calls to make, in order.
    pub calls: Vec<CallRequest>,
    /// Whether the response that was just taken was none of its call's type.
    pub mistyped: bool,
}

impl<'p> Walker<'p> {
    /// Says what the program has that this walker does not walk.
    pub fn new(
        program: &'p Program,
        artifact: &'p Artifact,
        hash: u64,
    ) -> Result<Walker<'p>, &'static str> {
        let flats: Result<Vec<_>, _> = program.journeys.iter().map(Flat::new).collect();
        Ok(Walker {
            program,
            artifact,
            hash,
            flats: flats?,
            zones: HashMap::new(),
            report: Report::default(),
            calls: Vec::new(),
            mistyped: false,
        })
    }

    pub(super) fn eval(
        &self,
        person: &Person,
        instance: &Instance,
        expr: &Expr,
        input: Option<&Json>,
        now: Instant,
    ) -> Walk<Option<Value>> {
        let scope = Scope {
            profile: person.profile.as_ref(),
            input,
            vars: &instance.vars,
            now_ms: now.0,
            zone: &instance.zone,
        };
        eval(expr, &scope)
    }

    /// The zone of the calendar words.
    pub(super) fn zone(&mut self, person: &Person, instance: &Instance, now: Instant) -> Zone {
        let journey = &self.program.journeys[instance.journey];
        let (none, utc) = (BTreeMap::new(), Zone::utc());
        let named = journey.timezone.as_ref().and_then(|expr| {
            let scope = Scope {
                profile: person.profile.as_ref(),
                input: None,
                vars: &none,
                now_ms: now.0,
                zone: &utc,
            };
            eval(expr, &scope).ok().flatten()
        });
        if let Some(Value::String(name)) = named
            && let Some(zone) = self.named_zone(&name)
        {
            return zone;
        }
        self.named_zone(&journey.fallback_zone).unwrap_or(utc)
    }

    pub(super) fn named_zone(&mut self, name: &str) -> Option<Zone> {
        if let Some(zone) = self.zones.get(name) {
            return zone.clone();
        }
        let zone = Zone::get(name);
        self.zones.insert(name.to_owned(), zone.clone());
        zone
    }

    pub(super) fn count(&mut self, journey: &Journey) -> &mut JourneyReport {
        self.report
            .journeys
            .entry(journey.name.clone())
            .or_default()
    }

    pub(super) fn call(&self, id: CallId) -> &'p Call {
        &self.program.calls[id.0 as usize]
    }

    pub(super) fn instance_id(&self, person: &Person, instance: &Instance) -> InstanceId {
        InstanceId(digest(
            "instance",
            &[
                self.program.name.as_bytes(),
                self.program.journeys[instance.journey].name.as_bytes(),
                person.namespace.as_bytes(),
                person.id.as_bytes(),
                &instance.seq.to_be_bytes(),
                &instance.entered_at.0.to_be_bytes(),
            ],
        ))
    }

    pub(super) fn call_key(&self, person: &Person, instance: &Instance, attempt: u32) -> CallKey {
        let place = (u64::from(instance.at) << 32) | u64::from(instance.visit);
        let id = self.instance_id(person, instance);
        CallKey {
            key: digest("call", &[&id.0.to_be_bytes(), &place.to_be_bytes()]),
            attempt,
        }
    }
}
