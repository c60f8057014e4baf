//! What leaves a package: the bodies of the calls that it makes for one event.

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

struct Bodies(Vec<String>);

impl Watch for Bodies {
    fn effects(&mut self, _: &Deployment, _: Who, _: &Person, effects: &Effects) {
        let body = |call: &CallRequest| String::from_utf8(call.body.as_deref()?.to_vec()).ok();
        self.0.extend(effects.calls.iter().filter_map(body));
    }

    fn called(&mut self, _: Who, _: &CallRequest, _: &Answer, _: Attempt) {}
}

/// The bodies of what a package sends when this event comes, in order; `answers` are stubs for the calls of these names.
///
/// # Panics
/// When anything is found in the package, or a stub is no stub.
pub fn sent(input: &PackageInput, event: &str, answers: &str, calls: &[&str]) -> Vec<String> {
    let (analysis, bytes) = packages::compile(input);
    assert_eq!(analysis.diagnostics, []);
    let program = read(&bytes).expect("an artifact");
    let deployment = Deployment::new(vec![program]).expect("a deployment");
    let stubs = Stubs::parse(answers, calls).expect("stubs");
    let options = Options::default();
    let mut engine = Engine::new(&deployment, stubs, Bodies(Vec::new()), Instant(0), options);
    engine.event(event.as_bytes());
    engine.settle();
    engine.watch.0
}
