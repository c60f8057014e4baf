//! The instructions of one chunk while they are made: labels, registers, dead code left out.
//!
//! Comes in: operations and labels. Goes out: instructions whose jumps are patched. Nothing that cannot be reached is ever
//! written: after a jump or a return nothing is taken until a label that something jumps to is placed.
//! Never true here: knowledge of expressions.

use super::layout::Slot;
use super::needs::At;
use journey_artifact::code::{Instr, Op, R_FREE};
use journey_artifact::limits;

/// A place that jumps name before it is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label(usize);

/// What is known of a label. Its uses are a chain: each instruction that jumps names the use before it.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    at: Option<u32>,
    last: Option<u32>,
}

/// A chunk's code in the making.
#[derive(Debug)]
pub struct Code {
    instrs: Vec<Instr>,
    /// By instruction that jumps: the use of its label before this one.
    before: Vec<Option<u32>>,
    labels: Vec<Mark>,
    /// Instructions that name the slot of a path.
    namings: Vec<(u32, At)>,
    live: bool,
    /// Where the last label that is jumped to was placed.
    last_target: Option<usize>,
    /// The label that the last instruction that may jump names.
    last_to: usize,
    next: usize,
    high: usize,
}

impl Default for Code {
    fn default() -> Code {
        let first = usize::from(R_FREE);
        Code {
            instrs: Vec::new(),
            before: Vec::new(),
            labels: Vec::new(),
            namings: Vec::new(),
            live: true,
            last_target: None,
            last_to: 0,
            next: first,
            high: first,
        }
    }
}

impl Code {
    /// Forgets everything but the memory it took.
    pub fn clear(&mut self) {
        let Code {
            mut instrs,
            mut before,
            mut labels,
            mut namings,
            ..
        } = std::mem::take(self);
        instrs.clear();
        before.clear();
        labels.clear();
        namings.clear();
        *self = Code {
            instrs,
            before,
            labels,
            namings,
            ..Code::default()
        };
    }

    /// A label that is placed later.
    pub fn label(&mut self) -> Label {
        self.labels.push(Mark::default());
        Label(self.labels.len() - 1)
    }

    /// The next instruction is where `label` points.
    pub fn place(&mut self, label: Label) {
        self.straighten(label);
        let here = self.instrs.len();
        let mark = &mut self.labels[label.0];
        mark.at = Some(here as u32);
        if mark.last.is_some() {
            self.live = true;
        }
        if self.live {
            self.last_target = Some(here);
        }
    }

    /// Drops a jump to the next instruction, and turns `jump if x to L; jump M; L:` into `jump unless x to M; L:`.
    fn straighten(&mut self, label: Label) {
        let here = self.instrs.len();
        if self.live || self.instrs.last().is_none_or(|i| i.op != Op::Jump) {
            return;
        }
        if self.is_last_use(label.0, here - 1) {
            self.unjump(label.0);
            self.live = true;
            return;
        }
        // Nobody may land between the two jumps.
        let between = self.last_target == Some(here - 1);
        let test = here.checked_sub(2).map(|at| self.instrs[at]);
        let Some(test) = test.filter(|i| matches!(i.op, Op::JumpTrue | Op::JumpFalse) && !between)
        else {
            return;
        };
        if !self.is_last_use(label.0, here - 2) {
            return;
        }
        // A jump back to a loop's head stays a plain one.
        let other = self.last_to;
        if self.labels[other].at.is_some() || !self.is_last_use(other, here - 1) {
            return;
        }
        self.unjump(other);
        self.labels[label.0].last = self.before[here - 2];
        self.before[here - 2] = self.labels[other].last;
        self.labels[other].last = Some(here as u32 - 2);
        let op = if test.op == Op::JumpTrue {
            Op::JumpFalse
        } else {
            Op::JumpTrue
        };
        self.instrs[here - 2] = Instr { op, ..test };
        self.live = true;
    }

    fn is_last_use(&self, label: usize, instr: usize) -> bool {
        self.labels[label].last == Some(instr as u32)
    }

    /// Takes back the last instruction, a jump to this label.
    fn unjump(&mut self, label: usize) {
        self.instrs.pop();
        self.labels[label].last = self.before.pop().flatten();
    }

    /// An instruction that goes on to the next.
    pub fn emit(&mut self, op: Op, a: u8, b: u8, c: u8, lo: u16) {
        self.push(Instr {
            op,
            a,
            b,
            c,
            lo,
            hi: 0,
        });
    }

    /// An instruction that may jump.
    pub fn emit_to(&mut self, op: Op, a: u8, b: u8, c: u8, lo: u16, to: Label) {
        if self.live {
            let last = self.labels[to.0].last.replace(self.instrs.len() as u32);
            self.last_to = to.0;
            self.write(
                Instr {
                    op,
                    a,
                    b,
                    c,
                    lo,
                    hi: 0,
                },
                last,
            );
        }
    }

    /// An instruction that names a slot and may jump.
    pub fn slot_to(&mut self, op: Op, a: u8, b: u8, slot: Slot, to: Label) {
        if self.live {
            self.namings.push((self.instrs.len() as u32, slot.at));
        }
        self.emit_to(op, a, b, 0, slot.ix, to);
    }

    /// `a ← list of a slot of each row of list b`.
    pub fn column(&mut self, a: u8, b: u8, slot: Slot, shape: u16) {
        if self.live {
            self.namings.push((self.instrs.len() as u32, slot.at));
        }
        self.push(Instr::new(Op::Column, a, b, 0, slot.ix, shape));
    }

    /// `slot of row a ← b`.
    pub fn set(&mut self, row: u8, value: u8, slot: Slot) {
        if self.live {
            self.namings.push((self.instrs.len() as u32, slot.at));
        }
        self.emit(Op::Set, row, value, 0, slot.ix);
    }

    /// An instruction with all its fields given, which does not jump to a label.
    pub fn push(&mut self, instr: Instr) {
        if self.live {
            self.write(instr, None);
        }
    }

    fn write(&mut self, instr: Instr, before: Option<u32>) {
        self.instrs.push(instr);
        self.before.push(before);
        self.live = !matches!(instr.op, Op::Jump | Op::Ret | Op::RetMissing);
    }

    /// Goes to a label.
    pub fn jump(&mut self, to: Label) {
        self.emit_to(Op::Jump, 0, 0, 0, 0, to);
    }

    /// A free register. Beyond the last one any is given, and [`Code::finish`] refuses.
    pub fn reg(&mut self) -> u8 {
        self.regs(1)
    }

    /// The first of `count` free registers in a row.
    pub fn regs(&mut self, count: usize) -> u8 {
        let first = self.next;
        self.next += count;
        self.high = self.high.max(self.next);
        u8::try_from(first).unwrap_or(u8::MAX)
    }

    /// Which registers are taken, for [`Code::release`].
    pub fn mark(&self) -> usize {
        self.next
    }

    /// Gives back all registers taken since `mark`.
    pub fn release(&mut self, mark: usize) {
        self.next = mark;
    }

    /// The instructions that name the slot of a path.
    pub fn namings(&self) -> &[(u32, At)] {
        &self.namings
    }

    /// The instructions and how many registers they use; `None` when a chunk cannot hold that much.
    pub fn finish(&mut self) -> Option<(Vec<Instr>, u16)> {
        if self.high > limits::REGISTERS || self.instrs.len() > limits::CHUNK_INSTRUCTIONS {
            return None;
        }
        for mark in &self.labels {
            let mut at = mark.last;
            while let Some(instr) = at {
                self.instrs[instr as usize].hi = u16::try_from(mark.at?).ok()?;
                at = self.before[instr as usize];
            }
        }
        Some((self.instrs.clone(), self.high as u16))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ops(mut code: Code) -> Vec<(Op, u16)> {
        code.finish()
            .unwrap()
            .0
            .iter()
            .map(|i| (i.op, i.hi))
            .collect()
    }

    #[test]
    fn a_jump_to_the_next_instruction_is_left_out() {
        let mut code = Code::default();
        let end = code.label();
        code.jump(end);
        code.place(end);
        code.emit(Op::RetMissing, 0, 0, 0, 0);
        assert_eq!(ops(code), [(Op::RetMissing, 0)]);
    }

    #[test]
    fn a_test_over_a_jump_is_turned() {
        let mut code = Code::default();
        let (yes, no) = (code.label(), code.label());
        code.emit_to(Op::JumpTrue, 3, 0, 0, 0, yes);
        code.jump(no);
        code.place(yes);
        code.emit(Op::Ret, 3, 0, 0, 0);
        code.place(no);
        code.emit(Op::RetMissing, 0, 0, 0, 0);
        assert_eq!(
            ops(code),
            [(Op::JumpFalse, 2), (Op::Ret, 0), (Op::RetMissing, 0)]
        );
    }

    #[test]
    fn what_cannot_be_reached_is_not_written() {
        let mut code = Code::default();
        let (used, unused) = (code.label(), code.label());
        code.emit_to(Op::JumpFalse, 3, 0, 0, 0, used);
        code.emit(Op::Ret, 3, 0, 0, 0);
        code.place(unused);
        code.emit(Op::Unknown, 3, 0, 0, 0);
        code.place(used);
        code.emit(Op::RetMissing, 0, 0, 0, 0);
        assert_eq!(
            ops(code),
            [(Op::JumpFalse, 2), (Op::Ret, 0), (Op::RetMissing, 0)]
        );
    }

    #[test]
    fn more_registers_than_there_are_is_refused() {
        let mut code = Code::default();
        code.regs(300);
        assert!(code.finish().is_none());
    }
}
