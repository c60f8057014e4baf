//! What registers hold: words, decimals, addresses of rows; slots that are not loaded.
//!
//! Comes in: values of the code generator. Goes out: the same, in the form that is wanted. Beside a register's word stands what else is
//! known of it on the straight way here; where ways meet only the word is left. Never true here: a form that is not its word's.

use super::emit::Emit;
use super::plan::{left_to_machine, text_in_place};
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{InstBuilder, Value};
use cranelift_frontend::Variable;
use journey_artifact::code::Instr;
use journey_machine::eval::ops::is_decimal;

/// Instructions behind one that gives a value, among which its reader is looked for.
const NEAR: usize = 16;

impl Emit<'_, '_> {
    /// Whether the next that reads a register takes it for a decimal.
    pub fn is_decimal_next(&self, at: usize, register: u8) -> bool {
        let behind = self.program.code[at + 1..].iter();
        let reader = behind
            .take(NEAR)
            .find(|i| i.reads().any(|read| read == register));
        reader.is_some_and(|i| is_decimal(i.op))
    }

    /// The only instruction that reads what one leaves in its register, if that stands straight behind it.
    fn only_reader(&self, at: usize, register: u8) -> Option<usize> {
        let code = self.program.code;
        let reads_it = |place: &usize| code[*place].reads().any(|read| read == register);
        let reader = (at + 1..code.len().min(at + NEAR)).find(reads_it)?;
        if self.plan.is_target[at + 1..=reader].contains(&true) {
            return None;
        }
        // Nobody may want the value where it goes from here, unless it is written over.
        let i = code[reader];
        let away = code[at + 1..=reader].iter().filter(|i| i.op.jumps());
        let written_over = i.op.writes() && i.a == register;
        let on = (!written_over).then_some(reader + 1);
        let mut places = away.map(|i| usize::from(i.hi)).chain(on);
        places
            .all(|place| self.program.dead.is_dead(place, register))
            .then_some(reader)
    }

    /// The only reader of what an instruction leaves in its register, if code does it itself.
    fn reader_here(&self, at: usize, register: u8) -> Option<Instr> {
        let reader = self.only_reader(at, register)?;
        let (i, before) = (self.program.code[reader], self.plan.before.get(reader)?);
        (!left_to_machine(i, before, self.program)).then_some(i)
    }

    /// Whether a text's reference is only wanted for a comparison with a constant, which looks at its halves.
    pub fn is_compared_next(&self, at: usize, register: u8) -> bool {
        let against = |reader: usize| {
            let before = self.plan.before.get(reader)?;
            text_in_place(self.program.code[reader], before, self.program)
        };
        let reader = self.only_reader(at, register);
        reader.is_some_and(|reader| against(reader).is_some())
    }

    /// Puts a decimal into a register; as a word only if somebody may want it so.
    pub fn give_decimal(&mut self, at: usize, register: u8, value: Value) {
        let reader = self.reader_here(at, register);
        if reader.is_some_and(|i| is_decimal(i.op)) {
            self.forget_one(register);
            return self.set_float(register, value);
        }
        self.set_decimal(register, value);
    }

    /// Puts a constant into a register: made now only if more than one instruction wants it, or one further on.
    pub fn give_word(&mut self, at: usize, register: u8, word: u64) {
        if self.only_reader(at, register).is_some() {
            self.forget_one(register);
            self.words[usize::from(register)] = Some(word);
        } else {
            self.set_word(register, word);
        }
        if self.is_decimal_next(at, register) {
            let value = self.b.ins().f64const(f64::from_bits(word));
            self.set_float(register, value);
        }
    }

    /// Forgets what is known of registers beside their words: ways meet here.
    pub fn forget(&mut self) {
        self.floats.fill(None);
        self.words.fill(None);
        self.unloaded.fill(None);
    }

    fn forget_one(&mut self, register: u8) {
        self.floats[usize::from(register)] = None;
        self.words[usize::from(register)] = None;
        self.unloaded[usize::from(register)] = None;
    }

    /// The slot that a register stands for, if it was not loaded.
    pub fn unloaded(&self, register: u8) -> Option<(Value, i32)> {
        self.unloaded[usize::from(register)]
    }

    /// Notes that a register stands for a slot.
    pub fn set_unloaded(&mut self, register: u8, address: Value, offset: i32) {
        self.forget_one(register);
        self.unloaded[usize::from(register)] = Some((address, offset));
    }

    /// What a register holds as a decimal, if it was made as one.
    pub fn float(&self, register: u8) -> Option<Value> {
        self.floats[usize::from(register)]
    }

    /// Notes what a register holds as a decimal.
    pub fn set_float(&mut self, register: u8, value: Value) {
        self.floats[usize::from(register)] = Some(value);
    }

    /// What a register holds.
    pub fn get(&mut self, register: u8) -> Value {
        if let Some(word) = self.words[usize::from(register)] {
            return self.b.ins().iconst(I64, word as i64);
        }
        self.b.use_var(self.registers[usize::from(register)])
    }

    /// The constant that a register stands for, if it does.
    pub fn constant(&self, register: u8) -> Option<u64> {
        self.words[usize::from(register)]
    }

    /// Puts a value into a register.
    pub fn set(&mut self, register: u8, word: Value) {
        self.b.def_var(self.registers[usize::from(register)], word);
        self.forget_one(register);
    }

    pub fn set_word(&mut self, register: u8, word: u64) {
        let word = self.b.ins().iconst(I64, word as i64);
        self.set(register, word);
    }

    /// The address of the row that an [`At::Row`] register names.
    pub fn row_address(&mut self, register: u8) -> Value {
        let row = self.row_variable(register);
        self.b.use_var(row)
    }

    /// Notes the address of the row that a register names.
    pub fn set_row_address(&mut self, register: u8, address: Value) {
        let row = self.row_variable(register);
        self.b.def_var(row, address);
    }

    fn row_variable(&mut self, register: u8) -> Variable {
        match self.rows[usize::from(register)] {
            Some(row) => row,
            None => *self.rows[usize::from(register)].insert(self.b.declare_var(I64)),
        }
    }
}
