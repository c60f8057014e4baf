//! A list as a stream: what is asked of a list that is filtered, mapped, or the keys or values of a map is asked of each item in turn,
//! in one loop, and the list is not made.
//!
//! A list that is written out is no loop either: what is done with an item stands there once for each, unless that is much.
//! Comes in: the expression of a list. Goes out: for each item that is left, where it is to be had, with the label to go to for the next
//! and the one to go to when it is missing. Never true here: an item made, or told to be missing, before somebody asks for it; a
//! lambda that is not written in the source generated twice, but for a list that is written out.

use super::super::code::Label;
use super::generate::{Bound, Gen, Place};
use crate::hir::{Expr, ExprKind, LocalId, Root, walk};
use crate::types::Type;
use journey_artifact::code::Op;
use journey_artifact::word::ShapeId;
use journey_machine::func::Intrinsic;
use std::borrow::Cow;

/// A lambda: its parameter and body.
pub type Lambda = (LocalId, Box<Expr>);

/// What is done to all items of a list that is written out is generated for each up to so many expressions, else the list is made.
const WRITTEN: usize = 96;

/// Items, one after another.
pub struct Stream<'e> {
    source: Source<'e>,
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

/// What is done with each.
#[derive(Clone, Copy)]
pub struct Stage<'e> {
    does: Does,
    lambda: &'e Lambda,
    /// What its parameter is.
    of: &'e Type,
}

/// What a lambda is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Those stay for which it holds.
    Filter,
    /// The same, and nobody asks for the item afterwards.
    Test,
    /// It gives what takes the item's place.
    Map,
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

impl<'e> Stage<'e> {
    /// A lambda over the items of a list.
    pub fn new(does: Does, lambda: &'e Lambda, list: &'e Expr) -> Stage<'e> {
        let of = item_of(&list.ty).unwrap_or(&Type::Error);
        Stage { does, lambda, of }
    }
}

impl Stream<'_> {
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

    /// The list in a register, if that is all.
    pub fn plain(&self) -> Option<u8> {
        match self.source {
            Source::Rows {
                list,
                part: Part::Item,
                ..
            } if self.stages.is_empty() => Some(list),
            _ => None,
        }
    }

    /// Whether going through it twice is one loop more and nothing of the source's generated twice.
    pub fn is_short(&self) -> bool {
        self.stages.is_empty() && matches!(self.source, Source::Rows { .. })
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
        Stream { source, stages }
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
                let (bound, ty) = match part {
                    Part::Key => (g.key_of(at, again), Cow::Owned(Type::String)),
                    _ => (Bound::Alias(*at), Cow::Borrowed(item)),
                };
                let what = What::Held(bound);
                let none = none(g, again);
                let sure = false;
                let item = Item { what, ty, sure };
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
            What::Held(Bound::Reg(..)) => {}
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

/// Whether a list's items are values that lie nowhere.
pub fn gives_values(mut list: &Expr) -> bool {
    while let Some((stage, of)) = within(list) {
        if stage.is_some_and(|stage| stage.does == Does::Map)
            || matches!(list.kind, ExprKind::Widen(_))
        {
            return true;
        }
        list = of;
    }
    matches!(
        list.kind,
        ExprKind::List(_)
            | ExprKind::Inline {
                op: Intrinsic::Keys,
                ..
            }
    )
}

/// Whether fewer items may come than a list is made of.
pub fn drops(mut list: &Expr) -> bool {
    while let Some((stage, of)) = within(list) {
        if stage.is_some_and(|stage| stage.does == Does::Filter) {
            return true;
        }
        list = of;
    }
    false
}

/// What a list's items are, of a map's its values.
pub fn item_of(ty: &Type) -> Option<&Type> {
    match ty {
        Type::List(item) | Type::Map(item) => Some(item),
        _ => None,
    }
}

/// The list that a list is made of item by item, and what is done with them; nothing, where it is another name or type for it.
fn within(e: &Expr) -> Option<(Option<Stage<'_>>, &Expr)> {
    match &e.kind {
        ExprKind::Inline {
            op: op @ (Intrinsic::Filter | Intrinsic::Map),
            args,
            lambda,
        } => {
            let list = args.first()?;
            let does = match op {
                Intrinsic::Map => Does::Map,
                _ => Does::Filter,
            };
            let stage = lambda.as_ref();
            Some((stage.map(|lambda| Stage::new(does, lambda, list)), list))
        }
        ExprKind::Let { body, .. } if body.ty.lies_like(&e.ty) => Some((None, body)),
        ExprKind::Widen(inner) => match (item_of(&inner.ty)?, item_of(&e.ty)?) {
            (Type::Integer, Type::Decimal) if matches!(e.ty, Type::List(_)) => Some((None, inner)),
            _ => None,
        },
        _ => None,
    }
}

/// How many expressions are generated for one.
fn weight(e: &Expr) -> usize {
    let mut sum = 1usize;
    let mut child = |part: &Expr| sum = sum.saturating_add(weight(part));
    walk::children(e, &mut child);
    match &e.kind {
        ExprKind::Inline { args, .. } => match args.first().map(|list| &list.kind) {
            Some(ExprKind::List(items)) => sum.saturating_mul(items.len().max(1)),
            _ => sum,
        },
        _ => sum,
    }
}

/// Whether an expression has no value, a condition is unknown, when a name has none.
fn needs(e: &Expr, local: LocalId) -> bool {
    let of = |e: &Expr| needs(e, local);
    match &e.kind {
        ExprKind::Root(root) => *root == Root::Local(local),
        ExprKind::Path(inner, _)
        | ExprKind::Widen(inner)
        | ExprKind::Neg(inner)
        | ExprKind::Not(inner)
        | ExprKind::OneOf(inner, _) => of(inner),
        ExprKind::Arith(_, a, b)
        | ExprKind::Compare(_, a, b)
        | ExprKind::Key(a, b)
        | ExprKind::Index(a, b) => of(a) || of(b),
        ExprKind::And(a, b) | ExprKind::Or(a, b) | ExprKind::Coalesce(a, b) => of(a) && of(b),
        ExprKind::If(_, a, b) => of(a) && of(b),
        ExprKind::Text(parts) | ExprKind::Call(_, parts) => parts.iter().any(of),
        ExprKind::Inline { op, args, .. } => {
            *op != Intrinsic::Coalesce && args.first().is_some_and(of)
        }
        ExprKind::Let {
            value,
            strict,
            body,
            ..
        } => *strict && of(value) || of(body),
        ExprKind::Literal(_) | ExprKind::IsMissing(_) | ExprKind::List(_) | ExprKind::Record(_) => {
            false
        }
    }
}

/// An expression with another put where a name stands; `None` unless that is once, and evaluated once at most.
fn put_once(e: &Expr, local: LocalId, with: &Expr) -> Option<Expr> {
    let is_it = |e: &Expr| matches!(e.kind, ExprKind::Root(Root::Local(it)) if it == local);
    let mut times = 0usize;
    let repeats = walk::any(e, &mut |part| {
        times += usize::from(is_it(part));
        let again = |body: &Expr| walk::any(body, &mut |part| is_it(part));
        matches!(&part.kind, ExprKind::Inline { lambda: Some((_, body)), .. } if again(body))
    });
    if repeats || times != 1 {
        return None;
    }
    fn put(e: &mut Expr, local: LocalId, with: &Expr) {
        match e.kind {
            ExprKind::Root(Root::Local(it)) if it == local => *e = with.clone(),
            _ => walk::children_mut(e, &mut |part| put(part, local, with)),
        }
    }
    let mut put_in = e.clone();
    put(&mut put_in, local, with);
    Some(put_in)
}
