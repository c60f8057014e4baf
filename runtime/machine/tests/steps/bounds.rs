//! Bounds: what one `advance` may cost, what is kept of a person or taken from a host, and what it takes to put a program into force.
//!
//! Comes in: journeys that go up to a bound of `limits` and one beyond it; programs that verify, whose texts are alike or who say little many times. Goes out: the
//! coded refusal, or the piece handed back; a deployment, soon: what grows with the square of something takes hours here. Never here: a
//! bound on instances and keys (`entrance`), on nodes (`flow`); a measured time.

use crate::build::*;
use crate::host::Host;
use journey_artifact::code::Op;
use journey_artifact::graph::*;
use journey_artifact::model::{ChunkId, EventDecl, EventId, StrId, Want};
use journey_artifact::word::WordType;
use journey_machine::advance::{Cause, Outcome};
use journey_machine::deployment::Deployment;
use journey_machine::effects::{Code, RefusalCode, Status};
use journey_machine::ids::Instant;
use journey_machine::limits;

/// What [`costly`] costs.
const COST: u64 = 60_000;

/// Says no, at the fuel of so many instructions; all but three are jumped over.
fn costly(b: &mut Build) -> ChunkId {
    let no = op(Op::Bool, 3, 0, 0, 0, 0);
    let mut code = vec![no; COST as usize];
    let last = code.len() - 1;
    code[1] = op(Op::Jump, 0, 0, 0, 0, last as u16);
    code[last] = op(Op::Ret, 3, 0, 0, 0, 0);
    b.chunk(None, None, WordType::Bool, false, code)
}

#[test]
fn an_advance_that_has_used_its_fuel_hands_back() {
    let (mut b, nodes) = (Build::shop(), 100);
    let condition = costly(&mut b);
    let branch = |next| NodeKind::Branch {
        cases: vec![Case {
            condition,
            next: NodeId(next),
        }],
        otherwise: NodeId(next),
    };
    let mut all: Vec<_> = (1..=nodes).map(|next| ("if", branch(next))).collect();
    all.push(("end", b.end("done")));
    b.journey("J", all);
    let mut host = Host::new(b);
    let effects = host.event("cart", "c1");
    let pieces = limits::FUEL_PER_ADVANCE.div_ceil(COST);
    assert!(effects.more);
    assert_eq!(effects.steps.len() as u64, 1 + pieces);
    assert!(!host.input(Cause::Continue).more);
    assert_eq!(host.steps.len() as u32, 1 + nodes + 1);
}

#[test]
fn what_an_event_makes_an_advance_look_at_has_an_end() {
    let (mut b, rules) = (Build::shop(), 27);
    let (condition, key, name) = (costly(&mut b), b.event_slot(EV_CART), b.s("Click"));
    let on = Listen {
        condition: Some(condition),
        ..b.on(CLICK)
    };
    let rule = Exit {
        name,
        when: ExitWhen::Event(on),
        then: None,
    };
    let nodes = vec![("pause", b.wait(HOUR, 1)), ("end", b.end("done"))];
    let journey = b.journey("J", nodes);
    journey.instance_per = Some((key, 1_000));
    journey.exits = vec![rule; rules];
    let mut host = Host::new(b);
    for n in 0..limits::INSTANCES {
        host.event("cart", &format!("c{n}"));
    }
    let effects = host.event("click", "k");
    let asked = (limits::FUEL_AT_MOST / COST) as usize / rules;
    assert!((1..limits::INSTANCES).contains(&asked), "{asked}");
    let failed: Vec<_> = effects
        .steps
        .iter()
        .map(|it| (it.status, it.code))
        .collect();
    let fault = (Status::Failed, Code::Fault);
    assert_eq!(failed, vec![fault; limits::INSTANCES - asked]);
    assert_eq!(host.person.instances().len(), asked);
}

#[test]
fn of_too_many_events_the_one_to_be_forgotten_soonest_is_forgotten() {
    let mut b = Build::shop();
    let nodes = vec![("end", b.end("done"))];
    b.journey("J", nodes);
    let mut host = Host::new(b);
    let id = |n: usize| format!("event-{n}");
    for n in 0..=limits::RECENT {
        host.now += 1;
        host.event_with_id("cart", "c", &id(n));
    }
    assert_eq!(host.refusals, []);
    for n in [1, limits::RECENT] {
        host.event_with_id("cart", "c", &id(n));
    }
    assert_eq!(host.refusals, [RefusalCode::Duplicate; 2]);
    host.event_with_id("cart", "c", &id(0));
    assert_eq!(host.refusals.len(), 2, "the first was forgotten");
}

/// cart → Send → wait: the cart and the answer are kept.
fn keeping(cart: &str, answer: &str) -> Host {
    let mut b = Build::shop();
    let nodes = vec![
        ("send", b.call(1, Vec::new(), None)),
        ("pause", b.wait(HOUR, 2)),
        ("end", b.end("done")),
    ];
    b.journey("J", nodes);
    let mut host = Host::new(b);
    host.event("cart", cart);
    let body = format!(r#"{{"answer":"{answer}"}}"#);
    let body = body.as_bytes();
    host.answer(Outcome::Success { status: 200, body });
    host
}

#[test]
fn variables_beyond_their_bound_end_the_instance() {
    let (cart, some) = ("c".repeat(40_000), 20_000);
    let kept = |answer: usize| {
        let host = keeping(&cart, &"a".repeat(answer));
        let mut instances = host.person.instances();
        let bytes = instances.next().map(|it| it.variable_bytes());
        (bytes, host.steps.last().expect("a step").code)
    };
    let (bytes, _) = kept(some);
    let most = some + limits::VARIABLE_BYTES - bytes.expect("an instance");
    assert_eq!(kept(most), (Some(limits::VARIABLE_BYTES), Code::Plain));
    assert_eq!(kept(most + 1), (None, Code::TooLarge));
    assert_eq!(Code::TooLarge.as_str(), "tooLarge");
}

#[test]
fn only_who_waits_is_held_to_the_bound_of_variables() {
    let (mut b, nodes) = (Build::shop(), 100);
    let condition = costly(&mut b);
    let on = |next| NodeKind::Branch {
        cases: vec![Case {
            condition,
            next: NodeId(next),
        }],
        otherwise: NodeId(next),
    };
    let mut all = vec![("send", b.call(1, Vec::new(), None))];
    all.extend((2..=nodes).map(|next| ("if", on(next))));
    all.push(("pause", b.wait(HOUR, nodes + 1)));
    all.push(("end", b.end("done")));
    let journey = b.journey("J", all);
    // Of the answer nothing is read behind the wait.
    journey.nodes[nodes as usize].live = vec![V_CART];
    let mut host = Host::new(b);
    host.event("cart", "c1");
    let answer = "a".repeat(1_000_000);
    let body = format!(r#"{{"answer":"{answer}"}}"#);
    let body = body.as_bytes();
    let effects = host.answer(Outcome::Success { status: 200, body });
    assert!(effects.more, "{:?}", effects.steps.last());
    let bytes = host.person.instances().next().map(|it| it.variable_bytes());
    assert!(bytes.is_some_and(|bytes| bytes > answer.len()), "{bytes:?}");
    assert!(!host.input(Cause::Continue).more);
    assert_eq!(host.place(), "pause");
}

#[test]
fn an_answer_beyond_its_bound_is_a_failure() {
    let most = 1024 * 1024;
    for (bytes, code) in [(most, Code::Success), (most + 1, Code::Response)] {
        let mut b = Build::shop();
        let nodes = vec![
            ("send", b.call(1, Vec::new(), Some(1))),
            ("end", b.end("done")),
        ];
        b.journey("J", nodes);
        let mut host = Host::new(b);
        host.event("cart", "c1");
        let mut body = br#"{"answer":"m1"}"#.to_vec();
        body.resize(bytes, b' ');
        let body = body.as_slice();
        let effects = host.answer(Outcome::Success { status: 200, body });
        assert_eq!(effects.steps[0].code, code, "{bytes}");
    }
}

#[test]
fn an_enum_of_values_that_are_alike_is_soon_in_force() {
    let value = |n: u32| format!("https://shop.example/categories/{n:06}/default");
    let mut b = Build::shop();
    let first = b.a.strings.len() as u32;
    (0..20_000).for_each(|n| b.a.strings.push(&value(n)));
    let all: Vec<StrId> = (first..first + 20_000).map(StrId).collect();
    let Want::Object(fields) = &mut b.a.plans[0].root.want else {
        panic!("no object");
    };
    for (_, node) in fields {
        if node.slot == Some(EV_CART) {
            node.want = Want::Enum(all.clone());
        }
    }
    let nodes = vec![("end", b.end("done"))];
    b.journey("J", nodes);
    let deployment = Deployment::new(vec![b.done()]).expect("loads");
    for (number, is_one) in [(0, true), (7, true), (19_999, true), (20_000, false)] {
        let json = format!(
            r#"{{"_id":"1","type":"cart","ecid":"ada","cart":"{}"}}"#,
            value(number)
        );
        let scanned = deployment.scan(json.as_bytes(), Instant(0));
        assert_eq!(scanned.is_ok(), is_one, "{json}");
    }
}

#[test]
fn what_is_mentioned_many_times_is_looked_at_once() {
    let mut b = Build::shop();
    let long = costly(&mut b);
    let mut decl = b.a.events[CLICK.0 as usize].clone();
    decl.conditions = vec![long; 1_024];
    let mut exits = Vec::new();
    for n in 0..200 {
        let name = b.s(&format!("E{n}"));
        let event = EventId(b.a.events.len() as u32);
        b.a.events.push(EventDecl {
            name,
            ..decl.clone()
        });
        exits.push(Exit {
            name,
            when: ExitWhen::Event(b.on(event)),
            then: None,
        });
    }
    let nodes = vec![("end", b.end("done"))];
    b.journey("J", nodes).exits = exits;
    assert!(Deployment::new(vec![b.done()]).is_ok());
}
