//! The instructions of a chunk.

use super::names;
use crate::code::{Instr, Op, R_INPUT, R_PROFILE, R_VARS};
use crate::model::{Artifact, ChunkId, ConstId};
use crate::rows::row_shapes;
use crate::word::ShapeId;
use std::fmt::Write;

/// Appends a chunk. Writing to a string does not fail.
pub(super) fn print(a: &Artifact, id: ChunkId, out: &mut String) {
    let Some(chunk) = a.chunks.get(id.0 as usize) else {
        let _ = writeln!(out, "chunk ?{}", id.0);
        return;
    };
    let missing = if chunk.optional { " or missing" } else { "" };
    let _ = write!(
        out,
        "chunk {}: {}{missing}, {} registers",
        id.0,
        names::ty(chunk.result),
        chunk.registers
    );
    for (what, shape) in [("vars", chunk.vars), ("input", chunk.input)] {
        if let Some(shape) = shape {
            let _ = write!(out, ", {what} shape {}", shape.0);
        }
    }
    out.push('\n');
    let rows = row_shapes(a, chunk);
    for (pc, i) in chunk.code.iter().enumerate() {
        let line = Line {
            a,
            i: *i,
            row: rows.get(pc).copied().flatten(),
        };
        let text = format!("{pc:>5}  {:<12}{}", i.op.name(), line.text());
        let _ = writeln!(out, "{}", text.trim_end());
    }
}

struct Line<'a> {
    a: &'a Artifact,
    i: Instr,
    row: Option<ShapeId>,
}

impl Line<'_> {
    fn text(&self) -> String {
        let Instr {
            op,
            a,
            b,
            c,
            lo,
            hi,
        } = self.i;
        let infix = |sign: &str| format!("r{a} ← r{b} {sign} r{c}");
        match op {
            Op::Const => format!("r{a} ← {}", names::constant(self.a, ConstId(u32::from(lo)))),
            Op::Int => format!("r{a} ← {}", self.i.imm()),
            Op::Bool => format!("r{a} ← {}", lo != 0),
            Op::Unknown => format!("r{a} ← unknown"),
            Op::Move => format!("r{a} ← r{b}"),
            Op::Slot => format!("r{a} ← {}  missing→{hi}", self.slot(b)),
            Op::Has => format!("{}  missing→{hi}", self.slot(b)),
            Op::Jump => format!("→{hi}"),
            Op::JumpTrue | Op::JumpFalse => format!("r{a}  →{hi}"),
            Op::EqI | Op::EqD | Op::EqT | Op::EqS => infix("=="),
            Op::LtI | Op::LtD | Op::LtT | Op::LtS => infix("<"),
            Op::LeI | Op::LeD | Op::LeT | Op::LeS => infix("<="),
            Op::Not | Op::Not3 => format!("r{a} ← not r{b}"),
            Op::And3 => infix("and"),
            Op::Or3 => infix("or"),
            Op::AddI | Op::AddD => infix("+"),
            Op::SubI | Op::SubD => infix("-"),
            Op::MulI | Op::MulD => infix("*"),
            Op::DivI | Op::DivD => format!("{}  zero→{hi}", infix("/")),
            Op::RemI | Op::RemD => format!("{}  zero→{hi}", infix("%")),
            Op::NegI | Op::NegD => format!("r{a} ← -r{b}"),
            Op::IntToDec => format!("r{a} ← r{b}"),
            Op::Call => {
                let import = self.a.imports.get(usize::from(lo));
                let name = import.map_or_else(
                    || format!("?{lo}"),
                    |import| names::name(self.a, import.name),
                );
                format!("r{a} ← {name}({})  missing→{hi}", self.run())
            }
            Op::Concat => format!("r{a} ← {}", self.run()),
            Op::Len => format!("r{a} ← length of r{b}"),
            Op::Elem => format!("r{a} ← r{b}[r{c}]  none→{hi}"),
            Op::Find => format!("r{a} ← r{b}{{r{c}}}  none→{hi}"),
            Op::Next => format!("r{a} ← r{b}[r{c}++]  end→{hi}"),
            Op::NewRow => format!("r{a} ← new row, shape {lo}"),
            Op::Set => format!("{} ← r{b}", self.slot(a)),
            Op::NewListLike => format!("r{a} ← new list, shape {lo}, room as r{b}"),
            Op::NewList => format!("r{a} ← new list, shape {lo}, room {hi}"),
            Op::PushRow | Op::Push => format!("r{a} ← r{a}, r{b}"),
            Op::PushNull => format!("r{a} ← r{a}, missing"),
            Op::In => format!("r{a} ← r{b} in {}", names::set(self.a, lo)),
            Op::Column => format!("r{a} ← {} of each, shape {hi}", self.slot(b)),
            Op::Sift => {
                let not = if hi == 0 { "not " } else { "" };
                format!("r{a} ← those of r{b} {not}in {}", names::set(self.a, lo))
            }
            Op::Ret => format!("r{a}"),
            Op::RetMissing => String::new(),
        }
    }

    /// `input.commerce.order`: the row by what it is, the slot by its name.
    fn slot(&self, register: u8) -> String {
        let row = match register {
            R_PROFILE => "profile".to_string(),
            R_VARS => "vars".to_string(),
            R_INPUT => "input".to_string(),
            other => format!("r{other}"),
        };
        match self.row {
            Some(shape) => format!("{row}.{}", names::slot(self.a, shape, self.i.lo)),
            None => format!("{row}.#{}", self.i.lo),
        }
    }

    fn run(&self) -> String {
        let registers = (0..u16::from(self.i.c)).map(|n| format!("r{}", u16::from(self.i.b) + n));
        registers.collect::<Vec<_>>().join(", ")
    }
}
