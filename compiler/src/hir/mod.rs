//! The checked program: names resolved, types known, sugar gone. What flow analyses, lowering and the oracle read.
//!
//! Comes in from [`crate::check`]; goes out to `flow`, `lower`, `oracle` and the hosts.
//! Never true here: an unresolved name, user functions and constants (they were inlined and folded), an expression whose
//! parts disagree in type. Where something was reported the type is `Type::Error`; a program with errors is never lowered.
//!
//! | module | is |
//! |---|---|
//! | [`ids`] | indices |
//! | [`program`] | the whole, events, sources and actions |
//! | [`journey`] | journeys and their steps |
//! | [`steps`] | a walk over all steps of a journey |
//! | [`expr`] | typed expressions |
//! | [`path`] | the steps of paths |
//! | [`spare`] | memory of expressions, used again |
//! | [`mod@test`] | tests |
//! | [`walk`] | walking over typed expressions |

pub mod expr;
pub mod ids;
pub mod journey;
pub mod path;
pub mod program;
pub mod spare;
pub mod steps;
pub mod test;
pub mod walk;

pub use expr::{Arg, ArithOp, CompareOp, Expr, ExprKind, Literal, Root};
pub use ids::{CallId, EventId, LocalId, VarId};
pub use journey::{
    Arm, Block, Exit, ExitWhen, FixedSpan, Journey, Listen, Outcome, OutcomeKind, Reenter, Step,
    StepKind, Var, VarKind, When,
};
pub use path::{Step as PathStep, Steps};
pub use program::{Auth, Call, Event, Program, Template, TokenPlace};
pub use spare::Spare;
pub use steps::{each_heard, each_step};
pub use test::{Expectation, Statement, StatementKind, StubAnswer, Test};
