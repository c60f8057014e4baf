//! Views of names: single, qualified, and paths to fields. A backquoted name reads as its text without the backquotes.

use super::view::{accessors, all, views};
use crate::{kind::SyntaxKind, tree::Node};

views! {
    /// One name: a word, or an odd one in backquotes.
    Name,
    /// A name, or a dependency's alias and the name it exports: `common.SendEmail`.
    QName,
    /// `remind:` before a step or a branch.
    Label,
}

impl<'t> Name<'t> {
    /// The name itself.
    pub fn text(self) -> &'t str {
        unquote(self.0.text())
    }
}

/// A word as it is meant: without the backquotes it may stand in.
pub(crate) fn unquote(word: &str) -> &str {
    match word.as_bytes() {
        [b'`', inner @ .., b'`'] => word.get(1..=inner.len()).unwrap_or(word),
        _ => word,
    }
}

impl<'t> QName<'t> {
    /// All its parts in order.
    pub fn parts(self) -> impl Iterator<Item = Name<'t>> {
        all(self.0)
    }

    /// The alias in front, when there is one.
    pub fn qualifier(self) -> Option<Name<'t>> {
        let mut parts = self.parts();
        parts.next().filter(|_| parts.next().is_some())
    }

    /// The name itself: the last part.
    pub fn name(self) -> Option<Name<'t>> {
        self.parts().last()
    }

    /// The parts joined by dots: how it reads, odd names without their backquotes.
    pub fn full(self) -> String {
        self.parts().map(Name::text).collect::<Vec<_>>().join(".")
    }
}

accessors!(Label { /// The label's name.
    name: first Name });

/// The words a part that could not be parsed holds: names it may have been about to bind, about which others should stay silent.
pub fn error_words<'t>(node: Node<'t>) -> impl Iterator<Item = &'t str> {
    let tree = node.tree();
    node.descendants()
        .filter(|n| n.kind() == SyntaxKind::Error)
        .flat_map(move |n| n.own_tokens())
        .filter(|t| matches!(t.kind, SyntaxKind::Word | SyntaxKind::Backtick))
        .map(move |t| unquote(tree.token_text(t)))
}

impl<'t> Label<'t> {
    /// The label's text, if it is complete.
    pub fn text(self) -> Option<&'t str> {
        self.name().map(Name::text)
    }
}

/// The label of a step or a branch, for the views that may carry one.
pub(crate) fn label_of(node: Node<'_>) -> Option<Label<'_>> {
    all(node).next()
}
