//! Blocks of steps to nodes with explicit successors.
//!
//! Every step is one node; the nodes of a step's inner blocks follow it, so numbers run down the page. A block that falls
//! off its end goes to the step after the one it belongs to; the end of the journey is one node without a label.
//! Comes in: blocks. Goes out: nodes, their places, their names (a label, or kind and count). Never true here: a successor
//! that does not exist.

use super::bind;
use super::call::args_row;
use super::event;
use super::expr::{self, Scope, VarsScope};
use super::needs::Seg;
use super::pass::Pass;
use super::rows::RowKey;
use super::update;
use super::when;
use crate::hir::{
    self, Arm, Block, CallId, Expr, Journey, OutcomeKind, Program, Step, StepKind, VarId,
};
use crate::source::Span;
use crate::types::Type;
use journey_artifact::graph::{
    self, Bind, Case, Listen, Node, NodeId, NodeKind, OnOutcome, OutcomeMatch, SplitArm,
};
use journey_artifact::model::{self, SlotIx};
use journey_artifact::word::ShapeId;
use std::collections::BTreeMap;

/// The nodes of one journey in the making.
pub struct Steps<'p, 'a> {
    /// The pass they are written in.
    pub pass: &'p mut Pass<'a>,
    /// The program.
    pub program: &'p Program,
    /// The journey.
    pub journey: &'p Journey,
    /// Its variables row.
    pub vars: ShapeId,
    /// The nodes so far.
    pub nodes: Vec<Node>,
    /// Where they are written.
    pub spans: Vec<Span>,
    /// Where a failed call goes that names no branch.
    pub on_error: Option<NodeId>,
    counts: BTreeMap<&'static str, u32>,
}

/// How many nodes a block is.
pub fn size(block: &Block) -> u32 {
    block.steps.iter().map(step_size).sum()
}

fn step_size(step: &Step) -> u32 {
    1 + inner(step).into_iter().map(size).sum::<u32>()
}

/// The blocks inside a step, in source order.
fn inner(step: &Step) -> Vec<&Block> {
    match &step.kind {
        StepKind::Wait { or, .. } => or.iter().map(|arm| &arm.block).collect(),
        StepKind::Await { arms, timeout, .. } => {
            arms.iter().map(|arm| &arm.block).chain([timeout]).collect()
        }
        StepKind::Branch {
            cases, otherwise, ..
        } => cases
            .iter()
            .map(|(_, block)| block)
            .chain(otherwise)
            .collect(),
        StepKind::Split { arms, .. } => arms.iter().map(|(_, _, block)| block).collect(),
        StepKind::Let { otherwise, .. } => otherwise.iter().collect(),
        StepKind::Call {
            outcomes,
            otherwise,
            ..
        } => outcomes.iter().map(|o| &o.block).chain(otherwise).collect(),
        StepKind::Update { .. } | StepKind::End { .. } => Vec::new(),
    }
}

impl<'p, 'a> Steps<'p, 'a> {
    /// No nodes yet.
    pub fn new(
        pass: &'p mut Pass<'a>,
        program: &'p Program,
        journey: &'p Journey,
        vars: ShapeId,
    ) -> Steps<'p, 'a> {
        Steps {
            pass,
            program,
            journey,
            vars,
            nodes: Vec::new(),
            spans: Vec::new(),
            on_error: None,
            counts: BTreeMap::new(),
        }
    }

    /// What expressions of steps may read.
    pub fn scope(&self) -> Scope<'p> {
        Scope {
            vars: Some(VarsScope {
                row: self.vars,
                vars: &self.journey.vars,
            }),
            input: None,
        }
    }

    /// Lowers a block; what falls off its end goes to `next`. Gives its first node.
    pub fn block(&mut self, block: &Block, next: NodeId) -> NodeId {
        let first = NodeId(self.nodes.len() as u32);
        for (ix, step) in block.steps.iter().enumerate() {
            let after = self.nodes.len() as u32 + step_size(step);
            let next = if ix + 1 == block.steps.len() {
                next
            } else {
                NodeId(after)
            };
            self.step(step, next);
            debug_assert_eq!(self.nodes.len() as u32, after);
        }
        if block.steps.is_empty() { next } else { first }
    }

    /// A node without a step: the end of what falls off.
    pub fn end(&mut self, span: Span) {
        let name = self.pass.pool.text("end");
        self.nodes.push(Node {
            name,
            kind: NodeKind::End { label: None },
            live: Vec::new(),
        });
        self.spans.push(span);
    }

    fn step(&mut self, step: &Step, next: NodeId) {
        let name = match &step.label {
            Some(label) => label.clone(),
            None => self.made_up(step),
        };
        let name = self.pass.pool.text(&name);
        let at = self.nodes.len();
        // The node's number is taken before its inner blocks' are.
        self.nodes.push(Node {
            name,
            kind: NodeKind::End { label: None },
            live: Vec::new(),
        });
        self.spans.push(step.span);
        let kind = self.kind(&step.kind, next);
        self.nodes[at].kind = kind;
    }

    fn made_up(&mut self, step: &Step) -> String {
        let kind = match &step.kind {
            StepKind::Wait { .. } => "wait",
            StepKind::Await { .. } => "await",
            StepKind::Branch { is_match: true, .. } => "match",
            StepKind::Branch { .. } => "if",
            StepKind::Split { .. } => "split",
            StepKind::Let { var, .. }
                if self.var(*var).is_some_and(|var| var.name.starts_with('$')) =>
            {
                "subject"
            }
            StepKind::Let { .. } => "let",
            StepKind::Call { call, .. } if self.call(*call).is_some_and(|call| call.is_source) => {
                "fetch"
            }
            StepKind::Call { .. } => "send",
            StepKind::Update { .. } => "update",
            StepKind::End { .. } => "end",
        };
        let count = self.counts.entry(kind).or_insert(0);
        *count += 1;
        format!("{kind}-{count}")
    }

    fn kind(&mut self, kind: &StepKind, next: NodeId) -> NodeKind {
        match kind {
            StepKind::Wait { until, or } => {
                let until = when::lower(self.pass, self.scope(), until);
                NodeKind::Wait {
                    until,
                    or: self.arms(or, next),
                    next,
                }
            }
            StepKind::Await {
                arms,
                within,
                timeout,
            } => {
                let within = when::lower(self.pass, self.scope(), within);
                let arms = self.arms(arms, next);
                NodeKind::Await {
                    arms,
                    within,
                    timeout: self.block(timeout, next),
                }
            }
            StepKind::Branch {
                cases, otherwise, ..
            } => {
                let cases = cases
                    .iter()
                    .map(|(condition, block)| self.case(condition, block, next))
                    .collect();
                NodeKind::Branch {
                    cases,
                    otherwise: self.optional(otherwise.as_ref(), next),
                }
            }
            StepKind::Split { name, arms } => {
                let name = self.pass.pool.text(name);
                let mut below = 0;
                let arms = arms.iter().map(|(share, label, block)| {
                    below += share;
                    SplitArm {
                        label: self.pass.pool.text(label),
                        below,
                        next: self.block(block, next),
                    }
                });
                let arms = arms.collect();
                NodeKind::Split { name, arms }
            }
            StepKind::Let {
                var,
                value,
                otherwise,
            } => {
                let path = self.path(*var);
                let ty = self
                    .var(*var)
                    .map_or_else(|| value.ty.clone(), |var| var.ty.clone());
                let word = self.pass.rows.word(&ty);
                let slot = self.pass.value(self.vars, &path, word);
                let value = expr::value(self.pass, self.scope(), value, &ty);
                NodeKind::Assign {
                    slot,
                    value,
                    next,
                    missing: self.optional(otherwise.as_ref(), next),
                }
            }
            StepKind::Call {
                call,
                args,
                var,
                outcomes,
                otherwise,
            } => self.call_node(*call, args, *var, (outcomes, otherwise.as_ref()), next),
            StepKind::Update { fields } => NodeKind::Update {
                fields: update::lower(self.pass, self.scope(), fields),
                next,
            },
            StepKind::End { label } => {
                let scope = self.scope();
                NodeKind::End {
                    label: label
                        .as_ref()
                        .map(|e| expr::value(self.pass, scope, e, &Type::String)),
                }
            }
        }
    }

    fn case(&mut self, condition: &Expr, block: &Block, next: NodeId) -> Case {
        let condition = expr::condition(self.pass, self.scope(), condition);
        Case {
            condition,
            next: self.block(block, next),
        }
    }

    fn optional(&mut self, block: Option<&Block>, next: NodeId) -> NodeId {
        block.map_or(next, |block| self.block(block, next))
    }

    fn arms(&mut self, arms: &[Arm], next: NodeId) -> Vec<graph::Arm> {
        let arm = |arm: &Arm| {
            let scope = self.scope();
            graph::Arm {
                on: self.listen(&arm.on, scope),
                next: self.block(&arm.block, next),
            }
        };
        arms.iter().map(arm).collect()
    }

    /// Listening for an event. Conditions see what `scope` says beside the event.
    pub fn listen(&mut self, on: &hir::Listen, scope: Scope<'p>) -> Listen {
        let event = &self.program.events[on.event.0 as usize];
        let row = event::row(self.pass, event);
        let scope = Scope {
            input: Some(row),
            ..scope
        };
        Listen {
            event: model::EventId(on.event.0),
            condition: on
                .condition
                .as_ref()
                .map(|e| expr::condition(self.pass, scope, e)),
            bind: on.var.map_or_else(Vec::new, |var| self.bind(row, var)),
        }
    }

    fn bind(&mut self, from: ShapeId, var: VarId) -> Vec<Bind> {
        let path = self.path(var);
        bind::all(self.pass, from, self.vars, &path)
    }

    fn call_node(
        &mut self,
        id: CallId,
        args: &[Option<Expr>],
        var: Option<VarId>,
        (outcomes, otherwise): (&[hir::Outcome], Option<&Block>),
        next: NodeId,
    ) -> NodeKind {
        let call = &self.program.calls[id.0 as usize];
        let row = args_row(self.pass, id);
        let mut given = Vec::new();
        for ((name, ty, optional), arg) in call.params.iter().zip(args) {
            if let Some(arg) = arg {
                let word = self.pass.rows.word(ty);
                let slot = self.pass.value(row, &[Seg::Field(name)], word);
                given.push(graph::Arg {
                    slot,
                    value: expr::value(self.pass, self.scope(), arg, ty),
                    required: !optional,
                });
            }
        }
        let bind = match var {
            Some(var) => {
                let row = self.pass.rows.id(RowKey::Response(id));
                self.bind(row, var)
            }
            None => Vec::new(),
        };
        let outcomes = outcomes
            .iter()
            .map(|outcome| self.outcome(id, outcome, next))
            .collect();
        let otherwise = otherwise
            .map(|block| self.block(block, next))
            .or(self.on_error);
        NodeKind::Call {
            call: model::CallId(id.0),
            args: given,
            bind,
            next,
            outcomes,
            otherwise,
        }
    }

    fn outcome(&mut self, call: CallId, outcome: &hir::Outcome, next: NodeId) -> OnOutcome {
        let part = |g: &mut Self, name: &'static str| -> Option<(Vec<Seg<'p>>, Option<SlotIx>)> {
            let mut path = g.path(outcome.var?);
            path.push(Seg::Field(name));
            let slot = g
                .pass
                .placed_by(g.vars, &path)
                .and_then(|placed| placed.slot);
            Some((path, slot))
        };
        let bind = match part(self, "body") {
            Some((path, _)) => {
                let row = self.pass.rows.id(RowKey::Failure(call));
                bind::all(self.pass, row, self.vars, &path)
            }
            None => Vec::new(),
        };
        OnOutcome {
            on: match outcome.on {
                OutcomeKind::Capped => OutcomeMatch::Capped,
                OutcomeKind::Timeout => OutcomeMatch::Timeout,
                OutcomeKind::Http(status) => OutcomeMatch::Http(status),
                OutcomeKind::Failed => OutcomeMatch::Failed,
            },
            bind,
            status: part(self, "status").and_then(|(_, slot)| slot),
            reason: part(self, "reason").and_then(|(_, slot)| slot),
            next: self.block(&outcome.block, next),
        }
    }

    fn path(&self, var: VarId) -> Vec<Seg<'p>> {
        let name = self.var(var).map_or("", |var| &var.name);
        vec![Seg::Var(var.0, name)]
    }

    fn var(&self, var: VarId) -> Option<&'p hir::Var> {
        self.journey.vars.get(var.0 as usize)
    }

    fn call(&self, call: CallId) -> Option<&'p hir::Call> {
        self.program.calls.get(call.0 as usize)
    }
}
