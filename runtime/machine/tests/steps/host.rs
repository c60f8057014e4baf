//! A host in virtual time. Each input is given twice: to a person in memory, and to one that is decoded before and encoded after.

use crate::build::Build;
use journey_artifact::Verified;
use journey_machine::advance::{Cause, Input, Outcome, advance};
use journey_machine::deployment::{Deployment, ProfileRecord};
use journey_machine::effects::{CallRequest, Effects, RefusalCode, Status, StepEvent};
use journey_machine::ids::{CallKey, Instant};
use journey_machine::person::Person;

/// 2026-03-02T10:00Z, a Monday.
pub const T0: i64 = 1_772_445_600_000;

pub struct Host {
    pub deployment: Deployment,
    pub person: Person,
    stored: Vec<u8>,
    pub profile: ProfileRecord,
    pub now: i64,
    pub trace: bool,
    /// Everything that came out, in order.
    pub steps: Vec<StepEvent>,
    pub calls: Vec<CallRequest>,
    pub refusals: Vec<RefusalCode>,
    events: u32,
}

impl Host {
    pub fn new(build: Build) -> Host {
        Host::with(vec![build.done()])
    }

    pub fn with(programs: Vec<Verified>) -> Host {
        let deployment = Deployment::new(programs).expect("loads");
        let profile = ProfileRecord::empty(&deployment);
        let person = Person::new("ECID", "ada");
        let stored = person.to_bytes();
        Host {
            deployment,
            person,
            stored,
            profile,
            now: T0,
            trace: false,
            steps: Vec::new(),
            calls: Vec::new(),
            refusals: Vec::new(),
            events: 0,
        }
    }

    /// The profile from now on.
    pub fn profile(&mut self, json: &str) {
        self.profile = ProfileRecord::scan(&self.deployment, json.as_bytes()).expect("a profile");
    }

    /// One input now, to both people.
    pub fn input(&mut self, cause: Cause<'_>) -> Effects {
        let input = Input {
            profile: &self.profile,
            cause,
            trace: self.trace,
            choices: &[],
        };
        let effects = advance(&self.deployment, &mut self.person, input, Instant(self.now));
        let mut other = Person::decode(&self.stored).expect("what was encoded decodes");
        let again = advance(&self.deployment, &mut other, input, Instant(self.now));
        assert_eq!(effects, again, "the same from memory and from bytes");
        self.stored = other.to_bytes();
        assert_eq!(self.stored, self.person.to_bytes(), "the same state");
        assert_eq!(Person::decode(&self.stored).as_ref(), Ok(&self.person));
        self.steps.extend(effects.steps.iter().cloned());
        self.calls.extend(effects.calls.iter().cloned());
        self.refusals
            .extend(effects.refusals.iter().map(|refusal| refusal.code));
        effects
    }

    /// An event with an id of its own.
    pub fn event(&mut self, kind: &str, cart: &str) -> Effects {
        self.events += 1;
        let id = format!("e{}", self.events);
        self.event_with_id(kind, cart, &id)
    }

    pub fn event_with_id(&mut self, kind: &str, cart: &str, id: &str) -> Effects {
        let json = format!(
            r#"{{"_id":"{id}","type":"{kind}","ecid":"ada","cart":"{cart}","amount":1.5}}"#
        );
        let scanned = self
            .deployment
            .scan(json.as_bytes(), Instant(self.now))
            .expect("an event");
        self.input(Cause::Event(&scanned))
    }

    /// Time passes: each timer is called at its instant, until `ms` later.
    pub fn pass(&mut self, ms: u64) {
        let end = self.now + ms as i64;
        for _ in 0..10_000 {
            match self.person.next_due() {
                Some(due) if due.0 <= end => {
                    self.now = self.now.max(due.0);
                    self.input(Cause::Timer);
                }
                _ => {
                    self.now = end;
                    return;
                }
            }
        }
        panic!("timers without end");
    }

    /// The outcome of the last call made.
    pub fn answer(&mut self, outcome: Outcome<'_>) -> Effects {
        let call = self.last_call();
        self.input(Cause::CallResult { call, outcome })
    }

    pub fn last_call(&self) -> CallKey {
        self.calls.last().expect("a call").key
    }

    /// What happened so far, a word a step: `entered`, the nodes left, and how it ended.
    pub fn path(&self) -> Vec<String> {
        let told = self
            .steps
            .iter()
            .filter(|step| !matches!(step.status, Status::Waiting | Status::Calling));
        told.map(|step| match step.status {
            Status::Transition => self
                .deployment
                .node_name(step.journey, step.node)
                .to_owned(),
            status => match &step.label {
                Some(label) if status.is_end() => format!("{status}({label})"),
                _ => status.to_string(),
            },
        })
        .collect()
    }

    /// The node of the only instance.
    pub fn place(&self) -> &str {
        let mut instances = self.person.instances();
        assert_eq!(instances.len(), 1);
        let instance = instances.next().expect("one");
        self.deployment.node_name(instance.place(), instance.node())
    }
}

impl Host {
    /// The person from bytes that another host kept.
    pub fn restore(&mut self, bytes: &[u8]) {
        self.person = Person::decode(bytes).expect("a person");
        self.stored = bytes.to_vec();
        self.now = self.now.max(self.person.at().0);
        self.events += 100;
    }
}
