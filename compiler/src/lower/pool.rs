//! The tables that code names by number: strings, constants, sets of them, imports, chunks. Equal things get one number.
//!
//! Comes in: texts, words, signatures, finished code. Goes out: numbers in the order of first use, and the tables. Never
//! true here: an order that a hash decides; hashes are only asked.

use super::layout::Layout;
use super::needs::At;
use crate::hash::{self, Ids, Mixed};
use crate::source::Span;
use crate::types::Type;
use journey_artifact::model::{
    Chunk, ChunkId, ConstId, Constant, Import, PlanId, Set, StrId, Strings,
};
use journey_artifact::word::{ShapeId, WordType, plain};
use std::hash::{Hash as _, Hasher as _};
use std::ops::Range;

/// An instruction of a chunk that names the slot of a path.
#[derive(Clone, Copy, Debug)]
pub struct Naming {
    /// The chunk.
    pub chunk: ChunkId,
    /// The instruction.
    pub instr: u32,
    /// The path.
    pub at: At,
}

/// A plan that was asked for.
#[derive(Debug)]
pub struct Wanted {
    /// The row it fills.
    pub row: ShapeId,
    /// Type of the document.
    pub ty: Type,
    /// Where `$id` of the schema or name of the call stands among those of all plans.
    schema: Range<usize>,
}

/// The tables so far.
#[derive(Debug, Default)]
pub struct Pool {
    /// Texts.
    pub strings: Strings,
    /// Constants.
    pub constants: Vec<Constant>,
    /// Sets of constants.
    pub sets: Vec<Set>,
    /// Functions.
    pub imports: Vec<Import>,
    /// Chunks.
    pub chunks: Vec<Chunk>,
    /// Where each chunk is written.
    pub spans: Vec<Span>,
    /// What names slots in the code of chunks.
    pub namings: Vec<Naming>,
    /// Memory for a text in the making.
    pub name: String,
    /// Memory for the types of a function's parameters.
    pub params: Vec<WordType>,
    /// Plans asked for, in order.
    pub plans: Vec<Wanted>,
    /// The texts that the plans name.
    schemas: String,
    texts: Ids,
    words: Ids,
    looked_in: Ids,
    signatures: Ids,
}

impl Pool {
    /// Forgets everything but the memory it took.
    pub fn clear(&mut self) {
        self.strings.clear();
        self.constants.clear();
        self.sets.clear();
        self.imports.clear();
        self.chunks.clear();
        self.spans.clear();
        self.namings.clear();
        self.plans.clear();
        self.schemas.clear();
        self.texts.clear();
        self.words.clear();
        self.looked_in.clear();
        self.signatures.clear();
    }

    /// The number of a text.
    pub fn text(&mut self, text: &str) -> StrId {
        self.text_by(hash::text(0, text), text)
    }

    /// The number of a text whose hash is known.
    pub fn text_by(&mut self, hash: u64, text: &str) -> StrId {
        let strings = &mut self.strings;
        let number = find(&mut self.texts, hash, strings.len(), |id| {
            strings.is(id as usize, text)
        });
        if number.new {
            strings.push(text);
        }
        StrId(number.id)
    }

    /// The number of a constant word.
    pub fn word(&mut self, ty: WordType, word: u64) -> ConstId {
        let mut hasher = Mixed::default();
        ty.hash(&mut hasher);
        hasher.write_u64(word);
        self.constant(hasher.finish(), Constant::Word(ty, word))
    }

    /// The number of a constant text.
    pub fn text_constant(&mut self, text: &str) -> ConstId {
        let id = self.text(text);
        self.constant(hash::mix(0, u64::from(id.0)), Constant::Text(id))
    }

    /// In place: a constant that was just made is slow to move.
    #[inline(always)]
    fn constant(&mut self, hash: u64, constant: Constant) -> ConstId {
        let constants = &mut self.constants;
        let number = find(&mut self.words, hash, constants.len(), |id| {
            constants[id as usize] == constant
        });
        if number.new {
            constants.push(constant);
        }
        ConstId(number.id)
    }

    /// The number of a set of words, in any order and however often each is there.
    pub fn set_of_words(&mut self, ty: WordType, mut words: Vec<u64>) -> u16 {
        words.iter_mut().for_each(|word| *word = plain(ty, *word));
        words.sort_unstable();
        words.dedup();
        self.set(Set::Words(ty, words))
    }

    /// The number of a set of texts, in any order and however often each is there.
    pub fn set_of_texts(&mut self, mut texts: Vec<StrId>) -> u16 {
        texts.sort_unstable();
        texts.dedup();
        self.set(Set::Texts(texts))
    }

    fn set(&mut self, set: Set) -> u16 {
        let mut hasher = Mixed::default();
        match &set {
            Set::Words(ty, words) => (ty, words).hash(&mut hasher),
            Set::Texts(texts) => texts.hash(&mut hasher),
        }
        let sets = &mut self.sets;
        let number = find(&mut self.looked_in, hasher.finish(), sets.len(), |id| {
            sets[id as usize] == set
        });
        if number.new {
            sets.push(set);
        }
        number.id as u16
    }

    /// The number of an imported function.
    pub fn import(&mut self, name: &str, params: &[WordType], result: WordType) -> u16 {
        let name = self.text(name);
        let mut hasher = Mixed::default();
        (name.0, params, result).hash(&mut hasher);
        let imports = &mut self.imports;
        let number = find(&mut self.signatures, hasher.finish(), imports.len(), |id| {
            let import = &imports[id as usize];
            (import.name, &import.params[..], import.result) == (name, params, result)
        });
        if number.new {
            imports.push(Import {
                name,
                params: params.to_vec(),
                result,
            });
        }
        number.id as u16
    }

    /// Adds a chunk; `namings` are its instructions that name the slots of paths.
    pub fn chunk(&mut self, chunk: Chunk, span: Span, namings: &[(u32, At)]) -> ChunkId {
        let id = ChunkId(self.chunks.len() as u32);
        self.chunks.push(chunk);
        self.spans.push(span);
        let naming = |&(instr, at)| Naming {
            chunk: id,
            instr,
            at,
        };
        self.namings.extend(namings.iter().map(naming));
        id
    }

    /// The plan that fills a row from documents of a schema, or a call's responses.
    pub fn plan(&mut self, row: ShapeId, schema: &str, ty: &Type) -> PlanId {
        let known = self.plans.iter().position(|plan| plan.row == row);
        let at = known.unwrap_or_else(|| {
            let from = self.schemas.len();
            self.schemas.push_str(schema);
            self.plans.push(Wanted {
                row,
                ty: ty.clone(),
                schema: from..self.schemas.len(),
            });
            self.plans.len() - 1
        });
        PlanId(at as u32)
    }

    /// The number of the text that a plan names.
    pub fn schema(&mut self, wanted: &Wanted) -> StrId {
        let schemas = std::mem::take(&mut self.schemas);
        let id = self.text(&schemas[wanted.schema.clone()]);
        self.schemas = schemas;
        id
    }

    /// Gives every instruction that names the slot of a path the slot that a layout has for it.
    pub fn settle(&mut self, layout: &Layout) {
        for naming in &self.namings {
            let slot = layout.at(naming.at).and_then(|placed| placed.slot);
            self.chunks[naming.chunk.0 as usize].code[naming.instr as usize].lo = slot.unwrap_or(0);
        }
    }
}

/// The number of a thing, and whether it has just got it.
struct Number {
    id: u32,
    new: bool,
}

/// The number under which a thing with this hash is known, else the next one.
fn find(ids: &mut Ids, hash: u64, next: usize, is: impl Fn(u32) -> bool) -> Number {
    let id = next as u32;
    match ids.get_or_insert(hash, id, is) {
        Some(id) => Number { id, new: false },
        None => Number { id, new: true },
    }
}
