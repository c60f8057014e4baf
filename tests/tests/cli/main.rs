//! The command line as its users meet it: what it prints, how it ends, what it does with bad input; and every command and
//! snippet of the documentation.
//!
//! What a command prints is held against `tests/golden/*.txt`; `JOURNEY_BLESS=1` writes those files.

mod command;
mod documents;
mod ends;
mod errors;
mod files;
mod golden;
mod replay;
