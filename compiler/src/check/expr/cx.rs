//! What every part of the expression checker shares: the scope of an expression, and where findings go.

use crate::check::place::Place;
use crate::check::state::State;
use crate::check::world::World;
use crate::diag::{Bag, Diagnostic};
use crate::hir::{Expr, LocalId, Var};
use crate::source::{FileId, Span};
use crate::types::{Type, Typed};
use journey_grammar::ast::AstNode;
use std::collections::BTreeSet;

/// The record whose fields an expression reads as `Root::Input`.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its type.
    pub ty: Type,
    /// Whether its fields are in scope by name (an event's own `where`, a call's parameters).
    pub bare: bool,
    /// The name it goes by (`as x`).
    pub alias: Option<String>,
}

/// A name bound inside the expression.
#[derive(Clone, Debug)]
pub struct Local {
    /// The name.
    pub name: String,
    /// Its id.
    pub id: LocalId,
    /// Its type.
    pub ty: Typed,
}

/// What an expression may mention.
#[derive(Clone, Debug, Default)]
pub struct Scope<'a> {
    /// `profile` may be read.
    pub profile: bool,
    /// The input record.
    pub input: Option<Input>,
    /// The variables of the journey and what is known of them.
    pub state: Option<&'a State>,
    /// All variables, by `VarId`.
    pub vars: &'a [Var],
    /// Other names may be in force: what would bind them was reported.
    pub unsure: bool,
    /// Names bound around this place inside the expression, innermost last.
    pub locals: Vec<Local>,
    /// Places known to be present (beside those the state knows).
    pub present: BTreeSet<Place>,
}

/// The checker of one expression.
pub struct ExprCx<'a> {
    /// Everything declared.
    pub world: &'a World<'a>,
    /// Where findings go.
    pub bag: &'a mut Bag,
    /// The file the expression stands in.
    pub file: FileId,
    /// What it may mention.
    pub scope: Scope<'a>,
    /// The next free local.
    pub next_local: &'a mut u32,
}

impl<'a> ExprCx<'a> {
    /// Adds a finding.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.bag.push(diagnostic);
    }

    /// A span of the grammar as a span of this file.
    pub fn span(&self, node: impl AstNode<'a>) -> Span {
        self.at(node.span())
    }

    /// A span of the grammar as a span of this file.
    pub fn at(&self, span: journey_grammar::Span) -> Span {
        Span {
            file: self.file,
            start: span.start,
            end: span.end,
        }
    }

    /// The expression in a box.
    pub fn boxed(&self, e: Expr) -> Box<Expr> {
        self.world.spare.boxed(e)
    }

    /// What is in a box.
    pub fn unboxed(&self, e: Box<Expr>) -> Expr {
        self.world.spare.unboxed(e)
    }

    /// A local nobody else has.
    pub fn fresh_local(&mut self) -> LocalId {
        let id = LocalId(*self.next_local);
        *self.next_local += 1;
        id
    }

    /// What is known to be present is not optional.
    #[inline]
    pub fn narrow(&self, e: &mut Expr) {
        if e.opt && self.knows() {
            self.narrow_known(e);
        }
    }

    /// Whether anything is known to be present.
    #[inline]
    pub fn knows(&self) -> bool {
        let known = self.scope.state.is_some_and(|s| !s.present.is_empty());
        known || !self.scope.present.is_empty()
    }

    fn narrow_known(&self, e: &mut Expr) {
        if Place::of(e).is_some_and(|place| self.is_known(&place)) {
            e.opt = false;
        }
    }

    /// Whether the place is known to be present.
    pub fn is_known(&self, place: &Place) -> bool {
        let known = self.scope.state.is_some_and(|s| s.present.contains(place));
        known || self.scope.present.contains(place)
    }
}
