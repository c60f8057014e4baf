//! Field plans.

use super::names;
use crate::limits;
use crate::model::{Artifact, PlanId, PlanNode, Want};
use crate::word::ShapeId;
use std::fmt::Write;

/// Appends a plan.
pub(super) fn print(a: &Artifact, id: PlanId, out: &mut String) {
    let Some(plan) = a.plans.get(id.0 as usize) else {
        let _ = writeln!(out, "plan ?{}", id.0);
        return;
    };
    let _ = writeln!(
        out,
        "plan {}: {}, shape {}",
        id.0,
        names::name(a, plan.schema),
        plan.shape.0
    );
    below(a, &plan.root, plan.shape, 1, out);
}

/// A line for the node, then its children.
fn node(a: &Artifact, key: &str, node: &PlanNode, shape: ShapeId, depth: usize, out: &mut String) {
    let want = match &node.want {
        Want::Scalar(ty) => format!(": {}", names::ty(*ty)),
        Want::Enum(values) => {
            let values: Vec<String> = values.iter().map(|value| names::name(a, *value)).collect();
            format!(": one of {}", values.join(" | "))
        }
        Want::Object(_) => String::new(),
        Want::List(rows, _) => format!(": list of shape {}", rows.0),
        Want::Map(rows, _) => format!(": map of shape {}", rows.0),
        Want::Any => ": anything".into(),
    };
    let slot = node.slot.map_or_else(String::new, |slot| {
        format!(" → {slot} {}", names::slot(a, shape, slot))
    });
    let must = if node.required { "!" } else { "" };
    let indent = depth * 2;
    let _ = writeln!(out, "{:indent$}{key}{want}{must}{slot}", "");
    below(a, node, shape, depth + 1, out);
}

fn below(a: &Artifact, parent: &PlanNode, shape: ShapeId, depth: usize, out: &mut String) {
    if depth > limits::NESTING + 1 {
        let _ = writeln!(out, "{:indent$}…", "", indent = depth * 2);
        return;
    }
    match &parent.want {
        Want::Object(fields) => {
            for (key, child) in fields {
                node(a, &names::name(a, *key), child, shape, depth, out);
            }
        }
        Want::List(rows, item) => node(a, "[]", item, *rows, depth, out),
        Want::Map(rows, item) => node(a, "{}", item, *rows, depth, out),
        Want::Scalar(_) | Want::Enum(_) | Want::Any => {}
    }
}
