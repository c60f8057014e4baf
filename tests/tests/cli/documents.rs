//! Every command and snippet of the README does what it says. (`docs/language.md`, `docs/functions.md` and `docs/diagnostics`
//! have tests of their own.)
//!
//! `console` blocks are run: `$ ` lines are commands, what follows is their output (`…` stands for any lines).
//! `journey` blocks check without a finding beside `fixtures/pages`, and their tests pass. `text` is a drawing, `sh` the gate's.

use super::command::{Folder, journeyc, root, run_in, said};
use std::fs;
use std::process::{Command, Stdio};

const DOCUMENTS: &[&str] = &["README.md", "docs/architecture.md", "docs/functions.md"];

/// How the README says `journeyc`.
const CARGO: &str = "cargo run --release -p journeyc -- ";

fn blocks(path: &str, kind: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let known = ["console", "journey", "text", "sh"];
            assert!(known.contains(&info), "{path}: a block of kind `{info}`");
            let body: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
            if info == kind {
                found.push(body.join("\n") + "\n");
            }
        }
    }
    found
}

#[test]
fn commands_do_what_the_documents_show() {
    for path in DOCUMENTS {
        for block in blocks(path, "console") {
            let folder = Folder::new();
            let mut lines = block.lines().peekable();
            while let Some(line) = lines.next() {
                let command = line
                    .strip_prefix("$ ")
                    .unwrap_or_else(|| panic!("{path}: {line:?} is no command"));
                let mut expected = Vec::new();
                while let Some(line) = lines.next_if(|l| !l.starts_with("$ ")) {
                    expected.push(line);
                }
                let (args, place) = match command.strip_prefix(CARGO) {
                    Some(args) => (args, root()),
                    None => (
                        command
                            .strip_prefix("journeyc ")
                            .expect("a command of ours"),
                        folder.path().to_path_buf(),
                    ),
                };
                let said = said(
                    Command::new("sh")
                        .args(["-c", &format!("\"$JOURNEYC\" {args}")])
                        .env("JOURNEYC", journeyc())
                        .current_dir(place)
                        .stdin(Stdio::null())
                        .output()
                        .expect("a shell runs"),
                );
                assert_eq!(said.code, Some(0), "{path}: {command}: {said:?}");
                assert!(
                    fits(&said.out, &expected),
                    "{path}: {command} prints\n{}",
                    said.out
                );
            }
        }
    }
}

/// Whether the lines are the expected ones; `…` stands for any number of lines, and a line may go on after what is shown.
fn fits(out: &str, expected: &[&str]) -> bool {
    let mut rest: Vec<&str> = out.lines().collect();
    let mut skip = false;
    for want in expected {
        if *want == "…" {
            skip = true;
            continue;
        }
        let at = rest.iter().position(|line| line.starts_with(want));
        match at {
            Some(0) => rest = rest.split_off(1),
            Some(at) if skip => rest = rest.split_off(at + 1),
            _ => return false,
        }
        skip = false;
    }
    skip || rest.is_empty()
}

#[test]
fn the_second_command_of_the_readme_is_the_one_of_the_gate() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let gate = fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(readme.contains("```sh\ncargo test --workspace\n```"));
    assert!(gate.contains("\ncargo test --workspace"));
}

#[test]
fn snippets_check_and_their_tests_pass() {
    for path in DOCUMENTS {
        for block in blocks(path, "journey") {
            let folder = Folder::new();
            let fixture = root().join("tests/fixtures/pages");
            for file in [
                "journey.toml",
                "base.journey",
                "schemas/shop-event.json",
                "schemas/profile.json",
                "schemas/wide.json",
            ] {
                folder.write(file, &fs::read(fixture.join(file)).expect("a fixture"));
            }
            folder.write("example.journey", block.as_bytes());
            let checked = run_in(folder.path(), &["check"]);
            assert_eq!(
                checked.out, "pages 1.0.0: no findings\n",
                "{path}:\n{block}"
            );
            let tested = run_in(folder.path(), &["test"]);
            assert_eq!(tested.code, Some(0), "{path}: {}", tested.out);
        }
    }
}
