//! What of an event, a response or a failure is kept in variables: the slots that are read through the variable.
//!
//! Comes in: the row that arrives, the variable. Goes out: slot pairs. Never true here: a slot kept that nobody reads.

use super::layout::Placed;
use super::needs::Seg;
use super::pass::Pass;
use journey_artifact::graph::Bind;
use journey_artifact::word::ShapeId;

/// Copies everything that the variables row has at or below `to` from the same place below the root of `from`.
pub fn all(pass: &mut Pass<'_>, from: ShapeId, vars: ShapeId, to: &[Seg]) -> Vec<Bind> {
    let layout = pass.layout;
    let Some(placed) = layout.at(vars, to) else {
        return Vec::new();
    };
    let mut binding = Binding {
        pass,
        from,
        vars,
        path: Vec::new(),
        to: to.to_vec(),
        out: Vec::new(),
    };
    binding.below(placed);
    binding.out
}

struct Binding<'p, 'a> {
    pass: &'p mut Pass<'a>,
    from: ShapeId,
    vars: ShapeId,
    /// Below the root of the row that arrives.
    path: Vec<Seg>,
    /// The same, in the variables row.
    to: Vec<Seg>,
    out: Vec<Bind>,
}

impl Binding<'_, '_> {
    fn below(&mut self, placed: &Placed) {
        if let Some(to) = placed.slot {
            let from = self.pass.same(placed, self.from, &self.path);
            self.out.push(Bind { from, to });
        }
        // A map that is one list of entries on one side is so on both.
        if !placed.kids.is_empty()
            && let Some(Placed {
                dynamic: true,
                value: Some(ty),
                ..
            }) = self.pass.layout.at(self.from, &self.path)
        {
            let ty = *ty;
            self.pass.map(self.vars, &self.to, ty);
        }
        for (seg, kid) in &placed.kids {
            self.path.push(seg.clone());
            self.to.push(seg.clone());
            self.below(kid);
            self.to.pop();
            self.path.pop();
        }
    }
}
