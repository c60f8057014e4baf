//! Counts while a replay runs.
//!
//! Comes in: effects and answers, as they happen. Goes out: a [`Report`]. Journeys are counted by their place in the
//! deployment and get their names at the end, so that a move costs no text.
//! Never true here: a count that depends on the order of a map; a name made for a count that already has one.

use super::answers::{Answer, SUCCESS};
use super::engine::{Watch, Who};
use super::report::{CallReport, Counts, JourneyReport, Report, Row};
use super::story;
use journey_artifact::graph::NodeKind;
use journey_machine::deployment::{Deployment, Scanned};
use journey_machine::effects::{CallRequest, Code, Effects, RefusalCode, Status, StepEvent};
use journey_machine::ids::{InstanceId, Instant, JourneyRef};
use journey_machine::person::Person;
use std::collections::{BTreeMap, BTreeSet};

/// What a replay counts.
pub struct Tally {
    /// What is counted by name from the start.
    pub report: Report,
    /// The person (by id) whose moves are all told.
    person: Option<String>,
    /// How many stays are shown.
    table: usize,
    journeys: BTreeMap<JourneyRef, Moves>,
    /// The stays that the table shows, by when they began to be shown.
    rows: BTreeMap<InstanceId, (usize, Row)>,
    traced: BTreeSet<Who>,
}

/// The moves of one journey.
#[derive(Debug, Default)]
struct Moves {
    entered: u64,
    ended: Counts,
    exited: Counts,
    expired: u64,
    failed: BTreeMap<Code, u64>,
    refused: BTreeMap<RefusalCode, u64>,
}

/// What a response that is not of the call's type counts as.
const WRONG_TYPE: &str = "response of another type";

/// An attempt of an action and what came of it.
fn sent(name: &str, outcome: &str) -> String {
    format!("{name} ({outcome})")
}

/// Counts one; a name is copied once.
fn count(counts: &mut Counts, name: &str) {
    match counts.get_mut(name) {
        Some(n) => *n += 1,
        None => {
            counts.insert(name.to_string(), 1);
        }
    }
}

impl Tally {
    /// Nothing counted but what `report` holds.
    pub fn new(report: Report, person: Option<String>, table: usize) -> Tally {
        Tally {
            report,
            person,
            table,
            journeys: BTreeMap::new(),
            rows: BTreeMap::new(),
            traced: BTreeSet::new(),
        }
    }

    /// Counts declared events that are about nobody.
    pub fn unaddressed(&mut self, scanned: &Scanned, line: u64, deployment: &Deployment) {
        for nobody in &scanned.unaddressed {
            let program = deployment.programs().get(nobody.program);
            let name = program.and_then(|p| {
                let event = p.loaded().artifact().events.get(nobody.event.0 as usize)?;
                Some(p.text(event.name))
            });
            let name = name.unwrap_or_default();
            if nobody.fault {
                self.report.reject(
                    "FAULT",
                    format!("line {line}"),
                    format!("`{name}` could not be evaluated within bounds"),
                );
            } else {
                count(&mut self.report.events_without_identity, name);
            }
        }
    }

    /// A response that was counted as a success was none of the call's type: its step took the failure.
    fn not_of_its_type(&mut self, deployment: &Deployment, step: &StepEvent) {
        let Some((program, journey)) = deployment
            .program(step.journey)
            .zip(deployment.journey(step.journey))
        else {
            return;
        };
        let Some(NodeKind::Call { call, .. }) =
            journey.nodes.get(step.node as usize).map(|n| &n.kind)
        else {
            return;
        };
        let calls = &program.loaded().artifact().calls;
        let Some(decl) = calls.get(call.0 as usize) else {
            return;
        };
        let name = program.text(decl.name);
        if let Some(report) = self.report.calls.get_mut(name)
            && let Some(n) = report.outcomes.get_mut(SUCCESS)
        {
            *n -= 1;
            if *n == 0 {
                report.outcomes.remove(SUCCESS);
            }
            count(&mut report.outcomes, WRONG_TYPE);
        }
        if let Some((_, row)) = self.rows.get_mut(&step.instance)
            && let Some(last) = row.sent.last_mut()
            && *last == sent(name, SUCCESS)
        {
            *last = sent(name, WRONG_TYPE);
        }
    }

    fn step(&mut self, deployment: &Deployment, person: &Person, step: &StepEvent) {
        if step.code == Code::Response {
            self.not_of_its_type(deployment, step);
        }
        if step.status == Status::Transition {
            return;
        }
        let label = step.label.as_deref().unwrap_or_default();
        let moves = self.journeys.entry(step.journey).or_default();
        match step.status {
            Status::Entered => {
                moves.entered += 1;
                if self.rows.len() < self.table {
                    let row = Row {
                        person: person.id().to_string(),
                        journey: deployment.journey_name(step.journey).to_string(),
                        entered: story::instant(step.at),
                        ..Row::default()
                    };
                    self.rows.insert(step.instance, (self.rows.len(), row));
                }
            }
            Status::Ended => count(&mut moves.ended, label),
            Status::Exited => count(&mut moves.exited, label),
            Status::Expired => moves.expired += 1,
            Status::Failed | Status::Stopped => *moves.failed.entry(step.code).or_default() += 1,
            Status::Waiting | Status::Calling | Status::Retrying | Status::Transition => {}
        }
        if let Some((_, row)) = self.rows.get_mut(&step.instance)
            && let Some(now) = now(deployment, step)
        {
            row.now = now;
        }
    }

    /// The report, with what the people inside are waiting at.
    pub fn finish<'p>(
        self,
        deployment: &Deployment,
        people: impl ExactSizeIterator<Item = &'p Person>,
    ) -> Report {
        let Tally {
            mut report,
            journeys,
            rows,
            ..
        } = self;
        report.people = people.len() as u64;
        let mut inside: BTreeMap<(JourneyRef, u32), u64> = BTreeMap::new();
        for instance in people.flat_map(Person::instances) {
            *inside
                .entry((instance.place(), instance.node()))
                .or_default() += 1;
        }
        let named = |report: &mut Report, at: JourneyRef, into: &dyn Fn(&mut JourneyReport)| {
            let name = deployment.journey_name(at).to_string();
            into(report.journeys.entry(name).or_default());
        };
        // Versions of one package have journeys of one name: their counts add up.
        for (at, moves) in &journeys {
            named(&mut report, *at, &|journey| moves.add_to(journey));
        }
        for ((at, node), n) in inside {
            let node = deployment.node_name(at, node);
            named(&mut report, at, &|journey| {
                *journey.inside.entry(node.to_string()).or_default() += n;
            });
        }
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
}

impl Moves {
    fn add_to(&self, journey: &mut JourneyReport) {
        journey.entered += self.entered;
        journey.expired += self.expired;
        let texts = [
            (&mut journey.ended, &self.ended),
            (&mut journey.exited, &self.exited),
        ];
        for (into, from) in texts {
            for (label, n) in from {
                *into.entry(label.clone()).or_default() += n;
            }
        }
        for (code, n) in &self.failed {
            *journey.failed.entry(code.to_string()).or_default() += n;
        }
        for (code, n) in &self.refused {
            *journey.refused.entry(code.to_string()).or_default() += n;
        }
    }
}

/// Where somebody is after a move, or how it ended; `None`: the move says nothing of it.
fn now(deployment: &Deployment, step: &StepEvent) -> Option<String> {
    let label = step.label.as_deref().unwrap_or_default();
    Some(match step.status {
        Status::Entered | Status::Transition => return None,
        Status::Ended if label.is_empty() => "ended".to_string(),
        Status::Ended => format!("ended \"{label}\""),
        Status::Exited => format!("exited on {label}"),
        Status::Expired => "expired".to_string(),
        Status::Failed | Status::Stopped => format!("failed: {}", step.code),
        Status::Waiting | Status::Calling | Status::Retrying => {
            format!("at {}", deployment.node_name(step.journey, step.node))
        }
    })
}

impl Watch for Tally {
    fn effects(&mut self, deployment: &Deployment, who: Who, person: &Person, effects: &Effects) {
        let traced = self.person.as_deref() == Some(person.id());
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
                    let moves = self.journeys.entry(journey).or_default();
                    *moves.refused.entry(refusal.code).or_default() += 1;
                }
                None => count(&mut self.report.events_passed_over, refusal.code.as_str()),
            }
        }
    }

    fn answered(&mut self, who: Who, request: &CallRequest, answer: &Answer, at: Instant) {
        if !self.report.calls.contains_key(&request.name) {
            self.report
                .calls
                .insert(request.name.clone(), CallReport::default());
        }
        if let Some(call) = self.report.calls.get_mut(&request.name) {
            call.source = request.is_source;
            count(&mut call.outcomes, &answer.word());
        }
        if let Some((_, row)) = self.rows.get_mut(&request.instance)
            && !request.is_source
        {
            row.sent.push(sent(&request.name, &answer.word()));
        }
        if self.traced.contains(&who) {
            self.report.trace.push(story::answered(request, answer, at));
        }
    }
}
