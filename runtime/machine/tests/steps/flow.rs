//! Nodes that decide at once: branch, split, assign, update; budgets; traces.

use crate::build::*;
use crate::host::Host;
use journey_artifact::code::{Op, R_VARS};
use journey_artifact::graph::*;
use journey_artifact::model::Place;
use journey_artifact::word::WordType;
use journey_machine::advance::{Cause, Choice, Input, advance};
use journey_machine::effects::{Code, Status};
use journey_machine::func::bucket;
use journey_machine::ids::Instant;
use journey_machine::limits;
use journey_machine::value::Value;

#[test]
fn an_update_is_visible_to_the_next_step_and_told_to_the_host() {
    let mut b = Build::shop();
    let (path, yes, is_yes) = (b.s("consent"), b.text("y"), b.profile_is(P_CONSENT, "y"));
    let fields = vec![UpdateField {
        path,
        slot: Some(P_CONSENT),
        there: Vec::new(),
        value: yes,
    }];
    let nodes = vec![
        (
            "before",
            NodeKind::Branch {
                cases: vec![Case {
                    condition: is_yes,
                    next: NodeId(3),
                }],
                otherwise: NodeId(1),
            },
        ),
        (
            "consent",
            NodeKind::Update {
                fields,
                next: NodeId(2),
            },
        ),
        (
            "after",
            NodeKind::Branch {
                cases: vec![Case {
                    condition: is_yes,
                    next: NodeId(4),
                }],
                otherwise: NodeId(3),
            },
        ),
        ("wrong", b.end("wrong")),
        ("right", b.end("right")),
    ];
    b.journey("J", nodes);
    let mut host = Host::new(b);
    let effects = host.event("cart", "c1");
    assert_eq!(
        host.path(),
        ["entered", "before", "consent", "after", "ended(right)"]
    );
    let update = &effects.profile_updates[0];
    assert_eq!(
        (update.path.as_str(), &update.value),
        ("consent", &Value::String("y".into()))
    );
}

#[test]
fn whoever_goes_on_and_is_led_out_has_visited_one_node_more() {
    let mut b = Build::shop();
    let nodes = limits::NODES_PER_ADVANCE + 10;
    let branch = |next| NodeKind::Branch {
        cases: Vec::new(),
        otherwise: NodeId(next),
    };
    let mut all: Vec<_> = (1..=nodes).map(|next| ("if", branch(next))).collect();
    all.push(("end", b.end("done")));
    let exit = Exit {
        name: b.s("no consent"),
        when: ExitWhen::Condition(b.profile_is(P_CONSENT, "no")),
        then: None,
    };
    b.journey("J", all).exits.push(exit);
    let mut host = Host::new(b);
    assert!(host.event("cart", "c1").more);
    host.profile(r#"{"consent":"no"}"#);
    host.input(Cause::Continue);
    let [.., before, last] = host.steps.as_slice() else {
        panic!("steps");
    };
    assert_eq!(before.visit, limits::NODES_PER_ADVANCE);
    assert_eq!(
        (last.status, last.visit),
        (Status::Exited, before.visit + 1)
    );
}

#[test]
fn a_split_is_sticky_and_follows_the_name() {
    let mut b = Build::shop();
    let (name, left, right) = (b.s("offer"), b.s("left"), b.s("right"));
    let at = bucket("ada", "offer") as u32;
    // The bound of the first arm is the person's own bucket: the second arm takes it.
    let arms = vec![
        SplitArm {
            label: left,
            below: at,
            next: NodeId(1),
        },
        SplitArm {
            label: right,
            below: 10_000,
            next: NodeId(2),
        },
    ];
    let nodes = vec![
        ("split", NodeKind::Split { name, arms }),
        ("l", b.end("left")),
        ("r", b.end("right")),
    ];
    b.journey("J", nodes);
    let mut host = Host::new(b);
    for _ in 0..2 {
        host.event("cart", "c1");
        assert_eq!(host.path().last().map(String::as_str), Some("ended(right)"));
    }
    let choices = [Choice {
        split: "offer",
        arm: "left",
    }];
    let json = br#"{"_id":"9","type":"cart","ecid":"ada"}"#;
    let scanned = host
        .deployment
        .scan(json, Instant(host.now))
        .expect("an event");
    let input = Input {
        choices: &choices,
        ..Input::new(&host.profile, Cause::Event(&scanned))
    };
    let effects = advance(&host.deployment, &mut host.person, input, Instant(host.now));
    let label = effects.steps.last().and_then(|step| step.label.as_deref());
    assert_eq!(label, Some("left"), "told so");
    let (people, off) = if cfg!(miri) {
        (1_000_usize, 60)
    } else {
        (10_000, 200)
    };
    let spread = (0..people)
        .filter(|n| bucket(&format!("person-{n}"), "offer") < 5_000)
        .count();
    assert!(people.abs_diff(2 * spread) < 2 * off, "{spread}");
}

#[test]
fn an_assignment_keeps_or_clears() {
    let mut b = Build::shop();
    let (reason, cart) = (b.var(V_REASON, WordType::Str), b.var(V_CART, WordType::Str));
    let nodes = vec![
        (
            "copy",
            NodeKind::Assign {
                slot: V_ANSWER,
                value: cart,
                next: NodeId(1),
                missing: NodeId(4),
            },
        ),
        (
            "clear",
            NodeKind::Assign {
                slot: V_CART,
                value: reason,
                next: NodeId(4),
                missing: NodeId(2),
            },
        ),
        ("pause", b.wait(HOUR, 3)),
        (
            "again",
            NodeKind::Assign {
                slot: V_REASON,
                value: cart,
                next: NodeId(4),
                missing: NodeId(5),
            },
        ),
        ("wrong", b.end("wrong")),
        (
            "end",
            NodeKind::End {
                label: Some(b.var(V_ANSWER, WordType::Str)),
            },
        ),
    ];
    b.journey("J", nodes);
    let mut host = Host::new(b);
    host.event("cart", "c1");
    host.pass(HOUR);
    assert_eq!(
        host.path(),
        ["entered", "copy", "clear", "pause", "again", "ended(c1)"]
    );
}

/// status ← status + 1 until it reaches `times`.
fn counting(times: i32) -> Host {
    let mut b = Build::shop();
    let vars = Some(b.vars_row);
    let zero = b.word(WordType::Int, 0);
    let add = vec![
        op(Op::Slot, 3, R_VARS, 0, V_STATUS, 4),
        op(Op::Int, 4, 0, 0, 1, 0),
        op(Op::AddI, 5, 3, 4, 0, 0),
        op(Op::Ret, 5, 0, 0, 0, 0),
        op(Op::RetMissing, 0, 0, 0, 0, 0),
    ];
    let add = b.chunk(vars, None, WordType::Int, true, add);
    let below = vec![
        op(Op::Slot, 3, R_VARS, 0, V_STATUS, 4),
        op(Op::Int, 4, 0, 0, times as u16, (times >> 16) as u16),
        op(Op::LtI, 5, 3, 4, 0, 0),
        op(Op::Ret, 5, 0, 0, 0, 0),
        op(Op::RetMissing, 0, 0, 0, 0, 0),
    ];
    let below = b.chunk(vars, None, WordType::Bool, true, below);
    let past = b.word(WordType::DateTime, 0);
    let nodes = vec![
        (
            "zero",
            NodeKind::Assign {
                slot: V_STATUS,
                value: zero,
                next: NodeId(1),
                missing: NodeId(1),
            },
        ),
        (
            "add",
            NodeKind::Assign {
                slot: V_STATUS,
                value: add,
                next: NodeId(2),
                missing: NodeId(4),
            },
        ),
        (
            "more",
            NodeKind::Branch {
                cases: vec![Case {
                    condition: below,
                    next: NodeId(3),
                }],
                otherwise: NodeId(4),
            },
        ),
        // A wait that is over at once: a loop needs a node that may park, and this one never does.
        (
            "past",
            NodeKind::Wait {
                until: When::At(past),
                or: Vec::new(),
                next: NodeId(1),
            },
        ),
        ("end", b.end("done")),
    ];
    b.journey("J", nodes);
    Host::new(b)
}

#[test]
fn a_long_run_is_handed_back_in_pieces_and_loses_nothing() {
    let mut host = counting(1_000);
    let mut effects = host.event("cart", "c1");
    let mut pieces = 1;
    while effects.more {
        assert!(effects.steps.len() <= limits::NODES_PER_ADVANCE as usize + 1);
        assert_eq!(effects.next_due.map(|due| due.0), Some(host.now));
        effects = host.input(Cause::Continue);
        pieces += 1;
    }
    assert_eq!(pieces, 4, "3,001 nodes");
    assert_eq!(host.steps.len(), 1 + 3_000 + 1);
    assert_eq!(host.path().last().map(String::as_str), Some("ended(done)"));
}

#[test]
#[cfg_attr(
    miri,
    ignore = "a hundred thousand nodes, of which the test before has three thousand"
)]
fn a_run_without_end_fails() {
    let mut host = counting(1_000_000);
    let mut effects = host.event("cart", "c1");
    for _ in 0..200 {
        if !effects.more {
            break;
        }
        effects = host.input(Cause::Continue);
    }
    let last = effects.steps.last().expect("a step");
    assert_eq!((last.status, last.code), (Status::Failed, Code::Runaway));
    assert_eq!(host.person.instances().len(), 0);
}

#[test]
fn an_exit_reaches_whoever_is_still_running() {
    let mut b = Build::shop();
    let zero = b.word(WordType::DateTime, 0);
    let until = When::At(zero);
    let nodes = vec![(
        "spin",
        NodeKind::Wait {
            until,
            or: Vec::new(),
            next: NodeId(0),
        },
    )];
    let name = b.s("Order");
    let exit = Exit {
        name,
        when: ExitWhen::Event(b.on(ORDER)),
        then: None,
    };
    b.journey("J", nodes).exits.push(exit);
    let mut host = Host::new(b);
    assert!(host.event("cart", "c1").more);
    let effects = host.event("order", "o");
    assert_eq!(
        effects.steps.last().map(|step| step.status),
        Some(Status::Exited)
    );
    assert!(!effects.more);
}

#[test]
fn a_decision_tells_what_it_read_when_asked() {
    let mut b = Build::shop();
    let is_yes = b.profile_is(P_CONSENT, "y");
    let nodes = vec![
        (
            "if",
            NodeKind::Branch {
                cases: vec![Case {
                    condition: is_yes,
                    next: NodeId(1),
                }],
                otherwise: NodeId(1),
            },
        ),
        ("end", b.end("done")),
    ];
    b.journey("J", nodes);
    b.a.source_map.files.push("a.journey".into());
    b.a.source_map.chunks = vec![Place::default(); b.a.chunks.len()];
    let place = Place {
        file: 0,
        start: 1,
        end: 9,
        line: 7,
        text: "profile.consent == \"y\"".into(),
    };
    b.a.source_map.chunks[is_yes.0 as usize] = place;
    for trace in [false, true] {
        let mut host = Host::with(vec![
            journey_artifact::verify(b.a.clone()).expect("verified"),
        ]);
        host.trace = trace;
        host.event("cart", "c1");
        let step = host
            .steps
            .iter()
            .find(|step| step.status == Status::Transition)
            .expect("the branch");
        if !trace {
            assert!(step.trace.is_empty());
            continue;
        }
        let decision = &step.trace[0];
        assert_eq!(
            (decision.line, decision.text.as_str()),
            (7, "profile.consent == \"y\"")
        );
        assert_eq!(decision.result, None, "unknown");
        assert_eq!(decision.operands, [("profile.consent".to_owned(), None)]);
    }
}

#[test]
fn an_operator_stops_one_instance() {
    let mut b = Build::shop();
    let nodes = vec![("pause", b.wait(HOUR, 1)), ("end", b.end("done"))];
    b.journey("J", nodes);
    let mut host = Host::new(b);
    host.event("cart", "c1");
    assert!(host.input(Cause::Stop(7)).steps.is_empty());
    host.input(Cause::Stop(0));
    host.pass(DAY);
    assert_eq!(host.path(), ["entered", "stopped"]);
}
