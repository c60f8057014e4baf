//! The interpreter loop.
//!
//! Fuel: a chunk costs its length at entry, a backward jump its distance; since every other jump goes forward, that bounds the
//! instructions executed. Operations over text and rows cost by their size.
//! Comes in: a chunk as [`super::fuse`] made it, and its environment. Goes out: a word or nothing. Never true here: a tag test;
//! types are static. A second meaning of an operation; what is not done in place here is done by [`super::step`].

use super::compare::*;
use super::fast::{FastOp, NO_JUMP};
use super::sight::{LastRow, equals_constant, is_in, slot};
use super::step::{dec, row_word};
use super::surroundings::{NO_ANSWER, Surroundings, made_slot};
use super::tier::Outcome;
use crate::fault::Fault;
use journey_artifact::word::Ref;

/// Runs a chunk to its end. `NOTE`: also tells whether what led there was something missing.
#[inline(always)]
pub(super) fn run<const NOTE: bool>(
    mut around: Surroundings<'_, '_>,
    by_missing: &mut bool,
) -> Result<Option<u64>, Fault> {
    let sight = around.sight;
    let mut last_row = LastRow::none();
    let code = &*around.chunk.code;
    let mut pc = 0usize;
    loop {
        let i = code.get(pc).ok_or(Fault::Corrupt("ran past the end"))?;
        let (a, b, c) = (usize::from(i.a), usize::from(i.b), usize::from(i.c));
        pc += 1;
        if NOTE {
            use FastOp::{Jump, Ret, RetLoad, RetMissing};
            *by_missing &= matches!(i.op, Jump | Ret | RetLoad | RetMissing);
        }
        // Goes where it goes when there is nothing.
        macro_rules! missing {
            ($to:expr) => {{
                if NOTE {
                    *by_missing = true;
                }
                pc = usize::from($to);
            }};
        }
        // A slot, if there is something in it.
        macro_rules! slot_of {
            () => {
                match sight.root(i.from) {
                    Some(root) => slot(root, i),
                    None => {
                        let row = around.regs[usize::from(i.row)];
                        match last_row.turn_to(row, sight) {
                            Some(row) => slot(row, i),
                            None => made_slot(around.scratch, row, i)?,
                        }
                    }
                }
            };
        }
        // A slot's value; without one it goes on elsewhere.
        macro_rules! read {
            () => {
                match slot_of!() {
                    Some(word) => word,
                    None => {
                        missing!(i.miss);
                        continue;
                    }
                }
            };
        }
        // What stands in front of the operation.
        macro_rules! before {
            (plain) => {};
            (K) => {
                around.regs[usize::from(i.k)] = i.word
            };
            (R) => {
                around.regs[usize::from(i.into)] = read!()
            };
            (RK) => {
                around.regs[usize::from(i.into)] = read!();
                around.regs[usize::from(i.k)] = i.word
            };
        }
        // A comparison: its result goes to the register, and decides where to go on.
        macro_rules! decide {
            ($holds:expr) => {{
                let holds = $holds;
                around.regs[a] = u64::from(holds);
                if u8::from(holds) == i.want {
                    pc = usize::from(i.to);
                }
            }};
        }
        // The same for a slot and a constant that nobody else reads: no register is written.
        macro_rules! clause {
            ($of:expr) => {{
                if u8::from($of(read!(), i.word)) == i.want {
                    pc = usize::from(i.to);
                }
            }};
        }
        // Whether a text is the constant one.
        macro_rules! is_constant {
            ($text:expr) => {
                match equals_constant(sight, $text, i) {
                    Some(equal) => equal,
                    None => around.same_text($text, i.word)?,
                }
            };
        }
        // Whether a value is in the instruction's set.
        macro_rules! is_in {
            ($word:expr) => {{
                let word = $word;
                let set = around.env.loaded.tables().set(i.word as u16)?;
                match is_in(sight, set, word) {
                    Some(is) => is,
                    None => around.made_is_in(set, word)?,
                }
            }};
        }
        macro_rules! compare {
            ($before:ident, $of:expr) => {{
                before!($before);
                decide!($of(around.regs[b], around.regs[c]))
            }};
        }
        macro_rules! int {
            ($before:ident, $of:expr) => {{
                before!($before);
                around.regs[a] = $of(around.regs[b] as i64, around.regs[c] as i64) as u64
            }};
        }
        macro_rules! divide_int {
            ($before:ident, $of:expr) => {{
                before!($before);
                match around.regs[c] as i64 {
                    0 => missing!(i.to),
                    divisor => around.regs[a] = $of(around.regs[b] as i64, divisor) as u64,
                }
            }};
        }
        macro_rules! order {
            ($before:ident, $of:ident) => {{
                before!($before);
                let (one, other) = (around.regs[b], around.regs[c]);
                decide!(around.order(one, other)?.$of())
            }};
        }
        macro_rules! decimal {
            ($before:ident, $of:expr) => {{
                before!($before);
                around.regs[a] = $of(dec(around.regs[b]), dec(around.regs[c])).to_bits()
            }};
        }
        macro_rules! divide {
            ($before:ident) => {{
                before!($before);
                match dec(around.regs[c]) {
                    0.0 => missing!(i.to),
                    divisor => around.regs[a] = (dec(around.regs[b]) / divisor).to_bits(),
                }
            }};
        }
        macro_rules! clock {
            ($before:ident) => {{
                before!($before);
                let outcome = around.read_clock(i);
                match outcome.left {
                    0 => {
                        around.regs[a] = outcome.word;
                        if i.want != NO_JUMP && outcome.word == u64::from(i.want) {
                            pc = usize::from(i.to);
                        }
                    }
                    Outcome::MISSING => missing!(i.to),
                    _ => return Err(around.clock_fault(i)),
                }
            }};
        }
        match i.op {
            FastOp::Load => around.regs[a] = i.word,
            FastOp::Move => around.regs[a] = around.regs[b],
            FastOp::Read => {
                around.regs[usize::from(i.into)] = read!();
                pc = usize::from(i.to);
            }
            FastOp::Has => match slot_of!() {
                Some(_) => pc = usize::from(i.to),
                None => pc = usize::from(i.miss),
            },
            FastOp::Jump => pc = usize::from(i.to),
            FastOp::Back => {
                around.fuel.take(i.word)?;
                pc = usize::from(i.to);
            }
            FastOp::IfTrue => {
                if around.regs[a] == 1 {
                    pc = usize::from(i.to);
                }
            }
            FastOp::IfFalse => {
                if around.regs[a] == 0 {
                    pc = usize::from(i.to);
                }
            }
            FastOp::EqI => compare!(plain, eq_i),
            FastOp::EqIK => compare!(K, eq_i),
            FastOp::EqIR => compare!(R, eq_i),
            FastOp::EqIRK => compare!(RK, eq_i),
            FastOp::LtI => compare!(plain, lt_i),
            FastOp::LtIK => compare!(K, lt_i),
            FastOp::LtIR => compare!(R, lt_i),
            FastOp::LtIRK => compare!(RK, lt_i),
            FastOp::LeI => compare!(plain, le_i),
            FastOp::LeIK => compare!(K, le_i),
            FastOp::LeIR => compare!(R, le_i),
            FastOp::LeIRK => compare!(RK, le_i),
            FastOp::EqD => compare!(plain, eq_d),
            FastOp::EqDK => compare!(K, eq_d),
            FastOp::EqDR => compare!(R, eq_d),
            FastOp::EqDRK => compare!(RK, eq_d),
            FastOp::LtD => compare!(plain, lt_d),
            FastOp::LtDK => compare!(K, lt_d),
            FastOp::LtDR => compare!(R, lt_d),
            FastOp::LtDRK => compare!(RK, lt_d),
            FastOp::LeD => compare!(plain, le_d),
            FastOp::LeDK => compare!(K, le_d),
            FastOp::LeDR => compare!(R, le_d),
            FastOp::LeDRK => compare!(RK, le_d),
            FastOp::EqT => compare!(plain, eq_t),
            FastOp::EqTK => compare!(K, eq_t),
            FastOp::LtT => compare!(plain, lt_t),
            FastOp::LtTK => compare!(K, lt_t),
            FastOp::LeT => compare!(plain, le_t),
            FastOp::LeTK => compare!(K, le_t),
            FastOp::EqS => {
                let (one, other) = (around.regs[b], around.regs[c]);
                decide!(around.same_text(one, other)?)
            }
            FastOp::LtS => order!(plain, is_lt),
            FastOp::LtSK => order!(K, is_lt),
            FastOp::LeS => order!(plain, is_le),
            FastOp::LeSK => order!(K, is_le),
            FastOp::EqSK => {
                around.regs[usize::from(i.k)] = i.word;
                let text = around.regs[b];
                decide!(is_constant!(text))
            }
            FastOp::EqSRK => {
                around.regs[usize::from(i.into)] = read!();
                around.regs[usize::from(i.k)] = i.word;
                let text = around.regs[b];
                decide!(is_constant!(text))
            }
            FastOp::In => decide!(is_in!(around.regs[b])),
            FastOp::InR => {
                around.regs[usize::from(i.into)] = read!();
                decide!(is_in!(around.regs[b]))
            }
            FastOp::InC => {
                let word = read!();
                if u8::from(is_in!(word)) == i.want {
                    pc = usize::from(i.to);
                }
            }
            FastOp::EqIC => clause!(eq_i),
            FastOp::LtIC => clause!(lt_i),
            FastOp::LeIC => clause!(le_i),
            FastOp::GtIC => clause!(gt_i),
            FastOp::GeIC => clause!(ge_i),
            FastOp::EqDC => clause!(eq_d),
            FastOp::LtDC => clause!(lt_d),
            FastOp::LeDC => clause!(le_d),
            FastOp::GtDC => clause!(gt_d),
            FastOp::GeDC => clause!(ge_d),
            FastOp::EqSC => {
                let text = read!();
                if u8::from(is_constant!(text)) == i.want {
                    pc = usize::from(i.to);
                }
            }
            FastOp::AddI => int!(plain, i64::saturating_add),
            FastOp::AddIK => int!(K, i64::saturating_add),
            FastOp::AddIR => int!(R, i64::saturating_add),
            FastOp::SubI => int!(plain, i64::saturating_sub),
            FastOp::SubIK => int!(K, i64::saturating_sub),
            FastOp::SubIR => int!(R, i64::saturating_sub),
            FastOp::MulI => int!(plain, i64::saturating_mul),
            FastOp::MulIK => int!(K, i64::saturating_mul),
            FastOp::MulIR => int!(R, i64::saturating_mul),
            FastOp::DivI => divide_int!(plain, i64::saturating_div),
            FastOp::DivIK => divide_int!(K, i64::saturating_div),
            FastOp::DivIR => divide_int!(R, i64::saturating_div),
            FastOp::RemI => divide_int!(plain, i64::wrapping_rem),
            FastOp::RemIK => divide_int!(K, i64::wrapping_rem),
            FastOp::RemIR => divide_int!(R, i64::wrapping_rem),
            FastOp::AddD => decimal!(plain, |x, y| x + y),
            FastOp::AddDK => decimal!(K, |x, y| x + y),
            FastOp::AddDR => decimal!(R, |x, y| x + y),
            FastOp::SubD => decimal!(plain, |x, y| x - y),
            FastOp::SubDK => decimal!(K, |x, y| x - y),
            FastOp::SubDR => decimal!(R, |x, y| x - y),
            FastOp::MulD => decimal!(plain, |x, y| x * y),
            FastOp::MulDK => decimal!(K, |x, y| x * y),
            FastOp::MulDR => decimal!(R, |x, y| x * y),
            FastOp::DivD => divide!(plain),
            FastOp::DivDK => divide!(K),
            FastOp::DivDR => divide!(R),
            FastOp::IntToDec => around.regs[a] = (around.regs[b] as i64 as f64).to_bits(),
            FastOp::Not => around.regs[a] = around.regs[b] ^ 1,
            FastOp::Len => around.regs[a] = u64::from(Ref(around.regs[b]).len()),
            FastOp::Next | FastOp::BackNext => {
                if i.op == FastOp::BackNext {
                    around.fuel.take(i.text)?;
                    pc = usize::from(i.miss);
                }
                let (list, cursor) = (around.regs[b], around.regs[c]);
                if cursor < u64::from(Ref(list).len()) {
                    around.regs[a] = row_word(list, cursor as usize, i.word as usize)?;
                    around.regs[c] = cursor + 1;
                } else {
                    pc = usize::from(i.to);
                }
            }
            FastOp::Elem => {
                let (list, index) = (around.regs[b], around.regs[c] as i64);
                let len = i64::from(Ref(list).len());
                let index = if index < 0 {
                    index.saturating_add(len)
                } else {
                    index
                };
                if (0..len).contains(&index) {
                    around.regs[a] = row_word(list, index as usize, i.word as usize)?;
                } else {
                    missing!(i.to);
                }
            }
            FastOp::Now => around.regs[a] = around.now(i)?,
            FastOp::Clock => clock!(plain),
            FastOp::ClockK => clock!(K),
            FastOp::ClockR => clock!(R),
            FastOp::ClockRK => clock!(RK),
            FastOp::Look => match around.look(i)? {
                Some(word) => around.regs[a] = word,
                None => missing!(i.to),
            },
            FastOp::Step => {
                if around.step(i.word)? {
                    missing!(i.to);
                }
            }
            FastOp::Short => {
                if let Some(word) = around.shortcut(i) {
                    around.regs[a] = word;
                    pc = usize::from(i.to);
                }
            }
            FastOp::Around => match slot_of!() {
                Some(word) => match around.asked(i, word) {
                    NO_ANSWER => {}
                    to => pc = to,
                },
                None => missing!(i.miss),
            },
            FastOp::Ret => return Ok(Some(around.regs[a])),
            FastOp::RetLoad => return Ok(Some(i.word)),
            FastOp::RetMissing => return Ok(None),
        }
    }
}
