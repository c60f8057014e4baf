//! The file form: the same bytes back, and no byte string that hurts.

mod common;

use common::{Die, large, small};
use journey_artifact::format::rehash;
use journey_artifact::model::{Json, PlanNode, Want};
use journey_artifact::word::WordType;
use journey_artifact::{RefusalKind, disasm, read, verify, write};
use std::thread;

/// Miri looks at few of the places.
const STEP: usize = if cfg!(miri) { 401 } else { 1 };

/// Runs with the stack that a host's worker thread has.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(work)
        .expect("a thread");
    thread.join().expect("no panic");
}

#[test]
fn written_read_and_written_again_is_the_same() {
    for artifact in [small(), large(40)] {
        let bytes = write(&artifact);
        assert_eq!(bytes, write(&artifact));
        let back = read(&bytes).unwrap_or_else(|refusal| panic!("{refusal}"));
        assert_eq!(*back, artifact);
        assert_eq!(back.to_bytes(), bytes);
        assert_eq!(back.file_len(), bytes.len() as u64);
        let in_memory = verify(artifact).expect("the same artifact");
        assert_eq!(in_memory, back);
    }
}

#[test]
fn the_program_hash_does_not_see_the_source_map() {
    let before = verify(small()).expect("valid");
    let mut moved = small();
    moved.source_map.chunks[0].line += 7;
    moved.source_map.docs[0].push_str(" Better now.");
    let moved = verify(moved).expect("valid");
    assert_eq!(before.program_hash(), moved.program_hash());
    assert_ne!(before.content_hash(), moved.content_hash());

    let mut changed = small();
    changed.journeys[0].priority += 1;
    let changed = verify(changed).expect("valid");
    assert_ne!(before.program_hash(), changed.program_hash());
}

#[test]
fn sections_lie_end_to_end() {
    let artifact = verify(small()).expect("valid");
    let sections = artifact.sections();
    assert_eq!(sections.len(), 13);
    for pair in sections.windows(2) {
        assert_eq!(pair[0].offset + pair[0].len, pair[1].offset);
    }
    let names: Vec<&str> = sections.iter().map(|it| it.section.name()).collect();
    assert_eq!(names[0], "package");
    assert_eq!(names[12], "source map");
    let code = sections
        .iter()
        .find(|it| it.section.name() == "code")
        .expect("code");
    assert_eq!(code.len, code.count * 8);
}

#[test]
fn a_changed_byte_is_refused() {
    on_a_small_stack(|| {
        let bytes = write(&small());
        for at in (0..bytes.len()).step_by(STEP) {
            for flip in [1, 0x10, 0x80, 0xFF] {
                let mut bad = bytes.clone();
                bad[at] ^= flip;
                assert!(read(&bad).is_err(), "byte {at} ^ {flip:#x} went through");
            }
        }
    });
}

/// The true test: whoever changes a byte can compute a hash too. What is accepted then must be fit to be used.
fn hurt(bytes: &mut [u8]) {
    rehash(bytes);
    if let Ok(accepted) = read(bytes) {
        assert_eq!(accepted.to_bytes(), bytes, "two files for one artifact");
        let _ = (
            disasm::bytecode(&accepted),
            disasm::plans(&accepted),
            disasm::flow(&accepted),
        );
    }
}

#[test]
fn a_changed_byte_with_the_right_hash_does_not_hurt() {
    on_a_small_stack(|| {
        let bytes = write(&small());
        let mut bad = bytes.clone();
        for at in (0..bytes.len()).step_by(STEP) {
            for value in (0..=255).step_by(3 * STEP).chain([1, 2, 0x7F, 0x80, 0xFE]) {
                bad[at] = value;
                hurt(&mut bad);
            }
            bad[at] = bytes[at];
        }
    });
}

#[test]
fn random_changes_with_the_right_hash_do_not_hurt() {
    on_a_small_stack(|| {
        let seed = 0x5EED_1234;
        println!("seed {seed:#x}");
        let mut die = Die(seed);
        for (bytes, rounds) in [(write(&large(20)), 1_000), (write(&small()), 20_000)] {
            for _ in 0..if cfg!(miri) { 3 } else { rounds } {
                let mut bad = bytes.clone();
                for _ in 0..=die.below(4) {
                    let at = die.below(bad.len());
                    bad[at] = die.next() as u8;
                }
                hurt(&mut bad);
            }
        }
    });
}

#[test]
fn truncations_and_additions_are_refused() {
    let bytes = write(&small());
    for len in (0..bytes.len()).step_by(STEP) {
        let mut cut = bytes[..len].to_vec();
        assert!(read(&cut).is_err(), "{len} bytes went through");
        rehash(&mut cut);
        assert!(
            read(&cut).is_err(),
            "{len} bytes went through with the right hash"
        );
    }
    let mut more = bytes;
    more.push(0);
    rehash(&mut more);
    assert_eq!(
        read(&more).expect_err("longer").kind,
        RefusalKind::SectionTable
    );
}

/// The range of a section's bytes.
fn section(bytes: &[u8], name: &str) -> std::ops::Range<usize> {
    let artifact = read(bytes).expect("valid");
    let info = artifact
        .sections()
        .iter()
        .find(|it| it.section.name() == name)
        .expect("there");
    info.offset as usize..(info.offset + info.len) as usize
}

/// Puts other bytes in place of a section, with its length in the table and everything after it moved.
fn replace(bytes: &[u8], name: &str, body: &[u8]) -> Vec<u8> {
    let range = section(bytes, name);
    let grown = body.len() as i64 - range.len() as i64;
    let mut out = [&bytes[..range.start], body, &bytes[range.end..]].concat();
    for entry in 0..13 {
        let at = 44 + entry * 20;
        let number =
            |at: usize, out: &[u8]| i64::from_le_bytes(out[at..at + 8].try_into().expect("eight"));
        let offset = number(at + 4, &out);
        if offset == range.start as i64 && number(at + 12, &out) == range.len() as i64 {
            out[at + 12..at + 20].copy_from_slice(&(body.len() as i64).to_le_bytes());
        } else if offset > range.start as i64 {
            out[at + 4..at + 12].copy_from_slice(&(offset + grown).to_le_bytes());
        }
    }
    rehash(&mut out);
    out
}

#[test]
fn lengths_that_lie_reserve_nothing() {
    let bytes = write(&small());
    let huge = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
    let million = [0xC0, 0x84, 0x3D];
    for name in [
        "strings",
        "constants",
        "sets",
        "shapes",
        "plans",
        "imports",
        "chunks",
        "events",
        "calls",
        "journeys",
        "source map",
    ] {
        for lie in [&huge[..], &million[..]] {
            let refusal = read(&replace(&bytes, name, lie)).expect_err(name);
            assert!(
                matches!(refusal.kind, RefusalKind::TooLarge | RefusalKind::Malformed),
                "{refusal}"
            );
        }
    }
    // A length in the section table that reaches far beyond the file.
    let mut bad = bytes.clone();
    bad[44 + 12..44 + 20].copy_from_slice(&u64::MAX.to_le_bytes());
    rehash(&mut bad);
    assert_eq!(read(&bad).expect_err("length").kind, RefusalKind::TooLarge);
}

#[test]
fn one_value_has_one_form() {
    let bytes = write(&small());
    let strings = &bytes[section(&bytes, "strings")];
    // The count in two bytes where one is enough.
    assert!(strings[0] < 0x80);
    let padded = [&[strings[0] | 0x80, 0], &strings[1..]].concat();
    let refusal = read(&replace(&bytes, "strings", &padded)).expect_err("padded");
    assert!(
        matches!(
            refusal.kind,
            RefusalKind::NotCanonical | RefusalKind::Malformed
        ),
        "{refusal}"
    );
    let longer = [strings, &[0]].concat();
    assert_eq!(
        read(&replace(&bytes, "strings", &longer))
            .expect_err("longer")
            .kind,
        RefusalKind::Malformed
    );
}

#[test]
fn other_files_and_versions_are_named_as_such() {
    let bytes = write(&small());
    let kind = |bytes: &[u8]| read(bytes).expect_err("refused").code();
    assert_eq!(kind(b""), "A0101");
    assert_eq!(kind(b"PK\x03\x04 a zip"), "A0101");
    assert_eq!(kind(b"JRNY"), "A0104");
    let mut newer = bytes.clone();
    newer[4] += 1;
    assert_eq!(kind(&newer), "A0102");
    let mut damaged = bytes;
    *damaged.last_mut().expect("not empty") ^= 1;
    assert_eq!(kind(&damaged), "A0103");
}

/// Bytes of `depth` lists in each other: a preorder of nodes without slots.
fn deep_plan(depth: usize) -> PlanNode {
    let mut node = PlanNode {
        slot: None,
        required: false,
        want: Want::Scalar(WordType::Int),
    };
    for _ in 0..depth {
        node = PlanNode {
            slot: None,
            required: false,
            want: Want::List(journey_artifact::word::ShapeId(0), Box::new(node)),
        };
    }
    node
}

#[test]
fn nesting_is_bounded_before_anything_recurses() {
    // In memory, 100 deep: the verifier says so.
    let mut artifact = small();
    artifact.plans[0].root.want = Want::Object(vec![(artifact.plans[0].schema, deep_plan(100))]);
    assert_eq!(
        verify(artifact.clone()).expect_err("deep").kind,
        RefusalKind::TooDeep
    );
    // In a file: the reader never builds it.
    assert_eq!(
        read(&write(&artifact)).expect_err("deep").kind,
        RefusalKind::Malformed
    );

    let mut artifact = small();
    let mut body = Json::Array(Vec::new());
    for _ in 0..100 {
        body = Json::Array(vec![body]);
    }
    artifact.calls[0].body = Some(body);
    assert_eq!(
        verify(artifact.clone()).expect_err("deep").kind,
        RefusalKind::TooDeep
    );
    assert_eq!(
        read(&write(&artifact)).expect_err("deep").kind,
        RefusalKind::Malformed
    );

    // A million lists in each other, as bytes: count 1; schema 0, shape 0, a million nodes (slot none, List, shape 0). Under
    // Miri, which hashes slowly, there are 20,000: as many bytes of varint.
    on_a_small_stack(|| {
        let (nodes, count) = if cfg!(miri) {
            (20_000, [0xA0, 0x9C, 0x01])
        } else {
            (1_000_000, [0xC0, 0x84, 0x3D])
        };
        let mut plans = [[1, 0, 0], count].concat();
        plans.extend([0, 3, 0].repeat(nodes));
        let bytes = replace(&write(&small()), "plans", &plans);
        assert_eq!(read(&bytes).expect_err("deep").kind, RefusalKind::Malformed);
    });
}
