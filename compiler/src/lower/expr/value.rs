//! An expression into a register.
//!
//! Comes in: an expression, the register that takes its value, the label to go to when there is none. Never true here: a
//! register given back while something that was put into it is still read.

use super::super::code::Label;
use super::generate::{Bound, Gen};
use super::stages::gives_values;
use crate::hir::{ArithOp, CompareOp, Expr, ExprKind, Root};
use crate::types::Type;
use journey_artifact::code::Op;
use journey_machine::func::Function;

impl Gen<'_, '_> {
    /// A register that holds the value of `e`: a fresh one, or the one that holds it anyway.
    pub fn operand(&mut self, e: &Expr, missing: Label) -> u8 {
        if let ExprKind::Root(Root::Local(id)) = &e.kind
            && let Some(bound @ (Bound::Reg(..) | Bound::Maybe(..))) = self.bound(*id).cloned()
        {
            return match bound {
                Bound::Reg(reg, _) => reg,
                Bound::Maybe(reg, flag) => {
                    self.code.emit_to(Op::JumpFalse, flag, 0, 0, 0, missing);
                    reg
                }
                Bound::Alias(_) | Bound::Literal(_) => unreachable!("left out by the pattern"),
            };
        }
        let dst = self.code.reg();
        self.value(e, dst, missing);
        dst
    }

    /// `dst ← e`, or to `missing`.
    pub fn value(&mut self, e: &Expr, dst: u8, missing: Label) {
        let mark = self.code.mark();
        if self.looked(e, dst, missing) {
            return self.code.release(mark);
        }
        match &e.kind {
            ExprKind::Literal(literal) => {
                self.refuse_stand_in(e);
                self.literal(literal, dst);
            }
            ExprKind::Root(Root::Local(id))
                if matches!(self.bound(*id), Some(Bound::Literal(_))) =>
            {
                if let Some(Bound::Literal(literal)) = self.bound(*id).cloned() {
                    self.literal(&literal, dst);
                }
            }
            ExprKind::Root(Root::Local(id))
                if matches!(self.bound(*id), Some(Bound::Reg(..) | Bound::Maybe(..))) =>
            {
                let r = self.operand(e, missing);
                self.code.emit(Op::Move, dst, r, 0, 0);
            }
            ExprKind::Index(list, index) if gives_values(list) => {
                self.indexed_value(list, index, &e.ty, dst, missing);
            }
            ExprKind::Root(_) | ExprKind::Path(..) | ExprKind::Key(..) | ExprKind::Index(..) => {
                let place = self.place(e, missing);
                self.load(&place, &e.ty, dst, missing);
            }
            ExprKind::Widen(inner) => self.widened(inner, &e.ty, dst, missing),
            ExprKind::Neg(inner) => {
                let r = self.operand(inner, missing);
                let op = if inner.ty == Type::Decimal {
                    Op::NegD
                } else {
                    Op::NegI
                };
                self.code.emit(op, dst, r, 0, 0);
            }
            ExprKind::Arith(op, a, b) => self.arith(*op, a, b, dst, missing),
            ExprKind::Compare(op, a, b) => {
                let r = self.compare(*op, a, b, missing);
                let op = if *op == CompareOp::Ne {
                    Op::Not
                } else {
                    Op::Move
                };
                self.code.emit(op, dst, r, 0, 0);
            }
            ExprKind::Not(inner) if !self.is_test(e) => {
                let r = self.operand(inner, missing);
                self.code.emit(Op::Not, dst, r, 0, 0);
            }
            ExprKind::Coalesce(a, b) => {
                let (other, end) = (self.code.label(), self.code.label());
                self.value_as(a, &e.ty, dst, other);
                self.code.jump(end);
                self.code.place(other);
                self.value_as(b, &e.ty, dst, missing);
                self.code.place(end);
            }
            ExprKind::If(c, a, b) => {
                let (then, otherwise, end) =
                    (self.code.label(), self.code.label(), self.code.label());
                self.branch(c, then, otherwise, otherwise);
                self.code.place(then);
                self.value_as(a, &e.ty, dst, missing);
                self.code.jump(end);
                self.code.place(otherwise);
                self.value_as(b, &e.ty, dst, missing);
                self.code.place(end);
            }
            ExprKind::Text(pieces) => {
                let first = self.run(pieces, missing);
                self.code
                    .emit(Op::Concat, dst, first, pieces.len() as u8, 0);
            }
            ExprKind::Call(function, args) => self.call(function, args, &e.ty, dst, missing),
            ExprKind::Let {
                local,
                value,
                strict,
                body,
            } => {
                self.bind(*local, value, *strict, missing);
                self.value_as(body, &e.ty, dst, missing);
            }
            ExprKind::List(items) => self.list_literal(items, &e.ty, dst),
            ExprKind::Record(fields) => self.record_literal(fields, &e.ty, dst),
            ExprKind::Inline { op, args, lambda } if !self.is_test(e) => {
                self.inline(*op, args, lambda.as_ref(), e, dst, missing);
            }
            ExprKind::Inline { .. } | ExprKind::Not(_) | ExprKind::And(..) | ExprKind::Or(..) => {
                self.truth(e, dst, missing)
            }
            ExprKind::OneOf(..) | ExprKind::IsMissing(_) => self.truth(e, dst, missing),
        }
        self.code.release(mark);
    }

    /// `dst ← what a condition comes to`.
    fn truth(&mut self, e: &Expr, dst: u8, missing: Label) {
        let (yes, no, end) = (self.code.label(), self.code.label(), self.code.label());
        self.branch(e, yes, no, missing);
        self.code.place(yes);
        self.code.emit(Op::Bool, dst, 0, 0, 1);
        self.code.jump(end);
        self.code.place(no);
        self.code.emit(Op::Bool, dst, 0, 0, 0);
        self.code.place(end);
    }

    /// A fresh register with the result of a comparison; of `!=`, of the equality.
    pub fn compare(&mut self, op: CompareOp, a: &Expr, b: &Expr, unknown: Label) -> u8 {
        if matches!(op, CompareOp::Eq | CompareOp::Ne)
            && let Some(told) = self.equal_looked(a, b, unknown)
        {
            return told;
        }
        let dst = self.code.reg();
        let x = self.operand(a, unknown);
        let y = self.operand(b, unknown);
        // `a > b` is `b < a`.
        let (code, x, y) = match op {
            CompareOp::Eq | CompareOp::Ne => return self.equal(&a.ty, dst, x, y),
            CompareOp::Lt => (order(&a.ty, true), x, y),
            CompareOp::Le => (order(&a.ty, false), x, y),
            CompareOp::Gt => (order(&a.ty, true), y, x),
            CompareOp::Ge => (order(&a.ty, false), y, x),
        };
        self.code.emit(code, dst, x, y, 0);
        dst
    }

    /// `dst ← x == y`.
    pub fn equal(&mut self, ty: &Type, dst: u8, x: u8, y: u8) -> u8 {
        let op = match ty {
            Type::String | Type::Enum(_) => Op::EqS,
            Type::Decimal => Op::EqD,
            Type::DateTime => Op::EqT,
            _ => Op::EqI,
        };
        self.code.emit(op, dst, x, y, 0);
        dst
    }

    fn arith(&mut self, op: ArithOp, a: &Expr, b: &Expr, dst: u8, missing: Label) {
        let x = self.operand(a, missing);
        let y = self.operand(b, missing);
        let decimal = a.ty == Type::Decimal;
        let code = match (op, decimal) {
            (ArithOp::Add, true) => Op::AddD,
            (ArithOp::Sub, true) => Op::SubD,
            (ArithOp::Mul, true) => Op::MulD,
            (ArithOp::Add, false) => Op::AddI,
            (ArithOp::Sub, false) => Op::SubI,
            (ArithOp::Mul, false) => Op::MulI,
            (ArithOp::Div, true) => return self.code.emit_to(Op::DivD, dst, x, y, 0, missing),
            (ArithOp::Rem, true) => return self.code.emit_to(Op::RemD, dst, x, y, 0, missing),
            (ArithOp::Div, false) => return self.code.emit_to(Op::DivI, dst, x, y, 0, missing),
            (ArithOp::Rem, false) => return self.code.emit_to(Op::RemI, dst, x, y, 0, missing),
        };
        self.code.emit(code, dst, x, y, 0);
    }

    /// Values in registers next to each other; the first register.
    fn run(&mut self, items: &[Expr], missing: Label) -> u8 {
        let first = self.code.regs(items.len());
        for (ix, item) in items.iter().enumerate() {
            self.value(item, first.saturating_add(ix as u8), missing);
        }
        first
    }

    fn call(
        &mut self,
        function: &'static Function,
        args: &[Expr],
        ty: &Type,
        dst: u8,
        missing: Label,
    ) {
        if self.folded(function.name, args, ty, dst, missing)
            || self.shortened(function.name, args, ty, dst, missing)
        {
            return;
        }
        let first = self.run(args, missing);
        self.call_run(
            function.name,
            first,
            args.iter().map(|arg| &arg.ty),
            ty,
            dst,
            missing,
        );
    }

    /// `dst ← name(registers from first)`.
    pub fn call_run<'t>(
        &mut self,
        name: &str,
        first: u8,
        params: impl Iterator<Item = &'t Type>,
        ty: &Type,
        dst: u8,
        missing: Label,
    ) {
        let mut words = std::mem::take(&mut self.pass.pool.params);
        words.clear();
        words.extend(params.map(|ty| self.pass.rows.word(ty)));
        let count = words.len() as u8;
        let result = self.pass.rows.word(ty);
        let import = self.pass.pool.import(name, &words, result);
        self.pass.pool.params = words;
        self.code
            .emit_to(Op::Call, dst, first, count, import, missing);
    }
}

/// The operation that puts two values of a type in order.
pub(super) fn order(ty: &Type, strict: bool) -> Op {
    match (ty, strict) {
        (Type::String | Type::Enum(_), true) => Op::LtS,
        (Type::String | Type::Enum(_), false) => Op::LeS,
        (Type::Decimal, true) => Op::LtD,
        (Type::Decimal, false) => Op::LeD,
        (Type::DateTime, true) => Op::LtT,
        (Type::DateTime, false) => Op::LeT,
        (_, true) => Op::LtI,
        (_, false) => Op::LeI,
    }
}
