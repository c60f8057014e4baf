//! The tokens that most are, cut without logos. In: text outside of strings. Out: the tokens that logos would tell, sooner, up to one that
//! is not among them. Never here: a token that is told in another way than logos tells it.

use crate::{kind::SyntaxKind, span::Span, tree::Token, word::Word};

/// Puts the token at `at`, where `rest` begins, behind the others.
#[inline(always)]
pub(super) fn put(rest: &[u8], at: usize, kind: SyntaxKind, len: usize, tokens: &mut Vec<Token>) {
    let word = match kind {
        SyntaxKind::Word => Word::of(rest, len),
        _ => Word::Other,
    };
    tokens.push(Token {
        kind,
        word,
        span: Span::new(at as u32, (at + len) as u32),
    });
}

/// Tokens from `at` on that are frequent; where the first begins that is not.
pub(super) fn frequents(text: &[u8], mut at: usize, tokens: &mut Vec<Token>) -> usize {
    let mut rest = text.get(at..).unwrap_or_default();
    loop {
        if let Some((kind, len)) = frequent(rest) {
            put(rest, at, kind, len, tokens);
            (at, rest) = (at + len, &rest[len..]);
        } else if let Some(len) = plain_string(rest) {
            put(rest, at, SyntaxKind::StringStart, 1, tokens);
            put(rest, at + 1, SyntaxKind::StringText, len, tokens);
            put(rest, at + 1 + len, SyntaxKind::StringEnd, 1, tokens);
            (at, rest) = (at + len + 2, &rest[len + 2..]);
        } else {
            return at;
        }
        // Half of them are one space behind another. What goes on with it is a space, a control character or of many bytes.
        if let [b' ', behind @ ..] = rest
            && let [next, ..] = behind
            && *next > b' '
            && *next < 0x80
        {
            put(rest, at, SyntaxKind::Whitespace, 1, tokens);
            (at, rest) = (at + 1, behind);
        }
    }
}

/// The token that a text begins with, when it is one of those that most are. What logos would say, sooner.
#[inline(always)]
fn frequent(rest: &[u8]) -> Option<(SyntaxKind, usize)> {
    let next = rest.get(1).copied();
    Some(match rest.first()? {
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => (SyntaxKind::Word, word_run(rest)),
        b' ' => {
            let len = rest.iter().take_while(|b| **b == b' ').count();
            // Other white space goes on with it.
            if matches!(rest.get(len), Some(b'\t' | 0xEF)) {
                return None;
            }
            (SyntaxKind::Whitespace, len)
        }
        b'.' if next != Some(b'.') => (SyntaxKind::Dot, 1),
        b',' => (SyntaxKind::Comma, 1),
        b'(' => (SyntaxKind::LParen, 1),
        b')' => (SyntaxKind::RParen, 1),
        b'=' if next == Some(b'=') => (SyntaxKind::EqEq, 2),
        b'0'..=b'9' => number(rest)?,
        b'<' if next != Some(b'=') => (SyntaxKind::Lt, 1),
        b'>' if next != Some(b'=') => (SyntaxKind::Gt, 1),
        _ => return None,
    })
}

/// The number that a text begins with, when it is digits alone, perhaps with a point among them.
fn number(rest: &[u8]) -> Option<(SyntaxKind, usize)> {
    let digits = |from: usize| {
        let rest = rest.get(from..).unwrap_or_default();
        rest.iter().take_while(|b| b.is_ascii_digit()).count()
    };
    let (mut kind, mut len) = (SyntaxKind::Integer, digits(0));
    if rest.get(len) == Some(&b'.') {
        let behind = digits(len + 1);
        if behind > 0 {
            (kind, len) = (SyntaxKind::Decimal, len + 1 + behind);
        }
    }
    // What may go on is another kind of number, or none.
    let goes_on = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b':' | b'.');
    (!rest.get(len).is_some_and(goes_on)).then_some((kind, len))
}

/// How many bytes of letters, digits and `_` a text begins with. Letters, of which most words are all, eight at a time: where a word
/// ends is seldom guessed right.
#[inline(always)]
fn word_run(text: &[u8]) -> usize {
    let mut rest = text;
    while let Some((eight, behind)) = rest.split_first_chunk() {
        let others = !letters(u64::from_le_bytes(*eight)) & TOP;
        if others == 0 {
            rest = behind;
            continue;
        }
        rest = &rest[others.trailing_zeros() as usize / 8..];
        match rest {
            [b'0'..=b'9' | b'_', behind @ ..] => rest = behind,
            _ => return text.len() - rest.len(),
        }
    }
    let is = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
    text.len() - rest.len() + rest.iter().take_while(is).count()
}

/// The top bit of each of eight bytes.
const TOP: u64 = u64::from_le_bytes([0x80; 8]);

/// Eight bytes: the top bit of those that are letters.
#[inline(always)]
fn letters(bytes: u64) -> u64 {
    let each = |byte: u8| u64::from_le_bytes([byte; 8]);
    let low = (bytes & !TOP) | each(0x20);
    // A sum has its top bit set from a byte on; no sum carries into the next.
    let from = |byte: u8| low + each(0x80 - byte);
    from(b'a') & !from(b'z' + 1) & !bytes & TOP
}

/// The length of the text of a string, when a text begins with one that holds nothing but text and ends on its line; not of an
/// empty one, which may open a longer.
fn plain_string(rest: &[u8]) -> Option<usize> {
    let inner = rest.strip_prefix(b"\"")?;
    let len = text_run(inner);
    (len > 0 && inner.get(len) == Some(&b'"')).then_some(len)
}

/// The bytes that may end a string's text or stand for another.
static SPECIAL: [bool; 256] = {
    let mut all = [false; 256];
    all[b'"' as usize] = true;
    all[b'\\' as usize] = true;
    all[b'{' as usize] = true;
    all[b'\n' as usize] = true;
    all[b'\r' as usize] = true;
    all
};

/// How many bytes of a string's text stand for themselves.
pub(super) fn text_run(text: &[u8]) -> usize {
    let special = |b: &u8| SPECIAL[usize::from(*b)];
    text.iter().position(special).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::super::lexeme::{Lexeme, kind_of};
    use super::*;
    use logos::Logos as _;

    #[test]
    fn frequent_tokens_are_those_that_logos_tells() {
        let some = [
            "",
            " ",
            "  \t",
            ".",
            "..",
            "=",
            "==",
            "=>",
            "<",
            "<=",
            ">",
            ">=",
            ",",
            "(",
            ")",
            "a",
            "_b9",
            "\u{FEFF}",
            "é",
            "\"\n",
            "\r",
            "\r\n",
            "7",
            "12.5",
            "2026-03-01",
            "10:00",
            "5_0",
            "3d",
        ];
        let word = "abcdefgh_ABCXYZ0189";
        let ends: Vec<String> = (0..=255).map(|byte| char::from(byte).to_string()).collect();
        let mut texts = Vec::new();
        for len in 0..word.len() {
            texts.extend(ends.iter().map(|end| format!("a{}{end}", &word[..len])));
        }
        for (a, b) in some.iter().flat_map(|a| some.iter().map(move |b| (a, b))) {
            texts.extend(some.iter().map(|c| format!("{a}{b}{c}")));
        }
        for text in texts {
            let Some(found) = frequent(text.as_bytes()) else {
                continue;
            };
            let mut lexer = Lexeme::lexer(&text);
            let raw = lexer.next().and_then(Result::ok);
            let told = raw.map(|raw| (kind_of(raw, lexer.slice()), lexer.slice().len()));
            assert_eq!(Some(found), told, "{text:?}");
        }
    }

    #[test]
    fn a_plain_string_is_one_without_anything_special() {
        for (text, len) in [
            ("\"a b\" c", Some(3)),
            ("\"é\"", Some(2)),
            ("\"\"", None),
            ("\"\"\"a\"\"\"", None),
            ("\"a{b}\"", None),
            ("\"a\\n\"", None),
            ("\"a\n\"", None),
            ("\"a\r\"", None),
            ("\"a", None),
        ] {
            assert_eq!(plain_string(text.as_bytes()), len, "{text}");
        }
    }
}
