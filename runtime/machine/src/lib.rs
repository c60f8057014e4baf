//! The pure machine that advances one person at a time through verified artifacts.
pub mod eval;
pub mod fault;
pub mod func;
pub mod read;
pub mod record;
pub mod time;
pub mod value;
