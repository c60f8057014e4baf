//! The only artifact that may be run: one whose every index, jump and register type was checked.
//!
//! Comes in: bytes ([`read`]) or a value ([`verify`]). Goes out: [`Verified`], which cannot be made in another way and
//! cannot be changed. Never true here: a panic, whatever comes in.

use crate::format::{self, Description, Hash, SectionInfo};
use crate::model::Artifact;
use crate::refusal::Refusal;
use crate::verify::{Memory, check};
use std::ops::Deref;
use std::sync::OnceLock;

/// A verified artifact, with its hashes.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Boxed: it is large, and handed on more often than it is asked for.
    artifact: Box<Artifact>,
    /// Made when somebody asks: hashing costs more than checking a small artifact.
    description: OnceLock<Description>,
}

impl PartialEq for Verified {
    fn eq(&self, other: &Verified) -> bool {
        self.artifact == other.artifact
    }
}

impl Verified {
    /// Hash of the program: the same when only comments or lines moved.
    pub fn program_hash(&self) -> Hash {
        self.description().program
    }

    /// Hash of the whole content, source map included: what content-addresses the file.
    pub fn content_hash(&self) -> Hash {
        self.description().content
    }

    /// The sections, in file order, with their sizes.
    pub fn sections(&self) -> &[SectionInfo] {
        &self.description().sections
    }

    /// Bytes of the file.
    pub fn file_len(&self) -> u64 {
        self.sections()
            .last()
            .map_or(0, |last| last.offset + last.len)
    }

    fn description(&self) -> &Description {
        let describe = || format::describe_unbounded(&self.artifact);
        self.description.get_or_init(describe)
    }

    /// The file's bytes, as [`crate::write`] gives them.
    pub fn to_bytes(&self) -> Vec<u8> {
        format::write(&self.artifact)
    }

    /// Gives the artifact back, to be changed; it is then no longer verified.
    pub fn into_artifact(self) -> Artifact {
        *self.artifact
    }
}

impl Deref for Verified {
    type Target = Artifact;

    fn deref(&self) -> &Artifact {
        &self.artifact
    }
}

/// Reads and verifies a file. Bytes from anywhere may come in: what is not right is refused with a reason.
pub fn read(bytes: &[u8]) -> Result<Verified, Refusal> {
    let (artifact, description) = format::read(bytes)?;
    check(&artifact, &mut Memory::default())?;
    Ok(Verified {
        artifact: Box::new(artifact),
        description: description.into(),
    })
}

/// Verifies an artifact made in memory.
pub fn verify(artifact: impl Into<Box<Artifact>>) -> Result<Verified, Refusal> {
    Verifier::default().verify(artifact)
}

/// Verifies artifacts one after another, in memory that is used again.
#[derive(Debug, Default)]
pub struct Verifier {
    memory: Memory,
}

impl Verifier {
    /// What [`verify`] says of an artifact.
    ///
    /// # Errors
    /// The first thing that does not hold of it.
    pub fn verify(&mut self, artifact: impl Into<Box<Artifact>>) -> Result<Verified, Refusal> {
        let artifact = artifact.into();
        check(&artifact, &mut self.memory)?;
        let description = OnceLock::new();
        if !format::is_small(&artifact) {
            let _ = description.set(format::describe(&artifact)?);
        }
        Ok(Verified {
            artifact,
            description,
        })
    }
}
