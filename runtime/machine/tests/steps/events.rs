//! What a document is: declared events, people, envelopes, rejections.

use crate::build::*;
use crate::host::{Host, T0};
use journey_artifact::graph::{Exit, ExitWhen};
use journey_machine::deployment::{Deployment, ProfileRecord, Scanned, Scanner, Stamp};
use journey_machine::ids::Instant;
use journey_machine::read::{Limits, RejectCode};

fn deployment() -> Deployment {
    let mut b = Build::shop();
    let nodes = vec![
        ("listen", b.awaiting(CLICK, 1, DAY, 1)),
        ("end", b.end("done")),
    ];
    b.journey("J", nodes);
    Deployment::new(vec![b.done()]).expect("loads")
}

fn scan(json: &str) -> Scanned {
    deployment().scan(json.as_bytes(), Instant(T0)).expect(json)
}

#[test]
fn a_document_is_the_events_it_matches() {
    let scanned = scan(r#"{"_id":"1","type":"cart","ecid":"ada","other":{"deep":[1,2]}}"#);
    let names: Vec<_> = scanned.matches.iter().map(|found| found.event).collect();
    assert_eq!(names, [CART]);
    assert!(scanned.people().eq([("ECID", "ada")]));
    assert_eq!(scanned.matches[0].window_ms, DAY);
    assert!(scanned.matches[0].dedupe.is_some());
    for nothing in [
        r#"{"type":"other","ecid":"ada"}"#,
        r#"{"ecid":"ada"}"#,
        "{}",
    ] {
        assert_eq!(scan(nothing).matches.len(), 0, "{nothing}");
    }
    // Declared, but no journey listens for it.
    assert_eq!(scan(r#"{"type":"order","ecid":"ada"}"#).matches.len(), 0);
}

#[test]
fn an_event_about_nobody_is_told_apart() {
    let long = format!(r#"{{"type":"cart","ecid":"{}"}}"#, "x".repeat(2_000));
    for nobody in [
        r#"{"type":"cart"}"#,
        r#"{"type":"cart","ecid":""}"#,
        r#"{"type":"cart","ecid":null}"#,
        &long,
    ] {
        let scanned = scan(nobody);
        assert_eq!(
            (scanned.matches.len(), scanned.unaddressed.len()),
            (0, 1),
            "{nobody}"
        );
    }
}

#[test]
fn the_envelope_is_opened_and_its_schema_followed() {
    let envelope = |schema: &str| {
        format!(
            r#"{{"header":{{"schemaRef":{{"id":"{schema}"}}}},"body":{{"xdmMeta":{{"schemaRef":{{"id":"{schema}"}}}},"xdmEntity":{{"_id":"1","type":"cart","ecid":"ada"}}}}}}"#
        )
    };
    assert_eq!(scan(&envelope("https://shop/event")).matches.len(), 1);
    let elsewhere = envelope("https://elsewhere/unknown");
    for broken in [&elsewhere, &elsewhere.replace("\"ada\"", "7")] {
        let scanned = scan(broken);
        assert!(scanned.matches.is_empty(), "{broken}");
        assert!(scanned.rejections.is_empty(), "{broken}");
    }
    assert_eq!(
        scan(&envelope("https://shop/event")).matches,
        scan(r#"{"_id":"1","type":"cart","ecid":"ada"}"#).matches
    );
}

#[test]
fn a_wrong_type_is_rejected_with_its_path() {
    let error = |json: &str| {
        deployment()
            .scan(json.as_bytes(), Instant(T0))
            .expect_err(json)
    };
    let rejection = error(r#"{"type":"cart","ecid":"ada","amount":"much"}"#);
    assert_eq!(
        (rejection.code, rejection.path.as_str()),
        (RejectCode::WrongType, "amount")
    );
    assert_eq!(error("{").code, RejectCode::Syntax);
    assert_eq!(error(&"[".repeat(70_000)).code, RejectCode::TooLarge);
}

#[test]
fn an_event_without_a_field_that_must_be_there_is_rejected() {
    let mut b = Build::shop();
    b.must("https://shop/event", "cart");
    let nodes = vec![("end", b.end("done"))];
    b.journey("J", nodes);
    let deployment = Host::new(b).deployment;
    let entity = r#"{"_id":"1","type":"cart","ecid":"ada"}"#;
    let envelope = format!(
        r#"{{"header":{{"schemaRef":{{"id":"https://shop/event"}}}},"body":{{"xdmEntity":{entity}}}}}"#
    );
    for json in [entity, &envelope] {
        let rejection = deployment.scan(json.as_bytes(), Instant(T0));
        let rejection = rejection.expect_err(json);
        assert_eq!(
            (rejection.code, rejection.path.as_str()),
            (RejectCode::MissingRequired, "cart"),
            "{json}"
        );
    }
    let whole = r#"{"_id":"1","type":"cart","ecid":"ada","cart":"c"}"#;
    let whole = deployment.scan(whole.as_bytes(), Instant(T0));
    assert_eq!(whole.expect("an event").matches.len(), 1);
}

#[test]
fn a_profile_without_a_field_that_must_be_there_is_refused() {
    let mut b = Build::shop();
    b.must("https://shop/profile", "zone");
    let deployment = Host::new(b).deployment;
    let refused = ProfileRecord::scan(&deployment, br#"{"consent":"y"}"#);
    let refused = refused.expect_err("no zone");
    assert_eq!(
        (refused.code, refused.path.as_str()),
        (RejectCode::MissingRequired, "zone")
    );
}

#[test]
fn a_profile_is_refused_only_to_those_who_cannot_read_it() {
    // Who says "n" is led out of both packages; the second one's version of the schema has a zone that must be there.
    let shop = |name: &str, strict: bool| {
        let mut b = Build::shop();
        b.a.name = name.into();
        if strict {
            b.must("https://shop/profile", "zone");
        }
        let nodes = vec![("pause", b.wait(HOUR, 1)), ("end", b.end("done"))];
        let (name, condition) = (b.s("no consent"), b.profile_is(P_CONSENT, "n"));
        let when = ExitWhen::Condition(condition);
        b.journey("J", nodes).exits.push(Exit {
            name,
            when,
            then: None,
        });
        b.done()
    };
    let paths = |programs: Vec<_>| {
        let mut host = Host::with(programs);
        host.profile(r#"{"consent":"n"}"#);
        host.event("cart", "c1");
        let rejected = host.profile.rejections().map(|it| it.path.clone());
        (host.path().join(" "), rejected.collect::<Vec<String>>())
    };
    let out = "entered exited(no consent)".to_owned();
    assert_eq!(paths(vec![shop("a", false)]), (out.clone(), vec![]));
    assert_eq!(
        paths(vec![shop("a", false), shop("b", true)]),
        (format!("{out} entered"), vec!["zone".into()])
    );
}

#[test]
fn an_event_for_others_moves_nobody() {
    let mut b = Build::shop();
    let nodes = vec![("pause", b.wait(HOUR, 1)), ("end", b.end("done"))];
    b.journey("J", nodes);
    let mut host = Host::new(b);
    let scanned = host
        .deployment
        .scan(br#"{"_id":"9","type":"cart","ecid":"bob"}"#, Instant(T0))
        .expect("an event");
    let before = host.person.clone();
    let effects = host.input(journey_machine::advance::Cause::Event(&scanned));
    assert!(effects.steps.is_empty() && effects.refusals.is_empty());
    assert_eq!(host.person.instances().len(), before.instances().len());
}

#[test]
fn an_event_names_its_instant() {
    let deployment = deployment();
    let mut scanner = Scanner::default();
    let one = Stamp::At(Instant(1_000));
    let (none, broken) = (Stamp::None, Stamp::Unreadable);
    let cases = [
        (r#"{"timestamp":"1970-01-01T00:00:01Z"}"#, one),
        (
            r#"{ "n":-1.5e3, "a":[{}] , "timestamp" : "1970-01-01T01:00:01+01:00" }"#,
            one,
        ),
        (
            r#"{"timestamp":"1970-01-01T00:00:01Z","a":{"timestamp":"no"}}"#,
            one,
        ),
        (r#"{"time\u0073tamp":"1970-01-01T00:00:01Z"}"#, one),
        (
            r#"{"_id":"a\"b","timestamp":"1970-01-01T00:00:0\u0031Z"}"#,
            one,
        ),
        (
            r#"{"header":{},"body":{"xdmEntity":{"timestamp":"1970-01-01T00:00:01Z"}}}"#,
            one,
        ),
        (
            r#"{"timestamp":"no","header":{},"body":{"xdmEntity":{"timestamp":"1970-01-01T00:00:01Z"}}}"#,
            one,
        ),
        (r#"{"a":{"timestamp":"1970-01-01T00:00:01Z"}}"#, none),
        (
            r#"{"timestamp":"1970-01-01T00:00:01Z","timestamp":"1970-01-01T00:00:02Z"}"#,
            broken,
        ),
        (r#"{"timestamp":"1970-01-01T00:00:01"}"#, broken),
        (r#"{"timestamp":"yesterday"}"#, broken),
        (r#"{"timestamp":1000}"#, broken),
        (r#"{"timestamp":null}"#, none),
        (r#"{"timestamp":"1970-01-01T00:00:01Z""#, none),
        (r#"["timestamp"]"#, none),
        (r#"["1970-01-01T00:00:01Z"]"#, none),
        (r#"{"timest\u0061mp":null,"a":1}"#, none),
        (r#"{"timest\u0061mp":[]}"#, broken),
        (r#"{"\u0061":"timestamp"}"#, none),
        (r#"{"timestamp":""}"#, broken),
        ("{}", none),
        ("", none),
    ];
    // Again and again: what came before is told by its shape.
    for _ in 0..4 {
        for (text, expected) in cases {
            let (limits, out) = (Limits::default(), &mut Scanned::default());
            let clock = Instant(0);
            let (named, _) =
                scanner.scan_stamped(&deployment, text.as_bytes(), clock, &limits, out);
            assert_eq!(named, expected, "{text}");
        }
    }
}

/// Three programs that read more and more of an event, and events with any of its fields wrong, one after another: each program takes
/// those of which it reads nothing that is wrong, whatever came before.
#[test]
fn whoever_reads_nothing_that_is_wrong_takes_the_event() {
    let all: Vec<String> = (0..7).map(|n| format!("f{n}")).collect();
    let reads = [0, 4, 7];
    let version = |fields: usize| {
        let mut b = Build::shop();
        b.a.version = fields.to_string();
        all[..fields].iter().for_each(|field| b.reads(field));
        let nodes = vec![("end", b.end("done"))];
        b.journey("J", nodes);
        b.done()
    };
    let programs = reads.iter().map(|fields| version(*fields)).collect();
    let deployment = Deployment::new(programs).expect("loads");
    let (mut scanner, mut out) = (Scanner::default(), Scanned::default());
    let count = if cfg!(miri) { 16 } else { 1 << all.len() };
    // In the order of their numbers, and in one in which neighbours have little in common; then the same again.
    let orders = (0..count).chain((0..count).map(|n| n * 37 % count));
    let orders: Vec<usize> = orders.collect();
    for wrong in orders.iter().chain(&orders) {
        let is_wrong = |field: usize| wrong >> field & 1 != 0;
        let mut json = r#"{"_id":"1","type":"cart","ecid":"ada""#.to_string();
        for (field, name) in all.iter().enumerate() {
            let value = if is_wrong(field) { "7" } else { "\"seven\"" };
            json += &format!(",\"{name}\":{value}");
        }
        json.push('}');
        let limits = Limits::default();
        let scanned = scanner.scan(&deployment, json.as_bytes(), Instant(T0), &limits, &mut out);
        let takes: Vec<usize> = out.matches.iter().map(|found| found.program).collect();
        let able = (0..3).filter(|program| !(0..reads[*program]).any(is_wrong));
        let able: Vec<usize> = able.collect();
        assert_eq!(takes, able, "{json}");
        assert_eq!(scanned.is_err(), able.is_empty(), "{json}");
        let first = (0..all.len()).find(|field| is_wrong(*field));
        let told = out.rejections.iter().map(|(_, why)| why.path.clone());
        assert!(told.eq(first.map(|field| all[field].clone())), "{json}");
    }
}
