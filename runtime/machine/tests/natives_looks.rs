//! What is told of a text that is not made, against the functions that make it.

mod support;

use journey_artifact::word::WordType as W;
use journey_machine::func::{PART, REPLACED, SAME, SAME_LOWER, SAME_UPPER};
use journey_machine::time::Zone;
use journey_machine::value::Value::{self, Bool, Integer, List, Missing};
use support::{Want, at, call_at, s};

const TEXTS: &[&str] = &[
    "",
    ",",
    ",,",
    "a",
    "A",
    "a,b",
    ",a",
    "a,,b,",
    "a,b,,",
    "AΣ",
    "aς",
    "ΑΣΑ",
    "É",
    "é",
    "ß",
    "SS",
    "1b22",
    "a1b22",
    "+52 55 12",
    "abcdefgh",
    "ABCDEFGH",
    "abcdefghi",
    "ABCDEFGHi",
    "\u{212A}",
    "k",
    "İ",
];
const PATTERNS: &[&str] = &[",", "b*", "", "[^0-9]", "(?i)a", "a|b", "("];

fn call(name: &str, args: &[Value], want: Want) -> Value {
    let zone = Zone::get("UTC").expect("a zone");
    call_at(name, args, want, at("2024-03-31T10:00Z"), &zone).expect("an answer")
}

fn text(name: &str, args: &[Value]) -> Value {
    call(name, args, Want::Scalar(W::Str))
}

fn truth(name: &str, args: &[Value]) -> Value {
    call(name, args, Want::Scalar(W::Bool))
}

#[test]
fn a_part_is_an_item_of_what_split_gives() {
    for of in TEXTS {
        for pattern in PATTERNS {
            let split = [s(of), s(pattern)];
            let list = call("split", &split, Want::ListOf(W::Str));
            for number in -1..5i64 {
                let part = [s(of), s(pattern), Integer(number)];
                let wanted = match &list {
                    List(items) => usize::try_from(number).ok().and_then(|at| items.get(at)),
                    _ => None,
                };
                let wanted = wanted.cloned().unwrap_or(Missing);
                assert_eq!(text(PART, &part), wanted, "{of:?} {pattern:?} {number}");
            }
        }
    }
}

#[test]
fn what_is_replaced_is_compared_as_if_it_was_made() {
    for of in TEXTS {
        for pattern in PATTERNS {
            for by in ["", "x", "5"] {
                let made = text("replaceAll", &[s(of), s(pattern), s(by)]);
                for other in [
                    "", "x", "5", "52", "5255", "525512", "122", "xx", ",", "a", "abcdefgh",
                ] {
                    for whole in [false, true] {
                        let args = [s(of), s(pattern), s(by), s(other), Bool(whole)];
                        let wanted = match (&made, whole) {
                            (Missing, _) => Missing,
                            (made, true) => Bool(*made == s(other)),
                            (made, false) => truth("startWith", &[made.clone(), s(other)]),
                        };
                        assert_eq!(
                            truth(REPLACED, &args),
                            wanted,
                            "{of:?} {pattern:?} {by:?} {other:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn texts_in_one_case_are_one_as_if_they_were_made() {
    for a in TEXTS {
        for b in TEXTS {
            for (name, case) in [(SAME_LOWER, "lower"), (SAME_UPPER, "upper")] {
                let same = text(case, &[s(a)]) == text(case, &[s(b)]);
                assert_eq!(truth(name, &[s(a), s(b)]), Bool(same), "{case} {a:?} {b:?}");
            }
        }
    }
}

#[test]
fn a_text_is_others_one_after_another() {
    for a in TEXTS {
        for b in TEXTS {
            let both = format!("{a}{b}");
            for (whole, wanted) in [
                (both.clone(), true),
                (format!("{both}."), false),
                (format!(".{both}"), false),
            ] {
                assert_eq!(
                    truth(SAME, &[s(&whole), s(a), s(b)]),
                    Bool(wanted),
                    "{whole:?} {a:?} {b:?}"
                );
            }
            let is_same = b.is_empty();
            assert_eq!(
                truth(SAME, &[s(a), s(a), s(b)]),
                Bool(is_same),
                "{a:?} {b:?}"
            );
        }
    }
}
