//! Functions over lists and maps, expanded in place.
//!
//! A loop's parameter is the row itself, read where it lies; a null item is a row with nothing in it, so the lambda sees it
//! as missing. Comes in: the function, its arguments, its lambda. Never true here: a jump backwards but the one that closes
//! a loop.

use super::super::code::Label;
use super::generate::{Gen, Place};
use crate::hir::{Expr, ExprKind, LocalId};
use crate::types::Type;
use journey_artifact::code::Op;
use journey_artifact::word::{ShapeId, WordType};
use journey_machine::func::Intrinsic;

/// A lambda: its parameter and body.
type Lambda = (LocalId, Box<Expr>);

/// The native that puts a list in the order of a list of keys.
const SORT: &str = "op.sortBy";

impl Gen<'_, '_> {
    /// Whether a function picks an element out of a list or map.
    pub fn gives_element(&self, op: Intrinsic) -> bool {
        use Intrinsic::{At, Entry, Find, First, Last};
        matches!(op, First | Last | Find | At | Entry)
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
            Intrinsic::First
            | Intrinsic::Last
            | Intrinsic::Find
            | Intrinsic::At
            | Intrinsic::Entry => {
                let place = self.chosen(op, args, lambda, &e.ty, missing);
                self.load(&place, &e.ty, dst, missing);
            }
            Intrinsic::Filter => self.filter(first, lambda, dst, missing),
            Intrinsic::Map => self.map(first, lambda, &e.ty, dst, missing),
            Intrinsic::Count => self.count(first, lambda, dst, missing),
            Intrinsic::Sum => self.sum(first, lambda, &e.ty, dst, missing),
            Intrinsic::Avg => self.mean(first, lambda, dst, missing),
            Intrinsic::Min | Intrinsic::Max => {
                self.extreme(op == Intrinsic::Min, first, lambda, &e.ty, dst, missing)
            }
            Intrinsic::SortBy => self.sort(first, lambda, args.get(1), dst, missing),
            Intrinsic::IsEmpty | Intrinsic::IsNotEmpty => {
                let list = self.operand(first, missing);
                let (count, zero) = (self.code.reg(), self.code.reg());
                self.code.emit(Op::Len, count, list, 0, 0);
                self.int(zero, 0);
                self.code.emit(Op::EqI, dst, count, zero, 0);
                if op == Intrinsic::IsNotEmpty {
                    self.code.emit(Op::Not, dst, dst, 0, 0);
                }
            }
            Intrinsic::Keys => self.keys(first, dst, missing),
            Intrinsic::Values => self.values(first, dst, missing),
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

    /// The element that a function picks.
    pub fn chosen(
        &mut self,
        op: Intrinsic,
        args: &[Expr],
        lambda: Option<&Lambda>,
        ty: &Type,
        missing: Label,
    ) -> Place {
        let first = &args[0];
        if let (Intrinsic::Entry, Some(key)) = (op, args.get(1))
            && let Some(place) = self.key_place(first, key)
        {
            return place;
        }
        let list = self.operand(first, missing);
        let reg = self.code.reg();
        let item = self.item_type(first);
        let row = self.pass.rows.item(&item);
        match (op, lambda, args.get(1)) {
            (Intrinsic::Entry, _, Some(key)) => {
                let key = self.operand(key, missing);
                self.code.emit_to(Op::Find, reg, list, key, 0, missing);
                let row = self.pass.rows.entry(ty);
                return self.row(row, reg, false);
            }
            (Intrinsic::At, _, Some(index)) => {
                let index = self.operand(index, missing);
                self.code.emit_to(Op::Elem, reg, list, index, 0, missing);
            }
            (Intrinsic::Last, Some(lambda), _) => {
                let found = self.code.reg();
                self.code.emit(Op::Bool, found, 0, 0, 0);
                self.dummy(reg, WordType::Row(row));
                self.each(list, first, |g, at, again| {
                    g.when(at, lambda, again, |g| {
                        g.code.emit(Op::Move, reg, at.reg, 0, 0);
                        g.code.emit(Op::Bool, found, 0, 0, 1);
                    });
                });
                self.code.emit_to(Op::JumpFalse, found, 0, 0, 0, missing);
            }
            (_, Some(lambda), _) => {
                let end = self.code.label();
                self.each(list, first, |g, at, again| {
                    g.when(at, lambda, again, |g| {
                        g.code.emit(Op::Move, reg, at.reg, 0, 0);
                        g.code.jump(end);
                    });
                });
                self.code.jump(missing);
                self.code.place(end);
            }
            _ => {
                let index = self.code.reg();
                self.int(index, if op == Intrinsic::Last { -1 } else { 0 });
                self.code.emit_to(Op::Elem, reg, list, index, 0, missing);
            }
        }
        self.row(row, reg, false)
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
        let reg = self.operand(list, unknown);
        let may_miss = lambda.is_none_or(|(_, body)| body.opt);
        let remember = may_miss && unknown != decided && unknown != otherwise;
        let flag = remember.then(|| {
            let flag = self.code.reg();
            self.code.emit(Op::Bool, flag, 0, 0, 0);
            flag
        });
        self.each(reg, list, |g, at, again| {
            let open = match flag {
                _ if unknown == decided => decided,
                None => again,
                Some(_) => g.code.label(),
            };
            let (yes, no) = if all {
                (again, decided)
            } else {
                (decided, again)
            };
            match lambda {
                Some((local, body)) => {
                    g.bind_place(*local, *at);
                    g.branch(body, yes, no, open);
                }
                None => {
                    let r = g.code.reg();
                    g.load(at, &Type::Boolean, r, open);
                    g.test(r, yes, no);
                }
            }
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

    /// A loop over the rows of a list. The body may go to `again`; what falls off its end goes there too.
    fn each(&mut self, list: u8, of: &Expr, body: impl FnOnce(&mut Self, &Place, Label)) {
        let row = match &of.ty {
            Type::Map(value) => self.pass.rows.entry(value),
            _ => {
                let item = self.item_type(of);
                self.pass.rows.item(&item)
            }
        };
        self.each_row(list, row, body);
    }

    /// The same, where the rows' shape is known.
    pub fn each_row(
        &mut self,
        list: u8,
        row: ShapeId,
        body: impl FnOnce(&mut Self, &Place, Label),
    ) {
        let mark = self.code.mark();
        let (reg, cursor) = (self.code.reg(), self.code.reg());
        let (head, again, end) = (self.code.label(), self.code.label(), self.code.label());
        self.int(cursor, 0);
        self.code.place(head);
        self.code.emit_to(Op::Next, reg, list, cursor, 0, end);
        let at = self.row(row, reg, false);
        body(self, &at, again);
        self.code.place(again);
        self.code.jump(head);
        self.code.place(end);
        self.code.release(mark);
    }

    /// Does `then` if the lambda holds for the row.
    fn when(
        &mut self,
        at: &Place,
        (local, body): &Lambda,
        again: Label,
        then: impl FnOnce(&mut Self),
    ) {
        let yes = self.code.label();
        self.bind_place(*local, *at);
        self.branch(body, yes, again, again);
        self.code.place(yes);
        then(self);
    }

    /// `dst ← what the lambda gives for the row` (the item itself without one), or to `none`.
    fn apply(
        &mut self,
        at: &Place,
        item: &Type,
        lambda: Option<&Lambda>,
        want: &Type,
        dst: u8,
        none: Label,
    ) {
        match lambda {
            Some((local, body)) => {
                self.bind_place(*local, *at);
                self.value_as(body, want, dst, none);
            }
            None => {
                self.load(at, item, dst, none);
                if item != want {
                    self.convert(dst, item, want, dst);
                }
            }
        }
    }

    fn filter(&mut self, list: &Expr, lambda: Option<&Lambda>, dst: u8, missing: Label) {
        let Some(lambda) = lambda else {
            return self.value(list, dst, missing);
        };
        let reg = self.operand(list, missing);
        let item = self.item_type(list);
        let row = self.pass.rows.item(&item);
        self.code.emit(Op::NewListLike, dst, reg, 0, row.0 as u16);
        self.each(reg, list, |g, at, again| {
            g.when(at, lambda, again, |g| {
                g.code.emit(Op::PushRow, dst, at.reg, 0, 0)
            });
        });
    }

    fn map(&mut self, list: &Expr, lambda: Option<&Lambda>, ty: &Type, dst: u8, missing: Label) {
        let Type::List(want) = ty else { return };
        let reg = self.operand(list, missing);
        let item = self.item_type(list);
        self.collect(reg, list, want, dst, |g, at, r, none| {
            g.apply(at, &item, lambda, want, r, none)
        });
    }

    /// `dst ← a list of what `give` puts into its register for each row`; null where it goes to its label.
    fn collect(
        &mut self,
        list: u8,
        of: &Expr,
        want: &Type,
        dst: u8,
        give: impl FnOnce(&mut Self, &Place, u8, Label),
    ) {
        let row = self.pass.rows.item(want);
        self.code.emit(Op::NewListLike, dst, list, 0, row.0 as u16);
        self.each(list, of, |g, at, again| {
            let (r, none) = (g.code.reg(), g.code.label());
            give(g, at, r, none);
            g.push(dst, r, want);
            g.code.jump(again);
            g.code.place(none);
            g.push_none(dst, want);
        });
    }

    fn count(&mut self, list: &Expr, lambda: Option<&Lambda>, dst: u8, missing: Label) {
        let reg = self.operand(list, missing);
        if matches!(list.ty, Type::Map(_)) {
            return self.code.emit(Op::Len, dst, reg, 0, 0);
        }
        let item = self.item_type(list);
        let one = self.code.reg();
        self.int(dst, 0);
        self.int(one, 1);
        self.each(reg, list, |g, at, again| match lambda {
            Some(lambda) => g.when(at, lambda, again, |g| {
                g.code.emit(Op::AddI, dst, dst, one, 0)
            }),
            None => {
                g.has(at, &item, again);
                g.code.emit(Op::AddI, dst, dst, one, 0);
            }
        });
    }

    fn sum(&mut self, list: &Expr, lambda: Option<&Lambda>, ty: &Type, dst: u8, missing: Label) {
        let reg = self.operand(list, missing);
        let item = self.item_type(list);
        let word = self.pass.rows.word(ty);
        self.dummy(dst, word);
        let add = if *ty == Type::Decimal {
            Op::AddD
        } else {
            Op::AddI
        };
        self.each(reg, list, |g, at, again| {
            let r = g.code.reg();
            g.apply(at, &item, lambda, ty, r, again);
            g.code.emit(add, dst, dst, r, 0);
        });
    }

    fn mean(&mut self, list: &Expr, lambda: Option<&Lambda>, dst: u8, missing: Label) {
        let reg = self.operand(list, missing);
        let item = self.item_type(list);
        let (count, one) = (self.code.reg(), self.code.reg());
        self.dummy(dst, WordType::Dec);
        self.dummy(count, WordType::Dec);
        self.word(one, WordType::Dec, 1f64.to_bits());
        self.each(reg, list, |g, at, again| {
            let r = g.code.reg();
            g.apply(at, &item, lambda, &Type::Decimal, r, again);
            g.code.emit(Op::AddD, dst, dst, r, 0);
            g.code.emit(Op::AddD, count, count, one, 0);
        });
        self.code.emit_to(Op::DivD, dst, dst, count, 0, missing);
    }

    /// The table's `min` or `max` over what the lambda gives: they order every scalar type, NaN too.
    fn extreme(
        &mut self,
        least: bool,
        list: &Expr,
        lambda: Option<&Lambda>,
        ty: &Type,
        dst: u8,
        missing: Label,
    ) {
        let item = self.item_type(list);
        let reg = self.operand(list, missing);
        let values = self.code.reg();
        self.collect(reg, list, ty, values, |g, at, r, none| {
            g.apply(at, &item, lambda, ty, r, none)
        });
        let name = if least { "min" } else { "max" };
        self.call_run(
            name,
            values,
            [&Type::list(ty.clone())].into_iter(),
            ty,
            dst,
            missing,
        );
    }

    fn sort(
        &mut self,
        list: &Expr,
        lambda: Option<&Lambda>,
        ascending: Option<&Expr>,
        dst: u8,
        missing: Label,
    ) {
        let item = self.item_type(list);
        let key = lambda.map_or(&item, |(_, body)| &body.ty).clone();
        let first = self.code.regs(3);
        let (keys, direction) = (first.saturating_add(1), first.saturating_add(2));
        self.value(list, first, missing);
        self.collect(first, list, &key, keys, |g, at, r, none| {
            g.apply(at, &item, lambda, &key, r, none)
        });
        match ascending {
            Some(e) => self.value(e, direction, missing),
            None => self.code.emit(Op::Bool, direction, 0, 0, 1),
        }
        let key_list = Type::list(key);
        self.call_run(
            SORT,
            first,
            [&list.ty, &key_list, &Type::Boolean].into_iter(),
            &list.ty,
            dst,
            missing,
        );
    }

    fn keys(&mut self, map: &Expr, dst: u8, missing: Label) {
        let reg = self.operand(map, missing);
        self.collect(reg, map, &Type::String, dst, |g, at, r, none| {
            g.code.emit_to(Op::Slot, r, at.reg, 0, 0, none);
        });
    }

    fn values(&mut self, map: &Expr, dst: u8, missing: Label) {
        let Type::Map(value) = &map.ty else { return };
        let reg = self.operand(map, missing);
        self.collect(reg, map, value, dst, |g, at, r, none| {
            g.load(at, value, r, none)
        });
    }

    /// The type of a list's items (of a map's values).
    fn item_type(&mut self, list: &Expr) -> Type {
        match &list.ty {
            Type::List(item) | Type::Map(item) => (**item).clone(),
            _ => {
                debug_assert!(
                    matches!(list.kind, ExprKind::Literal(_)),
                    "a list function of what is no list"
                );
                Type::Error
            }
        }
    }
}
