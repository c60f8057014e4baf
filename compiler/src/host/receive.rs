//! Events that a test asks for by name, filled up so that they are that event.
//!
//! Comes in: an event's declaration, the fields that the test wrote. Goes out: the JSON of an event: what its `where` pins to one
//! value, its key, `_id` and `timestamp` are filled in unless written. A key is written when what is there gives it a value, whichever of
//! its fields that is.
//! Never true here: a field that the test wrote and something else changed.

use super::story;
use crate::hir::{CompareOp, Event, Expr, ExprKind, Literal, Root};
use crate::oracle::{self, Constant, Scope};
use crate::types::Type;
use journey_machine::func::Intrinsic;
use journey_machine::ids::{Instant, digest64};
use journey_machine::time::Zone;
use journey_machine::value::to_json;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Items of a list that is read.
const MOST_ITEMS: usize = 10_000;

/// Whom an event is about.
#[derive(Clone, Copy)]
pub enum Key<'k> {
    /// Whoever the test says, whatever else is written.
    This(&'k str),
    /// Whoever has this key, unless a key is written.
    Usual(&'k str),
}

/// An event of `event` with `written` in it. `number` tells it from the others of its test.
pub fn event(event: &Event, written: &Json, key: Key<'_>, number: usize, now: Instant) -> Json {
    let mut json = Json::Object(Map::new());
    if let Some(condition) = &event.condition {
        fill(&mut json, condition);
    }
    put_field(&mut json, "_id", Json::String(format!("event-{number}")));
    put_field(&mut json, "timestamp", Json::String(story::instant(now)));
    let mut whole = json.clone();
    merge(&mut whole, written);
    match (&event.key, key) {
        (Some(expr), Key::This(key)) => {
            put_key(&mut json, expr, key, &|_, _| true);
            merge(&mut json, written);
            json
        }
        (Some(expr), Key::Usual(key)) => {
            put_key(&mut whole, expr, key, &|json, part| {
                !has_value(part, json, now)
            });
            whole
        }
        _ => whole,
    }
}

/// Whether an event gives its key a value.
fn has_value(key: &Expr, event: &Json, now: Instant) -> bool {
    let scope = Scope {
        profile: None,
        input: Some(event),
        vars: &BTreeMap::new(),
        now_ms: now.0,
        zone: &Zone::utc(),
    };
    matches!(oracle::eval(key, &scope), Ok(Some(_)))
}

/// Puts a key into the field that it is made of, if that `may` be changed; where it is a text with parts, into each of them.
fn put_key(json: &mut Json, expr: &Expr, key: &str, may: &dyn Fn(&Json, &Expr) -> bool) {
    if !may(json, expr) {
        return;
    }
    let ExprKind::Text(parts) = &expr.kind else {
        return put(json, expr, identity(underneath(expr), key));
    };
    // `"card-{id}"` of "card-7".
    let edge = |part: Option<&Expr>| match part.map(|part| &part.kind) {
        Some(ExprKind::Literal(Literal::Str(text))) => text.clone(),
        _ => String::new(),
    };
    let inner = key.strip_prefix(&edge(parts.first()));
    let inner = inner.and_then(|key| key.strip_suffix(&edge(parts.last())));
    let inner = inner.filter(|it| !it.is_empty()).unwrap_or(key);
    for part in parts {
        put_key(json, part, inner, may);
    }
}

/// Makes a condition hold as far as it pins fields to values.
fn fill(json: &mut Json, condition: &Expr) {
    match &condition.kind {
        ExprKind::And(a, b) => {
            fill(json, a);
            fill(json, b);
        }
        // One of the two is enough.
        ExprKind::Or(a, _) => fill(json, a),
        ExprKind::Compare(CompareOp::Eq, a, b) => match (constant(a), constant(b)) {
            (None, Some(value)) if is_kept(a, b) => put(json, a, value),
            (Some(value), None) if is_kept(b, a) => put(json, b, value),
            _ => {}
        },
        ExprKind::OneOf(subject, alternatives) => {
            let mut kept = alternatives.iter().filter(|it| is_kept(subject, it));
            if let Some(value) = kept.find_map(constant) {
                put(json, subject, value);
            }
        }
        ExprKind::Not(inner) if *underneath(inner) == Type::Boolean => {
            put(json, inner, Json::Bool(false))
        }
        _ if *underneath(condition) == Type::Boolean => put(json, condition, Json::Bool(true)),
        _ => {}
    }
}

/// Whether what a path leads to can be this value: an hour is no instant.
fn is_kept(path: &Expr, value: &Expr) -> bool {
    let (a, b) = (underneath(path), &value.ty);
    a == b || a.is_text() && b.is_text() || a.is_number() && b.is_number()
}

/// What an expression always is.
fn constant(expr: &Expr) -> Option<Json> {
    match oracle::const_eval(expr) {
        Constant::Is(value) => serde_json::from_str(&to_json(&value)).ok(),
        _ => None,
    }
}

/// The type of what [`place`] leads to.
fn underneath(expr: &Expr) -> &Type {
    match &expr.kind {
        ExprKind::Coalesce(base, _) | ExprKind::Widen(base) => underneath(base),
        ExprKind::Call(_, args) if args.len() == 1 => args.first().map_or(&expr.ty, underneath),
        _ => &expr.ty,
    }
}

/// An identity of the type that the key's expression has underneath.
fn identity(ty: &Type, key: &str) -> Json {
    match ty {
        Type::Integer => Json::from(
            key.parse()
                .unwrap_or((digest64("identity", &[key.as_bytes()]) >> 16) as i64),
        ),
        _ => Json::String(key.to_string()),
    }
}

/// Sets what a path leads to, when it is a path from the event.
fn put(json: &mut Json, path: &Expr, value: Json) {
    if let Some(place) = place(json, path) {
        *place = value;
    }
}

fn place<'j>(json: &'j mut Json, path: &Expr) -> Option<&'j mut Json> {
    match &path.kind {
        ExprKind::Root(Root::Input) => Some(json),
        ExprKind::Path(base, steps) => {
            let base = place(json, base)?;
            Some(
                steps
                    .iter()
                    .fold(base, |json, step| entry(json, &step.name)),
            )
        }
        ExprKind::Key(base, key) => match &key.kind {
            ExprKind::Literal(Literal::Str(name)) => Some(entry(place(json, base)?, name)),
            _ => None,
        },
        ExprKind::Index(base, at) => item(place(json, base)?, number(at)),
        ExprKind::Inline {
            op: Intrinsic::First | Intrinsic::Last | Intrinsic::At,
            args,
            lambda: None,
        } => item(place(json, args.first()?)?, args.get(1).map_or(0, number)),
        ExprKind::Inline {
            op: Intrinsic::Entry,
            args,
            ..
        } => match &args.get(1)?.kind {
            ExprKind::Literal(Literal::Str(name)) => Some(entry(place(json, args.first()?)?, name)),
            _ => None,
        },
        ExprKind::Coalesce(base, _) | ExprKind::Widen(base) => place(json, base),
        // `lower(email)`, `trim(id)`: what goes in comes out, for the keys that tests use.
        ExprKind::Call(_, args) if args.len() == 1 => place(json, args.first()?),
        _ => None,
    }
}

fn entry<'j>(json: &'j mut Json, name: &str) -> &'j mut Json {
    if !json.is_object() {
        *json = Json::Object(Map::new());
    }
    match json {
        Json::Object(object) => object.entry(name).or_insert(Json::Null),
        other => other,
    }
}

/// An item of a list, which becomes as long as that takes; from the end if the number is negative.
fn item(json: &mut Json, at: i64) -> Option<&mut Json> {
    if !json.is_array() {
        *json = Json::Array(Vec::new());
    }
    let items = json.as_array_mut()?;
    let from_end = || items.len().saturating_sub(at.unsigned_abs() as usize);
    let at = usize::try_from(at).unwrap_or_else(|_| from_end());
    if at >= MOST_ITEMS {
        return None;
    }
    if items.len() <= at {
        items.resize(at + 1, Json::Null);
    }
    items.get_mut(at)
}

/// A whole number that is written; 0 for one that data says.
fn number(expr: &Expr) -> i64 {
    match expr.kind {
        ExprKind::Literal(Literal::Int(n)) => n,
        _ => 0,
    }
}

fn put_field(json: &mut Json, name: &str, value: Json) {
    *entry(json, name) = value;
}

/// Writes `over` over `json`: objects field by field, anything else whole.
fn merge(json: &mut Json, over: &Json) {
    match (json, over) {
        (Json::Object(into), Json::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.as_str()).or_insert(Json::Null), value);
            }
        }
        (place, value) => *place = value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    fn expr(kind: ExprKind, ty: Type) -> Expr {
        Expr {
            kind,
            ty,
            opt: false,
            span: Span {
                file: FileId(0),
                start: 0,
                end: 0,
            },
        }
    }

    fn field(base: Expr, name: &str) -> Expr {
        let kind = ExprKind::field(Box::new(base), name.into(), Type::String);
        expr(kind, Type::String)
    }

    fn text(value: &str) -> Expr {
        expr(ExprKind::Literal(Literal::Str(value.into())), Type::String)
    }

    #[test]
    fn conditions_and_keys_are_filled_and_written_fields_win() {
        let root = || expr(ExprKind::Root(Root::Input), Type::Any);
        let kind = expr(
            ExprKind::Compare(
                CompareOp::Eq,
                Box::new(field(root(), "eventType")),
                Box::new(text("cart")),
            ),
            Type::Boolean,
        );
        let channel = expr(
            ExprKind::OneOf(
                Box::new(field(root(), "channel")),
                vec![text("web"), text("app")],
            ),
            Type::Boolean,
        );
        let ecid = expr(
            ExprKind::Key(
                Box::new(field(root(), "identityMap")),
                Box::new(text("ECID")),
            ),
            Type::Any,
        );
        let first = expr(
            ExprKind::Inline {
                op: Intrinsic::First,
                args: vec![ecid],
                lambda: None,
            },
            Type::Any,
        );
        let declared = Event {
            name: "Cart".into(),
            doc: String::new(),
            schema: String::new(),
            ty: Type::Any,
            condition: Some(expr(
                ExprKind::And(Box::new(kind), Box::new(channel)),
                Type::Boolean,
            )),
            key: Some(field(first, "id")),
            namespace: None,
            dedupe: None,
            business: false,
            span: Span {
                file: FileId(0),
                start: 0,
                end: 0,
            },
        };
        let written = serde_json::json!({ "channel": "app", "total": 3, "_id": "mine" });
        let filled = event(&declared, &written, Key::Usual("p1"), 1, Instant(0));
        let expected = serde_json::json!({
            "eventType": "cart", "channel": "app", "total": 3, "_id": "mine",
            "timestamp": "1970-01-01T00:00:00Z", "identityMap": { "ECID": [{ "id": "p1" }] }
        });
        assert_eq!(filled, expected);
    }
}
