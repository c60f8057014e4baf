//! Paths that were looked up in the schemas before, by how they are written: most conditions of a package read the same few fields.
//!
//! Comes in: a record's type and a text (`commerce.order.priceTotal`). Goes out: its steps. Never true here: a path that a schema does not
//! have; one of a record that the program describes; more paths than a package has use for.

use crate::hash::{self, Ids};
use crate::hir::Steps;
use crate::xdm::TypeId;
use std::cell::RefCell;

/// Most paths kept.
const MOST: usize = 4096;

/// See the module.
#[derive(Debug, Default)]
pub struct Paths(RefCell<Known>);

#[derive(Debug, Default)]
struct Known {
    paths: Vec<Path>,
    by_text: Ids,
}

#[derive(Debug)]
struct Path {
    of: TypeId,
    text: Box<str>,
    found: Found,
}

/// A path of a schema.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its steps.
    pub steps: Steps,
    /// Whether what it leads to is there wherever the record is.
    pub required: bool,
}

impl Paths {
    /// The path that is written so, if it was found before.
    pub fn get(&self, of: TypeId, text: &str) -> Option<Found> {
        let known = self.0.borrow();
        let is = |ix: u32| known.paths[ix as usize].is(of, text);
        let ix = known.by_text.get(hash_of(of, text), is)?;
        Some(known.paths[ix as usize].found.clone())
    }

    /// Keeps a path under how it is written, unless that is with spaces or comments: then it will hardly be written so again.
    pub fn keep(&self, of: TypeId, text: &str, found: Found) {
        let names = || found.steps.iter().map(|step| &*step.name);
        let known = &mut *self.0.borrow_mut();
        if !text.split('.').eq(names()) || known.paths.len() == MOST {
            return;
        }
        let (ix, paths) = (known.paths.len() as u32, &known.paths);
        let is = |ix: u32| paths[ix as usize].is(of, text);
        if known
            .by_text
            .get_or_insert(hash_of(of, text), ix, is)
            .is_none()
        {
            let text = text.into();
            known.paths.push(Path { of, text, found });
        }
    }
}

impl Path {
    fn is(&self, of: TypeId, text: &str) -> bool {
        self.of == of && *self.text == *text
    }
}

fn hash_of(of: TypeId, text: &str) -> u64 {
    hash::text(of.index() as u64, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hir::PathStep;
    use crate::types::Type;

    fn found(names: &[&str]) -> Found {
        let step = |name: &&str| PathStep::new((*name).into(), Type::String);
        Found {
            steps: Steps::of(names.iter().map(step).collect()).expect("one step at least"),
            required: true,
        }
    }

    #[test]
    fn only_what_is_written_plainly_is_kept() {
        let paths = Paths::default();
        let a_b = found(&["a", "b"]);
        for text in ["a .b", "`a`.b", "a./* */b", "a", "a.b.c"] {
            paths.keep(TypeId::ANY, text, a_b.clone());
            assert!(paths.get(TypeId::ANY, text).is_none(), "{text}");
        }
        // A name with a dot in it is no two steps.
        paths.keep(TypeId::ANY, "a.b", found(&["a.b"]));
        assert!(paths.get(TypeId::ANY, "a.b").is_none());
        paths.keep(TypeId::ANY, "a.b", a_b.clone());
        let kept = paths.get(TypeId::ANY, "a.b").expect("it was kept");
        assert_eq!((kept.steps, kept.required), (a_b.steps, true));
    }

    #[test]
    fn no_more_than_most_are_kept() {
        let paths = Paths::default();
        for n in 0..MOST + 5 {
            let name = format!("n{n}");
            paths.keep(TypeId::ANY, &name, found(&[&name]));
            assert_eq!(paths.get(TypeId::ANY, &name).is_some(), n < MOST, "{n}");
        }
    }
}
