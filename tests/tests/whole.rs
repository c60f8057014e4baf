//! Promises about whole programs, held on every example: the same bytes twice, purity, small people, corruption that does no harm.

use journey_artifact::{read, write};
use journey_machine::deployment::{Deployment, Scanned};
use journey_machine::effects::{CallRequest, Effects};
use journey_machine::ids::Instant;
use journey_machine::person::Person;
use journey_tests::packages::{EXAMPLES, compile, example, promises, root, with_file};
use journeyc::host::answers::{Answer, Stubs};
use journeyc::host::engine::{Engine, Options, Who};
use journeyc::host::watch::{Attempt, Watch};
use serde_json::Value as Json;
use std::collections::HashMap;

/// A small generator of numbers (splitmix64), so that a failure can be repeated from its seed.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}

#[test]
fn building_twice_gives_the_same_bytes() {
    for name in EXAMPLES {
        let (_, first) = compile(&example(name));
        let (_, second) = compile(&example(name));
        assert!(first == second, "{name}: two builds differ");
        let verified = read(&first).expect("an artifact of ours");
        assert!(
            write(&verified) == first,
            "{name}: reading and writing changes the bytes"
        );
    }
}

#[test]
fn a_comment_changes_no_bytecode() {
    for name in EXAMPLES {
        let input = example(name);
        let before = read(&compile(&input).1).expect("an artifact of ours");
        for (_, file) in input.journey_files() {
            let commented = format!(
                "// A word first.\n\n{}\n// And one last.\n",
                file.text.replace('\n', " // why\n")
            );
            // A comment behind a doc comment's text is part of that text; those lines stay as they are.
            let commented: String = commented
                .lines()
                .map(|l| {
                    if l.trim_start().starts_with("///") {
                        l.trim_end_matches(" // why")
                    } else {
                        l
                    }
                })
                .map(|l| format!("{l}\n"))
                .collect();
            let after = read(&compile(&with_file(&input, &file.path, &commented)).1)
                .expect("an artifact of ours");
            assert_eq!(
                before.program_hash(),
                after.program_hash(),
                "{name}/{}",
                file.path
            );
            assert_eq!(before.chunks, after.chunks, "{name}/{}", file.path);
            if file.text.contains("\njourney ") {
                assert_ne!(
                    before.content_hash(),
                    after.content_hash(),
                    "the lines moved, so the source map must differ"
                );
            }
        }
    }
}

#[test]
fn a_condition_that_is_laid_out_otherwise_is_the_same_program() {
    let promises = promises();
    let page = promises.pages.iter().find(|p| p.path == "queue.journey");
    let page = page.expect("the page");
    let (input, text) = (promises.with(page), &page.text);
    let hash = |text: &str| {
        let (_, bytes) = compile(&with_file(&input, &page.path, text));
        read(&bytes).expect("an artifact of ours").program_hash()
    };
    let written = "exit when profile.firstName == \"gone\"";
    assert!(text.contains(written));
    for otherwise in [
        "exit when (profile . firstName==\"gone\")",
        "exit when ((profile.firstName == // who left\n    \"gone\"))",
    ] {
        assert_eq!(hash(text), hash(&text.replace(written, otherwise)));
    }
    let another = text.replace(written, "exit when profile.firstName == \"away\"");
    assert_ne!(hash(text), hash(&another));
}

/// Everything a run did: each person's effects and bytes after each step, and the answers.
#[derive(Default)]
struct Diary {
    lines: Vec<String>,
    /// Step, bytes beyond a person who is nowhere, bytes of variables among them.
    parked: Vec<(String, usize, usize)>,
}

impl Watch for Diary {
    fn effects(&mut self, deployment: &Deployment, who: Who, person: &Person, effects: &Effects) {
        self.lines
            .push(format!("{who} {effects:?} {:?}", person.to_bytes()));
        if let (Some(instance), 1) = (person.instances().next(), person.instances().len()) {
            let step = deployment
                .node_name(instance.place(), instance.node())
                .to_string();
            let nobody = Person::new(person.namespace(), person.id())
                .to_bytes()
                .len();
            let size = person.to_bytes().len() - nobody;
            self.parked.push((step, size, instance.variable_bytes()));
        }
    }

    fn called(&mut self, who: Who, request: &CallRequest, answer: &Answer, attempt: Attempt) {
        self.lines
            .push(format!("{who} {request:?} {answer:?} {attempt:?}"));
    }
}

/// An example, compiled and ready to run.
struct Stage {
    deployment: Deployment,
    stubs: String,
    calls: Vec<String>,
    profiles: HashMap<String, Json>,
    events: Vec<Vec<u8>>,
}

fn stage(name: &str) -> Stage {
    let (analysis, bytes) = compile(&example(name));
    let text = |file: &str| {
        std::fs::read_to_string(root().join("examples").join(name).join(file))
            .expect("an example's file")
    };
    let profiles = text("profiles.ndjson")
        .lines()
        .map(|line| serde_json::from_str::<Json>(line).expect("a profile"))
        .map(|json| {
            (
                json["identityMap"]["ECID"][0]["id"]
                    .as_str()
                    .expect("an id")
                    .to_string(),
                json,
            )
        })
        .collect();
    Stage {
        deployment: Deployment::new(vec![read(&bytes).expect("an artifact of ours")])
            .expect("a deployment"),
        stubs: text("stubs.json"),
        calls: analysis
            .program
            .calls
            .iter()
            .map(|c| c.name.clone())
            .collect(),
        profiles,
        events: text("events.ndjson")
            .lines()
            .map(|l| l.as_bytes().to_vec())
            .collect(),
    }
}

impl Stage {
    fn engine(&self, recode: bool) -> Engine<'_, Stubs, Diary> {
        let known: Vec<&str> = self.calls.iter().map(String::as_str).collect();
        let stubs = Stubs::parse(&self.stubs, &known).expect("stubs that fit");
        let options = Options {
            latency_ms: 50,
            trace: true,
            recode,
        };
        Engine::new(
            &self.deployment,
            stubs,
            Diary::default(),
            Instant(i64::MIN),
            options,
        )
    }

    /// Delivers an event at its own time; whoever it is about has the profile of the file.
    fn deliver(&self, engine: &mut Engine<'_, Stubs, Diary>, event: &[u8]) {
        let mut scanned = Scanned::default();
        let (stamp, read) = engine.scan_stamped(event, engine.now(), &mut scanned);
        if read.is_err() {
            return;
        }
        if let Some(at) = stamp.instant() {
            engine.advance_to(at);
        }
        for (namespace, id) in scanned.people() {
            let who = engine.meet(namespace, id);
            if !engine.has_profile(who)
                && let Some(profile) = self.profiles.get(id)
            {
                engine
                    .set_profile(who, profile.clone())
                    .expect("a profile that fits its schema");
            }
        }
        engine.deliver(&scanned);
    }
}

#[test]
fn a_person_from_bytes_is_the_same_person() {
    for name in EXAMPLES {
        let stage = stage(name);
        let run = |recode: bool| {
            let mut engine = stage.engine(recode);
            for event in &stage.events {
                stage.deliver(&mut engine, event);
            }
            engine.settle();
            engine.watch.lines
        };
        let (kept, recoded) = (run(false), run(true));
        assert!(
            kept.len() > 500,
            "{name}: the example does too little to show anything"
        );
        for (n, (a, b)) in kept.iter().zip(&recoded).enumerate() {
            assert_eq!(a, b, "{name}: step {n} differs");
        }
        assert_eq!(kept.len(), recoded.len());
    }
}

/// What is kept of somebody who waits, beyond who they are: the program's hash (8), the place, times and numbers of the stay,
/// the mark of the entrance (for re-entrance), one remembered event (its hash and until when), and the variables that live
/// on, which in the retail example are none at `pause`, and at `decide` the device's token with a byte each for its presence
/// and its length. While a call that may be repeated is on its way (`remind`), its arguments are kept too, so that a retry
/// sends the same; that is not a wait and has no bound here.
#[test]
fn a_waiting_instance_is_small() {
    let stage = stage("retail");
    let mut seen: Vec<(String, usize, usize)> = Vec::new();
    for event in &stage.events {
        let mut engine = stage.engine(true);
        stage.deliver(&mut engine, event);
        let later = engine.now().0 + 40 * 86_400_000;
        engine.advance_to(Instant(later));
        seen.extend(engine.watch.parked);
    }
    let tokens = stage.profiles.values();
    let tokens = tokens.filter_map(|it| it["pushNotificationDetails"][0]["token"].as_str());
    let token = tokens.map(str::len).max().expect("a token");
    for (step, live) in [("pause", 0), ("remind", usize::MAX), ("decide", token + 2)] {
        let of_step: Vec<_> = seen.iter().filter(|(s, ..)| s == step).collect();
        let (size, variables) = of_step
            .iter()
            .map(|(_, a, b)| (*a, *b))
            .max()
            .expect("somebody waits there");
        println!(
            "{step}: at most {size} bytes over {} people, {variables} of them variables",
            of_step.len()
        );
        if step != "remind" {
            assert!(size <= 100, "waiting at {step} takes {size} bytes");
        }
        let dead = of_step.iter().find(|(.., kept)| *kept > live);
        assert_eq!(dead, None, "{live} bytes are live at {step}");
    }
}

#[test]
fn a_damaged_example_is_refused_or_harmless() {
    let seed = std::env::var("JOURNEY_SEED")
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(11);
    println!("seed {seed}");
    let mut numbers = Numbers(seed);
    for name in EXAMPLES {
        let (_, good) = compile(&example(name));
        let mut harmless = 0;
        for n in 0..4_000 {
            let mut bad = good.clone();
            for _ in 0..=numbers.below(3) {
                let at = numbers.below(bad.len());
                bad[at] ^= 1 + numbers.below(255) as u8;
            }
            if n % 4 == 0 {
                bad.truncate(numbers.below(bad.len()));
            }
            // With the hash put right, as somebody would who means harm.
            journey_artifact::format::rehash(&mut bad);
            if let Ok(verified) = read(&bad) {
                harmless += 1;
                let _ = Deployment::new(vec![verified]).map(|d| d.scan(b"{}", Instant(0)).is_ok());
            }
        }
        println!("{name}: {harmless} of 4,000 damaged artifacts still verify");
    }
}
