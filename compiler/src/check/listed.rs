//! The constants of a list, to be asked often.
//!
//! Comes in: literals written out. Goes out: whether a value is one of them, of lists of texts or integers, as long lists are.
//! Never here: a walk over the list for each value.

use crate::hir::{Expr, ExprKind, Literal};
use std::collections::BTreeSet;

/// The constants of a list.
pub(super) enum Listed<'e> {
    Texts(BTreeSet<&'e str>),
    Ints(BTreeSet<i64>),
    Others,
}

impl<'e> Listed<'e> {
    /// Of a list.
    pub fn new(values: &'e [Expr]) -> Listed<'e> {
        let text = |e: &'e Expr| match &e.kind {
            ExprKind::Literal(Literal::Str(text)) => Some(text.as_str()),
            _ => None,
        };
        let int = |e: &'e Expr| match &e.kind {
            ExprKind::Literal(Literal::Int(n)) => Some(*n),
            _ => None,
        };
        if values.is_empty() {
            return Listed::Others;
        }
        if let Some(texts) = values.iter().map(text).collect() {
            return Listed::Texts(texts);
        }
        match values.iter().map(int).collect() {
            Some(ints) => Listed::Ints(ints),
            None => Listed::Others,
        }
    }

    /// Whether a value is one of them; `None`: that is not to be told here.
    pub fn has(&self, value: &Literal) -> Option<bool> {
        match (self, value) {
            (Listed::Texts(texts), Literal::Str(text)) => Some(texts.contains(text.as_str())),
            (Listed::Ints(ints), Literal::Int(n)) => Some(ints.contains(n)),
            _ => None,
        }
    }
}
