//! The tree-walking host: the queue of virtual time, people, calls, over parsed JSON.
//!
//! Comes in: lines of events, profiles, stubs, a checked program. Goes out: the report of `journeyc run`. Each line becomes a
//! `serde_json::Value`; every declaration's `where` and `key` is evaluated over it by the oracle.
//! Never true here: virtual time, gates, stubs or a report of another meaning than the replay's.

use super::check::check;
use super::people::{Heard, Person};
use super::walker::Walker;
use journey_artifact::model::{Artifact, PlanId};
use journey_machine::effects::CallRequest;
use journey_machine::ids::{CallKey, Instant, digest64};
use journey_machine::limits;
use journey_machine::time::{Zone, parse};
use journey_machine::value::Value;
use journeyc::hir::{EventId, ExitWhen, Program, StepKind, each_step};
use journeyc::host::answers::{Answer, Answers, Stubs};
use journeyc::host::cache::{Cache, Same};
use journeyc::host::gate::Gate;
use journeyc::host::report::Report;
use journeyc::oracle::{OracleError, Scope, eval};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, BufRead};

const LATENCY_MS: i64 = 50;
const AFTER_MS: i64 = 1_000;

enum Due {
    Timer(usize),
    /// The attempt is none that went out when the answer was kept from another.
    Answer(usize, CallKey, Answer, Option<Attempt>),
}

/// An attempt that went out: of which call, whether that is a source, and when.
struct Attempt {
    name: String,
    is_source: bool,
    start: Instant,
    /// Of which request its answer is kept, and for how many milliseconds.
    keep: Option<(Same, u64)>,
}

/// The host of one replay.
pub struct Host<'p> {
    program: &'p Program,
    artifact: &'p Artifact,
    walker: Walker<'p>,
    stubs: Stubs,
    /// Events that a journey listens for, and the plan of each.
    events: Vec<(EventId, PlanId)>,
    plans: Vec<PlanId>,
    now: Instant,
    queue: BTreeMap<(Instant, u64), Due>,
    next_seq: u64,
    people: Vec<Person>,
    by_identity: HashMap<(String, String), usize>,
    profiles: Vec<Json>,
    profile_of: HashMap<(String, String), usize>,
    gates: HashMap<String, Gate>,
    cache: Cache,
}

impl<'p> Host<'p> {
    /// Says what the program has that the walker does not walk.
    pub fn new(
        program: &'p Program,
        artifact: &'p Artifact,
        hash: u64,
        stubs: Stubs,
    ) -> Result<Host<'p>, &'static str> {
        let events: Vec<_> = heard(program)
            .into_iter()
            .filter_map(|id| Some((id, artifact.events.get(id.0 as usize)?.plan)))
            .collect();
        let plans: BTreeSet<PlanId> = events.iter().map(|(_, plan)| *plan).collect();
        Ok(Host {
            program,
            artifact,
            walker: Walker::new(program, artifact, hash)?,
            stubs,
            events,
            plans: plans.into_iter().collect(),
            now: Instant(0),
            queue: BTreeMap::new(),
            next_seq: 0,
            people: Vec::new(),
            by_identity: HashMap::new(),
            profiles: Vec::new(),
            profile_of: HashMap::new(),
            gates: HashMap::new(),
            cache: Cache::default(),
        })
    }

    /// Reads the profiles.
    pub fn read_profiles(&mut self, reader: impl BufRead) -> io::Result<()> {
        for line in reader.lines() {
            let Ok(profile) = serde_json::from_str::<Json>(&line?) else {
                self.walker
                    .report
                    .reject("INVALID_JSON", String::new(), String::new());
                continue;
            };
            let map = profile.get("identityMap").and_then(Json::as_object);
            for (namespace, list) in map.into_iter().flatten() {
                for item in list.as_array().into_iter().flatten() {
                    if let Some(id) = item.get("id").and_then(Json::as_str) {
                        self.profile_of
                            .insert((namespace.clone(), id.to_string()), self.profiles.len());
                    }
                }
            }
            self.profiles.push(profile);
        }
        Ok(())
    }

    /// Replays events; stops after `limit`.
    pub fn replay(mut self, mut reader: impl BufRead, limit: u64) -> io::Result<Report> {
        let mut line = String::new();
        while self.walker.report.events < limit {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                break;
            }
            if line.trim().is_empty() {
                continue;
            }
            self.walker.report.events += 1;
            match serde_json::from_str(&line) {
                Ok(event) => self.event(&event),
                Err(_) => self.reject("INVALID_JSON"),
            }
        }
        self.advance_to(self.now.plus(AFTER_MS));
        Ok(self.finish())
    }

    fn event(&mut self, json: &Json) {
        let at = json
            .get("timestamp")
            .and_then(Json::as_str)
            .and_then(parse::date_time);
        for plan in &self.plans {
            if let Some(plan) = self.artifact.plans.get(plan.0 as usize)
                && let Err(code) = check(self.artifact, &plan.root, json)
            {
                return self.reject(code);
            }
        }
        if let Some(at) = at.map(journey_artifact::word::date_time_ms) {
            self.advance_to(Instant(at));
            let now = self.now.0;
            let (from, _) = self.walker.report.time.unwrap_or((now, now));
            self.walker.report.time = Some((from, now));
        }
        let report = &mut self.walker.report;
        match (
            at.map(journey_artifact::word::date_time_ms),
            json.get("timestamp"),
        ) {
            (Some(at), _) if at < self.now.0 => report.events_late.note(Default::default),
            (None, Some(written)) if !written.is_null() => report
                .events_with_unreadable_timestamp
                .note(Default::default),
            _ => {}
        }
        let mut about: Vec<(usize, Vec<Heard<'_>>)> = Vec::new();
        let mut addressed = true;
        for id in self.events.iter().map(|(id, _)| *id).collect::<Vec<_>>() {
            match self.declared(id, json) {
                Ok(None) => {}
                Ok(Some((namespace, person, dedupe))) => {
                    let who = self.meet(&namespace, &person);
                    let heard = Heard {
                        event: id,
                        json,
                        dedupe,
                    };
                    match about.iter_mut().find(|(known, _)| *known == who) {
                        Some((_, events)) => events.push(heard),
                        None => about.push((who, vec![heard])),
                    }
                }
                Err(_) => {
                    addressed = false;
                    let name = self.program.events[id.0 as usize].name.clone();
                    *self
                        .walker
                        .report
                        .events_without_identity
                        .entry(name)
                        .or_default() += 1;
                }
            }
        }
        let mut moved = false;
        for (who, events) in about {
            let now = self.now;
            moved |= self.walker.event(&mut self.people[who], events, now);
            self.settle(who);
        }
        if !moved && addressed {
            self.walker.report.events_with_no_journey += 1;
        }
    }

    /// Whom the event is about, if it is the declared one; an error when its key gives nobody.
    #[allow(clippy::type_complexity)]
    fn declared(
        &self,
        id: EventId,
        json: &Json,
    ) -> Result<Option<(String, String, Option<(u64, Instant)>)>, OracleError> {
        let event = &self.program.events[id.0 as usize];
        let (none, utc) = (BTreeMap::new(), Zone::utc());
        let scope = Scope {
            profile: None,
            input: Some(json),
            vars: &none,
            now_ms: self.now.0,
            zone: &utc,
        };
        if let Some(condition) = &event.condition
            && eval(condition, &scope)? != Some(Value::Bool(true))
        {
            return Ok(None);
        }
        let Some(key) = &event.key else {
            return Ok(None);
        };
        let id = match eval(key, &scope)? {
            Some(Value::String(id)) if !id.is_empty() && id.len() <= limits::IDENTITY_BYTES => id,
            _ => return Err(OracleError::Corrupt("nobody")),
        };
        let dedupe = match &event.dedupe {
            None => None,
            Some((expr, window)) => match eval(expr, &scope)? {
                Some(Value::String(text)) => {
                    let of = digest64(
                        "event",
                        &[
                            self.program.name.as_bytes(),
                            event.name.as_bytes(),
                            text.as_bytes(),
                        ],
                    );
                    Some((
                        of,
                        self.now.plus(i64::try_from(*window).unwrap_or(i64::MAX)),
                    ))
                }
                _ => None,
            },
        };
        let namespace = event.namespace.as_ref().or(self.program.identities.first());
        Ok(Some((namespace.cloned().unwrap_or_default(), id, dedupe)))
    }

    fn meet(&mut self, namespace: &str, id: &str) -> usize {
        let key = (namespace.to_string(), id.to_string());
        if let Some(who) = self.by_identity.get(&key) {
            return *who;
        }
        let mut person = Person::new(namespace, id);
        if let Some(profile) = self.profile_of.get(&key).map(|ix| &self.profiles[*ix]) {
            let plan = self
                .artifact
                .profile
                .and_then(|plan| self.artifact.plans.get(plan.0 as usize));
            match plan.map_or(Ok(()), |plan| check(self.artifact, &plan.root, profile)) {
                Ok(()) => person.profile = Some(profile.clone()),
                Err(code) => self.walker.report.reject(
                    &format!("PROFILE_{code}"),
                    String::new(),
                    String::new(),
                ),
            }
        }
        self.people.push(person);
        self.by_identity.insert(key, self.people.len() - 1);
        self.people.len() - 1
    }

    fn advance_to(&mut self, at: Instant) {
        while let Some(entry) = self.queue.first_entry() {
            let due = entry.key().0;
            if due >= at {
                break;
            }
            let task = entry.remove();
            self.now = self.now.max(due);
            let now = self.now;
            let who = match task {
                Due::Timer(who) => {
                    self.people[who].timer = None;
                    self.walker.timer(&mut self.people[who], now);
                    who
                }
                Due::Answer(who, key, answer, mut attempt) => {
                    self.walker.answer(&mut self.people[who], key, &answer, now);
                    let mistyped = std::mem::take(&mut self.walker.mistyped);
                    if let Some((of, ms)) = attempt.as_mut().and_then(|it| it.keep.take())
                        && !mistyped
                    {
                        self.cache.arrived(of, &answer, now, ms);
                    }
                    if let Some(attempt) = attempt {
                        let outcome = match mistyped {
                            true => "response of another type".into(),
                            false => answer.word(),
                        };
                        self.count(&attempt, Some(&outcome));
                    }
                    who
                }
            };
            self.settle(who);
        }
        self.now = self.now.max(at);
    }

    /// After somebody moved: calls go out, and the timer is set.
    fn settle(&mut self, who: usize) {
        for request in std::mem::take(&mut self.walker.calls) {
            self.call(who, request);
        }
        let due = self.people[who].next_due();
        if self.people[who].timer.map(|(at, _)| at) == due {
            return;
        }
        if let Some(old) = self.people[who].timer.take() {
            self.queue.remove(&old);
        }
        if let Some(at) = due {
            self.people[who].timer = Some(self.enqueue(at, Due::Timer(who)));
        }
    }

    fn call(&mut self, who: usize, request: CallRequest) {
        let timeout = i64::try_from(request.timeout_ms).unwrap_or(i64::MAX);
        let same = (request.cache_ms > 0).then(|| Same::new(&request));
        let fresh = same.as_ref().and_then(|of| self.cache.fresh(of, self.now));
        if let Some(answer) = fresh {
            self.enqueue(self.now, Due::Answer(who, request.key, answer, None));
            return;
        }
        let start = match &request.limit {
            None => Some(self.now),
            Some(limit) => self
                .gates
                .entry(request.name.clone())
                .or_default()
                .pass(limit, self.now),
        };
        let (answer, at, start) = match start {
            None => (Answer::Capped, self.now, self.now),
            Some(start) => {
                let answer = self.stubs.answer(&request).unwrap_or(Answer::NoStub);
                match answer {
                    Answer::Timeout => (answer, start.plus(timeout), start),
                    Answer::Capped => {
                        // It never starts.
                        if let (Some(_), Some(gate)) =
                            (&request.limit, self.gates.get_mut(&request.name))
                        {
                            gate.give_back();
                        }
                        (answer, self.now, self.now)
                    }
                    _ => (answer, start.plus(LATENCY_MS.min(timeout)), start),
                }
            }
        };
        let attempt = Attempt {
            name: request.name,
            is_source: request.is_source,
            start,
            keep: same.map(|of| (of, request.cache_ms)),
        };
        self.enqueue(at, Due::Answer(who, request.key, answer, Some(attempt)));
    }

    /// Counts an attempt by what came of it; by nothing when it was not sent.
    fn count(&mut self, attempt: &Attempt, outcome: Option<&str>) {
        let calls = &mut self.walker.report.calls;
        let call = calls.entry(attempt.name.clone()).or_default();
        call.source = attempt.is_source;
        match outcome {
            Some(outcome) => *call.outcomes.entry(outcome.to_string()).or_default() += 1,
            None => call.queued += 1,
        }
    }

    fn enqueue(&mut self, at: Instant, due: Due) -> (Instant, u64) {
        let place = (at, self.next_seq);
        self.next_seq += 1;
        self.queue.insert(place, due);
        place
    }

    fn reject(&mut self, code: &str) {
        self.walker.report.refuse(0, code, String::new());
    }

    fn finish(mut self) -> Report {
        for due in std::mem::take(&mut self.queue).into_values() {
            if let Due::Answer(_, _, _, Some(attempt)) = due {
                let sent = attempt.start <= self.now;
                self.count(&attempt, sent.then_some("no answer yet"));
            }
        }
        let mut report = self.walker.report;
        report.package.clone_from(&self.program.name);
        report.version.clone_from(&self.program.version);
        report.people = self.people.len() as u64;
        for journey in &self.program.journeys {
            report.journeys.entry(journey.name.clone()).or_default();
        }
        for instance in self.people.iter().flat_map(|person| &person.instances) {
            let journey = &self.artifact.journeys[instance.journey];
            let node = journey.nodes[instance.at as usize].name;
            let node = self.artifact.strings[node.0 as usize].to_owned();
            let name = &self.program.journeys[instance.journey].name;
            if let Some(counts) = report.journeys.get_mut(name) {
                *counts.inside.entry(node).or_default() += 1;
            }
        }
        report
    }
}

/// The events that a journey listens for.
fn heard(program: &Program) -> BTreeSet<EventId> {
    let mut found = BTreeSet::new();
    for journey in &program.journeys {
        found.extend(journey.entries.iter().map(|on| on.event));
        for exit in &journey.exits {
            if let ExitWhen::Event(on) = &exit.when {
                found.insert(on.event);
            }
        }
        each_step(journey, &mut |step| match &step.kind {
            StepKind::Wait { or: arms, .. } | StepKind::Await { arms, .. } => {
                found.extend(arms.iter().map(|arm| arm.on.event));
            }
            _ => {}
        });
    }
    found
}
