//! What the checker says of many small journeys, each a case of its own.
//!
//! Comes in: `fixtures/cases/*.journey`, each checked beside the sound declarations of `fixtures/mistakes`. Marks say what is expected.
//! Never here: a finding that no mark foretells.

mod marks;

use journey_tests::packages;
use journeyc::check;
use journeyc::diag::{Code, Diagnostic};
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

/// Name and text of each file of cases, by name.
fn cases() -> Vec<(String, String)> {
    let folder = packages::root().join("tests/fixtures/cases");
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the cases")
        .map(|entry| entry.expect("an entry"))
        .map(|e| {
            let name = e.file_name().to_string_lossy().into_owned();
            (name, fs::read_to_string(e.path()).expect("a case"))
        })
        .collect();
    files.sort();
    files
}

#[test]
fn the_cases_give_the_findings_that_they_foretell_and_no_others() {
    let (mut wrong, mut journeys) = (Vec::new(), 0);
    for (name, text) in cases() {
        journeys += text.lines().filter(|l| l.starts_with("journey ")).count();
        let input = beside_the_base(&text);
        let diagnostics = check::check(&input).diagnostics;
        let mut found = marks::found(&input, FILE, &diagnostics);
        let mut expected = marks::expected(&text);
        found.sort();
        expected.sort();
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

#[test]
fn each_fix_mends_its_finding() {
    let mut tried = 0;
    for (name, text) in cases() {
        let input = beside_the_base(&text);
        let before = check::check(&input).diagnostics;
        for d in &before {
            let Some(fix) = &d.fix else { continue };
            let told = |d: &Diagnostic| (d.code, d.message.clone());
            let same = |all: &[Diagnostic]| all.iter().filter(|o| told(o) == told(d)).count();
            let changed = marks::applied(&input, fix);
            let after = check::check(&changed).diagnostics;
            // What stands behind a name may be told once the name is right; a text that is broken, or a name of nothing, may not.
            let breaks = |d: &Diagnostic| {
                d.code.id() < Code::DuplicateName.id() && !before.iter().any(|o| told(o) == told(d))
            };
            assert!(
                same(&after) < same(&before)
                    && after.len() <= before.len()
                    && !after.iter().any(breaks),
                "{name}: `{}` does not mend {} {} or breaks another: {:?}",
                fix.title,
                d.code,
                d.message,
                after
                    .iter()
                    .map(|d| (d.code, &d.message))
                    .collect::<Vec<_>>()
            );
            tried += 1;
        }
    }
    assert!(tried >= 40, "only {tried} fixes");
}

/// The only finding of a step in a journey of its own, but that it reads nothing.
fn said_of(step: &str) -> (PackageInput, Diagnostic) {
    let text = format!("journey Case {{\n    enter on CartUpdated as cart\n    {step}\n}}\n");
    let input = beside_the_base(&text);
    let mut found = check::check(&input).diagnostics;
    found.retain(|d| d.code != Code::UnusedBinding);
    assert_eq!(found.len(), 1, "{step}: {found:?}");
    (input, found.remove(0))
}

#[test]
fn what_stands_in_stands_before_the_function_that_takes_it() {
    for (value, mended) in [
        ("cart.campaign.upper()", "(cart.campaign ?? \"\").upper()"),
        (
            "cart.campaign.upper().substr(0, 2)",
            "(cart.campaign ?? \"\").upper().substr(0, 2)",
        ),
        ("cart.campaign.length()", "(cart.campaign ?? \"\").length()"),
        ("cart.quantity.abs()", "(cart.quantity ?? 0).abs()"),
        ("(cart.quantity).abs()", "((cart.quantity) ?? 0).abs()"),
        ("abs(cart.quantity)", "abs(cart.quantity ?? 0)"),
        ("upper(cart.campaign)", "upper(cart.campaign ?? \"\")"),
        (
            "cart.eventType.concat(cart.campaign)",
            "cart.eventType.concat(cart.campaign ?? \"\")",
        ),
        ("cart.quantity in 1..3", "(cart.quantity ?? 0) in 1..3"),
        ("cart.items.first().sku", "cart.items.first().sku ?? \"\""),
    ] {
        let (input, finding) = said_of(&format!("end \"{{{value}}}\""));
        let fix = finding.fix.unwrap_or_else(|| panic!("{value}: no fix"));
        let changed = marks::applied(&input, &fix);
        let id = changed.sources.find(FILE).expect("the case");
        let text = &changed.sources.get(id).text;
        assert!(text.contains(&format!("{{{mended}}}")), "{value}: {text}");
        assert_eq!(check::check(&changed).diagnostics, [], "{mended}");
    }
}

#[test]
fn the_advice_is_one_that_can_be_followed() {
    for (step, advice) in [
        ("update profile { card: cart.store }", "one by one"),
        (
            "let at = cart.arrival else { end }\n    wait until at",
            "`toDateTime` of it",
        ),
        ("wait until 2026-03-01", "`2026-03-01T09:00`"),
        (
            "let all = cart.items.map(x => cart.store)",
            "map(list: list<any>, value: item => T); `T` is one scalar type",
        ),
    ] {
        let (_, finding) = said_of(step);
        let why = finding.why.unwrap_or_default();
        assert!(why.contains(advice), "{step}: {why}");
    }
}

#[test]
fn what_is_wrong_is_what_is_said_to_be() {
    for (step, message) in [
        (r#"end "\u{D800}""#, "the number of a character"),
        (r#"end "\u{110000}""#, "the number of a character"),
        (r#"end "\u0041""#, "the number of a character"),
        (r#"end "\d""#, "no escape `\\d`"),
        (
            "split \"s\" {\n33.333% a { wait 1h }\n66.67% b { }\n}",
            "at most two decimals",
        ),
        (
            "split \"s\" {\n101% a { wait 1h }\n1% b { }\n}",
            "between 0 % and 100 %",
        ),
    ] {
        let (_, finding) = said_of(step);
        let said = &finding.message;
        assert!(said.contains(message), "{step}: {said}");
    }
}

#[test]
fn a_condition_that_cannot_vary_is_said_to_hold_when_it_does() {
    for (condition, holds) in [
        ("cart.eventType is present", true),
        ("(cart.eventType is present)", true),
        ("cart.eventType is missing", false),
        ("not (cart.eventType is present)", true),
        ("cart.quantity == 1 and cart.eventType is present", true),
        ("cart.quantity == 2 and 1 == 1", true),
        ("cart.quantity == 2 and 1 == 2", false),
    ] {
        let (_, finding) = said_of(&format!("if {condition} {{ wait 1h }}"));
        let says = match holds {
            true => "this condition always holds",
            false => "this condition can never hold",
        };
        assert_eq!(finding.message, says, "{condition}");
    }
}
