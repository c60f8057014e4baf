//! Replays events through a deployment in virtual time.
//!
//! Comes in: a feed of events, profiles, stubs. Goes out: a [`Report`]. The events' `timestamp`s drive the clock, in the order
//! of the feed; one that lies before the clock is delivered at the clock's time.
//! Never true here: a broken event that stops the replay, or that is lost without a code.

use super::answers::{Answer, Stubs};
use super::engine::{Engine, Options, Watch, Who};
use super::feed::{self, Feed, Line};
use super::report::{Report, Row};
use super::story;
use journey_machine::deployment::{Deployment, Scanned};
use journey_machine::effects::{CallRequest, Effects, Status, StepEvent};
use journey_machine::ids::{InstanceId, Instant, JourneyRef};
use journey_machine::person::Person;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, BufRead};

/// Milliseconds between a call and its stubbed answer.
const LATENCY_MS: i64 = 50;
/// Milliseconds that the clock goes on after the last event, so that answers under way still arrive.
const AFTER_MS: i64 = 1_000;

/// What a replay is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RunOptions {
    /// Stop after so many events.
    pub limit: Option<u64>,
    /// The person (by id) whose moves are all told.
    pub person: Option<String>,
    /// People whose stays are shown in the table.
    pub table: usize,
}

/// Profiles by identity, as text: they are parsed when somebody is met.
#[derive(Debug, Default)]
pub struct Profiles {
    texts: Vec<(u64, Box<[u8]>)>,
    /// Looked up, never walked.
    by_identity: HashMap<(String, String), usize>,
}

impl Profiles {
    /// Reads NDJSON: one profile a line, found by its `identityMap`. What is no profile is rejected into `report`.
    pub fn read(feed: &mut Feed<impl BufRead>, report: &mut Report) -> io::Result<Profiles> {
        let mut profiles = Profiles::default();
        while let Some((number, line)) = feed.next_line()? {
            let place = format!("profiles, line {number}");
            let Line::Bytes(bytes) = line else {
                report.reject("TOO_LARGE", place, "the line is too long".into());
                continue;
            };
            match serde_json::from_slice::<Json>(&bytes) {
                Err(e) => report.reject("INVALID_JSON", place, e.to_string()),
                Ok(json) => {
                    let identities = identities(&json);
                    if identities.is_empty() {
                        report.reject(
                            "NO_IDENTITY",
                            place,
                            "the profile has no identityMap with an id".into(),
                        );
                        continue;
                    }
                    profiles.texts.push((number, bytes.into()));
                    for identity in identities {
                        profiles
                            .by_identity
                            .insert(identity, profiles.texts.len() - 1);
                    }
                }
            }
        }
        Ok(profiles)
    }

    fn find(&self, namespace: &str, id: &str) -> Option<&(u64, Box<[u8]>)> {
        self.texts.get(
            *self
                .by_identity
                .get(&(namespace.to_string(), id.to_string()))?,
        )
    }
}

/// `{"identityMap": {"Email": [{"id": "a@b"}]}}` → Email, a@b.
fn identities(profile: &Json) -> Vec<(String, String)> {
    let Some(map) = profile.get("identityMap").and_then(Json::as_object) else {
        return Vec::new();
    };
    let ids = |list: &Json| -> Vec<String> {
        let items = list.as_array().into_iter().flatten();
        items
            .filter_map(|item| item.get("id")?.as_str())
            .map(str::to_string)
            .collect()
    };
    map.iter()
        .flat_map(|(namespace, list)| ids(list).into_iter().map(|id| (namespace.clone(), id)))
        .collect()
}

/// Replays a feed. `report` may already hold what reading the profiles found; `tick` hears of every event, by number.
pub fn replay(
    deployment: &Deployment,
    feed: &mut Feed<impl BufRead>,
    stubs: Stubs,
    profiles: &Profiles,
    options: &RunOptions,
    report: Report,
    tick: &mut dyn FnMut(u64),
) -> io::Result<Report> {
    let tally = Tally {
        report,
        options: options.clone(),
        rows: BTreeMap::new(),
        traced: BTreeSet::new(),
    };
    let host = Options {
        latency_ms: LATENCY_MS,
        trace: options.person.is_some(),
        recode: false,
    };
    let mut engine = Engine::new(deployment, stubs, tally, Instant(i64::MIN), host);
    'feed: while let Some((number, line)) = feed.next_line()? {
        let Line::Bytes(bytes) = line else {
            engine.watch.report.events += 1;
            engine.watch.report.reject(
                "TOO_LARGE",
                format!("line {number}"),
                "the line is too long".into(),
            );
            continue;
        };
        for event in feed::events(&bytes) {
            if options
                .limit
                .is_some_and(|limit| engine.watch.report.events >= limit)
            {
                break 'feed;
            }
            engine.watch.report.events += 1;
            tick(engine.watch.report.events);
            one(&mut engine, profiles, number, &event);
        }
    }
    engine.advance_to(engine.now().plus(AFTER_MS));
    Ok(finish(deployment, engine))
}

fn one(engine: &mut Engine<'_, Stubs, Tally>, profiles: &Profiles, number: u64, event: &[u8]) {
    if let Some(at) = feed::timestamp(event) {
        engine.advance_to(Instant(at));
        let report = &mut engine.watch.report;
        let (from, to) = report.time.unwrap_or((at, at));
        report.time = Some((from, to.max(at)));
    }
    let scanned = match engine.scan(event) {
        Ok(scanned) => scanned,
        Err(rejection) => {
            let place = format!("line {number}");
            return engine
                .watch
                .report
                .reject(rejection.code.code(), place, rejection.to_string());
        }
    };
    for (namespace, id) in scanned.people() {
        let who = engine.meet(namespace, id);
        if engine.has_profile(who) {
            continue;
        }
        if let Some((line, text)) = profiles.find(namespace, id)
            && let Ok(profile) = serde_json::from_slice(text)
            && let Err(rejection) = engine.set_profile(who, profile)
        {
            let code = format!("PROFILE_{}", rejection.code.code());
            engine.watch.report.reject(
                &code,
                format!("profiles, line {line}"),
                rejection.to_string(),
            );
        }
    }
    if scanned.matches.is_empty() && scanned.unaddressed.is_empty() {
        engine.watch.report.events_with_no_journey += 1;
    }
    let deployment = engine.deployment();
    engine.watch.unaddressed(&scanned, number, deployment);
    engine.deliver(&scanned);
}

/// Counts while the replay runs.
struct Tally {
    report: Report,
    options: RunOptions,
    /// The stays that the table shows, by when they began to be shown.
    rows: BTreeMap<InstanceId, (usize, Row)>,
    traced: BTreeSet<Who>,
}

impl Tally {
    fn unaddressed(&mut self, scanned: &Scanned, line: u64, deployment: &Deployment) {
        for nobody in &scanned.unaddressed {
            let program = deployment.programs().get(nobody.program);
            let name = program.and_then(|p| {
                let event = p.loaded().artifact().events.get(nobody.event.0 as usize)?;
                Some(p.text(event.name).to_string())
            });
            let name = name.unwrap_or_default();
            if nobody.fault {
                self.report.reject(
                    "FAULT",
                    format!("line {line}"),
                    format!("`{name}` could not be evaluated within bounds"),
                );
            } else {
                *self.report.events_without_identity.entry(name).or_default() += 1;
            }
        }
    }

    fn step(&mut self, deployment: &Deployment, person: &Person, step: &StepEvent) {
        let journey = self
            .report
            .journeys
            .entry(deployment.journey_name(step.journey).to_string())
            .or_default();
        let label = step.label.clone().unwrap_or_default();
        let end = match step.status {
            Status::Entered => {
                journey.entered += 1;
                if self.rows.len() < self.options.table {
                    let row = Row {
                        person: person.id().to_string(),
                        journey: deployment.journey_name(step.journey).to_string(),
                        entered: story::instant(step.at),
                        ..Row::default()
                    };
                    self.rows.insert(step.instance, (self.rows.len(), row));
                }
                return;
            }
            Status::Ended => {
                *journey.ended.entry(label.clone()).or_default() += 1;
                if label.is_empty() {
                    "ended".to_string()
                } else {
                    format!("ended \"{label}\"")
                }
            }
            Status::Exited => {
                *journey.exited.entry(label.clone()).or_default() += 1;
                format!("exited on {label}")
            }
            Status::Expired => {
                journey.expired += 1;
                "expired".to_string()
            }
            Status::Failed | Status::Stopped => {
                *journey.failed.entry(step.code.to_string()).or_default() += 1;
                format!("failed: {}", step.code)
            }
            Status::Waiting | Status::Calling | Status::Retrying => {
                format!("at {}", deployment.node_name(step.journey, step.node))
            }
            Status::Transition => return,
        };
        if let Some((_, row)) = self.rows.get_mut(&step.instance) {
            row.now = end;
        }
    }
}

impl Watch for Tally {
    fn effects(&mut self, deployment: &Deployment, who: Who, person: &Person, effects: &Effects) {
        let traced = self.options.person.as_deref() == Some(person.id());
        if traced {
            self.traced.insert(who);
        }
        for step in &effects.steps {
            self.step(deployment, person, step);
            if traced {
                self.report.trace.push(story::step(deployment, step));
                let why = step.trace.iter().flat_map(story::decision);
                self.report
                    .trace
                    .extend(why.map(|line| format!("    {line}")));
            }
        }
        for refusal in &effects.refusals {
            if traced {
                self.report.trace.push(story::refusal(deployment, refusal));
            }
            match refusal.journey {
                Some(journey) => {
                    let journey = self
                        .report
                        .journeys
                        .entry(deployment.journey_name(journey).to_string())
                        .or_default();
                    *journey.refused.entry(refusal.code.to_string()).or_default() += 1;
                }
                None => {
                    *self
                        .report
                        .events_passed_over
                        .entry(refusal.code.to_string())
                        .or_default() += 1
                }
            }
        }
    }

    fn answered(&mut self, who: Who, request: &CallRequest, answer: &Answer, at: Instant) {
        let call = self.report.calls.entry(request.name.clone()).or_default();
        call.source = request.is_source;
        *call.outcomes.entry(answer.word()).or_default() += 1;
        if let Some((_, row)) = self.rows.get_mut(&request.instance)
            && !request.is_source
        {
            row.sent
                .push(format!("{} ({})", request.name, answer.word()));
        }
        if self.traced.contains(&who) {
            self.report.trace.push(story::answered(request, answer, at));
        }
    }
}

fn finish(deployment: &Deployment, engine: Engine<'_, Stubs, Tally>) -> Report {
    let mut inside: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for who in 0..engine.people() {
        let Some(person) = engine.person(who) else {
            continue;
        };
        for instance in person.instances() {
            let journey = JourneyRef {
                program: instance.program(),
                journey: instance.journey(),
            };
            let nodes = inside
                .entry(deployment.journey_name(journey).to_string())
                .or_default();
            *nodes
                .entry(deployment.node_name(journey, instance.node()).to_string())
                .or_default() += 1;
        }
    }
    let people = engine.people() as u64;
    let Tally {
        mut report, rows, ..
    } = engine.watch;
    for (journey, nodes) in inside {
        report.journeys.entry(journey).or_default().inside = nodes;
    }
    report.people = people;
    if let Some(program) = deployment.programs().first() {
        let artifact = program.loaded().artifact();
        report.package.clone_from(&artifact.name);
        report.version.clone_from(&artifact.version);
        for journey in &artifact.journeys {
            report
                .journeys
                .entry(program.text(journey.name).to_string())
                .or_default();
        }
    }
    let mut rows: Vec<(usize, Row)> = rows.into_values().collect();
    rows.sort_by_key(|(shown, _)| *shown);
    report.some = rows.into_iter().map(|(_, row)| row).collect();
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_found_by_each_of_their_identities() {
        let text = concat!(
            "{\"identityMap\":{\"Email\":[{\"id\":\"a@b\"}],\"ECID\":[{\"id\":\"1\"},{\"id\":\"2\"}]}}\n",
            "{\"name\":\"nobody\"}\n",
            "{broken\n",
        );
        let mut report = Report::default();
        let profiles = Profiles::read(&mut Feed::new(text.as_bytes()), &mut report).unwrap();
        assert!(profiles.find("Email", "a@b").is_some() && profiles.find("ECID", "2").is_some());
        assert!(profiles.find("ECID", "a@b").is_none());
        let codes: Vec<&str> = report.rejections.keys().map(String::as_str).collect();
        assert_eq!(codes, ["INVALID_JSON", "NO_IDENTITY"]);
    }
}
