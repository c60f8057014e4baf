//! Explains an answer: the value of every path, call and comparison that took part in it.
//!
//! Comes in: a checked expression and a [`Scope`]. Goes out: the parts in source order, each with its text and value, outer before
//! inner. Never true here: parts that did not count (an untaken branch), parts inside a lambda (they have many values).

use super::scope::Scope;
use super::walk::Eval;
use super::{boundary, print};
use crate::hir::{Expr, ExprKind, Root, Var};
use crate::source::Span;
use journey_machine::value::Value;

/// A part of an expression: where it is written, its text, its value (`None`: missing, or unknown).
pub type Part = (Span, String, Option<Value>);

/// The parts of `expr` that took part in its value. A part that cannot be evaluated (data of a wrong type) is left out.
pub fn explain(expr: &Expr, scope: &Scope<'_>) -> Vec<Part> {
    explain_named(expr, scope, &[])
}

/// Like [`explain`], and the text has the names of a journey's variables.
pub fn explain_named<'a>(expr: &Expr, scope: &'a Scope<'a>, vars: &'a [Var]) -> Vec<Part> {
    let mut explainer = Explainer {
        eval: Eval::new(scope),
        vars,
        parts: Vec::new(),
    };
    explainer.visit(expr);
    explainer.parts
}

struct Explainer<'a> {
    eval: Eval<'a>,
    vars: &'a [Var],
    parts: Vec<Part>,
}

impl Explainer<'_> {
    fn visit(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Literal(_) => {}
            ExprKind::Root(Root::Local(_)) => {}
            ExprKind::Root(_) => self.note(expr),
            ExprKind::Path(base, _) => {
                self.note(expr);
                if !is_path(base) {
                    self.visit(base);
                }
            }
            ExprKind::Key(base, key) | ExprKind::Index(base, key) => {
                self.note(expr);
                if !is_path(base) {
                    self.visit(base);
                }
                self.visit(key);
            }
            ExprKind::Compare(_, a, b) => {
                self.note(expr);
                self.visit(a);
                self.visit(b);
            }
            ExprKind::OneOf(subject, alternatives) => {
                self.note(expr);
                self.visit(subject);
                alternatives.iter().for_each(|a| self.visit(a));
            }
            ExprKind::Call(_, args) | ExprKind::Inline { args, .. } => {
                self.note(expr);
                args.iter().for_each(|a| self.visit(a));
            }
            ExprKind::IsMissing(inner)
            | ExprKind::Widen(inner)
            | ExprKind::Not(inner)
            | ExprKind::Neg(inner) => {
                self.visit(inner);
            }
            ExprKind::And(a, b) | ExprKind::Or(a, b) | ExprKind::Arith(_, a, b) => {
                self.visit(a);
                self.visit(b);
            }
            ExprKind::Coalesce(a, b) => {
                self.visit(a);
                if matches!(self.eval.eval(a), Ok(None)) {
                    self.visit(b);
                }
            }
            ExprKind::If(condition, then, otherwise) => {
                self.visit(condition);
                match self.eval.truth(condition) {
                    Ok(Some(true)) => self.visit(then),
                    _ => self.visit(otherwise),
                }
            }
            ExprKind::Text(items) | ExprKind::List(items) => {
                items.iter().for_each(|i| self.visit(i))
            }
            ExprKind::Record(fields) => fields.iter().for_each(|(_, value)| self.visit(value)),
            ExprKind::Let {
                local, value, body, ..
            } => {
                self.visit(value);
                if let Ok(value) = self.eval.eval(value) {
                    self.eval.bind(*local, value);
                    self.visit(body);
                    self.eval.unbind();
                }
            }
        }
    }

    fn note(&mut self, expr: &Expr) {
        let Ok(val) = self.eval.eval(expr) else {
            return;
        };
        let value = match val.map(|v| boundary::to_value(&v, &expr.ty)).transpose() {
            Ok(value) => value,
            Err(_) => return,
        };
        let part = (expr.span, print::text_named(expr, self.vars), value);
        if !self.parts.iter().any(|p| p.0 == part.0 && p.1 == part.1) {
            self.parts.push(part);
        }
    }
}

/// A chain of names and keys from a root: explained as one.
fn is_path(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Root(_) => true,
        ExprKind::Path(base, _) | ExprKind::Key(base, _) | ExprKind::Index(base, _) => {
            is_path(base)
        }
        _ => false,
    }
}
