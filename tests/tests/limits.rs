//! What a package makes grow has a bound, and the check tells it: nothing takes all memory or time, and nothing that the check
//! lets pass is refused by those who read the artifact.
//!
//! Each case is a declaration beyond a bound, the code of its one finding and the text that the finding spans.

use journey_tests::packages;
use journeyc::check;
use journeyc::diag::Severity;
use journeyc::lower;
use journeyc::package::PackageInput;
use journeyc::source::{SourceFile, Sources};
use std::time::{Duration, Instant};

/// The package that the mistakes stand on, with one more file.
fn package_with(text: &str) -> PackageInput {
    let base = packages::package(&packages::root().join("tests/fixtures/pages"));
    let mut files: Vec<SourceFile> = base.sources.iter().map(|(_, f)| f.clone()).collect();
    files.push(SourceFile {
        path: "large.journey".into(),
        text: text.into(),
    });
    PackageInput {
        sources: Sources::new(files),
        environment: None,
    }
}

/// Code and message of what keeps a package without findings from being built.
fn refused(text: &str) -> Vec<(&'static str, String)> {
    let input = package_with(text);
    let analysis = check::check(&input);
    assert_eq!(analysis.diagnostics, Vec::new());
    let built = lower::bytes(&analysis.program, &analysis.registry, &input.sources);
    let found = built.err().unwrap_or_default();
    found
        .iter()
        .map(|d| (d.code.id(), d.message.clone()))
        .collect()
}

/// Code and spanned text of each finding, the text shortened.
fn findings(text: &str) -> Vec<(&'static str, String)> {
    let input = package_with(text);
    let found = check::check(&input).diagnostics;
    let spanned =
        |d: &journeyc::diag::Diagnostic| input.sources.text(d.span).chars().take(40).collect();
    found.iter().map(|d| (d.code.id(), spanned(d))).collect()
}

#[test]
fn constants_that_double_are_told_where_they_go_beyond() {
    let doubling = |first: &str, next: &dyn Fn(&str) -> String| {
        let mut text = format!("const A0 = {first}\n");
        for n in 1..40 {
            let before = format!("A{}", n - 1);
            text.push_str(&format!("const A{n} = {}\n", next(&before)));
        }
        text
    };
    let texts = doubling("\"xxxxxxxxxx\"", &|a| format!("\"{{{a}}}{{{a}}}\""));
    let lists = doubling("[1, 2]", &|a| format!("[{a}, {a}]"));
    let records = doubling("{ n: 1 }", &|a| format!("{{ a: {a}, b: {a} }}"));
    let widest = format!(
        "const A = \"{}\"\nconst B = [{}]\n",
        "x".repeat(1 << 20),
        "A, ".repeat(1000)
    );
    let steps = format!(
        "const A = [{}]\nconst B = A.map(a => A.map(b => A.map(c => a + b + c).sum()).sum()).sum()\n",
        "1, ".repeat(1000)
    );
    for (text, spanned) in [
        (texts, "\"{A16}{A16}\""),
        (lists, "[A12, A12]"),
        (records, "{ a: A12, b: A12 }"),
        (widest, "A"),
        (steps, "A.map(a => A.map(b => A.map(c => a + b +"),
    ] {
        let before = Instant::now();
        assert_eq!(findings(&text), vec![("J0105", spanned.to_string())]);
        assert!(before.elapsed() < Duration::from_secs(20), "{spanned}");
    }
}

fn journey(settings: &str, steps: &str) -> String {
    format!("journey Large {{\n    enter on CartUpdated\n    {settings}\n    {steps}\n}}\n")
}

fn action(item: &str) -> String {
    format!("action Large() {{\n    post \"{{env.PUSH_URL}}/send\"\n    {item}\n}}\n")
}

#[test]
fn the_check_has_the_bounds_of_those_who_read_the_artifact() {
    let long = |n: usize| "x".repeat(n);
    let text = |n| journey("", &format!("end \"{}\"", long(n)));
    let name = |n| journey("", &format!("{}: wait 1h", long(n)));
    let most = 1 << 20;
    let cases = [
        (action("retry 1000"), action("retry 1001"), "1001"),
        (
            journey("expires after 1000000d", "end"),
            journey("expires after 1000001d", "end"),
            "1000001d",
        ),
        (
            journey("reenter after 1000000mo", "end"),
            journey("reenter after 1000001mo", "end"),
            "1000001mo",
        ),
        (text(most), text(most + 1), "\"xxxxxx"),
        (name(most), name(most + 3), "xxxxxx"),
    ];
    for (fits, beyond, spanned) in cases {
        assert_eq!(refused(&fits), Vec::new(), "{spanned}");
        let found = findings(&beyond);
        assert_eq!(found.len(), 1, "{spanned}: {found:?}");
        assert!(matches!(found[0].0, "J0104" | "J0105"), "{found:?}");
        assert!(found[0].1.starts_with(spanned), "{found:?}");
    }
}

#[test]
fn what_only_the_whole_artifact_exceeds_is_a_finding_and_no_file() {
    // The rule's name is what stands behind `exit when`.
    let rule = format!("exit when profile.firstName == \"{}\"", "x".repeat(1 << 20));
    let found = refused(&journey(&rule, "wait 1h"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "J0105");
    assert!(found[0].1.contains("would be refused"), "{found:?}");
}

#[test]
fn a_file_of_nothing_but_mistakes_is_told_of_as_far_as_anybody_reads() {
    let journey =
        |n: usize| format!("journey J{n} {{\n    enter on CartUpdated as cart\n    wait 1h\n}}\n");
    let warnings: String = (0..2_000).map(journey).collect();
    let errors: String = (0..2_000)
        .map(|n| format!("const A{n} = nothing{n}\n"))
        .collect();
    for (text, severity, last) in [
        (
            warnings,
            Severity::Warning,
            "there are more warnings from here on; they are not listed",
        ),
        (
            errors,
            Severity::Error,
            "there are more errors from here on; they are not listed",
        ),
        (
            "}".repeat(1 << 20),
            Severity::Error,
            "there are more errors from here on; they are not listed",
        ),
        (
            ";".repeat(1 << 20),
            Severity::Error,
            "there are more errors from here on; they are not listed",
        ),
    ] {
        let found = check::check(&package_with(&text)).diagnostics;
        assert_eq!(found.len(), 501, "{}", &text[..20]);
        assert!(found.iter().all(|d| d.severity == severity));
        assert_eq!(
            found.last().map(|d| (d.code.id(), d.message.as_str())),
            Some(("J0105", last))
        );
    }
}

#[test]
fn an_expression_that_the_machine_would_not_make_is_told() {
    let with = |call: &str| {
        format!("journey J {{\n    enter on CartUpdated as cart where {call}\n    wait 1h\n}}\n")
    };
    for function in ["matchRegExp", "replace", "replaceAll", "split"] {
        let call = |pattern: &str| match function {
            "matchRegExp" => format!("cart.email.matchRegExp('{pattern}')"),
            "split" => format!("cart.email.split('{pattern}').count() > 1"),
            _ => format!("cart.email.{function}('{pattern}', \"\") == \"a\""),
        };
        let large = with(&call(r"\w{1000}"));
        let found = check::check(&package_with(&large)).diagnostics;
        let labels: Vec<_> = found
            .iter()
            .map(|d| (d.code.id(), d.label.as_str()))
            .collect();
        let said = "compiled it would take more than 8 MB";
        assert_eq!(labels, [("J0307", said)], "{function}");
        let email = with(&call(r"^[\w.]{1,64}@[\w.]{1,64}\.[a-z]{2,}$"));
        assert_eq!(findings(&email), [], "{function}");
    }
}
