//! `update profile`: what is written, and the slots that show it at once: the value's, and those of records that are there by it.
//!
//! A record that is written field by field (`{ city: "…" }`) is an update of each field. Never true here: a slot made for
//! the update's sake; a field that nobody reads needs none.

use super::expr::{self, Scope};
use super::needs::{At, Seg};
use super::pass::Pass;
use super::rows::RowKey;
use super::whole;
use crate::diag::Code;
use crate::hir::{Expr, ExprKind};
use crate::types::Type;
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
    let slot = shown(pass, names, value, word, &mut there);
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
    value: &Expr,
    word: WordType,
    there: &mut Vec<SlotIx>,
) -> Option<SlotIx> {
    let row = pass.rows.id(RowKey::Profile);
    let mut at = pass.needs.root(row);
    let mut placed = pass.placed(at)?;
    for name in names {
        if placed.dynamic {
            let message = "a key of a map is put into the profile, and all of the map is read";
            let why = "read the keys that are needed one by one: `profile.map[\"key\"]`";
            pass.problem(Code::NotYet, value.span, message, why);
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
    match value.ty {
        // Single keys of it are read: from the next pass on out of the whole map, so that they see the change.
        Type::Map(_) if placed.has_kids() => {
            pass.map_at(at, word);
        }
        Type::Record(_) if placed.slot.is_some() || placed.has_kids() => {
            let message =
                "a record is put into the profile whole, and single fields of it are read";
            let why = format!(
                "set its fields one by one: `{}.name: value.name, …`; then each is seen at once",
                names.join(".")
            );
            pass.problem(Code::NotYet, value.span, message, &why);
        }
        _ => {}
    }
    placed.slot.filter(|_| placed.value == Some(word))
}
