//! What reading alone takes: the part of a replay that no journey has a say in.
//!
//! Comes in: the events' file. Goes out: the processor time an event, of reading the file by lines, and of telling whether a
//! line is JSON, by this project's index and by others' parsers. Never true here: a document kept, an event understood.

use bench_core::clock::thread_ns;
use journeyc::host::feed::{Feed, Line};
use serde::de::IgnoredAny;
use std::io::{self, Read};

/// How deep documents may nest.
const NESTING: usize = 64;

/// Says whether a line is JSON.
type Way<'w> = &'w mut dyn FnMut(&[u8]) -> bool;

/// Goes through the events once for each way of reading; names and nanoseconds an event. A way that refuses a line that another
/// takes is an error.
pub fn floor<R: Read>(open: impl Fn() -> io::Result<R>) -> io::Result<Vec<(&'static str, f64)>> {
    let mut index = journey_json::Index::new();
    let lines = pass(open()?, &mut |_| true)?;
    let mut found = vec![("the file, by lines", lines.nanos)];
    let ways: [(&str, Way<'_>); 4] = [
        ("this project's index", &mut |line| {
            index.read(line, NESTING).is_ok()
        }),
        ("sonic-rs, value not kept", &mut |line| {
            sonic_rs::from_slice::<IgnoredAny>(line).is_ok()
        }),
        ("serde_json, value not kept", &mut |line| {
            serde_json::from_slice::<IgnoredAny>(line).is_ok()
        }),
        ("serde_json::Value", &mut |line| {
            serde_json::from_slice::<serde_json::Value>(line).is_ok()
        }),
    ];
    let mut good = None;
    for (name, way) in ways {
        let all = pass(open()?, way)?;
        if *good.get_or_insert(all.good) != all.good {
            return Err(io::Error::other(format!(
                "{name}: {} lines are JSON",
                all.good
            )));
        }
        found.push((name, all.nanos - lines.nanos));
    }
    Ok(found)
}

/// A pass over the file.
struct Pass {
    /// Nanoseconds a line.
    nanos: f64,
    /// Lines that are JSON.
    good: u64,
}

fn pass(reader: impl Read, is_json: Way<'_>) -> io::Result<Pass> {
    let started = thread_ns();
    let mut feed = Feed::new(reader);
    let (mut all, mut good) = (0u64, 0);
    while let Some((_, line)) = feed.next_line()? {
        all += 1;
        if let Line::Bytes(bytes) = line {
            good += u64::from(is_json(bytes));
        }
    }
    let nanos = (thread_ns() - started) as f64 / all.max(1) as f64;
    Ok(Pass { nanos, good })
}
