//! Programs that are taken out of force and come back, while somebody waits in them for the outcome of a call.
//!
//! Comes in: somebody who calls, another deployment for a while, and what is given there and afterwards. Goes out: nothing meanwhile, and
//! afterwards what a host that was away that long comes to. Never here: what an instance at rest is besides (`entrance`).

use crate::build::*;
use crate::host::Host;
use journey_artifact::Verified;
use journey_artifact::graph::*;
use journey_artifact::model::Retry;
use journey_artifact::word::WordType;
use journey_machine::advance::{Cause, Outcome};
use journey_machine::effects::{Code, Status};
use journey_machine::ids::CallKey;

const ANSWER: Outcome<'static> = Outcome::Success {
    status: 200,
    body: b"{}",
};

/// cart → Send, with a retry → "sent" or "gave up"; a stay of so long.
fn calling(version: &str, stay: u64) -> Verified {
    let mut b = Build::shop();
    b.a.version = version.into();
    b.a.calls[0].retry = Retry {
        times: 1,
        min_ms: 60_000,
        max_ms: 60_000,
    };
    let nodes = vec![
        ("send", b.call(1, Vec::new(), Some(2))),
        ("sent", b.end("sent")),
        ("gave-up", b.end(&format!("{version} gave up"))),
    ];
    let name = b.s("Order");
    let when = ExitWhen::Event(b.on(ORDER));
    let journey = b.journey("J", nodes);
    journey.exits.push(Exit {
        name,
        when,
        then: None,
    });
    journey.expires = Span::Exact(stay);
    b.done()
}

/// A package that is another's.
fn other() -> Verified {
    let mut b = Build::shop();
    b.a.name = "other".into();
    let nodes = vec![("end", b.end("other"))];
    b.journey("J", nodes);
    b.done()
}

/// The same person where these programs are in force.
fn under(host: &Host, programs: Vec<Verified>) -> Host {
    let mut next = Host::with(programs);
    next.restore(&host.person.to_bytes());
    next.now = host.now;
    next
}

/// Somebody whose call is out, at rest.
fn resting(stay: u64) -> (Host, CallKey) {
    let mut host = Host::with(vec![calling("1", stay)]);
    host.event("cart", "c1");
    let call = host.last_call();
    (under(&host, vec![other()]), call)
}

fn success(call: CallKey) -> Cause<'static> {
    let outcome = ANSWER;
    Cause::CallResult { call, outcome }
}

fn last(host: &Host) -> (Status, Code) {
    let last = host.steps.last().expect("a step");
    (last.status, last.code)
}

#[test]
fn an_outcome_counts_when_the_program_is_back_however_long_that_takes() {
    for away in [0, HOUR, 30 * DAY] {
        let (mut host, call) = resting(91 * DAY);
        let before = host.person.instances().next().cloned();
        let effects = host.input(success(call));
        assert!(effects.steps.is_empty() && effects.withdrawn.is_empty());
        assert!(host.person.instances().eq(&before), "as if it had not come");
        host.now += away as i64;
        let mut host = under(&host, vec![calling("1", 91 * DAY)]);
        let effects = host.input(success(call));
        assert_eq!(host.path(), ["send", "ended(sent)"], "{away} ms");
        assert!(effects.withdrawn.is_empty() && effects.calls.is_empty());
    }
}

#[test]
fn nobody_said_anything_for_long() {
    let (mut host, call) = resting(91 * DAY);
    host.now += DAY as i64;
    let effects = host.input(Cause::Timer);
    assert_eq!((effects.next_due, effects.withdrawn.len()), (None, 0));
    let mut host = under(&host, vec![calling("1", 91 * DAY)]);
    let effects = host.input(Cause::Timer);
    assert_eq!(last(&host), (Status::Retrying, Code::Timeout));
    assert_eq!(effects.withdrawn, [call], "it may not have gone out");
    assert!(
        host.input(success(call)).steps.is_empty(),
        "another is waited for"
    );
    host.pass(60_000);
    let again = host.last_call();
    assert_eq!((again.key, again.attempt), (call.key, 2));
    host.answer(ANSWER);
    assert_eq!(last(&host), (Status::Ended, Code::Plain));
}

#[test]
fn a_stay_that_ended_meanwhile_is_over_before_its_outcome() {
    let (mut host, call) = resting(10 * 60_000);
    host.now += DAY as i64;
    let mut host = under(&host, vec![calling("1", 10 * 60_000)]);
    let effects = host.input(success(call));
    assert_eq!(last(&host), (Status::Expired, Code::Expiry));
    assert_eq!(effects.withdrawn, [call]);
}

#[test]
fn a_retry_that_was_due_meanwhile_is_made_late() {
    let mut host = Host::with(vec![calling("1", 91 * DAY)]);
    host.event("cart", "c1");
    let first = host.last_call();
    host.answer(Outcome::Timeout);
    let mut host = under(&host, vec![other()]);
    host.now += DAY as i64;
    assert!(host.input(Cause::Timer).calls.is_empty());
    let mut host = under(&host, vec![calling("1", 91 * DAY)]);
    let effects = host.input(Cause::Timer);
    let made: Vec<CallKey> = effects.calls.iter().map(|call| call.key).collect();
    let expected = CallKey {
        attempt: 2,
        ..first
    };
    assert_eq!(made, [expected]);
    // Its patience begins now.
    assert!(
        effects
            .next_due
            .is_some_and(|due| due.0 > host.now + HOUR as i64)
    );
    host.answer(Outcome::Timeout);
    assert_eq!(host.path().last().unwrap(), "ended(1 gave up)");
}

#[test]
fn what_leads_out_or_stops_does_so_only_when_the_program_is_back() {
    let (mut host, call) = resting(91 * DAY);
    for cause in [Cause::Stop(0), Cause::ProfileChanged] {
        assert!(host.input(cause).withdrawn.is_empty());
    }
    let mut host = under(&host, vec![calling("1", 91 * DAY)]);
    let effects = host.event("order", "o1");
    assert_eq!(last(&host), (Status::Exited, Code::Exit));
    assert_eq!(effects.withdrawn, [call]);

    let (host, call) = resting(91 * DAY);
    let mut host = under(&host, vec![calling("1", 91 * DAY)]);
    let effects = host.input(Cause::Stop(0));
    assert_eq!(
        (last(&host).0, effects.withdrawn),
        (Status::Stopped, vec![call])
    );
}

#[test]
fn whoever_rests_in_a_version_may_enter_the_one_that_took_its_place() {
    let mut host = Host::with(vec![calling("1", 91 * DAY)]);
    host.event("cart", "c1");
    let old = host.last_call();
    let mut host = under(&host, vec![calling("2", 90 * DAY)]);
    host.event("cart", "c2");
    assert_eq!(
        host.refusals,
        [],
        "a version that is gone for good would keep it out for ever"
    );
    let new = host.last_call();
    assert_ne!(old.key, new.key);
    // Both are in force again, the new one as before: each outcome is of one instance, and no third may enter.
    let both = || vec![calling("1", 91 * DAY), calling("2", 90 * DAY)];
    let mut host = under(&host, both());
    host.event("cart", "c3");
    assert_eq!(host.refusals.len(), 1);
    host.input(Cause::CallResult {
        call: new,
        outcome: Outcome::Capped,
    });
    assert_eq!(host.path().last().unwrap(), "ended(2 gave up)");
    host.input(success(old));
    assert_eq!(host.path().last().unwrap(), "ended(sent)");
    assert_eq!(host.person.instances().len(), 0);
}

#[test]
fn a_program_taken_out_between_two_pieces_goes_on_when_it_is_back() {
    let spinning = || {
        let mut b = Build::shop();
        let until = When::At(b.word(WordType::DateTime, 0));
        let spin = NodeKind::Wait {
            until,
            or: Vec::new(),
            next: NodeId(0),
        };
        b.journey("J", vec![("spin", spin)]);
        b.done()
    };
    let mut host = Host::with(vec![spinning()]);
    assert!(host.event("cart", "c1").more);
    let visit = host.steps.last().map(|step| step.visit);
    let mut host = under(&host, vec![other()]);
    assert!(!host.input(Cause::Continue).more);
    host.now += DAY as i64;
    let mut host = under(&host, vec![spinning()]);
    assert!(host.input(Cause::Timer).more);
    assert_eq!(host.steps.first().map(|step| step.visit - 1), visit);
}
