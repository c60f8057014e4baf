//! A list as a stream: what is asked of a list that is filtered, mapped, or the keys or values of a map is asked of each item in turn,
//! in one loop, and the list is not made.
//!
//! A list that is written out is no loop either: what is done with an item stands there once for each, unless that is much.
//! Comes in: the expression of a list. Goes out: for each item that is left, where it is to be had, with the label to go to for the next
//! and the one to go to when it is missing. Never true here: an item made, or told to be missing, before somebody asks for it; a
//! lambda that is not written in the source generated twice, but for a list that is written out.

use super::super::code::Label;
use super::generate::{Bound, Gen, Place};
use super::stages::{Does, Stage, item_of, needs, put_once, weight, within};
use crate::hir::{Expr, ExprKind};
use crate::types::Type;
use journey_artifact::code::Op;
use journey_artifact::word::ShapeId;
use journey_machine::func::Intrinsic;
use std::borrow::Cow;

/// What is done to all items of a list that is written out is generated for each up to so many expressions, else the list is made.
const WRITTEN: usize = 96;

/// Items, one after another.
pub struct Stream<'e> {
    source: Source<'e>,
    /// A register that counts the source's items, the present one too, and one that holds 1.
    pub numbers: Option<(u8, u8)>,
    stages: Vec<Stage<'e>>,
}

/// Where the items come from.
enum Source<'e> {
    /// The rows of a list or the entries of a map in a register.
    Rows {
        list: u8,
        row: ShapeId,
        part: Part,
        item: Type,
    },
    /// A list that is written out.
    Written(&'e [Expr]),
}

/// What of a row is the item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Item,
    Value,
    Key,
}

/// An item.
pub struct Item<'x> {
    what: What<'x>,
    ty: Cow<'x, Type>,
    /// A stage before let it pass because it is there.
    sure: bool,
}

enum What<'x> {
    Held(Bound),
    /// It is what an expression gives.
    Given(Cow<'x, Expr>),
}

impl<'e> Stream<'e> {
    /// One stage more.
    pub fn push(&mut self, stage: Stage<'e>) {
        self.stages.push(stage);
    }

    /// Only how many there are is asked for: what they become is nobody's business.
    pub fn counted(mut self) -> Self {
        while self
            .stages
            .last()
            .is_some_and(|last| last.does == Does::Map)
        {
            self.stages.pop();
        }
        if let Some(last) = self.stages.last_mut() {
            last.does = Does::Test;
        }
        self
    }

    /// Whether fewer items may come than the source has.
    pub fn drops(&self) -> bool {
        self.stages.iter().any(|stage| stage.does != Does::Map)
    }

    /// The list of rows that the items are, if they are.
    pub fn rows(&self) -> Option<(u8, ShapeId)> {
        let maps = self.stages.iter().any(|stage| stage.does == Does::Map);
        match self.source {
            Source::Rows {
                list,
                row,
                part: Part::Item | Part::Value,
                ..
            } if !maps => Some((list, row)),
            _ => None,
        }
    }

    /// The rows that it goes over, with their type, and the one lambda that gives the items, if that is all.
    pub fn mapped_rows(&self) -> Option<(u8, ShapeId, &Type, Option<&Stage<'e>>)> {
        let (list, row, item) = match &self.source {
            Source::Rows {
                list,
                row,
                part: Part::Item | Part::Value,
                item,
            } => (*list, *row, item),
            _ => return None,
        };
        match self.stages.as_slice() {
            [] => Some((list, row, item, None)),
            [stage] if stage.does == Does::Map => Some((list, row, item, Some(stage))),
            _ => None,
        }
    }

    /// The list in a register, if that is all, and its items are of a type: integers that are taken for decimals are not.
    pub fn plain(&self, want: &Type) -> Option<u8> {
        match &self.source {
            Source::Rows {
                list,
                part: Part::Item,
                item,
                ..
            } if self.stages.is_empty() && item.lies_like(want) => Some(*list),
            _ => None,
        }
    }

    /// Whether it is a list that is written out.
    pub fn is_written(&self) -> bool {
        matches!(self.source, Source::Written(_))
    }
}

impl Item<'_> {
    /// Where it lies, if it does.
    pub fn place(&self) -> Option<&Place> {
        match &self.what {
            What::Held(Bound::Alias(place)) => Some(place),
            _ => None,
        }
    }
}

impl Gen<'_, '_> {
    /// A list's items, if there is one, and a stage after those in it; else to `missing`. What it keeps in registers stays taken.
    pub fn stream<'e>(
        &mut self,
        list: &'e Expr,
        last: Option<Stage<'e>>,
        missing: Label,
    ) -> Stream<'e> {
        let mut stages: Vec<Stage<'e>> = last.into_iter().collect();
        let mut e = list;
        while let Some((stage, of)) = within(e) {
            if let ExprKind::Let {
                local,
                value,
                strict,
                ..
            } = &e.kind
            {
                self.bind(*local, value, *strict, missing);
            }
            stages.extend(stage);
            e = of;
        }
        stages.reverse();
        let source = self.source(e, &stages, missing);
        Stream {
            source,
            numbers: None,
            stages,
        }
    }

    fn source<'e>(&mut self, e: &'e Expr, stages: &[Stage<'_>], missing: Label) -> Source<'e> {
        match &e.kind {
            ExprKind::List(items) => {
                let bodies = stages.iter().map(|stage| weight(&stage.lambda.1));
                let each = 1 + bodies.fold(0, usize::saturating_add);
                if items.len().saturating_mul(each) <= WRITTEN {
                    return Source::Written(items);
                }
            }
            ExprKind::Inline {
                op: op @ (Intrinsic::Values | Intrinsic::Keys),
                args,
                ..
            } => {
                if let [map] = args.as_slice() {
                    let list = self.operand(map, missing);
                    let part = match op {
                        Intrinsic::Keys => Part::Key,
                        _ => Part::Value,
                    };
                    return self.rows_of(list, &map.ty, part);
                }
            }
            _ => {}
        }
        let list = self.operand(e, missing);
        self.rows_of(list, &e.ty, Part::Item)
    }

    fn rows_of<'e>(&mut self, list: u8, ty: &Type, part: Part) -> Source<'e> {
        let item = item_of(ty).unwrap_or(&Type::Error).clone();
        let row = match ty {
            Type::Map(_) => self.pass.rows.entry(&item),
            _ => self.pass.rows.item(&item),
        };
        Source::Rows {
            list,
            row,
            part,
            item,
        }
    }

    /// The items of a list in a register.
    pub fn stream_of<'e>(&mut self, list: u8, ty: &Type, stage: Option<Stage<'e>>) -> Stream<'e> {
        Stream {
            source: self.rows_of(list, ty, Part::Item),
            numbers: None,
            stages: stage.into_iter().collect(),
        }
    }

    /// `dst ← how many items the source has`.
    pub fn source_len(&mut self, stream: &Stream<'_>, dst: u8) {
        match &stream.source {
            Source::Rows { list, .. } => self.code.emit(Op::Len, dst, *list, 0, 0),
            Source::Written(items) => self.int(dst, items.len() as i64),
        }
    }

    /// `dst ← a new list of rows, with room for all items`.
    pub fn new_list_for(&mut self, stream: &Stream<'_>, row: ShapeId, dst: u8) {
        match &stream.source {
            Source::Rows { list, .. } => {
                self.code.emit(Op::NewListLike, dst, *list, 0, row.0 as u16)
            }
            Source::Written(items) => self.new_list(items.len(), dst, row),
        }
    }

    /// Does `body` with each item; it goes to its first label, or falls off its end, for the next, and to its second when the item is missing.
    /// `none` gives the second, by the first.
    pub fn flow(
        &mut self,
        stream: &Stream<'_>,
        none: impl Fn(&mut Self, Label) -> Label,
        mut body: impl FnMut(&mut Self, &Item<'_>, Label, Label),
    ) {
        match &stream.source {
            Source::Rows {
                list,
                row,
                part,
                item,
            } => self.each_row(*list, *row, |g, at, again| {
                if let Some((number, one)) = stream.numbers {
                    g.code.emit(Op::AddI, number, number, one, 0);
                }
                let none = none(g, again);
                let item = g.item_of_row(at, *part, item, again);
                let item = g.through(&stream.stages, item, again, none);
                body(g, &item, again, none);
            }),
            Source::Written(items) => {
                for e in *items {
                    let mark = self.code.mark();
                    let again = self.code.label();
                    let what = What::Given(Cow::Borrowed(e));
                    let ty = Cow::Borrowed(&e.ty);
                    let none = none(self, again);
                    let sure = !e.opt;
                    let item = Item { what, ty, sure };
                    let item = self.through(&stream.stages, item, again, none);
                    body(self, &item, again, none);
                    self.code.place(again);
                    self.code.release(mark);
                }
            }
        }
    }

    /// The item with a number, or to `missing`; of a list that is not written out, and of which no stage leaves out any.
    pub fn item_at<'x>(
        &mut self,
        stream: &'x Stream<'x>,
        index: u8,
        missing: Label,
    ) -> Option<Item<'x>> {
        let Source::Rows {
            list,
            row,
            part,
            item,
        } = &stream.source
        else {
            return None;
        };
        let reg = self.code.reg();
        self.code.emit_to(Op::Elem, reg, *list, index, 0, missing);
        let at = self.row(*row, reg, false);
        let item = self.item_of_row(&at, *part, item, missing);
        Some(self.through(&stream.stages, item, missing, missing))
    }

    fn item_of_row<'x>(
        &mut self,
        at: &Place,
        part: Part,
        item: &'x Type,
        again: Label,
    ) -> Item<'x> {
        let (bound, ty) = match part {
            Part::Key => (self.key_of(at, again), Cow::Owned(Type::String)),
            _ => (Bound::Alias(*at), Cow::Borrowed(item)),
        };
        Item {
            what: What::Held(bound),
            ty,
            sure: false,
        }
    }

    /// The key of an entry; all have one.
    fn key_of(&mut self, entry: &Place, again: Label) -> Bound {
        let reg = self.code.reg();
        self.code.emit_to(Op::Slot, reg, entry.reg, 0, 0, again);
        Bound::Reg(reg, Type::String)
    }

    /// What the stages leave of an item, or to `again` when they leave nothing.
    fn through<'x>(
        &mut self,
        stages: &'x [Stage<'x>],
        mut item: Item<'x>,
        again: Label,
        none: Label,
    ) -> Item<'x> {
        for (ix, Stage { does, lambda, of }) in stages.iter().enumerate() {
            let (local, body) = lambda;
            // Of what is asked for once nothing is kept: it is put where it is asked for.
            let put = match &item.what {
                What::Given(e) if *does != Does::Filter && e.ty.lies_like(of) => {
                    put_once(body, *local, e)
                }
                _ => None,
            };
            let is_last = ix + 1 == stages.len();
            let (strict, missing) = match does {
                Does::Map => (is_last && needs(body, *local), none),
                _ => (needs(body, *local), again),
            };
            let body = match put {
                Some(body) => Cow::Owned(body),
                None => {
                    let bound = self.settle(&item, of, strict, missing);
                    self.locals.push(*local, bound.clone());
                    let what = What::Held(bound);
                    let ty = Cow::Borrowed(*of);
                    let sure = item.sure || strict;
                    item = Item { what, ty, sure };
                    Cow::Borrowed(&**body)
                }
            };
            if *does == Does::Map {
                let ty = match &body {
                    Cow::Borrowed(body) => Cow::Borrowed(&body.ty),
                    Cow::Owned(body) => Cow::Owned(body.ty.clone()),
                };
                let (sure, what) = (!body.opt, What::Given(body));
                item = Item { what, ty, sure };
            } else {
                let yes = self.code.label();
                self.branch(&body, yes, again, again);
                self.code.place(yes);
            }
        }
        item
    }

    /// An item as what a name stands for; to `missing` if it is missing and that is all the same (`strict`).
    fn settle(&mut self, item: &Item<'_>, want: &Type, strict: bool, missing: Label) -> Bound {
        let alike = item.ty.lies_like(want);
        match &item.what {
            What::Held(Bound::Maybe(reg, flag)) if alike && strict => {
                self.code.emit_to(Op::JumpFalse, *flag, 0, 0, 0, missing);
                Bound::Reg(*reg, want.clone())
            }
            What::Held(bound) if alike => bound.clone(),
            What::Given(e) if alike => match self.pure_place(e) {
                Some(place) => Bound::Alias(place),
                None => self.keep(e, strict, missing),
            },
            _ => {
                let strict = strict || item.sure;
                let give = |g: &mut Self, reg, none| g.item_value(item, want, reg, none);
                self.kept(want, strict, missing, give)
            }
        }
    }

    /// `dst ← an item as a value of this type`, or to `none`.
    pub fn item_value(&mut self, item: &Item<'_>, want: &Type, dst: u8, none: Label) {
        match &item.what {
            What::Given(e) => self.value_as(e, want, dst, none),
            What::Held(Bound::Alias(place)) if item.ty.lies_like(want) => {
                self.load(place, &item.ty, dst, none);
            }
            What::Held(bound) => {
                let mark = self.code.mark();
                let reg = match bound {
                    Bound::Alias(place) => {
                        let reg = self.code.reg();
                        self.load(place, &item.ty, reg, none);
                        reg
                    }
                    Bound::Maybe(reg, flag) => {
                        self.code.emit_to(Op::JumpFalse, *flag, 0, 0, 0, none);
                        *reg
                    }
                    Bound::Reg(reg, _) => *reg,
                    Bound::Literal(literal) => {
                        let reg = self.code.reg();
                        self.literal(literal, reg);
                        reg
                    }
                };
                self.convert(reg, &item.ty, want, dst);
                self.code.release(mark);
            }
        }
    }

    /// Goes to `none` unless there is an item.
    pub fn item_has(&mut self, item: &Item<'_>, none: Label) {
        match &item.what {
            _ if item.sure => {}
            What::Held(Bound::Alias(place)) => self.has(place, &item.ty, none),
            What::Held(Bound::Maybe(_, flag)) => {
                self.code.emit_to(Op::JumpFalse, *flag, 0, 0, 0, none);
            }
            What::Held(Bound::Reg(..) | Bound::Literal(_)) => {}
            What::Given(e) => {
                let yes = self.code.label();
                self.present(e, yes, none);
                self.code.place(yes);
            }
        }
    }

    /// Goes where an item leads that is a condition.
    pub fn item_branch(&mut self, item: &Item<'_>, yes: Label, no: Label, unknown: Label) {
        match &item.what {
            What::Given(e) => self.branch(e, yes, no, unknown),
            What::Held(_) => {
                let mark = self.code.mark();
                let r = self.code.reg();
                self.item_value(item, &Type::Boolean, r, unknown);
                self.test(r, yes, no);
                self.code.release(mark);
            }
        }
    }

    /// A loop over the rows of a list. The body may go to `again`; what falls off its end goes there too.
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
}
