//! Steps to nodes: names, successors, what is kept of events and answers, what stays over a wait.

use super::super::{lower, lower_tests};
use super::package::{checked, of};
use journey_artifact::graph::{Journey, Node, NodeKind};
use journey_artifact::model::{Artifact, SlotIx};

const HEAD: &str = r#"
schema E = "https://ns.acme.example/schemas/e"
event Go: E {
    where eventType == "go" and amount > 1
    key who in Email
}
event Stop: E {
    where eventType == "stop"
    key who in Email
}
source Ask(city: string) -> { main: { temp: decimal, sky: string }, notes: list<string> } {
    get "http://localhost/ask"
    query { q: city }
}
action Tell(text: string, lines: list<{ sku: string, price: decimal }>) -> { id: string } {
    post "http://localhost/tell"
    json { text: text, lines: lines }
    failure { code: string }
}
"#;

fn lowered(journey: &str) -> Artifact {
    let (analysis, sources) = checked(of(&format!("{HEAD}\n{journey}")));
    let artifact = lower(&analysis.program, &analysis.registry, &sources)
        .unwrap_or_else(|found| panic!("{found:#?}"));
    let text =
        journey_artifact::disasm::flow(&artifact) + &journey_artifact::disasm::bytecode(&artifact);
    journey_artifact::verify(artifact.clone()).unwrap_or_else(|why| panic!("{why}\n{text}"));
    artifact
}

fn text(artifact: &Artifact, id: journey_artifact::model::StrId) -> &str {
    &artifact.strings[id.0 as usize]
}

fn node<'a>(artifact: &'a Artifact, name: &str) -> &'a Node {
    artifact.journeys[0]
        .nodes
        .iter()
        .find(|n| text(artifact, n.name) == name)
        .unwrap_or_else(|| panic!("no {name}"))
}

fn variable<'a>(artifact: &'a Artifact, journey: &Journey, slot: SlotIx) -> &'a str {
    text(
        artifact,
        artifact.shapes[journey.vars.0 as usize].slots[usize::from(slot)].name,
    )
}

fn live<'a>(artifact: &'a Artifact, name: &str) -> Vec<&'a str> {
    let slots = &node(artifact, name).live;
    assert!(slots.windows(2).all(|pair| pair[0] < pair[1]));
    slots
        .iter()
        .map(|slot| variable(artifact, &artifact.journeys[0], *slot))
        .collect()
}

#[test]
fn nodes_are_named_by_label_or_kind_and_follow_the_page() {
    let artifact = lowered(
        r#"journey J {
    enter on Go
    wait 1h
    if profile.a == 1 {
        wait 2h
    } else {
        last: wait 3h
    }
    wait 4h
    end "x"
}"#,
    );
    let journey = &artifact.journeys[0];
    let names: Vec<&str> = journey
        .nodes
        .iter()
        .map(|n| text(&artifact, n.name))
        .collect();
    assert_eq!(
        names,
        ["wait-1", "if-1", "wait-2", "last", "wait-3", "end-1", "end"]
    );
    let next = |ix: usize| match &journey.nodes[ix].kind {
        NodeKind::Wait { next, .. } => next.0,
        other => panic!("{other:?}"),
    };
    assert_eq!([next(0), next(2), next(3), next(4)], [1, 4, 4, 5]);
    assert_eq!(journey.start.0, 0);
}

#[test]
fn an_event_is_kept_as_far_as_it_is_read_and_as_long() {
    let artifact = lowered(
        r#"journey J {
    enter on Go as go where go.amount > 5
    let city = profile.home.city else { end "nowhere" }
    wait 1h
    if go.order.total > 10 {
        send Tell(text: "{go.order.id ?? ""} in {city}", lines: [{ sku: go.order.lines.first(l => l.qty > 1).sku ?? "", price: 1.0 }]) {
            on failed as f { end "{f.body.code ?? f.reason}" }
        }
    }
    wait 2h
    end "{city}"
}"#,
    );
    assert_eq!(
        live(&artifact, "wait-1"),
        ["go.order.id", "go.order.lines", "go.order.total", "city"]
    );
    assert_eq!(live(&artifact, "send-1"), ["city"]);
    assert_eq!(live(&artifact, "wait-2"), ["city"]);
    let journey = &artifact.journeys[0];
    let kept: Vec<&str> = journey.entries[0]
        .on
        .bind
        .iter()
        .map(|b| variable(&artifact, journey, b.to))
        .collect();
    assert_eq!(kept, ["go.order.id", "go.order.lines", "go.order.total"]);
    let NodeKind::Call { outcomes, args, .. } = &node(&artifact, "send-1").kind else {
        panic!()
    };
    let kept: Vec<&str> = outcomes[0]
        .bind
        .iter()
        .map(|b| variable(&artifact, journey, b.to))
        .collect();
    assert_eq!((kept, args.len()), (vec!["f.body.code"], 2));
    assert!(outcomes[0].reason.is_some() && outcomes[0].status.is_none());
}

#[test]
fn an_answer_is_read_as_far_as_the_journey_reads_it() {
    let artifact = lowered(
        r#"journey J {
    enter on Go
    let answer = fetch Ask(city: "Rom") else { }
    if answer.main.temp < 5 {
        end "cold"
    }
}"#,
    );
    let plan = artifact.calls[0].response.unwrap();
    let shape = &artifact.shapes[artifact.plans[plan.0 as usize].shape.0 as usize];
    let slots: Vec<&str> = shape
        .slots
        .iter()
        .map(|s| text(&artifact, s.name))
        .collect();
    assert_eq!(slots, ["main.temp"]);
    assert!(artifact.calls[1].response.is_none() && artifact.calls[1].failure.is_none());
}

#[test]
fn a_failed_call_of_the_error_steps_does_not_lead_back_to_them() {
    let artifact = lowered(
        r#"journey J {
    enter on Go
    on error {
        send Tell(text: "sorry", lines: [])
        end "failed"
    }
    exit on Stop as stop where stop.amount > 3 {
        send Tell(text: "{stop.order.id ?? ""}", lines: [])
    }
    send Tell(text: "hello", lines: [{ sku: "A", price: 1.0 }])
}"#,
    );
    let otherwise: Vec<Option<&str>> = artifact.journeys[0]
        .nodes
        .iter()
        .filter_map(|n| match &n.kind {
            NodeKind::Call { otherwise, .. } => Some(
                otherwise.map(|to| text(&artifact, artifact.journeys[0].nodes[to.0 as usize].name)),
            ),
            _ => None,
        })
        .collect();
    assert_eq!(otherwise, [Some("send-3"), Some("send-3"), None]);
    let events = journey_artifact::disasm::events(&artifact);
    assert!(
        events.contains("by eventType == \"go\"\n  by amount > 1.0\n"),
        "{events}"
    );
}

#[test]
fn what_a_test_asks_of_a_let_is_read_for_the_tests_alone() {
    let journey = r#"journey J {
    enter on Go as go
    let order = go.order
    wait 1h
}
test "t" for J {
    receive Go { amount: 2.0, who: "a" }
    expect order.id == "x"
}
test "what is asked of the event alone is none of it" for J {
    receive Go { amount: 2.0, who: "a" }
    expect go.order.lines[0].sku is missing
}"#;
    let (analysis, sources) = checked(of(&format!("{HEAD}\n{journey}")));
    let read = |artifact: &Artifact| {
        let plan = artifact.events[0].plan;
        let shape = artifact.plans[plan.0 as usize].shape;
        let slots = artifact.shapes[shape.0 as usize].slots.iter();
        ["order.id", "order.lines"].map(|name| {
            let mut slots = slots.clone();
            slots.any(|slot| text(artifact, slot.name) == name)
        })
    };
    let with = lower_tests(&analysis.program, &analysis.registry, &sources).unwrap();
    assert_eq!(read(&with), [true, false]);
    let without = lower(&analysis.program, &analysis.registry, &sources).unwrap();
    assert_eq!(read(&without), [false, false]);
}

#[test]
fn maps_by_computed_key_and_records_by_name_flow_through_variables() {
    let artifact = lowered(
        r#"function label(line: { sku: string, price: decimal }) -> string = "{line.sku} at {line.price}"

journey J {
    enter on Go as go
    let first = go.order.lines.first() else { end "empty" }
    let dear = go.order.lines.filter(l => l.price > 10) else { end "no lines" }
    wait 1h
    if go.attrs["colour"] == "red" and go.attrs[profile.s ?? ""] == "x" {
        end "{first.name ?? ""}"
    }
    send Tell(
        text: label({ sku: first.sku ?? "", price: 1.5 }),
        lines: [{ sku: dear.first().maker.city ?? "", price: dear.last().price ?? 0.0 }],
    )
    wait 2h
    end "{dear.first().maker.name ?? ""}"
}"#,
    );
    // One computed key makes the whole map stay.
    assert_eq!(live(&artifact, "wait-1"), ["go.attrs", "first", "dear"]);
    assert_eq!(live(&artifact, "wait-2"), ["dear"]);
    let event = artifact.events[0].plan;
    let shape = &artifact.shapes[artifact.plans[event.0 as usize].shape.0 as usize];
    let slots: Vec<&str> = shape
        .slots
        .iter()
        .map(|s| text(&artifact, s.name))
        .collect();
    assert_eq!(
        slots,
        ["_id", "amount", "attrs", "eventType", "order.lines", "who"]
    );
}

#[test]
fn a_list_within_itself_is_refused_with_a_reason() {
    use crate::source::SourceFile;
    let schema = r##"{"$id": "https://ns.acme.example/schemas/e", "type": "object", "title": "E", "properties": {
        "_id": {"type": "string"}, "who": {"type": "string"}, "eventType": {"type": "string"}, "nodes": {"$ref": "#/definitions/list"}},
        "definitions": {"list": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}, "nodes": {"$ref": "#/definitions/list"}}}}}}"##;
    let mut files = of(
        "schema E = \"https://ns.acme.example/schemas/e\"\nevent Go: E {\n    where eventType == \"go\"\n    key who in Email\n}\n\n\
        journey J {\n    enter on Go as go where go.nodes.first().nodes.first().n > 1\n    wait 1h\n}\n",
    );
    for file in &mut files {
        if file.path == "schemas/event.json" {
            *file = SourceFile {
                path: file.path.clone(),
                text: schema.into(),
            };
        }
    }
    let (analysis, sources) = checked(files);
    let found = lower(&analysis.program, &analysis.registry, &sources).unwrap_err();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, crate::diag::Code::NotYet);
}

#[test]
fn an_update_shows_in_the_slots_that_are_read() {
    let artifact = lowered(
        r#"journey J {
    enter on Go as go
    let place = profile.places["rome"] else { end "no place" }
    let scores = profile.scores else { end "no scores" }
    update profile {
        a: 5,
        home.city: "Roma",
        home.zip: go.order.id ?? "",
        scores: scores,
    }
    if profile.a == 5 and profile.home.city == "Roma" and profile.scores["spring"] > 1 {
        end "{place.visits ?? 0}"
    }
}"#,
    );
    let NodeKind::Update { fields, .. } = &node(&artifact, "update-1").kind else {
        panic!()
    };
    let shown: Vec<(&str, bool)> = fields
        .iter()
        .map(|f| (text(&artifact, f.path), f.slot.is_some()))
        .collect();
    assert_eq!(
        shown,
        [
            ("a", true),
            ("home.city", true),
            ("home.zip", false),
            ("scores", true)
        ]
    );
}

#[test]
fn what_cannot_be_reached_is_refused_and_does_not_hang() {
    use super::super::lower_expressions;
    use crate::hir::{Expr, ExprKind, LocalId, Root, VarId};
    use crate::source::{FileId, Span};
    use crate::types::Type;
    let span = Span {
        file: FileId(0),
        start: 0,
        end: 0,
    };
    let registry = crate::xdm::Registry::default();
    for root in [Root::Input, Root::Var(VarId(0)), Root::Local(LocalId(0))] {
        for ty in [Type::Integer, Type::list(Type::Integer)] {
            let e = Expr {
                kind: ExprKind::Root(root),
                ty,
                opt: true,
                span,
            };
            let found = lower_expressions(&registry, None, None, &[e]).unwrap_err();
            assert_eq!(found[0].code, crate::diag::Code::NotYet, "{root:?}");
        }
    }
}
