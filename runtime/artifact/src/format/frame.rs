//! Header, hashes and section table. Bytes in, slices of sections out, and back; nothing is decoded here.

use super::header::{FORMAT_VERSION, Hash, MAGIC};
use crate::limits;
use crate::refusal::{Refusal, RefusalKind, Section};
use sha2::{Digest, Sha256};

const HASH_AT: usize = 8;
const CONTENT_AT: usize = HASH_AT + 32;
const TABLE_AT: usize = CONTENT_AT + 4;
const ENTRY: usize = 20;
const BODIES_AT: usize = TABLE_AT + ENTRY * Section::ALL.len();

/// A file taken apart.
pub(super) struct Frame<'a> {
    /// The bytes of each section, as in [`Section::ALL`].
    pub bodies: Vec<&'a [u8]>,
    /// Where they lie, and the hashes.
    pub account: Account,
}

/// Where sections lie, and the hashes over them.
pub(super) struct Account {
    /// Offset and length of each, as in [`Section::ALL`].
    pub places: Vec<(u64, u64)>,
    /// See `Description`.
    pub content: Hash,
    /// See `Description`.
    pub program: Hash,
}

/// Most bytes of a section.
fn most(section: Section) -> usize {
    match section {
        Section::Strings | Section::Code | Section::SourceMap => limits::LARGE_SECTION_BYTES,
        _ => limits::SECTION_BYTES,
    }
}

pub(super) fn join(bodies: &[Vec<u8>]) -> Vec<u8> {
    let total: usize = bodies.iter().map(Vec::len).sum();
    let mut out = Vec::with_capacity(BODIES_AT + total);
    out.extend(MAGIC);
    out.extend(FORMAT_VERSION.to_le_bytes());
    out.extend([0; 32]);
    out.extend((Section::ALL.len() as u32).to_le_bytes());
    let mut offset = BODIES_AT as u64;
    for (section, body) in Section::ALL.iter().zip(bodies) {
        out.extend(section.id().to_le_bytes());
        out.extend(offset.to_le_bytes());
        out.extend((body.len() as u64).to_le_bytes());
        offset += body.len() as u64;
    }
    for body in bodies {
        out.extend_from_slice(body);
    }
    rehash(&mut out);
    out
}

pub(super) fn rehash(bytes: &mut [u8]) {
    if bytes.len() >= CONTENT_AT {
        let hash: [u8; 32] = Sha256::digest(&bytes[CONTENT_AT..]).into();
        bytes[HASH_AT..CONTENT_AT].copy_from_slice(&hash);
    }
}

pub(super) fn split(bytes: &[u8]) -> Result<Frame<'_>, Refusal> {
    let refuse = |kind, reason: String| Err(Refusal::file(kind, reason));
    if bytes.len() > limits::ARTIFACT_BYTES {
        return refuse(
            RefusalKind::TooLarge,
            format!(
                "{} bytes; an artifact has at most {}",
                bytes.len(),
                limits::ARTIFACT_BYTES
            ),
        );
    }
    if !bytes.starts_with(&MAGIC) {
        return refuse(
            RefusalKind::NotAnArtifact,
            "it does not begin with `JRNY`".into(),
        );
    }
    let Some(version) = u32_at(bytes, 4) else {
        return refuse(RefusalKind::Truncated, "it ends inside its header".into());
    };
    if version != FORMAT_VERSION {
        let reason = format!(
            "format version {version}; this reader knows {FORMAT_VERSION}: build it again with a compiler of this version"
        );
        return refuse(RefusalKind::Version, reason);
    }
    let Some(content) = bytes.get(HASH_AT..CONTENT_AT) else {
        return refuse(RefusalKind::Truncated, "it ends inside its header".into());
    };
    let actual: [u8; 32] = Sha256::digest(&bytes[CONTENT_AT..]).into();
    if content != actual {
        return refuse(
            RefusalKind::Hash,
            "the content does not match its hash: the file was damaged or changed".into(),
        );
    }
    if bytes.len() < BODIES_AT {
        return refuse(
            RefusalKind::Truncated,
            "it ends inside its section table".into(),
        );
    }
    if u32_at(bytes, CONTENT_AT) != Some(Section::ALL.len() as u32) {
        return refuse(
            RefusalKind::SectionTable,
            format!("a file of this version has {} sections", Section::ALL.len()),
        );
    }
    let mut bodies = Vec::new();
    let mut end = BODIES_AT;
    for (index, &section) in Section::ALL.iter().enumerate() {
        let body = body(bytes, section, TABLE_AT + index * ENTRY, end)?;
        end += body.len();
        bodies.push(body);
    }
    if end != bytes.len() {
        return refuse(
            RefusalKind::SectionTable,
            format!("{} bytes after the last section", bytes.len() - end),
        );
    }
    Ok(Frame {
        account: places(&bodies, Hash(actual)),
        bodies,
    })
}

/// The account of a file that these sections would make.
pub(super) fn account(bodies: &[Vec<u8>]) -> Account {
    let bytes = join(bodies);
    let content: [u8; 32] = Sha256::digest(&bytes[CONTENT_AT..]).into();
    let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
    places(&bodies, Hash(content))
}

/// Where sections lie, one behind the other, and the hash of those that are the program.
fn places(bodies: &[&[u8]], content: Hash) -> Account {
    let mut account = Account {
        places: Vec::new(),
        content,
        program: Hash([0; 32]),
    };
    let mut program = Sha256::new();
    program.update(MAGIC);
    program.update(FORMAT_VERSION.to_le_bytes());
    let mut end = BODIES_AT;
    for (section, body) in Section::ALL.iter().zip(bodies) {
        if section.in_program() {
            program.update(section.id().to_le_bytes());
            program.update((body.len() as u64).to_le_bytes());
            program.update(body);
        }
        account.places.push((end as u64, body.len() as u64));
        end += body.len();
    }
    account.program = Hash(program.finalize().into());
    account
}

/// The bytes of the section whose table entry stands at `at` and which must begin at `begin`.
fn body(bytes: &[u8], section: Section, at: usize, begin: usize) -> Result<&[u8], Refusal> {
    let refuse = |kind, reason: String| Err(Refusal::new(kind, section, "", reason));
    let (id, offset, len) = (
        u32_at(bytes, at),
        u64_at(bytes, at + 4),
        u64_at(bytes, at + 12),
    );
    if id != Some(section.id()) || offset != Some(begin as u64) {
        return refuse(
            RefusalKind::SectionTable,
            "sections stand in order of their ids, one after the other".into(),
        );
    }
    let len = len
        .and_then(|len| usize::try_from(len).ok())
        .unwrap_or(usize::MAX);
    if len > most(section) {
        return refuse(
            RefusalKind::TooLarge,
            format!("{len} bytes; it has at most {}", most(section)),
        );
    }
    match bytes.get(begin..begin + len) {
        Some(body) => Ok(body),
        None => refuse(
            RefusalKind::SectionTable,
            "it reaches beyond the end of the file".into(),
        ),
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}
