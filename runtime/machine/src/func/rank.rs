//! Elements of a list of scalars in order.
//!
//! Each is given a number that tells its place among others, as far as a word does: all but texts are told apart by that alone, texts that
//! begin alike are compared. Comes in: a list. Goes out: numbers and places, in the table's order ([`super::order`]), equal ones as they
//! stand. Never true here: an element that is missing; an order that was not paid for.

use super::items::Items;
use super::look::{Look, Texts, beginning, present};
use super::order::rounds;
use crate::fault::Fault;
use journey_artifact::word::{Ref, WordType, date_time_ms, period_parts};
use std::cmp::Ordering;

/// Elements up to which all are compared with all: that is quicker than to put them in order, and asks for no memory.
pub(super) const FEW: usize = 16;
/// So many are put in order without memory.
const SOME: usize = 64;

/// The number of a word in rising order.
#[inline]
pub(super) fn rank(
    look: &Look<'_>,
    texts: Texts<'_>,
    word: u64,
    ty: WordType,
) -> Result<u64, Fault> {
    const SIGN: u64 = 1 << 63;
    Ok(match ty {
        WordType::Str => beginning(look.text(texts, word)?),
        WordType::Int | WordType::Date | WordType::Local | WordType::Time | WordType::Duration => {
            word ^ SIGN
        }
        WordType::DateTime => date_time_ms(word) as u64 ^ SIGN,
        WordType::Period => {
            let (months, days) = period_parts(word);
            u64::from(months as u32) << 32 ^ u64::from(days as u32) ^ (SIGN | SIGN >> 32)
        }
        WordType::Dec => match f64::from_bits(word) {
            x if x.is_nan() => u64::MAX,
            0.0 => SIGN,
            x if x < 0.0 => !word,
            _ => word | SIGN,
        },
        WordType::Row(_) | WordType::List(_) => return Err(Fault::Corrupt("no scalar")),
        _ => word,
    })
}

/// A list and its elements in order.
pub(super) struct InOrder<'o, 'l> {
    list: &'l [[u64; 2]],
    ranked: &'o [(u64, u64)],
}

impl InOrder<'_, '_> {
    /// The element so far from the first.
    pub fn get(&self, at: usize) -> Option<u64> {
        let (_, place) = self.ranked.get(at)?;
        self.list.get(*place as usize).and_then(present)
    }

    /// How many are different.
    pub fn different(&self, look: &Look<'_>, ty: WordType) -> Result<usize, Fault> {
        let mut count = usize::from(!self.ranked.is_empty());
        for pair in self.ranked.windows(2) {
            let same = pair[0].0 == pair[1].0
                && (ty != WordType::Str || by_text(look, self.list, pair[0], pair[1]).is_eq());
            count += usize::from(!same);
        }
        Ok(count)
    }
}

/// The order of two texts that begin alike; that they are there was seen before.
fn by_text(look: &Look<'_>, list: &[[u64; 2]], a: (u64, u64), b: (u64, u64)) -> Ordering {
    let text = |(_, place): (u64, u64)| {
        let word = list.get(place as usize).map_or(0, |item| item[1]);
        look.bytes(word).unwrap_or_default()
    };
    text(a).cmp(text(b))
}

/// Puts ranked elements of a list in order.
fn order(
    look: &Look<'_>,
    list: &[[u64; 2]],
    ty: WordType,
    ascending: bool,
    ranked: &mut [(u64, u64)],
) {
    if ty == WordType::Str {
        ranked.sort_unstable_by(|a, b| {
            let told = a.0.cmp(&b.0).then_with(|| by_text(look, list, *a, *b));
            let told = if ascending { told } else { told.reverse() };
            told.then(a.1.cmp(&b.1))
        });
    } else if ascending {
        ranked.sort_unstable();
    } else {
        ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    }
}

/// Takes the fuel for putting a list in order beyond the call's: a unit for each sixteen bytes of text, for each comparison of it.
fn pay(look: &mut Look<'_>, list: &[[u64; 2]], ty: WordType) -> Result<(), Fault> {
    if ty != WordType::Str {
        return Ok(());
    }
    let texts = list.iter().filter_map(present);
    let units: u64 = texts.map(|text| u64::from(Ref(text).len()) / 16).sum();
    look.fuel.take(units.saturating_mul(rounds(list.len()) + 1))
}

/// Adds the elements of a list that are not missing, ranked and in order.
pub(super) fn ranked(
    look: &mut Look<'_>,
    list: u64,
    ty: WordType,
    ascending: bool,
    items: &mut Items,
) -> Result<(), Fault> {
    let (list, texts) = (look.items(list)?, look.texts(list));
    pay(look, list, ty)?;
    for (item, place) in list.iter().zip(0..) {
        if let Some(word) = present(item) {
            items.push((rank(look, texts, word, ty)?, place));
        }
    }
    order(look, list, ty, ascending, items);
    Ok(())
}

/// The same on the stack.
fn few<const N: usize, T>(
    look: &mut Look<'_>,
    (list, texts): (&[[u64; 2]], Texts<'_>),
    (ty, ascending): (WordType, bool),
    f: impl FnOnce(&Look<'_>, InOrder<'_, '_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let (mut ranked, mut count) = ([(0, 0); N], 0);
    for (item, place) in list.iter().zip(0..) {
        if let Some(word) = present(item)
            && let Some(free) = ranked.get_mut(count)
        {
            *free = (rank(look, texts, word, ty)?, place);
            count += 1;
        }
    }
    let ranked = &mut ranked[..count];
    order(look, list, ty, ascending, ranked);
    f(look, InOrder { list, ranked })
}

/// What `f` makes of a list's elements in order.
pub(super) fn in_order<T>(
    look: &mut Look<'_>,
    list: u64,
    how: (WordType, bool),
    f: impl FnOnce(&Look<'_>, InOrder<'_, '_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let (rows, texts) = (look.items(list)?, look.texts(list));
    if rows.len() <= SOME {
        pay(look, rows, how.0)?;
        return match rows.len() <= FEW {
            true => few::<FEW, T>(look, (rows, texts), how, f),
            false => few::<SOME, T>(look, (rows, texts), how, f),
        };
    }
    let Some(spare) = &mut look.spare else {
        return Err(Fault::Corrupt("no memory at hand"));
    };
    let mut items = spare.take();
    let done = ranked(look, list, how.0, how.1, &mut items).and_then(|()| {
        let ranked = &items[..];
        f(look, InOrder { list: rows, ranked })
    });
    if let Some(spare) = &mut look.spare {
        spare.put(items);
    }
    done
}
