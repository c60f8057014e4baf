//! Regular expressions that are one letter: `,`, `\.`, `[?&]`, `[^0-9]`. Most that a text is split by are.
//!
//! Comes in: what was read of an expression. Goes out: where its matches in a text are, found without an automaton. Never true here: a match
//! other than the automaton's.

use memchr::{memchr, memchr2, memchr3};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::ops::Range;

/// Letters up to which they are few.
const FEW: usize = 3;

/// One letter out of these.
#[derive(Debug)]
pub(super) struct Letter {
    /// Whether a letter of ASCII is one of them.
    ascii: [bool; 128],
    /// All of them, if they are few and of ASCII.
    few: Box<[u8]>,
    /// From one to another letter that is none of ASCII, in order.
    others: Box<[(char, char)]>,
}

impl Letter {
    /// `None`: the expression is something else.
    pub fn of(read: &Hir) -> Option<Letter> {
        let ranges: Vec<(char, char)> = match read.kind() {
            HirKind::Literal(text) => {
                let mut letters = std::str::from_utf8(&text.0).ok()?.chars();
                let letter = letters.next()?;
                letters
                    .as_str()
                    .is_empty()
                    .then(|| vec![(letter, letter)])?
            }
            HirKind::Class(Class::Unicode(class)) => {
                let ranges = class.ranges().iter();
                ranges.map(|range| (range.start(), range.end())).collect()
            }
            _ => return None,
        };
        let mut letter = Letter {
            ascii: [false; 128],
            few: Box::default(),
            others: ranges
                .iter()
                .copied()
                .filter(|(_, to)| !to.is_ascii())
                .collect(),
        };
        for (from, to) in ranges {
            for byte in u32::from(from)..=u32::from(to).min(0x7F) {
                letter.ascii[byte as usize] = true;
            }
        }
        if letter.others.is_empty() {
            let bytes = (0..128).filter(|byte| letter.ascii[usize::from(*byte)]);
            let few: Vec<u8> = bytes.take(FEW + 1).collect();
            letter.few = few.into();
        }
        Some(letter)
    }

    /// The first match from a place on.
    pub fn find(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let bytes = text.as_bytes();
        let rest = bytes.get(from..)?;
        let one = match *self.few {
            [a] => Some(memchr(a, rest)),
            [a, b] => Some(memchr2(a, b, rest)),
            [a, b, c] => Some(memchr3(a, b, c, rest)),
            _ => None,
        };
        if let Some(found) = one {
            return found.map(|at| from + at..from + at + 1);
        }
        let mut at = from;
        while let Some(byte) = bytes.get(at) {
            if let Some(is_one) = self.ascii.get(usize::from(*byte)) {
                if *is_one {
                    return Some(at..at + 1);
                }
                at += 1;
                continue;
            }
            let letter = text.get(at..)?.chars().next()?;
            let next = at + letter.len_utf8();
            let behind = self.others.partition_point(|(_, to)| *to < letter);
            if self
                .others
                .get(behind)
                .is_some_and(|(from, _)| *from <= letter)
            {
                return Some(at..next);
            }
            at = next;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Letter;
    use regex_automata::meta::Regex;

    #[test]
    fn its_matches_are_the_automatons() {
        let expressions = [
            ",",
            r"\.",
            "[?&]",
            "[^0-9]",
            r"\d",
            r"\w",
            "é",
            "[à-ü]",
            "[^é]",
            "(?i)k",
            "ſ",
            r"\s",
            "(?s).",
            ".",
            r"\n",
            "[a-cé\u{10FFFF}]",
        ];
        let texts = [
            "",
            ",",
            "a,b,,c",
            "20.45",
            "x?a&b",
            "+52 55 1234",
            "Ciudad de México",
            "K\u{212A}kſ",
            "a\nb\u{85}",
            "\u{10FFFF}é",
        ];
        for expression in expressions {
            let read = regex_syntax::parse(expression).expect(expression);
            let letter = Letter::of(&read).expect(expression);
            let automaton = Regex::new(expression).expect(expression);
            for text in texts {
                let (mut at, mut found) = (0, Vec::new());
                while let Some(range) = letter.find(text, at) {
                    at = range.end;
                    found.push(range);
                }
                let wanted: Vec<_> = automaton.find_iter(text).map(|it| it.range()).collect();
                assert_eq!(found, wanted, "{expression} in {text:?}");
            }
        }
        for expression in ["", "ab", "a*", "^", "(a)", r"\b", "a|bc"] {
            let read = regex_syntax::parse(expression).expect(expression);
            assert!(Letter::of(&read).is_none(), "{expression}");
        }
    }
}
