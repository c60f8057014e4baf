//! What updates make of a profile: behind a wait as before it, near the limit, and where not all packages can read it.
//!
//! Comes in: journeys over the promises' events, profiles, events. Goes out: how the stays end, what is told, the profile. Never true here:
//! a stay that ends for the size of a profile; an update that is neither there nor told.

use journey_artifact::read;
use journey_machine::deployment::Deployment;
use journey_machine::effects::{CallRequest, Effects};
use journey_machine::ids::Instant;
use journey_machine::person::Person;
use journey_machine::read::Rejection;
use journey_tests::packages;
use journeyc::host::answers::{Answer, Stubs};
use journeyc::host::engine::{Engine, Options, Who};
use journeyc::host::watch::{Attempt, Watch};
use journeyc::source::SourceFile;
use serde_json::{Value as Json, json};

/// Most bytes of a profile.
const LIMIT: usize = 1024 * 1024;

/// How stays ended, and what was told instead of set.
#[derive(Default)]
struct Log(Vec<String>);

impl Watch for Log {
    fn effects(&mut self, _: &Deployment, _: Who, _: &Person, effects: &Effects) {
        for step in effects.steps.iter().filter(|step| step.status.is_end()) {
            let label = step.label.as_deref().unwrap_or_default();
            self.0.push(format!("{} {label}", step.status));
        }
    }
    fn called(&mut self, _: Who, _: &CallRequest, _: &Answer, _: Attempt) {}
    fn not_set(&mut self, _: &Person, why: &Rejection, _: Instant) {
        self.0.push(format!("{} at {}", why.code.code(), why.path));
    }
}

/// The artifact of a package with these journeys, whose schema says this of profiles.
fn artifact(name: &str, profile: Option<&str>, journeys: &str) -> Vec<u8> {
    let input = packages::promises().with(&SourceFile {
        path: "page.journey".into(),
        text: journeys.into(),
    });
    let text = |path: &str| {
        let file = input.sources.find(path).expect(path);
        input.sources.get(file).text.to_string()
    };
    let manifest = text("journey.toml").replacen("promises", name, 1);
    let mut schema: Json = serde_json::from_str(&text("schemas/profile.json")).expect("a schema");
    if let Some(properties) = profile {
        schema["properties"] = serde_json::from_str(properties).expect("properties");
    }
    let input = packages::with_file(&input, "journey.toml", &manifest);
    let input = packages::with_file(&input, "schemas/profile.json", &schema.to_string());
    let (analysis, bytes) = packages::compile(&input);
    assert_eq!(analysis.diagnostics, [], "{journeys}");
    bytes
}

fn deployment(packages: &[Vec<u8>]) -> Deployment {
    let programs = packages
        .iter()
        .map(|bytes| read(bytes).expect("an artifact"));
    Deployment::new(programs.collect()).expect("a deployment")
}

/// Somebody with this profile, before anything happens.
fn with_profile<'d>(
    deployment: &'d Deployment,
    profile: Option<&Json>,
) -> (Engine<'d, Stubs, Log>, Who) {
    let stubs = Stubs::parse("{}", &[]).expect("stubs");
    let start = Instant(1_772_360_000_000);
    let mut engine = Engine::new(deployment, stubs, Log::default(), start, Options::default());
    let who = engine.meet("Email", "a@x.example");
    if let Some(profile) = profile {
        // Not all packages need be able to read it.
        let _ = engine.set_profile(who, profile.clone());
    }
    (engine, who)
}

fn event(id: &str, kind: &str, text: &str) -> String {
    json!({ "_id": id, "timestamp": "2026-03-01T10:00:00Z", "eventType": kind, "email": "a@x.example", "text": text })
        .to_string()
}

/// What these packages make of such a profile by one event, and by another a minute later; and the profile then.
fn after(packages: &[Vec<u8>], profile: Option<&Json>, text: &str) -> (Vec<String>, Json) {
    let deployment = deployment(packages);
    let (mut engine, who) = with_profile(&deployment, profile);
    let at = engine.now();
    for (id, kind, later) in [("1", "begun", 0), ("2", "answered", 60_000)] {
        engine.advance_to(at.plus(later));
        engine.event(event(id, kind, text).as_bytes());
        engine.settle();
    }
    engine.advance_to(at.plus(86_400_000));
    let profile = engine.profile(who).expect("a profile");
    (engine.watch.0, profile)
}

/// A profile that takes so many bytes by its first name.
fn of_bytes(bytes: usize) -> Json {
    let name = "x".repeat(bytes - r#"{"firstName":""}"#.len());
    json!({ "firstName": name })
}

#[test]
fn entries_that_are_set_together_are_all_there_however_large_the_map() {
    let sets = r#"
        update profile { marks["a"]: "1", marks["b"]: "2", marks["c"]: "3", marks["d"]: "4" }
        let seen = "{profile.marks.keys().count() ?? 0} {profile.marks.entry(concat("d", "")) ?? "-"}"
        update profile { firstName: "the name of {begun.text ?? ""}" }"#;
    let says =
        r#"end "{seen} {profile.firstName ?? "-"}, {profile.marks.entry(concat("a", "")) ?? "-"}""#;
    let journeys =
        format!("journey J {{\n    enter on Begun as begun{sets}\n    wait 1h\n    {says}\n}}\n");
    let package = [artifact("one", None, &journeys)];
    for bytes in [300_000, 700_000, 1_000_000] {
        // There may be 10 000 entries.
        let count = 9_000;
        let mark = "m".repeat(bytes / count - 20);
        let marks: serde_json::Map<String, Json> = (0..count)
            .map(|at| (format!("key {at:05}"), Json::from(mark.as_str())))
            .collect();
        let (log, profile) = after(&package, Some(&json!({ "marks": marks })), "ada");
        assert_eq!(log, ["ended 9004 4 the name of ada, 1"], "{bytes}");
        assert_eq!(profile["marks"]["d"], "4");
    }
}

#[test]
fn what_was_overwritten_takes_no_room() {
    let journey = |at: usize| {
        format!(
            "journey J{at} {{\n    enter on Begun as begun\n    update profile {{ firstName: begun.text ?? \"\", tags: [\"t{at}\"] }}\n    wait 1h\n    end \"{{profile.firstName is present}}\"\n}}\n"
        )
    };
    let journeys: String = (0..18).map(journey).collect();
    let text = "x".repeat(62_000);
    let (log, profile) = after(&[artifact("one", None, &journeys)], None, &text);
    assert_eq!(log, ["ended true"; 18]);
    assert_eq!(profile, json!({ "firstName": text, "tags": ["t17"] }));
}

#[test]
fn one_text_may_take_the_place_of_another_as_large() {
    let journeys = r#"journey J {
    enter on Begun as begun
    update profile { firstName: concat(profile.firstName ?? "", begun.text ?? "") }
    update profile { firstName: concat(profile.firstName ?? "", "!") }
    end "{profile.firstName.endWith("abc!")}"
}
"#;
    let package = [artifact("one", None, journeys)];
    let (log, profile) = after(&package, Some(&of_bytes(900_000)), "abc");
    assert_eq!(log, ["ended true"]);
    assert_eq!(profile.to_string().len(), 900_004);
}

#[test]
fn a_value_that_is_too_large_is_told_and_the_rest_of_the_step_is_set() {
    // One journey reads what is set, the other does not.
    for reads in [r#"(profile.timeZone ?? "")"#, r#""""#] {
        let journeys = format!(
            "journey J {{\n    enter on Begun as begun\n    update profile {{ tags: [\"new\"], timeZone: begun.text ?? \"\" }}\n    if profile.firstName == {reads} {{ end \"odd\" }}\n    end \"fine\"\n}}\n\
             journey K {{\n    enter on Answered\n    update profile {{ loyalty.tier: \"gold\" }}\n    wait 1h\n    end \"{{profile.tags[0] ?? \"-\"}} {{profile.loyalty.tier ?? \"-\"}}\"\n}}\n"
        );
        let package = [artifact("one", None, &journeys)];
        let (log, profile) = after(&package, Some(&of_bytes(LIMIT - 300)), &"y".repeat(60_000));
        assert_eq!(
            log,
            ["ended fine", "TOO_LARGE at ", "ended new gold"],
            "{reads}"
        );
        assert_eq!(profile.get("timeZone"), None);
        assert_eq!(profile["tags"], json!(["new"]));
    }
}

#[test]
fn what_nobody_reads_has_no_more_room_than_the_rest() {
    let journeys = r#"journey J {
    enter on Begun as begun
    update profile { timeZone: begun.text ?? "" }
    let before = profile.firstName is present
    wait 1h
    update profile { firstName: "Eve" }
    wait 1h
    end "{before} {profile.firstName ?? "-"}"
}
"#;
    let package = [artifact("one", None, journeys)];
    let large = of_bytes(LIMIT - 300);
    let (log, profile) = after(&package, Some(&large), &"y".repeat(60_000));
    assert_eq!(log, ["TOO_LARGE at ", "ended true Eve"]);
    assert_eq!(profile, json!({ "firstName": "Eve" }));
    // Little by little, too.
    let (log, profile) = after(&package, Some(&large), &"\u{1}".repeat(40));
    assert_eq!(log, ["ended true Eve"]);
    assert_eq!(profile["timeZone"], "\u{1}".repeat(40));
}

#[test]
fn what_is_overwritten_keeps_its_place() {
    let sets = [("a", 1), ("b", 1), ("a", 2), ("a", 3)];
    let sets = sets.map(|(key, n)| format!("    update profile {{ counts[\"{key}\"]: {n} }}\n"));
    let reads = "journey K {\n    enter on Answered\n    end \"{profile.counts.firstEntryKey() ?? \"-\"}\"\n}\n";
    for between in ["", "    wait 1s\n"] {
        let writes = format!(
            "journey J {{\n    enter on Begun\n{}}}\n",
            sets.join(between)
        );
        // Of what nobody reads the text hears when somebody asks.
        for (journeys, log) in [
            ([&*writes, reads].concat(), vec!["ended ", "ended a"]),
            (writes.clone(), vec!["ended "]),
        ] {
            let package = [artifact("one", None, &journeys)];
            let (said, profile) = after(&package, Some(&json!({ "firstName": "Ada" })), "");
            assert_eq!(said, log);
            assert_eq!(
                profile["counts"].to_string(),
                r#"{"a":3,"b":1}"#,
                "{journeys}"
            );
        }
    }
}

#[test]
fn what_begins_anew_has_the_place_of_what_is_set_after_it() {
    let journeys = r#"journey J {
    enter on Begun
    update profile { marks["a"]: "1", marks["b"]: "1" }
    let marks = profile.marks
    update profile { marks["a"]: "2" }
    update profile { marks: marks }
    update profile { marks["c"]: "1" }
    update profile { marks["b"]: "3" }
    let seen = concat(profile.marks.keys())
    wait 1h
    end "{(concat(profile.marks.keys()) == seen) ?? false}"
}
"#;
    let (log, profile) = after(&[artifact("one", None, journeys)], None, "");
    assert_eq!(log, ["ended true"]);
    assert_eq!(profile["marks"].to_string(), r#"{"a":"1","b":"3","c":"1"}"#);
}

const EXITS: &str = "exit when profile.z == 1\n    wait 1h\n";

/// A package that sets a text, and three that read integers: one of them the same field.
fn four() -> Vec<Vec<u8>> {
    let field = |name: &str, ty: &str| format!("\"{name}\": {{ \"type\": \"{ty}\" }}");
    let reads = |name: &str, says: &str, fields: &[&str]| {
        let fields = fields.iter().map(|name| field(name, "integer"));
        let properties = format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "));
        let journey = format!(
            "journey {name} {{\n    enter on Answered\n    {EXITS}    end \"{name} {says}\"\n}}\n"
        );
        artifact(&name.to_lowercase(), Some(&properties), &journey)
    };
    let sets = "journey A {\n    enter on Begun\n    update profile { x: \"text\" }\n}\n";
    vec![
        artifact("a", Some(&format!("{{ {} }}", field("x", "string"))), sets),
        reads("B", "{toString(profile.y) ?? \"-\"}", &["y", "z"]),
        reads(
            "C",
            "{toString(profile.x) ?? \"-\"} {toString(profile.z) ?? \"-\"}",
            &["x", "z"],
        ),
        reads("D", "{toString(profile.w) ?? \"-\"}", &["w", "z"]),
    ]
}

#[test]
fn an_update_takes_nobodys_profile_whoever_is_without_one_already() {
    let packages = four();
    for (y, b) in [(json!(1), "1"), (json!("no"), "-")] {
        let profile = json!({ "x": 5, "y": y, "z": 0 });
        let (log, kept) = after(&packages, Some(&profile), "");
        let ended = [
            format!("ended B {b}"),
            "ended C 5 0".into(),
            "ended D -".into(),
        ];
        assert_eq!(log[..2], ["ended ", "WRONG_TYPE at x"], "{profile}");
        assert_eq!(log[2..], ended, "{profile}");
        assert_eq!(kept, profile);
    }
}

#[test]
fn whoever_can_read_a_changed_profile_hears_of_the_change() {
    let deployment = deployment(&four());
    for (y, refused) in [(json!(2), None), (json!("no"), Some("y"))] {
        let (mut engine, who) = with_profile(&deployment, Some(&json!({ "x": 5, "y": 1, "z": 0 })));
        engine.event(event("1", "answered", "").as_bytes());
        engine.settle();
        let change = engine.change_profile(who, json!({ "x": 5, "y": y, "z": 1 }));
        assert_eq!(change.err().map(|it| it.path).as_deref(), refused);
        let out = ["B", "C", "D"].len() - usize::from(refused.is_some());
        assert_eq!(engine.watch.0.len(), out, "{:?}", engine.watch.0);
        // What nobody can read changes nothing.
        let change = engine.change_profile(who, json!(7));
        assert!(change.is_err());
        assert_eq!(engine.profile(who).expect("a profile")["z"], 1);
    }
}

#[test]
fn why_a_value_is_not_set_is_told_by_whoever_could_read_the_profile() {
    let sets = "journey A {\n    enter on Begun\n    update profile { firstName: \"F\" }\n    end \"{profile.tags[0] ?? \"-\"}\"\n}\n";
    let reads = "journey B {\n    enter on Answered\n    end \"{toString(profile.firstName) ?? \"-\"}\"\n}\n";
    let fields = |tags: &str, name: &str| {
        let tags = json!({ "type": "array", "items": { "type": tags } });
        json!({ "tags": tags, "firstName": { "type": name } }).to_string()
    };
    let packages = [
        artifact("a", Some(&fields("string", "string")), sets),
        artifact("b", Some(&fields("string", "integer")), reads),
    ];
    // The first of them has never been able to read this one.
    let profile = json!({ "tags": [1] });
    let (log, kept) = after(&packages, Some(&profile), "");
    assert_eq!(log, ["ended -", "WRONG_TYPE at firstName", "ended -"]);
    assert_eq!(kept, profile);
}
