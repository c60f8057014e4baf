//! Evaluation of one compiled expression.
//!
//! Comes in: a loaded artifact, the three records an expression may read, an instant, a zone, fuel. Goes out: a word of the
//! chunk's type, nothing, or a fault. Never true here: a panic or unbounded work, whatever the artifact holds; a clock.
//!
//! | module | is |
//! |---|---|
//! | [`load`] | [`Loaded`]: imports resolved, constants laid out, row layouts put into the code |
//! | [`frame`] | [`Env`] and [`Frame`]: what an evaluation reads and what it reuses |
//! | [`run`] | the interpreter loop |

pub mod frame;
pub mod load;
pub mod run;

pub use crate::fault::{Fault, Fuel};
pub use frame::{Env, Frame};
pub use load::{LoadError, Loaded};
pub use run::{eval, eval_bool, eval_kept, eval_str, eval_value};
