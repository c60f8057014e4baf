//! An expression as one line of text, close to how it would be written, every operation in parentheses.
//!
//! Comes in: a checked expression. Goes out: text for traces, failing tests and fuzz reports. Never true here: text that
//! must parse again; inlined names appear as `_3`.

use crate::hir::{ArithOp, CompareOp, Expr, ExprKind, Literal, Root};
use journey_machine::value::{Value, to_json};
use std::fmt::Write;

/// The text of `expr`.
pub fn text(expr: &Expr) -> String {
    let mut out = String::new();
    write(expr, &mut out);
    out
}

fn write(expr: &Expr, out: &mut String) {
    let infix = |a: &Expr, op: &str, b: &Expr, out: &mut String| {
        out.push('(');
        write(a, out);
        push(out, format_args!(" {op} "));
        write(b, out);
        out.push(')');
    };
    match &expr.kind {
        ExprKind::Literal(literal) => write_literal(literal, out),
        ExprKind::Root(Root::Profile) => out.push_str("profile"),
        ExprKind::Root(Root::Input) => out.push_str("input"),
        ExprKind::Root(Root::Var(id)) => push(out, format_args!("var{}", id.0)),
        ExprKind::Root(Root::Local(id)) => push(out, format_args!("_{}", id.0)),
        ExprKind::Field(base, name) => {
            write(base, out);
            push(out, format_args!(".{name}"));
        }
        ExprKind::Key(base, key) | ExprKind::Index(base, key) => {
            write(base, out);
            out.push('[');
            write(key, out);
            out.push(']');
        }
        ExprKind::Widen(inner) => write(inner, out),
        ExprKind::Not(inner) => prefix("not ", inner, "", out),
        ExprKind::Neg(inner) => prefix("-", inner, "", out),
        ExprKind::IsMissing(inner) => prefix("", inner, " is missing", out),
        ExprKind::And(a, b) => infix(a, "and", b, out),
        ExprKind::Or(a, b) => infix(a, "or", b, out),
        ExprKind::Coalesce(a, b) => infix(a, "??", b, out),
        ExprKind::Arith(op, a, b) => infix(a, arithmetic(*op), b, out),
        ExprKind::Compare(op, a, b) => infix(a, comparison(*op), b, out),
        ExprKind::OneOf(subject, alternatives) => {
            out.push('(');
            write(subject, out);
            out.push_str(" in [");
            list(alternatives, out);
            out.push_str("])");
        }
        ExprKind::If(condition, then, otherwise) => {
            out.push_str("(if ");
            write(condition, out);
            out.push_str(" then ");
            write(then, out);
            out.push_str(" else ");
            write(otherwise, out);
            out.push(')');
        }
        ExprKind::Text(pieces) => {
            out.push('"');
            for piece in pieces {
                match &piece.kind {
                    ExprKind::Literal(Literal::Str(text)) => {
                        out.push_str(&text.escape_default().to_string())
                    }
                    _ => {
                        out.push('{');
                        write(piece, out);
                        out.push('}');
                    }
                }
            }
            out.push('"');
        }
        ExprKind::List(items) => {
            out.push('[');
            list(items, out);
            out.push(']');
        }
        ExprKind::Record(fields) => {
            out.push_str("{ ");
            for (ix, (name, value)) in fields.iter().enumerate() {
                push(
                    out,
                    format_args!("{}{name}: ", if ix > 0 { ", " } else { "" }),
                );
                write(value, out);
            }
            out.push_str(" }");
        }
        ExprKind::Call(function, args) => {
            push(out, format_args!("{}(", function.name));
            list(args, out);
            out.push(')');
        }
        ExprKind::Inline { op, args, lambda } => {
            push(out, format_args!("{op:?}("));
            list(args, out);
            if let Some((local, body)) = lambda {
                push(out, format_args!(", _{} => ", local.0));
                write(body, out);
            }
            out.push(')');
        }
        ExprKind::Let {
            local,
            value,
            strict,
            body,
        } => {
            push(
                out,
                format_args!("(let _{}{} = ", local.0, if *strict { "" } else { "?" }),
            );
            write(value, out);
            out.push_str(" in ");
            write(body, out);
            out.push(')');
        }
    }
}

fn prefix(before: &str, inner: &Expr, after: &str, out: &mut String) {
    push(out, format_args!("({before}"));
    write(inner, out);
    push(out, format_args!("{after})"));
}

fn list(items: &[Expr], out: &mut String) {
    for (ix, item) in items.iter().enumerate() {
        if ix > 0 {
            out.push_str(", ");
        }
        write(item, out);
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}

/// The sign of an arithmetic operator.
pub(super) fn arithmetic(op: ArithOp) -> &'static str {
    match op {
        ArithOp::Add => "+",
        ArithOp::Sub => "-",
        ArithOp::Mul => "*",
        ArithOp::Div => "/",
        ArithOp::Rem => "%",
    }
}

/// The sign of a comparison.
pub(super) fn comparison(op: CompareOp) -> &'static str {
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
