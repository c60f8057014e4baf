//! One pass over a program: what it writes, and the layout it goes by.
//!
//! Code can be written only when it is known where things lie, and what lies where follows from what code reads. So a
//! program is lowered several times: each pass notes its needs, and the layout made of them serves the next, until a pass
//! needs exactly what it was given. Reading never depends on slot numbers, so needs only grow, and few passes suffice.
//! Comes in: a layout. Goes out: tables, needs, problems. Never true here: a layout that changes during a pass.

use super::layout::{Layout, Placed};
use super::needs::{Needs, Seg};
use super::pool::Pool;
use super::rows::{RowKey, Rows};
use crate::diag::{Code, Diagnostic};
use crate::source::Span;
use crate::types::Type;
use crate::xdm::Registry;
use journey_artifact::model::{PlanId, SlotIx};
use journey_artifact::word::{ShapeId, WordType};
use std::collections::HashSet;

/// A plan that was asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The row it fills.
    pub row: ShapeId,
    /// `$id` of the schema or name of the call.
    pub schema: String,
    /// Type of the document.
    pub ty: Type,
}

/// A pass.
pub struct Pass<'a> {
    /// The schemas.
    pub registry: &'a Registry,
    /// Where things lie, as the pass before found.
    pub layout: &'a Layout,
    /// The rows known so far.
    pub rows: &'a mut Rows,
    /// What this pass reads.
    pub needs: Needs,
    /// What this pass writes.
    pub pool: Pool,
    /// Plans asked for, in order.
    pub plans: Vec<Wanted>,
    /// What cannot be laid out.
    pub problems: Vec<Diagnostic>,
    /// Rows already taken whole: items and entries of one type lie in different ones.
    pub whole: HashSet<ShapeId>,
}

impl<'a> Pass<'a> {
    /// A pass that goes by `layout`.
    pub fn new(registry: &'a Registry, layout: &'a Layout, rows: &'a mut Rows) -> Pass<'a> {
        Pass {
            registry,
            layout,
            rows,
            needs: Needs::default(),
            pool: Pool::default(),
            plans: Vec::new(),
            problems: Vec::new(),
            whole: HashSet::new(),
        }
    }

    /// The slot of a value. Slot 0 stands in while the layout does not have it yet; another pass follows then.
    pub fn value(&mut self, row: ShapeId, path: &[Seg], ty: WordType) -> SlotIx {
        self.needs.value(row, path, ty);
        self.slot(row, path)
    }

    /// The slot that says whether something is there.
    pub fn present(&mut self, row: ShapeId, path: &[Seg]) -> SlotIx {
        self.needs.present(row, path);
        self.slot(row, path)
    }

    /// The slot of a map that is read as a list of entries.
    pub fn map(&mut self, row: ShapeId, path: &[Seg], ty: WordType) -> SlotIx {
        self.needs.map(row, path, ty);
        self.slot(row, path)
    }

    /// The slot of `placed` again, at another place: how a copy of it is read.
    pub fn same(&mut self, placed: &Placed, row: ShapeId, path: &[Seg]) -> SlotIx {
        match placed.value {
            Some(ty) if placed.dynamic => self.map(row, path, ty),
            Some(ty) => self.value(row, path, ty),
            None => self.present(row, path),
        }
    }

    /// Whether a map is kept as a list of entries.
    pub fn is_dynamic(&self, row: ShapeId, path: &[Seg]) -> bool {
        self.layout.at(row, path).is_some_and(|at| at.dynamic)
    }

    /// Whether the records directly below this row's root are rows of their own, not laid out in it.
    pub fn is_boxed(&self, row: ShapeId, path: &[Seg]) -> bool {
        path.len() == 1 && matches!(self.rows.key(row), RowKey::Args(_))
    }

    /// The plan that fills a row.
    pub fn plan(&mut self, row: ShapeId, schema: &str, ty: &Type) -> PlanId {
        let at = self
            .plans
            .iter()
            .position(|plan| plan.row == row)
            .unwrap_or_else(|| {
                self.plans.push(Wanted {
                    row,
                    schema: schema.to_owned(),
                    ty: ty.clone(),
                });
                self.plans.len() - 1
            });
        PlanId(at as u32)
    }

    /// Notes what cannot be laid out.
    pub fn problem(&mut self, code: Code, span: Span, message: &str, why: &str) {
        self.problems
            .push(Diagnostic::new(code, span, message).why(why));
    }

    fn slot(&self, row: ShapeId, path: &[Seg]) -> SlotIx {
        self.layout
            .at(row, path)
            .and_then(|at| at.slot)
            .unwrap_or(0)
    }
}
