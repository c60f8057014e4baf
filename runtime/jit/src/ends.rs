//! How code ends, and the fuel that it leaves.
//!
//! Never true here: fuel other than the interpreter's; where it does not suffice, or anything is not as expected, nothing has happened.

use super::emit::{Emit, Fuel};
use super::{frame, handover};
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{Block, InstBuilder, MemFlags, SourceLoc, Value};
use journey_machine::eval::tier::{End, Outcome};

impl Emit<'_, '_> {
    /// Ends the function, with a value or without.
    pub fn end(&mut self, value: Option<Value>) {
        self.store_fuel();
        let word = value.unwrap_or_else(|| self.b.ins().iconst(I64, 0));
        let (first, second) = match (self.work, value) {
            (Some(_), Some(_)) => (self.b.ins().iconst(I64, End::Value as i64), word),
            (Some(_), None) => (self.b.ins().iconst(I64, End::Missing as i64), word),
            (None, Some(_)) => (word, self.fuel()),
            (None, None) => {
                let fuel = self.fuel();
                (word, self.b.ins().bor_imm(fuel, Outcome::MISSING as i64))
            }
        };
        self.leave_with(first, second);
        self.ended = true;
    }

    /// Returns.
    pub fn leave_with(&mut self, first: Value, second: Value) {
        self.b.set_srcloc(frame::mark());
        self.b.ins().return_(&[first, second]);
        self.b.set_srcloc(SourceLoc::default());
    }

    /// The fuel left; none is known to code that neither uses any nor is to say what is left.
    pub fn fuel(&mut self) -> Value {
        match self.fuel_left {
            Fuel::Untouched => self.b.ins().iconst(I64, 0),
            Fuel::Taken(left) => left,
            Fuel::Spent(left) => self.b.use_var(left),
        }
    }

    /// From here on so much is left.
    pub fn set_fuel(&mut self, left: Value) {
        match self.fuel_left {
            Fuel::Spent(variable) => self.b.def_var(variable, left),
            _ => self.fuel_left = Fuel::Taken(left),
        }
    }

    /// Puts the fuel left where the machine looks for it.
    pub fn store_fuel(&mut self) {
        if let (Some(work), Fuel::Spent(left)) = (self.work, self.fuel_left) {
            let fuel = self.b.use_var(left);
            self.b.ins().store(MemFlags::trusted(), fuel, work, 0);
        }
    }

    /// Takes the fuel that the machine left.
    pub fn load_fuel(&mut self) {
        if let (Some(work), Fuel::Spent(left)) = (self.work, self.fuel_left) {
            let fuel = self.b.ins().load(I64, MemFlags::trusted(), work, 0);
            self.b.def_var(left, fuel);
        }
    }

    /// The ends that several places share, and those where the machine stops.
    pub fn exits(&mut self) {
        for left in std::mem::take(&mut self.left) {
            self.after_left(left);
        }
        if let Some(block) = self.again {
            self.b.set_cold_block(block);
            self.b.switch_to_block(block);
            let (first, second) = match self.work {
                Some(_) => (End::Again as i64, 0),
                None => (Outcome::AGAIN as i64, Outcome::AGAIN as i64),
            };
            let first = self.b.ins().iconst(I64, first);
            let second = self.b.ins().iconst(I64, second);
            self.b.set_srcloc(handover::mark());
            self.b.ins().return_(&[first, second]);
            self.b.set_srcloc(SourceLoc::default());
        }
        if let (Some(block), Some(work)) = (self.out_of_fuel, self.work) {
            self.b.set_cold_block(block);
            self.b.switch_to_block(block);
            let word = self.b.ins().iconst(I64, 0);
            // Fuel that does not suffice is used up.
            self.b.ins().store(MemFlags::trusted(), word, work, 0);
            let end = self.b.ins().iconst(I64, End::OutOfFuel as i64);
            self.leave_with(end, word);
        }
    }

    /// Goes on only if a check holds; else the interpreter takes over.
    pub fn make_sure(&mut self, holds: Value) {
        // Only code of its own fuel surely has the end that traps are made jumps to.
        if self.traps && self.work.is_none() {
            self.b.ins().trapz(holds, handover::trap());
        } else {
            let again = self.again();
            self.go_on_if(holds, again);
        }
    }

    /// Where the interpreter takes over.
    pub fn again(&mut self) -> Block {
        match self.again {
            Some(block) => block,
            None => *self.again.insert(self.b.create_block()),
        }
    }

    /// Where the fuel does not suffice. Without work the interpreter says so.
    pub fn out_of_fuel(&mut self) -> Block {
        match self.out_of_fuel {
            _ if self.work.is_none() => self.again(),
            Some(block) => block,
            None => *self.out_of_fuel.insert(self.b.create_block()),
        }
    }
}
