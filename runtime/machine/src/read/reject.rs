//! Why bytes were refused, and the limits they are held to.

use std::fmt;

/// Bounds on one document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes.
    pub bytes: usize,
    /// Objects and arrays inside one another.
    pub nesting: usize,
    /// Items of an array (or entries of a map) that the plan reads.
    pub items: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            bytes: 64 * 1024,
            nesting: 64,
            items: 10_000,
        }
    }
}

/// What kind of refusal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum RejectCode {
    /// Not JSON, or not UTF-8.
    Syntax,
    /// More bytes than allowed.
    TooLarge,
    /// Nested deeper than allowed.
    TooDeep,
    /// More items than allowed.
    TooManyItems,
    /// A value of another type.
    WrongType,
    /// A string that is not of the enum, a malformed date, a number out of range.
    WrongValue,
    /// A key twice in one object.
    DuplicateKey,
    /// A field that must be there is not, or is `null`.
    MissingRequired,
}

impl RejectCode {
    /// The code as reports print it.
    pub fn code(self) -> &'static str {
        match self {
            RejectCode::Syntax => "INVALID_JSON",
            RejectCode::TooLarge => "TOO_LARGE",
            RejectCode::TooDeep => "TOO_DEEP",
            RejectCode::TooManyItems => "TOO_MANY_ITEMS",
            RejectCode::WrongType => "WRONG_TYPE",
            RejectCode::WrongValue => "WRONG_VALUE",
            RejectCode::DuplicateKey => "DUPLICATE_KEY",
            RejectCode::MissingRequired => "MISSING_REQUIRED",
        }
    }
}

/// A refusal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejection {
    /// What kind.
    pub code: RejectCode,
    /// Where: `productListItems[2].priceTotal`; empty for the document.
    pub path: String,
    /// What was expected.
    pub expected: String,
    /// What was found, without the data itself where that could be personal.
    pub found: String,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = if self.path.is_empty() {
            "the document"
        } else {
            &self.path
        };
        write!(
            f,
            "{} at {at}: expected {}, found {}",
            self.code.code(),
            self.expected,
            self.found
        )
    }
}

impl std::error::Error for Rejection {}
