//! The significant tokens of a text, and questions about a few of them. Numbers here count significant tokens only.

use crate::{kind::SyntaxKind, span::Span, tree::Token};

pub(crate) struct Cursor<'t> {
    pub text: &'t str,
    /// All tokens.
    pub tokens: &'t [Token],
    /// The significant ones, as indices into all.
    significant: Vec<u32>,
    /// The first on the line of each.
    line_start: Vec<u32>,
}

impl<'t> Cursor<'t> {
    pub fn new(text: &'t str, tokens: &'t [Token]) -> Cursor<'t> {
        let mut significant = Vec::new();
        let mut line_start = Vec::new();
        let (mut fresh, mut first) = (true, 0);
        for (i, token) in tokens.iter().enumerate() {
            if token.kind == SyntaxKind::Newline {
                fresh = true;
            } else if !token.kind.is_trivia() {
                if fresh {
                    first = significant.len() as u32;
                }
                significant.push(i as u32);
                line_start.push(first);
                fresh = false;
            }
        }
        Cursor {
            text,
            tokens,
            significant,
            line_start,
        }
    }

    pub fn len(&self) -> usize {
        self.significant.len()
    }

    /// The number of token `at` among all tokens; that of the end behind the last.
    pub fn index(&self, at: usize) -> u32 {
        self.significant
            .get(at)
            .copied()
            .unwrap_or(self.tokens.len() as u32)
    }

    /// The kind of token `at`; trivia, which is never significant, when there is none.
    pub fn kind(&self, at: usize) -> SyntaxKind {
        self.significant
            .get(at)
            .map_or(SyntaxKind::Whitespace, |i| self.tokens[*i as usize].kind)
    }

    pub fn span(&self, at: usize) -> Span {
        match self.significant.get(at) {
            Some(i) => self.tokens[*i as usize].span,
            None => Span::at(self.text.len() as u32),
        }
    }

    /// The text of token `at`, if it is a word; else nothing.
    pub fn word(&self, at: usize) -> &'t str {
        if self.kind(at) == SyntaxKind::Word {
            self.span(at).of(self.text)
        } else {
            ""
        }
    }

    /// Whether token `at` begins a line, or is behind the last.
    pub fn starts_line(&self, at: usize) -> bool {
        self.line_start
            .get(at)
            .is_none_or(|first| *first as usize == at)
    }

    /// How far the line that token `at` stands on is indented, in bytes.
    pub fn indent(&self, at: usize) -> usize {
        let first = self.line_start.get(at).map_or(at, |first| *first as usize);
        let before = (self.index(first) as usize).checked_sub(1);
        before
            .and_then(|before| self.tokens.get(before))
            .filter(|t| t.kind == SyntaxKind::Whitespace)
            .map_or(0, |t| t.span.len() as usize)
    }
}
