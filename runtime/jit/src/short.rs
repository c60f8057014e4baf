//! Calls over texts that are carried out together.
//!
//! A test of a text as it stands is done in place; for all else code asks the machine for the value by one call, and without an answer the
//! interpreter does it all. Never true here: a test's meaning; it is [`Shortcut`]'s.

use super::emit::Emit;
use super::plan::shortcut_in_place;
use super::rows::offset_of_ref;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, MemFlags, Value};
use journey_artifact::code::Op;
use journey_machine::eval::shortcut::{InPlace, Shortcut, shortcut_for_code};
use journey_machine::eval::tier::Outcome;
use journey_machine::func::hash::{BUCKETS, PRIME};

/// ⌈2⁷⁵ / 10000⌉: the upper half of a product with it, shifted right by eleven, is a quotient.
const BY_BUCKETS: u64 = 0x346D_C5D6_3886_594B;

/// A text that was seen to lie within its record.
#[derive(Clone, Copy)]
struct Text {
    address: Value,
    len: Value,
}

impl Emit<'_, '_> {
    /// A shortcut that begins at an instruction; how many instructions are done then.
    pub fn shortcut(&mut self, at: usize, shortcut: &Shortcut) -> usize {
        let known = self.plan.before.get(at).unwrap_or_default();
        let done = shortcut.next - at;
        let Some((test, cost, record)) = shortcut_in_place(shortcut, known) else {
            let (value, left, answered) = self.ask(shortcut);
            self.make_sure(answered);
            self.set_fuel(left);
            self.set(shortcut.into, value);
            return done;
        };
        let word = self.get(shortcut.text);
        let text = self.text_at(record, word);
        self.pay(cost, Some(text.len));
        let jumped = match test {
            InPlace::StartWith(part) => self.part(shortcut, text, part, false),
            InPlace::EndWith(part) => self.part(shortcut, text, part, true),
            InPlace::Bucket(salted) => {
                let bucket = self.bucket(text, salted);
                self.set(shortcut.into, bucket);
                false
            }
        };
        done + usize::from(jumped)
    }

    /// A text of a record.
    fn text_at(&mut self, record: u8, reference: Value) -> Text {
        let len = self.len_of(reference);
        let offset = offset_of_ref(self, reference);
        let end = self.b.ins().iadd(offset, len);
        let there = self.text_len(record);
        let fits = IntCC::UnsignedLessThanOrEqual;
        let fits = self.b.ins().icmp(fits, end, there);
        self.make_sure(fits);
        let bytes = self.text(record);
        let address = self.b.ins().iadd(bytes, offset);
        Text { address, len }
    }

    /// Takes what calls cost: so much, and a unit for each sixteen bytes.
    pub fn pay(&mut self, cost: u64, len: Option<Value>) {
        let cost = match len {
            Some(len) => {
                let by_len = self.b.ins().ushr_imm(len, 4);
                self.b.ins().iadd_imm(by_len, cost as i64)
            }
            None => self.b.ins().iconst(I64, cost as i64),
        };
        self.pay_all(cost);
    }

    /// Takes so much.
    pub fn pay_all(&mut self, cost: Value) {
        let fuel = self.fuel();
        let most = IntCC::UnsignedGreaterThanOrEqual;
        let enough = self.b.ins().icmp(most, fuel, cost);
        self.make_sure(enough);
        let left = self.b.ins().isub(fuel, cost);
        self.set_fuel(left);
    }

    /// Whether a text begins or ends with a part; whether the jump on it, which follows, is done too.
    fn part(&mut self, shortcut: &Shortcut, text: Text, part: &[u8], at_end: bool) -> bool {
        let len = part.len() as i64;
        let most = IntCC::UnsignedGreaterThanOrEqual;
        let long_enough = self.b.ins().icmp_imm(most, text.len, len);
        let (next, jump) = (
            self.b.create_block(),
            self.jump_on(shortcut.next, shortcut.into),
        );
        let no = match jump {
            Some((false, to)) => to,
            _ => next,
        };
        if jump.is_none() {
            self.set_word(shortcut.into, 0);
        }
        self.go_on_if(long_enough, no);
        let address = if at_end {
            let from = self.b.ins().iadd_imm(text.len, -len);
            self.b.ins().iadd(text.address, from)
        } else {
            text.address
        };
        if jump.is_none() {
            let holds = self.same_bytes(address, part, IntCC::Equal);
            let word = self.b.ins().uextend(I64, holds);
            self.set(shortcut.into, word);
        }
        self.branch_on_bytes(address, part, jump, next);
        self.go_on(next);
        jump.is_some()
    }

    /// The jump at a place on the value of a register that was set before it, if nobody else wants the value: whether it is taken when
    /// that is true, and where to.
    pub fn jump_on(&mut self, place: usize, register: u8) -> Option<(bool, Block)> {
        let jump = self
            .program
            .code
            .get(place)
            .filter(|jump| jump.a == register)?;
        let when = match jump.op {
            Op::JumpTrue => true,
            Op::JumpFalse => false,
            _ => return None,
        };
        let to = usize::from(jump.hi);
        let unread = [to, place + 1].map(|place| self.program.dead.is_dead(place, register));
        let alone = !self.plan.is_target[place] && to > place && unread == [true; 2];
        alone.then(|| (when, self.block(to)))
    }

    /// A text's bucket.
    fn bucket(&mut self, text: Text, salted: u64) -> Value {
        let (body, done) = (self.b.create_block(), self.b.create_block());
        let [before, place] = [0; 2].map(|_| self.b.append_block_param(body, I64));
        let hash = self.b.append_block_param(done, I64);
        let salted = self.b.ins().iconst(I64, salted as i64);
        let end = self.b.ins().iadd(text.address, text.len);
        let empty = self.b.ins().icmp_imm(IntCC::Equal, text.len, 0);
        let first = [salted, text.address].map(BlockArg::Value);
        self.b.ins().brif(empty, done, &first[..1], body, &first);
        self.b.switch_to_block(body);
        let byte = self.b.ins().uload8(I64, MemFlags::trusted(), place, 0);
        let mixed = self.b.ins().bxor(before, byte);
        let prime = self.b.ins().iconst(I64, PRIME as i64);
        let mixed = self.b.ins().imul(mixed, prime);
        let further = self.b.ins().iadd_imm(place, 1);
        let more = self.b.ins().icmp(IntCC::NotEqual, further, end);
        let next = [mixed, further].map(BlockArg::Value);
        self.b.ins().brif(more, body, &next, done, &next[..1]);
        self.b.seal_block(body);
        self.go_on(done);
        let by = self.b.ins().iconst(I64, BY_BUCKETS as i64);
        let quotient = self.b.ins().umulhi(hash, by);
        let quotient = self.b.ins().ushr_imm(quotient, 11);
        let whole = self.b.ins().imul_imm(quotient, BUCKETS as i64);
        self.b.ins().isub(hash, whole)
    }

    /// A shortcut whose text may be one that the evaluation has made: without an answer, what follows are its calls.
    pub fn try_shortcut(&mut self, shortcut: &Shortcut) {
        let (value, left, answered) = self.ask(shortcut);
        let [yes, no] = [0; 2].map(|_| self.b.create_block());
        self.b.ins().brif(answered, yes, &[], no, &[]);
        self.go_on(yes);
        self.set_fuel(left);
        // On the other way all is known as before.
        self.b
            .def_var(self.registers[usize::from(shortcut.into)], value);
        let next = self.block(shortcut.next);
        self.b.ins().jump(next, &[]);
        self.go_on(no);
    }

    /// The value that the machine gives, the fuel that it leaves, and whether it has an answer. The shortcut's address is good for as long as the code is: both
    /// belong to the program.
    fn ask(&mut self, shortcut: &Shortcut) -> (Value, Value, Value) {
        let text = self.get(shortcut.text);
        let address = std::ptr::from_ref(shortcut) as i64;
        let address = self.b.ins().iconst(I64, address);
        let arguments = [self.view, self.fuel(), address, text];
        let [value, left] = self.call(shortcut_for_code as *const (), &arguments);
        let again = Outcome::AGAIN as i64;
        let answered = self.b.ins().icmp_imm(IntCC::NotEqual, left, again);
        (value, left, answered)
    }
}

#[cfg(test)]
mod tests {
    use super::{BUCKETS, BY_BUCKETS};

    #[test]
    fn a_quotient_is_a_product() {
        let by_product =
            |hash: u64| ((u128::from(hash) * u128::from(BY_BUCKETS)) >> 64) as u64 >> 11;
        let mut hash = 1u64;
        for n in 0..100_000u64 {
            hash = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(n);
            let multiple = hash / BUCKETS * BUCKETS;
            for hash in [hash, multiple, multiple.wrapping_sub(1), n, u64::MAX - n] {
                assert_eq!(by_product(hash), hash / BUCKETS, "{hash}");
            }
        }
    }
}
