//! Walking over typed expressions: the children of a node, and fresh names for an inlined copy.

use super::{Expr, ExprKind, Literal, LocalId, Root};
use journey_machine::func::Function;
use std::collections::BTreeMap;

/// Applies `f` to each direct child; written once for shared and for changing access.
macro_rules! each_child {
    ($kind:expr, $f:expr, $iter:ident) => {
        match $kind {
            ExprKind::Literal(_) | ExprKind::Root(_) => {}
            ExprKind::Path(a, _)
            | ExprKind::Widen(a)
            | ExprKind::Not(a)
            | ExprKind::Neg(a)
            | ExprKind::IsMissing(a) => $f(a),
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
                $f(a);
                $f(b);
            }
            ExprKind::If(a, b, c) => {
                $f(a);
                $f(b);
                $f(c);
            }
            ExprKind::OneOf(a, items) => {
                $f(a);
                items.$iter().for_each($f);
            }
            ExprKind::Text(items) | ExprKind::List(items) | ExprKind::Call(_, items) => {
                items.$iter().for_each($f)
            }
            ExprKind::Record(fields) => fields.$iter().for_each(|(_, v)| $f(v)),
            ExprKind::Inline { args, lambda, .. } => {
                args.$iter().for_each(&mut *$f);
                if let Some((_, body)) = lambda {
                    $f(body);
                }
            }
        }
    };
}

/// Calls `f` on each direct child.
pub fn children<'e>(e: &'e Expr, f: &mut dyn FnMut(&'e Expr)) {
    each_child!(&e.kind, f, iter);
}

/// Calls `f` on each direct child, to change it.
pub fn children_mut(e: &mut Expr, f: &mut dyn FnMut(&mut Expr)) {
    each_child!(&mut e.kind, f, iter_mut);
}

/// Whether `test` holds for the expression or anything in it.
pub fn any(mut e: &Expr, test: &mut impl FnMut(&Expr) -> bool) -> bool {
    // Paths are most of what there is.
    while let ExprKind::Path(base, _) = &e.kind {
        if test(e) {
            return true;
        }
        e = base;
    }
    if test(e) {
        return true;
    }
    let mut found = false;
    let mut child = |c: &Expr| found = found || any(c, test);
    each_child!(&e.kind, &mut child, iter);
    found
}

/// How many nodes the expression has; each step of a path is one, and so are every 32 bytes of a text.
pub fn size(e: &Expr) -> usize {
    let mut n = match &e.kind {
        ExprKind::Path(_, steps) => steps.count(),
        ExprKind::Literal(Literal::Str(text)) => 1 + text.len() / 32,
        _ => 1,
    };
    children(e, &mut |c| n += size(c));
    n
}

/// Puts constants in the places of names, and in those of names that are bound to them by that; hears of each call of which one became an
/// argument and that is made whatever other values are.
pub fn put(
    e: &mut Expr,
    values: &mut BTreeMap<LocalId, Expr>,
    is_small: fn(&Expr) -> bool,
    called: &mut dyn FnMut(&'static Function, &[Expr]),
) {
    put_in(e, values, is_small, Some(called));
}

/// A call that is heard of.
type Called<'c> = Option<&'c mut dyn FnMut(&'static Function, &[Expr])>;

fn put_in(
    e: &mut Expr,
    values: &mut BTreeMap<LocalId, Expr>,
    is_small: fn(&Expr) -> bool,
    mut called: Called<'_>,
) {
    let value = |e: &Expr, values: &BTreeMap<LocalId, Expr>| match &e.kind {
        ExprKind::Root(Root::Local(local)) => values.get(local).cloned(),
        _ => None,
    };
    if let Some(value) = value(e, values) {
        *e = value;
        return;
    }
    let is_argument = match &e.kind {
        ExprKind::Call(_, args) => args.iter().any(|arg| value(arg, values).is_some()),
        _ => false,
    };
    match &mut e.kind {
        ExprKind::Let {
            local, value, body, ..
        } => {
            put_in(
                value,
                values,
                is_small,
                called.as_deref_mut().map(|it| it as _),
            );
            let is_constant = is_small(value);
            if is_constant {
                values.insert(*local, (**value).clone());
            }
            put_in(body, values, is_small, called);
            if is_constant {
                let nothing = Expr {
                    kind: ExprKind::Literal(Literal::Bool(false)),
                    ..(**value).clone()
                };
                let body = std::mem::replace(&mut **body, nothing);
                *e = Expr { opt: e.opt, ..body };
            }
            return;
        }
        // What is behind these need not be worked out.
        ExprKind::If(a, b, c) => {
            put_in(a, values, is_small, called);
            put_in(b, values, is_small, None);
            put_in(c, values, is_small, None);
            return;
        }
        ExprKind::And(a, b) | ExprKind::Or(a, b) | ExprKind::Coalesce(a, b) => {
            put_in(a, values, is_small, called);
            put_in(b, values, is_small, None);
            return;
        }
        ExprKind::Inline { .. } => called = None,
        _ => {}
    }
    children_mut(e, &mut |c| {
        put_in(c, values, is_small, called.as_deref_mut().map(|it| it as _));
    });
    if let (true, Some(called), ExprKind::Call(function, args)) = (is_argument, called, &e.kind) {
        called(function, args);
    }
}

/// Gives every name bound inside the expression, and those in `renames`, a fresh one.
pub fn freshen(e: &mut Expr, renames: &mut BTreeMap<LocalId, LocalId>, next: &mut u32) {
    let mut fresh = |old: &mut LocalId, renames: &mut BTreeMap<LocalId, LocalId>| {
        let new = LocalId(*next);
        *next += 1;
        renames.insert(*old, new);
        *old = new;
    };
    match &mut e.kind {
        ExprKind::Root(Root::Local(l)) => {
            if let Some(new) = renames.get(l) {
                *l = *new;
            }
        }
        ExprKind::Let { local, .. } => fresh(local, renames),
        ExprKind::Inline {
            lambda: Some((local, _)),
            ..
        } => fresh(local, renames),
        _ => {}
    }
    children_mut(e, &mut |c| freshen(c, renames, next));
}
