//! Greedy shrinking: replaces parts of a failing expression by smaller ones of the same type while it still fails.
//!
//! Comes in: an expression and a test that says whether one fails. Goes out: a smaller one that fails. Never true here: an
//! ill-typed candidate, a local name outside its binding, a part that may be missing where a present one stood.

use crate::generate::{literal, make};
use journeyc::hir::{Expr, ExprKind, Literal, LocalId, Root};
use journeyc::types::{Record, Type};

/// The smallest failing expression that is found with a bounded number of tries.
pub fn shrink(mut expr: Expr, mut fails: impl FnMut(&Expr) -> bool) -> Expr {
    let mut tries = 4000;
    'again: loop {
        // A part alone, of whatever type.
        for part in parts(&expr) {
            tries -= 1;
            if tries > 0
                && size(&part) < size(&expr)
                && closed(&part, &mut Vec::new())
                && fails(&part)
            {
                expr = part;
                continue 'again;
            }
        }
        for at in 0..size(&expr) {
            let Some(node) = node(&expr, at) else {
                continue;
            };
            let mut smaller: Vec<Expr> = parts(node)
                .into_iter()
                .filter(|p| p.ty == node.ty && (!p.opt || node.opt))
                .collect();
            smaller.extend(simplest(&node.ty));
            for candidate in smaller {
                if size(&candidate) >= size(node) && !(size(node) == 1 && is_path(node)) {
                    continue;
                }
                if tries == 0 {
                    return expr;
                }
                tries -= 1;
                let mut trial = expr.clone();
                replace(&mut trial, at, candidate);
                if size(&trial) < size(&expr) && closed(&trial, &mut Vec::new()) && fails(&trial) {
                    expr = trial;
                    continue 'again;
                }
            }
        }
        return expr;
    }
}

fn is_path(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Root(_))
}

/// The plainest values of a type.
fn simplest(ty: &Type) -> Vec<Expr> {
    let one = |l: Literal| vec![literal(l, ty)];
    match ty {
        Type::Boolean => vec![
            literal(Literal::Bool(false), ty),
            literal(Literal::Bool(true), ty),
        ],
        Type::Integer => vec![literal(Literal::Int(0), ty), literal(Literal::Int(1), ty)],
        Type::Decimal => vec![
            literal(Literal::Dec(0.0), ty),
            literal(Literal::Dec(1.0), ty),
        ],
        Type::String => vec![
            literal(Literal::Str(String::new()), ty),
            literal(Literal::Str("a".into()), ty),
        ],
        Type::Enum(values) => one(Literal::Str(values[0].clone())),
        Type::Date => one(Literal::Date(0)),
        Type::DateTime => one(Literal::DateTime(0, 0)),
        Type::DateTimeOnly => one(Literal::Local(0)),
        Type::Time => one(Literal::Time(0)),
        Type::Duration => one(Literal::Duration(0)),
        Type::Period => one(Literal::Period(0, 0)),
        Type::List(_) => vec![make(ExprKind::List(Vec::new()), ty.clone(), false)],
        Type::Record(Record::Inline(fields)) if fields.iter().all(|f| f.optional) => {
            vec![make(ExprKind::Record(Vec::new()), ty.clone(), false)]
        }
        _ => Vec::new(),
    }
}

/// How many nodes an expression has.
pub fn size(expr: &Expr) -> usize {
    1 + children(expr).iter().map(|c| size(c)).sum::<usize>()
}

/// All parts below the top, in preorder.
fn parts(expr: &Expr) -> Vec<Expr> {
    let mut found = Vec::new();
    for child in children(expr) {
        found.push(child.clone());
        found.extend(parts(child));
    }
    found
}

fn node(expr: &Expr, at: usize) -> Option<&Expr> {
    if at == 0 {
        return Some(expr);
    }
    let mut left = at - 1;
    for child in children(expr) {
        let size = size(child);
        if left < size {
            return node(child, left);
        }
        left -= size;
    }
    None
}

fn replace(expr: &mut Expr, at: usize, with: Expr) {
    if at == 0 {
        *expr = with;
        return;
    }
    let mut left = at - 1;
    for child in children_mut(expr) {
        let size = size(child);
        if left < size {
            return replace(child, left, with);
        }
        left -= size;
    }
}

/// Whether every local name stands inside its binding.
fn closed(expr: &Expr, bound: &mut Vec<LocalId>) -> bool {
    match &expr.kind {
        ExprKind::Root(Root::Local(id)) => bound.contains(id),
        ExprKind::Let {
            local, value, body, ..
        } => {
            let value = closed(value, bound);
            bound.push(*local);
            let body = closed(body, bound);
            bound.pop();
            value && body
        }
        ExprKind::Inline { args, lambda, .. } => {
            let args = args.iter().all(|a| closed(a, bound));
            let Some((local, body)) = lambda else {
                return args;
            };
            bound.push(*local);
            let body = closed(body, bound);
            bound.pop();
            args && body
        }
        _ => children(expr).into_iter().all(|c| closed(c, bound)),
    }
}

macro_rules! children_of {
    ($expr:expr, $iter:ident $(, $m:tt)?) => {
        match &$($m)? $expr.kind {
            ExprKind::Literal(_) | ExprKind::Root(_) => vec![],
            ExprKind::Path(a, _) | ExprKind::Widen(a) | ExprKind::Not(a) | ExprKind::Neg(a) | ExprKind::IsMissing(a) => vec![& $($m)? **a],
            ExprKind::Key(a, b)
            | ExprKind::Index(a, b)
            | ExprKind::And(a, b)
            | ExprKind::Or(a, b)
            | ExprKind::Arith(_, a, b)
            | ExprKind::Compare(_, a, b)
            | ExprKind::Coalesce(a, b)
            | ExprKind::Let { value: a, body: b, .. } => vec![& $($m)? **a, & $($m)? **b],
            ExprKind::If(a, b, c) => vec![& $($m)? **a, & $($m)? **b, & $($m)? **c],
            ExprKind::OneOf(a, rest) => std::iter::once(& $($m)? **a).chain(rest.$iter()).collect(),
            ExprKind::Text(items) | ExprKind::List(items) | ExprKind::Call(_, items) => items.$iter().collect(),
            ExprKind::Record(fields) => fields.$iter().map(|(_, e)| e).collect(),
            ExprKind::Inline { args, lambda, .. } => match lambda {
                Some((_, body)) => args.$iter().chain(std::iter::once(& $($m)? **body)).collect(),
                None => args.$iter().collect(),
            },
        }
    };
}

fn children(expr: &Expr) -> Vec<&Expr> {
    children_of!(expr, iter)
}

fn children_mut(expr: &mut Expr) -> Vec<&mut Expr> {
    children_of!(expr, iter_mut, mut)
}
