//! What the command does with what it cannot read, write or understand: a word and an exit code, never a panic.

use super::command::{Folder, journeyc, root, run, run_in, said};
use std::fs;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

const MANIFEST: &[u8] = b"[package]\nname = \"x\"\nversion = \"1.0.0\"\n";

#[test]
fn a_wrong_command_line_is_told_with_code_2() {
    for (args, part) in [
        (["chekc"].as_slice(), "unrecognized subcommand"),
        (&["check", "--fromat", "json"], "--format"),
        (&["check", "--format", "xml"], "invalid value"),
        (&["eval"], "required"),
        (&["eval", "1", "--batch", "-"], "cannot be used with"),
        (&["run", "-", "--profiles", "-"], "only one of them"),
        (&["run", "-", "--stubs", "-"], "only one of them"),
        (&["explain", "J9999"], "there is no diagnostic"),
        (
            &["explain", "unknown-feild"],
            "did you mean `unknown-field`?",
        ),
        (&["new", "Upper Case"], "lower-case"),
        (&["fmt"], "J0901"),
        (&["schema", "check", "--format", "json", "x"], "J0901"),
        (&["check", "--format", "sarif"], "J0901"),
        (&["eval", "1", "--dialect", "adobe"], "J0901"),
        (&["test", "--coverage"], "J0901"),
        (&["run", "x", "--speed", "real"], "J0901"),
        (&["run", "x", "--report", "html"], "J0901"),
    ] {
        let said = run(args);
        assert_eq!(said.code, Some(2), "{args:?}: {said:?}");
        assert!(
            said.err.contains(part) && said.out.is_empty(),
            "{args:?}: {said:?}"
        );
    }
}

#[test]
fn a_name_that_nobody_has_is_told() {
    let filtered = run(&["test", "passses", "--package", "tests/fixtures/failing"]);
    assert_eq!(filtered.code, Some(1), "{filtered:?}");
    assert!(
        filtered.err.contains("named like `passses`") && filtered.out.is_empty(),
        "{filtered:?}"
    );
    let events = "examples/retail/events.ndjson";
    let traced = run(&["run", events, "--limit", "9", "--person", "nobody"]);
    assert_eq!(traced.code, Some(0), "{traced:?}");
    assert!(traced.err.contains("id is `nobody`"), "{traced:?}");
}

#[test]
fn what_cannot_be_read_or_written_is_told_with_code_3() {
    let folder = Folder::new();
    folder.write("file", b"x");
    folder.write("pkg/journey.toml", MANIFEST);
    for (args, part) in [
        (["check", "nowhere"].as_slice(), "cannot read `nowhere`"),
        (&["check", "file"], "a package is a folder"),
        (&["inspect", "nowhere.jbc"], "cannot read `nowhere.jbc`"),
        (&["inspect", "pkg"], "it is not a file"),
        (&["run", "nowhere.ndjson"], "cannot read `nowhere.ndjson`"),
        (&["run", "pkg"], "it is a folder"),
        (&["eval", "--batch", "nowhere"], "cannot read `nowhere`"),
        (
            &["build", "pkg", "-o", "file/x.jbc"],
            "cannot write `file/x.jbc`",
        ),
        (&["new", "file"], "cannot write `file`"),
        (&["new", "file/inside"], "cannot write `file`: "),
    ] {
        let said = run_in(folder.path(), args);
        assert_eq!(said.code, Some(3), "{args:?}: {said:?}");
        assert!(said.err.contains(part), "{args:?}: {said:?}");
    }
    assert_eq!(fs::read(folder.path().join("file")).unwrap(), b"x");
}

#[test]
fn a_folder_without_a_manifest_is_a_finding() {
    let folder = Folder::new();
    let said = run_in(folder.path(), &["check"]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.out.contains("J0501") && said.out.contains("1 error"),
        "{said:?}"
    );
}

#[test]
fn files_that_are_no_text_are_findings_at_their_place() {
    let folder = Folder::new();
    folder.write("journey.toml", MANIFEST);
    folder.write("a.journey", b"const A = 1\nconst B = \"\xff\xfe\"\n");
    folder.write("b.journey", b"const C = 1\n");
    let said = run_in(folder.path(), &["check"]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.out.contains("a.journey:2:12") && said.out.contains("not UTF-8 text from byte 23"),
        "{said:?}"
    );
    let said = run_in(folder.path(), &["check", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&said.out).expect("findings are JSON");
    assert_eq!(found[0]["code"], "J0101", "{said:?}");
    // Where the output is the command's own, findings go to standard error.
    let said = run_in(folder.path(), &["test"]);
    assert!(
        said.code == Some(1) && said.out.is_empty() && said.err.contains("not UTF-8"),
        "{said:?}"
    );
    folder.write("a.journey", &vec![b' '; (16 << 20) + 1]);
    let said = run_in(folder.path(), &["check"]);
    assert!(
        said.code == Some(1) && said.out.contains("J0105") && said.out.contains("16 MiB"),
        "{said:?}"
    );
    folder.write("journey.toml", b"\xff");
    let said = run_in(folder.path(), &["check"]);
    assert!(
        said.code == Some(1) && said.out.contains("J0501"),
        "{said:?}"
    );
}

#[test]
fn hostile_artifacts_are_refused() {
    let folder = Folder::new();
    run_in(folder.path(), &["new", "shop"]);
    assert_eq!(
        run_in(folder.path(), &["build", "shop", "-o", "good.jbc"]).code,
        Some(0)
    );
    let good = fs::read(folder.path().join("good.jbc")).unwrap();
    let mut cases = vec![
        Vec::new(),
        b"not an artifact at all".to_vec(),
        vec![0; 100_000],
        good[..good.len() / 2].to_vec(),
    ];
    for at in (0..good.len()).step_by(good.len() / 20) {
        let mut damaged = good.clone();
        damaged[at] ^= 0x55;
        cases.push(damaged);
    }
    for (n, bytes) in cases.iter().enumerate() {
        folder.write("bad.jbc", bytes);
        let said = run_in(folder.path(), &["inspect", "bad.jbc"]);
        assert_eq!(said.code, Some(1), "case {n}: {said:?}");
        assert!(
            said.err.contains("the artifact is refused: ") && !said.err.contains("panicked"),
            "case {n}: {said:?}"
        );
    }
}

#[test]
fn broken_events_and_stubs_are_told_and_stop_nothing() {
    let folder = Folder::new();
    run_in(folder.path(), &["new", "shop"]);
    let mut events = fs::read(folder.path().join("shop/events.ndjson")).unwrap();
    events.extend_from_slice(
        b"{broken\n[1, 2]\n\xff\xfe\n{\"eventType\":\"account.signup\",\"email\":7}\n",
    );
    events.extend_from_slice(format!("{}1{}\n", "[".repeat(5_000), "]".repeat(5_000)).as_bytes());
    folder.write("shop/bad.ndjson", &events);
    let said = run_in(
        folder.path(),
        &["run", "shop/bad.ndjson", "--stubs", "shop/stubs.json"],
    );
    assert_eq!(said.code, Some(0), "{said:?}");
    for part in [
        "rejected INVALID_JSON",
        "line 5: ",
        "rejected WRONG_TYPE",
        "line 8: WRONG_TYPE at email",
        "10 events",
    ] {
        assert!(said.out.contains(part), "{part:?} is not in\n{}", said.out);
    }
    folder.write("shop/stubs.json", b"{\"SendMail\": []}");
    let said = run_in(
        folder.path(),
        &["run", "shop/events.ndjson", "--stubs", "shop/stubs.json"],
    );
    assert!(
        said.code == Some(1) && said.err.contains("did you mean `SendEmail`?"),
        "{said:?}"
    );
}

#[test]
fn what_is_wrong_with_stubs_and_bindings_has_a_code_and_its_file() {
    let folder = Folder::new();
    run_in(folder.path(), &["new", "shop"]);
    let cases: &[(&[u8], &str)] = &[
        (b"{", "EOF while parsing"),
        (b"\xff", "not UTF-8 text from byte 0 on"),
        (b"[]", "must be an object"),
    ];
    for (text, part) in cases {
        folder.write("shop/data.json", text);
        for args in [
            ["run", "shop/events.ndjson", "--stubs", "shop/data.json"],
            ["eval", "1", "--context", "shop/data.json"],
        ] {
            let said = run_in(folder.path(), &args);
            assert_eq!(said.code, Some(1), "{args:?} {said:?}");
            let start = "journeyc: [J0701 data-file] `shop/data.json`: ";
            assert!(said.err.starts_with(start), "{args:?} {said:?}");
            assert!(said.err.contains(part), "{args:?} {said:?}");
        }
    }
}

#[test]
fn a_byte_order_mark_before_any_file_is_passed_over() {
    let folder = Folder::new();
    run_in(folder.path(), &["new", "shop"]);
    folder.write("shop/context.json", b"{\"events\":{\"n\":1}}");
    folder.write("shop/batch.ndjson", b"{\"id\":1,\"expression\":\"1\"}\n");
    let commands: &[&[&str]] = &[
        &["check", "shop"],
        &[
            "run",
            "shop/events.ndjson",
            "--profiles",
            "shop/profiles.ndjson",
            "--stubs",
            "shop/stubs.json",
        ],
        &["eval", "n", "--context", "shop/context.json"],
        &["eval", "--batch", "shop/batch.ndjson"],
    ];
    let say = || commands.iter().map(|args| run_in(folder.path(), args));
    let before: Vec<_> = say().map(|said| (said.code, said.out, said.err)).collect();
    assert!(
        before.iter().all(|(code, ..)| *code == Some(0)),
        "{before:?}"
    );
    for name in [
        "journey.toml",
        "welcome.journey",
        "schemas/event.json",
        "schemas/profile.json",
        "events.ndjson",
        "profiles.ndjson",
        "stubs.json",
        "context.json",
        "batch.ndjson",
    ] {
        let path = format!("shop/{name}");
        let text = fs::read(folder.path().join(&path)).unwrap();
        folder.write(&path, &[b"\xef\xbb\xbf", &text[..]].concat());
    }
    let after: Vec<_> = say().map(|said| (said.code, said.out, said.err)).collect();
    assert_eq!(before, after);
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    for args in [
        ["explain"].as_slice(),
        &["check", "tests/fixtures/broken"],
        &["build", "examples/retail", "--emit", "tree"],
        &["run", "examples/retail/events.ndjson", "--format", "json"],
        &["--help"],
    ] {
        let mut child = Command::new(journeyc())
            .current_dir(root())
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("journeyc runs");
        drop(child.stdout.take());
        let mut err = String::new();
        child
            .stderr
            .take()
            .expect("piped")
            .read_to_string(&mut err)
            .expect("UTF-8");
        let code = child.wait().expect("it ends").code();
        assert!(
            matches!(code, Some(0 | 1)) && !err.contains("panicked"),
            "{args:?}: {code:?} {err}"
        );
    }
}

#[test]
fn a_batch_answers_each_line_before_it_reads_the_next() {
    let mut child = Command::new(journeyc())
        .args(["eval", "--batch", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("journeyc runs");
    let (mut to, mut from) = (
        child.stdin.take().expect("piped"),
        child.stdout.take().expect("piped"),
    );
    for n in 0..3 {
        writeln!(to, "{{\"id\":{n},\"expression\":\"{n} + 1\"}}").expect("it reads");
        let mut answer = Vec::new();
        while answer.last() != Some(&b'\n') {
            let mut byte = [0];
            assert_eq!(from.read(&mut byte).expect("it answers"), 1);
            answer.push(byte[0]);
        }
        let expected = format!("{{\"id\":{n},\"type\":\"integer\",\"value\":{}}}\n", n + 1);
        assert_eq!(String::from_utf8(answer).expect("UTF-8"), expected);
    }
    drop(to);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn colour_is_used_when_asked_for_and_not_otherwise() {
    let check = |args: &[&str], no_color: bool| {
        let mut command = Command::new(journeyc());
        command
            .current_dir(root())
            .args(["check", "tests/fixtures/broken"])
            .args(args);
        command.env_remove("NO_COLOR");
        if no_color {
            command.env("NO_COLOR", "1");
        }
        said(command.output().expect("journeyc runs"))
            .out
            .contains('\u{1b}')
    };
    assert!(check(&["--color", "always"], false));
    assert!(!check(&["--color", "never"], false) && !check(&[], true) && !check(&[], false));
}
