//! Going out: exit events, exit conditions, their order and their steps.

use crate::build::*;
use crate::host::Host;
use journey_artifact::graph::*;
use journey_machine::advance::{Cause, Outcome};
use journey_machine::effects::Status;

fn exit_on(b: &mut Build, event: EventIdOf, then: Option<u32>) -> Exit {
    let name = b.s(event.1);
    Exit {
        name,
        when: ExitWhen::Event(b.on(event.0)),
        then: then.map(NodeId),
    }
}

type EventIdOf = (journey_artifact::model::EventId, &'static str);

#[test]
fn an_exit_event_leads_out_before_anybody_else_hears_it() {
    let mut b = Build::shop();
    let nodes = vec![
        ("listen", b.awaiting(ORDER, 1, DAY, 1)),
        ("end", b.end("done")),
    ];
    let exit = exit_on(&mut b, (ORDER, "Order"), None);
    b.journey("J", nodes).exits.push(exit);
    let mut host = Host::new(b);
    host.event("cart", "c1");
    host.event("order", "o1");
    assert_eq!(host.path(), ["entered", "exited(Order)"]);
    host.event("order", "o2");
    assert_eq!(host.steps.len(), 3, "entered, waiting, exited");
}

#[test]
fn exit_steps_run_and_no_second_exit_interrupts_them() {
    let mut b = Build::shop();
    let nodes = vec![
        ("listen", b.awaiting(CLICK, 2, DAY, 2)),
        ("thanks", b.wait(HOUR, 2)),
        ("end", b.end("label")),
    ];
    let exits = vec![
        exit_on(&mut b, (ORDER, "Order"), Some(1)),
        exit_on(&mut b, (CLICK, "Click"), None),
    ];
    b.journey("J", nodes).exits = exits;
    let mut host = Host::new(b);
    host.event("cart", "c1");
    host.event("order", "o1");
    assert_eq!(host.place(), "thanks");
    host.event("click", "k");
    host.event("order", "o2");
    assert_eq!(host.place(), "thanks");
    host.pass(HOUR);
    assert_eq!(
        host.path(),
        ["entered", "listen", "thanks", "exited(Order)"]
    );
}

#[test]
fn a_condition_is_looked_at_before_each_step_on_arrival_and_when_the_profile_changes() {
    let make = || {
        let mut b = Build::shop();
        let nodes = vec![
            ("pause", b.wait(HOUR, 1)),
            ("listen", b.awaiting(CLICK, 2, DAY, 2)),
            ("end", b.end("done")),
        ];
        let exit = exit_by_consent(&mut b);
        b.journey("J", nodes).exits.push(exit);
        Host::new(b)
    };
    let no = r#"{"consent":"n"}"#;
    // Before the first step.
    let mut host = make();
    host.profile(no);
    host.event("cart", "c1");
    assert_eq!(host.path(), ["entered", "exited(no consent)"]);
    // Before the next step, not in the middle of a wait.
    let mut host = make();
    host.event("cart", "c1");
    host.profile(no);
    host.pass(HOUR - 1);
    assert_eq!(host.place(), "pause");
    host.pass(1);
    assert_eq!(host.path(), ["entered", "pause", "exited(no consent)"]);
    // On arrival of any event about the person.
    let mut host = make();
    host.event("cart", "c1");
    host.profile(no);
    host.event("click", "k");
    assert_eq!(host.path(), ["entered", "exited(no consent)"]);
    // When the host says that the profile changed.
    let mut host = make();
    host.event("cart", "c1");
    host.profile(no);
    assert!(
        host.input(Cause::ProfileChanged)
            .steps
            .iter()
            .any(|step| step.status == Status::Exited)
    );
}

#[test]
fn the_event_that_leads_out_may_lead_in_again() {
    let mut b = Build::shop();
    let nodes = vec![("pause", b.wait(HOUR, 1)), ("end", b.end("done"))];
    let exit = exit_on(&mut b, (CART, "Cart"), None);
    b.journey("J", nodes).exits.push(exit);
    let mut host = Host::new(b);
    host.event("cart", "c1");
    host.event("cart", "c2");
    assert_eq!(host.path(), ["entered", "exited(Cart)", "entered"]);
}

/// Whoever says "n" is led out.
fn exit_by_consent(b: &mut Build) -> Exit {
    let (name, condition) = (b.s("no consent"), b.profile_is(P_CONSENT, "n"));
    let when = ExitWhen::Condition(condition);
    Exit {
        name,
        when,
        then: None,
    }
}

#[test]
fn a_condition_is_looked_at_whatever_the_input_was_when_a_step_of_another_journey_changes_the_profile()
 {
    for input in ["event", "timer", "answer", "late timer"] {
        let mut b = Build::shop();
        let nodes = vec![("rest", b.wait(30 * DAY, 1)), ("end", b.end("done"))];
        let exit = exit_by_consent(&mut b);
        b.journey("Inside", nodes).exits.push(exit);
        let first = match input {
            "event" => b.awaiting(CLICK, 1, DAY, 1),
            "answer" => b.call(1, Vec::new(), Some(1)),
            _ => b.wait(DAY, 1),
        };
        let (path, value) = (b.s("consent"), b.text("n"));
        let update = UpdateField {
            path,
            slot: Some(P_CONSENT),
            there: Vec::new(),
            value,
        };
        let update = NodeKind::Update {
            fields: vec![update],
            next: NodeId(2),
        };
        let nodes = vec![
            ("first", first),
            ("update", update),
            ("rest", b.wait(HOUR, 3)),
            ("end", b.end("done")),
        ];
        b.journey("Sets", nodes);
        let mut host = Host::new(b);
        host.event("cart", "c1");
        let effects = match input {
            "event" => host.event("click", "k"),
            "answer" => host.answer(Outcome::Timeout),
            "timer" => {
                host.now += DAY as i64;
                host.input(Cause::Timer)
            }
            // What nobody waits for comes when the timer is overdue.
            _ => {
                host.now += DAY as i64 + 1;
                host.event("order", "o")
            }
        };
        assert_eq!(effects.profile_updates.len(), 1, "{input}");
        let last = effects.steps.last().map(|step| step.status);
        assert_eq!(last, Some(Status::Exited), "{input}");
        assert_eq!(host.person.instances().len(), 1, "{input}");
    }
}

#[test]
fn an_event_that_another_package_names_is_none_to_a_condition() {
    let program = |name: &str, click: bool| {
        let mut b = Build::shop();
        b.a.name = name.into();
        let exit = match click {
            true => exit_on(&mut b, (CLICK, "Click"), None),
            false => exit_by_consent(&mut b),
        };
        let nodes = vec![("pause", b.wait(DAY, 1)), ("end", b.end("done"))];
        let journey = b.journey("J", nodes);
        journey.exits.push(exit);
        if click {
            journey.entries.clear();
        }
        b.done()
    };
    for other in [false, true] {
        let mut programs = vec![program("a", false)];
        programs.extend(other.then(|| program("b", true)));
        let mut host = Host::with(programs);
        host.event("cart", "c1");
        host.profile(r#"{"consent":"n"}"#);
        host.event("click", "k");
        assert_eq!(host.path(), ["entered"], "another package: {other}");
        // Its own does lead out.
        host.event("cart", "c2");
        assert!(host.path().contains(&"exited(no consent)".into()));
    }
}
