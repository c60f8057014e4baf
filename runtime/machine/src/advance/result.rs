//! Inputs that are no event and no timer: a call's outcome, a changed profile, an operator's stop; and what steps set in the profile, of
//! any input.
//!
//! Comes in: the input. Goes out: the instances moved. Never true here: an outcome acting twice; it is found by the id of the
//! attempt that is waited for, and only by that.

use super::exit;
use super::flow::Flow;
use super::input::Outcome;
use super::live::call_key;
use super::outcome;
use super::turns;
use super::world::World;
use crate::effects::{Code, Status};
use crate::ids::CallKey;
use crate::person::{Instance, Person, State};
use journey_artifact::graph::Journey;

/// The outcome of this attempt is about to arrive: what waits for it does not time out before, however late it is.
pub(super) fn coming(world: &World<'_>, person: &mut Person, call: CallKey) {
    for instance in &mut person.instances {
        let is_late = matches!(instance.state, State::Calling { guard, .. } if guard < world.now);
        if is_late
            && waits_for(world, instance, call)
            && let State::Calling { guard, .. } = &mut instance.state
        {
            *guard = world.now;
        }
    }
}

/// The outcome of an attempt.
pub(super) fn arrive<'a>(
    world: &mut World<'a>,
    person: &mut Person,
    call: CallKey,
    what: Outcome<'_>,
) {
    let Some(index) = person
        .instances
        .iter()
        .position(|instance| waits_for(world, instance, call))
    else {
        return;
    };
    turns::at(world, person, index, |world, live| {
        let State::Calling { args, .. } = &mut live.kept.state else {
            return true;
        };
        let args = std::mem::take(args);
        live.kept.state = State::NOTHING;
        let flow = outcome::apply(world, live, call.attempt, &args, what);
        turns::after(world, live, flow.map(Some))
    });
}

fn waits_for(world: &World<'_>, instance: &Instance, call: CallKey) -> bool {
    let State::Calling { attempt, .. } = instance.state else {
        return false;
    };
    let Some(program) = world.deployment.find(instance.program) else {
        return false;
    };
    attempt == call.attempt && call_key(world, program, instance, attempt) == call
}

/// Conditions that lead out are looked at again.
pub(super) fn profile_changed<'a>(world: &mut World<'a>, person: &mut Person) {
    let deployment = world.deployment;
    let may_leave = |instance: &Instance| {
        let journey = deployment.journey(instance.place());
        journey.is_some_and(Journey::exits_by_condition)
    };
    turns::each(world, person, may_leave, |world, live| {
        let flow = exit::way_out(world, live, &[]);
        turns::after(world, live, flow)
    });
}

/// The same when steps have changed the profile since this was last asked, until they change it no more: an instance leaves once.
pub(super) fn heed_updates<'a>(world: &mut World<'a>, person: &mut Person) {
    while world.unheeded_updates() {
        profile_changed(world, person);
    }
}

/// The instance is over, wherever it stands.
pub(super) fn stop<'a>(world: &mut World<'a>, person: &mut Person, seq: u32) {
    let Some(index) = person
        .instances
        .iter()
        .position(|instance| instance.seq == seq)
    else {
        return;
    };
    turns::at(world, person, index, |world, live| {
        let flow = Flow::End {
            status: Status::Stopped,
            code: Code::Plain,
            label: None,
        };
        turns::after(world, live, Ok(Some(flow)))
    });
}
