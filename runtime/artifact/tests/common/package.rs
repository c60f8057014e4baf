//! A small package, and a large one made of it.

use super::build::{Build, op};
use journey_artifact::code::{Instr, Op, R_FREE, R_INPUT, R_PROFILE, R_VARS};
use journey_artifact::graph::*;
use journey_artifact::model::*;
use journey_artifact::word::WordType;

fn leaf(slot: SlotIx, ty: WordType) -> PlanNode {
    PlanNode {
        slot: Some(slot),
        required: false,
        want: Want::Scalar(ty),
    }
}

/// `slot lo of row` compared with a constant: Bool, or missing.
fn compare(row: u8, slot: u16, how: Op, constant: u16) -> Vec<Instr> {
    let (x, y) = (R_FREE, R_FREE + 1);
    vec![
        op(Op::Slot, x, row, 0, slot, 4),
        op(Op::Const, y, 0, 0, constant, 0),
        op(how, x, x, y, 0, 0),
        op(Op::Ret, x, 0, 0, 0, 0),
        op(Op::RetMissing, 0, 0, 0, 0, 0),
    ]
}

/// A slot as it is, or missing.
fn field(row: u8, slot: u16) -> Vec<Instr> {
    vec![
        op(Op::Slot, R_FREE, row, 0, slot, 2),
        op(Op::Ret, R_FREE, 0, 0, 0, 0),
        op(Op::RetMissing, 0, 0, 0, 0, 0),
    ]
}

/// Whether an item of list slot 3 costs less than a constant, in Kleene logic: a loop with an accumulator.
fn any_item(constant: u16) -> Vec<Instr> {
    vec![
        op(Op::Slot, 3, R_INPUT, 0, 3, 12),
        op(Op::Int, 4, 0, 0, 0, 0),
        op(Op::Const, 6, 0, 0, constant, 0),
        op(Op::Bool, 5, 0, 0, 0, 0),
        op(Op::Next, 7, 3, 4, 0, 10),
        op(Op::Slot, 7, 7, 0, 1, 8),
        op(Op::LtD, 7, 7, 6, 0, 0),
        op(Op::Jump, 0, 0, 0, 0, 9),
        op(Op::Unknown, 7, 0, 0, 0, 0),
        op(Op::Or3, 5, 5, 7, 0, 0),
        op(Op::JumpTrue, 5, 0, 0, 0, 13),
        op(Op::Jump, 0, 0, 0, 0, 15),
        op(Op::RetMissing, 0, 0, 0, 0, 0),
        op(Op::Bool, 5, 0, 0, 1, 0),
        op(Op::Ret, 5, 0, 0, 0, 0),
        op(Op::JumpFalse, 5, 0, 0, 0, 17),
        op(Op::RetMissing, 0, 0, 0, 0, 0),
        op(Op::Bool, 5, 0, 0, 0, 0),
        op(Op::Ret, 5, 0, 0, 0, 0),
    ]
}

/// A package with one event, one action and one journey of seven nodes: every table has an entry, every node kind but one.
pub fn small() -> Artifact {
    let mut b = Build::default();
    b.0.name = "shop".into();
    b.0.version = "1.0.0".into();
    let profile = b.shape(&[("person.name", WordType::Str), ("timeZone", WordType::Str)]);
    let item = b.shape(&[("sku", WordType::Str), ("price", WordType::Dec)]);
    let event = b.shape(&[
        ("eventType", WordType::Str),
        ("total", WordType::Dec),
        ("timestamp", WordType::DateTime),
        ("items", WordType::List(item)),
        ("id", WordType::Str),
    ]);
    let vars = b.shape(&[
        ("total", WordType::Dec),
        ("status", WordType::Int),
        ("reason", WordType::Str),
    ]);
    let args = b.shape(&[("name", WordType::Str)]);
    let answer = b.shape(&[("spent", WordType::Dec)]);
    let object = |fields: Vec<(StrId, PlanNode)>| PlanNode {
        slot: None,
        required: false,
        want: Want::Object(fields),
    };

    let (name, person, zone) = (b.text("name"), b.text("person"), b.text("timeZone"));
    let root = object(vec![
        (person, object(vec![(name, leaf(0, WordType::Str))])),
        (zone, leaf(1, WordType::Str)),
    ]);
    let schema = b.text("profile");
    b.0.plans.push(Plan {
        schema,
        shape: profile,
        root,
    });
    b.0.profile = Some(PlanId(0));

    let keys = ["eventType", "id", "items", "timestamp", "total"].map(|key| b.text(key));
    let (added, bought) = (b.text("cart.add"), b.text("cart.buy"));
    let (sku, price) = (b.text("sku"), b.text("price"));
    let one = object(vec![
        (price, leaf(1, WordType::Dec)),
        (sku, leaf(0, WordType::Str)),
    ]);
    let root = object(vec![
        (
            keys[0],
            PlanNode {
                slot: Some(0),
                required: false,
                want: Want::Enum(vec![added, bought]),
            },
        ),
        (
            keys[1],
            PlanNode {
                required: true,
                ..leaf(4, WordType::Str)
            },
        ),
        (
            keys[2],
            PlanNode {
                slot: Some(3),
                required: false,
                want: Want::List(item, Box::new(one)),
            },
        ),
        (keys[3], leaf(2, WordType::DateTime)),
        (keys[4], leaf(1, WordType::Dec)),
    ]);
    let schema = b.text("event");
    b.0.plans.push(Plan {
        schema,
        shape: event,
        root,
    });
    let spent = b.text("spent");
    let schema = b.text("answer");
    b.0.plans.push(Plan {
        schema,
        shape: answer,
        root: object(vec![(spent, leaf(0, WordType::Dec))]),
    });

    let cheap = b.constant(Constant::Word(WordType::Dec, 100.0_f64.to_bits()));
    let day = b.constant(Constant::Word(WordType::Duration, 86_400_000));
    let is_added = b.constant(Constant::Text(added));
    let url = b.text("https://mail.example/send?to=");
    let url = b.constant(Constant::Text(url));
    let upper = b.text("upper");
    b.0.imports.push(Import {
        name: upper,
        params: vec![WordType::Str],
        result: WordType::Str,
    });

    let (over_event, over_vars, over_args) =
        ((None, Some(event)), (Some(vars), None), (None, Some(args)));
    let condition = b.chunk(
        over_event,
        WordType::Bool,
        compare(R_INPUT, 0, Op::EqS, is_added),
    );
    let key = b.chunk(over_event, WordType::Str, field(R_INPUT, 4));
    let any_cheap = b.chunk(over_event, WordType::Bool, any_item(cheap));
    let zone = b.chunk((None, None), WordType::Str, field(R_PROFILE, 1));
    let wait = vec![op(Op::Const, 3, 0, 0, day, 0), op(Op::Ret, 3, 0, 0, 0, 0)];
    let wait = b.chunk((None, None), WordType::Duration, wait);
    let small = b.chunk(
        over_vars,
        WordType::Bool,
        compare(R_VARS, 0, Op::LtD, cheap),
    );
    let greeting = b.chunk(over_vars, WordType::Str, field(R_PROFILE, 0));
    let target = vec![
        op(Op::Const, 3, 0, 0, url, 0),
        op(Op::Slot, 4, R_INPUT, 0, 0, 5),
        op(Op::Call, 4, 4, 1, 0, 5),
        op(Op::Concat, 3, 3, 2, 0, 0),
        op(Op::Ret, 3, 0, 0, 0, 0),
        op(Op::RetMissing, 0, 0, 0, 0, 0),
    ];
    let target = b.chunk(over_args, WordType::Str, target);
    let total = b.chunk(over_vars, WordType::Dec, field(R_VARS, 0));

    let (name, namespace) = (b.text("Added"), b.text("Email"));
    b.0.identities.push(namespace);
    b.0.events.push(EventDecl {
        name,
        plan: PlanId(1),
        discriminators: vec![Discriminator {
            slot: 0,
            test: Test::OneOf(vec![Constant::Text(added)]),
        }],
        conditions: vec![condition],
        key: Some(key),
        namespace: Some(namespace),
        dedupe: Some((key, 60_000)),
    });
    let (name, method, header, secret) = (
        b.text("mail"),
        b.text("POST"),
        b.text("X-Token"),
        b.text("TOKEN"),
    );
    b.0.calls.push(CallDecl {
        name,
        is_source: false,
        args,
        method,
        url: target,
        query: Vec::new(),
        headers: vec![(header, Template::Secret(secret))],
        body: Some(Json::Object(vec![(
            header,
            Json::Array(vec![Json::Value(target)]),
        )])),
        auth: Auth::Bearer(Template::Secret(secret)),
        timeout_ms: 5000,
        retry: Retry {
            times: 3,
            min_ms: 100,
            max_ms: 1000,
        },
        limit: Some(Limit {
            count: 10,
            per_ms: 1000,
            queue_ms: None,
        }),
        cache_ms: 0,
        idempotency_header: Some(header),
        response: Some(PlanId(2)),
        failure: None,
        channel: Some(name),
        category: None,
    });

    let listen = Listen {
        event: EventId(0),
        condition: Some(any_cheap),
        bind: vec![Bind { from: 1, to: 0 }],
    };
    let until = NodeKind::Wait {
        until: When::After(wait),
        or: vec![Arm {
            on: listen.clone(),
            next: NodeId(6),
        }],
        next: NodeId(1),
    };
    let cases = vec![Case {
        condition: small,
        next: NodeId(2),
    }];
    let split = b.text("half");
    let arms = [("a", 5000, 3), ("b", 10_000, 4)].map(|(label, below, next)| SplitArm {
        label: b.text(label),
        below,
        next: NodeId(next),
    });
    let failed = OnOutcome {
        on: OutcomeMatch::Http(404),
        bind: Vec::new(),
        status: Some(1),
        reason: Some(2),
        next: NodeId(6),
    };
    let send = NodeKind::Call {
        call: CallId(0),
        args: vec![Arg {
            slot: 0,
            value: greeting,
            required: true,
        }],
        bind: vec![Bind { from: 0, to: 0 }],
        next: NodeId(5),
        outcomes: vec![failed],
        otherwise: None,
    };
    let path = b.text("person.name");
    let fields = vec![UpdateField {
        path,
        slot: Some(0),
        there: Vec::new(),
        value: greeting,
    }];
    let nodes = vec![
        b.node("wait-1", until, &[0, 2]),
        b.node(
            "if-1",
            NodeKind::Branch {
                cases,
                otherwise: NodeId(6),
            },
            &[],
        ),
        b.node(
            "half",
            NodeKind::Split {
                name: split,
                arms: arms.to_vec(),
            },
            &[],
        ),
        b.node("send-1", send, &[0]),
        b.node(
            "update-1",
            NodeKind::Update {
                fields,
                next: NodeId(5),
            },
            &[],
        ),
        b.node(
            "let-1",
            NodeKind::Assign {
                slot: 0,
                value: total,
                next: NodeId(6),
                missing: NodeId(6),
            },
            &[],
        ),
        b.node(
            "end",
            NodeKind::End {
                label: Some(greeting),
            },
            &[],
        ),
    ];
    let (name, fallback_zone) = (b.text("cart"), b.text("Europe/Berlin"));
    let exit = Exit {
        name,
        when: ExitWhen::Event(listen.clone()),
        then: Some(NodeId(6)),
    };
    let (entries, exits) = (
        vec![Entry {
            on: listen,
            discriminators: Vec::new(),
        }],
        vec![exit],
    );
    b.0.journeys.push(Journey {
        name,
        vars,
        timezone: Some(zone),
        fallback_zone,
        entries,
        reenter: Reenter::After(Span::Calendar {
            months: 0,
            days: 30,
        }),
        instance_per: Some((key, 3)),
        starts: Some(0),
        closes: None,
        exits,
        expires: Span::Exact(86_400_000 * 30),
        on_expiry: None,
        priority: 5,
        start: NodeId(0),
        nodes,
    });
    let place = Place {
        file: 0,
        start: 3,
        end: 9,
        line: 2,
        text: "total\n  < 100".into(),
    };
    b.0.source_map = SourceMap {
        files: vec!["shop.journey".into()],
        chunks: vec![place.clone(); b.0.chunks.len()],
        nodes: vec![vec![place; 7]],
        docs: vec!["Brings people back to their carts.".into()],
    };
    b.0
}

/// The small one, many times over: hundreds of chunks, plans, events, calls, nodes.
pub fn large(copies: u32) -> Artifact {
    let mut all = small();
    let one = small();
    for copy in 1..copies {
        let mut add = one.clone();
        let base = all.chunks.len() as u32;
        let (events, calls) = (all.events.len() as u32, all.calls.len() as u32);
        let shift = |id: &mut ChunkId| id.0 += base;
        let mut rename = |id: &mut StrId| {
            all.strings
                .push(&format!("{}-{copy}", &one.strings[id.0 as usize]));
            *id = StrId(all.strings.len() as u32 - 1);
        };
        add.events.iter_mut().for_each(|event| {
            rename(&mut event.name);
            event
                .conditions
                .iter_mut()
                .chain(&mut event.key)
                .for_each(shift);
        });
        add.calls.iter_mut().for_each(|call| {
            rename(&mut call.name);
            shift(&mut call.url);
        });
        for journey in &mut add.journeys {
            rename(&mut journey.name);
            for entry in &mut journey.entries {
                entry.on.event.0 += events;
            }
            for node in &mut journey.nodes {
                if let NodeKind::Call { call, args, .. } = &mut node.kind {
                    call.0 += calls;
                    args.iter_mut().for_each(|arg| shift(&mut arg.value));
                }
            }
        }
        all.plans.extend(add.plans);
        all.chunks.extend(add.chunks);
        all.events.extend(add.events);
        all.calls.extend(add.calls);
        all.journeys.extend(add.journeys);
        let map = add.source_map;
        all.source_map.chunks.extend(map.chunks);
        all.source_map.nodes.extend(map.nodes);
        all.source_map.docs.extend(map.docs);
    }
    all
}
