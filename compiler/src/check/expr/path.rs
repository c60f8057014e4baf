//! Names, keys and indices.
//!
//! A name is looked up from the inside out: names bound in the expression, the input's alias, the journey's names, the input's
//! fields, then `profile`, constants, `env` and `secret`. References are closed-world: what no schema declares is an error.

use super::build::{self, expr};
use super::cx::ExprCx;
use super::part;
use crate::check::paths::Found;
use crate::check::state::{Arrival, MAX_NAMES};
use crate::check::world::Declared;
use crate::diag::{Code, Diagnostic, written};
use crate::hir::walk;
use crate::hir::{Expr, ExprKind, PathStep, Root, Steps, VarKind};
use crate::source::Span;
use crate::types::{Record, Type};
use journey_grammar::ast::{self, AstNode};
use journey_grammar::{Node, SyntaxKind};

impl<'a> ExprCx<'a> {
    /// A name by itself.
    pub fn name(&mut self, n: ast::NameRef<'a>, span: Span) -> Expr {
        self.named(n.text(), span, |e| e)
    }

    /// The same in a box. What most paths begin with is made there: it is slow to move.
    pub(super) fn named_boxed(&mut self, name: &str, span: Span) -> Box<Expr> {
        let made = self.world.spare.vacant();
        self.named(name, span, |e| made.fill(e))
    }

    /// The same by what is written; `put` says where it goes.
    #[inline]
    fn named<T>(&mut self, name: &str, span: Span, put: impl FnOnce(Expr) -> T) -> T {
        if let Some(local) = self.scope.locals.iter().rev().find(|l| l.name == name) {
            let root = ExprKind::Root(Root::Local(local.id));
            return put(expr(root, local.ty.ty.clone(), local.ty.opt, span));
        }
        if let Some(input) = &self.scope.input
            && input.alias.as_deref() == Some(name)
        {
            let root = ExprKind::Root(Root::Input);
            return put(expr(root, input.ty.clone(), false, span));
        }
        if let Some(found) = self.variable(name, span) {
            return put(found);
        }
        if let Some(input) = &self.scope.input
            && input.bare
            && let Type::Record(record) = &input.ty
            && let Some(found) = self.bare(record, name)
        {
            let root = expr(ExprKind::Root(Root::Input), input.ty.clone(), false, span);
            let ty = found.steps.last().ty.clone();
            let kind = ExprKind::Path(self.boxed(root), found.steps);
            return put(expr(kind, ty, !found.required, span));
        }
        if name == "profile" {
            if self.scope.profile
                && let Some(ty) = &self.world.profile
            {
                let root = ExprKind::Root(Root::Profile);
                return put(expr(root, ty.clone(), false, span));
            }
            return put(self.no_profile(span));
        }
        if let Some(constant) = self.world.consts.get(name) {
            if !self.written_out(walk::size(constant), span) {
                return put(build::error(span));
            }
            return put(Expr {
                span,
                ..constant.clone()
            });
        }
        put(self.unknown_name(name, span))
    }

    /// A field of the input by its bare name.
    fn bare(&self, record: &Record, name: &str) -> Option<Found> {
        let paths = &self.world.paths;
        // Paths are kept as they are written: a name with a dot in it is written like two, but for its backticks.
        if let Record::Xdm(of) = record
            && !name.contains('.')
            && let Some(found) = paths.get(*of, name)
        {
            return Some(found);
        }
        let (shared, field) = record.named(self.world.registry, name)?;
        let steps = Steps::one(PathStep::new(shared, field.ty));
        let required = !field.opt;
        let found = Found { steps, required };
        if let Record::Xdm(of) = record {
            paths.keep(*of, name, found.clone());
        }
        Some(found)
    }

    fn variable(&mut self, name: &str, span: Span) -> Option<Expr> {
        let (var, arrival) = self.scope.state?.names.get(name)?.clone();
        let declared = self.scope.vars.get(var.0 as usize)?;
        if declared.ty.is_error() {
            return Some(build::error(span));
        }
        if let Arrival::Several(other) = arrival {
            let message = format!(
                "`{name}`: several ways lead here, and each has a value of its own under this name"
            );
            let advice = match declared.kind {
                VarKind::Value => {
                    "bind one value before the ways part: `let x = if … then … else …`"
                }
                _ => "give each a name of its own, and read it where it must have arrived",
            };
            let d = Diagnostic::new(Code::NotArrived, span, message)
                .label("used here")
                .related(declared.span, "bound here")
                .related(self.scope.vars[other.0 as usize].span, "and here")
                .why(format!("none of them is known on every way; {advice}"));
            self.report(d);
            return Some(build::error(span));
        }
        if let Arrival::NotVia(at, path) | Arrival::Elsewhere(at, path) = arrival {
            let what = match declared.kind {
                VarKind::Event(_) => "this event need not have arrived here",
                VarKind::Response(_) => "this response need not have arrived here",
                VarKind::Failure(_) => "this call need not have failed here",
                VarKind::Value => "this value need not have been computed here",
            };
            let d = Diagnostic::new(Code::NotArrived, span, format!("`{name}`: {what}"))
                .label("used here")
                .related(declared.span, format!("`{name}` is bound here"))
                .related(at, path)
                .why(
                    "on that path there is nothing to read; use it only where it must have arrived",
                );
            self.report(d);
            return Some(build::error(span));
        }
        // A value that may be missing stays optional until a guard proves otherwise.
        let opt = declared.optional;
        Some(expr(
            ExprKind::Root(Root::Var(var)),
            declared.ty.clone(),
            opt,
            span,
        ))
    }

    /// Why there is no profile to read.
    #[cold]
    fn no_profile(&mut self, span: Span) -> Expr {
        if !self.scope.profile {
            let d = Diagnostic::new(Code::WrongKind, span, "the profile cannot be read here")
                .why("an event is matched, and its person found, before any profile is known; test the profile in `enter on … where` or in a step");
            self.report(d);
        } else if let Some(d) = self.world.no_profile(span) {
            self.report(match self.scope.state {
                Some(_) => d.why("journey.toml names it: [profile] schema = \"$id\""),
                None => d.why("an expression by itself has the profile of the package that it is given, or one that is bound"),
            });
        }
        build::error(span)
    }

    #[cold]
    fn unknown_name(&mut self, name: &str, span: Span) -> Expr {
        let is_lost = |ty: &Type| match ty {
            Type::Record(record) => record.is_lost(self.world.registry),
            ty => ty.is_error(),
        };
        let input = self.scope.input.as_ref();
        if input.is_some_and(|input| input.bare && is_lost(&input.ty)) {
            // It may be a field of what could not be resolved, and that was reported.
            return build::error(span);
        }
        if self.scope.unsure
            || self.world.may_be_broken(name)
            || self.world.lost_name("const")
            || self.scope.vars.len() > MAX_NAMES
        {
            return build::error(span);
        }
        if name == "env" || name == "secret" {
            let d = Diagnostic::new(
                Code::UnknownName,
                span,
                format!("`{name}` alone is no value"),
            );
            self.report(d.label(format!("write `{name}.NAME`")));
            return build::error(span);
        }
        if self.world.is_not_built(name) {
            return build::error(span);
        }
        if self.world.decls.contains_key(name) {
            let d = Diagnostic::new(
                Code::WrongKind,
                span,
                format!("`{name}` is {}, not a value", self.world.kind_of(name)),
            );
            self.report(match self.world.events.contains_key(name) {
                true => {
                    d.why("one that came goes by the name that a journey gives it: `on Event as x`")
                }
                false => d,
            });
            return build::error(span);
        }
        let names = self.bag.candidates(span.file, self.names_in_scope());
        let d = Diagnostic::new(
            Code::UnknownName,
            span,
            format!("nothing here is named `{name}`"),
        );
        let d = match name {
            "null" | "nil" | "undefined" => {
                let d = d.why("what is not there is asked for by `is missing` and `is present`");
                self.report(d);
                return build::error(span);
            }
            _ => d.did_you_mean(name, names),
        };
        let d = if d.fix.is_none() && self.is_bound_elsewhere(name, span) {
            d.why(format!("`{name}` is bound elsewhere in this journey: a name is known behind what binds it, and no setting knows what steps bind"))
        } else if d.fix.is_none() && !self.scope.input.as_ref().is_some_and(|i| i.bare) {
            d.why("fields are written with what they belong to, such as `profile.person` or the event's `as` name")
        } else {
            d
        };
        self.report(d);
        build::error(span)
    }

    /// Whether the journey around a place binds this name.
    fn is_bound_elsewhere(&self, name: &str, span: Span) -> bool {
        let around = |d: &&Declared<'_>| {
            let at = d.decl.syntax().span();
            let file = d.file == span.file;
            file && matches!(d.decl, ast::Decl::Journey(_))
                && at.start <= span.start
                && span.end <= at.end
        };
        let binds = |n: &Node<'_>| matches!(n.kind(), SyntaxKind::Binding | SyntaxKind::LetStep);
        let journey = self.world.decls.values().find(around);
        let nodes = journey
            .into_iter()
            .flat_map(|d| d.decl.syntax().descendants());
        let mut names = nodes
            .filter(binds)
            .filter_map(|n| n.children().find_map(ast::Name::cast));
        names.any(|bound| bound.text() == name)
    }

    fn names_in_scope(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.scope.locals.iter().map(|l| &*l.name).collect();
        if let Some(input) = &self.scope.input {
            names.extend(input.alias.as_deref());
            if let (true, Type::Record(record)) = (input.bare, &input.ty) {
                names.extend(record.names(self.world.registry));
            }
        }
        if let Some(state) = self.scope.state {
            names.extend(state.names.keys().map(String::as_str));
        }
        if self.scope.profile && (self.scope.state.is_some() || self.world.profile.is_some()) {
            names.push("profile");
        }
        names.extend(self.world.consts.keys().map(String::as_str));
        names.push("secret");
        names
    }

    pub(super) fn is_bound(&self, name: &str) -> bool {
        self.scope.locals.iter().any(|l| l.name == name)
            || self.scope.state.is_some_and(|s| s.names.contains_key(name))
    }

    /// `x[key]`.
    pub fn index(&mut self, i: ast::IndexExpr<'a>, span: Span) -> Expr {
        let (Some(receiver), Some(index)) = (i.receiver(), i.index()) else {
            return build::error(span);
        };
        let base = self.infer_boxed(receiver.syntax());
        let key = self.infer(index);
        if base.ty.is_error() || key.ty.is_error() {
            return build::error(span);
        }
        match base.ty.clone() {
            Type::Map(value) => {
                let key = self.expect(key, &Type::String, "a map's key");
                if key.ty.is_error() {
                    return build::error(span);
                }
                expr(
                    ExprKind::Key(base, self.boxed(key)),
                    (*value).clone(),
                    true,
                    span,
                )
            }
            Type::List(item) if *item == Type::Nothing => self.of_nothing(base.span),
            Type::List(item) => {
                let key = self.expect(key, &Type::Integer, "a list's index");
                if key.ty.is_error() {
                    return build::error(span);
                }
                let kind = ExprKind::Index(base, self.boxed(key));
                let e = expr(kind, (*item).clone(), true, span);
                part::of(&e).unwrap_or(e)
            }
            Type::Record(record) => match &key.kind {
                ExprKind::Literal(crate::hir::Literal::Str(name)) => {
                    match record.named(self.world.registry, name) {
                        Some((name, field)) => {
                            let nobody = matches!(base.kind, ExprKind::Root(Root::Profile));
                            let opt = base.opt || field.opt || nobody;
                            let kind = ExprKind::field(base, name, field.ty.clone());
                            let e = expr(kind, field.ty, opt, span);
                            part::of(&e).unwrap_or(e)
                        }
                        None => {
                            let (name, at) = (name.clone(), key.span);
                            self.unknown_field(&record, &name, at, |name| Some(written::text(name)))
                        }
                    }
                }
                _ => {
                    let d = Diagnostic::new(
                        Code::BadOperand,
                        key.span,
                        "a record's field must be named when the package is built",
                    );
                    self.report(d);
                    build::error(span)
                }
            },
            other => {
                let message = format!("{} has nothing to pick with `[ ]`", other.article());
                self.report(Diagnostic::new(Code::BadOperand, span, message));
                build::error(span)
            }
        }
    }
}
