//! Expressions of the native dialect, from text to answer: checked, lowered, interpreted, and evaluated by the oracle.
//!
//! | module | is |
//! |---|---|
//! | [`answer`] | one expression in a package of its own |
//! | [`examples`] | every example of every function in the one table |
//! | [`conformance`] | the reference system's expressions that are also ours |

mod answer;
mod conformance;
mod examples;
