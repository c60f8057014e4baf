//! Which journeys of a program an event may lead into.
//!
//! Comes in: an artifact. Goes out: for each event the journeys that it enters, those whose entrance it cannot pass left out.
//! Never true here: a person; whether the entrance's condition holds, which it is asked for itself.

use super::index::{Entry, Found, Index, Probe};
use crate::record::Record;
use journey_artifact::model::{Artifact, EventId};
use std::collections::BTreeMap;

/// With so few entrances, asking each costs less than an index would hold.
const FEW: usize = 4;

/// The entrances of one program.
#[derive(Debug, Default)]
pub struct Doors {
    by_event: Box<[(EventId, Entrances)]>,
}

#[derive(Debug)]
enum Entrances {
    /// Journeys, in order.
    Few(Box<[u32]>),
    /// An index of entrances, and the journey of each.
    Many(Index, Box<[u32]>),
}

impl Doors {
    /// The entrances of an artifact's journeys.
    pub fn new(artifact: &Artifact) -> Doors {
        let mut by_event: BTreeMap<EventId, Vec<(u32, Vec<Probe>)>> = BTreeMap::new();
        for (journey, it) in (0..).zip(&artifact.journeys) {
            for entry in &it.entries {
                let probes = entry.discriminators.iter();
                let probes = probes.filter_map(|by| Probe::new(artifact, by.slot, &by.test));
                by_event
                    .entry(entry.on.event)
                    .or_default()
                    .push((journey, probes.collect()));
            }
        }
        let entrances = |(event, entrances): (EventId, Vec<(u32, Vec<Probe>)>)| {
            let journeys: Vec<u32> = entrances.iter().map(|(journey, _)| *journey).collect();
            if entrances.len() <= FEW {
                return (event, Entrances::Few(journeys.into()));
            }
            let shape = artifact
                .events
                .get(event.0 as usize)
                .and_then(|event| artifact.plans.get(event.plan.0 as usize))
                .and_then(|plan| artifact.shapes.get(plan.shape.0 as usize));
            let entries = (0..).zip(entrances).map(|(id, (_, probes))| Entry {
                id,
                probes,
                shared: None,
            });
            let index = Index::new(
                shape.map_or(0, |shape| shape.presence_words()),
                entries.collect(),
            );
            (event, Entrances::Many(index, journeys.into()))
        };
        Doors {
            by_event: by_event.into_iter().map(entrances).collect(),
        }
    }

    /// The journeys that an event enters, whether or not it may pass; one may come twice.
    pub fn all(&self, event: EventId) -> &[u32] {
        let at = self
            .by_event
            .binary_search_by_key(&event, |(event, _)| *event);
        match at.ok().and_then(|at| self.by_event.get(at)) {
            None => &[],
            Some((_, Entrances::Few(all) | Entrances::Many(_, all))) => all,
        }
    }

    /// Appends the journeys whose entrances an event may pass, given as the program reads it; one may come twice.
    pub fn knock(&self, event: EventId, record: &Record, journeys: &mut Vec<u32>) {
        let at = self
            .by_event
            .binary_search_by_key(&event, |(event, _)| *event);
        match at.ok().and_then(|at| self.by_event.get(at)) {
            None => {}
            Some((_, Entrances::Few(all))) => journeys.extend_from_slice(all),
            Some((_, Entrances::Many(index, of))) => {
                let mut found = Found::default();
                index.find(record, &mut found);
                let found = found.ids.into_iter();
                journeys.extend(found.filter_map(|id| of.get(id as usize).copied()));
            }
        }
    }
}
