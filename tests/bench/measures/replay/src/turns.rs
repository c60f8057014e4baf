//! One person's turns: what is due, what arrives, who comes in.
//!
//! Comes in: a person, an event or an answer, the instant. Goes out: the person changed, calls to make, counts. The order is
//! that of the machine: what is due before, the input; exits, then whoever waits, then entrances.
//! Never true here: a step's own meaning.

use super::people::{Heard, Instance, Person, State};
use super::walker::{Flow, Walk, Walker};
use journey_artifact::graph;
use journey_machine::effects::{Code, RefusalCode};
use journey_machine::ids::{CallKey, Instant};
use journey_machine::limits;
use journey_machine::time::Zone;
use journey_machine::value::Value;
use journeyc::hir::{ExitWhen, FixedSpan, Listen, Reenter, StepKind, VarId};
use journeyc::host::answers::Answer;
use journeyc::oracle::Bound;
use serde_json::Value as Json;
use std::collections::BTreeMap;

impl<'p> Walker<'p> {
    /// Does what is due.
    pub fn timer(&mut self, person: &mut Person, now: Instant) {
        self.fire(person, now, now);
    }

    /// An event arrived; whether anything came of it.
    pub fn event(&mut self, person: &mut Person, heard: Vec<Heard<'_>>, now: Instant) -> bool {
        let mut moved = false;
        self.fire(person, Instant(now.0.saturating_sub(1)), now);
        let mut fresh = Vec::new();
        let mut news = Vec::new();
        for event in heard {
            match event.dedupe {
                Some((of, _)) if person.has_seen(of, now) => {
                    *self
                        .report
                        .events_passed_over
                        .entry(RefusalCode::Duplicate.to_string())
                        .or_default() += 1;
                    moved = true;
                    continue;
                }
                Some(dedupe) => fresh.push(dedupe),
                None => {}
            }
            news.push(event);
        }
        for (of, until) in fresh {
            person.remember(of, until, now);
        }
        for instance in std::mem::take(&mut person.instances) {
            moved |= self.hear(person, instance, &news, now);
        }
        for journey in 0..self.program.journeys.len() {
            moved |= self.knock(person, journey, &news, now);
        }
        moved
    }

    /// A call was answered.
    pub fn answer(&mut self, person: &mut Person, key: CallKey, answer: &Answer, now: Instant) {
        self.fire(person, Instant(now.0.saturating_sub(1)), now);
        let waits = |walker: &Self, instance: &Instance| {
            matches!(instance.state, State::Calling { attempt, .. } if attempt == key.attempt)
                && walker.call_key(person, instance, key.attempt) == key
        };
        if let Some(index) = person
            .instances
            .iter()
            .position(|instance| waits(self, instance))
        {
            let mut instance = person.instances.remove(index);
            instance.zone = self.zone(person, &instance, now);
            let flow = self.outcome(person, &mut instance, answer, now);
            if let Some(left) = self.go_on(person, instance, flow, now) {
                person.instances.insert(index, left);
            }
        }
    }

    fn fire(&mut self, person: &mut Person, until: Instant, now: Instant) {
        for _ in 0..2 * person.instances.len() {
            let due = person
                .instances
                .iter()
                .enumerate()
                .filter(|(_, instance)| instance.due() <= until);
            let Some((index, _)) = due.min_by_key(|(_, instance)| (instance.due(), instance.seq))
            else {
                return;
            };
            let mut instance = person.instances.remove(index);
            instance.zone = self.zone(person, &instance, now);
            let flow = self.due(person, &mut instance, now);
            if let Some(left) = self.go_on(person, instance, flow, now) {
                person.instances.insert(index, left);
            }
        }
    }

    fn due(&mut self, person: &Person, instance: &mut Instance, now: Instant) -> Walk<Flow> {
        if instance.expires <= instance.waiting_until() {
            return Ok(Flow::Expired);
        }
        let place = &self.flats[instance.journey].places[instance.at as usize];
        match &instance.state {
            State::Calling { .. } => self.outcome(person, instance, &Answer::Timeout, now),
            State::Pausing { attempt, args, .. } => {
                let (attempt, args) = (*attempt, args.clone());
                self.attempt(person, instance, attempt, args, now)
            }
            State::Waiting { .. } => Ok(Flow::Go(match place.step.map(|step| &step.kind) {
                Some(StepKind::Await { arms, .. }) => place.blocks[arms.len()],
                _ => place.next,
            })),
        }
    }

    /// Whether the instance heard any of it.
    fn hear(
        &mut self,
        person: &mut Person,
        mut instance: Instance,
        news: &[Heard<'_>],
        now: Instant,
    ) -> bool {
        let program = self.program;
        let journey = &program.journeys[instance.journey];
        let graph = &self.artifact.journeys[instance.journey];
        let place = &self.flats[instance.journey].places[instance.at as usize];
        let arms = match place.step.map(|step| &step.kind) {
            Some(StepKind::Wait { or, .. }) => or.as_slice(),
            Some(StepKind::Await { arms, .. }) => arms.as_slice(),
            _ => &[],
        };
        let exits = journey.exits.iter().filter_map(|exit| match &exit.when {
            ExitWhen::Event(on) => Some(on),
            ExitWhen::Condition(_) => None,
        });
        let mut listens = exits.chain(arms.iter().map(|arm| &arm.on));
        if !listens.any(|on| news.iter().any(|heard| heard.event == on.event)) {
            person.instances.push(instance);
            return false;
        }
        let blocks = place.blocks.clone();
        instance.zone = self.zone(person, &instance, now);
        let mut flow = Ok(None);
        for exit in &journey.exits {
            if let ExitWhen::Event(on) = &exit.when {
                match self.hears(person, &instance, on, news, now) {
                    Ok(None) => continue,
                    Ok(Some(_)) => flow = Ok(Some(Flow::Exited(exit.name.clone()))),
                    Err(e) => flow = Err(e),
                }
                break;
            }
        }
        if matches!(flow, Ok(None)) && matches!(instance.state, State::Waiting { .. }) {
            for (ix, arm) in arms.iter().enumerate() {
                match self.hears(person, &instance, &arm.on, news, now) {
                    Ok(None) => continue,
                    Ok(Some(json)) => {
                        let kept = keeps(&graph.nodes[instance.at as usize], ix);
                        bind(&mut instance, arm.on.var.filter(|_| kept), json);
                        flow = Ok(Some(Flow::Go(blocks[ix])));
                    }
                    Err(e) => flow = Err(e),
                }
                break;
            }
        }
        let moved = !matches!(flow, Ok(None));
        let left = match flow {
            Ok(None) => Some(instance),
            Ok(Some(flow)) => self.go_on(person, instance, Ok(flow), now),
            Err(e) => self.go_on(person, instance, Err(e), now),
        };
        person.instances.extend(left);
        moved
    }

    /// The document of the event that the listener hears.
    fn hears<'e>(
        &mut self,
        person: &Person,
        instance: &Instance,
        on: &Listen,
        news: &[Heard<'e>],
        now: Instant,
    ) -> Walk<Option<&'e Json>> {
        for heard in news.iter().filter(|heard| heard.event == on.event) {
            match &on.condition {
                None => return Ok(Some(heard.json)),
                Some(condition) => {
                    let value = self.eval(person, instance, condition, Some(heard.json), now)?;
                    if value == Some(Value::Bool(true)) {
                        return Ok(Some(heard.json));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Whether the journey let somebody in, or refused to.
    fn knock(
        &mut self,
        person: &mut Person,
        journey_ix: usize,
        news: &[Heard<'_>],
        now: Instant,
    ) -> bool {
        let program = self.program;
        let journey = &program.journeys[journey_ix];
        if !journey
            .entries
            .iter()
            .any(|on| news.iter().any(|heard| heard.event == on.event))
        {
            return false;
        }
        let mut instance = Instance {
            journey: journey_ix,
            at: self.flats[journey_ix].start,
            seq: person.next_seq,
            visit: 0,
            entered_at: now,
            vars: BTreeMap::new(),
            state: State::Waiting {
                until: Instant::FAR,
            },
            expires: Instant::FAR,
            zone: Zone::utc(),
        };
        instance.zone = self.zone(person, &instance, now);
        for (on, lowered) in journey
            .entries
            .iter()
            .zip(&self.artifact.journeys[journey_ix].entries)
        {
            let admitted = match self.hears(person, &instance, on, news, now) {
                Ok(None) => continue,
                Ok(Some(json)) => self.admit(person, &mut instance, now).map(|()| json),
                Err(_) => Err(RefusalCode::Fault),
            };
            match admitted {
                Err(code) => {
                    *self
                        .count(journey)
                        .refused
                        .entry(code.to_string())
                        .or_default() += 1;
                }
                Ok(json) => {
                    bind(
                        &mut instance,
                        on.var.filter(|_| !lowered.on.bind.is_empty()),
                        json,
                    );
                    person.marks.insert(journey_ix, now);
                    person.next_seq += 1;
                    self.count(journey).entered += 1;
                    if let Some(left) = self.go_on(person, instance, Ok(Flow::Run), now) {
                        person.instances.push(left);
                    }
                }
            }
            return true;
        }
        false
    }

    fn admit(
        &mut self,
        person: &Person,
        instance: &mut Instance,
        now: Instant,
    ) -> Result<(), RefusalCode> {
        let journey = &self.program.journeys[instance.journey];
        if journey.starts.is_some_and(|starts| now.0 < starts) {
            return Err(RefusalCode::NotStarted);
        }
        if journey.closes.is_some_and(|closes| now.0 >= closes) {
            return Err(RefusalCode::Closed);
        }
        if person
            .instances
            .iter()
            .any(|other| other.journey == instance.journey)
        {
            return Err(RefusalCode::AlreadyInside);
        }
        if person.instances.len() >= limits::INSTANCES {
            return Err(RefusalCode::TooManyInstances);
        }
        let zone = instance.zone.clone();
        instance.expires = after(&zone, now, journey.expires);
        let again = person
            .marks
            .get(&instance.journey)
            .map(|last| match journey.reenter {
                Reenter::Never => Instant::FAR,
                Reenter::Always => Instant(i64::MIN),
                Reenter::After(span) => after(&zone, *last, span),
            });
        match again {
            Some(again) if now < again => Err(RefusalCode::Reentrance),
            _ => Ok(()),
        }
    }

    /// The node loop.
    fn go_on(
        &mut self,
        person: &mut Person,
        mut instance: Instance,
        first: Walk<Flow>,
        now: Instant,
    ) -> Option<Instance> {
        let program = self.program;
        let journey = &program.journeys[instance.journey];
        let mut flow = first;
        loop {
            match flow.unwrap_or(Flow::Failed(Code::Fault)) {
                Flow::Run => {}
                Flow::Go(next) => instance.at = next,
                Flow::Park(state) => {
                    instance.state = state;
                    return Some(instance);
                }
                Flow::Ended(label) => {
                    *self.count(journey).ended.entry(label).or_default() += 1;
                    return None;
                }
                Flow::Exited(rule) => {
                    *self.count(journey).exited.entry(rule).or_default() += 1;
                    return None;
                }
                Flow::Expired => {
                    self.count(journey).expired += 1;
                    return None;
                }
                Flow::Failed(code) => {
                    *self
                        .count(journey)
                        .failed
                        .entry(code.to_string())
                        .or_default() += 1;
                    return None;
                }
            }
            instance.visit += 1;
            flow = match self.flats[instance.journey].places[instance.at as usize].step {
                None => Ok(Flow::Ended(String::new())),
                Some(step) => self.step(person, &mut instance, step, now),
            };
        }
    }
}

/// Whether the artifact says that a later step reads what this arm hears.
fn keeps(node: &graph::Node, arm: usize) -> bool {
    let arms = match &node.kind {
        graph::NodeKind::Wait { or, .. } => or,
        graph::NodeKind::Await { arms, .. } => arms,
        _ => return false,
    };
    arms.get(arm).is_some_and(|arm| !arm.on.bind.is_empty())
}

fn bind(instance: &mut Instance, var: Option<VarId>, json: &Json) {
    if let Some(var) = var {
        instance.vars.insert(var, Bound::Json(json.clone()));
    }
}

fn after(zone: &Zone, from: Instant, span: FixedSpan) -> Instant {
    match span {
        FixedSpan::Exact(ms) => from.plus(i64::try_from(ms).unwrap_or(i64::MAX)),
        FixedSpan::Calendar(months, days) => {
            let span = (
                i32::try_from(months).unwrap_or(i32::MAX),
                i32::try_from(days).unwrap_or(i32::MAX),
            );
            zone.add_calendar(from.0, span.0, span.1)
                .map_or(from.plus(limits::STAY_MS), Instant)
        }
    }
}
