//! The examples lower, verify, and their artifacts depend on the program alone.

use super::super::{lower, lower_tests};
use super::package::{checked, example};
use crate::source::SourceFile;
use journey_artifact::graph::{ExitWhen, NodeKind};
use journey_artifact::model::Artifact;
use journey_machine::eval::Loaded;

fn artifact(files: Vec<SourceFile>) -> Artifact {
    let (analysis, sources) = checked(files);
    lower(&analysis.program, &analysis.registry, &sources)
        .unwrap_or_else(|found| panic!("{found:#?}"))
}

#[test]
fn every_example_is_accepted_by_the_verifier_and_the_machine() {
    for name in ["retail", "resort"] {
        let verified = journey_artifact::verify(artifact(example(name)))
            .unwrap_or_else(|why| panic!("{name}: {why}"));
        Loaded::new(verified).unwrap_or_else(|why| panic!("{name}: {why}"));
        let (analysis, sources) = checked(example(name));
        let tests = lower_tests(&analysis.program, &analysis.registry, &sources).unwrap();
        journey_artifact::verify(tests).unwrap_or_else(|why| panic!("{name}, tests: {why}"));
    }
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    for name in ["retail", "resort"] {
        let bytes = || {
            journey_artifact::verify(artifact(example(name)))
                .unwrap()
                .to_bytes()
        };
        assert_eq!(bytes(), bytes(), "{name}");
    }
}

#[test]
fn a_comment_changes_the_source_map_and_nothing_else() {
    for name in ["retail", "resort"] {
        let mut files = example(name);
        let before = artifact(files.clone());
        for file in files
            .iter_mut()
            .filter(|file| file.path.ends_with(".journey"))
        {
            file.text = format!("// One more line.\n{}", file.text).into();
        }
        let after = artifact(files);
        assert_ne!(before.source_map, after.source_map);
        let bare = |artifact: Artifact| Artifact {
            source_map: Default::default(),
            ..artifact
        };
        assert_eq!(bare(before), bare(after), "{name}");
    }
}

#[test]
fn the_retail_journey_keeps_what_it_still_needs() {
    let artifact = artifact(example("retail"));
    let journey = &artifact.journeys[0];
    let shape = &artifact.shapes[journey.vars.0 as usize];
    let live = |name: &str| {
        let node = journey
            .nodes
            .iter()
            .find(|n| &artifact.strings[n.name.0 as usize] == name)
            .unwrap();
        let names = node
            .live
            .iter()
            .map(|slot| &artifact.strings[shape.slots[usize::from(*slot)].name.0 as usize]);
        names.collect::<Vec<_>>()
    };
    assert!(
        live("pause").is_empty(),
        "the cart is not read after the entry condition"
    );
    assert_eq!(live("fetch-1"), ["token"]);
    assert_eq!(live("remind"), ["token"]);
    assert_eq!(live("decide"), ["token"]);
    assert!(live("offer").is_empty());
    assert!(matches!(journey.exits[0].when, ExitWhen::Event(_)));
    assert!(
        journey
            .nodes
            .iter()
            .all(|n| n.live.is_empty() || !matches!(n.kind, NodeKind::End { .. }))
    );
}
