//! What is known of registers: a type each, and which were made here.
//!
//! Comes in: what an instruction writes; what two ways agree on. Goes out: types, or a refusal of a register that does not hold what is
//! read of it. Never true here: an instruction.

use super::fault::{Check, demand, fault};
use crate::refusal::RefusalKind;
use crate::word::{ShapeId, WordType};

/// What is known of a register, in one word, so that ways are compared word by word: 0, or a type and whether this chunk made the value.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Reg(u64);

impl Reg {
    /// Nothing: not written on some way here, or written differently.
    pub const UNUSABLE: Reg = Reg(0);
    /// Set of a row or list that this chunk made in this very register, and so may change.
    const OWNED: u64 = 1 << 40;

    /// A value of this type. The shape, then the number of the type from 1.
    pub const fn holds(ty: WordType) -> Reg {
        let (number, shape) = match ty {
            WordType::Bool => (1, 0),
            WordType::Kleene => (2, 0),
            WordType::Int => (3, 0),
            WordType::Dec => (4, 0),
            WordType::Str => (5, 0),
            WordType::Date => (6, 0),
            WordType::DateTime => (7, 0),
            WordType::Local => (8, 0),
            WordType::Time => (9, 0),
            WordType::Duration => (10, 0),
            WordType::Period => (11, 0),
            WordType::Row(shape) => (12, shape.0),
            WordType::List(shape) => (13, shape.0),
        };
        Reg(number << 32 | shape as u64)
    }

    /// A row or list that this chunk made in this very register.
    pub const fn owns(ty: WordType) -> Reg {
        Reg(Reg::holds(ty).0 | Reg::OWNED)
    }

    /// The type, if there is one.
    pub fn ty(self) -> Option<WordType> {
        let shape = ShapeId(self.0 as u32);
        Some(match (self.0 >> 32) as u8 {
            1 => WordType::Bool,
            2 => WordType::Kleene,
            3 => WordType::Int,
            4 => WordType::Dec,
            5 => WordType::Str,
            6 => WordType::Date,
            7 => WordType::DateTime,
            8 => WordType::Local,
            9 => WordType::Time,
            10 => WordType::Duration,
            11 => WordType::Period,
            12 => WordType::Row(shape),
            13 => WordType::List(shape),
            _ => return None,
        })
    }

    /// Whether it surely is a value of this type.
    #[inline(always)]
    fn is(self, ty: WordType) -> bool {
        self.0 & !Reg::OWNED == Reg::holds(ty).0
    }

    /// The shape of a row.
    #[inline(always)]
    pub fn row(self) -> Option<ShapeId> {
        let row = Reg::holds(WordType::Row(ShapeId(0))).0 >> 32;
        ((self.0 & !Reg::OWNED) >> 32 == row).then_some(ShapeId(self.0 as u32))
    }

    fn is_owned(self) -> bool {
        self.0 & Reg::OWNED != 0
    }

    /// What two ways agree on.
    pub fn meet(self, other: Reg) -> Reg {
        if self == other {
            return self;
        }
        match (self.ty(), other.ty()) {
            (Some(a), Some(b)) if a == b || b.fits(a) => Reg::holds(a),
            (Some(a), Some(b)) if a.fits(b) => Reg::holds(b),
            _ => Reg::UNUSABLE,
        }
    }
}

/// The type of a register.
pub(super) fn any(regs: &[Reg], register: u8) -> Check<WordType> {
    match regs.get(usize::from(register)).and_then(|reg| reg.ty()) {
        Some(ty) => Ok(ty),
        None => fault(
            RefusalKind::Undefined,
            format!("r{register} holds no value, or not the same on every way here"),
        ),
    }
}

/// A register that must hold a value of this type.
#[inline(always)]
pub(super) fn read(regs: &[Reg], register: u8, want: WordType) -> Check {
    match regs.get(usize::from(register)) {
        Some(reg) if reg.is(want) => Ok(()),
        _ => read_fit(regs, register, want),
    }
}

/// The same of what is not just that type: it may fit, or is nothing.
fn read_fit(regs: &[Reg], register: u8, want: WordType) -> Check {
    let found = any(regs, register)?;
    demand(found.fits(want), RefusalKind::Operand, || {
        format!("r{register} is {found:?}, not {want:?}")
    })
}

/// The shape of the items of a list.
pub(super) fn list(regs: &[Reg], register: u8) -> Check<ShapeId> {
    match any(regs, register)? {
        WordType::List(shape) => Ok(shape),
        found => fault(
            RefusalKind::Operand,
            format!("r{register} is {found:?}, not a list"),
        ),
    }
}

/// A row or list that must have been made here.
pub(super) fn owned(regs: &[Reg], register: u8) -> Check {
    any(regs, register)?;
    let owns = regs[usize::from(register)].is_owned();
    demand(owns, RefusalKind::NotOwned, || {
        format!("r{register} was not made here")
    })
}

/// A list that must have been made here; the shape of its items.
pub(super) fn owned_list(regs: &[Reg], register: u8) -> Check<ShapeId> {
    let shape = list(regs, register)?;
    owned(regs, register).map(|()| shape)
}
