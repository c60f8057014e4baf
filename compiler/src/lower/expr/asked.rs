//! What is asked of a list that a function of the table gives, where it is to be had without that list or by less work.
//!
//! How many different ones there are, an element of a list that is put in order, the first of those; a slot of each row as a list; what is, or is
//! not, among constants. Comes in: the function's arguments. Goes out: the value, or word that it is none of these. Never true here: a value
//! other than the table's functions give one by one.

use super::super::code::Label;
use super::generate::{Bound, Gen};
use super::one_of::is_constant;
use super::stages::item_of;
use super::stream::Stream;
use crate::hir::{Expr, ExprKind, Literal};
use crate::types::Type;
use journey_artifact::code::{Instr, Op};
use journey_artifact::limits;
use journey_artifact::word::WordType;
use journey_machine::func::Intrinsic;

/// A list that a function of the table gives: its name and arguments.
fn given(list: &Expr) -> Option<(&'static str, &[Expr])> {
    match &list.kind {
        ExprKind::Call(function, args) => Some((function.name, args)),
        _ => None,
    }
}

/// Whether a list that a function gives has no missing items.
fn is_full(name: &str) -> bool {
    matches!(
        name,
        "distinct" | "intersect" | "differenceLists" | "mergeLists"
    )
}

/// A number that is written out.
fn number(e: &Expr) -> Option<i64> {
    match e.kind {
        ExprKind::Literal(Literal::Int(n)) => Some(n),
        _ => None,
    }
}

fn is_literal(e: &Expr) -> bool {
    matches!(e.kind, ExprKind::Literal(_))
}

/// So many items from the start of a list: the list, and how many.
fn limited<'e>(name: &str, args: &'e [Expr]) -> Option<(&'e Expr, &'e Expr)> {
    match (name, args) {
        ("limit", [list, count]) => Some((list, count)),
        ("limit", [list, count, start]) => match start.kind {
            ExprKind::Literal(Literal::Bool(true)) => Some((list, count)),
            _ => None,
        },
        _ => None,
    }
}

impl Gen<'_, '_> {
    /// `dst ← how many items a function's list has` (`all`), or how many are not missing; `false`, and nothing done, if it is none of these.
    pub fn count_given(&mut self, list: &Expr, all: bool, dst: u8, missing: Label) -> bool {
        let Some((name, args)) = given(list) else {
            return false;
        };
        let different = match (name, all) {
            ("distinct", _) | ("distinctWithNull", false) => Some("distinctCount"),
            ("distinctWithNull", true) => Some("distinctCountWithNull"),
            _ => None,
        };
        if let (Some(count), [of]) = (different, args) {
            let Some(item) = item_of(&of.ty) else {
                return false;
            };
            let stream = self.stream(of, None, missing);
            self.called(count, &stream, (item, &Type::Integer), dst, missing);
            return true;
        }
        if let ("sort", [of, up]) = (name, args)
            && is_literal(up)
        {
            match all {
                true => self.size(of, dst, missing),
                false => self.count(of, None, dst, missing),
            }
            return true;
        }
        if let Some((of, count)) = limited(name, args)
            && let Some(count) = number(count)
            && (all || given(of).is_some_and(|(name, _)| is_full(name)))
        {
            self.size(of, dst, missing);
            let (most, is, end) = (self.code.reg(), self.code.reg(), self.code.label());
            self.int(most, count.max(0));
            self.code.emit(Op::LeI, is, dst, most, 0);
            self.code.emit_to(Op::JumpTrue, is, 0, 0, 0, end);
            self.code.emit(Op::Move, dst, most, 0, 0);
            self.code.place(end);
            return true;
        }
        if !is_full(name) {
            return false;
        }
        let list = self.operand(list, missing);
        self.code.emit(Op::Len, dst, list, 0, 0);
        true
    }

    /// `dst ← an item of a list that is put in order`; `false`, and nothing done, if it is no such list.
    pub fn nth(
        &mut self,
        list: &Expr,
        index: impl FnOnce(&mut Self, u8),
        ty: &Type,
        dst: u8,
        missing: Label,
    ) -> bool {
        let Some(("sort", [of, up])) = given(list) else {
            return false;
        };
        let Some(item) = item_of(&of.ty).filter(|item| item.lies_like(ty)) else {
            return false;
        };
        let first = self.code.regs(3);
        let (direction, number) = (first.saturating_add(1), first.saturating_add(2));
        let stream = self.stream(of, None, missing);
        match stream.plain(item) {
            Some(list) => self.code.emit(Op::Move, first, list, 0, 0),
            None => self.collect(&stream, item, first),
        }
        self.value(up, direction, missing);
        index(self, number);
        let params = [&of.ty, &Type::Boolean, &Type::Integer];
        self.call_run("op.nth", first, params.into_iter(), item, dst, missing);
        true
    }

    /// `dst ← a function of the table`, if less does; else `false`, and nothing is done.
    pub fn shortened(
        &mut self,
        name: &str,
        args: &[Expr],
        ty: &Type,
        dst: u8,
        missing: Label,
    ) -> bool {
        if let Some((list, count)) = limited(name, args)
            && let ExprKind::Inline {
                op: Intrinsic::SortBy,
                args: sorted,
                lambda,
            } = &list.kind
            && let Some(of) = sorted.first()
            && of.ty == *ty
        {
            let lambda = lambda.as_ref();
            self.sort(of, lambda, sorted.get(1), Some(count), dst, missing);
            return true;
        }
        let wanted = match name {
            "intersect" => 1,
            "differenceLists" => 0,
            _ => return false,
        };
        let [list, others] = args else { return false };
        let (ExprKind::List(constants), Some(item)) = (&others.kind, item_of(&list.ty)) else {
            return false;
        };
        let word = self.pass.rows.word(item);
        let fits = (1..=limits::SET_VALUES).contains(&constants.len());
        if !fits || word == WordType::Bool || !constants.iter().all(is_constant) {
            return false;
        }
        let list = self.operand(list, missing);
        let set = self.set_of(word, constants.iter());
        self.item_slot(item);
        self.code
            .push(Instr::new(Op::Sift, dst, list, 0, set, wanted));
        true
    }

    /// `dst ← a list of what lies in a slot of each row`, if that is all that the items are; else `false`, and nothing is done.
    pub fn column(&mut self, stream: &Stream<'_>, want: &Type, dst: u8) -> bool {
        let Some((list, row, item, stage)) = stream.mapped_rows() else {
            return false;
        };
        let word = self.pass.rows.word(want);
        let is_scalar = !matches!(
            (word, want),
            (WordType::Row(_) | WordType::List(_), _)
                | (_, Type::Any | Type::Nothing | Type::Error)
        );
        if !is_scalar {
            return false;
        }
        // A row, read where the list is named.
        let rows = self.row(row, list, false);
        let (place, ty) = match stage {
            None => (Some(rows), item),
            Some(stage) if item.lies_like(stage.of) => {
                let (local, body) = stage.lambda;
                self.locals.push(*local, Bound::Alias(rows));
                (self.pure_place(body), &body.ty)
            }
            Some(_) => return false,
        };
        let Some(place) = place.filter(|place| place.reg == list && ty.lies_like(want)) else {
            return false;
        };
        let slot = self.pass.value_at(place.at, word);
        let to = self.item_slot(want);
        self.code.column(dst, list, slot, to.0 as u16);
        true
    }
}
