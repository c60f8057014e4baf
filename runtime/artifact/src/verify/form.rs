//! Each instruction by itself: which of its fields it uses, and whether registers, indices and jump targets exist; of jumps back, what
//! [`loops`] asks of them together.
//!
//! Checked of all instructions, reachable or not, so that later stages (`flow`, the disassembly, a JIT) may index freely.

use super::fault::{Check, Locate, demand, entry, fault};
use super::loops;
use super::tables::type_exists;
use crate::code::{Instr, Op};
use crate::limits;
use crate::model::{Artifact, Chunk};
use crate::refusal::RefusalKind;
use crate::word::WordType;

/// What `a`, `b` or `c` is.
#[derive(Clone, Copy, PartialEq)]
enum Field {
    /// Not used; zero.
    No,
    /// A register that is read.
    Read,
    /// A register that is written.
    Write,
    /// A register that is read and written.
    Change,
    /// `b`: the first of a run of registers that are read; `c`: how many.
    Run,
}

/// What `lo` is.
#[derive(Clone, Copy, PartialEq)]
enum Lo {
    No,
    Constant,
    Slot,
    Import,
    Shape,
    Truth,
    Immediate,
}

/// What `hi` is.
#[derive(Clone, Copy, PartialEq)]
enum Hi {
    No,
    Target,
    Any,
}

#[derive(Clone, Copy)]
struct Form(Field, Field, Field, Lo, Hi);

/// The forms of all operations, by code, as masks over an instruction as one word.
static MASKS: [Masks; 64] = masks();

/// What a form says of the bytes of an instruction: `op`, `a`, `b`, `c`, `lo`, `hi` from the lowest.
#[derive(Clone, Copy)]
struct Masks {
    /// The bytes that are not used.
    unused: u64,
    /// The bytes that are single registers.
    registers: u64,
    run: bool,
    jumps: bool,
    lo: Lo,
}

const fn masks() -> [Masks; 64] {
    let none = Masks {
        unused: 0,
        registers: 0,
        run: false,
        jumps: false,
        lo: Lo::No,
    };
    let mut all = [none; 64];
    let mut code = 0;
    while let Some(op) = Op::from_u8(code) {
        let Form(a, b, c, lo, hi) = form(op);
        let fields = [a, b, c];
        let mut masks = Masks {
            run: matches!(b, Field::Run),
            jumps: matches!(hi, Hi::Target),
            lo,
            ..none
        };
        let mut at = 0;
        while at < fields.len() {
            let byte = 0xFF << (8 * (at + 1));
            match fields[at] {
                Field::No => masks.unused |= byte,
                Field::Read | Field::Write | Field::Change => masks.registers |= byte,
                Field::Run => {}
            }
            at += 1;
        }
        if matches!(lo, Lo::No) {
            masks.unused |= 0xFFFF << 32;
        }
        if matches!(hi, Hi::No) {
            masks.unused |= 0xFFFF << 48;
        }
        all[code as usize] = masks;
        code += 1;
    }
    all
}

fn masks_of(op: Op) -> &'static Masks {
    &MASKS[usize::from(op as u8 & 63)]
}

/// An instruction as one word, as [`Masks`] has it.
fn word(i: Instr) -> u64 {
    let [lo, above_lo] = i.lo.to_le_bytes();
    let [hi, above_hi] = i.hi.to_le_bytes();
    u64::from_le_bytes([i.op as u8, i.a, i.b, i.c, lo, above_lo, hi, above_hi])
}

/// Which fields an operation uses.
const fn form(op: Op) -> Form {
    use Field::{Change, No, Read, Run, Write};
    match op {
        Op::Const => Form(Write, No, No, Lo::Constant, Hi::No),
        Op::Int => Form(Write, No, No, Lo::Immediate, Hi::Any),
        Op::Bool => Form(Write, No, No, Lo::Truth, Hi::No),
        Op::Unknown => Form(Write, No, No, Lo::No, Hi::No),
        Op::Move | Op::Not | Op::Not3 | Op::NegI | Op::NegD | Op::IntToDec | Op::Len => {
            Form(Write, Read, No, Lo::No, Hi::No)
        }
        Op::Slot => Form(Write, Read, No, Lo::Slot, Hi::Target),
        Op::Has => Form(No, Read, No, Lo::Slot, Hi::Target),
        Op::Jump => Form(No, No, No, Lo::No, Hi::Target),
        Op::JumpTrue | Op::JumpFalse => Form(Read, No, No, Lo::No, Hi::Target),
        Op::EqI | Op::LtI | Op::LeI | Op::EqD | Op::LtD | Op::LeD => {
            Form(Write, Read, Read, Lo::No, Hi::No)
        }
        Op::EqT | Op::LtT | Op::LeT | Op::EqS | Op::LtS | Op::LeS => {
            Form(Write, Read, Read, Lo::No, Hi::No)
        }
        Op::And3 | Op::Or3 | Op::AddI | Op::SubI | Op::MulI => {
            Form(Write, Read, Read, Lo::No, Hi::No)
        }
        Op::AddD | Op::SubD | Op::MulD => Form(Write, Read, Read, Lo::No, Hi::No),
        Op::DivI | Op::RemI | Op::DivD | Op::RemD | Op::Elem | Op::Find => {
            Form(Write, Read, Read, Lo::No, Hi::Target)
        }
        Op::Call => Form(Write, Run, Run, Lo::Import, Hi::Target),
        Op::Concat => Form(Write, Run, Run, Lo::No, Hi::No),
        Op::Next => Form(Write, Read, Change, Lo::No, Hi::Target),
        Op::NewRow => Form(Write, No, No, Lo::Shape, Hi::No),
        Op::Set => Form(Read, Read, No, Lo::Slot, Hi::No),
        Op::NewListLike => Form(Write, Read, No, Lo::Shape, Hi::No),
        Op::NewList => Form(Write, No, No, Lo::Shape, Hi::Any),
        Op::PushRow | Op::Push => Form(Change, Read, No, Lo::No, Hi::No),
        Op::PushNull => Form(Change, No, No, Lo::No, Hi::No),
        Op::Ret => Form(Read, No, No, Lo::No, Hi::No),
        Op::RetMissing => Form(No, No, No, Lo::No, Hi::No),
    }
}

/// Where an instruction may jump to.
pub(super) fn target(i: Instr) -> Option<usize> {
    masks_of(i.op).jumps.then_some(usize::from(i.hi))
}

/// Whether the next instruction may follow this one.
pub(super) fn goes_on(op: Op) -> bool {
    !matches!(op, Op::Jump | Op::Ret | Op::RetMissing)
}

/// Whether a chunk reads a register anywhere.
pub(super) fn reads(chunk: &Chunk, register: u8) -> bool {
    chunk.code.iter().any(|i| {
        let Form(a, b, c, _, _) = form(i.op);
        let is = |field: Field, value: u8| {
            matches!(field, Field::Read | Field::Change) && value == register
        };
        let run = b == Field::Run
            && (u16::from(i.b)..u16::from(i.b) + u16::from(i.c)).contains(&u16::from(register));
        is(a, i.a) || is(b, i.b) || is(c, i.c) || run
    })
}

/// A chunk beside its code.
pub(super) fn header(a: &Artifact, chunk: &Chunk) -> Check {
    for shape in [chunk.vars, chunk.input].into_iter().flatten() {
        entry(&a.shapes, shape.0, "shape")?;
    }
    let registers = usize::from(chunk.registers);
    demand(
        (3..=limits::REGISTERS).contains(&registers),
        RefusalKind::ChunkSize,
        || {
            format!(
                "{registers} registers; a chunk has 3 to {}",
                limits::REGISTERS
            )
        },
    )?;
    let len = chunk.code.len();
    demand(
        (1..=limits::CHUNK_INSTRUCTIONS).contains(&len),
        RefusalKind::ChunkSize,
        || {
            format!(
                "{len} instructions; a chunk has 1 to {}",
                limits::CHUNK_INSTRUCTIONS
            )
        },
    )?;
    demand(
        chunk.result != WordType::Kleene,
        RefusalKind::Result,
        || "a chunk's result is never Kleene: unknown is no value".into(),
    )?;
    type_exists(a, chunk.result)
}

/// All instructions of a chunk.
pub(super) fn code(a: &Artifact, chunk: &Chunk) -> Check {
    let mut has_loops = false;
    for (pc, i) in chunk.code.iter().enumerate() {
        instruction(a, chunk, pc, *i).at(|| format!("instruction {pc} ({})", i.op.name()))?;
        has_loops |= loops::goes_back(pc, *i);
    }
    if has_loops {
        loops::check(&chunk.code, |i| masks_of(i.op).jumps)?;
    }
    match chunk.code.last() {
        Some(last) if goes_on(last.op) => fault(
            RefusalKind::FallsOff,
            format!("it ends with {}", last.op.name()),
        ),
        _ => Ok(()),
    }
}

fn instruction(a: &Artifact, chunk: &Chunk, pc: usize, i: Instr) -> Check {
    let masks = masks_of(i.op);
    let word = word(i);
    demand(word & masks.unused == 0, RefusalKind::Instruction, || {
        "a field that it does not use is not zero".into()
    })?;
    let registers = word & masks.registers;
    if !all_below(registers, chunk.registers) {
        for at in [8, 16, 24] {
            let register = registers >> at & 0xFF;
            demand(
                register < u64::from(chunk.registers),
                RefusalKind::Register,
                || format!("r{register} of {} registers", chunk.registers),
            )?;
        }
    }
    if masks.run {
        demand(
            u16::from(i.b) + u16::from(i.c) <= chunk.registers,
            RefusalKind::Register,
            || format!("{} from r{} of {} registers", i.c, i.b, chunk.registers),
        )?;
    }
    let index = u32::from(i.lo);
    match masks.lo {
        Lo::Constant => entry(&a.constants, index, "constant").map(drop)?,
        Lo::Import => entry(&a.imports, index, "import").map(drop)?,
        Lo::Shape => entry(&a.shapes, index, "shape").map(drop)?,
        Lo::Truth => demand(i.lo <= 1, RefusalKind::Value, || {
            format!("{} is no Bool", i.lo)
        })?,
        // A slot's row is known in `flow`.
        Lo::Slot | Lo::Immediate | Lo::No => {}
    }
    if masks.jumps {
        jump(chunk, pc, i)
    } else {
        Ok(())
    }
}

/// Whether all bytes are surely below a number, looked at together: of small ones it tells.
fn all_below(bytes: u64, number: u16) -> bool {
    const EACH: u64 = u64::from_le_bytes([1; 8]);
    const TOP: u64 = EACH << 7;
    // A sum of two bytes below 128 carries into no other, and has its top bit set from 128 on.
    match 128_u64.checked_sub(u64::from(number)) {
        Some(rest) if bytes & TOP == 0 => (bytes + EACH * rest) & TOP == 0,
        _ => false,
    }
}

fn jump(chunk: &Chunk, pc: usize, i: Instr) -> Check {
    let to = usize::from(i.hi);
    let Some(there) = chunk.code.get(to) else {
        return fault(
            RefusalKind::Jump,
            format!("to {to}; the chunk has {} instructions", chunk.code.len()),
        );
    };
    let back_to_loop = i.op == Op::Jump && there.op == Op::Next;
    demand(to > pc || back_to_loop, RefusalKind::Jump, || {
        format!("back to {to}: only `Jump` goes back, and only to a `Next`")
    })
}
