//! Event declarations, and the discriminators of events and entrances.

use super::names;
use crate::model::{Artifact, Bound, Discriminator, EventDecl, PlanId, Test};
use crate::word::ShapeId;
use std::fmt::Write;

/// Appends a declaration: a heading, then a line for each thing that it says.
pub(super) fn print(a: &Artifact, event: &EventDecl, out: &mut String) {
    let _ = writeln!(
        out,
        "event {}: plan {}",
        names::name(a, event.name),
        event.plan.0
    );
    for it in &event.discriminators {
        let _ = writeln!(out, "  by {}", discriminator(a, event.plan, it));
    }
    for id in &event.conditions {
        let _ = writeln!(out, "  where {}", names::chunk(a, *id));
    }
    if let Some(id) = event.key {
        let namespace = event
            .namespace
            .map(|id| format!(" in {}", names::name(a, id)));
        let _ = writeln!(
            out,
            "  key {}{}",
            names::chunk(a, id),
            namespace.unwrap_or_default()
        );
    }
    if let Some((id, within)) = event.dedupe {
        let _ = writeln!(out, "  dedupe {} within {within}ms", names::chunk(a, id));
    }
}

/// A discriminator over the row that a plan fills.
pub(super) fn discriminator(a: &Artifact, plan: PlanId, it: &Discriminator) -> String {
    let shape = a.plans.get(plan.0 as usize).map(|plan| plan.shape);
    let slot = names::slot(a, shape.unwrap_or(ShapeId(u32::MAX)), it.slot);
    match &it.test {
        Test::OneOf(values) => match values.as_slice() {
            [only] => format!("{slot} == {}", names::literal(a, *only)),
            all => {
                let all: Vec<String> = all.iter().map(|it| names::literal(a, *it)).collect();
                format!("{slot} in [{}]", all.join(", "))
            }
        },
        Test::Range { min, max } => {
            let end = |bound: &Option<Bound>, strict: &str, loose: &str| {
                bound.map(|bound| {
                    let op = if bound.inclusive { loose } else { strict };
                    format!("{slot} {op} {}", names::literal(a, bound.value))
                })
            };
            let ends = [end(min, ">", ">="), end(max, "<", "<=")];
            let ends: Vec<String> = ends.into_iter().flatten().collect();
            ends.join(" and ")
        }
        Test::Prefix(text) => format!("{slot} begins with {}", names::text(a, *text)),
    }
}
