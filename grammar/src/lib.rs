//! The journey language's text. In: source text, whatever it is. Out: tokens that cover it exactly, a lossless tree, typed views of the
//! tree, and a reader's messages about what is wrong. Never here: types, files, schemas, or a text that makes it panic, recurse without
//! bound or fail.
//!
//! * `span`, `kind`, `tree` — what a tree is made of
//! * `error`, `limits` — what is wrong, and how much of anything is too much
//! * `token` — the lexer (logos)
//! * `vocabulary`, `outline` — which words begin what; the text carved into islands
//! * `rules`, `parse` — the normative grammar (`grammar/journey.pest`), tried on each island; the tree built
//! * `literal`, `ast` — what literals stand for; typed views of nodes
//!
//! Parsing anew after an edit is to reuse islands: an island's outcome (its nodes relative to its first token, its error relative to its
//! start) depends on its `Place` and its own text only, so a cache keyed by both answers for every island the edit did not touch.
//! Lexing and outlining again are linear and cheap. Not built yet; nothing here stands in its way.

pub mod ast;
pub mod error;
pub mod kind;
pub mod limits;
pub mod literal;
mod outline;
mod parse;
mod rules;
pub mod span;
mod token;
pub mod tree;
mod vocabulary;

pub use error::{Fix, SyntaxError, SyntaxErrorKind};
pub use kind::SyntaxKind;
pub use parse::{NotValid, parse, parse_expression, parse_whole};
pub use span::Span;
pub use tree::{Node, NodeData, Parse, Part, Token, Tree};
