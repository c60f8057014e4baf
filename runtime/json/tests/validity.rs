//! What is JSON and what is not: every level of the processor, byte by byte, and `serde_json` say the same.

mod support;

use journey_json::{Error, Index, Level, error::Kind};
use support::{Random, cases, damage, document};

const NESTING: usize = 100;

/// One index for each level, used again and again.
struct All(Vec<Index>);

impl All {
    fn new() -> All {
        All(Level::all().iter().map(|level| Index::at(*level)).collect())
    }

    /// What all levels say, which is the same.
    fn verdict(&mut self, bytes: &[u8], nesting: usize) -> Result<(), Error> {
        let mut verdicts = self.0.iter_mut().map(|index| {
            index
                .read(bytes, nesting)
                .map(|document| document.text().to_owned())
        });
        let first = verdicts.next().expect("a level");
        for other in verdicts {
            assert_eq!(first, other, "{:?}", String::from_utf8_lossy(bytes));
        }
        first.map(|text| assert_eq!(text.as_bytes(), bytes))
    }

    /// The same, held against `serde_json`.
    fn agrees(&mut self, bytes: &[u8]) -> bool {
        let verdict = self.verdict(bytes, NESTING);
        let shown = String::from_utf8_lossy(bytes);
        let theirs = std::str::from_utf8(bytes)
            .is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
        assert_eq!(verdict.is_ok(), theirs, "{verdict:?} of {shown:?}");
        if let Err(error) = verdict {
            assert!(error.at <= bytes.len(), "{error} of {shown:?}");
            assert_eq!(
                error.kind == Kind::End,
                error.at == bytes.len(),
                "{error} of {shown:?}"
            );
        }
        theirs
    }
}

#[test]
fn small_texts() {
    let mut all = All::new();
    let good = [
        "{}",
        "[]",
        " {} ",
        "0",
        "-1.5e+7",
        "\"\"",
        "\"\\u0000\"",
        "null",
        " true\n",
        "[[],{}]",
        "{\"\":{}}",
        "[1,2]",
        "[\"a\",\"b\"]",
        "{\"a\":\"b\",\"c\":[{\"d\":1}]}",
        "[\"\\ud800\"]",
        "{\"\\ud800\":1}",
        "[1e999]",
        "\t[\r\n]",
        "[\"\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}\"]",
        "[-0,0.0,-0.0e-0]",
        "[ ]",
        "{ }",
        "[{}]",
        "[[]]",
    ];
    for text in good {
        assert!(all.agrees(text.as_bytes()), "{text}");
    }
    let bad = [
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "{]",
        "[}",
        "[1,]",
        "[,1]",
        "[,]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{1:2}",
        "{\"a\":1 \"b\":2}",
        "[1 2]",
        "[\"a\":1]",
        "[\"a\" \"b\"]",
        "{\"a\":\"b\":1}",
        "{:1}",
        "{\"a\",\"b\":1}",
        "{\"a\":1,2}",
        "{\"a\":1,{}}",
        "{[]:1}",
        "{{}:1}",
        "{null:1}",
        "[:]",
        "[1:2]",
        "1 2",
        "{}{}",
        "{} x",
        "[],",
        "[]:",
        ",",
        ":",
        "[01]",
        "[1.]",
        "[.5]",
        "[-]",
        "[+1]",
        "[1e]",
        "[1e+]",
        "[--1]",
        "[1.2.3]",
        "[0x1]",
        "[truee]",
        "[tru]",
        "[True]",
        "[nul]",
        "[nan]",
        "[1a]",
        "[a]",
        "[\"a]",
        "[\"\\x\"]",
        "[\"\\u12g4\"]",
        "[\"\\u123\"]",
        "[\"\\\"]",
        "[\\\"a\"]",
        "[\"\u{1}\"]",
        "[\"\n\"]",
        "[\u{c}]",
        "[1\u{1a}2]",
        "[1\u{c}2]",
        "[\u{a0}1]",
        "\u{feff}[]",
        "[1,\u{b}2]",
        "[1\"a\"]",
        "[\"a\"1]",
        "[{}1]",
        "[1{}]",
        "[[]\"a\"]",
        "\"a\" \"b\"",
        "\"a",
        "tru",
        "[true false]",
        "{\"a\":1}}",
        "[[1]",
        "[1]]",
        "{\"a\":[}",
        "{\"a\":[1}]",
        "[\"a\",]",
        "[\"\\",
        "[\"\\u",
    ];
    for text in bad {
        assert!(!all.agrees(text.as_bytes()), "{text}");
    }
}

#[test]
fn bytes_that_are_no_text() {
    let mut all = All::new();
    let bad: &[&[u8]] = &[
        b"\xff",
        b"\x80",
        b"\xc0\x80",
        b"\xc1\xbf",
        b"\xc2",
        b"\xc2\x20",
        b"\xe0\x9f\xbf",
        b"\xe2\x82",
        b"\xe2\x28\xa1",
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\xf0\x8f\xbf\xbf",
        b"\xf0\x90\x80",
        b"\xf4\x90\x80\x80",
        b"\xf5\x80\x80\x80",
        b"\xc3\xa9\xa9",
        b"\xf0\x9f\x98\x80\x80",
    ];
    for bytes in bad {
        for before in [0, 1, 58, 59, 60, 61, 62, 63, 64, 125, 126] {
            let start = "x".repeat(before);
            for end in ["\"]", ""] {
                let text = [b"[\"", start.as_bytes(), bytes, end.as_bytes()].concat();
                assert!(!all.agrees(&text));
                let error = all.verdict(&text, NESTING).expect_err("not UTF-8");
                assert_eq!(
                    (error.kind, Some(error.at)),
                    (
                        Kind::Utf8,
                        std::str::from_utf8(&text).err().map(|e| e.valid_up_to())
                    ),
                    "{bytes:x?}"
                );
            }
        }
    }
}

#[test]
fn random_documents_and_damage() {
    let mut random = Random::seeded(31);
    let mut all = All::new();
    let (mut good, mut bad) = (0, 0);
    for _ in 0..cases(20_000) {
        let text = document(&mut random);
        assert!(all.agrees(text.as_bytes()), "{text}");
        for _ in 0..4 {
            let mut bytes = text.clone().into_bytes();
            damage(&mut random, &mut bytes);
            if all.agrees(&bytes) {
                good += 1;
            } else {
                bad += 1;
            }
        }
    }
    assert!(good * 20 > bad && bad > good / 4, "{good} good, {bad} bad");
}

#[test]
fn random_tokens() {
    const TOKENS: &[&str] = &[
        "{", "}", "[", "]", ",", ":", "\"a\"", "1", "true", " ", "\"\"", "{\"b\":", "\"c\":",
        "[1,", "]}",
    ];
    let mut random = Random::seeded(32);
    let mut all = All::new();
    let mut good = 0;
    for _ in 0..cases(100_000) {
        let count = 1 + random.below(12);
        let text: String = (0..count).map(|_| random.pick(TOKENS)).collect();
        good += usize::from(all.agrees(text.as_bytes()));
    }
    assert!(good > 0 || cfg!(miri), "none was valid");
}

/// Every document stands at every place of a block, and is cut at every byte.
#[test]
fn places_in_a_block_and_cuts() {
    let texts = [
        r#"{"a\\":"\u00e9\"x","b":[1,-2.5e3,true,null,{"c":{}}],"déjà":"日本\\\\","":[]}"#,
        r#"["\\\\\\\"",{"k":"v"} , [ ] ,12345678901234567890, false ]"#,
    ];
    let mut all = All::new();
    for text in texts {
        for before in 0..if cfg!(miri) { 3 } else { 131 } {
            let shifted = format!("{}{text}", " ".repeat(before));
            assert!(all.agrees(shifted.as_bytes()), "{shifted}");
            for cut in before..shifted.len() {
                let cut = &shifted.as_bytes()[..cut];
                assert!(!all.agrees(cut));
                // Inside a character, `from_utf8` stops at its first byte.
                let error = all.verdict(cut, NESTING).expect_err("cut");
                assert!(
                    error.kind == Kind::End
                        || error.kind == Kind::Utf8
                        || error.kind == Kind::Escape
                        || error.kind == Kind::Scalar,
                    "{error}"
                );
            }
        }
    }
}

#[test]
fn nesting() {
    let mut all = All::new();
    for depth in [1, 2, 63, 64, 65, 127, 128, 1000] {
        let text = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(all.verdict(text.as_bytes(), depth), Ok(()));
        let error = Error {
            kind: Kind::Nesting,
            at: depth - 1,
        };
        assert_eq!(all.verdict(text.as_bytes(), depth - 1), Err(error));
        let text = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        assert_eq!(all.verdict(text.as_bytes(), depth), Ok(()));
        let error = Error {
            kind: Kind::Nesting,
            at: 5 * (depth - 1),
        };
        assert_eq!(all.verdict(text.as_bytes(), depth - 1), Err(error));
    }
    let hostile = "[".repeat(if cfg!(miri) { 5_000 } else { 1_000_000 });
    let error = Error {
        kind: Kind::Nesting,
        at: 64,
    };
    assert_eq!(all.verdict(hostile.as_bytes(), 64), Err(error));
    assert_eq!(all.verdict(b"1", 0), Ok(()));
}

#[test]
fn mistakes_have_their_place() {
    let cases = [
        ("", Kind::End, 0),
        ("  ", Kind::End, 2),
        ("{\"a\":tru}", Kind::Scalar, 8),
        ("{\"a\":1 2}", Kind::Separator, 7),
        ("{\"a\" 1}", Kind::Colon, 5),
        ("{1:2}", Kind::Key, 1),
        ("{\"a\":1,}", Kind::Key, 7),
        ("[1,]", Kind::Value, 3),
        ("[01]", Kind::Scalar, 2),
        ("[1.]", Kind::Scalar, 3),
        ("{} x", Kind::Trailing, 3),
        ("[\"a\\x\"]", Kind::Escape, 3),
        ("[\"a\u{1}\"]", Kind::Control, 3),
        ("[\"a", Kind::End, 3),
        ("[1}", Kind::Separator, 2),
    ];
    let mut all = All::new();
    for (text, kind, at) in cases {
        assert_eq!(
            all.verdict(text.as_bytes(), NESTING),
            Err(Error { kind, at }),
            "{text}"
        );
    }
    let text = b"{\n \"a\": x}";
    let error = all.verdict(text, NESTING).expect_err("a mistake");
    assert_eq!(error.line_and_column(text), (2, 7));
}
