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
        let mut rng = Rng::of(seed, package, u64::MAX);
        let mut out = String::new();
        for (_, mut event) in self.events {
            let fate = rng.between(0, 999);
            if fate < 8 {
                break_field(&mut event, &mut rng, spoil);
            }
            let line = event.to_string();
            out.push_str(&line);
            out.push('\n');
            if (8..23).contains(&fate) {
                out.push_str(&line);
                out.push('\n');
            }
        }
        out
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
