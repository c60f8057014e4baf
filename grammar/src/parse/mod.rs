//! Text to tree. In: any text, and its outline. Out: a `Parse`. Each island is parsed by itself with its rule of the normative grammar; one
//! that does not parse becomes an `Error` node and one message, and its blocks are parsed all the same. Never here: a panic, a second
//! message for one cause, or a pest pair that outlives its island.
//!
//! * `island` — an item's text without what is inside its blocks, and the way back to tokens
//! * `shape` — which node a rule makes
//! * `builder` — pairs to nodes
//! * `expression` — operators by precedence
//! * `direct` — an expression by itself, without pest
//! * `weight` — how tightly its tokens bind, how high they make it
//! * `attempt` — whether an edit would help
//! * `message` (with `habit` and `phrase`) — pest's failure to a reader's sentence
//! * `adrift` — what a mistake before them left outside of every declaration

mod adrift;
mod attempt;
mod builder;
mod direct;
mod expression;
mod habit;
mod island;
mod message;
mod phrase;
mod shape;
mod weight;

use std::sync::Arc;

use pest::Parser as _;

use crate::{
    edit::{Edit, replaced},
    error::{SyntaxError, SyntaxErrorKind},
    hidden,
    kind::SyntaxKind,
    limits::{MAX_ERRORS, MAX_FILE_BYTES},
    outline::{Item, Outline, outline, outline_item},
    rules::{JourneyParser, Rule},
    span::Span,
    token::{Lexed, lex, lex_into},
    tree::{NodeData, Parse, Token, Tree},
    vocabulary::Place,
    word::Word,
};
use adrift::Adrift;
use builder::Builder;
use direct::Direct;
use island::Island;

/// Parses a file. Never fails: what cannot be parsed is in the tree as `Error` nodes, and each cause is told once.
pub fn parse(text: &str) -> Parse {
    if text.len() > MAX_FILE_BYTES {
        return too_large(text, SyntaxKind::File);
    }
    let lexed = lex(text);
    let outline = outline(text, &lexed.tokens);
    assemble(text, lexed, outline, SyntaxKind::File, None)
}

impl Parse {
    /// The parse of the text with a range of it replaced: what `parse` says of the new text, with the nodes kept of the declarations
    /// that the edit did not touch. A range that cuts a character, or leaves the text, is moved to the nearest place that does not.
    pub fn edit(&self, range: Span, replacement: &str) -> Parse {
        let (text, range) = replaced(self.tree.text(), range, replacement);
        if self.tree.root().kind() == SyntaxKind::ExprRoot {
            return parse_expression(&text);
        }
        if text.len() > MAX_FILE_BYTES {
            return too_large(&text, SyntaxKind::File);
        }
        let edit = Edit::new(self, &text, range, replacement.len() as u32);
        let lexed = lex(&text);
        let outline = outline(&text, &lexed.tokens);
        assemble(&text, lexed, outline, SyntaxKind::File, edit)
    }
}

/// Parses a text that is one expression; the tree's root is an `ExprRoot`. Never fails.
pub fn parse_expression(text: &str) -> Parse {
    ExpressionParser::default().parse(text)
}

/// Parses expressions one after another, in memory that is used again.
#[derive(Debug, Default)]
pub struct ExpressionParser {
    tokens: Vec<Token>,
    nodes: Vec<NodeData>,
    memory: direct::Memory,
}

impl ExpressionParser {
    /// What [`parse_expression`] says of a text.
    pub fn parse(&mut self, text: &str) -> Parse {
        if text.len() > MAX_FILE_BYTES {
            return too_large(text, SyntaxKind::ExprRoot);
        }
        let lexed = lex_into(text, std::mem::take(&mut self.tokens));
        match self.directly(text, &lexed) {
            Some(nodes) => Parse {
                tree: Tree::new(Arc::from(text), lexed.tokens, nodes),
                errors: Vec::new(),
            },
            None => expression_by_grammar(text, lexed),
        }
    }

    /// Takes the memory of a parse that is no longer needed.
    pub fn reuse(&mut self, parse: Parse) {
        (self.tokens, self.nodes) = parse.tree.into_memory();
    }

    /// The nodes of a text that is one expression without a mistake.
    fn directly(&mut self, text: &str, lexed: &Lexed) -> Option<Vec<NodeData>> {
        if !lexed.errors.is_empty() || hidden::possible(text) {
            return None;
        }
        let mut nodes = std::mem::take(&mut self.nodes);
        Direct::expression(&lexed.tokens, &mut self.memory, &mut nodes)?;
        nodes[0] = NodeData {
            kind: SyntaxKind::ExprRoot,
            first_token: 0,
            end_token: lexed.tokens.len() as u32,
            subtree_end: nodes.len() as u32,
            has_error: false,
        };
        Some(nodes)
    }
}

/// Like [`parse_expression`], with nothing but the normative grammar. For the test that demands the same answer from both.
pub fn parse_expression_by_grammar(text: &str) -> Parse {
    if text.len() > MAX_FILE_BYTES {
        return too_large(text, SyntaxKind::ExprRoot);
    }
    expression_by_grammar(text, lex(text))
}

fn expression_by_grammar(text: &str, lexed: Lexed) -> Parse {
    let outline = outline_item(text, &lexed.tokens, Place::Expression);
    assemble(text, lexed, outline, SyntaxKind::ExprRoot, None)
}

/// The text holds a mistake, or is beyond a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotValid;

/// Parses a file with the normative grammar in one go, all or nothing. For the test that demands the same tree as from `parse`.
///
/// # Errors
/// On any mistake but one of line breaks, which the grammar file does not tell.
pub fn parse_whole(text: &str) -> Result<Tree, NotValid> {
    if text.len() > MAX_FILE_BYTES {
        return Err(NotValid);
    }
    let lexed = lex(text);
    let limits = outline(text, &lexed.tokens);
    if !lexed.errors.is_empty() || hidden::possible(text) || limits.items.iter().any(beyond_limits)
    {
        return Err(NotValid);
    }
    let mut pairs = JourneyParser::parse(Rule::whole, text).map_err(|_| NotValid)?;
    let mut builder = Builder::new(text, &lexed.tokens, &lexed.errors);
    let root = builder.open(SyntaxKind::File, 0);
    if let Some(pair) = pairs.next() {
        builder.inner(pair, &mut Island::whole(text));
    }
    builder.close(root, lexed.tokens.len() as u32);
    let (nodes, _) = builder.finish();
    Ok(Tree::new(Arc::from(text), lexed.tokens, nodes))
}

/// Whether an item, or one below it, is too deep or too long for the generated parser.
fn beyond_limits(item: &Item) -> bool {
    let kind = item.broken.as_ref().map(|e| e.kind);
    matches!(
        kind,
        Some(SyntaxErrorKind::TooDeep | SyntaxErrorKind::TooLong)
    ) || item
        .blocks
        .iter()
        .any(|b| b.items.iter().any(beyond_limits))
}

fn assemble(
    text: &str,
    lexed: Lexed,
    outline: Outline,
    kind: SyntaxKind,
    edit: Option<Edit<'_>>,
) -> Parse {
    let mut builder = Builder::new(text, &lexed.tokens, &lexed.errors);
    let root = builder.open(kind, 0);
    let mut adrift = Adrift::new(text, &lexed.tokens);
    for item in &outline.items {
        if let Some((nodes, moved)) = edit.as_ref().and_then(|edit| edit.kept(item, &lexed)) {
            builder.keep(nodes, moved);
            adrift.sound(item);
            continue;
        }
        let before = builder.told();
        builder.item(item);
        if kind == SyntaxKind::File {
            let stray = builder.untell_stray(before);
            let told = adrift.told(item, builder.told() - before);
            adrift.stray(item, stray);
            builder.untell(before + told);
        }
    }
    builder.close(root, lexed.tokens.len() as u32);
    let (nodes, mut errors) = builder.finish();
    errors.extend(outline.errors.into_iter().filter(|e| !adrift.is_told(e)));
    errors.extend(hidden::hidden(text, &lexed.tokens));
    if kind == SyntaxKind::ExprRoot && outline.items.is_empty() && errors.is_empty() {
        errors.push(SyntaxError::new(
            SyntaxErrorKind::Unexpected,
            Span::at(0),
            "expected an expression",
        ));
    }
    if !errors.is_empty() && text.contains("\r\n") {
        errors.iter_mut().for_each(SyntaxError::end_lines_with_both);
    }
    errors.sort_by_key(|e| (e.span, e.kind));
    adrift::once(&mut errors, text);
    if errors.len() > MAX_ERRORS {
        let span = errors[MAX_ERRORS].span;
        errors.truncate(MAX_ERRORS);
        errors.push(SyntaxError::new(
            SyntaxErrorKind::TooMany,
            span,
            "there are more mistakes from here on; they are not listed",
        ));
    }
    Parse {
        tree: Tree::new(Arc::from(text), lexed.tokens, nodes),
        errors,
    }
}

/// A text beyond the limit: one token, one error.
fn too_large(text: &str, kind: SyntaxKind) -> Parse {
    let span = Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX));
    let node = |kind, subtree_end| NodeData {
        kind,
        first_token: 0,
        end_token: 1,
        subtree_end,
        has_error: true,
    };
    let nodes = vec![node(kind, 2), node(SyntaxKind::Error, 2)];
    let tree = Tree::new(
        Arc::from(text),
        vec![Token {
            kind: SyntaxKind::Unknown,
            word: Word::Other,
            span,
        }],
        nodes,
    );
    let message = format!("a file holds at most {} MiB", MAX_FILE_BYTES >> 20);
    Parse {
        tree,
        errors: vec![SyntaxError::new(
            SyntaxErrorKind::TooLong,
            Span::at(0),
            message,
        )],
    }
}
