//! Whether a value is in a set of constants.
//!
//! A word is looked for in place, in the few places of the set's table where it may stand: code is as long for any set. A text is asked of
//! the machine by one call; one that is in no record is not told there, and the interpreter does it all. Never true here: a set that
//! is not the program's own, so its address is good for as long as the code is.

use super::emit::Emit;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{Block, InstBuilder, MemFlags, Value};
use journey_artifact::code::{Instr, Op};
use journey_artifact::word::WordType;
use journey_machine::eval::set::{Set, WordPlaces};
use journey_machine::eval::work::{NOT_TOLD, set_for_code};

/// What was found out.
#[derive(Clone, Copy)]
enum Told {
    /// These two are the same, or it is not in the set.
    Same(Value, Value),
    /// Not zero: it is in the set.
    Truth(Value),
}

impl Emit<'_, '_> {
    /// `In`, with the jump on it if that follows; how many instructions that takes.
    pub fn is_in(&mut self, at: usize, i: Instr) -> usize {
        // The plan leaves an instruction without a set to the machine.
        let Ok(set) = self.program.loaded.tables().set(i.lo) else {
            return 1;
        };
        let word = self.get(i.b);
        let next = self.program.code.get(at + 1);
        let jump = next.filter(|n| n.a == i.a && !self.plan.is_target[at + 1]);
        let when = match jump.map(|jump| jump.op) {
            Some(Op::JumpTrue) => Some(true),
            Some(Op::JumpFalse) => Some(false),
            _ => None,
        };
        let wanted = when.is_none() || self.plan.is_read[usize::from(i.a)];
        let (on, next) = (when.unwrap_or(true), self.b.create_block());
        let to = match jump {
            Some(jump) if when.is_some() => self.target(*jump),
            _ => next,
        };
        let told = match set.words() {
            Some(places) => self.is_among(set.ty(), places, word),
            None => {
                if wanted {
                    self.set_word(i.a, 0);
                }
                self.ask_set(set, word, if on { next } else { to })
            }
        };
        if wanted {
            self.put_told(i.a, told);
        }
        if when.is_some() {
            // Where it goes on stands last: then the generator lets it follow.
            let goes = self.holds(told, on);
            self.b.ins().brif(goes, to, &[], next, &[]);
        } else {
            self.b.ins().jump(next, &[]);
        }
        self.go_on(next);
        if when.is_some() { 2 } else { 1 }
    }

    /// Whether what was found is so, or with `when` false the contrary.
    fn holds(&mut self, told: Told, when: bool) -> Value {
        match (told, when) {
            (Told::Same(a, b), true) => self.b.ins().icmp(IntCC::Equal, a, b),
            (Told::Same(a, b), false) => self.b.ins().icmp(IntCC::NotEqual, a, b),
            (Told::Truth(truth), true) => self.b.ins().icmp_imm(IntCC::NotEqual, truth, 0),
            (Told::Truth(truth), false) => self.b.ins().icmp_imm(IntCC::Equal, truth, 0),
        }
    }

    fn put_told(&mut self, register: u8, told: Told) {
        let holds = self.holds(told, true);
        let word = self.b.ins().uextend(I64, holds);
        self.set(register, word);
    }

    /// Whether a word is among those of a table.
    fn is_among(&mut self, ty: WordType, set: WordPlaces<'_>, word: Value) -> Told {
        let word = self.stand_in(ty, word);
        let factor = self.b.ins().iconst(I64, set.factor as i64);
        let product = self.b.ins().imul(word, factor);
        let first = self.b.ins().ushr_imm(product, i64::from(set.shift));
        let first = self.b.ins().ishl_imm(first, 3);
        let places = self.b.ins().iconst(I64, set.places.as_ptr() as i64);
        let address = self.b.ins().iadd(places, first);
        let flags = MemFlags::trusted().with_readonly();
        let first = self.b.ins().load(I64, flags, address, 0);
        if set.window == 1 {
            return Told::Same(first, word);
        }
        let mut found = self.b.ins().icmp(IntCC::Equal, first, word);
        for place in 1..set.window {
            let there = self.b.ins().load(I64, flags, address, 8 * place as i32);
            let same = self.b.ins().icmp(IntCC::Equal, there, word);
            found = self.b.ins().bor(found, same);
        }
        Told::Truth(found)
    }

    /// The one word that stands for all that are equal to a word.
    fn stand_in(&mut self, ty: WordType, word: Value) -> Value {
        match ty {
            WordType::DateTime => self.b.ins().band_imm(word, !0xFFF),
            WordType::Dec => {
                let zero = self.b.ins().iconst(I64, 0);
                let minus = self.b.ins().icmp_imm(IntCC::Equal, word, i64::MIN);
                self.b.ins().select(minus, zero, word)
            }
            _ => word,
        }
    }

    /// What the machine says of a value in a record; of a text as long as none of the set it is not asked: that is `no`.
    fn ask_set(&mut self, set: &Set, word: Value, no: Block) -> Told {
        if let Some(lengths) = set.lengths() {
            // Shifts look at six bits.
            let len = self.b.ins().ushr_imm(word, 32);
            let lengths = self.b.ins().iconst(I64, lengths as i64);
            let lengths = self.b.ins().ushr(lengths, len);
            let may_be = self.b.ins().band_imm(lengths, 1);
            self.go_on_if(may_be, no);
        }
        let address = self.b.ins().iconst(I64, std::ptr::from_ref(set) as i64);
        let arguments = [self.view, address, word];
        let [told] = self.call(set_for_code as *const (), &arguments);
        let answered = IntCC::UnsignedLessThan;
        let answered = self.b.ins().icmp_imm(answered, told, NOT_TOLD as i64);
        self.make_sure(answered);
        Told::Truth(told)
    }
}
