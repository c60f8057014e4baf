//! Moving through a document gives what `serde_json` reads: members in their order, text, numbers.

mod support;

use journey_json::{Document, Index, Kind, Level, Value};
use serde_json::Value as Tree;
use support::{Random, cases, document};

/// The document as a tree; a key that comes twice keeps its place and takes its last value, as theirs does.
fn tree(document: &Document<'_>, value: Value) -> Tree {
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
fn theirs(text: &str) -> Tree {
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

#[test]
fn a_tree_of_all_that_is_met() {
    let mut random = Random::seeded(51);
    let mut indices: Vec<Index> = Level::all().iter().map(|level| Index::at(*level)).collect();
    for _ in 0..cases(20_000) {
        let text = document(&mut random);
        let want = theirs(&text);
        for index in &mut indices {
            let document = index.read(text.as_bytes(), 64).expect("generated JSON");
            assert_eq!(tree(&document, document.root()), want, "{text}");
        }
    }
}

#[test]
fn numbers_are_the_nearest_doubles() {
    let mut random = Random::seeded(52);
    let mut index = Index::new();
    let mut check = |text: &str| {
        let around = format!("[{text},{text} ,{text}]");
        let document = index.read(around.as_bytes(), 1).expect(text);
        let mut rest = document.inside(document.root());
        while let Some(number) = document.next_item(&mut rest) {
            let want: f64 = text.parse().expect(text);
            assert_eq!(document.double(number).to_bits(), want.to_bits(), "{text}");
            let integer = text.parse::<i64>().ok().filter(|_| text != "-0");
            assert_eq!(document.integer(number), integer, "{text}");
            assert_eq!(document.scalar(number), text);
        }
    };
    for text in [
        "0",
        "-0",
        "-0.0",
        "1.0",
        "0.1",
        "12345678",
        "-1234567",
        "-12345678",
        "123456.7",
        "0.000001",
        "-0.00001",
        "1e23",
        "5e-324",
        "2.2250738585072011e-308",
        "1e400",
        "-1e400",
        "9007199254740993",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "99999999999999999999",
        "0e0",
    ] {
        check(text);
    }
    for _ in 0..cases(50_000) {
        let whole = random.next() >> (1 + random.below(63));
        let sign = ["", "-"][random.below(2)];
        let places = random.below(9);
        let text = match random.below(4) {
            0 => format!("{sign}{whole}"),
            1 => format!(
                "{sign}{}.{:0places$}",
                whole % 10_000,
                whole % 10u64.pow(places as u32),
                places = places.max(1)
            ),
            2 => format!("{sign}{whole}e{}", random.below(60) as i64 - 30),
            _ => {
                let double = f64::from_bits(random.next());
                if !double.is_finite() {
                    continue;
                }
                format!("{double:?}")
            }
        };
        check(&text);
    }
}

#[test]
fn half_a_surrogate_pair_has_a_place() {
    let mut index = Index::new();
    for (text, at) in [
        (r#"["\ud800"]"#, 2),
        (r#"["ab\udc00\ud800"]"#, 4),
        (r#"["\ud83d\ude00\ud83dx"]"#, 14),
        (r#"["\ud800\u0041"]"#, 2),
        (r#"["\ud800\n"]"#, 2),
    ] {
        let document = index.read(text.as_bytes(), 1).expect(text);
        let item = document
            .next_item(&mut document.inside(document.root()))
            .expect("an item");
        let mut out = String::new();
        assert_eq!(
            document.unescape(document.string(item), &mut out),
            Err(at),
            "{text}"
        );
    }
}
