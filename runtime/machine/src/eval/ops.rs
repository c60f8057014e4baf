//! What of an operation matters to those who follow the ways through a chunk: the loader, the interpreter's code, a compiler.

use journey_artifact::code::{Instr, Op};

/// Whether an instruction names a place to go to.
pub fn jumps(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        Slot | Has
            | Jump
            | JumpTrue
            | JumpFalse
            | DivI
            | RemI
            | DivD
            | RemD
            | Call
            | Elem
            | Find
            | Next
    )
}

/// Whether an instruction leaves something in register `a`.
pub fn writes(op: Op) -> bool {
    use Op::*;
    !matches!(
        op,
        Has | Jump | JumpTrue | JumpFalse | Set | Ret | RetMissing
    )
}

/// Whether an instruction compares numbers or instants.
pub fn compares(op: Op) -> bool {
    use Op::*;
    matches!(op, EqI | LtI | LeI | EqD | LtD | LeD | EqT | LtT | LeT)
}

/// Whether an operation takes its operands for decimals.
pub fn is_decimal(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        EqD | LtD | LeD | AddD | SubD | MulD | DivD | RemD | NegD
    )
}

/// Whether nothing goes on behind an instruction.
pub fn ends(op: Op) -> bool {
    matches!(op, Op::Jump | Op::Ret | Op::RetMissing)
}

/// By instruction, and one behind the last: whether something jumps there; `None` when something jumps further.
pub(super) fn targets(code: &[Instr]) -> Option<Vec<bool>> {
    let mut is_target = vec![false; code.len() + 1];
    for i in code.iter().filter(|i| jumps(i.op)) {
        *is_target.get_mut(usize::from(i.hi))? = true;
    }
    Some(is_target)
}

/// The registers that an instruction reads.
pub fn reads(i: Instr) -> impl Iterator<Item = u8> {
    use Op::*;
    // A run may end with the last register there is.
    let (b, c) = (u16::from(i.b), u16::from(i.c));
    let (one, run) = match i.op {
        Const | Int | Bool | Unknown | NewRow | NewList | Jump | RetMissing => (None, 0..0),
        JumpTrue | JumpFalse | Ret | PushNull => (Some(i.a), 0..0),
        Set | PushRow | Push => (Some(i.a), b..b + 1),
        Move | Slot | Has | Len | Not | Not3 | NegI | NegD | IntToDec | NewListLike => {
            (Some(i.b), 0..0)
        }
        Call | Concat => (None, b..b + c),
        _ => (Some(i.b), c..c + 1),
    };
    one.into_iter().chain(run.map(|register| register as u8))
}
