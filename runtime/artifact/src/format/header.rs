//! What the header says: magic, version, hashes, and where each section lies.

use crate::refusal::Section;
use std::fmt;

/// The version of the format that this crate reads and writes.
pub const FORMAT_VERSION: u32 = 7;
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
