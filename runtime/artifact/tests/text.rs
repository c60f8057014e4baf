//! An artifact as text: what `inspect` and `--emit` print.

mod common;

use common::small;
use journey_artifact::disasm;
use journey_artifact::model::{ChunkId, PlanId};

#[test]
fn a_chunk() {
    let text = disasm::chunk(&small(), ChunkId(2));
    let expected = include_str!("text/chunk.txt");
    assert_eq!(text, expected, "\n{text}");
}

#[test]
fn a_chunk_that_calls() {
    let text = disasm::chunk(&small(), ChunkId(7));
    let expected = include_str!("text/call.txt");
    assert_eq!(text, expected, "\n{text}");
}

#[test]
fn a_plan() {
    let text = disasm::plan(&small(), PlanId(1));
    let expected = include_str!("text/plan.txt");
    assert_eq!(text, expected, "\n{text}");
}

#[test]
fn a_journey() {
    let text = disasm::flow(&small());
    let expected = include_str!("text/journey.txt");
    assert_eq!(text, expected, "\n{text}");
}

#[test]
fn nothing_is_said_to_be_nothing() {
    let nothing = journey_artifact::model::Artifact::default();
    assert_eq!(disasm::chunk(&nothing, ChunkId(3)), "chunk ?3\n");
    assert_eq!(disasm::plan(&nothing, PlanId(3)), "plan ?3\n");
    assert_eq!(disasm::journey(&nothing, 3), "journey ?3\n");
    assert_eq!(disasm::bytecode(&nothing), "");
}

#[test]
fn names_cannot_draw_lines() {
    let mut artifact = small();
    assert!(artifact.strings.iter().any(|text| text == "total"));
    let drawn = |text| match text {
        "total" => "to\ntal\u{1b}[31m",
        other => other,
    };
    artifact.strings = artifact.strings.iter().map(drawn).collect();
    let text = disasm::bytecode(&artifact);
    assert!(text.contains(r"vars.to\ntal\u{1b}[31m"), "{text}");
}

#[test]
fn docs_cannot_move_the_cursor() {
    let mut artifact = small();
    let docs = "first\nsecond\u{1b}[2J".into();
    artifact.source_map.docs = vec![docs; artifact.journeys.len()];
    let text = disasm::journey(&artifact, 0);
    let drawn = "/// first\n/// second\\u{1b}[2J\n";
    assert!(text.starts_with(drawn), "{text}");
}
