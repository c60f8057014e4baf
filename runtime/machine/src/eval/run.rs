//! The interpreter loop.
//!
//! Fuel: a chunk costs its length at entry, a backward jump its distance; since every other jump goes forward, that bounds the
//! instructions executed. Operations over text and rows cost by their size.
//! Comes in: a chunk as [`super::fuse`] made it, and its environment. Goes out: a word or nothing. Never true here: a tag test;
//! types are static. A second meaning of an operation; what is not done in place here is done by [`super::step`].

use super::fuse::{Fast, FastOp, Fused};
use super::step::{Registers, dec, equal_text, row_word, step};
use super::tables::Tables;
use crate::fault::Fault;
use crate::func::Ctx;
use crate::record::Record;
use journey_artifact::word::{Ref, date_time_ms};

/// The words of a record from its root row on.
fn root(record: &Record) -> &[u64] {
    record.words.get(record.root as usize..).unwrap_or(&[])
}

/// Runs a chunk to its end.
pub(super) fn run(
    tables: &Tables,
    chunk: &Fused,
    regs: &mut Registers,
    ctx: &mut Ctx<'_>,
) -> Result<Option<u64>, Fault> {
    let roots = [root(ctx.fixed[1]), root(ctx.fixed[2]), root(ctx.fixed[3])];
    let code = &*chunk.code;
    let mut pc = 0usize;
    loop {
        let i = code.get(pc).ok_or(Fault::Corrupt("ran past the end"))?;
        let (a, b, c) = (usize::from(i.a), usize::from(i.b), usize::from(i.c));
        pc += 1;
        // A comparison: its result goes to the register, and decides where to go on.
        macro_rules! compare {
            ($of:expr) => {{
                let holds = u64::from($of(regs[b], regs[c]));
                regs[a] = holds;
                if holds == u64::from(i.lo & 0xFF) {
                    pc = usize::from(i.to);
                }
            }};
            (K $of:expr) => {{
                regs[usize::from(i.lo >> 8)] = i.word;
                compare!($of)
            }};
        }
        match i.op {
            FastOp::Load => regs[a] = i.word,
            FastOp::Move => regs[a] = regs[b],
            FastOp::Root => match root_slot(roots[b % 3], i) {
                Some(word) => regs[a] = word,
                None => pc = usize::from(i.to),
            },
            FastOp::HasRoot => {
                if root_slot(roots[b % 3], i).is_none() {
                    pc = usize::from(i.to);
                }
            }
            FastOp::Slot => {
                let (words, row) = (ctx.words(regs[b])?, Ref(regs[b]).offset() as usize);
                match words.get(row..).and_then(|row| root_slot(row, i)) {
                    Some(word) => regs[a] = word,
                    None => pc = usize::from(i.to),
                }
            }
            FastOp::Jump => pc = usize::from(i.to),
            FastOp::Back => {
                ctx.fuel.take(i.word)?;
                pc = usize::from(i.to);
            }
            FastOp::IfTrue => {
                if regs[a] == 1 {
                    pc = usize::from(i.to);
                }
            }
            FastOp::IfFalse => {
                if regs[a] == 0 {
                    pc = usize::from(i.to);
                }
            }
            FastOp::EqI => compare!(|x, y| x == y),
            FastOp::EqIK => compare!(K | x, y | x == y),
            FastOp::LtI => compare!(|x, y| (x as i64) < y as i64),
            FastOp::LtIK => compare!(K | x, y | (x as i64) < y as i64),
            FastOp::LeI => compare!(|x, y| x as i64 <= y as i64),
            FastOp::LeIK => compare!(K | x, y | x as i64 <= y as i64),
            FastOp::EqD => compare!(|x, y| dec(x) == dec(y)),
            FastOp::EqDK => compare!(K | x, y | dec(x) == dec(y)),
            FastOp::LtD => compare!(|x, y| dec(x) < dec(y)),
            FastOp::LtDK => compare!(K | x, y | dec(x) < dec(y)),
            FastOp::LeD => compare!(|x, y| dec(x) <= dec(y)),
            FastOp::LeDK => compare!(K | x, y | dec(x) <= dec(y)),
            FastOp::EqT => compare!(|x, y| date_time_ms(x) == date_time_ms(y)),
            FastOp::EqTK => compare!(K | x, y | date_time_ms(x) == date_time_ms(y)),
            FastOp::LtT => compare!(|x, y| date_time_ms(x) < date_time_ms(y)),
            FastOp::LtTK => compare!(K | x, y | date_time_ms(x) < date_time_ms(y)),
            FastOp::LeT => compare!(|x, y| date_time_ms(x) <= date_time_ms(y)),
            FastOp::LeTK => compare!(K | x, y | date_time_ms(x) <= date_time_ms(y)),
            FastOp::EqS => {
                let holds = equal_text(ctx, regs[b], regs[c])?;
                compare!(|_, _| holds)
            }
            FastOp::EqSK => {
                regs[usize::from(i.lo >> 8)] = i.word;
                let holds = equal_text(ctx, regs[b], regs[c])?;
                compare!(|_, _| holds)
            }
            FastOp::AddI => regs[a] = (regs[b] as i64).saturating_add(regs[c] as i64) as u64,
            FastOp::SubI => regs[a] = (regs[b] as i64).saturating_sub(regs[c] as i64) as u64,
            FastOp::AddD => regs[a] = (dec(regs[b]) + dec(regs[c])).to_bits(),
            FastOp::SubD => regs[a] = (dec(regs[b]) - dec(regs[c])).to_bits(),
            FastOp::MulD => regs[a] = (dec(regs[b]) * dec(regs[c])).to_bits(),
            FastOp::DivD if dec(regs[c]) == 0.0 => pc = usize::from(i.to),
            FastOp::DivD => regs[a] = (dec(regs[b]) / dec(regs[c])).to_bits(),
            FastOp::IntToDec => regs[a] = (regs[b] as i64 as f64).to_bits(),
            FastOp::Not => regs[a] = regs[b] ^ 1,
            FastOp::Len => regs[a] = u64::from(Ref(regs[b]).len()),
            FastOp::Next => {
                let (list, cursor) = (regs[b], regs[c]);
                if cursor < u64::from(Ref(list).len()) {
                    regs[a] = row_word(list, cursor as usize, i.word as usize)?;
                    regs[c] = cursor + 1;
                } else {
                    pc = usize::from(i.to);
                }
            }
            FastOp::Elem => {
                let (list, index) = (regs[b], regs[c] as i64);
                let len = i64::from(Ref(list).len());
                let index = if index < 0 {
                    index.saturating_add(len)
                } else {
                    index
                };
                if (0..len).contains(&index) {
                    regs[a] = row_word(list, index as usize, i.word as usize)?;
                } else {
                    pc = usize::from(i.to);
                }
            }
            FastOp::Step => {
                let plain = chunk.plain.get(i.word as usize);
                let plain = *plain.ok_or(Fault::Corrupt("instruction"))?;
                if step(tables, plain, regs, ctx)? {
                    pc = usize::from(i.to);
                }
            }
            FastOp::Ret => return Ok(Some(regs[a])),
            FastOp::RetLoad => return Ok(Some(i.word)),
            FastOp::RetMissing => return Ok(None),
        }
    }
}

/// A slot of the row at the front of `row`; `None` when missing or outside.
#[inline(always)]
fn root_slot(row: &[u64], i: &Fast) -> Option<u64> {
    let present = row.get(usize::from(i.c))? >> (i.lo & 63) & 1 == 1;
    if present {
        row.get(i.word as usize).copied()
    } else {
        None
    }
}
