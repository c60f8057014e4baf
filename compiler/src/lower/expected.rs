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
    CallId, Expectation, Expr, ExprKind, Program, Root, Statement, StatementKind, Test, Var, VarId,
    VarKind, walk,
};
use crate::types::Type;
use serde_json::Value as Json;

/// A statement that asks for something: which test, which of its statements.
pub type Question = (usize, usize);

/// Every statement that asks for something.
pub fn questions(program: &Program) -> Vec<Question> {
    let mut all = Vec::new();
    for (number, test) in program.tests.iter().enumerate() {
        let vars = vars_of(program, test);
        let asks = |it: &Statement| match &it.kind {
            StatementKind::Expect(Expectation::Holds(e)) => !lets(e, vars).is_empty(),
            StatementKind::Expect(Expectation::Sent { call, with, .. }) => {
                parts(program, *call, with.as_ref()).next().is_some()
            }
            _ => false,
        };
        let asking = test.statements.iter().enumerate();
        let asking = asking.filter(|(_, statement)| asks(statement));
        all.extend(asking.map(|(at, _)| (number, at)));
    }
    all
}

/// Those of `asked` that ask, each by itself, for what `refuses` refuses, but no more than `most`. What is refused of none is asked of
/// many at once.
pub fn refused(
    asked: &[Question],
    most: usize,
    refuses: &mut dyn FnMut(&[Question]) -> bool,
) -> Vec<Question> {
    if asked.is_empty() || most == 0 || !refuses(asked) {
        return Vec::new();
    }
    if let [one] = asked {
        return vec![*one];
    }
    let (first, second) = asked.split_at(asked.len() / 2);
    let mut found = refused(first, most, refuses);
    found.extend(refused(second, most - found.len(), refuses));
    found
}

/// What is said of a statement that asks for what cannot be laid out beside what the journeys need.
pub fn told(program: &Program, (test, at): Question, found: &[Diagnostic]) -> Option<Diagnostic> {
    let statement = program.tests.get(test)?.statements.get(at)?.span;
    let code = found.first().map_or(Code::NotYet, |first| first.code);
    let message = "what this asks for cannot be kept beside what the journeys send";
    let d = Diagnostic::new(code, statement, message);
    Some(match found.first() {
        Some(first) => d.related(first.span, first.message.clone()),
        None => d,
    })
}

/// Notes what these ask for.
pub fn note(pass: &mut Pass<'_>, program: &Program, asked: &[Question]) {
    for (number, at) in asked {
        let Some(test) = program.tests.get(*number) else {
            continue;
        };
        let vars = vars_of(program, test);
        match test.statements.get(*at).map(|statement| &statement.kind) {
            Some(StatementKind::Expect(Expectation::Holds(e))) => {
                for e in lets(e, vars) {
                    let row = pass.rows.id(RowKey::Vars(test.journey as u32));
                    let vars = Some(VarsScope { row, vars });
                    expr::truth(pass, Scope { vars, input: None }, &e, Truth::Exact);
                }
            }
            Some(StatementKind::Expect(Expectation::Sent { call, with, .. })) => {
                parts(program, *call, with.as_ref()).for_each(|ty| whole::take_some(pass, ty));
            }
            _ => {}
        }
    }
}

fn vars_of<'p>(program: &'p Program, test: &Test) -> &'p [Var] {
    let journey = program.journeys.get(test.journey);
    journey.map_or(&[], |journey| &journey.vars)
}

/// The types of the parameters of whose values parts are asked for.
fn parts<'p>(
    program: &'p Program,
    call: CallId,
    with: Option<&Json>,
) -> impl Iterator<Item = &'p Type> {
    let call = program.calls.get(call.0 as usize);
    let params = call.into_iter().flat_map(|call| &call.params);
    let asked = params.filter(move |(name, ..)| {
        let asked = with.and_then(|with| with.get(name));
        asked.is_some_and(|it| it.is_object() || it.is_array())
    });
    asked.map(|(_, ty, _)| ty)
}

/// An expression that reads what a `let` binds to a value, of each that binds a name which it reads: several ways may.
fn lets(e: &Expr, vars: &[Var]) -> Vec<Expr> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_are_refused_are_found_in_few_steps() {
        let asked: Vec<Question> = (0..1000).map(|n| (n / 10, n % 10)).collect();
        let bad = [(0, 0), (42, 7), (42, 8), (99, 9)];
        let mut times = 0;
        let mut refuses = |some: &[Question]| {
            times += 1;
            some.iter().any(|question| bad.contains(question))
        };
        assert_eq!(refused(&asked, 20, &mut refuses), bad);
        assert_eq!(refused(&asked, 2, &mut refuses), bad[..2]);
        assert!(times <= 2 * (4 + 2) * 10, "{times}");
        // Two that exclude one another are each allowed.
        let mut both = |some: &[Question]| bad[1..3].iter().all(|it| some.contains(it));
        assert_eq!(refused(&asked[..427], 20, &mut both), []);
        assert_eq!(refused(&[], 20, &mut |_| true), []);
    }
}
