//! What the language reference promises of steps, time and tests, held by packages' own tests.
//!
//! Comes in: `fixtures/promises`, pages of journeys with tests, in the language itself; each page is a package with the base. A test must
//! pass, but for those whose names begin with `fails: `. Never here: a finding of the checker; a page without a test.

use journey_machine::deployment::Deployment;
use journey_tests::packages;
use journeyc::check::check;
use journeyc::host::engine::Options;
use journeyc::host::test;
use journeyc::lower::{bytes_for_tests, lower, lower_tests};
use journeyc::package::PackageInput;
use journeyc::source::SourceFile;

#[test]
fn what_is_promised_is_kept() {
    let promises = packages::promises();
    let mut wrong = Vec::new();
    assert!(!promises.pages.is_empty());
    for page in &promises.pages {
        let input = promises.with(page);
        let analysis = check(&input);
        assert_eq!(analysis.diagnostics, [], "{}", page.path);
        let lowered = bytes_for_tests(&analysis.program, &analysis.registry, &input.sources);
        let (_, verified) = lowered.expect("an artifact");
        let deployment = Deployment::new(vec![verified]).expect("a deployment");
        let program = &analysis.program;
        assert!(!program.tests.is_empty(), "{} has no test", page.path);
        for case in &program.tests {
            let verdict = test::run(program, &deployment, case, Options::default());
            if verdict.failure.is_some() != case.name.starts_with("fails: ") {
                wrong.push(format!("{}: {verdict:#?}", page.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The page about calls with one text in the place of another.
fn calls_with(text: &str, instead: &str) -> PackageInput {
    let promises = packages::promises();
    let mut pages = promises.pages.iter();
    let page = pages.find(|file| file.path == "calls.journey");
    let page = page.expect("a page");
    let changed = page.text.replacen(text, instead, 1);
    assert_ne!(changed, *page.text);
    promises.with(&SourceFile {
        path: page.path.clone(),
        text: changed.into(),
    })
}

#[test]
fn a_record_is_not_sent_whole_when_a_part_that_nobody_described_is_looked_at() {
    let input = calls_with("end \"sent\"", "end \"{parcel.lines is present}\"");
    let analysis = check(&input);
    assert_eq!(analysis.diagnostics, []);
    let found = lower(&analysis.program, &analysis.registry, &input.sources);
    let codes: Vec<&str> = found
        .expect_err("a finding")
        .iter()
        .map(|d| d.code.id())
        .collect();
    assert_eq!(codes, ["J0901"]);
}

#[test]
fn a_test_that_asks_for_such_a_part_is_told_at_its_place() {
    let (asks, sent) = (
        "expect parcel.lines is present",
        "expect sent Ship 1 times with { parcel: { id: \"a\" } }",
    );
    let input = calls_with(sent, &format!("{sent}\n    {asks}"));
    let analysis = check(&input);
    assert_eq!(analysis.diagnostics, []);
    assert!(lower(&analysis.program, &analysis.registry, &input.sources).is_ok());
    let found = lower_tests(&analysis.program, &analysis.registry, &input.sources);
    let found = found.expect_err("a finding");
    let told: Vec<(&str, &str)> = found
        .iter()
        .map(|d| (d.code.id(), input.sources.text(d.span)))
        .collect();
    assert_eq!(told, [("J0901", asks)]);
}
