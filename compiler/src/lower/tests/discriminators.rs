//! What an index may look up of a `where`, and the parts that it is split into.

use super::super::lower;
use super::package::{checked, of};
use journey_artifact::disasm;

const HEAD: &str = "schema E = \"https://ns.acme.example/schemas/e\"\n";

/// Of an event that nobody listens for nothing is kept.
const LISTENER: &str = "journey J {\n    enter on Go\n    end\n}";

/// The lines about one event, or one entrance, that say what it is found by.
fn by(text: &str) -> Vec<String> {
    let (analysis, sources) = checked(of(&format!("{HEAD}{text}")));
    let artifact = lower(&analysis.program, &analysis.registry, &sources)
        .unwrap_or_else(|found| panic!("{found:#?}"));
    journey_artifact::verify(artifact.clone()).expect("a valid artifact");
    let all = disasm::events(&artifact) + &disasm::flow(&artifact);
    let lines = all.lines().map(str::trim);
    lines
        .filter_map(|line| line.strip_prefix("by "))
        .map(str::to_owned)
        .collect()
}

fn event(condition: &str) -> Vec<String> {
    by(&format!(
        "event Go: E {{\n    where {condition}\n    key who in Email\n}}\n{LISTENER}"
    ))
}

#[test]
fn equalities_lists_ranges_and_prefixes_are_found() {
    assert_eq!(event("eventType == \"go\""), ["eventType == \"go\""]);
    assert_eq!(event("\"go\" == eventType"), ["eventType == \"go\""]);
    assert_eq!(
        event("eventType in [\"go\", \"run\"]"),
        ["eventType in [\"go\", \"run\"]"]
    );
    assert_eq!(
        event("eventType == \"go\" or eventType == \"run\""),
        ["eventType in [\"go\", \"run\"]"]
    );
    assert_eq!(event("amount > 1"), ["amount > 1.0"]);
    assert_eq!(event("100 >= amount"), ["amount <= 100.0"]);
    assert_eq!(
        event("amount >= 1 and eventType == \"go\" and amount < 9"),
        ["amount >= 1.0 and amount < 9.0", "eventType == \"go\""]
    );
    assert_eq!(
        event("startWith(eventType, \"commerce.\")"),
        ["eventType begins with \"commerce.\""]
    );
    assert_eq!(
        event("timestamp >= 2026-03-01T10:00+01:00"),
        ["timestamp >= 2026-03-01T10:00:00.000+01:00"]
    );
    assert_eq!(event("order.id == \"a\""), ["order.id == \"a\""]);
}

#[test]
fn a_part_of_a_constant_is_a_constant() {
    for (condition, found) in [
        ("eventType == T.go", "eventType == \"go\""),
        (
            "eventType in [T.go, T[\"run\"]]",
            "eventType in [\"go\", \"run\"]",
        ),
        ("eventType in T.all", "eventType in [\"go\", \"run\"]"),
        ("eventType == T.all[1]", "eventType == \"run\""),
        ("amount > T.more.most", "amount > 3.0"),
    ] {
        let constant = "const T = { go: \"GO\".lower(), run: \"run\", all: [\"go\", \"run\"], more: { most: 3 } }";
        let text = format!(
            "{constant}\nevent Go: E {{\n    where {condition}\n    key who in Email\n}}\n{LISTENER}"
        );
        assert_eq!(by(&text), [found], "{condition}");
    }
}

#[test]
fn what_decides_nothing_alone_is_not_found() {
    for condition in [
        "eventType != \"go\"",
        "eventType == \"go\" or amount > 1",
        "eventType == who",
        "eventType < \"go\"",
        "not (eventType == \"go\")",
        "eventType in [\"go\", who]",
        "order.lines.any(l => l.sku == \"a\")",
    ] {
        assert_eq!(event(condition), [] as [&str; 0], "{condition}");
    }
}

#[test]
fn an_entrance_is_found_by_what_it_asks_of_the_event() {
    let text = "event Go: E {\n    where eventType == \"go\"\n    key who in Email\n}\n\
        journey J {\n    enter on Go as go where go.amount > 3 and profile.s == \"x\"\n    end\n}";
    assert_eq!(by(text), ["eventType == \"go\"", "amount > 3.0"]);
}

#[test]
fn a_where_is_one_condition_for_each_part() {
    let text = format!(
        "{HEAD}event Go: E {{\n    where (eventType == \"go\" and amount > 1) and (who == \"a\" or amount < 9)\n    \
         key who in Email\n}}\n{LISTENER}"
    );
    let (analysis, sources) = checked(of(&text));
    let artifact = lower(&analysis.program, &analysis.registry, &sources).expect("lowered");
    let spans = &artifact.source_map.chunks;
    let parts = artifact.events[0].conditions.iter();
    let parts: Vec<&str> = parts.map(|id| spans[id.0 as usize].text.as_str()).collect();
    assert_eq!(parts[..2], ["eventType == \"go\"", "amount > 1"]);
    assert_eq!(parts.len(), 3);
}
