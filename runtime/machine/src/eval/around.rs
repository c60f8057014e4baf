//! Instants against the present one: a slot, how far from now it is, and the jump on that, in one.
//!
//! So are `at.inLastDays(7)`, `at >= now() - 72h`, `at < now()`. Comes in: a chunk's instructions, once; then instants. Goes out: a truth at
//! the cost of the calls, or nothing: then nothing has happened, and the instructions are carried out one by one. Never true here: a
//! truth or a cost other than theirs.

use super::clock::{COST, Reading};
use super::dead::Dead;
use crate::fault::Fuel;
use crate::func::Clock;
use crate::func::window::{Unit, Window, reach};
use journey_artifact::code::{Instr, Op};
use journey_artifact::word::{date_time_ms, period_parts};

/// A question about a slot, with the jump on the answer.
#[derive(Debug)]
pub(super) struct Around {
    window: Window,
    cost: u64,
    /// On which answer it jumps.
    pub want: bool,
    /// Where to.
    pub to: u16,
    /// Where it goes on otherwise.
    pub next: u16,
}

impl Around {
    /// The answer for an instant.
    #[inline]
    pub fn holds(&self, now_ms: i64, word: u64, fuel: &mut Fuel) -> Option<bool> {
        let holds = self.window.tells(now_ms, date_time_ms(word))?;
        let mut left = *fuel;
        left.take(self.cost).ok()?;
        *fuel = left;
        Some(holds)
    }
}

/// The questions of a chunk, each by its first instruction.
pub(super) fn find(
    code: &[Instr],
    is_target: &[bool],
    readings: &[(usize, Reading)],
) -> Vec<(usize, Around)> {
    if readings.is_empty() || code.len() > usize::from(u16::MAX) {
        return Vec::new();
    }
    let dead = Dead::new(code);
    let reading = |at: usize| {
        let found = readings.binary_search_by_key(&at, |(at, _)| *at).ok()?;
        Some(&readings[found].1)
    };
    let slots = code.iter().enumerate().filter(|(_, i)| i.op == Op::Slot);
    let found = slots.filter_map(|(at, slot)| {
        let (window, cost, last) = asked(code, at, *slot, &reading)?;
        let jump = code.get(last + 1).filter(|jump| jump.a == code[last].a)?;
        let want = match jump.op {
            Op::JumpTrue => true,
            Op::JumpFalse => false,
            _ => return None,
        };
        if usize::from(jump.hi) <= last + 1 {
            return None;
        }
        // Nothing of what would be in registers may be wanted further on.
        let ways = [usize::from(jump.hi), last + 2];
        let written = || code[at..=last].iter().map(|i| i.a);
        let unread = ways
            .iter()
            .all(|way| written().all(|r| dead.is_dead(*way, r)));
        let free = !is_target[at + 1..=last + 1].contains(&true);
        (free && unread).then_some((
            at,
            Around {
                window,
                cost,
                want,
                to: jump.hi,
                next: (last + 2) as u16,
            },
        ))
    });
    found.collect()
}

/// What is asked of a slot: the time, the cost, and the instruction that gives the answer.
fn asked<'r>(
    code: &[Instr],
    at: usize,
    slot: Instr,
    reading: &impl Fn(usize) -> Option<&'r Reading>,
) -> Option<(Window, u64, usize)> {
    if let Some(window) = reading(at + 2).and_then(|call| call.window) {
        let call = code[at + 2];
        let its_own = call.b == slot.a && code[at + 1].a != slot.a;
        return its_own.then_some((window, COST, at + 2));
    }
    let now = code.get(at + 1)?;
    if reading(at + 1)?.what != Clock::Now || now.a == slot.a {
        return None;
    }
    let (edge, calls, last) = match reading(at + 3) {
        Some(sum) if loads(code[at + 2]) => {
            let call = code[at + 3];
            let written = [code[at + 2].a, call.a];
            if call.b != now.a || written.contains(&slot.a) || code[at + 2].a == now.a {
                return None;
            }
            (ahead(sum)?, 2, at + 3)
        }
        _ => ((0, 0), 1, at + 1),
    };
    let comparison = code.get(last + 1)?;
    let moment = code[last].a;
    let window = match (comparison.op, comparison.b, comparison.c) {
        (op, b, c) if (b, c) == (slot.a, moment) => Window::until(edge, op)?,
        (op, b, c) if (b, c) == (moment, slot.a) => Window::from(edge, op)?,
        _ => return None,
    };
    Some((window, COST * calls, last + 1))
}

fn loads(i: Instr) -> bool {
    matches!(i.op, Op::Const | Op::Int)
}

/// From now to where a sum leads, at the earliest and at the latest.
fn ahead(sum: &Reading) -> Option<(i64, i64)> {
    let by = sum.constant?;
    let (sooner, (least, most)) = match sum.what {
        Clock::Exact(sooner) => {
            let by = by as i64;
            let few = by.checked_abs()? <= 1 << 46;
            (sooner, few.then_some((by, by))?)
        }
        Clock::Calendar(sooner) => {
            let (months, days) = period_parts(by);
            let of_days = reach(days.into(), Unit::Days)?;
            let of_months = match months {
                0 => (0, 0),
                months => reach(months.into(), Unit::Months)?,
            };
            (sooner, (of_days.0 + of_months.0, of_days.1 + of_months.1))
        }
        _ => return None,
    };
    Some(if sooner {
        (-most, -least)
    } else {
        (least, most)
    })
}
