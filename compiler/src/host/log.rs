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
use crate::oracle::Bound;
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
    /// What names were bound to: for whom, in which journey.
    bound: Vec<(Who, usize, Came)>,
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

/// What came of a step that binds.
#[derive(Debug)]
enum Came {
    /// Of a `let`: the name of the variable, its value.
    Value(String, Option<Value>),
    /// Of the call at a node, after all its attempts: its answer, or why it has none. One that was never made has no failure either.
    Call(usize, Result<Json, Option<Failed>>),
}

/// A call that failed.
#[derive(Debug)]
struct Failed {
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

    /// What came last of the steps of a journey, which is the one of this number, that bind a name: a value, or the answer of a call.
    pub fn bound(&self, of: &[Who], ix: usize, journey: &Journey, name: &str) -> Option<Bound> {
        let steps = steps(journey);
        let binds = |node: usize| match &steps.get(node).map(|step| &step.kind) {
            Some(StepKind::Call { var: Some(var), .. }) => {
                let var = journey.vars.get(var.0 as usize);
                var.is_some_and(|var| var.name == name)
            }
            _ => false,
        };
        let found = self.came(of, ix).find(|came| match came {
            Came::Value(bound, _) => bound == name,
            Came::Call(node, _) => binds(*node),
        });
        match found? {
            Came::Value(_, value) => value.clone().map(Bound::Value),
            Came::Call(_, answer) => answer.as_ref().ok().cloned().map(Bound::Json),
        }
    }

    /// The last failure that a journey, which is the one of this number, kept under a name: `reason`, and `status` and `body` where
    /// it has them.
    pub fn failure(&self, of: &[Who], ix: usize, journey: &Journey, name: &str) -> Option<Json> {
        let steps = steps(journey);
        let is_kept = |node: usize, failed: &Failed| {
            let StepKind::Call { outcomes, .. } = &steps.get(node)?.kind else {
                return None;
            };
            let taken = outcomes.iter().find(|outcome| takes(outcome, failed))?;
            let var = journey.vars.get(taken.var?.0 as usize)?;
            (var.name == name).then_some(())
        };
        let failed = self.came(of, ix).find_map(|came| match came {
            Came::Call(node, Err(Some(failed))) => is_kept(*node, failed).map(|()| failed),
            _ => None,
        });
        failed.map(|failed| {
            let mut fields = Map::new();
            fields.insert("reason".into(), failed.code.as_str().into());
            fields.extend(failed.status.map(|it| ("status".to_string(), it.into())));
            fields.extend(failed.body.clone().map(|it| ("body".to_string(), it)));
            Json::Object(fields)
        })
    }

    /// What came of the steps of a journey for these, the latest first.
    fn came(&self, of: &[Who], journey: usize) -> impl Iterator<Item = &Came> {
        let mine = self.bound.iter().rev();
        let mine = mine.filter(move |(who, ix, _)| of.contains(who) && *ix == journey);
        mine.map(|(_, _, came)| came)
    }

    /// What a journey has of a call that has come to its end, by the answer that has just arrived or without one. A stay that is led out
    /// while it stands at a call, or in front of one, has nothing of it.
    fn keep(&mut self, who: Who, step: &StepEvent, answer: Option<&Answer>) {
        let body = || match answer {
            Some(Answer::Response(_, body)) => serde_json::from_slice(body).ok(),
            _ => None,
        };
        let came = match step.code {
            Code::Success => Ok(body().unwrap_or(Json::Null)),
            Code::Http | Code::Timeout | Code::Capped | Code::Connection | Code::Response => {
                Err(Some(Failed {
                    code: step.code,
                    status: step.label.as_deref().and_then(|label| label.parse().ok()),
                    body: body(),
                }))
            }
            _ if step.status == Status::Failed => Err(None),
            _ => return,
        };
        let (journey, node) = (step.journey.journey as usize, step.node as usize);
        self.bound.push((who, journey, Came::Call(node, came)));
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
                self.bound.push((who, journey, Came::Value(name, value)));
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
