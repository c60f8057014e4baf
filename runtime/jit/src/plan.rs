//! What must be known of a chunk before code is made of it.
//!
//! Comes in: the instructions of a verified chunk. Goes out: where blocks begin, what loops change, and for each instruction where
//! the references in its registers point, as far as all ways there agree. Never true here: a guess; what is not known is
//! [`At::Somewhere`], and what works on that is left to the machine.

use super::at::{At, Before, at as whereto};
use super::direct::{direct, result_of};
use super::over::{Over, over};
use super::presence::{Look, looks};
use journey_artifact::code::{Instr, Op, R_INPUT, R_PROFILE, R_VARS};
use journey_machine::eval::clock::COST;
use journey_machine::eval::dead::Dead;
use journey_machine::eval::ops::{compares, compares_texts};
use journey_machine::eval::shortcut::{InPlace, Shortcut};
use journey_machine::eval::tables::Import;
use std::collections::BTreeMap;

/// What is known of a chunk.
pub(crate) struct Plan {
    /// Whether something jumps to an instruction: a block begins there.
    pub is_target: Vec<bool>,
    /// Whether a loop begins at an instruction.
    pub is_head: Vec<bool>,
    /// What each read of a slot looks at.
    pub looks: Vec<Look>,
    /// Where the registers point before each instruction; `None` for one that is not reached.
    pub before: Before,
    /// Whether it uses fuel on the way: in loops, by calls that are not left to the machine.
    pub spends: bool,
    /// How many instructions are left to the machine.
    pub left: usize,
    /// By register: whether anything but a jump behind the comparison that gave its value reads it.
    pub is_read: [bool; 256],
    /// Whether a shortcut is taken at an instruction.
    pub short: Vec<bool>,
    /// Whether one is tried there: of a text that may have been made, the calls are carried out when it has no answer.
    pub tried: Vec<bool>,
    /// Which registers count: they hold a constant, or one more than before.
    pub counts: [bool; 256],
    /// Loops over a list whose rows are only looked at, by their heads.
    pub over: BTreeMap<usize, Over>,
}

/// Longest constant text that is compared in place, in bytes.
pub(crate) const TEXT_IN_PLACE: usize = 64;

/// A text and the constant that it is compared with.
pub(crate) struct Against {
    /// What names the text.
    pub register: u8,
    /// The record that it is in; `None`: its region says.
    pub record: Option<u8>,
    pub constant: u16,
}

/// What the plan asks of the program.
pub(crate) trait Asked {
    /// The bytes of a constant, if it is a text.
    fn text(&self, constant: u16) -> Option<&[u8]>;
    /// Whether a set is one of texts, or none at all.
    fn is_of_texts(&self, set: u16) -> bool;
    /// Whether an import needs words, the instant and the zone alone.
    fn reads_clock(&self, import: u16) -> bool;
    /// The shortcut that begins at an instruction.
    fn shortcut(&self, at: usize) -> Option<&Shortcut>;
    /// A function of the table, as it is called.
    fn import(&self, index: u16) -> Option<&Import>;
    /// Words of a row of a shape.
    fn row_words(&self, shape: u16) -> i64;
}

/// What of a shortcut is done in place, its cost, and the record that its text is in; `None`: the machine is asked.
pub(crate) fn shortcut_in_place<'s>(
    shortcut: &'s Shortcut,
    known: &[At],
) -> Option<(InPlace<'s>, u64, u8)> {
    let (test, cost) = shortcut.in_place()?;
    let short = match test {
        InPlace::StartWith(part) | InPlace::EndWith(part) => part.len() <= TEXT_IN_PLACE,
        InPlace::Bucket(_) => true,
    };
    let record = whereto(known, shortcut.text).record()?;
    short.then_some((test, cost, record))
}

/// Looks a chunk over.
pub(crate) fn plan(code: &[Instr], registers: u16, asked: &dyn Asked) -> Plan {
    let mut is_target = vec![false; code.len() + 1];
    // What each loop changes, by its head, and whether all that it puts there is made: else, on the way back in, these registers may hold
    // anything.
    let mut changes: BTreeMap<usize, BTreeMap<u8, bool>> = BTreeMap::new();
    for (at, i) in code.iter().enumerate() {
        if i.op.jumps() {
            let to = usize::from(i.hi);
            is_target[to] = true;
            if to <= at {
                let body = code[to..=at].iter().filter(|i| i.op.writes());
                let cursor = |i: &Instr| (i.op == Op::Next).then_some((i.c, false));
                let changed = body.flat_map(|i| [Some((i.a, makes(i.op))), cursor(i)]);
                let all = changes.entry(to).or_default();
                for (register, makes) in changed.flatten() {
                    *all.entry(register).or_insert(true) &= makes;
                }
            }
        }
    }
    let mut is_head = vec![false; code.len() + 1];
    for head in changes.keys() {
        is_head[*head] = true;
    }
    let mut is_read = [false; 256];
    for (at, i) in code.iter().enumerate() {
        let gives =
            |before: &Instr| (tells(before.op) || compares_texts(before.op)) && before.a == i.a;
        let is_test = matches!(i.op, Op::JumpTrue | Op::JumpFalse)
            && !is_target[at]
            && at.checked_sub(1).is_some_and(|before| gives(&code[before]));
        if !is_test {
            for register in i.reads() {
                is_read[usize::from(register)] = true;
            }
        }
    }
    let mut plan = Plan {
        is_read,
        is_target,
        is_head,
        looks: Vec::new(),
        before: Before::new(code.len() + 1, usize::from(registers)),
        spends: !changes.is_empty(),
        left: 0,
        short: vec![false; code.len()],
        tried: vec![false; code.len()],
        counts: counts(code),
        over: BTreeMap::new(),
    };
    // Up to here everything is done by a shortcut.
    let mut done = 0;
    let mut registers = vec![At::Somewhere; usize::from(registers)];
    registers[usize::from(R_PROFILE)] = At::Root(0);
    registers[usize::from(R_VARS)] = At::Root(1);
    registers[usize::from(R_INPUT)] = At::Root(2);
    plan.before.arrive(0, &registers);
    for (at, i) in code.iter().enumerate() {
        for (register, makes) in changes.get(&at).into_iter().flatten() {
            let known = plan.before.get(at);
            let stays = *makes && known.is_some_and(|it| whereto(it, *register) == At::Made);
            if !stays {
                plan.before.forget(at, *register);
            }
        }
        let Some(known) = plan.before.get(at) else {
            continue;
        };
        registers.copy_from_slice(known);
        if let Some(shortcut) = asked.shortcut(at) {
            plan.spends = true;
            // Of a text that the evaluation has made it has no answer.
            if whereto(&registers, shortcut.text) == At::Somewhere {
                plan.tried[at] = true;
                plan.is_target[shortcut.next] = true;
                let mut answered = registers.clone();
                answered[usize::from(shortcut.into)] = At::Somewhere;
                plan.before.arrive(shortcut.next, &answered);
            } else {
                plan.short[at] = true;
                done = shortcut.next;
            }
        }
        let left = left_to_machine(*i, &registers, asked);
        plan.left += usize::from(at >= done && left);
        plan.spends |= i.op == Op::Call && !left;
        let to = usize::from(i.hi);
        if i.op.jumps() && to > at {
            // On the way of a jump the destination keeps what it held.
            plan.before.arrive(to, &registers);
        }
        if i.op.writes() {
            registers[usize::from(i.a)] = result(*i, &registers, asked);
        }
        if !i.op.ends() {
            plan.before.arrive(at + 1, &registers);
        }
    }
    let dead = Dead::new(code);
    plan.looks = looks(&dead, |at| {
        let before = plan.before.get(at);
        before.is_some_and(|before| !left_to_machine(code[at], before, asked))
    });
    let heads = plan.is_head.iter().enumerate().filter(|(_, is)| **is);
    let over = heads.filter_map(|(head, _)| {
        let known = plan.before.get(head)?;
        let foreseen = |at: usize| {
            let before = plan.before.get(at);
            // What other calls cost is told by their texts and lists.
            (code[at].op != Op::Call || asked.reads_clock(code[at].lo))
                && !plan.short[at]
                && before.is_none_or(|before| !left_to_machine(code[at], before, asked))
        };
        let stride = asked.row_words(code[head].lo);
        let over = over(&dead, head, stride, known, &plan.is_target, foreseen)?;
        let calls = code[head..=over.last].iter().filter(|i| i.op == Op::Call);
        let dearest = over.dearest + COST * calls.count() as u64;
        Some((head, Over { dearest, ..over }))
    });
    plan.over = over.collect();
    plan
}

/// Whether an instruction tells something, so that a jump on it may be one with it.
fn tells(op: Op) -> bool {
    compares(op) || matches!(op, Op::EqS | Op::In)
}

/// Which registers only ever hold a constant, or one more than before. An addition costs fuel, which is less than 2⁶²: such a
/// register never comes near the edge of an integer.
fn counts(code: &[Instr]) -> [bool; 256] {
    if !code.iter().any(|i| i.op == Op::AddI) {
        return [false; 256];
    }
    let (mut is_one, mut counts) = ([true; 256], [true; 256]);
    for root in [R_PROFILE, R_VARS, R_INPUT] {
        is_one[usize::from(root)] = false;
    }
    for i in code.iter().filter(|i| i.op.writes()) {
        is_one[usize::from(i.a)] &= i.op == Op::Int && i.imm() == 1;
        if i.op == Op::Next {
            (is_one[usize::from(i.c)], counts[usize::from(i.c)]) = (false, false);
        }
    }
    for i in code.iter().filter(|i| i.op.writes()) {
        let adds = i.op == Op::AddI && i.b == i.a && is_one[usize::from(i.c)];
        counts[usize::from(i.a)] &= i.op == Op::Int || adds;
    }
    counts
}

/// Whether an instruction leaves a row or list in its register that the evaluation has made.
fn makes(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        NewRow | NewListLike | NewList | PushRow | Push | PushNull | Column | Sift
    )
}

/// Where what an instruction leaves in its register points.
fn result(i: Instr, registers: &[At], asked: &dyn Asked) -> At {
    let b = whereto(registers, i.b);
    match i.op {
        Op::Move => b,
        Op::Const if asked.text(i.lo).is_some() => At::Text(i.lo),
        // References inside a record name that record: readers, decoders and setters of the machine see to it.
        Op::Slot => b.record().map_or(At::Somewhere, At::Record),
        Op::Next | Op::Elem if b == At::Made => At::Made,
        Op::Next | Op::Elem => b.record().map_or(At::Somewhere, At::Row),
        op if makes(op) => At::Made,
        Op::Call => result_of(i, registers, asked.import(i.lo)),
        _ => At::Somewhere,
    }
}

/// Whether an instruction is left to the machine.
pub(crate) fn left_to_machine(i: Instr, registers: &[At], asked: &dyn Asked) -> bool {
    use Op::*;
    let at = |register: u8| whereto(registers, register);
    match i.op {
        Slot | Has => at(i.b).record().is_none() && at(i.b) != At::Made,
        In => asked.is_of_texts(i.lo) && at(i.b) == At::Somewhere,
        EqS | LtS | LeS => at(i.b) == At::Somewhere || at(i.c) == At::Somewhere,
        Call => !asked.reads_clock(i.lo) && direct(i, registers, asked.import(i.lo)).is_none(),
        Concat | Find => true,
        Push | PushNull => at(i.a) != At::Made,
        NewRow | Set | NewListLike | NewList | PushRow => true,
        Column | Sift => true,
        _ => false,
    }
}

/// For a comparison with a constant that is done in place: which side is the constant (true: the second), its index, and the record of the other
/// side, where that is known.
pub(crate) fn text_in_place(
    i: Instr,
    known: &[At],
    asked: &dyn Asked,
) -> Option<(bool, u16, Option<u8>)> {
    // Its register says "no" before the text is looked at.
    if i.op != Op::EqS || i.a == i.b || i.a == i.c {
        return None;
    }
    let (b, c) = (whereto(known, i.b), whereto(known, i.c));
    let (second, constant, other) = match (b, c) {
        (other, At::Text(constant)) => (true, constant, other),
        (At::Text(constant), other) => (false, constant, other),
        _ => return None,
    };
    let short = asked.text(constant)?.len() <= TEXT_IN_PLACE;
    (short && other != At::Somewhere).then_some((second, constant, other.record()))
}
