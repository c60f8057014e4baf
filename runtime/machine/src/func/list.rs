//! Functions over lists.
//!
//! A list of scalars may hold missing elements. Equality and order are those of [`super::order`].

use super::convert::write_text;
use super::ctx::Ctx;
use super::eights::same_bytes;
use super::items::Items;
use super::look::{Look, compare_words, is_nan, present};
use super::order::rounds;
use super::rank::{FEW, in_order, rank, ranked};
use super::text::push;
use super::types::{CallSite, Category, Function, Looks, Native, Param, Plain, Ty, p};
use super::view::{ListView, keep, without_repeats};
use crate::fault::Fault;
use journey_artifact::word::{Ref, Region, WordType};
use std::cmp::Ordering;

use Ty::{Any, Boolean as B, Decimal as D, Duration as U, Integer as I, List as L, String as S, T};

type Answer = Result<Option<u64>, Fault>;

const LIST: &[Param] = &[p("list", L(&Any))];
/// What tells elements apart or asks whether one is missing takes scalars only: a record's row holds just the fields that
/// somebody reads, so two records would be one or two depending on the rest of the program.
const SCALARS: &[Param] = &[p("list", L(&T))];

const fn f(name: &'static str, params: &'static [Param], returns: Ty, imp: Native) -> Function {
    Function::native(name, Category::List, params, returns, imp)
}

const fn look(name: &'static str, params: &'static [Param], returns: Ty, imp: Looks) -> Function {
    Function::looks(name, Category::Aggregation, params, returns, imp)
}

/// The entries.
pub const TABLE: &[Function] = &[
    look("count", SCALARS, I, count).doc("How many elements are not missing. An empty text counts.", &[("count([10, 2, 10])", "3")]),
    look("countOnlyNull", SCALARS, I, count_only_null).doc("How many elements are missing.", &[("countOnlyNull([10, 2])", "0")]),
    Function::looks("countWithNull", Category::Aggregation, LIST, I, size).plain(Plain::Size).doc("How many elements there are, missing ones included.", &[("countWithNull([10, 2])", "2")]),
    look("distinctCount", SCALARS, I, distinct_count).doc("How many different elements are not missing.", &[("distinctCount([10, 2, 10])", "2")]),
    look("distinctCountWithNull", SCALARS, I, distinct_count_with_null)
        .doc("How many different elements there are; all missing ones together count as one.", &[("distinctCountWithNull([10, 2, 10])", "2")]),
    look("sum", &[p("list", L(&I))], I, sum_integer).doc("The sum of the elements that are not missing; 0 when there are none.", &[("sum([10, 3, 8])", "21")]),
    look("sum", &[p("list", L(&D))], D, sum_decimal).doc("The sum of the elements that are not missing, from first to last; 0.0 when there are none.", &[("sum([0.5, 1.0])", "1.5")]),
    look("sum", &[p("list", L(&U))], U, sum_integer).doc("The sum of the durations that are not missing.", &[("sum([1h, 30m])", "\"PT1H30M\"")]),
    look("avg", &[p("list", L(&I))], D, avg_integer).optional().doc("The mean of the elements that are not missing; missing when there are none.", &[("avg([10, 8])", "9.0")]),
    look("avg", &[p("list", L(&D))], D, avg_decimal).optional().doc("The mean of the elements that are not missing; missing when there are none.", &[("avg([-1.0, 1.0])", "0.0")]),
    look("max", &[p("list", L(&T))], T, max).optional().doc("The largest element that is not missing; missing when there is none.", &[("max([3, 5, 4])", "5")]),
    look("min", &[p("list", L(&T))], T, min).optional().doc("The smallest element that is not missing; missing when there is none.", &[("min([3, 5, 4])", "3")]),
    Function::looks("listSize", Category::List, LIST, I, size).plain(Plain::Size).doc("How many elements there are, missing ones included.", &[("listSize([10, 2])", "2")]),
    Function::looks("getListItem", Category::List, &[p("list", L(&T)), p("index", I)], T, item).optional()
        .doc("The element at a place, from 0; missing when there is none or the place is negative.", &[("getListItem([\"A\", \"B\", \"C\"], 2)", "\"C\"")]),
    Function::looks("in", Category::List, &[p("value", T), p("list", L(&T))], B, is_in).optional()
        .doc("Whether some element equals the value, as the operator `in` says: missing when none does and one is missing.", &[("2 in [1, 2]", "true")]),
    f("distinct", SCALARS, L(&T), distinct).doc("The elements without repetitions and missing ones, first occurrences in order.", &[("distinct([10, 2, 10])", "[10,2]")]),
    f("distinctWithNull", SCALARS, L(&T), distinct_with_null).doc("The elements without repetitions; of the missing ones the first is kept.", &[("distinctWithNull([10, 2, 10])", "[10,2]")]),
    f("sort", &[p("list", L(&T)), p("ascending", B)], L(&T), sort_list)
        .doc("The elements in order, equal ones as they stood, missing ones last either way.", &[("sort([3, 1, 2], true)", "[1,2,3]"), ("sort([\"A\", \"C\", \"B\"], false)", "[\"C\",\"B\",\"A\"]")]),
    f("limit", &[p("list", L(&Any)), p("count", I)], L(&Any), limit)
        .doc("At most so many elements from the start; none for a negative count.", &[("limit([1, 2, 3], 2)", "[1,2]")]),
    f("limit", &[p("list", L(&Any)), p("count", I), p("fromStart", B)], L(&Any), limit)
        .doc("At most so many elements from the start, or (with false) from the end, in order.", &[("limit([1, 2, 3], 2, false)", "[2,3]")]),
    f("intersect", &[p("a", L(&T)), p("b", L(&T))], L(&T), intersect)
        .doc("The elements of the first list that are in the second, without repetitions and missing ones, in the first's order.", &[("intersect([1, 2, 2, 3], [2, 3, 4])", "[2,3]")]),
    f("differenceLists", &[p("a", L(&T)), p("b", L(&T))], L(&T), difference)
        .doc("The elements of the first list that are not in the second, without repetitions and missing ones.", &[("differenceLists([1, 2, 2, 3], [3])", "[1,2]")]),
    f("mergeLists", &[p("a", L(&T)), p("b", L(&T)), p("deduplicate", B)], L(&T), merge)
        .doc("The elements of the first list, then of the second, without missing ones; with true also without repetitions.", &[("mergeLists([1, 2], [2, 3], true)", "[1,2,3]"), ("mergeLists([1], [1], false)", "[1,1]")]),
    f("serializeList", &[p("list", L(&T)), p("separator", S), p("quoted", B)], S, serialize).doc(
        "The text forms of the elements with a separator between them, missing ones left out; with true each stands in double quotes, in which a quote or backslash has a backslash before it.",
        &[("serializeList([\"Hello\", \"World\"], \" \", false)", "\"Hello World\""), ("serializeList([1, 2], \",\", true)", "\"\\\"1\\\",\\\"2\\\"\"")],
    ),
    Function::native("op.sortBy", Category::Operator, &[p("list", L(&Any)), p("keys", L(&T)), p("ascending", B)], L(&Any), sort_by)
        .doc("The elements in the order of as many keys; what `sortBy` with a lambda becomes.", &[]),
    Function::native("op.sortBy", Category::Operator, &[p("list", L(&Any)), p("keys", L(&T)), p("ascending", B), p("count", I)], L(&Any), sort_by)
        .doc("At most so many of them from the start; none for a negative count.", &[]),
    Function::looks("op.nth", Category::Operator, &[p("list", L(&T)), p("ascending", B), p("index", I)], T, nth).optional()
        .doc("The element at a place when the list is put in order; what an element of `sort` becomes.", &[("[3, 1, 2].sort(true).first()", "1"), ("[3, 1, 2].sort(false).at(1)", "2")]),
];

fn number(n: usize) -> Answer {
    Ok(Some(n as u64))
}

fn size(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    number(Ref(args[0]).len() as usize)
}

fn count(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    number(look.present(args[0])?.count())
}

fn count_only_null(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let items = look.items(args[0])?;
    number(items.len() - look.present(args[0])?.count())
}

/// How many different elements there are, missing ones left out.
fn different(look: &mut Look<'_>, args: &[u64], site: &CallSite) -> Result<usize, Fault> {
    let ty = site.element.ok_or(Fault::Corrupt("argument is no list"))?;
    let items = look.items(args[0])?;
    if items.len() > FEW {
        return in_order(look, args[0], (ty, true), |look, all| {
            all.different(look, ty)
        });
    }
    let (texts, times) = (look.texts(args[0]), rounds(items.len()) + 1);
    let mut count = 0;
    for (at, item) in items.iter().enumerate() {
        let Some(word) = present(item) else { continue };
        let mut before = items[..at].iter().filter_map(present);
        let is_known = match ty {
            WordType::Str => {
                let len = Ref(word).len();
                look.fuel.take(u64::from(len) / 16 * times)?;
                // Lengths differ more often than not.
                let mut alike = before.filter(|other| Ref(*other).len() == len);
                let text = look.text(texts, word)?;
                alike.any(|other| {
                    let other = look.text(texts, other);
                    other.is_ok_and(|other| same_bytes(other, text))
                })
            }
            _ => before.any(|other| compare_words(other, word, ty).is_eq()),
        };
        count += usize::from(!is_known);
    }
    Ok(count)
}

fn distinct_count(look: &mut Look<'_>, args: &[u64], site: &CallSite) -> Answer {
    number(different(look, args, site)?)
}

fn distinct_count_with_null(look: &mut Look<'_>, args: &[u64], site: &CallSite) -> Answer {
    let count = different(look, args, site)?;
    let mut items = look.items(args[0])?.iter();
    let misses = items.any(|item| present(item).is_none());
    number(count + usize::from(misses))
}

fn sum_integer(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let items = look.present(args[0])?;
    let sum = items.fold(0i64, |sum, item| sum.saturating_add(item as i64));
    Ok(Some(sum as u64))
}

/// The sum of decimals, from first to last, and how many there are.
fn sum_of(look: &Look<'_>, list: u64) -> Result<(f64, usize), Fault> {
    let items = look.present(list)?;
    Ok(items.fold((0.0, 0), |(sum, count), item| {
        (sum + f64::from_bits(item), count + 1)
    }))
}

fn sum_decimal(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(sum_of(look, args[0])?.0.to_bits()))
}

fn mean(sum: f64, count: usize) -> Answer {
    Ok((count > 0).then(|| (sum / count as f64).to_bits()))
}

fn avg_integer(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    // The exact sum of up to 2^20 integers fits 128 bits. Not in one go with the count: for a processor with AVX-512 LLVM 22 makes wrong
    // code of that.
    let wide = look.present(args[0])?.map(|item| i128::from(item as i64));
    mean(wide.sum::<i128>() as f64, look.present(args[0])?.count())
}

fn avg_decimal(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let (sum, count) = sum_of(look, args[0])?;
    mean(sum, count)
}

/// What comparing a text once costs beyond the call.
fn look_at(look: &mut Look<'_>, item: u64, ty: WordType) -> Result<(), Fault> {
    match ty {
        WordType::Str => look.fuel.take(u64::from(Ref(item).len()) / 16),
        _ => Ok(()),
    }
}

/// Of each element and the one kept so far, the one that `takes` says of how it stands to that.
#[inline]
fn best(
    look: &mut Look<'_>,
    args: &[u64],
    ty: WordType,
    takes: impl Fn(Ordering) -> bool,
) -> Answer {
    let texts = look.texts(args[0]);
    let mut best: Option<(u64, u64)> = None;
    for item in look.present(args[0])? {
        look_at(look, item, ty)?;
        let rank = rank(look, texts, item, ty)?;
        if let Some((other, kept)) = best {
            let mut order = rank.cmp(&other);
            if order.is_eq() && ty == WordType::Str {
                order = look.text(texts, item)?.cmp(look.text(texts, kept)?);
            }
            if !takes(order) {
                continue;
            }
        }
        best = Some((rank, item));
    }
    Ok(best.map(|(_, item)| item))
}

fn max(look: &mut Look<'_>, args: &[u64], site: &CallSite) -> Answer {
    best(look, args, site.result, Ordering::is_gt)
}

fn min(look: &mut Look<'_>, args: &[u64], site: &CallSite) -> Answer {
    best(look, args, site.result, Ordering::is_lt)
}

fn item(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let ix = usize::try_from(args[1] as i64).ok();
    let items = look.items(args[0])?;
    Ok(ix.and_then(|ix| present(items.get(ix)?)))
}

fn is_in(look: &mut Look<'_>, args: &[u64], site: &CallSite) -> Answer {
    let ty = *site.params.first().ok_or(Fault::Corrupt("arguments"))?;
    let mut none = Some(0);
    for item in look.items(args[1])? {
        let Some(item) = present(item) else {
            none = None;
            continue;
        };
        look_at(look, item, ty)?;
        let may_be = ty != WordType::Str || Ref(item).len() == Ref(args[0]).len();
        if may_be && !is_nan(item, ty) && look.compare(item, args[0], ty)? == Ordering::Equal {
            return Ok(Some(1));
        }
    }
    Ok(none)
}

/// A new list of elements that were collected.
fn made(ctx: &mut Ctx<'_>, site: &CallSite, view: ListView, items: &Items) -> Answer {
    view.make(ctx, site, items.len(), |_, ix| Ok(Some(items[ix].0)))
}

fn distinct(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    ctx.lent_items(|items, ctx| {
        view.collect(ctx, items)?;
        without_repeats(ctx, items, view.element)?;
        made(ctx, site, view, items)
    })
}

fn distinct_with_null(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    let missing = view.first_missing(ctx)?;
    ctx.lent_items(|items, ctx| {
        view.collect(ctx, items)?;
        without_repeats(ctx, items, view.element)?;
        let Some(missing) = missing else {
            return made(ctx, site, view, items);
        };
        // The first missing one stands behind the different elements that stood before it.
        let before = items.partition_point(|(_, place)| *place < missing as u64);
        view.make(ctx, site, items.len() + 1, |_, ix| match ix.cmp(&before) {
            Ordering::Less => Ok(Some(items[ix].0)),
            Ordering::Equal => Ok(None),
            Ordering::Greater => Ok(Some(items[ix - 1].0)),
        })
    })
}

fn sort_list(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    ctx.lent_items(|items, ctx| {
        ranked(&mut ctx.look(), args[0], view.element, args[1] == 1, items)?;
        view.make(ctx, site, view.len(), |ctx, ix| match items.get(ix) {
            Some((_, place)) => view.get(ctx, *place as usize),
            None => Ok(None),
        })
    })
}

/// The element at a place of the list in order: one at an end is found without that.
fn nth(look: &mut Look<'_>, args: &[u64], site: &CallSite) -> Answer {
    let items = look.items(args[0])?;
    let index = match args[2] as i64 {
        index if index < 0 => index.saturating_add(items.len() as i64),
        index => index,
    };
    let count = look.present(args[0])?.count();
    // Missing ones stand last.
    let Some(index) = usize::try_from(index).ok().filter(|index| *index < count) else {
        return Ok(None);
    };
    let (ty, ascending) = (site.result, args[1] == 1);
    // Of equal ones the first is first, and the last last.
    let up = |order: Ordering| if ascending { order } else { order.reverse() };
    match index {
        0 => best(look, args, ty, |order| up(order).is_lt()),
        _ if index + 1 == count => best(look, args, ty, |order| up(order).is_ge()),
        _ => in_order(look, args[0], (ty, ascending), |_, all| Ok(all.get(index))),
    }
}

fn sort_by(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let (view, keys) = (
        ListView::arg(ctx, args, site, 0)?,
        ListView::arg(ctx, args, site, 1)?,
    );
    if view.len() != keys.len() {
        return Err(Fault::Corrupt("as many keys as elements"));
    }
    let most = match args.get(3) {
        Some(count) => usize::try_from((*count as i64).max(0)).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    ctx.lent_items(|items, ctx| {
        let mut look = ctx.look();
        ranked(&mut look, args[1], keys.element, args[2] == 1, items)?;
        // Those without a key stand last, as they stood.
        let places = look.items(args[1])?.iter().zip(0..);
        items.extend(places.filter_map(|(key, at)| present(key).is_none().then_some((0, at))));
        view.make(ctx, site, items.len().min(most), |ctx, ix| {
            view.get(ctx, items[ix].1 as usize)
        })
    })
}

fn limit(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    let count = usize::try_from((args[1] as i64).max(0)).map_or(view.len(), |n| n.min(view.len()));
    let from_start = args.get(2) != Some(&0);
    let first = if from_start { 0 } else { view.len() - count };
    view.make(ctx, site, count, |ctx, ix| view.get(ctx, first + ix))
}

/// Different elements of the first list that are (or are not) in the second.
fn by_membership(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite, wanted: bool) -> Answer {
    let (a, b) = (
        ListView::arg(ctx, args, site, 0)?,
        ListView::arg(ctx, args, site, 1)?,
    );
    ctx.lent_items(|items, ctx| {
        a.collect(ctx, items)?;
        without_repeats(ctx, items, a.element)?;
        ctx.lent_items(|others, ctx| {
            b.collect(ctx, others)?;
            keep(ctx, items, others, b.element, wanted)
        })?;
        made(ctx, site, a, items)
    })
}

fn intersect(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    by_membership(ctx, args, site, true)
}

fn difference(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    by_membership(ctx, args, site, false)
}

fn merge(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let (a, b) = (
        ListView::arg(ctx, args, site, 0)?,
        ListView::arg(ctx, args, site, 1)?,
    );
    ctx.lent_items(|items, ctx| {
        a.collect(ctx, items)?;
        b.collect(ctx, items)?;
        if args[2] == 1 {
            for (place, item) in items.iter_mut().enumerate() {
                item.1 = place as u64;
            }
            without_repeats(ctx, items, a.element)?;
        }
        made(ctx, site, a, items)
    })
}

/// Texts with another between them, written where they stay.
fn joined(ctx: &mut Ctx<'_>, args: &[u64]) -> Result<u64, Fault> {
    let (at, count) = (ctx.scratch.text.len(), Ref(args[0]).len() as usize);
    let mut is_first = true;
    for ix in 0..count {
        let Some(text) = ctx.item(args[0], ix)? else {
            continue;
        };
        if !std::mem::take(&mut is_first) {
            ctx.append_str(args[1])?;
        }
        ctx.append_str(text)?;
    }
    let len = ctx.scratch.text.len() - at;
    Ok(Ref::new(Region::Scratch, len as u32, at as u32).0)
}

fn serialize(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    let quoted = args[2] == 1;
    if view.element == WordType::Str && !quoted {
        return joined(ctx, args).map(Some);
    }
    ctx.build_str(|out, ctx| {
        let mut is_first = true;
        for ix in 0..view.len() {
            let Some(item) = view.get(ctx, ix)? else {
                continue;
            };
            if !std::mem::take(&mut is_first) {
                push(out, ctx.str(args[1])?)?;
            }
            let mark = if quoted { "\"" } else { "" };
            push(out, mark)?;
            match view.element {
                WordType::Str => {
                    for part in ctx.str(item)?.split_inclusive(['"', '\\']) {
                        let is_marked = part.ends_with(['"', '\\']);
                        let (plain, sign) = part.split_at(part.len() - usize::from(is_marked));
                        push(out, plain)?;
                        push(out, if is_marked { "\\" } else { "" })?;
                        push(out, sign)?;
                    }
                }
                // There is nothing to be marked in the text of anything else.
                other => write_text(out, item, other)?,
            }
            push(out, mark)?;
        }
        Ok(())
    })
    .map(Some)
}
