//! Which expressions of which programs are the same.
//!
//! Two chunks are the same when they do the same to the same: equal instructions with constants and functions by value and
//! slots in terms of the common record. One that walks lists or makes rows names shapes, which only programs with equal plans
//! have alike; it is compared among those.
//! Comes in: chunks over events. Goes out: a number for each, the same for the same. Never true here: an evaluation.

use super::gather::RowMap;
use journey_artifact::code::{Instr, Op, R_FREE, R_INPUT};
use journey_artifact::model::{Artifact, Chunk, ChunkId, Constant, Set, SlotIx, StrId};
use journey_artifact::word::{ShapeId, WordType};
use std::collections::BTreeMap;

/// So many bytes of shapes are compared; a chunk that names more is the same as no other program's.
const MOST: usize = 16 * 1024;

/// Numbers of expressions over the events of one common plan.
#[derive(Debug, Default)]
pub struct Expressions {
    known: BTreeMap<Vec<u8>, u32>,
    /// By program, member and chunk: what was asked for before, however often a chunk is mentioned.
    asked: BTreeMap<(usize, u32, ChunkId), u32>,
    values: Values,
}

/// Numbers of constants, sets and functions by what they are: each is written down once, however often instructions name it.
#[derive(Debug, Default)]
struct Values {
    known: BTreeMap<Vec<u8>, u32>,
    /// By program, kind and index.
    asked: BTreeMap<(usize, Op, u16), u32>,
}

impl Values {
    /// The number of what an instruction names.
    fn number(&mut self, at: Place<'_>, instr: Instr) -> u32 {
        let known = &mut self.known;
        let asked = self.asked.entry((at.program, instr.op, instr.lo));
        *asked.or_insert_with(|| {
            let mut out = vec![instr.op as u8];
            value_print(at.artifact, instr, &mut out);
            let next = known.len() as u32;
            *known.entry(out).or_insert(next)
        })
    }
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// Index of the program.
    pub program: usize,
    /// Its artifact.
    pub artifact: &'a Artifact,
    /// Number of its plan among the different ones.
    pub member: u32,
    /// From common rows to the plan's; `None` when they are the same.
    pub way: Option<&'a RowMap>,
}

impl Expressions {
    /// The number of a chunk.
    pub fn number(&mut self, at: Place<'_>, id: ChunkId) -> u32 {
        let (known, values) = (&mut self.known, &mut self.values);
        let asked = self.asked.entry((at.program, at.member, id));
        *asked.or_insert_with(|| {
            let next = known.len() as u32;
            *known.entry(print(at, id, values)).or_insert(next)
        })
    }
}

fn print(at: Place<'_>, id: ChunkId, values: &mut Values) -> Vec<u8> {
    let mut out = Vec::new();
    let Some(chunk) = at.artifact.chunks.get(id.0 as usize) else {
        return out;
    };
    let plain = chunk.code.iter().all(|instr| is_plain(at.artifact, *instr));
    out.push(u8::from(plain));
    if !plain {
        out.extend(at.member.to_le_bytes());
        let mut shapes = Vec::new();
        if shapes_of(at.artifact, chunk, &mut shapes).is_none() {
            out.extend((at.program as u64).to_le_bytes());
            shapes.clear();
        }
        out.extend((shapes.len() as u32).to_le_bytes());
        out.extend(shapes);
    }
    type_print(chunk.result, &mut out);
    for instr in &chunk.code {
        instr_print(at, *instr, plain, values, &mut out);
    }
    out
}

/// Whether an instruction looks at nothing but constants and slots of the event's root row.
fn is_plain(artifact: &Artifact, instr: Instr) -> bool {
    use Op::{
        Call, Elem, Find, Has, Jump, JumpFalse, JumpTrue, Len, NewList, NewListLike, NewRow, Next,
        Push, PushNull, PushRow, Ret, RetMissing, Slot,
    };
    let is_scalar = |ty: &WordType| !matches!(ty, WordType::Row(_) | WordType::List(_));
    match instr.op {
        Slot => instr.b == R_INPUT && instr.a >= R_FREE,
        Has => instr.b == R_INPUT,
        Len
        | Elem
        | Find
        | Next
        | NewRow
        | Op::Set
        | NewListLike
        | NewList
        | PushRow
        | Push
        | PushNull
        | Op::Column
        | Op::Sift => false,
        Call => {
            instr.a >= R_FREE
                && artifact
                    .imports
                    .get(usize::from(instr.lo))
                    .is_some_and(|it| it.params.iter().chain([&it.result]).all(is_scalar))
        }
        Jump | JumpTrue | JumpFalse | Ret | RetMissing => true,
        _ => instr.a >= R_FREE,
    }
}

fn instr_print(at: Place<'_>, instr: Instr, plain: bool, values: &mut Values, out: &mut Vec<u8>) {
    out.extend([instr.op as u8, instr.a, instr.b, instr.c]);
    // Shapes stand in front, in the order in which the instructions name them.
    if instr.op != Op::Column {
        out.extend(instr.hi.to_le_bytes());
    }
    match instr.op {
        Op::Const | Op::In | Op::Sift | Op::Call => {
            out.extend(values.number(at, instr).to_le_bytes())
        }
        Op::Slot | Op::Has if plain => {
            let common = at.way.map_or(Some(instr.lo), |way| way.common(instr.lo));
            // A slot that the plan never fills is missing, whichever it is.
            out.extend(common.unwrap_or(SlotIx::MAX).to_le_bytes());
        }
        Op::NewRow | Op::NewList | Op::NewListLike => {}
        _ => out.extend(instr.lo.to_le_bytes()),
    }
}

/// What a constant, a set or a function is, whatever its number.
fn value_print(artifact: &Artifact, instr: Instr, out: &mut Vec<u8>) {
    match instr.op {
        Op::Const => match artifact.constants.get(usize::from(instr.lo)) {
            Some(Constant::Word(ty, word)) => {
                type_print(*ty, out);
                out.extend(word.to_le_bytes());
            }
            Some(Constant::Text(id)) => text_print(artifact, *id, out),
            None => {}
        },
        Op::In | Op::Sift => match artifact.sets.get(usize::from(instr.lo)) {
            Some(Set::Words(ty, words)) => {
                type_print(*ty, out);
                out.extend((words.len() as u32).to_le_bytes());
                out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
            }
            // Numbers of texts are a program's own, and so is their order.
            Some(Set::Texts(ids)) => {
                type_print(WordType::Str, out);
                out.extend((ids.len() as u32).to_le_bytes());
                let mut texts: Vec<StrId> = ids.clone();
                texts.sort_by_key(|id| artifact.text(*id));
                texts.iter().for_each(|id| text_print(artifact, *id, out));
            }
            None => {}
        },
        Op::Call => {
            if let Some(import) = artifact.imports.get(usize::from(instr.lo)) {
                text_print(artifact, import.name, out);
                out.push(import.params.len() as u8);
                for ty in import.params.iter().chain([&import.result]) {
                    type_print(*ty, out);
                }
            }
        }
        _ => {}
    }
}

fn text_print(artifact: &Artifact, id: StrId, out: &mut Vec<u8>) {
    let text = artifact.text(id);
    out.extend((text.len() as u32).to_le_bytes());
    out.extend(text.as_bytes());
}

/// The layouts of the rows that a chunk makes or hands over; `None` when they are too much to compare.
fn shapes_of(artifact: &Artifact, chunk: &Chunk, out: &mut Vec<u8>) -> Option<()> {
    for instr in &chunk.code {
        match instr.op {
            Op::Column => shape_print(artifact, ShapeId(instr.hi.into()), out)?,
            Op::NewRow | Op::NewList | Op::NewListLike => {
                shape_print(artifact, ShapeId(instr.lo.into()), out)?;
            }
            Op::Call => {
                let import = artifact.imports.get(usize::from(instr.lo))?;
                for ty in import.params.iter().chain([&import.result]) {
                    if let WordType::Row(shape) | WordType::List(shape) = ty {
                        shape_print(artifact, *shape, out)?;
                    }
                }
            }
            _ => {}
        }
    }
    Some(())
}

fn shape_print(artifact: &Artifact, id: ShapeId, out: &mut Vec<u8>) -> Option<()> {
    let shape = artifact.shapes.get(id.0 as usize)?;
    out.extend((shape.slots.len() as u32).to_le_bytes());
    for slot in &shape.slots {
        // Functions of JSON and text see the names of what they are given.
        text_print(artifact, slot.name, out);
        type_print(slot.ty, out);
        if out.len() > MOST {
            return None;
        }
        if let WordType::Row(inner) | WordType::List(inner) = slot.ty {
            shape_print(artifact, inner, out)?;
        }
    }
    Some(())
}

/// A type without the number of its shape.
fn type_print(ty: WordType, out: &mut Vec<u8>) {
    let code = match ty {
        WordType::Bool => 0,
        WordType::Kleene => 1,
        WordType::Int => 2,
        WordType::Dec => 3,
        WordType::Str => 4,
        WordType::Date => 5,
        WordType::DateTime => 6,
        WordType::Local => 7,
        WordType::Time => 8,
        WordType::Duration => 9,
        WordType::Period => 10,
        WordType::Row(_) => 11,
        WordType::List(_) => 12,
    };
    out.push(code);
}

#[cfg(test)]
mod tests {
    use super::{Expressions, Place, print};
    use journey_artifact::code::{Instr, Op};
    use journey_artifact::model::{Artifact, Chunk, ChunkId, Set};
    use journey_artifact::word::WordType;

    /// A chunk that looks a thousand times into a set of so many integers from a number on.
    fn looks(from: u64) -> Artifact {
        let mut code = vec![Instr::new(Op::In, 4, 3, 0, 0, 0); 1_000];
        code.push(Instr::new(Op::Ret, 4, 0, 0, 0, 0));
        Artifact {
            sets: vec![Set::Words(WordType::Int, (from..from + 10_000).collect())],
            chunks: vec![Chunk {
                code,
                registers: 5,
                result: WordType::Bool,
                optional: false,
                vars: None,
                input: None,
            }],
            ..Artifact::default()
        }
    }

    #[test]
    fn a_set_is_compared_by_its_values_and_written_down_once() {
        let mut expressions = Expressions::default();
        let artifacts = [looks(0), looks(0), looks(1)];
        let places = artifacts.iter().zip(0..).map(|(artifact, program)| Place {
            program,
            artifact,
            member: 0,
            way: None,
        });
        let places: Vec<Place<'_>> = places.collect();
        let numbers = places.iter().map(|at| expressions.number(*at, ChunkId(0)));
        assert_eq!(numbers.collect::<Vec<_>>(), [0, 0, 1]);
        let print = print(places[0], ChunkId(0), &mut expressions.values);
        assert!(print.len() < 20_000, "{} bytes", print.len());
    }
}
