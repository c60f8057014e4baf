//! Functions over text.
//!
//! Positions and lengths count characters (Unicode scalar values), not bytes. Ignoring case compares the small
//! letters of all letters' capitals, without a locale.

use super::ctx::Ctx;
use super::eights::{self, same_bytes, same_caseless};
use super::look::{Look, part_of};
use super::types::{CallSite, Category, Function, Looks, Plain, Short, Ty, p};
use crate::fault::Fault;
use journey_artifact::word::Ref;
use memchr::memmem;
use std::char::ToLowercase;

use Ty::{Boolean as B, Integer as I, String as S};

type Answer = Result<Option<u64>, Fault>;

const TWO: &[super::types::Param] = &[p("text", S), p("part", S)];
const ONE: &[super::types::Param] = &[p("text", S)];

const fn f(
    name: &'static str,
    params: &'static [super::types::Param],
    returns: Ty,
    imp: super::types::Native,
) -> Function {
    Function::native(name, Category::String, params, returns, imp)
}

const fn look(
    name: &'static str,
    params: &'static [super::types::Param],
    returns: Ty,
    imp: Looks,
) -> Function {
    Function::looks(name, Category::String, params, returns, imp)
}

/// The entries.
pub const TABLE: &[Function] = &[
    f("concat", &[p("first", S), p("second", S)], S, concat)
        .variadic()
        .doc("The texts one after another.", &[("concat(\"Hello\", \" \", \"World\")", "\"Hello World\"")]),
    f("concat", &[p("list", Ty::List(&S))], S, concat_list)
        .doc("The texts of a list one after another; missing ones are left out.", &[("concat([\"a\", \"b\"])", "\"ab\"")]),
    look("contain", TWO, B, contain).short(Short::Contain)
        .doc("Whether the second text occurs in the first; case matters.", &[("contain(\"rowing\", \"row\")", "true"), ("contain(\"rowing\", \"Row\")", "false")]),
    f("containIgnoreCase", TWO, B, contain_ignore_case)
        .doc("Whether the second text occurs in the first, ignoring case.", &[("containIgnoreCase(\"rowing PLACE\", \"Row\")", "true")]),
    look("startWith", TWO, B, start_with).short(Short::StartWith)
        .doc("Whether the first text begins with the second; case matters.", &[("startWith(\"Hello\", \"He\")", "true")]),
    look("startWithIgnoreCase", TWO, B, start_with_ignore_case)
        .doc("Whether the first text begins with the second, ignoring case.", &[("startWithIgnoreCase(\"Hello\", \"hE\")", "true")]),
    look("endWith", TWO, B, end_with).short(Short::EndWith)
        .doc("Whether the first text ends with the second; case matters.", &[("endWith(\"Hello\", \"lo\")", "true")]),
    look("endWithIgnoreCase", TWO, B, end_with_ignore_case)
        .doc("Whether the first text ends with the second, ignoring case.", &[("endWithIgnoreCase(\"Hello\", \"LO\")", "true")]),
    look("equalIgnoreCase", TWO, B, equal_ignore_case)
        .doc("Whether two texts are equal, ignoring case.", &[("equalIgnoreCase(\"rose\", \"ROSE\")", "true"), ("equalIgnoreCase(\"Νικος\", \"ΝΙΚΟΣ\")", "true")]),
    look("notEqualIgnoreCase", TWO, B, not_equal_ignore_case)
        .doc("Whether two texts differ, ignoring case.", &[("notEqualIgnoreCase(\"rose\", \"ROSE\")", "false")]),
    look("indexOf", TWO, I, index_of)
        .doc("Position of the first occurrence of the second text, from 0; -1 when there is none.", &[("indexOf(\"Hello\", \"l\")", "2"), ("indexOf(\"Hello\", \"z\")", "-1")]),
    look("lastIndexOf", TWO, I, last_index_of)
        .doc("Position of the last occurrence of the second text, from 0; -1 when there is none.", &[("lastIndexOf(\"Hello\", \"l\")", "3")]),
    look("isEmpty", ONE, B, is_empty).plain(Plain::IsEmpty)
        .doc("Whether the text has no characters; a blank is one. Of a missing text it is unknown.", &[("isEmpty(\"\")", "true"), ("isEmpty(\" \")", "false")]),
    look("isNotEmpty", ONE, B, is_not_empty).plain(Plain::IsNotEmpty)
        .doc("Whether the text has characters. Of a missing text it is unknown.", &[("isNotEmpty(\"a\")", "true")]),
    look("length", ONE, I, length)
        .doc("How many characters the text has.", &[("length(\"Hello World\")", "11"), ("length(\"\u{e9}t\u{e9}\")", "3")]),
    f("lower", ONE, S, lower).short(Short::Lower).doc("The text in lower case, without a locale.", &[("lower(\"A\")", "\"a\"")]),
    f("upper", ONE, S, upper).short(Short::Upper).doc("The text in upper case, without a locale.", &[("upper(\"a\")", "\"A\"")]),
    look("trim", ONE, S, trim).short(Short::Trim)
        .doc("The text without white space (blanks, tabs, line breaks) at both ends.", &[("trim(\" a b \")", "\"a b\"")]),
    look("substr", &[p("text", S), p("from", I)], S, substr)
        .doc("The text from a position (from 0) to its end. A position outside is moved to the nearest end.", &[("substr(\"Hello World\", 6)", "\"World\"")]),
    look("substr", &[p("text", S), p("from", I), p("to", I)], S, substr)
        .doc("The text from a position to before another. Positions outside are moved to the nearest end; nothing is left when they cross.", &[("substr(\"Hello World\", 0, 5)", "\"Hello\""), ("substr(\"Hello\", 3, 1)", "\"\"")]),
    Function::looks(SAME, Category::Operator, TWO, B, same).variadic()
        .doc("Whether the first text is the others one after another: an equality with a text that is put together.", &[("\"a-b\" == \"{\"a\"}-{\"b\"}\"", "true")]),
    Function::looks(SAME_LOWER, Category::Operator, TWO, B, same_lower)
        .doc("Whether two texts are one in lower case.", &[("lower(\"Ab\") == lower(\"aB\")", "true")]),
    Function::looks(SAME_UPPER, Category::Operator, TWO, B, same_upper)
        .doc("Whether two texts are one in upper case.", &[("upper(\"Ab\") == upper(\"aB\")", "true")]),
    Function::native(SEGMENT, Category::Operator, ONE, S, segment)
        .doc("Data as it stands in the address of a call: all but letters, digits, `-`, `_`, `~` and `.` percent-encoded; behind nothing but dots, or nothing at all, a mark.", &[]),
];

/// What an equality with a text that is put together becomes.
pub const SAME: &str = "op.same";
/// What an equality of two texts in lower case becomes.
pub const SAME_LOWER: &str = "op.sameLower";
/// What one of two texts in upper case becomes.
pub const SAME_UPPER: &str = "op.sameUpper";
/// What data in a call's address goes through.
pub const SEGMENT: &str = "op.segment";
/// What [`SEGMENT`] leaves behind data that, alone, would make another way of the address: nothing, or dots. No spelling of dots gets
/// through all readers of addresses, so whoever has the whole address looks whether they are alone.
pub(crate) const NO_SEGMENT: char = '\0';

fn concat(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    ctx.build_str(|out, ctx| {
        for arg in args {
            push(out, ctx.str(*arg)?)?;
        }
        Ok(())
    })
    .map(Some)
}

fn segment(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let text = ctx.str(args[0])?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~.".contains(&byte);
    let is_dots = text.bytes().all(|byte| byte == b'.');
    if !is_dots && text.bytes().all(is_plain) {
        return Ok(Some(args[0]));
    }
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    ctx.build_str(|out, ctx| {
        for byte in ctx.str(args[0])?.bytes() {
            if is_plain(byte) {
                out.push(byte.into());
            } else {
                let digits = [byte >> 4, byte & 15].map(|digit| HEX[usize::from(digit)].into());
                out.extend(['%', digits[0], digits[1]]);
            }
        }
        out.extend(is_dots.then_some(NO_SEGMENT));
        // No text has room for more.
        push(out, "")
    })
    .map(Some)
}

fn concat_list(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    ctx.build_str(|out, ctx| {
        for ix in 0..Ref(args[0]).len() as usize {
            if let Some(word) = ctx.item(args[0], ix)? {
                push(out, ctx.str(word)?)?;
            }
        }
        Ok(())
    })
    .map(Some)
}

/// Appends within the limit of an evaluation's text.
pub(super) fn push(out: &mut String, text: &str) -> Result<(), Fault> {
    if out.len() + text.len() > crate::record::MAX_TEXT {
        return Err(Fault::ScratchFull);
    }
    out.push_str(text);
    Ok(())
}

fn test(look: &Look<'_>, args: &[u64], f: impl FnOnce(&str, &str) -> bool) -> Answer {
    Ok(Some(u64::from(f(look.str(args[0])?, look.str(args[1])?))))
}

/// A letter without its case: the small letter of its capital, so that a sigma is one wherever it stands. A letter whose capital is two
/// stays itself.
fn caseless(letter: char) -> ToLowercase {
    if letter.is_ascii() {
        return letter.to_lowercase();
    }
    let mut capital = letter.to_uppercase();
    match (capital.next(), capital.next()) {
        (Some(capital), None) => capital.to_lowercase(),
        _ => letter.to_lowercase(),
    }
}

/// The letters of a text without their case.
fn letters(text: &str) -> impl DoubleEndedIterator<Item = char> + '_ {
    text.chars().flat_map(caseless)
}

/// What looking up the case of letters costs beyond the call: a unit for two bytes. (Of ASCII it is a matter of bytes.)
fn look_up(look: &mut Look<'_>, bytes: usize) -> Result<(), Fault> {
    look.fuel.take(bytes as u64 / 2)
}

/// A test of letters without their case, no more of them than the shorter text has: by bytes where these are of ASCII. (A letter of
/// another alphabet may be one of ASCII without its case.)
fn test_caseless(
    look: &mut Look<'_>,
    args: &[u64],
    part_of: impl FnOnce(&[u8], usize) -> Option<&[u8]>,
    letters: impl FnOnce(&str, &str) -> bool,
) -> Result<bool, Fault> {
    let (text, part) = (look.str(args[0])?, look.str(args[1])?);
    let plain =
        part_of(text.as_bytes(), part.len()).and_then(|same| match same.len() == part.len() {
            true => same_caseless(same, part.as_bytes()),
            false => (same.is_ascii() && part.is_ascii()).then_some(false),
        });
    if let Some(same) = plain {
        return Ok(same);
    }
    let shorter = text.len().min(part.len());
    look_up(look, shorter)?;
    Ok(letters(look.str(args[0])?, look.str(args[1])?))
}

fn contain(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    test(look, args, |text, part| text.contains(part))
}

fn contain_ignore_case(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    ctx.lent(|both, ctx| {
        let (text, part) = (ctx.str(args[0])?, ctx.str(args[1])?);
        let end = if text.is_ascii() && part.is_ascii() {
            both.push_str(text);
            both.push_str(part);
            both.make_ascii_lowercase();
            text.len()
        } else {
            let bytes = text.len() + part.len();
            look_up(&mut ctx.look(), bytes)?;
            both.extend(letters(ctx.str(args[0])?));
            let end = both.len();
            both.extend(letters(ctx.str(args[1])?));
            end
        };
        let (text, part) = both.as_bytes().split_at(end);
        Ok(Some(memmem::find(text, part).is_some().into()))
    })
}

fn start_with(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    test(look, args, |text, part| text.starts_with(part))
}

fn start_with_ignore_case(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    fn head(text: &[u8], len: usize) -> Option<&[u8]> {
        text.get(..len)
    }
    let holds = test_caseless(look, args, head, |text, part| {
        let mut text = letters(text);
        letters(part).all(|letter| text.next() == Some(letter))
    });
    Ok(Some(holds?.into()))
}

fn end_with(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    test(look, args, |text, part| text.ends_with(part))
}

fn end_with_ignore_case(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    fn tail(text: &[u8], len: usize) -> Option<&[u8]> {
        text.get(text.len().checked_sub(len)?..)
    }
    let holds = test_caseless(look, args, tail, |text, part| {
        let mut text = letters(text).rev();
        letters(part)
            .rev()
            .all(|letter| text.next() == Some(letter))
    });
    Ok(Some(holds?.into()))
}

fn equal_ignore_case(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(same_letters(look, args)?.into()))
}

fn not_equal_ignore_case(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some((!same_letters(look, args)?).into()))
}

fn same_letters(look: &mut Look<'_>, args: &[u64]) -> Result<bool, Fault> {
    test_caseless(
        look,
        args,
        |text, _| Some(text),
        |a, b| letters(a).eq(letters(b)),
    )
}

fn same(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let (text, parts) = args.split_first().ok_or(Fault::Corrupt("arguments"))?;
    let mut rest = look.str(*text)?.as_bytes();
    for part in parts {
        let part = look.str(*part)?.as_bytes();
        match rest.split_at_checked(part.len()) {
            Some((head, tail)) if same_bytes(head, part) => rest = tail,
            _ => return Ok(Some(0)),
        }
    }
    Ok(Some(rest.is_empty().into()))
}

/// The same in one case: by bytes where all are of ASCII.
fn same_in_case(
    look: &mut Look<'_>,
    args: &[u64],
    letters: impl FnOnce(&str, &str) -> bool,
) -> Answer {
    let (a, b) = (look.str(args[0])?, look.str(args[1])?);
    let plain = match a.len() == b.len() {
        true => same_caseless(a.as_bytes(), b.as_bytes()),
        false => (a.is_ascii() && b.is_ascii()).then_some(false),
    };
    Ok(Some(plain.unwrap_or_else(|| letters(a, b)).into()))
}

fn same_lower(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    same_in_case(look, args, |a, b| {
        // A capital sigma goes by its neighbours.
        match [a, b].iter().any(|text| text.contains('\u{3A3}')) {
            true => a.to_lowercase() == b.to_lowercase(),
            false => {
                let [a, b] = [a, b].map(|text| text.chars().flat_map(char::to_lowercase));
                a.eq(b)
            }
        }
    })
}

fn same_upper(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    same_in_case(look, args, |a, b| {
        let [a, b] = [a, b].map(|text| text.chars().flat_map(char::to_uppercase));
        a.eq(b)
    })
}

fn position(text: &str, byte: Option<usize>) -> u64 {
    match byte {
        Some(byte) => eights::letters(&text[..byte]) as u64,
        None => -1i64 as u64,
    }
}

fn index_of(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let text = look.str(args[0])?;
    Ok(Some(position(text, text.find(look.str(args[1])?))))
}

fn last_index_of(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let text = look.str(args[0])?;
    Ok(Some(position(text, text.rfind(look.str(args[1])?))))
}

fn is_empty(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(u64::from(Ref(args[0]).is_empty())))
}

fn is_not_empty(_: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(u64::from(!Ref(args[0]).is_empty())))
}

fn length(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    Ok(Some(eights::letters(look.str(args[0])?) as u64))
}

/// Appends a text in the other case: runs of ASCII at once, every other letter by itself.
fn put_changed(
    out: &mut String,
    text: &str,
    ascii: fn(&mut str),
    other: impl Fn(char, &mut String),
) {
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.bytes().position(|byte| !byte.is_ascii());
        let (plain, strange) = rest.split_at(plain.unwrap_or(rest.len()));
        let from = out.len();
        out.push_str(plain);
        ascii(&mut out[from..]);
        let mut letters = strange.chars();
        if let Some(letter) = letters.next() {
            other(letter, out);
        }
        rest = letters.as_str();
    }
}

fn lower(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let text = ctx.str(args[0])?;
    if text.is_ascii() {
        // Nothing is written for what is in lower case already, and no memory is asked for otherwise.
        return match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => ctx
                .changed_copy(args[0], str::make_ascii_lowercase)
                .map(Some),
            false => Ok(Some(args[0])),
        };
    }
    ctx.build_str(|out, ctx| {
        let text = ctx.str(args[0])?;
        // A capital sigma goes by its neighbours.
        match text.contains('\u{3A3}') {
            true => out.push_str(&text.to_lowercase()),
            false => put_changed(out, text, str::make_ascii_lowercase, |letter, out| {
                letter.to_lowercase().for_each(|letter| out.push(letter));
            }),
        }
        push(out, "")
    })
    .map(Some)
}

fn upper(ctx: &mut Ctx<'_>, args: &[u64], _: &CallSite) -> Answer {
    let text = ctx.str(args[0])?;
    if text.is_ascii() {
        return match text.bytes().any(|byte| byte.is_ascii_lowercase()) {
            true => ctx
                .changed_copy(args[0], str::make_ascii_uppercase)
                .map(Some),
            false => Ok(Some(args[0])),
        };
    }
    ctx.build_str(|out, ctx| {
        let text = ctx.str(args[0])?;
        put_changed(out, text, str::make_ascii_uppercase, |letter, out| {
            letter.to_uppercase().for_each(|letter| out.push(letter));
        });
        push(out, "")
    })
    .map(Some)
}

fn trim(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let text = look.str(args[0])?;
    let from = text.len() - text.trim_start().len();
    let to = from + text.trim().len();
    Ok(Some(part_of(args[0], from, to)))
}

fn substr(look: &mut Look<'_>, args: &[u64], _: &CallSite) -> Answer {
    let text = look.str(args[0])?;
    let byte = |position: u64| match usize::try_from(position as i64) {
        Ok(number) => eights::place(text, number),
        Err(_) => 0,
    };
    let from = byte(args[1]);
    let to = args.get(2).map_or(text.len(), |to| byte(*to));
    Ok(Some(part_of(args[0], from, to.max(from))))
}
