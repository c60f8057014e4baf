//! What commands print, held against files.

use super::command::{Folder, root, run, run_in};
use std::fs;

/// Holds a command's whole answer (exit code, output, errors) against `tests/golden/NAME.txt`.
fn golden(name: &str, args: &[&str]) {
    let said = run(args);
    let mut text = format!("$ journeyc {}\n", args.join(" "));
    text.push_str(&said.out);
    if !said.err.is_empty() {
        text.push_str(&format!("--- standard error\n{}", said.err));
    }
    text.push_str(&format!(
        "--- exit code {}\n",
        said.code.map_or("none".to_string(), |c| c.to_string())
    ));
    let path = root().join("tests/golden").join(format!("{name}.txt"));
    if std::env::var_os("JOURNEY_BLESS").is_some() {
        fs::write(&path, &text).expect("a golden file can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == expected,
        "{} is otherwise now; JOURNEY_BLESS=1 writes it:\n{text}",
        path.display()
    );
}

#[test]
fn findings_as_text_and_as_json() {
    golden("check-broken", &["check", "tests/fixtures/broken"]);
    golden(
        "check-broken-json",
        &["check", "tests/fixtures/broken", "--format", "json"],
    );
}

#[test]
fn a_package_with_errors_is_neither_built_nor_run() {
    for args in [
        ["build", "tests/fixtures/broken"].as_slice(),
        &["test", "--package", "tests/fixtures/broken"],
    ] {
        let said = run(args);
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(
            said.out.is_empty() && said.err.contains("J0103"),
            "{said:?}"
        );
    }
}

#[test]
fn failing_tests_show_statement_values_and_story() {
    golden(
        "test-failing",
        &["test", "--package", "tests/fixtures/failing"],
    );
    golden(
        "test-filter",
        &["test", "passes", "--package", "tests/fixtures/failing"],
    );
}

#[test]
fn examples_are_clean_and_their_tests_pass() {
    for name in ["retail", "resort"] {
        let folder = format!("examples/{name}");
        let checked = run(&["check", &folder]);
        assert_eq!(
            (checked.code, checked.out.as_str()),
            (Some(0), format!("{name} 1.0.0: no findings\n").as_str())
        );
        assert_eq!(run(&["check", &folder, "--format", "json"]).out, "[]\n");
        let tested = run(&["test", "--package", &folder]);
        assert!(
            tested.code == Some(0) && tested.out.ends_with("tests, all passed\n"),
            "{tested:?}"
        );
    }
}

#[test]
fn replays_say_what_happened_to_whom() {
    for name in ["retail", "resort"] {
        let file = |of: &str| format!("examples/{name}/{of}");
        let (events, profiles, stubs) = (
            file("events.ndjson"),
            file("profiles.ndjson"),
            file("stubs.json"),
        );
        golden(
            &format!("run-{name}"),
            &["run", &events, "--profiles", &profiles, "--stubs", &stubs],
        );
        let json = run(&[
            "run",
            &events,
            "--profiles",
            &profiles,
            "--stubs",
            &stubs,
            "--format",
            "json",
        ]);
        let report: serde_json::Value = serde_json::from_str(&json.out).expect("a report is JSON");
        assert!(report["events"].as_u64() > Some(1000), "{}", json.out);
    }
}

#[test]
fn everybody_who_entered_is_somewhere() {
    let args = [
        "run",
        "examples/retail/events.ndjson",
        "--stubs",
        "examples/retail/stubs.json",
        "--format",
        "json",
    ];
    let report: serde_json::Value =
        serde_json::from_str(&run(&args).out).expect("a report is JSON");
    let journey = &report["journeys"]["AbandonedCart"];
    let sum = |of: &str| {
        journey[of]
            .as_object()
            .expect(of)
            .values()
            .filter_map(|n| n.as_u64())
            .sum::<u64>()
    };
    let places = sum("inside")
        + sum("ended")
        + sum("exited")
        + sum("failed")
        + journey["expired"].as_u64().unwrap();
    assert!(journey["entered"].as_u64() > Some(50), "{journey}");
    assert_eq!(journey["entered"].as_u64(), Some(places), "{journey}");
}

#[test]
fn one_event_at_a_time_from_standard_input_is_the_same() {
    let folder = Folder::new();
    assert_eq!(run_in(folder.path(), &["new", "shop"]).code, Some(0));
    golden_of_shop(
        &folder,
        "run-new",
        &[
            "run",
            "shop/events.ndjson",
            "--stubs",
            "shop/stubs.json",
            "--person",
            "ada@customer.example",
        ],
    );
    let limited = run_in(
        folder.path(),
        &["run", "shop/events.ndjson", "--limit", "1"],
    );
    assert!(
        limited.out.contains("1 event,") && limited.out.contains("no stub"),
        "{limited:?}"
    );
}

fn golden_of_shop(folder: &Folder, name: &str, args: &[&str]) {
    let said = run_in(folder.path(), args);
    let path = root().join("tests/golden").join(format!("{name}.txt"));
    if std::env::var_os("JOURNEY_BLESS").is_some() {
        fs::write(&path, &said.out).expect("a golden file can be written");
    }
    assert_eq!(
        (said.code, said.out),
        (Some(0), fs::read_to_string(&path).unwrap_or_default())
    );
}

#[test]
fn the_same_package_builds_the_same_bytes_and_says_what_is_in_them() {
    let folder = Folder::new();
    run_in(folder.path(), &["new", "shop"]);
    let build = |name: &str| {
        let said = run_in(folder.path(), &["build", "shop", "-o", name]);
        assert_eq!(said.code, Some(0), "{said:?}");
        fs::read(folder.path().join(name)).expect("an artifact")
    };
    assert_eq!(build("a.jbc"), build("b.jbc"));
    assert_eq!(run_in(folder.path(), &["build", "shop"]).code, Some(0));
    assert!(folder.path().join("shop/target/shop-0.1.0.jbc").is_file());
    let inspected = run_in(folder.path(), &["inspect", "a.jbc"]);
    for part in [
        "shop 0.1.0 (environment dev)\nprogram ",
        "\nsections\n",
        "\nfield plans\n",
        "\nstep graph\n",
        "\nbytecode\n",
        "greet",
    ] {
        assert!(
            inspected.out.contains(part),
            "{part:?} is not in\n{}",
            inspected.out
        );
    }
    let prod = run_in(
        folder.path(),
        &["build", "shop", "--env", "prod", "-o", "prod.jbc"],
    );
    assert_eq!(prod.code, Some(0));
    assert!(
        run_in(folder.path(), &["inspect", "prod.jbc"])
            .out
            .contains("(environment prod)")
    );
}

#[test]
fn each_stage_prints_itself() {
    let parts = [
        ("tokens", "welcome.journey"),
        ("tree", "welcome.journey"),
        ("hir", "Welcome"),
        ("flow", "think"),
        ("bytecode", "Concat"),
    ];
    let folder = Folder::new();
    run_in(folder.path(), &["new", "shop"]);
    for (stage, part) in parts {
        let said = run_in(folder.path(), &["build", "shop", "--emit", stage]);
        assert_eq!(said.code, Some(0), "{stage}: {}", said.err);
        assert!(said.out.contains(part), "{stage}:\n{}", said.out);
    }
    assert!(
        !folder.path().join("shop/target").exists(),
        "printing a stage writes nothing"
    );
}

#[test]
fn expressions_one_by_one_and_in_batches() {
    golden("eval-error", &["eval", "1 + foo"]);
    golden(
        "eval-batch",
        &["eval", "--batch", "tests/fixtures/batch.ndjson"],
    );
    let said = run(&["eval", "--package", "examples/retail", "isCold(3.0)"]);
    assert_eq!(said.out, "{\"type\":\"boolean\",\"value\":true}\n");
}

#[test]
fn diagnostics_are_explained_by_code_and_by_slug() {
    let by_code = run(&["explain", "J0203"]);
    assert!(
        by_code.out.starts_with("# J0203 unknown-field\n"),
        "{by_code:?}"
    );
    assert_eq!(run(&["explain", "unknown-field"]).out, by_code.out);
    assert_eq!(
        run(&["explain"]).out.lines().count(),
        journeyc::diag::Code::ALL.len()
    );
}

#[test]
fn help_names_every_command() {
    golden("help", &["--help"]);
}
