//! Functions over lists.
//!
//! A list of scalars may hold missing elements. Equality and order are those of [`super::order`].

use super::convert::write_text;
use super::ctx::Ctx;
use super::look::Look;
use super::order::{compare_optional, pay};
use super::text::push;
use super::types::{CallSite, Category, Function, Native, Param, Plain, Ty, p};
use super::view::{ListView, Sorted, sort, without_repeats};
use crate::fault::Fault;
use journey_artifact::word::Ref;
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

const fn a(name: &'static str, params: &'static [Param], returns: Ty, imp: Native) -> Function {
    Function::native(name, Category::Aggregation, params, returns, imp)
}

/// The entries.
pub const TABLE: &[Function] = &[
    a("count", SCALARS, I, count).doc("How many elements are not missing. An empty text counts.", &[("count([10, 2, 10])", "3")]),
    a("countOnlyNull", SCALARS, I, count_only_null).doc("How many elements are missing.", &[("countOnlyNull([10, 2])", "0")]),
    Function::looks("countWithNull", Category::Aggregation, LIST, I, size).plain(Plain::Size).doc("How many elements there are, missing ones included.", &[("countWithNull([10, 2])", "2")]),
    a("distinctCount", SCALARS, I, distinct_count).doc("How many different elements are not missing.", &[("distinctCount([10, 2, 10])", "2")]),
    a("distinctCountWithNull", SCALARS, I, distinct_count_with_null)
        .doc("How many different elements there are; all missing ones together count as one.", &[("distinctCountWithNull([10, 2, 10])", "2")]),
    a("sum", &[p("list", L(&I))], I, sum_integer).doc("The sum of the elements that are not missing; 0 when there are none.", &[("sum([10, 3, 8])", "21")]),
    a("sum", &[p("list", L(&D))], D, sum_decimal).doc("The sum of the elements that are not missing, from first to last; 0.0 when there are none.", &[("sum([0.5, 1.0])", "1.5")]),
    a("sum", &[p("list", L(&U))], U, sum_integer).doc("The sum of the durations that are not missing.", &[("sum([1h, 30m])", "\"PT1H30M\"")]),
    a("avg", &[p("list", L(&I))], D, avg_integer).optional().doc("The mean of the elements that are not missing; missing when there are none.", &[("avg([10, 8])", "9.0")]),
    a("avg", &[p("list", L(&D))], D, avg_decimal).optional().doc("The mean of the elements that are not missing; missing when there are none.", &[("avg([-1.0, 1.0])", "0.0")]),
    a("max", &[p("list", L(&T))], T, max).optional().doc("The largest element that is not missing; missing when there is none.", &[("max([3, 5, 4])", "5")]),
    a("min", &[p("list", L(&T))], T, min).optional().doc("The smallest element that is not missing; missing when there is none.", &[("min([3, 5, 4])", "3")]),
    Function::looks("listSize", Category::List, LIST, I, size).plain(Plain::Size).doc("How many elements there are, missing ones included.", &[("listSize([10, 2])", "2")]),
    f("getListItem", &[p("list", L(&T)), p("index", I)], T, item).optional()
        .doc("The element at a place, from 0; missing when there is none or the place is negative.", &[("getListItem([\"A\", \"B\", \"C\"], 2)", "\"C\"")]),
    f("in", &[p("value", T), p("list", L(&T))], B, is_in).optional()
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
];

fn number(n: usize) -> Answer {
    Ok(Some(n as u64))
}

fn size(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    number(Ref(args[0]).len() as usize)
}

fn count(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    number(ListView::arg(ctx, args, site, 0)?.present(ctx)?.len())
}

fn count_only_null(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    number(view.len() - view.present(ctx)?.len())
}

fn distinct_count(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    number(without_repeats(ctx, &view.present(ctx)?, view.element)?.len())
}

fn distinct_count_with_null(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    let present = view.present(ctx)?;
    number(
        without_repeats(ctx, &present, view.element)?.len()
            + usize::from(present.len() < view.len()),
    )
}

fn sum_integer(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let items = ListView::arg(ctx, args, site, 0)?.present(ctx)?;
    Ok(Some(
        items
            .iter()
            .fold(0i64, |sum, item| sum.saturating_add(*item as i64)) as u64,
    ))
}

fn sum_of(items: &[u64]) -> f64 {
    items
        .iter()
        .fold(0.0, |sum, item| sum + f64::from_bits(*item))
}

fn sum_decimal(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    Ok(Some(
        sum_of(&ListView::arg(ctx, args, site, 0)?.present(ctx)?).to_bits(),
    ))
}

fn mean(sum: f64, count: usize) -> Answer {
    Ok((count > 0).then(|| (sum / count as f64).to_bits()))
}

fn avg_integer(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let items = ListView::arg(ctx, args, site, 0)?.present(ctx)?;
    // The exact sum of up to 2^20 integers fits 128 bits.
    mean(
        items
            .iter()
            .map(|item| i128::from(*item as i64))
            .sum::<i128>() as f64,
        items.len(),
    )
}

fn avg_decimal(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let items = ListView::arg(ctx, args, site, 0)?.present(ctx)?;
    mean(sum_of(&items), items.len())
}

/// The first element that no other beats.
fn best(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite, beats: Ordering) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    let items = view.present(ctx)?;
    pay(ctx, items.iter().copied(), view.element, 1)?;
    let mut best = None;
    for item in items {
        if best.is_none() || compare_optional(ctx, Some(item), best, view.element)? == beats {
            best = Some(item);
        }
    }
    Ok(best)
}

fn max(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    best(ctx, args, site, Ordering::Greater)
}

fn min(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    best(ctx, args, site, Ordering::Less)
}

fn item(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    match usize::try_from(args[1] as i64) {
        Ok(ix) if ix < view.len() => view.get(ctx, ix),
        _ => Ok(None),
    }
}

fn is_in(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 1)?;
    let mut none = Some(0);
    for ix in 0..view.len() {
        let item = view.get(ctx, ix)?;
        pay(ctx, item, view.element, 1)?;
        if item.is_none() {
            none = None;
        } else if compare_optional(ctx, item, Some(args[0]), view.element)? == Ordering::Equal {
            return Ok(Some(1));
        }
    }
    Ok(none)
}

fn all_present(items: Vec<u64>) -> Vec<Option<u64>> {
    items.into_iter().map(Some).collect()
}

fn distinct(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    let items = without_repeats(ctx, &view.present(ctx)?, view.element)?;
    view.make(ctx, site, &all_present(items))
}

fn distinct_with_null(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    let items = view.items(ctx)?;
    let present = view.present(ctx)?;
    let mut kept = all_present(without_repeats(ctx, &present, view.element)?);
    if let Some(at) = items.iter().position(Option::is_none) {
        // The place of the first missing one among the kept: after the different elements that stand before it.
        let before: Vec<u64> = items[..at].iter().copied().flatten().collect();
        kept.insert(without_repeats(ctx, &before, view.element)?.len(), None);
    }
    view.make(ctx, site, &kept)
}

fn sort_list(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    let mut items = view.items(ctx)?;
    sort(ctx, &mut items, view.element, args[1] == 1, |item| *item)?;
    view.make(ctx, site, &items)
}

fn sort_by(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let (view, keys) = (
        ListView::arg(ctx, args, site, 0)?,
        ListView::arg(ctx, args, site, 1)?,
    );
    if view.len() != keys.len() {
        return Err(Fault::Corrupt("as many keys as elements"));
    }
    let mut pairs: Vec<_> = keys.items(ctx)?.into_iter().zip(view.items(ctx)?).collect();
    sort(ctx, &mut pairs, keys.element, args[2] == 1, |(key, _)| *key)?;
    let items: Vec<_> = pairs.into_iter().map(|(_, item)| item).collect();
    view.make(ctx, site, &items)
}

fn limit(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    let items = view.items(ctx)?;
    let count =
        usize::try_from((args[1] as i64).max(0)).map_or(items.len(), |n| n.min(items.len()));
    let from_start = args.get(2) != Some(&0);
    view.make(
        ctx,
        site,
        if from_start {
            &items[..count]
        } else {
            &items[items.len() - count..]
        },
    )
}

/// Different elements of the first list that are (or are not) in the second.
fn by_membership(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite, wanted: bool) -> Answer {
    let (a, b) = (
        ListView::arg(ctx, args, site, 0)?,
        ListView::arg(ctx, args, site, 1)?,
    );
    let other = Sorted::new(ctx, b.present(ctx)?, b.element)?;
    let mut kept = Vec::new();
    for item in without_repeats(ctx, &a.present(ctx)?, a.element)? {
        if other.has(ctx, item)? == wanted {
            kept.push(Some(item));
        }
    }
    a.make(ctx, site, &kept)
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
    let mut items = a.present(ctx)?;
    items.extend(b.present(ctx)?);
    if args[2] == 1 {
        items = without_repeats(ctx, &items, a.element)?;
    }
    a.make(ctx, site, &all_present(items))
}

fn serialize(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let view = ListView::arg(ctx, args, site, 0)?;
    let quoted = args[2] == 1;
    ctx.build_str(|out, ctx| {
        for (ix, item) in view.present(ctx)?.into_iter().enumerate() {
            if ix > 0 {
                push(out, ctx.str(args[1])?)?;
            }
            let mut text = String::new();
            write_text(&mut text, item, view.element, |word| {
                ctx.str(word).map(str::to_owned)
            })?;
            if quoted {
                text = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
            }
            push(out, &text)?;
        }
        Ok(())
    })
    .map(Some)
}
