//! What a replay's report says of what is out of the ordinary.

use super::command::{Folder, root, run_in};
use std::fs;

/// The report of the package of `fixtures/failing`, its one file changed, over these events and stubs.
fn report(change: impl Fn(String) -> String, events: &str, stubs: &str) -> String {
    let folder = Folder::new();
    let from = root().join("tests/fixtures/failing");
    let read = |name: &str| fs::read_to_string(from.join(name)).unwrap();
    for name in [
        "journey.toml",
        "schemas/profile.json",
        "schemas/shop-event.json",
    ] {
        folder.write(name, read(name).as_bytes());
    }
    folder.write("shop.journey", change(read("shop.journey")).as_bytes());
    folder.write("events.ndjson", events.as_bytes());
    folder.write("stubs.json", stubs.as_bytes());
    let said = run_in(
        folder.path(),
        &["run", "events.ndjson", "--stubs", "stubs.json"],
    );
    assert_eq!(said.code, Some(0), "{said:?}");
    said.out
}

fn event(email: &str) -> String {
    format!(
        "{{\"_id\":\"e1\",\"timestamp\":\"2026-03-01T10:00:00Z\",\"eventType\":\"cart.updated\",\"email\":\"{email}\",\"channel\":\"web\"}}\n"
    )
}

#[test]
fn a_response_of_another_type_is_no_success() {
    let stubs = r#"{ "SendPush": [{ "json": { "id": 5 } }] }"#;
    let read = |text: String| {
        text.replace("greet: send SendPush", "let push = send SendPush")
            .replace(
                "refused\" }\n        }",
                "refused\" }\n        }\n        end \"{push.id}\"",
            )
    };
    let out = report(read, &event("ada@shop.example"), stubs);
    assert!(out.contains("ended \"refused\""), "{out}");
    assert!(out.contains("  response of another type"), "{out}");
    assert!(out.contains("SendPush (response of another type)"), "{out}");
    assert!(!out.contains("success"), "{out}");
    assert!(out.contains(" 1 attempt\n"), "{out}");
}

#[test]
fn a_label_as_long_as_a_text_may_be_is_shortened() {
    let label = format!("end \"{}\"", "é".repeat(70_000));
    let out = report(
        |text| text.replace("end \"refused\"", &label),
        &event("ada@shop.example"),
        "{}",
    );
    assert!(
        out.contains("éé…") && out.len() < 3_000,
        "{} bytes",
        out.len()
    );
}
