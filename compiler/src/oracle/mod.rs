//! The slow, obvious evaluator over the checked program: the second opinion that the bytecode interpreter is held against.
//!
//! Comes in: a checked expression, JSON for the profile, the input and the variables, an instant and a zone. Goes out: its
//! value ([`eval`]), its value if nothing outside can change it ([`const_eval`]), or the values of its parts ([`explain`]).
//! It walks JSON by names and knows no plan, slot, register or word. One thing it shares with the interpreter: functions of the
//! one table are called through the table; their examples and the conformance data are what holds those. List functions that
//! are expanded in place are written here a second time. Never true here: speed, input or output.
//!
//! | module | is |
//! |---|---|
//! | `scope` | what an expression can see |
//! | `walk` | the tree walk, one case per kind of expression |
//! | `ops` | operators on present values |
//! | `lists` | the list functions that take lambdas or are expanded in place |
//! | `natives` | calls into the one function table |
//! | `json` | JSON read as a type, ISO 8601 by hand |
//! | `value`, `boundary` | the oracle's values; to and from the machine's |
//! | `constant` | what is known when the package is built |
//! | `parts` | the values of the parts |
//! | `print` | an expression as text |

mod boundary;
mod constant;
mod json;
mod lists;
mod natives;
mod ops;
mod parts;
mod print;
mod scope;
#[cfg(test)]
mod tests;
mod value;
mod walk;

pub use constant::{Constant, const_eval, const_truth, literal};
pub use parts::{Part, explain, explain_named};
pub use print::{text, text_named};
pub use scope::{Bound, Scope};
pub use value::OracleError;

use crate::hir::Expr;
use journey_machine::value::Value;

/// The value of `expr`, or `None` when it is missing (of a boolean: unknown).
pub fn eval(expr: &Expr, scope: &Scope<'_>) -> Result<Option<Value>, OracleError> {
    match walk::Eval::new(scope).eval(expr)? {
        None => Ok(None),
        Some(val) => boundary::to_value(&val, &expr.ty).map(Some),
    }
}
