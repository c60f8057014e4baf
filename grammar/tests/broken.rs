//! Every file in `tests/broken` gives the messages in the `.expected` file beside it. `JOURNEY_BLESS=1` writes those files anew.

use std::fmt::Write as _;

use journey_grammar::{Parse, SyntaxErrorKind, parse};

mod common;

fn report(text: &str) -> String {
    let mut out = String::new();
    for error in parse(text).errors {
        let before = &text[..error.span.start as usize];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let _ = writeln!(
            out,
            "{line}:{column} {:?} [{}] {}",
            error.kind,
            error.span.of(text),
            error.message
        );
        if let Some(hint) = error.hint {
            let _ = writeln!(out, "    hint: {hint}");
        }
        if let Some(fix) = error.fix {
            let _ = writeln!(
                out,
                "    fix: {:?} -> {:?}",
                fix.span.of(text),
                fix.replacement
            );
        }
    }
    out
}

#[test]
fn the_messages_are_as_written_beside_the_files() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/broken");
    let bless = std::env::var_os("JOURNEY_BLESS").is_some();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("tests/broken") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|e| e == "journey") {
            let text = std::fs::read_to_string(&path).expect("UTF-8");
            common::check_shape(&parse(&text).tree, &path.to_string_lossy());
            let expected = path.with_extension("expected");
            let got = report(&text);
            if bless {
                std::fs::write(&expected, &got).expect("written");
            }
            let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
            assert_eq!(got, wanted, "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 4, "the files are missing");
}

#[test]
fn twenty_broken_lines_give_twenty_messages_each_in_its_line() {
    let text = include_str!("broken/twenty.journey");
    let line = |offset: u32| text[..offset as usize].matches('\n').count() + 1;
    let lines: Vec<usize> = parse(text)
        .errors
        .iter()
        .map(|e| line(e.span.start))
        .collect();
    assert_eq!(lines, (3..=22).collect::<Vec<_>>());
}

#[test]
fn a_fix_mends_what_it_is_for() {
    let cases = [
        ("jurney A { end }", SyntaxErrorKind::UnknownKeyword),
        (
            "journey A {\n    awiat E within 1h\n}",
            SyntaxErrorKind::UnknownKeyword,
        ),
        (
            "journey A {\n    let a = b\n        and c\n}",
            SyntaxErrorKind::LineStartsWithOperator,
        ),
        (
            "journey A {\n    let a = b // why\n        .first()\n}",
            SyntaxErrorKind::LineStartsWithOperator,
        ),
        (
            "journey A {\n    if a\n    {\n        end\n    }\n}",
            SyntaxErrorKind::LineStartsWithOperator,
        ),
        (
            "journey A {\n    wait 1h; wait 2h;\n}",
            SyntaxErrorKind::Semicolon,
        ),
        (
            "journey A {\n    wait 1h wait 2h\n}",
            SyntaxErrorKind::OneItemPerLine,
        ),
        (
            "journey A {\n    send P(a: [1, 2\n    end \"x\"\n}",
            SyntaxErrorKind::UnclosedBracket,
        ),
        (
            "journey A {\n    end \"x\n}",
            SyntaxErrorKind::UnclosedString,
        ),
        (
            "journey A {\n    wait 15minutes\n}",
            SyntaxErrorKind::BadNumber,
        ),
        (
            "journey A {\n    let a = b && c\n}",
            SyntaxErrorKind::BadCharacter,
        ),
        (
            "journey A {\n    if a = b { end }\n}",
            SyntaxErrorKind::Unexpected,
        ),
        (
            "journey A {\n    await E wihtin 1h\n}",
            SyntaxErrorKind::UnboundedAwait,
        ),
        (
            "// one\u{2028}exit when a\njourney A { end }",
            SyntaxErrorKind::HiddenCharacter,
        ),
        (
            "journey A {\n    end \"a\u{202E}b\u{7}c\"\n    /// \u{1b}[2K\n}",
            SyntaxErrorKind::HiddenCharacter,
        ),
        (
            "journey A {\n    let x = if `a\u{2066}` == 1 then \"\"\"\n\u{85}\"\"\" else \"é\"\n}",
            SyntaxErrorKind::HiddenCharacter,
        ),
        ("journey A {\n    end\n", SyntaxErrorKind::UnclosedBracket),
        ("journey A { end }\n}", SyntaxErrorKind::StrayBrace),
        (
            "journey A {\n    if a {\n        if b { end } }\n        wait 1h\n    } else {\n        end\n    }\n    end\n}",
            SyntaxErrorKind::StrayBrace,
        ),
    ];
    for (text, kind) in cases {
        let mut text = text.to_owned();
        let mut rounds = 0;
        while let Some(error) = parse(&text).errors.pop() {
            assert_eq!(error.kind, kind, "{text}");
            let fix = error.fix.unwrap_or_else(|| panic!("no fix for {text}"));
            text.replace_range(
                fix.span.start as usize..fix.span.end as usize,
                &fix.replacement,
            );
            rounds += 1;
            assert!(rounds < 5, "the fix does not mend {text}");
        }
        assert!(rounds > 0, "nothing is wrong with {text}");
    }
}

#[test]
fn a_line_ends_with_a_line_feed_whatever_is_before_it() {
    for (name, text) in common::samples() {
        let text = text.replace("\r\n", "\n");
        let with_both = parse(&text.replace('\n', "\r\n"));
        assert_eq!(with_both.errors, [], "{name}");
        let kinds = |parse: &Parse| {
            parse
                .tree
                .nodes()
                .iter()
                .map(|n| n.kind)
                .collect::<Vec<_>>()
        };
        assert!(kinds(&with_both) == kinds(&parse(&text)), "{name}");
    }
    for (text, kind) in [
        ("// why\rjourney A { end }", SyntaxErrorKind::BadCharacter),
        (
            "journey A {\n    // why\r    exit when a\n    end\n}",
            SyntaxErrorKind::BadCharacter,
        ),
        (
            "journey A {\r\n    end \"a\r\n}",
            SyntaxErrorKind::UnclosedString,
        ),
        (
            "journey A {\r\n    wait 1h wait 2h\r\n}",
            SyntaxErrorKind::OneItemPerLine,
        ),
        (
            "journey A {\r\n    end\r\n",
            SyntaxErrorKind::UnclosedBracket,
        ),
    ] {
        let [error] = &parse(text).errors[..] else {
            panic!("{text:?}: {:?}", parse(text).errors)
        };
        assert_eq!(error.kind, kind, "{text:?}");
        assert!(!error.span.of(text).ends_with("\r") || error.span.len() == 1);
        let fix = error
            .fix
            .as_ref()
            .unwrap_or_else(|| panic!("no fix for {text:?}"));
        let mut mended = text.to_owned();
        let at = fix.span.start as usize..fix.span.end as usize;
        mended.replace_range(at, &fix.replacement);
        assert_eq!(parse(&mended).errors, [], "{mended:?}");
        if text.contains('\n') && text.contains("\r\n") {
            assert!(
                !mended.replace("\r\n", "").contains(['\r', '\n']),
                "{mended:?}"
            );
        }
    }
    for string in ["\"a\rb\"", "'a\rb'", "`a\rb`"] {
        let text = format!("journey A {{\n    let a = {string}\n}}");
        let errors = parse(&text).errors;
        assert_eq!(errors.len(), 1, "{text:?}: {errors:?}");
        assert_eq!(errors[0].kind, SyntaxErrorKind::UnclosedString);
    }
}

#[test]
fn a_brace_too_many_before_an_else_is_not_just_removed() {
    let text =
        "journey A {\n        wait 1h\n    } else if a {\n        wait 2h\n    }\n    end\n}\n";
    let [error] = &parse(text).errors[..] else {
        panic!("{:?}", parse(text).errors)
    };
    assert_eq!(
        (error.kind, &error.fix),
        (SyntaxErrorKind::StrayBrace, &None)
    );
}

#[test]
fn a_comparison_costs_what_any_operator_costs() {
    for operator in ["==", "<", "<=", ">"] {
        let many = |n: usize| vec![format!("a {operator} 1"); n].join(" or ");
        for (n, errors) in [(128, 0), (129, 1)] {
            let step = format!("journey A {{\n    let a = {}\n}}\n", many(n));
            assert_eq!(parse(&step).errors.len(), errors, "{n} {operator}");
            let alone = journey_grammar::parse_expression(&many(n));
            assert_eq!(alone.errors.len(), errors, "{n} {operator}");
        }
    }
    let lists = |n: usize| {
        format!(
            "function f(a: {}integer{}) -> integer = 1\n",
            "list<".repeat(n),
            ">".repeat(n)
        )
    };
    assert_eq!(parse(&lists(60)).errors.len(), 0);
    assert_eq!(parse(&lists(65)).errors.len(), 1);
}

/// Fixes of a hundred that may leave as many mistakes as there were, or more: what was meant is not always what is likeliest.
const NO_HELP: usize = 3;

#[test]
fn a_fix_leaves_fewer_mistakes() {
    let (mut fixes, mut no_help) = (0, Vec::new());
    for (name, text) in common::samples() {
        let sound = parse(&text);
        let tokens = sound.tree.tokens().iter();
        for token in tokens.filter(|t| !t.kind.is_trivia()) {
            let doubled = format!("{0} {0}", token.span.of(&text));
            let bitten = token.span.of(&text).get(1..).unwrap_or(" ");
            for slip in [" ", &doubled, bitten] {
                let broken = sound.edit(token.span, slip);
                for error in &broken.errors {
                    let Some(fix) = &error.fix else { continue };
                    let mended = broken.edit(fix.span, &fix.replacement);
                    fixes += 1;
                    if mended.errors.len() >= broken.errors.len() {
                        let line = text[..token.span.start as usize].matches('\n').count() + 1;
                        let left = mended.errors.iter().map(|e| e.message.clone());
                        let left: Vec<_> = left.collect();
                        no_help.push(format!(
                            "{name}:{line} {slip:?}: {} {fix:?} {left:?}",
                            error.message
                        ));
                    }
                }
            }
        }
    }
    println!("{fixes} fixes, {} do not help", no_help.len());
    no_help.iter().for_each(|line| println!("{line}"));
    assert!(fixes > 200, "only {fixes} fixes");
    assert!(no_help.len() * 100 <= fixes * NO_HELP);
}
