//! Loops over a list whose rows are only looked at.
//!
//! Such a loop is seen once, before it begins, to lie within its record and to have the fuel for every turn; then a turn is the address of
//! a row, one step further until the list's end. Comes in: a chunk's instructions and what is known of the registers. Goes out: which
//! loops are of that kind, and their code. Never true here: a turn that costs something unforeseen; where a check fails the interpreter
//! does it all.

use super::emit::Emit;
use super::plan::{At, at as whereto};
use super::rows::offset_of_ref;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{Block, InstBuilder, Value};
use cranelift_frontend::Variable;
use journey_artifact::code::{Instr, Op};
use journey_artifact::word::{Ref, Region};
use journey_machine::eval::ops::{ends, is_dead, jumps, reads, writes};

/// A loop over a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Over {
    /// The instruction that goes back to its head last.
    pub last: usize,
    /// The record that the list is in.
    pub record: u8,
    /// Fuel that the dearest way back costs.
    pub dearest: u64,
}

/// The loop that begins at an instruction, if it is of the kind. `known`: where registers point before it; `foreseen`: whether an
/// instruction is neither left to the machine nor does what costs fuel.
pub(crate) fn over(
    code: &[Instr],
    head: usize,
    known: &[At],
    is_target: &[bool],
    foreseen: impl Fn(usize) -> bool,
) -> Option<Over> {
    let next = *code.get(head)?;
    let record = whereto(known, next.b).record()?;
    if next.op != Op::Next || next.a == next.b || next.a == next.c || next.b == next.c {
        return None;
    }
    let goes = |i: &Instr| jumps(i.op).then_some(usize::from(i.hi));
    let backs = || (head + 1..code.len()).filter(|at| goes(&code[*at]) == Some(head));
    let last = backs().max()?;
    let inside = head..=last;
    if usize::from(next.hi) <= last {
        return None;
    }
    let dearest = backs().map(|at| at + 1 - head).max()? as u64;
    for (at, i) in code.iter().enumerate() {
        let to = goes(i);
        if !inside.contains(&at) {
            // Nobody comes in but by its head, and to that from just before.
            if to.is_some_and(|to| inside.contains(&to)) {
                return None;
            }
            continue;
        }
        let changes = at > head && writes(i.op) && (i.a == next.b || i.a == next.c);
        let looks = at > head && reads(*i).any(|read| read == next.c);
        let back = to.is_some_and(|to| to <= at) && !(i.op == Op::Jump && to == Some(head));
        if changes || looks || back || at > head && (i.op == Op::Next || !foreseen(at)) {
            return None;
        }
        let out = to.filter(|to| !inside.contains(to));
        let on = (at == last && !ends(i.op)).then_some(at + 1);
        let outside = out.into_iter().chain(on);
        if !outside.into_iter().all(|to| is_dead(code, to, next.c)) {
            return None;
        }
    }
    // It begins with the first row.
    let before = (0..head).rev();
    let straight = before.take_while(|at| !is_target[at + 1] || at + 1 == head);
    let from = straight.map(|at| code[at]).find(|i| {
        ends(i.op) || writes(i.op) && i.a == next.c || i.op == Op::Next && i.c == next.c
    })?;
    let first = from.op == Op::Int && from.a == next.c && from.imm() == 0;
    first.then_some(Over {
        last,
        record,
        dearest,
    })
}

/// A loop whose code is being made.
#[derive(Clone, Copy)]
pub(crate) struct Running {
    /// What is done with a row.
    body: Block,
    /// Where it goes when there is none.
    done: Block,
    /// The address of the row.
    row: Variable,
    /// The address behind the last row.
    end: Value,
    /// From one row to the next, in bytes.
    step: i64,
    last: usize,
}

impl Emit<'_, '_> {
    /// Begins a loop: all it will look at lies within its record, and there is fuel for it.
    pub fn begin_loop(&mut self, head: usize, i: Instr, over: Over) {
        let stride = match self.program.loaded.tables().layout(i.lo) {
            Ok((_, stride)) => stride as i64,
            // The machine gave this shape when it loaded the program.
            Err(_) => 0,
        };
        let list = self.get(i.b);
        let len = self.len_of(list);
        let fuel = self.fuel();
        let cost = self.b.ins().imul_imm(len, over.dearest as i64);
        let most = IntCC::UnsignedGreaterThanOrEqual;
        let enough = self.b.ins().icmp(most, fuel, cost);
        let again = self.again();
        self.go_on_if(enough, again);
        let first = offset_of_ref(self, list);
        let words = self.b.ins().imul_imm(len, stride);
        let address = self.within(over.record, first, words);
        let bytes = self.b.ins().ishl_imm(words, 3);
        let end = self.b.ins().iadd(address, bytes);
        let row = self.b.declare_var(I64);
        self.b.def_var(row, address);
        let (body, done) = (self.b.create_block(), self.target(i));
        let none = self.b.ins().icmp(IntCC::Equal, address, end);
        self.b.ins().brif(none, done, &[], body, &[]);
        self.b.switch_to_block(body);
        let address_now = self.b.use_var(row);
        self.set_row_address(i.a, address_now);
        // The word by which the row is named; it comes to nothing unless somebody wants it.
        let gone = self.b.ins().isub(address_now, address);
        let gone = self.b.ins().ushr_imm(gone, 3);
        let place = self.b.ins().iadd(first, gone);
        let region = [Region::Profile, Region::Vars, Region::Input][usize::from(over.record)];
        let region = Ref::new(region, 0, 0).0;
        let word = self.b.ins().bor_imm(place, region as i64);
        self.set(i.a, word);
        let running = Running {
            body,
            done,
            row,
            end,
            step: stride * 8,
            last: over.last,
        };
        self.running.insert(head, running);
    }

    /// On to the next row, or out.
    pub fn turn(&mut self, at: usize, running: Running, cost: i64) {
        let fuel = self.fuel();
        let fuel = self.b.ins().iadd_imm(fuel, -cost);
        self.set_fuel(fuel);
        let row = self.b.use_var(running.row);
        let row = self.b.ins().iadd_imm(row, running.step);
        self.b.def_var(running.row, row);
        let more = self.b.ins().icmp(IntCC::NotEqual, row, running.end);
        let (body, done) = (running.body, running.done);
        self.b.ins().brif(more, body, &[], done, &[]);
        if at == running.last {
            self.b.seal_block(body);
        }
    }
}
