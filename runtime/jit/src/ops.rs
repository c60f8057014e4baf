//! Which operations compare, and which work on decimals.
//!
//! Never true here: what they mean.

use journey_artifact::code::Op;

/// Whether an instruction compares numbers.
pub(crate) fn compares(op: Op) -> bool {
    use Op::*;
    matches!(op, EqI | LtI | LeI | EqD | LtD | LeD | EqT | LtT | LeT)
}

/// Whether an operation takes its operands for decimals.
pub(crate) fn is_decimal(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        EqD | LtD | LeD | AddD | SubD | MulD | DivD | RemD | NegD
    )
}
