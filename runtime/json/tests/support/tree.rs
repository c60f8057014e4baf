//! A document as a tree of `serde_json`: by moving through it, and by parsing.

use journey_json::{Document, Kind, Value};
use serde_json::Value as Tree;

/// The document as a tree; a key that comes twice keeps its place and takes its last value, as theirs does.
pub fn tree(document: &Document<'_>, value: Value) -> Tree {
    match value.kind() {
        Kind::Null => Tree::Null,
        Kind::True => Tree::Bool(true),
        Kind::False => Tree::Bool(false),
        Kind::String => Tree::String(meant(document, document.string(value))),
        Kind::Number => match document.integer(value) {
            Some(integer) => integer.into(),
            None => document.double(value).into(),
        },
        Kind::Array => {
            let mut rest = document.inside(value);
            assert_eq!(
                document.count_items(rest, 3).min(2),
                document.count_items(rest, 2)
            );
            let items = std::iter::from_fn(|| document.next_item(&mut rest));
            items.map(|item| tree(document, item)).collect()
        }
        Kind::Object => {
            let mut rest = document.inside(value);
            let count = document.count_members(rest, usize::MAX);
            let members = std::iter::from_fn(|| document.next_member(&mut rest));
            let members: Vec<_> = members.collect();
            assert_eq!(members.len(), count);
            let members = members.into_iter();
            members
                .map(|(key, value)| (meant(document, key), tree(document, value)))
                .collect()
        }
    }
}

fn meant(document: &Document<'_>, text: journey_json::Text) -> String {
    let raw = document.raw(text);
    assert_eq!(text.escaped, raw.contains('\\'), "{raw:?}");
    let mut out = String::new();
    document.unescape(text, &mut out).expect("whole pairs only");
    assert!(text.escaped || out == raw);
    out
}

/// Theirs, with numbers as ours are given: an integer if it is written as one and fits with a sign, a double otherwise.
pub fn theirs(text: &str) -> Tree {
    fn same(tree: Tree) -> Tree {
        match tree {
            Tree::Number(n) => match n.as_i64() {
                Some(integer) => integer.into(),
                None => n.as_f64().into(),
            },
            Tree::Array(items) => items.into_iter().map(same).collect(),
            Tree::Object(members) => members.into_iter().map(|(k, v)| (k, same(v))).collect(),
            other => other,
        }
    }
    same(serde_json::from_str(text).expect("generated JSON"))
}
