//! What the outline hands on. Plain data; token numbers index the whole list of tokens, trivia included.

use crate::{error::SyntaxError, vocabulary::Place};

/// The whole text in islands.
pub(crate) struct Outline {
    /// The declarations.
    pub items: Vec<Item>,
    /// What is wrong between the items: they are whole all the same.
    pub errors: Vec<SyntaxError>,
}

/// One island: an item without what is inside its blocks.
pub(crate) struct Item {
    /// Where it stands, which decides the rule that parses it.
    pub place: Place,
    /// Its first token.
    pub first: u32,
    /// The token after its last.
    pub end: u32,
    /// The token of the word it begins with, behind a label; its first token when there is none.
    pub keyword: u32,
    /// Its blocks in order.
    pub blocks: Vec<ItemBlock>,
    /// Why it is not worth parsing.
    pub broken: Option<SyntaxError>,
}

/// `{ … }` of an item.
pub(crate) struct ItemBlock {
    /// The token `{`.
    pub open: u32,
    /// The token `}`; none when it is missing.
    pub close: Option<u32>,
    /// The token after the block.
    pub end: u32,
    /// What stands inside.
    pub items: Vec<Item>,
}
