//! Conditions, to three labels: true, false, unknown; and whether something is there.
//!
//! `and` and `or` go over their parts in order and leave at the first that decides. An unknown part decides nothing: unless
//! unknown leads where the deciding value leads anyway, a register remembers it and the parts after it are still asked.

use super::super::code::Label;
use super::generate::{Bound, Gen};
use super::one_of::{self, Part};
use crate::hir::{CompareOp, Expr, ExprKind, Literal, Root};
use crate::types::Type;
use journey_artifact::code::Op;
use journey_machine::func::Intrinsic;

impl Gen<'_, '_> {
    /// Whether an expression is generated as jumps, not as a value.
    pub fn is_test(&self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::And(..) | ExprKind::Or(..) | ExprKind::OneOf(..) | ExprKind::IsMissing(_) => {
                true
            }
            ExprKind::Not(inner) => self.is_test(inner),
            ExprKind::Inline { op, args, .. } => {
                matches!(op, Intrinsic::Any | Intrinsic::All) && !args.is_empty()
            }
            _ => false,
        }
    }

    /// Goes where a condition leads.
    pub fn branch(&mut self, e: &Expr, yes: Label, no: Label, unknown: Label) {
        let mark = self.code.mark();
        match &e.kind {
            ExprKind::Literal(Literal::Bool(b)) => {
                self.refuse_stand_in(e);
                self.code.jump(if *b { yes } else { no });
            }
            ExprKind::Not(inner) => self.branch(inner, no, yes, unknown),
            ExprKind::And(..) => self.chain(e, true, yes, no, unknown),
            ExprKind::Or(..) => self.chain(e, false, yes, no, unknown),
            ExprKind::Compare(CompareOp::Ne, a, b) => {
                let r = self.compare(CompareOp::Eq, a, b, unknown);
                self.test(r, no, yes);
            }
            ExprKind::Compare(op, a, b) => {
                let r = self.compare(*op, a, b, unknown);
                self.test(r, yes, no);
            }
            ExprKind::OneOf(subject, alternatives) => {
                self.one_of(subject, alternatives.iter(), yes, no, unknown)
            }
            ExprKind::IsMissing(inner) => self.present(inner, no, yes),
            ExprKind::Coalesce(a, b) => {
                let other = self.code.label();
                self.branch(a, yes, no, other);
                self.code.place(other);
                self.branch(b, yes, no, unknown);
            }
            ExprKind::If(c, a, b) => {
                let (then, otherwise) = (self.code.label(), self.code.label());
                self.branch(c, then, otherwise, otherwise);
                self.code.place(then);
                self.branch(a, yes, no, unknown);
                self.code.place(otherwise);
                self.branch(b, yes, no, unknown);
            }
            ExprKind::Let {
                local,
                value,
                strict,
                body,
            } => {
                self.bind(*local, value, *strict, unknown);
                self.branch(body, yes, no, unknown);
            }
            ExprKind::Inline {
                op: op @ (Intrinsic::Any | Intrinsic::All),
                args,
                lambda,
            } if !args.is_empty() => {
                self.quantify(
                    *op == Intrinsic::All,
                    &args[0],
                    lambda.as_ref(),
                    yes,
                    no,
                    unknown,
                );
            }
            _ => {
                let r = self.operand(e, unknown);
                self.test(r, yes, no);
            }
        }
        self.code.release(mark);
    }

    /// Goes where a Bool register leads.
    pub fn test(&mut self, r: u8, yes: Label, no: Label) {
        self.code.emit_to(Op::JumpTrue, r, 0, 0, 0, yes);
        self.code.jump(no);
    }

    /// The parts of an `and` (`all`) or `or`.
    fn chain(&mut self, e: &Expr, all: bool, yes: Label, no: Label, unknown: Label) {
        let (pass, stop) = if all { (yes, no) } else { (no, yes) };
        let parts = if all { None } else { one_of::parts(e) };
        let remember = unknown != stop && unknown != pass && any_unknown(e, all, parts.as_deref());
        let flag = remember.then(|| {
            let flag = self.code.reg();
            self.code.emit(Op::Bool, flag, 0, 0, 0);
            flag
        });
        let chain = Chain {
            all,
            pass,
            stop,
            unknown,
            flag,
        };
        match parts {
            None => self.links(e, true, &chain),
            Some(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    self.part(part, at + 1 == parts.len(), &chain);
                }
            }
        }
    }

    /// The parts that are in `e`, which is in a chain, perhaps at its end. As deep as the expression.
    fn links(&mut self, e: &Expr, is_last: bool, chain: &Chain) {
        if let Some((a, b)) = halves(e, chain.all) {
            self.links(a, false, chain);
            return self.links(b, is_last, chain);
        }
        self.part(&Part::One(e), is_last, chain);
    }

    /// A part of a chain, perhaps its last.
    fn part(&mut self, part: &Part<'_>, is_last: bool, chain: &Chain) {
        let unknown = chain.unknown;
        match (chain.flag, is_last) {
            (None, true) => self.link(part, chain, chain.pass, unknown),
            (Some(flag), true) => {
                let end = self.code.label();
                self.link(part, chain, end, unknown);
                self.code.place(end);
                self.test(flag, unknown, chain.pass);
            }
            (flag, false) => {
                let go = self.code.label();
                match flag {
                    Some(flag) if part.opt() => {
                        let unknown = self.code.label();
                        self.link(part, chain, go, unknown);
                        self.code.place(unknown);
                        self.code.emit(Op::Bool, flag, 0, 0, 1);
                    }
                    _ => {
                        let unknown = if unknown == chain.pass { go } else { unknown };
                        self.link(part, chain, go, unknown);
                    }
                }
                self.code.place(go);
            }
        }
    }

    /// One part, which leads to `go` unless it decides the chain.
    fn link(&mut self, part: &Part<'_>, chain: &Chain, go: Label, unknown: Label) {
        match (part, chain.all) {
            (Part::One(e), true) => self.branch(e, go, chain.stop, unknown),
            (Part::One(e), false) => self.branch(e, chain.stop, go, unknown),
            (Part::Same(all), _) => {
                let mark = self.code.mark();
                if let Some((place, _)) = all.first() {
                    let constants = all.iter().map(|(_, constant)| *constant);
                    self.one_of(place, constants, chain.stop, go, unknown);
                }
                self.code.release(mark);
            }
        }
    }

    /// Goes to `yes` if `e` has a value, else to `no`.
    pub fn present(&mut self, e: &Expr, yes: Label, no: Label) {
        let mark = self.code.mark();
        match &e.kind {
            ExprKind::Literal(_)
            | ExprKind::Record(_)
            | ExprKind::List(_)
            | ExprKind::IsMissing(_) => self.code.jump(yes),
            ExprKind::Root(Root::Local(id))
                if !matches!(self.bound(*id), Some(Bound::Alias(_))) =>
            {
                if let Some(Bound::Maybe(_, flag)) = self.bound(*id).cloned() {
                    self.code.emit_to(Op::JumpFalse, flag, 0, 0, 0, no);
                }
                self.code.jump(yes);
            }
            ExprKind::Root(_) | ExprKind::Path(..) | ExprKind::Key(..) | ExprKind::Index(..) => {
                let place = self.place(e, no);
                self.has(&place, &e.ty, no);
                self.code.jump(yes);
            }
            ExprKind::Inline { op, args, lambda } if self.gives_element(*op, args) => {
                let place = self.chosen(*op, args, lambda.as_ref(), &e.ty, no);
                self.has(&place, &e.ty, no);
                self.code.jump(yes);
            }
            ExprKind::Coalesce(a, b) => {
                let other = self.code.label();
                self.present(a, yes, other);
                self.code.place(other);
                self.present(b, yes, no);
            }
            ExprKind::If(c, a, b) => {
                let (then, otherwise) = (self.code.label(), self.code.label());
                self.branch(c, then, otherwise, otherwise);
                self.code.place(then);
                self.present(a, yes, no);
                self.code.place(otherwise);
                self.present(b, yes, no);
            }
            ExprKind::Let {
                local,
                value,
                strict,
                body,
            } => {
                self.bind(*local, value, *strict, no);
                self.present(body, yes, no);
            }
            ExprKind::Widen(inner) => self.present(inner, yes, no),
            _ if e.ty == Type::Boolean => self.branch(e, yes, yes, no),
            _ => {
                self.operand(e, no);
                self.code.jump(yes);
            }
        }
        self.code.release(mark);
    }
}

/// A chain of `and` (`all`) or of `or`: where it leads, and the register that remembers that a part was unknown.
struct Chain {
    all: bool,
    pass: Label,
    stop: Label,
    unknown: Label,
    flag: Option<u8>,
}

/// What a link of a chain of this connective joins.
fn halves(e: &Expr, and: bool) -> Option<(&Expr, &Expr)> {
    match (&e.kind, and) {
        (ExprKind::And(a, b), true) | (ExprKind::Or(a, b), false) => Some((a, b)),
        _ => None,
    }
}

/// Whether a part of a chain, but its last, may be unknown.
fn any_unknown(e: &Expr, and: bool, parts: Option<&[Part<'_>]>) -> bool {
    match parts {
        Some([before @ .., _]) => before.iter().any(Part::opt),
        _ => any_before_last(e, and),
    }
}

/// Whether a part of a chain, but its last, may be unknown. As deep as the expression.
fn any_before_last(e: &Expr, and: bool) -> bool {
    fn any(e: &Expr, and: bool) -> bool {
        match halves(e, and) {
            Some((a, b)) => any(a, and) || any(b, and),
            None => e.opt,
        }
    }
    halves(e, and).is_some_and(|(a, b)| any(a, and) || any_before_last(b, and))
}
