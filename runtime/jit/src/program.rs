//! A chunk, and what making code of it asks of its program.
//!
//! Comes in: a loaded program. Goes out: [`Program`]. Never true here: a decision about code.

use super::plan::Asked;
use journey_artifact::code::Instr;
use journey_artifact::model::{ChunkId, Constant};
use journey_artifact::word::{ShapeId, WordType};
use journey_machine::eval::Loaded;
use journey_machine::eval::clock::Reading;
use journey_machine::eval::dead::Dead;
use journey_machine::eval::shortcut::Shortcut;
use journey_machine::eval::tables::Import;
use journey_machine::func::Short;

/// A chunk and what is needed to make code of it.
pub(crate) struct Program<'a> {
    pub loaded: &'a Loaded,
    pub code: &'a [Instr],
    /// Calls that are carried out together, each by its first instruction.
    shortcuts: &'a [(usize, Shortcut)],
    /// Calls that need words, the instant and the zone alone, each by its instruction.
    readings: &'a [(usize, Reading)],
    /// Which registers somebody may still read.
    pub dead: Dead<'a>,
    /// How many registers it has.
    pub registers: u16,
    /// Words of a root row, by record; `None`: the chunk reads none of it.
    pub strides: [Option<usize>; 3],
}

impl<'a> Program<'a> {
    /// `None` when there is no such chunk.
    pub fn new(loaded: &'a Loaded, id: ChunkId) -> Option<Program<'a>> {
        let artifact = loaded.artifact();
        let chunk = loaded.chunk(id)?;
        let profile = artifact
            .profile
            .and_then(|plan| artifact.plans.get(plan.0 as usize))
            .map(|plan| plan.shape);
        let stride =
            |shape: Option<ShapeId>| Some(artifact.shapes.get(shape?.0 as usize)?.stride());
        let code = loaded.code(id)?;
        Some(Program {
            loaded,
            code,
            dead: Dead::new(code),
            shortcuts: loaded.shortcuts(id),
            readings: loaded.readings(id),
            registers: chunk.registers,
            strides: [stride(profile), stride(chunk.vars), stride(chunk.input)],
        })
    }
}

impl Program<'_> {
    /// The call at an instruction, if it needs words, the instant and the zone alone.
    pub fn reading(&self, at: usize) -> Option<&Reading> {
        let found = self.readings.binary_search_by_key(&at, |(at, _)| *at);
        Some(&self.readings[found.ok()?].1)
    }
}

impl Asked for Program<'_> {
    fn reads_clock(&self, import: u16) -> bool {
        let import = self.loaded.tables().import(import);
        import.is_ok_and(|import| matches!(import.short, Some(Short::Clock(_))))
    }

    fn text(&self, constant: u16) -> Option<&[u8]> {
        let artifact = self.loaded.artifact();
        match artifact.constants.get(usize::from(constant))? {
            Constant::Text(id) => Some(artifact.strings.get(id.0 as usize)?.as_bytes()),
            Constant::Word(..) => None,
        }
    }

    fn is_of_texts(&self, set: u16) -> bool {
        let set = self.loaded.tables().set(set);
        set.map_or(true, |set| set.ty() == WordType::Str)
    }

    fn shortcut(&self, at: usize) -> Option<&Shortcut> {
        let found = self
            .shortcuts
            .binary_search_by_key(&at, |(first, _)| *first);
        Some(&self.shortcuts[found.ok()?].1)
    }

    fn import(&self, index: u16) -> Option<&Import> {
        self.loaded.tables().import(index).ok()
    }

    fn row_words(&self, shape: u16) -> i64 {
        match self.loaded.tables().layout(shape) {
            Ok((_, stride)) => stride as i64,
            // The machine gave this shape when it loaded the program.
            Err(_) => 0,
        }
    }
}
