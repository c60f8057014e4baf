//! Attempts that nobody waits for any more, and attempts that are not made.
//!
//! Comes in: journeys that are left while a call is out, or has been; a host that is silent. Goes out: exactly the attempts without an outcome, as withdrawn.
//! Never here: what a host does with them (`queue.journey`, the promises).

use crate::build::*;
use crate::host::Host;
use journey_artifact::code::{Op, R_PROFILE};
use journey_artifact::graph::*;
use journey_artifact::model::{ChunkId, Retry};
use journey_artifact::word::WordType;
use journey_machine::advance::{Cause, Outcome};
use journey_machine::effects::{Code, Effects, Status};
use journey_machine::ids::CallKey;
use journey_machine::limits;
use journey_machine::person::Person;

const OK: Outcome<'static> = Outcome::Success {
    status: 200,
    body: b"{}",
};
const RETRY: Retry = Retry {
    times: 1,
    min_ms: 1_000,
    max_ms: 1_000,
};

fn exit_when(b: &mut Build, condition: ChunkId) -> Exit {
    Exit {
        name: b.s("no consent"),
        when: ExitWhen::Condition(condition),
        then: None,
    }
}

/// Cannot be evaluated once there is a consent: its text is doubled until there is no room.
fn faulting(b: &mut Build) -> ChunkId {
    let mut code = vec![op(Op::Slot, 3, R_PROFILE, 0, P_CONSENT, 0)];
    for _ in 0..40 {
        code.push(op(Op::Move, 4, 3, 0, 0, 0));
        code.push(op(Op::Concat, 3, 3, 2, 0, 0));
    }
    code.push(op(Op::EqS, 5, 3, 4, 0, 0));
    code.push(op(Op::Ret, 5, 0, 0, 0, 0));
    code[0] = op(Op::Slot, 3, R_PROFILE, 0, P_CONSENT, code.len() as u16);
    code.push(op(Op::RetMissing, 0, 0, 0, 0, 0));
    b.chunk(None, None, WordType::Bool, true, code)
}

/// cart → Send → "sent", with a way out by an order, and what else the journey is to have.
fn calling(change: impl FnOnce(&mut Build, &mut Vec<Exit>)) -> Build {
    let mut b = Build::shop();
    b.a.calls[0].retry = RETRY;
    let mut exits = vec![Exit {
        name: b.s("Order"),
        when: ExitWhen::Event(b.on(ORDER)),
        then: None,
    }];
    change(&mut b, &mut exits);
    let nodes = vec![
        ("send", b.call(1, Vec::new(), Some(1))),
        ("pause", b.wait(HOUR, 2)),
        ("end", b.end("sent")),
    ];
    let journey = b.journey("J", nodes);
    journey.exits = exits;
    journey.expires = Span::Exact(10 * 60_000);
    b
}

fn called(b: Build) -> Host {
    let mut host = Host::new(b);
    host.event("cart", "c1");
    host
}

/// The only attempt is taken back, and the instance is over like that.
fn assert_withdrawn(host: &Host, effects: &Effects, status: Status) {
    let made: Vec<_> = host.calls.iter().map(|call| call.key).collect();
    assert_eq!(effects.withdrawn, made, "{status}");
    assert_eq!(effects.steps.last().map(|step| step.status), Some(status));
    assert_eq!(host.person.instances().len(), 0, "{status}");
}

#[test]
fn whoever_leaves_while_a_call_is_out_takes_it_back() {
    let mut host = called(calling(|_, _| {}));
    let effects = host.event("order", "o1");
    assert_withdrawn(&host, &effects, Status::Exited);

    let no = r#"{"consent":"no"}"#;
    let mut host = called(calling(|b, exits| {
        let condition = b.profile_is(P_CONSENT, "no");
        exits.push(exit_when(b, condition));
    }));
    host.profile(no);
    let effects = host.input(Cause::ProfileChanged);
    assert_withdrawn(&host, &effects, Status::Exited);

    let mut host = called(calling(|_, _| {}));
    host.now += 10 * 60_000;
    let effects = host.input(Cause::Timer);
    assert_withdrawn(&host, &effects, Status::Expired);

    let mut host = called(calling(|_, _| {}));
    let effects = host.input(Cause::Stop(0));
    assert_withdrawn(&host, &effects, Status::Stopped);
}

#[test]
fn whoever_is_led_to_other_steps_takes_it_back_too() {
    let b = calling(|_, exits| exits[0].then = Some(NodeId(1)));
    let mut host = called(b);
    let effects = host.event("order", "o1");
    assert_eq!(effects.withdrawn, [host.last_call()]);
    assert_eq!(host.place(), "pause");
}

#[test]
fn whoever_fails_while_a_call_is_out_takes_it_back() {
    let faults = |b: &mut Build, exits: &mut Vec<Exit>| {
        let condition = faulting(b);
        exits.push(exit_when(b, condition));
    };
    let mut host = called(calling(faults));
    host.profile(r#"{"consent":"a text"}"#);
    let effects = host.input(Cause::ProfileChanged);
    assert_withdrawn(&host, &effects, Status::Failed);
    assert_eq!(host.steps.last().map(|step| step.code), Some(Code::Fault));

    let mut host = called(calling(faults));
    host.profile(r#"{"consent":"a text"}"#);
    let effects = host.event("cart", "c2");
    assert_withdrawn(&host, &effects, Status::Failed);

    // What is kept of it is damaged: the length of its cart.
    let mut host = called(calling(|_, _| {}));
    let mut bytes = host.person.to_bytes();
    let at = bytes.windows(3).rposition(|w| w == b"\x02c1");
    bytes[at.expect("the cart")] = 0x7F;
    assert!(Person::decode(&bytes).is_ok());
    host.restore(&bytes);
    let effects = host.input(Cause::Stop(0));
    assert_withdrawn(&host, &effects, Status::Failed);
    assert_eq!(host.steps.last().map(|step| step.code), Some(Code::Corrupt));
}

/// A call; then the profile is changed so that the journey is left before its next step.
fn left_behind_the_call() -> Build {
    let mut b = Build::shop();
    b.a.calls[0].retry = RETRY;
    let update = NodeKind::Update {
        fields: vec![UpdateField {
            path: b.s("consent"),
            slot: Some(P_CONSENT),
            there: Vec::new(),
            value: b.text("no"),
        }],
        next: NodeId(2),
    };
    let nodes = vec![
        ("send", b.call(1, Vec::new(), Some(1))),
        ("update", update),
        ("pause", b.wait(HOUR, 3)),
        ("end", b.end("done")),
    ];
    let condition = b.profile_is(P_CONSENT, "no");
    let exit = exit_when(&mut b, condition);
    b.journey("J", nodes).exits.push(exit);
    b
}

#[test]
fn what_has_its_outcome_is_not_taken_back() {
    for outcome in [OK, Outcome::Capped] {
        let mut host = called(left_behind_the_call());
        let effects = host.answer(outcome);
        assert_eq!(effects.withdrawn, []);
        assert_eq!(host.path().last().unwrap(), "exited(no consent)");
    }
}

#[test]
fn what_nobody_answered_is_taken_back_before_its_retry_is_made() {
    let mut host = called(left_behind_the_call());
    let mut withdrawn = Vec::new();
    while let Some(due) = host.person.next_due() {
        host.now = due.0;
        withdrawn.extend(host.input(Cause::Timer).withdrawn);
        // Its own retry is not made at once.
        assert!(host.calls.len() <= withdrawn.len() + 1);
    }
    let made: Vec<_> = host.calls.iter().map(|call| call.key).collect();
    assert_eq!((made.len(), &withdrawn), (2, &made));
    assert_eq!(host.path().last().unwrap(), "exited(no consent)");
}

#[test]
fn an_outcome_that_comes_at_last_is_no_timeout() {
    for (late, code) in [(0, Code::Success), (DAY, Code::Success)] {
        let mut host = called(left_behind_the_call());
        host.now = host.person.next_due().expect("a guard").0 + late as i64;
        let effects = host.answer(OK);
        assert_eq!((effects.steps[0].code, effects.withdrawn), (code, vec![]));
        assert_eq!(host.calls.len(), 1);
    }
    // One of another attempt changes nothing.
    let mut host = called(left_behind_the_call());
    host.now = host.person.next_due().expect("a guard").0 + 1;
    let call = CallKey {
        attempt: 2,
        ..host.last_call()
    };
    let effects = host.input(Cause::CallResult { call, outcome: OK });
    assert_eq!(effects.steps[0].status, Status::Retrying);
    assert_eq!(effects.withdrawn, [host.last_call()]);
}

#[test]
fn between_two_attempts_there_is_none_to_take_back() {
    let mut host = called(calling(|_, _| {}));
    host.answer(Outcome::Timeout);
    let effects = host.event("order", "o1");
    assert_eq!(
        (effects.withdrawn.as_slice(), host.calls.len()),
        (&[][..], 1)
    );
    assert_eq!(host.path().last().unwrap(), "exited(Order)");
}

#[test]
fn whoever_cannot_be_kept_makes_no_call() {
    let mut b = Build::shop();
    let nodes = vec![
        ("ask", b.call(1, Vec::new(), None)),
        ("send", b.call(2, Vec::new(), None)),
        ("end", b.end("done")),
    ];
    b.journey("J", nodes);
    let mut host = called(b);
    let answer = "x".repeat(limits::VARIABLE_BYTES);
    let body = format!(r#"{{"answer":"{answer}"}}"#);
    let effects = host.answer(Outcome::Success {
        status: 200,
        body: body.as_bytes(),
    });
    let steps = effects.steps.iter().map(|step| (step.status, step.code));
    let expected = [
        (Status::Transition, Code::Success),
        (Status::Failed, Code::TooLarge),
    ];
    assert!(steps.eq(expected), "{:?}", effects.steps);
    assert_eq!(host.calls.len(), 1, "the first");
    assert_eq!(effects.withdrawn, []);
}
