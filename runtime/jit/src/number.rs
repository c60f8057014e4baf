//! Numbers and truth values.
//!
//! Integers saturate as the interpreter's do; decimals are IEEE doubles in both. Never true here: an instruction that traps:
//! integer division by what is not constant is a call.

use super::emit::Emit;
use super::quotient::Divisor;
use cranelift_codegen::ir::condcodes::{CondCode, FloatCC, IntCC};
use cranelift_codegen::ir::types::{F64, I64};
use cranelift_codegen::ir::{InstBuilder, MemFlags, Value};
use journey_artifact::code::{Instr, Op};
use journey_machine::eval::aside::{
    decimal_remainder_for_code, quotient_for_code, remainder_for_code,
};
use journey_machine::eval::ops::is_decimal;

impl Emit<'_, '_> {
    /// What a comparison comes to, or with `not` its contrary.
    pub fn compare(&mut self, i: Instr, not: bool) -> Value {
        let order = if not {
            order(i.op).complement()
        } else {
            order(i.op)
        };
        match i.op {
            Op::EqD | Op::LtD | Op::LeD => {
                let (b, c) = (self.decimal(i.b), self.decimal(i.c));
                let how = match i.op {
                    Op::EqD => FloatCC::Equal,
                    Op::LtD => FloatCC::LessThan,
                    _ => FloatCC::LessThanOrEqual,
                };
                let how = if not { how.complement() } else { how };
                self.b.ins().fcmp(how, b, c)
            }
            Op::EqT | Op::LtT | Op::LeT => {
                // The instant stands above twelve bits of offset.
                let (b, c) = (self.get(i.b), self.get(i.c));
                let (b, c) = (self.b.ins().sshr_imm(b, 12), self.b.ins().sshr_imm(c, 12));
                self.b.ins().icmp(order, b, c)
            }
            _ => {
                let (b, c) = (self.get(i.b), self.get(i.c));
                self.b.ins().icmp(order, b, c)
            }
        }
    }

    /// What a register holds, as a decimal.
    pub fn decimal(&mut self, register: u8) -> Value {
        if let Some(value) = self.float(register) {
            return value;
        }
        let word = self.get(register);
        self.b.ins().bitcast(F64, MemFlags::new(), word)
    }

    /// Puts a decimal into a register. The word is made only if somebody wants it.
    pub fn set_decimal(&mut self, register: u8, value: Value) {
        let word = self.b.ins().bitcast(I64, MemFlags::new(), value);
        self.set(register, word);
        self.set_float(register, value);
    }

    /// Sums, signs, truth values.
    pub fn number(&mut self, at: usize, i: Instr) {
        if is_decimal(i.op) {
            return self.decimals(at, i);
        }
        let (b, c) = (self.get(i.b), self.get(i.c));
        let word = match i.op {
            Op::Not => self.b.ins().bxor_imm(b, 1),
            Op::Not3 => self.not3(b),
            Op::And3 => self.and3(b, c),
            Op::Or3 => {
                let (b, c) = (self.not3(b), self.not3(c));
                let both = self.and3(b, c);
                self.not3(both)
            }
            Op::AddI if self.plan.counts[usize::from(i.a)] => self.b.ins().iadd(b, c),
            Op::AddI => self.sum(b, c),
            Op::MulI => self.product(b, c),
            Op::DivI | Op::RemI => self.divided(i, b, c),
            Op::SubI => {
                let difference = self.b.ins().isub(b, c);
                let (x, y) = (self.b.ins().bxor(b, c), self.b.ins().bxor(b, difference));
                self.saturated(b, difference, x, y)
            }
            Op::NegI => self.negative(b),
            Op::IntToDec => {
                let value = self.b.ins().fcvt_from_sint(F64, b);
                return self.give_decimal(at, i.a, value);
            }
            // Every other operation is done elsewhere or left to the machine.
            _ => return,
        };
        self.set(i.a, word);
    }

    fn decimals(&mut self, at: usize, i: Instr) {
        let b = self.decimal(i.b);
        if i.op == Op::NegD {
            let value = self.b.ins().fneg(b);
            return self.give_decimal(at, i.a, value);
        }
        let c = self.decimal(i.c);
        let value = match i.op {
            Op::AddD => self.b.ins().fadd(b, c),
            Op::SubD => self.b.ins().fsub(b, c),
            Op::MulD => self.b.ins().fmul(b, c),
            Op::DivD | Op::RemD => {
                let zero = self.b.ins().f64const(0.0);
                let divides = self.b.ins().fcmp(FloatCC::NotEqual, c, zero);
                let missing = self.target(i);
                self.go_on_if(divides, missing);
                if i.op == Op::DivD {
                    self.b.ins().fdiv(b, c)
                } else {
                    let words = [b, c].map(|it| self.b.ins().bitcast(I64, MemFlags::new(), it));
                    let [rest] = self.call(decimal_remainder_for_code as *const (), &words);
                    self.b.ins().bitcast(F64, MemFlags::new(), rest)
                }
            }
            // Every other operation is done elsewhere or left to the machine.
            _ => return,
        };
        self.give_decimal(at, i.a, value);
    }

    /// A sum, saturated.
    pub fn sum(&mut self, b: Value, c: Value) -> Value {
        let sum = self.b.ins().iadd(b, c);
        // Out of range when both signs differ from the sum's.
        let (x, y) = (self.b.ins().bxor(b, sum), self.b.ins().bxor(c, sum));
        self.saturated(b, sum, x, y)
    }

    /// The number with the other sign, saturated.
    pub fn negative(&mut self, b: Value) -> Value {
        let negative = self.b.ins().ineg(b);
        let least = self.b.ins().icmp_imm(IntCC::Equal, b, i64::MIN);
        let most = self.b.ins().iconst(I64, i64::MAX);
        self.b.ins().select(least, most, negative)
    }

    /// A product, saturated.
    fn product(&mut self, b: Value, c: Value) -> Value {
        let (low, high) = (self.b.ins().imul(b, c), self.b.ins().smulhi(b, c));
        // It fits when the upper half is nothing but the lower half's sign.
        let sign = self.b.ins().sshr_imm(low, 63);
        let over = self.b.ins().icmp(IntCC::NotEqual, high, sign);
        let signs = self.b.ins().bxor(b, c);
        let side = self.b.ins().sshr_imm(signs, 63);
        let edge = self.b.ins().bxor_imm(side, i64::MAX);
        self.b.ins().select(over, edge, low)
    }

    /// A quotient or what remains; by 0 there is none.
    fn divided(&mut self, i: Instr, b: Value, c: Value) -> Value {
        let constant = self.constant(i.c).and_then(|by| Divisor::new(by as i64));
        if let Some(by) = constant {
            let quotient = self.quotient(b, by);
            if i.op == Op::DivI {
                return quotient;
            }
            let whole = self.b.ins().imul_imm(quotient, by.by);
            return self.b.ins().isub(b, whole);
        }
        let divides = self.b.ins().icmp_imm(IntCC::NotEqual, c, 0);
        let missing = self.target(i);
        self.go_on_if(divides, missing);
        let function = match i.op {
            Op::DivI => quotient_for_code as *const (),
            _ => remainder_for_code as *const (),
        };
        let [value] = self.call(function, &[b, c]);
        value
    }

    /// A quotient by a constant, toward zero.
    fn quotient(&mut self, of: Value, by: Divisor) -> Value {
        let factor = self.b.ins().iconst(I64, by.factor);
        let high = self.b.ins().smulhi(of, factor);
        let high = self.b.ins().iadd(high, of);
        // So far it is rounded down.
        let down = self.b.ins().sshr_imm(high, by.shift);
        let sign = self.b.ins().ushr_imm(of, 63);
        self.b.ins().iadd(down, sign)
    }

    /// `result`, or the edge on the side of `b` when both `x` and `y` are negative.
    fn saturated(&mut self, b: Value, result: Value, x: Value, y: Value) -> Value {
        let both = self.b.ins().band(x, y);
        let over = self.b.ins().icmp_imm(IntCC::SignedLessThan, both, 0);
        let sign = self.b.ins().sshr_imm(b, 63);
        let edge = self.b.ins().bxor_imm(sign, i64::MAX);
        self.b.ins().select(over, edge, result)
    }

    fn and3(&mut self, b: Value, c: Value) -> Value {
        let greater = self.b.ins().icmp(IntCC::UnsignedGreaterThan, b, c);
        let most = self.b.ins().select(greater, b, c);
        let least = self.b.ins().select(greater, c, b);
        let zero = self.b.ins().iconst(I64, 0);
        let none = self.b.ins().icmp_imm(IntCC::Equal, least, 0);
        self.b.ins().select(none, zero, most)
    }

    fn not3(&mut self, b: Value) -> Value {
        let unknown = self.b.ins().icmp_imm(IntCC::UnsignedGreaterThan, b, 1);
        let two = self.b.ins().iconst(I64, 2);
        let other = self.b.ins().bxor_imm(b, 1);
        self.b.ins().select(unknown, two, other)
    }
}

fn order(op: Op) -> IntCC {
    match op {
        Op::EqI | Op::EqT => IntCC::Equal,
        Op::LtI | Op::LtT => IntCC::SignedLessThan,
        _ => IntCC::SignedLessThanOrEqual,
    }
}
