//! The tables that code names by number: strings, constants, imports, chunks. Equal things get one number.
//!
//! Comes in: texts, words, signatures, finished code. Goes out: numbers in the order of first use, and the tables. Never
//! true here: an order that a hash map decides; the maps are only asked.

use crate::source::Span;
use journey_artifact::model::{Chunk, ChunkId, ConstId, Constant, Import, StrId};
use journey_artifact::word::WordType;
use std::collections::HashMap;

/// The tables so far.
#[derive(Debug, Default)]
pub struct Pool {
    /// Texts.
    pub strings: Vec<String>,
    /// Constants.
    pub constants: Vec<Constant>,
    /// Functions.
    pub imports: Vec<Import>,
    /// Chunks.
    pub chunks: Vec<Chunk>,
    /// Where each chunk is written.
    pub spans: Vec<Span>,
    texts: HashMap<String, StrId>,
    words: HashMap<(WordType, u64), ConstId>,
    text_constants: HashMap<StrId, ConstId>,
    signatures: HashMap<(StrId, Vec<WordType>, WordType), u16>,
}

impl Pool {
    /// The number of a text.
    pub fn text(&mut self, text: &str) -> StrId {
        if let Some(id) = self.texts.get(text) {
            return *id;
        }
        let id = StrId(self.strings.len() as u32);
        self.strings.push(text.to_owned());
        self.texts.insert(text.to_owned(), id);
        id
    }

    /// The number of a constant word.
    pub fn word(&mut self, ty: WordType, word: u64) -> ConstId {
        let constants = &mut self.constants;
        *self.words.entry((ty, word)).or_insert_with(|| {
            constants.push(Constant::Word(ty, word));
            ConstId(constants.len() as u32 - 1)
        })
    }

    /// The number of a constant text.
    pub fn text_constant(&mut self, text: &str) -> ConstId {
        let id = self.text(text);
        let constants = &mut self.constants;
        *self.text_constants.entry(id).or_insert_with(|| {
            constants.push(Constant::Text(id));
            ConstId(constants.len() as u32 - 1)
        })
    }

    /// The number of an imported function.
    pub fn import(&mut self, name: &str, params: Vec<WordType>, result: WordType) -> u16 {
        let name = self.text(name);
        let imports = &mut self.imports;
        *self
            .signatures
            .entry((name, params.clone(), result))
            .or_insert_with(|| {
                imports.push(Import {
                    name,
                    params,
                    result,
                });
                (imports.len() - 1) as u16
            })
    }

    /// Adds a chunk.
    pub fn chunk(&mut self, chunk: Chunk, span: Span) -> ChunkId {
        self.chunks.push(chunk);
        self.spans.push(span);
        ChunkId(self.chunks.len() as u32 - 1)
    }
}
