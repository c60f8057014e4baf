//! Comparisons: one value with another, with those of a list, with the ends of a range.
//!
//! Comes in: typed operands. Goes out: a boolean expression; complaints go to the bag.
//! Never here: a complaint about an operand that was already reported (its type is `Type::Error`).

use super::build::{error, expr, shared_type, unify_in_place, widen};
use super::cx::ExprCx;
use super::ops::{bind, literal_outside};
use crate::check::state::is_ordering;
use crate::diag::{Code, Diagnostic};
use crate::hir::{CompareOp, Expr, ExprKind, Root};
use crate::source::Span;
use crate::types::Type;
use journey_machine::func::Intrinsic;

impl ExprCx<'_> {
    /// `== != < <= > >=`.
    pub fn compare(
        &mut self,
        op: CompareOp,
        symbol: &str,
        a: Box<Expr>,
        b: Box<Expr>,
        span: Span,
    ) -> Box<Expr> {
        if a.ty.is_error() || b.ty.is_error() {
            return self.boxed(error(span));
        }
        // Of what has no order no value need be known.
        let outside = match is_ordering(op) {
            true => None,
            false => literal_outside(&b, &a.ty).or_else(|| literal_outside(&a, &b.ty)),
        };
        if let Some(wrong) = outside {
            self.unknown_enum_value(wrong);
            return self.boxed(error(span));
        }
        let comparable = match a.ty == b.ty {
            true => comparable(&a.ty, op),
            false => {
                shared_type(&a.ty, &b.ty).is_some()
                    && comparable(&a.ty, op)
                    && comparable(&b.ty, op)
            }
        };
        let (mut a, mut b) = (a, b);
        unify_in_place(&mut a, &mut b);
        match comparable {
            true => {
                let made = self.world.spare.vacant();
                let opt = a.opt || b.opt;
                made.fill(expr(ExprKind::Compare(op, a, b), Type::Boolean, opt, span))
            }
            false => {
                let message = format!(
                    "`{symbol}` cannot compare {} with {}",
                    a.ty.article(),
                    b.ty.article()
                );
                let mut d = Diagnostic::new(Code::NotComparable, span, message);
                d = if a.ty == b.ty && !is_ordering(op) {
                    d.why("only single values can be compared; compare a field, a size, or use `any`/`all`")
                } else if a.ty == b.ty {
                    d.why("this type has no order")
                } else if a.ty.is_text() && b.ty.is_text() {
                    d.why("the values that a schema lists have no order")
                } else {
                    d.why("values of unlike types are never equal, so the comparison would never hold")
                };
                self.report(d);
                self.boxed(error(span))
            }
        }
    }

    /// `x in list`, `x in a..b`.
    pub fn contained(&mut self, item: Expr, list: Expr, span: Span) -> Expr {
        if item.ty.is_error() || list.ty.is_error() {
            return error(span);
        }
        match list.kind {
            ExprKind::List(mut items) => {
                let spare = &self.world.spare;
                let mut alternatives = spare.list();
                alternatives.reserve(items.len());
                let (mut raised, mut opt) = (spare.boxed(item), false);
                for alternative in items.drain(..) {
                    let at = alternative.span;
                    // Compared as `==` would, so that an unlike type or an unknown enum value is said at the item.
                    let compared =
                        self.compare(CompareOp::Eq, "in", raised, spare.boxed(alternative), at);
                    match spare.unboxed(compared).kind {
                        ExprKind::Compare(_, a, b) => {
                            opt |= b.opt;
                            raised = a;
                            alternatives.push(spare.unboxed(b));
                        }
                        _ => return error(span),
                    }
                }
                spare.reuse_list(items);
                if raised.ty == Type::Decimal {
                    alternatives = alternatives
                        .into_iter()
                        .map(|a| if a.ty == Type::Integer { widen(a) } else { a })
                        .collect();
                }
                let opt = opt || raised.opt;
                expr(
                    ExprKind::OneOf(raised, alternatives),
                    Type::Boolean,
                    opt,
                    span,
                )
            }
            _ => {
                match list.ty.clone() {
                    Type::List(element) if *element == Type::Nothing => self.of_nothing(list.span),
                    Type::List(element) if comparable(&element, CompareOp::Eq) => {
                        self.contained_in_list(item, list, &element, span)
                    }
                    Type::List(_) | Type::Map(_) => {
                        let d = Diagnostic::new(
                            Code::BadOperand,
                            span,
                            "`in` looks for a single value in a list of such values",
                        );
                        self.report(d.why("for records use `list.any(item => …)`, for maps `map[\"key\"] is present`"));
                        error(span)
                    }
                    other => {
                        let message = format!(
                            "`in` needs a list or a range on its right, and this is {}",
                            other.article()
                        );
                        self.report(Diagnostic::new(Code::BadOperand, list.span, message));
                        error(span)
                    }
                }
            }
        }
    }

    fn contained_in_list(&mut self, item: Expr, list: Expr, element: &Type, span: Span) -> Expr {
        let local = self.fresh_local();
        let wanted = self.fresh_local();
        let item_ty = item.ty.clone();
        let element = expr(
            ExprKind::Root(Root::Local(local)),
            element.clone(),
            true,
            list.span,
        );
        let subject = expr(
            ExprKind::Root(Root::Local(wanted)),
            item_ty,
            false,
            item.span,
        );
        let test = self.compare(
            CompareOp::Eq,
            "in",
            self.boxed(subject),
            self.boxed(element),
            span,
        );
        if test.ty.is_error() {
            return self.unboxed(test);
        }
        let any = Expr {
            kind: ExprKind::Inline {
                op: Intrinsic::Any,
                args: vec![list],
                lambda: Some((local, test)),
            },
            ty: Type::Boolean,
            opt: true,
            span,
        };
        // Any item may be null, so it may be unknown whoever asks.
        bind(wanted, item, any, true, span)
    }

    /// `x in a..b`: both ends included.
    pub fn in_range(&mut self, item: Expr, from: Expr, to: Expr, span: Span) -> Expr {
        let local = self.fresh_local();
        let subject = || {
            expr(
                ExprKind::Root(Root::Local(local)),
                item.ty.clone(),
                false,
                item.span,
            )
        };
        let low = self.compare(
            CompareOp::Ge,
            "in",
            self.boxed(subject()),
            self.boxed(from),
            span,
        );
        let high = self.compare(
            CompareOp::Le,
            "in",
            self.boxed(subject()),
            self.boxed(to),
            span,
        );
        if low.ty.is_error() || high.ty.is_error() {
            return error(span);
        }
        let both = self.logic(true, low, high, span);
        let both = self.unboxed(both);
        let opt = both.opt || item.opt;
        bind(local, item, both, opt, span)
    }
}

fn comparable(ty: &Type, op: CompareOp) -> bool {
    match ty {
        Type::Integer
        | Type::Decimal
        | Type::String
        | Type::Date
        | Type::DateTime
        | Type::DateTimeOnly
        | Type::Time
        | Type::Duration
        | Type::Error => true,
        Type::Boolean | Type::Enum(_) | Type::Period => !is_ordering(op),
        _ => false,
    }
}
