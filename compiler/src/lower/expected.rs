//! What tests look at beyond what journeys read: parts of what a `let` binds, and of what is sent.
//!
//! Comes in: a program's tests. Goes out: needs, so that a part is there when a test asks for it. Never true here: a need that only
//! follows from what a test asks of an event, an answer or the profile, for it has those whole, and one test's question must not
//! refuse another's data.

use super::expr::{self, Scope, Truth, VarsScope};
use super::pass::Pass;
use super::rows::RowKey;
use super::whole;
use crate::hir::{Expectation, Expr, ExprKind, Program, Root, StatementKind, Var, VarKind, walk};
use serde_json::Value as Json;

/// Notes what the tests ask for.
pub fn note(pass: &mut Pass<'_>, program: &Program) {
    for test in &program.tests {
        let vars = program.journeys.get(test.journey);
        let vars = vars.map_or(&[][..], |journey| &journey.vars);
        for statement in &test.statements {
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
