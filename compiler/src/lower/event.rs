//! Event declarations.
//!
//! Comes in: checked events. Goes out: their plan, chunks and discriminators. A `where` becomes one chunk for each part that
//! its top-level `and` joins, so that a machine can share the parts that many declarations have in common. A declaration that no journey
//! listens for is a name: nothing of it is read, and so nothing is refused for it.

use super::discriminators::{self, parts};
use super::expr::{self, Scope};
use super::pass::Pass;
use super::rows::RowKey;
use crate::hir::Event;
use crate::types::Type;
use journey_artifact::model::EventDecl;
use journey_artifact::word::ShapeId;

/// The row of events of this declaration's schema.
pub fn row(pass: &mut Pass<'_>, event: &Event) -> ShapeId {
    pass.rows.id(RowKey::Event(event.schema.clone()))
}

/// A declaration that no journey listens for.
pub fn unheard(pass: &mut Pass<'_>, event: &Event) -> EventDecl {
    let row = row(pass, event);
    EventDecl {
        name: pass.pool.text(&event.name),
        plan: pass.plan(row, &event.schema, &event.ty),
        discriminators: Vec::new(),
        conditions: Vec::new(),
        key: None,
        namespace: None,
        dedupe: None,
    }
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
    let (mut discriminators, mut conditions) = (Vec::new(), Vec::new());
    if let Some(condition) = &event.condition {
        discriminators = discriminators::of(pass, row, condition);
        let parts = parts(condition);
        conditions = parts
            .into_iter()
            .map(|part| expr::condition(pass, scope, part))
            .collect();
    }
    EventDecl {
        name,
        plan,
        discriminators,
        conditions,
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
