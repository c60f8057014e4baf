//! Chunks by hand: a few tables to stand on, and short names for instructions.

use super::build::{Build, op};
use super::verified;
use journey_artifact::RefusalKind;
use journey_artifact::code::{Instr, Op};
use journey_artifact::model::{Artifact, Chunk, Constant, Import, Set};
use journey_artifact::word::{ShapeId, WordType};

/// Rows that chunks here read: variables (Int, Str, a list of items), items (Str, Dec), and single Ints.
pub const VARS: ShapeId = ShapeId(0);
pub const ITEM: ShapeId = ShapeId(1);
pub const ONE: ShapeId = ShapeId(2);
/// Constants: a Text, a Duration.
pub const TEXT: u16 = 0;
pub const DAY: u16 = 1;
/// Sets: of texts, of integers.
pub const TEXTS: u16 = 0;
pub const INTS: u16 = 1;

/// Accepted, or why not.
pub type Verdict = std::result::Result<(), RefusalKind>;

/// The tables with one chunk.
pub fn package(chunk: Chunk) -> Artifact {
    let mut b = Build::default();
    b.shape(&[
        ("count", WordType::Int),
        ("name", WordType::Str),
        ("items", WordType::List(ITEM)),
    ]);
    b.shape(&[("sku", WordType::Str), ("price", WordType::Dec)]);
    b.shape(&[("", WordType::Int)]);
    let text = b.text("hello");
    b.constant(Constant::Text(text));
    b.constant(Constant::Word(WordType::Duration, 86_400_000));
    b.0.sets.push(Set::Texts(vec![text]));
    b.0.sets.push(Set::Words(WordType::Int, vec![3, 7]));
    let name = b.text("pad");
    b.0.imports.push(Import {
        name,
        params: vec![WordType::Str, WordType::Int],
        result: WordType::Str,
    });
    b.0.chunks.push(chunk);
    b.0
}

/// Whether the verifier lets a chunk in.
pub fn with(chunk: Chunk) -> Verdict {
    verified(package(chunk))
        .map(drop)
        .map_err(|refusal| refusal.kind)
}

/// A chunk over the variables with eight registers and an optional result.
pub fn chunk(result: WordType, code: &[Instr]) -> Chunk {
    Chunk {
        vars: Some(VARS),
        input: None,
        registers: 8,
        result,
        optional: true,
        code: code.to_vec(),
    }
}

pub fn run(result: WordType, code: &[Instr]) -> Verdict {
    with(chunk(result, code))
}

pub fn o(op_: Op, a: u8, b: u8, c: u8) -> Instr {
    op(op_, a, b, c, 0, 0)
}

pub fn int(a: u8, value: u16) -> Instr {
    op(Op::Int, a, 0, 0, value, 0)
}

pub fn text(a: u8) -> Instr {
    op(Op::Const, a, 0, 0, TEXT, 0)
}

pub fn slot(a: u8, slot: u16, missing: u16) -> Instr {
    op(Op::Slot, a, 1, 0, slot, missing)
}

pub fn jump(to: u16) -> Instr {
    op(Op::Jump, 0, 0, 0, 0, to)
}

pub const RET: Instr = Instr::new(Op::Ret, 3, 0, 0, 0, 0);
pub const NONE: Instr = Instr::new(Op::RetMissing, 0, 0, 0, 0, 0);

/// Code that computes something into r3 and returns it.
pub fn gives(result: WordType, code: &[Instr]) -> Verdict {
    run(result, &[code, &[RET, NONE]].concat())
}
