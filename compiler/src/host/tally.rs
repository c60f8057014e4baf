//! Counts while a replay runs.
//!
//! Comes in: effects, calls and answers, as they happen. Goes out: a [`Report`]. Journeys are counted by their place in the
//! deployment and get their names at the end, so that a move costs no text. A call is counted once, when it is known what came
//! of it: as the machine takes its answer, or at the end.
//! Never true here: a count that depends on the order of a map; a name made for a count that already has one; a count taken back.

use super::answers::Answer;
use super::people::Who;
use super::report::{CallReport, Counts, JourneyReport, QUEUED, Report, Row, WITHDRAWN};
use super::story;
use super::watch::{Attempt, Watch};
use journey_machine::deployment::{Deployment, Scanned};
use journey_machine::effects::{CallRequest, Code, Effects, RefusalCode, Status, StepEvent};
use journey_machine::ids::{InstanceId, Instant, JourneyRef};
use journey_machine::person::Person;
use journey_machine::read::Rejection;
use std::borrow::Cow;
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
    /// Calls by name, as they are numbered.
    names: BTreeMap<String, usize>,
    calls: Vec<CallReport>,
    /// Attempts under way, by number.
    under_way: Vec<Option<UnderWay>>,
    /// The attempt whose answer just arrived.
    arrived: Option<(UnderWay, Cow<'static, str>)>,
}

/// An attempt of a call that waits for its answer.
struct UnderWay {
    /// The call's number.
    call: usize,
    instance: InstanceId,
    /// Whether its limit holds it back.
    waits: bool,
    /// What is told of it, if that is asked for.
    told: Option<String>,
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

/// What an attempt counts as whose answer is still out when the replay ends.
const NO_ANSWER: &str = "no answer yet";

/// Counts one; a name is copied once.
fn count(counts: &mut Counts, name: &str) {
    match counts.get_mut(name) {
        Some(n) => *n += 1,
        None => {
            counts.insert(name.to_string(), 1);
        }
    }
}

/// Labels of one journey's ends that are counted each by itself. A label may be made of data, and then there are as many as events.
const LABELS: usize = 2_000;

/// What ends with any further label are counted as.
const FURTHER: &str = "(further labels)";

/// Counts the end of a stay by its label.
fn count_end(counts: &mut Counts, label: &str) {
    let is_further = counts.len() >= LABELS && !counts.contains_key(label);
    count(counts, if is_further { FURTHER } else { label });
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
            names: BTreeMap::new(),
            calls: Vec::new(),
            under_way: Vec::new(),
            arrived: None,
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

    /// Counts an attempt by what came of it.
    fn came_of(&mut self, attempt: &UnderWay, outcome: &str) {
        let Some(call) = self.calls.get_mut(attempt.call) else {
            return;
        };
        match outcome {
            QUEUED => call.queued += 1,
            WITHDRAWN => call.withdrawn += 1,
            _ => count(&mut call.outcomes, outcome),
        }
        if call.source {
            return;
        }
        if let Some((_, row)) = self.rows.get_mut(&attempt.instance) {
            let name = self.names.iter().find(|(_, n)| **n == attempt.call);
            let name = name.map_or("", |(name, _)| name);
            row.sent.push(format!("{name} ({outcome})"));
        }
    }

    /// Counts the attempts that the end of the replay found under way, in the order of their numbers.
    fn close(&mut self, now: Instant) {
        for attempt in std::mem::take(&mut self.under_way).into_iter().flatten() {
            let outcome = if attempt.waits { QUEUED } else { NO_ANSWER };
            self.end(&attempt, outcome, now);
        }
    }

    /// Counts and tells an attempt to which no answer comes.
    fn end(&mut self, attempt: &UnderWay, outcome: &str, now: Instant) {
        if let Some(told) = &attempt.told {
            self.report.trace.push(story::came_of(told, outcome, now));
        }
        self.came_of(attempt, outcome);
    }

    fn step(&mut self, deployment: &Deployment, person: &Person, step: &StepEvent) {
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
            Status::Ended => count_end(&mut moves.ended, label),
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

    /// The report at this instant, with what the people inside are waiting at.
    pub fn finish<'p>(
        mut self,
        deployment: &Deployment,
        people: impl ExactSizeIterator<Item = &'p Person>,
        now: Instant,
    ) -> Report {
        self.close(now);
        let Tally {
            mut report,
            journeys,
            rows,
            names,
            mut calls,
            ..
        } = self;
        let calls = names
            .into_iter()
            .map(|(name, n)| (name, std::mem::take(&mut calls[n])));
        report.calls.extend(calls);
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
    fn hears(&mut self, deployment: &Deployment, person: &Person, event: &Scanned, at: Instant) {
        if self.person.as_deref() == Some(person.id()) {
            let told = story::heard(deployment, person, event, at);
            self.report.trace.extend(told);
        }
    }

    fn effects(&mut self, deployment: &Deployment, who: Who, person: &Person, effects: &Effects) {
        if let Some((attempt, word)) = self.arrived.take() {
            let mistyped = |step: &StepEvent| step.code == Code::Response;
            let outcome = match effects.steps.iter().any(mistyped) {
                true => WRONG_TYPE,
                false => &*word,
            };
            self.came_of(&attempt, outcome);
        }
        let traced = self.person.as_deref() == Some(person.id());
        if traced {
            self.traced.insert(who);
        }
        if traced {
            let told = story::effects(deployment, effects);
            self.report.trace.extend(told);
        }
        for step in &effects.steps {
            self.step(deployment, person, step);
        }
        for refusal in &effects.refusals {
            match refusal.journey {
                Some(journey) => {
                    let moves = self.journeys.entry(journey).or_default();
                    *moves.refused.entry(refusal.code).or_default() += 1;
                }
                None => count(&mut self.report.events_passed_over, refusal.code.as_str()),
            }
        }
    }

    fn called(&mut self, who: Who, request: &CallRequest, _: &Answer, attempt: Attempt) {
        let call = match self.names.get(&request.name) {
            Some(call) => *call,
            None => {
                self.names.insert(request.name.clone(), self.calls.len());
                self.calls.push(CallReport {
                    source: request.is_source,
                    ..CallReport::default()
                });
                self.calls.len() - 1
            }
        };
        let is_traced = self.traced.contains(&who);
        let number = attempt.number as usize;
        if self.under_way.len() <= number {
            self.under_way.resize_with(number + 1, || None);
        }
        self.under_way[number] = Some(UnderWay {
            call,
            instance: request.instance,
            waits: attempt.start > attempt.asked,
            told: is_traced.then(|| story::attempt(request)),
        });
    }

    fn goes_out(&mut self, number: u32, _: Instant) {
        if let Some(Some(attempt)) = self.under_way.get_mut(number as usize) {
            attempt.waits = false;
        }
    }

    fn arrives(&mut self, number: u32, answer: &Answer, at: Instant) {
        let attempt = self.under_way.get_mut(number as usize);
        let Some(attempt) = attempt.and_then(Option::take) else {
            return;
        };
        if let Some(told) = &attempt.told {
            self.report.trace.push(story::answer_to(told, answer, at));
        }
        self.arrived = Some((attempt, answer.word()));
    }

    fn withdrawn(&mut self, number: u32, at: Instant) {
        let attempt = self.under_way.get_mut(number as usize);
        if let Some(attempt) = attempt.and_then(Option::take) {
            self.end(&attempt, WITHDRAWN, at);
        }
    }

    fn not_set(&mut self, person: &Person, why: &Rejection, at: Instant) {
        let place = format!("update of {}, {}", person.id(), story::instant(at));
        self.report.reject_profile(place, why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_made_of_data_are_counted_together_beyond_some() {
        let mut ended = Counts::new();
        for n in 0..10_000 {
            count_end(&mut ended, &format!("order {n}"));
            count_end(&mut ended, "order 0");
        }
        assert_eq!(ended.len(), LABELS + 1);
        assert_eq!(ended.values().sum::<u64>(), 20_000);
        assert_eq!((ended["order 0"], ended[FURTHER]), (10_001, 8_000));
    }
}
