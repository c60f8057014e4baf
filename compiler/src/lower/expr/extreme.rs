//! The least and the greatest, and what comes first or last when a list is put in order.
//!
//! Comes in: the list, the lambda that gives what is compared. Goes out: the value, or where the item lies. Never true here: a list put
//! in order; of those that are equal the one that the table's functions take is kept.

use super::super::code::Label;
use super::generate::{Gen, Place};
use super::stages::{Does, Lambda, Ordered, Stage, is_told};
use super::value::order;
use crate::hir::Expr;
use crate::types::Type;
use journey_artifact::code::Op;

impl Gen<'_, '_> {
    /// The least or the greatest of what the lambda gives, or of the items: the first that none passes in the table's order.
    pub fn extreme(
        &mut self,
        least: bool,
        list: &Expr,
        lambda: Option<&Lambda>,
        ty: &Type,
        dst: u8,
        missing: Label,
    ) {
        let stream = self.mapped(list, lambda, missing);
        if !is_told(ty) {
            let name = if least { "min" } else { "max" };
            return self.called(name, &stream, (ty, ty), dst, missing);
        }
        let found = self.code.reg();
        let word = self.pass.rows.word(ty);
        self.dummy(dst, word);
        self.code.emit(Op::Bool, found, 0, 0, 0);
        self.each_present(&stream, |g, item, again| {
            let (r, take) = (g.code.reg(), g.code.label());
            g.item_value(item, ty, r, again);
            g.code.emit_to(Op::JumpFalse, found, 0, 0, 0, take);
            let (low, high) = if least { (r, dst) } else { (dst, r) };
            g.less(ty, low, high, take, again);
            g.code.place(take);
            g.code.emit(Op::Move, dst, r, 0, 0);
            g.code.emit(Op::Bool, found, 0, 0, 1);
        });
        self.code.emit_to(Op::JumpFalse, found, 0, 0, 0, missing);
    }

    /// Where the row lies that is first, or last, when a list's rows are put in order by a key: equal ones as they stand, those without a
    /// key last.
    pub fn picked_in_order(
        &mut self,
        last: bool,
        Ordered { list, by, up }: Ordered<'_>,
        missing: Label,
    ) -> Place {
        let key = &by.1.ty;
        let (mut stream, rows) = self.rows(list, None, missing);
        let (number, one, at) = (self.code.reg(), self.code.reg(), self.code.reg());
        let (best, found, zero) = (self.code.reg(), self.code.reg(), self.code.reg());
        self.int(number, 0);
        self.int(one, 1);
        self.int(at, 0);
        self.int(zero, 0);
        let word = self.pass.rows.word(key);
        self.dummy(best, word);
        // Whether one with a key was found; of the last, `keyless` whether one without was.
        self.code.emit(Op::Bool, found, 0, 0, 0);
        let keyless = last.then(|| {
            let keyless = self.code.reg();
            self.code.emit(Op::Bool, keyless, 0, 0, 0);
            keyless
        });
        stream.numbers = Some((number, one));
        stream.push(Stage::new(Does::Map, by, list));
        self.flow(
            &stream,
            |g, _| g.code.label(),
            |g, item, again, none| {
                let (r, take) = (g.code.reg(), g.code.label());
                g.item_value(item, key, r, none);
                if let Some(keyless) = keyless {
                    g.code.emit_to(Op::JumpTrue, keyless, 0, 0, 0, again);
                }
                g.code.emit_to(Op::JumpFalse, found, 0, 0, 0, take);
                let (low, high) = if up { (r, best) } else { (best, r) };
                match last {
                    false => g.less(key, low, high, take, again),
                    true => g.less(key, low, high, again, take),
                }
                g.code.place(take);
                g.code.emit(Op::Move, best, r, 0, 0);
                g.code.emit(Op::Move, at, number, 0, 0);
                g.code.emit(Op::Bool, found, 0, 0, 1);
                g.code.jump(again);
                g.code.place(none);
                match keyless {
                    Some(keyless) => g.code.emit(Op::Bool, keyless, 0, 0, 1),
                    None => {
                        let is = g.code.reg();
                        g.code.emit(Op::EqI, is, at, zero, 0);
                        g.code.emit_to(Op::JumpFalse, is, 0, 0, 0, again);
                    }
                }
                g.code.emit(Op::Move, at, number, 0, 0);
            },
        );
        self.numbered(rows, (at, number, one), missing)
    }

    /// Goes where it leads that one value comes before another in the table's order.
    fn less(&mut self, ty: &Type, low: u8, high: u8, yes: Label, no: Label) {
        let is = self.code.reg();
        if *ty == Type::Decimal {
            // NaN comes behind every other, and before no NaN.
            self.code.emit(Op::LeD, is, high, low, 0);
            self.code.emit_to(Op::JumpTrue, is, 0, 0, 0, no);
            self.code.emit(Op::EqD, is, low, low, 0);
        } else {
            self.code.emit(order(ty, true), is, low, high, 0);
        }
        self.test(is, yes, no);
    }
}
