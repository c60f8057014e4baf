//! The language reference says nothing that the compiler does not do: every block of `docs/language.md` is checked.
//!
//! | block | is |
//! |---|---|
//! | `journey` | declarations, beside `fixtures/pages/base.journey`: no finding; their tests pass |
//! | `journey step` | settings or steps inside a journey there: no finding but names that nothing reads |
//! | `journey expr` | one expression a line, over `cart` and `profile` |
//! | `… fail J0302` | raises that code and no other |
//! | `values` | one expression a line, and its value |
//! | `toml` | a manifest |
//!
//! Each row of "Not yet" is refused as not yet, alone. Never true here: a block that nobody checks.

#[path = "native/answer.rs"]
mod answer;

use answer::{No, answer};
use journey_artifact::read;
use journey_machine::deployment::Deployment;
use journey_machine::value::to_json;
use journey_tests::packages::{package, root, with_file};
use journeyc::check::{self, Analysis};
use journeyc::diag::{Code, Diagnostic};
use journeyc::host::engine::Options;
use journeyc::host::test;
use journeyc::lower;
use journeyc::package::PackageInput;
use journeyc::source::{SourceFile, Sources};
use std::fs;

/// A fenced block: what stands behind the fence, the line it begins at, its text.
struct Block {
    info: Vec<String>,
    line: usize,
    text: String,
}

fn document() -> String {
    fs::read_to_string(root().join("docs/language.md")).expect("docs/language.md")
}

fn blocks() -> Vec<Block> {
    let text = document();
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if let Some(info) = line.trim_start().strip_prefix("```")
            && !line.contains("`` ")
        {
            let body: Vec<&str> = lines
                .by_ref()
                .map(|(_, l)| l)
                .take_while(|l| l.trim_start() != "```")
                .collect();
            found.push(Block {
                info: info.split_whitespace().map(str::to_string).collect(),
                line: at + 1,
                text: body.join("\n") + "\n",
            });
        }
    }
    found
}

/// The fixture with one more file.
fn beside_fixture(text: &str) -> PackageInput {
    let base = package(&root().join("tests/fixtures/pages"));
    let mut files: Vec<SourceFile> = base.sources.iter().map(|(_, f)| f.clone()).collect();
    files.push(SourceFile {
        path: "example.journey".into(),
        text: text.into(),
    });
    PackageInput {
        sources: Sources::new(files),
        environment: None,
    }
}

/// Steps or settings inside a journey that is otherwise without fault.
fn inside(text: &str) -> String {
    format!(
        "journey Example {{\n    enter on CartUpdated as cart where cart.email != \"\"\n{text}\n}}\n"
    )
}

/// What the check and the lowering find.
fn findings(input: &PackageInput) -> (Analysis, Vec<Diagnostic>) {
    let analysis = check::check(input);
    let mut found = analysis.diagnostics.clone();
    if !analysis.has_errors()
        && let Err(more) = lower::lower(&analysis.program, &analysis.registry, &input.sources)
    {
        found.extend(more);
    }
    (analysis, found)
}

/// The findings of a fragment; that nothing reads a name it binds is no fault of a fragment.
fn of_fragment(text: &str) -> Vec<(Code, String)> {
    let (_, found) = findings(&beside_fixture(text));
    found
        .into_iter()
        .filter(|d| d.code != Code::UnusedBinding)
        .map(|d| (d.code, d.message))
        .collect()
}

fn complaint(what: &str, line: usize, found: &[(Code, String)], wanted: Option<Code>) -> String {
    match (wanted, found) {
        (None, []) => String::new(),
        (Some(code), [_, ..]) if found.iter().all(|(c, _)| *c == code) => String::new(),
        (Some(code), _) => format!("{what} of line {line} should raise {code} alone: {found:#?}\n"),
        (None, _) => format!("{what} of line {line} raises {found:#?}\n"),
    }
}

/// Runs the tests that a block holds.
fn failures(text: &str, line: usize) -> String {
    let input = beside_fixture(text);
    let (analysis, bytes) = journey_tests::packages::compile(&input);
    let deployment =
        Deployment::new(vec![read(&bytes).expect("an artifact of ours")]).expect("a deployment");
    let program = &analysis.program;
    let failed = program.tests.iter().filter_map(|case| {
        let verdict = test::run(program, &deployment, case, Options::default());
        let failure = verdict.failure?;
        Some(format!("line {line}: {}: {failure:#?}\n", verdict.name))
    });
    failed.collect()
}

#[test]
fn every_block_is_what_it_says() {
    let (mut wrong, mut checked) = (String::new(), 0);
    for block in blocks() {
        checked += 1;
        let info: Vec<&str> = block.info.iter().map(String::as_str).collect();
        let code = |id: &str| Code::find(id).unwrap_or_else(|| panic!("no code {id}"));
        let line = block.line;
        wrong += &match info.as_slice() {
            ["journey"] => {
                let (_, found) = findings(&beside_fixture(&block.text));
                let found: Vec<_> = found.into_iter().map(|d| (d.code, d.message)).collect();
                match complaint("the block", line, &found, None) {
                    none if none.is_empty() => failures(&block.text, line),
                    some => some,
                }
            }
            ["journey", "step"] => {
                complaint("the steps", line, &of_fragment(&inside(&block.text)), None)
            }
            ["journey", "step", "fail", id] => {
                let found = of_fragment(&inside(&block.text));
                complaint("the steps", line, &found, Some(code(id)))
            }
            ["journey", "expr"] => {
                let each = block.text.lines().enumerate().map(|(n, text)| {
                    let found = of_fragment(&inside(&format!("    let value = {text}")));
                    complaint("the expression", line + n + 1, &found, None)
                });
                each.collect()
            }
            ["values"] => values(&block),
            ["toml"] => {
                let input = package(&root().join("tests/fixtures/pages"));
                let (_, found) = findings(&with_file(&input, "journey.toml", &block.text));
                let found: Vec<_> = found.into_iter().map(|d| (d.code, d.message)).collect();
                // The fixture's declarations ask for values that this manifest does not give.
                let found: Vec<_> = found
                    .into_iter()
                    .filter(|(c, _)| *c != Code::UnknownEnv)
                    .collect();
                complaint("the manifest", line, &found, None)
            }
            other => format!("line {line}: a block of kind {other:?} is checked by nobody\n"),
        };
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(checked >= 18, "the reference lost its examples: {checked}");
}

/// An instant that no example may depend on.
const NOW: i64 = 1_772_359_200_000;

fn values(block: &Block) -> String {
    let mut wrong = String::new();
    for line in block.text.lines() {
        let (text, wanted) = line
            .split_once('→')
            .unwrap_or_else(|| panic!("no value in {line:?}"));
        match answer(text.trim(), NOW) {
            Ok((value, _)) if to_json(&value) == wanted.trim() => {}
            Ok((value, _)) => wrong += &format!("{line}: it is {}\n", to_json(&value)),
            Err(No::Refused(found)) => wrong += &format!("{line}: refused: {found:?}\n"),
            Err(No::Broken(why)) => wrong += &format!("{line}: {why}\n"),
        }
    }
    wrong
}

/// The rows of "Not yet": where something stands, and what.
fn not_yet() -> Vec<(String, String)> {
    let text = document();
    let table = text
        .split_once("\n## Not yet\n")
        .expect("a section \"Not yet\"")
        .1;
    let rows = table.lines().filter_map(|line| {
        let (place, what) = line
            .strip_prefix("| ")?
            .strip_suffix("` |")?
            .split_once(" | `")?;
        Some((place.to_string(), what.replace("\\|", "|")))
    });
    rows.collect()
}

#[test]
fn what_is_not_yet_is_refused_as_that_alone() {
    let (mut wrong, rows) = (String::new(), not_yet());
    for (place, what) in &rows {
        let vip = "audience Vip = external \"vip\"\n";
        let text = match place.as_str() {
            "package" => format!("{what}\n"),
            "event" => format!(
                "event Other: ShopEvent {{\n    where eventType == \"other\"\n    {what}\n}}\n"
            ),
            "action" => {
                format!("action Other() {{\n    post \"https://other.example\"\n    {what}\n}}\n")
            }
            "setting" if what.starts_with("enter") => {
                format!("{vip}journey Example {{\n    {what}\n\n    wait 1d\n}}\n")
            }
            "setting" => format!("{vip}{}", inside(&format!("    {what}\n\n    wait 1d"))),
            "step" => inside(&format!("    {what}")),
            "expression" => inside(&format!("    let value = {what}")),
            "test" => format!(
                "{vip}{}\ntest \"t\" for Example {{\n    {what}\n}}\n",
                inside("    wait 1d")
            ),
            "journey.toml" => {
                let input = package(&root().join("tests/fixtures/pages"));
                let manifest = fs::read_to_string(root().join("tests/fixtures/pages/journey.toml"))
                    .expect("a manifest");
                let more = format!("{manifest}\n{what}\ncommon = {{ path = \"../common\" }}\n");
                let (_, found) = findings(&with_file(&input, "journey.toml", &more));
                let found: Vec<_> = found.into_iter().map(|d| (d.code, d.message)).collect();
                wrong += &complaint(what, 0, &found, Some(Code::NotYet));
                continue;
            }
            other => {
                wrong += &format!("`{other}` is no place\n");
                continue;
            }
        };
        wrong += &complaint(what, 0, &of_fragment(&text), Some(Code::NotYet));
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(rows.len() >= 20, "the table lost its rows: {}", rows.len());
}

#[test]
fn a_hint_offers_no_word_whose_lines_are_not_yet() {
    // Words whose other lines are there.
    let partly = ["source", "enter", "exit", "let", "send", "update", "expect"];
    let text = format!(
        "zzz\nevent Other: ShopEvent {{\n    zzz\n}}\naction Other() {{\n    zzz\n}}\n{}\ntest \"t\" for Example {{\n    zzz\n}}\n",
        inside("    zzz")
    );
    let (_, found) = findings(&beside_fixture(&text));
    let hints = found.iter().filter(|d| d.code == Code::UnknownKeyword);
    let hints: Vec<&str> = hints.filter_map(|d| d.why.as_deref()).collect();
    assert_eq!(hints.len(), 5, "{hints:?}");
    for (place, what) in not_yet() {
        let word = what.split([' ', '(']).next().unwrap_or_default();
        if !matches!(&*place, "expression" | "journey.toml") && !partly.contains(&word) {
            let offered = hints
                .iter()
                .find(|hint| hint.contains(&format!("`{word}`")));
            let elsewhere = place == "step" && word == "limit";
            assert!(offered.is_none() || elsewhere, "`{word}`: {offered:?}");
        }
    }
}

#[test]
fn it_stays_short_and_its_links_lead_somewhere() {
    let text = document();
    assert!(text.lines().count() <= 600);
    for link in text.split("](").skip(1) {
        let target = link.split(')').next().unwrap_or_default();
        match target.strip_prefix('#') {
            Some(anchor) => {
                let found = text.lines().any(|line| {
                    line.strip_prefix("## ")
                        .is_some_and(|title| title.to_lowercase().replace(' ', "-") == anchor)
                });
                assert!(found, "no section #{anchor}");
            }
            None => assert!(
                root().join("docs").join(target).exists(),
                "no file docs/{target}"
            ),
        }
    }
}
