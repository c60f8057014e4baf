//! The journey language's text: tokens, outline, lossless tree and typed views of it.

pub mod ast;
pub mod error;
pub mod kind;
pub mod literal;
mod rules;
pub mod span;
pub mod tree;

pub use error::{Fix, SyntaxError, SyntaxErrorKind};
pub use kind::SyntaxKind;
pub use span::Span;
pub use tree::{Node, NodeData, Part, Token, Tree};

/// What parsing gives: always a tree, and whatever is wrong with the text, in the order it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parse {
    /// The whole text as a tree; a part that could not be parsed is an `Error` node.
    pub tree: Tree,
    /// Sorted by where they stand.
    pub errors: Vec<SyntaxError>,
}
