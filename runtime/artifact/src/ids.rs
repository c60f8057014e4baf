//! Indices into an artifact's tables. Newtypes, so that one table's index cannot be used in another.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub struct $name(pub u32);
    )* };
}

ids! {
    /// Index into [`crate::model::Artifact::strings`].
    StrId,
    /// Index into [`crate::model::Artifact::constants`].
    ConstId,
    /// Index into [`crate::model::Artifact::plans`].
    PlanId,
    /// Index into [`crate::model::Artifact::chunks`].
    ChunkId,
    /// Index into [`crate::model::Artifact::events`].
    EventId,
    /// Index into [`crate::model::Artifact::calls`].
    CallId,
}

/// Number of a slot in its shape.
pub type SlotIx = u16;
