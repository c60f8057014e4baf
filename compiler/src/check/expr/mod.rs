//! Expressions: from the tree to typed, resolved form.
//!
//! Comes in: an expression as written and a [`Scope`]. Goes out: a typed expression; what is wrong goes to the bag, each cause
//! once. Never here: steps, or a type that depends on a value.
//!
//! | module | is |
//! |---|---|
//! | [`cx`] | what the parts share: scope, findings |
//! | [`infer`] | one case per kind of expression |
//! | [`need`] | what a place asks: a condition, a type, presence |
//! | [`build`] | makers of typed expressions |
//! | [`literal`] | constants as written, texts with interpolations |
//! | [`path`] | names, keys, indices |
//! | [`field`] | fields: paths |
//! | [`part`] | parts of what is written out |
//! | [`ops`] | operators: arithmetic, logic, what stands in for what is missing |
//! | [`comparison`] | operators that compare: with a value, a list, a range |
//! | [`call`] | functions: the table's, the package's, and those with a lambda |
//! | [`written`] | records and lists that are written out |
//! | [`fit`] | which form of a function fits its arguments |
//! | [`clock`] | whose hour and day is asked for |
//! | [`refused`] | constants that a function refuses |

pub mod build;
pub mod call;
pub mod clock;
pub mod comparison;
pub mod cx;
pub mod field;
pub mod fit;
pub mod infer;
pub mod literal;
pub mod need;
pub mod ops;
pub mod part;
pub mod path;
pub mod refused;
pub mod written;

pub use cx::{ExprCx, Input, Local, Scope};
pub use infer::unparen;
