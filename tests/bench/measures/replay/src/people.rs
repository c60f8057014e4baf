//! People as the walker knows them: profiles and variables as JSON, where they wait.
//!
//! Comes in: an identity. Goes out: plain data, and what of it is due when. Never true here: a step.

use journey_machine::ids::Instant;
use journey_machine::limits;
use journey_machine::time::Zone;
use journeyc::hir::{EventId, VarId};
use journeyc::oracle::Bound;
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};

/// Somebody.
pub struct Person {
    pub namespace: String,
    pub id: String,
    pub profile: Option<Json>,
    pub instances: Vec<Instance>,
    pub timer: Option<(Instant, u64)>,
    pub(super) next_seq: u32,
    /// The last entrance into each journey.
    pub(super) marks: HashMap<usize, Instant>,
    /// Events that came, until when they count as the same.
    pub(super) recent: Vec<(u64, Instant)>,
}

/// One stay in one journey.
pub struct Instance {
    pub journey: usize,
    pub at: u32,
    pub(super) seq: u32,
    pub(super) visit: u32,
    pub(super) entered_at: Instant,
    pub(super) vars: BTreeMap<VarId, Bound>,
    pub(super) state: State,
    pub(super) expires: Instant,
    /// Of the calendar words; found when the instance is taken up.
    pub(super) zone: Zone,
}

/// What somebody inside waits for.
pub(super) enum State {
    Waiting {
        until: Instant,
    },
    Calling {
        attempt: u32,
        guard: Instant,
        args: Json,
    },
    Pausing {
        attempt: u32,
        until: Instant,
        args: Json,
    },
}

impl Instance {
    pub(super) fn waiting_until(&self) -> Instant {
        match self.state {
            State::Waiting { until } | State::Pausing { until, .. } => until,
            State::Calling { guard, .. } => guard,
        }
    }

    pub(super) fn due(&self) -> Instant {
        self.waiting_until().min(self.expires)
    }
}

impl Person {
    pub fn new(namespace: &str, id: &str) -> Person {
        Person {
            namespace: namespace.into(),
            id: id.into(),
            profile: None,
            instances: Vec::new(),
            timer: None,
            next_seq: 0,
            marks: HashMap::new(),
            recent: Vec::new(),
        }
    }

    /// When the first timer is due.
    pub fn next_due(&self) -> Option<Instant> {
        self.instances
            .iter()
            .map(Instance::due)
            .min()
            .filter(|due| *due < Instant::FAR)
    }

    pub(super) fn has_seen(&self, of: u64, now: Instant) -> bool {
        self.recent
            .iter()
            .any(|(known, until)| *known == of && *until > now)
    }

    pub(super) fn remember(&mut self, of: u64, until: Instant, now: Instant) {
        self.recent
            .retain(|(known, until)| *until > now && *known != of);
        if until <= now {
            return;
        }
        if self.recent.len() >= limits::RECENT {
            self.recent.remove(0);
        }
        self.recent.push((of, until));
        self.recent.sort_by_key(|(_, until)| *until);
    }
}

/// A declared event that arrived: its number, its document, the hash that two deliveries share and until when.
pub struct Heard<'e> {
    pub event: EventId,
    pub json: &'e Json,
    pub dedupe: Option<(u64, Instant)>,
}
