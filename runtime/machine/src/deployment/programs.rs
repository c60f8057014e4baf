//! The set of programs in force.
//!
//! Comes in: verified artifacts, the oldest first. Goes out: programs by hash, journeys and nodes by name.
//! Never true here: the same program twice; two programs that a person's state could confuse.

use super::answers::Answers;
use super::doors::Doors;
use super::plans::{Group, Place, Plans};
use super::routes::Routes;
use super::zoned::Zoned;
use crate::eval::{LoadError, Loaded};
use crate::ids::{JourneyRef, digest64};
use crate::read::Prepared;
use crate::record::Record;
use journey_artifact::graph::Journey;
use journey_artifact::model::{Artifact, ChunkId, PlanId, Shape, StrId};
use journey_artifact::{Hash, Verified};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One program in force.
#[derive(Debug)]
pub struct Program {
    loaded: Arc<Loaded>,
    hash: Hash,
    prefix: u64,
    admits: bool,
    doors: Doors,
    answers: Answers,
    zoned: Zoned,
    /// By journey: what remembers an entrance without an instance key.
    marks: Box<[u64]>,
    profile: Option<Place>,
}

impl Program {
    /// The program, ready to run.
    pub fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    /// The same, to be kept by whoever compiles what is hot in it.
    pub fn shared(&self) -> &Arc<Loaded> {
        &self.loaded
    }

    /// Its hash.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// First eight bytes of the hash: what a person's state names it by.
    pub fn prefix(&self) -> u64 {
        self.prefix
    }

    /// Whether people may enter its journeys: it is the newest of its package. The others only lead out whoever is inside.
    pub fn admits(&self) -> bool {
        self.admits
    }

    /// Which of its journeys an event may lead into.
    pub(crate) fn doors(&self) -> &Doors {
        &self.doors
    }

    /// Whether an expression of it looks at the journey's zone.
    pub(crate) fn asks_zone(&self, chunk: ChunkId) -> bool {
        self.zoned.has(chunk)
    }

    /// What remembers that somebody entered a journey of it, for an instance key or for none.
    pub(crate) fn mark(&self, journey: u32, key: Option<&str>) -> u64 {
        let known = self.marks.get(journey as usize);
        match (key, known) {
            (None, Some(known)) => *known,
            _ => mark(self.loaded.artifact(), journey as usize, key),
        }
    }

    /// The plan by which it reads an answer, ready; `None` when no call of it has that plan.
    pub(crate) fn answer_plan(&self, id: PlanId) -> Option<&Prepared> {
        self.answers.plan(self.loaded.artifact(), id)
    }

    /// Which member of the common profile plans reads its profile; `None` when it reads none.
    pub(crate) fn profile_place(&self) -> Option<Place> {
        self.profile
    }

    /// Text of its artifact.
    pub fn text(&self, id: StrId) -> &str {
        self.loaded.artifact().text(id)
    }

    /// Shape of its profile record; `None` when it reads no profile.
    pub fn profile_shape(&self) -> Option<&Shape> {
        let artifact = self.loaded.artifact();
        let plan = artifact.plans.get(artifact.profile?.0 as usize)?;
        artifact.shapes.get(plan.shape.0 as usize)
    }
}

/// The programs in force. An event sees one deployment or another, never a mix: a host swaps the whole value.
#[derive(Debug)]
pub struct Deployment {
    programs: Vec<Program>,
    by_prefix: BTreeMap<u64, usize>,
    routes: Routes,
    profiles: Vec<Group>,
    /// The same for the same programs in the same order, by which everything that is read for it is laid out.
    mark: u64,
}

impl Deployment {
    /// Puts programs into force, the oldest first. The same program again counts once, at its first place. Of several programs
    /// of one package, the last one takes the entrances.
    pub fn new(artifacts: Vec<Verified>) -> Result<Deployment, LoadError> {
        let mut programs: Vec<Program> = Vec::with_capacity(artifacts.len());
        let mut by_prefix = BTreeMap::new();
        let mut newest: BTreeMap<String, usize> = BTreeMap::new();
        let mut profiles = Plans::default();
        for verified in artifacts {
            let hash = verified.program_hash();
            let prefix = hash
                .0
                .iter()
                .take(8)
                .fold(0, |n, byte| (n << 8) | u64::from(*byte));
            match by_prefix.get(&prefix) {
                Some(at)
                    if programs
                        .get(*at)
                        .is_some_and(|known: &Program| known.hash == hash) =>
                {
                    // Deployed again: a rollback makes it the newest again.
                    newest.insert(verified.name.clone(), *at);
                    continue;
                }
                Some(_) => return Err(LoadError::Invalid("two programs whose hashes begin alike")),
                None => {}
            }
            let loaded = Arc::new(Loaded::new(verified)?);
            let artifact = loaded.artifact();
            let doors = Doors::new(artifact);
            let answers = Answers::new(artifact);
            let zoned = Zoned::new(&loaded);
            let journeys = 0..artifact.journeys.len();
            let marks = journeys.map(|journey| mark(artifact, journey, None));
            let marks = marks.collect();
            let profile = artifact
                .profile
                .and_then(|plan| profiles.add("profile", programs.len(), artifact, plan));
            by_prefix.insert(prefix, programs.len());
            newest.insert(artifact.name.clone(), programs.len());
            programs.push(Program {
                loaded,
                hash,
                prefix,
                admits: false,
                doors,
                answers,
                zoned,
                marks,
                profile,
            });
        }
        for at in newest.into_values() {
            programs[at].admits = true;
        }
        let artifacts: Vec<&Artifact> = programs.iter().map(|it| it.loaded.artifact()).collect();
        let routes = Routes::new(&artifacts);
        let profiles = profiles.finish(|program| artifacts.get(program).copied());
        let prefixes = programs.iter().flat_map(|it| it.prefix.to_be_bytes());
        let mark = digest64("deployment", &[&prefixes.collect::<Vec<u8>>()]);
        Ok(Deployment {
            programs,
            by_prefix,
            routes,
            profiles,
            mark,
        })
    }

    /// What a record that was read for this deployment is known by.
    pub(crate) fn mark(&self) -> u64 {
        self.mark
    }

    /// Which declared events a document may be.
    pub(crate) fn routes(&self) -> &Routes {
        &self.routes
    }

    /// The common plans that profiles are read by.
    pub(crate) fn profiles(&self) -> &[Group] {
        &self.profiles
    }

    /// The programs, in the order given.
    pub fn programs(&self) -> &[Program] {
        &self.programs
    }

    /// Index of the program whose hash begins with these eight bytes.
    pub fn find(&self, prefix: u64) -> Option<usize> {
        self.by_prefix.get(&prefix).copied()
    }

    /// A journey.
    pub fn journey(&self, at: JourneyRef) -> Option<&Journey> {
        self.program(at)?
            .loaded
            .artifact()
            .journeys
            .get(at.journey as usize)
    }

    /// The program of a journey.
    pub fn program(&self, at: JourneyRef) -> Option<&Program> {
        self.programs.get(self.find(at.program)?)
    }

    /// Name of a journey; empty when its program is not in force.
    pub fn journey_name(&self, at: JourneyRef) -> &str {
        match (self.program(at), self.journey(at)) {
            (Some(program), Some(journey)) => program.text(journey.name),
            _ => "",
        }
    }

    /// Version of the package that a journey is in.
    pub fn version(&self, at: JourneyRef) -> &str {
        self.program(at)
            .map_or("", |program| &program.loaded.artifact().version)
    }

    /// Name of a node.
    pub fn node_name(&self, at: JourneyRef, node: u32) -> &str {
        let name = self
            .journey(at)
            .and_then(|journey| journey.nodes.get(node as usize))
            .map(|node| node.name);
        match (self.program(at), name) {
            (Some(program), Some(name)) => program.text(name),
            _ => "",
        }
    }

    /// The profile record of somebody of whom nothing is known.
    pub(crate) fn blank_profile(&self, program: usize) -> Record {
        self.programs
            .get(program)
            .and_then(Program::profile_shape)
            .map_or_else(Record::default, Record::new)
    }
}

/// The hash of package, journey and instance key.
fn mark(artifact: &Artifact, journey: usize, key: Option<&str>) -> u64 {
    let name = artifact.journeys.get(journey).map(|it| it.name);
    let parts = [
        artifact.name.as_bytes(),
        name.map_or("", |name| artifact.text(name)).as_bytes(),
        &[u8::from(key.is_some())],
        key.unwrap_or("").as_bytes(),
    ];
    digest64("mark", &parts)
}
