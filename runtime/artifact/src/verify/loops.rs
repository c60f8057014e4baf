//! Loops of a chunk: one is entered at its head alone, and of two the one lies within the other or behind it.
//!
//! A loop is all from its head, a `Next`, to the last `Jump` back there. Who follows a chunk from its start to its end (the loader, a
//! compiler) may so take what a loop changes for what is written between the two. Never true here: a jump from outside a loop to
//! behind its head; loops that overlap.

use super::fault::{Check, Locate, demand};
use crate::code::{Instr, Op};
use crate::refusal::RefusalKind;

/// Whether an instruction closes a loop.
pub(super) fn goes_back(at: usize, i: Instr) -> bool {
    i.op == Op::Jump && usize::from(i.hi) <= at
}

/// From the head to the last jump back.
#[derive(Clone, Copy, Debug)]
struct Loop {
    head: usize,
    last: usize,
}

/// All loops of a chunk whose instructions are each in form.
pub(super) fn check(code: &[Instr]) -> Check {
    // By head: the last jump back there.
    let mut last_of = vec![0; code.len()];
    for (at, i) in code.iter().enumerate() {
        if goes_back(at, *i) {
            last_of[usize::from(i.hi)] = at;
        }
    }
    // By place: the innermost loop that it lies in behind the head.
    let mut within: Vec<Option<Loop>> = vec![None; code.len()];
    let mut open: Vec<Loop> = Vec::new();
    for at in 0..code.len() {
        while open.pop_if(|it| it.last < at).is_some() {}
        within[at] = open.last().copied();
        let it = Loop {
            head: at,
            last: last_of[at],
        };
        if it.last == 0 {
            continue;
        }
        let around = open.last().map_or(usize::MAX, |around| around.last);
        demand(it.last <= around, RefusalKind::Loop, || {
            format!("its loop goes on behind instruction {around}, where the one around it ends")
        })
        .at(|| format!("instruction {at}"))?;
        open.push(it);
    }
    for (at, i) in code.iter().enumerate().filter(|(_, i)| i.op.jumps()) {
        let into = within[usize::from(i.hi)];
        let enters = into.is_some_and(|it| at < it.head || it.last < at);
        demand(!enters, RefusalKind::Loop, || {
            format!("to {} in a loop, past its head", i.hi)
        })
        .at(|| format!("instruction {at} ({})", i.op.name()))?;
    }
    Ok(())
}
