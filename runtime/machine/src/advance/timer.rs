//! Timers: waits that end, stays that end, retries that are due, calls that nobody answered.
//!
//! Comes in: an instance with something due. Goes out: what follows from it. Never true here: a timer that fires early.

use super::call;
use super::exit;
use super::flow::Flow;
use super::input::Outcome;
use super::live::Live;
use super::outcome;
use super::turns;
use super::world::World;
use crate::effects::Code;
use crate::fault::Fault;
use crate::ids::Instant;
use crate::person::{Instance, Person, State};
use journey_artifact::graph::NodeKind;

/// Fires everything due up to `until`, in the order in which it was due, the oldest instance first. Each instance fires at
/// most twice here (its node's timer, then the end of its stay): what it waits for next is after `now`, or rests for the
/// next `advance`.
pub(super) fn fire_until<'a>(world: &mut World<'a>, person: &mut Person, until: Instant) {
    for _ in 0..2 * person.instances.len() {
        let due = person.instances.iter().enumerate().filter(|(_, instance)| {
            let resting =
                matches!(instance.state, State::Running { .. }) && instance.expires > until;
            instance.due() <= until && !resting && world.deployment.find(instance.program).is_some()
        });
        let Some((index, _)) = due.min_by_key(|(_, instance)| (instance.due(), instance.seq))
        else {
            return;
        };
        turns::at(world, person, index, |world, live| {
            let flow = fire(world, live, until);
            turns::after(world, live, flow.map(Some))
        });
    }
}

/// Goes on with the instances that the last `advance` had no budget for.
pub(super) fn resume<'a>(world: &mut World<'a>, person: &mut Person) {
    let is_running = |instance: &Instance| matches!(instance.state, State::Running { .. });
    turns::each(world, person, is_running, |world, live| {
        turns::after(world, live, Ok(Some(Flow::Here)))
    });
}

fn fire<'a>(world: &mut World<'a>, live: &mut Live<'a>, until: Instant) -> Result<Flow, Fault> {
    // A stay that ends when a wait does is over: settings stand before steps.
    if live.kept.expires <= live.kept.waiting_until()
        || matches!(live.kept.state, State::Running { .. })
    {
        debug_assert!(live.kept.expires <= until);
        return Ok(exit::expire(world, live));
    }
    // Nobody said what came of the attempt: it may not have gone out yet, and must not beside what follows now.
    call::withdraw(world, live.program, &live.kept);
    match std::mem::replace(&mut live.kept.state, State::NOTHING) {
        State::Calling { attempt, args, .. } => {
            outcome::apply(world, live, attempt, &args, Outcome::Timeout)
        }
        State::Pausing { attempt, args, .. } => {
            let NodeKind::Call { call, .. } = &live.node(live.kept.node)?.kind else {
                return Err(Fault::Corrupt("no call here"));
            };
            call::next_attempt(world, live, *call, attempt, &args)
        }
        State::Waiting { .. } | State::Running { .. } => match &live.node(live.kept.node)?.kind {
            NodeKind::Wait { next, .. } => Ok(Flow::go(*next, Code::Time)),
            NodeKind::Await { timeout, .. } => Ok(Flow::go(*timeout, Code::Time)),
            _ => Err(Fault::Corrupt("nothing waits here")),
        },
    }
}
