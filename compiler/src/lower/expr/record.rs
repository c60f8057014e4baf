//! Rows made, filled, copied and converted.
//!
//! A record that is a value by itself has a row of its own, shaped by its type; it has slots for what anybody reads of such
//! a record, so only that is copied. Where a value is taken for one of another type (`Widen`), rows of that type are made, of
//! what both types declare. Never true here: a row changed after it was given away; a field read that its type does not declare.

use super::super::code::Label;
use super::super::layout::Placed;
use super::super::needs::{At, Seg};
use super::generate::{Gen, Place};
use crate::diag::Code as Problem;
use crate::hir::{Expr, ExprKind, Literal};
use crate::types::Type;
use journey_artifact::code::Op;
use journey_artifact::word::ShapeId;

impl<'a> Gen<'_, 'a> {
    /// `dst ← e as a value of type want`: like [`Gen::value`], and what lies otherwise is made anew.
    pub fn value_as(&mut self, e: &Expr, want: &Type, dst: u8, missing: Label) {
        match e.ty.lies_like(want) {
            true => self.value(e, dst, missing),
            false => self.widened(e, want, dst, missing),
        }
    }

    /// `dst ← e as a value of another type that it fits`: without the fields that nobody asks for, integers as decimals.
    pub fn widened(&mut self, e: &Expr, want: &Type, dst: u8, missing: Label) {
        let mark = self.code.mark();
        if matches!(want, Type::Record(_)) {
            let place = self.record_place(e, missing);
            self.has(&place, &e.ty, missing);
            self.copy_out(&place, &e.ty, want, dst);
        } else {
            let r = self.operand(e, missing);
            self.convert(r, &e.ty, want, dst);
        }
        self.code.release(mark);
    }

    /// `dst ← r, which is a have, as a want`; both may be one register, but of a record.
    pub fn convert(&mut self, r: u8, have: &Type, want: &Type, dst: u8) {
        match (have, want) {
            _ if have.lies_like(want) => {
                if r != dst {
                    self.code.emit(Op::Move, dst, r, 0, 0);
                }
            }
            (Type::Integer, Type::Decimal) => self.code.emit(Op::IntToDec, dst, r, 0, 0),
            (Type::Record(_), Type::Record(_)) => {
                let row = self.pass.rows.item(have);
                let from = self.row(row, r, true);
                self.copy_out(&from, have, want, dst);
            }
            // What has no item's type has no items.
            (Type::List(item), Type::List(_)) if **item == Type::Nothing => {
                self.list_literal(&[], want, dst);
            }
            (Type::List(have), Type::List(want)) => self.convert_items(r, have, want, dst),
            (Type::Map(have), Type::Map(want)) => self.convert_entries(r, have, want, dst),
            _ => {
                self.pass.needs.conflict = true;
                self.code.emit(Op::Move, dst, r, 0, 0);
            }
        }
    }

    fn convert_items(&mut self, list: u8, have: &Type, want: &Type, dst: u8) {
        let (from, to) = (self.pass.rows.item(have), self.pass.rows.item(want));
        let made = self.code.reg();
        self.code.emit(Op::NewListLike, made, list, 0, to.0 as u16);
        self.each_row(list, from, |g, item, again| {
            let (r, none) = (g.code.reg(), g.code.label());
            if matches!(want, Type::Record(_)) {
                g.has(item, have, none);
                g.copy_out(item, have, want, r);
            } else {
                g.load(item, have, r, none);
                g.convert(r, have, want, r);
            }
            g.push(made, r, want);
            g.code.jump(again);
            g.code.place(none);
            g.push_none(made, want);
        });
        self.code.emit(Op::Move, dst, made, 0, 0);
    }

    fn convert_entries(&mut self, map: u8, have: &Type, want: &Type, dst: u8) {
        let (from, to) = (self.pass.rows.entry(have), self.pass.rows.entry(want));
        let made = self.code.reg();
        self.code.emit(Op::NewListLike, made, map, 0, to.0 as u16);
        self.each_row(map, from, |g, entry, _| {
            let (row, r, none) = (g.code.reg(), g.code.reg(), g.code.label());
            g.code.emit(Op::NewRow, row, 0, 0, to.0 as u16);
            g.code.emit_to(Op::Slot, r, entry.reg, 0, 0, none);
            g.code.emit(Op::Set, row, r, 0, 0);
            let root = g.pass.needs.root(to);
            if matches!(want, Type::Record(_)) {
                g.has(entry, have, none);
                g.is_there(root, row);
                g.copy(entry, have, want, row, root);
            } else {
                let word = g.pass.rows.word(want);
                let slot = g.pass.value_at(root, word);
                g.load(entry, have, r, none);
                g.convert(r, have, want, r);
                g.code.set(row, r, slot);
            }
            g.code.place(none);
            g.code.emit(Op::PushRow, made, row, 0, 0);
        });
        self.code.emit(Op::Move, dst, made, 0, 0);
    }

    /// `dst ← a new row, a want, with what lies at a place, a have`.
    pub fn copy_out(&mut self, place: &Place, have: &Type, want: &Type, dst: u8) {
        let row = self.new_row(want, dst);
        let to = self.pass.needs.root(row);
        self.copy(place, have, want, dst, to);
    }

    /// `dst ← new row of a record's shape`.
    pub fn new_row(&mut self, ty: &Type, dst: u8) -> ShapeId {
        let row = self.pass.rows.item(ty);
        self.code.emit(Op::NewRow, dst, 0, 0, row.0 as u16);
        let root = self.pass.needs.root(row);
        self.is_there(root, dst);
        row
    }

    /// Says of the record that is all of the row in `row` that it is there, when anybody asks.
    fn is_there(&mut self, root: At, row: u8) {
        if let Some(Placed {
            slot: Some(slot),
            value: None,
            ..
        }) = self.pass.placed(root)
        {
            self.set_true(row, slot);
        }
    }

    fn set_true(&mut self, row: u8, slot: u16) {
        let mark = self.code.mark();
        let r = self.code.reg();
        self.code.emit(Op::Bool, r, 0, 0, 1);
        self.code.emit(Op::Set, row, r, 0, slot);
        self.code.release(mark);
    }

    /// Copies what lies at a place, a `have`, to another of the row in `dst`, a `want`.
    fn copy(&mut self, from: &Place, have: &Type, want: &Type, dst: u8, to: At) {
        if let Some(placed) = self.pass.placed(to) {
            self.copy_below(placed, *from, (have, want), dst, to);
        }
    }

    fn copy_below(
        &mut self,
        placed: Placed,
        from: Place,
        (have, want): (&Type, &Type),
        dst: u8,
        to: At,
    ) {
        // The presence of a whole new row was set when it was made.
        let root = self.pass.needs.is_root(to) && placed.value.is_none();
        if let Some(slot) = placed.slot.filter(|_| !root) {
            let mark = self.code.mark();
            let (r, skip) = (self.code.reg(), self.code.label());
            if placed.value.is_none() {
                self.has(&from, have, skip);
                self.set_true(dst, slot);
            } else {
                if have.lies_like(want) {
                    let source = self.pass.same(placed, from.at);
                    self.slot(&from, source, r, skip);
                } else {
                    self.load(&from, have, r, skip);
                    self.convert(r, have, want, r);
                }
                self.code.emit(Op::Set, dst, r, 0, slot);
            }
            self.code.place(skip);
            self.code.release(mark);
        }
        // A map that is one list of entries on one side is so on both.
        if placed.has_kids()
            && self
                .pass
                .placed(from.at)
                .is_some_and(|it| it.dynamic && it.value.is_some())
        {
            let word = self.pass.rows.word(want);
            self.pass.map_at(to, word);
        }
        for to in self.pass.kids(placed) {
            // What the source's type does not declare is not read of it: its row would have it from then on, and all that are made
            // of that type.
            let (Some(have), Some(want)) = (self.pass.part(*to, have), self.pass.part(*to, want))
            else {
                continue;
            };
            let at = self.pass.needs.alike(from.at, *to);
            let from = Place { at, ..from };
            if let Some(kid) = self.pass.placed(*to) {
                self.copy_below(kid, from, (&have, &want), dst, *to);
            }
        }
    }

    /// `dst ← { fields }`.
    pub fn record_literal(&mut self, fields: &[(String, Expr)], ty: &Type, dst: u8) {
        if let Type::Map(value) = ty {
            return self.map_literal(fields, value, dst);
        }
        let row = self.new_row(ty, dst);
        let to = self.pass.needs.root(row);
        self.fill(fields, dst, to);
    }

    /// Sets what anybody reads of `{ fields }` at a path of the row in `dst`.
    fn fill(&mut self, fields: &[(String, Expr)], dst: u8, to: At) {
        for (name, value) in fields {
            let to = self.pass.needs.below(to, Seg::Field(name));
            if let Some(placed) = self.pass.placed(to) {
                self.fill_field(value, placed, dst, to);
            }
        }
    }

    fn fill_field(&mut self, value: &Expr, placed: Placed, dst: u8, to: At) {
        let mark = self.code.mark();
        let skip = self.code.label();
        match (&value.kind, &value.ty, placed.value) {
            (ExprKind::Record(fields), Type::Record(_), None) => {
                if let Some(slot) = placed.slot {
                    self.set_true(dst, slot);
                }
                self.fill(fields, dst, to);
            }
            (_, Type::Record(_), None) => {
                let place = self.record_place(value, skip);
                let ty = &value.ty;
                if !(place.sure && self.is_row(&place)) {
                    self.copy(&place, ty, ty, dst, to);
                } else {
                    // A row that is there, whatever of it is.
                    if let Some(slot) = placed.slot {
                        self.set_true(dst, slot);
                    }
                    self.copy_below(placed.below(), place, (ty, ty), dst, to);
                }
            }
            (_, Type::Map(_), None) => {
                // A made row holds a map as its list of entries only; the next pass has a slot for that.
                let word = self.pass.rows.word(&value.ty);
                self.pass.map_at(to, word);
            }
            (_, _, word) => {
                let r = self.code.reg();
                self.value(value, r, skip);
                if word.is_some() && word != Some(self.pass.rows.word(&value.ty)) {
                    self.pass.needs.conflict = true;
                }
                if matches!(value.ty, Type::Map(_)) {
                    let word = self.pass.rows.word(&value.ty);
                    self.pass.map_at(to, word);
                }
                if let Some(slot) = placed.slot {
                    self.code.emit(Op::Set, dst, r, 0, slot);
                }
            }
        }
        self.code.place(skip);
        self.code.release(mark);
    }

    fn map_literal(&mut self, fields: &[(String, Expr)], value: &Type, dst: u8) {
        let row = self.pass.rows.entry(value);
        self.new_list(fields.len(), dst, row);
        for (name, e) in fields {
            let mark = self.code.mark();
            let (entry, r, skip) = (self.code.reg(), self.code.reg(), self.code.label());
            self.code.emit(Op::NewRow, entry, 0, 0, row.0 as u16);
            self.literal(&Literal::Str(name.clone()), r);
            self.code.emit(Op::Set, entry, r, 0, 0);
            if let (Type::Record(_), ExprKind::Record(fields)) = (value, &e.kind) {
                let to = self.pass.needs.root(row);
                self.is_there(to, entry);
                self.fill(fields, entry, to);
            } else if matches!(value, Type::Record(_)) {
                let place = self.record_place(e, skip);
                self.has(&place, &e.ty, skip);
                let to = self.pass.needs.root(row);
                self.is_there(to, entry);
                self.copy(&place, &e.ty, value, entry, to);
            } else {
                let word = self.pass.rows.word(value);
                let at = self.pass.needs.root(row);
                let slot = self.pass.value_at(at, word);
                self.value_as(e, value, r, skip);
                self.code.set(entry, r, slot);
            }
            self.code.place(skip);
            self.code.emit(Op::PushRow, dst, entry, 0, 0);
            self.code.release(mark);
        }
    }

    /// `dst ← [ items ]`.
    pub fn list_literal(&mut self, items: &[Expr], ty: &Type, dst: u8) {
        let Type::List(item) = ty else { return };
        let row = self.pass.rows.item(item);
        self.new_list(items.len(), dst, row);
        for e in items {
            let mark = self.code.mark();
            let r = self.code.reg();
            let (none, end) = (self.code.label(), self.code.label());
            self.value_as(e, item, r, none);
            self.push(dst, r, item);
            self.code.jump(end);
            self.code.place(none);
            self.push_none(dst, item);
            self.code.place(end);
            self.code.release(mark);
        }
    }

    /// `dst ← a new list of rows, with room for so many`.
    pub fn new_list(&mut self, count: usize, dst: u8, row: ShapeId) {
        use journey_artifact::code::Instr;
        let hi = u16::try_from(count).unwrap_or(u16::MAX);
        self.code.push(Instr {
            op: Op::NewList,
            a: dst,
            b: 0,
            c: 0,
            lo: row.0 as u16,
            hi,
        });
    }

    /// Appends the value in `r` to a list that this chunk made in `list`.
    pub fn push(&mut self, list: u8, r: u8, item: &Type) {
        if matches!(item, Type::Record(_)) {
            return self.code.emit(Op::PushRow, list, r, 0, 0);
        }
        self.item_slot(item);
        self.code.emit(Op::Push, list, r, 0, 0);
    }

    /// The row of a list of such values, which has the slot of the value.
    pub fn item_slot(&mut self, item: &Type) -> ShapeId {
        let (row, word) = (self.pass.rows.item(item), self.pass.rows.word(item));
        let at = self.pass.needs.root(row);
        self.pass.value_at(at, word);
        row
    }

    /// Appends an item that is missing.
    pub fn push_none(&mut self, list: u8, item: &Type) {
        let row = self.pass.rows.item(item);
        if matches!(item, Type::Record(_)) {
            let mark = self.code.mark();
            let r = self.code.reg();
            self.code.emit(Op::NewRow, r, 0, 0, row.0 as u16);
            self.code.emit(Op::PushRow, list, r, 0, 0);
            self.code.release(mark);
            return;
        }
        self.item_slot(item);
        self.code.emit(Op::PushNull, list, 0, 0, 0);
    }

    /// Says that this cannot be lowered.
    pub fn not_yet(&mut self, e: &Expr, message: &str, why: &str) {
        self.pass.problem(Problem::NotYet, e.span, message, why);
    }
}
