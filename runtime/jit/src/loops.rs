//! The code of loops over a list whose rows are only looked at.
//!
//! A turn is the address of a row, one step further until the list's end; whether all of it lies within its record and there is fuel for
//! every turn is seen once, before. Never true here: a loop that [`over`](super::over) does not know.

use super::at::reference;
use super::emit::Emit;
use super::over::{Over, Running};
use super::rows::offset_of_ref;
use cranelift_codegen::ir::InstBuilder;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use journey_artifact::code::Instr;

impl Emit<'_, '_> {
    /// Begins a loop: all it will look at lies within its record, and there is fuel for it.
    pub fn begin_loop(&mut self, head: usize, i: Instr, over: Over) {
        let list = self.get(i.b);
        let len = self.len_of(list);
        let fuel = self.fuel();
        let cost = self.b.ins().imul_imm(len, over.dearest as i64);
        let most = IntCC::UnsignedGreaterThanOrEqual;
        let enough = self.b.ins().icmp(most, fuel, cost);
        self.make_sure(enough);
        let first = offset_of_ref(self, list);
        let words = self.b.ins().imul_imm(len, over.stride);
        let address = self.within(over.record, first, words);
        let bytes = self.b.ins().ishl_imm(words, 3);
        let end = self.b.ins().iadd(address, bytes);
        let row = self.b.declare_var(I64);
        self.b.def_var(row, address);
        let (body, done) = (self.b.create_block(), self.target(i));
        let none = self.b.ins().icmp(IntCC::Equal, address, end);
        self.b.ins().brif(none, done, &[], body, &[]);
        self.b.switch_to_block(body);
        let address_now = self.b.use_var(row);
        self.set_row_address(i.a, address_now);
        // The word by which the row is named; it comes to nothing unless somebody wants it.
        let gone = self.b.ins().isub(address_now, address);
        let gone = self.b.ins().ushr_imm(gone, 3);
        let place = self.b.ins().iadd(first, gone);
        let word = self.b.ins().bor_imm(place, reference(over.record, 0));
        self.set(i.a, word);
        let running = Running {
            body,
            done,
            row,
            end,
            step: over.stride * 8,
            last: over.last,
        };
        self.running.insert(head, running);
    }

    /// On to the next row, or out.
    pub fn turn(&mut self, at: usize, running: Running, cost: i64) {
        let fuel = self.fuel();
        let fuel = self.b.ins().iadd_imm(fuel, -cost);
        self.set_fuel(fuel);
        let row = self.b.use_var(running.row);
        let row = self.b.ins().iadd_imm(row, running.step);
        self.b.def_var(running.row, row);
        let more = self.b.ins().icmp(IntCC::NotEqual, row, running.end);
        let (body, done) = (running.body, running.done);
        self.b.ins().brif(more, body, &[], done, &[]);
        if at == running.last {
            self.b.seal_block(body);
        }
    }
}
