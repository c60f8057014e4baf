//! Hostile journeys: the small artifact with one thing wrong in its journey, and the refusal that it must meet.

mod common;

use common::small;
use common::wrong::{NOWHERE, accepted, refused};
use journey_artifact::RefusalKind::*;
use journey_artifact::graph::*;
use journey_artifact::model::*;
use journey_artifact::verify;
use journey_artifact::word::ShapeId;

fn kind(a: &mut Artifact, node: usize) -> &mut NodeKind {
    &mut a.journeys[0].nodes[node].kind
}

#[test]
fn journeys() {
    refused("name", Index, |a| a.journeys[0].name = NOWHERE);
    refused("variables", Index, |a| a.journeys[0].vars = ShapeId(77));
    refused("zone from an event", ChunkRows, |a| {
        a.journeys[0].timezone = a.events[0].key
    });
    refused("entry's event", Index, |a| {
        a.journeys[0].entries[0].on.event = EventId(1)
    });
    refused("entry sees variables", ChunkRows, |a| {
        a.journeys[0].entries[0].on.condition = Some(ChunkId(5))
    });
    refused("bind from beyond", Index, |a| {
        a.journeys[0].entries[0].on.bind[0].from = 9
    });
    refused("bind to another type", SlotType, |a| {
        a.journeys[0].entries[0].on.bind[0].to = 1
    });
    refused("no instances", Value, |a| {
        a.journeys[0].instance_per = Some((ChunkId(1), 0))
    });
    refused("instance per number", ChunkResult, |a| {
        a.journeys[0].instance_per = Some((ChunkId(0), 1))
    });
    refused("reenter", Value, |a| {
        a.journeys[0].reenter = Reenter::After(Span::Exact(u64::MAX))
    });
    refused("expires", Value, |a| {
        a.journeys[0].expires = Span::Calendar {
            months: u32::MAX,
            days: 0,
        };
    });
    refused("starts", Value, |a| a.journeys[0].starts = Some(i64::MIN));
    refused("exit on text", ChunkResult, |a| {
        a.journeys[0].exits[0].when = ExitWhen::Condition(ChunkId(6))
    });
    refused("exit reads an event", ChunkRows, |a| {
        a.journeys[0].exits[0].when = ExitWhen::Condition(ChunkId(0))
    });
    refused("exit leads nowhere", NodeTarget, |a| {
        a.journeys[0].exits[0].then = Some(NodeId(7))
    });
    refused("expiry leads nowhere", NodeTarget, |a| {
        a.journeys[0].on_expiry = Some(NodeId(u32::MAX))
    });
    refused("no nodes", NodeTarget, |a| a.journeys[0].nodes.clear());
    refused("journey twice", Order, |a| {
        a.journeys.push(a.journeys[0].clone());
        a.source_map = SourceMap::default();
    });
}

#[test]
fn nodes() {
    refused("node's name", Index, |a| {
        a.journeys[0].nodes[0].name = NOWHERE
    });
    refused("live without parking", Live, |a| {
        a.journeys[0].nodes[1].live = vec![0]
    });
    refused("live out of order", Order, |a| {
        a.journeys[0].nodes[0].live = vec![2, 0]
    });
    refused("live twice", Order, |a| {
        a.journeys[0].nodes[0].live = vec![0, 0]
    });
    refused("live beyond", Index, |a| {
        a.journeys[0].nodes[0].live = vec![3]
    });
    for when in [
        When::Weekday(0, 0),
        When::Weekday(8, 0),
        When::Weekday(1, 86_400_000),
        When::TimeOfDay(86_400_000),
    ] {
        let mut artifact = small();
        *kind(&mut artifact, 0) = NodeKind::Wait {
            until: when.clone(),
            or: Vec::new(),
            next: NodeId(1),
        };
        assert_eq!(
            verify(artifact).expect_err("no time").kind,
            Value,
            "{when:?}"
        );
    }
    for when in [
        When::AfterCalendar(ChunkId(4)),
        When::At(ChunkId(4)),
        When::AtLocal(ChunkId(4)),
    ] {
        let mut artifact = small();
        *kind(&mut artifact, 0) = NodeKind::Await {
            arms: Vec::new(),
            within: when.clone(),
            timeout: NodeId(1),
        };
        assert_eq!(
            verify(artifact).expect_err("a Duration").kind,
            ChunkResult,
            "{when:?}"
        );
    }
    refused("wait leads nowhere", NodeTarget, |a| {
        *kind(a, 0) = NodeKind::Wait {
            until: When::TimeOfDay(0),
            or: Vec::new(),
            next: NodeId(7),
        };
    });
    refused("otherwise leads nowhere", NodeTarget, |a| {
        *kind(a, 1) = NodeKind::Branch {
            cases: Vec::new(),
            otherwise: NodeId(7),
        };
    });
    refused("case is text", ChunkResult, |a| {
        let cases = vec![Case {
            condition: ChunkId(6),
            next: NodeId(2),
        }];
        *kind(a, 1) = NodeKind::Branch {
            cases,
            otherwise: NodeId(2),
        };
    });
    refused("assigned another type", ChunkResult, |a| {
        *kind(a, 5) = NodeKind::Assign {
            slot: 0,
            value: ChunkId(6),
            next: NodeId(6),
            missing: NodeId(6),
        };
    });
    refused("assigned beyond", Index, |a| {
        *kind(a, 5) = NodeKind::Assign {
            slot: 3,
            value: ChunkId(8),
            next: NodeId(6),
            missing: NodeId(6),
        };
    });
    refused("updated slot's type", ChunkResult, |a| {
        let fields = vec![UpdateField {
            path: StrId(0),
            slot: Some(0),
            there: Vec::new(),
            value: ChunkId(8),
        }];
        *kind(a, 4) = NodeKind::Update {
            fields,
            next: NodeId(5),
        };
    });
    refused("a text says that something is there", SlotType, |a| {
        said_to_be_there(a, 0)
    });
    refused("no slot says it", Index, |a| said_to_be_there(a, 9));
    refused("label is a number", ChunkResult, |a| {
        *kind(a, 6) = NodeKind::End {
            label: Some(ChunkId(8)),
        }
    });
}

/// An update that marks this slot of the profile row.
fn said_to_be_there(a: &mut Artifact, slot: SlotIx) {
    let fields = vec![UpdateField {
        path: StrId(0),
        slot: None,
        there: vec![slot],
        value: ChunkId(8),
    }];
    *kind(a, 4) = NodeKind::Update {
        fields,
        next: NodeId(5),
    };
}

fn split(a: &mut Artifact) -> &mut Vec<SplitArm> {
    match kind(a, 2) {
        NodeKind::Split { arms, .. } => arms,
        other => panic!("{other:?}"),
    }
}

#[test]
fn splits() {
    refused("no arms", Split, |a| split(a).clear());
    refused("not the whole", Split, |a| split(a)[1].below = 9_999);
    refused("more than the whole", Split, |a| split(a)[1].below = 10_001);
    refused("falling", Split, |a| split(a)[0].below = 10_001);
    refused("arm leads nowhere", NodeTarget, |a| {
        split(a)[0].next = NodeId(7)
    });
    accepted("an arm for nobody", |a| split(a)[0].below = 0);
}

/// What of a call node is changed.
type Change = fn(&mut CallId, &mut Vec<Arg>, &mut Vec<Bind>, &mut Vec<OnOutcome>);

fn send(a: &mut Artifact, change: Change) {
    match kind(a, 3) {
        NodeKind::Call {
            call,
            args,
            bind,
            outcomes,
            ..
        } => change(call, args, bind, outcomes),
        other => panic!("{other:?}"),
    }
}

#[test]
fn call_nodes() {
    refused("no such call", Index, |a| {
        send(a, |call, _, _, _| call.0 = 1)
    });
    refused("argument beyond", Index, |a| {
        send(a, |_, args, _, _| args[0].slot = 1)
    });
    refused("argument of another type", ChunkResult, |a| {
        send(a, |_, args, _, _| args[0].value = ChunkId(8))
    });
    refused("argument twice", Order, |a| {
        send(a, |_, args, _, _| args.push(args[0]))
    });
    refused("argument reads an event", ChunkRows, |a| {
        send(a, |_, args, _, _| args[0].value = ChunkId(1))
    });
    refused("answer of another type", SlotType, |a| {
        send(a, |_, _, bind, _| bind[0].to = 1)
    });
    refused("answer that is not read", ChunkRows, |a| {
        a.calls[0].response = None
    });
    refused("failure that is not read", ChunkRows, |a| {
        send(a, |_, _, _, outcomes| {
            outcomes[0].bind = vec![Bind { from: 0, to: 0 }]
        });
    });
    refused("no such status", Value, |a| {
        send(a, |_, _, _, outcomes| {
            outcomes[0].on = OutcomeMatch::Http(600)
        })
    });
    refused("status into text", SlotType, |a| {
        send(a, |_, _, _, outcomes| outcomes[0].status = Some(2))
    });
    refused("reason into a number", SlotType, |a| {
        send(a, |_, _, _, outcomes| outcomes[0].reason = Some(1))
    });
    refused("outcome leads nowhere", NodeTarget, |a| {
        send(a, |_, _, _, outcomes| outcomes[0].next = NodeId(7))
    });
}

#[test]
fn rings_of_nodes() {
    refused("an update behind itself", NodeCycle, |a| {
        *kind(a, 4) = NodeKind::Update {
            fields: Vec::new(),
            next: NodeId(4),
        };
    });
    refused("split, update, split", NodeCycle, |a| {
        *kind(a, 4) = NodeKind::Update {
            fields: Vec::new(),
            next: NodeId(2),
        };
    });
    accepted("a ring through a branch", |a| {
        *kind(a, 4) = NodeKind::Update {
            fields: Vec::new(),
            next: NodeId(1),
        };
    });
    accepted("a ring through a wait", |a| {
        *kind(a, 4) = NodeKind::Update {
            fields: Vec::new(),
            next: NodeId(0),
        };
    });
}
