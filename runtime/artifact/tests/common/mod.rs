//! Artifacts for the tests.
#![allow(dead_code, unused_imports)] // Each test file uses its part.

pub mod asm;
mod build;
mod package;
pub mod wrong;

pub use build::{Build, Die, op};
pub use package::{large, small};

use journey_artifact::model::Artifact;
use journey_artifact::{Refusal, Verified, Verifier, verify};
use std::cell::RefCell;

/// What the verifier says of an artifact: the same in memory that others, whole and broken, went through before.
pub fn verified(artifact: Artifact) -> Result<Verified, Refusal> {
    thread_local! {
        static USED: RefCell<Verifier> = RefCell::default();
    }
    let again = USED.with_borrow_mut(|used| used.verify(artifact.clone()));
    let fresh = verify(artifact);
    assert_eq!(again, fresh);
    fresh
}
