//! An item's text without what is inside its blocks, and the way from places in it back to tokens of the file. A missing `}` is written
//! in, so that the item's rule can still be tried. Never here: tokens themselves, or rules.

use std::borrow::Cow;

use crate::{
    outline::{Item, ItemBlock},
    tree::Token,
};

/// A piece of the island's text.
struct Piece {
    /// Where it starts in the island.
    at: usize,
    /// Where it starts in the file.
    file: usize,
}

pub(crate) struct Island<'i> {
    /// What the rule is tried on.
    pub text: Cow<'i, str>,
    pieces: Vec<Piece>,
    /// The blocks left out, in order; none when the text is whole.
    blocks: Option<std::slice::Iter<'i, ItemBlock>>,
}

impl<'i> Island<'i> {
    /// A text with nothing left out.
    pub fn whole(text: &'i str) -> Island<'i> {
        Island {
            text: Cow::Borrowed(text),
            pieces: vec![Piece { at: 0, file: 0 }],
            blocks: None,
        }
    }

    /// The text of an item.
    pub fn new(text: &'i str, tokens: &[Token], item: &'i Item) -> Island<'i> {
        let start_of = |token: u32| {
            tokens
                .get(token as usize)
                .map_or(text.len(), |t| t.span.start as usize)
        };
        let end_of = |token: u32| {
            tokens
                .get(token as usize)
                .map_or(text.len(), |t| t.span.end as usize)
        };
        let slice = |from: usize, to: usize| text.get(from..to).unwrap_or("");
        let mut from = start_of(item.first);
        let end = end_of(item.end.saturating_sub(1));
        let blocks = Some(item.blocks.iter());
        if item.blocks.is_empty() {
            return Island {
                text: Cow::Borrowed(slice(from, end)),
                pieces: vec![Piece { at: 0, file: from }],
                blocks,
            };
        }
        let mut joined = String::new();
        let mut pieces = Vec::new();
        for block in &item.blocks {
            pieces.push(Piece {
                at: joined.len(),
                file: from,
            });
            joined.push_str(slice(from, end_of(block.open)));
            match block.close {
                Some(close) => from = start_of(close),
                None => {
                    // So placed that the end of the written `}` is the end of the block's last token.
                    from = end_of(block.end.saturating_sub(1));
                    pieces.push(Piece {
                        at: joined.len(),
                        file: from.saturating_sub(1),
                    });
                    joined.push('}');
                }
            }
        }
        pieces.push(Piece {
            at: joined.len(),
            file: from,
        });
        joined.push_str(slice(from, end));
        Island {
            text: Cow::Owned(joined),
            pieces,
            blocks,
        }
    }

    /// The file offset of the character at `at`.
    pub fn start(&self, at: usize) -> usize {
        let i = self
            .pieces
            .partition_point(|p| p.at <= at)
            .saturating_sub(1);
        self.pieces.get(i).map_or(at, |p| p.file + (at - p.at))
    }

    /// The file offset of the end of the character before `at`.
    pub fn end(&self, at: usize) -> usize {
        self.start(at.saturating_sub(1)) + usize::from(at > 0)
    }

    /// Where a place of the file is in the island; none when it is left out.
    pub fn offset(&self, file: u32) -> Option<usize> {
        let ends = self.pieces.iter().skip(1).map(|p| p.at);
        let pieces = self.pieces.iter().zip(ends.chain([self.text.len()]));
        pieces
            .filter_map(|(p, end)| Some((p.at + (file as usize).checked_sub(p.file)?, end)))
            .find_map(|(at, end)| (at <= end).then_some(at))
    }

    /// The next block that was left out; none when nothing was.
    pub fn next_block(&mut self) -> Option<&'i ItemBlock> {
        self.blocks.as_mut()?.next()
    }
}
