//! The pure machine that advances one person at a time through verified artifacts.
pub mod advance;
pub mod deployment;
pub mod effects;
pub mod ids;
pub mod limits;
pub mod person;
pub mod wire;
pub mod eval;
pub mod fault;
pub mod func;
pub mod read;
pub mod record;
pub mod time;
pub mod value;
