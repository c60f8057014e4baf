//! What is done with a list's items, as its expression tells.
//!
//! Comes in: expressions. Goes out: the lambdas that stand between a list and the one it is made of, and what is known of them. Never true
//! here: code.

use crate::hir::{Expr, ExprKind, Literal, LocalId, Root, walk};
use crate::types::Type;
use journey_machine::func::Intrinsic;

/// A lambda: its parameter and body.
pub type Lambda = (LocalId, Box<Expr>);

/// What is done with each.
#[derive(Clone, Copy)]
pub struct Stage<'e> {
    pub does: Does,
    pub lambda: &'e Lambda,
    /// What its parameter is.
    pub of: &'e Type,
}

/// What a lambda is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Those stay for which it holds.
    Filter,
    /// The same, and nobody asks for the item afterwards.
    Test,
    /// It gives what takes the item's place.
    Map,
}

impl<'e> Stage<'e> {
    /// A lambda over the items of a list.
    pub fn new(does: Does, lambda: &'e Lambda, list: &'e Expr) -> Stage<'e> {
        let of = item_of(&list.ty).unwrap_or(&Type::Error);
        Stage { does, lambda, of }
    }
}

/// Whether a list's items are values that lie nowhere.
pub fn gives_values(mut list: &Expr) -> bool {
    while let Some((stage, of)) = within(list) {
        if stage.is_some_and(|stage| stage.does == Does::Map)
            || matches!(list.kind, ExprKind::Widen(_))
        {
            return true;
        }
        list = of;
    }
    match &list.kind {
        // An item of a list that is put in order is found without that list.
        ExprKind::Call(function, _) => function.name == "sort",
        ExprKind::List(_) => true,
        ExprKind::Inline { op, .. } => *op == Intrinsic::Keys,
        _ => false,
    }
}

/// Whether fewer items may come than a list is made of.
pub fn drops(mut list: &Expr) -> bool {
    while let Some((stage, of)) = within(list) {
        if stage.is_some_and(|stage| stage.does == Does::Filter) {
            return true;
        }
        list = of;
    }
    false
}

/// What a list's items are, of a map's its values.
pub fn item_of(ty: &Type) -> Option<&Type> {
    match ty {
        Type::List(item) | Type::Map(item) => Some(item),
        _ => None,
    }
}

/// The list that a list is made of item by item, and what is done with them; nothing, where it is another name or type for it.
pub fn within(e: &Expr) -> Option<(Option<Stage<'_>>, &Expr)> {
    match &e.kind {
        ExprKind::Inline {
            op: op @ (Intrinsic::Filter | Intrinsic::Map),
            args,
            lambda,
        } => {
            let list = args.first()?;
            let does = match op {
                Intrinsic::Map => Does::Map,
                _ => Does::Filter,
            };
            let stage = lambda.as_ref();
            Some((stage.map(|lambda| Stage::new(does, lambda, list)), list))
        }
        ExprKind::Let { body, .. } if body.ty.lies_like(&e.ty) => Some((None, body)),
        ExprKind::Widen(inner) => match (item_of(&inner.ty)?, item_of(&e.ty)?) {
            (Type::Integer, Type::Decimal) if matches!(e.ty, Type::List(_)) => Some((None, inner)),
            _ => None,
        },
        _ => None,
    }
}

/// How many expressions are generated for one.
pub fn weight(e: &Expr) -> usize {
    let mut sum = 1usize;
    let mut child = |part: &Expr| sum = sum.saturating_add(weight(part));
    walk::children(e, &mut child);
    match &e.kind {
        ExprKind::Inline { args, .. } => match args.first().map(|list| &list.kind) {
            Some(ExprKind::List(items)) => sum.saturating_mul(items.len().max(1)),
            _ => sum,
        },
        _ => sum,
    }
}

/// Whether an expression has no value, a condition is unknown, when a name has none.
pub fn needs(e: &Expr, local: LocalId) -> bool {
    let of = |e: &Expr| needs(e, local);
    match &e.kind {
        ExprKind::Root(root) => *root == Root::Local(local),
        ExprKind::Path(inner, _)
        | ExprKind::Widen(inner)
        | ExprKind::Neg(inner)
        | ExprKind::Not(inner)
        | ExprKind::OneOf(inner, _) => of(inner),
        ExprKind::Arith(_, a, b)
        | ExprKind::Compare(_, a, b)
        | ExprKind::Key(a, b)
        | ExprKind::Index(a, b) => of(a) || of(b),
        ExprKind::And(a, b) | ExprKind::Or(a, b) | ExprKind::Coalesce(a, b) => of(a) && of(b),
        ExprKind::If(_, a, b) => of(a) && of(b),
        ExprKind::Text(parts) | ExprKind::Call(_, parts) => parts.iter().any(of),
        ExprKind::Inline { op, args, .. } => {
            *op != Intrinsic::Coalesce && args.first().is_some_and(of)
        }
        ExprKind::Let {
            value,
            strict,
            body,
            ..
        } => *strict && of(value) || of(body),
        ExprKind::Literal(_) | ExprKind::IsMissing(_) | ExprKind::List(_) | ExprKind::Record(_) => {
            false
        }
    }
}

/// An expression with another put where a name stands; `None` unless that is once, and evaluated once at most.
pub fn put_once(e: &Expr, local: LocalId, with: &Expr) -> Option<Expr> {
    let is_it = |e: &Expr| matches!(e.kind, ExprKind::Root(Root::Local(it)) if it == local);
    let mut times = 0usize;
    let repeats = walk::any(e, &mut |part| {
        times += usize::from(is_it(part));
        let again = |body: &Expr| walk::any(body, &mut |part| is_it(part));
        matches!(&part.kind, ExprKind::Inline { lambda: Some((_, body)), .. } if again(body))
    });
    if repeats || times != 1 {
        return None;
    }
    fn put(e: &mut Expr, local: LocalId, with: &Expr) {
        match e.kind {
            ExprKind::Root(Root::Local(it)) if it == local => *e = with.clone(),
            _ => walk::children_mut(e, &mut |part| put(part, local, with)),
        }
    }
    let mut put_in = e.clone();
    put(&mut put_in, local, with);
    Some(put_in)
}

/// A list put in order by a lambda, upwards or downwards.
pub struct Ordered<'e> {
    pub list: &'e Expr,
    pub by: &'e Lambda,
    pub up: bool,
}

/// A list that is put in order of what can be told, its rows as they lie.
pub fn ordered(list: &Expr) -> Option<Ordered<'_>> {
    let ExprKind::Inline {
        op: Intrinsic::SortBy,
        args,
        lambda: Some(by),
    } = &list.kind
    else {
        return None;
    };
    let (list, up) = match args.as_slice() {
        [list] => (list, true),
        [list, up] => match up.kind {
            ExprKind::Literal(Literal::Bool(up)) => (list, up),
            _ => return None,
        },
        _ => return None,
    };
    let is_told = is_told(&by.1.ty) && !gives_values(list);
    is_told.then_some(Ordered { list, by, up })
}

/// Whether instructions tell the table's order of a type.
pub fn is_told(ty: &Type) -> bool {
    !matches!(ty, Type::Boolean | Type::Period)
}
