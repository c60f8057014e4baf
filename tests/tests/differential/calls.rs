//! Random calls of every function of the one table, natives and those that are expanded in place.
//!
//! Comes in: a generator, the type that is wanted. Goes out: a call whose arguments fit an overload. Never true here: a list
//! of functions; a function added to the table is called from then on.

use crate::data;
use crate::generate::{Gen, literal, make};
use journey_machine::func::{Function, Imp, Intrinsic, Ty};
use journeyc::hir::{Expr, ExprKind, Literal};
use journeyc::types::Type;

/// What the variables of a signature stand for.
#[derive(Clone, Default)]
pub struct Bound {
    t: Option<Type>,
    any: Option<Type>,
}

impl Gen<'_> {
    /// A call that gives `ty`; `None` when the function that was picked cannot.
    pub fn call(&mut self, ty: &Type, depth: u32) -> Option<Expr> {
        let g = self;
        let mut fitting: Vec<(&'static Function, Bound)> = Vec::new();
        for function in &g.types.functions {
            let mut bound = Bound::default();
            if unify(function.returns, ty, &mut bound) {
                fitting.push((function, bound));
            }
        }
        if fitting.is_empty() {
            return None;
        }
        let (function, mut bound) = g.rng.pick(&fitting).clone();
        // A lambda's result may be any scalar where the signature leaves it open.
        let mut args: Vec<Expr> = Vec::new();
        let mut lambda = None;
        let mut params: Vec<_> = function.params.to_vec();
        if let (true, Some(last)) = (function.variadic, params.last().copied()) {
            params.extend((0..g.rng.below(3)).map(|_| last));
        }
        for param in params {
            match param.ty {
                Ty::Lambda(gives) => {
                    let Some(Type::List(item)) = args.first().map(|a| a.ty.clone()) else {
                        return None;
                    };
                    let wanted = instantiate(*gives, &mut bound, g)?;
                    let local = g.fresh();
                    let body = g.with(local, (*item).clone(), true, |g| {
                        g.expr(&wanted, depth.min(3))
                    });
                    lambda = Some((local, Box::new(body)));
                }
                other => {
                    let wanted = instantiate(other, &mut bound, g)?;
                    let arg = match hint(g, param.name, &wanted) {
                        Some(arg) => arg,
                        None => g.text_or(&wanted, depth),
                    };
                    args.push(arg);
                }
            }
        }
        let opt = function.optional || args.iter().any(|a| a.opt);
        Some(match function.imp {
            Imp::Native(_) => make(ExprKind::Call(function, args), ty.clone(), opt),
            Imp::Inline(op) => {
                let opt = match op {
                    Intrinsic::Coalesce => args.iter().all(|a| a.opt),
                    Intrinsic::Any | Intrinsic::All => {
                        opt || lambda.as_ref().is_some_and(|(_, body)| body.opt)
                    }
                    _ => opt,
                };
                make(ExprKind::Inline { op, args, lambda }, ty.clone(), opt)
            }
        })
    }
}

/// Often a text that means something to the parameter.
fn hint(g: &mut Gen<'_>, name: &str, ty: &Type) -> Option<Expr> {
    if *ty != Type::String || g.rng.percent(30) {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let among: &[&str] = if lower.contains("zone") {
        data::ZONES
    } else if lower.contains("unit") {
        &[
            "years", "months", "days", "hours", "minutes", "seconds", "weeks", "Days", "",
        ]
    } else if lower.contains("pattern") || lower.contains("regex") || lower.contains("expression") {
        &[
            "[a-z]+",
            "\\d+",
            "(?i)ABC",
            "",
            ".",
            "(",
            "a|b",
            "^\\p{L}*$",
        ]
    } else if lower.contains("separator") || lower.contains("delimiter") {
        &[",", "", " ", "::", "b"]
    } else {
        return None;
    };
    let text = *g.rng.pick(among);
    Some(literal(Literal::Str(text.to_string()), &Type::String))
}

/// Whether a value of `ty` can be what the signature says; binds its variables.
pub fn unify(sig: Ty, ty: &Type, bound: &mut Bound) -> bool {
    match (sig, ty) {
        (Ty::String, Type::String)
        | (Ty::Integer, Type::Integer)
        | (Ty::Decimal, Type::Decimal)
        | (Ty::Boolean, Type::Boolean)
        | (Ty::Date, Type::Date)
        | (Ty::DateTime, Type::DateTime)
        | (Ty::DateTimeOnly, Type::DateTimeOnly)
        | (Ty::Time, Type::Time)
        | (Ty::Duration, Type::Duration)
        | (Ty::Period, Type::Period) => true,
        (Ty::List(item), Type::List(ty)) => unify(*item, ty, bound),
        (Ty::Map(value), Type::Map(ty)) => unify(*value, ty, bound),
        (Ty::T, ty) => ty.is_scalar() && *bound.t.get_or_insert_with(|| ty.clone()) == *ty,
        (Ty::Any, ty) => *bound.any.get_or_insert_with(|| ty.clone()) == *ty,
        _ => false,
    }
}

/// A type that fits the signature; variables that are still open are chosen.
fn instantiate(sig: Ty, bound: &mut Bound, g: &mut Gen<'_>) -> Option<Type> {
    Some(match sig {
        Ty::String => Type::String,
        Ty::Integer => Type::Integer,
        Ty::Decimal => Type::Decimal,
        Ty::Boolean => Type::Boolean,
        Ty::Date => Type::Date,
        Ty::DateTime => Type::DateTime,
        Ty::DateTimeOnly => Type::DateTimeOnly,
        Ty::Time => Type::Time,
        Ty::Duration => Type::Duration,
        Ty::Period => Type::Period,
        Ty::List(item) => Type::list(instantiate(*item, bound, g)?),
        Ty::Map(value) => map_type(*value, bound, g)?,
        Ty::T => {
            let chosen = g.scalar();
            bound.t.get_or_insert(chosen).clone()
        }
        Ty::Any => {
            let chosen = item_type(g);
            bound.any.get_or_insert(chosen).clone()
        }
        Ty::Lambda(_) => return None,
    })
}

/// The type of a list's items: a record as often as a scalar.
fn item_type(g: &mut Gen<'_>) -> Type {
    let items: Vec<Type> = g
        .types
        .compound
        .iter()
        .filter_map(|t| {
            if let Type::List(i) = t {
                Some((**i).clone())
            } else {
                None
            }
        })
        .collect();
    if items.is_empty() || g.rng.percent(50) {
        g.scalar()
    } else {
        g.rng.pick(&items).clone()
    }
}

/// A map type that the world has; there is no way to write a map.
fn map_type(value: Ty, bound: &mut Bound, g: &mut Gen<'_>) -> Option<Type> {
    let mut fitting = Vec::new();
    for ty in &g.types.compound {
        let mut trial = bound.clone();
        if let Type::Map(of) = ty
            && unify(value, of, &mut trial)
        {
            fitting.push((ty.clone(), trial));
        }
    }
    if fitting.is_empty() {
        return None;
    }
    let (ty, trial) = g.rng.pick(&fitting).clone();
    *bound = trial;
    Some(ty)
}
