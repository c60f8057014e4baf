//! What is wrong with a text, and where.

use std::fmt;

/// Why a text is no JSON document, or none within bounds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// It ends before the document does.
    End,
    /// Something else stands where a value must.
    Value,
    /// A literal or number is none.
    Scalar,
    /// Something else stands where a key must.
    Key,
    /// No colon after a key.
    Colon,
    /// Neither a comma nor the closing bracket after a member or item.
    Separator,
    /// More than whitespace after the document.
    Trailing,
    /// A control character in a string.
    Control,
    /// No escape after a backslash.
    Escape,
    /// `\u` with half a surrogate pair, in a string whose text is wanted.
    Surrogate,
    /// Not UTF-8.
    Utf8,
    /// Objects and arrays inside one another deeper than allowed.
    Nesting,
    /// 2 GiB or more.
    TooLarge,
}

impl Kind {
    /// What it is, in words.
    pub fn text(self) -> &'static str {
        match self {
            Kind::End => "the text ends inside the document",
            Kind::Value => "expected a value",
            Kind::Scalar => "not a literal or number",
            Kind::Key => "expected a key",
            Kind::Colon => "expected a colon",
            Kind::Separator => "expected a comma or a closing bracket",
            Kind::Trailing => "expected the end of the text",
            Kind::Control => "a control character in a string",
            Kind::Escape => "not an escape",
            Kind::Surrogate => "half a surrogate pair",
            Kind::Utf8 => "not UTF-8",
            Kind::Nesting => "nested too deep",
            Kind::TooLarge => "too large",
        }
    }
}

/// A mistake in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Error {
    /// What is wrong.
    pub kind: Kind,
    /// At which byte: the first that cannot be there, or the text's length.
    pub at: usize,
}

impl Error {
    /// Line and column, both from 1. A line ends with a line feed; a column counts bytes.
    pub fn line_and_column(&self, bytes: &[u8]) -> (usize, usize) {
        let before = &bytes[..self.at.min(bytes.len())];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let start = before.iter().rposition(|byte| *byte == b'\n');
        (line, before.len() - start.map_or(0, |at| at + 1) + 1)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind.text(), self.at)
    }
}

impl std::error::Error for Error {}
