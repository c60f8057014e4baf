//! A record leaves with exactly the fields that its type declares, whatever other journeys of the package do with such records.
//!
//! Comes in: pages of actions and journeys, an event. Goes out: what the actions send. Never here: a body that depends on a
//! declaration that it has nothing to do with.

use journey_tests::{bodies, packages};
use journeyc::package::PackageInput;
use journeyc::source::SourceFile;

const EVENT: &str = r#"{ "_id": "1", "timestamp": "2026-03-01T10:00:00Z", "eventType": "begun", "email": "a@x.example", "count": 3,
    "text": "hello" }"#;

const PARTNER: &str = r#"
    action Partner(o: { text: string }) {
        post "{env.PUSH_URL}/partner"
        json { o: o }
    }
    journey ToPartner {
        enter on Begun
        let o = ({ text: "hello", note: "internal remark" })
        send Partner(o: o) { on failed { } }
    }
"#;

/// Asks records of a text for a note that they do not have: each action for one of another type.
const OTHERS: &str = r#"
    action Own(o: { text: string, note: string? }) {
        post "{env.PUSH_URL}/own"
        json { own: o }
    }
    action Counted(o: { text: string, note: integer? }) {
        post "{env.PUSH_URL}/counted"
        json { counted: o }
    }
    journey ToOwn {
        enter on Begun as begun
        let o = ({ text: begun.text ?? "" })
        send Own(o: o) { on failed { } }
        send Counted(o: o) { on failed { } }
    }
"#;

/// Sends lists and records as they came, or as they were joined.
const WHOLE: &str = r#"
    schema Depot = "https://ns.promises.example/schemas/depot"
    source Quote() -> { opt: { amount: integer, in: { note: string? }? }? } {
        get "{env.PUSH_URL}/quote"
    }
    action Ship(depots: list<Depot>, amount: { amount: integer, in: { note: string? }? }) {
        post "{env.PUSH_URL}/ship"
        json { depots: depots, amount: amount }
    }
    journey ToShip {
        enter on Begun as begun
        let depots = begun.depots else { end "none" }
        let quote = fetch Quote() else { end "no quote" }
        let amount = quote.opt ?? ({ amount: 1 })
        send Ship(depots: depots, amount: amount) { on failed { } }
    }
"#;

/// Asks whether records in them are there.
const ASKS: &str = r#"
    action Noted(amount: { amount: integer, in: { note: string? }? }) {
        post "{env.PUSH_URL}/noted"
        json { noted: amount.in is present }
    }
    journey ToNoted {
        enter on Begun as begun
        if begun.depots[0].geo is present and begun.depots[0].dock is present {
            let quote = fetch Quote() else { end "no quote" }
            let amount = quote.opt ?? ({ amount: 1 })
            if amount.in is present { end "asked" }
            send Noted(amount: amount) { on failed { } }
        }
    }
"#;

fn package(pages: &[&str]) -> PackageInput {
    packages::promises().with(&SourceFile {
        path: "page.journey".into(),
        text: pages.concat().into(),
    })
}

fn sent(pages: &[&str], calls: &[&str]) -> Vec<String> {
    let stubs: Vec<String> = calls
        .iter()
        .map(|name| format!("{name:?}: [{{ \"json\": {{}} }}]"))
        .collect();
    let answers = format!("{{ {} }}", stubs.join(", "));
    bodies::sent(&package(pages), EVENT, &answers, calls)
}

#[test]
fn what_nobody_asked_for_stays_here_whatever_else_the_package_asks_for() {
    let body = r#"{"o":{"text":"hello"}}"#;
    assert_eq!(sent(&[PARTNER], &["Partner"]), [body]);
    let all = sent(&[PARTNER, OTHERS], &["Partner", "Own", "Counted"]);
    let own = r#"{"own":{"text":"hello"}}"#;
    let counted = r#"{"counted":{"text":"hello"}}"#;
    assert_eq!(all, [body, own, counted]);
}

#[test]
fn a_record_of_which_nothing_is_there_leaves_where_its_schema_requires_it_whoever_asks_for_it() {
    let event = r#"{ "_id": "1", "timestamp": "2026-03-01T10:00:00Z", "eventType": "begun", "email": "a@x.example",
        "depots": [{ "city": "Bern", "geo": {}, "dock": {} }, { "geo": { "lat": 2 }, "dock": { "gate": "B" } }] }"#;
    let answers = r#"{ "Ship": [{ "json": {} }], "Quote": [{ "json": { "opt": { "amount": 7, "in": {} } } }] }"#;
    let body = r#"{"depots":[{"city":"Bern","dock":{}},{"dock":{"gate":"B"},"geo":{"lat":2.0}}],"amount":{"amount":7}}"#;
    for pages in [&[WHOLE][..], &[WHOLE, ASKS]] {
        let names = ["Ship", "Quote", "Noted"];
        let known = &names[..pages.len() + 1];
        assert_eq!(bodies::sent(&package(pages), event, answers, known), [body]);
    }
}

/// What an action sends whose JSON is this, over an event as `begun`.
fn body(parameters: &str, json: &str, arguments: &str) -> String {
    let page = format!(
        r#"
        const SHARED = {{ text: "shared", amount: 2 }}
        function total(o: {{ amount: decimal }}) -> decimal = o.amount + 0.5
        function same(o: {{ amount: decimal }}) -> {{ amount: decimal }} = o
        source Prices() -> {{ prices: list<{{ amount: integer, sku: string }}>, by: map<{{ amount: integer, sku: string }}> }} {{
            get "{{env.PUSH_URL}}/prices"
        }}
        action Ship({parameters}) {{
            post "{{env.PUSH_URL}}/ship"
            json {json}
        }}
        journey Shipping {{
            enter on Begun as begun
            let rates = fetch Prices() else {{ end "no prices" }}
            let n = begun.count ?? 0
            let one = ({{ amount: n, sku: "s" }})
            send Ship({arguments}) {{ on failed {{ }} }}
            end "{{one.sku}} {{rates.prices.count()}} {{rates.by.keys().count()}}"
        }}
        "#
    );
    let answers = r#"{ "Ship": [{ "json": {} }], "Prices": [{ "json": {
        "prices": [{ "amount": 1, "sku": "a" }, null, { "amount": 2, "sku": "b" }],
        "by": { "a": { "amount": 1, "sku": "a" }, "none": null } } }] }"#;
    bodies::sent(&package(&[&page]), EVENT, answers, &["Prices", "Ship"]).join("\n")
}

#[test]
fn both_branches_go_out_with_all_that_they_have() {
    let json = |condition: &str| {
        format!("(if {condition} then ({{ n: n, code: \"VIP\" }}) else ({{ n: n }}))")
    };
    for (condition, body_is) in [
        ("n == 3", r#"{"code":"VIP","n":3}"#),
        ("n == 4", r#"{"n":3}"#),
    ] {
        assert_eq!(body("n: integer", &json(condition), "n: n"), body_is);
    }
    let list = r#"{ list: [{ a: n, code: "VIP" }, { a: 1.5 }, { b: [{ c: 1 }] }, { b: [{ d: "x" }] }].filter(x => x is present) }"#;
    assert_eq!(
        body("n: integer", list, "n: n"),
        r#"{"list":[{"a":3.0,"code":"VIP"},{"a":1.5},{"b":[{"c":1}]},{"b":[{"d":"x"}]}]}"#
    );
}

#[test]
fn an_integer_becomes_a_decimal_in_a_record_too() {
    let whole = "{ o: o }";
    for (parameters, arguments, o) in [
        (
            "o: { amount: decimal }",
            "o: { amount: 1 }",
            r#"{"amount":1.0}"#,
        ),
        (
            "o: { amount: decimal }",
            "o: { amount: n }",
            r#"{"amount":3.0}"#,
        ),
        ("o: { amount: decimal }", "o: one", r#"{"amount":3.0}"#),
        ("o: { amount: decimal }", "o: SHARED", r#"{"amount":2.0}"#),
        (
            "o: { amount: decimal }",
            "o: same(one)",
            r#"{"amount":3.0}"#,
        ),
        ("o: decimal", "o: total(one)", "3.5"),
        ("o: decimal", "o: total({ amount: 1 })", "1.5"),
        (
            "o: { amount: decimal }",
            "o: if n == 3 then one else ({ amount: 0.5 })",
            r#"{"amount":3.0}"#,
        ),
        (
            "o: { of: { amount: decimal } }",
            "o: { of: one }",
            r#"{"of":{"amount":3.0}}"#,
        ),
        (
            "o: list<{ amount: decimal }>",
            "o: rates.prices",
            r#"[{"amount":1.0},null,{"amount":2.0}]"#,
        ),
        (
            "o: list<{ amount: decimal, sku: string }>",
            "o: [one, { amount: 0.5, sku: \"t\" }]",
            r#"[{"amount":3.0,"sku":"s"},{"amount":0.5,"sku":"t"}]"#,
        ),
        (
            "o: map<{ amount: decimal }>",
            "o: rates.by",
            r#"{"a":{"amount":1.0},"none":null}"#,
        ),
        (
            "o: { items: list<{ amount: decimal }> }",
            "o: { items: rates.prices.filter(p => p.amount > 1) }",
            r#"{"items":[{"amount":2.0}]}"#,
        ),
    ] {
        let wanted = format!(r#"{{"o":{o}}}"#);
        assert_eq!(body(parameters, whole, arguments), wanted, "{arguments}");
    }
}
