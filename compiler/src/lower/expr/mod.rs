//! Expressions to chunks.
//!
//! Missing values are control flow: an expression is generated for a destination register and a label to go to when there
//! is nothing; a condition for three labels (true, false, unknown). Where two of the three are one place, `and` and `or`
//! stop early; where all differ, one register remembers that something was unknown. A decision takes unknown as no, so there
//! they never differ. No code is written twice.
//! Comes in: a checked expression and its [`Scope`]. Goes out: a chunk in the pass's pool. Never true here: a value whose
//! word is not the one of its static type.
//!
//! | module | is |
//! |---|---|
//! | [`generate`] | the generator's state: code, registers, names bound inside the expression |
//! | [`value`] | an expression into a register |
//! | [`branch`] | a condition to three labels; whether something is there |
//! | [`looked`] | texts and lists that would be made only to be looked at |
//! | [`one_of`] | a value against several: constants as a set |
//! | [`place`] | paths: where in which row something lies |
//! | [`record`] | rows made, filled, copied, converted |
//! | [`local`] | names bound inside an expression |
//! | [`stages`] | what is done with a list's items, as its expression tells |
//! | [`stream`] | a list's items, filtered and mapped, one after another in a loop |
//! | [`fold`] | counts, sums, means |
//! | [`extreme`] | the least and the greatest, and what is first or last in an order |
//! | [`asked`] | what is asked of a list that a function of the table gives |
//! | [`list`] | the other functions over lists and maps, expanded in place |

mod asked;
mod branch;
mod extreme;
mod fold;
mod generate;
mod list;
mod local;
mod looked;
mod one_of;
mod place;
mod record;
mod stages;
mod stream;
mod value;

pub use generate::{Scope, VarsScope};

use super::pass::Pass;
use crate::diag::Code as Problem;
use crate::hir::Expr;
use crate::types::Type;
use generate::Gen;
use journey_artifact::code::{Op, R_FREE};
use journey_artifact::model::{Chunk, ChunkId};

/// A chunk that gives the value of `expr` as a `want`.
pub fn value(pass: &mut Pass<'_>, scope: Scope<'_>, expr: &Expr, want: &Type) -> ChunkId {
    let mut g = Gen::new(pass, scope);
    let missing = g.code.label();
    let dst = g.code.reg();
    g.value_as(expr, want, dst, missing);
    g.code.emit(Op::Ret, dst, 0, 0, 0);
    g.code.place(missing);
    g.code.emit(Op::RetMissing, 0, 0, 0, 0);
    finish(g, expr, want)
}

/// What the value of a condition is good for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Truth {
    /// Something is decided by it: true, and else false. Unknown leads where false leads, so nothing is evaluated to tell them
    /// apart, and no register remembers anything.
    #[default]
    Decision,
    /// It is exact: true, false, or nothing when it is unknown.
    Exact,
}

/// A chunk that gives what a condition comes to, for a decision.
pub fn condition(pass: &mut Pass<'_>, scope: Scope<'_>, expr: &Expr) -> ChunkId {
    truth(pass, scope, expr, Truth::Decision)
}

/// A chunk that gives what a condition comes to.
pub fn truth(pass: &mut Pass<'_>, scope: Scope<'_>, expr: &Expr, truth: Truth) -> ChunkId {
    let mut g = Gen::new(pass, scope);
    let (yes, no) = (g.code.label(), g.code.label());
    let unknown = match truth {
        Truth::Decision => no,
        Truth::Exact => g.code.label(),
    };
    let dst = g.code.reg();
    if truth == Truth::Decision || g.is_test(expr) {
        g.branch(expr, yes, no, unknown);
        g.code.place(yes);
        g.code.emit(Op::Bool, dst, 0, 0, 1);
    } else {
        g.value(expr, dst, unknown);
    }
    g.code.emit(Op::Ret, dst, 0, 0, 0);
    g.code.place(no);
    g.code.emit(Op::Bool, dst, 0, 0, 0);
    g.code.emit(Op::Ret, dst, 0, 0, 0);
    if truth == Truth::Exact {
        g.code.place(unknown);
        g.code.emit(Op::RetMissing, 0, 0, 0, 0);
    }
    finish(g, expr, &Type::Boolean)
}

fn finish(g: Gen<'_, '_>, expr: &Expr, want: &Type) -> ChunkId {
    let Gen {
        pass,
        mut code,
        scope,
        reads_vars,
        reads_input,
        ..
    } = g;
    let result = pass.rows.word(want);
    let (instrs, registers) = code.finish().unwrap_or_else(|| {
        let why = "split it: bind parts of it with `let`";
        pass.problem(
            Problem::TooManySlots,
            expr.span,
            "this expression is larger than one can be",
            why,
        );
        (Vec::new(), u16::from(R_FREE))
    });
    let chunk = Chunk {
        vars: scope.vars.filter(|_| reads_vars).map(|vars| vars.row),
        input: scope.input.filter(|_| reads_input),
        registers,
        result,
        optional: instrs.iter().any(|i| i.op == Op::RetMissing),
        code: instrs,
    };
    let id = pass.pool.chunk(chunk, expr.span, code.namings());
    *pass.spare = code;
    id
}
