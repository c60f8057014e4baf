//! One case per kind of expression: the walk from the tree to typed form. Operators, paths and calls have files of their own.

use super::build::{self, expr};
use super::cx::ExprCx;
use super::literal;
use crate::check::state::{when_not_true, when_true};
use crate::diag::{Code, Diagnostic};
use crate::hir::{ArithOp, CompareOp, Expr, ExprKind, Literal};
use crate::source::Span;
use crate::types::Type;
use journey_grammar::ast::{self, AstNode, BinaryOp, UnaryOp};
use journey_grammar::{Node, SyntaxKind};

impl<'a> ExprCx<'a> {
    /// Checks an expression. One with a broken part gives the error expression, silently: its syntax was reported.
    pub fn infer(&mut self, e: ast::Expr<'a>) -> Expr {
        self.infer_node(e.syntax())
    }

    /// The same of an expression's node.
    fn infer_node(&mut self, e: Node<'a>) -> Expr {
        // An expression is made where it is to lie: moving one costs more than making it.
        if !self.knows() {
            return self.infer_any(e);
        }
        let mut result = self.infer_any(e);
        self.narrow(&mut result);
        result
    }

    /// The same in a box.
    pub(super) fn infer_boxed(&mut self, e: Node<'a>) -> Box<Expr> {
        if !e.has_error() {
            let span = self.span(e);
            match e.kind() {
                SyntaxKind::FieldExpr => {
                    if let Some(f) = ast::FieldExpr::cast(e) {
                        return self.field_boxed(f, span);
                    }
                }
                // A place that may be known to be present is no operator, and no constant.
                SyntaxKind::BinaryExpr => {
                    if let Some(b) = ast::BinaryExpr::cast(e) {
                        return self.binary(b, span);
                    }
                }
                SyntaxKind::StringLit => {
                    if let Some(s) = ast::StringLit::cast(e) {
                        return self.text_boxed(s, span);
                    }
                }
                SyntaxKind::Literal => {
                    if let Some(l) = ast::Literal::cast(e) {
                        return self.literal_boxed(l, span);
                    }
                }
                SyntaxKind::ParenExpr => {
                    if let Some(inner) = e.children().find(|c| c.kind().is_expr()) {
                        let mut inner = self.infer_boxed(inner);
                        inner.span = span;
                        return inner;
                    }
                }
                _ => {}
            }
        }
        let e = self.infer_node(e);
        self.boxed(e)
    }

    fn infer_any(&mut self, e: Node<'a>) -> Expr {
        let span = self.span(e);
        if e.has_error() {
            return build::error(span);
        }
        let Some(e) = ast::Expr::cast(e) else {
            return build::error(span);
        };
        match e {
            ast::Expr::Literal(l) => self.literal(l, span),
            ast::Expr::Str(s) => self.text(s, span),
            ast::Expr::Name(n) => self.name(n, span),
            ast::Expr::Field(f) => self.field(f, span),
            ast::Expr::Index(i) => self.index(i, span),
            ast::Expr::Call(c) => self.call(c, span),
            ast::Expr::Method(m) => self.method(m, span),
            ast::Expr::Unary(u) => self.unary(u, span),
            ast::Expr::Binary(b) => {
                let e = self.binary(b, span);
                self.unboxed(e)
            }
            ast::Expr::Is(i) => self.is_missing(i, span),
            ast::Expr::If(i) => self.if_expr(i, span),
            ast::Expr::List(l) => self.list(l, span),
            ast::Expr::Record(r) => self.record(r, span),
            ast::Expr::Paren(p) => match p.inner() {
                Some(inner) => {
                    let mut e = self.infer(inner);
                    e.span = span;
                    e
                }
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
            ast::Expr::Window(_) => self.history_not_yet(span),
            ast::Expr::Error(_) => build::error(span),
        }
    }

    /// Whether a call is about a person's history (`count(OrderPlaced, last 30d)`, `last(PageView)`); says so once.
    pub(super) fn over_history(&mut self, args: Option<ast::ArgList<'a>>, span: Span) -> bool {
        let mut values = args
            .into_iter()
            .flat_map(ast::ArgList::args)
            .filter_map(|a| a.value);
        let found = values.any(|value| match value {
            ast::Expr::Window(_) => true,
            ast::Expr::Name(n) => {
                !self.is_bound(n.text()) && self.world.events.contains_key(n.text())
            }
            _ => false,
        });
        if found {
            self.history_not_yet(span);
        }
        found
    }

    fn history_not_yet(&mut self, span: Span) -> Expr {
        let d = Diagnostic::new(
            Code::NotYet,
            span,
            "aggregates over a person's history are not built yet",
        );
        self.report(d.label("not yet"));
        build::error(span)
    }

    fn unary(&mut self, u: ast::UnaryExpr<'a>, span: Span) -> Expr {
        let Some(operand) = u.operand() else {
            return build::error(span);
        };
        if u.op() == UnaryOp::Neg
            && let ast::Expr::Literal(l) = operand
            && literal::is_below_all(l)
        {
            let least = ExprKind::Literal(Literal::Int(i64::MIN));
            return expr(least, Type::Integer, false, span);
        }
        let operand = self.infer(operand);
        match u.op() {
            UnaryOp::Not => self.not(operand, span),
            UnaryOp::Neg => self.negate(operand, span),
        }
    }

    fn binary(&mut self, b: ast::BinaryExpr<'a>, span: Span) -> Box<Expr> {
        let Some((lhs, op, rhs)) = b.whole() else {
            return self.boxed(build::error(span));
        };
        // Most operators by far; what they join is no chain.
        if matches!(op, BinaryOp::And | BinaryOp::Or) {
            let (a, b) = (self.infer_boxed(lhs), self.infer_boxed(rhs));
            return self.logic(op == BinaryOp::And, a, b, span);
        }
        if compares(op)
            && matches!(lhs.kind(), SyntaxKind::BinaryExpr | SyntaxKind::IsExpr)
            && ast::Expr::cast(lhs).is_some_and(is_comparison)
        {
            return self.boxed(build::error(span)); // `a < b < c`: the grammar said so
        }
        if op == BinaryOp::In
            && let Some(ast::Expr::Binary(range)) = ast::Expr::cast(rhs).map(unparen)
            && range.op() == Some(BinaryOp::Range)
            && let (Some(from), Some(to)) = (range.lhs(), range.rhs())
        {
            let item = self.infer_node(lhs);
            let (from, to) = (self.infer(from), self.infer(to));
            let e = if item.ty.is_error() {
                item
            } else {
                self.in_range(item, from, to, span)
            };
            return self.boxed(e);
        }
        if op == BinaryOp::Range {
            let d = Diagnostic::new(
                Code::BadOperand,
                span,
                "a range stands only on the right of `in` and in `match`",
            );
            self.report(d.label("its bounds were not looked at"));
            return self.boxed(build::error(span));
        }
        let text = op.text();
        let compared = match op {
            BinaryOp::Eq => Some(CompareOp::Eq),
            BinaryOp::Ne => Some(CompareOp::Ne),
            BinaryOp::Lt => Some(CompareOp::Lt),
            BinaryOp::Le => Some(CompareOp::Le),
            BinaryOp::Gt => Some(CompareOp::Gt),
            BinaryOp::Ge => Some(CompareOp::Ge),
            _ => None,
        };
        if let Some(compared) = compared {
            let (a, b) = (self.infer_boxed(lhs), self.infer_boxed(rhs));
            return self.compare(compared, text, a, b, span);
        }
        let a = self.infer_node(lhs);
        let b = self.infer_node(rhs);
        if op == BinaryOp::In && rhs.kind() == SyntaxKind::ListExpr && build::is_empty_list(&b) {
            let d = Diagnostic::new(
                Code::ConstantCondition,
                span,
                "this condition can never hold",
            );
            self.report(d.label("nothing is in this list").why(
                "a function gives a name to what is empty for now: `function blocked() -> list<string> = []`",
            ));
        }
        let e = match op {
            BinaryOp::Coalesce => self.coalesce(a, b, span),
            BinaryOp::In => self.contained(a, b, span),
            BinaryOp::Add => self.arith(ArithOp::Add, text, a, b, span),
            BinaryOp::Sub => self.arith(ArithOp::Sub, text, a, b, span),
            BinaryOp::Mul => self.arith(ArithOp::Mul, text, a, b, span),
            BinaryOp::Div => self.arith(ArithOp::Div, text, a, b, span),
            BinaryOp::Rem => self.arith(ArithOp::Rem, text, a, b, span),
            _ => build::error(span),
        };
        self.boxed(e)
    }

    fn is_missing(&mut self, i: ast::IsExpr<'a>, span: Span) -> Expr {
        let Some(operand) = i.operand().filter(|o| !is_comparison(*o)) else {
            return build::error(span);
        };
        let operand = self.infer(operand);
        if operand.ty.is_error() {
            return build::error(span);
        }
        let missing = build::expr(
            ExprKind::IsMissing(self.boxed(operand)),
            Type::Boolean,
            false,
            span,
        );
        if i.present() {
            build::expr(
                ExprKind::Not(self.boxed(missing)),
                Type::Boolean,
                false,
                span,
            )
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
        let mut items: Vec<Expr> = self.world.spare.list();
        let mut ty = Type::Nothing;
        for element in l.elements() {
            let item = self.infer(element);
            match build::shared_type(&ty, &item.ty) {
                Some(shared) => ty = shared,
                None => {
                    let message = format!(
                        "the list holds {} and here {}",
                        ty.article(),
                        item.ty.article()
                    );
                    let d = Diagnostic::new(Code::TypeMismatch, item.span, message);
                    self.report(d.why("all items of a list have one type"));
                    return build::error(span);
                }
            }
            items.push(item);
        }
        for item in &mut items {
            if item.ty != ty {
                let span = item.span;
                let value = std::mem::replace(item, build::error(span));
                *item = build::as_shared(value, &ty);
            }
        }
        build::expr(ExprKind::List(items), Type::list(ty), false, span)
    }

    fn record(&mut self, r: ast::RecordExpr<'a>, span: Span) -> Expr {
        let mut fields: Vec<(String, Expr)> = Vec::new();
        let mut types = Vec::new();
        for field in r.fields() {
            let (Some((name, at)), Some(value)) = (self.key(field), field.value()) else {
                continue;
            };
            if fields.iter().any(|(n, _)| *n == name) {
                self.report(
                    Diagnostic::new(
                        Code::DuplicateName,
                        at,
                        format!("the record has `{name}` twice"),
                    )
                    .label("given again"),
                );
                continue;
            }
            let value = self.infer(value);
            self.world.keys.borrow_mut().insert(value.span, at);
            types.push(crate::types::Field {
                name: name.clone(),
                ty: value.ty.clone(),
                // What was reported agrees with everything.
                optional: value.opt && !value.ty.is_error(),
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
}

fn compares(op: BinaryOp) -> bool {
    use BinaryOp::{Eq, Ge, Gt, In, Le, Lt, Ne};
    matches!(op, Eq | Ne | Lt | Le | Gt | Ge | In)
}

/// Whether it is a comparison without parentheses around it.
fn is_comparison(e: ast::Expr<'_>) -> bool {
    match e {
        ast::Expr::Binary(b) => b.op().is_some_and(compares),
        ast::Expr::Is(_) => true,
        _ => false,
    }
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
