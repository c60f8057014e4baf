//! A text against a constant, byte by byte.
//!
//! The lengths first: they differ more often than not, and cost no look at the text. Then as few loads as cover the bytes; the
//! last two may overlap.

use super::emit::Emit;
use super::plan::{Against, Texts};
use super::rows::offset_of_ref;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I16, I32, I64};
use cranelift_codegen::ir::{Block, InstBuilder, MemFlags, Type, Value};
use journey_artifact::word::{Ref, Region};
use journey_machine::eval::view::{Rows, View};
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
    /// Goes to `yes` if a text is a constant's, else to `no`; register `result` says so, if somebody reads it.
    pub fn equal_text(&mut self, result: Option<u8>, against: Against, yes: Block, no: Block) {
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
                let region = [Region::Profile, Region::Vars, Region::Input][usize::from(record)];
                let high = Ref::new(region, len, 0).0 >> 32;
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
        let again = self.again();
        let bytes = match record {
            Some(record) => {
                let there = self.text_len(record);
                let fits = self.b.ins().icmp(most, end, there);
                self.go_on_if(fits, again);
                self.text(record)
            }
            None => {
                let text = self.get(register);
                let (bytes, there) = self.text_of_region(text);
                let fits = self.b.ins().icmp(most, end, there);
                self.go_on_if(fits, again);
                bytes
            }
        };
        let address = self.b.ins().iadd(bytes, offset);
        let holds = self.same_bytes(address, wanted);
        if let Some(result) = result {
            let word = self.b.ins().uextend(I64, holds);
            self.set(result, word);
        }
        self.b.ins().brif(holds, yes, &[], no, &[]);
    }

    /// Address and length of the text of the region that a reference names.
    fn text_of_region(&mut self, text: Value) -> (Value, Value) {
        let region = self.b.ins().ushr_imm(text, 60);
        let known = Region::Scratch as i64;
        let known = self
            .b
            .ins()
            .icmp_imm(IntCC::UnsignedLessThan, region, known);
        let again = self.again();
        self.go_on_if(known, again);
        let rows = self.b.ins().imul_imm(region, size_of::<Rows>() as i64);
        let rows = self.b.ins().iadd(self.view, rows);
        let mut load = |field: usize| {
            let offset = View::offset_of_rows(0) + field;
            let flags = MemFlags::trusted();
            self.b.ins().load(I64, flags, rows, offset as i32)
        };
        (
            load(offset_of!(Rows, text)),
            load(offset_of!(Rows, text_len)),
        )
    }

    fn same_bytes(&mut self, address: Value, wanted: &[u8]) -> Value {
        let mut difference: Option<Value> = None;
        let pieces = pieces(wanted.len());
        for (at, width) in &pieces {
            let piece = wanted[*at..at + width].iter().rev();
            let word = piece.fold(0u64, |word, byte| word << 8 | u64::from(*byte));
            let ty = type_of(*width);
            // Texts are not aligned.
            let flags = MemFlags::new().with_notrap();
            let found = self.b.ins().load(ty, flags, address, *at as i32);
            let word = self.b.ins().iconst(ty, word as i64);
            if pieces.len() == 1 {
                return self.b.ins().icmp(IntCC::Equal, found, word);
            }
            let differs = self.b.ins().bxor(found, word);
            difference = Some(match difference {
                None => differs,
                Some(others) => self.b.ins().bor(others, differs),
            });
        }
        let none = difference.unwrap_or_else(|| self.b.ins().iconst(I64, 0));
        self.b.ins().icmp_imm(IntCC::Equal, none, 0)
    }
}

/// Places and widths of loads that cover so many bytes.
fn pieces(len: usize) -> Vec<(usize, usize)> {
    let width = match len {
        0 => return Vec::new(),
        1 => 1,
        2..=3 => 2,
        4..=7 => 4,
        _ => 8,
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
        _ => I64,
    }
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn every_byte_is_covered_and_none_beyond() {
        for len in 0..70 {
            let mut covered = vec![false; len];
            for (at, width) in pieces(len) {
                covered[at..at + width].fill(true);
            }
            assert!(covered.iter().all(|c| *c), "{len}");
        }
    }
}
