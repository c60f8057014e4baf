//! An expression as one line of text, close to how it would be written, every operation in parentheses.
//!
//! Comes in: a checked expression. Goes out: text for traces, failing tests and fuzz reports. Never true here: text that
//! must parse again; inlined names appear as `_3`.

use crate::hir::{ArithOp, CompareOp, Expr, ExprKind, Literal, Root, Var};
use journey_machine::func::SEGMENT;
use journey_machine::value::{Value, to_json};
use std::fmt::Write;

/// The text of `expr`; variables appear as `var3`.
pub fn text(expr: &Expr) -> String {
    text_named(expr, &[])
}

/// The text of `expr` with the names of a journey's variables.
pub fn text_named(expr: &Expr, vars: &[Var]) -> String {
    let mut writer = Writer {
        out: String::new(),
        vars,
    };
    writer.expr(expr);
    writer.out
}

struct Writer<'v> {
    out: String,
    vars: &'v [Var],
}

impl Writer<'_> {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Literal(literal) => write_literal(literal, &mut self.out),
            ExprKind::Root(root) => self.root(*root),
            ExprKind::Path(base, steps) => {
                self.expr(base);
                for step in steps.iter() {
                    self.push(format_args!(".{}", step.name));
                }
            }
            ExprKind::Key(base, key) | ExprKind::Index(base, key) => {
                self.expr(base);
                self.out.push('[');
                self.expr(key);
                self.out.push(']');
            }
            ExprKind::Widen(inner) => self.expr(inner),
            ExprKind::Not(inner) => self.around("not ", inner, ""),
            ExprKind::Neg(inner) => self.around("-", inner, ""),
            ExprKind::IsMissing(inner) => self.around("", inner, " is missing"),
            ExprKind::And(a, b) => self.infix(a, "and", b),
            ExprKind::Or(a, b) => self.infix(a, "or", b),
            ExprKind::Coalesce(a, b) => self.infix(a, "??", b),
            ExprKind::Arith(op, a, b) => self.infix(a, arithmetic(*op), b),
            ExprKind::Compare(op, a, b) => self.infix(a, comparison(*op), b),
            ExprKind::OneOf(subject, alternatives) => {
                self.out.push('(');
                self.expr(subject);
                self.out.push_str(" in [");
                self.list(alternatives);
                self.out.push_str("])");
            }
            ExprKind::If(condition, then, otherwise) => {
                self.out.push_str("(if ");
                self.expr(condition);
                self.out.push_str(" then ");
                self.expr(then);
                self.out.push_str(" else ");
                self.expr(otherwise);
                self.out.push(')');
            }
            ExprKind::Text(pieces) => self.pieces(pieces),
            ExprKind::List(items) => {
                self.out.push('[');
                self.list(items);
                self.out.push(']');
            }
            ExprKind::Record(fields) => {
                self.out.push_str("{ ");
                for (ix, (name, value)) in fields.iter().enumerate() {
                    self.push(format_args!("{}{name}: ", if ix > 0 { ", " } else { "" }));
                    self.expr(value);
                }
                self.out.push_str(" }");
            }
            ExprKind::Call(function, args) => self.call(function.name, args),
            ExprKind::Inline { op, args, lambda } => {
                // The table's name of an intrinsic is its own with a small first letter.
                let mut name = format!("{op:?}");
                name[..1].make_ascii_lowercase();
                self.push(format_args!("{name}("));
                self.list(args);
                if let Some((local, body)) = lambda {
                    self.push(format_args!(", _{} => ", local.0));
                    self.expr(body);
                }
                self.out.push(')');
            }
            ExprKind::Let {
                local,
                value,
                strict,
                body,
            } => {
                self.push(format_args!(
                    "(let _{}{} = ",
                    local.0,
                    if *strict { "" } else { "?" }
                ));
                self.expr(value);
                self.out.push_str(" in ");
                self.expr(body);
                self.out.push(')');
            }
        }
    }

    fn root(&mut self, root: Root) {
        match root {
            Root::Profile => self.out.push_str("profile"),
            Root::Input => self.out.push_str("input"),
            Root::Var(id) => match self.vars.get(id.0 as usize) {
                Some(var) => self.out.push_str(&var.name),
                None => self.push(format_args!("var{}", id.0)),
            },
            Root::Local(id) => self.push(format_args!("_{}", id.0)),
        }
    }

    /// A call; what an operator became is written as the operator.
    fn call(&mut self, name: &str, args: &[Expr]) {
        match (name, args) {
            ("op.add", [a, b]) => self.infix(a, "+", b),
            ("op.sub", [a, b]) => self.infix(a, "-", b),
            ("op.mul", [a, b]) => self.infix(a, "*", b),
            ("op.neg", [a]) => self.around("-", a, ""),
            (SEGMENT, [data]) => self.expr(data),
            _ => {
                self.push(format_args!("{name}("));
                self.list(args);
                self.out.push(')');
            }
        }
    }

    fn pieces(&mut self, pieces: &[Expr]) {
        self.out.push('"');
        for piece in pieces {
            match &piece.kind {
                ExprKind::Literal(Literal::Str(text)) => {
                    self.push(format_args!("{}", text.escape_default()));
                }
                _ => {
                    self.out.push('{');
                    self.expr(piece);
                    self.out.push('}');
                }
            }
        }
        self.out.push('"');
    }

    fn infix(&mut self, a: &Expr, op: &str, b: &Expr) {
        self.out.push('(');
        self.expr(a);
        self.push(format_args!(" {op} "));
        self.expr(b);
        self.out.push(')');
    }

    fn around(&mut self, before: &str, inner: &Expr, after: &str) {
        self.push(format_args!("({before}"));
        self.expr(inner);
        self.push(format_args!("{after})"));
    }

    fn list(&mut self, items: &[Expr]) {
        for (ix, item) in items.iter().enumerate() {
            if ix > 0 {
                self.out.push_str(", ");
            }
            self.expr(item);
        }
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        push(&mut self.out, text);
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}

/// The sign of an arithmetic operator.
fn arithmetic(op: ArithOp) -> &'static str {
    match op {
        ArithOp::Add => "+",
        ArithOp::Sub => "-",
        ArithOp::Mul => "*",
        ArithOp::Div => "/",
        ArithOp::Rem => "%",
    }
}

/// The sign of a comparison.
fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "==",
        CompareOp::Ne => "!=",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    }
}

fn write_literal(literal: &Literal, out: &mut String) {
    let value = match literal {
        Literal::Bool(b) => Value::Bool(*b),
        Literal::Int(n) => Value::Integer(*n),
        Literal::Dec(x) if !x.is_finite() => return push(out, format_args!("{x:?}")),
        Literal::Dec(x) => Value::Decimal(*x),
        Literal::Str(s) => Value::String(s.clone()),
        Literal::Date(d) => Value::Date(i64::from(*d)),
        Literal::DateTime(ms, offset) => Value::DateTime(*ms, *offset),
        Literal::Local(ms) => Value::DateTimeOnly(*ms),
        Literal::Time(ms) => Value::Time(*ms),
        Literal::Duration(ms) => Value::Duration(*ms),
        Literal::Period(months, days) => Value::Period(*months, *days),
    };
    let json = to_json(&value);
    let bare = !matches!(literal, Literal::Str(_));
    out.push_str(if bare { json.trim_matches('"') } else { &json });
}
