//! Calls: the one function table, the package's own functions (inlined here), and list functions with a lambda.
//!
//! An overload is chosen by the types of the arguments: exact before widened, in the table's order. `f(x, y)` and `x.f(y)` are
//! the same call. Never here: a function's meaning.

use super::build::{self, expr};
use super::cx::{ExprCx, Local};
use super::fit::{Bound, asks_for_scalars, assemble, fit, signature};
use crate::diag::{Code, Diagnostic};
use crate::hir::walk;
use crate::hir::{Arg, Expr, ExprKind, Literal, LocalId};
use crate::source::Span;
use crate::types::{Type, Typed};
use journey_grammar::ast::{self, AstNode};
use journey_machine::func::{self, Function};
use std::collections::BTreeMap;

/// The largest expression that inlining may make, in nodes.
pub(in crate::check) const MAX_INLINED: usize = 20_000;
/// The same for all calls and constants of a package together: it bounds memory.
const MAX_WRITTEN_OUT: usize = 2_000_000;
/// The longest text that is written wherever a function names its parameter, in bytes.
const SMALL_TEXT: usize = 256;

impl<'a> ExprCx<'a> {
    /// `f(args)`.
    pub fn call(&mut self, c: ast::CallExpr<'a>, span: Span) -> Expr {
        let Some(callee) = c.callee() else {
            return build::error(span);
        };
        let ast::Expr::Name(name) = callee else {
            let at = self.span(callee);
            self.report(Diagnostic::new(
                Code::UnknownFunction,
                at,
                "only a function can be called, and this is a value",
            ));
            return build::error(span);
        };
        let at = self.span(name);
        self.apply(name.text(), at, None, c.args(), span)
    }

    /// `x.f(args)`.
    pub fn method(&mut self, m: ast::MethodCall<'a>, span: Span) -> Expr {
        let (Some(receiver), Some(name)) = (m.receiver(), m.name()) else {
            return build::error(span);
        };
        let receiver = self.infer_boxed(receiver.syntax());
        let at = self.span(name);
        self.apply(name.text(), at, Some(receiver), m.args(), span)
    }

    fn apply(
        &mut self,
        name: &str,
        at: Span,
        receiver: Option<Box<Expr>>,
        args: Option<ast::ArgList<'a>>,
        span: Span,
    ) -> Expr {
        if let Some(function) = self.world.functions.get(name) {
            let receiver = receiver.map(|receiver| self.unboxed(receiver));
            let given = self.plain_args(receiver, args, Some(&function.params));
            return match given {
                Some(given) => self.inline_function(name, given, at, span),
                None => build::error(span),
            };
        }
        let overloads = func::lookup(name);
        if name.starts_with("op.") || overloads.clone().next().is_none() {
            return self.unknown_function(name, at, receiver.as_deref(), span);
        }
        if self.over_history(args, span) {
            return build::error(span);
        }
        let Some(args) = self.table_args(receiver, args) else {
            return build::error(span);
        };
        if args.iter().any(Arg::is_error) {
            return build::error(span);
        }
        if name == "in" && matches!(args.as_slice(), [Arg::Value(_), Arg::Value(_)]) {
            // The operator, written as a function.
            let mut operands = args.into_iter().filter_map(Arg::value);
            if let (Some(item), Some(list)) = (operands.next(), operands.next()) {
                let (item, list) = (self.unboxed(item), self.unboxed(list));
                return self.contained(item, list, span);
            }
            return build::error(span);
        }
        match best(overloads, &args) {
            Some((function, bound)) => {
                let values = args.iter().map(|arg| match arg {
                    Arg::Value(value) => Some(&**value),
                    Arg::Lambda { .. } => None,
                });
                self.check_constants(function, values);
                if let (true, Some(Arg::Value(of))) = (function.uses.zone, args.first()) {
                    self.zone_thrown_away(function, of, at);
                }
                let first = match args.first() {
                    Some(Arg::Value(value)) => value.span,
                    _ => span,
                };
                match assemble(function, &bound, args, span, &self.world.spare) {
                    made if made.ty == Type::Nothing => self.of_nothing(first),
                    made => made,
                }
            }
            None => self.no_overload(name, &args, at, span),
        }
    }

    fn unknown_function(
        &mut self,
        name: &str,
        at: Span,
        receiver: Option<&Expr>,
        span: Span,
    ) -> Expr {
        if self.world.may_be_broken(name)
            || self.world.lost_name("function")
            || receiver.is_some_and(|r| r.ty.is_error())
        {
            return build::error(span);
        }
        let mut d = Diagnostic::new(
            Code::UnknownFunction,
            at,
            format!("there is no function `{name}`"),
        );
        let mut names: Vec<&str> = func::all()
            .map(|f| f.name)
            .filter(|n| !n.contains('.'))
            .collect();
        names.extend(self.world.functions.keys().map(String::as_str));
        d = d.did_you_mean(name, self.bag.candidates(at.file, names));
        if self.world.decls.contains_key(name) {
            d = d.why(format!(
                "`{name}` is {}; calls to sources and actions are steps",
                self.world.kind_of(name)
            ));
        } else if d.fix.is_none() {
            d = d.why(
                "docs/functions.md lists the functions; a package declares its own with `function`",
            );
        }
        self.report(d);
        build::error(span)
    }

    /// Arguments of a function of the table; `None` when one cannot be understood at all.
    fn table_args(
        &mut self,
        receiver: Option<Box<Expr>>,
        args: Option<ast::ArgList<'a>>,
    ) -> Option<Vec<Arg>> {
        let mut out = self.world.spare.args();
        out.extend(receiver.map(Arg::Value));
        for arg in args.into_iter().flat_map(ast::ArgList::args) {
            let value = arg.value?;
            if let Some(name) = arg.name {
                let at = self.span(name);
                let d = Diagnostic::new(
                    Code::WrongArguments,
                    at,
                    "the arguments of this function have no names",
                );
                self.report(d.why(
                    "only sources, actions and the package's own functions take named arguments",
                ));
                return None;
            }
            match value {
                ast::Expr::Lambda(lambda) if !lambda.has_error() => {
                    let element = match out.first() {
                        Some(Arg::Value(list)) => {
                            let (element, at) = (element_of(&list.ty), list.span);
                            if element == Some(Type::Nothing) {
                                self.of_nothing(at);
                                return None;
                            }
                            element
                        }
                        _ => None,
                    };
                    out.push(self.lambda(lambda, element)?);
                }
                other => {
                    let value = self.infer_boxed(other.syntax());
                    out.push(Arg::Value(value));
                }
            }
        }
        Some(out)
    }

    fn lambda(&mut self, lambda: ast::Lambda<'a>, element: Option<Type>) -> Option<Arg> {
        let span = self.span(lambda);
        let (param, body) = (lambda.param()?, lambda.body()?);
        let Some(element) = element else {
            let d = Diagnostic::new(
                Code::LambdaMisplaced,
                span,
                "a lambda needs a list before it",
            );
            self.report(
                d.why("it is applied to each item: `items.filter(item => item.quantity > 1)`"),
            );
            return None;
        };
        let local = self.fresh_local();
        // Any item may be null.
        let ty = Typed {
            ty: element,
            opt: true,
        };
        self.scope.locals.push(Local {
            name: self.world.spare.text(param.text()),
            id: local,
            ty,
        });
        let body = self.infer_boxed(body.syntax());
        if let Some(local) = self.scope.locals.pop() {
            self.world.spare.reuse_text(local.name);
        }
        Some(Arg::Lambda { local, body })
    }

    fn no_overload(&mut self, name: &str, args: &[Arg], at: Span, span: Span) -> Expr {
        let given: Vec<String> = args.iter().map(Arg::describe).collect();
        let forms: Vec<String> = func::lookup(name).take(6).map(signature).collect();
        let scalars = match func::lookup(name).take(6).any(asks_for_scalars) {
            true => "; `T` is one scalar type: no list, map or record",
            false => "",
        };
        let d = Diagnostic::new(
            Code::WrongArguments,
            at,
            format!("`{name}` does not take ({})", given.join(", ")),
        )
        .label("no form of it fits these arguments")
        .why(format!("its forms: {}{scalars}", forms.join("; ")));
        self.report(d);
        build::error(span)
    }

    /// Arguments of a call with named parameters, in the parameters' order; `None` for those not given.
    pub fn plain_args(
        &mut self,
        receiver: Option<Expr>,
        args: Option<ast::ArgList<'a>>,
        params: Option<&[(String, LocalId, Typed)]>,
    ) -> Option<Vec<(Option<String>, Expr)>> {
        let mut out: Vec<(Option<String>, Expr)> =
            receiver.map(|r| (None, r)).into_iter().collect();
        let mut whole = true;
        for arg in args.into_iter().flat_map(ast::ArgList::args) {
            let Some(value) = arg.value else {
                whole = false;
                continue;
            };
            let checked = self.infer(value);
            let name = arg.name.map(|n| n.text().to_string());
            if let (Some(n), Some(params)) = (arg.name, params)
                && !params.iter().any(|(p, ..)| p == n.text())
            {
                let at = self.span(n);
                let d = Diagnostic::new(
                    Code::UnknownParameter,
                    at,
                    format!("there is no parameter `{}`", n.text()),
                );
                self.report(d.did_you_mean(n.text(), params.iter().map(|(p, ..)| p.as_str())));
                whole = false;
            }
            out.push((name, checked));
        }
        whole.then_some(out)
    }

    fn inline_function(
        &mut self,
        name: &str,
        given: Vec<(Option<String>, Expr)>,
        at: Span,
        span: Span,
    ) -> Expr {
        let world = self.world;
        let Some(function) = world.functions.get(name) else {
            return build::error(span);
        };
        if given.len() != function.params.len() {
            let message = format!(
                "`{name}` takes {}, and {} given",
                count(function.params.len(), "argument"),
                given.len()
            );
            self.report(Diagnostic::new(Code::WrongArguments, at, message));
            return build::error(span);
        }
        let mut values: Vec<Option<Expr>> = vec![None; function.params.len()];
        for (place, (name, value)) in given.into_iter().enumerate() {
            let index = match name {
                Some(n) => function
                    .params
                    .iter()
                    .position(|(p, ..)| *p == n)
                    .unwrap_or(0),
                None => place,
            };
            if values[index].is_some() {
                let (param, ..) = &function.params[index];
                let d = Diagnostic::new(
                    Code::DuplicateName,
                    value.span,
                    format!("`{param}` is given twice"),
                );
                self.report(d.label("given again"));
                return build::error(span);
            }
            values[index] = Some(value);
        }
        let mut renames = BTreeMap::new();
        let mut bindings = Vec::new();
        let mut constants = BTreeMap::new();
        let mut opt = function.body.opt;
        let mut broken = false;
        for ((param, old, typed), value) in function.params.iter().zip(values) {
            let Some(value) = value else {
                let d = Diagnostic::new(
                    Code::MissingArgument,
                    at,
                    format!("`{name}` got no argument for `{param}`"),
                );
                self.report(d);
                return build::error(span);
            };
            let value = self.expect(value, &typed.ty, &format!("`{param}`"));
            broken |= value.ty.is_error();
            let fresh = self.fresh_local();
            renames.insert(*old, fresh);
            if is_small_constant(&value) {
                constants.insert(fresh, value);
                continue;
            }
            opt |= value.opt && !typed.opt;
            bindings.push((fresh, value, !typed.opt));
        }
        if broken {
            return build::error(span);
        }
        let mut body = function.body.clone();
        walk::freshen(&mut body, &mut renames, self.next_local);
        if !constants.is_empty() {
            let constants = &mut walk::Constants {
                values: constants,
                is_one: is_small_constant,
                called: &mut |function, args| {
                    self.check_constants(function, args.iter().map(Some));
                },
            };
            constants.put(&mut body);
        }
        // What is wrong with it here is said here: others use it, too.
        if bindings.is_empty() {
            body.span = span;
        }
        let ty = body.ty.clone();
        for (local, value, strict) in bindings.into_iter().rev() {
            let kind = ExprKind::Let {
                local,
                value: Box::new(value),
                strict,
                body: Box::new(body),
            };
            body = expr(kind, ty.clone(), opt, span);
        }
        let size = walk::size(&body);
        if !self.written_out(size, at) {
            return build::error(span);
        }
        if size > MAX_INLINED {
            self.report(Diagnostic::new(
                Code::TooLarge,
                at,
                format!("`{name}` grows beyond {MAX_INLINED} operations when written out"),
            ));
            return build::error(span);
        }
        body
    }

    /// Counts what is written out where a function or constant is named; says so, once, when the package has too much of it.
    pub(super) fn written_out(&mut self, size: usize, at: Span) -> bool {
        let all = self.world.written_out.get() + size;
        self.world.written_out.set(all);
        if all > MAX_WRITTEN_OUT && all - size <= MAX_WRITTEN_OUT {
            let d = Diagnostic::new(
                Code::TooLarge,
                at,
                format!(
                    "the package's functions and constants grow beyond {MAX_WRITTEN_OUT} operations when written out"
                ),
            );
            self.report(d.why("a function or constant is written out wherever it is named"));
        }
        all <= MAX_WRITTEN_OUT
    }

    fn boxed_args(&self, values: impl IntoIterator<Item = Expr>) -> Vec<Arg> {
        let boxed = |value| Arg::Value(self.boxed(value));
        values.into_iter().map(boxed).collect()
    }

    /// A call of what an operator over these operands becomes; the operands again when nothing takes them.
    pub fn operator(
        &mut self,
        name: &str,
        operands: Vec<Expr>,
        span: Span,
    ) -> Result<Expr, Vec<Expr>> {
        let args = self.boxed_args(operands);
        match best(func::lookup(name), &args) {
            Some((function, bound)) => {
                Ok(assemble(function, &bound, args, span, &self.world.spare))
            }
            None => {
                let values = args.into_iter().filter_map(Arg::value);
                Err(values.map(|value| self.unboxed(value)).collect())
            }
        }
    }

    /// The overload of `name` for plain values of these types.
    pub fn overload_of(&self, name: &str, types: &[Type]) -> Option<&'static Function> {
        let args = self.boxed_args(types.iter().map(|t| typed_hole(t, self.file)));
        func::lookup(name)
            .filter_map(|f| fit(f, &args).map(|(cost, _)| (cost, f)))
            .min_by_key(|(c, _)| *c)
            .map(|(_, f)| f)
    }

    /// A call of this overload.
    pub fn call_entry(&mut self, function: &'static Function, args: Vec<Expr>, span: Span) -> Expr {
        let args = self.boxed_args(args);
        match fit(function, &args) {
            Some((_, bound)) => assemble(function, &bound, args, span, &self.world.spare),
            None => build::error(span),
        }
    }
}

/// The overload that takes these arguments and widens least of them, the first of several; and what its type variables become.
fn best(
    mut overloads: impl Iterator<Item = &'static Function>,
    args: &[Arg],
) -> Option<(&'static Function, Bound)> {
    let mut best: Option<(usize, &'static Function, Bound)> = None;
    overloads.any(|function| {
        if let Some((cost, bound)) = fit(function, args)
            && best.as_ref().is_none_or(|(least, ..)| cost < *least)
        {
            best = Some((cost, function, bound));
        }
        matches!(best, Some((0, ..)))
    });
    best.map(|(_, function, bound)| (function, bound))
}

/// Whether a function's argument is written in the place of its parameter: then whoever looks for constants there finds it.
fn is_small_constant(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Literal(Literal::Str(text)) => text.len() <= SMALL_TEXT,
        ExprKind::Literal(_) => true,
        _ => false,
    }
}

fn typed_hole(ty: &Type, file: crate::source::FileId) -> Expr {
    Expr {
        ty: ty.clone(),
        ..build::error(super::literal::nowhere(file))
    }
}

fn element_of(ty: &Type) -> Option<Type> {
    match ty {
        Type::List(item) | Type::Map(item) => Some((**item).clone()),
        Type::Error => Some(Type::Error),
        _ => None,
    }
}

/// "1 argument", "2 arguments".
pub fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
