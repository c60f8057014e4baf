//! Expressions parsed without pest give what the normative grammar gives: the same tree, or the same messages.

mod common;

use common::Random;
use journey_grammar::{
    SyntaxKind, ast,
    ast::AstNode as _,
    limits::{MAX_EXPRESSION_DEPTH, MAX_NESTING},
    parse, parse_expression, parse_expression_by_grammar,
};

/// Compares both ways on one text; whether it is an expression without a mistake.
fn agree(text: &str) -> bool {
    let direct = parse_expression(text);
    let grammar = parse_expression_by_grammar(text);
    if direct != grammar {
        assert_eq!(direct.tree.debug(), grammar.tree.debug(), "{text:?}");
        assert_eq!(direct.errors, grammar.errors, "{text:?}");
        panic!("{text:?}: the trees differ where the dump does not show it");
    }
    common::check_shape(&direct.tree, text);
    direct.errors.is_empty()
}

/// The text of every expression in every sample.
fn expressions() -> Vec<String> {
    let mut all = std::collections::BTreeSet::new();
    for (_, text) in common::samples() {
        let tree = parse(&text).tree;
        let mut node = 0;
        while let Some(at) = tree.node(node) {
            // A lambda and a window are expressions only as arguments, the record of an update is one nowhere else.
            let alone = !matches!(at.kind(), SyntaxKind::Lambda | SyntaxKind::Window)
                && at.descendants().all(|n| n.kind() != SyntaxKind::FieldPath);
            if alone && ast::Expr::cast(at).is_some_and(|e| !matches!(e, ast::Expr::Error(_))) {
                all.insert(at.text().to_owned());
            }
            node += 1;
        }
    }
    all.into_iter().collect()
}

#[test]
fn every_expression_of_the_samples() {
    let all = expressions();
    assert!(all.len() > 300, "{} expressions", all.len());
    for text in &all {
        assert!(agree(text), "{text:?} is refused");
    }
}

/// What expressions are made of, and a little of what they are not.
const PIECES: &[&str] = &[
    "a",
    "b.c",
    "`odd name`",
    "last",
    "where",
    "missing",
    "list",
    "1",
    "2.5",
    "30d",
    "2026-03-01",
    "10:30",
    "2026-03-01T10:00Z",
    "2026-03-01T10:00",
    "true",
    "\"t\"",
    "'r'",
    "\"a {",
    "}\"",
    "{",
    "}",
    "\"\"\"x\n y\"\"\"",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    ".",
    "..",
    "??",
    "?",
    "+",
    "-",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "=",
    "=>",
    "->",
    "|",
    ";",
    "and",
    "or",
    "not",
    "in",
    "is",
    "is missing",
    "is present",
    "if",
    "then",
    "else",
    "f(",
    "x =>",
    "last 30d",
    "{ a: 1 }",
    "// c\n",
    "\n",
    "12x",
    "!",
    "\\",
];

#[test]
fn what_is_put_together_at_random() {
    let seed = 20_261_124;
    println!("seed {seed}");
    let mut random = Random(seed);
    let mut valid = 0;
    for _ in 0..60_000 {
        let mut text = String::new();
        for _ in 0..1 + random.below(9) {
            text += PIECES[random.below(PIECES.len())];
            if random.below(4) > 0 {
                text.push(' ');
            }
        }
        valid += usize::from(agree(&text));
    }
    assert!(valid > 1000, "too few of them are expressions: {valid}");
}

#[test]
fn edits_of_the_samples_expressions() {
    let seed = 20_261_125;
    println!("seed {seed}");
    let mut random = Random(seed);
    let (mut valid, mut broken) = (0, 0);
    for text in expressions() {
        for _ in 0..40 {
            let mut edited = text.clone();
            for _ in 0..1 + random.below(2) {
                let place = |random: &mut Random, text: &str| {
                    let mut at = random.below(text.len() + 1);
                    while !text.is_char_boundary(at) {
                        at -= 1;
                    }
                    at
                };
                let (a, b) = (place(&mut random, &edited), place(&mut random, &edited));
                let piece = PIECES[random.below(PIECES.len())];
                match random.below(3) {
                    0 => edited.insert_str(a, piece),
                    1 => edited.replace_range(a.min(b)..a.max(b).min(a.min(b) + 6), ""),
                    _ => edited.insert_str(a, &format!(" {piece} ")),
                }
                while edited.len() > 400 {
                    edited.pop();
                }
            }
            match agree(&edited) {
                true => valid += 1,
                false => broken += 1,
            }
        }
    }
    assert!(
        valid > 1000 && broken > 1000,
        "{valid} valid, {broken} broken"
    );
}

#[test]
fn the_limits_are_those_of_the_outline() {
    let around = |n: usize, limit: usize| [n - 1, n, n + 1, limit / 2, limit * 2];
    let depth = MAX_EXPRESSION_DEPTH as usize;
    for n in around(depth, depth) {
        agree(&vec!["a"; n].join(" + "));
        agree(&vec!["a"; n].join("."));
        agree(&vec!["a"; n].join(" < b and "));
        agree(&format!("{}a", "not ".repeat(n)));
        agree(&format!("[{}]", vec!["a.b"; n].join(", ")));
    }
    for n in around(MAX_NESTING, MAX_NESTING) {
        agree(&format!("{}a{}", "(".repeat(n), ")".repeat(n)));
        agree(&format!("{}a{}", "f(".repeat(n), ")".repeat(n)));
        agree(&format!("{}a{}", "[".repeat(n), "]".repeat(n)));
        agree(&"[a]".repeat(n));
    }
    agree(&format!("[{}]", vec!["1"; 5000].join(",")));
    for text in [
        "",
        " ",
        "// c",
        "a < b < c",
        "a == b is missing",
        "1..2..3",
        "(a < b) < c",
        "a; b",
        "a }",
        "\u{FEFF}a",
    ] {
        agree(text);
    }
}
