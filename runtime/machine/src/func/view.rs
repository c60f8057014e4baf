//! A list as the list functions see it: elements are scalars (of which some may be missing) or rows.

use super::ctx::Ctx;
use super::order::{compare, pay, rounds};
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

    /// All elements.
    pub fn items(&self, ctx: &Ctx<'_>) -> Result<Vec<Option<u64>>, Fault> {
        (0..self.len()).map(|ix| self.get(ctx, ix)).collect()
    }

    /// The elements that are not missing.
    pub fn present(&self, ctx: &Ctx<'_>) -> Result<Vec<u64>, Fault> {
        Ok(self.items(ctx)?.into_iter().flatten().collect())
    }

    /// A new list of these elements, of this list's kind.
    pub fn make(
        &self,
        ctx: &mut Ctx<'_>,
        site: &CallSite,
        items: &[Option<u64>],
    ) -> Result<Option<u64>, Fault> {
        let shape = match site.result {
            WordType::List(shape)
                if !matches!(self.element, WordType::Row(_)) || shape == self.shape =>
            {
                shape
            }
            _ => return Err(Fault::Corrupt("result is no such list")),
        };
        let mut list = ctx.new_list(shape, items.len())?;
        for item in items {
            list = match (self.element, item) {
                (WordType::Row(_), Some(row)) => {
                    ctx.push_row(list, *row, Ref(*row).offset() as usize, self.stride)?
                }
                _ => ctx.push_item(list, *item)?,
            };
        }
        Ok(Some(list))
    }
}

/// A set of elements of one type, for membership tests in logarithmic time.
pub(super) struct Sorted {
    items: Vec<u64>,
    element: WordType,
}

impl Sorted {
    /// The set of these elements.
    pub fn new(ctx: &mut Ctx<'_>, mut items: Vec<u64>, element: WordType) -> Result<Sorted, Fault> {
        sort(ctx, &mut items, element, true, |item| Some(*item))?;
        Ok(Sorted { items, element })
    }

    /// Whether an element is in it.
    pub fn has(&self, ctx: &mut Ctx<'_>, item: u64) -> Result<bool, Fault> {
        pay(ctx, [item], self.element, rounds(self.items.len()))?;
        let (mut low, mut high) = (0, self.items.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match compare(ctx, self.items[middle], item, self.element)? {
                Ordering::Equal => return Ok(true),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        Ok(false)
    }
}

/// Sorts stably by a key of type `element`, missing ones last either way, and pays for it; a fault of a comparison is given back.
pub(super) fn sort<T>(
    ctx: &mut Ctx<'_>,
    items: &mut [T],
    element: WordType,
    ascending: bool,
    key: impl Fn(&T) -> Option<u64>,
) -> Result<(), Fault> {
    let times = rounds(items.len());
    pay(ctx, items.iter().filter_map(&key), element, times)?;
    let mut fault = None;
    let mut order = |a: u64, b: u64| {
        compare(ctx, a, b, element).unwrap_or_else(|why| {
            fault = Some(why);
            Ordering::Equal
        })
    };
    items.sort_by(|a, b| match (key(a), key(b)) {
        (Some(a), Some(b)) if ascending => order(a, b),
        (Some(a), Some(b)) => order(b, a),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    fault.map_or(Ok(()), Err)
}

/// Elements without repetitions, the first of each kept in its place.
pub(super) fn without_repeats(
    ctx: &mut Ctx<'_>,
    items: &[u64],
    element: WordType,
) -> Result<Vec<u64>, Fault> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    // Stable: of equal elements the earliest comes first.
    sort(ctx, &mut order, element, true, |at| Some(items[*at]))?;
    pay(ctx, items.iter().copied(), element, 1)?;
    let mut keep = vec![true; items.len()];
    for pair in order.windows(2) {
        if compare(ctx, items[pair[0]], items[pair[1]], element)? == Ordering::Equal {
            keep[pair[1]] = false;
        }
    }
    Ok(items
        .iter()
        .zip(keep)
        .filter(|(_, keep)| *keep)
        .map(|(item, _)| *item)
        .collect())
}
