//! Slots of rows, and rows of lists.
//!
//! A root row was seen to be long enough when the code began, a row of a list when it was taken from the list; any other row is
//! looked at each time, and what the evaluation has made lies where the work says. Never true here: a read or a store that was not seen to lie
//! within its record.

use super::at::At;
use super::emit::Emit;
use super::plan::Asked;
use super::presence::{Look, missing_to};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F64, I32, I64};
use cranelift_codegen::ir::{InstBuilder, MemFlags, Value};
use journey_artifact::code::{Instr, Op};
use journey_artifact::word::{Ref, Region};
use journey_machine::eval::view::RecordView;
use journey_machine::eval::work::Work;
use std::mem::offset_of;

/// Bits of a reference that say its region.
const REGION: i64 = 0xF << 60;

impl Emit<'_, '_> {
    /// `Slot` and `Has`.
    pub fn slot(&mut self, at: usize, i: Instr, row: At) {
        let (presence, value) = (usize::from(i.lo / 64), usize::from(i.c) + usize::from(i.lo));
        let look = self.plan.looks[at];
        let address = match row {
            At::Root(record) => self.root(record),
            At::Row(_) => self.row_address(i.b),
            At::Made => {
                let row = self.get(i.b);
                let offset = offset_of_ref(self, row);
                let count = self.b.ins().iconst(I64, value as i64 + 1);
                self.within_made(row, offset, count)
            }
            other => {
                // The plan leaves a row of no known record to the machine.
                let record = other.record().unwrap_or_default();
                let row = self.get(i.b);
                let offset = offset_of_ref(self, row);
                let count = self.b.ins().iconst(I64, value as i64 + 1);
                self.within(record, offset, count)
            }
        };
        // Only behind the test that brought us here: not to be moved.
        let flags = MemFlags::trusted();
        if let Look::At(mask) = look {
            let first = match row {
                At::Root(record) if presence == 0 => self.first_presence(record),
                _ => None,
            };
            let bits = match first {
                Some(bits) => bits,
                None => {
                    let ins = self.b.ins();
                    ins.load(I64, flags, address, (presence * 8) as i32)
                }
            };
            let found = self.b.ins().band_imm(bits, mask as i64);
            let there = match mask.is_power_of_two() {
                true => found,
                false => self.b.ins().icmp_imm(IntCC::Equal, found, mask as i64),
            };
            let missing = match mask.is_power_of_two() {
                true => missing_to(self.program.code, at),
                false => usize::from(i.hi),
            };
            let missing = self.block(missing);
            self.go_on_if(there, missing);
        }
        if i.op != Op::Slot {
            return;
        }
        let offset = (value * 8) as i32;
        if self.is_decimal_next(at, i.a) {
            let value = self.b.ins().load(F64, flags, address, offset);
            return self.give_decimal(at, i.a, value);
        }
        if self.is_compared_next(at, i.a) {
            return self.set_unloaded(i.a, address, offset);
        }
        let word = self.b.ins().load(I64, flags, address, offset);
        self.set(i.a, word);
    }

    /// The address of words that begin so many words into a record, all `count` of them seen to be there.
    pub fn within(&mut self, record: u8, offset: Value, count: Value) -> Value {
        let end = self.b.ins().iadd(offset, count);
        let len = self.load_field(record, offset_of!(RecordView, words_len));
        let fits = self.b.ins().icmp(IntCC::UnsignedLessThanOrEqual, end, len);
        self.make_sure(fits);
        let words = self.load_field(record, offset_of!(RecordView, words));
        let bytes = self.b.ins().ishl_imm(offset, 3);
        self.b.ins().iadd(words, bytes)
    }

    /// The same of what the evaluation has made; `reference` is seen to name that.
    fn within_made(&mut self, reference: Value, offset: Value, count: Value) -> Value {
        let region = self.b.ins().ushr_imm(reference, 60);
        let made = Region::Scratch as i64;
        let is_made = self.b.ins().icmp_imm(IntCC::Equal, region, made);
        let end = self.b.ins().iadd(offset, count);
        let len = self.load_of_work(Work::OFFSET_OF_MADE_LEN);
        let fits = self.b.ins().icmp(IntCC::UnsignedLessThanOrEqual, end, len);
        let fits = self.b.ins().band(fits, is_made);
        self.make_sure(fits);
        let words = self.load_of_work(Work::OFFSET_OF_MADE);
        let bytes = self.b.ins().ishl_imm(offset, 3);
        self.b.ins().iadd(words, bytes)
    }

    /// Where what is made lies now: whatever is left to the machine may move it.
    fn load_of_work(&mut self, offset: usize) -> Value {
        // Something was made, so there is work.
        let work = self.work.unwrap_or(self.view);
        let flags = MemFlags::trusted();
        self.b.ins().load(I64, flags, work, offset as i32)
    }

    /// `Push` and `PushNull`, to a list that the evaluation has made: within its room, which stands before its first row.
    pub fn push(&mut self, i: Instr) {
        let list = self.get(i.a);
        let len = self.len_of(list);
        let first = offset_of_ref(self, list);
        let is_behind = self.b.ins().icmp_imm(IntCC::NotEqual, first, 0);
        self.make_sure(is_behind);
        let words = self.b.ins().ishl_imm(len, 1);
        let count = self.b.ins().iadd_imm(words, 2);
        let rows = self.within_made(list, first, count);
        let flags = MemFlags::trusted();
        let room = self.b.ins().load(I64, flags, rows, -8);
        let has_room = self.b.ins().icmp(IntCC::UnsignedLessThan, len, room);
        self.make_sure(has_room);
        let bytes = self.b.ins().ishl_imm(words, 3);
        let item = self.b.ins().iadd(rows, bytes);
        let (there, word) = match i.op {
            Op::Push => (1, self.get(i.b)),
            _ => (0, self.b.ins().iconst(I64, 0)),
        };
        let there = self.b.ins().iconst(I64, there);
        self.b.ins().store(flags, there, item, 0);
        self.b.ins().store(flags, word, item, 8);
        let longer = self.b.ins().iadd_imm(list, 1 << 32);
        self.set(i.a, longer);
    }

    /// Bytes of a text, rows of a list.
    pub fn len_of(&mut self, reference: Value) -> Value {
        let len = self.b.ins().ushr_imm(reference, 32);
        self.b.ins().band_imm(len, i64::from(Ref::MAX_LEN))
    }

    /// A row of a list, by number: the reference, and its address if the record is known.
    fn row_of_list(&mut self, i: Instr, list: Value, index: Value, at: At) {
        let stride = self.program.row_words(i.lo);
        let first = offset_of_ref(self, list);
        let words = self.b.ins().imul_imm(index, stride);
        let offset = self.b.ins().iadd(first, words);
        match at.record() {
            Some(record) => {
                let count = self.b.ins().iconst(I64, stride);
                let address = self.within(record, offset, count);
                self.set_row_address(i.a, address);
            }
            None => {
                // Beyond what a reference can say: the interpreter tells what is wrong.
                let fits = self.b.ins().icmp_imm(
                    IntCC::UnsignedLessThanOrEqual,
                    offset,
                    i64::from(u32::MAX),
                );
                self.make_sure(fits);
            }
        }
        let region = self.b.ins().band_imm(list, REGION);
        let row = self.b.ins().bor(region, offset);
        self.set(i.a, row);
    }

    /// `Elem`.
    pub fn elem(&mut self, i: Instr, list_at: At) {
        let (list, index) = (self.get(i.b), self.get(i.c));
        let len = self.len_of(list);
        let from_end = self.b.ins().iadd(index, len);
        let negative = self.b.ins().icmp_imm(IntCC::SignedLessThan, index, 0);
        let index = self.b.ins().select(negative, from_end, index);
        let inside = self.b.ins().icmp(IntCC::UnsignedLessThan, index, len);
        let none = self.target(i);
        self.go_on_if(inside, none);
        self.row_of_list(i, list, index, list_at);
    }

    /// `Next`.
    pub fn next(&mut self, i: Instr, list_at: At) {
        let (list, cursor) = (self.get(i.b), self.get(i.c));
        let len = self.len_of(list);
        let inside = self.b.ins().icmp(IntCC::UnsignedLessThan, cursor, len);
        let end = self.target(i);
        self.go_on_if(inside, end);
        self.row_of_list(i, list, cursor, list_at);
        let cursor = self.b.ins().iadd_imm(cursor, 1);
        self.set(i.c, cursor);
    }
}

/// Where a reference points in its region, in words or bytes.
pub(crate) fn offset_of_ref(e: &mut Emit<'_, '_>, reference: Value) -> Value {
    let low = e.b.ins().ireduce(I32, reference);
    e.b.ins().uextend(I64, low)
}
