//! Walking over typed expressions: the children of a node, the variables in it, and fresh names for an inlined copy.

use super::{Expr, ExprKind, Literal, LocalId, Root, VarId};
use journey_machine::func::Function;
use std::collections::{BTreeMap, BTreeSet};

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

/// The journey's variables that the expression reads.
pub fn variables(e: &Expr) -> BTreeSet<VarId> {
    let mut read = BTreeSet::new();
    any(e, &mut |e| {
        if let ExprKind::Root(Root::Var(id)) = e.kind {
            read.insert(id);
        }
        false
    });
    read
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

/// Constants that are put in the places of names, and in those of names that are bound to them by that.
pub struct Constants<'c> {
    /// What is put where.
    pub values: BTreeMap<LocalId, Expr>,
    /// Whether a value is one to be put.
    pub is_one: fn(&Expr) -> bool,
    /// Hears of each call of which one became an argument and that is made whatever other values are.
    pub called: &'c mut dyn FnMut(&'static Function, &[Expr]),
}

impl Constants<'_> {
    /// Puts them in an expression that is worked out.
    pub fn put(&mut self, e: &mut Expr) {
        self.put_where(e, true);
    }

    fn value(&self, e: &Expr) -> Option<&Expr> {
        match &e.kind {
            ExprKind::Root(Root::Local(local)) => self.values.get(local),
            _ => None,
        }
    }

    /// `sure`: it is worked out whatever other values are.
    fn put_where(&mut self, e: &mut Expr, sure: bool) {
        if let Some(value) = self.value(e) {
            *e = value.clone();
            return;
        }
        let is_heard = match &e.kind {
            ExprKind::Call(_, args) => sure && args.iter().any(|arg| self.value(arg).is_some()),
            _ => false,
        };
        match &mut e.kind {
            ExprKind::Let {
                local, value, body, ..
            } => {
                self.put_where(value, sure);
                if !(self.is_one)(value) {
                    return self.put_where(body, sure);
                }
                self.values.insert(*local, (**value).clone());
                self.put_where(body, sure);
                let taken = std::mem::replace(&mut e.kind, ExprKind::Literal(Literal::Bool(false)));
                if let ExprKind::Let { body, .. } = taken {
                    *e = Expr {
                        opt: e.opt,
                        ..*body
                    };
                }
            }
            ExprKind::If(a, b, c) => {
                self.put_where(a, sure);
                self.put_where(b, false);
                self.put_where(c, false);
            }
            ExprKind::And(a, b) | ExprKind::Or(a, b) | ExprKind::Coalesce(a, b) => {
                self.put_where(a, sure);
                self.put_where(b, false);
            }
            kind => {
                let sure = sure && !matches!(kind, ExprKind::Inline { .. });
                children_mut(e, &mut |part| self.put_where(part, sure));
            }
        }
        if let (true, ExprKind::Call(function, args)) = (is_heard, &e.kind) {
            (self.called)(function, args);
        }
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
