//! Expressions straight from their tokens. In: the tokens of one expression. Out: the nodes that pest and the builder make of it, or
//! nothing: then pest is asked, which says what is wrong. So what is accepted here is what the normative grammar accepts (a test holds the
//! two against each other), and every message is pest's. Recursion is as deep as the tree: [`Direct::expression`] refuses what may be
//! deeper than the outline allows. Never here: a message, or an expression that chains comparisons.

use super::expression::{ADD, AND, COALESCE, COMPARE, MULTIPLY, NEGATE, NOT, OR, RANGE};
use crate::{
    kind::SyntaxKind as K,
    limits::{MAX_EXPRESSION_DEPTH, MAX_ITEM_TOKENS, MAX_NESTING, RECURSION_COST},
    tree::{NodeData, Token},
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

/// A walk over the tokens of one expression.
pub(super) struct Direct<'t> {
    text: &'t str,
    tokens: &'t [Token],
    /// The token at hand: a significant one, or the end.
    at: usize,
    /// The token behind the last significant one that was taken.
    behind: usize,
    /// Nodes, each behind those below it.
    made: &'t mut Vec<Made>,
}

impl<'t> Direct<'t> {
    /// Appends the nodes of the expression that the tokens are to `nodes`, in preorder. `None`, and nothing appended, when they are
    /// none, or one that is chained, long or deep: ask pest.
    /// `made` is memory to work in.
    pub fn expression(
        text: &'t str,
        tokens: &'t [Token],
        made: &'t mut Vec<Made>,
        nodes: &mut Vec<NodeData>,
    ) -> Option<()> {
        let significant = shallow(text, tokens)?;
        made.clear();
        made.reserve(significant);
        let mut direct = Direct {
            text,
            tokens,
            at: 0,
            behind: 0,
            made,
        };
        direct.skip();
        direct.value()?;
        (direct.at == tokens.len()).then(|| preorder(direct.made, nodes))
    }

    fn skip(&mut self) {
        while self.tokens.get(self.at).is_some_and(|t| t.kind.is_trivia()) {
            self.at += 1;
        }
    }

    /// The kind of the token at hand; trivia, which never is at hand, at the end.
    fn kind(&self) -> K {
        self.tokens.get(self.at).map_or(K::Whitespace, |t| t.kind)
    }

    /// The token at hand, if it is a word; else nothing.
    fn word(&self) -> &'t str {
        match self.tokens.get(self.at) {
            Some(token) if token.kind == K::Word => token.span.of(self.text),
            _ => "",
        }
    }

    fn take(&mut self) {
        self.at += 1;
        self.behind = self.at;
        self.skip();
    }

    fn expect(&mut self, kind: K) -> Option<()> {
        (self.kind() == kind).then(|| self.take())
    }

    fn expect_word(&mut self, word: &str) -> Option<()> {
        (self.word() == word).then(|| self.take())
    }

    /// Where a node begins: its token, and how many nodes there were.
    fn begin(&self) -> (u32, usize) {
        (self.at as u32, self.made.len())
    }

    /// The node of everything since it began.
    fn make(&mut self, kind: K, (first, made): (u32, usize)) {
        self.made.push(Made {
            kind,
            first,
            end: self.behind as u32,
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
        match self.kind() {
            K::LBrace => self.record(),
            _ => self.expr(),
        }
    }

    fn expr(&mut self) -> Option<()> {
        if self.word() != "if" {
            return self.operators(0, binary);
        }
        let begin = self.begin();
        self.take();
        self.expr()?;
        self.expect_word("then")?;
        self.expr()?;
        self.expect_word("else")?;
        self.expr()?;
        self.make(K::IfExpr, begin);
        Some(())
    }

    /// What stands here, with every operator behind it that binds at least as tightly as `least`.
    fn operators(&mut self, least: u8, known: fn(K, &str) -> Option<u8>) -> Option<()> {
        let begin = self.begin();
        let prefix = match self.kind() {
            K::Minus => Some(NEGATE),
            K::Word if self.word() == "not" => Some(NOT),
            _ => None,
        };
        match prefix {
            Some(strength) => {
                self.take();
                self.operators(strength, known)?;
                self.make(K::UnaryExpr, begin);
            }
            None => self.postfix()?,
        }
        let mut over = None;
        while let Some(strength) = known(self.kind(), self.word()).filter(|s| *s >= least) {
            if over == Some(strength) && matches!(strength, COMPARE | RANGE) {
                return None;
            }
            over = Some(strength);
            let is = self.word() == "is";
            self.take();
            if is {
                if !matches!(self.word(), "missing" | "present") {
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
            self.operators(right, known)?;
            self.make(K::BinaryExpr, begin);
        }
        Some(())
    }

    fn postfix(&mut self) -> Option<()> {
        let begin = self.begin();
        self.primary()?;
        loop {
            match self.kind() {
                K::Dot => {
                    self.take();
                    self.name()?;
                    if self.kind() == K::LParen {
                        self.args()?;
                        self.make(K::MethodCall, begin);
                    } else {
                        self.make(K::FieldExpr, begin);
                    }
                }
                K::LBracket => {
                    self.take();
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
        match self.kind() {
            K::Word => match self.word() {
                "true" | "false" => self.leaf(K::Literal),
                word if is_reserved(word) => return None,
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
                self.take();
                self.separated(K::RBracket, Self::value)?;
                self.make(K::ListExpr, begin);
            }
            K::LParen => {
                let begin = self.begin();
                self.take();
                self.value()?;
                self.expect(K::RParen)?;
                self.make(K::ParenExpr, begin);
            }
            _ => return None,
        }
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        if self.kind() == K::RawString {
            self.leaf(K::StringLit);
            return Some(());
        }
        let begin = self.begin();
        self.expect(K::StringStart)?;
        loop {
            match self.kind() {
                K::StringText => self.take(),
                K::InterpOpen => {
                    let inner = self.begin();
                    self.take();
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
        while self.kind() != close {
            part(self)?;
            if self.kind() != K::Comma {
                break;
            }
            self.take();
        }
        self.expect(close)
    }

    fn record(&mut self) -> Option<()> {
        let begin = self.begin();
        self.take();
        self.separated(K::RBrace, |direct| {
            let begin = direct.begin();
            match direct.kind() {
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
        self.take();
        self.separated(K::RParen, Self::arg)?;
        self.make(K::ArgList, begin);
        Some(())
    }

    fn arg(&mut self) -> Option<()> {
        if !matches!(self.kind(), K::Word | K::Backtick) {
            return self.value();
        }
        let begin = self.begin();
        let kind = match self.next_kind() {
            K::Colon => K::NamedArg,
            K::FatArrow if !is_reserved(self.word()) => K::Lambda,
            K::Integer
            | K::Decimal
            | K::Duration
            | K::Date
            | K::Time
            | K::DateTime
            | K::DateTimeOnly
                if self.word() == "last" =>
            {
                return self.window();
            }
            _ => return self.value(),
        };
        self.name()?;
        self.take();
        self.value()?;
        self.make(kind, begin);
        Some(())
    }

    fn window(&mut self) -> Option<()> {
        let begin = self.begin();
        self.take();
        self.operators(0, arithmetic)?;
        let inner = self.begin();
        if self.expect_word("where").is_some() {
            self.expr()?;
            self.make(K::Where, inner);
        }
        self.make(K::Window, begin);
        Some(())
    }

    /// Any word, or a quoted name.
    fn name(&mut self) -> Option<()> {
        matches!(self.kind(), K::Word | K::Backtick).then(|| self.leaf(K::Name))
    }

    /// The kind of the significant token behind the one at hand.
    fn next_kind(&self) -> K {
        let mut rest = self.tokens.iter().skip(self.at + 1);
        rest.find(|t| !t.kind.is_trivia())
            .map_or(K::Whitespace, |t| t.kind)
    }
}

/// The words that are no names.
fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "and" | "or" | "not" | "in" | "is" | "if" | "then" | "else" | "true" | "false"
    )
}

/// How tightly an operator between arithmetic operands binds.
fn arithmetic(kind: K, _: &str) -> Option<u8> {
    Some(match kind {
        K::Plus | K::Minus => ADD,
        K::Star | K::Slash | K::Percent => MULTIPLY,
        _ => return None,
    })
}

/// How tightly any operator behind an operand binds.
fn binary(kind: K, word: &str) -> Option<u8> {
    Some(match kind {
        K::Word => match word {
            "and" => AND,
            "or" => OR,
            "in" | "is" => COMPARE,
            _ => return None,
        },
        K::EqEq | K::NotEq | K::Lt | K::Le | K::Gt | K::Ge => COMPARE,
        K::QuestionQuestion => COALESCE,
        K::DotDot => RANGE,
        _ => return arithmetic(kind, word),
    })
}

/// How many significant tokens there are, when the tree they make is surely within the limits: no expression is higher than what its
/// operators, dots and brackets count together, whichever way they group.
fn shallow(text: &str, tokens: &[Token]) -> Option<usize> {
    let (mut significant, mut height, mut brackets) = (0, 0, 0);
    for token in tokens {
        if token.kind.is_trivia() {
            continue;
        }
        significant += 1;
        height += match token.kind {
            K::LParen | K::LBracket | K::LBrace | K::InterpOpen => {
                brackets += 1;
                1
            }
            K::Lt => RECURSION_COST,
            K::Word => match token.span.of(text) {
                "and" | "or" | "in" | "is" | "not" => 1,
                "if" => RECURSION_COST,
                _ => 0,
            },
            K::Dot
            | K::Question
            | K::DotDot
            | K::EqEq
            | K::NotEq
            | K::Le
            | K::Gt
            | K::Ge
            | K::QuestionQuestion
            | K::FatArrow
            | K::Plus
            | K::Minus
            | K::Star
            | K::Slash
            | K::Percent => 1,
            _ => 0,
        };
    }
    let within = height <= MAX_EXPRESSION_DEPTH
        && brackets <= MAX_NESTING
        && significant <= MAX_ITEM_TOKENS as usize;
    within.then_some(significant)
}

/// Nodes that stand behind those below them, put before them. From the last to the first: a node ends where the one around it ends, or
/// where the next beside it begins.
fn preorder(made: &[Made], nodes: &mut Vec<NodeData>) {
    let base = nodes.len();
    let none = NodeData {
        kind: K::Error,
        first_token: 0,
        end_token: 0,
        subtree_end: 0,
        has_error: false,
    };
    nodes.resize(base + made.len(), none);
    let mut around: Vec<usize> = Vec::new();
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
