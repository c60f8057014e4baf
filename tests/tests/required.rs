//! An event without a field that its schema requires: it is rejected with a code and a path, and nothing is sent.

use journey_artifact::read;
use journey_machine::deployment::Deployment;
use journey_machine::effects::{CallRequest, Effects};
use journey_machine::ids::Instant;
use journey_machine::person::Person;
use journey_tests::packages::compile;
use journeyc::host::answers::{Answer, Stubs};
use journeyc::host::engine::{Delivered, Engine, Options, Who};
use journeyc::host::watch::{Attempt, Watch};
use journeyc::package::PackageInput;
use journeyc::source::{SourceFile, Sources};

const MANIFEST: &str = r#"
[package]
name = "required"
version = "0.0.1"

[schemas]
paths = ["schemas"]

[profile]
schema = "https://ns.acme.example/schemas/p"
identities = ["Email"]
"#;
const PROFILE: &str = r#"{ "$id": "https://ns.acme.example/schemas/p", "type": "object", "title": "P",
    "properties": { "email": { "type": "string" } } }"#;
const EVENT: &str = r#"{ "$id": "https://ns.acme.example/schemas/e", "type": "object", "title": "E", "required": ["nick"],
    "properties": { "_id": { "type": "string" }, "eventType": { "type": "string" }, "timestamp": { "type": "string", "format": "date-time" },
        "email": { "type": "string" }, "nick": { "type": "string" } } }"#;
const JOURNEY: &str = r#"
schema E = "https://ns.acme.example/schemas/e"
event Signup: E {
    where eventType == "signup"
    key email in Email
}
action Tell(text: string) {
    post "http://localhost/tell"
    json { text: text }
}
journey Welcome {
    enter on Signup as signup
    send Tell(text: "Welcome, {signup.nick}!")
}
"#;

/// What was sent, and how many moves there were.
#[derive(Default)]
struct Sent {
    bodies: Vec<String>,
    moves: usize,
}

impl Watch for Sent {
    fn effects(&mut self, _: &Deployment, _: Who, _: &Person, effects: &Effects) {
        self.moves += effects.steps.len();
        for call in &effects.calls {
            let body = call.body.as_deref().unwrap_or_default();
            self.bodies.push(String::from_utf8_lossy(body).into_owned());
        }
    }

    fn called(&mut self, _: Who, _: &CallRequest, _: &Answer, _: Attempt) {}
}

#[test]
fn an_event_without_a_required_field_is_rejected_and_nothing_is_sent() {
    let file = |path: &str, text: &str| SourceFile {
        path: path.into(),
        text: text.into(),
    };
    let (_, bytes) = compile(&PackageInput {
        sources: Sources::new(vec![
            file("journey.toml", MANIFEST),
            file("schemas/profile.json", PROFILE),
            file("schemas/event.json", EVENT),
            file("main.journey", JOURNEY),
        ]),
        environment: None,
    });
    let program = read(&bytes).expect("an artifact of ours");
    let deployment = Deployment::new(vec![program]).expect("a deployment");
    let stubs = Stubs::parse("{}", &["Tell"]).expect("no stubs");
    let (sent, options) = (Sent::default(), Options::default());
    let mut engine = Engine::new(&deployment, stubs, sent, Instant(0), options);
    for event in [
        r#"{"_id":"1","eventType":"signup","timestamp":"2026-01-01T00:00:00Z","email":"ada@example.com"}"#,
        r#"{"_id":"2","eventType":"signup","timestamp":"2026-01-01T00:00:00Z","email":"ada@example.com","nick":null}"#,
    ] {
        let Delivered::Rejected(rejection) = engine.event(event.as_bytes()) else {
            panic!("{event} is delivered");
        };
        assert_eq!(
            rejection.to_string(),
            "MISSING_REQUIRED at nick: expected string, found nothing"
        );
    }
    engine.settle();
    assert_eq!((engine.watch.bodies.len(), engine.watch.moves), (0, 0));

    let whole = r#"{"_id":"3","eventType":"signup","timestamp":"2026-01-01T00:00:00Z","email":"ada@example.com","nick":"Ada"}"#;
    let delivered = engine.event(whole.as_bytes());
    assert!(matches!(delivered, Delivered::To(_, people) if people.len() == 1));
    assert_eq!(engine.watch.bodies, [r#"{"text":"Welcome, Ada!"}"#]);
}

#[test]
fn an_update_that_may_make_half_a_record_is_refused() {
    let profile = r#"{ "$id": "https://ns.acme.example/schemas/p", "type": "object", "title": "P",
        "properties": { "home": { "type": "object", "required": ["city"],
            "properties": { "zip": { "type": "string" }, "city": { "type": "string" } } } } }"#;
    let findings = |steps: &str| {
        let journey = JOURNEY.replace("    send Tell(text: \"Welcome, {signup.nick}!\")", steps);
        let file = |path: &str, text: &str| SourceFile {
            path: path.into(),
            text: text.into(),
        };
        let sources = Sources::new(vec![
            file("journey.toml", MANIFEST),
            file("schemas/profile.json", profile),
            file("schemas/event.json", EVENT),
            file("main.journey", &journey.replace("as signup", "")),
        ]);
        let input = PackageInput {
            sources,
            environment: None,
        };
        let found = journeyc::check::check(&input).diagnostics;
        found.iter().map(|d| d.code.id()).collect::<Vec<_>>()
    };
    assert_eq!(
        findings("    update profile { home.zip: \"1\" }"),
        ["J0302"]
    );
    assert_eq!(
        findings("    update profile { home.zip: \"1\", home.city: \"Ulm\" }"),
        [""; 0]
    );
    let guarded =
        "    if profile.home is present {\n        update profile { home.zip: \"1\" }\n    }";
    assert_eq!(findings(guarded), [""; 0]);
}
