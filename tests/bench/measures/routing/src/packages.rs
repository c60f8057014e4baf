//! So many journeys, deployed in three ways; three of them are entered by [`EVENT`].

use journeyc::check::check;
use journeyc::lower::lower;
use journeyc::package::PackageInput;
use journeyc::source::{SourceFile, Sources};

/// The event.
pub const EVENT: &str = r#"{"_id":"e-1","timestamp":"2026-03-02T09:59:58Z","eventType":"commerce.purchases","who":"ada@acme.example",
"sku":"sku-7","amount":250.5,"channel":"web","order":{"id":"o-1","total":250.5,"coupon":"SPRING"},
"place":{"city":"Hamburg","country":"DE"},"items":[{"sku":"sku-7","price":200.0},{"sku":"sku-9","price":50.5}],
"unread":{"a":[1,2,3],"b":{"c":"nobody reads this"}}}"#;
/// Whose it is.
pub const PROFILE: &str = r#"{"level":"gold","score":42,"city":"Hamburg"}"#;

const PROFILE_SCHEMA: &str = r#"{ "$id": "https://ns.acme.example/schemas/p", "type": "object", "title": "P",
    "properties": { "level": { "type": "string" }, "score": { "type": "integer" }, "city": { "type": "string" } } }"#;
const EVENT_SCHEMA: &str = r#"{ "$id": "https://ns.acme.example/schemas/e", "type": "object", "title": "E",
    "properties": { "_id": { "type": "string" }, "timestamp": { "type": "string", "format": "date-time" },
        "eventType": { "type": "string" }, "who": { "type": "string" }, "sku": { "type": "string" },
        "amount": { "type": "number" }, "channel": { "type": "string" },
        "order": { "type": "object", "properties": { "id": { "type": "string" }, "total": { "type": "number" }, "coupon": { "type": "string" } } },
        "place": { "type": "object", "properties": { "city": { "type": "string" }, "country": { "type": "string" } } },
        "items": { "type": "array", "items": { "type": "object", "properties": { "sku": { "type": "string" }, "price": { "type": "number" } } } } } }"#;

/// How journeys are deployed.
#[derive(Clone, Copy)]
pub enum Layout {
    /// Each in a package of its own.
    Packages,
    /// All in one package, each with an event declaration of its own.
    Events,
    /// All in one package, all entered by one event, each on a condition of its own.
    Entrances,
}

impl Layout {
    /// All ways.
    pub const ALL: [Layout; 3] = [Layout::Packages, Layout::Events, Layout::Entrances];

    /// In words.
    pub fn says(self) -> &'static str {
        match self {
            Layout::Packages => "a package a journey",
            Layout::Events => "one package, an event a journey",
            Layout::Entrances => "one package, one event",
        }
    }

    /// As a file name.
    pub fn id(self) -> &'static str {
        match self {
            Layout::Packages => "packages",
            Layout::Events => "events",
            Layout::Entrances => "entrances",
        }
    }

    /// The artifacts' bytes.
    pub fn files(self, count: usize) -> Vec<Vec<u8>> {
        let numbers = 0..count;
        match self {
            Layout::Packages => numbers
                .map(|n| {
                    compile(
                        &format!("p{n}"),
                        &(event(n) + &journey(n, &format!("Ev{n}"), "")),
                    )
                })
                .collect(),
            Layout::Events => {
                let text: String = numbers
                    .map(|n| event(n) + &journey(n, &format!("Ev{n}"), ""))
                    .collect();
                vec![compile("all", &text)]
            }
            Layout::Entrances => {
                let purchase = "event Purchase: E {\n    where eventType == \"commerce.purchases\"\n    key who in Email\n}\n";
                let journeys = numbers.map(|n| {
                    // The event says its type, and nobody is let in by another one.
                    let condition = condition(n, "e.")
                        .replace("e.eventType == \"commerce.purchases\" and ", "")
                        .replace("e.eventType ==", "e.sku ==");
                    journey(n, "Purchase", &format!(" where {condition}"))
                });
                let journeys: String = journeys.collect();
                vec![compile("all", &(purchase.to_owned() + &journeys))]
            }
        }
    }
}

fn event(n: usize) -> String {
    format!(
        "event Ev{n}: E {{\n    where {}\n    key who in Email\n}}\n",
        condition(n, "")
    )
}

/// Three numbers match; the others ask for another type, another product, a higher amount, or another beginning.
fn condition(n: usize, of: &str) -> String {
    let purchase = format!("{of}eventType == \"commerce.purchases\"");
    match n {
        0 => format!("{purchase} and {of}sku == \"sku-7\""),
        1 => format!("{purchase} and {of}amount > 200 and {of}amount < 300"),
        2 => format!("{purchase} and startWith({of}sku, \"sku-\") and {of}place.country == \"DE\""),
        _ => match n % 5 {
            0 => format!("{of}eventType == \"type-{n}\""),
            1 => format!("{purchase} and {of}sku == \"other-{n}\""),
            2 => format!("{purchase} and {of}amount > {}", 1000 + n),
            3 => format!("{purchase} and startWith({of}order.id, \"x{n}-\")"),
            _ => format!(
                "{purchase} and {of}channel in [\"shop-{n}\", \"fair-{n}\"] and {of}order.total > 10"
            ),
        },
    }
}

/// Journeys read different fields, so packages of one journey have different plans.
fn journey(n: usize, event: &str, condition: &str) -> String {
    let reads = [
        "e.order.total > 100",
        "e.place.city == profile.city",
        "e.items.any(i => i.price > 100)",
        "e.order.coupon == \"SPRING\" and profile.level == \"gold\"",
        "e.channel == \"web\" and profile.score > 10",
        "e.items.any(i => i.sku == \"sku-9\") and e.order.id == \"o-1\"",
        "e.place.country == \"DE\"",
    ];
    format!(
        "journey J{n} {{\n    enter on {event} as e{condition}\n    if {} {{\n        wait 2d\n        end \"yes\"\n    }}\n    end \"no\"\n}}\n",
        reads[n % reads.len()]
    )
}

fn compile(name: &str, text: &str) -> Vec<u8> {
    let file = |path: &str, text: String| SourceFile {
        path: path.into(),
        text: text.into(),
    };
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n\n[schemas]\npaths = [\"schemas\"]\n\n[profile]\n\
         schema = \"https://ns.acme.example/schemas/p\"\nidentities = [\"Email\"]\n"
    );
    let head = "schema E = \"https://ns.acme.example/schemas/e\"\n";
    let input = PackageInput {
        sources: Sources::new(vec![
            file("journey.toml", manifest),
            file("schemas/p.json", PROFILE_SCHEMA.into()),
            file("schemas/e.json", EVENT_SCHEMA.into()),
            file("main.journey", head.to_owned() + text),
        ]),
        environment: None,
    };
    let analysis = check(&input);
    assert!(
        !analysis.has_errors(),
        "{:#?}",
        analysis.diagnostics.first()
    );
    let artifact = lower(&analysis.program, &analysis.registry, &input.sources);
    let mut artifact = artifact.expect("a package that can be laid out");
    // What runs needs no source map; it would be most of the memory.
    artifact.source_map = Default::default();
    journey_artifact::write(&artifact)
}
