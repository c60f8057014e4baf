//! JSON bytes to a record, by a field plan.
//!
//! Comes in: bytes from anywhere, a plan of a verified artifact. Goes out: a record of the plan's shape, or a coded
//! rejection that names the path, what was expected and what was found. Only what the plan reads is checked against it; the
//! rest must still be JSON. JSON `null` means missing; a field that its object must have is refused when it is missing. A key that the plan reads and that comes twice in one object is
//! refused: two values for one field have no meaning, and taking either would hide the sender's mistake.
//! Never true here: a value that the plan did not ask for.
//!
//! | module | is |
//! |---|---|
//! | [`reject`] | [`Rejection`] and its codes, [`Limits`] |
//! | [`walk`] | the walk |
//! | `keys`, `nesting`, `presence`, `scalars` | its leaves |

mod keys;
mod nesting;
mod presence;
pub mod reject;
mod scalars;
pub mod walk;

pub use reject::{Limits, RejectCode, Rejection};
pub use walk::read;
