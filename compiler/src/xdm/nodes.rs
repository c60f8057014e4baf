//! Values on their way to a type: the parts that speak about them, and fields gathered under their final names.
//!
//! In: parts and paths of names. Out: nodes, and the keys that tell whether two nodes are one type. Never true here: a type, a name longer than
//! its limit of words (so recursion along names is bounded).

use super::refs::{Holds, Part};
use super::types::Origin;
use std::collections::HashMap;

/// A value to be typed: the parts that speak about it, and the fields that renaming put inside it.
#[derive(Clone, Debug, Default)]
pub(super) struct Node<'a> {
    pub parts: Vec<Part<'a>>,
    pub inner: FieldTree<'a>,
}

/// Fields by final name, in the order first seen.
#[derive(Clone, Debug, Default)]
pub(super) struct FieldTree<'a> {
    pub order: Vec<(String, Entry<'a>)>,
    at: HashMap<String, usize>,
}

/// One field on its way.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    pub node: Node<'a>,
    pub required: bool,
    pub origin: Origin,
    pub raw_names: Vec<String>,
}

/// What makes two nodes the same type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub parts: Vec<(usize, u32, Holds, bool)>,
    pub inner: Vec<(String, bool, Key)>,
}

impl<'a> FieldTree<'a> {
    /// The entry at a path, made where it is not there yet.
    pub fn place(&mut self, path: &[String], origin: &Origin) -> &mut Entry<'a> {
        let (name, inner) = match path {
            [] => ("", [].as_slice()),
            [name, inner @ ..] => (name.as_str(), inner),
        };
        let index = match self.at.get(name) {
            Some(index) => *index,
            None => {
                let entry = Entry {
                    node: Node::default(),
                    required: false,
                    origin: origin.clone(),
                    raw_names: Vec::new(),
                };
                self.order.push((name.to_owned(), entry));
                self.at.insert(name.to_owned(), self.order.len() - 1);
                self.order.len() - 1
            }
        };
        let entry = &mut self.order[index].1;
        if inner.is_empty() {
            entry
        } else {
            entry.node.inner.place(inner, origin)
        }
    }

    /// Marks every field on a path as required, as far as they are declared; says whether all are.
    pub fn require(&mut self, path: &[String]) -> bool {
        let [name, inner @ ..] = path else {
            return true;
        };
        let Some(index) = self.at.get(name) else {
            return false;
        };
        let entry = &mut self.order[*index].1;
        entry.required = true;
        entry.node.inner.require(inner)
    }
}

impl Key {
    /// The key of these parts and fields: the same in whatever order they were met.
    pub fn new(parts: &[Part<'_>], tree: &FieldTree<'_>) -> Key {
        let mut parts: Vec<_> = parts.iter().map(Part::identity).collect();
        parts.sort_unstable();
        parts.dedup();
        let field = |(name, entry): &(String, Entry<'_>)| {
            let key = Key::new(&entry.node.parts, &entry.node.inner);
            (name.clone(), entry.required, key)
        };
        let mut inner: Vec<_> = tree.order.iter().map(field).collect();
        inner.sort_unstable_by(|(a, ..), (b, ..)| a.cmp(b));
        Key { parts, inner }
    }
}
