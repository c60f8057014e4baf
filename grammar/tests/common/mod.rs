//! What the tests share: the samples, a small seeded generator, and the properties every tree has.
#![allow(dead_code)] // Each test crate uses its part.

use journey_grammar::{
    Tree,
    ast::{AstNode, Expr},
};

/// Every file of `tests/valid`, by name, with its text.
pub fn samples() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/valid");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("tests/valid")
        .map(|e| e.expect("an entry").path())
        .collect();
    files.sort();
    let name = |p: &std::path::Path| {
        p.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    files
        .iter()
        .map(|p| (name(p), std::fs::read_to_string(p).expect("UTF-8")))
        .collect()
}

/// Splitmix64: enough for edits, the same everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// What holds of every tree, whatever the text.
pub fn check_shape(tree: &Tree, name: &str) {
    let text = tree.text();
    let mut at = 0;
    for token in tree.tokens() {
        assert_eq!(token.span.start, at, "{name}: tokens leave a gap");
        assert!(token.span.end > at, "{name}: an empty token");
        assert!(
            text.is_char_boundary(token.span.end as usize),
            "{name}: a token ends within a character"
        );
        at = token.span.end;
    }
    assert_eq!(
        at as usize,
        text.len(),
        "{name}: tokens do not cover the text"
    );
    let nodes = tree.nodes();
    assert_eq!(nodes[0].subtree_end as usize, nodes.len(), "{name}");
    for (i, node) in nodes.iter().enumerate() {
        assert!(
            node.first_token <= node.end_token && node.end_token as usize <= tree.tokens().len(),
            "{name}: {node:?}"
        );
        assert!(
            node.subtree_end as usize > i && node.subtree_end as usize <= nodes.len(),
            "{name}: {node:?}"
        );
        if i > 0 {
            assert!(
                node.first_token < node.end_token,
                "{name}: an empty node {node:?}"
            );
            assert!(
                !tree.tokens()[node.first_token as usize].kind.is_trivia(),
                "{name}: {node:?} starts with trivia"
            );
            assert!(
                !tree.tokens()[node.end_token as usize - 1].kind.is_trivia(),
                "{name}: {node:?} ends with trivia"
            );
        }
        let view = tree.node(i as u32).expect("a node");
        let mut last = node.first_token;
        for child in view.children() {
            assert!(
                child.data().first_token >= last,
                "{name}: children overlap in {node:?}"
            );
            last = child.data().end_token;
        }
        assert!(
            last <= node.end_token,
            "{name}: a child sticks out of {node:?}"
        );
        let pieces = view.parts().count();
        assert!(pieces >= view.children().count(), "{name}");
        if let Some(Expr::Str(string)) = Expr::cast(view) {
            string.parts();
        }
        if let Some(Expr::Literal(literal)) = Expr::cast(view) {
            let _ = literal.value();
        }
    }
}
