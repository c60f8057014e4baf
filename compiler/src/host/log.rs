//! Everything that happened in a test, by the person it happened to.
//!
//! Comes in: what a watch is told; the events that were received. Goes out: moves, messages, answers and values, as expectations ask
//! for them. Never true here: what happened to one person told of another; an answer that has not arrived.

use super::answers::Answer;
use super::engine::Who;
use super::report::WITHDRAWN;
use super::story;
use super::watch::{Attempt, Watch};
use crate::hir::{self, Journey, Outcome, OutcomeKind, Step, StepKind};
use journey_artifact::graph::NodeKind;
use journey_machine::deployment::{Deployment, Scanned};
use journey_machine::effects::{CallRequest, Code, Effects, Refusal, Status, StepEvent};
use journey_machine::ids::Instant;
use journey_machine::person::Person;
use journey_machine::read::Rejection;
use journey_machine::value::Value;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Everything that happened in a test.
#[derive(Debug, Default)]
pub struct Log {
    /// Moves.
    pub moves: Vec<(Who, StepEvent)>,
    /// Calls, first attempts only.
    sent: Vec<Sent>,
    /// Refused entrances.
    pub refusals: Vec<(Who, Refusal)>,
    /// The last event of each declaration, by its name, and its number: of those that the test's person received.
    pub received: BTreeMap<String, (usize, Json)>,
    /// A call that no stub answered.
    pub unstubbed: Option<String>,
    /// The story, as lines.
    pub lines: Vec<String>,
    /// What is to be told of attempts that a limit holds back, by number.
    held: BTreeMap<u32, String>,
    /// What calls came to: for whom, in which journey, at which node; nothing when it failed.
    responses: Vec<(Who, usize, usize, Option<Json>)>,
    /// What `let` bound: for whom, in which journey, the name of the variable.
    values: Vec<(Who, usize, String, Option<Value>)>,
    /// Calls that failed in the end.
    failures: Vec<(Who, Failed)>,
    /// The answer that has just arrived: the next effects are what came of it.
    arrived: Option<Answer>,
}

/// A call that went out, or will once its limit lets it.
#[derive(Debug)]
struct Sent {
    who: Who,
    name: String,
    args: Value,
    number: u32,
    /// Whether its limit holds it back.
    waits: bool,
}

/// A call that failed, after all its attempts.
#[derive(Debug)]
struct Failed {
    journey: usize,
    node: usize,
    code: Code,
    status: Option<u16>,
    body: Option<Json>,
}

impl Log {
    /// What of this name has gone out, and to whom: the arguments.
    pub fn sent<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (Who, &'a Value)> {
        let out = self.sent.iter();
        let out = out.filter(move |sent| sent.name == name && !sent.waits);
        out.map(|sent| (sent.who, &sent.args))
    }

    /// The attempt of a number that waits, if it is a first one. Numbers are given again, so at most one of each waits.
    fn waiting(&self, number: u32) -> Option<usize> {
        let waits = |sent: &Sent| sent.waits && sent.number == number;
        self.sent.iter().rposition(waits)
    }

    /// The response that the calls which bind a name came to last, in a journey, which is the one of this number.
    pub fn response(&self, of: &[Who], ix: usize, journey: &Journey, name: &str) -> Option<&Json> {
        let steps = steps(journey);
        let binds = |node: usize| match &steps.get(node).map(|step| &step.kind) {
            Some(StepKind::Call { var: Some(var), .. }) => {
                let var = journey.vars.get(var.0 as usize);
                var.is_some_and(|var| var.name == name)
            }
            _ => false,
        };
        let mut mine = self.responses.iter().rev();
        let found = mine.find(|(who, at, node, _)| of.contains(who) && *at == ix && binds(*node));
        found.and_then(|(_, _, _, body)| body.as_ref())
    }

    /// What a journey's `let` bound last.
    pub fn value(&self, of: &[Who], journey: usize, name: &str) -> Option<&Value> {
        let mut bound = self.values.iter().rev();
        let found = bound.find(|(who, at, bound, _)| {
            of.contains(who) && *at == journey && bound.as_str() == name
        });
        found.and_then(|(_, _, _, value)| value.as_ref())
    }

    /// The last failure that a journey, which is the one of this number, kept under a name: `reason`, and `status` and `body` where
    /// it has them.
    pub fn failure(&self, of: &[Who], ix: usize, journey: &Journey, name: &str) -> Option<Json> {
        let steps = steps(journey);
        let is_kept = |failed: &Failed| {
            let StepKind::Call { outcomes, .. } = &steps.get(failed.node)?.kind else {
                return None;
            };
            let taken = outcomes.iter().find(|outcome| takes(outcome, failed))?;
            let var = journey.vars.get(taken.var?.0 as usize)?;
            (var.name == name).then_some(())
        };
        let mut mine = self.failures.iter().rev().filter(|(who, failed)| {
            of.contains(who) && failed.journey == ix && is_kept(failed).is_some()
        });
        mine.next().map(|(_, failed)| {
            let mut fields = Map::new();
            fields.insert("reason".into(), failed.code.as_str().into());
            fields.extend(failed.status.map(|it| ("status".to_string(), it.into())));
            fields.extend(failed.body.clone().map(|it| ("body".to_string(), it)));
            Json::Object(fields)
        })
    }

    /// What a journey has of a call that has come to its end, by the answer that has just arrived or without one.
    fn keep(&mut self, who: Who, step: &StepEvent, answer: Option<&Answer>) {
        let body = || match answer {
            Some(Answer::Response(_, body)) => serde_json::from_slice(body).ok(),
            _ => None,
        };
        let (journey, node) = (step.journey.journey as usize, step.node as usize);
        let is_good = step.code == Code::Success;
        let response = is_good.then(|| body().unwrap_or(Json::Null));
        self.responses.push((who, journey, node, response));
        if !is_good {
            self.failures.push((
                who,
                Failed {
                    journey,
                    node,
                    code: step.code,
                    status: step.label.as_deref().and_then(|label| label.parse().ok()),
                    body: body(),
                },
            ));
        }
    }
}

impl Watch for Log {
    fn hears(&mut self, deployment: &Deployment, person: &Person, event: &Scanned, at: Instant) {
        self.lines
            .extend(story::heard(deployment, person, event, at));
    }

    fn effects(&mut self, deployment: &Deployment, who: Who, _: &Person, effects: &Effects) {
        let mut arrived = self.arrived.take();
        self.lines.extend(story::effects(deployment, effects));
        for step in &effects.steps {
            // It is the first step that comes of an answer.
            let answer = arrived.take();
            let is_over = matches!(step.status, Status::Transition | Status::Failed);
            if is_over && is_call(deployment, step) {
                self.keep(who, step, answer.as_ref());
            }
            if let Some(name) = variable(deployment, step) {
                let value = step.trace.last().and_then(|told| told.result.clone());
                let journey = step.journey.journey as usize;
                self.values.push((who, journey, name, value));
            }
            self.moves.push((who, step.clone()));
        }
        for refusal in &effects.refusals {
            self.refusals.push((who, refusal.clone()));
        }
    }

    fn called(&mut self, who: Who, request: &CallRequest, answer: &Answer, attempt: Attempt) {
        let (told, waits) = (story::attempt(request), attempt.start > attempt.asked);
        self.lines.push(match waits {
            true => story::held(&told, attempt.asked, attempt.start),
            false => story::answer_to(&told, answer, attempt.end),
        });
        if waits {
            self.held.insert(attempt.number, told);
        }
        if *answer == Answer::NoStub && self.unstubbed.is_none() {
            self.unstubbed = Some(request.name.clone());
        }
        if request.key.attempt == 1 && *answer != Answer::Capped {
            self.sent.push(Sent {
                who,
                name: request.name.clone(),
                args: request.args.clone(),
                number: attempt.number,
                waits,
            });
        }
    }

    fn goes_out(&mut self, number: u32, _: Instant) {
        if let Some(at) = self.waiting(number) {
            self.sent[at].waits = false;
        }
    }

    fn arrives(&mut self, number: u32, answer: &Answer, at: Instant) {
        let held = self.held.remove(&number);
        self.lines
            .extend(held.map(|told| story::answer_to(&told, answer, at)));
        self.arrived = Some(answer.clone());
    }

    fn withdrawn(&mut self, number: u32, at: Instant) {
        let held = self.held.remove(&number);
        self.lines
            .extend(held.map(|told| story::came_of(&told, WITHDRAWN, at)));
        if let Some(at) = self.waiting(number) {
            self.sent.remove(at);
        }
    }

    fn not_set(&mut self, _: &Person, why: &Rejection, at: Instant) {
        let why = format!("not set, {why}");
        self.lines.push(story::came_of("update profile", &why, at));
    }
}

/// Whether a branch of a call is the one that takes a failure, if none before it does.
fn takes(outcome: &Outcome, failed: &Failed) -> bool {
    match outcome.on {
        OutcomeKind::Failed => true,
        OutcomeKind::Capped => failed.code == Code::Capped,
        OutcomeKind::Timeout => failed.code == Code::Timeout,
        OutcomeKind::Http(status) => failed.code == Code::Http && failed.status == Some(status),
    }
}

/// Whether a move has come from a call.
fn is_call(deployment: &Deployment, step: &StepEvent) -> bool {
    let journey = deployment.journey(step.journey);
    let node = journey.and_then(|journey| journey.nodes.get(step.node as usize));
    node.is_some_and(|node| matches!(node.kind, NodeKind::Call { .. }))
}

/// The steps of a journey: they are its nodes, in order.
fn steps(journey: &Journey) -> Vec<&Step> {
    let mut steps = Vec::new();
    hir::each_step(journey, &mut |step| steps.push(step));
    steps
}

/// The variable that a move has just bound (or found to have no value).
fn variable(deployment: &Deployment, step: &StepEvent) -> Option<String> {
    if !matches!(step.code, Code::Set | Code::Missing) {
        return None;
    }
    let journey = deployment.journey(step.journey)?;
    let NodeKind::Assign { slot, .. } = journey.nodes.get(step.node as usize)?.kind else {
        return None;
    };
    let program = deployment.program(step.journey)?;
    let row = program
        .loaded()
        .artifact()
        .shapes
        .get(journey.vars.0 as usize)?;
    Some(
        program
            .text(row.slots.get(usize::from(slot))?.name)
            .to_string(),
    )
}
