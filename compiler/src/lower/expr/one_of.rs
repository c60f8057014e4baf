//! A value against several: `x in [a, b, c]`, and equalities of one place that `or` joins.
//!
//! Constants from a number on are a set that is looked into at once; all else is compared one after another. Comes in: the value and what
//! it is compared with. Goes out: jumps. Never true here: a set with something that may be missing.

use super::super::code::Label;
use super::generate::Gen;
use super::looked::changes_case;
use crate::check::state::same_place;
use crate::hir::{CompareOp, Expr, ExprKind, Literal};
use crate::lower::discriminators::constant;
use journey_artifact::code::Op;
use journey_artifact::limits;
use journey_artifact::model::{Constant, StrId};
use journey_artifact::word::WordType;

/// From so many constants on they are a set: to ask for two or three words one after another is as fast in code, for some texts too.
const FEW_WORDS: usize = 4;
const FEW_TEXTS: usize = 6;
/// A text in another case is looked for in a set without being made.
const FEW_CASED: usize = 2;

impl Gen<'_, '_> {
    /// `subject in [alternatives]`. Constants are looked at first: they are never unknown, and which of several it equals makes no
    /// difference.
    pub fn one_of<'e>(
        &mut self,
        subject: &Expr,
        alternatives: impl Iterator<Item = &'e Expr> + Clone,
        yes: Label,
        no: Label,
        unknown: Label,
    ) {
        let subject_reg = self.operand(subject, unknown);
        let word = self.pass.rows.word(&subject.ty);
        let constants = || alternatives.clone().filter(|e| is_constant(e));
        let few = match word {
            WordType::Str if changes_case(subject) => FEW_CASED,
            WordType::Str => FEW_TEXTS,
            _ => FEW_WORDS,
        };
        let has_set = word != WordType::Bool && constants().count() >= few;
        if has_set {
            let mark = self.code.mark();
            self.look_in_sets(subject_reg, word, constants(), yes);
            self.code.release(mark);
        }
        let others = || {
            let all = alternatives.clone();
            all.filter(|e| !has_set || !is_constant(e))
        };
        let remember = unknown != no && unknown != yes && others().any(|a| a.opt);
        let flag = remember.then(|| {
            let flag = self.code.reg();
            self.code.emit(Op::Bool, flag, 0, 0, 0);
            flag
        });
        for alternative in others() {
            let mark = self.code.mark();
            let next = self.code.label();
            // A missing alternative: true may still come, false no more.
            let missing = if unknown == yes {
                yes
            } else {
                self.code.label()
            };
            let other = self.operand(alternative, missing);
            let r = self.code.reg();
            self.equal(&subject.ty, r, subject_reg, other);
            self.code.emit_to(Op::JumpTrue, r, 0, 0, 0, yes);
            self.code.jump(next);
            if missing != yes {
                self.code.place(missing);
                if let Some(flag) = flag {
                    self.code.emit(Op::Bool, flag, 0, 0, 1);
                }
            }
            self.code.place(next);
            self.code.release(mark);
        }
        match flag {
            None => self.code.jump(no),
            Some(flag) => self.test(flag, unknown, no),
        }
    }

    /// Constants: words and texts.
    fn constants<'e>(
        &mut self,
        constants: impl Iterator<Item = &'e Expr>,
    ) -> (Vec<u64>, Vec<StrId>) {
        let (mut words, mut texts) = (Vec::new(), Vec::new());
        for e in constants {
            match constant(self.pass, e) {
                Some(Constant::Text(id)) => texts.push(id),
                Some(Constant::Word(_, word)) => words.push(word),
                None => {}
            }
        }
        (words, texts)
    }

    /// The set of constants of a type, of which there are some, and no more than a set has.
    pub fn set_of<'e>(&mut self, ty: WordType, constants: impl Iterator<Item = &'e Expr>) -> u16 {
        match self.constants(constants) {
            (words, texts) if texts.is_empty() => self.pass.pool.set_of_words(ty, words),
            (_, texts) => self.pass.pool.set_of_texts(texts),
        }
    }

    /// Goes to `yes` if a register's value is one of these constants, which are of its type.
    fn look_in_sets<'e>(
        &mut self,
        register: u8,
        ty: WordType,
        constants: impl Iterator<Item = &'e Expr>,
        yes: Label,
    ) {
        let (words, texts) = self.constants(constants);
        let pool = &mut self.pass.pool;
        let words = words.chunks(limits::SET_VALUES);
        let words = words.map(|some| pool.set_of_words(ty, some.to_vec()));
        let mut sets: Vec<u16> = words.collect();
        let texts = texts.chunks(limits::SET_VALUES);
        sets.extend(texts.map(|some| pool.set_of_texts(some.to_vec())));
        let found = self.code.reg();
        for set in sets {
            self.code.emit(Op::In, found, register, 0, set);
            self.code.emit_to(Op::JumpTrue, found, 0, 0, 0, yes);
        }
    }
}

/// Whether it is a literal that equals something.
pub(super) fn is_constant(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Literal(Literal::Dec(value)) if value.is_nan() => false,
        ExprKind::Literal(_) => !e.opt && !e.ty.is_error(),
        _ => false,
    }
}

/// A part of an `or`.
pub(super) enum Part<'e> {
    /// Any condition.
    One(&'e Expr),
    /// So many that ask whether one place equals a constant.
    Same(Vec<(&'e Expr, &'e Expr)>),
}

impl Part<'_> {
    /// Whether it may be unknown.
    pub(super) fn opt(&self) -> bool {
        match self {
            Part::One(e) => e.opt,
            Part::Same(all) => all.iter().any(|(place, _)| place.opt),
        }
    }
}

/// The parts of an `or`, those that ask the same place for many constants one behind the other as one; `None` where there are none.
pub(super) fn parts(e: &Expr) -> Option<Vec<Part<'_>>> {
    if leaves(e, FEW_WORDS) < FEW_WORDS {
        return None;
    }
    let mut leaves = Vec::new();
    collect(e, &mut leaves);
    let mut parts = Vec::new();
    let mut rest = &leaves[..];
    while let Some(first) = rest.first() {
        let same = rest
            .iter()
            .map_while(|e| match (equality(first)?, equality(e)?) {
                ((place, _), (other, constant)) if same_place(place, other) => {
                    Some((other, constant))
                }
                _ => None,
            });
        let same: Vec<_> = same.collect();
        let taken = match same.len() {
            many @ FEW_WORDS.. => {
                parts.push(Part::Same(same));
                many
            }
            _ => {
                parts.push(Part::One(first));
                1
            }
        };
        rest = &rest[taken..];
    }
    let any = parts.iter().any(|part| matches!(part, Part::Same(_)));
    any.then_some(parts)
}

/// A place and the constant that it is compared with.
fn equality(e: &Expr) -> Option<(&Expr, &Expr)> {
    match &e.kind {
        ExprKind::Compare(CompareOp::Eq, a, b) if is_constant(b) => Some((a, b)),
        ExprKind::Compare(CompareOp::Eq, a, b) if is_constant(a) => Some((b, a)),
        _ => None,
    }
}

/// How many parts an `or` has, at least so many.
fn leaves(e: &Expr, enough: usize) -> usize {
    match &e.kind {
        ExprKind::Or(a, b) if enough > 1 => {
            let right = leaves(b, enough - 1);
            right + leaves(a, enough.saturating_sub(right).max(1))
        }
        _ => 1,
    }
}

fn collect<'e>(e: &'e Expr, leaves: &mut Vec<&'e Expr>) {
    match &e.kind {
        ExprKind::Or(a, b) => {
            collect(a, leaves);
            collect(b, leaves);
        }
        _ => leaves.push(e),
    }
}
