//! Makes a verified artifact ready to run.
//!
//! Imports are resolved against the function table, constants become words and one text, and each instruction that touches a
//! row gets the row's layout: a slot instruction its presence words in `c` (the instruction set leaves the field zero), a row
//! or list instruction its shape in `lo`. The layouts follow from the registers' static types, found by one walk over the code.
//! Comes in: an artifact that has passed the verifier. Goes out: [`Loaded`], or why the table cannot serve it.

use super::around;
use super::clock::{self, Reading};
use super::fuse::{Found, Fused, fuse};
use super::load_error::LoadError;
use super::ops::targets;
use super::set::{Set, Text};
use super::shortcut::{self, Shortcut};
use super::tables::{Import, Tables};
use super::tier::Tiers;
use crate::fault::Fault;
use crate::func::look::Price;
use crate::func::{Patterns, resolve_import, takes_pattern};
use crate::record::Record;
use journey_artifact::Verified;
use journey_artifact::code::{Instr, Op, R_INPUT, R_PROFILE, R_VARS};
use journey_artifact::model::{self, Artifact, Chunk, ChunkId, Constant, StrId};
use journey_artifact::word::{Ref, Region, ShapeId, WordType};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// An artifact ready to run.
#[derive(Debug)]
pub struct Loaded {
    artifact: Verified,
    constants: Record,
    tables: Tables,
    patterns: Patterns,
    code: Vec<Fused>,
    tiers: Tiers,
}

impl Loaded {
    /// Makes an artifact ready.
    pub fn new(artifact: Verified) -> Result<Loaded, LoadError> {
        let mut constants = Record::default();
        let mut constant_words = Vec::with_capacity(artifact.constants.len());
        for constant in &artifact.constants {
            constant_words.push(match *constant {
                Constant::Word(_, word) => word,
                Constant::Text(id) => constant_text(&mut constants, artifact.text(id))?,
            });
        }
        let sets = sets(&artifact, &mut constants)?;
        let mut imports = Vec::with_capacity(artifact.imports.len());
        for import in &artifact.imports {
            let resolved = resolve_import(&artifact, import).map_err(|why| LoadError::Import {
                name: artifact.text(import.name).to_owned(),
                why,
            })?;
            imports.push(Import {
                called: resolved.native,
                price: Price::new(&resolved.site.params),
                site: resolved.site,
                optional: resolved.function.optional,
                plain: resolved.function.plain,
                short: resolved.function.short,
                now: resolved.function.uses.now,
                zone: resolved.function.uses.zone,
                pattern: takes_pattern(resolved.function),
            });
        }
        let layouts: Vec<(usize, usize)> = artifact
            .shapes
            .iter()
            .map(|shape| (shape.presence_words(), shape.stride()))
            .collect();
        let tables = Tables {
            constants: constant_words,
            sets,
            imports,
            layouts,
        };
        let text = |word: u64| constants.str(word).map(Box::from);
        let code = artifact.chunks.iter().map(|chunk| {
            let plain = lay_out(&artifact, chunk)?;
            let mut is_target = targets(&plain).ok_or(LoadError::Invalid("jump"))?;
            let shortcuts = shortcut::find(&plain, &is_target, &tables, text);
            for (_, shortcut) in &shortcuts {
                is_target[shortcut.next] = true;
            }
            let readings = clock::find(&plain, &is_target, &tables);
            let arounds = around::find(&plain, &is_target, &readings);
            let found = Found {
                shortcuts,
                readings,
                arounds,
            };
            fuse(plain, &is_target, found, &tables, &constants.text)
        });
        let code = code.collect::<Result<Vec<_>, _>>()?;
        let patterns = patterns(&artifact, &code, &tables, &constants);
        let longest = longest_rows(&artifact);
        Ok(Loaded {
            tiers: Tiers::new(artifact.chunks.len(), longest),
            artifact,
            constants,
            tables,
            patterns,
            code,
        })
    }

    /// The artifact.
    pub fn artifact(&self) -> &Artifact {
        &self.artifact
    }

    /// The artifact with its hashes.
    pub fn verified(&self) -> &Verified {
        &self.artifact
    }

    /// The text of the constants ([`Region::Const`]).
    pub fn constants(&self) -> &Record {
        &self.constants
    }

    /// A chunk; `None` outside the table.
    pub fn chunk(&self, id: ChunkId) -> Option<&Chunk> {
        self.artifact.chunks.get(id.0 as usize)
    }

    /// The instructions of a chunk with row layouts put in; `None` outside the table.
    pub fn code(&self, id: ChunkId) -> Option<&[Instr]> {
        Some(&self.fused(id).ok()?.plain)
    }

    /// The calls of a chunk that are carried out together, each by its first instruction; none outside the table.
    pub fn shortcuts(&self, id: ChunkId) -> &[(usize, Shortcut)] {
        self.fused(id).map_or(&[], |fused| &fused.shortcuts)
    }

    /// The calls of a chunk that need words, the instant and the zone alone, each by its instruction; none outside the table.
    pub fn readings(&self, id: ChunkId) -> &[(usize, Reading)] {
        self.fused(id).map_or(&[], |fused| &fused.readings)
    }

    /// Its constants, functions and layouts.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The regular expressions among its constants.
    pub fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// What its chunks run on.
    #[inline]
    pub fn tiers(&self) -> &Tiers {
        &self.tiers
    }

    /// A chunk as the interpreter runs it.
    #[inline]
    pub(super) fn fused(&self, id: ChunkId) -> Result<&Fused, Fault> {
        self.code.get(id.0 as usize).ok_or(Fault::Corrupt("chunk"))
    }
}

/// The sets of constants. A text that several have is laid down and hashed once.
fn sets(artifact: &Artifact, constants: &mut Record) -> Result<Vec<Set>, LoadError> {
    let mut known: BTreeMap<StrId, Text> = BTreeMap::new();
    for id in artifact.sets.iter().flat_map(|set| match set {
        model::Set::Texts(texts) => &texts[..],
        model::Set::Words(..) => &[],
    }) {
        if let Entry::Vacant(free) = known.entry(*id) {
            let text = artifact.text(*id);
            free.insert(Text::new(text, constant_text(constants, text)?));
        }
    }
    let set = |set: &model::Set| match set {
        model::Set::Words(ty, words) => Set::of_words(*ty, words),
        model::Set::Texts(texts) => {
            let texts = texts.iter().filter_map(|id| known.get(id).copied());
            Set::of_texts(&texts.collect::<Vec<_>>(), &constants.text)
        }
    };
    Ok(artifact.sets.iter().map(set).collect())
}

/// What may be a regular expression among the constants: the texts of a chunk that calls for one.
fn patterns(artifact: &Artifact, code: &[Fused], tables: &Tables, constants: &Record) -> Patterns {
    let calls =
        |i: &Instr| i.op == Op::Call && tables.import(i.lo).is_ok_and(|import| import.pattern);
    let chunks = code.iter().filter(|chunk| chunk.plain.iter().any(calls));
    let named = chunks.flat_map(|chunk| chunk.plain.iter().filter(|i| i.op == Op::Const));
    let text = |i: &Instr| match artifact.constants.get(usize::from(i.lo))? {
        Constant::Text(_) => tables.constant(i.lo).ok(),
        Constant::Word(..) => None,
    };
    let words: BTreeSet<u64> = named.filter_map(text).collect();
    let texts = words.into_iter();
    Patterns::new(texts.filter_map(|word| Some((word, constants.str(word)?))))
}

/// Words of the longest root rows that chunks may read of profile, variables and input.
fn longest_rows(artifact: &Artifact) -> [usize; 3] {
    let shape = |id: ShapeId| artifact.shapes.get(id.0 as usize);
    let words = |id: Option<ShapeId>| id.and_then(shape).map_or(0, |shape| shape.stride());
    let plan = artifact
        .profile
        .and_then(|plan| artifact.plans.get(plan.0 as usize));
    let most = |shape: fn(&Chunk) -> Option<ShapeId>| {
        let all = artifact.chunks.iter().map(|chunk| words(shape(chunk)));
        all.max().unwrap_or(0)
    };
    [
        words(plan.map(|plan| plan.shape)),
        most(|chunk| chunk.vars),
        most(|chunk| chunk.input),
    ]
}

/// Lays a text down among the constants: past the limit of an evaluation's record, since an artifact has limits of its own.
fn constant_text(constants: &mut Record, text: &str) -> Result<u64, LoadError> {
    let too_much = LoadError::Invalid("too much constant text");
    let at = u32::try_from(constants.text.len()).map_err(|_| too_much.clone())?;
    let len = u32::try_from(text.len())
        .ok()
        .filter(|len| *len <= Ref::MAX_LEN)
        .ok_or(too_much)?;
    constants.text.push_str(text);
    Ok(Ref::new(Region::Const, len, at).0)
}

type Types = Box<[Option<WordType>; 256]>;

/// The code of a chunk with row layouts put in.
fn lay_out(artifact: &Artifact, chunk: &Chunk) -> Result<Box<[Instr]>, LoadError> {
    let mut code: Box<[Instr]> = chunk.code.clone().into();
    let mut entry: Types = Box::new([None; 256]);
    let row = |shape: Option<ShapeId>| shape.map(WordType::Row);
    let profile = artifact
        .profile
        .and_then(|id| artifact.plans.get(id.0 as usize))
        .map(|plan| plan.shape);
    entry[usize::from(R_PROFILE)] = row(profile);
    entry[usize::from(R_VARS)] = row(chunk.vars);
    entry[usize::from(R_INPUT)] = row(chunk.input);
    // Types at an instruction ahead that a jump leads to: any one way in serves, the verifier has made them agree on what is read. A loop
    // is entered at its head, so that each instruction is met before whatever jumps back to it.
    let mut ahead: BTreeMap<usize, Types> = BTreeMap::new();
    let mut now = Some(entry);
    for (at, instr) in code.iter_mut().enumerate() {
        let by_jump = ahead.remove(&at);
        let Some(mut types) = now.take().or(by_jump) else {
            continue;
        };
        let result = result_type(artifact, instr, &types);
        annotate(artifact, instr, &types)?;
        let target = usize::from(instr.hi);
        if instr.op.jumps() && target > at {
            ahead.entry(target).or_insert_with(|| types.clone());
        }
        if let Some(ty) = result {
            types[usize::from(instr.a)] = Some(ty);
        }
        if !instr.op.ends() {
            now = Some(types);
        }
    }
    Ok(code)
}

fn row_shape(ty: Option<WordType>) -> Option<ShapeId> {
    match ty {
        Some(WordType::Row(id) | WordType::List(id)) => Some(id),
        _ => None,
    }
}

fn annotate(artifact: &Artifact, instr: &mut Instr, types: &Types) -> Result<(), LoadError> {
    let row = match instr.op {
        Op::Slot | Op::Has | Op::Elem | Op::Find | Op::Next | Op::Column => instr.b,
        Op::Set | Op::PushRow | Op::Push | Op::PushNull => instr.a,
        _ => return Ok(()),
    };
    let id =
        row_shape(types[usize::from(row)]).ok_or(LoadError::Invalid("register holds no row"))?;
    let shape = artifact
        .shapes
        .get(id.0 as usize)
        .ok_or(LoadError::Invalid("shape"))?;
    let index = u16::try_from(id.0).map_err(|_| LoadError::Invalid("too many shapes"));
    match instr.op {
        Op::Slot | Op::Has | Op::Set | Op::Column => {
            instr.c = u8::try_from(shape.presence_words())
                .map_err(|_| LoadError::Invalid("row is too wide"))?;
            // Of the list that is made all is known.
            if instr.op == Op::Column {
                instr.hi = index?;
            }
        }
        _ => instr.lo = index?,
    }
    Ok(())
}

/// The type that an instruction leaves in register `a`; `None` when it leaves the register's type alone.
fn result_type(artifact: &Artifact, instr: &Instr, types: &Types) -> Option<WordType> {
    use Op::*;
    let b = types[usize::from(instr.b)];
    Some(match instr.op {
        Const => match artifact.constants.get(usize::from(instr.lo))? {
            Constant::Word(ty, _) => *ty,
            Constant::Text(_) => WordType::Str,
        },
        Int | MulI | DivI | RemI | Len => WordType::Int,
        Unknown | And3 | Or3 | Not3 => WordType::Kleene,
        In | Bool | EqI | LtI | LeI | EqD | LtD | LeD | EqT | LtT | LeT | EqS | LtS | LeS | Not => {
            WordType::Bool
        }
        Move | AddI | SubI | NegI => b?,
        AddD | SubD | MulD | DivD | RemD | NegD | IntToDec => WordType::Dec,
        Slot => {
            artifact
                .shapes
                .get(row_shape(b)?.0 as usize)?
                .slots
                .get(usize::from(instr.lo))?
                .ty
        }
        Call => artifact.imports.get(usize::from(instr.lo))?.result,
        Concat => WordType::Str,
        Column => WordType::List(ShapeId(instr.hi.into())),
        Sift => b?,
        Elem | Find | Next => WordType::Row(row_shape(b)?),
        NewRow => WordType::Row(ShapeId(instr.lo.into())),
        NewList | NewListLike => WordType::List(ShapeId(instr.lo.into())),
        Has | Jump | JumpTrue | JumpFalse | Set | PushRow | Push | PushNull | Ret | RetMissing => {
            return None;
        }
    })
}
