//! Pairs to nodes. In: items, each parsed with its rule. Out: the flat list of nodes in preorder, and what is wrong. Node ends are trimmed
//! to significant tokens here, since pest's spans run on over white space.

use pest::{Parser as _, iterators::Pair};

use super::{
    attempt::Attempt,
    expression::{self, Extent, Part},
    island::Island,
    message,
    shape::{Shape, shape},
};
use crate::{
    error::{SyntaxError, SyntaxErrorKind, keep},
    kind::SyntaxKind,
    outline::{Item, ItemBlock},
    rules::{JourneyParser, Rule},
    span::Span,
    token::LexError,
    tree::{NodeData, Token},
};

pub(crate) struct Builder<'t> {
    text: &'t str,
    tokens: &'t [Token],
    lex_errors: &'t [LexError],
    nodes: Vec<NodeData>,
    errors: Vec<SyntaxError>,
}

/// A node that is open: its place in the list.
pub(crate) struct Opened(usize);

impl<'t> Builder<'t> {
    pub fn new(text: &'t str, tokens: &'t [Token], lex_errors: &'t [LexError]) -> Builder<'t> {
        Builder {
            text,
            tokens,
            lex_errors,
            nodes: Vec::new(),
            errors: Vec::new(),
        }
    }

    pub fn finish(mut self) -> (Vec<NodeData>, Vec<SyntaxError>) {
        // A node holds an error when one of those below does: children stand behind their parents, so walk backwards.
        let mut parents: Vec<usize> = Vec::new();
        for i in 0..self.nodes.len() {
            while parents
                .last()
                .is_some_and(|p| self.nodes[*p].subtree_end as usize <= i)
            {
                parents.pop();
            }
            if self.nodes[i].kind == SyntaxKind::Error {
                self.nodes[i].has_error = true;
                parents.iter().for_each(|p| self.nodes[*p].has_error = true);
            }
            parents.push(i);
        }
        (self.nodes, self.errors)
    }

    /// Opens a node at a token; `close` must follow.
    pub fn open(&mut self, kind: SyntaxKind, first_token: u32) -> Opened {
        self.nodes.push(NodeData {
            kind,
            first_token,
            end_token: first_token,
            subtree_end: 0,
            has_error: false,
        });
        Opened(self.nodes.len() - 1)
    }

    /// Closes the node that was opened last and is still open.
    pub fn close(&mut self, opened: Opened, end_token: u32) {
        let subtree_end = self.nodes.len() as u32;
        if let Some(node) = self.nodes.get_mut(opened.0) {
            node.end_token = end_token;
            node.subtree_end = subtree_end;
        }
    }

    /// Items, each parsed by itself.
    pub fn items(&mut self, items: &[Item]) {
        items.iter().for_each(|item| self.item(item));
    }

    /// How many messages there are.
    pub fn told(&self) -> usize {
        self.errors.len()
    }

    /// Forgets the messages behind so many.
    pub fn untell(&mut self, count: usize) {
        self.errors.truncate(count);
    }

    /// Forgets, of the messages behind so many, what is of one cause with a `}` too many: it, when something is wrong before it, and all
    /// that is wrong behind it. Gives its place.
    pub fn untell_stray(&mut self, count: usize) -> Option<Span> {
        let is_stray = |e: &SyntaxError| e.kind == SyntaxErrorKind::StrayBrace;
        let stray = count + self.errors.get(count..)?.iter().position(is_stray)?;
        let brace = self.errors.drain(stray..).next()?;
        let at = brace.span;
        let mut before = self.errors.split_off(count);
        // A line that begins with a strange word may be one that the brace has set adrift.
        before.retain(|e| e.span.start < at.start || e.kind != SyntaxErrorKind::UnknownKeyword);
        if before.is_empty() {
            before.push(brace);
        }
        self.errors.extend(before);
        Some(at)
    }

    /// Nodes of an older tree, whose tokens have moved.
    pub fn keep(&mut self, nodes: &[NodeData], moved: i64) {
        let Some(first) = nodes.first() else { return };
        let token = |at: u32| (i64::from(at) + moved) as u32;
        // The first node's subtree is the whole slice: that gives where it stood.
        let was = first.subtree_end - nodes.len() as u32;
        let now = self.nodes.len() as u32;
        self.nodes.extend(nodes.iter().map(|node| NodeData {
            first_token: token(node.first_token),
            end_token: token(node.end_token),
            subtree_end: node.subtree_end - was + now,
            ..*node
        }));
    }

    /// One item, parsed by itself.
    pub fn item(&mut self, item: &Item) {
        let reason = match self.lex_error(item).or_else(|| item.broken.clone()) {
            Some(reason) => self.closed(item, reason),
            None => {
                let mut island = Island::new(self.text, self.tokens, item);
                let text = std::mem::take(&mut island.text);
                let failure = match JourneyParser::parse(item.place.rule(), &text) {
                    Ok(pairs) => {
                        pairs.for_each(|pair| self.pair(pair, &mut island));
                        return;
                    }
                    Err(failure) => failure,
                };
                island.text = text;
                message::explain(&failure, item, &island, self.text, self.tokens)
            }
        };
        let guessed = self.is_guess(item, &reason);
        let is_again = reason.message == message::OUT_OF_STACK
            && self.errors.iter().any(|e| e.message == reason.message);
        if !is_again {
            keep(&mut self.errors, reason);
        }
        let told = self.told();
        let node = self.open(SyntaxKind::Error, item.first);
        item.blocks.iter().for_each(|block| self.block(block));
        self.close(node, item.end);
        if guessed {
            self.untell(told);
        }
    }

    /// Whether nobody knows what the blocks of a broken item are: it is of no kind, or no block was meant (as in `@{a.b}`).
    fn is_guess(&self, item: &Item, reason: &SyntaxError) -> bool {
        let is_at = reason.span.of(self.text) == "@";
        let begins = |open: Span| open == reason.span || is_at && open.start == reason.span.end;
        let span_of = |token: u32| self.tokens.get(token as usize).map(|t| t.span);
        let word = span_of(item.keyword).map_or("", |s| s.of(self.text));
        match reason.kind {
            SyntaxErrorKind::UnknownKeyword => item.place.nearest(word).is_none(),
            SyntaxErrorKind::UnclosedString => true,
            _ => item
                .blocks
                .iter()
                .any(|b| span_of(b.open).is_some_and(begins)),
        }
    }

    /// The same reason; where a bracket or a string would be closed, its fix only when that makes a sound item.
    fn closed(&self, item: &Item, reason: SyntaxError) -> SyntaxError {
        use SyntaxErrorKind::{UnclosedBracket, UnclosedString};
        let Some(fix) = reason.fix.as_ref() else {
            return reason;
        };
        let island = &Island::new(self.text, self.tokens, item);
        let place = item.place;
        let mends = || Attempt { place, island }.mends(fix.span, &fix.replacement);
        if !matches!(reason.kind, UnclosedBracket | UnclosedString) || mends() {
            return reason;
        }
        SyntaxError {
            fix: None,
            ..reason
        }
    }

    /// The first mistake within a token of the item that is outside of its blocks.
    fn lex_error(&self, item: &Item) -> Option<SyntaxError> {
        let mut at = self.lex_errors.partition_point(|e| e.token < item.first);
        let mut blocks = item.blocks.iter().peekable();
        while let Some(found) = self.lex_errors.get(at).filter(|e| e.token < item.end) {
            match blocks.peek() {
                Some(block) if found.token >= block.end => {
                    blocks.next();
                }
                Some(block) if found.token > block.open => {
                    let end = block.end;
                    at += self.lex_errors[at..].partition_point(|e| e.token < end);
                }
                _ => return Some(found.error.clone()),
            }
        }
        None
    }

    fn block(&mut self, block: &ItemBlock) {
        let node = self.open(SyntaxKind::Block, block.open);
        self.items(&block.items);
        self.close(node, block.end);
    }

    /// The token that starts where the pair does.
    fn first_token(&self, pair: &Pair<'_, Rule>, island: &Island<'_>) -> u32 {
        let start = island.start(pair.as_span().start()) as u32;
        let mut at = self.tokens.partition_point(|t| t.span.start < start);
        while self.tokens.get(at).is_some_and(|t| t.kind.is_trivia()) {
            at += 1;
        }
        at as u32
    }

    /// The token behind the last significant one that the pair covers.
    fn end_token(&self, pair: &Pair<'_, Rule>, island: &Island<'_>) -> u32 {
        let end = island.end(pair.as_span().end()) as u32;
        let mut at = self.tokens.partition_point(|t| t.span.end <= end);
        while at > 0 && self.tokens[at - 1].kind.is_trivia() {
            at -= 1;
        }
        at as u32
    }

    /// Whatever a pair makes.
    fn pair(&mut self, pair: Pair<'_, Rule>, island: &mut Island<'_>) {
        match shape(pair.as_rule()) {
            Shape::Leaf => {}
            Shape::Through => self.inner(pair, island),
            Shape::Node(kind) => {
                let end = self.end_token(&pair, island);
                let node = self.open(kind, self.first_token(&pair, island));
                self.inner(pair, island);
                self.close(node, end);
            }
            Shape::Block => match island.next_block() {
                Some(block) => self.block(block),
                None => {
                    let end = self.end_token(&pair, island);
                    let node = self.open(SyntaxKind::Block, self.first_token(&pair, island));
                    self.inner(pair, island);
                    self.close(node, end);
                }
            },
            Shape::Step => self.step(pair, island),
            Shape::Type => self.type_ref(pair, island),
            Shape::Operators => self.operators(pair, island),
            Shape::Postfix => self.postfix(pair, island),
        }
    }

    /// Whatever the pairs inside a pair make.
    pub fn inner(&mut self, pair: Pair<'_, Rule>, island: &mut Island<'_>) {
        pair.into_inner().for_each(|inner| self.pair(inner, island));
    }

    fn step(&mut self, pair: Pair<'_, Rule>, island: &mut Island<'_>) {
        let (first, end) = (
            self.first_token(&pair, island),
            self.end_token(&pair, island),
        );
        let mut label = None;
        for part in pair.into_inner() {
            match shape(part.as_rule()) {
                Shape::Node(SyntaxKind::Label) => label = Some(part),
                Shape::Node(kind) => {
                    let node = self.open(kind, first);
                    label.take().into_iter().for_each(|l| self.pair(l, island));
                    self.inner(part, island);
                    self.close(node, end);
                }
                _ => {}
            }
        }
    }

    fn type_ref(&mut self, pair: Pair<'_, Rule>, island: &mut Island<'_>) {
        let (first, end) = (
            self.first_token(&pair, island),
            self.end_token(&pair, island),
        );
        let optional = pair
            .clone()
            .into_inner()
            .any(|p| p.as_rule() == Rule::question);
        let node = optional.then(|| self.open(SyntaxKind::TypeOptional, first));
        self.inner(pair, island);
        if let Some(node) = node {
            self.close(node, end);
        }
    }

    /// The nodes of a flat run of operands and operators.
    fn operators(&mut self, pair: Pair<'_, Rule>, island: &mut Island<'_>) {
        let mut inner = pair.clone().into_inner();
        if let (Some(only), None) = (inner.next(), inner.next()) {
            return self.pair(only, island);
        }
        let extent = |p: &Pair<'_, Rule>| Extent {
            first: self.first_token(p, island),
            end: self.end_token(p, island),
        };
        let mut grouped =
            expression::group(pair.into_inner().map(|p| (p.clone(), extent(&p))).collect());
        for token in grouped.chains {
            let span = self
                .tokens
                .get(token as usize)
                .map_or_else(Default::default, |t| t.span);
            let error = SyntaxError::new(
                SyntaxErrorKind::ComparisonChain,
                span,
                "comparisons and ranges do not chain",
            );
            let error = error.hint("write `a < b and b < c`, or put one of them in parentheses");
            keep(&mut self.errors, error);
        }
        if let Some(root) = grouped.root {
            self.grouped(&mut grouped.parts, root, island);
        }
    }

    /// An operator's node and those below it. As deep as the tree, which the outline bounded.
    fn grouped(&mut self, parts: &mut [(Part<'_>, Extent)], at: usize, island: &mut Island<'_>) {
        let Some((part, extent)) = parts.get_mut(at) else {
            return;
        };
        let (first, end) = (extent.first, extent.end);
        match part {
            Part::Operand(pair) => pair.take().into_iter().for_each(|p| self.pair(p, island)),
            Part::Over {
                kind, left, right, ..
            } => {
                let (kind, below) = (*kind, [*left, *right]);
                let node = self.open(kind, first);
                below
                    .into_iter()
                    .flatten()
                    .for_each(|i| self.grouped(parts, i, island));
                self.close(node, end);
            }
        }
    }

    /// The nodes of an operand and what stands behind it: `a.b(c)[d]` is an index of a call on `a`.
    fn postfix(&mut self, pair: Pair<'_, Rule>, island: &mut Island<'_>) {
        let first = self.first_token(&pair, island);
        let mut parts = pair.into_inner();
        let Some(operand) = parts.next() else { return };
        let behind: Vec<_> = parts.collect();
        let mut open: Vec<_> = behind
            .iter()
            .rev()
            .map(|p| self.open(postfix_kind(p.as_rule()), first))
            .collect();
        self.pair(operand, island);
        for part in behind {
            let end = self.end_token(&part, island);
            self.inner(part, island);
            if let Some(node) = open.pop() {
                self.close(node, end);
            }
        }
    }
}

fn postfix_kind(rule: Rule) -> SyntaxKind {
    match rule {
        Rule::method_call => SyntaxKind::MethodCall,
        Rule::field => SyntaxKind::FieldExpr,
        Rule::index => SyntaxKind::IndexExpr,
        _ => SyntaxKind::CallExpr,
    }
}
