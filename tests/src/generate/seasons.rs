//! The shop for as long as somebody wants: the retail example's five weeks, season after season, in the memory of its people.
//!
//! In: a seed, how many people and how many events. Out: NDJSON to two writers; the same counts and seed give the same bytes.
//! Never true here: an event out of order, events held beyond those of the visits under way.

use super::retail::{SPOIL, Shopper};
use super::stream::{Stream, Wire};
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::io::{self, Write};

/// How much there is of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// People; each makes one or two visits in five weeks, which are some six events.
    pub people: u64,
    /// Lines of events.
    pub events: u64,
}

/// Writes the retail example of this size.
///
/// # Errors
/// Those of the writers.
pub fn write(
    seed: u64,
    size: Size,
    events: &mut dyn Write,
    profiles: &mut dyn Write,
) -> io::Result<()> {
    let mut people = Vec::new();
    // The next visit of everybody: its start, whose it is.
    let mut visits = BinaryHeap::new();
    for index in 0..size.people {
        let (mut shopper, profile) = Shopper::new(seed, index);
        writeln!(profiles, "{profile}")?;
        shopper.plan_season(0);
        visits.push(Reverse((shopper.next_start(), people.len())));
        people.push((shopper, 0));
    }
    let mut wire = Wire::new(seed, "retail");
    let mut told = Stream::default();
    // Events of visits under way, by instant and then in the order they were told in.
    let mut ahead: BTreeMap<(i64, u64), Value> = BTreeMap::new();
    let (mut number, mut written) = (0, 0);
    while let Some(Reverse((start, who))) = visits.pop() {
        while let Some(next) = ahead.first_entry().filter(|next| next.key().0 < start) {
            let (line, times) = wire.carry(next.remove(), &SPOIL);
            for _ in 0..times {
                if written == size.events {
                    return Ok(());
                }
                writeln!(events, "{line}")?;
                written += 1;
            }
        }
        let (shopper, season) = &mut people[who];
        shopper.visit(&mut told, start);
        for (at, event) in told.drain() {
            ahead.insert((at, number), event);
            number += 1;
        }
        if !shopper.comes_again() {
            *season += 1;
            shopper.plan_season(*season);
        }
        visits.push(Reverse((shopper.next_start(), who)));
    }
    Ok(())
}
