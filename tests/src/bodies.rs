//! What leaves a package: the calls that it makes for one event, and their bodies.

use crate::packages;
use journey_artifact::read;
use journey_machine::deployment::Deployment;
use journey_machine::effects::{CallRequest, Effects};
use journey_machine::ids::Instant;
use journey_machine::person::Person;
use journeyc::host::answers::{Answer, Stubs};
use journeyc::host::engine::{Engine, Options, Who};
use journeyc::host::watch::{Attempt, Watch};
use journeyc::package::PackageInput;

struct Calls(Vec<CallRequest>);

impl Watch for Calls {
    fn effects(&mut self, _: &Deployment, _: Who, _: &Person, effects: &Effects) {
        self.0.extend(effects.calls.iter().cloned());
    }

    fn called(&mut self, _: Who, _: &CallRequest, _: &Answer, _: Attempt) {}
}

/// The calls that a package makes when this event comes, in order; `answers` are stubs for the calls of these names.
///
/// # Panics
/// When anything is found in the package, or a stub is no stub.
pub fn calls(input: &PackageInput, event: &str, answers: &str, names: &[&str]) -> Vec<CallRequest> {
    let (analysis, bytes) = packages::compile(input);
    assert_eq!(analysis.diagnostics, []);
    let program = read(&bytes).expect("an artifact");
    let deployment = Deployment::new(vec![program]).expect("a deployment");
    let stubs = Stubs::parse(answers, names).expect("stubs");
    let options = Options::default();
    let mut engine = Engine::new(&deployment, stubs, Calls(Vec::new()), Instant(0), options);
    engine.event(event.as_bytes());
    engine.settle();
    engine.watch.0
}

/// The bodies of these calls.
///
/// # Panics
/// As [`calls`].
pub fn sent(input: &PackageInput, event: &str, answers: &str, names: &[&str]) -> Vec<String> {
    let made = calls(input, event, answers, names).into_iter();
    let bodies = made.filter_map(|call| String::from_utf8(call.body?).ok());
    bodies.collect()
}
