//! What each token of an expression weighs: how tightly it binds, and how much higher it may make the tree. In: its kind and word. Out: small
//! numbers. Never here: what an expression is.

use super::expression::{ADD, AND, COALESCE, COMPARE, MULTIPLY, OR, RANGE};
use crate::{
    kind::SyntaxKind as K,
    limits::{MAX_EXPRESSION_DEPTH, MAX_NESTING, RECURSION_COST},
    word::Word,
};

/// What one token weighs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Weight {
    /// How tightly it binds as an operator behind an operand; 0 when it is none.
    pub strength: u8,
    /// What it adds to the load.
    load: u64,
}

/// An opened bracket of a load, which counts them in its upper half and the height in its lower.
const BRACKET: u64 = 1 << 32;

/// The place of the first word's weight, behind those of the kinds of tokens.
const WORDS: usize = 64;

/// The weights of tokens: by kind, and of words that have a meaning by that.
static WEIGHTS: [Weight; 2 * WORDS] = weights();

const fn weights() -> [Weight; 2 * WORDS] {
    assert!(K::File as usize <= WORDS);
    const HIGH: u64 = RECURSION_COST as u64;
    let weights = [
        (K::LParen as usize, 0, 1 + BRACKET),
        (K::LBracket as usize, 0, 1 + BRACKET),
        (K::LBrace as usize, 0, 1 + BRACKET),
        (K::InterpOpen as usize, 0, 1 + BRACKET),
        (K::Lt as usize, COMPARE, 1),
        (K::EqEq as usize, COMPARE, 1),
        (K::NotEq as usize, COMPARE, 1),
        (K::Le as usize, COMPARE, 1),
        (K::Gt as usize, COMPARE, 1),
        (K::Ge as usize, COMPARE, 1),
        (K::QuestionQuestion as usize, COALESCE, 1),
        (K::DotDot as usize, RANGE, 1),
        (K::Plus as usize, ADD, 1),
        (K::Minus as usize, ADD, 1),
        (K::Star as usize, MULTIPLY, 1),
        (K::Slash as usize, MULTIPLY, 1),
        (K::Percent as usize, MULTIPLY, 1),
        (K::Dot as usize, 0, 1),
        (K::Question as usize, 0, 1),
        (K::FatArrow as usize, 0, 1),
        (WORDS + Word::And as usize, AND, 1),
        (WORDS + Word::Or as usize, OR, 1),
        (WORDS + Word::In as usize, COMPARE, 1),
        (WORDS + Word::Is as usize, COMPARE, 1),
        (WORDS + Word::Not as usize, 0, 1),
        (WORDS + Word::If as usize, 0, HIGH),
    ];
    let nothing = Weight {
        strength: 0,
        load: 0,
    };
    let (mut all, mut at) = ([nothing; 2 * WORDS], 0);
    while at < weights.len() {
        let (of, strength, load) = weights[at];
        all[of] = Weight { strength, load };
        at += 1;
    }
    all
}

impl Weight {
    /// What a token weighs.
    #[inline(always)]
    pub fn of(kind: K, word: Word) -> Weight {
        let of = match word {
            Word::Other => kind as usize,
            word => WORDS + word as usize,
        };
        WEIGHTS[of % (2 * WORDS)]
    }

    /// Whether a token that weighs so is of no account.
    pub fn is_nothing(self) -> bool {
        self.load == 0 && self.strength == 0
    }
}

/// What the tokens taken so far weigh together: no expression is higher, whichever way they group.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Load(u64);

impl Load {
    #[inline(always)]
    pub fn add(&mut self, weight: Weight) {
        self.0 += weight.load;
    }

    /// Nothing when the tree may be beyond the limits.
    #[inline(always)]
    pub fn within(self) -> Option<()> {
        let (height, brackets) = (self.0 % BRACKET, self.0 / BRACKET);
        let within = height <= u64::from(MAX_EXPRESSION_DEPTH) && brackets <= MAX_NESTING as u64;
        within.then_some(())
    }
}
