//! One slip, one finding: every token of the example files and of the promises' pages is left out once, every word that uses something is
//! given a letter too many, a `}` is put behind every line once, and what is then told is counted; a manifest, a schema and a name
//! declared twice are told of once, and nothing that stands on them.
//!
//! A slip may mean two things that are wrong (a name that is gone and was the only use of another), so a few tell two; none tells many.

use journey_grammar::{Parse, Span, SyntaxKind, parse};
use journey_tests::packages;
use journeyc::check;
use serde_json::{Value, json};

/// Slips of a thousand that may tell more than one finding.
const MORE_THAN_ONE: usize = 21;
/// Findings that one slip may tell at most.
const MOST: usize = 6;

/// The examples, and each page of the promises with their base.
fn sound_packages() -> Vec<(String, journeyc::package::PackageInput)> {
    let examples = packages::EXAMPLES.iter();
    let mut all: Vec<_> = examples
        .map(|name| (name.to_string(), packages::example(name)))
        .collect();
    let promises = packages::package(&packages::root().join("tests/fixtures/promises"));
    let is_page = |path: &str| path.ends_with(".journey") && path != "base.journey";
    for (_, page) in promises.sources.iter().filter(|(_, f)| is_page(&f.path)) {
        let files = promises.sources.iter().map(|(_, f)| f);
        let kept = files.filter(|f| f.path == page.path || !is_page(&f.path));
        let input = journeyc::package::PackageInput {
            sources: journeyc::source::Sources::new(kept.cloned().collect()),
            environment: None,
        };
        all.push(("promises".into(), input));
    }
    all
}

/// Makes every slip that `slips` names in a file (a place, and what takes it) and counts what each tells.
fn count(slips: impl Fn(&Parse) -> Vec<(Span, &'static str)>) {
    // How many slips told how many findings, and what those of several told.
    let (mut made, mut findings, mut several) = (0, 0, Vec::new());
    for (name, input) in sound_packages() {
        let ground = check::prepare(&input);
        let trees: Vec<_> = input
            .journey_files()
            .map(|(id, f)| (id, parse(&f.text)))
            .collect();
        for (id, tree) in &trees {
            let path = &input.sources.get(*id).path;
            for (at, instead) in slips(tree) {
                let edited = tree.edit(at, instead);
                let changed = packages::with_file(&input, path, edited.tree.text());
                let with_it = trees.iter().map(|(other, old)| match other == id {
                    true => (*other, edited.clone()),
                    false => (*other, old.clone()),
                });
                let found = check::check_on(&ground, &changed, with_it.collect()).diagnostics;
                made += 1;
                findings += found.len();
                if found.len() > 1 {
                    let (line, column) = input.sources.line_column(*id, at.start);
                    let told: Vec<String> = found
                        .iter()
                        .map(|d| format!("{} {}", d.code, d.message))
                        .collect();
                    let was = at.of(tree.tree.text());
                    several.push((
                        told.len(),
                        format!("{name}/{path}:{line}:{column} `{was}`: {}", told.join("; ")),
                    ));
                }
            }
        }
    }
    several.sort_by(|a, b| b.cmp(a));
    println!(
        "{made} slips, {findings} findings, {} of several",
        several.len()
    );
    several
        .iter()
        .take(40)
        .for_each(|(n, what)| println!("{n} {what}"));
    assert!(made > 500, "only {made} slips");
    assert!(
        several.len() * 1_000 <= made * MORE_THAN_ONE,
        "too many tell more than one"
    );
    assert!(
        several.iter().all(|(n, _)| *n <= MOST),
        "{:?}",
        several.first()
    );
}

#[test]
fn one_token_left_out_is_told_once() {
    let each = |tree: &Parse| {
        let tokens = tree.tree.tokens().iter();
        let real = tokens.filter(|t| !t.kind.is_trivia());
        real.map(|t| (t.span, " ")).collect()
    };
    count(each);
}

#[test]
fn one_letter_too_many_in_a_word_is_told_once() {
    let each = |tree: &Parse| {
        let tokens = tree.tree.tokens().iter();
        let words = tokens.filter(|t| t.kind == SyntaxKind::Word && t.span.len() > 2);
        let middles = words.map(|t| t.span.start + t.span.len() / 2);
        // What a name stands for is told of at each of its uses.
        let used = middles.filter(|at| !declares(tree, *at));
        used.map(|at| (Span::new(at, at), "q")).collect()
    };
    count(each);
}

/// Whether the word at a place gives something its name.
fn declares(tree: &Parse, at: u32) -> bool {
    use SyntaxKind as K;
    let path = tree.tree.path_at(at);
    let [.., outer, name] = &path[..] else {
        return false;
    };
    let is_use = matches!(
        outer.kind(),
        K::FieldExpr | K::MethodCall | K::NamedArg | K::RecordField | K::FieldPath | K::QName
    );
    name.kind() == K::Name && !is_use
}

#[test]
fn one_brace_too_many_is_told_once() {
    let each = |tree: &Parse| {
        let text = tree.tree.text();
        let ends = text.match_indices('\n').map(|(end, _)| end as u32);
        ends.map(|end| (Span::new(end, end), " }")).collect()
    };
    count(each);
}

#[test]
fn a_first_line_left_out_is_told_once() {
    let mut made = 0;
    for (name, input) in sound_packages() {
        for (_, file) in input.journey_files() {
            let heads = ["event ", "source ", "action "];
            let lines = file.text.split_inclusive('\n');
            let is_head = |line: &&str| heads.iter().any(|h| line.starts_with(h));
            for head in lines.filter(is_head).filter(|line| line.ends_with("{\n")) {
                let changed =
                    packages::with_file(&input, &file.path, &file.text.replacen(head, "", 1));
                let found = check::check(&changed).diagnostics;
                assert_eq!(found.len(), 1, "{name} without {head}: {found:?}");
                made += 1;
            }
        }
    }
    assert!(made > 10, "only {made}");
}

#[test]
fn a_journey_that_a_test_misspells_is_told_once() {
    for (name, input) in sound_packages() {
        for (_, file) in input.journey_files() {
            for (at, _) in file.text.match_indices("\" for ") {
                let mut text = file.text.to_string();
                text.insert(at + "\" for ".len(), 'X');
                let changed = packages::with_file(&input, &file.path, &text);
                let found = check::check(&changed).diagnostics;
                let codes: Vec<&str> = found.iter().map(|d| d.code.id()).collect();
                assert_eq!(codes, ["J0208"], "{name}/{} at {at}: {found:?}", file.path);
            }
        }
    }
}

/// Steps with one slip each, and the code that is told.
const STEPS: [(&str, &str); 21] = [
    (
        r#"send Ship(o: { p: nope, q: "x" }) { on failed { } }"#,
        "J0201",
    ),
    (
        r#"send Ships(o: [{ p: nope, q: "x" }]) { on failed { } }"#,
        "J0201",
    ),
    (
        r#"let n = profile.nowhere else { end "x" }
        send Ship(o: { p: n, q: "x" }) { on failed { } }"#,
        "J0203",
    ),
    (
        r#"send Ship(o: if begun.count == 1 then ({ p: nope, q: "x" }) else ({ p: 1, q: "y" })) { on failed { } }"#,
        "J0201",
    ),
    (
        r#"send Ship(o: { p: begun.count, q: "x" }) { on failed { } }"#,
        "J0302",
    ),
    (
        r#"send Ships(o: [{ p: begun.count, q: "x" }]) { on failed { } }"#,
        "J0302",
    ),
    (
        r#"send Ships(o: [{ p: 1, q: "x" }, { p: "one", q: "x" }]) { on failed { } }"#,
        "J0301",
    ),
    (
        r#"send Ship(o: { p: "one", q: "x" }) { on failed { } }"#,
        "J0301",
    ),
    (r#"send Ship(o: { q: "x" }) { on failed { } }"#, "J0301"),
    (
        r#"let r = sendd Ship(o: { p: 1, q: "x" }) { on capped { end "c" } on http 404 { end "g" } on failed { } }"#,
        "J0101",
    ),
    (
        r#"let let r = send Ship(o: { p: 1, q: "x" }) { on capped { end "c" } on http 404 { end "g" } on failed { } }"#,
        "J0101",
    ),
    (
        r#"let = send Ship(o: { p: 1, q: "x" }) { on capped { end "c" } on http 404 { end "g" } on failed { } }"#,
        "J0101",
    ),
    (
        r#"let r r = send Ship(o: { p: 1, q: "x" }) { on capped { end "c" } on http 404 { end "g" } on failed { } }"#,
        "J0101",
    ),
    (r#"let r = fetchh Rates() else { end "x" }"#, "J0101"),
    (
        r#"fi profile.prefs["k"] is present { update profile { prefs["k"].value: "x" } }"#,
        "J0103",
    ),
    (
        r#"updte profile { prefs["k"].since: "x" }
        update profile { prefs["k"].value: "x" }"#,
        "J0103",
    ),
    (
        r#"update profile { prefs["k"].sinc: "x" }
        update profile { prefs["k"].value: "x" }"#,
        "J0203",
    ),
    (
        r#"if profile.prefz["k"] is present { update profile { prefs["k"].value: "x" } }"#,
        "J0203",
    ),
    (
        r#"if profile.prefz["k"] is missing { end "x" }
        update profile { prefs["k"].value: "x" }"#,
        "J0203",
    ),
    (
        r#"if profile.firstNam is present { send Push(to: profile.firstName) { on failed { } } }"#,
        "J0203",
    ),
    (
        r#"match profile.firstNam { missing { end "x" } else { send Push(to: profile.firstName) { on failed { } } } }"#,
        "J0203",
    ),
];

#[test]
fn a_slip_in_a_step_is_told_once_whatever_stands_on_it() {
    for (steps, code) in STEPS {
        let page = format!(
            r#"
            source Rates() -> {{ day: integer }} {{
                get "{{env.PUSH_URL}}/rates"
            }}
            action Ship(o: {{ p: decimal, q: string }}) {{
                post "{{env.PUSH_URL}}/ship"
                json {{ o: o }}
            }}
            action Ships(o: list<{{ p: decimal, q: string }}>) {{
                post "{{env.PUSH_URL}}/ships"
                json {{ o: o }}
            }}
            journey Shipping {{
                enter on Begun as begun
                {steps}
                end "{{begun.count ?? 0}}"
            }}
            "#
        );
        let input = packages::promises().with(&journeyc::source::SourceFile {
            path: "page.journey".into(),
            text: page.as_str().into(),
        });
        let found = check::check(&input).diagnostics;
        let told: Vec<&str> = found.iter().map(|d| d.code.id()).collect();
        assert_eq!(told, [code], "{steps}: {found:?}");
        if code == "J0302" {
            assert_eq!(found[0].message, "`p` is needed, and this may be missing");
        }
        if let Some((_, meant)) = [("sendd", "send"), ("fetchh", "fetch")]
            .into_iter()
            .find(|(slip, _)| steps.contains(slip))
        {
            let fix = found[0].fix.as_ref().expect("a fix");
            assert_eq!(fix.edits[0].text, meant, "{steps}");
        }
    }
}

/// Every finding of the package with one file's text changed: code, path, line.
fn told(name: &str, path: &str, text: &str) -> Vec<(&'static str, String, u32)> {
    let input = packages::with_file(&packages::example(name), path, text);
    let found = check::check(&input).diagnostics;
    let at =
        |d: &journeyc::diag::Diagnostic| input.sources.line_column(d.span.file, d.span.start).0;
    found
        .iter()
        .map(|d| {
            let file = input.sources.get(d.span.file).path.clone();
            (d.code.id(), file, at(d))
        })
        .collect()
}

fn text_of(name: &str, path: &str) -> String {
    let input = packages::example(name);
    let id = input.sources.find(path).expect("a file of the example");
    input.sources.get(id).text.to_string()
}

#[test]
fn a_slip_in_the_manifest_is_told_once() {
    for name in packages::EXAMPLES {
        let whole = text_of(name, "journey.toml");
        let lines: Vec<&str> = whole.lines().collect();
        let mut slips: Vec<String> = vec![String::new(), "# nothing\n".into()];
        let mut table = "";
        for (n, line) in lines.iter().enumerate() {
            let mut change = |to: String| {
                let mut changed: Vec<String> = lines.iter().map(|l| l.to_string()).collect();
                changed[n] = to;
                slips.push(changed.join("\n"));
            };
            if let Some(header) = line.strip_prefix('[') {
                table = header.split([']', '.']).next().unwrap_or("");
                if table != "env" {
                    change(format!("[{}", &header[1..]));
                    change(line.replacen(']', "] x = 1", 1));
                }
            } else if let Some((key, value)) = line.split_once('=')
                && !matches!(table, "env" | "lints")
            {
                change(format!("{} ={value}", &key.trim()[1..]));
                change(format!("{key}= 1"));
                change(format!("{key}= [1]"));
                change(format!("{key}="));
                if value.contains(']') {
                    change(format!("{key}={}", value.replace(']', "")));
                }
                change(format!("{key}={}", value.replacen('"', "", 1)));
                if key.trim() == "paths" {
                    change(format!("{key}={}", value.replacen("\"s", "\"", 1)));
                }
            }
        }
        assert!(slips.len() > 20, "{whole}");
        for text in slips {
            let found = told(name, "journey.toml", &text);
            assert_eq!(found.len(), 1, "{found:?}\n{text}");
            assert_eq!((found[0].0, found[0].1.as_str()), ("J0501", "journey.toml"));
        }
    }
}

#[test]
fn a_schema_that_is_no_json_is_told_once_at_its_place() {
    for name in packages::EXAMPLES {
        let input = packages::example(name);
        let schemas = input.sources.iter().map(|(_, f)| f.path.clone());
        for path in schemas.filter(|p| p.ends_with(".json")) {
            let whole = text_of(name, &path);
            for (quote, _) in whole.match_indices("\":").step_by(7) {
                let at = quote + 1;
                let broken = format!("{} é {}", &whole[..at], &whole[at + 1..]);
                let line = whole[..at].lines().count() as u32;
                let found = told(name, &path, &broken);
                assert_eq!(found, [("J0502", path.clone(), line)], "{path} at {at}");
            }
        }
    }
}

#[test]
fn a_schema_whose_types_or_required_fields_are_misspelt_is_told_once_at_its_place() {
    let slips = [
        ("\"type\": \"string\"", "\"type\": \"strng\""),
        ("\"type\": \"integer\"", "\"type\": \"int\""),
        (
            "\"type\": \"object\"",
            "\"type\": \"object\", \"type\": \"object\"",
        ),
        ("\"required\": [", "\"required\": [ \"nothere\","),
        ("\"value\"\n", "\"valeu\"\n"),
    ];
    for name in packages::EXAMPLES {
        let input = packages::example(name);
        let schemas = input.sources.iter().map(|(_, f)| f.path.clone());
        for path in schemas.filter(|p| p.ends_with(".json")) {
            let whole = text_of(name, &path);
            for (right, wrong) in slips {
                for (at, _) in whole.match_indices(right).step_by(5) {
                    let broken = format!("{}{wrong}{}", &whole[..at], &whole[at + right.len()..]);
                    let line = whole[..at].lines().count() as u32;
                    let found = told(name, &path, &broken);
                    assert_eq!(found, [("J0504", path.clone(), line)], "{wrong} at {at}");
                }
            }
        }
    }
}

#[test]
fn a_reference_that_leads_nowhere_is_told_once() {
    let nowhere = || json!({ "$ref": "https://ns.journey.example/nowhere" });
    for name in packages::EXAMPLES {
        let input = packages::example(name);
        let schemas = input.sources.iter().map(|(_, f)| f.path.clone());
        for path in schemas.filter(|p| p.ends_with(".json")) {
            let whole: Value = serde_json::from_str(&text_of(name, &path)).expect("a schema");
            let Some(properties) = whole.get("properties").and_then(Value::as_object) else {
                continue;
            };
            // All fields come from there; or one is described there; or the fields of one are, perhaps beside keys that are data.
            let mut slips = vec![json!({ "$id": whole["$id"], "allOf": [nowhere()] })];
            for field in properties.keys() {
                let fields = json!({ "type": "object", "allOf": [nowhere()] });
                let mut keys = fields.clone();
                keys["additionalProperties"] = json!({ "type": "string" });
                for elsewhere in [nowhere(), fields, keys] {
                    if properties[field]["type"] == "object" || elsewhere.get("type").is_none() {
                        let mut changed = whole.clone();
                        changed["properties"][field] = elsewhere;
                        slips.push(changed);
                    }
                }
            }
            for slip in slips {
                let found = told(name, &path, &format!("{slip:#}"));
                let told: Vec<_> = found.iter().map(|(code, path, _)| (*code, path)).collect();
                assert_eq!(told, [("J0502", &path)], "{name}: {found:?}\n{slip:#}");
            }
        }
    }
}

/// More fields than an import has room for, in a schema in front of the others and in one behind them.
#[test]
fn a_schema_beyond_all_bounds_is_told_once_and_takes_no_other_with_it() {
    let fields: Vec<String> = (0..210_000)
        .map(|n| format!(r#""f{n}":{{"type":"string"}}"#))
        .collect();
    let path = "schemas/big.json";
    for id in ["a", "zz"] {
        let text = format!(
            r#"{{"$id":"https://{id}.example/big","type":"object","properties":{{{}}}}}"#,
            fields.join(",")
        );
        let input = packages::example("retail");
        let files = input.sources.iter().map(|(_, f)| f.clone());
        let big = journeyc::source::SourceFile {
            path: path.into(),
            text: text.as_str().into(),
        };
        let changed = journeyc::package::PackageInput {
            sources: journeyc::source::Sources::new(files.chain([big]).collect()),
            environment: None,
        };
        let found = check::check(&changed).diagnostics;
        let told: Vec<_> = found
            .iter()
            .map(|d| (d.code.id(), changed.sources.get(d.span.file).path.as_str()))
            .collect();
        assert_eq!(told, [("J0502", path)], "{id}: {found:?}");
    }
}

#[test]
fn a_name_declared_twice_is_told_once() {
    for name in packages::EXAMPLES {
        let input = packages::example(name);
        for (_, file) in input.journey_files() {
            // Both are there, and tests are written for either: labels, names and ends of the second are not missed.
            let other = "\njourney Again {\n    enter on CartUpdated\n    rest: wait 1h\n    end \"over\"\n}\n";
            let named = file.text.find("\njourney ").map(|at| {
                let rest = &file.text[at + "\njourney ".len()..];
                rest.split_whitespace().next().unwrap_or("").to_string()
            });
            let Some(named) = named else { continue };
            let entered = file
                .text
                .split("enter on ")
                .nth(1)
                .and_then(|r| r.split_whitespace().next());
            let second = other
                .replace("Again", &named)
                .replace("CartUpdated", entered.unwrap_or("CartUpdated"));
            let test = format!(
                "\ntest \"of the second\" for {named} {{\n    expect at rest\n    expect path [rest]\n}}\n"
            );
            let found = told(name, &file.path, &format!("{}{second}{test}", file.text));
            let codes: Vec<&str> = found.iter().map(|(code, ..)| *code).collect();
            assert_eq!(codes, ["J0202"], "{}: {found:?}", file.path);
        }
    }
}

#[test]
fn an_unknown_environment_has_a_near_one_and_nothing_to_edit() {
    let mut input = packages::example("retail");
    let ground = check::prepare(&input);
    let known = ground.manifest().environments.keys().next().cloned();
    let known = known.expect("the example has an environment");
    input.environment = Some(format!("{known}x"));
    let found = check::check(&input).diagnostics;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].fix.is_none());
    assert!(
        found[0].label.contains(&format!("--env {known}")),
        "{found:?}"
    );
}
