//! One random edit of a text: tokens, lines and characters taken out, put in, doubled, exchanged.

use journey_grammar::{Span, Tree};

/// A generator of random numbers (xorshift); the same for the same seed.
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `n` (0 for 0).
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }

    fn pick<'p>(&mut self, from: &[&'p str]) -> &'p str {
        from[self.below(from.len())]
    }
}

/// What a hand on a keyboard puts in, and what none would.
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
    " and ",
    " or ",
    "not ",
    "?? 0",
    " if ",
    " else ",
    " else { }",
    "wait 1h\n",
    "end\n",
    "\nend \"x\"\n",
    " where ",
    "é",
    "\u{FEFF}",
    "\\",
    "{ }",
    "5m",
    "1mo",
    "0h",
    "2026-01-01",
    "2026-02-30T10:00Z",
    "//",
    "///",
    "|",
    "?",
    "-",
    ":",
    "list<",
    "map<",
    "profile.",
    "profile",
    ".first()",
    "[\"ECID\"]",
    "[0]",
    "let x = ",
    "let y = 1\n",
    "fetch ",
    "send ",
    "on failed as f { end }",
    "await ",
    " within 1d",
    "match ",
    "missing",
    " is missing",
    " is present",
    "split \"s\" { 100% all { } }",
    "x => x",
    "now()",
    "env.",
    "secret.X",
    "const A = B\n",
    "const B = A\n",
    "function f(x: string) -> string = f(x)\n",
    "journey J { }\n",
    "expires after ",
    "timezone ",
    "exit on ",
    "\u{0}",
    "\u{1F600}",
    "\u{202E}",
    "\r\n",
    "\t",
    "99999999999999999999",
    "1e999",
    "\"{",
    "}\"",
    "update profile { }",
    "true",
    "label: ",
    "test \"t\" for J { }\n",
    "expect ",
    "receive ",
    "in ",
    " as e",
    "=> ",
];

/// A range to replace, and by what.
pub fn mutation(tree: &Tree, random: &mut Random) -> (Span, String) {
    let text = tree.text();
    let tokens = tree.tokens();
    let token = |at: usize| {
        tokens
            .get(at)
            .map_or(Span::at(text.len() as u32), |t| t.span)
    };
    let at = random.below(tokens.len() + 1);
    let one = token(at);
    match random.below(12) {
        0 => (one, String::new()),
        1 => (one, random.pick(PIECES).to_string()),
        2 | 3 => (Span::at(one.start), random.pick(PIECES).to_string()),
        4 => (one, token(random.below(tokens.len())).of(text).to_string()),
        5 => (Span::at(one.end), one.of(text).to_string()),
        6 => {
            let next = token(at + 1);
            (one.to(next), format!("{}{}", next.of(text), one.of(text)))
        }
        7 => (one.to(token(at + random.below(40))), String::new()),
        8 => {
            let piece = one.to(token(at + random.below(60)));
            (
                Span::at(token(random.below(tokens.len() + 1)).start),
                piece.of(text).to_string(),
            )
        }
        9 => lines(text, random),
        10 => {
            let start = boundary(text, random.below(text.len() + 1));
            let end = boundary(text, (start + random.below(4)).min(text.len()));
            (
                Span::new(start as u32, end.max(start) as u32),
                String::new(),
            )
        }
        _ => {
            let start = boundary(text, random.below(text.len() + 1));
            let code = random.below(0x3000) as u32;
            (
                Span::at(start as u32),
                char::from_u32(code).unwrap_or('\u{FFFD}').to_string(),
            )
        }
    }
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A line taken out, doubled, or exchanged with the next.
fn lines(text: &str, random: &mut Random) -> (Span, String) {
    let from = boundary(text, random.below(text.len() + 1));
    let start = text[..from].rfind('\n').map_or(0, |n| n + 1);
    let end_of = |from: usize| text[from..].find('\n').map_or(text.len(), |n| from + n + 1);
    let end = end_of(start);
    let next = end_of(end);
    let (line, after) = (&text[start..end], &text[end..next]);
    match random.below(3) {
        0 => (Span::new(start as u32, end as u32), String::new()),
        1 => (Span::at(end as u32), line.to_string()),
        _ => (
            Span::new(start as u32, next as u32),
            format!("{after}{line}"),
        ),
    }
}
