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
//! | `header` | magic, version, [`Hash`](struct@Hash), [`Description`] |
//! | `frame` | header, hashes, section table |
//! | `tables` | what stands in each section |

mod frame;
mod header;
mod tables;

pub use header::{Description, FORMAT_VERSION, Hash, MAGIC, SectionInfo};

use crate::limits;
use crate::model::Artifact;
use crate::refusal::{Refusal, RefusalKind, Section};

/// Writes an artifact. The same artifact gives the same bytes; nothing is verified (see [`crate::verified`]).
pub fn write(artifact: &Artifact) -> Vec<u8> {
    frame::join(&tables::encode(artifact))
}

/// Computes what [`write`](fn@write) would say about an artifact, and refuses what [`read`] would refuse for its size.
pub fn describe(artifact: &Artifact) -> Result<Description, Refusal> {
    let bodies = tables::encode(artifact);
    let bytes = frame::join(&bodies);
    let frame = frame::split(&bytes)?;
    Ok(description(&frame.account, artifact))
}

/// Computes what [`write`](fn@write) would say about an artifact that is within its limits.
pub(crate) fn describe_unbounded(artifact: &Artifact) -> Description {
    description(&frame::account(&tables::encode(artifact)), artifact)
}

/// Whether an artifact is surely within the limits of every section: expressions by themselves are.
pub(crate) fn is_small(artifact: &Artifact) -> bool {
    tables::at_most(artifact).is_some_and(|bytes| bytes <= limits::SECTION_BYTES)
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
                RefusalKind::NotCanonical,
                *section,
                "",
                reason,
            ));
        }
    }
    let description = description(&frame.account, &artifact);
    Ok((artifact, description))
}

/// Puts the right content hash into the header of a file whose content was changed: for tests of hostile files.
pub fn rehash(bytes: &mut [u8]) {
    frame::rehash(bytes);
}

fn description(frame: &frame::Account, artifact: &Artifact) -> Description {
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
