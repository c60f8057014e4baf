//! What the tests of this crate's modules share.

use journey_artifact::code::{Instr, Op};

/// An instruction.
pub(crate) fn i(op: Op, a: u8, b: u8, c: u8, lo: u16, hi: u16) -> Instr {
    Instr::new(op, a, b, c, lo, hi)
}
