//! Every diagnostic's page holds a wrong example that raises exactly that diagnostic, and a right one that raises none.
//!
//! The examples stand beside `fixtures/pages/base.journey` in a package of their own. What is fenced as `journey`, `toml` or
//! `json` becomes `example.journey`, `journey.toml` or `schemas/example.json`; `env=NAME` after `fail` asks for that environment.
//! What is fenced as `stubs` is a file of stubs for the fixture's calls.

use journeyc::check;
use journeyc::diag::Code;
use journeyc::host::answers::Stubs;
use journeyc::lower;
use journeyc::package::PackageInput;
use journeyc::source::{SourceFile, Sources};
use std::fs;
use std::path::Path;

/// The page as it stands, not as it was when the compiler was built.
fn page(code: Code) -> String {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/diagnostics/{}.md", code.id()));
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A fenced block: what follows the fence, and the text.
struct Example<'t> {
    info: Vec<&'t str>,
    text: String,
}

fn examples(page: &str) -> Vec<Example<'_>> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
            found.push(Example {
                info: info.split_whitespace().collect(),
                text: body.join("\n") + "\n",
            });
        }
    }
    found
}

fn package(example: &Example<'_>) -> PackageInput {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages");
    let replaced = match example.info[0] {
        "journey" => "example.journey",
        "toml" => "journey.toml",
        "json" => "schemas/example.json",
        other => panic!("an example in `{other}`"),
    };
    let mut files = vec![SourceFile {
        path: replaced.into(),
        text: example.text.as_str().into(),
    }];
    for path in [
        "journey.toml",
        "base.journey",
        "schemas/shop-event.json",
        "schemas/profile.json",
        "schemas/wide.json",
    ] {
        // An example manifest names no schemas, so the fixture's declarations would be wrong beside it.
        if path != replaced && (replaced != "journey.toml" || path.ends_with(".json")) {
            files.push(SourceFile {
                path: path.into(),
                text: fs::read_to_string(fixture.join(path)).unwrap().into(),
            });
        }
    }
    let environment = example
        .info
        .iter()
        .find_map(|word| word.strip_prefix("env="))
        .map(str::to_string);
    PackageInput {
        sources: Sources::new(files),
        environment,
    }
}

/// Code and message of every finding of an example.
fn findings(example: &Example<'_>) -> Vec<(Code, String)> {
    if example.info[0] == "stubs" {
        let read = Stubs::parse(&example.text, &["Weather", "SendPush"]);
        return read
            .err()
            .map(|why| (Code::DataFile, why))
            .into_iter()
            .collect();
    }
    let input = package(example);
    let analysis = check::check(&input);
    let mut found = analysis.diagnostics.clone();
    if !analysis.has_errors()
        && let Err(more) = lower::lower(&analysis.program, &analysis.registry, &input.sources)
    {
        found.extend(more);
    }
    found.into_iter().map(|d| (d.code, d.message)).collect()
}

#[test]
fn wrong_examples_raise_their_code_alone_and_right_ones_raise_nothing() {
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let text = page(*code);
        let (mut failing, mut mended) = (0, 0);
        for example in examples(&text) {
            let found = findings(&example);
            if example.info.contains(&"fail") {
                failing += 1;
                if found.is_empty() || found.iter().any(|(c, _)| c != code) {
                    wrong.push(format!("{} wrong example raises {found:#?}", code.id()));
                }
            } else {
                mended += 1;
                if !found.is_empty() {
                    wrong.push(format!("{} right example raises {found:#?}", code.id()));
                }
            }
        }
        if failing == 0 || mended == 0 {
            wrong.push(format!(
                "{} has {failing} wrong and {mended} right examples",
                code.id()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} complaints:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn pages_say_what_and_why() {
    for code in Code::ALL {
        let text = page(*code);
        for part in ["\n## Why it matters\n", "\n## Wrong\n", "\n## Right\n"] {
            assert!(text.contains(part), "{} lacks {part:?}", code.id());
        }
    }
}
