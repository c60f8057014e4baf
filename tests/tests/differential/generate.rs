//! Random well-typed expressions of the checked program's tree.
//!
//! Comes in: a type that is wanted, a generator, the world. Goes out: an expression of that type whose `opt` is what the
//! checker would say, or more careful. Never true here: a tree that the checker could not build.

use crate::data;
use crate::rng::Rng;
use crate::world::{self, Path, Step, Types};
use journeyc::hir::{ArithOp, CompareOp, Expr, ExprKind, Literal, LocalId, Root};
use journeyc::source::{FileId, Span};
use journeyc::types::{Record, Type};

/// A root: what it is, its type, whether it may be missing, the paths from it.
pub struct Source {
    pub root: Root,
    pub ty: Type,
    pub opt: bool,
    pub paths: Vec<Path>,
}

pub struct Gen<'w> {
    pub rng: Rng,
    pub sources: &'w [Source],
    pub types: &'w Types,
    locals: Vec<(LocalId, Type, bool)>,
    next_local: u32,
    /// Nodes that may still be made; when it is used up only leaves are.
    pub budget: i32,
}

pub fn make(kind: ExprKind, ty: Type, opt: bool) -> Expr {
    Expr {
        kind,
        ty,
        opt,
        span: Span {
            file: FileId(0),
            start: 0,
            end: 0,
        },
    }
}

pub fn literal(literal: Literal, ty: &Type) -> Expr {
    make(ExprKind::Literal(literal), ty.clone(), false)
}

impl<'w> Gen<'w> {
    pub fn new(seed: u64, sources: &'w [Source], types: &'w Types) -> Gen<'w> {
        Gen {
            rng: Rng::new(seed),
            sources,
            types,
            locals: Vec::new(),
            next_local: 0,
            budget: 0,
        }
    }

    /// A fresh expression of a random type and size.
    pub fn whole(&mut self) -> Expr {
        self.locals.clear();
        self.budget = 3 + self.rng.below(40) as i32;
        let ty = self.any_type();
        self.expr(&ty, 7)
    }

    pub fn any_type(&mut self) -> Type {
        match self.rng.below(12) {
            0..=3 => Type::Boolean,
            4..=8 => self.scalar(),
            9 | 10 => Type::list(self.scalar()),
            _ => self.rng.pick(&self.types.compound).clone(),
        }
    }

    pub fn scalar(&mut self) -> Type {
        self.rng.pick(&self.types.scalars).clone()
    }

    /// An expression of type `ty`.
    pub fn expr(&mut self, ty: &Type, depth: u32) -> Expr {
        self.budget -= 1;
        if depth == 0 || self.budget <= 0 {
            return self.leaf(ty);
        }
        for _ in 0..4 {
            if let Some(expr) = self.node(ty, depth - 1) {
                return expr;
            }
        }
        self.leaf(ty)
    }

    /// An expression where text is wanted: enums count as strings.
    pub fn text_or(&mut self, ty: &Type, depth: u32) -> Expr {
        if *ty == Type::String && self.rng.percent(10) {
            self.expr(&world::colour(), depth)
        } else {
            self.expr(ty, depth)
        }
    }

    fn leaf(&mut self, ty: &Type) -> Expr {
        let which = self.rng.below(10);
        let found = match which {
            0..=5 => self.path(ty),
            6 | 7 => self.local(ty),
            _ => None,
        };
        found.unwrap_or_else(|| self.constant(ty, 2))
    }

    fn node(&mut self, ty: &Type, depth: u32) -> Option<Expr> {
        match self.rng.below(20) {
            0..=5 if world::wide(ty).is_some() && self.rng.percent(30) => self.cut(ty, depth),
            0 | 1 => self.path(ty),
            2 => self.local(ty),
            3 => Some(self.constant(ty, depth)),
            4 => {
                let (a, b) = (self.expr(ty, depth), self.expr(ty, depth));
                let opt = a.opt && b.opt;
                Some(make(
                    ExprKind::Coalesce(Box::new(a), Box::new(b)),
                    ty.clone(),
                    opt,
                ))
            }
            5 => {
                let c = self.expr(&Type::Boolean, depth);
                let (a, b) = (self.expr(ty, depth), self.expr(ty, depth));
                let opt = a.opt || b.opt;
                Some(make(
                    ExprKind::If(Box::new(c), Box::new(a), Box::new(b)),
                    ty.clone(),
                    opt,
                ))
            }
            6 => Some(self.bind(ty, depth)),
            7 => {
                let list = self.expr(&Type::list(ty.clone()), depth);
                let index = self.index(depth);
                Some(make(
                    ExprKind::Index(Box::new(list), Box::new(index)),
                    ty.clone(),
                    true,
                ))
            }
            8 if self.rng.percent(60) => self.field_of_record(ty, depth),
            8 => {
                let map = self.expr(
                    &self
                        .types
                        .compound
                        .iter()
                        .find(|t| matches!(t, Type::Map(v) if **v == *ty))?
                        .clone(),
                    depth,
                );
                let key = self.key(depth);
                Some(make(
                    ExprKind::Key(Box::new(map), Box::new(key)),
                    ty.clone(),
                    true,
                ))
            }
            9..=11 => self.call(ty, depth),
            12 | 13 if *ty == Type::String && self.rng.percent(10) => self.part(depth.min(2)),
            12 | 13 => self.chain(ty, depth),
            _ => self.operator(ty, depth),
        }
    }

    fn bind(&mut self, ty: &Type, depth: u32) -> Expr {
        let bound = self.any_type();
        let value = self.expr(&bound, depth);
        let strict = self.rng.percent(50);
        let local = self.fresh();
        let value_opt = value.opt;
        let body = self.with(local, bound, value_opt && !strict, |g| g.expr(ty, depth));
        let opt = body.opt || (strict && value_opt);
        make(
            ExprKind::Let {
                local,
                value: Box::new(value),
                strict,
                body: Box::new(body),
            },
            ty.clone(),
            opt,
        )
    }

    pub fn fresh(&mut self) -> LocalId {
        self.next_local += 1;
        LocalId(self.next_local)
    }

    /// What `f` makes with `local` in scope.
    pub fn with<R>(
        &mut self,
        local: LocalId,
        ty: Type,
        opt: bool,
        f: impl FnOnce(&mut Self) -> R,
    ) -> R {
        self.locals.push((local, ty, opt));
        let made = f(self);
        self.locals.pop();
        made
    }

    /// A record made on the spot, one field taken out again.
    fn field_of_record(&mut self, ty: &Type, depth: u32) -> Option<Expr> {
        let other = self.scalar();
        let ty = ty.clone();
        let fields = vec![
            ("one".to_string(), self.expr(&other, depth)),
            ("two".to_string(), self.expr(&ty, depth)),
        ];
        let record = record_of(fields);
        let opt = matches!(&record.ty, Type::Record(Record::Inline(f)) if f[1].optional);
        Some(make(
            ExprKind::field(Box::new(record), "two".into(), ty.clone()),
            ty,
            opt,
        ))
    }

    /// A value of a wider type, where there is one.
    fn cut(&mut self, ty: &Type, depth: u32) -> Option<Expr> {
        let wide = world::wide(ty)?;
        let value = self.expr(&wide, depth);
        let opt = value.opt;
        Some(make(ExprKind::Widen(Box::new(value)), ty.clone(), opt))
    }

    pub fn index(&mut self, depth: u32) -> Expr {
        if self.rng.percent(80) {
            literal(
                Literal::Int(*self.rng.pick(&[0, 0, 0, -1, -1, 1, 2, -3])),
                &Type::Integer,
            )
        } else {
            self.expr(&Type::Integer, depth.saturating_sub(2))
        }
    }

    fn key(&mut self, depth: u32) -> Expr {
        if self.rng.percent(80) {
            literal(
                Literal::Str(self.rng.pick(data::KEYS).to_string()),
                &Type::String,
            )
        } else {
            self.text_or(&Type::String, depth.saturating_sub(2))
        }
    }

    pub fn local(&mut self, ty: &Type) -> Option<Expr> {
        let fitting: Vec<usize> = (0..self.locals.len())
            .filter(|ix| self.locals[*ix].1 == *ty)
            .collect();
        if !fitting.is_empty() {
            let (id, ty, opt) = self.locals[*self.rng.pick(&fitting)].clone();
            return Some(make(ExprKind::Root(Root::Local(id)), ty, opt));
        }
        // A field of a local record.
        let mut found = Vec::new();
        for (id, of, opt) in &self.locals {
            if let Type::Record(Record::Inline(fields)) = of {
                for field in fields.iter().filter(|f| f.ty == *ty) {
                    found.push((*id, of.clone(), *opt, field.clone()));
                }
            }
        }
        if found.is_empty() {
            return None;
        }
        let (id, of, opt, field) = self.rng.pick(&found).clone();
        let base = make(ExprKind::Root(Root::Local(id)), of, opt);
        Some(make(
            ExprKind::field(Box::new(base), field.name.into(), field.ty.clone()),
            field.ty,
            opt || field.optional,
        ))
    }

    /// A path from a root that ends at `ty`.
    pub fn path(&mut self, ty: &Type) -> Option<Expr> {
        let mut found: Vec<(&Source, &Path)> = Vec::new();
        for source in self.sources {
            found.extend(
                source
                    .paths
                    .iter()
                    .filter(|p| p.end == *ty)
                    .map(|p| (source, p)),
            );
        }
        if found.is_empty() {
            return None;
        }
        let (source, path) = *self.rng.pick(&found);
        let mut expr = make(ExprKind::Root(source.root), source.ty.clone(), source.opt);
        for (step, ty) in &path.steps {
            let (kind, opt) = match step {
                Step::Field(name, optional) => {
                    let opt = expr.opt || *optional;
                    (
                        ExprKind::field(Box::new(expr), name.as_str().into(), ty.clone()),
                        opt,
                    )
                }
                Step::Index => (
                    ExprKind::Index(Box::new(expr), Box::new(self.index(2))),
                    true,
                ),
                Step::Key => (ExprKind::Key(Box::new(expr), Box::new(self.key(2))), true),
            };
            expr = make(kind, ty.clone(), opt);
        }
        Some(expr)
    }

    fn operator(&mut self, ty: &Type, depth: u32) -> Option<Expr> {
        let two =
            |g: &mut Self, ty: &Type| (Box::new(g.expr(ty, depth)), Box::new(g.expr(ty, depth)));
        Some(match ty {
            Type::Boolean => return Some(self.condition(depth)),
            Type::Integer | Type::Decimal | Type::Duration => {
                if *ty == Type::Decimal && self.rng.percent(20) {
                    let inner = self.expr(&Type::Integer, depth);
                    let opt = inner.opt;
                    return Some(make(ExprKind::Widen(Box::new(inner)), Type::Decimal, opt));
                }
                if self.rng.percent(15) {
                    let inner = self.expr(ty, depth);
                    let opt = inner.opt;
                    return Some(make(ExprKind::Neg(Box::new(inner)), ty.clone(), opt));
                }
                let few = [ArithOp::Add, ArithOp::Sub];
                let all = [
                    ArithOp::Add,
                    ArithOp::Sub,
                    ArithOp::Mul,
                    ArithOp::Div,
                    ArithOp::Rem,
                ];
                let op = *self.rng.pick(if *ty == Type::Duration {
                    &few[..]
                } else {
                    &all[..]
                });
                let (a, b) = two(self, ty);
                let opt = a.opt || b.opt || matches!(op, ArithOp::Div | ArithOp::Rem);
                make(ExprKind::Arith(op, a, b), ty.clone(), opt)
            }
            Type::String => {
                let pieces: Vec<Expr> = (0..self.rng.below(4))
                    .map(|_| self.text_or(&Type::String, depth))
                    .collect();
                let opt = pieces.iter().any(|p| p.opt);
                make(ExprKind::Text(pieces), Type::String, opt)
            }
            _ => return None,
        })
    }

    /// Equalities of one value, now and then of another, joined by `or` from either end.
    fn equalities(&mut self, depth: u32) -> Expr {
        let ty = self.scalar();
        let subject = self.leaf(&ty);
        let mut all: Option<Expr> = None;
        for _ in 0..1 + self.rng.below(20) {
            let one = if self.rng.percent(4) {
                self.expr(&Type::Boolean, depth.min(2))
            } else {
                let (a, b) = (Box::new(subject.clone()), Box::new(self.constant(&ty, 0)));
                let (a, b) = if self.rng.percent(10) { (b, a) } else { (a, b) };
                make(
                    ExprKind::Compare(CompareOp::Eq, a, b),
                    Type::Boolean,
                    subject.opt,
                )
            };
            all = Some(match all {
                None => one,
                Some(before) => {
                    let opt = before.opt || one.opt;
                    let (a, b) = match self.rng.percent(80) {
                        true => (before, one),
                        false => (one, before),
                    };
                    make(ExprKind::Or(Box::new(a), Box::new(b)), Type::Boolean, opt)
                }
            });
        }
        all.unwrap_or_else(|| self.leaf(&Type::Boolean))
    }

    fn condition(&mut self, depth: u32) -> Expr {
        let boolean = Type::Boolean;
        let (kind, opt) = match self.rng.below(10) {
            0 => {
                let inner = self.expr(&boolean, depth);
                let opt = inner.opt;
                (ExprKind::Not(Box::new(inner)), opt)
            }
            1 | 2 => {
                let (a, b) = (self.expr(&boolean, depth), self.expr(&boolean, depth));
                let opt = a.opt || b.opt;
                let (a, b) = (Box::new(a), Box::new(b));
                (
                    if self.rng.percent(50) {
                        ExprKind::And(a, b)
                    } else {
                        ExprKind::Or(a, b)
                    },
                    opt,
                )
            }
            3 if self.rng.percent(30) => return self.equalities(depth),
            4 if self.rng.percent(40) => return self.of_texts(depth.min(2)),
            3 => {
                let ty = self.any_type();
                (ExprKind::IsMissing(Box::new(self.expr(&ty, depth))), false)
            }
            4 => {
                let ty = self.scalar();
                let subject = self.text_or(&ty, depth);
                let mut alternatives: Vec<Expr> = (0..self.rng.below(4))
                    .map(|_| self.text_or(&ty, depth.min(2)))
                    .collect();
                if self.rng.percent(40) {
                    // So many constants are a set, whatever stands between them.
                    for _ in 0..self.rng.below(40) {
                        let at = self.rng.below(alternatives.len() + 1);
                        alternatives.insert(at, self.constant(&ty, 0));
                    }
                }
                let opt = subject.opt || alternatives.iter().any(|a| a.opt);
                (ExprKind::OneOf(Box::new(subject), alternatives), opt)
            }
            _ => {
                let ty = self.scalar();
                let ordered = !matches!(ty, Type::Period | Type::Boolean);
                let all = [
                    CompareOp::Eq,
                    CompareOp::Ne,
                    CompareOp::Lt,
                    CompareOp::Le,
                    CompareOp::Gt,
                    CompareOp::Ge,
                ];
                let op = *self.rng.pick(if ordered { &all[..] } else { &all[..2] });
                let (a, b) = (self.text_or(&ty, depth), self.text_or(&ty, depth));
                let opt = a.opt || b.opt;
                (ExprKind::Compare(op, Box::new(a), Box::new(b)), opt)
            }
        };
        make(kind, boolean, opt)
    }
}

/// A record of these fields, typed by them.
pub fn record_of(fields: Vec<(String, Expr)>) -> Expr {
    let ty = world::record(
        fields
            .iter()
            .map(|(n, e)| (n.as_str(), e.ty.clone(), e.opt))
            .collect(),
    );
    make(ExprKind::Record(fields), ty, false)
}
