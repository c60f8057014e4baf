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
use crate::hir::{
    Expectation, Expr, ExprKind, Program, Root, StatementKind, Var, VarId, VarKind, walk,
};
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
                StatementKind::Expect(Expectation::Holds(e)) => {
                    for e in of_lets(e, vars) {
                        let row = pass.rows.id(RowKey::Vars(test.journey as u32));
                        let vars = Some(VarsScope { row, vars });
                        expr::truth(pass, Scope { vars, input: None }, &e, Truth::Exact);
                    }
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

/// An expression that reads what a `let` binds to a value, of each that binds a name which it reads: several ways may.
fn of_lets(e: &Expr, vars: &[Var]) -> Vec<Expr> {
    let binds = |id: &VarId| {
        let name = vars.get(id.0 as usize).map(|var| &var.name);
        let all = vars.iter().enumerate();
        let mine = all.filter(|(_, var)| var.kind == VarKind::Value && Some(&var.name) == name);
        mine.map(|(ix, _)| VarId(ix as u32)).collect()
    };
    let read = walk::variables(e).into_iter();
    let bound: Vec<(VarId, Vec<VarId>)> = read.map(|id| (id, binds(&id))).collect();
    let most = bound.iter().map(|(_, lets)| lets.len()).max();
    let of = |nth: usize| {
        let mut e = e.clone();
        for (id, lets) in &bound {
            if let Some(other) = lets.get(nth).or(lets.last()) {
                read_instead(&mut e, *id, *other);
            }
        }
        e
    };
    (0..most.unwrap_or(0)).map(of).collect()
}

/// Another variable in the place of one.
fn read_instead(e: &mut Expr, id: VarId, other: VarId) {
    if let ExprKind::Root(Root::Var(read)) = &mut e.kind
        && *read == id
    {
        *read = other;
    }
    walk::children_mut(e, &mut |part| read_instead(part, id, other));
}
