//! The steps of a checked journey under numbers, so that somebody can wait at one.
//!
//! Comes in: a journey of the checked program. Goes out: its steps in the order of the page, each with the step after it and
//! the first steps of its inner blocks. The numbers are those of the artifact's nodes, since the ids of calls, and with them the
//! stubbed answers, follow from the number of the node. Never true here: a step compiled.

use journeyc::hir::{Block, ExitWhen, Journey, Step, StepKind};

/// A step and where it leads.
pub struct Place<'p> {
    /// `None`: the end of what falls off.
    pub step: Option<&'p Step>,
    /// What follows it.
    pub next: u32,
    /// First steps of its blocks, in the order of the source.
    pub blocks: Vec<u32>,
}

/// The steps of a journey.
pub struct Flat<'p> {
    /// By number.
    pub places: Vec<Place<'p>>,
    /// Where people start.
    pub start: u32,
    /// Where a failed call goes that names no branch.
    pub on_error: Option<u32>,
    /// First number of the error steps: a call that fails there goes nowhere.
    pub error_at: u32,
}

impl<'p> Flat<'p> {
    /// Numbers the steps. Says what the journey has that this walker does not walk.
    pub fn new(journey: &'p Journey) -> Result<Flat<'p>, &'static str> {
        if journey.on_expiry.is_some() || journey.exits.iter().any(|exit| exit.then.is_some()) {
            return Err("steps on the way out");
        }
        if journey
            .exits
            .iter()
            .any(|exit| matches!(exit.when, ExitWhen::Condition(_)))
        {
            return Err("an exit by a condition");
        }
        if journey.instance_per.is_some() {
            return Err("instances by key");
        }
        let mut flat = Flat {
            places: Vec::new(),
            start: 0,
            on_error: None,
            error_at: size(&journey.body),
        };
        let end = flat.error_at + journey.on_error.as_ref().map_or(0, size);
        flat.start = flat.block(&journey.body, end);
        flat.on_error = journey
            .on_error
            .as_ref()
            .map(|block| flat.block(block, end));
        flat.places.push(Place {
            step: None,
            next: end,
            blocks: Vec::new(),
        });
        Ok(flat)
    }

    fn block(&mut self, block: &'p Block, next: u32) -> u32 {
        let first = self.places.len() as u32;
        for (ix, step) in block.steps.iter().enumerate() {
            let at = self.places.len();
            let after = at as u32 + step_size(step);
            let next = if ix + 1 == block.steps.len() {
                next
            } else {
                after
            };
            self.places.push(Place {
                step: Some(step),
                next,
                blocks: Vec::new(),
            });
            let blocks = inner(step)
                .into_iter()
                .map(|block| self.block(block, next))
                .collect();
            self.places[at].blocks = blocks;
        }
        if block.steps.is_empty() { next } else { first }
    }
}

fn size(block: &Block) -> u32 {
    block.steps.iter().map(step_size).sum()
}

fn step_size(step: &Step) -> u32 {
    1 + inner(step).into_iter().map(size).sum::<u32>()
}

fn inner(step: &Step) -> Vec<&Block> {
    match &step.kind {
        StepKind::Wait { or, .. } => or.iter().map(|arm| &arm.block).collect(),
        StepKind::Await { arms, timeout, .. } => {
            arms.iter().map(|arm| &arm.block).chain([timeout]).collect()
        }
        StepKind::Branch {
            cases, otherwise, ..
        } => cases
            .iter()
            .map(|(_, block)| block)
            .chain(otherwise)
            .collect(),
        StepKind::Split { arms, .. } => arms.iter().map(|(_, _, block)| block).collect(),
        StepKind::Let { otherwise, .. } => otherwise.iter().collect(),
        StepKind::Call {
            outcomes,
            otherwise,
            ..
        } => outcomes.iter().map(|o| &o.block).chain(otherwise).collect(),
        StepKind::Update { .. } | StepKind::End { .. } => Vec::new(),
    }
}
