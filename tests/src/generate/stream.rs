//! Events in time order, some delivered twice, some broken.
//!
//! In: events with their instants. Out: NDJSON. Never true here: an event out of order.

use super::clock::instant;
use super::rng::Rng;
use serde_json::Value;

/// Events as they gather.
#[derive(Default)]
pub(super) struct Stream {
    events: Vec<(i64, Value)>,
}

impl Stream {
    /// Adds an event; its `timestamp` is set here.
    pub fn add(&mut self, at: i64, mut event: Value) {
        if let Some(object) = event.as_object_mut() {
            object.insert("timestamp".to_owned(), Value::from(instant(at)));
        }
        self.events.push((at, event));
    }

    /// The stream as a real one arrives: in order of time, a few events twice, a few with a field of the wrong type. `spoil` gives the places
    /// that may be wrong, as JSON pointers.
    pub fn write(mut self, seed: u64, package: &str, spoil: &[&str]) -> String {
        // The sort is stable: events of one instant stay in the order they were told in.
        self.events.sort_by_key(|(at, _)| *at);
        let mut wire = Wire::new(seed, package);
        let mut out = String::new();
        for (_, event) in self.events {
            let (line, times) = wire.carry(event, spoil);
            for _ in 0..times {
                out.push_str(&line);
                out.push('\n');
            }
        }
        out
    }

    /// Takes the events out, in the order they were told in.
    pub fn drain(&mut self) -> impl Iterator<Item = (i64, Value)> + '_ {
        self.events.drain(..)
    }
}

/// What happens to events on their way.
pub(super) struct Wire(Rng);

impl Wire {
    /// The way that a seed decides.
    pub fn new(seed: u64, package: &str) -> Wire {
        Wire(Rng::of(seed, package, u64::MAX))
    }

    /// The next event as a line, and how often it arrives.
    pub fn carry(&mut self, mut event: Value, spoil: &[&str]) -> (String, usize) {
        let fate = self.0.between(0, 999);
        if fate < 8 {
            break_field(&mut event, &mut self.0, spoil);
        }
        let again = (8..23).contains(&fate);
        (event.to_string(), 1 + usize::from(again))
    }
}

/// Gives one of the places a value of another type.
fn break_field(event: &mut Value, rng: &mut Rng, places: &[&str]) {
    let first = rng.next() as usize % places.len().max(1);
    let found = (0..places.len())
        .map(|at| places[(first + at) % places.len()])
        .find(|place| event.pointer(place).is_some());
    if let Some(slot) = found.and_then(|place| event.pointer_mut(place)) {
        *slot = match slot {
            Value::Number(number) => Value::from(format!("{number} EUR")),
            Value::String(_) => Value::from(4_711),
            _ => Value::from(true),
        };
    }
}
