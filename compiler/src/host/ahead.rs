//! Events that are read before they are delivered: what an event is does not depend on those before it, and whoever it is about
//! can be fetched from memory while the next ones are read.
//!
//! Comes in: events as bytes, in order. Goes out: the same, read, in the same order, some of them at a time.
//! Never true here: an event held back once the last one was read; an effect.

use super::answers::Answers;
use super::engine::Engine;
use super::identities::Hashed;
use super::people::{People, Step, Who};
use super::watch::Watch;
use journey_machine::deployment::{Scanned, Stamp};
use journey_machine::ids::Instant;
use journey_machine::read::Rejection;

/// Events that are delivered together: their reading and their turns keep their code near by turns.
const TOGETHER: usize = 16;

/// Steps from an identity to all that is known of somebody: as many events are read behind the last that is delivered.
const STEPS: usize = 4;

/// Events that were read and not delivered yet.
#[derive(Default)]
pub struct Ahead {
    /// Those in use come first; the memory of all serves those that come next.
    events: Vec<Event>,
    count: usize,
    /// What the clock will show when they are delivered.
    latest: Option<Instant>,
    /// People who have a timer by then.
    timers: Vec<Who>,
}

/// An event that was read.
#[derive(Default)]
pub struct Event {
    /// Its line.
    pub line: u64,
    /// The instant it names.
    pub stamp: Stamp,
    /// Why it is no event.
    pub refused: Option<Rejection>,
    /// What it is.
    pub scanned: Scanned,
    /// The people it is about.
    pub about: Vec<About>,
}

/// Somebody an event is about.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Hash of the identity.
    pub hash: u64,
    /// Who it is, once they were looked up and known.
    pub who: Option<Who>,
}

impl Event {
    /// The people it is about, as they are named and as far as they are known.
    pub fn people(&self) -> impl Iterator<Item = (Hashed<'_>, Option<Who>)> {
        let people = self.scanned.people().zip(&self.about);
        people.map(|((namespace, id), about)| (Hashed::with(namespace, id, about.hash), about.who))
    }

    /// Looks up who they are.
    fn find(&mut self, people: &People) {
        for (about, (namespace, id)) in self.about.iter_mut().zip(self.scanned.people()) {
            about.who = people.find(Hashed::with(namespace, id, about.hash));
        }
    }

    /// Asks for the memory of those who are known.
    fn fetch(&self, people: &People, step: Step) {
        let known = self.about.iter().filter_map(|about| about.who);
        known.for_each(|who| people.fetch(who, step));
    }
}

impl Ahead {
    /// Reads one more.
    pub fn read<A: Answers, W: Watch>(
        &mut self,
        engine: &mut Engine<'_, A, W>,
        line: u64,
        bytes: &[u8],
    ) {
        if self.count == self.events.len() {
            self.events.push(Event::default());
        }
        let event = &mut self.events[self.count];
        self.count += 1;
        let clock = self.latest.unwrap_or(Instant(i64::MIN));
        let (stamp, scanned) = engine.scan_stamped(bytes, clock, &mut event.scanned);
        event.line = line;
        event.stamp = stamp;
        event.refused = scanned.err();
        event.about.clear();
        if event.refused.is_none() {
            self.latest = self.latest.max(stamp.instant());
            let people = event.scanned.people();
            event.about.extend(people.map(|(namespace, id)| About {
                hash: Hashed::new(namespace, id).hash(),
                who: None,
            }));
        }
        self.fetch(engine);
    }

    /// Events that may be delivered now, in order; `all`: every one that was read. Each is to be handed to
    /// [`Ahead::delivered`] when its turn is over.
    pub fn ready(&mut self, all: bool) -> &mut [Event] {
        let ready = match (all, self.count >= TOGETHER + STEPS) {
            (true, _) => self.count,
            (false, true) => TOGETHER,
            (false, false) => 0,
        };
        &mut self.events[..ready]
    }

    /// So many were delivered: the others move up.
    pub fn delivered(&mut self, count: usize) {
        if count == 0 {
            return;
        }
        self.count -= count;
        for at in 0..self.count {
            self.events.swap(at, at + count);
        }
    }

    /// Goes one step further with the people of each of the last events.
    fn fetch<A: Answers, W: Watch>(&mut self, engine: &Engine<'_, A, W>) {
        let people = engine.everybody();
        let [.., values, lists, head, entry, slot] = &mut self.events[..self.count] else {
            return; // the first few
        };
        for about in &slot.about {
            people.identities().fetch_slot(about.hash);
        }
        for about in &entry.about {
            people.identities().fetch_entry(about.hash);
        }
        head.find(people);
        head.fetch(people, Step::Head);
        lists.fetch(people, Step::Lists);
        values.fetch(people, Step::Values);
        // Whoever has a timer is fetched last, when it is nearly known what the clock will show.
        let step = match TOGETHER + STEPS - self.count.min(TOGETHER + STEPS) {
            2 => {
                self.timers.clear();
                engine.soon(self.latest, &mut self.timers);
                Step::Head
            }
            1 => Step::Lists,
            0 => Step::Values,
            _ => return,
        };
        self.timers.iter().for_each(|who| people.fetch(*who, step));
    }
}
