//! What names a field or a place: a word, or a string where it is no word.

use super::{
    expr::{Expr, RecordField, StringLit},
    name::Name,
    view::{AstNode, first, nth},
};
use crate::{span::Span, tree::Node};

/// What names a field or a place: a word, or a string for what is no word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key<'t> {
    /// `name`
    Word(Name<'t>),
    /// `"odd name"`
    Text(StringLit<'t>),
}

impl<'t> Key<'t> {
    /// The first word of a node, or its first string where it has no word.
    pub(super) fn of(node: Node<'t>) -> Option<Key<'t>> {
        match first(node) {
            Some(name) => Some(Key::Word(name)),
            None => first(node).map(Key::Text),
        }
    }

    /// Its text, when it holds no interpolation.
    pub fn plain(self) -> Option<String> {
        match self {
            Key::Word(name) => Some(name.text().to_owned()),
            Key::Text(text) => text.plain(),
        }
    }

    /// Where it stands.
    pub fn span(self) -> Span {
        match self {
            Key::Word(name) => name.span(),
            Key::Text(text) => text.span(),
        }
    }
}

impl<'t> RecordField<'t> {
    /// The field's name; `None` for an `update profile` path.
    pub fn key(self) -> Option<Key<'t>> {
        match self.path() {
            Some(_) => None,
            None => Key::of(self.syntax()),
        }
    }

    /// The value.
    pub fn value(self) -> Option<Expr<'t>> {
        nth(
            self.syntax(),
            usize::from(matches!(self.key(), Some(Key::Text(_)))),
        )
    }
}
