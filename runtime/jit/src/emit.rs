//! Instruction by instruction, into the code generator's intermediate form.
//!
//! A register is a variable, a jump a branch; a comparison and the jump on it are one branch. Comes in: a chunk and its plan. Goes
//! out: a function `(view, fuel) → (word, fuel)`, or `(view, work) → (end, word)` where the machine is needed. Never true here: a read that was not first seen to lie within its record;
//! where one does not, the code ends with [`End::Again`] and the interpreter does it all.

use super::at::{At, at as whereto, reference};
use super::direct::direct;
use super::over::Running;
use super::plan::{Against, Asked, Plan, left_to_machine, plan, shortcut_in_place, text_in_place};
use super::program::Program;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{Block, Function, InstBuilder, MemFlags, Value};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};
use journey_artifact::code::{Instr, Op};
use journey_machine::eval::ops::{compares, compares_texts};
use journey_machine::eval::view::{RecordView, View};
use std::collections::BTreeMap;
use std::mem::offset_of;

/// A function in the making.
pub(crate) struct Emit<'e, 'f> {
    pub b: FunctionBuilder<'f>,
    pub program: &'e Program<'e>,
    pub plan: &'e Plan,
    pub view: Value,
    /// Address of the work, and so of the fuel, when there is work.
    pub work: Option<Value>,
    pub registers: Vec<Variable>,
    /// Addresses of the rows that [`At::Row`] registers name.
    pub rows: Vec<Option<Variable>>,
    pub fuel_left: Fuel,
    blocks: Vec<Option<Block>>,
    /// What registers hold as decimals, where that is known besides the word.
    pub floats: Vec<Option<Value>>,
    /// Constants that registers stand for, made where they are wanted.
    pub words: Vec<Option<u64>>,
    /// Slots that registers stand for, where only their parts are wanted: the address of the row, and bytes from there.
    pub unloaded: Vec<Option<(Value, i32)>>,
    /// Addresses of the root rows, as far as the chunk wants them.
    roots: [Option<Value>; 3],
    /// First presence words of the root rows, as far as the chunk wants them.
    presence: [Option<Value>; 3],
    /// Texts of the records, where they lie and how long they are, if several comparisons look at them.
    texts: [Option<(Value, Value)>; 3],
    /// Loops over a list, by their heads.
    pub running: BTreeMap<usize, Running>,
    /// Where the interpreter takes over, if that may be.
    pub again: Option<Block>,
    /// Where the fuel does not suffice, if that may be.
    pub out_of_fuel: Option<Block>,
    /// Where the machine does not go on to the next instruction.
    pub left: Vec<Left>,
    /// Whether the present block has its end.
    pub ended: bool,
    /// Whether anybody is called.
    pub calls: bool,
    /// Whether checks may be traps.
    pub traps: bool,
}

/// A block to which the machine's word on an instruction leads when it is not to go on; made when all others are.
pub(crate) struct Left {
    pub block: Block,
    pub stepped: Value,
    /// Where the instruction may jump to.
    pub target: Option<Block>,
}

/// What was made.
pub(crate) struct Made {
    /// Whether it wants more than rows.
    pub full: bool,
    /// Whether it calls anybody.
    pub calls: bool,
    /// Words of root rows that it takes to be there.
    pub needs: [usize; 3],
}

/// Makes the function. `traps`: whether checks may be traps, see [`handover`](super::handover).
pub(crate) fn emit(
    program: &Program<'_>,
    traps: bool,
    function: &mut Function,
    context: &mut FunctionBuilderContext,
) -> Made {
    let plan = plan(program.code, program.registers, program);
    let mut b = FunctionBuilder::new(function, context);
    let entry = b.create_block();
    b.append_block_params_for_function_params(entry);
    b.switch_to_block(entry);
    let (view, given) = (b.block_params(entry)[0], b.block_params(entry)[1]);
    let registers = (0..program.registers).map(|_| b.declare_var(I64)).collect();
    let mut e = Emit {
        b,
        program,
        plan: &plan,
        view,
        work: (plan.left > 0).then_some(given),
        registers,
        rows: vec![None; 256],
        fuel_left: Fuel::Untouched,
        blocks: vec![None; program.code.len() + 1],
        floats: vec![None; usize::from(program.registers)],
        words: vec![None; usize::from(program.registers)],
        unloaded: vec![None; usize::from(program.registers)],
        roots: [None; 3],
        presence: [None; 3],
        texts: [None; 3],
        running: BTreeMap::new(),
        again: None,
        out_of_fuel: None,
        left: Vec::new(),
        ended: false,
        calls: false,
        traps,
    };
    let needs = e.begin(given);
    let mut at = 0;
    while at < program.code.len() {
        at += e.instruction(at);
    }
    e.exits();
    let calls = e.calls;
    e.b.seal_all_blocks();
    e.b.finalize();
    Made {
        full: plan.left > 0,
        calls,
        needs,
    }
}

impl Emit<'_, '_> {
    /// The fuel suffices, or the interpreter says so. `given`: fuel, or work, whose fuel was taken before. Gives how long root
    /// rows must be: whoever enters the code sees to it.
    fn begin(&mut self, given: Value) -> [usize; 3] {
        let mut needs = [0; 3];
        if self.plan.spends {
            self.fuel_left = Fuel::Spent(self.b.declare_var(I64));
        }
        if self.work.is_some() {
            self.load_fuel();
        } else {
            let cost = self.program.code.len() as i64;
            let most = IntCC::UnsignedGreaterThanOrEqual;
            let enough = self.b.ins().icmp_imm(most, given, cost);
            let again = self.again();
            self.go_on_if(enough, again);
            let left = self.b.ins().iadd_imm(given, -cost);
            self.set_fuel(left);
        }
        for (record, wanted) in (0..).zip(self.wanted()) {
            let Some(stride) = self.program.strides[usize::from(record)] else {
                continue;
            };
            if wanted.root {
                let root = self.load_field(record, offset_of!(RecordView, root));
                self.roots[usize::from(record)] = Some(root);
                needs[usize::from(record)] = stride;
                let presence = self.b.ins().load(I64, MemFlags::trusted(), root, 0);
                self.presence[usize::from(record)] = Some(presence);
            }
            if wanted.texts > 1 {
                let text = self.load_field(record, offset_of!(RecordView, text));
                let len = self.load_field(record, offset_of!(RecordView, text_len));
                self.texts[usize::from(record)] = Some((text, len));
            }
            if wanted.word {
                let word = self.root_word(record);
                self.set(record, word);
            }
        }
        needs
    }

    /// What of each record the chunk works with.
    fn wanted(&self) -> [Wanted; 3] {
        let mut wanted: [Wanted; 3] = Default::default();
        for (at, i) in self.program.code.iter().enumerate() {
            let Some(before) = self.plan.before.get(at) else {
                continue;
            };
            if self.plan.short[at] {
                let shortcut = self.program.shortcut(at);
                let here = shortcut.and_then(|shortcut| shortcut_in_place(shortcut, before));
                if let Some((.., record)) = here {
                    wanted[usize::from(record)].texts += 1;
                }
            }
            if let Some((.., Some(record))) = text_in_place(*i, before, self.program) {
                let turns = self.plan.over.range(..=at).next_back();
                let often = turns.is_some_and(|(_, over)| at <= over.last);
                wanted[usize::from(record)].texts += if often { 2 } else { 1 };
            }
            match (i.op, whereto(before, i.b)) {
                (Op::Slot | Op::Has, At::Root(record)) => wanted[usize::from(record)].root = true,
                // Its word itself goes somewhere; of a register that is a root's on one way only, too.
                _ => {
                    for read in i.reads() {
                        if let Some(wanted) = wanted.get_mut(usize::from(read)) {
                            wanted.word = true;
                        }
                    }
                }
            }
        }
        wanted
    }

    /// The word by which a register names a root row.
    fn root_word(&mut self, record: u8) -> Value {
        let root = self.load_field(record, offset_of!(RecordView, root));
        let words = self.load_field(record, offset_of!(RecordView, words));
        let bytes = self.b.ins().isub(root, words);
        let offset = self.b.ins().ushr_imm(bytes, 3);
        self.b.ins().bor_imm(offset, reference(record, 0))
    }

    /// The address of a root row.
    pub fn root(&mut self, record: u8) -> Value {
        match self.roots[usize::from(record)] {
            Some(root) => root,
            None => self.load_field(record, offset_of!(RecordView, root)),
        }
    }

    /// The first presence word of a root row: loaded once, when the row was seen to be there.
    pub fn first_presence(&self, record: u8) -> Option<Value> {
        self.presence[usize::from(record)]
    }

    /// The length of a record's text.
    pub fn text_len(&mut self, record: u8) -> Value {
        match self.texts[usize::from(record)] {
            Some((_, len)) => len,
            None => self.load_field(record, offset_of!(RecordView, text_len)),
        }
    }

    /// The address of a record's text.
    pub fn text(&mut self, record: u8) -> Value {
        match self.texts[usize::from(record)] {
            Some((text, _)) => text,
            None => self.load_field(record, offset_of!(RecordView, text)),
        }
    }

    /// A field of a record's rows. It is loaded where it is wanted: registers are fewer than fields, and the view is near.
    pub fn load_field(&mut self, record: u8, field: usize) -> Value {
        // The view lies where it lies while the code runs, all of it.
        let flags = MemFlags::trusted().with_readonly().with_can_move();
        let offset = View::offset_of_rows(usize::from(record) + 1) + field;
        self.b.ins().load(I64, flags, self.view, offset as i32)
    }

    /// Emits the instruction at a place; how many were taken.
    fn instruction(&mut self, at: usize) -> usize {
        let Some(before) = self.plan.before.get(at) else {
            return 1;
        };
        if let Some(over) = self.plan.over.get(&at) {
            self.forget();
            self.begin_loop(at, self.program.code[at], *over);
            return 1;
        }
        if self.plan.is_target[at] {
            let block = self.block(at);
            if !self.ended {
                self.b.ins().jump(block, &[]);
            }
            self.b.switch_to_block(block);
            self.ended = false;
            // What leads here has been made, unless a loop closes here or what the machine is left with does at the end.
            if !self.plan.is_head[at] && self.plan.left == 0 {
                self.b.seal_block(block);
            }
            self.forget();
        }
        if self.plan.short[at]
            && let Some(shortcut) = self.program.shortcut(at)
        {
            return self.shortcut(at, shortcut);
        }
        if self.plan.tried[at]
            && let Some(shortcut) = self.program.shortcut(at)
        {
            self.try_shortcut(shortcut);
        }
        let i = self.program.code[at];
        if let Some(reading) = self.program.reading(at) {
            return self.read_clock(at, i, reading);
        }
        if left_to_machine(i, before, self.program) {
            self.leave(i);
            return 1;
        }
        if let Some(taken) = self.comparison(at, i) {
            return taken;
        }
        if i.op == Op::In {
            return self.is_in(at, i);
        }
        if i.op == Op::Call
            && let Some(direct) = direct(i, before, self.program.import(i.lo))
        {
            self.direct(at, i, direct);
            return 1;
        }
        let row = whereto(before, i.b);
        match i.op {
            Op::Const => {
                let word = self.program.loaded.tables().constant(i.lo);
                self.give_word(at, i.a, word.unwrap_or_default());
            }
            Op::Int => self.give_word(at, i.a, i64::from(i.imm()) as u64),
            Op::Bool => self.give_word(at, i.a, u64::from(i.lo & 1)),
            Op::Unknown => self.give_word(at, i.a, 2),
            Op::Move => {
                let word = self.get(i.b);
                self.set(i.a, word);
                if matches!(row, At::Row(_)) {
                    let address = self.row_address(i.b);
                    self.set_row_address(i.a, address);
                }
            }
            Op::Slot | Op::Has => self.slot(at, i, row),
            Op::Jump if usize::from(i.hi) <= at => self.back(at, i),
            Op::Jump => {
                let to = self.block(usize::from(i.hi));
                self.b.ins().jump(to, &[]);
                self.ended = true;
            }
            Op::JumpTrue | Op::JumpFalse => {
                let word = self.get(i.a);
                let wanted = i64::from(i.op == Op::JumpTrue);
                let goes = self.b.ins().icmp_imm(IntCC::Equal, word, wanted);
                let to = self.block(usize::from(i.hi));
                let next = self.b.create_block();
                self.b.ins().brif(goes, to, &[], next, &[]);
                self.go_on(next);
            }
            Op::Len => {
                let list = self.get(i.b);
                let len = self.len_of(list);
                self.set(i.a, len);
            }
            Op::Push | Op::PushNull => self.push(i),
            Op::Elem => self.elem(i, row),
            Op::Next => self.next(i, row),
            Op::Ret => {
                let word = self.get(i.a);
                self.end(Some(word));
            }
            Op::RetMissing => self.end(None),
            _ => self.number(at, i),
        }
        1
    }

    /// A comparison, with the jump on it if that follows; how many instructions that takes.
    fn comparison(&mut self, at: usize, i: Instr) -> Option<usize> {
        if !compares(i.op) && !compares_texts(i.op) {
            return None;
        }
        let next = self.program.code.get(at + 1);
        let next = next.filter(|n| n.a == i.a && !self.plan.is_target[at + 1]);
        // What puts its value into an operand's register cannot be asked again for the jump.
        let next = next.filter(|_| i.a != i.b && i.a != i.c);
        let to = match next.map(|n| (n.op, usize::from(n.hi))) {
            Some((Op::JumpTrue, to)) => Some((true, self.block(to))),
            Some((Op::JumpFalse, to)) => Some((false, self.block(to))),
            _ => None,
        };
        if compares(i.op) {
            if to.is_none() || self.plan.is_read[usize::from(i.a)] {
                let holds = self.compare(i, false);
                let word = self.b.ins().uextend(I64, holds);
                self.set(i.a, word);
            }
            let Some((when, to)) = to else {
                return Some(1);
            };
            // Where it goes on stands last: then the generator lets it follow.
            let goes = self.compare(i, !when);
            let next = self.b.create_block();
            self.b.ins().brif(goes, to, &[], next, &[]);
            self.go_on(next);
            return Some(2);
        }
        let before = self.plan.before.get(at)?;
        let next = self.b.create_block();
        let result = to.is_none() || self.plan.is_read[usize::from(i.a)];
        let result = result.then_some(i.a);
        match text_in_place(i, before, self.program) {
            Some((second, constant, record)) => {
                let against = Against {
                    register: if second { i.b } else { i.c },
                    record,
                    constant,
                };
                self.equal_text(result, against, to, next);
            }
            None if i.op == Op::EqS => self.same_texts(i, result, to, next),
            None => self.order_texts(i, result, to, next),
        }
        self.go_on(next);
        Some(if to.is_some() { 2 } else { 1 })
    }

    /// Back to a loop's head: costs fuel by the distance.
    fn back(&mut self, at: usize, i: Instr) {
        let cost = (at + 1 - usize::from(i.hi)) as i64;
        self.ended = true;
        if let Some(running) = self.running.get(&usize::from(i.hi)) {
            return self.turn(at, *running, cost);
        }
        let to = self.block(usize::from(i.hi));
        let fuel = self.fuel();
        let most = IntCC::UnsignedGreaterThanOrEqual;
        let enough = self.b.ins().icmp_imm(most, fuel, cost);
        let out = self.out_of_fuel();
        self.go_on_if(enough, out);
        let fuel = self.b.ins().iadd_imm(fuel, -cost);
        self.set_fuel(fuel);
        self.b.ins().jump(to, &[]);
    }

    /// Goes on in a new block if a condition holds, else to `otherwise`.
    pub fn go_on_if(&mut self, holds: Value, otherwise: Block) {
        let next = self.b.create_block();
        self.b.ins().brif(holds, next, &[], otherwise, &[]);
        self.go_on(next);
    }

    /// Goes on in a block that only leads on from here.
    pub fn go_on(&mut self, next: Block) {
        self.b.switch_to_block(next);
        self.b.seal_block(next);
    }

    /// The block that begins at an instruction.
    pub fn block(&mut self, at: usize) -> Block {
        match self.blocks[at] {
            Some(block) => block,
            None => *self.blocks[at].insert(self.b.create_block()),
        }
    }

    /// The block of an instruction's target.
    pub fn target(&mut self, i: Instr) -> Block {
        debug_assert!(i.op.jumps());
        self.block(usize::from(i.hi))
    }
}

/// The fuel left.
#[derive(Clone, Copy)]
pub(crate) enum Fuel {
    /// Nothing is done with it: it stays where the machine has it.
    Untouched,
    /// All that an evaluation costs was taken when it began.
    Taken(Value),
    /// Some of it is used on the way.
    Spent(Variable),
}

/// What of a record a chunk works with.
#[derive(Default)]
struct Wanted {
    /// Slots of its root row.
    root: bool,
    /// The word by which a register names its root row.
    word: bool,
    /// How many comparisons look at a text of it.
    texts: usize,
}
