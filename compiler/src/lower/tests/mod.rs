//! Lowering, end to end: sources in, verified artifacts out, and the same answers as the oracle's.
//!
//! | module | is |
//! |---|---|
//! | [`package`] | packages from the examples' folders and from text |
//! | [`discriminators`] | what an index may look up of a `where` |
//! | [`examples`] | the examples lower, verify, and depend on nothing they should not |
//! | [`expressions`] | expressions: interpreter against oracle |
//! | [`maps`] | maps of which only constant keys are read |
//! | [`required`] | what must be there, in plans and calls |
//! | [`steps`] | nodes, variables that stay, what is kept of events |

mod discriminators;
mod examples;
mod expressions;
mod maps;
mod package;
mod required;
mod steps;
