//! Lines between declarations that a mistake before them set adrift: a missing `{` or a `}` too many leaves the rest of a declaration
//! outside of it. In: the items of a file in order, and how many messages each gave. Out: which messages are of the same cause as one
//! before. Never here: a first message silenced.

use crate::{
    error::{SyntaxError, SyntaxErrorKind},
    outline::Item,
    span::Span,
    tree::Token,
};

/// Drops what is told twice at one place: a token that the line before does not go on with is no wrong beginning of a line; and a string
/// that is never closed took the `}` on its line with it.
pub(super) fn once(errors: &mut Vec<SyntaxError>, text: &str) {
    use SyntaxErrorKind::{LineStartsWithOperator, UnclosedBracket, UnclosedString};
    let others = errors.iter().filter(|e| e.kind != LineStartsWithOperator);
    let places: Vec<u32> = others.map(|e| e.span.start).collect();
    let line = |at: u32| text.get(at as usize..).and_then(|t| t.split('\n').next());
    let took = |e: &SyntaxError| {
        e.kind == UnclosedString && line(e.span.start).is_some_and(|l| l.contains('}'))
    };
    let strings: Vec<u32> = errors
        .iter()
        .filter(|e| took(e))
        .map(|e| e.span.start)
        .collect();
    let mut braces: Vec<usize> = Vec::new();
    for string in strings {
        let before = errors.partition_point(|e| e.span.start < string);
        let brace = |e: &SyntaxError| e.kind == UnclosedBracket && e.span.of(text) == "{";
        braces.extend(errors[..before].iter().rposition(brace));
    }
    let mut at = 0;
    errors.retain(|e| {
        let twice = e.kind == LineStartsWithOperator && places.binary_search(&e.span.start).is_ok();
        at += 1;
        !twice && !braces.contains(&(at - 1))
    });
}

/// What has been seen of a file's items.
pub(super) struct Adrift<'t> {
    text: &'t str,
    tokens: &'t [Token],
    /// Each item's span, and whether something is wrong in it by which it may have lost its rest.
    seen: Vec<(Span, bool)>,
    /// Where nothing more is said.
    silent: Vec<Span>,
    /// Where the item before ends, when something is wrong in it.
    broken_end: u32,
}

impl<'t> Adrift<'t> {
    pub fn new(text: &'t str, tokens: &'t [Token]) -> Adrift<'t> {
        Adrift {
            text,
            tokens,
            seen: Vec::new(),
            silent: Vec::new(),
            broken_end: 0,
        }
    }

    /// A sound declaration.
    pub fn sound(&mut self, item: &Item) {
        self.broken_end = 0;
        self.seen.push((self.span(item.first, item.end), false));
    }

    /// An item that gave so many messages: how many of them stand by themselves. One that begins no declaration says so once, and not at
    /// all behind something broken; what is in its blocks nobody can judge.
    pub fn told(&mut self, item: &Item, messages: usize) -> usize {
        let span = self.span(item.first, item.end);
        let word = self.token(item.keyword).of(self.text);
        if item.place.begins(word) || item.place.nearest(word).is_some() {
            let has_block = !matches!(word, "const" | "function" | "schema" | "audience");
            let lost = messages > 0 && has_block && self.is_open(span);
            self.broken_end = if messages > 0 { span.end } else { 0 };
            self.seen.push((span, lost));
            return messages;
        }
        let between = Span::new(self.broken_end, span.start).of(self.text);
        let same_line = self.broken_end > 0 && !between.contains('\n');
        let behind = same_line || self.seen.last().is_some_and(|(_, lost)| *lost);
        self.broken_end = span.end;
        self.seen.push((span, behind || self.is_open(span)));
        if behind {
            self.silent.push(span);
            return 0;
        }
        if let Some(block) = item.blocks.first() {
            self.silent.push(self.span(block.open, item.end));
        }
        messages.min(1)
    }

    /// A declaration with a `}` too many at a place: what is behind it stands where it was not meant to.
    pub fn stray(&mut self, item: &Item, at: Option<Span>) {
        let end = self.span(item.first, item.end).end;
        self.silent.extend(at.map(|at| Span::new(at.end, end)));
    }

    /// Whether a message about the outer shape is of the same cause: within what is silent, or a `}` left over behind something broken.
    pub fn is_told(&self, error: &SyntaxError) -> bool {
        let at = error.span.start;
        let before = self.seen.partition_point(|(span, _)| span.start <= at);
        let behind_broken = before > 0 && self.seen[before - 1].1;
        let silent = self.silent.partition_point(|span| span.start <= at);
        error.kind == SyntaxErrorKind::StrayBrace && behind_broken
            || silent > 0 && at < self.silent[silent - 1].end
    }

    /// Whether an item ends elsewhere than a whole one does: without a `}`, or with one that stands further to the right than the item.
    fn is_open(&self, item: Span) -> bool {
        let indent = |at: u32| {
            let before = self.text.get(..at as usize).unwrap_or("");
            let line = &self.text[before.rfind('\n').map_or(0, |n| n + 1)..];
            line.len() - line.trim_start_matches([' ', '\t']).len()
        };
        !item.of(self.text).ends_with('}') || indent(item.start) != indent(item.end)
    }

    fn span(&self, first: u32, end: u32) -> Span {
        self.token(first).to(self.token(end.saturating_sub(1)))
    }

    fn token(&self, at: u32) -> Span {
        let end = Span::at(self.text.len() as u32);
        self.tokens.get(at as usize).map_or(end, |t| t.span)
    }
}
