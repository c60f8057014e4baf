//! Which declared events a document may be, over all programs in force.
//!
//! Declarations with the same `where` are one *case*: it is looked up and decided once, however many programs have it.
//! Comes in: artifacts. Goes out: for each common plan an index of cases, and the declarations behind each.
//! Never true here: an event that no journey uses; a decision, since the conditions have the last word.

use super::index::{Entry, Index, Probe};
use super::plans::{Group, Plans};
use super::shared::{Expressions, Place};
use journey_artifact::graph::{Arm, ExitWhen, Journey, Listen, NodeKind};
use journey_artifact::model::{Artifact, ChunkId, EventDecl, EventId, Shape};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Stands for no expression.
pub const NONE: u32 = u32::MAX;

/// The routes of a deployment.
#[derive(Debug, Default)]
pub struct Routes {
    routes: Vec<Route>,
    by_schema: BTreeMap<String, Vec<u32>>,
}

/// The routes through one common plan.
#[derive(Debug)]
pub struct Route {
    /// The plan and those that it serves.
    pub group: Group,
    /// From an event to cases.
    pub index: Index,
    /// By number.
    pub cases: Vec<Case>,
    /// Declarations, those of one case together, in the order of [`Decl::order`].
    pub decls: Vec<Decl>,
}

/// Declarations with the same conditions.
#[derive(Clone, Debug)]
pub struct Case {
    /// Numbers of the conditions; all must be true.
    pub conditions: Box<[u32]>,
    /// The first and the one past the last of its declarations.
    pub decls: (u32, u32),
}

/// One declaration of one program.
#[derive(Clone, Debug)]
pub struct Decl {
    /// Its place among all: by program, then plan, then declaration.
    pub order: u32,
    /// Index of the program.
    pub program: u32,
    /// Its number there.
    pub event: EventId,
    /// Which member of the common plan reads it.
    pub member: u32,
    /// Number of the key's expression, or [`NONE`].
    pub key: u32,
    /// Number of the expression that two of the same event have in common, or [`NONE`].
    pub dedupe: u32,
    /// Identity namespace of the key.
    pub namespace: Arc<str>,
}

impl Routes {
    /// Lays out the routes of programs, in their order.
    pub fn new(artifacts: &[&Artifact]) -> Routes {
        let mut plans = Plans::default();
        let mut declared: Vec<Vec<Declared>> = Vec::new();
        let mut order = 0;
        for (program, artifact) in artifacts.iter().enumerate() {
            let mut used: Vec<(EventId, &EventDecl)> = used_events(artifact)
                .into_iter()
                .filter_map(|id| Some((id, artifact.events.get(id.0 as usize)?)))
                .collect();
            used.sort_by_key(|(id, event)| (event.plan, *id));
            for (event, decl) in used {
                let schema = artifact
                    .plans
                    .get(decl.plan.0 as usize)
                    .map_or("", |plan| artifact.text(plan.schema));
                let Some(place) = plans.add(schema, program, artifact, decl.plan) else {
                    continue;
                };
                let at = place.group as usize;
                declared.resize_with(declared.len().max(at + 1), Vec::new);
                declared[at].push(Declared {
                    order,
                    program,
                    event,
                    member: place.member,
                });
                order += 1;
            }
        }
        let groups = plans.finish(|program| artifacts.get(program).copied());
        let mut namespaces = BTreeMap::new();
        let routes: Vec<Route> = groups
            .into_iter()
            .zip(declared)
            .map(|(group, declared)| route(artifacts, group, declared, &mut namespaces))
            .collect();
        let mut by_schema: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (at, route) in (0..).zip(&routes) {
            by_schema
                .entry(route.group.kind.clone())
                .or_default()
                .push(at);
        }
        Routes { routes, by_schema }
    }

    /// All routes.
    pub fn all(&self) -> &[Route] {
        &self.routes
    }

    /// The routes of a schema; none when no declaration is of it.
    pub fn of_schema(&self, schema: &str) -> impl Iterator<Item = &Route> {
        let numbers = self.by_schema.get(schema).into_iter().flatten();
        numbers.filter_map(|at| self.routes.get(*at as usize))
    }
}

impl Route {
    /// The declarations of a case.
    pub fn decls(&self, case: &Case) -> &[Decl] {
        let (start, end) = (case.decls.0 as usize, case.decls.1 as usize);
        self.decls.get(start..end).unwrap_or_default()
    }
}

/// A case being gathered: its conditions, what it asks of the event, its declarations.
type Found = (Box<[u32]>, Vec<Probe>, Vec<Decl>);

/// A declaration before it has its expressions' numbers.
struct Declared {
    order: u32,
    program: usize,
    event: EventId,
    member: u32,
}

fn route(
    artifacts: &[&Artifact],
    group: Group,
    declared: Vec<Declared>,
    namespaces: &mut BTreeMap<String, Arc<str>>,
) -> Route {
    let mut expressions = Expressions::default();
    // Cases in the order of their first declaration, so that numbers do not depend on what the map sorts by.
    let mut numbers: BTreeMap<(Box<[u32]>, String), usize> = BTreeMap::new();
    let mut cases: Vec<Found> = Vec::new();
    for it in declared {
        let Some((artifact, decl)) = artifacts
            .get(it.program)
            .and_then(|artifact| Some((*artifact, artifact.events.get(it.event.0 as usize)?)))
        else {
            continue;
        };
        let Some(member) = group.members.get(it.member as usize) else {
            continue;
        };
        let place = Place {
            program: it.program,
            artifact,
            member: it.member,
            way: member.way.as_ref(),
        };
        let mut number = |id: ChunkId| expressions.number(place, id);
        let conditions: Box<[u32]> = decl.conditions.iter().map(|id| number(*id)).collect();
        let (key, dedupe) = (
            decl.key.map_or(NONE, &mut number),
            decl.dedupe.map_or(NONE, |(id, _)| number(id)),
        );
        let namespace = decl.namespace.or(artifact.identities.first().copied());
        let namespace = namespace.map_or("", |id| artifact.text(id));
        let namespace = match namespaces.get(namespace) {
            Some(known) => known.clone(),
            None => {
                let shared: Arc<str> = namespace.into();
                namespaces.insert(namespace.to_owned(), shared.clone());
                shared
            }
        };
        let probes = decl.discriminators.iter().filter_map(|by| {
            let slot = member.common(by.slot)?;
            Probe::new(artifact, slot, &by.test)
        });
        let probes: Vec<Probe> = probes.collect();
        // Another compiler may have found other tests in the same conditions.
        let same = (conditions.clone(), format!("{probes:?}"));
        let at = *numbers.entry(same).or_insert(cases.len());
        if at == cases.len() {
            cases.push((conditions, probes, Vec::new()));
        }
        cases[at].2.push(Decl {
            order: it.order,
            program: it.program as u32,
            event: it.event,
            member: it.member,
            key,
            dedupe,
            namespace,
        });
    }
    let (mut entries, mut laid, mut decls) = (Vec::new(), Vec::new(), Vec::new());
    for (id, (conditions, probes, own)) in (0..).zip(cases) {
        entries.push(Entry {
            id,
            probes,
            shared: conditions.first().copied(),
        });
        let start = decls.len() as u32;
        decls.extend(own);
        laid.push(Case {
            conditions,
            decls: (start, decls.len() as u32),
        });
    }
    let presence = group.common.shape().map_or(0, Shape::presence_words);
    Route {
        group,
        index: Index::new(presence, entries),
        cases: laid,
        decls,
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
