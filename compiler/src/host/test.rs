//! Runs the tests of a package: each in a world of its own, in virtual time, against the artifact.
//!
//! Comes in: the checked program (for what the tests say) and a deployment of its artifact for tests (for what happens: it reads what they
//! look at, too).
//! Goes out: a [`Verdict`] for each test. A call that no stub answers fails the test, and so does a journey that fails
//! though nobody expects it.
//! Never true here: anything that one test leaves for the next.

use super::answers::{Answer, Answers};
use super::engine::{Engine, Options, Who};
use super::expect::{self, About};
use super::log::Log;
use super::receive::{self, Key};
use crate::hir::{self, EventId, Expectation, Program, Statement, StatementKind, StubAnswer, Test};
use crate::oracle::{self, Scope};
use crate::source::Span;
use journey_artifact::graph::NodeKind;
use journey_machine::deployment::Deployment;
use journey_machine::effects::{CallRequest, Status};
use journey_machine::ids::{InstanceId, Instant};
use journey_machine::time::Zone;
use journey_machine::value::Value;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What came of a test.
#[derive(Clone, PartialEq, Debug)]
pub struct Verdict {
    /// Its journey.
    pub journey: String,
    /// Its name.
    pub name: String,
    /// What went otherwise; `None`: it passed.
    pub failure: Option<Failure>,
}

/// Why a test failed.
#[derive(Clone, PartialEq, Debug)]
pub struct Failure {
    /// The statement.
    pub span: Span,
    /// What is otherwise.
    pub message: String,
    /// Values that explain it.
    pub notes: Vec<String>,
    /// What happened until then.
    pub trace: Vec<String>,
}

/// Runs one test.
pub fn run(program: &Program, deployment: &Deployment, test: &Test, options: Options) -> Verdict {
    let journey = program
        .journeys
        .get(test.journey)
        .map_or(String::new(), |j| j.name.clone());
    let running = Running::new(program, deployment, test, options);
    let failure = running.all().err();
    Verdict {
        journey,
        name: test.name.clone(),
        failure: failure.map(|f| *f),
    }
}

/// Stubs, the latest last; each with how often it still answers.
#[derive(Debug, Default)]
struct Layers {
    by_name: BTreeMap<String, Vec<(Answer, Option<u32>)>>,
}

impl Answers for Layers {
    fn answer(&mut self, request: &CallRequest) -> Option<Answer> {
        let layers = self.by_name.get_mut(&request.name)?;
        while let Some((answer, left)) = layers.last_mut() {
            match left {
                None => return Some(answer.clone()),
                Some(0) => {
                    layers.pop();
                }
                Some(n) => {
                    *n -= 1;
                    return Some(answer.clone());
                }
            }
        }
        None
    }
}

struct Running<'a> {
    program: &'a Program,
    test: &'a Test,
    engine: Engine<'a, Layers, Log>,
    id: String,
    profile: Option<Json>,
    /// The test's person, once for each namespace, and their key there: the first that came, which an event may write itself.
    who: Vec<Who>,
    keys: BTreeMap<String, String>,
    /// What `instance per` gave of each stay in the test's journey.
    instance_keys: BTreeMap<InstanceId, String>,
    received: usize,
    expects_failure: bool,
}

type Step<T> = Result<T, Box<Failure>>;

impl<'a> Running<'a> {
    fn new(
        program: &'a Program,
        deployment: &'a Deployment,
        test: &'a Test,
        options: Options,
    ) -> Running<'a> {
        let start = test.statements.iter().find_map(|s| match s.kind {
            StatementKind::At(at) => Some(at),
            _ => None,
        });
        let options = Options {
            trace: true,
            ..options
        };
        let start = Instant(start.unwrap_or(Test::START));
        let engine = Engine::new(
            deployment,
            Layers::default(),
            Log::default(),
            start,
            options,
        );
        let id = person(test);
        Running {
            program,
            test,
            engine,
            keys: BTreeMap::new(),
            instance_keys: BTreeMap::new(),
            id,
            profile: None,
            who: Vec::new(),
            received: 0,
            expects_failure: false,
        }
    }

    fn all(mut self) -> Step<()> {
        for statement in &self.test.statements {
            self.statement(statement)?;
            if let Some(name) = self.engine.watch.unstubbed.take() {
                let note = format!(
                    "say what it answers before: stub {name} {{ … }}, or: stub {name} fails timeout"
                );
                return Err(self.failure(
                    statement.span,
                    format!("{name} is called here and has no stub"),
                    vec![note],
                ));
            }
        }
        self.engine.settle();
        if let Some(name) = self.engine.watch.unstubbed.take() {
            return Err(self.failure(
                self.test.span,
                format!("{name} is called and has no stub"),
                Vec::new(),
            ));
        }
        let failed = self
            .engine
            .watch
            .moves
            .iter()
            .any(|(_, step)| step.status == Status::Failed);
        if failed && !self.expects_failure {
            let note = "a test that means it says: expect failed".to_string();
            return Err(self.failure(self.test.span, "the journey failed".into(), vec![note]));
        }
        Ok(())
    }

    fn statement(&mut self, statement: &Statement) -> Step<()> {
        // Events come before what is due at their instant; everything else sees what was due.
        if !matches!(statement.kind, StatementKind::Receive { .. }) {
            self.engine.settle();
        }
        match &statement.kind {
            StatementKind::At(at) => self.engine.advance_to(Instant(*at)),
            StatementKind::Seed(_) => {}
            StatementKind::Choose(split, arm) => self.choose(split, arm, statement.span)?,
            StatementKind::Profile(json) => self.set_profile(json, statement.span)?,
            StatementKind::Stub {
                call,
                answer,
                times,
            } => {
                let name = self
                    .program
                    .calls
                    .get(call.0 as usize)
                    .map_or(String::new(), |c| c.name.clone());
                self.engine
                    .answers
                    .by_name
                    .entry(name)
                    .or_default()
                    .push((stub(answer), *times));
            }
            StatementKind::Receive { event, json, from } => {
                self.receive(*event, json, from.as_deref(), statement.span)?
            }
            StatementKind::Advance(span) => {
                let zone = expect::zone(&self.about(), &self.engine);
                let to = span.later(self.engine.now().0, &zone);
                self.engine.advance_to(Instant(to));
            }
            StatementKind::AdvanceTo(at) => self.engine.advance_to(Instant(*at)),
            StatementKind::Expect(expectation) => {
                self.expects_failure |= matches!(expectation, Expectation::Failed);
                if let Err(unmet) = expect::check(expectation, &self.about(), &self.engine) {
                    return Err(self.failure(statement.span, unmet.message, unmet.notes));
                }
            }
        }
        Ok(())
    }

    /// The test's person in its journey.
    fn about(&self) -> About<'_> {
        About {
            program: self.program,
            journey: self.test.journey,
            who: &self.who,
            profile: self.profile.as_ref(),
            keys: &self.instance_keys,
        }
    }

    /// From here on the split takes this arm, whatever was chosen before.
    fn choose(&mut self, split: &str, arm: &str, span: Span) -> Step<()> {
        if !has_arm(self.engine.deployment(), self.test.journey, split, arm) {
            let message = format!("there is no arm `{arm}` of a split \"{split}\"");
            return Err(self.failure(span, message, Vec::new()));
        }
        let choices = &mut self.engine.choices;
        choices.retain(|(chosen, _)| chosen != split);
        choices.push((split.to_string(), arm.to_string()));
        Ok(())
    }

    fn set_profile(&mut self, json: &Json, span: Span) -> Step<()> {
        self.profile = Some(json.clone());
        // Whom two namespaces know are two people, and the test's person is both.
        for who in self.who.clone() {
            if let Err(rejection) = self.engine.change_profile(who, json.clone()) {
                let message = format!("the profile is refused: {rejection}");
                return Err(self.failure(span, message, Vec::new()));
            }
        }
        Ok(())
    }

    fn receive(
        &mut self,
        event: EventId,
        written: &Json,
        from: Option<&str>,
        span: Span,
    ) -> Step<()> {
        let Some(declared) = self.program.events.get(event.0 as usize) else {
            return Ok(());
        };
        self.received += 1;
        let known = |namespace| self.keys.get(namespace);
        let known = declared.namespace.as_ref().and_then(known);
        let key = match from {
            Some(key) => Key::This(key),
            None => Key::Usual(known.unwrap_or(&self.id)),
        };
        let json = receive::event(declared, written, key, self.received, self.engine.now());
        let scanned = match self.engine.scan(json.to_string().as_bytes()) {
            Ok(scanned) => scanned,
            Err(rejection) => {
                return Err(self.failure(
                    span,
                    format!("the event is refused: {rejection}"),
                    vec![json.to_string()],
                ));
            }
        };
        let is_it = scanned.matches.iter().any(|found| {
            event_name(self.engine.deployment(), found) == Some(declared.name.as_str())
        });
        if !is_it && listens(self.program, event) {
            let message = format!(
                "this is no {}: its `where` does not hold, or its key has no value",
                declared.name
            );
            return Err(self.failure(span, message, vec![json.to_string()]));
        }
        let from_another = from.is_some_and(|key| key != self.id);
        let (mut person, mut another) = (false, from_another);
        for (namespace, id) in scanned.people() {
            let who = self.engine.meet(namespace, id);
            let is_new = !self.keys.contains_key(namespace);
            if (from_another && is_new) || !self.is_person(namespace, id) {
                another = true;
                continue;
            }
            person = true;
            self.met(who);
            if let Some(profile) = self.profile.clone()
                && !self.engine.has_profile(who)
                && let Err(rejection) = self.engine.set_profile(who, profile)
            {
                return Err(self.failure(
                    span,
                    format!("the profile is refused: {rejection}"),
                    Vec::new(),
                ));
            }
        }
        if person || !another {
            let deployment = self.engine.deployment();
            let also = scanned.matches.iter();
            let also = also.filter_map(|found| event_name(deployment, found));
            let names: BTreeSet<&str> = also.chain([declared.name.as_str()]).collect();
            let received = &mut self.engine.watch.received;
            let told = (self.received, json.clone());
            received.extend(names.into_iter().map(|it| (it.to_string(), told.clone())));
        }
        let (profile, moves) = (
            self.about().profile(&self.engine),
            self.engine.watch.moves.len(),
        );
        self.engine.deliver(&scanned);
        self.note_keys(&json, profile.as_ref(), moves);
        self.engine.settle_answers();
        Ok(())
    }

    /// Notes what tells the stays apart that an event has led into, where `instance per` does. Moves before were there before it.
    fn note_keys(&mut self, event: &Json, profile: Option<&Json>, before: usize) {
        let journey = self.program.journeys.get(self.test.journey);
        let Some((key, _)) = journey.and_then(|journey| journey.instance_per.as_ref()) else {
            return;
        };
        let scope = Scope {
            profile,
            input: Some(event),
            vars: &BTreeMap::new(),
            now_ms: self.engine.now().0,
            zone: &Zone::utc(),
        };
        let Ok(Some(Value::String(key))) = oracle::eval(key, &scope) else {
            return;
        };
        let moves = &self.engine.watch.moves[before..];
        let entered = moves.iter().filter(|(_, step)| {
            step.status == Status::Entered && step.journey.journey as usize == self.test.journey
        });
        let entered = entered.map(|(_, step)| (step.instance, key.clone()));
        self.instance_keys.extend(entered);
    }

    /// Whether the test's person has this key in a namespace; the first that comes is theirs.
    fn is_person(&mut self, namespace: &str, key: &str) -> bool {
        match self.keys.get(namespace) {
            Some(known) => known == key,
            None => {
                self.keys.insert(namespace.to_string(), key.to_string());
                true
            }
        }
    }

    /// The test's person is this one.
    fn met(&mut self, who: Who) {
        self.who.retain(|known| *known != who);
        self.who.push(who);
    }

    fn failure(&self, span: Span, message: String, notes: Vec<String>) -> Box<Failure> {
        Box::new(Failure {
            span,
            message,
            notes,
            trace: self.engine.watch.lines.clone(),
        })
    }
}

fn event_name<'d>(
    deployment: &'d Deployment,
    found: &journey_machine::deployment::Match,
) -> Option<&'d str> {
    let program = deployment.programs().get(found.program)?;
    let event = program
        .loaded()
        .artifact()
        .events
        .get(found.event.0 as usize)?;
    Some(program.text(event.name))
}

/// Whether any journey listens for the event: only those are told apart by a deployment.
fn listens(program: &Program, event: EventId) -> bool {
    let mut found = false;
    for journey in &program.journeys {
        hir::each_heard(journey, &mut |heard| found |= heard == event);
    }
    found
}

fn stub(answer: &StubAnswer) -> Answer {
    match answer {
        StubAnswer::Json(body) => Answer::json(body),
        StubAnswer::Timeout => Answer::Timeout,
        StubAnswer::Capped => Answer::Capped,
        StubAnswer::Http(status, body) => {
            Answer::Response(*status, body.to_string().into_bytes().into())
        }
    }
}

fn has_arm(deployment: &Deployment, journey: usize, split: &str, arm: &str) -> bool {
    let Some(program) = deployment.programs().first() else {
        return false;
    };
    let journey = program.loaded().artifact().journeys.get(journey);
    journey
        .into_iter()
        .flat_map(|j| &j.nodes)
        .any(|node| match &node.kind {
            NodeKind::Split { name, arms } => {
                program.text(*name) == split && arms.iter().any(|a| program.text(a.label) == arm)
            }
            _ => false,
        })
}

/// The test's person. Splits without a `choose` are sticky by this id: another seed is another person.
fn person(test: &Test) -> String {
    let seed = test.statements.iter().find_map(|s| match s.kind {
        StatementKind::Seed(seed) => Some(seed),
        _ => None,
    });
    seed.map_or("test-person".to_string(), |seed| {
        format!("test-person-{seed}")
    })
}
