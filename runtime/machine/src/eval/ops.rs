//! What of an operation matters to those who follow the ways through a chunk: the loader, the interpreter's code, a compiler.

use journey_artifact::code::Op;

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
