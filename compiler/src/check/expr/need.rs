//! What a place asks of an expression: a condition, a value of a type, a value that is there.

use super::build;
use super::cx::ExprCx;
use super::ops::is_nonzero;
use crate::check::vary;
use crate::diag::{Code, Diagnostic, Edit, Fix, written};
use crate::hir::walk;
use crate::hir::{ArithOp, Expr, ExprKind};
use crate::source::Span;
use crate::types::Type;
use journey_grammar::ast;

impl<'a> ExprCx<'a> {
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
                e.ty.article()
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

    /// Says that an item is asked for of a list that is written `[]`, whose items have no type.
    #[cold]
    pub(super) fn of_nothing(&mut self, list: Span) -> Expr {
        let message = "this list is empty, and nothing says what its items are";
        let d = Diagnostic::new(Code::TypeMismatch, list, message);
        self.report(d.label("items of no type").why(
            "a function says the type of what is empty for now: `function blocked() -> list<string> = []`",
        ));
        build::error(list)
    }

    /// A value of this type that is there. `what` names the place in the message ("the URL").
    pub fn required(&mut self, e: ast::Expr<'a>, want: &Type, what: &str) -> Expr {
        let checked = self.infer(e);
        let fits = self.expect(checked, want, what);
        self.present(fits, what)
    }

    /// `e`, which must not be missing.
    pub fn present(&mut self, e: Expr, what: &str) -> Expr {
        self.present_or(e, what, None)
    }

    /// The same where not any value of the type does: `stand_in` is one that does.
    pub fn present_or(&mut self, e: Expr, what: &str, stand_in: Option<&str>) -> Expr {
        if !e.opt || e.ty.is_error() {
            return e;
        }
        self.may_be_missing(&e, what, stand_in);
        build::error(e.span)
    }

    /// Says that `e` may be missing.
    pub(super) fn may_be_missing(&mut self, e: &Expr, what: &str, stand_in: Option<&str>) {
        if self.scope.state.is_some_and(|state| state.unguarded) {
            return;
        }
        let (cause, within_operator) = missing_cause(e);
        let at = cause.span;
        let cause_is = match &cause.kind {
            ExprKind::Arith(..) if may_fail(cause) => "what is divided by zero is missing",
            ExprKind::Call(..) if may_fail(cause) => "this function has no answer for some values",
            ExprKind::Path(..) => "a path through something missing is missing",
            ExprKind::Key(..) | ExprKind::Index(..) => "a list or a map need not hold it",
            ExprKind::Inline { args, .. } if args.iter().any(|part| part.opt) => {
                "what it is asked of may be missing"
            }
            ExprKind::Inline { .. } => "a list or a map need not hold it",
            _ => "it need not be there",
        };
        let why = format!("{cause_is}, and nothing stands in for it");
        let mut d = Diagnostic::new(
            Code::MaybeMissing,
            at,
            format!("{what} is needed, and this may be missing"),
        )
        .label("may be missing")
        .why(why);
        if let Some(fallback) = stand_in
            .filter(|_| cause.ty == e.ty)
            .map(str::to_string)
            .or_else(|| fallback_text(&cause.ty))
        {
            // `??` binds looser than all other operators.
            let (open, close) = if within_operator {
                ("(", ")")
            } else {
                ("", "")
            };
            let edit = |offset: u32, text: String| Edit {
                span: Span {
                    start: offset,
                    end: offset,
                    ..at
                },
                text,
            };
            let mut edits = vec![edit(at.end, format!(" ?? {fallback}{close}"))];
            if within_operator {
                edits.insert(0, edit(at.start, open.into()));
            }
            d.fix = Some(Fix {
                title: format!("say what stands in for it: `?? {fallback}`"),
                edits,
                sure: false,
            });
        }
        self.report(d);
    }
}

/// The innermost part that brings the missing in, and whether it is an operand of something that binds tighter than `??`: of an
/// operator, or what a function stands behind (`a.s.upper()`).
fn missing_cause(e: &Expr) -> (&Expr, bool) {
    let mut at = e;
    let mut within_operator = false;
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
            | ExprKind::Path(..)
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
            // What stands in for its operands does not stand in for it.
            _ if may_fail(at) => {}
            _ => walk::children(at, &mut look),
        }
        match next {
            // What stands elsewhere (the body of a function that was written out here) is no place to point at.
            Some(inner) if inner.span.to(at.span) == at.span => {
                within_operator = match &at.kind {
                    ExprKind::Widen(_) => within_operator,
                    ExprKind::Call(function, _) if function.name.starts_with("op.") => true,
                    ExprKind::Let { .. } if inner.span == at.span => within_operator,
                    ExprKind::Call(..) | ExprKind::Let { .. } => inner.span.start == at.span.start,
                    kind => is_operator(kind),
                };
                at = inner;
            }
            _ => return (at, within_operator),
        }
    }
}

/// Whether it may be missing though nothing in it is.
fn may_fail(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Arith(ArithOp::Div | ArithOp::Rem, _, by) => !is_nonzero(by),
        ExprKind::Call(function, _) => function.optional,
        _ => false,
    }
}

fn is_operator(kind: &ExprKind) -> bool {
    use ExprKind::{And, Arith, Compare, IsMissing, Neg, Not, OneOf, Or};
    matches!(
        kind,
        Arith(..) | Neg(_) | Compare(..) | OneOf(..) | Not(_) | And(..) | Or(..) | IsMissing(_)
    )
}

fn fallback_text(ty: &Type) -> Option<String> {
    Some(match ty {
        Type::String => "\"\"".into(),
        Type::Enum(values) => written::text(values.first()?),
        Type::Integer => "0".into(),
        Type::Decimal => "0.0".into(),
        Type::Boolean => "false".into(),
        Type::Duration => "1h".into(),
        Type::Period => "1d".into(),
        _ => return None,
    })
}
