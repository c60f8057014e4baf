//! The tokens of one expression that mean something. In: all its tokens. Out: those that are no trivia, each with the word and the operator it is; or
//! nothing, when the tree they make may be beyond the limits. Never here: what an expression is.

use super::expression::{ADD, AND, COALESCE, COMPARE, MULTIPLY, OR, RANGE};
use crate::{
    kind::SyntaxKind as K,
    limits::{MAX_EXPRESSION_DEPTH, MAX_ITEM_TOKENS, MAX_NESTING, RECURSION_COST},
    tree::Token,
};

/// Which word a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    And,
    Or,
    Not,
    In,
    Is,
    If,
    Then,
    Else,
    True,
    False,
    Missing,
    Present,
    Last,
    Where,
    /// Any other, or no word at all.
    Other,
}

impl Word {
    pub fn of(text: &str) -> Word {
        // The longest of them; most names are longer.
        if text.len() > "missing".len() {
            return Word::Other;
        }
        match text {
            "and" => Word::And,
            "or" => Word::Or,
            "not" => Word::Not,
            "in" => Word::In,
            "is" => Word::Is,
            "if" => Word::If,
            "then" => Word::Then,
            "else" => Word::Else,
            "true" => Word::True,
            "false" => Word::False,
            "missing" => Word::Missing,
            "present" => Word::Present,
            "last" => Word::Last,
            "where" => Word::Where,
            _ => Word::Other,
        }
    }

    /// Whether it is no name.
    pub fn is_reserved(self) -> bool {
        !matches!(
            self,
            Word::Missing | Word::Present | Word::Last | Word::Where | Word::Other
        )
    }
}

/// A token that is no trivia.
#[derive(Clone, Copy, Debug)]
pub(super) struct Significant {
    pub kind: K,
    pub word: Word,
    /// How tightly it binds as an operator behind an operand; 0 when it is none.
    pub strength: u8,
    /// Its place among all tokens.
    pub at: u32,
}

/// Collects the tokens that are no trivia, when the tree they make is surely within the limits: no expression is higher than what its
/// operators, dots and brackets count together, whichever way they group.
pub(super) fn shallow(
    text: &str,
    tokens: &[Token],
    significant: &mut Vec<Significant>,
) -> Option<()> {
    // Each is put behind those before it; what is trivia is written over by the next.
    let none = Significant {
        kind: K::Whitespace,
        word: Word::Other,
        strength: 0,
        at: 0,
    };
    significant.resize(tokens.len() + 1, none);
    let (mut height, mut brackets, mut count) = (0, 0, 0);
    for (at, token) in (0..).zip(tokens) {
        let mut word = Word::Other;
        let (cost, strength) = match token.kind {
            K::LParen | K::LBracket | K::LBrace | K::InterpOpen => {
                brackets += 1;
                (1, 0)
            }
            K::Word => {
                word = Word::of(token.span.of(text));
                match word {
                    Word::And => (1, AND),
                    Word::Or => (1, OR),
                    Word::In | Word::Is => (1, COMPARE),
                    Word::Not => (1, 0),
                    Word::If => (RECURSION_COST, 0),
                    _ => (0, 0),
                }
            }
            K::Lt => (RECURSION_COST, COMPARE),
            K::EqEq | K::NotEq | K::Le | K::Gt | K::Ge => (1, COMPARE),
            K::QuestionQuestion => (1, COALESCE),
            K::DotDot => (1, RANGE),
            K::Plus | K::Minus => (1, ADD),
            K::Star | K::Slash | K::Percent => (1, MULTIPLY),
            K::Dot | K::Question | K::FatArrow => (1, 0),
            _ => (0, 0),
        };
        height += cost;
        if let Some(place) = significant.get_mut(count) {
            *place = Significant {
                kind: token.kind,
                word,
                strength,
                at,
            };
        }
        count += usize::from(!token.kind.is_trivia());
    }
    significant.truncate(count);
    let within = height <= MAX_EXPRESSION_DEPTH
        && brackets <= MAX_NESTING
        && significant.len() <= MAX_ITEM_TOKENS as usize;
    within.then_some(())
}
