//! Replays events through a deployment in virtual time.
//!
//! Comes in: a feed of events, profiles, stubs. Goes out: a [`Report`]. The events' `timestamp`s drive the clock, in the order
//! of the feed; one that lies before the clock is delivered at the clock's time.
//! Never true here: a broken event that stops the replay, or that is lost without a code.

use super::answers::Stubs;
use super::engine::{Engine, Options, Who};
use super::feed::{self, Feed, Line};
use super::profiles::Profiles;
use super::report::Report;
use super::tally::Tally;
use journey_machine::deployment::{Deployment, Scanned};
use journey_machine::ids::Instant;
use journey_machine::read::{RejectCode, Rejection};
use std::io;

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
    let mut engine = Engine::new(deployment, stubs, tally, Instant(i64::MIN), host);
    let mut ahead = Ahead::default();
    'feed: while let Some((number, line)) = feed.next_line()? {
        let Line::Bytes(bytes) = line else {
            ahead.deliver(&mut engine, profiles);
            engine.watch.report.events += 1;
            engine.watch.report.reject(
                "TOO_LARGE",
                format!("line {number}"),
                "the line is too long".into(),
            );
            continue;
        };
        for event in feed::events(bytes) {
            if options
                .limit
                .is_some_and(|limit| engine.watch.report.events >= limit)
            {
                break 'feed;
            }
            engine.watch.report.events += 1;
            tick(engine.watch.report.events);
            ahead.read(&mut engine, number, event);
            if ahead.count == AHEAD {
                ahead.deliver(&mut engine, profiles);
            }
        }
    }
    ahead.deliver(&mut engine, profiles);
    engine.advance_to(engine.now().plus(AFTER_MS));
    let (tally, people) = engine.into_parts();
    Ok(tally.finish(deployment, people.iter()))
}

/// Events that are read before the first of them is delivered. What an event is does not depend on those before it, and
/// whoever they are about can then be fetched from memory together and not one after another.
const AHEAD: usize = 16;

/// Events that were read and not delivered yet.
#[derive(Default)]
struct Ahead {
    /// Those in use come first; the memory of all serves those that come next.
    events: Vec<Read>,
    count: usize,
    /// What the clock will show when they are delivered.
    latest: Option<Instant>,
    near: Vec<Who>,
}

/// An event that was read.
#[derive(Default)]
struct Read {
    line: u64,
    at: Option<Instant>,
    refused: Option<Rejection>,
    scanned: Scanned,
    /// The people it is about, as far as they are known yet.
    about: Vec<Option<Who>>,
}

impl Ahead {
    fn read(&mut self, engine: &mut Engine<'_, Stubs, Tally>, line: u64, event: &[u8]) {
        if self.count == self.events.len() {
            self.events.push(Read::default());
        }
        let read = &mut self.events[self.count];
        self.count += 1;
        let at = feed::timestamp(event).map(Instant);
        let clock = self.latest.max(at).unwrap_or(Instant(i64::MIN));
        let scanned = engine.scan_at(event, clock, &mut read.scanned);
        // What is no JSON names no instant, even if one can be seen in it.
        let is_json = !matches!(&scanned, Err(refused) if refused.code == RejectCode::Syntax);
        read.line = line;
        read.at = at.filter(|_| is_json);
        read.refused = scanned.err();
        self.latest = self.latest.max(read.at);
    }

    /// Delivers all that were read, in order.
    fn deliver(&mut self, engine: &mut Engine<'_, Stubs, Tally>, profiles: &Profiles) {
        let events = &mut self.events[..self.count];
        self.count = 0;
        self.near.clear();
        for read in &mut *events {
            read.about.clear();
            if read.refused.is_none() {
                let people = read.scanned.people();
                let about = people.map(|(namespace, id)| engine.find(namespace, id));
                read.about.extend(about);
                self.near.extend(read.about.iter().flatten());
            }
        }
        engine.fetch(&mut self.near, self.latest.unwrap_or(engine.now()));
        for read in events {
            one(engine, profiles, read, &mut self.near);
        }
    }
}

/// One event.
fn one(
    engine: &mut Engine<'_, Stubs, Tally>,
    profiles: &Profiles,
    read: &mut Read,
    about: &mut Vec<Who>,
) {
    if let Some(at) = read.at {
        engine.advance_to(at);
        let report = &mut engine.watch.report;
        let (from, to) = report.time.unwrap_or((at.0, at.0));
        report.time = Some((from, to.max(at.0)));
    }
    if let Some(refused) = read.refused.take() {
        let place = format!("line {}", read.line);
        let report = &mut engine.watch.report;
        return report.reject(refused.code.code(), place, refused.to_string());
    }
    let scanned = &read.scanned;
    about.clear();
    for ((namespace, id), known) in scanned.people().zip(&read.about) {
        let who = known.unwrap_or_else(|| engine.meet(namespace, id));
        about.push(who);
        if engine.has_profile(who) {
            continue;
        }
        if let Some((line, text)) = profiles.find(namespace, id)
            && let Err(rejection) = engine.set_profile_text(who, text.clone())
        {
            let code = format!("PROFILE_{}", rejection.code.code());
            engine.watch.report.reject(
                &code,
                format!("profiles, line {line}"),
                rejection.to_string(),
            );
        }
    }
    if scanned.matches.is_empty() && scanned.unaddressed.is_empty() {
        engine.watch.report.events_with_no_journey += 1;
    }
    let deployment = engine.deployment();
    engine.watch.unaddressed(scanned, read.line, deployment);
    engine.deliver_to(scanned, about);
}
