//! Kinds of operations, and the places of a chunk that are jumped to, for the loader, the interpreter's code and a compiler.

use journey_artifact::code::{Instr, Op};

/// Whether an instruction compares numbers or instants.
pub fn compares(op: Op) -> bool {
    use Op::*;
    matches!(op, EqI | LtI | LeI | EqD | LtD | LeD | EqT | LtT | LeT)
}

/// Whether an instruction compares texts.
pub fn compares_texts(op: Op) -> bool {
    matches!(op, Op::EqS | Op::LtS | Op::LeS)
}

/// Whether an operation takes its operands for decimals.
pub fn is_decimal(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        EqD | LtD | LeD | AddD | SubD | MulD | DivD | RemD | NegD
    )
}

/// By instruction, and one behind the last: whether something jumps there; `None` when something jumps further.
pub(super) fn targets(code: &[Instr]) -> Option<Vec<bool>> {
    let mut is_target = vec![false; code.len() + 1];
    for to in code.iter().filter_map(|i| i.target()) {
        *is_target.get_mut(to)? = true;
    }
    Some(is_target)
}
