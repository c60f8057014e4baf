//! The ways out: exit rules and the end of the longest stay.
//!
//! Comes in: an instance that is inside, and what it heard. Goes out: what follows. Never true here: a second exit while
//! the steps of one run.

use super::flow::{Flow, Heard};
use super::listen;
use super::live::Live;
use super::world::World;
use crate::effects::{Code, Status};
use crate::fault::Fault;
use crate::ids::Instant;
use crate::person::{Phase, State};
use journey_artifact::graph::ExitWhen;

/// Leaves by the first rule, in source order, that leads out; `None` when none does.
pub(super) fn way_out<'a>(
    world: &mut World<'a>,
    live: &mut Live<'a>,
    heard: &[Heard<'_>],
) -> Result<Option<Flow>, Fault> {
    if live.kept.phase != Phase::Inside {
        return Ok(None);
    }
    let journey = live.journey;
    for (exit, rule) in (0u32..).zip(&journey.exits) {
        match &rule.when {
            ExitWhen::Event(listen) => {
                let Some(event) = listen::hears(world, live, listen, heard)? else {
                    continue;
                };
                listen::keep(live, listen, &event)?;
            }
            ExitWhen::Condition(condition) => {
                if !live.holds(world, *condition, None)? {
                    continue;
                }
            }
        }
        let name = Some(world.copy(live.text(rule.name)));
        new_visit(live);
        return Ok(Some(match rule.then {
            Some(next) => {
                live.kept.phase = Phase::Leaving { exit };
                Flow::Go {
                    next,
                    code: Code::Exit,
                    label: name,
                }
            }
            None => Flow::End {
                status: Status::Exited,
                code: Code::Exit,
                label: name,
            },
        }));
    }
    Ok(None)
}

/// The longest stay is over.
pub(super) fn expire<'a>(world: &mut World<'a>, live: &mut Live<'a>) -> Flow {
    live.kept.expires = Instant::FAR;
    match live.journey.on_expiry {
        Some(next) if live.kept.phase == Phase::Inside => {
            new_visit(live);
            live.kept.phase = Phase::Expiring;
            Flow::go(next, Code::Expiry)
        }
        // Steps of an exit rule that took too long are cut off, and not followed by others: who was led out stays led out.
        _ => match rule(live) {
            Some(rule) => Flow::End {
                status: Status::Exited,
                code: Code::Expiry,
                label: Some(world.copy(rule)),
            },
            None => Flow::End {
                status: Status::Expired,
                code: Code::Expiry,
                label: None,
            },
        },
    }
}

/// The name of the exit rule whose steps an instance runs.
pub(super) fn rule<'a>(live: &Live<'a>) -> Option<&'a str> {
    let Phase::Leaving { exit } = live.kept.phase else {
        return None;
    };
    let rule = live.journey.exits.get(exit as usize)?;
    Some(live.text(rule.name))
}

/// A node that waits for the next `advance` to run has not reported yet; what leads away from it is a visit of its own.
fn new_visit(live: &mut Live<'_>) {
    if matches!(live.kept.state, State::Running { .. }) {
        live.kept.visit = live.kept.visit.saturating_add(1);
    }
}
