//! Texts and lists that would be made only to be looked at.
//!
//! A text that is put together, changed or cut off and then compared, one part of a text that is split: functions that only look at what is
//! there tell these without making anything. Comes in: expressions. Goes out: a call, where one does it. Never true here: another value
//! than the expression as it is written has, or a value where it has none.

use super::super::code::Label;
use super::generate::Gen;
use crate::hir::{Expr, ExprKind, Literal};
use crate::types::Type;
use journey_artifact::code::Op;
use journey_machine::func::{Intrinsic, PART, REPLACED, SAME, SAME_LOWER, SAME_UPPER};
use std::iter;

/// Registers that one call is given at most: the others are for those who made the text.
const MOST: usize = 64;

impl Gen<'_, '_> {
    /// A fresh register with whether two texts are equal, if nothing is to be made for that.
    pub fn equal_looked(&mut self, a: &Expr, b: &Expr, unknown: Label) -> Option<u8> {
        let is_text = |e: &Expr| matches!(e.ty, Type::String | Type::Enum(_));
        if !is_text(a) || !is_text(b) {
            return None;
        }
        let both_ways = [(a, b), (b, a)].into_iter();
        let told = if let Some((name, a, b)) = in_one_case(a, b) {
            self.told(name, &[a, b], unknown)
        } else if let Some((whole, start)) = both_ways.clone().find_map(|(a, b)| beginning(a, b)) {
            self.told("startWith", &[whole, start], unknown)
        } else if let Some((replaced, other)) =
            both_ways.clone().find_map(|(a, b)| Some((replaced(a)?, b)))
        {
            let (dst, yes) = (self.code.reg(), true);
            self.replaced(replaced, other, yes, dst, unknown);
            dst
        } else if let Some((parts, whole)) =
            both_ways.clone().find_map(|(a, b)| Some((pieces(a)?, b)))
        {
            let all: Vec<&Expr> = iter::once(whole).chain(parts).collect();
            self.told(SAME, &all, unknown)
        } else {
            return None;
        };
        Some(told)
    }

    /// `dst ← e`, if that can be looked up where it stands; whether it can.
    pub fn looked(&mut self, e: &Expr, dst: u8, missing: Label) -> bool {
        if let ExprKind::Call(function, args) = &e.kind {
            if let ("startWith", [text, start]) = (function.name, &args[..])
                && let Some(replaced) = replaced(text)
            {
                self.replaced(replaced, start, false, dst, missing);
                return true;
            }
            return false;
        }
        let Some((list, number)) = item(e) else {
            return false;
        };
        let Some([text, separator]) = called("split", list) else {
            return false;
        };
        let (text, case) = before_case(text, separator);
        let first = self.code.regs(3);
        self.value(text, first, missing);
        self.value(separator, first.saturating_add(1), missing);
        self.int(first.saturating_add(2), number.into());
        let params = [&text.ty, &separator.ty, &Type::Integer];
        let part = if case.is_some() { first } else { dst };
        self.call_run(PART, first, params.into_iter(), &e.ty, part, missing);
        if let Some(case) = case {
            self.call_run(case, part, iter::once(&e.ty), &e.ty, dst, missing);
        }
        true
    }

    /// A fresh register with what a function says of texts.
    fn told(&mut self, name: &str, texts: &[&Expr], unknown: Label) -> u8 {
        let (dst, first) = (self.code.reg(), self.code.regs(texts.len()));
        for (n, text) in texts.iter().enumerate() {
            self.value(text, first.saturating_add(n as u8), unknown);
        }
        let params = texts.iter().map(|text| &text.ty);
        self.call_run(name, first, params, &Type::Boolean, dst, unknown);
        dst
    }

    /// `dst ←` whether a text, in which what matches is replaced, begins with another, or is the other.
    fn replaced(
        &mut self,
        replaced: [&Expr; 3],
        other: &Expr,
        is_whole: bool,
        dst: u8,
        missing: Label,
    ) {
        let first = self.code.regs(5);
        let [text, pattern, by] = replaced;
        let texts = [text, pattern, by, other];
        for (n, text) in texts.iter().enumerate() {
            self.value(text, first.saturating_add(n as u8), missing);
        }
        let whole = first.saturating_add(4);
        self.code.emit(Op::Bool, whole, 0, 0, is_whole.into());
        let params = texts.iter().map(|text| &text.ty);
        let params = params.chain(iter::once(&Type::Boolean));
        self.call_run(REPLACED, first, params, &Type::Boolean, dst, missing);
    }
}

/// What a text that is split is in one case, and the function that puts it there: of a part it makes the same as of the whole, when what
/// separates has no case, comes of no other letter, and is none that a capital sigma's case is told beyond.
fn before_case<'e>(text: &'e Expr, separator: &Expr) -> (&'e Expr, Option<&'static str>) {
    let plain = literal_text(separator).is_some_and(|separator| {
        let mut letters = separator.chars();
        letters
            .next()
            .is_some_and(|letter| "@,-/_#=&;~% ".contains(letter))
            && letters.next().is_none()
    });
    let mut cases = ["lower", "upper"].into_iter().filter(|_| plain);
    let inner = cases.find_map(|case| Some((called::<1>(case, text)?[0], Some(case))));
    inner.unwrap_or((text, None))
}

/// Whether what is made last of a text is another case of it.
pub(super) fn changes_case(e: &Expr) -> bool {
    let case = |e| called::<1>("lower", e).or(called("upper", e)).is_some();
    let part = || called("split", item(e)?.0).map(|[text, separator]| (text, separator));
    case(e) || part().is_some_and(|(text, separator)| before_case(text, separator).1.is_some())
}

/// The arguments of a call of a function with so many.
fn called<'e, const N: usize>(name: &str, e: &'e Expr) -> Option<[&'e Expr; N]> {
    match &e.kind {
        ExprKind::Call(function, args) if function.name == name => {
            let args: &[Expr; N] = args[..].try_into().ok()?;
            Some(args.each_ref())
        }
        _ => None,
    }
}

/// The text, the expression and what is put in place of its matches.
fn replaced(e: &Expr) -> Option<[&Expr; 3]> {
    called("replaceAll", e)
}

/// The function that compares two texts in one case, and the texts.
fn in_one_case<'e>(a: &'e Expr, b: &'e Expr) -> Option<(&'static str, &'e Expr, &'e Expr)> {
    [("lower", SAME_LOWER), ("upper", SAME_UPPER)]
        .into_iter()
        .find_map(|(case, name)| {
            let ([a], [b]) = (called(case, a)?, called(case, b)?);
            Some((name, a, b))
        })
}

/// The list and the number, written down and not negative, of what is an item of a list.
fn item(e: &Expr) -> Option<(&Expr, u32)> {
    match &e.kind {
        ExprKind::Index(list, index) => Some((list, whole_number(index)?)),
        ExprKind::Inline {
            op,
            args,
            lambda: None,
        } => match (op, &args[..]) {
            (Intrinsic::At, [list, index]) => Some((list, whole_number(index)?)),
            (Intrinsic::First, [list]) => Some((list, 0)),
            _ => None,
        },
        _ => None,
    }
}

/// The texts that a text is put together of, if it is.
fn pieces(e: &Expr) -> Option<&[Expr]> {
    let pieces = match &e.kind {
        ExprKind::Text(pieces) => pieces,
        ExprKind::Call(function, args)
            if function.name == "concat" && args.iter().all(|arg| arg.ty == Type::String) =>
        {
            args
        }
        _ => return None,
    };
    (1..MOST).contains(&pieces.len()).then_some(pieces)
}

/// A text and the constant that is to be as much of its beginning as is cut off.
fn beginning<'e>(cut: &'e Expr, other: &'e Expr) -> Option<(&'e Expr, &'e Expr)> {
    let [text, from, to] = called("substr", cut)?;
    let letters = literal_text(other)?.chars().count();
    let is = |e: &Expr, number: usize| whole_number(e).is_some_and(|n| n as usize == number);
    (letters > 0 && is(from, 0) && is(to, letters)).then_some((text, other))
}

/// A text that is written down and no stand-in.
fn literal_text(e: &Expr) -> Option<&str> {
    match &e.kind {
        ExprKind::Literal(Literal::Str(text)) if !e.opt => Some(text),
        _ => None,
    }
}

/// A number that is written down and is not negative, if it is a small one.
fn whole_number(e: &Expr) -> Option<u32> {
    match &e.kind {
        ExprKind::Literal(Literal::Int(number)) if !e.opt => u32::try_from(*number)
            .ok()
            .filter(|n| *n <= i32::MAX as u32),
        _ => None,
    }
}
