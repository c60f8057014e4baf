//! Calls coming back: success, failure, retry, and the branch that takes each.
//!
//! Comes in: the outcome of the attempt an instance waits for. Goes out: what follows. Never true here: an outcome that
//! leads nowhere; without a branch for it the instance ends as failed.

use super::call;
use super::flow::Flow;
use super::input::Outcome;
use super::live::{Live, kept_word};
use super::world::World;
use crate::effects::{Code, Status};
use crate::fault::Fault;
use crate::person::State;
use crate::read::Limits;
use crate::record::{Kept, Record};
use journey_artifact::graph::{Bind, NodeKind, OnOutcome, OutcomeMatch};
use journey_artifact::model::{CallDecl, PlanId};
use journey_artifact::word::{Region, ShapeId, WordType};

/// Bounds on a response: what a host lets through may be larger than an event.
const RESPONSE: Limits = Limits {
    bytes: 1024 * 1024,
    nesting: 64,
    items: 10_000,
};

/// A failure, in the words that branches and reports use.
struct Failure<'b> {
    code: Code,
    status: Option<u16>,
    body: &'b [u8],
}

/// What follows from the outcome of attempt `attempt`.
pub(super) fn apply<'a>(
    world: &mut World<'a>,
    live: &mut Live<'a>,
    attempt: u32,
    args: &[u8],
    outcome: Outcome<'_>,
) -> Result<Flow, Fault> {
    let NodeKind::Call {
        call, bind, next, ..
    } = &live.node(live.kept.node)?.kind
    else {
        return Err(Fault::Corrupt("no call here"));
    };
    let decl = call::decl(live, *call)?;
    let failure = match outcome {
        Outcome::Success { status, body } => match response(world, live, decl.response, body) {
            Ok(row) => {
                bind_answer(world, live, bind, row)?;
                return Ok(Flow::Go {
                    next: *next,
                    code: Code::Success,
                    label: Some(world.number(status)),
                });
            }
            Err(Mismatch) => Failure {
                code: Code::Response,
                status: Some(status),
                body,
            },
        },
        Outcome::Http { status, body } => Failure {
            code: Code::Http,
            status: Some(status),
            body,
        },
        Outcome::Timeout => Failure {
            code: Code::Timeout,
            status: None,
            body: &[],
        },
        Outcome::Capped => Failure {
            code: Code::Capped,
            status: None,
            body: &[],
        },
        Outcome::Connection(_) => Failure {
            code: Code::Connection,
            status: None,
            body: &[],
        },
    };
    if attempt <= decl.retry.times && is_passing(&failure) {
        return Ok(retry(world, live, decl, attempt, args, &failure));
    }
    live.bind(bind, None)?;
    branch(world, live, decl, &failure)
}

/// Whether another attempt may go better.
fn is_passing(failure: &Failure<'_>) -> bool {
    match (failure.code, failure.status) {
        (Code::Timeout | Code::Connection, _) => true,
        (Code::Http, Some(status)) => matches!(status, 408 | 425 | 429 | 500..=599),
        _ => false,
    }
}

fn retry(
    world: &mut World<'_>,
    live: &mut Live<'_>,
    decl: &CallDecl,
    attempt: u32,
    args: &[u8],
    failure: &Failure<'_>,
) -> Flow {
    let attempt = attempt.saturating_add(1);
    let until = world.now.plus(call::pause(
        decl.retry,
        live.call_key(world, attempt).key,
        attempt,
    ));
    let state = State::Pausing {
        attempt,
        until,
        args: args.to_vec(),
    };
    Flow::Park {
        state,
        status: Status::Retrying,
        code: failure.code,
        label: failure.status.map(|status| world.number(status)),
    }
}

fn branch(
    world: &mut World<'_>,
    live: &mut Live<'_>,
    decl: &CallDecl,
    failure: &Failure<'_>,
) -> Result<Flow, Fault> {
    let NodeKind::Call {
        outcomes,
        otherwise,
        ..
    } = &live.node(live.kept.node)?.kind
    else {
        return Err(Fault::Corrupt("no call here"));
    };
    let label = failure.status.map(|status| world.number(status));
    if let Some(on) = outcomes.iter().find(|on| takes(on.on, failure)) {
        keep_failure(world, live, decl, on, failure)?;
        return Ok(Flow::Go {
            next: on.next,
            code: failure.code,
            label,
        });
    }
    Ok(match otherwise {
        Some(next) => Flow::Go {
            next: *next,
            code: failure.code,
            label,
        },
        None => Flow::End {
            status: Status::Failed,
            code: failure.code,
            label,
        },
    })
}

fn takes(on: OutcomeMatch, failure: &Failure<'_>) -> bool {
    match on {
        OutcomeMatch::Failed => true,
        OutcomeMatch::Capped => failure.code == Code::Capped,
        OutcomeMatch::Timeout => failure.code == Code::Timeout,
        OutcomeMatch::Http(status) => failure.code == Code::Http && failure.status == Some(status),
    }
}

fn keep_failure(
    world: &mut World<'_>,
    live: &mut Live<'_>,
    decl: &CallDecl,
    on: &OnOutcome,
    failure: &Failure<'_>,
) -> Result<(), Fault> {
    // A failure's body that is not of its declared type is a failure without a body: it must not hide the failure.
    let row = response(world, live, decl.failure, failure.body).unwrap_or(None);
    bind_answer(world, live, &on.bind, row)?;
    if let Some(slot) = on.status {
        let status = failure
            .status
            .map(|status| kept_word(WordType::Int, u64::from(status)));
        live.set(slot, status.as_ref())?;
    }
    if let Some(slot) = on.reason {
        let mut record = Record::default();
        let word = record.push_str(Region::Scratch, failure.code.as_str())?;
        live.set(
            slot,
            Some(&Kept {
                record,
                word,
                ty: WordType::Str,
            }),
        )?;
    }
    Ok(())
}

/// A body is not what was declared.
struct Mismatch;

fn response(
    world: &mut World<'_>,
    live: &Live<'_>,
    plan: Option<PlanId>,
    body: &[u8],
) -> Result<Option<(Record, ShapeId)>, Mismatch> {
    let Some(id) = plan else { return Ok(None) };
    let artifact = live.loaded.artifact();
    let shape = artifact.plans.get(id.0 as usize).ok_or(Mismatch)?.shape;
    let program = &world.deployment.programs()[live.program];
    let plan = program.answer_plan(id).ok_or(Mismatch)?;
    let row = world.read(plan, body, &RESPONSE).ok_or(Mismatch)?;
    Ok(Some((row, shape)))
}

/// Keeps what is asked for of an answer.
fn bind_answer(
    world: &mut World<'_>,
    live: &mut Live<'_>,
    binds: &[Bind],
    answer: Option<(Record, ShapeId)>,
) -> Result<(), Fault> {
    let Some((row, shape)) = answer else {
        return live.bind(binds, None);
    };
    let done = live.bind(binds, Some((&row, shape)));
    world.give_back(row);
    done
}
