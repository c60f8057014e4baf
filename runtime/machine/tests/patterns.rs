//! Regular expressions: constants are made once, data is paid for, and so is what a search looks at. No time is measured.

mod support;

use journey_artifact::code::Op;
use journey_artifact::model::ChunkId;
use journey_artifact::word::{Region, WordType as W};
use journey_machine::eval::{Fault, Frame, Loaded, interpret};
use journey_machine::func::Pattern;
use journey_machine::record::Record;
use journey_machine::value::Value;
use support::bench::{Bench, FUEL, MISSING, i, on, ret};
use support::shape;

/// What is used of an evaluation's fuel, and how it ended.
fn spent(loaded: &Loaded, input: &Record, frame: &mut Frame) -> (u64, Result<Option<u64>, Fault>) {
    on(loaded, input, |env, fuel| {
        let end = interpret(env, ChunkId(0), frame, fuel);
        (FUEL - fuel.left(), end)
    })
}

/// A bench whose input has the texts `text` and `pattern`, and what to call a function over them with, so many times.
fn over_data(name: &str, times: usize) -> (Bench, Loaded) {
    let mut b = Bench::new();
    b.input = shape(&mut b.artifact, &[("text", W::Str), ("pattern", W::Str)]);
    let by = b.text("");
    let (params, result) = match name {
        "matchRegExp" => (2, W::Bool),
        "split" => (2, W::List(b.texts)),
        _ => (3, W::Str),
    };
    let function = b.import(name, &vec![W::Str; params], result);
    let end = (times + 4) as u16;
    let mut code = vec![
        i(Op::Slot, 4, 2, 0, 0, end),
        i(Op::Slot, 5, 2, 0, 1, end),
        i(Op::Const, 6, 0, 0, by, 0),
    ];
    code.extend(vec![i(Op::Call, 7, 4, params as u8, function, end); times]);
    code.extend([ret(7), MISSING]);
    let loaded = b.loaded(result, &code);
    (b, loaded)
}

fn row(b: &Bench, text: &str, pattern: &str) -> Record {
    let text_of = |text: &str| Value::String(text.into());
    b.row(
        Region::Input,
        &[("text", text_of(text)), ("pattern", text_of(pattern))],
    )
}

#[test]
#[cfg_attr(miri, ignore)]
fn constants_are_made_once_however_many() {
    let mut b = Bench::new();
    b.input = shape(&mut b.artifact, &[("text", W::Str)]);
    let matches = b.import("matchRegExp", &[W::Str, W::Str], W::Bool);
    let many = 300;
    let end = (2 * many + 2) as u16;
    let mut code = vec![i(Op::Slot, 4, 2, 0, 0, end)];
    for n in 0..many {
        let text = b.text(&format!(r"^k{n}-[a-z]+\d+$"));
        code.push(i(Op::Const, 5, 0, 0, text, 0));
        code.push(i(Op::Call, 6, 4, 2, matches, end));
    }
    code.extend([ret(6), MISSING]);
    let loaded = b.loaded(W::Bool, &code);
    let input = b.row(Region::Input, &[("text", Value::String("k299-ab7".into()))]);
    assert_eq!(loaded.patterns().made(), 0, "nobody asked yet");
    let first = spent(&loaded, &input, &mut Frame::new());
    assert_eq!(first.1, Ok(Some(1)));
    assert_eq!(loaded.patterns().made(), many, "they belong to the program");
    assert_eq!(spent(&loaded, &input, &mut Frame::new()), first);
    assert!(first.0 < 20 * many as u64, "nobody pays for making them");
}

#[test]
#[cfg_attr(miri, ignore)]
fn data_is_paid_for_once_in_each_evaluation() {
    let pattern = r"^[a-z]+-\d+$";
    let fuel = |times: usize, frame: &mut Frame| {
        let (b, loaded) = over_data("matchRegExp", times);
        spent(&loaded, &row(&b, "abc-1", pattern), frame).0
    };
    let frame = &mut Frame::new();
    let once = fuel(1, frame);
    assert!(once > 5_000, "{once}");
    assert_eq!(fuel(1, frame), once, "kept or not");
    assert!(fuel(100, frame) < once + 3_000);
    // More than are kept, before and between.
    for n in 0..100 {
        let (b, loaded) = over_data("matchRegExp", 1);
        let end = spent(&loaded, &row(&b, "abc-1", &format!("a{n}")), frame).1;
        assert_eq!(end, Ok(Some(0)));
    }
    assert_eq!(fuel(1, frame), once);
}

#[test]
#[cfg_attr(miri, ignore)]
fn what_takes_long_to_make_is_not_made() {
    let big = "[\u{1}-\u{10ffff}]".repeat(20);
    for pattern in [
        r"\w{40}7",
        r"(\w{30}|\p{L}{20})7",
        &r"\w".repeat(1_000),
        &format!("(?i){big}"),
        &format!("(?x)( ?i){big}"),
        &format!("(?i){}", r"[\W_]".repeat(20)),
        &format!("(?i){}", "[[^a]b]".repeat(20)),
        &format!("(?i){}", r"\p{any}".repeat(20)),
    ] {
        let (b, loaded) = over_data("matchRegExp", 1);
        let end = spent(&loaded, &row(&b, "hello", pattern), &mut Frame::new()).1;
        assert_eq!(end, Err(Fault::OutOfFuel), "{pattern:.20}");
    }
    for ordinary in [
        r"(?i)^[a-z0-9._-]+@shop\.example$",
        r"(?i)\bcasino\b|[а-я]+",
        r"^\w+\s\w+$",
        r"^\p{L}+$",
    ] {
        let (b, loaded) = over_data("matchRegExp", 1);
        let (fuel, end) = spent(&loaded, &row(&b, "hello", ordinary), &mut Frame::new());
        assert!(end.is_ok() && fuel < FUEL / 4, "{ordinary}: {fuel}");
    }
}

#[test]
#[cfg_attr(miri, ignore)]
fn what_searches_look_at_again_is_paid() {
    for name in ["replaceAll", "split"] {
        let (b, loaded) = over_data(name, 1);
        let end =
            |text: &str, pattern: &str| spent(&loaded, &row(&b, text, pattern), &mut Frame::new());
        // Each search looks for a `>` to the end of the text.
        let hostile = end(&"<".repeat(60_000), "<[^>]*>|<");
        assert_eq!(hostile.1, Err(Fault::OutOfFuel), "{name}");
        assert_eq!(
            end(&"a\u{e9} ".repeat(15_000), r"\b\w+\b[^>]*>|a").1,
            Err(Fault::OutOfFuel),
            "{name}: nobody can tell how far these look"
        );
        for (text, pattern) in [
            ("<b>text ", "<[^>]*>|<"),
            ("one two\t", r"\s+"),
            ("a1b22", r"\d+"),
            ("a,b ;  c", r"\s*[,;]\s*"),
            ("one two three ", r"\b\w+\b"),
            ("Stra\u{df}e ", r"\bStr\w{2}\b"),
            ("aaaa", "a"),
        ] {
            let (fuel, end) = end(&text.repeat(60_000 / text.len()), pattern);
            assert!(end.is_ok() && fuel < FUEL / 4, "{name} {pattern}: {fuel}");
        }
    }
}

#[test]
#[cfg_attr(miri, ignore)]
fn one_expression_may_take_so_much() {
    for fits in [
        r"^[\w.]{1,64}@[\w.]{1,64}\.[a-z]{2,}$",
        r"\w{100}",
        ".{8000}",
    ] {
        assert!(Pattern::new(fits).is_ok(), "{fits}");
    }
    for pattern in [
        r"\w{1000}",
        r"\w{1000}{1000}",
        "(?:.{100}){1000}",
        "a{500000}",
    ] {
        let reason = Pattern::new(pattern).err();
        let said = "compiled it would take more than 8 MB";
        assert_eq!(reason.as_deref(), Some(said), "{pattern}");
    }
    assert_eq!(
        Pattern::new("[a").err().as_deref(),
        Some("unclosed character class")
    );
}
