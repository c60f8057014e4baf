//! Expressions straight from their tokens. In: the tokens of one expression. Out: the nodes that pest and the builder make of it, or
//! nothing: then pest is asked, which says what is wrong. So what is accepted here is what the normative grammar accepts (a test holds the
//! two against each other), and every message is pest's. Recursion is as deep as the tree: [`Direct::expression`] refuses what may be
//! deeper than the outline allows. Never here: a message, or an expression that chains comparisons.

use super::expression::{ADD, COALESCE, COMPARE, NEGATE, NOT, RANGE};
use super::weight::{Load, Weight};
use crate::{
    kind::SyntaxKind as K,
    limits::MAX_ITEM_TOKENS,
    tree::{NodeData, Token},
    word::Word,
};

/// A node behind those below it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made {
    kind: K,
    first: u32,
    end: u32,
    /// How many nodes it and those below it are.
    size: u32,
}

/// Memory to work in, to be used again.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Nodes, each behind those below it.
    made: Vec<Made>,
    /// Nodes around the one at hand.
    around: Vec<usize>,
}

/// A walk over the tokens of one expression.
pub(super) struct Direct<'t> {
    tokens: &'t [Token],
    /// The place of the token at hand: none is trivia.
    at: usize,
    /// The kind of the token at hand; trivia, which never is, at the end.
    kind: K,
    /// Which word it is.
    word: Word,
    /// The place behind the token that was taken last.
    end: u32,
    /// What the tokens that were taken weigh.
    load: Load,
    made: &'t mut Vec<Made>,
}

impl<'t> Direct<'t> {
    /// Puts the nodes of the expression that the tokens are behind the first of `nodes`, in preorder; what was there is used again. `None`
    /// when they are none, or one that is chained, long or deep: ask pest.
    pub fn expression(
        tokens: &'t [Token],
        memory: &'t mut Memory,
        nodes: &mut Vec<NodeData>,
    ) -> Option<()> {
        if !are_few(tokens) {
            return None;
        }
        memory.made.clear();
        memory.made.reserve(tokens.len());
        let mut direct = Direct {
            tokens,
            at: 0,
            kind: K::Whitespace,
            word: Word::Other,
            end: 0,
            load: Load::default(),
            made: &mut memory.made,
        };
        direct.come_to(0);
        direct.value()?;
        direct.load.within()?;
        let whole = direct.at == tokens.len();
        whole.then(|| preorder(&memory.made, &mut memory.around, nodes))
    }

    /// Goes to the first token from here that is no trivia.
    #[inline(always)]
    fn come_to(&mut self, mut at: usize) {
        (self.kind, self.word) = loop {
            match self.tokens.get(at) {
                Some(token) if token.kind.is_trivia() => at += 1,
                Some(token) => break (token.kind, token.word),
                None => break (K::Whitespace, Word::Other),
            }
        };
        self.at = at;
    }

    /// Goes over a token that makes the tree no higher.
    #[inline(always)]
    fn take(&mut self) {
        debug_assert!(self.weight().is_nothing());
        self.pass();
    }

    /// Goes over a token that may make it higher.
    #[inline(always)]
    fn carry(&mut self, weight: Weight) {
        debug_assert!(weight == self.weight());
        self.load.add(weight);
        self.pass();
    }

    /// Goes over a token of this kind, which is no word.
    #[inline(always)]
    fn enter(&mut self, kind: K) {
        self.carry(Weight::of(kind, Word::Other));
    }

    /// What the token at hand weighs.
    #[inline(always)]
    fn weight(&self) -> Weight {
        Weight::of(self.kind, self.word)
    }

    #[inline(always)]
    fn pass(&mut self) {
        self.end = self.at as u32 + 1;
        self.come_to(self.at + 1);
    }

    fn expect(&mut self, kind: K) -> Option<()> {
        (self.kind == kind).then(|| self.take())
    }

    fn expect_word(&mut self, word: Word) -> Option<()> {
        (self.word == word).then(|| self.take())
    }

    /// Where a node begins: its token, and how many nodes there were.
    #[inline(always)]
    fn begin(&self) -> (u32, usize) {
        (self.at as u32, self.made.len())
    }

    /// The node of everything since it began.
    fn make(&mut self, kind: K, (first, made): (u32, usize)) {
        self.made.push(Made {
            kind,
            first,
            // A node is made behind its last token.
            end: self.end,
            size: (self.made.len() - made) as u32 + 1,
        });
    }

    /// A node of the token at hand.
    fn leaf(&mut self, kind: K) {
        let begin = self.begin();
        self.take();
        self.make(kind, begin);
    }

    fn value(&mut self) -> Option<()> {
        match self.kind {
            K::LBrace => self.record(),
            _ => self.expr(),
        }
    }

    fn expr(&mut self) -> Option<()> {
        if self.word != Word::If {
            return self.operators(1, 1);
        }
        let begin = self.begin();
        self.carry(Weight::of(self.kind, Word::If));
        self.load.within()?;
        self.expr()?;
        self.expect_word(Word::Then)?;
        self.expr()?;
        self.expect_word(Word::Else)?;
        self.expr()?;
        self.make(K::IfExpr, begin);
        Some(())
    }

    /// What stands here, with every operator behind it that binds at least as tightly as `least`, and as `loosest`, which holds under
    /// prefixes too.
    fn operators(&mut self, least: u8, loosest: u8) -> Option<()> {
        self.load.within()?;
        let begin = self.begin();
        let prefix = match self.kind {
            K::Minus => Some(NEGATE),
            K::Word if self.word == Word::Not => Some(NOT),
            _ => None,
        };
        match prefix {
            Some(strength) => {
                self.carry(self.weight());
                self.operators(strength, loosest)?;
                self.make(K::UnaryExpr, begin);
            }
            None => self.postfix()?,
        }
        let mut over = None;
        loop {
            let weight = self.weight();
            let strength = weight.strength;
            if strength < least.max(loosest) {
                return Some(());
            }
            if over == Some(strength) && matches!(strength, COMPARE | RANGE) {
                return None;
            }
            over = Some(strength);
            let is = self.word == Word::Is;
            self.carry(weight);
            if is {
                if !matches!(self.word, Word::Missing | Word::Present) {
                    return None;
                }
                self.take();
                self.make(K::IsExpr, begin);
                continue;
            }
            let right = if strength == COALESCE {
                strength
            } else {
                strength + 1
            };
            self.operators(right, loosest)?;
            self.make(K::BinaryExpr, begin);
        }
    }

    fn postfix(&mut self) -> Option<()> {
        let begin = self.begin();
        self.primary()?;
        loop {
            match self.kind {
                K::Dot => {
                    self.enter(K::Dot);
                    self.name()?;
                    if self.kind == K::LParen {
                        self.args()?;
                        self.make(K::MethodCall, begin);
                    } else {
                        self.make(K::FieldExpr, begin);
                    }
                }
                K::LBracket => {
                    self.enter(K::LBracket);
                    self.expr()?;
                    self.expect(K::RBracket)?;
                    self.make(K::IndexExpr, begin);
                }
                K::LParen => {
                    self.args()?;
                    self.make(K::CallExpr, begin);
                }
                _ => return Some(()),
            }
        }
    }

    fn primary(&mut self) -> Option<()> {
        match self.kind {
            K::Word => match self.word {
                Word::True | Word::False => self.leaf(K::Literal),
                word if word.is_reserved() => return None,
                _ => self.leaf(K::NameRef),
            },
            K::Backtick => self.leaf(K::NameRef),
            K::Integer
            | K::Decimal
            | K::Duration
            | K::Date
            | K::Time
            | K::DateTime
            | K::DateTimeOnly => self.leaf(K::Literal),
            K::RawString | K::StringStart => self.string()?,
            K::LBracket => {
                let begin = self.begin();
                self.enter(K::LBracket);
                self.separated(K::RBracket, Self::value)?;
                self.make(K::ListExpr, begin);
            }
            K::LParen => {
                let begin = self.begin();
                self.enter(K::LParen);
                self.value()?;
                self.expect(K::RParen)?;
                self.make(K::ParenExpr, begin);
            }
            _ => return None,
        }
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        if self.kind == K::RawString {
            self.leaf(K::StringLit);
            return Some(());
        }
        let begin = self.begin();
        self.expect(K::StringStart)?;
        loop {
            match self.kind {
                K::StringText => self.take(),
                K::InterpOpen => {
                    let inner = self.begin();
                    self.enter(K::InterpOpen);
                    self.value()?;
                    self.expect(K::InterpClose)?;
                    self.make(K::Interpolation, inner);
                }
                _ => break,
            }
        }
        self.expect(K::StringEnd)?;
        self.make(K::StringLit, begin);
        Some(())
    }

    /// Parts with commas between them, and perhaps one behind, up to what closes.
    fn separated(&mut self, close: K, part: impl Fn(&mut Self) -> Option<()>) -> Option<()> {
        while self.kind != close {
            part(self)?;
            if self.kind != K::Comma {
                break;
            }
            self.take();
        }
        self.expect(close)
    }

    fn record(&mut self) -> Option<()> {
        let begin = self.begin();
        self.enter(K::LBrace);
        self.load.within()?;
        self.separated(K::RBrace, |direct| {
            let begin = direct.begin();
            match direct.kind {
                K::RawString | K::StringStart => direct.string()?,
                _ => direct.name()?,
            }
            direct.expect(K::Colon)?;
            direct.value()?;
            direct.make(K::RecordField, begin);
            Some(())
        })?;
        self.make(K::RecordExpr, begin);
        Some(())
    }

    fn args(&mut self) -> Option<()> {
        let begin = self.begin();
        self.enter(K::LParen);
        self.separated(K::RParen, Self::arg)?;
        self.make(K::ArgList, begin);
        Some(())
    }

    fn arg(&mut self) -> Option<()> {
        if !matches!(self.kind, K::Word | K::Backtick) {
            return self.value();
        }
        let begin = self.begin();
        let kind = match self.next_kind() {
            K::Colon => K::NamedArg,
            K::FatArrow if !self.word.is_reserved() => K::Lambda,
            K::Integer
            | K::Decimal
            | K::Duration
            | K::Date
            | K::Time
            | K::DateTime
            | K::DateTimeOnly
                if self.word == Word::Last =>
            {
                return self.window();
            }
            _ => return self.value(),
        };
        self.name()?;
        self.carry(self.weight());
        self.value()?;
        self.make(kind, begin);
        Some(())
    }

    fn window(&mut self) -> Option<()> {
        let begin = self.begin();
        self.take();
        self.operators(ADD, ADD)?;
        let inner = self.begin();
        if self.expect_word(Word::Where).is_some() {
            self.expr()?;
            self.make(K::Where, inner);
        }
        self.make(K::Window, begin);
        Some(())
    }

    /// Any word, or a quoted name.
    fn name(&mut self) -> Option<()> {
        if !matches!(self.kind, K::Word | K::Backtick) {
            return None;
        }
        let begin = self.begin();
        // Behind a dot, words that join conditions are names, and are counted all the same.
        match self.word {
            Word::Other => self.take(),
            _ => self.carry(self.weight()),
        }
        self.make(K::Name, begin);
        Some(())
    }

    /// The kind of the token behind the one at hand.
    fn next_kind(&self) -> K {
        let behind = self.tokens.get(self.at + 1..).unwrap_or_default();
        let next = behind.iter().find(|t| !t.kind.is_trivia());
        next.map_or(K::Whitespace, |t| t.kind)
    }
}

/// Whether no more of the tokens than an expression may have are no trivia.
fn are_few(tokens: &[Token]) -> bool {
    let most = MAX_ITEM_TOKENS as usize;
    tokens.len() <= most || tokens.iter().filter(|t| !t.kind.is_trivia()).count() <= most
}

/// Nodes that stand behind those below them, put before them and behind the first of `nodes`. From the last to the first: a node ends where
/// the one around it ends, or where the next beside it begins.
fn preorder(made: &[Made], around: &mut Vec<usize>, nodes: &mut Vec<NodeData>) {
    let none = NodeData {
        kind: K::Error,
        first_token: 0,
        end_token: 0,
        subtree_end: 0,
        has_error: false,
    };
    // What is left of an expression before is written over.
    nodes.resize(1 + made.len(), none);
    around.clear();
    let mut end = nodes.len();
    for node in made.iter().rev() {
        let mut start = end - node.size as usize;
        nodes[start] = NodeData {
            kind: node.kind,
            first_token: node.first,
            end_token: node.end,
            subtree_end: end as u32,
            has_error: false,
        };
        if node.size > 1 {
            around.push(start);
            continue; // the last below it ends where it does
        }
        while around.last() == Some(&start.wrapping_sub(1)) {
            around.pop();
            start -= 1;
        }
        end = start;
    }
}
