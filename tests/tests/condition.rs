//! Conditions compiled one after another are those that the slow way makes: the same findings, the same code; and they give the expected
//! answers on the machine.

use journey_artifact::model::PlanId;
use journey_artifact::word::Region;
use journey_grammar::SyntaxKind;
use journey_grammar::ast::{AstNode, EventDecl, EventPattern, Expr};
use journey_machine::eval::{Env, Frame, Fuel, Loaded, eval_bool};
use journey_machine::read::{Limits, read};
use journey_machine::record::Record;
use journey_machine::time::Zone;
use journey_tests::packages::{EXAMPLES, example, package, root};
use journeyc::check::expression::{Declarations, Names};
use journeyc::check::{self, Ground};
use journeyc::condition::{Compiled, Workbench};
use journeyc::diag::Diagnostic;
use journeyc::lower::{self, Memory, Over};
use journeyc::package::PackageInput;
use journeyc::types::{Field, Record as RecordType, Type};
use serde_json::Value as Json;

const EVENT: &str = "https://ns.example/workloads/event";

/// The folder of the conditions that the benchmarks measure, with schemas of their documents.
fn folder() -> std::path::PathBuf {
    root().join("tests/fixtures/conditions")
}

/// The measured conditions: name and text.
fn conditions() -> Vec<(String, String)> {
    let all = std::fs::read_to_string(folder().join("conditions.txt")).expect("conditions.txt");
    let one = |part: &str| {
        let (name, text) = part.split_once('\n').expect("a name and a text");
        (name.to_owned(), text.trim().to_owned())
    };
    let all: Vec<_> = all.split("# ").skip(1).map(one).collect();
    assert_eq!(all.len(), 12);
    all
}

/// What the slow way makes of a condition over one event: the event, or without a name its fields, as fields of the input; no memory.
fn slowly(
    ground: &Ground,
    input: &PackageInput,
    name: Option<&str>,
    schema: &str,
    text: &str,
) -> Result<journey_artifact::model::Artifact, Vec<Diagnostic>> {
    let trees: Vec<_> = input
        .journey_files()
        .map(|(id, f)| (id, journey_grammar::parse(&f.text)))
        .collect();
    let registry = ground.registry();
    let root = registry.root(registry.schema(schema).expect("a schema"));
    let event = Type::Record(RecordType::Xdm(root));
    let fields = match name {
        None => event,
        Some(name) => {
            let field = Field {
                name: name.into(),
                ty: event,
                optional: false,
            };
            Type::Record(RecordType::Inline(vec![field].into()))
        }
    };
    let names = Names {
        profile: None,
        fields,
        condition: true,
    };
    let checked = Declarations::new(ground, input, &trees).check(text, &names);
    let expr = checked.expr.ok_or(checked.diagnostics)?;
    let over = Over {
        profile: checked.profile.as_ref().map(|ty| ("profile", ty)),
        input: Some(("input", &names.fields)),
        ..Over::default()
    };
    let one = std::slice::from_ref(&expr);
    let lowered = lower::lower_over(registry, over, one, &mut Memory::default());
    lowered.map(|lowered| *lowered.artifact)
}

fn findings(found: &[Diagnostic]) -> Vec<(&'static str, u32, u32, &str)> {
    let one = |d: &'_ Diagnostic| (d.code.id(), d.span.start, d.span.end);
    found
        .iter()
        .map(|d| {
            let (id, start, end) = one(d);
            (id, start, end, d.message.as_str())
        })
        .collect()
}

/// Compiles both ways; whether it is a condition without an error.
fn agree(
    bench: &mut Workbench<'_>,
    ground: &Ground,
    input: &PackageInput,
    (name, schema): (Option<&str>, &str),
    text: &str,
) -> bool {
    match (
        bench.compile(text),
        slowly(ground, input, name, schema, text),
    ) {
        (Ok(fast), Ok(slow)) => {
            let (fast, slow) = (fast.chunk().expect("a chunk"), &slow.chunks[0]);
            assert_eq!(fast.code, slow.code, "{text}");
            assert_eq!(fast.registers, slow.registers, "{text}");
            assert_eq!(
                (fast.result, fast.optional),
                (slow.result, slow.optional),
                "{text}"
            );
            true
        }
        (Err(fast), Err(slow)) => {
            assert_eq!(findings(&fast), findings(&slow), "{text}");
            false
        }
        (fast, slow) => panic!("{text}\nfast {fast:?}\nslow {slow:?}"),
    }
}

#[test]
fn the_measured_conditions_are_compiled_as_slowly() {
    let input = package(&folder());
    let ground = check::prepare(&input);
    let mut bench = Workbench::new(&ground, &input, &[])
        .on_event("event", EVENT)
        .expect("the event's schema");
    for (name, text) in conditions() {
        assert!(
            agree(&mut bench, &ground, &input, (Some("event"), EVENT), &text),
            "{name}"
        );
    }
}

#[test]
fn what_is_wrong_is_said_as_slowly() {
    let input = package(&folder());
    let ground = check::prepare(&input);
    let mut bench = Workbench::new(&ground, &input, &[])
        .on_event("event", EVENT)
        .expect("the event's schema");
    for text in [
        "",
        "event.",
        "event.eventTyp == \"x\"",
        "event.eventType == 3",
        "event.commerce",
        "profile.loyalty.tier",
        "profile.loyalty.points > 3 and profile.loyalty.points < 2",
        "profile.loyalty.points > 3 or profile.loyalty.points < 9",
        "a < b < c",
        "event.productListItems.any(i => i.prise > 3)",
        "nothing(3)",
        "true",
        "event.eventType in [\"a\", 3]",
        "not (1 + 1 == 2)",
        "env.x == secret.y",
    ] {
        agree(&mut bench, &ground, &input, (Some("event"), EVENT), text);
    }
    for (_, text) in conditions() {
        let words: Vec<&str> = text.split(' ').collect();
        for left_out in 0..words.len().min(40) {
            let mut words = words.clone();
            words.remove(left_out);
            agree(
                &mut bench,
                &ground,
                &input,
                (Some("event"), EVENT),
                &words.join(" "),
            );
        }
    }
}

#[test]
fn one_condition_leaves_nothing_to_the_next() {
    let input = package(&folder());
    let ground = check::prepare(&input);
    let fresh = || {
        let bench = Workbench::new(&ground, &input, &[]).on_event("event", EVENT);
        bench.expect("the event's schema")
    };
    let mut used = fresh();
    for round in 0..3 {
        for (name, text) in conditions() {
            let _ = used.compile("event.nowhere == profile.x and (");
            let again = used.compile(&text).expect("a condition");
            let first = fresh().compile(&text).expect("a condition");
            assert_eq!(
                again.artifact.to_bytes(),
                first.artifact.to_bytes(),
                "{name}, {round}"
            );
        }
    }
}

#[test]
fn the_conditions_of_the_examples_are_compiled_as_slowly() {
    let mut count = 0;
    for name in EXAMPLES {
        let input = example(name);
        let analysis = check::check(&input);
        let ground = check::prepare(&input);
        let trees: Vec<_> = input
            .journey_files()
            .map(|(id, f)| (id, journey_grammar::parse(&f.text)))
            .collect();
        let schema = |event: &str| {
            let declared = analysis.program.events.iter().find(|e| e.name == event);
            declared.expect("a declared event").schema.clone()
        };
        let mut conditions = Vec::new();
        for (_, parse) in &trees {
            for node in parse.tree.root().descendants() {
                if let Some(pattern) = EventPattern::cast(node)
                    && let (Some(event), Some(binding)) = (pattern.event(), pattern.binding())
                {
                    let condition = pattern.condition();
                    conditions.extend(condition.map(|c| (event.full(), Some(binding), c)));
                }
                if let Some(event) = EventDecl::cast(node)
                    && let Some(name) = event.name()
                {
                    let inner = node.descendants().find(|n| n.kind() == SyntaxKind::Where);
                    let condition = inner.and_then(|n| n.children().find_map(Expr::cast));
                    conditions.extend(condition.map(|c| (name.text().to_owned(), None, c)));
                }
            }
        }
        for (event, binding, condition) in conditions {
            let (schema, binding) = (schema(&event), binding.map(|b| b.text()));
            let bench = Workbench::new(&ground, &input, &trees);
            let bench = match binding {
                Some(name) => bench.on_event(name, &schema),
                None => bench.in_event(&schema),
            };
            let mut bench = bench.expect("the event's schema");
            let text = condition.syntax().text();
            let is_one = agree(&mut bench, &ground, &input, (binding, &schema), text);
            assert!(is_one, "{text}");
            count += 1;
        }
    }
    assert!(count >= 8, "{count} conditions");
}

/// What a compiled condition gives.
fn answer(compiled: &Compiled, event: &Json, profile: &Json, now_ms: i64) -> Option<bool> {
    let loaded = Loaded::new(compiled.artifact.clone()).expect("the machine takes it");
    let row = |plan: Option<PlanId>, json: &Json, region| match plan {
        None => Record::default(),
        Some(plan) => {
            let artifact = loaded.artifact();
            let plan = &artifact.plans[plan.0 as usize];
            let text = json.to_string();
            read(artifact, plan, text.as_bytes(), region, &Limits::default()).expect("it is read")
        }
    };
    let event = row(compiled.event, event, Region::Input);
    let profile = row(compiled.profile, profile, Region::Profile);
    let (vars, zone) = (Record::default(), Zone::utc());
    let env = Env {
        loaded: &loaded,
        profile: &profile,
        vars: &vars,
        input: &event,
        now_ms,
        zone: &zone,
    };
    let chunk = journey_artifact::model::ChunkId(0);
    eval_bool(&env, chunk, &mut Frame::new(), &mut Fuel::new(1_000_000)).expect("an answer")
}

#[test]
fn the_measured_conditions_give_the_expected_answers() {
    let data = match std::env::var_os("JOURNEY_CONFORMANCE") {
        Some(folder) => std::path::PathBuf::from(folder),
        None => root().join("../shared/conformance"),
    }
    .join("workloads");
    if !data.exists() {
        println!("skipped: there is no {}", data.display());
        return;
    }
    let input = package(&folder());
    let ground = check::prepare(&input);
    let mut bench = Workbench::new(&ground, &input, &[])
        .on_event("event", EVENT)
        .expect("the event's schema");
    for (name, text) in conditions() {
        let compiled = bench.compile(&text).expect("a condition");
        let file = std::fs::read(data.join(format!("{name}.json"))).expect("a workload");
        let file: Json = serde_json::from_slice(&file).expect("JSON");
        let now = file["now_ms"].as_i64().expect("an instant");
        let cases = file["cases"].as_array().expect("cases");
        for case in std::iter::once(&file).chain(cases) {
            let expected = case["expected"].as_bool().expect("an answer");
            let of = |part: &str| case.get(part).unwrap_or(&file[part]).clone();
            let given = answer(&compiled, &of("event"), &of("profile"), now);
            assert_eq!(given.unwrap_or(false), expected, "{name}: {}", case["name"]);
        }
    }
}
