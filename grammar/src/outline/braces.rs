//! Braces that do not match: which one is at fault, by the indentation. In: the walk where a block begins or ends. Out: the mistake, and
//! whether the block goes on. Never here: a text with a brace too few or too many that is taken for sound.

use super::{item::Item, lines, scan::Scan};
use crate::{
    error::{SyntaxError, SyntaxErrorKind as E, keep},
    kind::SyntaxKind as K,
    span::Span,
    vocabulary::Place,
};

const UNCLOSED_BLOCK: &str = "this `{` is never closed";

impl Scan<'_> {
    /// Notes what the indentation says of a block: that its `{`, or its `}`, may be another's.
    pub(super) fn suspects(&mut self, open: usize, close: usize) {
        let (opens, closes) = (self.c.indent(open), self.c.indent(close));
        if self.c.starts_line(close) && closes < opens {
            self.suspect.get_or_insert(open);
        } else if closes > opens {
            self.early.get_or_insert(close);
        }
    }

    /// Whether the `}` at hand, which would end the declaration whose block opens at `open`, is one too many: it has no line of its own
    /// below the declaration, and what follows stands further to the right than the declaration and goes on with it.
    pub(super) fn is_stray(&self, open: usize, inner: Place) -> bool {
        let next = self.at + 1;
        let word = self.first_word(next, inner);
        let goes_on = word == "else" || self.c.starts_line(next) && inner.begins(word);
        let indent = self.c.indent(open);
        self.blocks.len() == 1
            && self.c.kind(self.at) == K::RBrace
            && goes_on
            && !lines::begins_decl(&self.c, next)
            && (!self.c.starts_line(self.at) || self.c.indent(self.at) > indent)
            && self.c.indent(next) > indent
    }

    /// A `}` too many, with the `else` that belonged to the block it closed.
    pub(super) fn stray(&mut self, inner: Place, nesting: usize) -> Option<Item> {
        let early = self.early.take();
        let blamed = self.c.span(early.unwrap_or(self.at));
        let error = SyntaxError::new(E::StrayBrace, blamed, "this `}` closes nothing");
        // Without it an `else` must stand behind the block it belongs to.
        let is_else = self.c.word(self.at + 1) == "else";
        let error = if is_else && early.is_none() && self.c.kind(self.at - 1) != K::RBrace {
            error
                .hint("the block that it ends, with the `else` behind it, begins nowhere: `if … {`")
        } else {
            error
                .hint("what follows it is indented as if it were not there")
                .fix(blamed, "")
        };
        let mut walk = self.begin(inner);
        walk.fail(error);
        self.at += 1;
        match self.c.word(self.at) {
            "else" => self.walk(walk, nesting),
            _ => self.finish(walk, self.at),
        }
    }

    /// Whether the declaration that the line at hand begins stands inside the one we are in: further to the right, or with nothing of
    /// its own behind it.
    pub(super) fn is_inside(&self, place: Place) -> bool {
        let outer = self.blocks.first();
        let deeper = outer.is_some_and(|(open, _)| self.c.indent(self.at) > self.c.indent(*open));
        deeper || self.is_one_line(place)
    }

    /// Whether what follows the line at hand goes on with the block we are in, and not with the declaration that the line begins.
    fn is_one_line(&self, place: Place) -> bool {
        let word = self.first_word(self.next_line(), place);
        place.begins(word) && !Place::of_declaration(self.c.word(self.at)).begins(word)
    }

    /// The word that an item begins with, behind its label.
    fn first_word(&self, at: usize, place: Place) -> &str {
        match self.c.kind(at + 1) {
            K::Colon if place.has_labels() => self.c.word(at + 2),
            _ => self.c.word(at),
        }
    }

    fn next_line(&self) -> usize {
        let mut next = self.at + 1;
        while !self.c.starts_line(next) {
            next += 1;
        }
        next
    }

    /// The beginning of a declaration inside another, or the whole of it when what follows is its own.
    pub(super) fn misplaced(&mut self, place: Place, nesting: usize) -> Option<Item> {
        let (first, next) = (self.at, self.next_line());
        let whole = self.c.indent(next) > self.c.indent(first) && !self.is_one_line(place);
        let mut item = if whole {
            self.item(Place::File, nesting)
        } else {
            let walk = self.begin(Place::File);
            self.at = next;
            self.finish(walk, next)
        };
        if let Some(item) = &mut item {
            let message = format!("`{}` begins a declaration", self.c.word(first));
            let error = SyntaxError::new(E::UnknownKeyword, self.c.span(first), message);
            item.broken = Some(error.hint("a declaration stands outside of any other"));
        }
        item
    }

    /// At the start of a line: whether the block at hand must have ended, since the line stands no further to the right than the block's
    /// first and begins with a word that begins something further out, and nothing here.
    pub(super) fn left_block(&mut self, place: Place) -> bool {
        let word = self.first_word(self.at, place);
        let Some((&(open, _), outer)) = self.blocks.split_last() else {
            return false;
        };
        let left = !place.keywords().is_empty()
            && !place.begins(word)
            && outer.iter().any(|(_, place)| place.begins(word))
            && self.c.indent(self.at) <= self.c.indent(open);
        if left && self.left_at != Some(self.at) {
            self.left_at = Some(self.at); // once, however many blocks it leaves
            let blamed = self.suspect.take().filter(|at| *at > open).unwrap_or(open);
            self.blame_brace(blamed);
        }
        left
    }

    /// From a `{` to behind its `}`, without a look at what is inside.
    pub(super) fn skip_braces(&mut self) {
        let mut open = 0;
        while self.at < self.c.len() {
            match self.c.kind(self.at) {
                K::LBrace => open += 1,
                K::RBrace => open -= 1,
                _ if self.c.starts_line(self.at) && lines::begins_decl(&self.c, self.at) => return,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return;
            }
        }
    }

    /// Blames one `{` of a declaration that misses a `}`.
    pub(super) fn missing_brace(&mut self, item: &Item) {
        if self.gave_up || item.blocks.iter().all(|b| b.close.is_some()) {
            return;
        }
        let Some(block) = item.blocks.last() else {
            return;
        };
        match self.suspect {
            Some(at) => self.blame_brace(at),
            None => {
                let open = self.c.tokens.get(block.open as usize);
                let span = open.map_or(Span::default(), |t| t.span);
                let end = self.c.span(self.at.saturating_sub(1)).end;
                let error = SyntaxError::new(E::UnclosedBracket, span, UNCLOSED_BLOCK);
                keep(&mut self.errors, error.fix(Span::at(end), "\n}"));
            }
        }
    }

    /// Blames a `{` that the indentation says is unclosed.
    fn blame_brace(&mut self, open: usize) {
        let error = SyntaxError::new(E::UnclosedBracket, self.c.span(open), UNCLOSED_BLOCK);
        let hint = "what follows it is indented as if it were closed";
        keep(&mut self.errors, error.hint(hint));
    }
}
