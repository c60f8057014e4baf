//! What stands in each section: postcard records for the tables, eight raw bytes an instruction for code.
//!
//! A count is checked before its table is decoded; a record that nests is flat in the file ([`crate::flat`]).

use crate::code::Instr;
use crate::limits;
use crate::model::{Artifact, Chunk, PlanId, PlanNode, SourceMap, StrId, Want};
use crate::refusal::{Refusal, RefusalKind, Section};
use crate::word::{ShapeId, WordType};
use serde::Serialize;
use serde::de::DeserializeOwned;

#[derive(Serialize, serde::Deserialize)]
struct Package {
    name: String,
    version: String,
    environment: Option<String>,
    identities: Vec<StrId>,
    profile: Option<PlanId>,
}

/// A chunk without its instructions.
#[derive(Serialize, serde::Deserialize)]
struct Header {
    vars: Option<ShapeId>,
    input: Option<ShapeId>,
    registers: u16,
    result: WordType,
    optional: bool,
    instructions: u32,
}

/// Entries of a section.
pub(super) fn count(artifact: &Artifact, section: Section) -> usize {
    match section {
        Section::Package | Section::SourceMap => 1,
        Section::Strings => artifact.strings.len(),
        Section::Constants => artifact.constants.len(),
        Section::Sets => artifact.sets.len(),
        Section::Shapes => artifact.shapes.len(),
        Section::Plans => artifact.plans.len(),
        Section::Imports => artifact.imports.len(),
        Section::Chunks => artifact.chunks.len(),
        Section::Code => artifact.chunks.iter().map(|chunk| chunk.code.len()).sum(),
        Section::Events => artifact.events.len(),
        Section::Calls => artifact.calls.len(),
        Section::Journeys => artifact.journeys.len(),
    }
}

/// More bytes than any section of an artifact takes that declares nothing and says nothing of its source; `None` of one that
/// does. A number takes at most ten bytes, a record of `n` of them at most ten times as many.
pub(super) fn at_most(artifact: &Artifact) -> Option<usize> {
    const RECORD: usize = 64;
    let declares = !(artifact.events.is_empty()
        && artifact.calls.is_empty()
        && artifact.journeys.is_empty()
        && artifact.source_map == SourceMap::default());
    if declares {
        return None;
    }
    let texts = artifact.strings.bytes() + artifact.strings.len() * RECORD;
    let slots = artifact.shapes.iter().map(|shape| shape.slots.len() + 1);
    let params = artifact
        .imports
        .iter()
        .map(|import| import.params.len() + 1);
    let code = artifact.chunks.iter().map(|chunk| chunk.code.len() + 1);
    let nodes = artifact.plans.iter().map(|plan| nodes(&plan.root) + 1);
    let sets: usize = artifact.sets.iter().map(|set| set.len() + 1).sum();
    let records = artifact.constants.len() + sets + artifact.identities.len();
    let records = records + slots.chain(params).chain(code).chain(nodes).sum::<usize>();
    let package = artifact.name.len() + artifact.version.len();
    let environment = artifact.environment.as_ref().map_or(0, String::len);
    Some(texts + (records + 1) * RECORD + package + environment)
}

/// The records that a plan's node and those below it take. As deep as a plan that was verified.
fn nodes(node: &PlanNode) -> usize {
    1 + match &node.want {
        Want::Object(fields) => {
            fields.len() + fields.iter().map(|(_, node)| nodes(node)).sum::<usize>()
        }
        Want::List(_, item) | Want::Map(_, item) => nodes(item),
        Want::Enum(values) => values.len(),
        Want::Scalar(_) | Want::Any => 0,
    }
}

/// The bytes of every section, as in [`Section::ALL`].
pub(super) fn encode(artifact: &Artifact) -> Vec<Vec<u8>> {
    Section::ALL
        .iter()
        .map(|&section| encode_one(artifact, section))
        .collect()
}

fn encode_one(artifact: &Artifact, section: Section) -> Vec<u8> {
    match section {
        Section::Package => record(&Package {
            name: artifact.name.clone(),
            version: artifact.version.clone(),
            environment: artifact.environment.clone(),
            identities: artifact.identities.clone(),
            profile: artifact.profile,
        }),
        Section::Strings => record(&artifact.strings),
        Section::Constants => record(&artifact.constants),
        Section::Sets => record(&artifact.sets),
        Section::Shapes => record(&artifact.shapes),
        Section::Plans => record(&artifact.plans),
        Section::Imports => record(&artifact.imports),
        Section::Chunks => record(&artifact.chunks.iter().map(header).collect::<Vec<_>>()),
        Section::Code => artifact
            .chunks
            .iter()
            .flat_map(|chunk| &chunk.code)
            .flat_map(|i| i.word().to_le_bytes())
            .collect(),
        Section::Events => record(&artifact.events),
        Section::Calls => record(&artifact.calls),
        Section::Journeys => record(&artifact.journeys),
        Section::SourceMap => record(&artifact.source_map),
    }
}

/// The only failures postcard has when it writes to memory are sequences of unknown length and what our own
/// implementations report (an array beyond 2^32 items, which no memory holds): neither depends on input.
fn record<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).expect("tables have known lengths")
}

fn header(chunk: &Chunk) -> Header {
    Header {
        vars: chunk.vars,
        input: chunk.input,
        registers: chunk.registers,
        result: chunk.result,
        optional: chunk.optional,
        instructions: u32::try_from(chunk.code.len()).unwrap_or(u32::MAX),
    }
}

/// Sections back into an artifact.
pub(super) fn decode(bodies: &[&[u8]]) -> Result<Artifact, Refusal> {
    let at = |section: Section| {
        bodies
            .get(section.id() as usize - 1)
            .copied()
            .unwrap_or_default()
    };
    let package: Package = whole(at(Section::Package), Section::Package)?;
    let headers: Vec<Header> = table(at(Section::Chunks), Section::Chunks, limits::CHUNKS)?;
    Ok(Artifact {
        name: package.name,
        version: package.version,
        environment: package.environment,
        strings: counted(at(Section::Strings), Section::Strings, limits::STRINGS)?,
        constants: table(
            at(Section::Constants),
            Section::Constants,
            limits::NAMED_IN_CODE,
        )?,
        sets: table(at(Section::Sets), Section::Sets, limits::NAMED_IN_CODE)?,
        shapes: table(at(Section::Shapes), Section::Shapes, limits::NAMED_IN_CODE)?,
        plans: table(at(Section::Plans), Section::Plans, limits::PLANS)?,
        imports: table(
            at(Section::Imports),
            Section::Imports,
            limits::NAMED_IN_CODE,
        )?,
        chunks: chunks(headers, at(Section::Code))?,
        profile: package.profile,
        identities: package.identities,
        events: table(at(Section::Events), Section::Events, limits::DECLARATIONS)?,
        calls: table(at(Section::Calls), Section::Calls, limits::DECLARATIONS)?,
        journeys: table(at(Section::Journeys), Section::Journeys, limits::JOURNEYS)?,
        source_map: whole(at(Section::SourceMap), Section::SourceMap)?,
    })
}

/// One value that takes all bytes of its section.
fn whole<T: DeserializeOwned>(bytes: &[u8], section: Section) -> Result<T, Refusal> {
    match postcard::take_from_bytes::<T>(bytes) {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => malformed(section, format!("{} bytes after its end", rest.len())),
        Err(error) => malformed(section, format!("{error}")),
    }
}

/// A sequence; its count is looked at first, since that is what memory is reserved for.
fn table<T: DeserializeOwned>(
    bytes: &[u8],
    section: Section,
    most: usize,
) -> Result<Vec<T>, Refusal> {
    counted(bytes, section, most)
}

fn counted<T: DeserializeOwned>(bytes: &[u8], section: Section, most: usize) -> Result<T, Refusal> {
    let count = match postcard::take_from_bytes::<u64>(bytes) {
        Ok((count, _)) => count,
        Err(error) => return malformed(section, format!("{error}")),
    };
    if count > most as u64 {
        return Err(Refusal::new(
            RefusalKind::TooLarge,
            section,
            "",
            format!("{count} entries; it has at most {most}"),
        ));
    }
    whole(bytes, section)
}

fn malformed<T>(section: Section, reason: String) -> Result<T, Refusal> {
    Err(Refusal::new(RefusalKind::Malformed, section, "", reason))
}

/// Headers and the instructions that follow each other in the code section.
fn chunks(headers: Vec<Header>, mut code: &[u8]) -> Result<Vec<Chunk>, Refusal> {
    let mut chunks = Vec::with_capacity(headers.len());
    for (index, header) in headers.into_iter().enumerate() {
        let len = header.instructions as usize * 8;
        let Some((own, rest)) = code.split_at_checked(len) else {
            return malformed(Section::Code, format!("it ends inside chunk {index}"));
        };
        code = rest;
        let mut instructions = Vec::with_capacity(header.instructions as usize);
        for (pc, bytes) in own.as_chunks().0.iter().enumerate() {
            instructions.push(Instr::from_word(u64::from_le_bytes(*bytes)).ok_or_else(|| {
                let at = format!("chunk {index}, instruction {pc}");
                Refusal::new(
                    RefusalKind::Instruction,
                    Section::Code,
                    at,
                    format!("{} is no operation code", bytes[0]),
                )
            })?);
        }
        chunks.push(Chunk {
            vars: header.vars,
            input: header.input,
            registers: header.registers,
            result: header.result,
            optional: header.optional,
            code: instructions,
        });
    }
    if !code.is_empty() {
        return malformed(
            Section::Code,
            format!("{} bytes after the last chunk", code.len()),
        );
    }
    Ok(chunks)
}
