//! What of an old tree holds after an edit. In: the old parse, the edit, an item of the new outline. Out: the nodes of the old tree that
//! are the item's, or nothing. Never here: a guess; whatever is in doubt is parsed anew.
//!
//! The new text is cut into tokens and islands as a whole: that is linear and cheap, and a quote or a brace may change what stands far
//! behind it. What is dear is trying a rule on an island and building its nodes; a declaration keeps its nodes when
//! * it stands outside of the edit with the same text, the line it begins on included,
//! * its tokens are the same,
//! * the old parse found nothing wrong in it, and neither do the new tokens and the new outline.

use crate::{
    kind::SyntaxKind,
    limits::MAX_ERRORS,
    outline::{Item, ItemBlock},
    span::Span,
    token::Lexed,
    tree::{Node, NodeData, Parse, Token},
};

/// One edit, and the parse of the text before it.
pub(crate) struct Edit<'t> {
    old: &'t Parse,
    /// The text after it.
    text: &'t str,
    /// Where the old text's unchanged beginning ends.
    start: u32,
    /// Where the new text's unchanged end begins.
    end: u32,
    /// How far the unchanged end has moved.
    moved: i64,
    /// The old declarations, in order.
    decls: Vec<Node<'t>>,
}

/// The text with a range of it replaced, and the range that was: moved outwards to characters and into the text.
pub(crate) fn replaced(text: &str, range: Span, by: &str) -> (String, Span) {
    let mut start = (range.start as usize).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = (range.end as usize).clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let mut new = String::with_capacity(text.len() - (end - start) + by.len());
    new.push_str(&text[..start]);
    new.push_str(by);
    new.push_str(&text[end..]);
    (new, Span::new(start as u32, end as u32))
}

impl<'t> Edit<'t> {
    /// The edit that made `text` of the old text by putting `len` bytes where `range` was. None when nothing of the old tree can be kept.
    pub fn new(old: &'t Parse, text: &'t str, range: Span, len: u32) -> Option<Edit<'t>> {
        let root = old.tree.root();
        if root.kind() != SyntaxKind::File || old.errors.len() > MAX_ERRORS {
            return None;
        }
        Some(Edit {
            old,
            text,
            start: range.start,
            end: range.start + len,
            moved: i64::from(len) - i64::from(range.len()),
            decls: root.children().collect(),
        })
    }

    /// The nodes of a declaration of the new outline, with how far their tokens have moved.
    pub fn kept(&self, item: &Item, lexed: &Lexed) -> Option<(&'t [NodeData], i64)> {
        let new = lexed.tokens.get(item.first as usize..item.end as usize)?;
        let (first, last) = (new.first()?, new.last()?);
        let moved = self.outside(Span::new(first.span.start, last.span.end))?;
        let start = u32::try_from(i64::from(first.span.start) - moved).ok()?;
        let at = self
            .decls
            .binary_search_by_key(&start, |n| n.span().start)
            .ok()?;
        let node = self.decls[at];
        let data = node.data();
        let old = self
            .old
            .tree
            .tokens()
            .get(data.first_token as usize..data.end_token as usize)?;
        let sound = !data.has_error
            && is_sound(item)
            && no_error_in(&self.old.errors, node.span())
            && no_lex_error_in(item, lexed)
            && same(old, new, moved);
        let nodes = self
            .old
            .tree
            .nodes()
            .get(node.index() as usize..data.subtree_end as usize)?;
        sound.then_some((nodes, i64::from(item.first) - i64::from(data.first_token)))
    }

    /// How far a part of the new text has moved; none when the edit touched it, or the line that it begins on.
    fn outside(&self, part: Span) -> Option<i64> {
        if part.end < self.start {
            return Some(0);
        }
        let line = self.text.get(..part.start as usize)?.rfind('\n')?;
        (line as u64 >= u64::from(self.end)).then_some(self.moved)
    }
}

/// Whether the outline has nothing to say against the item and those in it.
fn is_sound(item: &Item) -> bool {
    let closed = |block: &ItemBlock| block.close.is_some() && block.items.iter().all(is_sound);
    item.broken.is_none() && item.blocks.iter().all(closed)
}

fn no_lex_error_in(item: &Item, lexed: &Lexed) -> bool {
    let at = lexed.errors.partition_point(|e| e.token < item.first);
    lexed.errors.get(at).is_none_or(|e| e.token >= item.end)
}

fn no_error_in(errors: &[crate::error::SyntaxError], part: Span) -> bool {
    let at = errors.partition_point(|e| e.span.start < part.start);
    errors.get(at).is_none_or(|e| e.span.start > part.end)
}

fn same(old: &[Token], new: &[Token], moved: i64) -> bool {
    old.len() == new.len()
        && old.iter().zip(new).all(|(o, n)| {
            o.kind == n.kind
                && i64::from(o.span.start) + moved == i64::from(n.span.start)
                && o.span.len() == n.span.len()
        })
}
