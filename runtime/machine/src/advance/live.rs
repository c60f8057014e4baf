//! One instance while it runs: its variables decoded, its expressions evaluated, its moves reported.
//!
//! Comes in: a kept [`Instance`] and the world. Goes out: values, step events, and the instance to keep again.
//! Never true here: a choice of where to go next; that is the node loop's.

use super::trace;
use super::world::{Scope, World};
use crate::effects::{Code, Status, StepEvent};
use crate::eval::{Fault, Loaded, eval, eval_bool, eval_kept, eval_str, eval_to, explained};
use crate::ids::{CallKey, InstanceId, JourneyRef, digest};
use crate::limits;
use crate::person::{Instance, Phase, State};
use crate::record::{self, Kept, Record, Regions};
use crate::time::Zone;
use crate::value::{self, Value};
use journey_artifact::graph::{Bind, Journey, Node};
use journey_artifact::model::{ChunkId, Shape, SlotIx, StrId};
use journey_artifact::word::{Region, ShapeId, WordType};
use std::cell::OnceCell;

/// An instance that is being advanced.
pub(super) struct Live<'a> {
    pub kept: Instance,
    /// Index of the program in the deployment.
    pub program: usize,
    pub loaded: &'a Loaded,
    pub journey: &'a Journey,
    pub vars: Record,
    /// The zone of the calendar words, once one of them was come to.
    zone: OnceCell<Zone>,
    /// Nodes since it last parked.
    pub streak: u32,
}

/// A kept instance that does not fit its program.
pub(super) struct Corrupt(pub Box<Instance>);

impl<'a> Live<'a> {
    /// Takes up a kept instance of the program with this index. What does not fit comes back, to be ended.
    pub fn load(
        world: &mut World<'a>,
        mut kept: Instance,
        program: usize,
    ) -> Result<Live<'a>, Corrupt> {
        let loaded = world.deployment.programs()[program].loaded();
        let Some(journey) = loaded.artifact().journeys.get(kept.journey as usize) else {
            return Err(Corrupt(Box::new(kept)));
        };
        let Some(vars) = decode_vars(world, loaded, journey, &kept) else {
            return Err(Corrupt(Box::new(kept)));
        };
        let streak = if let State::Running { streak, .. } = kept.state {
            streak
        } else {
            0
        };
        let id = instance_id(world, program, &kept);
        kept.known.set_stay(id);
        Ok(Live {
            program,
            loaded,
            journey,
            vars,
            zone: OnceCell::new(),
            streak,
            kept,
        })
    }

    /// A new instance, all variables missing.
    pub fn enter(
        world: &mut World<'a>,
        kept: Instance,
        program: usize,
        journey: &'a Journey,
    ) -> Option<Live<'a>> {
        let loaded = world.deployment.programs()[program].loaded();
        let vars = world.row(loaded.artifact().shapes.get(journey.vars.0 as usize)?);
        Some(Live {
            program,
            loaded,
            journey,
            vars,
            zone: OnceCell::new(),
            streak: 0,
            kept,
        })
    }

    /// The zone of the calendar words, found when it is first asked for: most turns of most instances come to none of them.
    pub fn zone(&self, world: &mut World<'a>) -> &Zone {
        if let Some(known) = self.zone.get() {
            return known;
        }
        let found = self.find_zone(world);
        self.zone.get_or_init(|| found)
    }

    /// The profile has changed: the zone is found anew.
    pub fn forget_zone(&mut self) {
        self.zone = OnceCell::new();
    }

    /// What the profile says, else the fallback, else UTC.
    fn find_zone(&self, world: &mut World<'a>) -> Zone {
        if let Some(chunk) = self.journey.timezone {
            let scope = Scope {
                vars: Some(&self.vars),
                input: None,
                zone: Zone::shared_utc(),
            };
            let found = world.eval(self.program, scope, |env, frame, fuel| {
                Ok(eval_str(env, chunk, frame, fuel)?.and_then(Zone::get))
            });
            if let Ok(Some(zone)) = found {
                return zone;
            }
        }
        Zone::get(self.text(self.journey.fallback_zone)).unwrap_or_else(Zone::utc)
    }

    /// Text of the artifact.
    pub fn text(&self, id: StrId) -> &'a str {
        self.loaded.artifact().text(id)
    }

    /// A node of the journey.
    pub fn node(&self, at: u32) -> Result<&'a Node, Fault> {
        self.journey
            .nodes
            .get(at as usize)
            .ok_or(Fault::Corrupt("node"))
    }

    /// A shape of the artifact.
    pub fn shape(&self, id: ShapeId) -> Result<&'a Shape, Fault> {
        self.loaded
            .artifact()
            .shapes
            .get(id.0 as usize)
            .ok_or(Fault::Corrupt("shape"))
    }

    /// Where the journey is.
    pub fn journey_ref(&self) -> JourneyRef {
        JourneyRef {
            program: self.kept.program,
            journey: self.kept.journey,
        }
    }

    /// What an expression of the journey sees.
    fn scope<'s>(
        &'s self,
        world: &mut World<'a>,
        chunk: ChunkId,
        input: Option<&'s Record>,
    ) -> Scope<'s> {
        Scope {
            vars: Some(&self.vars),
            input,
            zone: self.zone_for(world, chunk),
        }
    }

    /// The zone, for an expression that looks at it; any, for one that does not.
    pub fn zone_for(&self, world: &mut World<'a>, chunk: ChunkId) -> &Zone {
        match world.deployment.programs()[self.program].asks_zone(chunk) {
            true => self.zone(world),
            false => Zone::shared_utc(),
        }
    }

    /// The value of an expression over profile and variables.
    pub fn eval(&self, world: &mut World<'a>, chunk: ChunkId) -> Result<Option<Kept>, Fault> {
        let scope = self.scope(world, chunk, None);
        world.eval(self.program, scope, |env, frame, fuel| {
            eval_kept(env, chunk, frame, fuel)
        })
    }

    /// Puts the value of an expression into a slot of a record of this shape, and says whether it has one.
    pub fn eval_to(
        &self,
        world: &mut World<'a>,
        chunk: ChunkId,
        (record, shape, slot): (&mut Record, &Shape, SlotIx),
    ) -> Result<bool, Fault> {
        let scope = self.scope(world, chunk, None);
        world.eval(self.program, scope, |env, frame, fuel| {
            eval_to(
                env,
                chunk,
                frame,
                fuel,
                (record, Region::Input, shape, slot),
            )
        })
    }

    /// The same, of a type that is no reference: the word alone.
    pub fn eval_word(&self, world: &mut World<'a>, chunk: ChunkId) -> Result<Option<u64>, Fault> {
        let scope = self.scope(world, chunk, None);
        world.eval(self.program, scope, |env, frame, fuel| {
            eval(env, chunk, frame, fuel)
        })
    }

    /// The text of a Str expression over profile, variables and an input row.
    pub fn eval_text(
        &self,
        world: &mut World<'a>,
        chunk: ChunkId,
        input: Option<&Record>,
    ) -> Result<Option<String>, Fault> {
        let scope = self.scope(world, chunk, input);
        let mut out = world.texts().blank();
        let found = world.eval(self.program, scope, |env, frame, fuel| {
            let text = eval_str(env, chunk, frame, fuel)?;
            Ok(text.map(|text| out.push_str(text)).is_some())
        })?;
        Ok(found.then_some(out))
    }

    /// Whether a condition holds; unknown is no. A decision: it is traced, and a trace says when it was something missing that
    /// led to no.
    pub fn holds(
        &self,
        world: &mut World<'a>,
        chunk: ChunkId,
        input: Option<&Record>,
    ) -> Result<bool, Fault> {
        let (trace, scope) = (world.trace, self.scope(world, chunk, input));
        let result = world.eval(self.program, scope, |env, frame, fuel| match trace {
            false => eval_bool(env, chunk, frame, fuel),
            true => explained(env, chunk, frame, fuel),
        })?;
        if trace {
            self.told(world, chunk, (true, result.map(Value::Bool)), input);
        }
        Ok(result == Some(true))
    }

    /// A value as it leaves the machine.
    pub fn value(&self, kept: &Kept) -> Result<Value, Fault> {
        let regions = Regions::only(&kept.record);
        value::from_word(self.loaded.artifact(), &regions, kept.word, kept.ty)
    }

    /// Records the value that an expression over profile and variables came to, when tracing is on: also that a record is there of which
    /// nothing else is known, for whoever asks a trace for that.
    pub fn told_value(
        &self,
        world: &mut World<'a>,
        chunk: ChunkId,
        value: Option<&Kept>,
    ) -> Result<(), Fault> {
        if world.trace {
            let shown = |kept: &Kept| {
                let regions = Regions::only(&kept.record);
                value::with_presence(self.loaded.artifact(), &regions, kept.word, kept.ty)
            };
            let value = value.map(shown).transpose()?;
            self.told(world, chunk, (false, value), None);
        }
        Ok(())
    }

    /// Records what an expression came to, and whether that is a decision.
    #[cold]
    fn told(
        &self,
        world: &mut World<'a>,
        chunk: ChunkId,
        came_to: (bool, Option<Value>),
        input: Option<&Record>,
    ) {
        let (now, zone) = (world.now, self.zone_for(world, chunk));
        let saw = trace::Seen {
            profile: world.profile(self.program),
            vars: &self.vars,
            input,
            now,
            zone,
        };
        let decision = trace::decision(self.loaded, chunk, came_to, &saw);
        world.decisions.push(decision);
    }

    /// Sets a variable, or clears it. Values that were overwritten leave text behind, so a full record is compacted once.
    pub fn set(&mut self, slot: SlotIx, value: Option<&Kept>) -> Result<(), Fault> {
        let shape = self.shape(self.journey.vars)?;
        let artifact = self.loaded.artifact();
        match record::put(artifact, value, &mut self.vars, Region::Vars, shape, slot) {
            Err(Fault::ScratchFull) => {
                self.vars = record::compacted(artifact, &self.vars, shape, Region::Vars)?;
                record::put(artifact, value, &mut self.vars, Region::Vars, shape, slot)
            }
            done => done,
        }
    }

    /// Keeps slots of an input row in variables; without a row, clears them.
    pub fn bind(&mut self, binds: &[Bind], input: Option<(&Record, ShapeId)>) -> Result<(), Fault> {
        let shape = self.shape(self.journey.vars)?;
        let artifact = self.loaded.artifact();
        for bind in binds {
            let Some((from, from_shape)) = input else {
                self.vars.clear(shape, bind.to);
                continue;
            };
            let from_shape = self.shape(from_shape)?;
            let copy = |vars: &mut Record| {
                record::copy_slot(
                    artifact,
                    from,
                    from_shape,
                    bind.from,
                    vars,
                    Region::Vars,
                    shape,
                    bind.to,
                )
            };
            match copy(&mut self.vars) {
                Err(Fault::ScratchFull) => {
                    self.vars = record::compacted(artifact, &self.vars, shape, Region::Vars)?;
                    copy(&mut self.vars)?;
                }
                done => done?,
            }
        }
        Ok(())
    }

    /// The id of the stay. Somebody who knocks and is not let in has none, so it is computed when it is first asked for.
    pub fn id(&mut self, world: &World<'_>) -> InstanceId {
        let id = instance_id(world, self.program, &self.kept);
        self.kept.known.set_stay(id);
        id
    }

    /// The id of an attempt of the call of the present visit.
    pub fn call_key(&mut self, world: &World<'_>, attempt: u32) -> CallKey {
        let key = call_key(world, self.program, &self.kept, attempt);
        self.kept.known.set_call(visit(&self.kept), key.key);
        key
    }

    /// Reports a move, with the decisions made since the last one.
    pub fn report(
        &mut self,
        world: &mut World<'a>,
        status: Status,
        code: Code,
        label: Option<String>,
    ) {
        let attempt = match (status, &self.kept.state) {
            (
                Status::Calling | Status::Retrying,
                State::Calling { attempt, .. } | State::Pausing { attempt, .. },
            ) => *attempt,
            _ => 0,
        };
        let event = StepEvent {
            instance: self.id(world),
            journey: self.journey_ref(),
            node: self.kept.node,
            parent: self.kept.parent,
            visit: self.kept.visit,
            attempt,
            status,
            code,
            label,
            at: world.now,
            trace: std::mem::take(&mut world.decisions),
        };
        world.effects.steps.push(event);
    }

    /// Makes the instance what is kept while it waits at its node. When that cannot be, it has failed, and the attempt that it was to
    /// wait for, just asked for, is not made. One that the budget interrupts does not wait, and what it keeps is bounded by what a record
    /// may hold: what else was to do at the instant decides nothing.
    pub fn park(&mut self, world: &mut World<'a>) -> bool {
        let running = matches!(self.kept.state, State::Running { .. });
        let (code, label) = match self.encode_vars(running) {
            Ok(()) if running || self.kept.vars.len() <= limits::VARIABLE_BYTES => return true,
            Ok(()) => (Code::TooLarge, None),
            Err(fault) => (Code::Fault, Some(fault.to_string())),
        };
        if matches!(self.kept.state, State::Calling { .. }) {
            world.effects.calls.pop();
        }
        self.report(world, Status::Failed, code, label);
        false
    }

    fn encode_vars(&mut self, all: bool) -> Result<(), Fault> {
        let shape = self.shape(self.journey.vars)?;
        let node = self.node(self.kept.node)?;
        let artifact = self.loaded.artifact();
        self.kept.vars.clear();
        if all {
            record::encode_all(artifact, shape, &self.vars, &mut self.kept.vars)
        } else {
            record::encode_slots(artifact, shape, &self.vars, &node.live, &mut self.kept.vars)
        }
    }
}

/// All slots of a shape.
pub(super) fn every_slot(shape: &Shape) -> Vec<SlotIx> {
    (0..shape.slots.len()).map(|ix| ix as SlotIx).collect()
}

/// The id of an instance: from who, where and when, never from a version, so that a migration keeps it.
pub(super) fn instance_id(world: &World<'_>, program: usize, kept: &Instance) -> InstanceId {
    if let Some(id) = kept.known.stay() {
        return id;
    }
    let artifact = world.deployment.programs()[program].loaded().artifact();
    let journey = artifact
        .journeys
        .get(kept.journey as usize)
        .map(|journey| artifact.text(journey.name));
    InstanceId(digest(
        "instance",
        &[
            artifact.name.as_bytes(),
            journey.unwrap_or_default().as_bytes(),
            world.namespace.as_bytes(),
            world.person.as_bytes(),
            &kept.seq.to_be_bytes(),
            &kept.entered_at.0.to_be_bytes(),
        ],
    ))
}

/// The id of an attempt of the call an instance waits for.
pub(super) fn call_key(
    world: &World<'_>,
    program: usize,
    kept: &Instance,
    attempt: u32,
) -> CallKey {
    let place = visit(kept);
    let key = kept.known.call(place).unwrap_or_else(|| {
        let id = instance_id(world, program, kept);
        digest("call", &[&id.0.to_be_bytes(), &place.to_be_bytes()])
    });
    CallKey { key, attempt }
}

/// A visit of a node, as a number.
fn visit(kept: &Instance) -> u64 {
    (u64::from(kept.node) << 32) | u64::from(kept.visit)
}

fn decode_vars(
    world: &mut World<'_>,
    loaded: &Loaded,
    journey: &Journey,
    kept: &Instance,
) -> Option<Record> {
    let node = journey.nodes.get(kept.node as usize)?;
    let shape = loaded.artifact().shapes.get(journey.vars.0 as usize)?;
    if let Phase::Leaving { exit } = kept.phase
        && exit as usize >= journey.exits.len()
    {
        return None;
    }
    let all;
    let slots = match kept.state {
        State::Running { .. } => {
            all = every_slot(shape);
            &all
        }
        _ => &node.live,
    };
    let mut bytes = kept.vars.as_slice();
    let mut vars = world.row(shape);
    let artifact = loaded.artifact();
    record::decode_into(artifact, shape, slots, &mut bytes, Region::Vars, &mut vars).ok()?;
    bytes.is_empty().then_some(vars)
}

/// A text or number as a value that a variable can take.
pub(super) fn kept_word(ty: WordType, word: u64) -> Kept {
    Kept {
        record: Record::default(),
        word,
        ty,
    }
}
