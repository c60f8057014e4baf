//! How a command ends when whoever reads it goes away, when what it is given never ends, and when nothing of it can be taken.

use super::command::{Folder, journeyc, root, run_in, said};
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

fn shop() -> Folder {
    let folder = Folder::new();
    assert_eq!(run_in(folder.path(), &["new", "shop"]).code, Some(0));
    folder
}

/// The exit code of a command whose reader is gone from the start.
fn unheard(folder: &Path, args: &[&str]) -> Option<i32> {
    let mut child = Command::new(journeyc())
        .current_dir(folder)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("journeyc runs");
    drop(child.stdout.take());
    child.wait().expect("it ends").code()
}

#[test]
fn what_nobody_reads_is_not_well_for_that() {
    let folder = shop();
    let test = |name: &str, label: &str| {
        let said = "receive SignedUp { }\n    expect ended";
        format!(
            "\ntest \"{name}\" for Welcome {{\n    stub SendEmail fails http 400\n    {said} \"{label}\"\n}}\n"
        )
    };
    let mut text = fs::read_to_string(folder.path().join("shop/welcome.journey")).unwrap();
    for n in 0..600 {
        text.push_str(&test(
            &format!("a test with a name, number {n}"),
            "mail refused",
        ));
    }
    folder.write("shop/welcome.journey", text.as_bytes());
    let args = ["test", "--package", "shop"];
    assert_eq!(unheard(folder.path(), &args), Some(0));
    text.push_str(&test("the last one", "another"));
    folder.write("shop/welcome.journey", text.as_bytes());
    assert_eq!(unheard(folder.path(), &args), Some(1));

    folder.write("batch", &b"{\"expression\":\"1\"}\n".repeat(1000));
    assert_eq!(
        unheard(folder.path(), &["eval", "--batch", "batch"]),
        Some(3)
    );
}

#[test]
fn a_replay_with_a_limit_waits_for_no_event_beyond_it() {
    let folder = shop();
    let events = fs::read(folder.path().join("shop/events.ndjson")).unwrap();
    for limit in ["0", "2"] {
        let mut child = Command::new(journeyc())
            .current_dir(folder.path().join("shop"))
            .args(["run", "-", "--limit", limit, "--table", "0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("journeyc runs");
        let mut to = child.stdin.take().expect("piped");
        let second = events.iter().enumerate().filter(|(_, b)| **b == b'\n');
        let end = second.map(|(at, _)| at).nth(1).expect("two events");
        // One that asks for none may be gone before it is given any.
        let _ = to.write_all(&events[..=end]);
        let mut out = String::new();
        let mut from = child.stdout.take().expect("piped");
        from.read_to_string(&mut out).expect("UTF-8");
        assert!(out.contains(&format!(": {limit} events, ")), "{out}");
        assert!(child.wait().expect("it ends").success());
        drop(to);
    }
    let long = [&vec![b'x'; 16 << 20][..], b"\n{}\n"].concat();
    folder.write("shop/long.ndjson", &long);
    let said = run_in(folder.path(), &["run", "shop/long.ndjson", "--limit", "1"]);
    assert!(said.out.contains(": 1 event, "), "{said:?}");
}

#[test]
fn a_file_of_which_nothing_is_taken_is_a_finding() {
    let folder = shop();
    let run = |args: &[&str]| {
        let args = [&["run", "--package", "shop"], args].concat();
        let said = run_in(folder.path(), &args);
        assert!(said.out.contains("shop 0.1.0: "), "{said:?}");
        (said.code, said.err)
    };
    let events = "shop/events.ndjson";
    let text = fs::read_to_string(folder.path().join(events)).unwrap();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.write("utf16", &utf16);
    folder.write("pretty", b"{\n  \"_id\": \"e1\"\n}\n");
    folder.write("some", format!("{text}{{broken\n").as_bytes());
    folder.write("none", b"");
    for name in ["utf16", "pretty", "shop/welcome.journey"] {
        let (code, err) = run(&[name]);
        assert_eq!(code, Some(1), "{name}: {err}");
        let told = format!("everything in `{name}` was refused: a line is an event, or an array");
        assert!(err.starts_with(&told), "{err}");
        let (code, err) = run(&[events, "--profiles", name]);
        assert_eq!(code, Some(1), "{name}: {err}");
        let told = format!("everything in `{name}` was refused: a line is a profile in JSON");
        assert!(err.starts_with(&told), "{err}");
    }
    for name in ["some", "none", events] {
        assert_eq!(run(&[name]), (Some(0), String::new()), "{name}");
    }
    assert_eq!(run(&[events, "--profiles", "none"]).0, Some(0));
    // Nobody knows what is behind a limit.
    assert_eq!(run(&["pretty", "--limit", "2"]).0, Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_is_told_by_help_too() {
    for args in [["--help"].as_slice(), &["check", "--help"], &["--version"]] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = Command::new(journeyc());
        let said = said(command.args(args).stdout(full).output().unwrap());
        assert_eq!(said.code, Some(3), "{said:?}");
        assert!(
            said.err
                .starts_with("journeyc: cannot write to standard output"),
            "{said:?}"
        );
    }
}

#[test]
fn stubs_and_bindings_come_from_pipes_too() {
    let folder = shop();
    let piped = |args: &[&str], text: &[u8]| {
        let mut child = Command::new(journeyc())
            .current_dir(folder.path())
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("journeyc runs");
        child.stdin.take().expect("piped").write_all(text).unwrap();
        said(child.wait_with_output().expect("it ends"))
    };
    let mut files = vec!["-"];
    if cfg!(target_os = "linux") {
        files.push("/dev/stdin");
    }
    for file in files {
        let said = piped(
            &["eval", "n + 1", "--context", file],
            b"{\"events\":{\"n\":1}}",
        );
        assert_eq!(said.out, "{\"type\":\"integer\",\"value\":2}\n", "{said:?}");
        let stubs = fs::read(folder.path().join("shop/stubs.json")).unwrap();
        let said = piped(&["run", "shop/events.ndjson", "--stubs", file], &stubs);
        assert!(!said.out.contains("no stub"), "{said:?}");
    }
}

#[test]
fn what_a_file_is_called_cannot_write_on_the_terminal() {
    let folder = shop();
    folder.write("shop/x\u{1b}[2Jy.journey", b"journey X {{\n");
    let said = run_in(folder.path(), &["check", "shop"]);
    assert!(
        said.out.contains("x [2Jy.journey:1:") && !said.out.contains('\u{1b}'),
        "{said:?}"
    );
    let said = run_in(folder.path(), &["check", "no\u{1b}where"]);
    assert!(said.err.contains("cannot read `no where`"), "{said:?}");
}

/// Runs in a terminal, if there is a way to have one here.
fn in_a_terminal(folder: &Path, command: &str) -> Option<String> {
    let mut script = Command::new("script");
    script.args(["-qec", command, "/dev/null"]);
    script.current_dir(folder).stdin(Stdio::null());
    script.env_remove("NO_COLOR").env("JOURNEYC", journeyc());
    let output = script.output().ok()?;
    String::from_utf8(output.stdout).ok()
}

#[test]
fn what_goes_to_a_file_has_no_colour_and_what_goes_to_a_terminal_has() {
    if in_a_terminal(&root(), "[ -t 2 ] && echo yes").is_none_or(|said| said.trim() != "yes") {
        return;
    }
    let folder = shop();
    let text = fs::read_to_string(folder.path().join("shop/welcome.journey")).unwrap();
    let text = text.replace("action SendEmail", "action SendEmial");
    folder.write("shop/welcome.journey", text.as_bytes());
    in_a_terminal(folder.path(), "\"$JOURNEYC\" build shop 2> err");
    let err = fs::read_to_string(folder.path().join("err")).unwrap();
    assert!(
        err.contains("SendEmail") && !err.contains('\u{1b}'),
        "{err}"
    );
    let shown = in_a_terminal(folder.path(), "\"$JOURNEYC\" build shop > out").unwrap();
    assert!(
        shown.contains("SendEmail") && shown.contains('\u{1b}'),
        "{shown}"
    );
}

#[test]
fn what_is_refused_at_no_place_is_a_finding_for_programs_too() {
    let folder = Folder::new();
    let big = format!("{{\"events\":{{\"s\":\"{}\"}}}}", "x".repeat(1_100));
    for (bindings, code) in [
        ("{", "J0701"),
        ("[]", "J0701"),
        ("{\"profile\":5}", "J0701"),
        ("{\"events\":{\"s\":1},\"events\":{}}", "J0701"),
        (&big, "J0105"),
    ] {
        folder.write("context", bindings.as_bytes());
        let args = ["eval", "s.replaceAll(\"x\", s)", "--context", "context"];
        let said = run_in(folder.path(), &args);
        let start = format!("journeyc: [{code} ");
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(
            said.out.is_empty() && said.err.starts_with(&start),
            "{said:?}"
        );
        let args = [&args[..], &["--format", "json"]].concat();
        let said = run_in(folder.path(), &args);
        let found: serde_json::Value = serde_json::from_str(&said.out).expect("an array");
        assert_eq!(said.code, Some(1), "{said:?}");
        assert_eq!(found[0]["code"], code, "{said:?}");
        assert!(said.err.is_empty(), "{said:?}");
    }
}
