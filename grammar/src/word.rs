//! The words that expressions are made of. In: the bytes of a word, and what follows it. Out: which of them it is. Never here: what it means
//! where it stands; most may be names elsewhere.

/// Which word a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Word {
    /// Any other, or no word at all.
    Other,
    And,
    Or,
    Not,
    In,
    Is,
    If,
    Then,
    Else,
    True,
    False,
    Missing,
    Present,
    Last,
    Where,
}

impl Word {
    /// The word that `rest` begins with, which is so long. Told by all its letters at once: which it is, is seldom guessed right.
    #[inline]
    pub fn of(rest: &[u8], len: usize) -> Word {
        // No word is longer; most names are.
        if len > 7 {
            return Word::Other;
        }
        let word = match rest.first_chunk() {
            Some(eight) => u64::from_le_bytes(*eight) & !(u64::MAX << (8 * len)),
            None => letters(rest.get(..len).unwrap_or_default()),
        };
        const fn is(word: &str) -> u64 {
            letters(word.as_bytes())
        }
        const AND: u64 = is("and");
        const OR: u64 = is("or");
        const NOT: u64 = is("not");
        const IN: u64 = is("in");
        const IS: u64 = is("is");
        const IF: u64 = is("if");
        const THEN: u64 = is("then");
        const ELSE: u64 = is("else");
        const TRUE: u64 = is("true");
        const FALSE: u64 = is("false");
        const MISSING: u64 = is("missing");
        const PRESENT: u64 = is("present");
        const LAST: u64 = is("last");
        const WHERE: u64 = is("where");
        match word {
            AND => Word::And,
            OR => Word::Or,
            NOT => Word::Not,
            IN => Word::In,
            IS => Word::Is,
            IF => Word::If,
            THEN => Word::Then,
            ELSE => Word::Else,
            TRUE => Word::True,
            FALSE => Word::False,
            MISSING => Word::Missing,
            PRESENT => Word::Present,
            LAST => Word::Last,
            WHERE => Word::Where,
            _ => Word::Other,
        }
    }

    /// Whether it is no name.
    pub fn is_reserved(self) -> bool {
        !matches!(
            self,
            Word::Missing | Word::Present | Word::Last | Word::Where | Word::Other
        )
    }
}

/// At most eight letters as one number.
const fn letters(word: &[u8]) -> u64 {
    let (mut number, mut at) = (0, word.len());
    while at > 0 {
        at -= 1;
        number = number << 8 | word[at] as u64;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::Word;

    #[test]
    fn a_word_is_told_whatever_follows_it() {
        let words = [
            ("and", Word::And),
            ("or", Word::Or),
            ("not", Word::Not),
            ("in", Word::In),
            ("is", Word::Is),
            ("if", Word::If),
            ("then", Word::Then),
            ("else", Word::Else),
            ("true", Word::True),
            ("false", Word::False),
            ("missing", Word::Missing),
            ("present", Word::Present),
            ("last", Word::Last),
            ("where", Word::Where),
            ("android", Word::Other),
            ("wheres", Word::Other),
            ("missings", Word::Other),
            ("an", Word::Other),
            ("", Word::Other),
        ];
        for (word, is) in words {
            for behind in ["", " ", ".a", "(\"x\") == 5"] {
                let rest = format!("{word}{behind}");
                assert_eq!(Word::of(rest.as_bytes(), word.len()), is, "{rest}");
            }
        }
    }
}
