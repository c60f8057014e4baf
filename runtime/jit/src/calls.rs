//! Calls of functions of the table that need no place of work: done in place, or by one call of the machine.
//!
//! What is an instruction or a few over words is emitted; a function that only looks is called with its arguments and the fuel in registers
//! of the processor. Comes in: a call. Goes out: its value, the fuel it leaves. Never true here: a text or list that the evaluation has made; a
//! cost other than the interpreter's.

use super::direct::Direct;
use super::emit::Emit;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::{F64, I64};
use cranelift_codegen::ir::{
    AbiParam, InstBuilder, Signature, StackSlotData, StackSlotKind, Value,
};
use journey_artifact::code::Instr;
use journey_artifact::word::WordType;
use journey_machine::eval::aside::{
    IN_REGISTERS, MOST_ARGUMENTS, look_at_many_for_code, look_for_code,
};
use journey_machine::eval::tables::Import;
use journey_machine::eval::tier::Outcome;
use journey_machine::func::Plain;

/// What a call costs whatever its arguments.
const CALL: u64 = 4;

impl Emit<'_, '_> {
    /// Calls a function of the machine's, by its address.
    pub fn call<const N: usize>(&mut self, function: *const (), arguments: &[Value]) -> [Value; N] {
        self.calls = true;
        let mut signature = Signature::new(self.b.func.signature.call_conv);
        signature.params = vec![AbiParam::new(I64); arguments.len()];
        signature.returns = vec![AbiParam::new(I64); N];
        let signature = self.b.import_signature(signature);
        let function = self.b.ins().iconst(I64, function as i64);
        let call = self.b.ins().call_indirect(signature, function, arguments);
        let results = self.b.inst_results(call);
        std::array::from_fn(|n| results[n])
    }

    /// A call that is done without a place of work.
    pub fn direct(&mut self, at: usize, i: Instr, direct: Direct<'_>) {
        match direct {
            Direct::Plain(plain, import) => self.plain(at, i, plain, import),
            Direct::Looks(import) => self.look(i, import),
        }
    }

    /// The import's address is good for as long as the code is: both belong to the program.
    fn look(&mut self, i: Instr, import: &Import) {
        let given = (i.b..).take(usize::from(i.c));
        let given: Vec<Value> = given.map(|register| self.get(register)).collect();
        let address = self.b.ins().iconst(I64, std::ptr::from_ref(import) as i64);
        let mut arguments = vec![self.view, self.fuel(), address];
        let function = if given.len() <= IN_REGISTERS {
            let nothing = self.b.ins().iconst(I64, 0);
            arguments.extend((0..IN_REGISTERS).map(|n| given.get(n).copied().unwrap_or(nothing)));
            look_for_code as *const ()
        } else {
            let bytes = 8 * MOST_ARGUMENTS as u32;
            let room = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 3);
            let room = self.b.create_sized_stack_slot(room);
            for (word, offset) in given.into_iter().zip((0..).step_by(8)) {
                self.b.ins().stack_store(word, room, offset);
            }
            arguments.push(self.b.ins().stack_addr(I64, room, 0));
            look_at_many_for_code as *const ()
        };
        let [word, left] = self.call(function, &arguments);
        // Beyond all fuel it says that there is no value, or no answer.
        let is_there = IntCC::SignedGreaterThanOrEqual;
        let is_there = self.b.ins().icmp_imm(is_there, left, 0);
        if import.optional {
            let (there, none) = (self.b.create_block(), self.b.create_block());
            self.b.ins().brif(is_there, there, &[], none, &[]);
            self.b.set_cold_block(none);
            self.go_on(none);
            let again = Outcome::AGAIN as i64;
            let answered = self.b.ins().icmp_imm(IntCC::NotEqual, left, again);
            self.make_sure(answered);
            let fuel = self.b.ins().band_imm(left, !Outcome::MISSING as i64);
            self.set_fuel(fuel);
            let target = self.target(i);
            self.b.ins().jump(target, &[]);
            self.go_on(there);
        } else {
            self.make_sure(is_there);
        }
        self.set_fuel(left);
        self.set(i.a, word);
    }

    fn plain(&mut self, at: usize, i: Instr, plain: Plain, import: &Import) {
        let first = import.site.params.first();
        match first {
            Some(WordType::Str) => {
                let text = self.get(i.b);
                let len = self.len_of(text);
                self.pay(CALL, Some(len));
            }
            Some(WordType::List(_)) => {
                let list = self.get(i.b);
                let len = self.len_of(list);
                let cost = self.b.ins().iadd_imm(len, CALL as i64);
                self.pay_all(cost);
            }
            _ => self.pay(CALL, None),
        }
        let value = match plain {
            Plain::Max | Plain::Min if first != Some(&WordType::Dec) => {
                self.extreme(i, plain == Plain::Max, first == Some(&WordType::DateTime))
            }
            Plain::Max
            | Plain::Min
            | Plain::AbsDecimal
            | Plain::SumDecimal
            | Plain::AvgDecimal
            | Plain::ToDecimal => {
                let value = self.decimal_of(i, plain);
                return self.give_decimal(at, i.a, value);
            }
            Plain::Round | Plain::Floor | Plain::Ceil => self.whole(i, plain),
            Plain::SumInteger => {
                let (b, c) = (self.get(i.b), self.get(i.b.wrapping_add(1)));
                self.sum(b, c)
            }
            _ => self.word_of(i, plain),
        };
        self.set(i.a, value);
    }

    /// Of one word.
    fn word_of(&mut self, i: Instr, plain: Plain) -> Value {
        let word = self.get(i.b);
        let truth = |e: &mut Self, how: IntCC, of: Value| {
            let holds = e.b.ins().icmp_imm(how, of, 0);
            e.b.ins().uextend(I64, holds)
        };
        match plain {
            Plain::AbsInteger => {
                let negative = self.negative(word);
                let is_negative = self.b.ins().icmp_imm(IntCC::SignedLessThan, word, 0);
                self.b.ins().select(is_negative, negative, word)
            }
            Plain::IsNotZero => truth(self, IntCC::NotEqual, word),
            Plain::Size => self.len_of(word),
            Plain::IsEmpty => {
                let len = self.len_of(word);
                truth(self, IntCC::Equal, len)
            }
            Plain::IsNotEmpty => {
                let len = self.len_of(word);
                truth(self, IntCC::NotEqual, len)
            }
            // The word as it is; all else is done elsewhere.
            _ => word,
        }
    }

    /// The larger or the smaller of two words in order.
    fn extreme(&mut self, i: Instr, larger: bool, instants: bool) -> Value {
        let (a, b) = (self.get(i.b), self.get(i.b.wrapping_add(1)));
        let (x, y) = if instants {
            (self.b.ins().sshr_imm(a, 12), self.b.ins().sshr_imm(b, 12))
        } else {
            (a, b)
        };
        let how = match larger {
            true => IntCC::SignedLessThan,
            false => IntCC::SignedGreaterThan,
        };
        let second = self.b.ins().icmp(how, x, y);
        self.b.ins().select(second, b, a)
    }

    fn decimal_of(&mut self, i: Instr, plain: Plain) -> Value {
        if plain == Plain::ToDecimal {
            let word = self.get(i.b);
            return self.b.ins().fcvt_from_sint(F64, word);
        }
        let a = self.decimal(i.b);
        if plain == Plain::AbsDecimal {
            return self.b.ins().fabs(a);
        }
        let b = self.decimal(i.b.wrapping_add(1));
        match plain {
            // In this order what is no number comes last, and equals itself.
            Plain::Max => {
                let behind = FloatCC::UnorderedOrLessThan;
                let behind = self.b.ins().fcmp(behind, a, b);
                let is_number = self.b.ins().fcmp(FloatCC::Ordered, a, a);
                let second = self.b.ins().band(behind, is_number);
                self.b.ins().select(second, b, a)
            }
            Plain::Min => {
                let before = FloatCC::UnorderedOrGreaterThan;
                let before = self.b.ins().fcmp(before, a, b);
                let is_number = self.b.ins().fcmp(FloatCC::Ordered, b, b);
                let second = self.b.ins().band(before, is_number);
                self.b.ins().select(second, b, a)
            }
            Plain::AvgDecimal => {
                let sum = self.b.ins().fadd(a, b);
                let two = self.b.ins().f64const(2.0);
                self.b.ins().fdiv(sum, two)
            }
            _ => self.b.ins().fadd(a, b),
        }
    }

    /// An integer of a decimal.
    fn whole(&mut self, i: Instr, plain: Plain) -> Value {
        let number = self.decimal(i.b);
        let whole = match plain {
            Plain::Ceil => self.b.ins().ceil(number),
            Plain::Floor => self.b.ins().floor(number),
            _ => {
                let floor = self.b.ins().floor(number);
                let above = self.b.ins().fsub(number, floor);
                let half = self.b.ins().f64const(0.5);
                let up = FloatCC::GreaterThanOrEqual;
                let up = self.b.ins().fcmp(up, above, half);
                let one = self.b.ins().f64const(1.0);
                let next = self.b.ins().fadd(floor, one);
                self.b.ins().select(up, next, floor)
            }
        };
        self.b.ins().fcvt_to_sint_sat(I64, whole)
    }
}
