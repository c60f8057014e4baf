//! Taking instances up, one after another, and putting them back.
//!
//! Comes in: a person and what to do with each instance. Goes out: the person with what is left. Instances whose program is not
//! in force rest untouched; those whose kept state does not fit their program end as failed.
//! Never true here: one instance's trouble reaching another.

use super::call;
use super::flow::Flow;
use super::live::{Corrupt, Live, instance_id};
use super::run;
use super::world::World;
use crate::effects::{Code, Status, StepEvent};
use crate::fault::Fault;
use crate::ids::JourneyRef;
use crate::person::{Instance, Person};

/// Gives each instance of the programs in force that `wants` one a turn, the oldest first.
pub(super) fn each<'a>(
    world: &mut World<'a>,
    person: &mut Person,
    wants: impl Fn(&Instance) -> bool,
    mut turn: impl FnMut(&mut World<'a>, &mut Live<'a>) -> bool,
) {
    let mut index = 0;
    while index < person.instances.len() {
        let before = person.instances.len();
        if wants(&person.instances[index]) {
            at(world, person, index, &mut turn);
        }
        // One that is over has left its place to the next.
        index += usize::from(person.instances.len() == before);
    }
}

/// Gives the instance at this index a turn, which says whether it stays.
pub(super) fn at<'a>(
    world: &mut World<'a>,
    person: &mut Person,
    index: usize,
    mut turn: impl FnMut(&mut World<'a>, &mut Live<'a>) -> bool,
) {
    let instance = person.instances.remove(index);
    if let Some(left) = one(world, instance, &mut turn) {
        person.instances.insert(index, left);
    }
}

fn one<'a>(
    world: &mut World<'a>,
    instance: Instance,
    turn: &mut impl FnMut(&mut World<'a>, &mut Live<'a>) -> bool,
) -> Option<Instance> {
    let Some(program) = world.deployment.find(instance.program) else {
        return Some(instance);
    };
    match Live::load(world, instance, program) {
        Ok(mut live) => {
            let stays = turn(world, &mut live);
            world.pass(live.journey_ref(), Some(live.kept.node));
            world.give_row(live.vars);
            stays.then_some(live.kept)
        }
        Err(Corrupt(instance)) => {
            report_corrupt(world, &instance, program);
            None
        }
    }
}

/// Goes on with an instance that something happened to, and says whether it stays; as it was, when nothing did.
pub(super) fn after<'a>(
    world: &mut World<'a>,
    live: &mut Live<'a>,
    flow: Result<Option<Flow>, Fault>,
) -> bool {
    match flow {
        Ok(None) => true,
        Ok(Some(flow)) => run::go_on(world, live, Ok(flow)),
        Err(fault) => run::go_on(world, live, Err(fault)),
    }
}

fn report_corrupt(world: &mut World<'_>, instance: &Instance, program: usize) {
    call::withdraw(world, program, instance);
    let id = instance_id(world, program, instance);
    let at = world.now;
    world.effects.steps.push(StepEvent {
        instance: id,
        journey: JourneyRef {
            program: instance.program,
            journey: instance.journey,
        },
        node: instance.node,
        parent: instance.parent,
        visit: instance.visit,
        attempt: 0,
        status: Status::Failed,
        code: Code::Corrupt,
        label: None,
        at,
        trace: Vec::new(),
    });
}
