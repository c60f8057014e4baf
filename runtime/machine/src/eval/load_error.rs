//! Why an artifact cannot be run by this machine.

use std::fmt;

/// Why an artifact cannot be run by this machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LoadError {
    /// It imports a function that the table does not have with these types.
    Import {
        /// The function's name.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// A limit, or a rule that the verifier should have checked.
    Invalid(&'static str),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Import { name, why } => write!(f, "function `{name}`: {why}"),
            LoadError::Invalid(what) => write!(f, "invalid artifact: {what}"),
        }
    }
}

impl std::error::Error for LoadError {}
