//! Functions over regular expressions: linear time, the syntax of the `regex` crate (no look-around, no back-references).
//!
//! A pattern that does not compile, or is too large, gives a missing result; the compiler refuses a constant one, by the same words.

use super::ctx::Ctx;
use super::eights::same_bytes;
use super::items::Items;
use super::look::{Look, part_of};
use super::pattern::Pattern;
use super::text::push;
use super::types::{CallSite, Category, Function, Looks, Native, Param, Ty, p};
use crate::fault::{Fault, Fuel};
use journey_artifact::word::WordType;
use std::ops::Range;

use Ty::{Boolean as B, String as S};

type Answer = Result<Option<u64>, Fault>;

const fn f(name: &'static str, params: &'static [Param], returns: Ty, imp: Native) -> Function {
    Function::native(name, Category::String, params, returns, imp).optional()
}

const fn look(name: &'static str, params: &'static [Param], returns: Ty, imp: Looks) -> Function {
    Function::looks(name, Category::String, params, returns, imp).optional()
}

/// The entries.
pub const TABLE: &[Function] = &[
    look("matchRegExp", &[p("text", S), p("pattern", S)], B, match_reg_exp).doc(
        "Whether the regular expression matches somewhere in the text; `^` and `$` tie it to the ends. The reference system does not say whether a part is enough; its one example needs it to be.",
        &[("matchRegExp(\"username@acme.example\", '@acme')", "true"), ("matchRegExp(\"abc\", '^\\d+$')", "false"), ("matchRegExp(\"ABC\", '(?i)abc')", "true")],
    ),
    f("replace", &[p("text", S), p("pattern", S), p("by", S)], S, replace).doc(
        "The text with the first match of the regular expression replaced. The replacement is taken literally: `$1` is not a group.",
        &[("replace(\"Hello World\", \"l\", \"x\")", "\"Hexlo World\"")],
    ),
    f("replaceAll", &[p("text", S), p("pattern", S), p("by", S)], S, replace_all).doc(
        "The text with every match of the regular expression replaced, from left to right. The replacement is taken literally.",
        &[("replaceAll(\"a1b22\", '\\d+', \"#\")", "\"a#b#\""), ("replaceAll(\"aaa\", \"aa\", \"b\")", "\"ba\"")],
    ),
    f("split", &[p("text", S), p("separator", S)], Ty::List(&S), split).doc(
        "The parts between matches of a regular expression. Empty parts at the end are dropped, those inside are kept; a text without a match is the one part, an empty one too.",
        &[("split(\"A_B_C\", \"_\")", "[\"A\",\"B\",\"C\"]"), ("split(\"a__b_\", \"_\")", "[\"a\",\"\",\"b\"]"), ("split(\"20.45\", '\\.')", "[\"20\",\"45\"]"), ("split(\",,\", \",\")", "[]"), ("split(\"\", \",\")", "[\"\"]")],
    ),
    Function::looks(PART, Category::Operator, &[p("text", S), p("separator", S), p("number", Ty::Integer)], S, part_numbered).optional().doc(
        "The part with a number, from 0, of those that `split` gives; missing when there is none. No list is made.",
        &[("split(\"a,b\", \",\")[1]", "\"b\"")],
    ),
    Function::looks(REPLACED, Category::Operator, &[p("text", S), p("pattern", S), p("by", S), p("other", S), p("whole", B)], B, replaced).optional().doc(
        "Whether the text with every match replaced, as `replaceAll` does it, begins with another, or with true is the other. No text is made.",
        &[("replaceAll(\"+52 55\", '\\D', \"\").startWith(\"525\")", "true"), ("replaceAll(\"+52 55\", '\\D', \"\") == \"525\"", "false")],
    ),
];

/// What one part of a text that is split becomes.
pub const PART: &str = "op.part";
/// What a comparison of a text with its matches replaced becomes.
pub const REPLACED: &str = "op.replaced";

/// Whether argument 1 of this function is a pattern.
pub fn takes_pattern(function: &Function) -> bool {
    TABLE.iter().any(|entry| entry.name == function.name)
}

fn match_reg_exp(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let Some(pattern) = look.pattern(args[1])? else {
        return Ok(None);
    };
    let text = look.str(args[0])?;
    Ok(Some(pattern.is_match(text, look.fuel)?.into()))
}

fn replaced(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let Some(pattern) = look.pattern(args[1])? else {
        return Ok(None);
    };
    let [text, by, other] = [look.str(args[0])?, look.str(args[2])?, look.str(args[3])?];
    let is_whole = args[4] == 1;
    let mut wanted = other.as_bytes();
    // Takes a piece of the text off what is wanted; when that tells, whether it holds.
    let mut take = |piece: &str| {
        let (piece, len) = (piece.as_bytes(), piece.len().min(wanted.len()));
        let (now, then) = wanted.split_at(len);
        wanted = then;
        match same_bytes(now, &piece[..len]) {
            false => Some(false),
            true if piece.len() > len => Some(!is_whole),
            true => (then.is_empty() && !is_whole).then_some(true),
        }
    };
    let mut matches = pattern.matches(text, look.fuel)?;
    let mut done = 0;
    let told = loop {
        let found = matches.next(look.fuel)?;
        let end = found.as_ref().map_or(text.len(), |found| found.start);
        let told = take(&text[done..end]);
        let Some(found) = found else { break told };
        done = found.end;
        if let Some(told) = told.or_else(|| take(by)) {
            break Some(told);
        }
    };
    Ok(Some(told.unwrap_or(wanted.is_empty()).into()))
}

fn replace(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    replace_some(ctx, args, 1)
}

fn replace_all(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    replace_some(ctx, args, usize::MAX)
}

fn replace_some(ctx: &mut Ctx<'_>, args: &[u64], most: usize) -> Answer {
    let Some(pattern) = ctx.pattern(args[1])? else {
        return Ok(None);
    };
    let mut fuel = *ctx.fuel;
    let made = ctx.build_str(|out, ctx| {
        let (text, by) = (ctx.str(args[0])?, ctx.str(args[2])?);
        let mut matches = pattern.matches(text, &mut fuel)?;
        let (mut done, mut left) = (0, most);
        while left > 0
            && let Some(found) = matches.next(&mut fuel)?
        {
            push(out, &text[done..found.start])?;
            push(out, by)?;
            (done, left) = (found.end, left - 1);
        }
        push(out, &text[done..])
    });
    *ctx.fuel = fuel;
    made.map(Some)
}

fn split(ctx: &mut Ctx<'_>, args: &[u64], site: &CallSite) -> Answer {
    let Some(pattern) = ctx.pattern(args[1])? else {
        return Ok(None);
    };
    let WordType::List(shape) = site.result else {
        return Err(Fault::Corrupt("split gives a list"));
    };
    ctx.lent_items(|places, ctx| {
        let (text, fuel) = ctx.text_and_fuel(args[0])?;
        parts(&pattern, text, fuel, places)?;
        ctx.fuel.take(places.len() as u64)?;
        let mut list = ctx.new_list(shape, places.len())?;
        for (from, to) in places {
            let part = part_of(args[0], *from as usize, *to as usize);
            list = ctx.push_item(list, Some(part))?;
        }
        Ok(Some(list))
    })
}

fn part_numbered(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let Some(pattern) = look.pattern(args[1])? else {
        return Ok(None);
    };
    let Ok(number) = usize::try_from(args[2] as i64) else {
        return Ok(None);
    };
    let part = part(&pattern, look.str(args[0])?, number, look.fuel)?;
    Ok(part.map(|part| part_of(args[0], part.start, part.end)))
}

/// The place of one part; [`parts`] says what they are.
fn part(
    pattern: &Pattern,
    text: &str,
    number: usize,
    fuel: &mut Fuel,
) -> Result<Option<Range<usize>>, Fault> {
    let mut matches = pattern.matches(text, fuel)?;
    let (mut before, mut done, mut empty) = (0, 0, None);
    loop {
        let found = matches.next(fuel)?;
        if found.as_ref().is_some_and(|found| found.end == 0) {
            continue;
        }
        let end = found.as_ref().map_or(text.len(), |found| found.start);
        let is_only = found.is_none() && before == 0;
        // An empty part is one if something stands behind it.
        match (before == number, done == end && !is_only) {
            (true, false) => return Ok(Some(done..end)),
            (true, true) => empty = Some(done..end),
            (false, false) if empty.is_some() => return Ok(empty),
            (false, _) => {}
        }
        let Some(found) = found else {
            return Ok(None);
        };
        (before, done) = (before + 1, found.end);
    }
}

/// The places of a text's parts between matches.
fn parts(pattern: &Pattern, text: &str, fuel: &mut Fuel, parts: &mut Items) -> Result<(), Fault> {
    let mut matches = pattern.matches(text, fuel)?;
    let mut done = 0;
    while let Some(found) = matches.next(fuel)? {
        if found.end == 0 {
            continue; // an empty match at the very start separates nothing
        }
        parts.push((done as u64, found.start as u64));
        done = found.end;
    }
    let separated = !parts.is_empty();
    parts.push((done as u64, text.len() as u64));
    while separated && parts.last().is_some_and(|(from, to)| from == to) {
        parts.pop();
    }
    Ok(())
}
