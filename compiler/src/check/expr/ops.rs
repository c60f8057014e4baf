//! Operators: which operands they take, what they give, and what to say when they do not fit.
//!
//! Comes in: typed operands. Goes out: a typed expression; complaints go to the bag.
//! Never here: a complaint about an operand that was already reported (its type is `Type::Error`).

use super::build::{convert, error, expr, shared_type, unify, unify_in_place, widen};
use super::cx::ExprCx;
use crate::check::state::is_ordering;
use crate::diag::{Code, Diagnostic};
use crate::hir::{ArithOp, CompareOp, Expr, ExprKind, Literal, LocalId, Root};
use crate::source::Span;
use crate::types::Type;
use journey_machine::func::Intrinsic;

impl ExprCx<'_> {
    /// `+ - * / %`.
    pub fn arith(&mut self, op: ArithOp, symbol: &str, a: Expr, b: Expr, span: Span) -> Expr {
        if a.ty.is_error() || b.ty.is_error() {
            return error(span);
        }
        let opt = a.opt || b.opt;
        if a.ty.is_number() && b.ty.is_number() {
            let (a, b) = unify(a, b);
            let ty = a.ty.clone();
            let may_fail = matches!(op, ArithOp::Div | ArithOp::Rem) && !is_nonzero(&b);
            return expr(
                ExprKind::Arith(op, self.boxed(a), self.boxed(b)),
                ty,
                opt || may_fail,
                span,
            );
        }
        if a.ty == Type::Duration
            && b.ty == Type::Duration
            && matches!(op, ArithOp::Add | ArithOp::Sub)
        {
            return expr(
                ExprKind::Arith(op, self.boxed(a), self.boxed(b)),
                Type::Duration,
                opt,
                span,
            );
        }
        // Dates, times and durations: what the table has.
        let name = match op {
            ArithOp::Add => "op.add",
            ArithOp::Sub => "op.sub",
            ArithOp::Mul => "op.mul",
            ArithOp::Div | ArithOp::Rem => return self.bad_operands(symbol, &a, &b, span),
        };
        match self.operator(name, vec![a, b], span) {
            Ok(call) => call,
            Err(operands) => match operands.as_slice() {
                [a, b] => self.bad_operands(symbol, a, b, span),
                _ => error(span),
            },
        }
    }

    fn bad_operands(&mut self, symbol: &str, a: &Expr, b: &Expr, span: Span) -> Expr {
        let mut d = Diagnostic::new(
            Code::BadOperand,
            span,
            format!(
                "`{symbol}` cannot be applied to {} and {}",
                a.ty.article(),
                b.ty.article()
            ),
        );
        if symbol == "+" && (a.ty.is_text() || b.ty.is_text()) {
            d = d
                .label("texts are joined by writing them into one")
                .why("write \"{a}{b}\": an interpolated text takes any scalar");
        } else if a.ty == Type::DateTime && b.ty == Type::DateTimeOnly
            || a.ty == Type::DateTimeOnly && b.ty == Type::DateTime
        {
            d = d.why(
                "a wall clock and an instant differ by a time zone; convert one of them first",
            );
        }
        self.report(d);
        error(span)
    }

    /// `-x`.
    pub fn negate(&mut self, a: Expr, span: Span) -> Expr {
        match (&a.kind, &a.ty) {
            (_, Type::Error) => error(span),
            (ExprKind::Literal(Literal::Int(i)), _) => expr(
                ExprKind::Literal(Literal::Int(i.saturating_neg())),
                Type::Integer,
                false,
                span,
            ),
            (ExprKind::Literal(Literal::Dec(d)), _) => expr(
                ExprKind::Literal(Literal::Dec(-d)),
                Type::Decimal,
                false,
                span,
            ),
            (ExprKind::Literal(Literal::Duration(d)), _) => expr(
                ExprKind::Literal(Literal::Duration(d.saturating_neg())),
                Type::Duration,
                false,
                span,
            ),
            (ExprKind::Literal(Literal::Period(m, d)), _) => {
                let negated = Literal::Period(m.saturating_neg(), d.saturating_neg());
                expr(ExprKind::Literal(negated), Type::Period, false, span)
            }
            (_, Type::Integer | Type::Decimal | Type::Duration) => {
                let (ty, opt) = (a.ty.clone(), a.opt);
                expr(ExprKind::Neg(self.boxed(a)), ty, opt, span)
            }
            (_, Type::Period) => match self.overload_of("op.neg", &[Type::Period]) {
                Some(function) => self.call_entry(function, vec![a], span),
                None => error(span),
            },
            _ => {
                let message = format!("`-` cannot be applied to {}", a.ty.article());
                self.report(Diagnostic::new(Code::BadOperand, span, message));
                error(span)
            }
        }
    }

    /// `not`.
    pub fn not(&mut self, a: Expr, span: Span) -> Expr {
        let mut a = a;
        self.boolean_operand("not", &mut a);
        let opt = a.opt;
        expr(ExprKind::Not(self.boxed(a)), Type::Boolean, opt, span)
    }

    /// `and`, `or`.
    pub fn logic(&mut self, is_and: bool, a: Box<Expr>, b: Box<Expr>, span: Span) -> Box<Expr> {
        let (mut a, mut b) = (a, b);
        let made = self.world.spare.vacant();
        let word = if is_and { "and" } else { "or" };
        self.boolean_operand(word, &mut a);
        self.boolean_operand(word, &mut b);
        let opt = a.opt || b.opt;
        match is_and {
            true => made.fill(expr(ExprKind::And(a, b), Type::Boolean, opt, span)),
            false => made.fill(expr(ExprKind::Or(a, b), Type::Boolean, opt, span)),
        }
    }

    fn boolean_operand(&mut self, word: &str, a: &mut Expr) {
        if a.ty == Type::Boolean {
            return;
        }
        if !a.ty.is_error() {
            let message = format!("`{word}` joins conditions, and this is {}", a.ty.article());
            self.report(
                Diagnostic::new(Code::BadOperand, a.span, message).label("not true or false"),
            );
        }
        *a = expr(
            ExprKind::Literal(Literal::Bool(false)),
            Type::Boolean,
            true,
            a.span,
        );
    }

    /// `== != < <= > >=`.
    pub fn compare(
        &mut self,
        op: CompareOp,
        symbol: &str,
        a: Box<Expr>,
        b: Box<Expr>,
        span: Span,
    ) -> Box<Expr> {
        if a.ty.is_error() || b.ty.is_error() {
            return self.boxed(error(span));
        }
        if let Some(wrong) = enum_mismatch(&a, &b).or_else(|| enum_mismatch(&b, &a)) {
            self.unknown_enum_value(wrong);
            return self.boxed(error(span));
        }
        let comparable = match a.ty == b.ty {
            true => comparable(&a.ty, op),
            false => shared_type(&a.ty, &b.ty).is_some_and(|t| comparable(&t, op)),
        };
        let (mut a, mut b) = (a, b);
        unify_in_place(&mut a, &mut b);
        match comparable {
            true => {
                let made = self.world.spare.vacant();
                let opt = a.opt || b.opt;
                made.fill(expr(ExprKind::Compare(op, a, b), Type::Boolean, opt, span))
            }
            false => {
                let message = format!(
                    "`{symbol}` cannot compare {} with {}",
                    a.ty.article(),
                    b.ty.article()
                );
                let mut d = Diagnostic::new(Code::NotComparable, span, message);
                d = if a.ty == b.ty && !is_ordering(op) {
                    d.why("only single values can be compared; compare a field, a size, or use `any`/`all`")
                } else if a.ty == b.ty {
                    d.why("this type has no order")
                } else {
                    d.why("values of unlike types are never equal, so the comparison would never hold")
                };
                self.report(d);
                self.boxed(error(span))
            }
        }
    }

    fn unknown_enum_value(&mut self, (literal, span, values): (String, Span, Vec<String>)) {
        let list = values
            .iter()
            .take(12)
            .map(|v| format!("\"{v}\""))
            .collect::<Vec<_>>()
            .join(", ");
        let more = if values.len() > 12 { ", …" } else { "" };
        let d = Diagnostic::new(
            Code::UnknownEnumValue,
            span,
            format!("no value is \"{literal}\""),
        )
        .why(format!("the schema lists {list}{more}"));
        let d = match crate::diag::suggest::nearest(&literal, values.iter().map(String::as_str)) {
            Some(near) => {
                let label = format!("did you mean \"{near}\"?");
                d.label(label)
                    .replace(format!("write \"{near}\""), format!("\"{near}\""), false)
            }
            None => d.label("not one of the values the schema lists"),
        };
        self.report(d);
    }

    /// `x in list`, `x in a..b`.
    pub fn contained(&mut self, item: Expr, list: Expr, span: Span) -> Expr {
        if item.ty.is_error() || list.ty.is_error() {
            return error(span);
        }
        match list.kind {
            ExprKind::List(mut items) if !items.is_empty() => {
                let spare = &self.world.spare;
                let mut alternatives = spare.list();
                alternatives.reserve(items.len());
                let (mut raised, mut opt) = (spare.boxed(item), false);
                for alternative in items.drain(..) {
                    let at = alternative.span;
                    // Compared as `==` would, so that an unlike type or an unknown enum value is said at the item.
                    let compared =
                        self.compare(CompareOp::Eq, "in", raised, spare.boxed(alternative), at);
                    match spare.unboxed(compared).kind {
                        ExprKind::Compare(_, a, b) => {
                            opt |= b.opt;
                            raised = a;
                            alternatives.push(spare.unboxed(b));
                        }
                        _ => return error(span),
                    }
                }
                spare.reuse_list(items);
                if raised.ty == Type::Decimal {
                    alternatives = alternatives
                        .into_iter()
                        .map(|a| if a.ty == Type::Integer { widen(a) } else { a })
                        .collect();
                }
                let opt = opt || raised.opt;
                expr(
                    ExprKind::OneOf(raised, alternatives),
                    Type::Boolean,
                    opt,
                    span,
                )
            }
            _ => {
                match list.ty.clone() {
                    Type::List(element) if comparable(&element, CompareOp::Eq) => {
                        self.contained_in_list(item, list, &element, span)
                    }
                    Type::List(_) | Type::Map(_) => {
                        let d = Diagnostic::new(
                            Code::BadOperand,
                            span,
                            "`in` looks for a single value in a list of such values",
                        );
                        self.report(d.why("for records use `list.any(item => …)`, for maps `map[\"key\"] is present`"));
                        error(span)
                    }
                    other => {
                        let message = format!(
                            "`in` needs a list or a range on its right, and this is {}",
                            other.article()
                        );
                        self.report(Diagnostic::new(Code::BadOperand, list.span, message));
                        error(span)
                    }
                }
            }
        }
    }

    fn contained_in_list(&mut self, item: Expr, list: Expr, element: &Type, span: Span) -> Expr {
        let local = self.fresh_local();
        let wanted = self.fresh_local();
        let (item_opt, list_opt, item_ty) = (item.opt, list.opt, item.ty.clone());
        let element = expr(
            ExprKind::Root(Root::Local(local)),
            element.clone(),
            true,
            list.span,
        );
        let subject = expr(
            ExprKind::Root(Root::Local(wanted)),
            item_ty,
            false,
            item.span,
        );
        let test = self.compare(
            CompareOp::Eq,
            "in",
            self.boxed(subject),
            self.boxed(element),
            span,
        );
        if test.ty.is_error() {
            return self.unboxed(test);
        }
        let any = Expr {
            kind: ExprKind::Inline {
                op: Intrinsic::Any,
                args: vec![list],
                lambda: Some((local, test)),
            },
            ty: Type::Boolean,
            opt: true,
            span,
        };
        bind(wanted, item, any, item_opt || list_opt, span)
    }

    /// `x in a..b`: both ends included.
    pub fn in_range(&mut self, item: Expr, from: Expr, to: Expr, span: Span) -> Expr {
        let local = self.fresh_local();
        let subject = || {
            expr(
                ExprKind::Root(Root::Local(local)),
                item.ty.clone(),
                false,
                item.span,
            )
        };
        let low = self.compare(
            CompareOp::Ge,
            "in",
            self.boxed(subject()),
            self.boxed(from),
            span,
        );
        let high = self.compare(
            CompareOp::Le,
            "in",
            self.boxed(subject()),
            self.boxed(to),
            span,
        );
        if low.ty.is_error() || high.ty.is_error() {
            return error(span);
        }
        let both = self.logic(true, low, high, span);
        let both = self.unboxed(both);
        let opt = both.opt || item.opt;
        bind(local, item, both, opt, span)
    }

    /// `a ?? b`.
    pub fn coalesce(&mut self, a: Expr, b: Expr, span: Span) -> Expr {
        if a.ty.is_error() || b.ty.is_error() {
            return error(span);
        }
        let Some(ty) = shared_type(&a.ty, &b.ty) else {
            let message = format!("`??` joins {} with {}", a.ty.article(), b.ty.article());
            self.report(
                Diagnostic::new(Code::TypeMismatch, b.span, message)
                    .label(format!("expected {}", a.ty)),
            );
            return error(span);
        };
        let opt = b.opt;
        let (a, b) = unify(a, b);
        expr(
            ExprKind::Coalesce(self.boxed(a), self.boxed(b)),
            ty,
            opt,
            span,
        )
    }

    /// `if c then a else b`; `c` was checked as a condition.
    pub fn choose(&mut self, c: Expr, a: Expr, b: Expr, span: Span) -> Expr {
        if a.ty.is_error() || b.ty.is_error() {
            return error(span);
        }
        let Some(ty) = shared_type(&a.ty, &b.ty) else {
            let message = format!(
                "the branches differ: {} and {}",
                a.ty.article(),
                b.ty.article()
            );
            let d = Diagnostic::new(Code::TypeMismatch, b.span, message)
                .related(a.span, format!("this is {}", a.ty.article()));
            self.report(d);
            return error(span);
        };
        let opt = a.opt || b.opt;
        let (a, b) = unify(a, b);
        expr(
            ExprKind::If(self.boxed(c), self.boxed(a), self.boxed(b)),
            ty,
            opt,
            span,
        )
    }

    /// `value` where `want` is asked for; says what is wrong if it does not fit.
    pub fn expect(&mut self, value: Expr, want: &Type, what: &str) -> Expr {
        if let Some(wrong) = literal_outside(&value, want) {
            self.unknown_enum_value(wrong);
            return error(value.span);
        }
        match convert(value, want) {
            Ok(value) => value,
            Err(value) => {
                let message = format!(
                    "{what} is {}, and this is {}",
                    want.article(),
                    value.ty.article()
                );
                self.report(
                    Diagnostic::new(Code::TypeMismatch, value.span, message)
                        .label(format!("expected {want}")),
                );
                error(value.span)
            }
        }
    }
}

/// `let local = value in body`, the whole missing when the value is.
pub fn bind(local: LocalId, value: Expr, body: Expr, opt: bool, span: Span) -> Expr {
    let ty = body.ty.clone();
    let kind = ExprKind::Let {
        local,
        value: Box::new(value),
        strict: true,
        body: Box::new(body),
    };
    expr(kind, ty, opt, span)
}

fn is_nonzero(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Literal(Literal::Int(i)) => *i != 0,
        ExprKind::Literal(Literal::Dec(d)) => *d != 0.0,
        _ => false,
    }
}

fn comparable(ty: &Type, op: CompareOp) -> bool {
    match ty {
        Type::Integer
        | Type::Decimal
        | Type::String
        | Type::Date
        | Type::DateTime
        | Type::DateTimeOnly
        | Type::Time
        | Type::Duration
        | Type::Error => true,
        Type::Boolean | Type::Enum(_) | Type::Period => !is_ordering(op),
        _ => false,
    }
}

/// A string constant compared with an enum that does not have it.
fn enum_mismatch(a: &Expr, b: &Expr) -> Option<(String, Span, Vec<String>)> {
    match (&a.ty, &b.kind) {
        (Type::Enum(values), ExprKind::Literal(Literal::Str(s)))
            if b.ty == Type::String && !values.contains(s) =>
        {
            Some((s.clone(), b.span, values.to_vec()))
        }
        _ => None,
    }
}

fn literal_outside(value: &Expr, want: &Type) -> Option<(String, Span, Vec<String>)> {
    match (want, &value.kind) {
        (Type::Enum(values), ExprKind::Literal(Literal::Str(s)))
            if value.ty == Type::String && !values.contains(s) =>
        {
            Some((s.clone(), value.span, values.to_vec()))
        }
        _ => None,
    }
}
