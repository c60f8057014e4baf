//! What is `null` among records goes out as `null`, and a record of which nothing is there as `{}`: the two are not one.
//!
//! Comes in: an event and an answer with both, and journeys that send it on. Never here: a body in which one stands for the other.

use journey_artifact::read;
use journey_machine::deployment::Deployment;
use journey_machine::effects::{CallRequest, Effects};
use journey_machine::ids::Instant;
use journey_machine::person::Person;
use journey_tests::packages;
use journeyc::host::answers::{Answer, Stubs};
use journeyc::host::engine::{Engine, Options, Who};
use journeyc::host::watch::{Attempt, Watch};
use journeyc::source::SourceFile;

const EVENT: &str = r#"{ "_id": "1", "timestamp": "2026-03-01T10:00:00Z", "eventType": "begun", "email": "a@x.example", "parcel": {
    "stops": [{ "city": "Bern", "day": 1 }, null, {}, { "day": 2 }], "rooms": { "a": { "beds": 2 }, "b": null, "c": {} } } }"#;
const ANSWERS: &str = r#"{ "Ship": [{ "json": {} }],
    "Route": [{ "json": { "stops": [{ "city": "Bern", "day": 1 }, null, {}, { "day": 2 }] } }] }"#;

/// The bodies of what was sent.
struct Bodies(Vec<String>);

impl Watch for Bodies {
    fn effects(&mut self, _: &Deployment, _: Who, _: &Person, effects: &Effects) {
        let body = |call: &CallRequest| String::from_utf8(call.body.as_deref()?.to_vec()).ok();
        self.0.extend(effects.calls.iter().filter_map(body));
    }

    fn called(&mut self, _: Who, _: &CallRequest, _: &Answer, _: Attempt) {}
}

/// The body of an action with this parameter, sent with this argument.
fn sent(parameter: &str, argument: &str) -> String {
    let page = format!(
        r#"
        schema Parcel = "https://ns.promises.example/schemas/parcel"
        source Route() -> {{ stops: list<{{ city: string?, day: integer? }}> }} {{
            get "{{env.PUSH_URL}}/route"
        }}
        action Ship(it: {parameter}) -> {{ id: string? }} {{
            post "{{env.PUSH_URL}}/ship"
            json {{ it: it }}
        }}
        journey Shipping {{
            enter on Begun as begun
            let parcel = begun.parcel else {{ end "no parcel" }}
            let route = fetch Route() else {{ end "no route" }}
            send Ship(it: {argument}) {{ on failed {{ }} }}
            end "{{parcel.id ?? ""}} {{(route.stops ?? []).count()}}"
        }}
        "#
    );
    let input = packages::promises().with(&SourceFile {
        path: "page.journey".into(),
        text: page.as_str().into(),
    });
    let (analysis, bytes) = packages::compile(&input);
    assert_eq!(analysis.diagnostics, [], "{page}");
    let program = read(&bytes).expect("an artifact");
    let deployment = Deployment::new(vec![program]).expect("a deployment");
    let stubs = Stubs::parse(ANSWERS, &["Route", "Ship"]).expect("stubs");
    let options = Options::default();
    let mut engine = Engine::new(&deployment, stubs, Bodies(Vec::new()), Instant(0), options);
    engine.event(EVENT.as_bytes());
    engine.settle();
    engine.watch.0.join("\n")
}

#[test]
fn in_a_record_that_is_sent_whole() {
    assert_eq!(
        sent("Parcel", "parcel"),
        r#"{"it":{"rooms":{"a":{"beds":2},"b":null,"c":{}},"stops":[{"city":"Bern","day":1},null,{},{"day":2}]}}"#
    );
}

#[test]
fn in_a_list_whose_records_are_cut_to_what_is_asked_for() {
    assert_eq!(
        sent("list<{ city: string? }>", "route.stops ?? []"),
        r#"{"it":[{"city":"Bern"},null,{},{}]}"#
    );
}
