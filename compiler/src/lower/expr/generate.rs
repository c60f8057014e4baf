//! The generator's state: the chunk's code, and the names bound inside the expression.
//!
//! Never true here: how any kind of expression is generated; that stands in the modules beside this one.

use super::super::code::{Code, Label};
use super::super::layout::Slot;
use super::super::needs::{At, Seg};
use super::super::pass::Pass;
use super::super::rows::RowKey;
use crate::diag::Code as Problem;
use crate::hir::{Expr, Literal, LocalId, Var, VarKind};
use crate::types::Type;
use journey_artifact::code::{Instr, Op};
use journey_artifact::model::ConstId;
use journey_artifact::word::{ShapeId, WordType, date_time_word, period_word};

/// What an expression may read beside the profile.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'s> {
    /// Variables of a journey.
    pub vars: Option<VarsScope<'s>>,
    /// The input row: an event, a call's arguments.
    pub input: Option<ShapeId>,
}

/// The variables of a journey.
#[derive(Clone, Copy, Debug)]
pub struct VarsScope<'s> {
    /// Their row.
    pub row: ShapeId,
    /// What they are.
    pub vars: &'s [Var],
}

/// Where something lies: a path in the row that a register holds.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The row's shape.
    pub row: ShapeId,
    /// The register that holds it.
    pub reg: u8,
    /// The path inside it.
    pub at: At,
    /// The row itself is known to be there (an item of a list may be null).
    pub sure: bool,
}

/// What a name inside the expression stands for.
#[derive(Clone, Debug)]
pub enum Bound {
    /// A value in a register.
    Reg(u8, Type),
    /// A value in the first register if the second holds true.
    Maybe(u8, u8),
    /// A constant.
    Literal(Literal),
    /// Something that is read where it lies.
    Alias(Place),
}

/// Names and what they stand for, in the order they were bound. Most expressions bind one or none: the first takes no memory of its own.
#[derive(Debug, Default)]
pub struct Locals {
    first: Option<(LocalId, Bound)>,
    others: Vec<(LocalId, Bound)>,
}

impl Locals {
    /// Adds a name.
    pub fn push(&mut self, local: LocalId, bound: Bound) {
        match self.first {
            None => self.first = Some((local, bound)),
            Some(_) => self.others.push((local, bound)),
        }
    }
}

/// The generator of one chunk.
pub struct Gen<'g, 'a> {
    /// The pass it writes to.
    pub pass: &'g mut Pass<'a>,
    /// The code so far.
    pub code: Code,
    /// What may be read.
    pub scope: Scope<'g>,
    /// Names bound so far, the last of a name counts.
    pub locals: Locals,
    /// The variables row is read.
    pub reads_vars: bool,
    /// The input row is read.
    pub reads_input: bool,
}

impl<'g, 'a> Gen<'g, 'a> {
    /// Nothing generated yet.
    pub fn new(pass: &'g mut Pass<'a>, scope: Scope<'g>) -> Gen<'g, 'a> {
        let mut code = std::mem::take(pass.spare);
        code.clear();
        Gen {
            pass,
            code,
            scope,
            locals: Locals::default(),
            reads_vars: false,
            reads_input: false,
        }
    }

    /// Says so of what stands for a value that the check gave up: no constant may be missing. The check says why it gives something up,
    /// so none comes here; one that did would be `false` for everybody.
    pub fn refuse_stand_in(&mut self, e: &Expr) {
        if e.opt || e.ty.is_error() {
            let message = "what this value is, nothing says";
            let why = "the check let it pass, and should not have";
            let code = Problem::TypeMismatch;
            self.pass.problem(code, e.span, message, why);
        }
    }

    /// What a local name stands for.
    pub fn bound(&self, local: LocalId) -> Option<&Bound> {
        let Locals { first, others } = &self.locals;
        let mut all = first.iter().chain(others).rev();
        all.find(|(id, _)| *id == local).map(|(_, bound)| bound)
    }

    /// What lies in a row as a whole, in this register.
    pub fn row(&mut self, row: ShapeId, reg: u8, sure: bool) -> Place {
        Place {
            row,
            reg,
            at: self.pass.needs.root(row),
            sure,
        }
    }

    /// Whether anything in a place's row is a row or list of its own: only arguments and variables are.
    pub fn has_boxes(&self, place: &Place) -> bool {
        matches!(
            self.pass.rows.key(place.row),
            RowKey::Args(_) | RowKey::Vars(_)
        )
    }

    /// Whether the value at a place is a row or list of its own, not laid out in the row around it.
    pub fn is_boxed(&self, place: &Place) -> bool {
        if !self.has_boxes(place) {
            return false;
        }
        let needs = &self.pass.needs;
        let by_var = |id: u32| match self.scope.vars {
            Some(vars) => vars
                .vars
                .get(id as usize)
                .is_some_and(|var| var.kind == VarKind::Value),
            _ => false,
        };
        match needs.step(place.at) {
            Some((row, Seg::Var(id, _))) => needs.is_root(row) && by_var(id),
            Some(_) => self.pass.is_boxed(place.at),
            None => false,
        }
    }

    /// `dst ← slot of the place's row`, or to `missing`.
    pub fn slot(&mut self, place: &Place, slot: Slot, dst: u8, missing: Label) {
        self.code.slot_to(Op::Slot, dst, place.reg, slot, missing);
    }

    /// `dst ← constant`.
    pub fn constant(&mut self, dst: u8, id: ConstId) {
        self.code.emit(Op::Const, dst, 0, 0, id.0 as u16);
    }

    /// `dst ← number`.
    pub fn int(&mut self, dst: u8, n: i64) {
        match i32::try_from(n) {
            Ok(n) => self.code.push(Instr {
                op: Op::Int,
                a: dst,
                b: 0,
                c: 0,
                lo: n as u32 as u16,
                hi: ((n as u32) >> 16) as u16,
            }),
            Err(_) => self.word(dst, WordType::Int, n as u64),
        }
    }

    /// `dst ← word`.
    pub fn word(&mut self, dst: u8, ty: WordType, word: u64) {
        let id = self.pass.pool.word(ty, word);
        self.constant(dst, id);
    }

    /// `dst ← literal`.
    pub fn literal(&mut self, literal: &Literal, dst: u8) {
        match literal {
            Literal::Bool(b) => self.code.emit(Op::Bool, dst, 0, 0, u16::from(*b)),
            Literal::Int(n) => self.int(dst, *n),
            Literal::Dec(x) => self.word(dst, WordType::Dec, x.to_bits()),
            Literal::Str(text) => {
                let id = self.pass.pool.text_constant(text);
                self.constant(dst, id);
            }
            Literal::Date(days) => self.word(dst, WordType::Date, i64::from(*days) as u64),
            // The checker gives only instants that a word can hold; others would become the epoch.
            Literal::DateTime(ms, offset) => self.word(
                dst,
                WordType::DateTime,
                date_time_word(*ms, *offset).unwrap_or(0),
            ),
            Literal::Local(ms) => self.word(dst, WordType::Local, *ms as u64),
            Literal::Time(ms) => self.word(dst, WordType::Time, u64::from(*ms)),
            Literal::Duration(ms) => self.word(dst, WordType::Duration, *ms as u64),
            Literal::Period(months, days) => {
                self.word(dst, WordType::Period, period_word(*months, *days))
            }
        }
    }

    /// Some value of this type, for a register that must hold one though nobody will read it.
    pub fn dummy(&mut self, dst: u8, ty: WordType) {
        match ty {
            WordType::Bool => self.code.emit(Op::Bool, dst, 0, 0, 0),
            WordType::Kleene => self.code.emit(Op::Unknown, dst, 0, 0, 0),
            WordType::Int => self.int(dst, 0),
            WordType::Str => self.literal(&Literal::Str(String::new()), dst),
            WordType::Row(shape) => self.code.emit(Op::NewRow, dst, 0, 0, shape.0 as u16),
            WordType::List(shape) => self.code.emit(Op::NewList, dst, 0, 0, shape.0 as u16),
            other => self.word(dst, other, 0),
        }
    }
}
