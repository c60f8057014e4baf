//! Several packages in one deployment: of one person they see what one package with all of their journeys sees.
//!
//! Comes in: what a step sets in the profile, and what a journey of another package says of it at the same event. Never here: two answers
//! that differ by how journeys are spread over packages.

use journey_artifact::read;
use journey_machine::advance::{Cause, Input, advance};
use journey_machine::deployment::{Deployment, ProfileRecord};
use journey_machine::effects::Status;
use journey_machine::ids::Instant;
use journey_machine::person::Person;
use journey_tests::packages;
use journeyc::source::SourceFile;

const PROFILE: &str = r#"{ "firstName": "Eva", "loyalty": { "tier": "iron", "card": { "number": "1" } }, "tags": ["old"],
    "marks": { "a": "1", "b": "2" } }"#;

/// The artifact of the promises' schemas with these journeys.
fn artifact(name: &str, journeys: &str) -> Vec<u8> {
    let input = packages::promises().with(&SourceFile {
        path: "page.journey".into(),
        text: journeys.into(),
    });
    let manifest = input.sources.find("journey.toml").expect("a manifest");
    let manifest = &input.sources.get(manifest).text;
    let named = manifest.replacen("promises", name, 1);
    let input = packages::with_file(&input, "journey.toml", &named);
    let (analysis, bytes) = packages::compile(&input);
    assert_eq!(analysis.diagnostics, [], "{journeys}");
    bytes
}

/// The labels of all ends that one event leads to.
fn ends(packages: &[Vec<u8>]) -> Vec<String> {
    let programs = packages
        .iter()
        .map(|bytes| read(bytes).expect("an artifact"));
    let deployment = Deployment::new(programs.collect()).expect("a deployment");
    let profile = ProfileRecord::scan(&deployment, PROFILE.as_bytes()).expect("a profile");
    let event = br#"{ "_id": "1", "timestamp": "2026-03-01T10:00:00Z", "eventType": "begun", "email": "a@x.example" }"#;
    let now = Instant(1_772_360_000_000);
    let scanned = deployment.scan(event, now).expect("an event");
    let mut person = Person::new("Email", "a@x.example");
    let input = Input::new(&profile, Cause::Event(&scanned));
    let effects = advance(&deployment, &mut person, input, now);
    let ended = effects
        .steps
        .iter()
        .filter(|step| step.status == Status::Ended);
    let mut labels: Vec<String> = ended.filter_map(|step| step.label.clone()).collect();
    labels.sort();
    labels
}

#[test]
fn what_one_sets_all_see() {
    let says = r#"{profile.firstName ?? "-"} {profile.loyalty.tier ?? "-"} {profile.loyalty is present} {profile.loyalty.card.number ?? "-"} {profile.box is present} {profile.tags[0] ?? "-"} {profile.marks["a"] ?? "-"}"#;
    let reads_all = r#"{profile.marks.values().count() ?? 0} {profile.loyalty.card is present}"#;
    for sets in [
        r#"firstName: "Ada""#,
        r#"loyalty.tier: "gold", loyalty.card.number: "7""#,
        r#"box.size: "small""#,
        r#"tags: ["a", "b"]"#,
        r#"firstName: "{profile.firstName ?? ""}+""#,
        r#"marks["a"]: "9""#,
    ] {
        let writer = |name: &str| {
            format!(
                "journey {name} {{\n    enter on Begun\n    update profile {{ {sets} }}\n    end \"{name}\"\n}}\n"
            )
        };
        let reader = |name: &str, says: &str| {
            format!("journey {name} {{\n    enter on Begun\n    end \"{name} {says}\"\n}}\n")
        };
        // A map that is read whole takes no single key of another journey of its own package, so it is asked in another.
        let one = [writer("A"), writer("B"), reader("C", says)].concat();
        let together = ends(&[artifact("one", &one)]);
        let apart = ends(&[
            artifact("a", &writer("A")),
            artifact("b", &writer("B")),
            artifact("c", &reader("C", says)),
        ]);
        assert_eq!(together, apart, "{sets}");
        let before = ends(&[
            artifact("c", &reader("C", says)),
            artifact("a", &writer("A")),
        ]);
        assert_eq!(
            before,
            ends(&[artifact("one", &[reader("C", says), writer("A")].concat())]),
            "{sets}"
        );
        let whole = ends(&[
            artifact("a", &writer("A")),
            artifact("d", &reader("D", reads_all)),
        ]);
        assert_eq!(whole, ["A", "D 2 true"], "{sets}");
    }
}
