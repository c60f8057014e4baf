//! Many plans of one kind of document as few common ones.
//!
//! Comes in: plans, one after another. Goes out: for each the common plan it went into, and which of that one's members it is;
//! equal plans are one member. Never true here: an event, a profile; what the documents are about.

use super::common::{Common, Merge, fingerprint};
use super::gather::RowMap;
use crate::read::Prepared;
use journey_artifact::model::{Artifact, PlanId};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Where a plan went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Number of the common plan.
    pub group: u32,
    /// Number of the member in it.
    pub member: u32,
}

/// Plans being gathered.
#[derive(Debug, Default)]
pub struct Plans {
    merges: Vec<(Merge, String, Vec<Member>)>,
    /// The common plans of a kind of document, in the order of their making.
    kinds: BTreeMap<String, Vec<u32>>,
    known: BTreeMap<(String, Vec<u8>), Place>,
    /// By program and number: what was put in before, for however many declarations.
    added: BTreeMap<(usize, PlanId), Place>,
}

/// One of the different plans that a common plan serves.
#[derive(Debug)]
pub struct Member {
    /// Index of the first program that has it.
    pub program: usize,
    /// Its number there.
    pub plan: PlanId,
    /// From common rows to its own; `None`: they are the same.
    pub way: Option<RowMap>,
    /// How it reads for itself, once a document had to be read so.
    alone: OnceLock<Option<Prepared>>,
}

impl Member {
    /// The slot of the common root row that is this one of the plan's.
    pub fn common(&self, own: u16) -> Option<u16> {
        self.way.as_ref().map_or(Some(own), |way| way.common(own))
    }

    /// Its plan, ready to read by without the common one. `artifact` is its program's.
    pub fn prepared(&self, artifact: &Artifact) -> Option<&Prepared> {
        let prepare = || {
            let plan = artifact.plans.get(self.plan.0 as usize)?;
            Prepared::new(artifact, plan).ok()
        };
        self.alone.get_or_init(prepare).as_ref()
    }
}

/// A finished common plan.
#[derive(Debug)]
pub struct Group {
    /// The kind of document: `$id` of its schema.
    pub kind: String,
    /// How all of it is read.
    pub common: Common,
    /// What it serves.
    pub members: Vec<Member>,
}

impl Plans {
    /// Puts a plan in: into the first common plan of its kind that it does not disagree with.
    pub fn add(
        &mut self,
        kind: &str,
        program: usize,
        artifact: &Artifact,
        id: PlanId,
    ) -> Option<Place> {
        if let Some(place) = self.added.get(&(program, id)) {
            return Some(*place);
        }
        let place = self.put(kind, program, artifact, id)?;
        self.added.insert((program, id), place);
        Some(place)
    }

    fn put(
        &mut self,
        kind: &str,
        program: usize,
        artifact: &Artifact,
        id: PlanId,
    ) -> Option<Place> {
        let plan = artifact.plans.get(id.0 as usize)?;
        let print = (kind.to_owned(), fingerprint(artifact, id));
        if let Some(place) = self.known.get(&print) {
            return Some(*place);
        }
        let groups = self.kinds.entry(kind.to_owned()).or_default();
        let merges = &mut self.merges;
        let found = groups.iter().find_map(|group| {
            let (merge, ..) = merges.get_mut(*group as usize)?;
            Some((*group, merge.add(artifact, plan)?))
        });
        let (group, way) = match found {
            Some(found) => found,
            None => {
                let mut merge = Merge::default();
                let way = merge.add(artifact, plan)?;
                let group = merges.len() as u32;
                merges.push((merge, kind.to_owned(), Vec::new()));
                groups.push(group);
                (group, way)
            }
        };
        let (.., members) = merges.get_mut(group as usize)?;
        let place = Place {
            group,
            member: members.len() as u32,
        };
        members.push(Member {
            program,
            plan: id,
            way: Some(way),
            alone: OnceLock::new(),
        });
        self.known.insert(print, place);
        Some(place)
    }

    /// The common plans, by number. `artifact` gives a program's.
    pub fn finish<'a>(self, artifact: impl Fn(usize) -> Option<&'a Artifact>) -> Vec<Group> {
        let group = |(merge, kind, mut members): (Merge, String, Vec<Member>)| {
            let common = merge.finish(&kind);
            for member in &mut members {
                let own = artifact(member.program);
                let plan = own.and_then(|own| own.plans.get(member.plan.0 as usize));
                if let (Some(own), Some(plan), Some(way)) = (own, plan, &mut member.way) {
                    common.complete(own, plan, way);
                }
                member.way = member.way.take().filter(|way| !way.is_identity());
            }
            Group {
                kind,
                common,
                members,
            }
        };
        self.merges.into_iter().map(group).collect()
    }
}
