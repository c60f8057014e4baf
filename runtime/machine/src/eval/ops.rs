//! What of an operation matters to those who follow the ways through a chunk.

use journey_artifact::code::Op;

/// Whether an instruction names a place to go to.
pub(super) fn jumps(op: Op) -> bool {
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
