//! What of an event, a response or a failure is kept in variables: the slots that are read through the variable.
//!
//! Comes in: the row that arrives, the variable. Goes out: slot pairs. Never true here: a slot kept that nobody reads.

use super::layout::Placed;
use super::needs::{At, Seg};
use super::pass::Pass;
use journey_artifact::graph::Bind;
use journey_artifact::word::ShapeId;

/// Copies everything that the variables row has at or below `to` from the same place below the root of `from`.
pub fn all(pass: &mut Pass<'_>, from: ShapeId, vars: ShapeId, to: &[Seg<'_>]) -> Vec<Bind> {
    let Some(placed) = pass.placed_by(vars, to) else {
        return Vec::new();
    };
    let (from, to) = (pass.needs.root(from), pass.needs.path(vars, to));
    let mut out = Vec::new();
    below(pass, placed, from, to, &mut out);
    out
}

fn below(pass: &mut Pass<'_>, placed: Placed, from: At, to: At, out: &mut Vec<Bind>) {
    if let Some(to) = placed.slot {
        let from = pass.same(placed, from).ix;
        out.push(Bind { from, to });
    }
    // A map that is one list of entries on one side is so on both.
    if let Some(Placed {
        dynamic: true,
        value: Some(ty),
        ..
    }) = pass.placed(from)
    {
        pass.map_at(to, ty);
    }
    for to in pass.kids(placed) {
        let from = pass.needs.alike(from, *to);
        if let Some(kid) = pass.placed(*to) {
            below(pass, kid, from, *to, out);
        }
    }
}
