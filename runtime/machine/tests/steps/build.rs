//! Artifacts by hand: one shop with three events, a source, and a journey of whatever nodes a test gives.

use journey_artifact::code::{Instr, Op, R_INPUT, R_PROFILE, R_VARS};
use journey_artifact::graph::*;
use journey_artifact::model::*;
use journey_artifact::word::{ShapeId, WordType};
use journey_artifact::{Verified, verify};

pub const HOUR: u64 = 3_600_000;
pub const DAY: u64 = 24 * HOUR;

// Slots of the event row.
pub const EV_ID: SlotIx = 0;
pub const EV_CART: SlotIx = 2;
pub const EV_ECID: SlotIx = 3;
pub const EV_TYPE: SlotIx = 4;
// Slots of the profile row.
pub const P_CONSENT: SlotIx = 0;
pub const P_ZONE: SlotIx = 1;
// Slots of the variables row.
pub const V_CART: SlotIx = 0;
pub const V_STATUS: SlotIx = 1;
pub const V_REASON: SlotIx = 2;
pub const V_ANSWER: SlotIx = 3;

pub const CART: EventId = EventId(0);
pub const ORDER: EventId = EventId(1);
pub const CLICK: EventId = EventId(2);
pub const SEND: CallId = CallId(0);

/// An artifact in the making.
pub struct Build {
    pub a: Artifact,
    pub event_row: ShapeId,
    pub vars_row: ShapeId,
    pub args_row: ShapeId,
    pub answer: PlanId,
}

impl Build {
    /// The shop: events `Cart`, `Order`, `Click` keyed by `ecid`, a profile, the call `Send`.
    pub fn shop() -> Build {
        let mut b = Build {
            a: Artifact {
                name: "shop".into(),
                version: "1.0".into(),
                ..Artifact::default()
            },
            event_row: ShapeId(0),
            vars_row: ShapeId(0),
            args_row: ShapeId(0),
            answer: PlanId(0),
        };
        let text = WordType::Str;
        let fields = [
            ("_id", text),
            ("amount", WordType::Dec),
            ("cart", text),
            ("ecid", text),
            ("type", text),
        ];
        let (event_plan, event_row) = b.plan("https://shop/event", &fields);
        let (profile, _) = b.plan("https://shop/profile", &[("consent", text), ("zone", text)]);
        let (answer, _) = b.plan("Send", &[("answer", text)]);
        b.event_row = event_row;
        b.answer = answer;
        b.a.profile = Some(profile);
        b.vars_row = b.shape(&[
            ("cart", text),
            ("status", WordType::Int),
            ("reason", text),
            ("answer", text),
        ]);
        b.args_row = b.shape(&[("to", text)]);
        let ecid = b.s("ECID");
        b.a.identities.push(ecid);
        for (name, kind) in [("Cart", "cart"), ("Order", "order"), ("Click", "click")] {
            b.event(name, event_plan, kind);
        }
        b.send();
        b
    }

    fn event(&mut self, name: &str, plan: PlanId, kind: &str) {
        let condition = self.event_is(EV_TYPE, kind);
        let key = self.event_slot(EV_ECID);
        let id = self.event_slot(EV_ID);
        let (name, text, namespace) = (self.s(name), self.s(kind), self.a.identities[0]);
        self.a.events.push(EventDecl {
            name,
            plan,
            discriminators: vec![Discriminator {
                slot: EV_TYPE,
                test: Test::OneOf(vec![Constant::Text(text)]),
            }],
            conditions: vec![condition],
            key: Some(key),
            namespace: Some(namespace),
            dedupe: Some((id, DAY)),
        });
    }

    fn send(&mut self) {
        let input = Some(self.args_row);
        let to = self.slot(None, input, R_INPUT, 0, WordType::Str);
        let url = self.text("https://push.example/send");
        let (name, method, key, secret) = (
            self.s("Send"),
            self.s("POST"),
            self.s("to"),
            self.s("TOKEN"),
        );
        let header = self.s("Idempotency-Key");
        self.a.calls.push(CallDecl {
            name,
            is_source: false,
            args: self.args_row,
            method,
            url,
            query: Vec::new(),
            headers: Vec::new(),
            body: Some(Json::Object(vec![(key, Json::Value(to))])),
            auth: Auth::Bearer(Template::Secret(secret)),
            timeout_ms: 5_000,
            retry: Retry::default(),
            limit: None,
            cache_ms: 0,
            idempotency_header: Some(header),
            response: Some(self.answer),
            failure: None,
            channel: None,
            category: None,
        });
    }

    /// The call sends its argument in a header, and as a credential in one.
    pub fn echo_in_headers(&mut self) {
        let to = self.slot(None, Some(self.args_row), R_INPUT, 0, WordType::Str);
        let (name, value) = (self.s("X-To"), Template::Value(to));
        let call = &mut self.a.calls[0];
        call.headers = vec![(name, value)];
        call.auth = Auth::Header(name, value);
    }

    /// Text of the artifact, once.
    pub fn s(&mut self, text: &str) -> StrId {
        let at = self
            .a
            .strings
            .iter()
            .position(|known| known == text)
            .unwrap_or_else(|| {
                self.a.strings.push(text);
                self.a.strings.len() - 1
            });
        StrId(at as u32)
    }

    pub fn shape(&mut self, slots: &[(&str, WordType)]) -> ShapeId {
        let slots = slots
            .iter()
            .map(|(name, ty)| Slot {
                name: self.s(name),
                ty: *ty,
            })
            .collect();
        self.a.shapes.push(Shape { slots });
        ShapeId(self.a.shapes.len() as u32 - 1)
    }

    /// A plan of a flat object; the names must rise.
    pub fn plan(&mut self, schema: &str, fields: &[(&str, WordType)]) -> (PlanId, ShapeId) {
        let shape = self.shape(fields);
        let node = |ix: usize, ty| PlanNode {
            slot: Some(ix as SlotIx),
            required: false,
            want: Want::Scalar(ty),
        };
        let keys = fields
            .iter()
            .enumerate()
            .map(|(ix, (name, ty))| (self.s(name), node(ix, *ty)))
            .collect();
        let schema = self.s(schema);
        self.a.plans.push(Plan {
            schema,
            shape,
            root: PlanNode {
                slot: None,
                required: false,
                want: Want::Object(keys),
            },
        });
        (PlanId(self.a.plans.len() as u32 - 1), shape)
    }

    /// From now on a field of the plan of this schema must be there.
    pub fn must(&mut self, schema: &str, field: &str) {
        let (schema, field) = (self.s(schema), self.s(field));
        let plan = self.a.plans.iter_mut().find(|plan| plan.schema == schema);
        let plan = plan.expect("a plan of this schema");
        let Want::Object(fields) = &mut plan.root.want else {
            panic!("no object");
        };
        for (name, node) in fields {
            node.required |= *name == field;
        }
    }

    /// The shop's events have one more text that is read.
    pub fn reads(&mut self, field: &str) {
        let name = self.s(field);
        let slots = &mut self.a.shapes[self.event_row.0 as usize].slots;
        slots.push(Slot {
            name,
            ty: WordType::Str,
        });
        let node = PlanNode {
            slot: Some(slots.len() as SlotIx - 1),
            required: false,
            want: Want::Scalar(WordType::Str),
        };
        let Want::Object(fields) = &mut self.a.plans[0].root.want else {
            panic!("no object");
        };
        fields.push((name, node));
        let texts = &self.a.strings;
        let text = |id: &StrId| texts.get(id.0 as usize).map(str::to_owned);
        fields.sort_by_key(|(id, _)| text(id));
    }

    pub fn chunk(
        &mut self,
        vars: Option<ShapeId>,
        input: Option<ShapeId>,
        result: WordType,
        optional: bool,
        code: Vec<Instr>,
    ) -> ChunkId {
        self.a.chunks.push(Chunk {
            vars,
            input,
            registers: 8,
            result,
            optional,
            code,
        });
        ChunkId(self.a.chunks.len() as u32 - 1)
    }

    fn constant(&mut self, constant: Constant) -> u16 {
        self.a.constants.push(constant);
        self.a.constants.len() as u16 - 1
    }

    pub fn word(&mut self, ty: WordType, word: u64) -> ChunkId {
        let at = self.constant(Constant::Word(ty, word));
        self.chunk(
            None,
            None,
            ty,
            false,
            vec![op(Op::Const, 3, 0, 0, at, 0), op(Op::Ret, 3, 0, 0, 0, 0)],
        )
    }

    pub fn duration(&mut self, ms: u64) -> ChunkId {
        self.word(WordType::Duration, ms)
    }

    pub fn text(&mut self, text: &str) -> ChunkId {
        let id = self.s(text);
        let at = self.constant(Constant::Text(id));
        self.chunk(
            None,
            None,
            WordType::Str,
            false,
            vec![op(Op::Const, 3, 0, 0, at, 0), op(Op::Ret, 3, 0, 0, 0, 0)],
        )
    }

    /// A slot of a row, or nothing.
    pub fn slot(
        &mut self,
        vars: Option<ShapeId>,
        input: Option<ShapeId>,
        row: u8,
        slot: SlotIx,
        ty: WordType,
    ) -> ChunkId {
        let code = vec![
            op(Op::Slot, 3, row, 0, slot, 2),
            op(Op::Ret, 3, 0, 0, 0, 0),
            op(Op::RetMissing, 0, 0, 0, 0, 0),
        ];
        self.chunk(vars, input, ty, true, code)
    }

    pub fn event_slot(&mut self, slot: SlotIx) -> ChunkId {
        self.slot(None, Some(self.event_row), R_INPUT, slot, WordType::Str)
    }

    pub fn var(&mut self, slot: SlotIx, ty: WordType) -> ChunkId {
        self.slot(Some(self.vars_row), None, R_VARS, slot, ty)
    }

    /// Whether a text slot of a row equals a text.
    fn is(
        &mut self,
        vars: Option<ShapeId>,
        input: Option<ShapeId>,
        row: u8,
        slot: SlotIx,
        text: &str,
    ) -> ChunkId {
        let id = self.s(text);
        let at = self.constant(Constant::Text(id));
        let code = vec![
            op(Op::Slot, 3, row, 0, slot, 4),
            op(Op::Const, 4, 0, 0, at, 0),
            op(Op::EqS, 5, 3, 4, 0, 0),
            op(Op::Ret, 5, 0, 0, 0, 0),
            op(Op::RetMissing, 0, 0, 0, 0, 0),
        ];
        self.chunk(vars, input, WordType::Bool, true, code)
    }

    pub fn event_is(&mut self, slot: SlotIx, text: &str) -> ChunkId {
        self.is(None, Some(self.event_row), R_INPUT, slot, text)
    }

    pub fn profile_is(&mut self, slot: SlotIx, text: &str) -> ChunkId {
        self.is(None, None, R_PROFILE, slot, text)
    }

    /// A listener without a condition that keeps the cart's id.
    pub fn on(&self, event: EventId) -> Listen {
        Listen {
            event,
            condition: None,
            bind: vec![Bind {
                from: EV_CART,
                to: V_CART,
            }],
        }
    }

    /// A journey that `Cart` leads into, with these nodes; the first is the start.
    pub fn journey(&mut self, name: &str, nodes: Vec<(&str, NodeKind)>) -> &mut Journey {
        let nodes = nodes
            .into_iter()
            .map(|(name, kind)| {
                let parks = matches!(
                    kind,
                    NodeKind::Wait { .. } | NodeKind::Await { .. } | NodeKind::Call { .. }
                );
                Node {
                    name: self.s(name),
                    kind,
                    live: if parks {
                        vec![V_CART, V_STATUS, V_REASON, V_ANSWER]
                    } else {
                        Vec::new()
                    },
                }
            })
            .collect();
        let journey = Journey {
            name: self.s(name),
            vars: self.vars_row,
            timezone: None,
            fallback_zone: self.s("UTC"),
            entries: vec![Entry {
                on: self.on(CART),
                discriminators: Vec::new(),
            }],
            reenter: Reenter::Always,
            instance_per: None,
            starts: None,
            closes: None,
            exits: Vec::new(),
            expires: Span::Exact(91 * DAY),
            on_expiry: None,
            priority: 0,
            start: NodeId(0),
            nodes,
        };
        self.a.journeys.push(journey);
        self.a.journeys.last_mut().expect("just pushed")
    }

    pub fn wait(&mut self, ms: u64, next: u32) -> NodeKind {
        NodeKind::Wait {
            until: When::After(self.duration(ms)),
            or: Vec::new(),
            next: NodeId(next),
        }
    }

    /// Awaits one event within a time.
    pub fn awaiting(&mut self, event: EventId, next: u32, ms: u64, timeout: u32) -> NodeKind {
        let arms = vec![Arm {
            on: self.on(event),
            next: NodeId(next),
        }];
        NodeKind::Await {
            arms,
            within: When::After(self.duration(ms)),
            timeout: NodeId(timeout),
        }
    }

    pub fn end(&mut self, label: &str) -> NodeKind {
        NodeKind::End {
            label: Some(self.text(label)),
        }
    }

    /// From now on calls are made without their arguments, too.
    pub fn lenient(&mut self) {
        for node in self.a.journeys.iter_mut().flat_map(|j| &mut j.nodes) {
            if let NodeKind::Call { args, .. } = &mut node.kind {
                args.iter_mut().for_each(|arg| arg.required = false);
            }
        }
    }

    /// Sends to the cart's id; keeps the answer.
    pub fn call(
        &mut self,
        next: u32,
        outcomes: Vec<OnOutcome>,
        otherwise: Option<u32>,
    ) -> NodeKind {
        let to = self.var(V_CART, WordType::Str);
        NodeKind::Call {
            call: SEND,
            args: vec![Arg {
                slot: 0,
                value: to,
                required: true,
            }],
            bind: vec![Bind {
                from: 0,
                to: V_ANSWER,
            }],
            next: NodeId(next),
            outcomes,
            otherwise: otherwise.map(NodeId),
        }
    }

    /// The verified artifact.
    pub fn done(self) -> Verified {
        match verify(self.a) {
            Ok(verified) => verified,
            Err(refusal) => panic!("the artifact is refused: {refusal:?}"),
        }
    }
}

/// An outcome branch that keeps status and reason.
pub fn on(what: OutcomeMatch, next: u32) -> OnOutcome {
    OnOutcome {
        on: what,
        bind: Vec::new(),
        status: Some(V_STATUS),
        reason: Some(V_REASON),
        next: NodeId(next),
    }
}

pub fn op(op: Op, a: u8, b: u8, c: u8, lo: u16, hi: u16) -> Instr {
    Instr::new(op, a, b, c, lo, hi)
}
