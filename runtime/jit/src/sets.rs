//! Whether a value is in a set of constants.
//!
//! A word is looked for in place, in the few places of the set's table where it may stand: code is as long for any set. A text is asked of
//! the machine by one call; one that is in no record is not told there, and the interpreter does it all. Never true here: a set that
//! is not the program's own, so its address is good for as long as the code is.

use super::emit::Emit;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{AbiParam, InstBuilder, MemFlags, Signature, Value};
use journey_artifact::code::{Instr, Op};
use journey_artifact::word::WordType;
use journey_machine::eval::set::{NOT_TOLD, Set, WordPlaces, set_for_code};

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
        let told = match set.words() {
            Some(places) => self.is_among(set.ty(), places, word),
            None => Told::Truth(self.ask_set(set, word)),
        };
        let next = self.program.code.get(at + 1);
        let jump = next.filter(|n| n.a == i.a && !self.plan.is_target[at + 1]);
        let when = match jump.map(|jump| jump.op) {
            Some(Op::JumpTrue) => true,
            Some(Op::JumpFalse) => false,
            _ => {
                self.put_told(i.a, told);
                return 1;
            }
        };
        if self.plan.is_read[usize::from(i.a)] {
            self.put_told(i.a, told);
        }
        let to = self.target(self.program.code[at + 1]);
        // Where it goes on stands last: then the generator lets it follow.
        let goes = self.holds(told, when);
        let next = self.b.create_block();
        self.b.ins().brif(goes, to, &[], next, &[]);
        self.go_on(next);
        2
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
        let word = self.plain(ty, word);
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
    fn plain(&mut self, ty: WordType, word: Value) -> Value {
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

    /// What the machine says of a value in a record: 0 or 1.
    fn ask_set(&mut self, set: &Set, word: Value) -> Value {
        self.calls = true;
        let mut signature = Signature::new(self.b.func.signature.call_conv);
        signature.params = vec![AbiParam::new(I64); 3];
        signature.returns = vec![AbiParam::new(I64)];
        let signature = self.b.import_signature(signature);
        let function = self.b.ins().iconst(I64, set_for_code as *const () as i64);
        let address = self.b.ins().iconst(I64, std::ptr::from_ref(set) as i64);
        let arguments = [self.view, address, word];
        let call = self.b.ins().call_indirect(signature, function, &arguments);
        let told = self.b.inst_results(call)[0];
        let answered = IntCC::UnsignedLessThan;
        let answered = self.b.ins().icmp_imm(answered, told, NOT_TOLD as i64);
        self.make_sure(answered);
        told
    }
}
