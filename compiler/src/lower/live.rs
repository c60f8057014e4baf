//! Which variables must survive while an instance is parked.
//!
//! Comes in: a journey's nodes and chunks. Goes out: for every node that parks, the slots that something after it may read,
//! sorted. What runs at any time (conditions of the ways out, steps on the way out and on expiry) counts as after every node.
//! Never true here: a variable kept because its name is still in scope.

use journey_artifact::code::{Op, R_VARS};
use journey_artifact::graph::{Bind, ExitWhen, Journey, Listen, NodeId, NodeKind, When};
use journey_artifact::model::{Chunk, ChunkId, SlotIx};
use std::collections::BTreeSet;

type Slots = BTreeSet<SlotIx>;

/// Fills in `live` of every node.
pub fn fill(journey: &mut Journey, chunks: &[Chunk]) {
    let mut live = Live {
        chunks,
        before: vec![Slots::new(); journey.nodes.len()],
    };
    // Successors mostly have higher numbers, so going backwards settles at once; a loop takes a round more.
    loop {
        let mut changed = false;
        for ix in (0..journey.nodes.len()).rev() {
            let kind = &journey.nodes[ix].kind;
            let mut now = live.after(kind);
            now.extend(live.at(kind));
            changed |= now != live.before[ix];
            live.before[ix] = now;
        }
        if !changed {
            break;
        }
    }
    let mut anytime = Slots::new();
    for exit in &journey.exits {
        match &exit.when {
            ExitWhen::Condition(chunk) => anytime.extend(live.reads(*chunk)),
            ExitWhen::Event(on) => {
                anytime.extend(live.condition(on));
                if let Some(then) = exit.then {
                    anytime.extend(live.past(then, &on.bind));
                }
                continue;
            }
        }
        anytime.extend(exit.then.into_iter().flat_map(|then| live.past(then, &[])));
    }
    anytime.extend(
        journey
            .on_expiry
            .into_iter()
            .flat_map(|node| live.past(node, &[])),
    );
    for node in &mut journey.nodes {
        node.live = match &node.kind {
            NodeKind::Wait { .. } | NodeKind::Await { .. } | NodeKind::Call { .. } => {
                live.after(&node.kind).union(&anytime).copied().collect()
            }
            _ => Vec::new(),
        };
    }
}

struct Live<'c> {
    chunks: &'c [Chunk],
    /// What is read at or after each node.
    before: Vec<Slots>,
}

impl Live<'_> {
    /// The slots that a chunk reads.
    fn reads(&self, chunk: ChunkId) -> Slots {
        let code = self
            .chunks
            .get(chunk.0 as usize)
            .map_or(&[][..], |chunk| &chunk.code);
        code.iter()
            .filter(|i| matches!(i.op, Op::Slot | Op::Has) && i.b == R_VARS)
            .map(|i| i.lo)
            .collect()
    }

    fn condition(&self, on: &Listen) -> Slots {
        on.condition
            .map(|chunk| self.reads(chunk))
            .unwrap_or_default()
    }

    /// What is read from `node` on, but what was bound on the way there.
    fn past(&self, node: NodeId, bind: &[Bind]) -> Slots {
        let before = self
            .before
            .get(node.0 as usize)
            .cloned()
            .unwrap_or_default();
        before
            .into_iter()
            .filter(|slot| bind.iter().all(|bind| bind.to != *slot))
            .collect()
    }

    /// What is read when the node is reached.
    fn at(&self, kind: &NodeKind) -> Slots {
        let chunks: Vec<ChunkId> = match kind {
            NodeKind::Wait { until: when, .. } | NodeKind::Await { within: when, .. } => {
                time(when).into_iter().collect()
            }
            NodeKind::Branch { cases, .. } => cases.iter().map(|case| case.condition).collect(),
            NodeKind::Assign { value, .. } => vec![*value],
            NodeKind::Call { args, .. } => args.iter().map(|arg| arg.value).collect(),
            NodeKind::Update { fields, .. } => fields.iter().map(|field| field.value).collect(),
            NodeKind::End { label } => label.iter().copied().collect(),
            NodeKind::Split { .. } => Vec::new(),
        };
        chunks
            .into_iter()
            .flat_map(|chunk| self.reads(chunk))
            .collect()
    }

    /// What is read after the node was left, or while an instance is parked at it.
    fn after(&self, kind: &NodeKind) -> Slots {
        let mut out = Slots::new();
        match kind {
            NodeKind::Wait { or: arms, next, .. }
            | NodeKind::Await {
                arms,
                timeout: next,
                ..
            } => {
                for arm in arms {
                    out.extend(self.condition(&arm.on));
                    out.extend(self.past(arm.next, &arm.on.bind));
                }
                out.extend(self.past(*next, &[]));
            }
            NodeKind::Branch { cases, otherwise } => {
                out.extend(cases.iter().flat_map(|case| self.past(case.next, &[])));
                out.extend(self.past(*otherwise, &[]));
            }
            NodeKind::Split { arms, .. } => {
                out.extend(arms.iter().flat_map(|arm| self.past(arm.next, &[])))
            }
            NodeKind::Assign {
                slot,
                next,
                missing,
                ..
            } => {
                out.extend(self.past(*next, &[]));
                out.extend(self.past(*missing, &[]));
                out.remove(slot);
            }
            NodeKind::Call {
                bind,
                next,
                outcomes,
                otherwise,
                ..
            } => {
                // The machine keeps the arguments for retries, and clears what a response would have set when there is none.
                out.extend(self.past(*next, bind));
                out.extend(otherwise.iter().flat_map(|node| self.past(*node, bind)));
                for outcome in outcomes {
                    let mut past = self.past(outcome.next, &outcome.bind);
                    past.retain(|slot| {
                        Some(*slot) != outcome.status && Some(*slot) != outcome.reason
                    });
                    past.retain(|slot| bind.iter().all(|bind| bind.to != *slot));
                    out.extend(past);
                }
            }
            NodeKind::Update { next, .. } => out.extend(self.past(*next, &[])),
            NodeKind::End { .. } => {}
        }
        out
    }
}

fn time(when: &When) -> Option<ChunkId> {
    match when {
        When::After(chunk)
        | When::AfterCalendar(chunk)
        | When::At(chunk)
        | When::AtLocal(chunk) => Some(*chunk),
        When::TimeOfDay(_) | When::Weekday(..) => None,
    }
}
