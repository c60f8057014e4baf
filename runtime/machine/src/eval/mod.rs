//! Evaluation of one compiled expression.
//!
//! Comes in: a loaded artifact, the three records an expression may read, an instant, a zone, fuel. Goes out: a word of the
//! chunk's type, nothing, or a fault. Never true here: a panic or unbounded work, whatever the artifact holds; a clock.
//!
//! | module | is |
//! |---|---|
//! | [`load`] | [`Loaded`]: imports resolved, constants laid out, row layouts put into the code |
//! | `load_error`, [`ops`] | why it cannot be run; kinds of operations, and what is jumped to |
//! | [`dead`] | which registers somebody may still read |
//! | [`tables`] | constants, functions, layouts: what instructions name by an index |
//! | `fast`, `fuse` | the code as the interpreter's loop runs it; how it is made |
//! | [`frame`] | [`Env`] and [`Frame`]: what an evaluation reads and what it reuses |
//! | `compare` | what comparisons are |
//! | `decide` | the way through a chunk that is nothing but clauses |
//! | `run`, `surroundings` | the interpreter loop; what it works on, and what it does out of line |
//! | `sight` | rows and texts where it finds them |
//! | [`shortcut`] | calls over texts that are carried out together |
//! | [`set`] | sets of constants, and whether a value is in one |
//! | [`clock`], `around` | calls of functions over instants, wall clocks and dates; instants against the present one |
//! | [`step`](mod@step) | one instruction by itself: the operations that are the same in every tier |
//! | [`tier`] | what a chunk runs on; where a compiler puts its code in |
//! | [`view`], [`work`] | what compiled code is given: rows; and what operations left to the machine need |
//! | [`aside`] | what compiled code has done without that |
//! | [`entry`] | the ways in |

mod around;
pub mod aside;
pub mod clock;
mod compare;
pub mod dead;
mod decide;
pub mod entry;

mod fast;
pub mod frame;
mod fuse;
pub mod load;
mod load_error;
pub mod ops;
mod run;
pub mod set;
pub mod shortcut;
mod sight;
pub mod step;
mod surroundings;
pub mod tables;
pub mod tier;
pub mod view;
pub mod work;

pub use crate::fault::{Fault, Fuel};
pub use entry::{
    Ready, eval, eval_bool, eval_kept, eval_str, eval_to, eval_value, explained, interpret,
};
pub use frame::{Env, Frame};
pub use load::Loaded;
pub use load_error::LoadError;
