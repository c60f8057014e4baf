//! What an expression can see: data by reference, an instant, a zone.
//!
//! Comes in: what the caller has. Goes out: [`Scope`]. Never true here: a copy of the data, a default.

use crate::hir::VarId;
use journey_machine::time::Zone;
use journey_machine::value::Value;
use std::collections::BTreeMap;

/// What a variable holds.
#[derive(Clone, Debug)]
pub enum Bound {
    /// A record as it came: an event, a response.
    Json(serde_json::Value),
    /// A value.
    Value(Value),
}

/// Everything an expression can see.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The profile; `None`: nothing of it is known.
    pub profile: Option<&'a serde_json::Value>,
    /// The event of a condition, the arguments of a call.
    pub input: Option<&'a serde_json::Value>,
    /// Variables that are in force; one that is not there is missing.
    pub vars: &'a BTreeMap<VarId, Bound>,
    /// Now, in milliseconds since the epoch.
    pub now_ms: i64,
    /// The zone of calendar words.
    pub zone: &'a Zone,
}
