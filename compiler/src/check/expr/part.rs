//! Parts of what is written out: a field of a record, an item of a list, as a `const` puts them in where it is named.
//!
//! Comes in: a value; a path or an index into one. Goes out: the same, as constants where it is known. Never here: a part in which data is
//! read, nor one that is missing.

use crate::hir::walk;
use crate::hir::{Expr, ExprKind, Literal};
use crate::oracle::{self, Constant};
use journey_artifact::limits;

/// A record or list that is known when the package is built, with each scalar in it as a literal.
pub fn settled(e: Expr) -> Expr {
    let kind = match e.kind {
        ExprKind::Record(fields) => {
            let fields = fields.into_iter();
            ExprKind::Record(fields.map(|(name, e)| (name, settled(e))).collect())
        }
        ExprKind::List(items) => ExprKind::List(items.into_iter().map(settled).collect()),
        kind @ ExprKind::Literal(_) => kind,
        kind => {
            let e = Expr { kind, ..e };
            let known = match oracle::const_eval(&e) {
                Constant::Is(known) => oracle::literal(&known, &e.ty),
                _ => None,
            };
            return match known {
                Some(Literal::Str(text)) if text.len() > limits::STRING_BYTES => e,
                Some(literal) => Expr {
                    kind: ExprKind::Literal(literal),
                    opt: false,
                    ..e
                },
                None => e,
            };
        }
    };
    Expr { kind, ..e }
}

/// The part of a constant that a path or an index leads to, written where they are; `None` where that is not seen.
pub(super) fn of(e: &Expr) -> Option<Expr> {
    let part = picked(e)?;
    let is_known = !part.opt && part.ty == e.ty && !part.ty.is_error();
    let reads = |e: &Expr| matches!(e.kind, ExprKind::Root(_));
    (is_known && !walk::any(part, &mut |e| reads(e))).then(|| Expr {
        span: e.span,
        ..part.clone()
    })
}

fn picked(e: &Expr) -> Option<&Expr> {
    match &e.kind {
        ExprKind::Path(base, steps) => steps.iter().try_fold(whole(base)?, |e, step| {
            let ExprKind::Record(fields) = &e.kind else {
                return None;
            };
            let mut fields = fields.iter();
            fields.find_map(|(name, e)| (**name == *step.name).then_some(e))
        }),
        ExprKind::Index(base, at) => {
            let (ExprKind::List(items), ExprKind::Literal(Literal::Int(at))) =
                (&whole(base)?.kind, &at.kind)
            else {
                return None;
            };
            let from_end = || {
                items
                    .len()
                    .checked_sub(usize::try_from(at.unsigned_abs()).ok()?)
            };
            let at = usize::try_from(*at).ok().or_else(from_end)?;
            items.get(at)
        }
        _ => None,
    }
}

fn whole(e: &Expr) -> Option<&Expr> {
    match &e.kind {
        ExprKind::Record(_) | ExprKind::List(_) => Some(e),
        _ => picked(e),
    }
}
