//! JSON bytes to a record, by a field plan.
//!
//! Comes in: bytes from anywhere, a plan of a verified artifact. Goes out: a record of the plan's shape, or a coded
//! rejection that names the path, what was expected and what was found. The whole text must be JSON, and is looked at as
//! such first; then only what the plan reads is checked against it. JSON `null` means missing; a field that its object must
//! have is refused when it is missing. A key that the plan reads and that comes twice in one object is refused: two values
//! for one field have no meaning, and taking either would hide the sender's mistake.
//! Never true here: a value that the plan did not ask for.
//!
//! | module | is |
//! |---|---|
//! | [`reject`] | [`Rejection`] and its codes, [`Limits`] |
//! | [`prepared`] | [`Prepared`]: a plan as the walk wants it, made once |
//! | [`reader`] | [`Reader`], the memory that is used again and again; [`Indexed`], a document that plans read |
//! | `walk` | the walk |
//! | `recipe`, `recipes` | documents built like earlier ones, read as those were |
//! | `rows`, `text` | the walk's lists and maps, and its texts |
//! | `table` | a few texts, told apart by their first and last bytes |
//! | `scalars`, `refusal` | words for types, time texts; a refusal on its way out |

pub mod prepared;
pub mod reader;
mod recipe;
mod recipes;
mod refusal;
pub mod reject;
mod rows;
mod scalars;
mod table;
mod text;
mod walk;

pub use prepared::Prepared;
pub use reader::{Indexed, Member, Reader, read, read_into};
pub use reject::{Limits, RejectCode, Rejection};
