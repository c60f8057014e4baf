//! Keys of an object: which of the plan's they are, and whether they came before.

use journey_artifact::model::{Artifact, PlanNode, StrId};
use serde::de::{DeserializeSeed, Visitor};
use std::fmt;

/// A key of an object: its place among the plan's keys, if it is one of them. The plan's keys are sorted.
pub(super) struct Key<'k> {
    pub keys: &'k [(StrId, PlanNode)],
    pub artifact: &'k Artifact,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Option<usize>, E> {
        let name = |id: StrId| {
            self.artifact
                .strings
                .get(id.0 as usize)
                .map_or("", String::as_str)
        };
        Ok(self
            .keys
            .binary_search_by(|(id, _)| name(*id).cmp(key))
            .ok())
    }
}

/// Some of the keys of an object; up to 64 without allocation.
pub(super) struct Seen {
    first: u64,
    rest: Vec<bool>,
}

impl Seen {
    pub fn new(count: usize) -> Seen {
        Seen {
            first: 0,
            rest: vec![false; count.saturating_sub(64)],
        }
    }

    /// Notes a key; whether it was not noted before.
    pub fn first_time(&mut self, ix: usize) -> bool {
        if ix < 64 {
            let fresh = self.first >> ix & 1 == 0;
            self.first |= 1 << ix;
            return fresh;
        }
        match self.rest.get_mut(ix - 64) {
            Some(seen) => !std::mem::replace(seen, true),
            None => false,
        }
    }
}
