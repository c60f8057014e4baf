//! The steps of a path: from a record to what lies in it, however deep.
//!
//! Comes in: names, and the types they lead to. Goes out: steps that many expressions can share. Never true here: no step at all; a
//! step that is no field (keys and indices are expressions of their own).

use crate::hash;
use crate::types::Type;
use std::sync::Arc;

/// One step: `.name`.
#[derive(Clone, Debug)]
pub struct Step {
    /// The field.
    pub name: Arc<str>,
    /// The type of what it leads to.
    pub ty: Type,
    /// The hash of the name, by which tables of names know it.
    pub hash: u64,
}

impl Step {
    /// The field of this name, which is of this type.
    pub fn new(name: Arc<str>, ty: Type) -> Step {
        let hash = hash::text(0, &name);
        Step { name, ty, hash }
    }
}

/// `.a.b.c`. Equal when the names are: what is stepped from says what they lead to.
#[derive(Clone, Debug)]
pub struct Steps(Arc<Way>);

#[derive(Debug)]
struct Way {
    /// One at least.
    steps: Box<[Step]>,
    hash: u64,
}

impl Steps {
    /// These steps; nothing when there is none.
    pub fn of(steps: Vec<Step>) -> Option<Steps> {
        (!steps.is_empty()).then(|| Steps::new(steps.into()))
    }

    /// One step.
    pub fn one(step: Step) -> Steps {
        Steps::new([step].into())
    }

    /// These steps and one more.
    pub fn and(&self, step: Step) -> Steps {
        Steps::new(self.iter().cloned().chain([step]).collect())
    }

    fn new(steps: Box<[Step]>) -> Steps {
        let hash = steps.iter().fold(0, |all, step| hash::mix(all, step.hash));
        Steps(Arc::new(Way { steps, hash }))
    }

    /// The steps, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Step> {
        self.0.steps.iter()
    }

    /// The last of them.
    pub fn last(&self) -> &Step {
        &self.0.steps[self.count() - 1]
    }

    /// How many there are: at least one.
    pub fn count(&self) -> usize {
        self.0.steps.len()
    }

    /// A number that equal steps share.
    pub fn hash(&self) -> u64 {
        self.0.hash
    }
}

impl PartialEq for Steps {
    fn eq(&self, other: &Steps) -> bool {
        let mut names = self.iter().zip(other.iter());
        Arc::ptr_eq(&self.0, &other.0)
            || self.hash() == other.hash()
                && self.count() == other.count()
                && names.all(|(a, b)| a.name == b.name)
    }
}
