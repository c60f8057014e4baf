//! What comes of a list's items together: how many there are, their sum, their mean.
//!
//! Each is a loop with registers for what it comes to so far, whether it was written with a lambda or is a function of the table.
//! Comes in: the list, a lambda. Goes out: the value. Never true here: a value other than the function table's or the oracle's, to
//! the bit; where instructions cannot say that, the list is made and the table's function called.

use super::super::code::Label;
use super::generate::Gen;
use super::stages::{Does, Lambda, Stage, item_of};
use super::stream::{Item, Stream};
use crate::hir::Expr;
use crate::types::Type;
use journey_artifact::code::Op;
use journey_artifact::word::WordType;

impl Gen<'_, '_> {
    /// `dst ← a function of the table over a list`, or to `missing`; `false`, and nothing done, if it is none of these.
    pub fn folded(
        &mut self,
        name: &str,
        args: &[Expr],
        ty: &Type,
        dst: u8,
        missing: Label,
    ) -> bool {
        let [list] = args else { return false };
        if !matches!(list.ty, Type::List(_)) {
            return false;
        }
        match name {
            "count" => self.count(list, None, dst, missing),
            "countWithNull" | "listSize" => self.size(list, dst, missing),
            "countOnlyNull" => self.count_missing(list, dst, missing),
            "sum" => self.sum(list, None, ty, dst, missing),
            "avg" if item_of(&list.ty) == Some(&Type::Integer) => {
                self.exact_mean(list, dst, missing)
            }
            "avg" => self.mean(list, None, dst, missing),
            "min" | "max" => self.extreme(name == "min", list, None, ty, dst, missing),
            _ => return false,
        }
        true
    }

    /// What is left out where it is missing.
    pub fn each_present(
        &mut self,
        stream: &Stream<'_>,
        mut body: impl FnMut(&mut Self, &Item<'_>, Label),
    ) {
        self.flow(
            stream,
            |_, again| again,
            |g, item, again, _| body(g, item, again),
        );
    }

    /// How many items hold for the lambda; without one, are not missing.
    pub fn count(&mut self, list: &Expr, lambda: Option<&Lambda>, dst: u8, missing: Label) {
        if lambda.is_none() && self.count_given(list, false, dst, missing) {
            return;
        }
        let test = lambda.map(|lambda| Stage::new(Does::Test, lambda, list));
        let stream = self.stream(list, test, missing);
        self.counted(&stream, dst, |g, item, again| {
            if lambda.is_none() {
                g.item_has(item, again);
            }
        });
    }

    /// How many items there are.
    pub fn size(&mut self, list: &Expr, dst: u8, missing: Label) {
        if self.count_given(list, true, dst, missing) {
            return;
        }
        let stream = self.stream(list, None, missing).counted();
        match stream.drops() {
            false => self.source_len(&stream, dst),
            true => self.counted(&stream, dst, |_, _, _| {}),
        }
    }

    fn count_missing(&mut self, list: &Expr, dst: u8, missing: Label) {
        let stream = self.stream(list, None, missing);
        let one = self.code.reg();
        self.int(dst, 0);
        self.int(one, 1);
        self.flow(
            &stream,
            |g, _| g.code.label(),
            |g, item, again, none| {
                g.item_has(item, none);
                g.code.jump(again);
                g.code.place(none);
                g.code.emit(Op::AddI, dst, dst, one, 0);
            },
        );
    }

    /// `dst ← how many items do not go to their label`.
    fn counted(
        &mut self,
        stream: &Stream<'_>,
        dst: u8,
        mut but: impl FnMut(&mut Self, &Item<'_>, Label),
    ) {
        let one = self.code.reg();
        self.int(dst, 0);
        self.int(one, 1);
        self.each_present(stream, |g, item, again| {
            but(g, item, again);
            g.code.emit(Op::AddI, dst, dst, one, 0);
        });
    }

    /// Whether there are no items, or (`some`) some.
    pub fn emptiness(&mut self, some: bool, list: &Expr, dst: u8, missing: Label) {
        let stream = self.stream(list, None, missing).counted();
        if stream.drops() {
            let end = self.code.label();
            self.code.emit(Op::Bool, dst, 0, 0, u16::from(!some));
            self.each_present(&stream, |g, _, _| {
                g.code.emit(Op::Bool, dst, 0, 0, u16::from(some));
                g.code.jump(end);
            });
            return self.code.place(end);
        }
        let (count, zero) = (self.code.reg(), self.code.reg());
        self.source_len(&stream, count);
        self.int(zero, 0);
        self.code.emit(Op::EqI, dst, count, zero, 0);
        if some {
            self.code.emit(Op::Not, dst, dst, 0, 0);
        }
    }

    /// The sum of what the lambda gives, or of the items.
    pub fn sum(
        &mut self,
        list: &Expr,
        lambda: Option<&Lambda>,
        ty: &Type,
        dst: u8,
        missing: Label,
    ) {
        let stream = self.mapped(list, lambda, missing);
        let word = self.pass.rows.word(ty);
        self.dummy(dst, word);
        let add = if *ty == Type::Decimal {
            Op::AddD
        } else {
            Op::AddI
        };
        self.each_present(&stream, |g, item, again| {
            let r = g.code.reg();
            g.item_value(item, ty, r, again);
            g.code.emit(add, dst, dst, r, 0);
        });
    }

    /// The mean of what the lambda gives, or of the items, added up as decimals.
    pub fn mean(&mut self, list: &Expr, lambda: Option<&Lambda>, dst: u8, missing: Label) {
        let stream = self.mapped(list, lambda, missing);
        let (count, one) = self.tally();
        self.dummy(dst, WordType::Dec);
        self.each_present(&stream, |g, item, again| {
            let r = g.code.reg();
            g.item_value(item, &Type::Decimal, r, again);
            g.code.emit(Op::AddD, dst, dst, r, 0);
            g.code.emit(Op::AddD, count, count, one, 0);
        });
        self.code.emit_to(Op::DivD, dst, dst, count, 0, missing);
    }

    /// The mean of integers, whose sum is exact: what a word cannot hold is carried over, 2⁶³ at a time, into decimals. Of the rest the part below
    /// 2³² is added last, so that all but that addition is exact: a list has no more than 2²⁰ items.
    fn exact_mean(&mut self, list: &Expr, dst: u8, missing: Label) {
        let stream = self.stream(list, None, missing);
        let (count, one) = self.tally();
        let (sum, unit, zero) = (self.code.reg(), self.code.reg(), self.code.reg());
        self.int(sum, 0);
        self.int(unit, 1);
        self.int(zero, 0);
        self.dummy(dst, WordType::Dec);
        self.each_present(&stream, |g, item, again| {
            let (fits, counted) = (g.code.label(), g.code.label());
            let (r, more, back, is) = (g.code.reg(), g.code.reg(), g.code.reg(), g.code.reg());
            g.item_value(item, &Type::Integer, r, again);
            g.code.emit(Op::AddI, more, sum, r, 0);
            g.code.emit(Op::SubI, back, more, sum, 0);
            g.code.emit(Op::EqI, is, back, r, 0);
            g.code.emit_to(Op::JumpTrue, is, 0, 0, 0, fits);
            // It was cut off. The most that a word holds is one less than the decimal that it becomes.
            g.code.emit(Op::IntToDec, more, more, 0, 0);
            g.code.emit(Op::AddD, dst, dst, more, 0);
            g.code.emit(Op::SubI, sum, r, back, 0);
            g.code.emit(Op::LtI, is, zero, sum, 0);
            g.code.emit_to(Op::JumpFalse, is, 0, 0, 0, counted);
            g.code.emit(Op::SubI, sum, sum, unit, 0);
            g.code.jump(counted);
            g.code.place(fits);
            g.code.emit(Op::Move, sum, more, 0, 0);
            g.code.place(counted);
            g.code.emit(Op::AddD, count, count, one, 0);
        });
        let (none, is) = (self.code.reg(), self.code.reg());
        let (carried, whole) = (self.code.label(), self.code.label());
        self.dummy(none, WordType::Dec);
        self.code.emit(Op::EqD, is, dst, none, 0);
        self.code.emit_to(Op::JumpFalse, is, 0, 0, 0, carried);
        self.code.emit(Op::IntToDec, dst, sum, 0, 0);
        self.code.jump(whole);
        self.code.place(carried);
        let low = zero;
        self.int(unit, 1 << 32);
        self.code.emit_to(Op::RemI, low, sum, unit, 0, missing);
        self.code.emit(Op::SubI, sum, sum, low, 0);
        for part in [sum, low] {
            self.code.emit(Op::IntToDec, part, part, 0, 0);
            self.code.emit(Op::AddD, dst, dst, part, 0);
        }
        self.code.place(whole);
        self.code.emit_to(Op::DivD, dst, dst, count, 0, missing);
    }

    /// A register that counts in decimals, from zero, and one that holds what it goes up by.
    fn tally(&mut self) -> (u8, u8) {
        let (count, one) = (self.code.reg(), self.code.reg());
        self.dummy(count, WordType::Dec);
        self.word(one, WordType::Dec, 1f64.to_bits());
        (count, one)
    }

    /// What the lambda gives for each item, or the items.
    pub fn mapped<'e>(
        &mut self,
        list: &'e Expr,
        lambda: Option<&'e Lambda>,
        missing: Label,
    ) -> Stream<'e> {
        let map = lambda.map(|lambda| Stage::new(Does::Map, lambda, list));
        self.stream(list, map, missing)
    }

    /// `dst ← the table's function on a list made of the items`.
    pub fn called(
        &mut self,
        name: &str,
        stream: &Stream<'_>,
        (item, ty): (&Type, &Type),
        dst: u8,
        missing: Label,
    ) {
        let list = match stream.plain(item) {
            Some(list) => list,
            None => {
                let made = self.code.reg();
                self.collect(stream, item, made);
                made
            }
        };
        let of = Type::list(item.clone());
        self.call_run(name, list, [&of].into_iter(), ty, dst, missing);
    }
}
