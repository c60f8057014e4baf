//! Which presence bits are looked at together.
//!
//! Where several slots of one row lead to the same place when they are missing, and every way between them comes by the later ones or
//! leads there too, the first look tells for all. Comes in: a chunk's instructions. Goes out: for each read of a slot, what it looks at.
//! Never true here: a look moved before something that costs fuel, may be undone, or is told apart at that place.

use journey_artifact::code::{Instr, Op};
use journey_machine::eval::dead::Dead;
use journey_machine::eval::ops::compares;

/// What a read of a slot looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Look {
    /// These bits of the row's presence word that the slot's bit is in: all must be set.
    At(u64),
    /// Nothing: it was seen before.
    Seen,
}

/// Presence bits in a word.
const WORD: u16 = 64;
/// Instructions that are looked over from a read on.
const FAR: usize = 512;

/// What each read of a slot looks at; the others stand for nothing. `ours`: whether compiled code does an instruction itself.
pub(crate) fn looks(dead: &Dead<'_>, ours: impl Fn(usize) -> bool) -> Vec<Look> {
    let code = dead.code();
    let alone = |i: &Instr| Look::At(1 << (i.lo % WORD));
    let mut looks: Vec<Look> = code.iter().map(alone).collect();
    // From where each instruction is jumped to first; a jump back makes that no bound.
    let mut first_source = vec![usize::MAX; code.len() + 1];
    for (at, i) in code.iter().enumerate() {
        if i.op.jumps() {
            let to = usize::from(i.hi);
            let from = if to <= at { 0 } else { at };
            first_source[to] = first_source[to].min(from);
        }
    }
    for at in 0..code.len() {
        if reads_slot(code[at]) && looks[at] != Look::Seen && ours(at) {
            look_ahead(dead, &first_source, at, &mut looks);
        }
        let again = usize::from(code[at].hi);
        // With others it tells only that one of them is missing.
        let by_itself = reads_slot(code[at]) && looks[at] == alone(&code[at]);
        if by_itself && again > at && ours(at) && same_read(code, at, again) && ours(again) {
            // Who comes there has seen the slot: who missed it here goes further at once.
            let ways = &first_source[at + 1..=again];
            let kept = !code[at..again].iter().any(|i| writes_over(*i, code[at].b));
            if kept && ways.iter().all(|from| *from >= at) {
                looks[again] = Look::Seen;
            }
        }
    }
    looks
}

/// Where a read that looks at its slot alone goes when that is missing: over other reads of it, which would miss it too.
pub(crate) fn missing_to(code: &[Instr], at: usize) -> usize {
    let mut to = usize::from(code[at].hi);
    while same_read(code, at, to) && usize::from(code[to].hi) > to {
        to = usize::from(code[to].hi);
    }
    to
}

/// Whether two places read the same slot of the row that a register names.
fn same_read(code: &[Instr], at: usize, other: usize) -> bool {
    let (i, Some(other)) = (code[at], code.get(other)) else {
        return false;
    };
    let slot = |i: Instr| (i.b, i.lo, i.c);
    reads_slot(*other) && slot(i) == slot(*other)
}

fn reads_slot(i: Instr) -> bool {
    matches!(i.op, Op::Slot | Op::Has)
}

/// Adds to the look at `at` what the reads behind it would look at.
fn look_ahead(dead: &Dead<'_>, first_source: &[usize], at: usize, looks: &mut [Look]) {
    let code = dead.code();
    let head = code[at];
    let there = usize::from(head.hi);
    if there <= at || writes_over(head, head.b) {
        return;
    }
    let end = end_at(code, there);
    // Unless all ends here, what is not written on an early way must not matter where that leads.
    let matters = |i: &Instr| end.is_none() && i.op.writes() && !dead.is_dead(there, i.a);
    if matters(&head) {
        return;
    }
    let mut mask = 1u64 << (head.lo % WORD);
    // The furthest place inside that something jumps to: only from there on every way comes by.
    let mut furthest = at;
    for (place, i) in code.iter().enumerate().skip(at + 1).take(FAR) {
        let from = first_source[place];
        if from != usize::MAX && from < at || end.is_none() && place >= there {
            break;
        }
        let leads_away = |to: u16| {
            let to = usize::from(to);
            to <= place || to != there && (end.is_none() || end_at(code, to) != end)
        };
        let same_row = i.b == head.b && i.lo / WORD == head.lo / WORD && i.c == head.c;
        if reads_slot(*i) && same_row && !leads_away(i.hi) && furthest <= place {
            mask |= 1 << (i.lo % WORD);
            looks[place] = Look::Seen;
        } else if i.op.jumps() && leads_away(i.hi) {
            if usize::from(i.hi) <= place || usize::from(i.hi) >= code.len() {
                break;
            }
            furthest = furthest.max(usize::from(i.hi));
        }
        if !harmless(*i) || writes_over(*i, head.b) || matters(i) {
            break;
        }
    }
    looks[at] = Look::At(mask);
}

/// Whether nothing is different when an instruction is not carried out because the evaluation ends: it costs no fuel on the way, and
/// what it leaves in registers is not read at an end.
fn harmless(i: Instr) -> bool {
    use Op::*;
    compares(i.op)
        || matches!(
            i.op,
            Slot | Has
                | Const
                | Int
                | Bool
                | Move
                | EqS
                | In
                | AddI
                | SubI
                | AddD
                | SubD
                | MulD
                | DivD
                | IntToDec
                | Not
                | JumpTrue
                | JumpFalse
                | Jump
        )
}

fn writes_over(i: Instr, register: u8) -> bool {
    i.op.writes() && i.a == register
}

/// The end that a place is, however it is reached and whatever the registers hold: its result.
fn end_at(code: &[Instr], place: usize) -> Option<End> {
    let i = *code.get(place)?;
    match i.op {
        Op::RetMissing => Some(End::Missing),
        Op::Bool => match code.get(place + 1) {
            Some(next) if next.op == Op::Ret && next.a == i.a => Some(End::Bool(i.lo & 1 == 1)),
            _ => None,
        },
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Missing,
    Bool(bool),
}

#[cfg(test)]
mod tests {
    use super::{Dead, Look, looks, missing_to};
    use crate::testing::i;
    use journey_artifact::code::{Instr, Op};

    /// A slot of the row that register 2 names.
    fn slot(a: u8, slot: u16, missing: u16) -> Instr {
        i(Op::Slot, a, 2, 1, slot, missing)
    }

    fn no() -> [Instr; 2] {
        [i(Op::Bool, 3, 0, 0, 0, 0), i(Op::Ret, 3, 0, 0, 0, 0)]
    }

    fn looked(code: &[Instr]) -> Vec<Look> {
        looks(&Dead::new(code), |_| true)
    }

    #[test]
    fn slots_that_lead_to_the_same_end_are_looked_at_together() {
        let mut code = vec![
            slot(4, 0, 4),
            slot(5, 3, 4),
            i(Op::LtI, 3, 4, 5, 0, 0),
            i(Op::Ret, 3, 0, 0, 0, 0),
        ];
        code.extend(no());
        assert_eq!(looked(&code)[..2], [Look::At(0b1001), Look::Seen]);
    }

    #[test]
    fn a_look_is_not_moved_before_a_call() {
        let mut code = vec![
            slot(4, 0, 4),
            i(Op::Call, 6, 4, 1, 0, 4),
            slot(5, 3, 4),
            i(Op::Ret, 5, 0, 0, 0, 0),
        ];
        code.extend(no());
        let looks = looked(&code);
        assert_eq!([looks[0], looks[2]], [Look::At(1), Look::At(0b1000)]);
    }

    /// `a ?? …` where the way on reads what the first slot left.
    #[test]
    fn a_look_is_not_moved_where_the_difference_is_read() {
        let code = |read: u8| {
            [
                slot(4, 0, 3),
                slot(5, 1, 3),
                i(Op::Ret, 5, 0, 0, 0, 0),
                i(Op::Move, 6, read, 0, 0, 0),
                i(Op::Ret, 6, 0, 0, 0, 0),
            ]
        };
        assert_eq!(looked(&code(4))[..2], [Look::At(1), Look::At(0b10)]);
        assert_eq!(looked(&code(7))[..2], [Look::At(0b11), Look::Seen]);
    }

    /// `x > 5 or x > 1`
    fn either(second: u16) -> Vec<Instr> {
        let mut code = vec![
            slot(4, 2, 3),
            i(Op::LtI, 3, 7, 4, 0, 0),
            i(Op::JumpTrue, 3, 0, 0, 0, 6),
            slot(4, second, 7),
            i(Op::LtI, 3, 8, 4, 0, 0),
            i(Op::JumpFalse, 3, 0, 0, 0, 7),
            i(Op::Ret, 3, 0, 0, 0, 0),
        ];
        code.extend(no());
        code
    }

    #[test]
    fn a_slot_that_was_missed_is_not_looked_for_again() {
        let code = either(2);
        assert_eq!(missing_to(&code, 0), 7);
        assert_eq!(
            [looked(&code)[0], looked(&code)[3]],
            [Look::At(4), Look::Seen]
        );
        let code = either(1);
        assert_eq!(missing_to(&code, 0), 3);
        assert_eq!(looked(&code)[3], Look::At(2));
    }

    /// `f(x, y) ?? x`: who misses one of two may have the other.
    #[test]
    fn of_two_that_were_looked_at_together_either_may_be_there() {
        let mut code = vec![
            slot(4, 2, 3),
            slot(5, 6, 3),
            i(Op::Ret, 5, 0, 0, 0, 0),
            slot(4, 2, 5),
            i(Op::Ret, 4, 0, 0, 0, 0),
        ];
        code.extend(no());
        let looks = looked(&code);
        assert_eq!(looks[0], Look::At(1 << 2 | 1 << 6));
        assert_eq!(looks[3], Look::At(1 << 2), "it is looked for again");
    }
}
