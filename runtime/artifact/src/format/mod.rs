//! The file form: a header, a table of sections, the sections.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | magic `JRNY` |
//! | 4 | format version, little-endian as every number here |
//! | 32 | content hash: SHA-256 of everything that follows |
//! | 4 | number of sections |
//! | 20 each | section id (4), offset from the file's start (8), length (8) |
//! | … | the sections, in order of id, without gaps, up to the file's end |
//!
//! Comes in: an artifact, or bytes from anywhere. Goes out: bytes, the same for the same artifact, or an artifact that is
//! well-formed but **not yet verified**. Never true here: two byte strings for one artifact, or an allocation that the
//! input's length does not bound.
//!
//! | module | is |
//! |---|---|
//! | `frame` | header, hashes, section table |
//! | `tables` | what stands in each section |

mod frame;
mod tables;

use crate::model::Artifact;
use crate::refusal::{Refusal, Section};
use std::fmt;

/// The version of the format that this crate reads and writes.
pub const FORMAT_VERSION: u32 = 1;
/// The first four bytes of an artifact.
pub const MAGIC: [u8; 4] = *b"JRNY";

/// A SHA-256 hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Where a section lies in the file and how much is in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SectionInfo {
    /// Which.
    pub section: Section,
    /// Its first byte, from the file's start.
    pub offset: u64,
    /// Its bytes.
    pub len: u64,
    /// Its entries: strings, shapes, instructions (of `code`), 1 (of `package` and `source map`).
    pub count: u64,
}

/// What the file says about itself, beside the artifact.
#[derive(Clone, PartialEq, Debug)]
pub struct Description {
    /// Hash of the whole content; names the file.
    pub content: Hash,
    /// Hash of the program: every section but the source map. The same when only comments or lines moved.
    pub program: Hash,
    /// The sections in file order.
    pub sections: Vec<SectionInfo>,
}

/// Writes an artifact. The same artifact gives the same bytes; nothing is verified (see [`crate::verified`]).
pub fn write(artifact: &Artifact) -> Vec<u8> {
    frame::join(&tables::encode(artifact))
}

/// Computes what [`write`] would say about an artifact, and refuses what [`read`] would refuse for its size.
pub fn describe(artifact: &Artifact) -> Result<Description, Refusal> {
    let bodies = tables::encode(artifact);
    let bytes = frame::join(&bodies);
    let frame = frame::split(&bytes)?;
    Ok(description(&frame, artifact))
}

/// Reads an artifact: frame, hash, sections, canonical form. Its meaning is **not** verified yet.
pub fn read(bytes: &[u8]) -> Result<(Artifact, Description), Refusal> {
    let frame = frame::split(bytes)?;
    let artifact = tables::decode(&frame.bodies)?;
    let again = tables::encode(&artifact);
    for (section, (found, canonical)) in Section::ALL.iter().zip(frame.bodies.iter().zip(&again)) {
        if found != canonical {
            let reason = "not in the one form that the writer gives it";
            return Err(Refusal::new(
                crate::refusal::RefusalKind::NotCanonical,
                *section,
                "",
                reason,
            ));
        }
    }
    let description = description(&frame, &artifact);
    Ok((artifact, description))
}

/// Puts the right content hash into the header of a file whose content was changed: for tests of hostile files.
pub fn rehash(bytes: &mut [u8]) {
    frame::rehash(bytes);
}

fn description(frame: &frame::Frame, artifact: &Artifact) -> Description {
    let sections = Section::ALL.iter().zip(&frame.places);
    Description {
        content: frame.content,
        program: frame.program,
        sections: sections
            .map(|(&section, &(offset, len))| {
                let count = tables::count(artifact, section) as u64;
                SectionInfo {
                    section,
                    offset,
                    len,
                    count,
                }
            })
            .collect(),
    }
}
