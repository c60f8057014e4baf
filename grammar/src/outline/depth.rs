//! How deep an expression nests. In: the tokens of an item, one after another. Out: an upper bound on the height of the tree they make,
//! and on how far the generated parser recurses for them; later stages may recurse as far. Counts, never trees: whichever way operators
//! group, an expression is no higher than the number of its operators and the height of its highest operand.

use crate::{
    kind::SyntaxKind as K,
    limits::{MAX_EXPRESSION_DEPTH, RECURSION_COST},
};

/// An open bracket, or the item itself at the bottom.
#[derive(Default)]
struct Level {
    /// The height of the highest expression before the last comma.
    best: u32,
    /// Operators and prefixes since the last comma.
    operators: u32,
    /// The height of the highest operand since the last comma, but for the one at hand.
    operand: u32,
    /// The height of the operand at hand.
    current: u32,
}

impl Level {
    fn height(&self) -> u32 {
        self.best
            .max(self.operators + self.operand.max(self.current))
    }
}

pub(crate) struct Depth {
    levels: Vec<Level>,
    /// The operators of all levels since their last commas: what is open at the moment.
    open: u32,
    exceeded: bool,
}

impl Depth {
    pub fn new() -> Depth {
        Depth {
            levels: vec![Level::default()],
            open: 0,
            exceeded: false,
        }
    }

    /// Whether the tree or the recursion goes, or went, deeper than the limit.
    pub fn too_deep(&self) -> bool {
        self.exceeded
    }

    /// A bracket opens.
    pub fn bracket(&mut self) {
        self.levels.push(Level::default());
    }

    /// The innermost bracket closes; it stands alone or around an operand's arguments, one level higher than either.
    pub fn close(&mut self) {
        if self.levels.len() > 1
            && let Some(level) = self.levels.pop()
        {
            self.open -= level.operators;
            self.with(|parent| parent.current = parent.current.max(level.height()) + 1);
        }
    }

    /// A block ends: what follows belongs to another expression.
    pub fn block(&mut self) {
        *self = Depth {
            exceeded: self.exceeded,
            ..Depth::new()
        };
    }

    /// Any token that is not a bracket.
    pub fn token(&mut self, kind: K, word: &str) {
        match kind {
            K::Comma | K::Colon => {
                if let Some(level) = self.levels.last_mut() {
                    self.open -= level.operators;
                    *level = Level {
                        best: level.height(),
                        ..Level::default()
                    };
                }
            }
            K::Dot | K::Question => self.with(|level| level.current += 1),
            K::Word => match word {
                "and" | "or" | "in" | "is" | "not" => self.operator(1),
                "if" => self.operator(RECURSION_COST),
                _ => {}
            },
            K::DotDot
            | K::Lt
            | K::EqEq
            | K::NotEq
            | K::Le
            | K::Gt
            | K::Ge
            | K::QuestionQuestion
            | K::FatArrow => self.operator(1),
            K::Plus | K::Minus | K::Star | K::Slash | K::Percent => self.operator(1),
            _ => {}
        }
    }

    /// The `<` of a type `list<…>` or `map<…>`.
    pub fn opens_type(&mut self) {
        self.operator(RECURSION_COST);
    }

    fn operator(&mut self, cost: u32) {
        self.open += cost;
        self.with(|level| {
            level.operand = level.operand.max(level.current);
            level.current = 0;
            level.operators += cost;
        });
    }

    fn with(&mut self, change: impl FnOnce(&mut Level)) {
        if let Some(level) = self.levels.last_mut() {
            change(level);
            self.exceeded |=
                level.height() > MAX_EXPRESSION_DEPTH || self.open > MAX_EXPRESSION_DEPTH;
        }
    }
}
