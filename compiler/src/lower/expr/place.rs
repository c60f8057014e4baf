//! Paths: where in which row something lies, and reading it from there.
//!
//! A record inside a record has no row of its own: its fields lie in the row around it, under longer paths. A path starts
//! at a root, or at a row that an expression gives. Never true here: a row made; see `record`.

use super::super::code::Label;
use super::super::needs::Seg;
use super::super::rows::RowKey;
use super::generate::{Bound, Gen, Place};
use crate::hir::{Expr, ExprKind, Literal, Root};
use crate::types::Type;
use journey_artifact::code::{Op, R_INPUT, R_PROFILE, R_VARS};
use journey_artifact::word::WordType;
use journey_machine::func::Intrinsic;

impl Gen<'_, '_> {
    /// The place of an expression that is one without any code: a chain of fields and constant keys from a root.
    /// In place for most of them: what was just written in parts is slow to move.
    #[inline(always)]
    pub fn pure_place(&mut self, e: &Expr) -> Option<Place> {
        match &e.kind {
            ExprKind::Path(base, steps) => {
                let found = match &base.kind {
                    ExprKind::Root(root) => self.root_place(*root, &base.ty),
                    _ => self.rare_place(base),
                };
                // Taken apart: a place that is copied whole is waited for.
                let Place {
                    row,
                    reg,
                    mut at,
                    sure,
                } = found?;
                let place = |at| Place { row, reg, at, sure };
                let boxes = self.has_boxes(&place(at));
                for step in steps.iter() {
                    if boxes && self.is_boxed(&place(at)) {
                        return None;
                    }
                    at = self.pass.needs.field(at, step);
                }
                Some(place(at))
            }
            _ => self.rare_place(e),
        }
    }

    /// The same, however it is written.
    #[inline(never)]
    fn rare_place(&mut self, e: &Expr) -> Option<Place> {
        match &e.kind {
            ExprKind::Path(..) => self.pure_place(e),
            ExprKind::Root(root) => self.root_place(*root, &e.ty),
            ExprKind::Key(map, key) => self.key_place(map, key),
            ExprKind::Inline {
                op: Intrinsic::Entry,
                args,
                lambda: None,
            } => match args.as_slice() {
                [map, key] => self.key_place(map, key),
                _ => None,
            },
            _ => None,
        }
    }

    /// The place of what a map has under a constant key, when its entries are no rows of their own.
    pub fn key_place(&mut self, map: &Expr, key: &Expr) -> Option<Place> {
        let ExprKind::Literal(Literal::Str(key)) = &key.kind else {
            return None;
        };
        let place = self.pure_place(map)?;
        let entries = self.is_boxed(&place) || self.pass.is_dynamic(place.at);
        (!entries).then(|| self.below(place, Seg::Key(key)))
    }

    #[inline]
    fn root_place(&mut self, root: Root, ty: &Type) -> Option<Place> {
        if ty.is_error() {
            return None;
        }
        match root {
            Root::Profile => {
                let row = self.pass.rows.profile();
                Some(self.row(row, R_PROFILE, true))
            }
            Root::Input => {
                self.reads_input = true;
                let row = self.scope.input?;
                Some(self.row(row, R_INPUT, true))
            }
            Root::Var(id) => {
                let vars = self.scope.vars?;
                let name = &vars.vars.get(id.0 as usize)?.name;
                self.reads_vars = true;
                let row = self.row(vars.row, R_VARS, true);
                Some(self.below(row, Seg::Var(id.0, name)))
            }
            Root::Local(id) => match self.bound(id)? {
                Bound::Alias(place) => Some(*place),
                Bound::Reg(reg, ty) if matches!(ty, Type::Record(_)) => {
                    let (reg, ty) = (*reg, ty.clone());
                    let row = self.pass.rows.item(&ty);
                    Some(self.row(row, reg, true))
                }
                Bound::Reg(..) | Bound::Maybe(..) | Bound::Literal(_) => None,
            },
        }
    }

    /// The place of an expression, with the code that leads there. Of a record, an entry or an item; a scalar is an item of
    /// its list or an entry of its map.
    pub fn place(&mut self, e: &Expr, missing: Label) -> Place {
        if let Some(place) = self.pure_place(e) {
            return place;
        }
        match &e.kind {
            ExprKind::Path(base, steps) => {
                let mut place = self.place(base, missing);
                let mut of = &base.ty;
                for step in steps.iter() {
                    place = self.opened(place, of, missing);
                    place.at = self.pass.needs.field(place.at, step);
                    of = &step.ty;
                }
                place
            }
            ExprKind::Key(base, key) => {
                let map = self.operand(base, missing);
                let key = self.operand(key, missing);
                let reg = self.code.reg();
                self.code.emit_to(Op::Find, reg, map, key, 0, missing);
                let row = self.pass.rows.entry(&e.ty);
                self.row(row, reg, false)
            }
            ExprKind::Index(base, index) => self.indexed(base, index, missing),
            ExprKind::Inline { op, args, lambda } if self.gives_element(*op, args) => {
                self.chosen(*op, args, lambda.as_ref(), &e.ty, missing)
            }
            ExprKind::Let {
                local,
                value,
                strict,
                body,
            } => {
                self.bind(*local, value, *strict, missing);
                self.place(body, missing)
            }
            ExprKind::Root(root) if !self.is_kept(*root) => {
                // The checker lets nobody read what is not there; if it does, that is refused, not miscompiled.
                let why = "say `profile`, an event or a name that is in force here";
                self.not_yet(e, "this value cannot be reached from here", why);
                self.code.jump(missing);
                let row = self.pass.rows.id(RowKey::Profile);
                self.row(row, R_PROFILE, true)
            }
            _ => {
                let reg = self.operand(e, missing);
                let row = self.pass.rows.item(&e.ty);
                self.row(row, reg, true)
            }
        }
    }

    /// Whether a root is a value that a register holds.
    fn is_kept(&self, root: Root) -> bool {
        let Root::Local(id) = root else { return false };
        matches!(self.bound(id), Some(bound) if !matches!(bound, Bound::Alias(_)))
    }

    /// The place of a record, as a row that can be read into.
    pub fn record_place(&mut self, e: &Expr, missing: Label) -> Place {
        let place = self.place(e, missing);
        self.opened(place, &e.ty, missing)
    }

    /// A record at a place, as a row that can be read into.
    fn opened(&mut self, place: Place, ty: &Type, missing: Label) -> Place {
        if !self.is_boxed(&place) {
            return place;
        }
        let reg = self.code.reg();
        self.load(&place, ty, reg, missing);
        let row = self.pass.rows.item(ty);
        self.row(row, reg, true)
    }

    /// `dst ← the value at a place`, or to `missing`.
    pub fn load(&mut self, place: &Place, ty: &Type, dst: u8, missing: Label) {
        let word = self.pass.rows.word(ty);
        let slot = match ty {
            Type::Record(_) if !self.is_boxed(place) => {
                self.check(place, missing);
                if self.is_row(place) && WordType::Row(place.row) == word {
                    if place.reg != dst {
                        self.code.emit(Op::Move, dst, place.reg, 0, 0);
                    }
                } else {
                    self.copy_out(place, ty, ty, dst);
                }
                return;
            }
            Type::Map(_) if !self.is_boxed(place) => self.pass.map_at(place.at, word),
            Type::Any | Type::Nothing | Type::Error => self.pass.present_at(place.at),
            _ => self.pass.value_at(place.at, word),
        };
        self.slot(place, slot, dst, missing);
    }

    /// Goes to `missing` unless there is a record at a place.
    fn check(&mut self, place: &Place, missing: Label) {
        if place.sure && self.is_row(place) {
            return;
        }
        let slot = self.pass.present_at(place.at);
        self.code.slot_to(Op::Has, 0, place.reg, slot, missing);
    }

    /// Goes to `missing` unless there is a value at a place.
    pub fn has(&mut self, place: &Place, ty: &Type, missing: Label) {
        let boxed = self.is_boxed(place);
        let slot = match ty {
            Type::Record(_) if !boxed => return self.check(place, missing),
            Type::Map(_) if !boxed => self.pass.present_at(place.at),
            Type::Any | Type::Nothing | Type::Error => self.pass.present_at(place.at),
            _ => {
                let word = self.pass.rows.word(ty);
                self.pass.value_at(place.at, word)
            }
        };
        self.code.slot_to(Op::Has, 0, place.reg, slot, missing);
    }

    /// Whether a place is a whole row.
    pub fn is_row(&self, place: &Place) -> bool {
        self.pass.needs.is_root(place.at)
    }

    /// One step further.
    pub fn below(&mut self, place: Place, seg: Seg<'_>) -> Place {
        Place {
            at: self.pass.needs.below(place.at, seg),
            ..place
        }
    }
}
