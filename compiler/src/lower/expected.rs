//! What tests look at beyond what journeys read: parts of what a `let` binds, and of what is sent.
//!
//! Comes in: a program's tests. Goes out: needs, so that a part is there when a test asks for it; which statement asks for what cannot
//! be. Never true here: a need that only
//! follows from what a test asks of an event, an answer or the profile, for it has those whole, and one test's question must not
//! refuse another's data.

use super::expr::{self, Scope, Truth, VarsScope};
use super::pass::Pass;
use super::rows::RowKey;
use super::whole;
use crate::diag::{Code, Diagnostic};
use crate::hir::{Expectation, Expr, ExprKind, Program, Root, StatementKind, Var, VarKind, walk};
use crate::source::Span;
use serde_json::Value as Json;

/// Of which tests the questions are noted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Of none.
    Nothing,
    /// Of all.
    All,
    /// Of one statement of one test, by their places.
    One(usize, usize),
}

/// Every statement of every test.
pub fn all(program: &Program) -> impl Iterator<Item = (Asked, Span)> {
    let tests = program.tests.iter().enumerate();
    tests.flat_map(|(test, of)| {
        let statements = of.statements.iter().enumerate();
        statements.map(move |(at, statement)| (Asked::One(test, at), statement.span))
    })
}

/// What is said of a statement that asks for what cannot be laid out beside what the journeys need.
pub fn refused(statement: Span, found: &[Diagnostic]) -> Diagnostic {
    let code = found.first().map_or(Code::NotYet, |first| first.code);
    let message = "what this asks for cannot be kept beside what the journeys send";
    let d = Diagnostic::new(code, statement, message);
    match found.first() {
        Some(first) => d.related(first.span, first.message.clone()),
        None => d,
    }
}

/// Notes what tests ask for.
pub fn note(pass: &mut Pass<'_>, program: &Program, asked: Asked) {
    for (number, test) in program.tests.iter().enumerate() {
        let vars = program.journeys.get(test.journey);
        let vars = vars.map_or(&[][..], |journey| &journey.vars);
        for (at, statement) in test.statements.iter().enumerate() {
            if asked != Asked::All && asked != Asked::One(number, at) {
                continue;
            }
            match &statement.kind {
                StatementKind::Expect(Expectation::Holds(e)) if asks_of_let(e, vars) => {
                    let row = pass.rows.id(RowKey::Vars(test.journey as u32));
                    let vars = Some(VarsScope { row, vars });
                    expr::truth(pass, Scope { vars, input: None }, e, Truth::Exact);
                }
                StatementKind::Expect(Expectation::Sent {
                    call,
                    with: Some(Json::Object(with)),
                    ..
                }) => {
                    let call = program.calls.get(call.0 as usize);
                    for (name, ty, _) in call.into_iter().flat_map(|call| &call.params) {
                        if with
                            .get(name)
                            .is_some_and(|it| it.is_object() || it.is_array())
                        {
                            whole::take_some(pass, ty);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether an expression reads what a `let` binds to a value.
fn asks_of_let(e: &Expr, vars: &[Var]) -> bool {
    walk::any(e, &mut |e| {
        let ExprKind::Root(Root::Var(id)) = &e.kind else {
            return false;
        };
        let var = vars.get(id.0 as usize);
        var.is_some_and(|var| var.kind == VarKind::Value)
    })
}
