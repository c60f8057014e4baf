//! Files of twenty independent mistakes: each is told once, at its place, with a fix or a reason, and nothing else is told.
//!
//! Comes in: `fixtures/mistakes`, a package of sound declarations (`base.journey`) and files of mistakes. Below a mistake stands
//! `//~ CODE text`: the line above has a finding of this code, and the finding spans this text (its first line).
//! Never here: a finding that no mark foretells.

mod marks;

use journey_tests::packages;
use journeyc::check;
use journeyc::diag::{Code, Diagnostic};
use journeyc::package::PackageInput;
use journeyc::source::Sources;
use std::collections::BTreeSet;

const FILES: &[&str] = &[
    "first.journey",
    "second.journey",
    "third.journey",
    "fourth.journey",
    "fifth.journey",
];

fn file_of_mistakes(name: &str) -> PackageInput {
    let whole = packages::package(&packages::root().join("tests/fixtures/mistakes"));
    let files = whole
        .sources
        .iter()
        .filter(|(_, f)| f.path == name || !FILES.contains(&f.path.as_str()))
        .map(|(_, f)| f.clone());
    PackageInput {
        sources: Sources::new(files.collect()),
        environment: None,
    }
}

fn text_of(input: &PackageInput, name: &str) -> String {
    let id = input.sources.find(name).expect("the file of mistakes");
    input.sources.get(id).text.to_string()
}

#[test]
fn twenty_mistakes_give_twenty_findings_each_at_its_place() {
    for name in FILES {
        let input = file_of_mistakes(name);
        let expected = marks::expected(&text_of(&input, name));
        assert_eq!(expected.len(), 20, "{name} is a file of twenty mistakes");
        let diagnostics = check::check(&input).diagnostics;
        assert_eq!(marks::found(&input, name, &diagnostics), expected, "{name}");
    }
}

#[test]
fn the_declarations_they_stand_on_are_sound() {
    let input = file_of_mistakes("none.journey");
    assert_eq!(check::check(&input).diagnostics, Vec::new());
}

#[test]
fn each_finding_has_a_fix_or_a_reason() {
    let mut silent = Vec::new();
    for name in FILES {
        let input = file_of_mistakes(name);
        for d in check::check(&input).diagnostics {
            if d.fix.is_none() && d.why.is_none() && d.label.is_empty() {
                silent.push(format!("{name}: {} {}", d.code, d.message));
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new(), "these say no more");
}

#[test]
fn each_fix_mends_its_finding_and_breaks_nothing() {
    let mut mended = BTreeSet::new();
    for name in FILES {
        let input = file_of_mistakes(name);
        let before = check::check(&input).diagnostics;
        for (n, d) in before.iter().enumerate() {
            let Some(fix) = &d.fix else { continue };
            let changed = marks::applied(&input, fix);
            let after = check::check(&changed).diagnostics;
            let left: Vec<_> = said(&after);
            let mut others = said(&before);
            others.remove(n);
            assert_eq!(
                left, others,
                "{name}: after `{}` for {} {}",
                fix.title, d.code, d.message
            );
            mended.insert(d.code);
        }
    }
    assert!(
        mended.len() >= 12,
        "few findings come with a fix: {mended:?}"
    );
}

fn said(diagnostics: &[Diagnostic]) -> Vec<(Code, String)> {
    diagnostics
        .iter()
        .map(|d| (d.code, d.message.clone()))
        .collect()
}

/// How much of the registry the files show. What stands in other files (manifest, schemas), what a build alone tells, a warning
/// and the character that no mark could name without being another has its page, which `pages.rs` runs.
#[test]
fn most_codes_are_among_the_mistakes() {
    let shown: BTreeSet<String> = FILES
        .iter()
        .flat_map(|name| marks::expected(&text_of(&file_of_mistakes(name), name)))
        .map(|(_, code, _)| code)
        .collect();
    let absent: Vec<&str> = Code::ALL
        .iter()
        .map(|c| c.id())
        .filter(|id| !shown.contains(*id))
        .collect();
    assert_eq!(
        absent,
        [
            "J0108", "J0412", "J0501", "J0502", "J0503", "J0504", "J0701", "J0902"
        ]
    );
}
