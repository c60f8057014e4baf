//! Replays events through a deployment in virtual time.
//!
//! Comes in: a feed of events, profiles, stubs. Goes out: a [`Report`]. The events' `timestamp`s drive the clock, in the order
//! of the feed; one that lies before the clock is delivered at the clock's time, and so is an event without one that can be read.
//! Whatever an event is about (a duplicate, an event without an identity or with no journey too), its instant is one that came;
//! of one that is refused nothing is believed, its instant as little as the rest.
//! Never true here: a broken event that stops the replay, that is lost without a code, or that anybody's journey hears of, be it
//! by the clock; an event whose time is another than it says, and nobody is told; a wait for an event that the limit leaves out.

use super::ahead::{Ahead, Event};
use super::answers::Stubs;
use super::engine::{Engine, Options};
use super::feed::{self, Feed, Line};
use super::people::Who;
use super::profiles::Profiles;
use super::report::Report;
use super::story;
use super::tally::Tally;
use journey_machine::deployment::{Deployment, Stamp};
use journey_machine::ids::Instant;
use std::io;

/// What the clock shows until an event names an instant.
const START: Instant = Instant(0);
/// Milliseconds between a call and its stubbed answer.
const LATENCY_MS: i64 = 50;
/// Milliseconds that the clock goes on after the last event, so that answers under way still arrive.
const AFTER_MS: i64 = 1_000;

/// What a replay is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RunOptions {
    /// Stop after so many events.
    pub limit: Option<u64>,
    /// The person (by id) whose moves are all told.
    pub person: Option<String>,
    /// People whose stays are shown in the table.
    pub table: usize,
}

/// Replays a feed. `report` may already hold what reading the profiles found; `tick` hears of every event, by number.
pub fn replay(
    deployment: &Deployment,
    feed: &mut Feed<impl io::Read>,
    stubs: Stubs,
    profiles: &Profiles,
    options: &RunOptions,
    report: Report,
    tick: &mut dyn FnMut(u64),
) -> io::Result<Report> {
    let tally = Tally::new(report, options.person.clone(), options.table);
    let host = Options {
        latency_ms: LATENCY_MS,
        trace: options.person.is_some(),
        recode: false,
    };
    let mut engine = Engine::new(deployment, stubs, tally, START, host);
    let mut ahead = Ahead::default();
    let limit = options.limit.unwrap_or(u64::MAX);
    // Asked before the next line is: whoever writes the feed may have none yet.
    while engine.watch.report.events < limit
        && let Some((number, line)) = feed.next_line()?
    {
        let Line::Bytes(bytes) = line else {
            deliver(&mut engine, profiles, &mut ahead, true);
            let report = &mut engine.watch.report;
            report.events += 1;
            report.refuse(number, "TOO_LARGE", "the line is too long".into());
            continue;
        };
        for event in feed::events(bytes) {
            if engine.watch.report.events >= limit {
                break;
            }
            engine.watch.report.events += 1;
            tick(engine.watch.report.events);
            ahead.read(&mut engine, number, event);
            deliver(&mut engine, profiles, &mut ahead, false);
        }
    }
    deliver(&mut engine, profiles, &mut ahead, true);
    engine.advance_to(engine.now().plus(AFTER_MS));
    let now = engine.now();
    let (tally, people) = engine.into_parts();
    Ok(tally.finish(deployment, people.iter(), now))
}

/// Delivers the events whose turn it is, in order: `all` that were read, or those that are ready.
fn deliver(
    engine: &mut Engine<'_, Stubs, Tally>,
    profiles: &Profiles,
    ahead: &mut Ahead,
    all: bool,
) {
    let mut about = Vec::new();
    let events = ahead.ready(all);
    for event in &mut *events {
        one(engine, profiles, event, &mut about);
    }
    let count = events.len();
    ahead.delivered(count);
}

/// One event.
fn one(
    engine: &mut Engine<'_, Stubs, Tally>,
    profiles: &Profiles,
    event: &mut Event,
    about: &mut Vec<Who>,
) {
    if let Some(refused) = event.refused.take() {
        let (code, why) = (refused.code.code(), refused.to_string());
        return engine.watch.report.refuse(event.line, code, why);
    }
    if let Stamp::At(at) = event.stamp {
        engine.advance_to(at);
        let now = engine.now().0;
        let report = &mut engine.watch.report;
        let (from, _) = report.time.unwrap_or((now, now));
        report.time = Some((from, now));
    }
    off_the_clock(engine, event);
    about.clear();
    for (of, known) in event.people() {
        let who = known.unwrap_or_else(|| engine.meet_hashed(of));
        about.push(who);
        if !engine.asks_profile(who) {
            continue;
        }
        if let Some((line, text)) = profiles.find(of)
            && let Err(rejection) = engine.set_profile_text(who, text.clone())
        {
            let place = format!("profiles, line {line}");
            engine.watch.report.reject_profile(place, &rejection);
        }
    }
    let scanned = &event.scanned;
    let deployment = engine.deployment();
    engine.watch.unaddressed(scanned, event.line, deployment);
    let moved = engine.deliver_to(scanned, about);
    if !moved && scanned.unaddressed.is_empty() {
        engine.watch.report.events_with_no_journey += 1;
    }
}

/// Notes an event that is delivered at another instant than its timestamp says.
fn off_the_clock(engine: &mut Engine<'_, Stubs, Tally>, event: &Event) {
    let now = engine.now();
    let report = &mut engine.watch.report;
    let (noted, what) = match event.stamp {
        Stamp::At(at) if at < now => (&mut report.events_late, Some(at)),
        Stamp::Unreadable => (&mut report.events_with_unreadable_timestamp, None),
        Stamp::At(_) | Stamp::None => return,
    };
    noted.note(|| {
        let says = what.map_or(
            "no instant like 2026-03-01T10:00:00Z".into(),
            story::instant,
        );
        let place = format!("line {}", event.line);
        (place, format!("{says}; taken at {}", story::instant(now)))
    });
}
