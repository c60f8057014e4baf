//! Lists that single instructions make.
//!
//! Comes in: a list. Goes out: a list of scalars in the scratch record. Never true here: work that was not paid for by its size.

use super::ctx::Ctx;
use super::view::{pay, retain, without_repeats};
use crate::fault::Fault;
use journey_artifact::model::SlotIx;
use journey_artifact::word::{Ref, Region, WordType};

/// The list of one slot of each row of a list; `layout`: presence words of a row, and all its words.
pub fn column(
    ctx: &mut Ctx<'_>,
    list: u64,
    (presence, stride): (usize, usize),
    slot: SlotIx,
) -> Result<u64, Fault> {
    let (from, count) = (Ref(list).offset() as usize, Ref(list).len() as usize);
    ctx.fuel.take(count as u64)?;
    let header = ctx.scratch.push_zeros(2 * count + 1)? as usize;
    let (before, made) = ctx.scratch.words.split_at_mut(header);
    let words = match Ref(list).region_bits() {
        scratch if scratch == Region::Scratch as u8 => &*before,
        other => match ctx.fixed.get(usize::from(other)) {
            Some(record) => &record.words,
            None => return Err(Fault::Corrupt("region")),
        },
    };
    let rows = words.get(from..from + count * stride);
    let rows = rows.ok_or(Fault::Corrupt("row range"))?;
    let (word, bit) = (usize::from(slot) / 64, usize::from(slot) % 64);
    let value = presence + usize::from(slot);
    if value >= stride {
        return Err(Fault::Corrupt("slot"));
    }
    made[0] = count as u64;
    let (items, _) = made[1..].as_chunks_mut::<2>();
    for (row, item) in rows.chunks_exact(stride).zip(items) {
        if row[word] >> bit & 1 == 1 {
            *item = [1, row[value]];
        }
    }
    Ok(Ref::new(Region::Scratch, count as u32, header as u32 + 1).0)
}

/// The list of a list's different elements that `is` holds for, or (`wanted`: false) does not.
pub fn sift(
    ctx: &mut Ctx<'_>,
    list: u64,
    element: WordType,
    wanted: bool,
    is: impl Fn(&Ctx<'_>, u64) -> Result<bool, Fault>,
) -> Result<u64, Fault> {
    ctx.fuel.take(4 + u64::from(Ref(list).len()))?;
    ctx.lent_items(|items, ctx| {
        ctx.look().collect(list, items)?;
        pay(ctx, items, element, 1)?;
        retain(items, |item| Ok(is(ctx, item)? == wanted))?;
        without_repeats(ctx, items, element)?;
        ctx.make_items(items.len(), |_, ix| Ok(Some(items[ix].0)))
    })
}
