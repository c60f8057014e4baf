//! Which of its fields each operation uses, and for what: said once, for all who look at instructions and not at what they compute.
//!
//! The verifier checks fields by it; the loader, the interpreter's code and a compiler ask what an instruction reads, writes and
//! where it may go. Never true here: what a value is.

use crate::code::{Instr, Op};

/// What `a`, `b` or `c` is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lo {
    /// Not used; zero.
    No,
    /// An index of a constant.
    Constant,
    /// An index of a set.
    Set,
    /// A slot of the row that the instruction names.
    Slot,
    /// An index of an import.
    Import,
    /// An index of a shape.
    Shape,
    /// 0 or 1.
    Truth,
    /// The low half of a number.
    Immediate,
}

/// What `hi` is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hi {
    /// Not used; zero.
    No,
    /// A place to go on at.
    Target,
    /// A number: the high half of one, or how many rows.
    Any,
    /// An index of a shape.
    Shape,
    /// 0 or 1.
    Truth,
}

/// What the fields of an instruction are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Form {
    /// Of `a`, `b` and `c`.
    pub fields: [Field; 3],
    /// Of `lo`.
    pub lo: Lo,
    /// Of `hi`.
    pub hi: Hi,
}

impl Op {
    /// What the operation's fields are.
    pub const fn form(self) -> Form {
        use Field::{Change, No, Read, Run, Write};
        let (fields, lo, hi) = match self {
            Op::Const => ([Write, No, No], Lo::Constant, Hi::No),
            Op::Int => ([Write, No, No], Lo::Immediate, Hi::Any),
            Op::Bool => ([Write, No, No], Lo::Truth, Hi::No),
            Op::Unknown => ([Write, No, No], Lo::No, Hi::No),
            Op::Move | Op::Not | Op::Not3 | Op::NegI | Op::NegD | Op::IntToDec | Op::Len => {
                ([Write, Read, No], Lo::No, Hi::No)
            }
            Op::Slot => ([Write, Read, No], Lo::Slot, Hi::Target),
            Op::Has => ([No, Read, No], Lo::Slot, Hi::Target),
            Op::Jump => ([No, No, No], Lo::No, Hi::Target),
            Op::JumpTrue | Op::JumpFalse => ([Read, No, No], Lo::No, Hi::Target),
            Op::EqI | Op::LtI | Op::LeI | Op::EqD | Op::LtD | Op::LeD => {
                ([Write, Read, Read], Lo::No, Hi::No)
            }
            Op::EqT | Op::LtT | Op::LeT | Op::EqS | Op::LtS | Op::LeS => {
                ([Write, Read, Read], Lo::No, Hi::No)
            }
            Op::And3 | Op::Or3 | Op::AddI | Op::SubI | Op::MulI => {
                ([Write, Read, Read], Lo::No, Hi::No)
            }
            Op::AddD | Op::SubD | Op::MulD => ([Write, Read, Read], Lo::No, Hi::No),
            Op::DivI | Op::RemI | Op::DivD | Op::RemD | Op::Elem | Op::Find => {
                ([Write, Read, Read], Lo::No, Hi::Target)
            }
            Op::Call => ([Write, Run, Run], Lo::Import, Hi::Target),
            Op::Concat => ([Write, Run, Run], Lo::No, Hi::No),
            Op::Next => ([Write, Read, Change], Lo::No, Hi::Target),
            Op::NewRow => ([Write, No, No], Lo::Shape, Hi::No),
            Op::Set => ([Read, Read, No], Lo::Slot, Hi::No),
            Op::NewListLike => ([Write, Read, No], Lo::Shape, Hi::No),
            Op::NewList => ([Write, No, No], Lo::Shape, Hi::Any),
            Op::PushRow | Op::Push => ([Change, Read, No], Lo::No, Hi::No),
            Op::PushNull => ([Change, No, No], Lo::No, Hi::No),
            Op::In => ([Write, Read, No], Lo::Set, Hi::No),
            Op::Column => ([Write, Read, No], Lo::Slot, Hi::Shape),
            Op::Sift => ([Write, Read, No], Lo::Set, Hi::Truth),
            Op::Ret => ([Read, No, No], Lo::No, Hi::No),
            Op::RetMissing => ([No, No, No], Lo::No, Hi::No),
        };
        Form { fields, lo, hi }
    }

    /// Whether it names a place to go to.
    pub const fn jumps(self) -> bool {
        JUMPS.has(self)
    }

    /// Whether it leaves something in register `a`. (`Next` writes its cursor `c` too.)
    pub const fn writes(self) -> bool {
        WRITES.has(self)
    }

    /// Whether nothing goes on behind it.
    pub const fn ends(self) -> bool {
        matches!(self, Op::Jump | Op::Ret | Op::RetMissing)
    }
}

impl Instr {
    /// Where it may go instead of to the next one.
    pub fn target(self) -> Option<usize> {
        self.op.jumps().then_some(usize::from(self.hi))
    }

    /// The registers that it reads.
    pub fn reads(self) -> impl Iterator<Item = u8> {
        let fields = self.op.form().fields;
        // A run may end with the last register there is.
        let (b, c) = (u16::from(self.b), u16::from(self.c));
        let run = if fields[1] == Field::Run {
            b..b + c
        } else {
            0..0
        };
        let single = fields.into_iter().zip([self.a, self.b, self.c]);
        single
            .filter(|(field, _)| matches!(field, Field::Read | Field::Change))
            .map(|(_, register)| register)
            .chain(run.map(|register| register as u8))
    }
}

/// A set of operations, by code.
struct Ops(u64);

impl Ops {
    const fn has(&self, op: Op) -> bool {
        self.0 >> op as u8 & 1 != 0
    }
}

const JUMPS: Ops = Ops(sets().0);
const WRITES: Ops = Ops(sets().1);

/// Those that jump and those that write `a`.
const fn sets() -> (u64, u64) {
    let (mut jumps, mut writes, mut code) = (0, 0, 0);
    while let Some(op) = Op::from_u8(code) {
        let Form { fields, hi, .. } = op.form();
        jumps |= (matches!(hi, Hi::Target) as u64) << code;
        writes |= (matches!(fields[0], Field::Write | Field::Change) as u64) << code;
        code += 1;
    }
    (jumps, writes)
}
