//! Nodes that go round for ever: rings in which no node parks and none can decide to leave.
//!
//! A loop of the language goes through a branch (`repeat until`, `repeat N times`); whether that ever leaves cannot be
//! known here, so the machine counts the nodes of one advance. A ring without a branch is no program at all.

use super::fault::{Check, fault};
use crate::graph::{Journey, NodeId, NodeKind};
use crate::refusal::RefusalKind;

/// Whether an instance may stay at such a node.
pub(super) fn parks(kind: &NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::Wait { .. } | NodeKind::Await { .. } | NodeKind::Call { .. }
    )
}

/// Where a node leads that neither parks nor decides anew each time: a split always decides the same for one person.
fn leads(kind: &NodeKind) -> Vec<NodeId> {
    match kind {
        NodeKind::Assign { next, missing, .. } if next == missing => vec![*next],
        NodeKind::Update { next, .. } => vec![*next],
        NodeKind::Split { arms, .. } => arms.iter().map(|arm| arm.next).collect(),
        _ => Vec::new(),
    }
}

/// Takes away nodes that no other leads to, again and again; what stays is a ring. Targets were checked.
pub(super) fn check(journey: &Journey) -> Check {
    let mut led_to = vec![0usize; journey.nodes.len()];
    for node in &journey.nodes {
        for to in leads(&node.kind) {
            led_to[to.0 as usize] += 1;
        }
    }
    let mut free: Vec<usize> = (0..led_to.len())
        .filter(|&node| led_to[node] == 0)
        .collect();
    let mut taken = 0;
    while let Some(node) = free.pop() {
        taken += 1;
        for to in leads(&journey.nodes[node].kind) {
            let count = &mut led_to[to.0 as usize];
            *count -= 1;
            if *count == 0 {
                free.push(to.0 as usize);
            }
        }
    }
    if taken == led_to.len() {
        return Ok(());
    }
    let first = led_to.iter().position(|&count| count > 0).unwrap_or(0);
    fault(
        RefusalKind::NodeCycle,
        format!("node {first} is in, or behind, a ring that neither parks nor decides"),
    )
}
