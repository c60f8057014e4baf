//! Calls of functions that need nothing but words, the instant and the zone: carried out without a native's call.
//!
//! Comes in: a chunk's instructions, once; then the words of arguments. Goes out: what the native gives. Never true here: a value or a
//! cost other than the call's.

use super::tables::Tables;
use super::tier::Outcome;
use super::view::View;
use crate::fault::Fault;
use crate::func::window::Window;
use crate::func::{Clock, Here, Short};
use journey_artifact::code::{Instr, Op};
use journey_artifact::word::date_time_ms;

/// What a call costs: texts and lists are not among the arguments.
pub const COST: u64 = 4;

/// A call.
#[derive(Debug)]
pub struct Reading {
    /// The function.
    pub what: Clock,
    /// The second argument, if it is a constant.
    pub constant: Option<u64>,
    /// The time that is asked for, as far as it is told without the calendar.
    pub window: Option<Window>,
}

impl Reading {
    /// The value.
    #[inline]
    pub(super) fn value(&self, here: Here<'_>, a: u64, b: u64) -> Result<Option<u64>, Fault> {
        if let Some(window) = &self.window
            && let Some(holds) = window.tells(here.now_ms, date_time_ms(a))
        {
            return Ok(Some(holds.into()));
        }
        self.what.value(here, a, self.constant.unwrap_or(b))
    }

    /// The same in two registers: the value with nothing beside it, or [`Outcome::MISSING`]; or [`Outcome::AGAIN`] where there is a fault.
    #[inline]
    pub(super) fn outcome(&self, here: Here<'_>, a: u64, b: u64) -> Outcome {
        let (word, left) = match self.value(here, a, b) {
            Ok(Some(word)) => (word, 0),
            Ok(None) => (0, Outcome::MISSING),
            Err(_) => (0, Outcome::AGAIN),
        };
        Outcome { word, left }
    }
}

/// [`Reading::outcome`] for compiled code, which has paid for it.
pub extern "C" fn reading_for_code(view: &View<'_>, reading: &Reading, a: u64, b: u64) -> Outcome {
    reading.outcome(view.here(), a, b)
}

/// The calls of a chunk that are of this kind, each by its instruction.
pub(super) fn find(code: &[Instr], is_target: &[bool], tables: &Tables) -> Vec<(usize, Reading)> {
    let calls = code.iter().enumerate().filter(|(_, i)| i.op == Op::Call);
    let readings = calls.filter_map(|(at, i)| {
        let Some(Short::Clock(what)) = tables.import(i.lo).ok()?.short else {
            return None;
        };
        let before = at.checked_sub(1).filter(|_| i.c == 2 && !is_target[at]);
        let before = before.map(|before| code[before]);
        let constant = before.filter(|before| before.a == i.b.wrapping_add(1));
        let constant = match constant {
            Some(constant) if constant.op == Op::Int => Some(i64::from(constant.imm()) as u64),
            Some(constant) if constant.op == Op::Const => tables.constant(constant.lo).ok(),
            _ => None,
        };
        let window = match (what, constant) {
            (Clock::Within(unit, past), Some(amount)) => Window::new(amount as i64, unit, past),
            _ => None,
        };
        let reading = Reading {
            what,
            constant,
            window,
        };
        Some((at, reading))
    });
    readings.collect()
}
