//! One instruction by itself, on registers in memory.
//!
//! What the interpreter's loop does not do in place, and what compiled code leaves to the machine: so an operation has one
//! implementation in whatever tier it runs. Comes in: an instruction with row layouts put in (see [`super::load`]), registers, what
//! the evaluation works with. Goes out: registers changed, and whether to go where the instruction's `hi` says. Never true
//! here: control flow, and what is a machine instruction or two (comparisons, sums, constants): those are the tiers' own.

use super::tables::Tables;
use crate::fault::Fault;
use crate::func::eights::same_bytes;
use crate::func::{Ctx, made};
use crate::record::arena::{get_slot, set_slot};
use journey_artifact::code::{Instr, Op};
use journey_artifact::word::{Ref, Region, ShapeId};

/// The registers of a chunk: an index is a byte, so none is out of bounds.
pub type Registers = [u64; 256];

/// Carries out one instruction; `true`: it goes to its target. Costs fuel by the size of what it reads or makes.
pub fn step(
    tables: &Tables,
    i: Instr,
    regs: &mut Registers,
    ctx: &mut Ctx<'_>,
) -> Result<bool, Fault> {
    let (a, b, c) = (usize::from(i.a), usize::from(i.b), usize::from(i.c));
    match i.op {
        Op::Slot => match slot(ctx, regs[b], i)? {
            Some(word) => regs[a] = word,
            None => return Ok(true),
        },
        Op::Has => return Ok(slot(ctx, regs[b], i)?.is_none()),
        Op::EqS => regs[a] = u64::from(equal_text(ctx, regs[b], regs[c])?),
        Op::In => regs[a] = u64::from(tables.set(i.lo)?.has(ctx, regs[b])?),
        Op::LtS => regs[a] = u64::from(ctx.str(regs[b])? < ctx.str(regs[c])?),
        Op::LeS => regs[a] = u64::from(ctx.str(regs[b])? <= ctx.str(regs[c])?),
        Op::And3 => regs[a] = and3(regs[b], regs[c]),
        Op::Or3 => regs[a] = not3(and3(not3(regs[b]), not3(regs[c]))),
        Op::Not3 => regs[a] = not3(regs[b]),
        Op::MulI => regs[a] = (regs[b] as i64).saturating_mul(regs[c] as i64) as u64,
        Op::DivI => match regs[c] as i64 {
            0 => return Ok(true),
            divisor => regs[a] = (regs[b] as i64).saturating_div(divisor) as u64,
        },
        Op::RemI => match regs[c] as i64 {
            0 => return Ok(true),
            divisor => regs[a] = (regs[b] as i64).wrapping_rem(divisor) as u64,
        },
        Op::NegI => regs[a] = (regs[b] as i64).saturating_neg() as u64,
        Op::RemD if dec(regs[c]) == 0.0 => return Ok(true),
        Op::RemD => regs[a] = (dec(regs[b]) % dec(regs[c])).to_bits(),
        Op::NegD => regs[a] = (-dec(regs[b])).to_bits(),
        Op::Call => {
            let import = tables.import(i.lo)?;
            let args = regs.get(b..b + c).ok_or(Fault::Corrupt("arguments"))?;
            ctx.fuel
                .take(import.price.cost(args, &import.site.params))?;
            match import.called.call(ctx, args, &import.site)? {
                Some(word) => regs[a] = word,
                None => return Ok(true),
            }
        }
        Op::Concat => {
            let parts = regs.get(b..b + c).ok_or(Fault::Corrupt("arguments"))?;
            let at = ctx.scratch.text.len();
            for part in parts {
                ctx.fuel.take(1 + u64::from(Ref(*part).len()) / 16)?;
                ctx.append_str(*part)?;
            }
            let len = ctx.scratch.text.len() - at;
            regs[a] = Ref::new(Region::Scratch, len as u32, at as u32).0;
        }
        Op::Find => match find(ctx, regs[b], regs[c], tables.layout(i.lo)?)? {
            Some(row) => regs[a] = row,
            None => return Ok(true),
        },
        Op::NewRow => {
            let at = ctx.scratch.push_zeros(tables.layout(i.lo)?.1)?;
            regs[a] = Ref::new(Region::Scratch, 0, at).0;
        }
        Op::Set => {
            if Ref(regs[a]).region_bits() != Region::Scratch as u8 {
                return Err(Fault::Corrupt("row is not this evaluation's"));
            }
            let row = Ref(regs[a]).offset() as usize;
            set_slot(&mut ctx.scratch.words, row, c, i.lo, regs[b]);
        }
        Op::NewListLike => regs[a] = new_list(ctx, i.lo, Ref(regs[b]).len() as usize)?,
        Op::NewList => regs[a] = new_list(ctx, i.lo, usize::from(i.hi))?,
        Op::PushRow => {
            let stride = tables.layout(i.lo)?.1;
            ctx.fuel.take(stride as u64 / 8)?;
            regs[a] = ctx.push_row(regs[a], regs[b], Ref(regs[b]).offset() as usize, stride)?;
        }
        Op::Push => regs[a] = ctx.push_item(regs[a], Some(regs[b]))?,
        Op::PushNull => regs[a] = ctx.push_item(regs[a], None)?,
        Op::Column => regs[a] = made::column(ctx, regs[b], (c, tables.layout(i.hi)?.1), i.lo)?,
        Op::Sift => {
            let set = tables.set(i.lo)?;
            let is = |ctx: &Ctx<'_>, word| set.has(ctx, word);
            regs[a] = made::sift(ctx, regs[b], set.ty(), i.hi == 1, is)?;
        }
        _ => return Err(Fault::Corrupt("the operation is its tier's own")),
    }
    Ok(false)
}

#[inline]
pub(super) fn dec(word: u64) -> f64 {
    f64::from_bits(word)
}

/// Whether two texts are one, byte by byte. Lengths differ more often than not, and stand in the references: texts of unlike
/// lengths are not looked at.
#[inline]
pub(super) fn equal_text(ctx: &Ctx<'_>, a: u64, b: u64) -> Result<bool, Fault> {
    Ok(Ref(a).len() == Ref(b).len() && same_bytes(ctx.bytes(a)?, ctx.bytes(b)?))
}

#[inline]
fn slot(ctx: &Ctx<'_>, row: u64, i: Instr) -> Result<Option<u64>, Fault> {
    let at = Ref(row).offset() as usize;
    Ok(get_slot(ctx.words(row)?, at, usize::from(i.c), i.lo))
}

#[inline]
fn and3(b: u64, c: u64) -> u64 {
    if b == 0 || c == 0 { 0 } else { b.max(c) }
}

#[inline]
fn not3(b: u64) -> u64 {
    if b > 1 { 2 } else { b ^ 1 }
}

/// The Row word of a row of a list, in the list's region.
#[inline]
pub(super) fn row_word(list: u64, index: usize, stride: usize) -> Result<u64, Fault> {
    let at = Ref(list).offset() as usize + index * stride;
    let at = u32::try_from(at).map_err(|_| Fault::Corrupt("row range"))?;
    Ok(Ref(list).region_alone() | u64::from(at))
}

fn new_list(ctx: &mut Ctx<'_>, shape: u16, room: usize) -> Result<u64, Fault> {
    ctx.fuel.take(room as u64 / 8)?;
    ctx.new_list(ShapeId(shape.into()), room)
}

fn find(
    ctx: &mut Ctx<'_>,
    list: u64,
    key: u64,
    (pw, stride): (usize, usize),
) -> Result<Option<u64>, Fault> {
    ctx.fuel.take(u64::from(Ref(list).len()))?;
    let key = ctx.bytes(key)?;
    for index in 0..Ref(list).len() as usize {
        let row = row_word(list, index, stride)?;
        if let Some(word) = ctx.slot(list, Ref(row).offset() as usize, pw, 0)?
            && Ref(word).len() as usize == key.len()
            && same_bytes(ctx.bytes(word)?, key)
        {
            return Ok(Some(row));
        }
    }
    Ok(None)
}
