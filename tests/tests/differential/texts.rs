//! Random texts that are made only to be looked at: put together, changed, cut off, split; and compared.
//!
//! Comes in: a generator. Goes out: conditions, and parts of texts. Never true here: texts so far apart that none is ever like another.

use crate::generate::{Gen, literal, make};
use journey_machine::func::Intrinsic;
use journeyc::hir::{CompareOp, Expr, ExprKind, Literal};
use journeyc::types::Type;

/// Texts of which some are others' beginnings, parts, or the same in another case.
const ALIKE: &[&str] = &[
    "",
    "a",
    "A",
    "b",
    "ab",
    "Ab",
    "AB",
    "a-b",
    "a--b-",
    "-",
    "1",
    "1b2",
    "É",
    "é",
    "ΑΣ",
    "ας",
    "ΑΣΑ",
    "ß",
    "SS",
    "İ",
    "a b",
    " a",
    "abcdefghij",
    "ABCDEFGHIJ",
    "abcdefghiJk",
    "a,b,c",
    "+52 55 12",
];
const PATTERNS: &[&str] = &[
    "-", ",", "[^0-9]", "[a-c]", "b*", "", "(?i)a", "ab|a", "(", " ",
];

impl Gen<'_> {
    /// A condition on such texts.
    pub fn of_texts(&mut self, depth: u32) -> Expr {
        let boolean = Type::Boolean;
        if self.rng.percent(20) {
            let subject = self.changed(depth);
            let some = (0..self.rng.below(9)).map(|_| self.alike());
            let some: Vec<Expr> = some.collect();
            let opt = subject.opt;
            return make(ExprKind::OneOf(Box::new(subject), some), boolean, opt);
        }
        let (a, b) = (self.made(depth), self.other(depth));
        if self.rng.percent(20)
            && let Some(call) = self.named("startWith", vec![a.clone(), b.clone()], &boolean)
        {
            return call;
        }
        let opt = a.opt || b.opt;
        let (a, b) = match self.rng.percent(70) {
            true => (Box::new(a), Box::new(b)),
            false => (Box::new(b), Box::new(a)),
        };
        let op = *self
            .rng
            .pick(&[CompareOp::Eq, CompareOp::Eq, CompareOp::Ne]);
        make(ExprKind::Compare(op, a, b), boolean, opt)
    }

    /// One part of a text that is split.
    pub fn part(&mut self, depth: u32) -> Option<Expr> {
        let (text, pattern) = (self.other(depth), self.pattern());
        let list = Type::list(Type::String);
        let split = self.named("split", vec![text, pattern], &list)?;
        let index = self.index(depth);
        let (ty, at_least) = (Type::String, self.rng.below(3));
        let kind = match at_least {
            0 => ExprKind::Inline {
                op: Intrinsic::First,
                args: vec![split],
                lambda: None,
            },
            1 => ExprKind::Inline {
                op: Intrinsic::At,
                args: vec![split, index],
                lambda: None,
            },
            _ => ExprKind::Index(Box::new(split), Box::new(index)),
        };
        Some(make(kind, ty, true))
    }

    fn alike(&mut self) -> Expr {
        let text = self.rng.pick(ALIKE).to_string();
        literal(Literal::Str(text), &Type::String)
    }

    fn pattern(&mut self) -> Expr {
        match self.rng.percent(90) {
            true => {
                let text = self.rng.pick(PATTERNS).to_string();
                literal(Literal::Str(text), &Type::String)
            }
            false => self.other(0),
        }
    }

    /// A text that is there, most often.
    fn other(&mut self, depth: u32) -> Expr {
        match self.rng.below(10) {
            0..=5 => self.alike(),
            6 | 7 => self.path(&Type::String).unwrap_or_else(|| self.alike()),
            8 if depth > 0 => self.made(depth - 1),
            _ => self.text_or(&Type::String, depth.saturating_sub(2)),
        }
    }

    fn changed(&mut self, depth: u32) -> Expr {
        let mut text = self.other(depth);
        for _ in 0..1 + self.rng.below(2) {
            let name = *self.rng.pick(&["lower", "upper", "lower", "upper", "trim"]);
            text = match self.named(name, vec![text.clone()], &Type::String) {
                Some(changed) => changed,
                None => text,
            };
        }
        text
    }

    /// A text that is made.
    fn made(&mut self, depth: u32) -> Expr {
        let string = Type::String;
        let made = match self.rng.below(6) {
            0 | 1 => return self.changed(depth),
            2 => {
                let pieces = (0..1 + self.rng.below(9)).map(|_| self.other(depth.min(1)));
                let pieces: Vec<Expr> = pieces.collect();
                let opt = pieces.iter().any(|piece| piece.opt);
                return make(ExprKind::Text(pieces), string, opt);
            }
            3 => {
                let args = vec![self.other(depth), self.pattern(), self.alike()];
                self.named("replaceAll", args, &string)
            }
            4 => {
                let number = |n: usize| literal(Literal::Int(n as i64), &Type::Integer);
                let (text, from, to) = (self.other(depth), self.rng.below(2), self.rng.below(4));
                self.named("substr", vec![text, number(from / 2), number(to)], &string)
            }
            _ => self.part(depth),
        };
        made.unwrap_or_else(|| self.alike())
    }

    /// A call of the function of the table that has this name and takes so many.
    fn named(&mut self, name: &str, args: Vec<Expr>, ty: &Type) -> Option<Expr> {
        let mut functions = self.types.functions.iter();
        let fits = functions.find(|f| f.name == name && f.params.len() == args.len())?;
        let opt = fits.optional || args.iter().any(|arg| arg.opt);
        Some(make(ExprKind::Call(fits, args), ty.clone(), opt))
    }
}
