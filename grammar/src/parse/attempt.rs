//! Whether an edit would help. In: an item as its island shows it, and an edit. Out: how far the item's rule reads what it makes. Never
//! here: a text beyond a limit that is tried all the same.

use pest::{Parser as _, error::InputLocation};

use super::island::Island;
use crate::{
    outline::outline_item, rules::JourneyParser, span::Span, token::lex, vocabulary::Place,
};

/// An item that something is wrong with.
pub(super) struct Attempt<'i> {
    pub place: Place,
    pub island: &'i Island<'i>,
}

impl Attempt<'_> {
    /// Whether the edit makes a sound item.
    pub fn mends(&self, at: Span, by: &str) -> bool {
        self.reach(at, by) == usize::MAX
    }

    /// Whether the edit lets the item be read further than the edit, or to its end.
    pub fn helps(&self, at: Span, by: &str) -> bool {
        self.reach(at, by) > 0
    }

    /// Of equally good words the one with which the item is read furthest; none when none helps.
    pub fn best(&self, at: Span, words: &[&'static str]) -> Option<&'static str> {
        let reach = |word: &&&str| self.reach(at, word);
        let best = words.iter().rev().max_by_key(reach).copied();
        best.filter(|word| self.helps(at, word))
    }

    /// Whether what begins at `from` is an item by itself, as far as it is read.
    pub fn begins(&self, from: Span) -> bool {
        let Some(start) = self.island.offset(from.start) else {
            return false;
        };
        let rest = self.island.text.get(start..).unwrap_or("");
        self.read(rest, from.len() as usize) > 0
    }

    /// How many bytes are read behind the edit; more than there are when all is.
    fn reach(&self, at: Span, by: &str) -> usize {
        let offsets = self.island.offset(at.start).zip(self.island.offset(at.end));
        let Some((start, end)) = offsets else {
            return 0;
        };
        let (Some(before), Some(after)) =
            (self.island.text.get(..start), self.island.text.get(end..))
        else {
            return 0;
        };
        self.read(&format!("{before}{by}{after}"), start + by.len())
    }

    /// How many bytes of an item are read behind its first `head`.
    fn read(&self, text: &str, head: usize) -> usize {
        let lexed = lex(text);
        let outline = outline_item(text, &lexed.tokens, self.place);
        if outline.items.iter().any(|item| item.broken.is_some()) {
            return 0;
        }
        let Err(failure) = JourneyParser::parse(self.place.rule(), text) else {
            return usize::MAX;
        };
        let behind = text.get(head..).unwrap_or("").trim_start();
        let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = failure.location;
        let nothing_left = behind.is_empty() && at >= text.trim_end().len();
        at.saturating_sub(text.len() - behind.len())
            .max(usize::from(nothing_left))
    }
}
