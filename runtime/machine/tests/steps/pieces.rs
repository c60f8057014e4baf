//! Work that takes more than one `advance`: what is handed back goes on where it was, and nobody comes to anything else by it.
//!
//! Comes in: journeys longer than the budget, beside others, and what may happen between two pieces. Goes out: the steps that there would be
//! with a larger budget, but for an entrance that finds who is not done. Never here: the budget itself (`bounds`, `flow`).

use crate::build::*;
use crate::host::Host;
use journey_artifact::graph::*;
use journey_artifact::model::Retry;
use journey_artifact::word::WordType;
use journey_machine::advance::{Cause, Outcome};
use journey_machine::effects::{Code, Effects, RefusalCode, Status, StepEvent};
use journey_machine::ids::CallKey;
use journey_machine::limits::NODES_PER_ADVANCE;

/// Nodes of a long way: two pieces.
const LONG: u32 = NODES_PER_ADVANCE + NODES_PER_ADVANCE / 2;

/// So many nodes, one after another, and then these.
fn way(from: u32, nodes: u32) -> Vec<(&'static str, NodeKind)> {
    let on = |next| NodeKind::Branch {
        cases: Vec::new(),
        otherwise: NodeId(next),
    };
    (from + 1..=from + nodes)
        .map(|next| ("on", on(next)))
        .collect()
}

/// A long way, then a wait.
fn long(b: &mut Build) {
    let mut nodes = way(0, LONG);
    nodes.push(("pause", b.wait(HOUR, LONG + 1)));
    nodes.push(("end", b.end("long")));
    b.journey("Long", nodes);
}

fn sending(b: &mut Build) {
    b.a.calls[0].retry = Retry {
        times: 1,
        min_ms: 1_000,
        max_ms: 1_000,
    };
    let nodes = vec![
        ("send", b.call(1, Vec::new(), None)),
        ("pause", b.wait(HOUR, 2)),
        ("end", b.end("sent")),
    ];
    b.journey("Send", nodes);
}

/// A loop without end: each round is a wait that is over.
fn spinning(b: &mut Build) -> &mut Journey {
    let until = When::At(b.word(WordType::DateTime, 0));
    let spin = NodeKind::Wait {
        until,
        or: Vec::new(),
        next: NodeId(0),
    };
    let nodes = vec![
        ("spin", spin),
        ("out", b.wait(HOUR, 2)),
        ("end", b.end("out")),
    ];
    b.journey("Spin", nodes)
}

const ANSWER: Outcome<'static> = Outcome::Success {
    status: 200,
    body: b"{}",
};

/// Goes on until there is no more to do.
fn finish(host: &mut Host, mut effects: Effects) {
    while effects.more {
        effects = host.input(Cause::Continue);
    }
}

/// What the instances of a journey came to, step by step.
fn of(host: &Host, journey: &str) -> Vec<(Status, Code, u32, u32)> {
    let own = |step: &&StepEvent| host.deployment.journey_name(step.journey) == journey;
    let steps = host.steps.iter().filter(own);
    steps
        .map(|step| (step.status, step.code, step.node, step.visit))
        .collect()
}

#[test]
fn whoever_comes_behind_a_long_way_comes_to_the_same() {
    let run = |long_too: bool| {
        let mut b = Build::shop();
        if long_too {
            long(&mut b);
        }
        sending(&mut b);
        let mut host = Host::new(b);
        let effects = host.event("cart", "c1");
        assert_eq!(
            (effects.more, effects.calls.is_empty()),
            (long_too, long_too)
        );
        finish(&mut host, effects);
        let effects = host.answer(Outcome::Timeout);
        finish(&mut host, effects);
        host.pass(2_000);
        let effects = host.answer(ANSWER);
        finish(&mut host, effects);
        host.pass(2 * HOUR);
        assert_eq!(host.person.instances().len(), 0);
        let keys: Vec<CallKey> = host.calls.iter().map(|call| call.key).collect();
        assert_eq!(keys.len(), 2);
        of(&host, "Send")
    };
    assert_eq!(run(true), run(false));
}

#[test]
fn whatever_happens_next_the_rest_is_done_first() {
    let mut b = Build::shop();
    long(&mut b);
    let done = b.done();
    let begun = || {
        let mut host = Host::with(vec![done.clone()]);
        assert!(host.event("cart", "c1").more);
        host
    };
    let mut host = begun();
    host.input(Cause::Continue);
    let expected = host.steps;
    let none = CallKey { key: 7, attempt: 1 };
    for cause in [
        Cause::Timer,
        Cause::ProfileChanged,
        Cause::Stop(9),
        Cause::CallResult {
            call: none,
            outcome: ANSWER,
        },
    ] {
        let mut host = begun();
        host.input(cause);
        assert_eq!(host.steps, expected, "{cause:?}");
    }
    let mut host = begun();
    host.event("order", "o1");
    assert_eq!(host.steps, expected, "an event");
}

#[test]
fn an_entrance_finds_whoever_is_not_done_inside() {
    for (nodes, refused) in [(10, &[][..]), (LONG, &[RefusalCode::AlreadyInside])] {
        let mut b = Build::shop();
        let mut all = vec![("listen", b.awaiting(CART, 1, DAY, 1))];
        all.extend(way(1, nodes));
        all.push(("end", b.end("done")));
        b.journey("J", all);
        let mut host = Host::new(b);
        host.event("cart", "c1");
        let effects = host.event("cart", "c2");
        assert_eq!(effects.more, !refused.is_empty());
        assert_eq!(host.refusals, refused);
        finish(&mut host, effects);
        let inside = usize::from(refused.is_empty());
        assert_eq!(
            host.person.instances().len(),
            inside,
            "the one that came then"
        );
    }
}

#[test]
fn an_outcome_arrives_while_another_runs() {
    for (outcome, code) in [
        (ANSWER, Code::Success),
        (Outcome::Timeout, Code::Timeout),
        (Outcome::Capped, Code::Capped),
    ] {
        let mut b = Build::shop();
        spinning(&mut b);
        sending(&mut b);
        // The one that calls entered first.
        b.a.journeys.swap(0, 1);
        let mut host = Host::new(b);
        assert!(host.event("cart", "c1").more);
        let effects = host.answer(outcome);
        let own = |journey| {
            effects
                .steps
                .iter()
                .filter(move |step| step.journey.journey == journey)
        };
        assert_eq!(own(0).map(|step| step.code).next(), Some(code));
        assert_eq!(own(1).count() as u32, NODES_PER_ADVANCE);
        let effects = host.input(Cause::Stop(1));
        assert_eq!(effects.withdrawn, []);
        finish(&mut host, effects);
        host.pass(2 * HOUR);
        let last = *of(&host, "Send").last().expect("a step");
        let expected = match code {
            Code::Success => (Status::Ended, Code::Plain),
            // Its retry is answered by nobody.
            Code::Timeout => (Status::Failed, Code::Timeout),
            _ => (Status::Failed, code),
        };
        assert_eq!((last.0, last.1), expected);
    }
}

#[test]
fn what_a_later_piece_sets_leads_out_whoever_it_concerns() {
    let mut b = Build::shop();
    let mut nodes = way(0, LONG);
    let fields = vec![UpdateField {
        path: b.s("consent"),
        slot: Some(P_CONSENT),
        there: Vec::new(),
        value: b.text("no"),
    }];
    let next = NodeId(LONG + 1);
    nodes.push(("update", NodeKind::Update { fields, next }));
    nodes.push(("end", b.end("long")));
    let waiting = vec![("pause", b.wait(HOUR, 1)), ("end", b.end("waited"))];
    let name = b.s("no consent");
    let when = ExitWhen::Condition(b.profile_is(P_CONSENT, "no"));
    let exit = Exit {
        name,
        when,
        then: None,
    };
    b.journey("Waiting", waiting).exits.push(exit);
    b.journey("Long", nodes);
    let mut host = Host::new(b);
    let effects = host.event("cart", "c1");
    assert!(effects.more && effects.profile_updates.is_empty());
    let effects = host.input(Cause::Continue);
    assert_eq!(effects.profile_updates.len(), 1);
    assert!(!effects.more && host.person.instances().len() == 0);
    host.profile(r#"{"consent":"no"}"#);
    assert!(host.input(Cause::ProfileChanged).steps.is_empty());
}

#[test]
fn a_stay_ends_and_an_operator_stops_whoever_runs() {
    for (steps, status) in [(None, Status::Expired), (Some(NodeId(1)), Status::Waiting)] {
        let mut b = Build::shop();
        let journey = spinning(&mut b);
        journey.expires = Span::Exact(60_000);
        journey.on_expiry = steps;
        let mut host = Host::new(b);
        assert!(host.event("cart", "c1").more);
        host.now += 59_999;
        assert!(host.input(Cause::Timer).more, "not yet");
        host.now += 1;
        let effects = host.input(Cause::Timer);
        finish(&mut host, effects);
        assert_eq!(host.steps.last().map(|step| step.status), Some(status));
        let visits: Vec<u32> = host.steps.iter().map(|step| step.visit).collect();
        assert!(
            visits.windows(2).all(|pair| pair[0] <= pair[1]),
            "each visit has its number"
        );
        host.pass(HOUR);
        assert_eq!(
            host.steps.last().map(|step| step.status),
            Some(Status::Expired)
        );
        assert_eq!(host.person.instances().len(), 0);
    }
    let mut b = Build::shop();
    spinning(&mut b);
    let mut host = Host::new(b);
    assert!(host.event("cart", "c1").more);
    assert!(!host.input(Cause::Stop(0)).more);
    assert_eq!(
        host.steps.last().map(|step| step.status),
        Some(Status::Stopped)
    );
}

#[test]
fn whoever_runs_without_end_keeps_nobody_from_going_on_for_ever() {
    let mut b = Build::shop();
    spinning(&mut b);
    sending(&mut b);
    let mut host = Host::new(b);
    let effects = host.event("cart", "c1");
    assert!(effects.more && effects.calls.is_empty());
    let mut pieces = 0;
    while host.calls.is_empty() {
        host.input(Cause::Continue);
        pieces += 1;
        assert!(pieces <= 101, "the longest that one may run");
    }
    let failed = (Status::Failed, Code::Runaway);
    let (status, code, ..) = *of(&host, "Spin").last().expect("a step");
    assert_eq!((status, code), failed);
    assert_eq!(host.person.instances().len(), 1);
}
