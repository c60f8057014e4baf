//! How long a condition takes from its text to checked, verified bytecode, once the schemas are loaded; stage by stage, and how large the
//! bytecode is. Comes in: the twelve conditions and their schemas. Goes out: one line each, and figures for the table of bars.
//! Never true here: a time of a condition that was not compiled without a finding.

use bench_core::clock::Clock;
use bench_core::report::{Line, Measure};
use bench_core::{engine, root};
use journey_machine::eval::Loaded;
use journeyc::check;
use journeyc::condition::Workbench;
use journeyc::package::PackageInput;
use journeyc::source::{SourceFile, Sources};

/// The condition of forty clauses; all others are typical.
const FORTY: &str = "w12";
/// Bytes of an instruction in the artifact.
const INSTRUCTION: usize = 8;

const MANIFEST: &str = "[package]\nname = \"conditions\"\nversion = \"1.0.0\"\n[schemas]\npaths = [\"schemas\"]\n[profile]\nschema = ";

fn main() {
    let read =
        |name: &str| std::fs::read_to_string(root().join("schemas").join(name)).expect("a schema");
    let (event, profile) = (read("event.json"), read("profile.json"));
    let file = |path: &str, text: &str| SourceFile {
        path: path.into(),
        text: text.into(),
    };
    let input = PackageInput {
        sources: Sources::new(vec![
            file("journey.toml", &format!("{MANIFEST}\"{}\"\n", id(&profile))),
            file("schemas/event.json", &event),
            file("schemas/profile.json", &profile),
        ]),
        environment: None,
    };
    let ground = check::prepare(&input);
    let mut bench = Workbench::new(&ground, &input, &[])
        .on_event("event", &id(&event))
        .expect("the event's schema");
    let mut clock = Clock::new("measure-compile");
    let (mut typical, mut bytes) = (Vec::new(), Vec::new());
    let mut measure = Measure::new("compile");
    println!("µs            parse   check     all    load   bytes of code   of the artifact");
    for (name, expression) in engine::expressions("journey") {
        let text = expression.src;
        let compiled = bench
            .compile(&text)
            .unwrap_or_else(|found| panic!("{name}: {found:#?}"));
        assert!(
            compiled.warnings.is_empty(),
            "{name}: {:#?}",
            compiled.warnings
        );
        let code = compiled.chunk().map_or(0, |chunk| chunk.code.len()) * INSTRUCTION;
        let parsed = journey_grammar::parse_expression(&text);
        let mut us =
            |stage: &str, f: &mut dyn FnMut()| clock.median(&format!("{name} {stage}"), f) / 1000.0;
        let parse = us("parse", &mut || {
            drop(journey_grammar::parse_expression(&text))
        });
        let check = us("check", &mut || drop(bench.check(&parsed)));
        let all = us("all", &mut || drop(bench.compile(&text)));
        let with_load = us("load", &mut || {
            let artifact = bench.compile(&text).map(|compiled| compiled.artifact);
            drop(artifact.map(Loaded::new));
        });
        let load = with_load - all;
        let file = compiled.artifact.file_len();
        println!("{name:10} {parse:8.2}{check:8.2}{all:8.2}{load:8.2}{code:10}{file:18}");
        if name == FORTY {
            measure = measure.line(Line {
                bar: 4,
                what: "text of forty clauses to verified bytecode".into(),
                value: all,
                unit: "µs".into(),
                limit: Some(30.0),
                at_least: false,
            });
        } else {
            typical.push(all);
            bytes.push(code as f64);
        }
    }
    let mean = |all: &[f64]| (all.iter().map(|x| x.ln()).sum::<f64>() / all.len() as f64).exp();
    measure
        .line(Line {
            bar: 4,
            what: "text of a typical condition to verified bytecode, geometric mean".into(),
            value: mean(&typical),
            unit: "µs".into(),
            limit: Some(3.0),
            at_least: false,
        })
        .line(Line {
            bar: 4,
            what: "bytecode of a typical condition, geometric mean".into(),
            value: mean(&bytes),
            unit: "bytes".into(),
            limit: Some(512.0),
            at_least: false,
        })
        .save();
}

/// The `$id` of a schema.
fn id(schema: &str) -> String {
    let (_, rest) = schema.split_once("\"$id\"").expect("a schema has an $id");
    rest.split('"').nth(1).expect("which is a text").to_owned()
}
