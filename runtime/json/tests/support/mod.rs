//! Random documents, and damage to them.
#![allow(dead_code)]

pub mod tree;

use std::fmt::Write;

/// A seeded generator (SplitMix64): the same numbers everywhere.
pub struct Random(pub u64);

impl Random {
    /// `JOURNEY_SEED`, or a seed; printed, so that a failure can be had again.
    pub fn seeded(seed: u64) -> Random {
        let seed = number("JOURNEY_SEED").unwrap_or(seed);
        println!("JOURNEY_SEED={seed}");
        Random(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// `JOURNEY_CASES`, or so many; few under Miri.
pub fn cases(usual: usize) -> usize {
    let usual = if cfg!(miri) { usual.min(20) } else { usual };
    number("JOURNEY_CASES").map_or(usual, |n| n as usize)
}

const PIECES: &[&str] = &[
    "a",
    "key",
    "",
    " ",
    "\\n",
    "\\\"",
    "\\\\",
    "\\u0000",
    "\\u00e9",
    "\\ud83d\\ude00",
    "é",
    "日本語",
    "😀",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "/",
    "\\/",
    "0123456789012345678901234567890123456789",
    "\u{7f}",
    "\u{fffd}",
    "true",
];

pub const SCALARS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "10",
    "12345678",
    "123456789",
    "1234567890123456789",
    "-9223372036854775808",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "123456789012345678901234567890",
    "0.5",
    "-0.25",
    "1.5e10",
    "1E-7",
    "2e+3",
    "0.1",
    "3.141592653589793238462643",
    "1e308",
    "5e-324",
    "true",
    "false",
    "null",
    "1e22",
    "9007199254740993",
    "0.30000000000000004",
    "100000000000000000000000.0",
];

/// A string with its quotes.
pub fn string(random: &mut Random) -> String {
    let count = random.below(4);
    let contents: String = (0..count).map(|_| random.pick(PIECES)).collect();
    format!("\"{contents}\"")
}

fn space(random: &mut Random, loose: bool, out: &mut String) {
    if loose && random.below(3) == 0 {
        for _ in 0..random.below(4) {
            out.push_str(random.pick(&[" ", "\n", "\t", "\r\n", "          "]));
        }
    }
}

/// Appends a random value.
pub fn value(random: &mut Random, depth: usize, loose: bool, out: &mut String) {
    space(random, loose, out);
    match random.below(if depth == 0 { 2 } else { 5 }) {
        0 => out.push_str(&string(random)),
        1 => out.push_str(random.pick(SCALARS)),
        2 => {
            out.push('[');
            let count = random.below(5);
            for ix in 0..count {
                if ix > 0 {
                    out.push(',');
                }
                value(random, depth - 1, loose, out);
            }
            space(random, loose, out);
            out.push(']');
        }
        _ => {
            out.push('{');
            let count = random.below(6);
            for ix in 0..count {
                if ix > 0 {
                    out.push(',');
                }
                space(random, loose, out);
                if random.below(2) == 0 {
                    write!(out, "\"k{ix}\"").unwrap();
                } else {
                    out.push_str(&string(random));
                }
                space(random, loose, out);
                out.push(':');
                value(random, depth - 1, loose, out);
            }
            space(random, loose, out);
            out.push('}');
        }
    }
    space(random, loose, out);
}

/// A random document.
pub fn document(random: &mut Random) -> String {
    let (depth, loose) = (random.below(6), random.below(2) == 0);
    let mut out = String::new();
    value(random, depth, loose, &mut out);
    out
}

/// Changes, adds, drops or repeats a few bytes.
pub fn damage(random: &mut Random, bytes: &mut Vec<u8>) {
    const TELLING: &[u8] =
        b"{}[]\",:\\ 0123456789.-+eEtrufalsn\n\t\x01\x0c\x1a\x00\xff\x80\xc3\xe9\xed\xa0\xf0\xf4";
    for _ in 0..=random.below(2) {
        if bytes.is_empty() {
            return;
        }
        let at = random.below(bytes.len());
        let telling = TELLING[random.below(TELLING.len())];
        match random.below(6) {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, telling),
            2 => bytes[at] = random.next() as u8,
            3 => bytes.truncate(at),
            4 => {
                let end = at + random.below(bytes.len() - at);
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => bytes[at] = telling,
        }
    }
}
