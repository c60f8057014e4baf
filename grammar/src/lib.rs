//! The journey language's text. In: source text, whatever it is. Out: tokens that cover it exactly, a lossless tree, typed views of the
//! tree, and a reader's messages about what is wrong. Never here: types, files, schemas, or a text that makes it panic, recurse without
//! bound or fail.
//!
//! * `span`, `kind`, `word`, `tree` — what a tree is made of
//! * `error`, `limits` — what is wrong, and how much of anything is too much
//! * `token` — the lexer (logos)
//! * `vocabulary`, `outline` — which words begin what; the text carved into islands
//! * `edit` — what of an old tree holds after an edit
//! * `rules`, `parse` — the normative grammar (`grammar/journey.pest`), tried on each island; the tree built
//! * `literal`, `ast` — what literals stand for; typed views of nodes
//! * `hidden` — characters that make a text look other than it is
//! * `one_line` — what is written, whatever its layout
//!
//! `Parse::edit` parses anew after an edit and keeps the nodes of the declarations that the edit did not touch; the answer is that of
//! `parse` on the new text.

pub mod ast;
mod edit;
pub mod error;
mod hidden;
pub mod kind;
pub mod limits;
pub mod literal;
mod one_line;
mod outline;
mod parse;
mod rules;
pub mod span;
mod token;
pub mod tree;
mod vocabulary;
mod word;

pub use error::{Fix, SyntaxError, SyntaxErrorKind};
pub use kind::SyntaxKind;
pub use parse::{
    ExpressionParser, NotValid, parse, parse_expression, parse_expression_by_grammar, parse_whole,
};
pub use span::Span;
pub use tree::{Node, NodeData, Parse, Part, Token, Tree};
pub use vocabulary::declarations_with;
