//! Every file in `tests/valid` parses without a message, and the island by island tree is the whole file's tree under the one grammar.

mod common;

use journey_grammar::{SyntaxKind, parse, parse_whole};

#[test]
fn islands_and_the_whole_grammar_give_the_same_tree() {
    let samples = common::samples();
    assert!(samples.len() >= 6, "the samples are missing");
    for (name, text) in samples {
        let parse = parse(&text);
        assert_eq!(parse.errors, [], "{name}");
        let whole = parse_whole(&text).unwrap_or_else(|_| panic!("{name} is refused as a whole"));
        if parse.tree != whole {
            assert_eq!(parse.tree.debug(), whole.debug(), "{name}");
            panic!("{name}: the trees differ where the dump does not show it");
        }
        common::check_shape(&parse.tree, &name);
    }
}

#[test]
fn every_kind_of_node_is_in_some_sample() {
    let mut seen: std::collections::BTreeSet<SyntaxKind> = Default::default();
    for (_, text) in common::samples() {
        let tree = parse(&text).tree;
        seen.extend(tree.nodes().iter().map(|n| n.kind));
    }
    let all = (SyntaxKind::File as u8..=SyntaxKind::Window as u8).count();
    // Only these two are never in a valid file.
    assert!(!seen.contains(&SyntaxKind::ExprRoot) && !seen.contains(&SyntaxKind::Error));
    assert_eq!(
        seen.len(),
        all - 2,
        "some kinds are in no sample; seen: {seen:?}"
    );
}
