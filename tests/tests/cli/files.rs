//! What the command does among the files of its user: what it reads, what it passes over, what it writes and what it leaves as it was.

use super::command::{Folder, Said, journeyc, run_in, said};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const MANIFEST: &[u8] = b"[package]\nname = \"x\"\nversion = \"1.0.0\"\n";

#[cfg(unix)]
use std::os::unix::fs::symlink;

/// A package as `new` makes it, in `shop`.
fn shop() -> Folder {
    let folder = Folder::new();
    assert_eq!(run_in(folder.path(), &["new", "shop"]).code, Some(0));
    folder
}

#[cfg(unix)]
#[test]
fn links_that_loop_end_and_links_to_nowhere_are_told() {
    let folder = Folder::new();
    folder.write("journey.toml", MANIFEST);
    folder.write("inner/a.journey", b"const A = 1\n");
    symlink(folder.path(), folder.path().join("inner/again")).unwrap();
    let said = run_in(folder.path(), &["check"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    symlink("nowhere", folder.path().join("lost.journey")).unwrap();
    let said = run_in(folder.path(), &["check"]);
    assert!(
        said.code == Some(3) && said.err.contains("lost.journey"),
        "{said:?}"
    );
}

#[cfg(unix)]
#[test]
fn what_keeps_from_reading_a_part_of_the_package_is_told() {
    let folder = shop();
    let at = |name: &str| folder.path().join("shop").join(name);
    // Data that is kept elsewhere may be away; what cannot be followed at all could be a folder of journeys.
    symlink("/nowhere/more.ndjson", at("more.ndjson")).unwrap();
    symlink("events.ndjson/x", at("x")).unwrap();
    assert_eq!(run_in(folder.path(), &["check", "shop"]).code, Some(0));
    symlink("more", at("more")).unwrap();
    let said = run_in(folder.path(), &["check", "shop"]);
    assert!(
        said.code == Some(3) && said.err.contains("cannot read `shop/more`"),
        "{said:?}"
    );
    fs::remove_file(at("more")).unwrap();
    fs::rename(at("journey.toml"), at("elsewhere.toml")).unwrap();
    symlink("nowhere.toml", at("journey.toml")).unwrap();
    // Nor is the package of a folder around taken for it.
    folder.write("journey.toml", MANIFEST);
    for args in [["check", "shop"], ["run", "shop/events.ndjson"]] {
        let said = run_in(folder.path(), &args);
        let part = "shop/journey.toml`: ";
        assert!(
            said.code == Some(3) && said.err.contains(part),
            "{args:?}: {said:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_told_where_the_file_is_meant() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    for (name, is_meant) in [
        (b"caf\xe9/a.journey".as_slice(), true),
        (b"x\xe9.journey", true),
        (b"schemas/ev\xe9.json", true),
        (b"schemas/ev\xe9/more.json", true),
        (b"caf\xe9/a.json", false),
        (b"caf\xe9/a.png", false),
        (b".caf\xe9/a.journey", false),
    ] {
        let folder = shop();
        let path = folder.path().join("shop").join(OsStr::from_bytes(name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "{{{").unwrap();
        let said = run_in(folder.path(), &["check", "shop"]);
        let told = said.err.contains("its name is not UTF-8");
        let code = if is_meant { 3 } else { 0 };
        assert_eq!((said.code, told), (Some(code), is_meant), "{said:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_schema_folder_is_as_good_by_the_name_of_a_link() {
    // By name the real folder comes before the link, and after it.
    for real in ["lib", "vendor"] {
        let folder = shop();
        let at = |name: &str| folder.path().join("shop").join(name);
        fs::create_dir(at(real)).unwrap();
        fs::rename(at("schemas"), at(&format!("{real}/schemas"))).unwrap();
        symlink(format!("{real}/schemas"), at("schemas")).unwrap();
        // A journey that lies there is one of the package, once.
        folder.write("shop/schemas/a.journey", b"const A = 1\n");
        let said = run_in(folder.path(), &["check", "shop"]);
        assert_eq!(said.out, "shop 0.1.0: no findings\n", "{real}: {said:?}");
        // Nor is a schema two because a link inside leads to it again.
        symlink(".", at("schemas/again")).unwrap();
        let said = run_in(folder.path(), &["check", "shop"]);
        assert_eq!(said.out, "shop 0.1.0: no findings\n", "{real}: {said:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_package_is_the_one_around_the_path_of_the_events() {
    let folder = shop();
    let at = |name: &str| folder.path().join(name);
    let runs = |args: &[&str]| run_in(folder.path(), args);
    assert_eq!(runs(&["new", "data/other"]).code, Some(0));
    fs::remove_file(at("shop/events.ndjson")).unwrap();
    symlink("../data/other/events.ndjson", at("shop/events.ndjson")).unwrap();
    symlink("../data/other", at("shop/.more")).unwrap();
    symlink("shop", at("link")).unwrap();
    for (path, name) in [
        ("shop/events.ndjson", "shop"),
        ("link/events.ndjson", "shop"),
        ("data/other/events.ndjson", "other"),
        ("data/../shop/events.ndjson", "shop"),
        // `..` is where the link leads.
        ("shop/.more/../other/events.ndjson", "other"),
    ] {
        let said = runs(&["run", path]);
        assert!(
            said.out.starts_with(&format!("{name} 0.1.0: ")),
            "{path}: {said:?}"
        );
    }
    folder.write("data/events.ndjson", b"{}\n");
    let said = runs(&["run", "data/events.ndjson"]);
    let part =
        "[J0501 manifest] there is no `journey.toml` in a folder around `data/events.ndjson`";
    assert!(said.code == Some(1) && said.err.contains(part), "{said:?}");
    // Standard input is nowhere, whatever lies there by that name.
    symlink("data/other/events.ndjson", at("-")).unwrap();
    let said = runs(&["run", "-"]);
    assert!(
        said.code == Some(1) && said.err.contains("has no `journey.toml`"),
        "{said:?}"
    );
}

#[test]
fn an_artifact_replaces_no_file_of_its_package() {
    let folder = Folder::new();
    folder.write("pkg/journey.toml", MANIFEST);
    folder.write("pkg/a.journey", b"const A = 1\n");
    for file in ["pkg/journey.toml", "pkg/a.journey", "pkg/../pkg/a.journey"] {
        let said = run_in(folder.path(), &["build", "pkg", "-o", file]);
        assert_eq!(said.code, Some(3), "{said:?}");
        let why = ["no artifact", "no source file"];
        assert!(why.iter().any(|why| said.err.contains(why)), "{said:?}");
    }
    let said = run_in(folder.path(), &["build", "pkg", "-o", "pkg/new.journey"]);
    assert!(said.err.contains("no source file"), "{said:?}");
    assert!(!folder.path().join("pkg/new.journey").exists());
    let said = run_in(folder.path(), &["build", "pkg", "-o", "pkg/schemas/x.json"]);
    assert!(said.err.contains("no JSON"), "{said:?}");
    assert!(!folder.path().join("pkg/schemas/x.json").exists());
    let kept = fs::read(folder.path().join("pkg/a.journey")).unwrap();
    assert_eq!(kept, b"const A = 1\n");
    let said = run_in(folder.path(), &["build", "pkg", "-o", "pkg"]);
    assert_eq!((said.code, said.err.contains("a folder")), (Some(3), true));
}

#[cfg(unix)]
#[test]
fn an_artifact_follows_links_and_replaces_files_alone() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = Folder::new();
    folder.write("pkg/journey.toml", MANIFEST);
    folder.write("old.jbc", b"JRNY");
    let at = |name: &str| folder.path().join(name);
    symlink("old.jbc", at("link.jbc")).unwrap();
    symlink("pkg/journey.toml", at("kept.jbc")).unwrap();
    symlink("nowhere/x.jbc", at("lost.jbc")).unwrap();
    let made = Command::new("mkfifo").arg(at("pipe")).status().unwrap();
    assert!(made.success());
    let build = |to: &str| run_in(folder.path(), &["build", "pkg", "-o", to]);

    let said = build("link.jbc");
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(fs::symlink_metadata(at("link.jbc")).unwrap().is_symlink());
    assert!(fs::read(at("old.jbc")).unwrap().len() > 4);

    for (to, part) in [
        ("kept.jbc", "no artifact"),
        ("lost.jbc", "cannot write `lost.jbc`"),
        ("pipe", "is no file"),
    ] {
        let said = build(to);
        assert_eq!(said.code, Some(3), "{said:?}");
        assert!(said.err.contains(part), "{said:?}");
    }
    assert!(fs::metadata(at("pipe")).unwrap().file_type().is_fifo());
    assert_eq!(fs::read(at("pkg/journey.toml")).unwrap(), MANIFEST);
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 6, "{left:?}");
}

#[cfg(unix)]
#[test]
fn a_package_that_cannot_be_made_whole_leaves_nothing() {
    let folder = Folder::new();
    // The folder itself has a path that is just short enough, and not all of its files have.
    let mut path = "around/".to_string();
    while path.len() < 3_880 {
        path.push_str(&"a".repeat(190));
        path.push('/');
    }
    path.push_str(&format!("{}/x", "a".repeat(4_078 - path.len())));
    let said = run_in(folder.path(), &["new", &path]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(said.err.contains("cannot write"), "{said:?}");
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 0);
}

#[test]
fn an_artifact_replaces_artifacts_alone() {
    let folder = shop();
    let build = |to: &str| run_in(folder.path(), &["build", "shop", "-o", to]);
    folder.write("shop/README.md", b"# Shop\n");
    folder.write("notes", b"JR");
    for file in ["shop/events.ndjson", "shop/README.md", "notes"] {
        let before = fs::read(folder.path().join(file)).unwrap();
        let said = build(file);
        assert_eq!(said.code, Some(3), "{said:?}");
        assert!(said.err.contains("is no artifact"), "{said:?}");
        assert_eq!(fs::read(folder.path().join(file)).unwrap(), before);
    }
    folder.write("empty", b"");
    for file in ["new.jbc", "new.jbc", "empty"] {
        assert_eq!(build(file).code, Some(0), "{file}");
    }
    let path = folder.path().join("new.jbc");
    let mut mode = fs::metadata(&path).unwrap().permissions();
    mode.set_readonly(true);
    fs::set_permissions(&path, mode).unwrap();
    let said = build("new.jbc");
    assert!(
        said.code == Some(3) && said.err.contains("it is read-only"),
        "{said:?}"
    );
}

#[cfg(unix)]
#[test]
fn an_artifact_is_shown_to_nobody_whom_the_one_before_was_kept_from() {
    use std::os::unix::fs::PermissionsExt;
    let folder = shop();
    let path = folder.path().join("a.jbc");
    let build = || run_in(folder.path(), &["build", "shop", "-o", "a.jbc"]).code;
    assert_eq!(build(), Some(0));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(build(), Some(0));
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn what_a_killed_build_has_left_stands_in_the_way_of_none() {
    let folder = shop();
    for number in 1..4 {
        folder.write(&format!("a.jbc.{number}.new"), b"JRNYhalf");
    }
    let said = run_in(folder.path(), &["build", "shop", "-o", "a.jbc"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let said = run_in(folder.path(), &["inspect", "a.jbc"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    // Another's is let alone, for its build may go on; one's own is gone.
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, "shop a.jbc 1 2 3".split(' ').count());
}

#[test]
fn a_stage_of_a_package_with_errors_is_printed_and_so_are_they() {
    let folder = shop();
    let emit = |stage: &str, more: &[&str]| {
        let args = [&["build", "shop", "--emit", stage], more].concat();
        run_in(folder.path(), &args)
    };
    for stage in ["tokens", "tree", "hir", "flow", "bytecode"] {
        let said = emit(stage, &["--env", "nope"]);
        assert!(
            said.code == Some(1) && said.err.contains("J0503"),
            "{stage}: {said:?}"
        );
    }
    let path = folder.path().join("shop/welcome.journey");
    let text = fs::read_to_string(&path).unwrap();
    let unknown = text.replace("action SendEmail", "action SendEmial");
    for (text, code) in [(unknown.as_str(), "J0207"), ("journey X {{\n", "J0103")] {
        fs::write(&path, text).unwrap();
        for (stage, is_printed) in [
            ("tokens", true),
            ("tree", true),
            ("hir", true),
            ("flow", false),
            ("bytecode", false),
        ] {
            let said = emit(stage, &[]);
            assert_eq!(said.code, Some(1), "{stage}: {said:?}");
            assert!(said.err.contains(code), "{stage}: {said:?}");
            assert_eq!(!said.out.is_empty(), is_printed, "{stage}: {said:?}");
        }
    }
    fs::remove_file(folder.path().join("shop/journey.toml")).unwrap();
    let said = emit("hir", &[]);
    assert!(
        said.code == Some(1) && said.err.contains("J0501"),
        "{said:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_package_is_made_in_the_place_of_nothing() {
    let folder = Folder::new();
    let at = |name: &str| folder.path().join(name);
    symlink("/nowhere/shop", at("shop")).unwrap();
    symlink("self", at("self")).unwrap();
    for (path, named) in [
        ("shop", "shop"),
        ("self", "self"),
        ("shop/inner", "shop"),
        ("self/a/inner", "self"),
    ] {
        let said = run_in(folder.path(), &["new", path]);
        assert_eq!(said.code, Some(3), "{said:?}");
        let part = format!("cannot write `{named}");
        assert!(said.err.contains(&part), "{said:?}");
    }
    for link in ["shop", "self"] {
        assert!(fs::symlink_metadata(at(link)).unwrap().is_symlink());
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn of_many_that_make_one_package_one_does() {
    let folder = Folder::new();
    let start = |_| {
        let mut command = Command::new(journeyc());
        command
            .current_dir(folder.path())
            .args(["new", "race/inner"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command.stderr(Stdio::piped()).spawn().expect("it runs")
    };
    let whole = |at: &Path| run_in(at, &["test", "--package", "race/inner"]);
    for _ in 0..4 {
        let all: Vec<_> = (0..8).map(start).collect();
        let ended = all
            .into_iter()
            .map(|child| said(child.wait_with_output().expect("it ends")));
        let (made, not): (Vec<Said>, Vec<Said>) = ended.partition(|said| said.code == Some(0));
        assert_eq!(made.len(), 1, "{not:?}");
        let is_told = |said: &Said| said.code == Some(3) && said.err.contains("already there");
        assert!(not.iter().all(is_told), "{not:?}");
        let said = whole(folder.path());
        assert_eq!(said.code, Some(0), "{said:?}");
        fs::remove_dir_all(folder.path().join("race")).unwrap();
    }
}
