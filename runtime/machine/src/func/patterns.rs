//! Where the regular expressions of an evaluation come from.
//!
//! Those that are constants of a program belong to it: each is made when it is asked for first, for all threads, and kept; nobody pays for
//! it. Any other is data: whoever uses it in an evaluation pays for making it, once, whether or not it was kept from an earlier one. Comes
//! in: words of texts. Goes out: patterns, or none where the text is no expression. Never true here: fuel that depends on what is kept.

use super::pattern::{Draft, Pattern, reading};
use super::recent::Recent;
use crate::fault::{Fault, Fuel};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// What the constants of a program may cost together, as [`Draft::cost`] has it: some 50 MB at most. Later ones are treated as data.
const MAX_CONSTANT: u64 = 1 << 25;
/// The same for what is kept of data: some 6 MB.
const MAX_RECENT: u64 = 1 << 22;

/// The regular expressions among a program's constants.
#[derive(Debug, Default)]
pub struct Patterns {
    /// By their words, in order.
    constants: Vec<(u64, OnceLock<Option<Box<Pattern>>>)>,
}

/// One, wherever it is from.
pub(super) enum Known<'p> {
    /// The program's.
    Constant(&'p Pattern),
    /// One that is data.
    Data(Arc<Pattern>),
}

impl Deref for Known<'_> {
    type Target = Pattern;

    fn deref(&self) -> &Pattern {
        match self {
            Known::Constant(pattern) => pattern,
            Known::Data(pattern) => pattern,
        }
    }
}

/// Those that are data.
#[derive(Debug, Default)]
pub struct Computed {
    recent: Recent<Kept>,
    /// The number of the evaluation.
    evaluation: u64,
}

#[derive(Debug)]
struct Kept {
    pattern: Option<Arc<Pattern>>,
    cost: u64,
    /// The evaluation that paid for it last.
    paid: u64,
}

impl Patterns {
    /// Room for those among some constants: words, ascending, with their texts.
    pub fn new<'t>(constants: impl Iterator<Item = (u64, &'t str)>) -> Patterns {
        let mut left = Fuel::new(MAX_CONSTANT);
        let kept = constants.filter(|(_, text)| {
            let mut then = left;
            let fits = cost(text, &mut then).is_ok();
            if fits {
                left = then;
            }
            fits
        });
        Patterns {
            constants: kept.map(|(word, _)| (word, OnceLock::new())).collect(),
        }
    }

    /// The pattern of a constant; `None` when the word is no such constant.
    pub(super) fn get(&self, word: u64, text: &str) -> Option<Option<&Pattern>> {
        let at = self.constants.binary_search_by_key(&word, |(of, _)| *of);
        let (_, made) = self.constants.get(at.ok()?)?;
        let made = made.get_or_init(|| Pattern::new(text).ok().map(Box::new));
        Some(made.as_deref())
    }

    /// How many of them have been made.
    pub fn made(&self) -> usize {
        let made = self
            .constants
            .iter()
            .filter(|(_, made)| made.get().is_some());
        made.count()
    }
}

/// Pays for reading and making an expression, step by step; what was read, if it is one.
fn cost(text: &str, fuel: &mut Fuel) -> Result<Option<Draft>, Fault> {
    fuel.take(reading(text))?;
    let draft = Draft::new(text).ok();
    fuel.take(draft.as_ref().map_or(0, Draft::cost))?;
    Ok(draft)
}

impl Computed {
    /// Another evaluation begins.
    #[inline]
    pub fn begin(&mut self) {
        self.evaluation += 1;
    }

    /// The pattern of a text.
    pub(super) fn get(
        &mut self,
        text: &str,
        fuel: &mut Fuel,
    ) -> Result<Option<Arc<Pattern>>, Fault> {
        if let Some(known) = self.recent.get(text) {
            if known.paid != self.evaluation {
                fuel.take(known.cost)?;
                known.paid = self.evaluation;
            }
            return Ok(known.pattern.clone());
        }
        let before = fuel.left();
        let draft = cost(text, fuel)?;
        let pattern = draft.and_then(|draft| draft.make().ok()).map(Arc::new);
        let cost = before - fuel.left();
        let known = Kept {
            pattern: pattern.clone(),
            cost,
            paid: self.evaluation,
        };
        self.recent.put(text, cost, MAX_RECENT, known);
        Ok(pattern)
    }
}
