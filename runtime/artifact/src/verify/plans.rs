//! Field plans against the shapes they fill.

use super::fault::{Check, Locate, demand, entry, fault};
use super::tables::{distinct, string, text};
use crate::limits;
use crate::model::{Artifact, Plan, PlanNode, Shape, SlotIx, StrId, Want};
use crate::refusal::RefusalKind;
use crate::word::WordType;

/// Every plan.
pub(super) fn check(a: &Artifact) -> Check {
    for (index, plan) in a.plans.iter().enumerate() {
        one(a, plan).at(|| format!("plan {index}"))?;
    }
    Ok(())
}

fn one(a: &Artifact, plan: &Plan) -> Check {
    string(a, plan.schema)?;
    let mut row = Row::new(entry(&a.shapes, plan.shape.0, "shape")?);
    demand(
        matches!(plan.root.want, Want::Object(_)),
        RefusalKind::Value,
        || "the root is not an object".into(),
    )?;
    no_field(&plan.root)?;
    let mut walk = Walk { a, nodes: 0 };
    walk.node(&plan.root, &mut row, 0)
}

/// A row being filled: no slot twice.
struct Row<'a> {
    shape: &'a Shape,
    /// By slot, the first 64 and then the others: whether something fills it.
    first: u64,
    others: Vec<u64>,
}

impl<'a> Row<'a> {
    fn new(shape: &'a Shape) -> Row<'a> {
        Row {
            shape,
            first: 0,
            others: vec![0; shape.slots.len().div_ceil(64).saturating_sub(1)],
        }
    }

    fn fill(&mut self, slot: SlotIx, ty: WordType) -> Check {
        let found = entry(&self.shape.slots, u32::from(slot), "slot")?.ty;
        demand(found == ty, RefusalKind::SlotType, || {
            format!("slot {slot} is {found:?}; what is read for it is {ty:?}")
        })?;
        let bits = match usize::from(slot / 64).checked_sub(1) {
            None => &mut self.first,
            Some(at) => &mut self.others[at],
        };
        let bit = 1 << (slot % 64);
        let before = *bits & bit;
        *bits |= bit;
        demand(before == 0, RefusalKind::Order, || {
            format!("slot {slot} is filled twice")
        })
    }
}

struct Walk<'a> {
    a: &'a Artifact,
    nodes: usize,
}

impl Walk<'_> {
    fn node(&mut self, node: &PlanNode, row: &mut Row<'_>, depth: usize) -> Check {
        demand(depth < limits::NESTING, RefusalKind::TooDeep, || {
            format!("deeper than {}", limits::NESTING)
        })?;
        self.nodes += 1;
        demand(
            self.nodes <= limits::PLAN_NODES,
            RefusalKind::TooLarge,
            || format!("more than {} nodes", limits::PLAN_NODES),
        )?;
        if let Some(slot) = node.slot {
            row.fill(slot, taken(&node.want))?;
        }
        match &node.want {
            Want::Scalar(ty) => scalar(*ty),
            Want::Enum(values) => {
                values.iter().try_for_each(|value| string(self.a, *value))?;
                distinct(values.iter().copied()).at(|| "enum".into())
            }
            Want::Object(fields) => self.object(fields, row, depth),
            Want::List(shape, item) => {
                let mut items = Row::new(entry(&self.a.shapes, shape.0, "shape")?);
                no_field(item)
                    .and_then(|()| self.node(item, &mut items, depth + 1))
                    .at(|| "[]".into())
            }
            Want::Map(shape, item) => {
                let mut items = Row::new(entry(&self.a.shapes, shape.0, "shape")?);
                items.fill(0, WordType::Str).at(|| "key of a map".into())?;
                no_field(item)
                    .and_then(|()| self.node(item, &mut items, depth + 1))
                    .at(|| "{}".into())
            }
            Want::Any => Ok(()),
        }
    }

    /// Keys rise by their text, so that a reader may search them and so that each is there once.
    fn object(&mut self, fields: &[(StrId, PlanNode)], row: &mut Row<'_>, depth: usize) -> Check {
        let mut last: Option<&[u8]> = None;
        for (key, child) in fields {
            // Texts are in the order of their bytes.
            let text = text(self.a, *key)?.as_bytes();
            demand(
                last.is_none_or(|last| last < text),
                RefusalKind::Order,
                || "keys are not in order, or one is there twice".into(),
            )?;
            last = Some(text);
            self.node(child, row, depth + 1)
                .at(|| format!("string {}", key.0))?;
        }
        Ok(())
    }
}

/// Only a field of an object can be asked for by its name.
fn no_field(node: &PlanNode) -> Check {
    demand(!node.required, RefusalKind::Value, || {
        "what is no field of an object is required".into()
    })
}

/// The type of the word that a node puts into its slot.
fn taken(want: &Want) -> WordType {
    match want {
        Want::Scalar(ty) => *ty,
        Want::Enum(_) => WordType::Str,
        Want::Object(_) | Want::Any => WordType::Bool,
        Want::List(shape, _) | Want::Map(shape, _) => WordType::List(*shape),
    }
}

fn scalar(ty: WordType) -> Check {
    match ty {
        WordType::Kleene | WordType::Row(_) | WordType::List(_) => fault(
            RefusalKind::Value,
            format!("no JSON scalar is of type {ty:?}"),
        ),
        _ => Ok(()),
    }
}
