//! What a trace tells of those who did not move: who stayed outside, who stayed where they were, and why.

use crate::build::*;
use crate::host::Host;
use journey_artifact::graph::*;
use journey_artifact::model::{Constant, Discriminator, Test};
use journey_machine::advance::Cause;
use journey_machine::effects::{Decision, Passed};
use journey_machine::value::Value;

fn traced(b: Build) -> Host {
    let mut host = Host::new(b);
    host.trace = true;
    host
}

/// The node where somebody stayed, and what each decision came to.
fn told(passed: &Passed) -> (Option<u32>, Vec<Option<Value>>) {
    assert!(passed.trace.iter().all(|decision| decision.is_condition));
    let came_to = |decision: &Decision| decision.result.clone();
    (passed.node, passed.trace.iter().map(came_to).collect())
}

#[test]
fn who_does_not_enter_is_told_why() {
    for trace in [false, true] {
        let mut b = Build::shop();
        let is_yes = b.profile_is(P_CONSENT, "y");
        let nodes = vec![("end", b.end("done"))];
        b.journey("J", nodes).entries[0].on.condition = Some(is_yes);
        let mut host = Host::new(b);
        host.trace = trace;
        let unknown = host.event("cart", "c1").passed;
        host.profile(r#"{"consent":"n"}"#);
        let no = host.event("cart", "c1").passed;
        assert!(host.steps.is_empty() && host.refusals.is_empty());
        if !trace {
            assert!(unknown.is_empty() && no.is_empty());
            continue;
        }
        assert_eq!(told(&unknown[0]), (None, vec![None]));
        assert_eq!(told(&no[0]), (None, vec![Some(Value::Bool(false))]));
        assert_eq!((unknown.len(), no.len()), (1, 1));
        host.profile(r#"{"consent":"y"}"#);
        assert!(host.event("cart", "c1").passed.is_empty());
        assert_eq!(host.path(), ["entered", "ended(done)"]);
    }
}

#[test]
fn the_entrance_that_was_not_taken_is_told_with_the_one_that_was() {
    let mut b = Build::shop();
    let is_yes = b.profile_is(P_CONSENT, "y");
    let nodes = vec![("end", b.end("done"))];
    let second = Entry {
        on: b.on(CART),
        discriminators: Vec::new(),
    };
    let journey = b.journey("J", nodes);
    journey.entries[0].on.condition = Some(is_yes);
    journey.entries.push(second);
    let mut host = traced(b);
    assert!(host.event("cart", "c1").passed.is_empty());
    assert_eq!(host.steps[0].trace.len(), 1);
    assert!(host.steps[1].trace.is_empty());
}

#[test]
fn who_stays_where_they_are_is_told_why() {
    let mut b = Build::shop();
    let is_c1 = b.event_is(EV_CART, "c1");
    let left = b.profile_is(P_CONSENT, "n");
    let mut ask = b.awaiting(ORDER, 1, DAY, 1);
    if let NodeKind::Await { arms, .. } = &mut ask {
        arms[0].on.condition = Some(is_c1);
    }
    let name = b.s("left");
    let nodes = vec![("ask", ask), ("end", b.end("done"))];
    b.journey("J", nodes).exits.push(Exit {
        name,
        when: ExitWhen::Condition(left),
        then: None,
    });
    let mut host = traced(b);
    host.event("cart", "c1");
    let order = host.event("order", "c2").passed;
    let no = Some(Value::Bool(false));
    assert_eq!(told(&order[0]), (Some(0), vec![None, no]));
    assert_eq!(order.len(), 1);
    let changed = host.input(Cause::ProfileChanged).passed;
    assert_eq!(told(&changed[0]), (Some(0), vec![None]));
    assert!(host.event("order", "c1").passed.is_empty());
    assert_eq!(host.path(), ["entered", "ask", "ended(done)"]);
}

#[test]
fn who_could_not_have_entered_is_told_too_and_nothing_else_is_otherwise() {
    let host = |trace| {
        let mut b = Build::shop();
        for n in 0..6 {
            let cart = format!("c{n}");
            let is_cart = b.event_is(EV_CART, &cart);
            let text = b.s(&cart);
            let nodes = vec![("end", b.end("done"))];
            let entry = &mut b.journey(&format!("J{n}"), nodes).entries[0];
            entry.on.condition = Some(is_cart);
            entry.discriminators.push(Discriminator {
                slot: EV_CART,
                test: Test::OneOf(vec![Constant::Text(text)]),
            });
        }
        let mut host = Host::new(b);
        host.trace = trace;
        host
    };
    let (mut plain, mut traced) = (host(false), host(true));
    assert!(plain.event("cart", "c3").passed.is_empty());
    let passed = traced.event("cart", "c3").passed;
    let stayed: Vec<u32> = passed.iter().map(|it| it.journey.journey).collect();
    assert_eq!(stayed, [0, 1, 2, 4, 5]);
    assert_eq!(plain.path(), traced.path());
    assert_eq!(plain.person, traced.person);
    assert_eq!(plain.path(), ["entered", "ended(done)"]);
}
