//! Evaluates an expression over its tree, one case per kind.
//!
//! Comes in: a checked expression and a [`Scope`]. Goes out: its value, or nothing when it is missing. The recursion is as
//! deep as the expression, which the checker bounds. Never true here: a plan, a slot, a cache, a step that is skipped
//! because it is cheap to: this is the meaning, as plainly as it can be said.

use super::json::decode;
use super::ops;
use super::scope::{Bound, Scope};
use super::value::{Answer, OracleError, Val};
use super::{boundary, lists, natives};
use crate::hir::{Expr, ExprKind, Literal, LocalId, PathStep, Root};
use crate::types::{Record, Type};

/// An evaluation under way: the scope, the names bound so far inside the expression (the last one of an id counts), and
/// what it may still cost in steps and in copies of values.
pub(super) struct Eval<'a> {
    pub(super) scope: &'a Scope<'a>,
    locals: Vec<(LocalId, Option<Val<'a>>)>,
    left: usize,
}

impl<'a> Eval<'a> {
    pub(super) fn new(scope: &'a Scope<'a>) -> Eval<'a> {
        Eval::within(scope, usize::MAX)
    }

    /// An evaluation that gives up with [`OracleError::Beyond`] when it costs more than `left`.
    pub(super) fn within(scope: &'a Scope<'a>, left: usize) -> Eval<'a> {
        Eval {
            scope,
            locals: Vec::new(),
            left,
        }
    }

    fn spend(&mut self, cost: usize) -> Result<(), OracleError> {
        self.left = self.left.checked_sub(cost).ok_or(OracleError::Beyond)?;
        Ok(())
    }

    /// Evaluates `body` with `local` bound to `value`.
    pub(super) fn with_local(
        &mut self,
        local: LocalId,
        value: Option<Val<'a>>,
        body: &Expr,
    ) -> Answer<'a> {
        self.bind(local, value);
        let answer = self.eval(body);
        self.unbind();
        answer
    }

    /// Binds `local` until the matching [`Eval::unbind`].
    pub(super) fn bind(&mut self, local: LocalId, value: Option<Val<'a>>) {
        self.locals.push((local, value));
    }

    /// Ends the last [`Eval::bind`].
    pub(super) fn unbind(&mut self) {
        self.locals.pop();
    }

    /// The value of `expr`.
    pub(super) fn eval(&mut self, expr: &Expr) -> Answer<'a> {
        self.spend(1)?;
        match &expr.kind {
            ExprKind::Literal(literal) => {
                if let Literal::Str(text) = literal {
                    self.spend(text.len() / 32)?;
                }
                Ok(Some(of_literal(literal)))
            }
            ExprKind::Root(root) => self.root(*root, expr),
            ExprKind::Path(base, steps) => {
                let mut value = self.eval(base)?;
                for step in steps.iter() {
                    let Some(record) = value else { break };
                    value = field(record, step)?;
                }
                Ok(value)
            }
            ExprKind::Key(base, key) => {
                let (Some(map), Some(key)) = (self.eval(base)?, self.eval(key)?) else {
                    return Ok(None);
                };
                match (map, key) {
                    (Val::Map(entries), Val::Str(key)) => Ok(entries
                        .into_iter()
                        .find(|(k, _)| *k == key)
                        .and_then(|(_, value)| value)),
                    _ => Err(OracleError::Corrupt("a key of what is not a map")),
                }
            }
            ExprKind::Index(base, index) => {
                let (Some(list), Some(index)) = (self.eval(base)?, self.eval(index)?) else {
                    return Ok(None);
                };
                match (list, index) {
                    (Val::List(items), Val::Int(index)) => Ok(ops::item(items, index)),
                    _ => Err(OracleError::Corrupt("an index of what is not a list")),
                }
            }
            ExprKind::Widen(inner) => {
                let value = self.eval(inner)?;
                widened(value, &inner.ty, &expr.ty)
            }
            ExprKind::Not(inner) => Ok(self.truth(inner)?.map(|b| Val::Bool(!b))),
            ExprKind::And(a, b) => Ok(match (self.truth(a)?, self.truth(b)?) {
                (Some(false), _) | (_, Some(false)) => Some(Val::Bool(false)),
                (Some(true), Some(true)) => Some(Val::Bool(true)),
                _ => None,
            }),
            ExprKind::Or(a, b) => Ok(match (self.truth(a)?, self.truth(b)?) {
                (Some(true), _) | (_, Some(true)) => Some(Val::Bool(true)),
                (Some(false), Some(false)) => Some(Val::Bool(false)),
                _ => None,
            }),
            ExprKind::Neg(inner) => self.eval(inner)?.map(|v| ops::negate(&v)).transpose(),
            ExprKind::Arith(op, a, b) => match (self.eval(a)?, self.eval(b)?) {
                (Some(a), Some(b)) => ops::arithmetic(*op, &a, &b),
                _ => Ok(None),
            },
            ExprKind::Compare(op, a, b) => match (self.eval(a)?, self.eval(b)?) {
                (Some(a), Some(b)) => Ok(Some(Val::Bool(ops::compare(*op, &a, &b)?))),
                _ => Ok(None),
            },
            ExprKind::OneOf(subject, alternatives) => self.one_of(subject, alternatives),
            ExprKind::Coalesce(a, b) => match self.eval(a)? {
                Some(value) => Ok(Some(value)),
                None => self.eval(b),
            },
            ExprKind::If(condition, then, otherwise) => match self.truth(condition)? {
                Some(true) => self.eval(then),
                _ => self.eval(otherwise),
            },
            ExprKind::IsMissing(inner) => Ok(Some(Val::Bool(self.eval(inner)?.is_none()))),
            ExprKind::Text(pieces) => {
                let mut whole = Some(String::new());
                for piece in pieces {
                    match (self.eval(piece)?, &mut whole) {
                        (Some(Val::Str(text)), Some(whole)) => {
                            self.spend(text.len() / 32)?;
                            whole.push_str(&text);
                        }
                        (Some(Val::Str(_)), None) => {}
                        (Some(_), _) => {
                            return Err(OracleError::Corrupt("a piece of text that is no string"));
                        }
                        (None, _) => whole = None,
                    }
                }
                Ok(whole.map(Val::Str))
            }
            ExprKind::List(items) => Ok(Some(Val::List(
                items
                    .iter()
                    .map(|item| self.eval(item))
                    .collect::<Result<_, _>>()?,
            ))),
            ExprKind::Record(fields) if matches!(expr.ty, Type::Map(_)) => {
                let mut entries = Vec::new();
                for (name, value) in fields {
                    entries.push((name.clone(), self.eval(value)?));
                }
                Ok(Some(Val::Map(entries)))
            }
            ExprKind::Record(fields) => {
                let mut made = Vec::new();
                for (name, value) in fields {
                    if let Some(value) = self.eval(value)? {
                        made.push((name.clone(), value));
                    }
                }
                Ok(Some(Val::Record(made)))
            }
            ExprKind::Call(function, args) => {
                let mut values = Vec::new();
                for arg in args {
                    match self.eval(arg)? {
                        Some(value) => values.push(value),
                        None => return Ok(None),
                    }
                }
                let answer = natives::call(function, args, values, &expr.ty, self.scope)?;
                self.spend(answer.as_ref().map_or(0, Val::weight))?;
                Ok(answer)
            }
            ExprKind::Inline { op, args, lambda } => {
                let mut values = Vec::new();
                for arg in args {
                    values.push(self.eval(arg)?);
                }
                let mut apply = |item: Option<Val<'a>>| match lambda {
                    Some((local, body)) => self.with_local(*local, item, body),
                    None => Ok(item),
                };
                lists::intrinsic(*op, values, lambda.is_some(), &mut apply, &expr.ty)
            }
            ExprKind::Let {
                local,
                value,
                strict,
                body,
            } => match self.eval(value)? {
                None if *strict => Ok(None),
                value => self.with_local(*local, value, body),
            },
        }
    }

    /// A boolean expression's value; `None` is unknown.
    pub(super) fn truth(&mut self, expr: &Expr) -> Result<Option<bool>, OracleError> {
        match self.eval(expr)? {
            None => Ok(None),
            Some(Val::Bool(b)) => Ok(Some(b)),
            Some(_) => Err(OracleError::Corrupt("a condition that is not boolean")),
        }
    }

    fn root(&mut self, root: Root, expr: &Expr) -> Answer<'a> {
        let of_json = |json: Option<&'a serde_json::Value>| match json {
            None => Ok(None),
            Some(json) => decode(json, &expr.ty),
        };
        match root {
            Root::Profile => of_json(self.scope.profile),
            Root::Input => of_json(self.scope.input),
            Root::Var(id) => match self.scope.vars.get(&id) {
                None => Ok(None),
                Some(Bound::Json(json)) => decode(json, &expr.ty),
                Some(Bound::Value(value)) => Ok(boundary::from_value(value, &expr.ty)),
            },
            Root::Local(id) => match self.locals.iter().rev().find(|(local, _)| *local == id) {
                None => Err(OracleError::Corrupt("a local name out of scope")),
                Some((_, value)) => {
                    let value = value.clone();
                    self.spend(value.as_ref().map_or(0, Val::weight))?;
                    Ok(value)
                }
            },
        }
    }

    fn one_of(&mut self, subject: &Expr, alternatives: &[Expr]) -> Answer<'a> {
        let subject = self.eval(subject)?;
        let (mut found, mut unknown) = (false, subject.is_none());
        for alternative in alternatives {
            match (&subject, self.eval(alternative)?) {
                (Some(a), Some(b)) => found |= ops::compare(crate::hir::CompareOp::Eq, a, &b)?,
                _ => unknown = true,
            }
        }
        Ok(match (found, unknown) {
            (true, _) => Some(Val::Bool(true)),
            (false, true) => None,
            (false, false) => Some(Val::Bool(false)),
        })
    }
}

/// A `have` as a `want`, which it fits: field by field, item by item.
fn widened<'a>(value: Option<Val<'a>>, have: &Type, want: &Type) -> Answer<'a> {
    let Some(value) = value else { return Ok(None) };
    Ok(Some(match (value, have, want) {
        (Val::Int(n), Type::Integer, Type::Decimal) => Val::Dec(n as f64),
        (Val::List(items), Type::List(have), Type::List(want)) => {
            let items = items.into_iter().map(|item| widened(item, have, want));
            Val::List(items.collect::<Result<_, _>>()?)
        }
        (Val::Map(entries), Type::Map(have), Type::Map(want)) => {
            let entry = |(key, value)| Ok((key, widened(value, have, want)?));
            let entries = entries.into_iter().map(entry);
            Val::Map(entries.collect::<Result<_, OracleError>>()?)
        }
        (
            record @ (Val::Record(_) | Val::Json(_)),
            Type::Record(Record::Inline(have)),
            Type::Record(Record::Inline(want)),
        ) => {
            let mut made = Vec::new();
            for want in want.iter() {
                let Some(have) = have.iter().find(|have| have.name == want.name) else {
                    continue;
                };
                let found = match &record {
                    Val::Json(json) => match json.get(&have.name) {
                        Some(json) => decode(json, &have.ty)?,
                        None => None,
                    },
                    Val::Record(fields) => {
                        let mut fields = fields.iter();
                        let found = fields.find(|(name, _)| *name == have.name);
                        found.map(|(_, value)| value.clone())
                    }
                    _ => None,
                };
                if let Some(value) = widened(found, &have.ty, &want.ty)? {
                    made.push((want.name.clone(), value));
                }
            }
            Val::Record(made)
        }
        (value, have, want) if have.lies_like(want) => value,
        _ => return Err(OracleError::Corrupt("a value of a type that does not fit")),
    }))
}

/// The field `name` of a record; its type is the whole expression's.
fn field<'a>(record: Val<'a>, step: &PathStep) -> Answer<'a> {
    match record {
        Val::Json(json) => match json.get(&*step.name) {
            None => Ok(None),
            Some(json) => decode(json, &step.ty),
        },
        Val::Record(fields) => Ok(fields
            .into_iter()
            .find(|(n, _)| **n == *step.name)
            .map(|(_, value)| value)),
        _ => Err(OracleError::Corrupt("a field of what is not a record")),
    }
}

fn of_literal<'a>(literal: &Literal) -> Val<'a> {
    match literal {
        Literal::Bool(b) => Val::Bool(*b),
        Literal::Int(n) => Val::Int(*n),
        Literal::Dec(x) => Val::Dec(*x),
        Literal::Str(s) => Val::Str(s.clone()),
        Literal::Date(d) => Val::Date(i64::from(*d)),
        Literal::DateTime(ms, offset) => Val::DateTime(*ms, *offset),
        Literal::Local(ms) => Val::Local(*ms),
        Literal::Time(ms) => Val::Time(*ms),
        Literal::Duration(ms) => Val::Duration(*ms),
        Literal::Period(months, days) => Val::Period(*months, *days),
    }
}
