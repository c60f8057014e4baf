//! What must be there: fields that a schema or a declaration requires are required in plans, and arguments in calls.

use super::super::lower;
use super::package::checked;
use crate::source::SourceFile;
use journey_artifact::disasm;
use journey_artifact::model::{Artifact, PlanId};

const EVENT: &str = r#"{
    "$id": "https://ns.acme.example/schemas/e", "type": "object", "title": "E", "required": ["_id", "nick", "order"],
    "properties": {
        "_id": { "type": "string" }, "timestamp": { "type": "string", "format": "date-time" }, "eventType": { "type": "string" }, "who": { "type": "string" },
        "nick": { "type": "string" }, "note": { "type": "string" },
        "order": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" }, "total": { "type": "number" },
            "lines": { "type": "array", "items": { "type": "object", "required": ["sku"],
                "properties": { "sku": { "type": "string" }, "qty": { "type": "integer" } } } } } },
        "places": { "type": "object", "additionalProperties": { "type": "object", "required": ["city"],
            "properties": { "city": { "type": "string" } } } }
    }
}"#;
const PROFILE: &str = r#"{
    "$id": "https://ns.acme.example/schemas/p", "type": "object", "title": "P", "required": ["home"],
    "properties": { "email": { "type": "string" },
        "home": { "type": "object", "required": ["city"], "properties": { "city": { "type": "string" } } } }
}"#;
const JOURNEY: &str = r#"
schema E = "https://ns.acme.example/schemas/e"
event Go: E {
    where eventType == "go"
    key who in Email
}
source Ask(q: string) -> { main: { temp: decimal, sky: string? } } {
    get "http://localhost/ask"
    query { q: q }
}
action Tell(text: string, more: string?) {
    post "http://localhost/tell"
    json { text: text, more: more ?? "" }
}
journey J {
    enter on Go as go where go.order.lines.any(l => l.sku == "x" and l.qty > 1)
    let city = profile.home.city else { end "nowhere" }
    let there = go.places["a"].city ?? go.note ?? ""
    let far = count(values(go.places).filter(p => p.city == "Rom"))
    let answer = fetch Ask(q: city) else { end "no answer" }
    send Tell(text: "{go.nick} {there} {answer.main.temp} {answer.main.sky ?? ""} {go.order.id} {far ?? 0}", more: go.note)
}
"#;

fn artifact() -> Artifact {
    let file = |path: &str, text: &str| SourceFile {
        path: path.into(),
        text: text.into(),
    };
    let (analysis, sources) = checked(vec![
        file("journey.toml", include_str!("data/journey.toml")),
        file("schemas/profile.json", PROFILE),
        file("schemas/event.json", EVENT),
        file("main.journey", JOURNEY),
    ]);
    let artifact = lower(&analysis.program, &analysis.registry, &sources).expect("a layout");
    journey_artifact::verify(artifact.clone()).expect("a sound artifact");
    artifact
}

/// The plan's keys, each with `!` when it must be there.
fn keys(artifact: &Artifact, plan: PlanId) -> Vec<String> {
    let text = disasm::plan(artifact, plan);
    let line = |line: &str| {
        let must = line.split(" → ").next().is_some_and(|l| l.ends_with('!'));
        let key = line.trim().split([':', ' ', '!']).next().unwrap_or("");
        format!("{key}{}", if must { "!" } else { "" })
    };
    text.lines().skip(1).map(line).collect()
}

#[test]
fn what_a_schema_or_a_declaration_requires_is_required_in_its_plan() {
    let artifact = artifact();
    let event = artifact.events[0].plan;
    assert_eq!(
        keys(&artifact, event),
        [
            "_id!",
            "eventType",
            "nick!",
            "note",
            "order!",
            "id!",
            "lines",
            "[]",
            "qty",
            "sku!",
            "places",
            "{}",
            "city!",
            "who"
        ]
    );
    let answer = artifact.calls[0].response.expect("it is read");
    assert_eq!(keys(&artifact, answer), ["main!", "sky", "temp!"]);
}

#[test]
fn somebody_may_have_no_profile_but_its_parts_are_whole() {
    let artifact = artifact();
    let profile = artifact.profile.expect("it is read");
    assert_eq!(keys(&artifact, profile), ["home", "city!"]);
}

#[test]
fn an_argument_is_required_unless_its_parameter_may_be_missing() {
    let text = disasm::flow(&artifact());
    for part in [" q!: ", " text!: ", " more: "] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}
