//! Carves a text into islands. In: its tokens. Out: a nest of items (declarations, settings, steps, arms, statements), each with the
//! blocks it holds, and what is wrong with their outer shape. It follows the shape of the text only: where lines begin and end, the word
//! an item begins with, and brackets. It never fails, never looks at a token twice more than a fixed number of times, and recurses only
//! into blocks, at most `limits::MAX_NESTING` deep.
//!
//! * `item` — what is handed on
//! * `cursor` — the significant tokens, and questions about a few of them
//! * `lines` — whether a line goes on, or begins an item
//! * `depth` — how deep an expression nests
//! * `faults` — what it finds wrong, said
//! * `braces` — which brace is at fault when they do not match
//! * `scan` — the walk itself

mod braces;
mod cursor;
mod depth;
mod faults;
mod item;
mod lines;
mod scan;

pub(crate) use item::{Item, ItemBlock, Outline};
pub(crate) use scan::{outline, outline_item};
