//! A refusal on its way out of the walk.
//!
//! Comes in: why, where the walk stands; then, from the inside to the outside, each step of the path. Goes out: a
//! [`Rejection`]. Never true here: a path of a document that is not refused; building one would cost every document.

use super::reject::{RejectCode, Rejection};

/// One step of a path.
#[derive(Debug)]
pub(super) enum Step {
    Key(String),
    Index(usize),
    Entry(String),
}

/// Why, and the path from its end.
#[derive(Debug)]
pub(super) struct Refusal {
    pub code: RejectCode,
    pub expected: String,
    pub found: String,
    /// The last step first.
    pub path: Vec<Step>,
}

impl Refusal {
    /// At the value that the walk stands at.
    #[cold]
    pub fn new(
        code: RejectCode,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Box<Refusal> {
        Box::new(Refusal {
            code,
            expected: expected.into(),
            found: found.into(),
            path: Vec::new(),
        })
    }

    /// The step by which the walk came here.
    #[cold]
    pub fn below(mut self: Box<Self>, step: Step) -> Box<Refusal> {
        self.path.push(step);
        self
    }

    /// With the path written out: `productListItems[2].priceTotal`.
    #[cold]
    pub fn rejection(self) -> Rejection {
        let mut path = String::new();
        // A mistake in the text is at a line and a column.
        let text = self.code == RejectCode::Syntax;
        for step in self.path.iter().rev().filter(|_| !text) {
            match step {
                Step::Key(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                }
                Step::Index(ix) => path.push_str(&format!("[{ix}]")),
                Step::Entry(key) => path.push_str(&format!("[{key:?}]")),
            }
        }
        Rejection {
            code: self.code,
            path,
            expected: self.expected,
            found: self.found,
        }
    }
}
