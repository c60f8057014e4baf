//! One stay of a person in one journey, as it is kept while nothing happens.
//!
//! Comes in: what the node loop leaves when it parks. Goes out: where the instance stands and when it is due.
//! Never true here: decoded variables; they live only inside one `advance`.

use crate::ids::{InstanceId, Instant, JourneyRef};

/// One stay.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Instance {
    /// First eight bytes of the program's hash.
    pub(crate) program: u64,
    /// Index of the journey in its artifact.
    pub(crate) journey: u32,
    /// The node it is parked at (or runs next, in [`State::Running`]).
    pub(crate) node: u32,
    /// The node it came from.
    pub(crate) parent: Option<u32>,
    /// Number of the instance within the person.
    pub(crate) seq: u32,
    /// Nodes visited so far: tells two visits of one node apart.
    pub(crate) visit: u32,
    pub(crate) entered_at: Instant,
    /// Key beside the profile (`instance per`).
    pub(crate) key: Option<Box<str>>,
    pub(crate) phase: Phase,
    pub(crate) state: State,
    /// End of the longest stay. [`Instant::FAR`] once it is expiring.
    pub(crate) expires: Instant,
    /// Variables, encoded: the node's live ones when parked, all of them in [`State::Running`].
    pub(crate) vars: Vec<u8>,
    pub(crate) known: Known,
}

/// The id of the stay and the key of its last call, once a turn has computed them: hashes of what never changes while those last.
/// They are not part of what is kept, and whether they are known makes no difference between two instances. Zero stands for one
/// that is not known, so that they take little room: should one be zero, it is computed each time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known {
    stay: [u64; 2],
    call: [u64; 2],
    /// The visit that made the call.
    visit: u64,
}

impl Known {
    /// The id of the stay.
    pub fn stay(&self) -> Option<InstanceId> {
        joined(self.stay).map(InstanceId)
    }

    /// Takes note of it.
    pub fn set_stay(&mut self, id: InstanceId) {
        self.stay = halves(id.0);
    }

    /// The idempotency key of the call that this visit made.
    pub fn call(&self, visit: u64) -> Option<u128> {
        joined(self.call).filter(|_| self.visit == visit)
    }

    /// Takes note of it.
    pub fn set_call(&mut self, visit: u64, key: u128) {
        (self.visit, self.call) = (visit, halves(key));
    }
}

fn halves(id: u128) -> [u64; 2] {
    [(id >> 64) as u64, id as u64]
}

fn joined([high, low]: [u64; 2]) -> Option<u128> {
    let id = (u128::from(high) << 64) | u128::from(low);
    (id != 0).then_some(id)
}

impl PartialEq for Known {
    fn eq(&self, _: &Known) -> bool {
        true
    }
}

impl Eq for Known {}

/// Which steps an instance is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// The journey's own.
    Inside,
    /// Those of an exit rule: no exit is looked at any more.
    Leaving {
        /// Index of the rule.
        exit: u32,
    },
    /// Those of `expires … { }`: neither exits nor expiry are looked at.
    Expiring,
}

/// What an instance is waiting for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// For a time, or for an event before it.
    Waiting {
        /// The time.
        until: Instant,
    },
    /// For the outcome of an attempt.
    Calling {
        /// From 1.
        attempt: u32,
        /// When it counts as timed out though the host never said so.
        guard: Instant,
        /// The arguments, encoded; empty when no retry can follow.
        args: Vec<u8>,
    },
    /// For the pause before a retry to end.
    Pausing {
        /// The attempt that follows.
        attempt: u32,
        /// When.
        until: Instant,
        /// The arguments, encoded: a retry sends the same.
        args: Vec<u8>,
    },
    /// For the next `advance`: the node budget of the last one was used up.
    Running {
        /// Nodes since it last parked.
        streak: u32,
        /// When that was: it is due at once.
        since: Instant,
    },
}

impl State {
    /// For nothing: an instance that runs. Never kept.
    pub(crate) const NOTHING: State = State::Waiting {
        until: Instant::FAR,
    };
}

impl Instance {
    /// The journey it is in.
    pub fn place(&self) -> JourneyRef {
        JourneyRef {
            program: self.program,
            journey: self.journey,
        }
    }

    /// First eight bytes of the hash of the program it is in.
    pub fn program(&self) -> u64 {
        self.program
    }

    /// Index of its journey in that program.
    pub fn journey(&self) -> u32 {
        self.journey
    }

    /// Index of the node it is at.
    pub fn node(&self) -> u32 {
        self.node
    }

    /// Number within the person, from 0; never reused.
    pub fn seq(&self) -> u32 {
        self.seq
    }

    /// When it entered.
    pub fn entered_at(&self) -> Instant {
        self.entered_at
    }

    /// Key beside the profile, if the journey has one.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Which steps it is in.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// What it waits for.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Until when its node waits; for a call, until when the machine waits for the host.
    pub fn waiting_until(&self) -> Instant {
        match self.state {
            State::Waiting { until }
            | State::Calling { guard: until, .. }
            | State::Pausing { until, .. } => until,
            State::Running { since, .. } => since,
        }
    }

    /// End of the longest stay.
    pub fn expires(&self) -> Instant {
        self.expires
    }

    /// When a timer of it is due: the node's, or the expiry.
    pub fn due(&self) -> Instant {
        self.waiting_until().min(self.expires)
    }

    /// Bytes its variables take.
    pub fn variable_bytes(&self) -> usize {
        self.vars.len()
    }
}
