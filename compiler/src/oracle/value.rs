//! The oracle's values: what an expression is, in the plainest form.
//!
//! Comes in: nothing. Goes out: [`Val`], [`OracleError`]. Never true here: a word, a slot, a reference into an arena; a
//! record that came from data stays the JSON object it is and is read by name.

use std::fmt;

/// A present value. A missing one is `None` around it.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Val<'a> {
    /// Boolean.
    Bool(bool),
    /// Integer.
    Int(i64),
    /// Decimal.
    Dec(f64),
    /// String, or a value of an enum.
    Str(String),
    /// Days since 1970-01-01.
    Date(i64),
    /// Milliseconds since the epoch, offset in minutes.
    DateTime(i64, i32),
    /// Milliseconds of a wall clock.
    Local(i64),
    /// Milliseconds since midnight.
    Time(u32),
    /// Milliseconds.
    Duration(i64),
    /// Months, days.
    Period(i32, i32),
    /// A list; missing items are null items.
    List(Vec<Option<Val<'a>>>),
    /// A map, in the order of its keys in the data; null entries are kept.
    Map(Vec<(String, Option<Val<'a>>)>),
    /// A record that an expression made; its missing fields are left out.
    Record(Vec<(String, Val<'a>)>),
    /// A record (or anything undescribed) as it stands in the data.
    Json(&'a serde_json::Value),
}

impl Val<'_> {
    /// What a copy of it costs: one for each value in it, and one for every 32 bytes of text.
    pub(super) fn weight(&self) -> usize {
        let of = |v: &Option<Val<'_>>| v.as_ref().map_or(1, Val::weight);
        1 + match self {
            Val::Str(text) => text.len() / 32,
            Val::List(items) => items.iter().map(of).sum(),
            Val::Map(entries) => entries.iter().map(|(k, v)| k.len() / 32 + of(v)).sum(),
            Val::Record(fields) => fields.iter().map(|(_, v)| v.weight()).sum(),
            _ => 0,
        }
    }
}

/// An answer: a value, or nothing.
pub(super) type Answer<'a> = Result<Option<Val<'a>>, OracleError>;

/// Why the oracle gives no answer. None of these is the program's own doing: a checked expression over valid data has an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OracleError {
    /// The expression breaks a rule of [`crate::hir`]; says which.
    Corrupt(&'static str),
    /// The data is not of the type that the expression was checked against.
    Data {
        /// The type that was expected.
        expected: String,
        /// The JSON that stands there, shortened.
        found: String,
    },
    /// More work, or larger values, than this evaluation may take.
    Beyond,
    /// A function of the table failed for want of fuel or room.
    Function {
        /// Its name.
        name: &'static str,
        /// What it said.
        reason: String,
    },
}

impl fmt::Display for OracleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OracleError::Corrupt(what) => write!(f, "the expression is not well formed: {what}"),
            OracleError::Data { expected, found } => {
                write!(f, "expected {expected}, found {found}")
            }
            OracleError::Beyond => f.write_str("more than may be worked out"),
            OracleError::Function { name, reason } => write!(f, "`{name}` gave up: {reason}"),
        }
    }
}

impl std::error::Error for OracleError {}
