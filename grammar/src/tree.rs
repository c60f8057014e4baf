//! The lossless tree: the text, every token of it, and the nodes as one flat list in preorder. In: what the builder wrote. Out: cheap
//! cursors. Never here: recursion to build, walk or drop, and never a node that starts or ends with trivia.

use std::{fmt::Write as _, sync::Arc};

use crate::{error::SyntaxError, kind::SyntaxKind, span::Span, word::Word};

/// One token: its kind and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Always a token kind.
    pub kind: SyntaxKind,
    /// Which of the words of expressions it is.
    pub(crate) word: Word,
    /// Tokens follow one another without a gap.
    pub span: Span,
}

/// One node: its kind, the tokens it covers (`first_token..end_token`) and where its subtree ends in the list of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeData {
    /// Always a node kind.
    pub kind: SyntaxKind,
    /// The first token it covers.
    pub first_token: u32,
    /// The token after the last it covers.
    pub end_token: u32,
    /// The index after the last node below it.
    pub subtree_end: u32,
    /// Whether it is, or holds, an `Error` node.
    pub has_error: bool,
}

/// A whole source text as tokens and nodes. Equal trees have equal text, tokens and nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    text: Arc<str>,
    tokens: Vec<Token>,
    nodes: Vec<NodeData>,
}

impl Tree {
    /// `nodes` is in preorder and holds at least the root.
    pub(crate) fn new(text: Arc<str>, tokens: Vec<Token>, nodes: Vec<NodeData>) -> Tree {
        debug_assert!(!nodes.is_empty());
        Tree {
            text,
            tokens,
            nodes,
        }
    }

    /// The memory of its tokens and nodes, to be used again.
    pub(crate) fn into_memory(self) -> (Vec<Token>, Vec<NodeData>) {
        (self.tokens, self.nodes)
    }

    /// The source text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every token, trivia included, in order; together they cover the text exactly.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The text of a token.
    pub fn token_text(&self, token: Token) -> &str {
        token.span.of(&self.text)
    }

    /// Every node, in preorder; the first is the root.
    pub fn nodes(&self) -> &[NodeData] {
        &self.nodes
    }

    /// The root: a `File`, or an `ExprRoot` from `parse_expression`.
    pub fn root(&self) -> Node<'_> {
        Node {
            tree: self,
            index: 0,
        }
    }

    /// The node with this index, if there is one (`Node::index` gives it).
    pub fn node(&self, index: u32) -> Option<Node<'_>> {
        ((index as usize) < self.nodes.len()).then_some(Node { tree: self, index })
    }

    /// The nodes that hold `offset`, outermost first.
    pub fn path_at(&self, offset: u32) -> Vec<Node<'_>> {
        let mut path = vec![self.root()];
        let mut node = self.root();
        while let Some(inner) = node.children().find(|c| c.span().touches(offset)) {
            path.push(inner);
            node = inner;
        }
        path
    }

    /// The tree as text, one node or token a line, indented by depth: what `journeyc build --emit=tree` prints.
    pub fn debug(&self) -> String {
        let mut out = String::new();
        let mut open: Vec<(u32, u32)> = Vec::new(); // (subtree end, end token) of the nodes we are in
        let mut token = 0;
        for (index, data) in self.nodes.iter().enumerate() {
            while let Some(&(end, end_token)) = open.last() {
                if (index as u32) < end {
                    break;
                }
                self.debug_tokens(&mut out, &mut token, end_token, open.len());
                open.pop();
            }
            self.debug_tokens(&mut out, &mut token, data.first_token, open.len());
            let span = Node {
                tree: self,
                index: index as u32,
            }
            .span();
            let _ = writeln!(
                out,
                "{:indent$}{:?} {}..{}",
                "",
                data.kind,
                span.start,
                span.end,
                indent = 2 * open.len()
            );
            open.push((data.subtree_end, data.end_token));
        }
        while let Some((_, end_token)) = open.pop() {
            self.debug_tokens(&mut out, &mut token, end_token, open.len() + 1);
        }
        out
    }

    /// The significant tokens from `*next` up to `end`, one a line.
    fn debug_tokens(&self, out: &mut String, next: &mut u32, end: u32, depth: usize) {
        while *next < end {
            if let Some(token) = self
                .tokens
                .get(*next as usize)
                .filter(|t| !t.kind.is_trivia())
            {
                let _ = writeln!(
                    out,
                    "{:indent$}{:?} {:?}",
                    "",
                    token.kind,
                    self.token_text(*token),
                    indent = 2 * depth
                );
            }
            *next += 1;
        }
    }

    /// The tokens as text, one a line: what `journeyc build --emit=tokens` prints.
    pub fn tokens_debug(&self) -> String {
        let mut out = String::new();
        for token in &self.tokens {
            let Span { start, end } = token.span;
            let _ = writeln!(
                out,
                "{start}..{end} {:?} {:?}",
                token.kind,
                self.token_text(*token)
            );
        }
        out
    }
}

/// What parsing gives: always a tree, and whatever is wrong with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parse {
    /// The whole text as a tree; a part that could not be parsed is an `Error` node.
    pub tree: Tree,
    /// In the order they stand in the text.
    pub errors: Vec<SyntaxError>,
}

/// A place in a tree. Copying it is free.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    index: u32,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.index == other.index
    }
}

impl Eq for Node<'_> {}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Span { start, end } = self.span();
        write!(f, "{:?} {start}..{end}", self.kind())
    }
}

impl<'t> Node<'t> {
    /// The node as it is stored.
    pub fn data(self) -> NodeData {
        self.tree.nodes[self.index as usize]
    }

    /// Its place in the tree's list of nodes: stable for one tree, a cheap key for side tables.
    pub fn index(self) -> u32 {
        self.index
    }

    /// The tree it stands in.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Its kind.
    pub fn kind(self) -> SyntaxKind {
        self.data().kind
    }

    /// Whether it is, or holds, a part that could not be parsed. The checker stays silent about what depends on it.
    pub fn has_error(self) -> bool {
        self.data().has_error
    }

    /// From its first to its last significant token. The root's covers the whole text.
    pub fn span(self) -> Span {
        let data = self.data();
        if self.index == 0 {
            return Span::new(0, self.tree.text.len() as u32);
        }
        match self.all_tokens() {
            [] => Span::at(
                self.tree
                    .tokens
                    .get(data.first_token as usize)
                    .map_or(0, |t| t.span.start),
            ),
            [first, behind @ ..] => {
                let last = behind.last().unwrap_or(first);
                Span::new(first.span.start, last.span.end)
            }
        }
    }

    /// The text of its span.
    pub fn text(self) -> &'t str {
        self.span().of(&self.tree.text)
    }

    fn all_tokens(self) -> &'t [Token] {
        let data = self.data();
        self.tree
            .tokens
            .get(data.first_token as usize..data.end_token as usize)
            .unwrap_or(&[])
    }

    /// Its significant tokens, those of the nodes below included.
    pub fn tokens(self) -> impl Iterator<Item = Token> + 't {
        self.all_tokens()
            .iter()
            .copied()
            .filter(|t| !t.kind.is_trivia())
    }

    /// Its significant tokens that belong to no node below it.
    pub fn own_tokens(self) -> impl Iterator<Item = Token> + 't {
        self.parts().filter_map(|part| match part {
            Part::Token(token) => Some(token),
            Part::Node(_) => None,
        })
    }

    /// Its first significant token that belongs to no node below it.
    pub fn first_own_token(self) -> Option<Token> {
        let significant = |from: u32, to: u32| {
            let tokens = self.tree.tokens.get(from as usize..to as usize)?;
            tokens.iter().copied().find(|t| !t.kind.is_trivia())
        };
        let data = self.data();
        let mut at = data.first_token;
        for child in self.children() {
            let inner = child.data();
            if let Some(token) = significant(at, inner.first_token) {
                return Some(token);
            }
            at = at.max(inner.end_token);
        }
        significant(at, data.end_token)
    }

    /// Its own tokens and its children, in the order they stand in the text.
    pub fn parts(self) -> impl Iterator<Item = Part<'t>> + 't {
        let data = self.data();
        let mut children = self.children().peekable();
        let mut at = data.first_token;
        std::iter::from_fn(move || {
            while at < data.end_token {
                if let Some(child) = children.next_if(|c| c.data().first_token <= at) {
                    at = at.max(child.data().end_token);
                    return Some(Part::Node(child));
                }
                let token = *self.tree.tokens.get(at as usize)?;
                at += 1;
                if !token.kind.is_trivia() {
                    return Some(Part::Token(token));
                }
            }
            None
        })
    }

    /// Its first own token of this kind.
    pub fn token(self, kind: SyntaxKind) -> Option<Token> {
        self.own_tokens().find(|t| t.kind == kind)
    }

    /// Whether one of its own tokens is this word.
    pub fn has_word(self, word: &str) -> bool {
        self.word(word).is_some()
    }

    /// Its first own token that is this word.
    pub fn word(self, word: &str) -> Option<Token> {
        self.own_tokens()
            .find(|t| t.kind == SyntaxKind::Word && self.tree.token_text(*t) == word)
    }

    /// The first of these words among its own tokens.
    pub fn one_word(self, words: &'static [&'static str]) -> Option<&'static str> {
        self.own_tokens().find_map(|t| {
            words
                .iter()
                .find(|w| **w == self.tree.token_text(t))
                .copied()
        })
    }

    /// The nodes directly below it, in order.
    pub fn children(self) -> impl Iterator<Item = Node<'t>> + 't {
        let tree = self.tree;
        let end = self.data().subtree_end;
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            let data = tree.nodes.get(next as usize).filter(|_| next < end)?;
            let node = Node { tree, index: next };
            next = data.subtree_end;
            Some(node)
        })
    }

    /// Its first child of this kind.
    pub fn child(self, kind: SyntaxKind) -> Option<Node<'t>> {
        self.children().find(|c| c.kind() == kind)
    }

    /// Itself and every node below it, in preorder.
    pub fn descendants(self) -> impl Iterator<Item = Node<'t>> + 't {
        let tree = self.tree;
        (self.index..self.data().subtree_end).map(move |index| Node { tree, index })
    }

    /// The `///` lines directly above it, without their slashes; `None` when there are none.
    pub fn doc(self) -> Option<String> {
        let before = self.tree.tokens.get(..self.data().first_token as usize)?;
        let mut lines = Vec::new();
        let mut breaks = 0;
        for token in before.iter().rev() {
            match token.kind {
                SyntaxKind::Whitespace => {}
                SyntaxKind::Newline if breaks == 0 => breaks = 1,
                SyntaxKind::DocComment if breaks == 1 => {
                    breaks = 0;
                    let line = self.tree.token_text(*token).trim_start_matches('/');
                    lines.push(line.strip_prefix(' ').unwrap_or(line).trim_end());
                }
                _ => break,
            }
        }
        lines.reverse();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

/// A child of a node: one of its own tokens, or a node below it.
#[derive(Clone, Copy, Debug)]
pub enum Part<'t> {
    /// A significant token that belongs to no node below.
    Token(Token),
    /// A node directly below.
    Node(Node<'t>),
}
