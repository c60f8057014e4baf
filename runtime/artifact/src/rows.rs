//! The shape of the row or list that each instruction works on: what an interpreter or a disassembly needs of the types.

use crate::code::Op;
use crate::model::{Artifact, Chunk};
use crate::verify::flow::show;
use crate::verify::known::Reg;
use crate::word::{ShapeId, WordType};

/// For each instruction of a chunk: the shape of the row whose slot it reads or sets, of the list that it reads, or of the
/// list that it adds to. `None` for other instructions, for unreachable ones, and throughout a chunk that is not well-typed.
pub fn row_shapes(artifact: &Artifact, chunk: &Chunk) -> Vec<Option<ShapeId>> {
    let mut shapes = vec![None; chunk.code.len()];
    show(artifact, chunk, &mut |pc, regs: &[Reg]| {
        let i = chunk.code[pc];
        let register = match i.op {
            Op::Slot | Op::Has | Op::Len | Op::Elem | Op::Find | Op::Next => i.b,
            Op::NewListLike | Op::Column | Op::Sift => i.b,
            Op::Set | Op::PushRow | Op::Push | Op::PushNull => i.a,
            _ => return,
        };
        if let Some(WordType::Row(shape) | WordType::List(shape)) = regs[usize::from(register)].ty()
        {
            shapes[pc] = Some(shape);
        }
    });
    shapes
}
