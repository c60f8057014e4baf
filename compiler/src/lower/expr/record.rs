//! Rows made, filled, copied and converted.
//!
//! A record that is a value by itself has a row of its own, shaped by its type; it has slots for what anybody reads of such
//! a record, so only that is copied. Never true here: a row changed after it was given away.

use super::super::code::Label;
use super::super::layout::Placed;
use super::super::needs::{At, Seg};
use super::generate::{Gen, Place};
use crate::diag::Code as Problem;
use crate::hir::{Expr, ExprKind, Literal};
use crate::types::Type;
use journey_artifact::code::Op;
use journey_artifact::word::{ShapeId, WordType};

impl<'a> Gen<'_, 'a> {
    /// `dst ← e as a value of type want`: like [`Gen::value`], and records with more fields than asked for are cut.
    pub fn value_as(&mut self, e: &Expr, want: &Type, dst: u8, missing: Label) {
        if self.pass.rows.word(&e.ty) == self.pass.rows.word(want) {
            return self.value(e, dst, missing);
        }
        let mark = self.code.mark();
        match (&e.kind, want) {
            (ExprKind::Record(fields), Type::Record(_) | Type::Map(_)) => {
                self.record_literal(fields, want, dst)
            }
            (ExprKind::List(items), Type::List(_)) => self.list_literal(items, want, dst),
            (_, Type::Record(_)) => {
                let place = self.record_place(e, missing);
                self.has(&place, &e.ty, missing);
                self.copy_out(&place, want, dst);
            }
            _ => {
                let r = self.operand(e, missing);
                self.convert(r, &e.ty, want, dst);
            }
        }
        self.code.release(mark);
    }

    /// A register that holds the value in `r`, which is a `have`, as a `want`.
    pub fn as_type(&mut self, r: u8, have: &Type, want: &Type) -> u8 {
        if self.pass.rows.word(have) == self.pass.rows.word(want) {
            return r;
        }
        let dst = self.code.reg();
        self.convert(r, have, want, dst);
        dst
    }

    /// `dst ← r`, rows copied into rows of the wanted shape.
    fn convert(&mut self, r: u8, have: &Type, want: &Type, dst: u8) {
        match (have, want) {
            (Type::Record(_), Type::Record(_)) => {
                let row = self.pass.rows.item(have);
                let from = self.row(row, r, true);
                self.copy_out(&from, want, dst);
            }
            // What has no item's type has no items.
            (Type::List(item), Type::List(_)) if **item == Type::Nothing => {
                self.list_literal(&[], want, dst);
            }
            (Type::List(item), Type::List(want)) if matches!(**want, Type::Record(_)) => {
                let (from, to) = (self.pass.rows.item(item), self.pass.rows.item(want));
                self.code.emit(Op::NewListLike, dst, r, 0, to.0 as u16);
                let (row, made, cursor) = (self.code.reg(), self.code.reg(), self.code.reg());
                let (head, none, end) = (self.code.label(), self.code.label(), self.code.label());
                self.int(cursor, 0);
                self.code.place(head);
                self.code.emit_to(Op::Next, row, r, cursor, 0, end);
                let from = self.row(from, row, false);
                self.has(&from, item, none);
                self.copy_out(&from, want, made);
                self.code.emit(Op::PushRow, dst, made, 0, 0);
                self.code.jump(head);
                self.code.place(none);
                self.push_none(dst, want);
                self.code.jump(head);
                self.code.place(end);
            }
            _ => {
                self.pass.needs.conflict = true;
                self.code.emit(Op::Move, dst, r, 0, 0);
            }
        }
    }

    /// `dst ← a new row with what lies at a place`.
    pub fn copy_out(&mut self, place: &Place, want: &Type, dst: u8) {
        let row = self.new_row(want, dst);
        let to = self.pass.needs.root(row);
        self.copy(place, dst, to);
    }

    /// `dst ← new row of a record's shape`.
    pub fn new_row(&mut self, ty: &Type, dst: u8) -> ShapeId {
        let row = self.pass.rows.item(ty);
        self.code.emit(Op::NewRow, dst, 0, 0, row.0 as u16);
        let root = self.pass.needs.root(row);
        if let Some(Placed {
            slot: Some(slot),
            value: None,
            ..
        }) = self.pass.placed(root)
        {
            self.set_true(dst, slot);
        }
        row
    }

    fn set_true(&mut self, row: u8, slot: u16) {
        let mark = self.code.mark();
        let r = self.code.reg();
        self.code.emit(Op::Bool, r, 0, 0, 1);
        self.code.emit(Op::Set, row, r, 0, slot);
        self.code.release(mark);
    }

    /// Copies what lies at a place to another of the row in `dst`.
    fn copy(&mut self, from: &Place, dst: u8, to: At) {
        if let Some(placed) = self.pass.placed(to) {
            self.copy_below(placed, *from, dst, to);
        }
    }

    fn copy_below(&mut self, placed: Placed, from: Place, dst: u8, to: At) {
        // The presence of a whole new row was set when it was made.
        let root = self.pass.needs.is_root(to) && placed.value.is_none();
        if let Some(slot) = placed.slot.filter(|_| !root) {
            let mark = self.code.mark();
            let (r, skip) = (self.code.reg(), self.code.label());
            let source = self.pass.same(placed, from.at);
            self.slot(&from, source, r, skip);
            self.code.emit(Op::Set, dst, r, 0, slot);
            self.code.place(skip);
            self.code.release(mark);
        }
        // A map that is one list of entries on one side is so on both.
        if placed.has_kids()
            && let Some(Placed {
                dynamic: true,
                value: Some(ty),
                ..
            }) = self.pass.placed(from.at)
        {
            self.pass.map_at(to, ty);
        }
        for to in self.pass.kids(placed) {
            let at = self.pass.needs.alike(from.at, *to);
            let from = Place { at, ..from };
            if let Some(kid) = self.pass.placed(*to) {
                self.copy_below(kid, from, dst, *to);
            }
        }
    }

    /// `dst ← { fields }`.
    pub fn record_literal(&mut self, fields: &[(String, Expr)], ty: &Type, dst: u8) {
        if let Type::Map(value) = ty {
            return self.map_literal(fields, ty, value, dst);
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
                if !(place.sure && self.is_row(&place)) {
                    self.copy(&place, dst, to);
                } else {
                    // A row that is there, whatever of it is.
                    if let Some(slot) = placed.slot {
                        self.set_true(dst, slot);
                    }
                    self.copy_below(placed.below(), place, dst, to);
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

    fn map_literal(&mut self, fields: &[(String, Expr)], ty: &Type, value: &Type, dst: u8) {
        let row = self.pass.rows.entry(value);
        self.many(ty, fields.len(), dst, row);
        for (name, e) in fields {
            let mark = self.code.mark();
            let (entry, r, skip) = (self.code.reg(), self.code.reg(), self.code.label());
            self.code.emit(Op::NewRow, entry, 0, 0, row.0 as u16);
            self.literal(&Literal::Str(name.clone()), r);
            self.code.emit(Op::Set, entry, r, 0, 0);
            if let (Type::Record(_), ExprKind::Record(fields)) = (value, &e.kind) {
                let to = self.pass.needs.root(row);
                self.fill(fields, entry, to);
            } else if matches!(value, Type::Record(_)) {
                let place = self.record_place(e, skip);
                let to = self.pass.needs.root(row);
                self.copy(&place, entry, to);
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
        self.many(ty, items.len(), dst, row);
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

    fn many(&mut self, ty: &Type, count: usize, dst: u8, row: ShapeId) {
        use journey_artifact::code::Instr;
        let hi = u16::try_from(count).unwrap_or(u16::MAX);
        debug_assert!(matches!(self.pass.rows.word(ty), WordType::List(_)));
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
        // The slot of the item's value, so that the shape has it.
        let (row, word) = (self.pass.rows.item(item), self.pass.rows.word(item));
        let at = self.pass.needs.root(row);
        self.pass.value_at(at, word);
        self.code.emit(Op::Push, list, r, 0, 0);
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
        let word = self.pass.rows.word(item);
        let at = self.pass.needs.root(row);
        self.pass.value_at(at, word);
        self.code.emit(Op::PushNull, list, 0, 0, 0);
    }

    /// Says that this cannot be lowered.
    pub fn not_yet(&mut self, e: &Expr, message: &str, why: &str) {
        self.pass.problem(Problem::NotYet, e.span, message, why);
    }
}
