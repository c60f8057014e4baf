//! Typed views of the tree. In: a node. Out: what the language calls it, and its parts by name. Every accessor may find nothing, since
//! the text may be half written; no view computes, resolves or types anything.
//!
//! * `view` — the trait and the macros all views are made of
//! * `name`, `types`, `expr`, `key` — names, types as written, expressions and literals, what names a field
//! * `trigger`, `step`, `setting` — what a journey listens for, does and promises
//! * `call`, `policy`, `test`, `decl` — what the declarations hold, and the file

pub(crate) mod view;

pub mod call;
pub mod decl;
pub mod expr;
pub mod key;
pub mod name;
pub mod policy;
pub mod setting;
pub mod step;
pub mod test;
pub mod trigger;
pub mod types;

pub use call::*;
pub use decl::*;
pub use expr::*;
pub use key::Key;
pub use name::{Label, Name, QName, error_words};
pub use policy::*;
pub use setting::*;
pub use step::*;
pub use test::*;
pub use trigger::*;
pub use types::*;
pub use view::AstNode;
