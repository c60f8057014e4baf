//! The node loop: all control flow of an instance stands here.
//!
//! Comes in: an instance and what its present node came to. Goes out: the instance where it waits next, or nothing when it is
//! over. Never true here: a loop without a bound (nodes are counted for the `advance` and for the instance); an attempt still wanted
//! for an instance that runs or is over.

use super::call;
use super::exit;
use super::flow::Flow;
use super::live::{Live, instance_id};
use super::wait;
use super::world::World;
use crate::effects::{Code, ProfileUpdate, Status};
use crate::fault::Fault;
use crate::func;
use crate::limits;
use crate::person::{Phase, State};
use journey_artifact::graph::{Case, NodeId, NodeKind, SplitArm, UpdateField, When};
use journey_artifact::model::{ChunkId, StrId};

/// Goes on from what the present node came to, until the instance waits, is over, or the budget is used up; whether it stays.
pub(super) fn go_on<'a>(
    world: &mut World<'a>,
    live: &mut Live<'a>,
    first: Result<Flow, Fault>,
) -> bool {
    // Whoever goes on waits for nothing: an attempt without an outcome is left behind.
    call::withdraw(world, live.program, &live.kept);
    live.kept.state = State::NOTHING;
    let mut flow = first;
    loop {
        match flow.unwrap_or_else(failed) {
            Flow::Here => {}
            Flow::Go { next, code, label } => {
                live.report(world, Status::Transition, code, label);
                live.kept.parent = Some(live.kept.node);
                live.kept.node = next.0;
            }
            Flow::Park {
                state,
                status,
                code,
                label,
            } => {
                live.kept.state = state;
                let stays = live.park(world);
                if stays {
                    live.report(world, status, code, label);
                }
                return stays;
            }
            Flow::End {
                status,
                code,
                label,
            } => {
                live.report(world, status, code, label);
                return false;
            }
        }
        if world.spent() {
            live.kept.state = State::Running {
                streak: live.streak,
                since: world.now,
            };
            return live.park(world);
        }
        flow = step(world, live);
    }
}

fn failed(fault: Fault) -> Flow {
    Flow::End {
        status: Status::Failed,
        code: Code::Fault,
        label: Some(fault.to_string()),
    }
}

/// Runs the node the instance stands at.
fn step<'a>(world: &mut World<'a>, live: &mut Live<'a>) -> Result<Flow, Fault> {
    world.take_node();
    live.streak = live.streak.saturating_add(1);
    live.kept.visit = live.kept.visit.saturating_add(1);
    if live.streak > limits::NODES_WITHOUT_PARKING {
        return Ok(Flow::End {
            status: Status::Failed,
            code: Code::Runaway,
            label: None,
        });
    }
    if let Some(out) = exit::way_out(world, live, &[])? {
        return Ok(out);
    }
    match &live.node(live.kept.node)?.kind {
        NodeKind::Wait { until, next, .. } => wait_node(world, live, until, *next, Code::Past),
        NodeKind::Await {
            within, timeout, ..
        } => wait_node(world, live, within, *timeout, Code::Time),
        NodeKind::Branch { cases, otherwise } => branch(world, live, cases, *otherwise),
        NodeKind::Split { name, arms } => split(world, live, *name, arms),
        NodeKind::Assign {
            slot,
            value,
            next,
            missing,
        } => {
            let (chunk, value) = (*value, live.eval(world, *value)?);
            live.told_value(world, chunk, value.as_ref())?;
            live.set(*slot, value.as_ref())?;
            Ok(if value.is_some() {
                Flow::go(*next, Code::Set)
            } else {
                Flow::go(*missing, Code::Missing)
            })
        }
        NodeKind::Call { call, args, .. } => call::first_attempt(world, live, *call, args),
        NodeKind::Update { fields, next } => update(world, live, fields, *next),
        NodeKind::End { label } => end(world, live, *label),
    }
}

fn wait_node<'a>(
    world: &mut World<'a>,
    live: &Live<'a>,
    until: &When,
    next: NodeId,
    past: Code,
) -> Result<Flow, Fault> {
    Ok(match wait::when(world, live, until)? {
        None => Flow::go(next, Code::NoTime),
        Some(until) if until <= world.now => Flow::go(next, past),
        Some(until) => Flow::Park {
            state: State::Waiting { until },
            status: Status::Waiting,
            code: Code::Plain,
            label: None,
        },
    })
}

fn branch<'a>(
    world: &mut World<'a>,
    live: &Live<'a>,
    cases: &[Case],
    otherwise: NodeId,
) -> Result<Flow, Fault> {
    for (ix, case) in cases.iter().enumerate() {
        if live.holds(world, case.condition, None)? {
            return Ok(Flow::Go {
                next: case.next,
                code: Code::Case,
                label: Some(world.number(ix + 1)),
            });
        }
    }
    Ok(Flow::go(otherwise, Code::Otherwise))
}

fn split<'a>(
    world: &mut World<'a>,
    live: &Live<'a>,
    name: StrId,
    arms: &[SplitArm],
) -> Result<Flow, Fault> {
    let split = live.text(name);
    let told = world.choices.iter().find(|choice| choice.split == split);
    let told = told.and_then(|choice| arms.iter().find(|arm| live.text(arm.label) == choice.arm));
    let bucket = func::bucket(&world.person, split);
    let arm = told
        .or_else(|| arms.iter().find(|arm| bucket < u64::from(arm.below)))
        .ok_or(Fault::Corrupt("split without an arm"))?;
    Ok(Flow::Go {
        next: arm.next,
        code: Code::Arm,
        label: Some(world.copy(live.text(arm.label))),
    })
}

/// All values are computed before the first is written: the fields of one step do not see each other.
fn update<'a>(
    world: &mut World<'a>,
    live: &mut Live<'a>,
    fields: &[UpdateField],
    next: NodeId,
) -> Result<Flow, Fault> {
    let mut own = Vec::with_capacity(fields.len());
    for field in fields {
        let value = live.eval(world, field.value)?;
        live.told_value(world, field.value, value.as_ref())?;
        // What has no value is not written.
        own.extend(value.map(|kept| (field, kept)));
    }
    let before = world.effects.profile_updates.len();
    let instance = instance_id(world, live.program, &live.kept);
    for (field, kept) in &own {
        let updates = &mut world.effects.profile_updates;
        let value = live.value(kept).inspect_err(|_| updates.truncate(before))?;
        updates.push(ProfileUpdate {
            instance,
            path: live.text(field.path).to_owned(),
            value,
        });
    }
    world.show_updates(live.program, before, &own);
    // What comes next goes by the zone that the profile names now.
    live.forget_zone();
    Ok(Flow::go(next, Code::Plain))
}

fn end<'a>(world: &mut World<'a>, live: &Live<'a>, label: Option<ChunkId>) -> Result<Flow, Fault> {
    Ok(match live.kept.phase {
        Phase::Inside => {
            let label = match label {
                Some(chunk) => live.eval_text(world, chunk, None)?,
                None => None,
            };
            Flow::End {
                status: Status::Ended,
                code: Code::Plain,
                label,
            }
        }
        Phase::Leaving { .. } => Flow::End {
            status: Status::Exited,
            code: Code::Exit,
            label: exit::rule(live).map(|rule| world.copy(rule)),
        },
        Phase::Expiring => Flow::End {
            status: Status::Expired,
            code: Code::Expiry,
            label: None,
        },
    })
}
