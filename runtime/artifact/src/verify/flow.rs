//! The type of every register before every instruction of a chunk.
//!
//! Comes in: a chunk whose instructions passed `form`. Goes out: nothing but a refusal, or, for the disassembly, the types
//! as found. The way: go over the code from the first instruction to the last; at each jump's target keep what every way
//! there agrees on (a register on which they do not agree is unusable); go over it again only while a jump back to a loop's
//! head has changed what is known there. What is known only ever shrinks, and the passes are counted.
//!
//! On the way of a jump (`missing →hi`, end of a loop) the destination register keeps what it held before.

use super::fault::{Check, Locate, demand, entry, fault};
use super::form;
use super::known::{Reg, any, list, owned, owned_list, read};
use crate::code::{Instr, Op, R_INPUT, R_PROFILE, R_VARS};
use crate::limits;
use crate::model::{Artifact, Chunk, Constant, Shape};
use crate::refusal::RefusalKind;
use crate::word::{ShapeId, WordType};

/// Checks a chunk that passed `form`.
pub(super) fn check(a: &Artifact, chunk: &Chunk, memory: &mut Memory) -> Check {
    walk(a, chunk, memory, None)
}

/// Shows each reachable instruction of any chunk with the registers before it; nothing of a chunk that is not well-typed.
pub(crate) fn show(a: &Artifact, chunk: &Chunk, show: &mut dyn FnMut(usize, &[Reg])) {
    let formed = form::header(a, chunk).and_then(|()| form::code(a, chunk));
    let mut memory = Memory::default();
    if formed.and_then(|()| check(a, chunk, &mut memory)).is_ok() {
        // It was just seen to pass; the second walk cannot fail otherwise than the first.
        let _ = walk(a, chunk, &mut memory, Some(show));
    }
}

type Show<'s> = Option<&'s mut dyn FnMut(usize, &[Reg])>;

/// Goes over a chunk until the types stand still; then once more if someone wants to see them.
fn walk(a: &Artifact, chunk: &Chunk, memory: &mut Memory, show: Show<'_>) -> Check {
    memory.targets(chunk)?;
    let flow = Flow { a, chunk };
    for _ in 0..limits::FLOW_PASSES {
        if !flow.pass(memory, None)? {
            return match show {
                Some(show) => flow.pass(memory, Some(show)).map(drop),
                None => Ok(()),
            };
        }
    }
    fault(
        RefusalKind::TooComplex,
        format!("its loops do not settle in {} passes", limits::FLOW_PASSES),
    )
}

/// Memory for going over a chunk, to be used again for the next.
#[derive(Debug, Default)]
pub(super) struct Memory {
    regs: Vec<Reg>,
    ways: Ways,
}

impl Memory {
    /// The targets of a chunk, none reached.
    fn targets(&mut self, chunk: &Chunk) -> Check {
        let ways = &mut self.ways;
        ways.targets.clear();
        ways.targets.resize(chunk.code.len(), 0);
        let mut count = 0;
        for to in chunk.code.iter().filter_map(|i| i.target()) {
            if ways.targets[to] == 0 {
                count += 1;
                ways.targets[to] = count;
            }
        }
        let (count, registers) = (count as usize, usize::from(chunk.registers));
        demand(
            count * registers <= limits::FLOW_CELLS,
            RefusalKind::TooComplex,
            || format!("{count} jump targets with {registers} registers"),
        )?;
        ways.reached.clear();
        ways.reached.resize(count, false);
        // Of a target that was not reached nothing is asked.
        let registers = registers.next_multiple_of(EACH);
        let cells = count * registers;
        if ways.known.len() < cells {
            ways.known.resize(cells, Reg::UNUSABLE);
        }
        ways.registers = registers;
        Ok(())
    }
}

/// So many registers are looked at together; there is room for that many more, which are unusable.
const EACH: usize = 4;

/// What is known where jumps go to.
#[derive(Debug, Default)]
struct Ways {
    /// By instruction: the number of the target it is and one; 0 when it is none.
    targets: Vec<u32>,
    /// By target: whether any way there was found.
    reached: Vec<bool>,
    /// By target: its registers, once it was reached. What lies behind the last is of a chunk before.
    known: Vec<Reg>,
    registers: usize,
}

impl Ways {
    /// The number of the target that an instruction is.
    fn target(&self, pc: usize) -> Option<usize> {
        self.targets[pc]
            .checked_sub(1)
            .map(|target| target as usize)
    }

    /// What every way found so far to a target agrees on.
    fn known(&self, target: usize) -> Option<&[Reg]> {
        let from = target * self.registers;
        self.reached[target].then(|| &self.known[from..from + self.registers])
    }

    /// Adds a way to a target; whether that changed what is known.
    fn meet(&mut self, target: usize, regs: &[Reg]) -> bool {
        let from = target * self.registers;
        let known = &mut self.known[from..from + self.registers];
        if !std::mem::replace(&mut self.reached[target], true) {
            copy(regs, known);
            return true;
        }
        let mut changed = false;
        let (known, _) = known.as_chunks_mut::<EACH>();
        let (new, _) = regs.as_chunks::<EACH>();
        for (known, new) in known.iter_mut().zip(new) {
            // Of what is unusable nothing more is to be learned.
            let differs = |ix: usize| (known[ix] != new[ix]) & (known[ix] != Reg::UNUSABLE);
            if !(differs(0) | differs(1) | differs(2) | differs(3)) {
                continue;
            }
            for (known, new) in known.iter_mut().zip(new) {
                let met = known.meet(*new);
                changed |= met != *known;
                *known = met;
            }
        }
        changed
    }
}

/// Copies what is known of registers: few, so in place.
#[inline(always)]
fn copy(from: &[Reg], to: &mut [Reg]) {
    let ((from, _), (to, _)) = (from.as_chunks::<EACH>(), to.as_chunks_mut::<EACH>());
    for (from, to) in from.iter().zip(to) {
        *to = *from;
    }
}

struct Flow<'a> {
    a: &'a Artifact,
    chunk: &'a Chunk,
}

impl Flow<'_> {
    fn entry(&self, regs: &mut Vec<Reg>) {
        regs.clear();
        let registers = usize::from(self.chunk.registers);
        regs.resize(registers.next_multiple_of(EACH), Reg::UNUSABLE);
        let profile = self
            .a
            .profile
            .and_then(|plan| self.a.plans.get(plan.0 as usize))
            .map(|plan| plan.shape);
        for (register, row) in [
            (R_PROFILE, profile),
            (R_VARS, self.chunk.vars),
            (R_INPUT, self.chunk.input),
        ] {
            if let Some(shape) = row {
                regs[usize::from(register)] = Reg::holds(WordType::Row(shape));
            }
        }
    }

    /// Once over the code; whether a jump back changed what is known at its target.
    fn pass(&self, memory: &mut Memory, mut show: Show<'_>) -> Check<bool> {
        let Memory { regs, ways } = memory;
        let mut again = false;
        self.entry(regs);
        let mut here = true;
        for (pc, i) in self.chunk.code.iter().enumerate() {
            if let Some(target) = ways.target(pc) {
                if here {
                    ways.meet(target, regs);
                }
                match ways.known(target) {
                    Some(known) => copy(known, regs),
                    None => continue,
                }
            } else if !here {
                continue;
            }
            if let Some(show) = &mut show {
                show(pc, &regs[..usize::from(self.chunk.registers)]);
            }
            let step = self
                .step(i, regs)
                .at(|| format!("instruction {pc} ({})", i.op.name()))?;
            if let Some(to) = i.target()
                && let Some(way) = ways.target(to)
            {
                again |= ways.meet(way, regs) && to <= pc;
            }
            if let Some(written) = step {
                regs[usize::from(i.a)] = written;
            }
            here = !i.op.ends();
        }
        Ok(again)
    }

    /// Checks the operands of an instruction; what it puts into register `a`.
    fn step(&self, i: &Instr, regs: &[Reg]) -> Check<Option<Reg>> {
        use WordType::{Bool, DateTime, Dec, Int, Kleene, Row, Str};
        let read = |register: u8, want: WordType| read(regs, register, want);
        let gives = |ty: WordType| Ok(Some(Reg::holds(ty)));
        let both = |operand: WordType, result: WordType| {
            read(i.b, operand)?;
            read(i.c, operand)?;
            gives(result)
        };
        match i.op {
            Op::Const => gives(match self.a.constants.get(usize::from(i.lo)) {
                Some(Constant::Word(ty, _)) => *ty,
                Some(Constant::Text(_)) => Str,
                None => return fault(RefusalKind::Index, format!("constant {}", i.lo)),
            }),
            Op::Int => gives(Int),
            Op::Bool => gives(Bool),
            Op::Unknown => gives(Kleene),
            Op::Move => gives(any(regs, i.b)?),
            Op::Slot => gives(self.slot(i, i.b, regs)?),
            Op::Has => self.slot(i, i.b, regs).map(|_| None),
            Op::Jump => Ok(None),
            Op::JumpTrue | Op::JumpFalse => read(i.a, Kleene).map(|()| None),
            Op::EqI | Op::LtI | Op::LeI => {
                word_order(i.op, any(regs, i.b)?)?;
                both(any(regs, i.b)?, Bool)
            }
            Op::EqD | Op::LtD | Op::LeD => both(Dec, Bool),
            Op::EqT | Op::LtT | Op::LeT => both(DateTime, Bool),
            Op::EqS | Op::LtS | Op::LeS => both(Str, Bool),
            Op::In => {
                let set = entry(&self.a.sets, u32::from(i.lo), "set")?;
                read(i.b, set.ty()).and_then(|()| gives(Bool))
            }
            Op::Not => read(i.b, Bool).and_then(|()| gives(Bool)),
            Op::Not3 => read(i.b, Kleene).and_then(|()| gives(Kleene)),
            Op::And3 | Op::Or3 => both(Kleene, Kleene),
            Op::AddI | Op::SubI => {
                let ty = int_or_duration(any(regs, i.b)?)?;
                both(ty, ty)
            }
            Op::NegI => gives(int_or_duration(any(regs, i.b)?)?),
            Op::MulI | Op::DivI | Op::RemI => both(Int, Int),
            Op::AddD | Op::SubD | Op::MulD | Op::DivD | Op::RemD => both(Dec, Dec),
            Op::NegD => read(i.b, Dec).and_then(|()| gives(Dec)),
            Op::IntToDec => read(i.b, Int).and_then(|()| gives(Dec)),
            Op::Call => self.call(i, regs),
            Op::Concat => run(i)
                .try_for_each(|r| read(r, Str))
                .and_then(|()| gives(Str)),
            Op::Len => list(regs, i.b).and_then(|_| gives(Int)),
            Op::Elem => {
                read(i.c, Int)?;
                gives(Row(list(regs, i.b)?))
            }
            Op::Find => {
                read(i.c, Str)?;
                let rows = list(regs, i.b)?;
                let key = self.shape(rows)?.slots.first().map(|slot| slot.ty);
                demand(key == Some(Str), RefusalKind::Operand, || {
                    "the list's rows have no Str as slot 0".into()
                })?;
                gives(Row(rows))
            }
            Op::Next => {
                read(i.c, Int)?;
                let rows = list(regs, i.b)?;
                demand(i.a != i.c, RefusalKind::Operand, || {
                    "the row and the cursor are one register".into()
                })?;
                gives(Row(rows))
            }
            Op::NewRow => Ok(Some(Reg::owns(Row(self.known_shape(i)?)))),
            Op::NewListLike => {
                list(regs, i.b)?;
                Ok(Some(Reg::owns(WordType::List(self.known_shape(i)?))))
            }
            Op::NewList => Ok(Some(Reg::owns(WordType::List(self.known_shape(i)?)))),
            Op::Set => {
                owned(regs, i.a)?;
                let slot = self.slot(i, i.a, regs)?;
                read(i.b, slot).map(|()| None)
            }
            Op::PushRow => {
                let rows = owned_list(regs, i.a)?;
                read(i.b, Row(rows)).map(|()| None)
            }
            Op::Push => {
                let slot = self.only_slot(owned_list(regs, i.a)?)?;
                read(i.b, slot).map(|()| None)
            }
            Op::PushNull => self.only_slot(owned_list(regs, i.a)?).map(|_| None),
            Op::Column => {
                let slots = &self.shape(list(regs, i.b)?)?.slots;
                let wants = entry(slots, u32::from(i.lo), "slot")?.ty;
                let made = ShapeId(u32::from(i.hi));
                let found = self.only_slot(made)?;
                demand(found == wants, RefusalKind::Operand, || {
                    format!("the slot is {wants:?}; the list's items are {found:?}")
                })?;
                Ok(Some(Reg::owns(WordType::List(made))))
            }
            Op::Sift => {
                let set = entry(&self.a.sets, u32::from(i.lo), "set")?;
                let rows = list(regs, i.b)?;
                demand(i.hi <= 1, RefusalKind::Value, || {
                    format!("{} is no Bool", i.hi)
                })?;
                let (found, wants) = (self.only_slot(rows)?, set.ty());
                demand(found == wants, RefusalKind::Operand, || {
                    format!("the list's items are {found:?}, the set's {wants:?}")
                })?;
                Ok(Some(Reg::owns(WordType::List(rows))))
            }
            Op::Ret => {
                let found = any(regs, i.a)?;
                let wants = self.chunk.result;
                demand(found == wants, RefusalKind::Result, || {
                    format!("{found:?}; the chunk gives {wants:?}")
                })?;
                Ok(None)
            }
            Op::RetMissing => {
                let reason = || "the chunk always has a value".into();
                demand(self.chunk.optional, RefusalKind::Missing, reason).map(|()| None)
            }
        }
    }

    fn call(&self, i: &Instr, regs: &[Reg]) -> Check<Option<Reg>> {
        let import = entry(&self.a.imports, u32::from(i.lo), "import")?;
        demand(
            import.params.len() == usize::from(i.c),
            RefusalKind::Arity,
            || {
                format!(
                    "{} arguments; import {} has {} parameters",
                    i.c,
                    i.lo,
                    import.params.len()
                )
            },
        )?;
        for (register, want) in run(i).zip(&import.params) {
            read(regs, register, *want)?;
        }
        Ok(Some(Reg::holds(import.result)))
    }

    /// The type of slot `lo` of the row in a register.
    fn slot(&self, i: &Instr, row: u8, regs: &[Reg]) -> Check<WordType> {
        let Some(shape) = regs.get(usize::from(row)).and_then(|reg| reg.row()) else {
            let found = any(regs, row)?;
            return fault(
                RefusalKind::Operand,
                format!("r{row} is {found:?}, not a row"),
            );
        };
        Ok(entry(&self.shape(shape)?.slots, u32::from(i.lo), "slot")?.ty)
    }

    fn only_slot(&self, shape: ShapeId) -> Check<WordType> {
        match self.shape(shape)?.slots.as_slice() {
            [slot] => Ok(slot.ty),
            slots => fault(
                RefusalKind::Operand,
                format!("the list's rows have {} slots, not one", slots.len()),
            ),
        }
    }

    fn shape(&self, shape: ShapeId) -> Check<&Shape> {
        entry(&self.a.shapes, shape.0, "shape")
    }

    fn known_shape(&self, i: &Instr) -> Check<ShapeId> {
        let id = ShapeId(u32::from(i.lo));
        self.shape(id).map(|_| id)
    }
}

/// The registers `b .. b + c`.
fn run(i: &Instr) -> impl Iterator<Item = u8> {
    let (from, count) = (i.b, i.c);
    (0..count).map(move |n| from.wrapping_add(n))
}

/// Words that are compared as signed integers.
fn word_order(op: Op, ty: WordType) -> Check {
    use WordType::{Bool, Date, Duration, Int, Local, Period, Time};
    let ordered = matches!(ty, Int | Date | Local | Time | Duration);
    let fits = ordered || (op == Op::EqI && matches!(ty, Bool | Period));
    demand(fits, RefusalKind::Operand, || {
        format!("{ty:?} is not compared by {}", op.name())
    })
}

fn int_or_duration(ty: WordType) -> Check<WordType> {
    match ty {
        WordType::Int | WordType::Duration => Ok(ty),
        found => fault(
            RefusalKind::Operand,
            format!("{found:?} is neither Int nor Duration"),
        ),
    }
}
