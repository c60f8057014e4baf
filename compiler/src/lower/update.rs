//! `update profile`: what is written, and the slots that show it at once: the value's, and those of records that are there by it. Of a
//! record or map that is set whole the machine itself sets what is read of it.
//!
//! A record that is written field by field (`{ city: "…" }`) is an update of each field. Never true here: a slot made for
//! the update's sake; a field that nobody reads needs none.

use super::expr::{self, Scope};
use super::needs::{At, Seg};
use super::pass::Pass;
use super::rows::RowKey;
use super::whole;
use crate::hir::{Expr, ExprKind};
use journey_artifact::graph::UpdateField;
use journey_artifact::model::SlotIx;
use journey_artifact::path;
use journey_artifact::word::WordType;

/// All fields of an update.
pub fn lower(
    pass: &mut Pass<'_>,
    scope: Scope<'_>,
    fields: &[(Vec<String>, Expr)],
) -> Vec<UpdateField> {
    let mut out = Vec::new();
    for (path, value) in fields {
        one(pass, scope, &mut path.clone(), value, &mut out);
    }
    out
}

fn one(
    pass: &mut Pass<'_>,
    scope: Scope<'_>,
    names: &mut Vec<String>,
    value: &Expr,
    out: &mut Vec<UpdateField>,
) {
    if let ExprKind::Record(fields) = &value.kind {
        for (name, value) in fields {
            names.push(name.clone());
            one(pass, scope, names, value, out);
            names.pop();
        }
        return;
    }
    whole::take(pass, &value.ty, value.span);
    let word = pass.rows.word(&value.ty);
    let mut there = Vec::new();
    let slot = shown(pass, names, word, &mut there);
    let chunk = expr::value(pass, scope, value, &value.ty);
    out.push(UpdateField {
        path: pass
            .pool
            .text(&path::join(names.iter().map(String::as_str))),
        slot,
        there,
        value: chunk,
    });
}

/// The slot of the profile row that holds this field, when it is read as this word; those that say of it, or of a record that it lies
/// in, whether it is there, are put into `there`.
fn shown(
    pass: &mut Pass<'_>,
    names: &[String],
    word: WordType,
    there: &mut Vec<SlotIx>,
) -> Option<SlotIx> {
    let row = pass.rows.id(RowKey::Profile);
    let mut at = pass.needs.root(row);
    let mut placed = pass.placed(at)?;
    for name in names {
        // The machine puts the entry into the list.
        if placed.dynamic {
            return None;
        }
        let segs = [Seg::Field(name), Seg::Key(name)];
        let kid = |seg| pass.needs.known_below(at, seg);
        let found: Vec<At> = segs.into_iter().filter_map(kid).collect();
        let found = found
            .into_iter()
            .find_map(|at| Some((at, pass.placed(at)?)))?;
        (at, placed) = found;
        there.extend(placed.slot.filter(|_| placed.value.is_none()));
    }
    placed.slot.filter(|_| placed.value == Some(word))
}
