//! Random chains over lists: a source, `filter` and `map` on it, and what is asked of all that.
//!
//! Comes in: a type that is wanted, a generator. Goes out: an expression of that type. Never true here: a list bound to a name on the
//! way; [`crate::generate`] does that.

use crate::calls::{Bound, unify};
use crate::generate::{Gen, literal, make};
use journey_machine::func::{Imp, Intrinsic};
use journeyc::hir::{Expr, ExprKind, Literal, LocalId};
use journeyc::types::{Record, Type};

impl Gen<'_> {
    /// What is asked of a chain.
    pub fn chain(&mut self, ty: &Type, depth: u32) -> Option<Expr> {
        use Intrinsic::{All, Any, At, Avg, Count, Find, First, IsEmpty, IsNotEmpty, Last, Sum};
        if let Type::List(item) = ty {
            return Some(self.items(item, depth));
        }
        let of_any = self.rng.percent(60);
        match ty {
            Type::Boolean if of_any => {
                let item = self.item();
                let list = self.items(&item, depth);
                let op = *self.rng.pick(&[Any, Any, All, All, IsEmpty, IsNotEmpty]);
                let asks = matches!(op, Any | All);
                let lambda = asks.then(|| self.lambda(&item, &Type::Boolean, depth));
                Some(inline(op, vec![list], lambda, ty, asks))
            }
            Type::Integer if of_any => {
                let item = self.item();
                let list = self.items(&item, depth);
                match self.rng.below(4) {
                    3 => self.native(
                        &["distinctCount", "distinctCountWithNull", "count"],
                        list,
                        ty,
                    ),
                    0 => Some(inline(Count, vec![list], None, ty, false)),
                    1 => {
                        let lambda = self.lambda(&item, &Type::Boolean, depth);
                        Some(inline(Count, vec![list], Some(lambda), ty, false))
                    }
                    _ => self.native(&["countWithNull", "listSize", "countOnlyNull"], list, ty),
                }
            }
            Type::Decimal if self.rng.percent(25) => {
                let item = match self.rng.percent(50) {
                    true => Type::Integer,
                    false => Type::Decimal,
                };
                let list = self.items(&item, depth);
                match self.rng.percent(50) {
                    true => self.native(&["avg"], list, ty),
                    false => {
                        let lambda = self.lambda(&item, ty, depth);
                        Some(inline(Avg, vec![list], Some(lambda), ty, true))
                    }
                }
            }
            Type::Integer | Type::Decimal | Type::Duration if self.rng.percent(30) => {
                if self.rng.percent(50) {
                    let list = self.items(ty, depth);
                    return self.native(&["sum"], list, ty);
                }
                let item = self.item();
                let list = self.items(&item, depth);
                let lambda = self.lambda(&item, ty, depth);
                Some(inline(Sum, vec![list], Some(lambda), ty, false))
            }
            _ if self.rng.percent(30) => self.field_of_picked(ty, depth),
            _ => {
                let mut list = self.items(ty, depth);
                if self.rng.percent(25) {
                    list = self.ordered(list, ty, depth);
                }
                match self.rng.below(6) {
                    0 => {
                        let op = *self.rng.pick(&[First, Last]);
                        Some(inline(op, vec![list], None, ty, true))
                    }
                    1 | 2 => {
                        let op = *self.rng.pick(&[First, Last, Find]);
                        let lambda = self.lambda(ty, &Type::Boolean, depth);
                        Some(inline(op, vec![list], Some(lambda), ty, true))
                    }
                    3 => {
                        let index = self.index(depth);
                        Some(match self.rng.percent(50) {
                            true => inline(At, vec![list, index], None, ty, true),
                            false => make(
                                ExprKind::Index(Box::new(list), Box::new(index)),
                                ty.clone(),
                                true,
                            ),
                        })
                    }
                    _ => self.native(&["min", "max"], list, ty),
                }
            }
        }
    }

    /// A field of the record that is picked of a list.
    fn field_of_picked(&mut self, ty: &Type, depth: u32) -> Option<Expr> {
        let item = crate::world::line();
        let Type::Record(Record::Inline(fields)) = &item else {
            return None;
        };
        let field = fields.iter().find(|field| field.ty == *ty)?;
        let mut list = self.items(&item, depth);
        if self.rng.percent(50) {
            list = self.ordered(list, &item, depth);
        }
        let record = match self.rng.below(3) {
            0 => {
                let index = self.index(depth);
                let at = ExprKind::Index(Box::new(list), Box::new(index));
                make(at, item.clone(), true)
            }
            1 => {
                let op = *self.rng.pick(&[Intrinsic::First, Intrinsic::Last]);
                inline(op, vec![list], None, &item, true)
            }
            _ => {
                let op = *self.rng.pick(&[Intrinsic::Find, Intrinsic::Last]);
                let lambda = self.lambda(&item, &Type::Boolean, depth);
                inline(op, vec![list], Some(lambda), &item, true)
            }
        };
        let name = field.name.as_str().into();
        let kind = ExprKind::field(Box::new(record), name, ty.clone());
        Some(make(kind, ty.clone(), true))
    }

    /// A list of such items, or of what becomes one.
    fn items(&mut self, item: &Type, depth: u32) -> Expr {
        let ty = Type::list(item.clone());
        let deeper = depth.saturating_sub(1);
        if depth > 0
            && self.rng.percent(20)
            && let Some(given) = self.given(item, deeper)
        {
            return given;
        }
        match self.rng.below(8) {
            0..=2 if depth > 0 => {
                let list = self.items(item, deeper);
                let lambda = self.lambda(item, &Type::Boolean, deeper);
                inline(Intrinsic::Filter, vec![list], Some(lambda), &ty, false)
            }
            3 | 4 if depth > 0 && item.is_scalar() => {
                let of = self.item();
                let list = self.items(&of, deeper);
                let lambda = self.lambda(&of, item, deeper);
                inline(Intrinsic::Map, vec![list], Some(lambda), &ty, false)
            }
            5 if *item == Type::String => {
                let map = self.map_of(None);
                inline(Intrinsic::Keys, vec![map], None, &ty, false)
            }
            5 if *item == Type::Decimal => {
                let list = self.items(&Type::Integer, deeper);
                let opt = list.opt;
                make(ExprKind::Widen(Box::new(list)), ty, opt)
            }
            5 | 6 if self.types.compound.iter().any(|of| is_map_of(of, item)) => {
                let map = self.map_of(Some(item));
                inline(Intrinsic::Values, vec![map], None, &ty, false)
            }
            7 => self.constant(&ty, depth.min(2)),
            _ => match self.path(&ty) {
                Some(path) => path,
                None => self.constant(&ty, depth.min(2)),
            },
        }
    }

    /// A list that a function of the table makes of another.
    fn given(&mut self, item: &Type, depth: u32) -> Option<Expr> {
        let ty = Type::list(item.clone());
        let mut list = self.items(item, depth);
        let names: &[&str] = match item.is_scalar() {
            true => &[
                "distinct",
                "distinctWithNull",
                "sort",
                "limit",
                "intersect",
                "differenceLists",
            ],
            false => &["limit"],
        };
        let name = *self.rng.pick(names);
        let mut others = Vec::new();
        match name {
            "sort" => {
                let up = self.rng.percent(50);
                others.push(literal(Literal::Bool(up), &Type::Boolean));
            }
            "limit" => {
                if self.rng.percent(50) {
                    list = self.ordered(list, item, depth);
                }
                others.push(self.index(depth));
                if self.rng.percent(30) {
                    let start = self.rng.percent(50);
                    others.push(literal(Literal::Bool(start), &Type::Boolean));
                }
            }
            "intersect" | "differenceLists" => others.push(self.constant(&ty, depth.min(2))),
            _ => {}
        }
        let args: Vec<Expr> = std::iter::once(list).chain(others).collect();
        let function = self.types.functions.iter().find(|function| {
            let mut bound = Bound::default();
            let mut pairs = function.params.iter().zip(&args);
            function.name == name
                && function.params.len() == args.len()
                && pairs.all(|(param, arg)| unify(param.ty, &arg.ty, &mut bound))
        })?;
        let opt = function.optional || args.iter().any(|arg| arg.opt);
        Some(make(ExprKind::Call(function, args), ty, opt))
    }

    fn ordered(&mut self, list: Expr, item: &Type, depth: u32) -> Expr {
        let key = self.scalar();
        let by = self.lambda(item, &key, depth);
        let mut args = vec![list];
        if self.rng.percent(60) {
            let up = Literal::Bool(self.rng.percent(40));
            args.push(literal(up, &Type::Boolean));
        }
        let ty = Type::list(item.clone());
        inline(Intrinsic::SortBy, args, Some(by), &ty, false)
    }

    fn map_of(&mut self, value: Option<&Type>) -> Expr {
        let maps = self.types.compound.iter();
        let maps: Vec<Type> = maps
            .filter(|of| match value {
                Some(value) => is_map_of(of, value),
                None => matches!(of, Type::Map(_)),
            })
            .cloned()
            .collect();
        let ty = self.rng.pick(&maps).clone();
        self.path(&ty).expect("the world has a path to each map")
    }

    /// A record as often as a scalar.
    fn item(&mut self) -> Type {
        match self.rng.percent(50) {
            true => crate::world::line(),
            false => self.scalar(),
        }
    }

    fn lambda(&mut self, item: &Type, gives: &Type, depth: u32) -> (LocalId, Box<Expr>) {
        let local = self.fresh();
        let body = self.with(local, item.clone(), true, |g| {
            match g.rng.percent(40) {
                // Something of the item.
                true => g
                    .local(gives)
                    .unwrap_or_else(|| g.expr(gives, depth.min(3))),
                false => g.expr(gives, depth.min(3)),
            }
        });
        (local, Box::new(body))
    }

    /// One of these functions of the table, if one takes the list.
    fn native(&mut self, names: &[&str], list: Expr, ty: &Type) -> Option<Expr> {
        let name = *self.rng.pick(names);
        let function = self.types.functions.iter().find(|function| {
            let mut bound = Bound::default();
            let [only] = function.params else {
                return false;
            };
            function.name == name
                && matches!(function.imp, Imp::Native(_))
                && unify(only.ty, &list.ty, &mut bound)
        })?;
        let opt = function.optional || list.opt;
        let call = ExprKind::Call(function, vec![list]);
        Some(make(call, ty.clone(), opt))
    }
}

fn is_map_of(ty: &Type, value: &Type) -> bool {
    matches!(ty, Type::Map(of) if **of == *value)
}

fn inline(
    op: Intrinsic,
    args: Vec<Expr>,
    lambda: Option<(LocalId, Box<Expr>)>,
    ty: &Type,
    opt: bool,
) -> Expr {
    let opt = opt || args.iter().any(|arg| arg.opt);
    make(ExprKind::Inline { op, args, lambda }, ty.clone(), opt)
}
