//! Functions over regular expressions: linear time, the syntax of the `regex` crate (no look-around, no back-references).
//!
//! A pattern that does not compile, or is too large, gives a missing result; the compiler refuses a constant one, by the same words.

use super::ctx::Ctx;
use super::items::Items;
use super::pattern::Pattern;
use super::text::push;
use super::types::{CallSite, Category, Function, Native, Param, Ty, p};
use crate::fault::{Fault, Fuel};
use journey_artifact::word::WordType;

use Ty::{Boolean as B, String as S};

type Answer = Result<Option<u64>, Fault>;

const fn f(name: &'static str, params: &'static [Param], returns: Ty, imp: Native) -> Function {
    Function::native(name, Category::String, params, returns, imp).optional()
}

/// The entries.
pub const TABLE: &[Function] = &[
    f("matchRegExp", &[p("text", S), p("pattern", S)], B, match_reg_exp).doc(
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
];

/// Whether argument 1 of this function is a pattern.
pub fn takes_pattern(function: &Function) -> bool {
    TABLE.iter().any(|entry| entry.name == function.name)
}

fn match_reg_exp(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let Some(pattern) = ctx.pattern(args[1])? else {
        return Ok(None);
    };
    let (text, fuel) = ctx.text_and_fuel(args[0])?;
    Ok(Some(pattern.is_match(text, fuel)?.into()))
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
            let part = ctx.sub_str(args[0], *from as usize, *to as usize)?;
            list = ctx.push_item(list, Some(part))?;
        }
        Ok(Some(list))
    })
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
