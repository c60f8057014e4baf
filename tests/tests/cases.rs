//! What the checker says of many small journeys, each a case of its own.
//!
//! Comes in: `fixtures/cases/*.journey`, each checked beside the sound declarations of `fixtures/mistakes`. Marks say what is expected.
//! Never here: a finding that no mark foretells.

mod marks;

use journey_tests::packages;
use journeyc::check;
use journeyc::package::PackageInput;
use journeyc::source::{SourceFile, Sources};
use std::fs;

const FILE: &str = "case.journey";

/// The sound declarations and this text.
fn beside_the_base(text: &str) -> PackageInput {
    let whole = packages::package(&packages::root().join("tests/fixtures/mistakes"));
    let sound = |f: &SourceFile| !f.path.ends_with(".journey") || f.path == "base.journey";
    let mut files: Vec<SourceFile> = whole
        .sources
        .iter()
        .map(|(_, f)| f.clone())
        .filter(sound)
        .collect();
    files.push(SourceFile {
        path: FILE.into(),
        text: text.into(),
    });
    PackageInput {
        sources: Sources::new(files),
        environment: None,
    }
}

#[test]
fn the_cases_give_the_findings_that_they_foretell_and_no_others() {
    let folder = packages::root().join("tests/fixtures/cases");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the cases")
        .map(|e| e.expect("an entry").path())
        .collect();
    paths.sort();
    let (mut wrong, mut journeys) = (Vec::new(), 0);
    for path in paths {
        let text = fs::read_to_string(&path).expect("a case");
        journeys += text.lines().filter(|l| l.starts_with("journey ")).count();
        let input = beside_the_base(&text);
        let diagnostics = check::check(&input).diagnostics;
        let mut found = marks::found(&input, FILE, &diagnostics);
        let mut expected = marks::expected(&text);
        found.sort();
        expected.sort();
        let name = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let said = |wrong: &mut Vec<String>, what: &str, marks: Vec<marks::Mark>| {
            wrong.extend(
                marks
                    .iter()
                    .map(|(line, code, text)| format!("{name}:{line}: {what} {code} {text}")),
            );
        };
        said(&mut wrong, "found", marks::without(&found, &expected));
        said(&mut wrong, "missed", marks::without(&expected, &found));
    }
    assert!(journeys >= 100, "only {journeys} cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
