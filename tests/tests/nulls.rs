//! What is `null` among records goes out as `null`, and a record of which nothing is there as `{}`: the two are not one. To a condition
//! an item that is `null` is unknown.
//!
//! Comes in: an event and an answer with both, and journeys that send it on. Never here: a body in which one stands for the other.

use journey_tests::{bodies, packages};
use journeyc::check::check;
use journeyc::package::PackageInput;
use journeyc::source::SourceFile;

const EVENT: &str = r#"{ "_id": "1", "timestamp": "2026-03-01T10:00:00Z", "eventType": "begun", "email": "a@x.example", "count": 1,
    "lines": [null, { "sku": "A" }], "names": ["A", null], "options": [{}, null, { "a": 1 }], "parcel": {
    "stops": [{ "city": "Bern", "day": 1 }, null, {}, { "day": 2 }],
    "odd": [{ "[record]": "r", "[key]": "k", "": "e" }, null, { "[key]": "k" }, {}], "rooms": { "a": { "beds": 2 }, "b": null, "c": {} } } }"#;
const ANSWERS: &str = r#"{ "Ship": [{ "json": {} }],
    "Route": [{ "json": { "stops": [{ "city": "Bern", "day": 1 }, null, {}, { "day": 2 }] } }] }"#;

/// An action with this parameter, sent with this argument.
fn package(parameter: &str, argument: &str) -> PackageInput {
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
    packages::promises().with(&SourceFile {
        path: "page.journey".into(),
        text: page.as_str().into(),
    })
}

fn sent(parameter: &str, argument: &str) -> String {
    let input = package(parameter, argument);
    bodies::sent(&input, EVENT, ANSWERS, &["Route", "Ship"]).join("\n")
}

fn found(parameter: &str, argument: &str) -> Vec<&'static str> {
    let found = check(&package(parameter, argument)).diagnostics;
    found.iter().map(|d| d.code.id()).collect()
}

#[test]
fn in_a_record_that_is_sent_whole() {
    assert_eq!(
        sent("Parcel", "parcel"),
        r#"{"it":{"odd":[{"":"e","[key]":"k","[record]":"r"},null,{"[key]":"k"},{}],"rooms":{"a":{"beds":2},"b":null,"c":{}},"stops":[{"city":"Bern","day":1},null,{},{"day":2}]}}"#
    );
}

#[test]
fn in_a_list_whose_records_are_cut_to_what_is_asked_for() {
    assert_eq!(
        sent("list<{ city: string? }>", "route.stops ?? []"),
        r#"{"it":[{"city":"Bern"},null,{},{}]}"#
    );
}

#[test]
fn a_null_item_is_unknown_to_whoever_asks() {
    for (condition, holds) in [
        (r#"begun.lines.all(l => l.sku == "A") ?? false"#, false),
        (r#"begun.lines.all(l => l.sku == "A") ?? true"#, true),
        (r#"begun.lines.all(l => l.sku == "A") is missing"#, true),
        (r#"begun.lines.all(l => l.sku == "B") is missing"#, false),
        (r#"begun.lines.any(l => l.sku == "B") ?? true"#, true),
        (r#"begun.lines.any(l => l.sku == "A") is missing"#, false),
        (r#"begun.lines.any(l => l is missing)"#, true),
        (r#"("B" in begun.names) is missing"#, true),
        (r#"begun.names.any(n => n == "B") is missing"#, true),
        (r#""B".in(begun.names) is missing"#, true),
        (r#""A".in(begun.names) is missing"#, false),
        // Unknown or true is true, and unknown and false is false.
        (
            r#"(("B" in (begun.names ?? [])) or (begun.count ?? 0) == 1) ?? false"#,
            true,
        ),
        (
            r#"("B".in(begun.names ?? []) or (begun.count ?? 0) == 1) ?? false"#,
            true,
        ),
        (
            r#"(("B" in (begun.names ?? [])) and (begun.count ?? 0) == 2) ?? true"#,
            false,
        ),
    ] {
        let argument = match condition.contains("?? ") {
            true => condition.to_owned(),
            false => format!("({condition}) ?? false"),
        };
        let body = format!(r#"{{"it":{holds}}}"#);
        assert_eq!(sent("boolean", &argument), body, "{condition}");
    }
}

#[test]
fn what_may_be_unknown_is_no_value_for_a_payload() {
    for condition in [
        r#""B" in (begun.names ?? [])"#,
        r#""B".in(begun.names ?? [])"#,
        r#"(begun.lines ?? []).any(l => l.sku == "B")"#,
    ] {
        let codes = found("boolean", condition);
        assert_eq!(codes, ["J0302"], "{condition}");
    }
}

#[test]
fn a_list_of_maps_may_just_be_counted() {
    assert_eq!(sent("integer", "begun.options.count() ?? 0"), r#"{"it":2}"#);
}
