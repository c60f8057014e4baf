//! A list as the list functions see it: elements are scalars (of which some may be missing) or rows.
//!
//! What functions collect lies in memory that is lent to them ([`Ctx::lent_items`]). Never true here: memory that is asked for once that
//! is warm; an element that is compared without having been paid for.

use super::ctx::Ctx;
use super::items::Items;
use super::look::{is_nan, present};
use super::order::{compare, rounds, same};
use super::rank::FEW;
use super::resolve::element_type;
use super::types::CallSite;
use crate::fault::Fault;
use crate::record::arena::shape_of;
use journey_artifact::word::{Ref, Region, ShapeId, WordType};
use std::cmp::Ordering;

/// A list and what its elements are.
#[derive(Clone, Copy)]
pub(super) struct ListView {
    list: u64,
    shape: ShapeId,
    stride: usize,
    /// Type of an element: the slot's for a list of scalars, else the row's.
    pub element: WordType,
}

impl ListView {
    /// Argument `ix` of a call, which must be a list.
    pub fn arg(ctx: &Ctx<'_>, args: &[u64], site: &CallSite, ix: usize) -> Result<ListView, Fault> {
        match (args.get(ix), site.params.get(ix)) {
            (Some(list), Some(WordType::List(shape))) => {
                let stride = shape_of(ctx.shapes, *shape)?.stride();
                let element = element_type(*shape, ctx.shapes).ok_or(Fault::Corrupt("shape"))?;
                Ok(ListView {
                    list: *list,
                    shape: *shape,
                    stride,
                    element,
                })
            }
            _ => Err(Fault::Corrupt("argument is no list")),
        }
    }

    /// How many elements, missing ones included.
    pub fn len(&self) -> usize {
        Ref(self.list).len() as usize
    }

    /// Element `ix`; `None` when it is missing. A row is given as a Row word.
    pub fn get(&self, ctx: &Ctx<'_>, ix: usize) -> Result<Option<u64>, Fault> {
        if !matches!(self.element, WordType::Row(_)) {
            return ctx.item(self.list, ix);
        }
        let at = Ref(self.list).offset() as usize + ix * self.stride;
        let region =
            Region::from_u8(Ref(self.list).region_bits()).ok_or(Fault::Corrupt("region"))?;
        let at = u32::try_from(at).map_err(|_| Fault::Corrupt("row range"))?;
        Ok(Some(Ref::new(region, 0, at).0))
    }

    /// Adds the elements of a list of scalars that are not missing, each with its place.
    pub fn collect(&self, ctx: &mut Ctx<'_>, items: &mut Items) -> Result<(), Fault> {
        ctx.look().collect(self.list, items)
    }

    /// The place of the first missing element of a list of scalars.
    pub fn first_missing(&self, ctx: &mut Ctx<'_>) -> Result<Option<usize>, Fault> {
        let look = ctx.look();
        let mut items = look.items(self.list)?.iter();
        Ok(items.position(|item| present(item).is_none()))
    }

    /// A new list of so many of these elements, of this list's kind.
    pub fn make(
        &self,
        ctx: &mut Ctx<'_>,
        site: &CallSite,
        count: usize,
        mut item: impl FnMut(&Ctx<'_>, usize) -> Result<Option<u64>, Fault>,
    ) -> Result<Option<u64>, Fault> {
        let shape = match site.result {
            WordType::List(shape)
                if !matches!(self.element, WordType::Row(_)) || shape == self.shape =>
            {
                shape
            }
            _ => return Err(Fault::Corrupt("result is no such list")),
        };
        if !matches!(self.element, WordType::Row(_)) {
            return ctx.make_items(count, item).map(Some);
        }
        let mut list = ctx.new_list(shape, count)?;
        for ix in 0..count {
            if let Some(row) = item(ctx, ix)? {
                list = ctx.push_row(list, row, Ref(row).offset() as usize, self.stride)?;
            }
        }
        Ok(Some(list))
    }
}

/// Takes the fuel for comparing elements so many times each: for what grows with them, a unit for each sixteen bytes of text. The rest is
/// the call's.
pub(super) fn pay(
    ctx: &mut Ctx<'_>,
    items: &Items,
    element: WordType,
    times: u64,
) -> Result<(), Fault> {
    match element {
        WordType::Str => {
            let bytes = items.iter().map(|(text, _)| u64::from(Ref(*text).len()));
            let units: u64 = bytes.map(|bytes| bytes / 16).sum();
            ctx.fuel.take(units.saturating_mul(times))
        }
        _ => Ok(()),
    }
}

/// Puts elements in order, equal ones by their places.
fn order(ctx: &Ctx<'_>, items: &mut Items, element: WordType) -> Result<(), Fault> {
    let mut fault = None;
    items.sort_unstable_by(|(a, at), (b, behind)| {
        let order = compare(ctx, *a, *b, element).unwrap_or_else(|why| {
            fault = Some(why);
            Ordering::Equal
        });
        order.then(at.cmp(behind))
    });
    fault.map_or(Ok(()), Err)
}

/// Leaves the first of equal elements, in their places' order, in which they come.
pub(super) fn without_repeats(
    ctx: &mut Ctx<'_>,
    items: &mut Items,
    element: WordType,
) -> Result<(), Fault> {
    pay(ctx, items, element, rounds(items.len()) + 1)?;
    if items.len() > FEW {
        order(ctx, items, element)?;
        let mut fault = None;
        items.dedup_by(|(b, _), (a, _)| {
            same(ctx, *a, *b, element).unwrap_or_else(|why| {
                fault = Some(why);
                false
            })
        });
        items.sort_unstable_by_key(|(_, place)| *place);
        return fault.map_or(Ok(()), Err);
    }
    let mut kept = 0;
    for at in 0..items.len() {
        let item = items[at];
        if !has_few(ctx, &items[..kept], item.0, element)? {
            items[kept] = item;
            kept += 1;
        }
    }
    items.truncate(kept);
    Ok(())
}

fn has_few(
    ctx: &Ctx<'_>,
    items: &[(u64, u64)],
    item: u64,
    element: WordType,
) -> Result<bool, Fault> {
    for (other, _) in items {
        if same(ctx, *other, item, element)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Leaves those that `is` says of that they stay.
pub(super) fn retain(
    items: &mut Items,
    mut is: impl FnMut(u64) -> Result<bool, Fault>,
) -> Result<(), Fault> {
    let mut fault = None;
    items.retain(|(item, _)| {
        is(*item).unwrap_or_else(|why| {
            fault = Some(why);
            false
        })
    });
    fault.map_or(Ok(()), Err)
}

/// Leaves the elements that are (or are not) among others, which may be put in order.
pub(super) fn keep(
    ctx: &mut Ctx<'_>,
    items: &mut Items,
    others: &mut Items,
    element: WordType,
    wanted: bool,
) -> Result<(), Fault> {
    let times = rounds(others.len());
    pay(ctx, others, element, times)?;
    pay(ctx, items, element, times)?;
    let is_few = others.len() <= FEW;
    if !is_few {
        order(ctx, others, element)?;
    }
    let ctx = &*ctx;
    retain(items, |item| {
        let found = match is_few {
            _ if is_nan(item, element) => false,
            true => has_few(ctx, others, item, element)?,
            false => has(ctx, others, item, element)?,
        };
        Ok(found == wanted)
    })
}

/// Whether an element is among others in order.
fn has(ctx: &Ctx<'_>, others: &Items, item: u64, element: WordType) -> Result<bool, Fault> {
    let (mut low, mut high) = (0, others.len());
    while low < high {
        let middle = low + (high - low) / 2;
        match compare(ctx, others[middle].0, item, element)? {
            Ordering::Equal => return Ok(true),
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
        }
    }
    Ok(false)
}
