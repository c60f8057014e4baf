//! An event arrives: exits first, then whoever waits for it, then entrances.
//!
//! Comes in: what a scan made of the event. Goes out: the instances moved, entered and refused.
//! Never true here: the same event acting twice; one event serving an instance twice.

use super::enter;
use super::exit;
use super::flow::{Flow, Heard};
use super::listen;
use super::live::Live;
use super::result;
use super::turns;
use super::world::World;
use crate::deployment::routes::arms;
use crate::deployment::{Deployment, Scanned};
use crate::effects::{Code, Refusal, RefusalCode};
use crate::fault::Fault;
use crate::person::{Instance, Person, State};
use journey_artifact::graph::{ExitWhen, Listen};

/// The event, as far as it is about this person.
pub(super) fn arrive<'a>(world: &mut World<'a>, person: &mut Person, scanned: &Scanned) {
    let heard = news(world, person, scanned);
    if !heard.is_empty() {
        tell(world, person, &heard);
    }
    world.give_heard(heard);
}

/// What was heard, to whoever is inside, then to the journeys that it may lead into.
fn tell<'a>(world: &mut World<'a>, person: &mut Person, heard: &[Heard<'_>]) {
    let deployment = world.deployment;
    let may_hear = |instance: &Instance| may_hear(deployment, instance, heard);
    turns::each(world, person, may_hear, |world, live| {
        let flow = hear(world, live, heard);
        turns::after(world, live, flow)
    });
    // Whoever entered before the one that changed the profile is led out too before an entrance asks who is inside.
    result::heed_updates(world, person);
    enter::enter_all(world, person, heard);
}

/// The matches that are about this person and have not come before. All are looked up before any is remembered: two programs
/// that declare one event share its hash.
fn news<'s>(world: &mut World<'_>, person: &mut Person, scanned: &'s Scanned) -> Vec<Heard<'s>> {
    let mut heard = world.take_heard();
    let mut again: Vec<u64> = Vec::new();
    for found in &scanned.matches {
        if *found.namespace != *world.namespace || *found.id != *world.person {
            continue;
        }
        let Some(record) = scanned.record(found) else {
            continue;
        };
        if found.program >= world.deployment.programs().len() {
            continue;
        }
        if let Some(of) = found.dedupe.filter(|of| person.has_seen(*of)) {
            if again.contains(&of) {
                continue;
            }
            again.push(of);
            let program = &world.deployment.programs()[found.program];
            let decl = program
                .loaded()
                .artifact()
                .events
                .get(found.event.0 as usize);
            let name = decl.map_or("", |decl| program.text(decl.name));
            let event = world.copy(name);
            world.effects.refusals.push(Refusal {
                journey: None,
                event,
                code: RefusalCode::Duplicate,
                at: world.now,
            });
            continue;
        }
        heard.push(Heard {
            program: found.program,
            event: found.event,
            record,
            dedupe: found.dedupe.map(|of| (of, found.window_ms)),
        });
    }
    for (of, window_ms) in heard.iter().filter_map(|heard| heard.dedupe) {
        let window = i64::try_from(window_ms).unwrap_or(i64::MAX);
        person.remember(of, world.now.plus(window));
    }
    heard
}

/// Whether an instance could make anything of it: seen before its variables are decoded, since most events are not for most
/// instances.
fn may_hear(deployment: &Deployment, instance: &Instance, heard: &[Heard<'_>]) -> bool {
    let Some(journey) = deployment.journey(instance.place()) else {
        return false;
    };
    let program = deployment.find(instance.program);
    let own = heard.iter().filter(|event| Some(event.program) == program);
    let is_heard = |listen: &Listen| own.clone().any(|event| event.event == listen.event);
    let exits = journey.exits.iter().any(|exit| match &exit.when {
        ExitWhen::Event(listen) => is_heard(listen),
        // An event that another program names is none to this one.
        ExitWhen::Condition(_) => own.clone().next().is_some(),
    });
    let node = journey.nodes.get(instance.node as usize);
    exits || node.is_some_and(|node| arms(&node.kind).iter().any(|arm| is_heard(&arm.on)))
}

/// What an instance makes of it; `None`: nothing.
fn hear<'a>(
    world: &mut World<'a>,
    live: &mut Live<'a>,
    heard: &[Heard<'_>],
) -> Result<Option<Flow>, Fault> {
    if let Some(out) = exit::way_out(world, live, heard)? {
        return Ok(Some(out));
    }
    if !matches!(live.kept.state, State::Waiting { .. }) {
        return Ok(None);
    }
    for arm in arms(&live.node(live.kept.node)?.kind) {
        if let Some(event) = listen::hears(world, live, &arm.on, heard)? {
            listen::keep(live, &arm.on, &event)?;
            let label = Some(listen::name(world, live, &arm.on));
            return Ok(Some(Flow::Go {
                next: arm.next,
                code: Code::Event,
                label,
            }));
        }
    }
    Ok(None)
}
