//! One profile as a whole.
//!
//! Comes in: an identity. Goes out: its instances, its marks, what is due when. Never true here: bytes.

use super::instance::Instance;
use crate::ids::Instant;
use crate::limits;
use journey_json::fetch;

/// Instances whose variables are asked for ahead.
const FETCHED: usize = 4;

/// One profile, as the machine knows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    pub(crate) namespace: Box<str>,
    pub(crate) id: Box<str>,
    /// The latest instant this person was advanced to: a clock that steps back is held here, so no timer un-fires.
    pub(crate) at: Instant,
    /// Number of the next instance. Never reused, so instance ids never repeat.
    pub(crate) next_seq: u32,
    /// By rising sequence number.
    pub(crate) instances: Vec<Instance>,
    pub(crate) marks: Vec<Mark>,
    /// By rising expiry.
    pub(crate) recent: Vec<Recent>,
}

/// That the person entered a journey once: what re-entrance is decided on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Hash of package, journey and instance key.
    pub(crate) of: u64,
    /// The last entrance.
    pub(crate) last: Instant,
    /// Entrances so far.
    pub(crate) count: u32,
    /// From when on nobody needs a mark with an instance key. `None` for the marks without one: they stay, one a journey.
    pub(crate) until: Option<Instant>,
}

impl Mark {
    /// Whether a rule may ask for it after `now`.
    pub(crate) fn is_asked_for(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| until > now)
    }
}

/// An event that came, until when it counts as the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Recent {
    pub(crate) of: u64,
    pub(crate) until: Instant,
}

impl Person {
    /// Somebody never seen before. An identity longer than [`limits::IDENTITY_BYTES`] encodes but does not decode;
    /// a scan never gives one.
    pub fn new(namespace: &str, id: &str) -> Person {
        Person {
            namespace: namespace.into(),
            id: id.into(),
            at: Instant(0),
            next_seq: 0,
            instances: Vec::new(),
            marks: Vec::new(),
            recent: Vec::new(),
        }
    }

    /// Identity namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Identity in that namespace.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The instances, oldest first.
    pub fn instances(&self) -> impl ExactSizeIterator<Item = &Instance> {
        self.instances.iter()
    }

    /// When the first timer is due, over all instances. Instances whose program a deployment lacks count too;
    /// [`crate::effects::Effects::next_due`] leaves those out.
    pub fn next_due(&self) -> Option<Instant> {
        self.instances.iter().map(Instance::due).min()
    }

    /// The latest instant this person was advanced to.
    pub fn at(&self) -> Instant {
        self.at
    }

    /// Asks for the memory of all that it refers to, for a host which will advance it soon and has other things to do until then.
    /// What that refers to in turn is asked for by [`Person::fetch_variables`], once this has come.
    pub fn fetch(&self) {
        fetch(self.instances.as_slice());
        fetch(self.marks.as_slice());
        fetch(self.recent.as_slice());
        fetch(&*self.namespace);
        fetch(&*self.id);
    }

    /// The same of its instances' variables.
    pub fn fetch_variables(&self) {
        for instance in self.instances.iter().take(FETCHED) {
            fetch(instance.vars.as_slice());
        }
    }

    pub(crate) fn mark(&self, of: u64) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.of == of)
    }

    /// Whether an event with this hash came within its window.
    pub(crate) fn has_seen(&self, of: u64) -> bool {
        self.recent.iter().any(|r| r.of == of && r.until > self.at)
    }

    /// Remembers an event until `until`, or longer when it is already: two versions of a package may tell it apart for different
    /// times, and it acts once. Forgets what has run out.
    pub(crate) fn remember(&mut self, of: u64, mut until: Instant) {
        let at = self.at;
        self.recent.retain(|r| {
            if r.of == of {
                until = until.max(r.until);
            }
            r.until > at && r.of != of
        });
        if until <= at {
            return;
        }
        if self.recent.len() >= limits::RECENT {
            self.recent.remove(0);
        }
        let place = self.recent.partition_point(|r| r.until <= until);
        self.recent.insert(place, Recent { of, until });
    }

    /// Forgets marks with an instance key that no rule asks for any more.
    pub(crate) fn drop_stale_marks(&mut self) {
        let at = self.at;
        self.marks.retain(|mark| mark.is_asked_for(at));
    }

    /// Marks with an instance key.
    pub(crate) fn keyed_marks(&self) -> usize {
        let keyed = self.marks.iter().filter(|mark| mark.until.is_some());
        keyed.count()
    }
}
