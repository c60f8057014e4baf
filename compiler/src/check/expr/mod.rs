//! Expressions: from the tree to typed, resolved form.
//!
//! Comes in: an expression as written and a [`Scope`]. Goes out: a typed expression; what is wrong goes to the bag, each cause
//! once. Never here: steps, or a type that depends on a value.
//!
//! | module | is |
//! |---|---|
//! | [`build`] | makers of typed expressions |
//! | [`literal`] | constants as written, texts with interpolations |
//! | [`path`] | names, fields, keys, indices |
//! | [`ops`] | operators |
//! | [`call`] | functions: the table's, the package's, and those with a lambda |

pub mod build;
pub mod call;
pub mod literal;
pub mod ops;
pub mod path;

use super::state::{State, place_key, when_not_true, when_true};
use super::vary;
use super::world::World;
use crate::diag::{Bag, Code, Diagnostic};
use crate::hir::{ArithOp, CompareOp, Expr, ExprKind, LocalId, Var};
use crate::source::{FileId, Span};
use crate::types::{Type, Typed};
use journey_grammar::ast::{self, AstNode, BinaryOp, UnaryOp};
use std::collections::BTreeSet;

/// The record whose fields an expression reads as `Root::Input`.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its type.
    pub ty: Type,
    /// Whether its fields are in scope by name (an event's own `where`, a call's parameters).
    pub bare: bool,
    /// The name it goes by (`as x`).
    pub alias: Option<String>,
}

/// A name bound inside the expression.
#[derive(Clone, Debug)]
pub struct Local {
    /// The name.
    pub name: String,
    /// Its id.
    pub id: LocalId,
    /// Its type.
    pub ty: Typed,
}

/// What an expression may mention.
#[derive(Clone, Debug, Default)]
pub struct Scope<'a> {
    /// `profile` may be read.
    pub profile: bool,
    /// The input record.
    pub input: Option<Input>,
    /// The variables of the journey and what is known of them.
    pub state: Option<&'a State>,
    /// All variables, by `VarId`.
    pub vars: &'a [Var],
    /// Names bound around this place inside the expression, innermost last.
    pub locals: Vec<Local>,
    /// Places known to be present (beside those the state knows).
    pub present: BTreeSet<String>,
}

/// The checker of one expression.
pub struct ExprCx<'a> {
    /// Everything declared.
    pub world: &'a World<'a>,
    /// Where findings go.
    pub bag: &'a mut Bag,
    /// The file the expression stands in.
    pub file: FileId,
    /// What it may mention.
    pub scope: Scope<'a>,
    /// The next free local.
    pub next_local: &'a mut u32,
}

impl<'a> ExprCx<'a> {
    /// Adds a finding.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.bag.push(diagnostic);
    }

    /// A span of the grammar as a span of this file.
    pub fn span(&self, node: impl AstNode<'a>) -> Span {
        self.at(node.span())
    }

    /// A span of the grammar as a span of this file.
    pub fn at(&self, span: journey_grammar::Span) -> Span {
        Span {
            file: self.file,
            start: span.start,
            end: span.end,
        }
    }

    /// A local nobody else has.
    pub fn fresh_local(&mut self) -> LocalId {
        let id = LocalId(*self.next_local);
        *self.next_local += 1;
        id
    }

    /// Checks an expression. One with a broken part gives the error expression, silently: its syntax was reported.
    pub fn infer(&mut self, e: ast::Expr<'a>) -> Expr {
        let span = self.span(e);
        if e.has_error() {
            return build::error(span);
        }
        let result = match e {
            ast::Expr::Literal(l) => self.literal(l),
            ast::Expr::Str(s) => self.text(s),
            ast::Expr::Name(n) => self.name(n),
            ast::Expr::Field(f) => self.field(f),
            ast::Expr::Index(i) => self.index(i),
            ast::Expr::Call(c) => self.call(c),
            ast::Expr::Method(m) => self.method(m),
            ast::Expr::Unary(u) => self.unary(u, span),
            ast::Expr::Binary(b) => self.binary(b, span),
            ast::Expr::Is(i) => self.is_missing(i, span),
            ast::Expr::If(i) => self.if_expr(i, span),
            ast::Expr::List(l) => self.list(l, span),
            ast::Expr::Record(r) => self.record(r, span),
            ast::Expr::Paren(p) => match p.inner() {
                Some(inner) => Expr {
                    span,
                    ..self.infer(inner)
                },
                None => build::error(span),
            },
            ast::Expr::Lambda(_) => {
                let d = Diagnostic::new(
                    Code::LambdaMisplaced,
                    span,
                    "a lambda stands where no function takes one",
                );
                self.report(d.why("lambdas are arguments of list functions: `items.filter(item => item.quantity > 1)`"));
                build::error(span)
            }
            ast::Expr::Window(_) => {
                let d = Diagnostic::new(
                    Code::NotYet,
                    span,
                    "aggregates over a person's history are not built yet",
                );
                self.report(d.label("not yet"));
                build::error(span)
            }
            ast::Expr::Error(_) => build::error(span),
        };
        self.narrowed(result)
    }

    /// What is known to be present is not optional.
    pub fn narrowed(&self, mut e: Expr) -> Expr {
        if e.opt
            && let Some(key) = place_key(&e)
            && (self.scope.present.contains(&key)
                || self.scope.state.is_some_and(|s| s.present.contains(&key)))
        {
            e.opt = false;
        }
        e
    }

    fn unary(&mut self, u: ast::UnaryExpr<'a>, span: Span) -> Expr {
        let Some(operand) = u.operand() else {
            return build::error(span);
        };
        let operand = self.infer(operand);
        match u.op() {
            UnaryOp::Not => self.not(operand, span),
            UnaryOp::Neg => self.negate(operand, span),
        }
    }

    fn binary(&mut self, b: ast::BinaryExpr<'a>, span: Span) -> Expr {
        let (Some(op), Some(lhs), Some(rhs)) = (b.op(), b.lhs(), b.rhs()) else {
            return build::error(span);
        };
        if op == BinaryOp::In
            && let ast::Expr::Binary(range) = unparen(rhs)
            && range.op() == Some(BinaryOp::Range)
            && let (Some(from), Some(to)) = (range.lhs(), range.rhs())
        {
            let (item, from, to) = (self.infer(lhs), self.infer(from), self.infer(to));
            return if item.ty.is_error() {
                item
            } else {
                self.in_range(item, from, to, span)
            };
        }
        let a = self.infer(lhs);
        let b = self.infer(rhs);
        let text = op.text();
        match op {
            BinaryOp::Coalesce => self.coalesce(a, b, span),
            BinaryOp::And => self.logic(true, a, b, span),
            BinaryOp::Or => self.logic(false, a, b, span),
            BinaryOp::Eq => self.compare(CompareOp::Eq, text, a, b, span),
            BinaryOp::Ne => self.compare(CompareOp::Ne, text, a, b, span),
            BinaryOp::Lt => self.compare(CompareOp::Lt, text, a, b, span),
            BinaryOp::Le => self.compare(CompareOp::Le, text, a, b, span),
            BinaryOp::Gt => self.compare(CompareOp::Gt, text, a, b, span),
            BinaryOp::Ge => self.compare(CompareOp::Ge, text, a, b, span),
            BinaryOp::In => self.contained(a, b, span),
            BinaryOp::Add => self.arith(ArithOp::Add, text, a, b, span),
            BinaryOp::Sub => self.arith(ArithOp::Sub, text, a, b, span),
            BinaryOp::Mul => self.arith(ArithOp::Mul, text, a, b, span),
            BinaryOp::Div => self.arith(ArithOp::Div, text, a, b, span),
            BinaryOp::Rem => self.arith(ArithOp::Rem, text, a, b, span),
            BinaryOp::Range => {
                let d = Diagnostic::new(
                    Code::BadOperand,
                    span,
                    "a range stands only on the right of `in` and in `match`",
                );
                self.report(d);
                build::error(span)
            }
        }
    }

    fn is_missing(&mut self, i: ast::IsExpr<'a>, span: Span) -> Expr {
        let Some(operand) = i.operand() else {
            return build::error(span);
        };
        let operand = self.infer(operand);
        if operand.ty.is_error() {
            return build::error(span);
        }
        let missing = build::expr(
            ExprKind::IsMissing(Box::new(operand)),
            Type::Boolean,
            false,
            span,
        );
        if i.present() {
            build::expr(ExprKind::Not(Box::new(missing)), Type::Boolean, false, span)
        } else {
            missing
        }
    }

    fn if_expr(&mut self, i: ast::IfExpr<'a>, span: Span) -> Expr {
        let (Some(c), Some(a), Some(b)) = (i.condition(), i.then_value(), i.else_value()) else {
            return build::error(span);
        };
        let c = self.condition(c);
        let known = self.scope.present.clone();
        self.scope.present.extend(when_true(&c));
        let a = self.infer(a);
        self.scope.present = known.clone();
        self.scope.present.extend(when_not_true(&c));
        let b = self.infer(b);
        self.scope.present = known;
        self.choose(c, a, b, span)
    }

    fn list(&mut self, l: ast::ListExpr<'a>, span: Span) -> Expr {
        let mut items: Vec<Expr> = Vec::new();
        let mut ty = Type::Error;
        for element in l.elements() {
            let item = self.infer(element);
            match build::shared_type(&ty, &item.ty) {
                Some(shared) => ty = shared,
                None => {
                    let message = format!(
                        "the list holds {} and here {}",
                        ops::article(&ty),
                        ops::article(&item.ty)
                    );
                    let d = Diagnostic::new(Code::TypeMismatch, item.span, message);
                    self.report(d.why("all items of a list have one type"));
                    return build::error(span);
                }
            }
            items.push(item);
        }
        if ty == Type::Decimal {
            items = items
                .into_iter()
                .map(|i| {
                    if i.ty == Type::Integer {
                        build::widen(i)
                    } else {
                        i
                    }
                })
                .collect();
        }
        build::expr(ExprKind::List(items), Type::list(ty), false, span)
    }

    fn record(&mut self, r: ast::RecordExpr<'a>, span: Span) -> Expr {
        let mut fields: Vec<(String, Expr)> = Vec::new();
        let mut types = Vec::new();
        for field in r.fields() {
            let (Some(name), Some(value)) = (field.key(), field.value()) else {
                continue;
            };
            if fields.iter().any(|(n, _)| *n == name) {
                let at = self.at(field.key_span());
                self.report(Diagnostic::new(
                    Code::DuplicateName,
                    at,
                    format!("the record has `{name}` twice"),
                ));
                continue;
            }
            let value = self.infer(value);
            types.push(crate::types::Field {
                name: name.clone(),
                ty: value.ty.clone(),
                optional: value.opt,
            });
            fields.push((name, value));
        }
        build::expr(
            ExprKind::Record(fields),
            Type::Record(crate::types::Record::Inline(types.into())),
            false,
            span,
        )
    }

    /// A condition: true, false or unknown. Says so when it cannot vary.
    pub fn condition(&mut self, e: ast::Expr<'a>) -> Expr {
        let checked = self.infer(e);
        self.as_condition(checked)
    }

    /// The same for an expression that is already checked.
    pub fn as_condition(&mut self, e: Expr) -> Expr {
        if e.ty.is_error() {
            return Expr {
                ty: Type::Boolean,
                ..build::error(e.span)
            };
        }
        if e.ty != Type::Boolean {
            let message = format!(
                "a condition is true or false, and this is {}",
                ops::article(&e.ty)
            );
            let d = Diagnostic::new(Code::NotACondition, e.span, message)
                .label("compare it with something");
            self.report(d);
            return Expr {
                ty: Type::Boolean,
                ..build::error(e.span)
            };
        }
        if let Some(d) = vary::find(&e) {
            self.report(d);
        }
        e
    }

    /// A value of this type that is there. `what` names the place in the message ("the URL").
    pub fn required(&mut self, e: ast::Expr<'a>, want: &Type, what: &str) -> Expr {
        let checked = self.infer(e);
        let fits = self.expect(checked, want, what);
        self.present(fits, what)
    }

    /// `e`, which must not be missing.
    pub fn present(&mut self, e: Expr, what: &str) -> Expr {
        if !e.opt || e.ty.is_error() {
            return e;
        }
        let cause = missing_cause(&e);
        let at = cause.span;
        let why =
            "a path through something missing is missing, and nothing could be sent in its place";
        let mut d = Diagnostic::new(
            Code::MaybeMissing,
            at,
            format!("{what} is needed, and this may be missing"),
        )
        .label("may be missing")
        .why(why);
        if let Some(fallback) = fallback_text(&cause.ty) {
            let insert = Span {
                start: at.end,
                ..at
            };
            d = d.fix(
                format!("say what stands in for it: `?? {fallback}`"),
                insert,
                format!(" ?? {fallback}"),
                false,
            );
        }
        self.report(d);
        build::error(e.span)
    }
}

/// The innermost part that brings the missing in.
pub fn missing_cause(e: &Expr) -> &Expr {
    let mut at = e;
    loop {
        let mut next = None;
        let mut look = |c| {
            let c: &Expr = c;
            if next.is_none() && c.opt {
                next = Some(c);
            }
        };
        match &at.kind {
            ExprKind::Coalesce(_, b) => look(b),
            ExprKind::If(_, a, b) => {
                look(a);
                look(b);
            }
            ExprKind::Inline { .. }
            | ExprKind::Field(..)
            | ExprKind::Key(..)
            | ExprKind::Index(..) => {}
            ExprKind::Let {
                body,
                value,
                strict,
                ..
            } => {
                if *strict {
                    look(value);
                }
                look(body);
            }
            _ => super::walk::children(at, &mut look),
        }
        match next {
            Some(inner) => at = inner,
            None => return at,
        }
    }
}

fn fallback_text(ty: &Type) -> Option<String> {
    Some(match ty {
        Type::String => "\"\"".into(),
        Type::Enum(values) => format!("\"{}\"", values.first()?),
        Type::Integer => "0".into(),
        Type::Decimal => "0.0".into(),
        Type::Boolean => "false".into(),
        Type::Duration => "1h".into(),
        Type::Period => "1d".into(),
        _ => return None,
    })
}

/// The expression without parentheses around it.
pub fn unparen(mut e: ast::Expr<'_>) -> ast::Expr<'_> {
    while let ast::Expr::Paren(p) = e {
        match p.inner() {
            Some(inner) => e = inner,
            None => break,
        }
    }
    e
}
