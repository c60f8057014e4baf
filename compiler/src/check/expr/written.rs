//! Records and lists that are written out where a type is asked for: what nobody asked for in them, what does not fit, and what may be
//! missing.
//!
//! Comes in: typed expressions. Goes out: findings. Never true here: a complaint about a value that only happens to have more fields.

use super::build;
use super::cx::ExprCx;
use crate::diag::{Code, Diagnostic};
use crate::hir::{Expr, ExprKind};
use crate::types::{Record, Type};

impl ExprCx<'_> {
    /// Says which fields of records that are written out in `e` the type has not; whether there are any.
    pub fn has_unknown_fields(&mut self, e: &Expr, want: &Type) -> bool {
        let mut any = false;
        match (&e.kind, want) {
            (ExprKind::Record(fields), Type::Record(record)) => {
                for (name, value) in fields {
                    // What a constant has beside stands elsewhere, and may be asked for there.
                    if value.span.to(e.span) != e.span {
                        continue;
                    }
                    if let Some(field) = record.field(self.world.registry, name) {
                        any |= self.has_unknown_fields(value, &field.ty);
                        continue;
                    }
                    if record.is_lost(self.world.registry) {
                        continue;
                    }
                    any = true;
                    let names = record.names(self.world.registry);
                    let key = self.world.keys.borrow().get(&value.span).copied();
                    let message = format!("no field `{name}` is asked for here");
                    let d = Diagnostic::new(Code::UnknownField, key.unwrap_or(e.span), message);
                    let d = match key {
                        Some(_) => d.did_you_mean(name, names.iter().copied()),
                        None => d,
                    };
                    self.report(d.why(format!("what is asked for is a {want}")));
                }
            }
            (ExprKind::Record(fields), Type::Map(of)) => {
                for (_, value) in fields {
                    any |= self.has_unknown_fields(value, of);
                }
            }
            (ExprKind::List(items), Type::List(of)) => {
                for item in items {
                    any |= self.has_unknown_fields(item, of);
                }
            }
            (ExprKind::Coalesce(a, b) | ExprKind::If(_, a, b), _) => {
                any |= self.has_unknown_fields(a, want);
                any |= self.has_unknown_fields(b, want);
            }
            _ => {}
        }
        any
    }

    /// Says which parts of records and lists that are written out in `e`, which is no value of the type, are none of what is asked for in
    /// their places; whether there are any. Of several items, and of two sides, the first is told.
    pub fn has_unfit_parts(&mut self, e: &Expr, want: &Type, what: &str) -> bool {
        match (&e.kind, want) {
            (ExprKind::Record(fields), Type::Record(Record::Inline(wanted))) => {
                let mut any = false;
                for (name, value) in fields {
                    let field = wanted.iter().find(|field| field.name == *name);
                    // What a constant has stands elsewhere.
                    if let Some(field) = field.filter(|_| value.span.to(e.span) == e.span) {
                        let may_lack = field.optional;
                        any |= self.is_unfit(value, &field.ty, may_lack, &format!("`{name}`"));
                    }
                }
                any
            }
            (ExprKind::List(items), Type::List(of)) => {
                let what = format!("an item of {what}");
                items
                    .iter()
                    .any(|item| self.is_unfit(item, of, true, &what))
            }
            (ExprKind::Coalesce(a, b) | ExprKind::If(_, a, b), Type::List(_) | Type::Record(_)) => {
                self.is_unfit(a, want, true, what) || self.is_unfit(b, want, true, what)
            }
            _ => false,
        }
    }

    fn is_unfit(&mut self, part: &Expr, want: &Type, may_lack: bool, what: &str) -> bool {
        match build::convert(part.clone(), want) {
            Ok(part) if may_lack || !part.opt || part.ty.is_error() => false,
            Ok(part) => {
                self.may_be_missing(&part, what, None);
                true
            }
            Err(part) => {
                self.expect(part, want, what);
                true
            }
        }
    }

    /// Says so of the items that may be missing in lists that are written out, as values or in them.
    pub fn whole_lists(&mut self, e: &Expr, what: &str) {
        match &e.kind {
            ExprKind::List(items) => {
                let of = format!("an item of {what}");
                for item in items {
                    if item.opt && !item.ty.is_error() {
                        self.may_be_missing(item, &of, None);
                    } else {
                        self.whole_lists(item, what);
                    }
                }
            }
            ExprKind::Record(fields) => {
                fields.iter().for_each(|(_, e)| self.whole_lists(e, what));
            }
            ExprKind::Coalesce(a, b) | ExprKind::If(_, a, b) => {
                self.whole_lists(a, what);
                self.whole_lists(b, what);
            }
            _ => {}
        }
    }
}
