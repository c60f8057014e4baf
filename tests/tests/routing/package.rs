//! Random packages over a few versions of two schemas and a profile.

use super::rng::Rng;
use journey_artifact::{Verified, read};
use journey_tests::packages::compile;
use journeyc::check::check;
use journeyc::package::PackageInput;
use journeyc::source::{SourceFile, Sources};

/// Programs in force together: some packages in several versions, the oldest first.
pub fn deployment(rng: &mut Rng) -> Vec<Verified> {
    let count = 1 + rng.below(8);
    let programs = (0..count).map(|number| {
        let name = format!("p{}", rng.below(5));
        program(rng, &name, number)
    });
    programs.collect()
}

/// A package that the compiler takes: it refuses conditions that contradict themselves.
fn program(rng: &mut Rng, name: &str, version: usize) -> Verified {
    for _ in 0..1000 {
        let input = package(rng, name, version);
        if !check(&input).has_errors() {
            let (_, bytes) = compile(&input);
            return read(&bytes).expect("a valid artifact");
        }
    }
    panic!("no package without errors");
}

fn package(rng: &mut Rng, name: &str, version: usize) -> PackageInput {
    let file = |path: &str, text: String| SourceFile {
        path: path.into(),
        text: text.into(),
    };
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"{version}.0.0\"\n\n[schemas]\npaths = [\"schemas\"]\n\n[profile]\n\
         schema = \"https://ns.acme.example/schemas/p\"\nidentities = [\"Email\", \"Phone\"]\n"
    );
    PackageInput {
        sources: Sources::new(vec![
            file("journey.toml", manifest),
            file("schemas/profile.json", profile_schema(rng)),
            file("schemas/e.json", event_schema(rng, "e")),
            file("schemas/f.json", event_schema(rng, "f")),
            file("main.journey", journeys(rng)),
        ]),
        environment: None,
    }
}

fn profile_schema(rng: &mut Rng) -> String {
    let score = *rng.pick(&["integer", "integer", "integer", "number"]);
    format!(
        r#"{{ "$id": "https://ns.acme.example/schemas/p", "type": "object", "title": "P",
        "properties": {{ "score": {{ "type": "{score}" }}, "level": {{ "type": "string" }},
            "marks": {{ "type": "array", "items": {{ "type": "object", "properties": {{ "name": {{ "type": "string" }}, "n": {{ "type": "integer" }} }} }} }} }} }}"#
    )
}

/// Most packages know the same version; some another, in which a type, an enum or what is required differs.
fn event_schema(rng: &mut Rng, name: &str) -> String {
    let n = if rng.percent(85) { "integer" } else { "number" };
    let kind = if rng.percent(80) {
        r#"{ "type": "string", "enum": ["a", "b", "c"] }"#
    } else {
        r#"{ "type": "string" }"#
    };
    let required = *rng.pick(&["", "", "", r#""required": ["sku"],"#]);
    let inner = *rng.pick(&["", "", r#""required": ["id"],"#]);
    format!(
        r#"{{ "$id": "https://ns.acme.example/schemas/{name}", "type": "object", "title": "E", {required}
        "properties": {{ "_id": {{ "type": "string" }}, "timestamp": {{ "type": "string", "format": "date-time" }},
            "eventType": {{ "type": "string" }}, "who": {{ "type": "string" }}, "phone": {{ "type": "string" }}, "sku": {{ "type": "string" }},
            "n": {{ "type": "{n}" }}, "amount": {{ "type": "number" }}, "flag": {{ "type": "boolean" }}, "kind": {kind},
            "order": {{ "type": "object", {inner} "properties": {{ "id": {{ "type": "string" }}, "total": {{ "type": "number" }} }} }},
            "items": {{ "type": "array", "items": {{ "type": "object", {inner} "properties": {{
                "id": {{ "type": "string" }}, "price": {{ "type": "number" }},
                "tags": {{ "type": "array", "items": {{ "type": "string" }} }} }} }} }} }} }}"#
    )
}

fn journeys(rng: &mut Rng) -> String {
    let mut text = String::from(
        "schema E = \"https://ns.acme.example/schemas/e\"\nschema F = \"https://ns.acme.example/schemas/f\"\n",
    );
    let events = 1 + rng.below(4);
    for event in 0..events {
        let schema = if rng.percent(80) { "E" } else { "F" };
        let condition = match rng.percent(90) {
            // Last stands what takes more fuel than there is: whoever is left out by the index is not asked, and whoever is asked
            // comes to it in both ways.
            true if rng.percent(15) => {
                let first = condition(rng, "");
                format!("    where {first} and matchRegExp(LONG, \"{{sku}}{{LONG}}\")\n")
            }
            true => format!("    where {}\n", condition(rng, "")),
            false => String::new(),
        };
        let (key, namespace) = *rng.pick(&[("who", "Email"), ("who", "Email"), ("phone", "Phone")]);
        text +=
            &format!("event Ev{event}: {schema} {{\n{condition}    key {key} in {namespace}\n}}\n");
    }
    for journey in 0..1 + rng.below(9) {
        let entrances = (0..1 + rng.below(2)).map(|_| {
            let event = rng.below(events);
            let mut wants = match rng.percent(70) {
                true => vec![condition(rng, "e.")],
                false => Vec::new(),
            };
            if rng.percent(40) {
                let of_profile = *rng.pick(&[
                    "profile.score > 1",
                    "profile.level == \"gold\"",
                    "profile.marks.any(m => m.name == \"x\")",
                ]);
                wants.insert(rng.below(wants.len() + 1), of_profile.into());
            }
            let wants = match wants.is_empty() {
                true => String::new(),
                false => format!(" where {}", wants.join(" and ")),
            };
            format!("    enter on Ev{event} as e{wants}\n")
        });
        let entrances: String = entrances.collect();
        text += &format!(
            "journey J{journey} {{\n{entrances}    if e.order.total > 3 and e.items.any(i => i.price > 2) {{\n        end \"{{e.kind ?? \"\"}}\"\n    }}\n    end \"{{e.sku ?? \"none\"}}\"\n}}\n"
        );
    }
    if text.contains("LONG") {
        text += &format!("const LONG = \"{}\"\n", "x".repeat(17_000));
    }
    text
}

/// A `where` of a few parts; `of` stands before each field.
fn condition(rng: &mut Rng, of: &str) -> String {
    let parts: Vec<String> = (0..1 + rng.below(3)).map(|_| part(rng, of)).collect();
    parts.join(" and ")
}

fn part(rng: &mut Rng, of: &str) -> String {
    let number = rng.below(6);
    let op = *rng.pick(&["<", "<=", ">", ">=", "=="]);
    match rng.below(16) {
        0..=3 => format!("{of}eventType == \"t{number}\""),
        4 => format!("{of}eventType in [\"t{number}\", \"t{}\"]", rng.below(6)),
        5 => format!(
            "startWith({of}eventType, \"{}\")",
            rng.pick(&["t", "t1", "t12"])
        ),
        6 => format!("{of}amount {op} {number}.5"),
        7 => format!("{of}amount > {number} and {of}amount < {}", number + 2),
        8 => format!("{of}n {op} {number}"),
        9 => format!("{of}flag"),
        10 => format!("not {of}flag"),
        11 => format!("{of}kind == \"{}\"", rng.pick(&["a", "b"])),
        12 => format!("{of}order.id == \"o{number}\""),
        13 => format!("{of}items.any(i => i.id == \"i{number}\")"),
        14 => format!("({of}sku == \"s{number}\" or {of}amount > 4)"),
        _ => format!("{of}sku == {of}order.id"),
    }
}
