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
use journey_machine::read::RejectCode;
use std::io::{self, Read};

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
    feed: &mut Feed<impl Read>,
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
    let mut room = Room::default();
    'feed: while let Some((number, line)) = feed.next_line()? {
        let Line::Bytes(bytes) = line else {
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
            one(&mut engine, profiles, number, event, &mut room);
        }
    }
    engine.advance_to(engine.now().plus(AFTER_MS));
    let (tally, people) = engine.into_parts();
    Ok(tally.finish(deployment, people.iter()))
}

/// Memory that one event leaves to the next.
#[derive(Default)]
struct Room {
    scanned: Scanned,
    /// The people it is about.
    about: Vec<Who>,
}

/// One event.
fn one(
    engine: &mut Engine<'_, Stubs, Tally>,
    profiles: &Profiles,
    number: u64,
    event: &[u8],
    room: &mut Room,
) {
    let at = feed::timestamp(event);
    let Room { scanned, about } = room;
    let read = engine.scan_at(event, at.map_or(Instant(i64::MIN), Instant), scanned);
    // What is no JSON names no instant, even if one can be seen in it.
    let is_json = !matches!(&read, Err(rejection) if rejection.code == RejectCode::Syntax);
    if let Some(at) = at.filter(|_| is_json) {
        engine.advance_to(Instant(at));
        let report = &mut engine.watch.report;
        let (from, to) = report.time.unwrap_or((at, at));
        report.time = Some((from, to.max(at)));
    }
    if let Err(rejection) = read {
        let place = format!("line {number}");
        let report = &mut engine.watch.report;
        return report.reject(rejection.code.code(), place, rejection.to_string());
    }
    about.clear();
    for (namespace, id) in scanned.people() {
        let who = engine.meet(namespace, id);
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
    engine.watch.unaddressed(scanned, number, deployment);
    engine.deliver_to(scanned, about);
}
