//! Whatever the text: no panic, tokens that cover it, nodes within it, a bounded stack, and the same answer each time.

mod common;

use common::Random;
use journey_grammar::{Parse, SyntaxErrorKind, limits, parse, parse_expression, parse_whole};

/// The stack the tests run on: as small as the field's usual thread.
const STACK: usize = 2 << 20;

fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(work)
        .expect("a thread")
        .join()
        .expect("no overflow, no panic");
}

fn check(text: &str, name: &str) -> Parse {
    let parse = parse(text);
    common::check_shape(&parse.tree, name);
    let len = text.len() as u32;
    for error in &parse.errors {
        assert!(
            error.span.start <= error.span.end && error.span.end <= len,
            "{name}: {error:?}"
        );
        assert!(
            text.is_char_boundary(error.span.start as usize)
                && text.is_char_boundary(error.span.end as usize),
            "{name}: {error:?}"
        );
        assert!(
            !error.message.is_empty()
                && !error.message.contains("kw_")
                && !error.message.contains("something else"),
            "{name}: {error:?}\n{text}"
        );
        if let Some(fix) = &error.fix {
            assert!(
                text.get(fix.span.start as usize..fix.span.end as usize)
                    .is_some(),
                "{name}: {error:?}"
            );
        }
    }
    if parse.errors.is_empty() {
        assert!(
            !parse.tree.root().has_error(),
            "{name}: an Error node without a message"
        );
    }
    parse
}

#[test]
fn a_stack_too_small_to_read_on_is_no_mistake_of_the_text() {
    let parsed = std::thread::Builder::new()
        .stack_size(64 << 10)
        .spawn(|| parse("const A = 1\n\nschema S = \"s\"\n"))
        .expect("a thread")
        .join()
        .expect("no overflow, no panic");
    let [error] = &parsed.errors[..] else {
        panic!("told once: {:?}", parsed.errors);
    };
    let is_told = error.message.contains("the stack left");
    assert!(
        error.kind == SyntaxErrorKind::TooDeep && is_told,
        "{error:?}"
    );
}

#[test]
fn every_prefix_of_every_sample_parses() {
    on_a_small_stack(|| {
        for (name, text) in common::samples() {
            for end in (0..=text.len()).filter(|n| text.is_char_boundary(*n)) {
                check(&text[..end], &name);
            }
        }
    });
}

#[test]
fn random_edits_parse_and_agree_with_the_whole_grammar() {
    on_a_small_stack(|| {
        let seed = 20_261_123;
        println!("seed {seed}");
        let mut random = Random(seed);
        let mut valid = 0;
        for (name, text) in common::samples() {
            for _ in 0..800 {
                let edited = edit(&text, &mut random);
                let parse = check(&edited, &name);
                // The grammar file does not tell line breaks: it may take more than the islands do, never less.
                if parse.errors.is_empty() {
                    valid += 1;
                    let whole = parse_whole(&edited)
                        .unwrap_or_else(|_| panic!("{name}: the whole is refused\n{edited}"));
                    assert!(parse.tree == whole, "{name}: the trees differ\n{edited}");
                }
            }
        }
        assert!(valid > 40, "edits that leave a valid text: {valid}");
    });
}

/// One to three small edits: a piece dropped, doubled, or moved in from elsewhere.
fn edit(text: &str, random: &mut Random) -> String {
    const PIECES: &[&str] = &[
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "\"",
        "\"\"\"",
        "'",
        "`",
        "\n",
        ";",
        ",",
        ".",
        "..",
        "=",
        "==",
        "and",
        "or",
        "not",
        " if ",
        " else ",
        "wait 1h",
        "end",
        "\nend \"x\"\n",
        "where",
        "é",
        "\u{FEFF}",
        "\r",
        "\r\n",
        "\\",
        "{ }",
        "5m",
        "2026-01-01",
        "//",
        "///",
        "|",
        "?",
        "-",
        ":",
        "list<",
    ];
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(3) {
        let at = random.below(chars.len() + 1);
        let most = if random.below(4) == 0 { 40 } else { 4 };
        let len = random.below(most).min(chars.len() - at);
        match random.below(3) {
            0 => drop(chars.drain(at..at + len)),
            1 => {
                let piece = PIECES[random.below(PIECES.len())];
                chars.splice(at..at, piece.chars());
            }
            _ => {
                let from = random.below(chars.len() + 1);
                let len = random.below(30).min(chars.len() - from);
                let piece: Vec<char> = chars[from..from + len].to_vec();
                chars.splice(at..at, piece);
            }
        }
    }
    chars.into_iter().collect()
}

#[test]
fn the_same_text_gives_the_same_answer() {
    for (name, text) in common::samples() {
        assert_eq!(parse(&text), parse(&text), "{name}");
    }
}

/// A hundred thousand of anything gives one diagnostic of this kind, on a small stack.
fn one_diagnostic(kind: SyntaxErrorKind, text: String) {
    on_a_small_stack(move || {
        let parse = check(&text, "deep");
        let kinds: Vec<_> = parse.errors.iter().map(|e| e.kind).collect();
        assert_eq!(kinds, [kind], "{}", &text[..40]);
        assert!(parse.tree.debug().len() > text.len() / 2);
        drop(parse.clone());
    });
}

const MANY: usize = 100_000;

#[test]
fn depth_gives_one_diagnostic_and_no_overflow() {
    use SyntaxErrorKind::{TooDeep, TooLong};
    let wait = |inner: String| format!("journey A {{\n    wait {inner}\n    end\n}}\n");
    one_diagnostic(TooDeep, wait("(".repeat(MANY) + "1" + &")".repeat(MANY)));
    one_diagnostic(TooDeep, wait("(".repeat(MANY)));
    one_diagnostic(TooDeep, wait("[".repeat(MANY)));
    one_diagnostic(TooDeep, wait("f(".repeat(MANY) + &")".repeat(MANY)));
    one_diagnostic(
        TooDeep,
        format!(
            "journey A {{ {} }}",
            "if a { ".repeat(MANY) + &"}".repeat(MANY)
        ),
    );
    one_diagnostic(TooDeep, format!("journey A {{ {}", "if a { ".repeat(MANY)));
    one_diagnostic(SyntaxErrorKind::UnknownKeyword, "{".repeat(MANY));
    one_diagnostic(
        TooDeep,
        format!(
            "test \"t\" for A {{\n    profile {}\n}}",
            "{ a: ".repeat(MANY)
        ),
    );
    one_diagnostic(TooLong, wait("not ".repeat(MANY) + "a"));
    one_diagnostic(TooLong, wait("a and ".repeat(MANY) + "a"));
    one_diagnostic(TooLong, wait("-".repeat(MANY) + "1"));
    one_diagnostic(TooLong, wait("a".to_owned() + &".a".repeat(MANY)));
    one_diagnostic(TooLong, wait("if a then b else ".repeat(MANY) + "c"));
    one_diagnostic(TooLong, format!("schema {}", "a.".repeat(MANY)));
    one_diagnostic(
        TooDeep,
        wait("\"{".repeat(MANY)).replace("\n    end", &("}\"".repeat(MANY) + "\n    end")),
    );
}

/// The whole grammar is asked where something is wrong; it may not look at what lies inside twice, or each level doubles the work.
#[test]
fn a_mistake_deep_inside_is_found_in_bearable_time() {
    const DEEP: usize = 50;
    let forms = [
        ("(", ")"),
        ("[", "]"),
        ("f(", ")"),
        ("f(x: ", ")"),
        ("a.f(", ")"),
        ("a.f(i => ", ")"),
        ("a.b.f(1, ", ")"),
        ("a(", ")"),
        ("a[", "]"),
        ("a.b[", "].c"),
        ("if a then ", " else b"),
        ("not ", ""),
    ];
    on_a_small_stack(move || {
        for (open, close) in forms {
            let inner = format!("{}1 1{}", open.repeat(DEEP), close.repeat(DEEP));
            let text = format!("journey A {{\n    enter on E\n    let x = {inner}\n}}\n");
            assert!(!check(&text, open).errors.is_empty(), "{open}");
        }
    });
}

#[test]
fn the_limits_themselves_fit_the_stack() {
    on_a_small_stack(|| {
        let inside = limits::MAX_NESTING - 2;
        let good = [
            "(".repeat(inside) + "1" + &")".repeat(inside),
            "f(x: [".repeat(inside / 2) + "1" + &"])".repeat(inside / 2),
            "not ".repeat(200) + "a",
            vec!["a"; 250].join(" and "),
            vec!["a"; 250].join(" ?? "),
            "a".to_owned() + &".b".repeat(250),
            "if a then b else ".repeat(60) + "c",
            "if ".repeat(60) + "a" + &" then b else c".repeat(60),
        ];
        for expr in good {
            let text = format!("const A = {expr}\n");
            assert_eq!(check(&text, "limit").errors, [], "{text}");
            assert!(parse_whole(&text).is_ok_and(|tree| tree == parse(&text).tree));
            assert_eq!(parse_expression(&expr).errors, []);
        }
        let blocks =
            "if a { ".repeat(limits::MAX_NESTING - 1) + &"}".repeat(limits::MAX_NESTING - 1);
        let text = format!("journey A {{ {blocks} }}");
        assert_eq!(check(&text, "blocks").errors, []);
        assert!(parse_whole(&text).is_ok_and(|tree| tree == parse(&text).tree));
        let types = format!(
            "source A() -> {}a{} {{ }}",
            "list<".repeat(60),
            ">".repeat(60)
        );
        assert_eq!(check(&types, "types").errors, []);
    });
}

#[test]
fn trees_stay_within_the_promised_height() {
    let heights = |text: &str| {
        let tree = parse_expression(text).tree;
        let mut open: Vec<u32> = Vec::new();
        let mut highest = 0;
        for (i, node) in tree.nodes().iter().enumerate() {
            open.retain(|end| *end > i as u32);
            open.push(node.subtree_end);
            highest = highest.max(open.len());
        }
        highest
    };
    let mut random = Random(7);
    let mut highest = 0;
    for _ in 0..3_000 {
        let mut text = "a".to_owned();
        while text.len() < 3_000 && random.below(40) > 0 {
            text = match random.below(7) {
                0 => format!("({text}){}", " + a".repeat(random.below(60))),
                1 => format!("f({text})"),
                2 => format!("not {text}"),
                3 => format!("{}{text}", "a and ".repeat(random.below(60))),
                4 => format!("[{text}].b"),
                5 => format!("if {text} then b else c"),
                _ => format!("{text}.b"),
            };
        }
        if parse_expression(&text).errors.is_empty() {
            highest = highest.max(heights(&text));
        }
    }
    // An argument list and a name may stand between an operator and its operand.
    assert!(
        highest > 60 && highest <= 2 * limits::MAX_EXPRESSION_DEPTH as usize + 2,
        "{highest}"
    );
}

#[test]
fn sizes_are_bounded() {
    on_a_small_stack(|| {
        let large = "a".repeat(limits::MAX_FILE_BYTES + 1);
        let parsed = check(&large, "large");
        assert_eq!(
            parsed.errors.iter().map(|e| e.kind).collect::<Vec<_>>(),
            [SyntaxErrorKind::TooLong]
        );
        assert_eq!(parse_expression(&large).errors.len(), 1);
        let many = "end \"\n".repeat(MANY);
        let errors = check(&format!("journey A {{\n{many}}}"), "many").errors;
        assert_eq!(errors.len(), limits::MAX_ERRORS + 1);
        assert_eq!(
            errors.last().map(|e| e.kind),
            Some(SyntaxErrorKind::TooMany)
        );
        let quotes = format!("journey A {{\n    end {}\n}}\n", "\"\"\" ".repeat(MANY + 1));
        assert_eq!(check(&quotes, "quotes").errors.len(), 1);
    });
}

#[test]
fn an_expression_by_itself() {
    assert_eq!(parse_expression("1 + 2 * 3").errors, []);
    assert_eq!(parse_expression("{ a: 1 }").errors, []);
    assert_eq!(parse_expression("a\n  and b\n").errors, []);
    for bad in [
        "", " ", "1 +", "1 2", ")", "}", "a }", "(", "\"", ";", "a; b", "wait 1h",
    ] {
        let parse = parse_expression(bad);
        common::check_shape(&parse.tree, bad);
        assert!(!parse.errors.is_empty(), "{bad:?} has no error");
    }
}
