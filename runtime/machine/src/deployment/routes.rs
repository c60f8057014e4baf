//! Which declared events a document may be.
//!
//! Comes in: an artifact. Goes out: for each plan, its events under the text of one discriminator each; those without one are
//! always candidates. Never true here: an event that no journey uses; a decision, since the condition has the last word.

use crate::record::Record;
use journey_artifact::graph::{Arm, ExitWhen, Journey, Listen, NodeKind};
use journey_artifact::model::{Artifact, EventId, PlanId, Shape, SlotIx};
use std::collections::{BTreeMap, BTreeSet};

/// The candidates of one program.
#[derive(Debug, Default)]
pub struct Routes {
    plans: Vec<PlanRoutes>,
}

/// The candidates of one plan.
#[derive(Debug)]
pub struct PlanRoutes {
    /// How to read the document.
    pub plan: PlanId,
    /// Events by a slot and the text it must have. No hashing: a seeded hash would draw randomness.
    by_text: BTreeMap<SlotIx, BTreeMap<String, Vec<EventId>>>,
    always: Vec<EventId>,
}

impl Routes {
    /// Lays out the routes of an artifact.
    pub fn new(artifact: &Artifact) -> Routes {
        let mut plans: BTreeMap<PlanId, PlanRoutes> = BTreeMap::new();
        for id in used_events(artifact) {
            let Some(event) = artifact.events.get(id.0 as usize) else {
                continue;
            };
            let routes = plans.entry(event.plan).or_insert_with(|| PlanRoutes {
                plan: event.plan,
                by_text: BTreeMap::new(),
                always: Vec::new(),
            });
            let discriminator = event.discriminators.first();
            match discriminator
                .and_then(|(slot, text)| Some((*slot, artifact.strings.get(text.0 as usize)?)))
            {
                Some((slot, text)) => routes
                    .by_text
                    .entry(slot)
                    .or_default()
                    .entry(text.clone())
                    .or_default()
                    .push(id),
                None => routes.always.push(id),
            }
        }
        Routes {
            plans: plans.into_values().collect(),
        }
    }

    /// The plans that documents are read by, each once.
    pub fn plans(&self) -> &[PlanRoutes] {
        &self.plans
    }
}

impl PlanRoutes {
    /// The events that a document may be, in the order of their declaration.
    pub fn candidates(&self, shape: &Shape, record: &Record) -> Vec<EventId> {
        let mut found = self.always.clone();
        for (slot, texts) in &self.by_text {
            let text = record.get(shape, *slot).and_then(|word| record.str(word));
            if let Some(events) = text.and_then(|text| texts.get(text)) {
                found.extend_from_slice(events);
            }
        }
        found.sort_unstable();
        found
    }
}

fn used_events(artifact: &Artifact) -> BTreeSet<EventId> {
    artifact
        .journeys
        .iter()
        .flat_map(listens)
        .map(|listen| listen.event)
        .collect()
}

/// Everything a journey listens to.
fn listens(journey: &Journey) -> impl Iterator<Item = &Listen> {
    let entries = journey.entries.iter().map(|entry| &entry.on);
    let exits = journey.exits.iter().filter_map(|exit| match &exit.when {
        ExitWhen::Event(listen) => Some(listen),
        ExitWhen::Condition(_) => None,
    });
    let arms = journey
        .nodes
        .iter()
        .flat_map(|node| arms(&node.kind))
        .map(|arm| &arm.on);
    entries.chain(exits).chain(arms)
}

/// The arms of a node that waits for events; none for another.
pub(crate) fn arms(node: &NodeKind) -> &[Arm] {
    match node {
        NodeKind::Wait { or, .. } => or,
        NodeKind::Await { arms, .. } => arms,
        _ => &[],
    }
}
