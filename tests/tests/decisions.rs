//! What a decision comes to, and what it costs, in both tiers: texts through functions that are carried out together, and conditions
//! over what is missing.

use journey_artifact::model::ChunkId;
use journey_artifact::word::Region;
use journey_jit::Compiler;
use journey_machine::eval::{Env, Frame, Fuel, Loaded, eval_bool, explained};
use journey_machine::read::{Limits, read};
use journey_machine::record::Record;
use journey_machine::time::Zone;
use journey_tests::packages::{package, root};
use journeyc::check;
use journeyc::condition::{Compiled, Workbench};
use serde_json::{Value as Json, json};

const EVENT: &str = "https://ns.example/workloads/event";
const FUEL: u64 = 1_000_000;

/// What a condition came to.
#[derive(PartialEq, Debug)]
struct Came {
    /// For whoever decides.
    holds: Option<bool>,
    /// For whoever wants to know why.
    told: Option<bool>,
    /// Units of fuel used.
    cost: u64,
}

/// Evaluates a condition over a profile, in both tiers.
fn came(compiled: &Compiled, profile: &Json) -> Came {
    let load = || Loaded::new(compiled.artifact.clone()).expect("the machine takes it");
    let (loaded, with_code) = (load(), load());
    // Where no code can be made the interpreter is compared with itself.
    if let Ok(mut compiler) = Compiler::new() {
        compiler.compile(&with_code, &[ChunkId(0)]).expect("code");
    }
    let artifact = loaded.artifact();
    let profile = match compiled.profile {
        None => Record::default(),
        Some(plan) => {
            let (plan, text) = (&artifact.plans[plan.0 as usize], profile.to_string());
            let limits = Limits::default();
            read(artifact, plan, text.as_bytes(), Region::Profile, &limits).expect("it is read")
        }
    };
    let (nothing, zone) = (Record::default(), Zone::utc());
    let one = |loaded: &Loaded| {
        let env = Env {
            loaded,
            profile: &profile,
            vars: &nothing,
            input: &nothing,
            now_ms: 0,
            zone: &zone,
        };
        let (mut frame, mut fuel) = (Frame::new(), Fuel::new(FUEL));
        let holds = eval_bool(&env, ChunkId(0), &mut frame, &mut fuel).expect("an answer");
        let mut again = Fuel::new(FUEL);
        let told = explained(&env, ChunkId(0), &mut frame, &mut again).expect("an answer");
        assert_eq!(fuel, again);
        Came {
            holds,
            told,
            cost: FUEL - fuel.left(),
        }
    };
    let interpreted = one(&loaded);
    assert_eq!(one(&with_code), interpreted);
    interpreted
}

fn each(conditions: impl IntoIterator<Item = String>, mut look: impl FnMut(&str, &Compiled)) {
    let input = package(&root().join("tests/fixtures/conditions"));
    let ground = check::prepare(&input);
    let mut bench = Workbench::new(&ground, &input, &[])
        .on_event("event", EVENT)
        .expect("the event's schema");
    for text in conditions {
        let compiled = bench.compile(&text);
        let compiled = compiled.unwrap_or_else(|found| panic!("{text}: {found:?}"));
        look(&text, &compiled);
    }
}

/// Texts that a quick way may get wrong.
const TEXTS: [&str; 17] = [
    "",
    " ",
    "K",
    "Ann.Lee@Example.COM",
    "  ann.lee@example.com\t\n",
    "\u{b}ann@example.com\u{b}",
    "\u{a0}ann@example.com\u{a0}",
    "ann@example.com \u{2003}",
    "\u{212a}elvin@example.com",
    "kelvin \u{212a}",
    "STRASSE \u{130}k",
    "\u{3a3}\u{391}\u{3a3}",
    "example.com",
    "@EXAMPLE.COM",
    "aexample.comb",
    "ann@example.con",
    "a text longer than eight bytes, with @example.com somewhere inside it",
];

/// What texts are asked for.
const PARTS: [&str; 7] = [
    "",
    "k",
    "K",
    "@example.com",
    "@Example.COM",
    "\u{e9}",
    "\u{3c2}",
];

#[test]
fn texts_through_functions_say_what_the_functions_say() {
    type Function = fn(&str) -> String;
    type Test = fn(&str, &str) -> bool;
    let through: [(&str, Function); 7] = [
        ("", |t| t.into()),
        (".trim()", |t| t.trim().into()),
        (".lower()", |t| t.to_lowercase()),
        (".upper()", |t| t.to_uppercase()),
        (".trim().lower()", |t| t.trim().to_lowercase()),
        (".lower().trim()", |t| t.to_lowercase().trim().into()),
        (".upper().lower()", |t| t.to_uppercase().to_lowercase()),
    ];
    let tests: [(&str, Test); 3] = [
        ("endWith", |t, p| t.ends_with(p)),
        ("startWith", |t, p| t.starts_with(p)),
        ("contain", |t, p| t.contains(p)),
    ];
    let mut cases = Vec::new();
    for (way, function) in through {
        for (name, test) in tests {
            for part in PARTS {
                let text = format!("profile.personalEmail.address{way}.{name}(\"{part}\")");
                cases.push((text, function, test, part));
            }
        }
    }
    let mut ahead = cases.iter();
    let mut held = 0;
    each(
        cases.iter().map(|case| case.0.clone()),
        |condition, compiled| {
            let (_, function, test, part) = ahead.next().expect("a case");
            for text in TEXTS {
                let profile = json!({ "personalEmail": { "address": text } });
                let expected = test(&function(text), part);
                held += u32::from(expected);
                let came = came(compiled, &profile);
                assert_eq!(came.holds, Some(expected), "{condition} of {text:?}");
            }
        },
    );
    assert!(held > 300, "{held} held");
}

#[test]
fn together_calls_cost_what_they_cost_one_by_one() {
    // Of the same bytes; only the first is short-cut, for case may change the length of the other.
    let pairs = [
        ("Ann.Leee@Example.com", "Ann.L\u{e9}e@Example.com"),
        (
            "Anneliese.Margarethe.von.Somewhere@Example.com",
            "Anneliese.Margar\u{e9}he.von.Somewhere@Example.com",
        ),
    ];
    let conditions = [
        "profile.personalEmail.address.lower().endWith(\"@example.com\")",
        "profile.personalEmail.address.trim().lower().startWith(\"anneliese.margarethe\")",
        "profile.personalEmail.address.upper().contain(\"SOMEWHERE, A TEXT OF SOME LENGTH\")",
    ];
    each(conditions.map(str::to_owned), |condition, compiled| {
        for (plain, other) in pairs {
            let cost = |text: &str| {
                let profile = json!({ "personalEmail": { "address": text } });
                came(compiled, &profile).cost
            };
            assert_eq!(plain.len(), other.len());
            assert_eq!(cost(plain), cost(other), "{condition}");
        }
    });
}

#[test]
fn a_bucket_under_a_constant_salt_is_the_same() {
    let text = "bucket(profile.personalEmail.address, \"spring\") < 5000".to_owned();
    each([text], |_, compiled| {
        for id in ["", "a", "person-1", "person-2", "\u{e9}t\u{e9}"] {
            let profile = json!({ "personalEmail": { "address": id } });
            let expected = journey_machine::func::bucket(id, "spring") < 5000;
            assert_eq!(came(compiled, &profile).holds, Some(expected), "{id:?}");
        }
    });
}

#[test]
fn no_because_something_is_missing_is_told_from_no() {
    let (one, other) = (
        "profile.loyalty.points > 3",
        "profile.loyalty.tier == \"gold\"",
    );
    // A condition; what it comes to when both are there and hold, when the first is missing, when the first does not hold and the second
    // is missing, when nothing is there.
    let cases = [
        (one.to_owned(), [Some(true), None, Some(false), None]),
        (
            format!("not ({one})"),
            [Some(false), None, Some(true), None],
        ),
        (
            format!("{one} and {other}"),
            [Some(true), None, Some(false), None],
        ),
        (
            format!("{one} or {other}"),
            [Some(true), Some(true), None, None],
        ),
        (
            format!("not ({one} and {other})"),
            [Some(false), Some(false), Some(true), None],
        ),
        (
            format!("not ({one} or {other})"),
            [Some(false), None, None, None],
        ),
        (
            "profile.loyalty.points is missing".to_owned(),
            [Some(false), Some(true), Some(false), Some(true)],
        ),
        (
            format!("(profile.loyalty.tier ?? \"gold\") == \"gold\" and {one}"),
            [Some(true), None, Some(false), None],
        ),
    ];
    let profiles = [
        json!({ "loyalty": { "points": 9, "tier": "gold" } }),
        json!({ "loyalty": { "tier": "gold" } }),
        json!({ "loyalty": { "points": 1 } }),
        json!({}),
    ];
    let mut expected = cases.iter().map(|case| case.1);
    each(
        cases.iter().map(|case| case.0.clone()),
        |condition, compiled| {
            let expected = expected.next().expect("a case");
            for (profile, told) in profiles.iter().zip(expected) {
                let came = came(compiled, profile);
                assert_eq!(came.told, told, "{condition} of {profile}");
                assert_eq!(
                    came.holds,
                    Some(told == Some(true)),
                    "{condition} of {profile}"
                );
            }
        },
    );
}
