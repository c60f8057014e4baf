//! Addresses of calls: where they may lead.
//!
//! Comes in: an address as it is written. Goes out: the same, with whatever data brings into it encoded, and what is wrong with what is
//! known of it. Never here: data that stands as it is behind what the address begins with, however it came there.

use super::expr::call::MAX_INLINED;
use super::expr::{ExprCx, build};
use super::plain::has_written;
use crate::diag::{Code, Diagnostic};
use crate::hir::walk;
use crate::hir::{Expr, ExprKind, Literal, LocalId, Root};
use crate::oracle::{self, Constant};
use crate::types::Type;
use journey_grammar::ast;
use journey_machine::func::{Intrinsic, SEGMENT};
use journey_machine::value::Value;
use std::collections::BTreeMap;

/// How far an address is looked through.
#[derive(Default)]
struct Way {
    /// Whether something stands before.
    has_begun: bool,
    /// Names for texts with written parts, which are written out where they stand in the address.
    bound: Vec<(LocalId, Expr)>,
    /// Nodes that were written out.
    written_out: usize,
}

impl<'a> ExprCx<'a> {
    /// The address of a call, in which data stands for a part of a segment and for nothing else; says so when what is known of it is
    /// none that a call can go to.
    pub fn address(&mut self, e: ast::Expr<'a>) -> Expr {
        let mut url = self.required(e, &Type::String, "the address");
        let mut start = String::new();
        let is_whole = start_of(&url, &mut start);
        if url.ty != Type::Error && (!may_begin_address(&start, is_whole) || has_gap(&url)) {
            let d = Diagnostic::new(Code::BadLiteral, url.span, "no call can go to this address");
            let shown: String = start.chars().take(60).collect();
            self.report(d.label(format!("it begins with \"{shown}\"")).why(
                "an address begins with `http://` or `https://` and a host, and has no spaces",
            ));
        }
        let mut way = Way::default();
        self.encode(&mut url, &mut way);
        if way.written_out > MAX_INLINED {
            let message =
                format!("this address grows beyond {MAX_INLINED} operations when written out");
            self.report(Diagnostic::new(Code::TooLarge, url.span, message));
        }
        url
    }

    /// Encodes what data brings into an address, so that it leads a call nowhere else. What is written or a constant stands, and so does
    /// what the address begins with: that is an address itself.
    fn encode(&mut self, e: &mut Expr, way: &mut Way) {
        if let Some(parts) = parts_mut(e) {
            for part in parts {
                self.encode(part, way);
            }
            return;
        }
        match &mut e.kind {
            ExprKind::Literal(Literal::Str(text)) => way.has_begun |= !text.is_empty(),
            ExprKind::Let {
                local, value, body, ..
            } => {
                let local = *local;
                if matches!(oracle::const_eval(value), Constant::Is(_)) {
                    self.put(body, local, value, way);
                    if way.written_out <= MAX_INLINED {
                        let body = std::mem::replace(&mut **body, build::error(e.span));
                        *e = body;
                        return self.encode(e, way);
                    }
                }
                let is_written = is_written(value, way);
                if is_written {
                    way.bound.push((local, (**value).clone()));
                }
                self.encode(body, way);
                if is_written {
                    way.bound.pop();
                    if !value.opt && !walk::any(body, &mut |e| is_local(e) == Some(local)) {
                        let body = std::mem::replace(&mut **body, build::error(e.span));
                        *e = body;
                    }
                }
            }
            // One of those that are written out.
            ExprKind::Index(list, _) if matches!(list.kind, ExprKind::List(_)) => {
                if let ExprKind::List(items) = &mut list.kind {
                    self.either(items, way);
                }
            }
            ExprKind::Coalesce(a, b) | ExprKind::If(_, a, b) => {
                self.either([&mut **a, &mut **b], way);
            }
            ExprKind::Inline {
                op: Intrinsic::Coalesce,
                args,
                ..
            } => self.either(args, way),
            _ => self.encode_whole(e, way),
        }
    }

    /// Puts a constant, a table of them perhaps, wherever its name stands.
    fn put(&mut self, e: &mut Expr, local: LocalId, value: &Expr, way: &mut Way) {
        if is_local(e) == Some(local) {
            way.written_out += walk::size(value);
            if way.written_out <= MAX_INLINED {
                *e = value.clone();
                walk::freshen(e, &mut BTreeMap::new(), self.next_local);
            }
            return;
        }
        walk::children_mut(e, &mut |part| self.put(part, local, value, way));
    }

    /// Encodes each of several that may stand in one place.
    fn either<'e>(&mut self, several: impl IntoIterator<Item = &'e mut Expr>, way: &mut Way) {
        let before = way.has_begun;
        let mut begun = before;
        for e in several {
            way.has_begun = before;
            self.encode(e, way);
            begun |= way.has_begun;
        }
        way.has_begun = begun;
    }

    /// Encodes what is of one piece: a value, or what a function makes.
    fn encode_whole(&mut self, e: &mut Expr, way: &mut Way) {
        let bound = way
            .bound
            .iter()
            .find(|(local, _)| Some(*local) == is_local(e));
        if let Some((_, value)) = bound {
            way.written_out += walk::size(value);
            if way.written_out <= MAX_INLINED {
                *e = value.clone();
                walk::freshen(e, &mut BTreeMap::new(), self.next_local);
                return self.encode(e, way);
            }
        }
        if let Constant::Is(Value::String(text)) = oracle::const_eval(e) {
            way.has_begun |= !text.is_empty();
            return;
        }
        let is_first = !std::mem::replace(&mut way.has_begun, true);
        if e.ty.is_error() {
            return;
        }
        if is_first {
            if is_written(e, way) {
                let message = "what is written in this address cannot be told from data";
                let d = Diagnostic::new(Code::BadLiteral, e.span, message);
                self.report(d.why(
                    "an address is put together in one text, so that data in it is encoded: `\"{env.URL}/orders/{id}\"`",
                ));
            }
            return;
        }
        let data = std::mem::replace(e, build::error(e.span));
        let (ty, span) = (Type::String, data.span);
        *e = match self.overload_of(SEGMENT, std::slice::from_ref(&ty)) {
            Some(function) => self.call_entry(function, vec![data], span),
            None => data,
        };
    }
}

/// What a text is put together of, one behind the other.
fn parts_mut(e: &mut Expr) -> Option<&mut [Expr]> {
    match &mut e.kind {
        ExprKind::Text(parts) => Some(parts),
        ExprKind::Call(function, parts) if function.name == "concat" => match &mut parts[..] {
            parts if function.variadic => Some(parts),
            [list] => match &mut list.kind {
                ExprKind::List(items) => Some(items),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Whether a part of a text is written where it is put together, at any depth of what a value is made of.
fn is_written(e: &Expr, way: &Way) -> bool {
    let is_text =
        |e: &Expr| matches!(&e.kind, ExprKind::Literal(Literal::Str(text)) if !text.is_empty());
    let part = |e: &Expr| is_text(e) || is_written(e, way);
    match &e.kind {
        ExprKind::Text(parts) | ExprKind::List(parts) => parts.iter().any(part),
        ExprKind::Call(function, parts) if function.name == "concat" => parts.iter().any(part),
        // The text that a function works on is its first argument; others say how.
        ExprKind::Call(_, args) => {
            args.first().is_some_and(part) || args.iter().any(|arg| is_written(arg, way))
        }
        ExprKind::Inline { args, lambda, .. } => {
            args.iter().any(|arg| is_written(arg, way))
                || lambda.iter().any(|(_, body)| is_written(body, way))
        }
        ExprKind::Coalesce(a, b) | ExprKind::If(_, a, b) => part(a) || part(b),
        ExprKind::Let { value, body, .. } => part(value) || part(body),
        ExprKind::Root(Root::Local(local)) => way.bound.iter().any(|(l, _)| l == local),
        // What is looked up by a text is data.
        ExprKind::Path(a, _) | ExprKind::Key(a, _) | ExprKind::Index(a, _) => is_written(a, way),
        ExprKind::Record(fields) => fields.iter().any(|(_, value)| part(value)),
        _ => false,
    }
}

fn is_local(e: &Expr) -> Option<LocalId> {
    match e.kind {
        ExprKind::Root(Root::Local(local)) => Some(local),
        _ => None,
    }
}

fn has_gap(address: &Expr) -> bool {
    has_written(address, |c| c.is_whitespace() || c.is_control())
}

/// Writes what is known of the start of a text; says whether that is all of it.
fn start_of(e: &Expr, start: &mut String) -> bool {
    match &e.kind {
        ExprKind::Literal(Literal::Str(text)) => {
            start.push_str(text);
            true
        }
        ExprKind::Text(pieces) => pieces.iter().all(|piece| start_of(piece, start)),
        _ => false,
    }
}

/// Whether an address that is called over HTTP may begin so, or be so.
fn may_begin_address(start: &str, is_whole: bool) -> bool {
    let lower = start.to_ascii_lowercase();
    ["http://", "https://"].iter().any(|scheme| {
        let Some(rest) = lower.strip_prefix(scheme) else {
            return !is_whole && scheme.starts_with(&lower);
        };
        match rest.chars().next() {
            None => !is_whole,
            Some(first) => !matches!(first, '/' | '?' | '#' | ':'),
        }
    })
}
