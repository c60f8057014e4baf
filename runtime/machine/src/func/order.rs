//! Equality and order of words by their type, for lists.
//!
//! DateTimes are instants; decimals by value (0.0 and -0.0 are one, NaN equals NaN and comes last); strings by code point;
//! rows slot by slot, missing first. Never true here: unbounded depth.

use super::ctx::Ctx;
use super::eights::same_bytes;
use super::look::compare_words;
use crate::fault::Fault;
use crate::record::arena::shape_of;
use crate::record::copy::MAX_DEPTH;
use journey_artifact::model::SlotIx;
use journey_artifact::word::{Ref, ShapeId, WordType};
use std::cmp::Ordering;

/// Orders two words of type `ty`.
pub fn compare(ctx: &Ctx<'_>, a: u64, b: u64, ty: WordType) -> Result<Ordering, Fault> {
    compare_deep(ctx, a, b, ty, MAX_DEPTH)
}

/// How often each of so many is compared at most when they are put in order, or one is looked for among them.
pub fn rounds(count: usize) -> u64 {
    u64::from(usize::BITS - count.leading_zeros())
}

/// Whether two scalars are equal in this order.
#[inline]
pub fn same(ctx: &Ctx<'_>, a: u64, b: u64, ty: WordType) -> Result<bool, Fault> {
    match ty {
        // Lengths differ more often than not.
        WordType::Str => {
            Ok(Ref(a).len() == Ref(b).len() && same_bytes(ctx.bytes(a)?, ctx.bytes(b)?))
        }
        _ => Ok(compare(ctx, a, b, ty)? == Ordering::Equal),
    }
}

fn compare_deep(
    ctx: &Ctx<'_>,
    a: u64,
    b: u64,
    ty: WordType,
    depth: u32,
) -> Result<Ordering, Fault> {
    Ok(match ty {
        WordType::Row(id) => {
            let depth = depth.checked_sub(1).ok_or(Fault::ScratchFull)?;
            compare_rows(
                ctx,
                (a, Ref(a).offset() as usize),
                (b, Ref(b).offset() as usize),
                id,
                depth,
            )?
        }
        WordType::List(id) => {
            let depth = depth.checked_sub(1).ok_or(Fault::ScratchFull)?;
            let stride = shape_of(ctx.shapes, id)?.stride();
            let (len_a, len_b) = (Ref(a).len() as usize, Ref(b).len() as usize);
            for ix in 0..len_a.min(len_b) {
                let (at_a, at_b) = (
                    Ref(a).offset() as usize + ix * stride,
                    Ref(b).offset() as usize + ix * stride,
                );
                let order = compare_rows(ctx, (a, at_a), (b, at_b), id, depth)?;
                if order != Ordering::Equal {
                    return Ok(order);
                }
            }
            len_a.cmp(&len_b)
        }
        WordType::Str => ctx.str(a)?.cmp(ctx.str(b)?),
        scalar => compare_words(a, b, scalar),
    })
}

/// Orders two rows of one shape, each given by a reference into its region and its offset there.
fn compare_rows(
    ctx: &Ctx<'_>,
    a: (u64, usize),
    b: (u64, usize),
    id: ShapeId,
    depth: u32,
) -> Result<Ordering, Fault> {
    let shape = shape_of(ctx.shapes, id)?;
    let pw = shape.presence_words();
    for (ix, slot) in shape.slots.iter().enumerate() {
        let order = match (
            ctx.slot(a.0, a.1, pw, ix as SlotIx)?,
            ctx.slot(b.0, b.1, pw, ix as SlotIx)?,
        ) {
            (Some(a), Some(b)) => compare_deep(ctx, a, b, slot.ty, depth)?,
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        if order != Ordering::Equal {
            return Ok(order);
        }
    }
    Ok(Ordering::Equal)
}
