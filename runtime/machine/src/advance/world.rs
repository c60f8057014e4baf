//! What all instances of one person share during one `advance`: the time, the profile, the budget, what comes out.
//!
//! Comes in: the deployment, the input, the instant. Goes out: the effects, gathered in order.
//! Never true here: anything that outlives the `advance`.

use super::flow::Heard;
use super::input::{Choice, Input};
use super::texts::Texts;
use crate::deployment::tell::{Own, Ready, tell};
use crate::deployment::{Deployment, ProfileRecord};
use crate::effects::{Decision, Effects, Passed, ProfileUpdate};
use crate::eval::{Env, Fault, Frame, Fuel};
use crate::ids::{Instant, JourneyRef};
use crate::limits;
use crate::read::{self, Limits, Prepared, Reader};
use crate::record::Record;
use crate::time::Zone;
use journey_artifact::model::Shape;
use journey_artifact::word::Region;
use std::borrow::Cow;
use std::fmt::Write;

/// What an expression sees beside the profile.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    pub vars: Option<&'s Record>,
    pub input: Option<&'s Record>,
    pub zone: &'s Zone,
}

/// One `advance` of one person.
pub(super) struct World<'a> {
    pub deployment: &'a Deployment,
    pub namespace: Box<str>,
    pub person: Box<str>,
    pub now: Instant,
    pub effects: Effects,
    pub trace: bool,
    pub choices: &'a [Choice<'a>],
    /// Decisions since the last step event.
    pub decisions: Vec<Decision>,
    profile: &'a ProfileRecord,
    /// The profile as the programs that were asked read it; a private copy once a step changed it.
    profiles: Profiles<'a>,
    /// How many of the profile's updates conditions that lead out have been looked at for.
    heeded: usize,
    nodes_left: u32,
    fuel_used: u64,
    workspace: &'a mut Workspace,
}

/// Memory that one `advance` leaves to the next. Nothing in it means anything between two of them.
#[derive(Debug, Default)]
pub struct Workspace {
    frame: Frame,
    blank: Record,
    reader: Reader,
    answer: Record,
    /// Journeys, and journeys by program, that an event may lead into.
    journeys: Vec<u32>,
    knocked: Vec<(usize, u32)>,
    /// Empty.
    heard: Vec<Heard<'static>>,
    /// Empty.
    effects: Option<Effects>,
    texts: Texts,
    ready: Ready,
    /// Their contents mean nothing.
    rows: Vec<Record>,
}

/// Records that are kept, and what one may take: a turn has few at once, and most are small.
const ROWS: usize = 8;
const ROW_WORDS: usize = 4 * 1024;
const ROW_TEXT: usize = 32 * 1024;

impl Workspace {
    /// Takes back effects that a host is done with: their memory serves the next `advance`.
    pub fn give_back(&mut self, mut effects: Effects) {
        self.texts.reclaim(&mut effects);
        self.effects = Some(effects);
    }
}

impl<'a> World<'a> {
    pub fn new(
        workspace: &'a mut Workspace,
        deployment: &'a Deployment,
        (namespace, person): (Box<str>, Box<str>),
        input: &Input<'a>,
        now: Instant,
    ) -> World<'a> {
        World {
            deployment,
            namespace,
            person,
            now,
            effects: workspace.effects.take().unwrap_or_default(),
            trace: input.trace,
            choices: input.choices,
            decisions: Vec::new(),
            profile: input.profile,
            profiles: Profiles::default(),
            heeded: 0,
            nodes_left: limits::NODES_PER_ADVANCE,
            fuel_used: 0,
            workspace,
        }
    }

    /// Whether this `advance` has done its share.
    pub fn spent(&self) -> bool {
        self.nodes_left == 0 || self.fuel_used >= limits::FUEL_PER_ADVANCE
    }

    /// Whether steps have changed the profile since this was last asked.
    pub fn unheeded_updates(&mut self) -> bool {
        let count = self.effects.profile_updates.len();
        std::mem::replace(&mut self.heeded, count) < count
    }

    /// Counts one node.
    pub fn take_node(&mut self) {
        self.nodes_left = self.nodes_left.saturating_sub(1);
    }

    /// Tells the decisions since the last step event, after which nobody moved. There are none unless tracing is on.
    pub fn pass(&mut self, journey: JourneyRef, node: Option<u32>) {
        if !self.decisions.is_empty() {
            let passed = Passed {
                after: self.effects.steps.len(),
                journey,
                node,
                at: self.now,
                trace: std::mem::take(&mut self.decisions),
            };
            self.effects.passed.push(passed);
        }
    }

    /// What is asked for a trace alone takes nothing of what this `advance` may do.
    pub fn aside<T>(&mut self, ask: impl FnOnce(&mut World<'a>) -> T) -> T {
        let used = self.fuel_used;
        let answer = ask(self);
        self.fuel_used = used;
        answer
    }

    /// Evaluates an expression of a program over the profile, variables and an input row, within the fuel of one evaluation.
    pub fn eval<T>(
        &mut self,
        program: usize,
        scope: Scope<'_>,
        how: impl FnOnce(&Env<'_>, &mut Frame, &mut Fuel) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let World {
            deployment,
            profile,
            profiles,
            workspace,
            now,
            effects,
            ..
        } = self;
        let Workspace { frame, blank, .. } = &mut **workspace;
        let blank: &Record = blank;
        let env = Env {
            loaded: deployment.programs()[program].loaded(),
            profile: profiles.of(profile, deployment, program, &effects.profile_updates),
            vars: scope.vars.unwrap_or(blank),
            input: scope.input.unwrap_or(blank),
            now_ms: now.0,
            zone: scope.zone,
        };
        let given =
            limits::FUEL_PER_EVALUATION.min(limits::FUEL_AT_MOST.saturating_sub(self.fuel_used));
        let mut fuel = Fuel::new(given);
        let result = how(&env, frame, &mut fuel);
        self.fuel_used = self.fuel_used.saturating_add(given - fuel.left());
        result
    }

    /// A row of this shape, all slots missing, in memory that was [given back](World::give_row).
    pub fn row(&mut self, shape: &Shape) -> Record {
        let mut row = self.workspace.rows.pop().unwrap_or_default();
        row.renew(shape);
        row
    }

    /// Takes a row's memory back, for the next one.
    pub fn give_row(&mut self, row: Record) {
        let is_small = row.words.capacity() <= ROW_WORDS && row.text.capacity() <= ROW_TEXT;
        if is_small && self.workspace.rows.len() < ROWS {
            self.workspace.rows.push(row);
        }
    }

    /// The memory of texts that go out.
    pub fn texts(&mut self) -> &mut Texts {
        &mut self.workspace.texts
    }

    /// A copy of a text, to go out.
    pub fn copy(&mut self, text: &str) -> String {
        self.workspace.texts.copy(text)
    }

    /// A number as a text, to go out.
    pub fn number(&mut self, number: impl std::fmt::Display) -> String {
        let mut out = self.workspace.texts.blank();
        // Writing to a text does not fail.
        let _ = write!(out, "{number}");
        out
    }

    /// The workspace's lists of journeys, empty; to be [given back](World::give_lists).
    pub fn take_lists(&mut self) -> (Vec<u32>, Vec<(usize, u32)>) {
        let Workspace {
            journeys, knocked, ..
        } = &mut *self.workspace;
        (std::mem::take(journeys), std::mem::take(knocked))
    }

    /// Takes the lists back, for the next event.
    pub fn give_lists(&mut self, mut journeys: Vec<u32>, mut knocked: Vec<(usize, u32)>) {
        journeys.clear();
        knocked.clear();
        self.workspace.journeys = journeys;
        self.workspace.knocked = knocked;
    }

    /// An empty list of what was heard; to be [given back](World::give_heard).
    pub fn take_heard<'s>(&mut self) -> Vec<Heard<'s>> {
        std::mem::take(&mut self.workspace.heard)
    }

    /// Takes the list back, for the next event.
    pub fn give_heard(&mut self, heard: Vec<Heard<'_>>) {
        // Nothing of it is kept but its memory.
        self.workspace.heard = heard.into_iter().map_while(|_| None).collect();
    }

    /// Reads an answer as an input row; `None` when it is not what the plan asks for. Its memory serves the next one when it
    /// is [given back](World::give_back).
    pub fn read(&mut self, plan: &Prepared, body: &[u8], limits: &Limits) -> Option<Record> {
        let Workspace { reader, answer, .. } = &mut *self.workspace;
        let mut row = std::mem::take(answer);
        read::read_into(reader, plan, body, Region::Input, limits, &mut row).ok()?;
        Some(row)
    }

    /// Takes back an answer that was read.
    pub fn give_back(&mut self, answer: Record) {
        self.workspace.answer = answer;
    }

    /// The profile as the program with this index reads it.
    pub fn profile(&mut self, program: usize) -> &Record {
        let updates = &self.effects.profile_updates;
        self.profiles
            .of(self.profile, self.deployment, program, updates)
    }

    /// The steps after it, of all programs, see what a step of this one has set since there were so many updates.
    pub fn show_updates(&mut self, program: usize, since: usize, own: &[Own<'_>]) {
        let updates = &self.effects.profile_updates[since..];
        let ready = &mut self.workspace.ready;
        self.profiles
            .show(self.deployment, ready, updates, (program, own));
    }
}

/// The profile as programs read it, which is found out when one first asks: most are not concerned.
#[derive(Default)]
struct Profiles<'a> {
    /// Few programs concern one person, nearly always one.
    first: Option<(usize, Cow<'a, Record>)>,
    others: Vec<(usize, Cow<'a, Record>)>,
}

impl<'a> Profiles<'a> {
    fn of(
        &mut self,
        profile: &'a ProfileRecord,
        deployment: &Deployment,
        program: usize,
        updates: &[ProfileUpdate],
    ) -> &mut Cow<'a, Record> {
        let Profiles { first, others } = self;
        let find_out = || {
            let mut record = profile.record(deployment, program);
            let ready = &mut Ready::default();
            show(deployment, program, &mut record, ready, updates, &[]);
            (program, record)
        };
        let (of, first) = first.get_or_insert_with(find_out);
        if *of == program {
            return first;
        }
        let known = others.iter().position(|(known, _)| *known == program);
        let at = known.unwrap_or_else(|| {
            others.push(find_out());
            others.len() - 1
        });
        &mut others[at].1
    }

    /// Sets fields in the copies of all programs that asked.
    fn show(
        &mut self,
        deployment: &Deployment,
        ready: &mut Ready,
        updates: &[ProfileUpdate],
        (own_program, own): (usize, &[Own<'_>]),
    ) {
        for (program, record) in self.first.iter_mut().chain(&mut self.others) {
            let own = if *program == own_program { own } else { &[] };
            show(deployment, *program, record, ready, updates, own);
        }
    }
}

/// Sets fields in the profile as this program reads it.
fn show(
    deployment: &Deployment,
    program: usize,
    record: &mut Cow<'_, Record>,
    ready: &mut Ready,
    updates: &[ProfileUpdate],
    own: &[Own<'_>],
) {
    let program = deployment.programs().get(program);
    let artifact = program.map(|program| program.loaded().artifact());
    let plan = artifact.and_then(|artifact| artifact.plans.get(artifact.profile?.0 as usize));
    if let (Some(artifact), Some(plan), [_, ..]) = (artifact, plan, updates) {
        tell(artifact, plan, record.to_mut(), ready, updates, own);
    }
}
