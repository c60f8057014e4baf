//! What a manifest says, and what is told of a broken one.

use super::*;
use crate::source::SourceFile;

fn parse(text: &str) -> (Manifest, Vec<(String, String)>) {
    let sources = Sources::new(vec![SourceFile {
        path: MANIFEST_PATH.into(),
        text: text.into(),
    }]);
    let (manifest, found) = Manifest::parse(&sources);
    let found = found
        .iter()
        .map(|d| (sources.text(d.span).to_string(), d.message.clone()))
        .collect();
    (manifest, found)
}

#[test]
fn a_whole_manifest_is_read() {
    let (manifest, found) = parse(concat!(
        "[package]\nname = \"acme-retail\"\nversion = \"1.4.0\"\n",
        "[schemas]\npaths = [\"schemas/\", \"./more\"]\n",
        "[profile]\nschema = \"https://ns.acme.example/schemas/profile\"\nidentities = [\"Email\", \"ECID\"]\n",
        "[env.prod]\nURL = \"https://push.acme.example\"\n[env.dev]\nURL = \"http://localhost:9000\"\n",
        "[lints]\nunhandled-call-failure = \"error\"\n",
    ));
    assert_eq!(found, []);
    assert_eq!(
        (manifest.name.as_str(), manifest.version.as_str()),
        ("acme-retail", "1.4.0")
    );
    assert_eq!(manifest.schema_paths, ["schemas", "more"]);
    assert_eq!(manifest.identities, ["Email", "ECID"]);
    assert_eq!(manifest.lints["unhandled-call-failure"], LintLevel::Error);
    assert_eq!(manifest.environments["dev"]["URL"], "http://localhost:9000");
}

#[test]
fn each_mistake_is_reported_at_its_place() {
    let (_, found) = parse(concat!(
        "[package]\nnmae = \"x\"\nversion = 1\n",
        "[schemas]\npaths = [\"../elsewhere\"]\n",
        "[profile]\nidentities = [\"Email\", \"ECID\", \"Email\" ]\n",
        "[env]\ndev = 1\n",
        "[lints]\nsyntax = \"warn\"\nunused-bindin = \"warn\"\nunused-binding = \"loud\"\n",
    ));
    let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(
        places,
        [
            "nmae",
            "1",
            "\"../elsewhere\"",
            "\"Email\"",
            "1",
            "syntax",
            "unused-bindin",
            "\"loud\""
        ],
        "{found:#?}"
    );
}

#[test]
fn broken_toml_and_no_toml_are_reported_once() {
    for text in [
        "[package\nname = \"x\"\n",
        "[package]\nname = \"x\"\n[schemas]\npaths = [\"a\"\n[profile]\nschema = \"b\"\nidentities = [\"c\"]\n",
        "[package]\nname = \"x\nversion = \"1\"\n[schemas]\npaths = [\"a\n",
    ] {
        let (_, found) = parse(text);
        assert_eq!(found.len(), 1, "{found:#?}");
    }
    let (_, found) = Manifest::parse(&Sources::default());
    assert_eq!(found.len(), 1);
}

#[test]
fn a_misspelt_word_is_mended_as_toml_writes_it() {
    let text = "[package]\nname = \"x\"\nversion = \"1.0.0\"\n[lints]\nunused-bindin = \"warn\"\n[dependencis]\n";
    let sources = Sources::new(vec![SourceFile {
        path: MANIFEST_PATH.into(),
        text: text.into(),
    }]);
    let (_, found) = Manifest::parse(&sources);
    let mended: Vec<&str> = found
        .iter()
        .filter_map(|d| d.fix.as_ref())
        .map(|fix| fix.edits[0].text.as_str())
        .collect();
    assert_eq!(mended, ["unused-binding", "dependencies"]);
    assert_eq!(found[0].label, "did you mean `unused-binding`?");
}
