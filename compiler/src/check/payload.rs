//! Data in tests: records as written, checked against a type, as JSON. Required fields may be left out; unknown ones are errors.

use super::expr::ExprCx;
use super::expr::unparen;
use crate::diag::{Code, Diagnostic};
use crate::oracle::{self, Constant};
use crate::types::Type;
use journey_grammar::ast::{self, AstNode};
use serde_json::{Map, Value};

impl<'a> ExprCx<'a> {
    /// A record written out, as JSON; `None` when something in it was reported.
    pub fn payload(&mut self, record: ast::RecordExpr<'a>, ty: &Type, what: &str) -> Option<Value> {
        if record.has_error() {
            return None;
        }
        let mut out = Map::new();
        let mut whole = true;
        for field in record.fields() {
            let Some((name, at)) = self.key(field) else {
                whole = false;
                continue;
            };
            let Some(value) = field.value() else {
                continue;
            };
            if out.contains_key(&name) {
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
            let inner = match ty {
                Type::Record(r) => match r.field(self.world.registry, &name) {
                    Some(field) => field.ty,
                    None if r.is_lost(self.world.registry) => Type::Any,
                    None => {
                        let names = r.names(self.world.registry);
                        let d = Diagnostic::new(
                            Code::UnknownField,
                            at,
                            format!("{what} has no field `{name}` here"),
                        );
                        self.report(d.did_you_mean(&name, names.iter().copied()));
                        whole = false;
                        continue;
                    }
                },
                Type::Map(value) => (**value).clone(),
                Type::Any | Type::Error => Type::Any,
                other => {
                    let span = self.span(record);
                    let d = Diagnostic::new(
                        Code::TestPayload,
                        span,
                        format!("this is a record, and {} is expected", other.article()),
                    );
                    self.report(d.label(format!("expected {other}")));
                    return None;
                }
            };
            match self.payload_value(value, &inner, what) {
                Some(json) => {
                    out.insert(name, json);
                }
                None => whole = false,
            }
        }
        whole.then_some(Value::Object(out))
    }

    /// A value written out, as JSON.
    pub fn payload_value(&mut self, value: ast::Expr<'a>, ty: &Type, what: &str) -> Option<Value> {
        let span = self.span(value);
        match (unparen(value), ty) {
            (ast::Expr::Record(r), _) => self.payload(r, ty, what),
            (ast::Expr::List(l), Type::List(_) | Type::Any) => {
                let item = match ty {
                    Type::List(item) => (**item).clone(),
                    _ => Type::Any,
                };
                let mut items = Vec::new();
                let mut whole = true;
                for element in l.elements() {
                    match self.payload_value(element, &item, what) {
                        Some(json) => items.push(json),
                        None => whole = false,
                    }
                }
                whole.then_some(Value::Array(items))
            }
            (plain, _) => {
                let checked = self.infer(plain);
                if checked.ty.is_error() {
                    return None;
                }
                let checked = if *ty == Type::Any {
                    checked
                } else {
                    self.expect(checked, ty, "this field")
                };
                if checked.ty.is_error() {
                    return None;
                }
                match oracle::const_eval(&checked) {
                    Constant::Is(known) => {
                        serde_json::from_str(&journey_machine::value::to_json(&known)).ok()
                    }
                    Constant::Missing => Some(Value::Null),
                    Constant::TooLarge => {
                        self.too_large(span, "a test's data");
                        None
                    }
                    Constant::Varies => {
                        let d = Diagnostic::new(
                            Code::NotConstant,
                            span,
                            "a test's data must be known when the package is built",
                        );
                        self.report(d.label("depends on data or on the time"));
                        None
                    }
                }
            }
        }
    }
}
