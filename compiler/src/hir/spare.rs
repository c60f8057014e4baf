//! Boxes of expressions that nobody needs any more, to be used for the next ones.
//!
//! Comes in: whole expressions. Goes out: boxes, new when there are no used ones. Never true here: more memory kept than a large
//! condition takes, or recursion deeper than calls within calls.

use super::expr::{Expr, ExprKind, Literal};
use std::cell::RefCell;

/// Most boxes kept.
const MOST: usize = 1024;

/// See the module.
#[derive(Debug, Default)]
pub struct Spare(RefCell<Boxes>);

type Boxes = Vec<Box<Expr>>;

impl Spare {
    /// The expression in a box.
    pub fn boxed(&self, e: Expr) -> Box<Expr> {
        match self.0.borrow_mut().pop() {
            Some(mut used) => {
                *used = e;
                used
            }
            None => Box::new(e),
        }
    }

    /// Takes the boxes of an expression that nobody needs any more.
    pub fn reuse(&self, e: Expr) {
        let mut boxes = self.0.borrow_mut();
        let mut at = boxes.len();
        take_apart(e.kind, &mut boxes);
        while let Some(inner) = boxes.get_mut(at) {
            let nothing = ExprKind::Literal(Literal::Bool(false));
            let kind = std::mem::replace(&mut inner.kind, nothing);
            take_apart(kind, &mut boxes);
            at += 1;
        }
        boxes.truncate(MOST);
    }
}

/// Puts the boxes of the operands behind the others, where there are such.
fn take_apart(kind: ExprKind, boxes: &mut Boxes) {
    match kind {
        ExprKind::Field(a, _)
        | ExprKind::Widen(a)
        | ExprKind::Not(a)
        | ExprKind::Neg(a)
        | ExprKind::IsMissing(a) => boxes.push(a),
        ExprKind::OneOf(a, items) => {
            boxes.push(a);
            items
                .into_iter()
                .for_each(|item| take_apart(item.kind, boxes));
        }
        ExprKind::Key(a, b)
        | ExprKind::Index(a, b)
        | ExprKind::And(a, b)
        | ExprKind::Or(a, b)
        | ExprKind::Arith(_, a, b)
        | ExprKind::Compare(_, a, b)
        | ExprKind::Coalesce(a, b)
        | ExprKind::Let {
            value: a, body: b, ..
        } => {
            boxes.push(a);
            boxes.push(b);
        }
        ExprKind::If(a, b, c) => boxes.extend([a, b, c]),
        ExprKind::Call(_, items) | ExprKind::List(items) | ExprKind::Text(items) => {
            items
                .into_iter()
                .for_each(|item| take_apart(item.kind, boxes));
        }
        ExprKind::Inline { args, lambda, .. } => {
            args.into_iter().for_each(|arg| take_apart(arg.kind, boxes));
            boxes.extend(lambda.map(|(_, body)| body));
        }
        ExprKind::Literal(_) | ExprKind::Root(_) | ExprKind::Record(_) => {}
    }
}
