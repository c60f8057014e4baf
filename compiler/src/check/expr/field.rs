//! Fields: `x.name`, and all of `x.name.name`.
//!
//! Comes in: a value, names. Goes out: one path, however many names; what a schema does not declare is an error. Never here: what a name
//! by itself stands for.

use super::build::{self, expr};
use super::cx::ExprCx;
use super::part;
use crate::check::paths::Found;
use crate::check::place::Place;
use crate::diag::{Code, Diagnostic, written};
use crate::hir::{Expr, ExprKind, PathStep, Root, Steps};
use crate::source::Span;
use crate::types::{Record, Type};
use crate::xdm;
use journey_grammar::ast::{self, AstNode};

/// `span` up to a name in it.
fn upto(name: ast::Name<'_>, span: Span) -> Span {
    Span {
        end: name.span().end,
        ..span
    }
}

impl<'a> ExprCx<'a> {
    /// `x.name`, and all of `x.name.name`.
    pub fn field(&mut self, f: ast::FieldExpr<'a>, span: Span) -> Expr {
        let e = self.field_boxed(f, span);
        self.unboxed(e)
    }

    /// The same in a box.
    pub(super) fn field_boxed(&mut self, f: ast::FieldExpr<'a>, span: Span) -> Box<Expr> {
        let Some((root, mut names)) = f.chain() else {
            return self.boxed(build::error(span));
        };
        let base = match root {
            ast::Expr::Name(root) if !root.has_error() => {
                let written = root.text();
                if matches!(written, "env" | "secret") && !self.is_bound(written) {
                    let value = match names.next() {
                        Some(name) => {
                            let span = upto(name, span);
                            self.of_package(written, name, span)
                        }
                        None => build::error(span),
                    };
                    let value = self.boxed(value);
                    return self.below(value, None, names, span);
                }
                let mut base = self.named_boxed(written, self.span(root));
                self.narrow(&mut base);
                // A field of the input by its bare name is a path's first step.
                let from = matches!(base.kind, ExprKind::Path(..)).then(|| root.span().start);
                return self.below(base, from, names, span);
            }
            root => self.infer_boxed(root.syntax()),
        };
        self.below(base, None, names, span)
    }

    /// What is so many steps below a value. Where that is a bare field of the input, `from` is where its name begins.
    fn below(
        &mut self,
        base: Box<Expr>,
        from: Option<u32>,
        names: impl Iterator<Item = ast::Name<'a>> + Clone,
        span: Span,
    ) -> Box<Expr> {
        let Some(first) = names.clone().next() else {
            return base;
        };
        let plain = !self.knows() && (from.is_some() || !matches!(base.kind, ExprKind::Path(..)));
        let text = || {
            let from = from.unwrap_or(first.span().start);
            let text = first.syntax().tree().text();
            text.get(from as usize..span.end as usize)
                .unwrap_or_default()
        };
        let opt = base.opt || matches!(base.kind, ExprKind::Root(Root::Profile));
        let (root, before) = match base.kind {
            ExprKind::Path(..) => match self.unboxed(base).kind {
                ExprKind::Path(root, before) => (root, Some(before)),
                _ => return self.boxed(build::error(span)),
            },
            _ => (base, None),
        };
        let of = match &root.ty {
            Type::Record(Record::Xdm(id)) if plain => Some(*id),
            _ => None,
        };
        let (found, opt) = match of.and_then(|of| self.world.paths.get(of, text())) {
            Some(found) => {
                let opt = opt || !found.required;
                (found, opt)
            }
            None => match self.look_up(&root, before, opt, names, span) {
                Ok((found, opt)) => {
                    if let Some(of) = of {
                        self.world.paths.keep(of, text(), found.clone());
                    }
                    (found, opt)
                }
                Err(error) => return self.boxed(error),
            },
        };
        let made = self.world.spare.vacant();
        let ty = found.steps.last().ty.clone();
        let is_data = matches!(root.kind, ExprKind::Root(_));
        let path = made.fill(expr(ExprKind::Path(root, found.steps), ty, opt, span));
        match is_data {
            true => path,
            false => part::of(&path).map_or(path, |part| self.boxed(part)),
        }
    }

    /// The steps by these names below `before`, or below the root itself, and whether what they lead to may be missing. `opt` says that of
    /// `before`; somebody may have no profile at all, so nothing in one is sure to be there.
    fn look_up(
        &mut self,
        root: &Expr,
        before: Option<Steps>,
        opt: bool,
        names: impl Iterator<Item = ast::Name<'a>>,
        span: Span,
    ) -> Result<(Found, bool), Expr> {
        let registry = self.world.registry;
        let mut key = match self.knows() {
            true => Place::of(root),
            false => None,
        };
        let (mut steps, mut required, mut opt) = (Vec::new(), before.is_none() || !opt, opt);
        for step in before.iter().flat_map(Steps::iter) {
            key.iter_mut().for_each(|key| key.join(&step.name));
            steps.push(step.clone());
        }
        let mut end = root.span.end;
        for name in names {
            let ty = steps.last().map_or(&root.ty, |step: &PathStep| &step.ty);
            let field = match ty {
                Type::Record(record) => record.named(registry, name.text()),
                _ => None,
            };
            let Some((text, field)) = field else {
                let ty = ty.clone();
                return Err(self.no_field(&ty, end, name, upto(name, span)));
            };
            key.iter_mut().for_each(|key| key.join(&text));
            let known = key.as_ref().is_some_and(|key| self.is_known(key));
            required &= !field.opt;
            opt = (opt || field.opt) && !known;
            end = name.span().end;
            steps.push(PathStep::new(text, field.ty));
        }
        let Some(steps) = Steps::of(steps) else {
            return Err(build::error(span));
        };
        Ok((Found { steps, required }, opt))
    }

    /// `env.NAME`, or `secret.NAME`, which stands where it may not.
    fn of_package(&mut self, root: &str, name: ast::Name<'a>, span: Span) -> Expr {
        if root == "env" {
            return self.environment_value(name, span);
        }
        let d = Diagnostic::new(Code::SecretOutsideAuth, span, "a secret cannot be part of an expression")
            .why("its value would reach logs and traces; a secret stands by itself in `auth`, `header` or `query`");
        self.report(d);
        build::error(span)
    }

    /// Says why a value of this type, which ends at `end`, has no field of this name.
    #[cold]
    fn no_field(&mut self, ty: &Type, end: u32, name: ast::Name<'a>, span: Span) -> Expr {
        let (text, at) = (name.text(), self.span(name));
        match ty {
            Type::Error => build::error(span),
            Type::Record(record) => self.unknown_field(record, text, at, written::name),
            Type::List(_) => {
                let d = Diagnostic::new(Code::UnknownField, at, format!("a list has no field `{text}`"))
                    .label("this is a list")
                    .why(format!("take one item (`.first().{text}`, `[0].{text}`) or all (`.map(item => item.{text})`)"));
                self.report(d);
                build::error(span)
            }
            Type::Map(_) => {
                let d = Diagnostic::new(
                    Code::UnknownField,
                    at,
                    format!("a map has no field `{text}`"),
                );
                let dot = Span {
                    start: end,
                    end: at.end,
                    ..at
                };
                self.report(d.fix(
                    "write the key in brackets",
                    dot,
                    format!("[{}]", written::text(text)),
                    true,
                ));
                build::error(span)
            }
            Type::Any => {
                let d = Diagnostic::new(
                    Code::UnknownField,
                    at,
                    "the schema says nothing of what is inside this value",
                );
                self.report(d.why("only its presence can be asked: `is missing`, `is present`"));
                build::error(span)
            }
            other => {
                let message = format!("{} has no fields", other.article());
                self.report(Diagnostic::new(Code::UnknownField, at, message));
                build::error(span)
            }
        }
    }

    /// Says so of a field that stands at `at`, written as `written` says; what it is then.
    pub(super) fn unknown_field(
        &mut self,
        record: &Record,
        name: &str,
        at: Span,
        written: fn(&str) -> Option<String>,
    ) -> Expr {
        if record.is_lost(self.world.registry) {
            return build::error(at);
        }
        let names = record.names(self.world.registry);
        let mut d = Diagnostic::new(
            Code::UnknownField,
            at,
            format!("the schema has no field `{name}` here"),
        );
        let among = self.bag.candidates(at.file, names.iter().copied());
        let renamed = xdm::in_data(name);
        if renamed[0] != name && names.contains(&renamed[0].as_str()) {
            let message = format!("data calls it `{}`", renamed.join("."));
            d = d.label(message).why(
                "names with a prefix, an `@` or a URI are renamed as the registry does it, in schemas and in their data",
            );
            self.report(d);
            return build::error(at);
        }
        d = d.did_you_mean_as(name, among, written);
        if d.fix.is_none() {
            let some: Vec<&str> = names.iter().take(8).copied().collect();
            let more = if names.len() > 8 { ", …" } else { "" };
            d = d.why(match some.as_slice() {
                [] => "it describes no field of this value".to_string(),
                some => format!("there are: {}{more}", some.join(", ")),
            });
        }
        self.report(d);
        build::error(at)
    }

    fn environment_value(&mut self, name: ast::Name<'a>, span: Span) -> Expr {
        let key = name.text();
        match self.world.environment.get(key) {
            Some(value) => build::text(value, span),
            // The environment itself is unknown, and was reported.
            None if self.world.manifest.lost.environments => build::error(span),
            None if self
                .world
                .environment_name
                .as_ref()
                .is_some_and(|env| !self.world.manifest.environments.contains_key(env)) =>
            {
                build::error(span)
            }
            None => {
                let at = self.span(name);
                let d = Diagnostic::new(
                    Code::UnknownEnv,
                    at,
                    format!("the environment gives no `{key}`"),
                );
                let d = d.did_you_mean(key, self.world.environment.keys().map(String::as_str));
                let d = match &self.world.environment_name {
                    Some(env) => d.why(format!("journey.toml sets values under [env.{env}]")),
                    None => d.why("journey.toml has no [env.NAME] table"),
                };
                self.report(d);
                build::error(span)
            }
        }
    }
}
