//! One pass over a program: what it writes, and the layout it goes by.
//!
//! Code can be written only when it is known where things lie, and what lies where follows from what code reads. So a
//! program is lowered several times: each pass notes its needs, and the layout made of them serves the next, until a pass
//! needs exactly what it was given. Reading never depends on slot numbers, so needs only grow, and few passes suffice. A
//! pass that asked its layout for nothing but the slots that code names needs no other behind it: those are put in.
//! Comes in: a layout. Goes out: tables, needs, problems. Never true here: a layout that changes during a pass.

use super::code::Code;
use super::layout::{Layout, Named, Placed, Slot};
use super::needs::{At, Needs, Seg};
use super::pool::Pool;
use super::rows::{RowKey, Rows};
use crate::diag::{self, Diagnostic};
use crate::hash::Map;
use crate::source::Span;
use crate::types::Type;
use crate::xdm::Registry;
use journey_artifact::model::{PlanId, SlotIx};
use journey_artifact::word::{ShapeId, WordType};

/// A pass.
pub struct Pass<'a> {
    /// The schemas.
    pub registry: &'a Registry,
    /// Where things lie, as the pass before found.
    layout: &'a Layout,
    /// The rows known so far.
    pub rows: &'a mut Rows,
    /// What this pass reads.
    pub needs: &'a mut Needs,
    /// What this pass writes.
    pub pool: &'a mut Pool,
    /// Memory for the code of one chunk.
    pub spare: &'a mut Code,
    /// What cannot be laid out.
    pub problems: Vec<Diagnostic>,
    /// Rows already taken whole: items and entries of one type lie in different ones.
    pub whole: Map<ShapeId, ()>,
    /// Whether anything but a slot that code names came out of the layout.
    asked: bool,
    /// Which maps were taken for lists of entries, and which not.
    maps: Vec<(At, bool)>,
}

impl<'a> Pass<'a> {
    /// A pass that goes by `layout`.
    pub fn new(
        registry: &'a Registry,
        layout: &'a Layout,
        rows: &'a mut Rows,
        needs: &'a mut Needs,
        pool: &'a mut Pool,
        spare: &'a mut Code,
    ) -> Pass<'a> {
        Pass {
            registry,
            layout,
            rows,
            needs,
            pool,
            spare,
            problems: Vec::new(),
            whole: Map::default(),
            asked: false,
            maps: Vec::new(),
        }
    }

    /// Whether the code of this pass is that of one that goes by `next`, but for the slots it names.
    pub fn would_stand(&self, next: &Layout) -> bool {
        let is_dynamic = |at: &At| next.at(*at).is_some_and(|placed| placed.dynamic);
        !self.asked && self.maps.iter().all(|(at, was)| is_dynamic(at) == *was)
    }

    /// The slot of a value. Slot 0 stands in while the layout does not have it yet; another pass follows then.
    pub fn value(&mut self, row: ShapeId, path: &[Seg<'_>], ty: WordType) -> SlotIx {
        let at = self.needs.path(row, path);
        self.asked = true;
        self.value_at(at, ty).ix
    }

    /// The slot of a value, for an instruction.
    pub fn value_at(&mut self, at: At, ty: WordType) -> Slot {
        self.needs.value(at, ty);
        self.slot(at)
    }

    /// The slot that says whether something is there, for an instruction.
    pub fn present_at(&mut self, at: At) -> Slot {
        self.needs.present(at);
        self.slot(at)
    }

    /// The slot of a map that is read as a list of entries, for an instruction.
    pub fn map_at(&mut self, at: At, ty: WordType) -> Slot {
        self.needs.map(at, ty);
        self.slot(at)
    }

    /// The slot of `placed` again, at another place: how a copy of it is read.
    pub fn same(&mut self, placed: Placed, at: At) -> Slot {
        match placed.value {
            Some(ty) if placed.dynamic => self.map_at(at, ty),
            Some(ty) => self.value_at(at, ty),
            None => self.present_at(at),
        }
    }

    /// Whether a map is kept as a list of entries.
    pub fn is_dynamic(&mut self, at: At) -> bool {
        let dynamic = self.layout.at(at).is_some_and(|placed| placed.dynamic);
        self.maps.push((at, dynamic));
        dynamic
    }

    /// Whether the records directly below this row's root are rows of their own, not laid out in it.
    pub fn is_boxed(&self, at: At) -> bool {
        let below_root = |at| {
            let above = self.needs.above(at);
            above.is_some_and(|at| self.needs.is_root(at))
        };
        matches!(self.rows.key(self.needs.row(at)), RowKey::Args(_)) && below_root(at)
    }

    /// What lies at a path.
    pub fn placed(&mut self, at: At) -> Option<Placed> {
        self.asked = true;
        if self.needs.is_root(at) {
            return self.layout.root(self.needs.row(at));
        }
        self.layout.at(at)
    }

    /// What lies at these steps below a row, if anything is read there.
    pub fn placed_by(&mut self, row: ShapeId, path: &[Seg<'_>]) -> Option<Placed> {
        self.asked = true;
        let at = self.needs.known(row, path)?;
        self.placed(at)
    }

    /// The paths directly below what lies somewhere, in order.
    pub fn kids(&self, placed: Placed) -> &'a [At] {
        self.layout.kids(placed)
    }

    /// The slots of a row; none when the row was not known yet.
    pub fn slots(&mut self, row: ShapeId) -> &'a [(Named, WordType)] {
        self.asked = true;
        self.layout.row(row).unwrap_or(&[])
    }

    /// The layout that this pass was found to agree with.
    pub fn agreed(&self) -> &'a Layout {
        self.layout
    }

    /// The type of what lies at a path, by its last step in a value of this type; `None` when the type declares no such step.
    pub fn part(&self, at: At, ty: &Type) -> Option<Type> {
        let (_, seg) = self.needs.step(at)?;
        match (seg, ty) {
            (Seg::Field(name), Type::Record(record)) => {
                record.field(self.registry, name).map(|field| field.ty)
            }
            (Seg::Key(_), Type::Map(value)) => Some((**value).clone()),
            _ => None,
        }
    }

    /// The plan that fills a row.
    pub fn plan(&mut self, row: ShapeId, schema: &str, ty: &Type) -> PlanId {
        self.pool.plan(row, schema, ty)
    }

    /// Notes what cannot be laid out.
    pub fn problem(&mut self, code: diag::Code, span: Span, message: &str, why: &str) {
        self.problems
            .push(Diagnostic::new(code, span, message).why(why));
    }

    fn slot(&self, at: At) -> Slot {
        let ix = self.layout.at(at).and_then(|placed| placed.slot);
        Slot {
            at,
            ix: ix.unwrap_or(0),
        }
    }
}
