//! Listening: whether an event that arrived is one that is listened for, and keeping what of it is asked for.
//!
//! Comes in: a [`Listen`], the events that arrived. Goes out: the one it hears. Never true here: where that leads.

use super::flow::Heard;
use super::live::Live;
use super::world::World;
use crate::fault::Fault;
use journey_artifact::graph::Listen;
use journey_artifact::word::ShapeId;

/// The event that this listener hears, if its condition holds for it.
pub(super) fn hears<'a, 's>(
    world: &mut World<'a>,
    live: &Live<'a>,
    listen: &Listen,
    heard: &[Heard<'s>],
) -> Result<Option<Heard<'s>>, Fault> {
    for event in heard
        .iter()
        .filter(|heard| heard.program == live.program && heard.event == listen.event)
    {
        match listen.condition {
            Some(condition) if !live.holds(world, condition, Some(event.record))? => {}
            _ => return Ok(Some(*event)),
        }
    }
    Ok(None)
}

/// Keeps what the listener asks for.
pub(super) fn keep(live: &mut Live<'_>, listen: &Listen, event: &Heard<'_>) -> Result<(), Fault> {
    let shape = event_shape(live, event)?;
    live.bind(&listen.bind, Some((event.record, shape)))
}

/// The name of the event it listens for.
pub(super) fn name(world: &mut World<'_>, live: &Live<'_>, listen: &Listen) -> String {
    let decl = live.loaded.artifact().events.get(listen.event.0 as usize);
    decl.map_or_else(String::new, |decl| world.copy(live.text(decl.name)))
}

fn event_shape(live: &Live<'_>, event: &Heard<'_>) -> Result<ShapeId, Fault> {
    let artifact = live.loaded.artifact();
    let decl = artifact
        .events
        .get(event.event.0 as usize)
        .ok_or(Fault::Corrupt("event"))?;
    artifact
        .plans
        .get(decl.plan.0 as usize)
        .map(|plan| plan.shape)
        .ok_or(Fault::Corrupt("plan"))
}
