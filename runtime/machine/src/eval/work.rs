//! What compiled code is given to have the machine do the operations that it leaves to it.
//!
//! Comes in: registers, what natives work with, fuel. Goes out: [`step_for_code`], which compiled code calls with one instruction;
//! the operands are put into the registers in memory before, the result is taken from there after; and [`set_for_code`], which
//! it asks whether a text is in a set. What the evaluation has made lies where the work says, for code to read it and to add items to a list
//! that has room. Never true here: an address from compiled code but that of a set, which is the program's; an instruction comes as its
//! eight bytes.

use super::set::Set;
use super::sight::is_in_in_line;
use super::step::{Registers, step};
use super::tables::Tables;
use super::view::View;
use crate::fault::{Fault, Fuel};
use crate::func::Ctx;
use journey_artifact::code::Instr;

/// One evaluation's surroundings. The fuel left stands first: code without calls is given the address of a [`Fuel`] alone.
#[repr(C)]
pub struct Work<'c, 'a> {
    fuel: Fuel,
    /// Where the words that the evaluation has made lie, and how many they are: code reads and fills them within their length.
    made: *mut u64,
    made_len: usize,
    regs: &'c mut Registers,
    ctx: &'c mut Ctx<'a>,
    tables: &'c Tables,
}

impl<'c, 'a> Work<'c, 'a> {
    /// For one evaluation that has so much fuel left.
    pub(super) fn new(
        fuel: Fuel,
        regs: &'c mut Registers,
        ctx: &'c mut Ctx<'a>,
        tables: &'c Tables,
    ) -> Work<'c, 'a> {
        let made = &mut ctx.scratch.words;
        Work {
            fuel,
            made: made.as_mut_ptr(),
            made_len: made.len(),
            regs,
            ctx,
            tables,
        }
    }

    /// Fuel left.
    pub(super) fn left(&self) -> Fuel {
        self.fuel
    }

    /// Byte offset of the address of the words that the evaluation has made.
    pub const OFFSET_OF_MADE: usize = std::mem::offset_of!(Work<'_, '_>, made);
    /// Byte offset of their number.
    pub const OFFSET_OF_MADE_LEN: usize = std::mem::offset_of!(Work<'_, '_>, made_len);
    /// Byte offset of the address of the registers.
    pub const OFFSET_OF_REGS: usize = std::mem::offset_of!(Work<'_, '_>, regs);
}

/// What came of an instruction that the machine did for compiled code. From 2 on the numbers are those of
/// [`super::tier::End`]: the code ends with them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub enum Stepped {
    /// Go on to the next instruction.
    On = 0,
    /// Go to the instruction's target.
    Jump = 1,
    /// Let the interpreter do it all.
    Again = 2,
    /// The fuel was used up.
    OutOfFuel = 3,
    /// A value grew past the scratch limits.
    ScratchFull = 4,
}

/// Does one instruction, given as its [`word`](Instr::word).
pub extern "C" fn step_for_code(work: &mut Work<'_, '_>, instruction: u64) -> Stepped {
    let Some(instr) = Instr::from_word(instruction) else {
        return Stepped::Again;
    };
    *work.ctx.fuel = work.fuel;
    let done = step(work.tables, instr, work.regs, work.ctx);
    work.fuel = *work.ctx.fuel;
    let made = &mut work.ctx.scratch.words;
    (work.made, work.made_len) = (made.as_mut_ptr(), made.len());
    match done {
        Ok(false) => Stepped::On,
        Ok(true) => Stepped::Jump,
        Err(Fault::OutOfFuel) => Stepped::OutOfFuel,
        Err(Fault::ScratchFull) => Stepped::ScratchFull,
        Err(Fault::Corrupt(_)) => Stepped::Again,
    }
}

/// What [`set_for_code`] says of a text that is in no record.
pub const NOT_TOLD: u64 = 2;

/// Whether a word is in a set: 0, 1 or [`NOT_TOLD`].
pub extern "C" fn set_for_code(view: &View<'_>, set: &Set, word: u64) -> u64 {
    is_in_in_line(view.sight(), set, word).map_or(NOT_TOLD, u64::from)
}
