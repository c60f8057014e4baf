//! Walks over all steps of a journey.
//!
//! Comes in: a journey. Goes out: each of its steps, once: the body's, then those in
//! blocks of settings, a step before the steps inside it. It is the order of an artifact's nodes. Never true here: a kind of block that is left out.

use super::ids::EventId;
use super::journey::{Block, ExitWhen, Journey, Step, StepKind};

/// Calls `visit` for every step, those in blocks of settings included. The step of this place is the artifact's node of this number.
pub fn each_step<'a>(journey: &'a Journey, visit: &mut dyn FnMut(&'a Step)) {
    block(&journey.body, visit);
    let exits = journey.exits.iter().filter_map(|exit| exit.then.as_ref());
    for side in exits.chain(&journey.on_expiry).chain(&journey.on_error) {
        block(side, visit);
    }
}

/// The events that a journey listens for, wherever it does.
pub fn each_heard(journey: &Journey, visit: &mut dyn FnMut(EventId)) {
    for entry in &journey.entries {
        visit(entry.event);
    }
    for exit in &journey.exits {
        if let ExitWhen::Event(on) = &exit.when {
            visit(on.event);
        }
    }
    each_step(journey, &mut |step| match &step.kind {
        StepKind::Wait { or: arms, .. } | StepKind::Await { arms, .. } => {
            arms.iter().for_each(|arm| visit(arm.on.event));
        }
        _ => {}
    });
}

fn block<'a>(of: &'a Block, visit: &mut dyn FnMut(&'a Step)) {
    for step in &of.steps {
        visit(step);
        let inner: Vec<&Block> = match &step.kind {
            StepKind::Wait { or, .. } => or.iter().map(|arm| &arm.block).collect(),
            StepKind::Await { arms, timeout, .. } => {
                arms.iter().map(|arm| &arm.block).chain([timeout]).collect()
            }
            StepKind::Branch {
                cases, otherwise, ..
            } => cases.iter().map(|(_, b)| b).chain(otherwise).collect(),
            StepKind::Split { arms, .. } => arms.iter().map(|(_, _, b)| b).collect(),
            StepKind::Let { otherwise, .. } => otherwise.iter().collect(),
            StepKind::Call {
                outcomes,
                otherwise,
                ..
            } => outcomes.iter().map(|o| &o.block).chain(otherwise).collect(),
            StepKind::Update { .. } | StepKind::End { .. } => Vec::new(),
        };
        inner.into_iter().for_each(|b| block(b, visit));
    }
}
