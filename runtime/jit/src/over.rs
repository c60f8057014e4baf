//! Loops over a list whose rows are only looked at.
//!
//! Such a loop is seen once, before it begins, to lie within its record and to have the fuel for every turn. Comes in: a chunk's
//! instructions and what is known of the registers. Goes out: which loops are of that kind. Never true here: a turn that costs
//! something unforeseen; where a check fails the interpreter does it all.

use super::at::{At, at as whereto};
use cranelift_codegen::ir::{Block, Value};
use cranelift_frontend::Variable;
use journey_artifact::code::{Instr, Op};
use journey_machine::eval::dead::Dead;

/// A loop whose code is being made.
#[derive(Clone, Copy)]
pub(crate) struct Running {
    /// What is done with a row.
    pub body: Block,
    /// Where it goes when there is none.
    pub done: Block,
    /// The address of the row.
    pub row: Variable,
    /// The address behind the last row.
    pub end: Value,
    /// From one row to the next, in bytes.
    pub step: i64,
    pub last: usize,
}

/// A loop over a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Over {
    /// The instruction that goes back to its head last.
    pub last: usize,
    /// The record that the list is in.
    pub record: u8,
    /// Words of a row.
    pub stride: i64,
    /// Fuel that the dearest way back costs.
    pub dearest: u64,
}

/// The loop that begins at an instruction, if it is of the kind. `stride`: words of its rows; `known`: where registers point before it; `foreseen`: whether an
/// instruction is neither left to the machine nor does what costs fuel by the size of anything; what its calls cost is to be added.
pub(crate) fn over(
    dead: &Dead<'_>,
    head: usize,
    stride: i64,
    known: &[At],
    is_target: &[bool],
    foreseen: impl Fn(usize) -> bool,
) -> Option<Over> {
    let code = dead.code();
    let next = *code.get(head)?;
    let record = whereto(known, next.b).record()?;
    if next.op != Op::Next || next.a == next.b || next.a == next.c || next.b == next.c {
        return None;
    }
    // Rows of no words are all at one place: an address does not tell where they end.
    if stride == 0 {
        return None;
    }
    let goes = |i: &Instr| i.target();
    let backs = || (head + 1..code.len()).filter(|at| goes(&code[*at]) == Some(head));
    let last = backs().max()?;
    let inside = head..=last;
    if usize::from(next.hi) <= last {
        return None;
    }
    let dearest = backs().map(|at| at + 1 - head).max()? as u64;
    for (at, i) in code.iter().enumerate() {
        let to = goes(i);
        if !inside.contains(&at) {
            // Nobody comes in but by its head, and to that from just before.
            if to.is_some_and(|to| inside.contains(&to)) {
                return None;
            }
            continue;
        }
        let changes = at > head && i.op.writes() && (i.a == next.b || i.a == next.c);
        let looks = at > head && i.reads().any(|read| read == next.c);
        let back = to.is_some_and(|to| to <= at) && !(i.op == Op::Jump && to == Some(head));
        if changes || looks || back || at > head && (i.op == Op::Next || !foreseen(at)) {
            return None;
        }
        let out = to.filter(|to| !inside.contains(to));
        let on = (at == last && !i.op.ends()).then_some(at + 1);
        let outside = out.into_iter().chain(on);
        if !outside.into_iter().all(|to| dead.is_dead(to, next.c)) {
            return None;
        }
    }
    // It begins with the first row.
    let before = (0..head).rev();
    let straight = before.take_while(|at| !is_target[at + 1] || at + 1 == head);
    let from = straight.map(|at| code[at]).find(|i| {
        i.op.ends() || i.op.writes() && i.a == next.c || i.op == Op::Next && i.c == next.c
    })?;
    let first = from.op == Op::Int && from.a == next.c && from.imm() == 0;
    first.then_some(Over {
        last,
        record,
        stride,
        dearest,
    })
}

#[cfg(test)]
mod tests {
    use super::{At, Dead, over};
    use crate::testing::i;
    use journey_artifact::code::{Instr, Op};

    /// `items.any(item => item.price > 50)`: the list in 4, the row in 5, the cursor in 6.
    fn any() -> Vec<Instr> {
        vec![
            i(Op::Slot, 4, 2, 1, 0, 9),
            i(Op::Int, 6, 0, 0, 0, 0),
            i(Op::Next, 5, 4, 6, 0, 9),
            i(Op::Slot, 8, 5, 1, 0, 6),
            i(Op::LtD, 7, 9, 8, 0, 0),
            i(Op::JumpTrue, 7, 0, 0, 0, 7),
            i(Op::Jump, 0, 0, 0, 0, 2),
            i(Op::Bool, 3, 0, 0, 1, 0),
            i(Op::Ret, 3, 0, 0, 0, 0),
            i(Op::RetMissing, 0, 0, 0, 0, 0),
        ]
    }

    fn is_over(code: &[Instr], list: At) -> bool {
        let mut known = vec![At::Somewhere; 12];
        known[4] = list;
        let is_target: Vec<bool> = (0..=code.len())
            .map(|at| {
                let mut ways = code.iter().filter(|i| i.op.jumps());
                ways.any(|i| usize::from(i.hi) == at)
            })
            .collect();
        over(&Dead::new(code), 2, 3, &known, &is_target, |_| true).is_some()
    }

    #[test]
    fn a_loop_that_only_looks_is_known() {
        let mut known = vec![At::Somewhere; 12];
        known[4] = At::Record(2);
        let found = over(&Dead::new(&any()), 2, 3, &known, &[false; 11], |_| true).expect("a loop");
        assert_eq!((found.last, found.record, found.dearest), (6, 2, 5));
        let rowless = over(&Dead::new(&any()), 2, 0, &known, &[false; 11], |_| true);
        assert!(rowless.is_none(), "rows without words");
    }

    #[test]
    fn what_may_be_otherwise_is_not() {
        assert!(is_over(&any(), At::Record(2)));
        assert!(!is_over(&any(), At::Somewhere), "a list that was made");
        type Change = fn(&mut Vec<Instr>);
        let changes: [(&str, Change); 8] = [
            ("it begins elsewhere", |code| code[1].lo = 1),
            ("the cursor is read", |code| code[4].b = 6),
            ("the cursor is changed", |code| code[4].a = 6),
            ("the list is changed", |code| code[4].a = 4),
            ("the cursor is read behind it", |code| {
                code[7] = i(Op::Move, 3, 6, 0, 0, 0);
            }),
            ("somebody comes in from outside", |code| code[0].hi = 4),
            ("it ends within itself", |code| code[2].hi = 6),
            ("another way back", |code| {
                code[5] = i(Op::JumpTrue, 7, 0, 0, 0, 2);
            }),
        ];
        for (why, change) in changes {
            let mut code = any();
            change(&mut code);
            assert!(!is_over(&code, At::Record(2)), "{why}");
        }
    }
}
