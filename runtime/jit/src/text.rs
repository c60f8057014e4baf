//! A text against a constant, byte by byte.
//!
//! The lengths first: they differ more often than not, and cost no look at the text. Then as few loads as cover the bytes; the
//! last two may overlap.

use super::at::reference;
use super::emit::Emit;
use super::plan::{Against, Asked};
use super::rows::offset_of_ref;
use cranelift_codegen::ir::condcodes::{CondCode, IntCC};
use cranelift_codegen::ir::types::{I8, I8X16, I16, I32, I64};
use cranelift_codegen::ir::{Block, InstBuilder, MemFlags, Type, Value};
use journey_artifact::code::{Instr, Op};
use journey_artifact::word::{Ref, Region};
use journey_machine::eval::aside::{order_for_code, same_text_for_code};
use journey_machine::eval::view::{RecordView, View};
use std::mem::offset_of;

/// Where the reference to a text is.
#[derive(Clone, Copy)]
enum Named {
    /// In a slot: the address of the row, and bytes from there.
    At(Value, i32),
    /// Loaded.
    By(Value),
}

impl Emit<'_, '_> {
    /// Whether a text is a constant's: register `result` says so, if somebody reads it, and where that is `to.0` it goes to `to.1`, else
    /// to `next`.
    pub fn equal_text(
        &mut self,
        result: Option<u8>,
        against: Against,
        to: Option<(bool, Block)>,
        next: Block,
    ) {
        let no = match to {
            Some((false, to)) => to,
            _ => next,
        };
        let Against {
            register,
            record,
            constant,
        } = against;
        let program = self.program;
        let wanted = program.text(constant).unwrap_or_default();
        let text = match self.unloaded(register) {
            Some((row, offset)) => Named::At(row, offset),
            None => Named::By(self.get(register)),
        };
        if let Some(result) = result {
            let differs = self.b.ins().iconst(I64, 0);
            self.set(result, differs);
        }
        // Only behind the test that brought us here: not to be moved.
        let flags = MemFlags::trusted();
        let found = match text {
            Named::At(row, offset) => self.b.ins().uload32(flags, row, offset + 4),
            Named::By(text) => self.b.ins().ushr_imm(text, 32),
        };
        let len = wanted.len() as u32;
        let same_len = match record {
            // Region and length in one comparison: what names another record is not looked at.
            Some(record) => {
                let high = reference(record, len) as u64 >> 32;
                self.b.ins().icmp_imm(IntCC::Equal, found, high as i64)
            }
            None => {
                let found = self.b.ins().band_imm(found, i64::from(Ref::MAX_LEN));
                self.b.ins().icmp_imm(IntCC::Equal, found, i64::from(len))
            }
        };
        self.go_on_if(same_len, no);
        let offset = match text {
            Named::At(row, offset) => self.b.ins().uload32(flags, row, offset),
            Named::By(text) => offset_of_ref(self, text),
        };
        let end = self.b.ins().iadd_imm(offset, i64::from(len));
        let most = IntCC::UnsignedLessThanOrEqual;
        let bytes = match record {
            Some(record) => {
                let there = self.text_len(record);
                let fits = self.b.ins().icmp(most, end, there);
                self.make_sure(fits);
                self.text(record)
            }
            None => {
                let text = self.get(register);
                let (bytes, there) = self.text_of_region(text);
                let fits = self.b.ins().icmp(most, end, there);
                self.make_sure(fits);
                bytes
            }
        };
        let address = self.b.ins().iadd(bytes, offset);
        if let Some(result) = result {
            let holds = self.same_bytes(address, wanted, IntCC::Equal);
            let word = self.b.ins().uextend(I64, holds);
            self.set(result, word);
        }
        self.branch_on_bytes(address, wanted, to, next);
    }

    /// Whether two texts are the same; where to go on is as with [`Emit::equal_text`].
    pub fn same_texts(
        &mut self,
        i: Instr,
        result: Option<u8>,
        to: Option<(bool, Block)>,
        next: Block,
    ) {
        let no = match to {
            Some((false, to)) => to,
            _ => next,
        };
        let (one, other) = (self.get(i.b), self.get(i.c));
        // Lengths differ more often than not.
        let apart = self.b.ins().bxor(one, other);
        let apart = self.len_of(apart);
        let same_len = self.b.ins().icmp_imm(IntCC::Equal, apart, 0);
        if let Some(result) = result {
            self.set_word(result, 0);
        }
        self.go_on_if(same_len, no);
        let arguments = [self.view, one, other];
        let [same] = self.call(same_text_for_code as *const (), &arguments);
        let seen = self.b.ins().icmp_imm(IntCC::UnsignedLessThan, same, 2);
        self.make_sure(seen);
        if let Some(result) = result {
            self.set(result, same);
        }
        match to {
            Some((true, to)) => self.b.ins().brif(same, to, &[], next, &[]),
            Some((false, to)) => {
                let differ = self.b.ins().icmp_imm(IntCC::Equal, same, 0);
                self.b.ins().brif(differ, to, &[], next, &[])
            }
            None => self.b.ins().jump(next, &[]),
        };
    }

    /// Whether a text stands before another, or is the same: likewise.
    pub fn order_texts(
        &mut self,
        i: Instr,
        result: Option<u8>,
        to: Option<(bool, Block)>,
        next: Block,
    ) {
        let (one, other) = (self.get(i.b), self.get(i.c));
        let arguments = [self.view, one, other];
        let [order] = self.call(order_for_code as *const (), &arguments);
        let seen = self.b.ins().icmp_imm(IntCC::UnsignedLessThan, order, 3);
        self.make_sure(seen);
        let most = if i.op == Op::LtS { 0 } else { 1 };
        let how = IntCC::UnsignedLessThanOrEqual;
        if let Some(result) = result {
            let holds = self.b.ins().icmp_imm(how, order, most);
            let word = self.b.ins().uextend(I64, holds);
            self.set(result, word);
        }
        match to {
            Some((when, to)) => {
                let how = if when { how } else { how.complement() };
                let goes = self.b.ins().icmp_imm(how, order, most);
                self.b.ins().brif(goes, to, &[], next, &[])
            }
            None => self.b.ins().jump(next, &[]),
        };
    }

    /// Address and length of the text of the region that a reference names.
    fn text_of_region(&mut self, text: Value) -> (Value, Value) {
        let region = self.b.ins().ushr_imm(text, 60);
        let known = Region::Scratch as i64;
        let known = self
            .b
            .ins()
            .icmp_imm(IntCC::UnsignedLessThan, region, known);
        self.make_sure(known);
        let rows = self
            .b
            .ins()
            .imul_imm(region, size_of::<RecordView>() as i64);
        let rows = self.b.ins().iadd(self.view, rows);
        let mut load = |field: usize| {
            let offset = View::offset_of_rows(0) + field;
            let flags = MemFlags::trusted();
            self.b.ins().load(I64, flags, rows, offset as i32)
        };
        (
            load(offset_of!(RecordView, text)),
            load(offset_of!(RecordView, text_len)),
        )
    }

    /// Goes to `to.1` if it is `to.0` that there are these bytes at an address that was seen to have as many, else to `next`.
    pub fn branch_on_bytes(
        &mut self,
        address: Value,
        wanted: &[u8],
        to: Option<(bool, Block)>,
        next: Block,
    ) {
        let Some((when, to)) = to else {
            self.b.ins().jump(next, &[]);
            return;
        };
        // Where it goes on stands last: then the generator lets it follow.
        let how = if when { IntCC::Equal } else { IntCC::NotEqual };
        let goes = self.same_bytes(address, wanted, how);
        self.b.ins().brif(goes, to, &[], next, &[]);
    }

    /// Whether there are these bytes at an address that was seen to have as many, or with [`IntCC::NotEqual`] the contrary.
    pub fn same_bytes(&mut self, address: Value, wanted: &[u8], how: IntCC) -> Value {
        // Texts are not aligned.
        let flags = MemFlags::new().with_notrap();
        if let Some((low, high)) = halves(wanted.len()) {
            let shift = 8 * (wanted.len() - high) as i64;
            let word = [wanted, &[0; 8]].concat();
            let word = word
                .first_chunk()
                .map_or(0, |word| u64::from_le_bytes(*word));
            // What lies under both stands in both.
            let found = [(low, 0), (high, wanted.len() - high)].map(|(width, at)| {
                let at = at as i32;
                match width {
                    1 => self.b.ins().uload8(I64, flags, address, at),
                    2 => self.b.ins().uload16(I64, flags, address, at),
                    _ => self.b.ins().uload32(flags, address, at),
                }
            });
            let above = self.b.ins().ishl_imm(found[1], shift);
            let found = self.b.ins().bor(found[0], above);
            return self.b.ins().icmp_imm(how, found, word as i64);
        }
        let mut difference: Option<Value> = None;
        let pieces = pieces(wanted.len());
        for (at, width) in &pieces {
            let piece = &wanted[*at..at + width];
            let ty = type_of(*width);
            let found = self.b.ins().load(ty, flags, address, *at as i32);
            let word = if ty == I8X16 {
                let constant = self.b.func.dfg.constants.insert(piece.into());
                self.b.ins().vconst(ty, constant)
            } else {
                let word = piece.iter().rev();
                let word = word.fold(0u64, |word, byte| word << 8 | u64::from(*byte));
                self.b.ins().iconst(ty, word as i64)
            };
            if pieces.len() == 1 && ty != I8X16 {
                return self.b.ins().icmp(how, found, word);
            }
            let differs = self.b.ins().bxor(found, word);
            difference = Some(match difference {
                None => differs,
                Some(others) => self.b.ins().bor(others, differs),
            });
        }
        match difference {
            Some(difference) if wanted.len() >= 16 => {
                let differs = self.b.ins().vany_true(difference);
                self.b.ins().icmp_imm(how, differs, 0)
            }
            Some(difference) => self.b.ins().icmp_imm(how, difference, 0),
            None => self.b.ins().iconst(I8, i64::from(how == IntCC::Equal)),
        }
    }
}

/// Widths of two loads, at the beginning and at the end, that cover so many bytes within a word.
fn halves(len: usize) -> Option<(usize, usize)> {
    match len {
        3 => Some((2, 1)),
        5 => Some((4, 1)),
        6 => Some((4, 2)),
        7 => Some((4, 4)),
        _ => None,
    }
}

/// Places and widths of loads that cover so many bytes, where two within a word do not.
fn pieces(len: usize) -> Vec<(usize, usize)> {
    let width = match len {
        0 => return Vec::new(),
        1 => 1,
        2 => 2,
        4 => 4,
        8..=15 => 8,
        _ => 16,
    };
    let mut pieces: Vec<(usize, usize)> = (0..len / width).map(|n| (n * width, width)).collect();
    if !len.is_multiple_of(width) {
        pieces.push((len - width, width));
    }
    pieces
}

fn type_of(width: usize) -> Type {
    match width {
        1 => I8,
        2 => I16,
        4 => I32,
        8 => I64,
        _ => I8X16,
    }
}

#[cfg(test)]
mod tests {
    use super::{halves, pieces};

    #[test]
    fn every_byte_is_covered_and_none_beyond() {
        for len in 0..70 {
            let mut covered = vec![false; len];
            let loads = match halves(len) {
                Some((low, high)) => vec![(0, low), (len - high, high)],
                None => pieces(len),
            };
            for (at, width) in loads {
                covered[at..at + width].fill(true);
            }
            assert!(covered.iter().all(|c| *c), "{len}");
        }
    }
}
