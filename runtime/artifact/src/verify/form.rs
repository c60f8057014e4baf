//! Each instruction by itself: which of its fields it uses, and whether registers, indices and jump targets exist; of jumps back, what
//! [`loops`] asks of them together.
//!
//! Checked of all instructions, reachable or not, so that later stages (`flow`, the disassembly, a JIT) may index freely.

use super::fault::{Check, Locate, demand, entry, fault};
use super::loops;
use super::tables::type_exists;
use crate::code::{Instr, Op};
use crate::form::{Field, Form, Hi, Lo};
use crate::limits;
use crate::model::{Artifact, Chunk};
use crate::refusal::RefusalKind;
use crate::word::WordType;

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
    lo: Lo,
}

const fn masks() -> [Masks; 64] {
    let none = Masks {
        unused: 0,
        registers: 0,
        run: false,
        lo: Lo::No,
    };
    let mut all = [none; 64];
    let mut code = 0;
    while let Some(op) = Op::from_u8(code) {
        let Form { fields, lo, hi } = op.form();
        let mut masks = Masks {
            run: matches!(fields[1], Field::Run),
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
        loops::check(&chunk.code)?;
    }
    match chunk.code.last() {
        Some(last) if !last.op.ends() => fault(
            RefusalKind::FallsOff,
            format!("it ends with {}", last.op.name()),
        ),
        _ => Ok(()),
    }
}

fn instruction(a: &Artifact, chunk: &Chunk, pc: usize, i: Instr) -> Check {
    let masks = masks_of(i.op);
    let word = i.word();
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
        Lo::Set => entry(&a.sets, index, "set").map(drop)?,
        Lo::Import => entry(&a.imports, index, "import").map(drop)?,
        Lo::Shape => entry(&a.shapes, index, "shape").map(drop)?,
        Lo::Truth => demand(i.lo <= 1, RefusalKind::Value, || {
            format!("{} is no Bool", i.lo)
        })?,
        // A slot's row is known in `flow`, and so is what lies in `hi`.
        Lo::Slot | Lo::Immediate | Lo::No => {}
    }
    match i.op.jumps() {
        true => jump(chunk, pc, i),
        false => Ok(()),
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
