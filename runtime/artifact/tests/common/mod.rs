//! Artifacts for the tests.
#![allow(dead_code, unused_imports)] // Each test file uses its part.

pub mod asm;
mod build;
mod package;
pub mod wrong;

pub use build::{Build, Die, op};
pub use package::{large, small};
