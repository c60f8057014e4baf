//! Machine code for the expressions of a verified artifact.
//!
//! Comes in: a loaded program and which of its chunks. Goes out: their code, put into the program's tiers; evaluations that begin
//! then run it. The interpreter is the meaning: compiled code answers the same, bit for bit, fuel included, and hands over to it
//! whatever it does not expect. Never true here: a second implementation of a function, but for what `short` and `clock` do in place;
//! memory that is writable and executable; code that outlives its program; compilation on a thread that evaluates (see [`Tiering`]).
//!
//! | module | is |
//! |---|---|
//! | [`compile`] | [`Compiler`]: chunks to code |
//! | `program` | a chunk and what is asked of its program |
//! | `plan`, `at`, `over`, `presence` | what must be known of a chunk before: blocks; where references point; loops over a list; which presence bits are looked at together |
//! | `emit`, `registers`, `ends` | instruction by instruction; what registers hold; how code ends, and the fuel it leaves |
//! | `rows`, `number`, `text` | slots and lists; numbers; texts |
//! | `loops` | the code of loops over a list whose rows are only looked at |
//! | `sets` | whether a value is in a set of constants |
//! | `clock`, `calendar` | instants, wall clocks and dates; quotients, days and what a calendar says of them |
//! | `direct`, `calls`, `quotient` | which calls need no place of work; how they are done; quotients by a constant |
//! | `short`, `leave` | what the machine is asked for: calls carried out together; one instruction |
//! | `frame`, `handover` | code that uses no stack gets no frame; where code hands over to the interpreter |
//! | `memory` | executable memory |
//! | [`tiering`] | [`Tiering`]: what is hot is compiled on a thread of its own |

mod at;
mod calendar;
mod calls;
mod clock;
pub mod compile;
mod direct;
mod emit;
mod ends;
mod frame;
mod handover;
mod leave;
mod loops;
mod memory;
mod number;
mod over;
mod plan;
mod presence;
mod program;
mod quotient;
mod registers;
mod rows;
mod sets;
mod short;
#[cfg(test)]
mod testing;
mod text;
pub mod tiering;

pub use compile::{Compiler, MOST_INSTRUCTIONS, NotCompiled};
pub use tiering::{Mode, Tiering};
