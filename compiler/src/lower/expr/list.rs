//! Functions over lists and maps, expanded in place.
//!
//! A loop's parameter is the row itself, read where it lies; a null item is a row with nothing in it, so the lambda sees it
//! as missing. Comes in: the function, its arguments, its lambda. Never true here: a jump backwards; loops are [`super::stream`]'s.

use super::super::code::Label;
use super::generate::{Gen, Place};
use super::stages::{Does, Lambda, Stage, drops, gives_values, item_of, ordered};
use super::stream::Stream;
use crate::hir::{Expr, ExprKind, Literal};
use crate::types::Type;
use journey_artifact::code::Op;
use journey_artifact::word::ShapeId;
use journey_machine::func::Intrinsic;

/// The native that puts a list in the order of a list of keys.
const SORT: &str = "op.sortBy";

impl Gen<'_, '_> {
    /// Whether a function picks an element out of a list or map, where it lies.
    pub fn gives_element(&self, op: Intrinsic, args: &[Expr]) -> bool {
        use Intrinsic::{At, Entry, Find, First, Last};
        match op {
            First | Last | Find | At => args.first().is_some_and(|list| !gives_values(list)),
            _ => op == Entry,
        }
    }

    /// `dst ← op(args, lambda)`, or to `missing`.
    pub fn inline(
        &mut self,
        op: Intrinsic,
        args: &[Expr],
        lambda: Option<&Lambda>,
        e: &Expr,
        dst: u8,
        missing: Label,
    ) {
        let Some(first) = args.first() else {
            return self.not_yet(e, "a list function without a list", "give it one");
        };
        match op {
            _ if self.gives_element(op, args) => {
                let place = self.chosen(op, args, lambda, &e.ty, missing);
                self.load(&place, &e.ty, dst, missing);
            }
            Intrinsic::First
            | Intrinsic::Last
            | Intrinsic::Find
            | Intrinsic::At
            | Intrinsic::Entry => self.chosen_value(op, args, lambda, &e.ty, dst, missing),
            Intrinsic::Filter | Intrinsic::Map | Intrinsic::Keys | Intrinsic::Values => {
                let Some(item) = item_of(&e.ty) else { return };
                let stream = self.stream(e, None, missing);
                self.collect(&stream, item, dst);
            }
            Intrinsic::Count => self.count(first, lambda, dst, missing),
            Intrinsic::Sum => self.sum(first, lambda, &e.ty, dst, missing),
            Intrinsic::Avg => self.mean(first, lambda, dst, missing),
            Intrinsic::Min | Intrinsic::Max => {
                self.extreme(op == Intrinsic::Min, first, lambda, &e.ty, dst, missing)
            }
            Intrinsic::SortBy => self.sort(first, lambda, args.get(1), None, dst, missing),
            Intrinsic::IsEmpty | Intrinsic::IsNotEmpty => {
                self.emptiness(op == Intrinsic::IsNotEmpty, first, dst, missing)
            }
            Intrinsic::FirstEntryKey => {
                let map = self.operand(first, missing);
                let (row, index) = (self.code.reg(), self.code.reg());
                self.int(index, 0);
                self.code.emit_to(Op::Elem, row, map, index, 0, missing);
                self.code.emit_to(Op::Slot, dst, row, 0, 0, missing);
            }
            Intrinsic::Coalesce => {
                let end = self.code.label();
                let (last, before) = args
                    .split_last()
                    .map_or((first, args), |(last, before)| (last, before));
                for arg in before {
                    let next = self.code.label();
                    self.value_as(arg, &e.ty, dst, next);
                    self.code.jump(end);
                    self.code.place(next);
                }
                self.value_as(last, &e.ty, dst, missing);
                self.code.place(end);
            }
            // Conditions; `branch` generates them.
            Intrinsic::Any | Intrinsic::All => {}
        }
    }

    /// Where the element lies that a function picks of rows.
    pub fn chosen(
        &mut self,
        op: Intrinsic,
        args: &[Expr],
        lambda: Option<&Lambda>,
        ty: &Type,
        missing: Label,
    ) -> Place {
        let first = &args[0];
        match (op, args.get(1)) {
            (Intrinsic::Entry, Some(key)) => {
                if let Some(place) = self.key_place(first, key) {
                    return place;
                }
                let map = self.operand(first, missing);
                let (reg, key) = (self.code.reg(), self.operand(key, missing));
                self.code.emit_to(Op::Find, reg, map, key, 0, missing);
                let row = self.pass.rows.entry(ty);
                self.row(row, reg, false)
            }
            (Intrinsic::At, Some(index)) => self.indexed(first, index, missing),
            _ => self.picked(op == Intrinsic::Last, first, lambda, missing),
        }
    }

    /// Where the item of a list with a number lies.
    pub fn indexed(&mut self, list: &Expr, index: &Expr, missing: Label) -> Place {
        match &index.kind {
            _ if gives_values(list) => {}
            ExprKind::Literal(Literal::Int(at @ (0 | -1)))
                if drops(list) || ordered(list).is_some() =>
            {
                return self.picked(*at == -1, list, None, missing);
            }
            _ if drops(list) => {}
            _ => {
                let (_, rows) = self.rows(list, None, missing);
                let index = self.operand(index, missing);
                return self.element(rows, index, missing);
            }
        }
        let (reg, index) = (self.operand(list, missing), self.operand(index, missing));
        let row = self
            .pass
            .rows
            .item(item_of(&list.ty).unwrap_or(&Type::Error));
        self.element((reg, row), index, missing)
    }

    /// The row with a number from 1, of so many; for none, 0. It is counted from the end, so that 0 is before the first.
    pub fn numbered(
        &mut self,
        rows: (u8, ShapeId),
        (number, count, one): (u8, u8, u8),
        missing: Label,
    ) -> Place {
        self.code.emit(Op::SubI, number, number, one, 0);
        self.code.emit(Op::SubI, number, number, count, 0);
        self.element(rows, number, missing)
    }

    /// A list that does not give values, and where its rows are.
    pub fn rows<'e>(
        &mut self,
        list: &'e Expr,
        test: Option<Stage<'e>>,
        missing: Label,
    ) -> (Stream<'e>, (u8, ShapeId)) {
        let stream = self.stream(list, test, missing);
        match stream.rows() {
            Some(rows) => (stream, rows),
            None => unreachable!("what gives values is chosen as a value"),
        }
    }

    /// Row `index` of a list.
    fn element(&mut self, (list, row): (u8, ShapeId), index: u8, missing: Label) -> Place {
        let reg = self.code.reg();
        self.code.emit_to(Op::Elem, reg, list, index, 0, missing);
        self.row(row, reg, false)
    }

    /// Where the first or the last of a list's rows lies for which the lambda holds.
    fn picked(
        &mut self,
        last: bool,
        list: &Expr,
        lambda: Option<&Lambda>,
        missing: Label,
    ) -> Place {
        let test = lambda.map(|lambda| Stage::new(Does::Filter, lambda, list));
        if let (None, Some(ordered)) = (lambda, ordered(list)) {
            return self.picked_in_order(last, ordered, missing);
        }
        let (mut stream, (rows, row)) = self.rows(list, test, missing);
        let skip = |_: &mut Self, again: Label| again;
        if !stream.drops() {
            let index = self.code.reg();
            self.int(index, if last { -1 } else { 0 });
            return self.element((rows, row), index, missing);
        }
        if last {
            // Its number, from 1: a row that another may take the place of is read more slowly.
            let (number, one, found) = (self.code.reg(), self.code.reg(), self.code.reg());
            self.int(number, 0);
            self.int(one, 1);
            self.int(found, 0);
            stream.numbers = Some((number, one));
            self.flow(&stream, skip, |g, _, _, _| {
                g.code.emit(Op::Move, found, number, 0, 0);
            });
            return self.numbered((rows, row), (found, number, one), missing);
        }
        let (reg, end) = (self.code.reg(), self.code.label());
        self.flow(&stream, skip, |g, item, _, _| {
            if let Some(at) = item.place() {
                g.code.emit(Op::Move, reg, at.reg, 0, 0);
                g.code.jump(end);
            }
        });
        self.code.jump(missing);
        self.code.place(end);
        self.row(row, reg, false)
    }

    /// `dst ← the element that a function picks of values`, or to `missing`.
    fn chosen_value(
        &mut self,
        op: Intrinsic,
        args: &[Expr],
        lambda: Option<&Lambda>,
        ty: &Type,
        dst: u8,
        missing: Label,
    ) {
        let list = &args[0];
        if let (Intrinsic::At, Some(index)) = (op, args.get(1)) {
            return self.indexed_value(list, index, ty, dst, missing);
        }
        self.picked_value(op == Intrinsic::Last, list, lambda, ty, dst, missing);
    }

    /// `dst ← the value of a list with a number`, or to `missing`.
    pub fn indexed_value(&mut self, list: &Expr, index: &Expr, ty: &Type, dst: u8, missing: Label) {
        let number = |g: &mut Self, reg| g.value(index, reg, missing);
        if self.nth(list, number, ty, dst, missing) {
            return;
        }
        if let ExprKind::Literal(Literal::Int(at @ (0 | -1))) = &index.kind {
            return self.picked_value(*at == -1, list, None, ty, dst, missing);
        }
        if !drops(list) {
            let stream = self.stream(list, None, missing);
            if !stream.is_written() {
                let index = self.operand(index, missing);
                if let Some(item) = self.item_at(&stream, index, missing) {
                    self.item_value(&item, ty, dst, missing);
                }
                return;
            }
        }
        let place = self.indexed(list, index, missing);
        self.load(&place, ty, dst, missing);
    }

    /// `dst ← the first or the last of a list's values for which the lambda holds`, or to `missing`.
    fn picked_value(
        &mut self,
        last: bool,
        list: &Expr,
        lambda: Option<&Lambda>,
        ty: &Type,
        dst: u8,
        missing: Label,
    ) {
        let number = |g: &mut Self, reg| g.int(reg, if last { -1 } else { 0 });
        if lambda.is_none() && self.nth(list, number, ty, dst, missing) {
            return;
        }
        let test = lambda.map(|lambda| Stage::new(Does::Filter, lambda, list));
        let stream = self.stream(list, test, missing);
        if !(stream.drops() || stream.is_written()) {
            let index = self.code.reg();
            self.int(index, if last { -1 } else { 0 });
            if let Some(item) = self.item_at(&stream, index, missing) {
                self.item_value(&item, ty, dst, missing);
            }
            return;
        }
        if last {
            let found = self.code.reg();
            let word = self.pass.rows.word(ty);
            self.dummy(dst, word);
            self.code.emit(Op::Bool, found, 0, 0, 0);
            self.flow(
                &stream,
                |g, _| g.code.label(),
                |g, item, again, none| {
                    g.item_value(item, ty, dst, none);
                    g.code.emit(Op::Bool, found, 0, 0, 1);
                    g.code.jump(again);
                    g.code.place(none);
                    g.code.emit(Op::Bool, found, 0, 0, 0);
                },
            );
            return self.code.emit_to(Op::JumpFalse, found, 0, 0, 0, missing);
        }
        let end = self.code.label();
        self.flow(
            &stream,
            |_, _| missing,
            |g, item, _, none| {
                g.item_value(item, ty, dst, none);
                g.code.jump(end);
            },
        );
        self.code.jump(missing);
        self.code.place(end);
    }

    /// `any` (or `all`) to three labels.
    pub fn quantify(
        &mut self,
        all: bool,
        list: &Expr,
        lambda: Option<&Lambda>,
        yes: Label,
        no: Label,
        unknown: Label,
    ) {
        let (decided, otherwise) = if all { (no, yes) } else { (yes, no) };
        let test = lambda.map(|lambda| Stage::new(Does::Map, lambda, list));
        let stream = self.stream(list, test, unknown);
        let may_miss = lambda.is_none_or(|(_, body)| body.opt);
        let remember = may_miss && unknown != decided && unknown != otherwise;
        let flag = remember.then(|| {
            let flag = self.code.reg();
            self.code.emit(Op::Bool, flag, 0, 0, 0);
            flag
        });
        let open = |g: &mut Self, again: Label| match flag {
            _ if unknown == decided => decided,
            None => again,
            Some(_) => g.code.label(),
        };
        self.flow(&stream, open, |g, item, again, open| {
            let (yes, no) = if all {
                (again, decided)
            } else {
                (decided, again)
            };
            g.item_branch(item, yes, no, open);
            if let Some(flag) = flag {
                g.code.place(open);
                g.code.emit(Op::Bool, flag, 0, 0, 1);
            }
        });
        match flag {
            None => self.code.jump(otherwise),
            Some(flag) => self.test(flag, unknown, otherwise),
        }
    }

    /// `dst ← a list of the items`; null where one is missing.
    pub fn collect(&mut self, stream: &Stream<'_>, want: &Type, dst: u8) {
        if self.column(stream, want, dst) {
            return;
        }
        let row = self.pass.rows.item(want);
        let as_they_are = stream.rows().is_some_and(|(_, of)| of == row);
        self.new_list_for(stream, row, dst);
        self.flow(
            stream,
            |g, _| g.code.label(),
            |g, item, again, none| {
                if let (true, Some(at)) = (as_they_are, item.place()) {
                    return g.code.emit(Op::PushRow, dst, at.reg, 0, 0);
                }
                let r = g.code.reg();
                g.item_value(item, want, r, none);
                g.push(dst, r, want);
                g.code.jump(again);
                g.code.place(none);
                g.push_none(dst, want);
            },
        );
    }

    /// `dst ← a list in order, at most so many`, or to `missing`.
    pub fn sort(
        &mut self,
        list: &Expr,
        lambda: Option<&Lambda>,
        ascending: Option<&Expr>,
        most: Option<&Expr>,
        dst: u8,
        missing: Label,
    ) {
        let item = item_of(&list.ty).unwrap_or(&Type::Error);
        let key = lambda.map_or(item, |(_, body)| &body.ty);
        let first = self.code.regs(if most.is_some() { 4 } else { 3 });
        let (keys, direction) = (first.saturating_add(1), first.saturating_add(2));
        self.value(list, first, missing);
        let by = lambda.map(|lambda| Stage::new(Does::Map, lambda, list));
        let stream = self.stream_of(first, &list.ty, by);
        self.collect(&stream, key, keys);
        match ascending {
            Some(e) => self.value(e, direction, missing),
            None => self.code.emit(Op::Bool, direction, 0, 0, 1),
        }
        let key_list = Type::list(key.clone());
        let params = [&list.ty, &key_list, &Type::Boolean].into_iter();
        let count = most.map(|most| {
            self.value(most, first.saturating_add(3), missing);
            &Type::Integer
        });
        self.call_run(SORT, first, params.chain(count), &list.ty, dst, missing);
    }
}
