//! Event declarations.
//!
//! Comes in: checked events. Goes out: their plan, chunks and discriminators: equalities that the condition implies, by
//! which a host can look an event up instead of asking every declaration.

use super::expr::{self, Scope};
use super::needs::Seg;
use super::pass::Pass;
use super::rows::RowKey;
use crate::hir::{CompareOp, Event, Expr, ExprKind, Literal, Root};
use crate::types::Type;
use journey_artifact::model::{EventDecl, SlotIx, StrId};
use journey_artifact::word::{ShapeId, WordType};

/// The row of events of this declaration's schema.
pub fn row(pass: &mut Pass<'_>, event: &Event) -> ShapeId {
    pass.rows.id(RowKey::Event(event.schema.clone()))
}

/// A declaration.
pub fn lower(pass: &mut Pass<'_>, event: &Event) -> EventDecl {
    let row = row(pass, event);
    let scope = Scope {
        vars: None,
        input: Some(row),
    };
    let plan = pass.plan(row, &event.schema, &event.ty);
    let name = pass.pool.text(&event.name);
    let condition = event
        .condition
        .as_ref()
        .map(|e| expr::condition(pass, scope, e));
    let mut discriminators = Vec::new();
    if let Some(condition) = &event.condition {
        equalities(pass, row, condition, &mut discriminators);
    }
    EventDecl {
        name,
        plan,
        discriminators,
        condition,
        key: event
            .key
            .as_ref()
            .map(|e| expr::value(pass, scope, e, &Type::String)),
        namespace: event.namespace.as_ref().map(|name| pass.pool.text(name)),
        dedupe: event
            .dedupe
            .as_ref()
            .map(|(e, within)| (expr::value(pass, scope, e, &Type::String), *within)),
    }
}

/// Every `field == "text"` that must hold for the condition to hold.
fn equalities(pass: &mut Pass<'_>, row: ShapeId, e: &Expr, out: &mut Vec<(SlotIx, StrId)>) {
    match &e.kind {
        ExprKind::And(a, b) => {
            equalities(pass, row, a, out);
            equalities(pass, row, b, out);
        }
        ExprKind::Compare(CompareOp::Eq, a, b) => {
            for (field, text) in [(a, b), (b, a)] {
                if let (ExprKind::Literal(Literal::Str(text)), Some(path)) =
                    (&text.kind, path(field))
                {
                    let slot = pass.value(row, &path, WordType::Str);
                    let text = pass.pool.text(text);
                    if !out.iter().any(|(known, _)| *known == slot) {
                        out.push((slot, text));
                    }
                }
            }
        }
        _ => {}
    }
}

/// A chain of fields from the event.
fn path(e: &Expr) -> Option<Vec<Seg>> {
    match &e.kind {
        ExprKind::Root(Root::Input) => Some(Vec::new()),
        ExprKind::Field(base, name) => {
            let mut path = path(base)?;
            path.push(Seg::Field(name.clone()));
            Some(path)
        }
        _ => None,
    }
}
