//! Whether the three forms of a condition agree.
//!
//! Comes in: trials and the pair. Goes out: nothing, when interpreter, machine code and hand-written Rust say the same of the pair, of
//! documents that have nothing, and of some thousands that are made of the pair. Never true here: a condition of which they all say the
//! same in every case.

use crate::documents::pair::Pair;
use crate::documents::random::pairs;
use crate::trial::{Memory, Trial};
use serde_json::json;

/// How many pairs are made.
const PAIRS: usize = 4000;
/// How many differences are told.
const TOLD: usize = 20;

/// Compares all answers.
pub fn verify(trials: &[Trial], pair: &Pair) -> Result<(), String> {
    let mut memory = Memory::default();
    let mut wrong = Vec::new();
    let mut held = vec![0; trials.len()];
    let nothing = (json!({}), json!({}));
    let base = (pair.event.value.clone(), pair.profile.value.clone());
    let all = [base, nothing].into_iter().chain(pairs(pair, PAIRS));
    for (event, profile) in all {
        let both = pair.both(&event, &profile)?;
        for (trial, held) in trials.iter().zip(&mut held) {
            let by_hand = trial.by_hand(&both);
            let answers = trial.answers(&mut memory, &both);
            *held += usize::from(by_hand);
            if answers != Ok([by_hand; 2]) && wrong.len() < TOLD {
                wrong.push(format!(
                    "{}: by hand {by_hand}, else {answers:?}, of {event} and {profile}",
                    trial.condition.id
                ));
            }
        }
    }
    for (trial, held) in trials.iter().zip(held) {
        if held == 0 || held == PAIRS + 2 {
            wrong.push(format!("{}: {held} times", trial.condition.id));
        }
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(wrong.join("\n")),
    }
}
