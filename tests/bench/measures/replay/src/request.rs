//! A call going out: its templates evaluated over its arguments.
//!
//! Comes in: a checked call, its arguments as JSON. Goes out: the request that the stubs answer. Never true here: a secret's
//! value.

use journey_artifact::model::Limit;
use journey_machine::effects::{AuthRequest, CallRequest, Field, Text, TokenGoes};
use journey_machine::ids::{CallKey, InstanceId, Instant, JourneyRef};
use journey_machine::time::Zone;
use journey_machine::value::{Value, to_json};
use journeyc::hir::{Auth, Call, Expr, ExprKind, Template, TokenPlace};
use journeyc::oracle::{OracleError, Scope, eval};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Who calls, and when.
pub struct Caller<'a> {
    pub key: CallKey,
    pub instance: InstanceId,
    pub journey: JourneyRef,
    pub node: u32,
    pub profile: Option<&'a Json>,
    pub now: Instant,
    pub zone: &'a Zone,
}

/// The request.
pub fn build(call: &Call, args: &Json, caller: &Caller<'_>) -> Result<CallRequest, OracleError> {
    let none = BTreeMap::new();
    let scope = Scope {
        profile: caller.profile,
        input: Some(args),
        vars: &none,
        now_ms: caller.now.0,
        zone: caller.zone,
    };
    let body = match &call.body {
        None => None,
        Some(expr) => json(expr, &scope)?.map(|json| json.to_string().into_bytes()),
    };
    Ok(CallRequest {
        key: caller.key,
        instance: caller.instance,
        journey: caller.journey,
        node: caller.node,
        name: call.name.clone(),
        is_source: call.is_source,
        args: record(args),
        method: call.method.clone(),
        url: text(&call.url, &scope)?.unwrap_or_default(),
        query: pairs(&call.query, &scope)?,
        headers: pairs(&call.headers, &scope)?,
        body,
        auth: auth(&call.auth, &scope)?,
        timeout_ms: call.timeout_ms,
        limit: call.limit.map(|(count, per_ms, queue_ms)| Limit {
            count,
            per_ms,
            queue_ms,
        }),
        cache_ms: call.cache_ms,
        idempotency_header: call.idempotency_header.clone(),
        channel: call.channel.clone(),
        category: call.category.clone(),
    })
}

/// A value as JSON.
pub fn to_tree(value: &Value) -> Json {
    match value {
        Value::Missing => Json::Null,
        Value::Bool(b) => Json::from(*b),
        Value::Integer(n) => Json::from(*n),
        Value::Decimal(x) => Json::from(*x),
        Value::String(text) => Json::from(text.as_str()),
        Value::List(items) => Json::Array(items.iter().map(to_tree).collect()),
        Value::Record(fields) => Json::Object(
            fields
                .iter()
                .map(|(k, v)| (k.clone(), to_tree(v)))
                .collect(),
        ),
        other => serde_json::from_str(&to_json(other)).unwrap_or(Json::Null),
    }
}

/// The arguments as the request carries them; they are scalars in the retail example.
fn record(args: &Json) -> Value {
    let scalar = |json: &Json| match json {
        Json::String(text) => Value::String(text.clone()),
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => n.as_i64().map_or_else(
            || Value::Decimal(n.as_f64().unwrap_or(f64::NAN)),
            Value::Integer,
        ),
        _ => Value::Missing,
    };
    let fields = args.as_object().into_iter().flatten();
    Value::Record(
        fields
            .map(|(name, json)| (name.clone(), scalar(json)))
            .collect(),
    )
}

fn text(expr: &Expr, scope: &Scope<'_>) -> Result<Option<String>, OracleError> {
    Ok(match eval(expr, scope)? {
        None | Some(Value::Missing) => None,
        Some(Value::String(text)) => Some(text),
        Some(other) => Some(to_json(&other).trim_matches('"').to_string()),
    })
}

fn template(template: &Template, scope: &Scope<'_>) -> Result<Option<Text>, OracleError> {
    Ok(match template {
        Template::Secret(name) => Some(Text::Secret(name.clone())),
        Template::Value(expr) => text(expr, scope)?.map(Text::Plain),
    })
}

fn part(of: &Template, scope: &Scope<'_>) -> Result<Text, OracleError> {
    Ok(template(of, scope)?.unwrap_or(Text::Plain(String::new())))
}

fn pairs(
    pairs: &[(String, Template)],
    scope: &Scope<'_>,
) -> Result<Vec<(String, Text)>, OracleError> {
    let mut out = Vec::new();
    for (name, value) in pairs {
        if let Some(value) = template(value, scope)? {
            out.push((name.clone(), value));
        }
    }
    Ok(out)
}

fn fields(
    fields: &[(String, Template)],
    scope: &Scope<'_>,
) -> Result<Vec<(String, Field)>, OracleError> {
    let mut out = Vec::new();
    for (name, value) in fields {
        let value = match value {
            Template::Secret(name) => Some(Field::Secret(name.clone())),
            Template::Value(expr) => {
                let json = json(expr, scope)?;
                json.map(|json| Field::Json(json.to_string()))
            }
        };
        out.extend(value.map(|value| (name.clone(), value)));
    }
    Ok(out)
}

fn auth(auth: &Auth, scope: &Scope<'_>) -> Result<AuthRequest, OracleError> {
    Ok(match auth {
        Auth::None => AuthRequest::None,
        Auth::Basic(user, password) => AuthRequest::Basic {
            user: part(user, scope)?,
            password: part(password, scope)?,
        },
        Auth::Header(name, value) => AuthRequest::Header(name.clone(), part(value, scope)?),
        Auth::Query(name, value) => AuthRequest::Query(name.clone(), part(value, scope)?),
        Auth::Bearer(value) => AuthRequest::Bearer(part(value, scope)?),
        Auth::Token {
            url,
            body,
            token_path,
            expires_path,
            cache_ms,
            place,
        } => AuthRequest::Token {
            url: text(url, scope)?.unwrap_or_default(),
            body: fields(body, scope)?,
            token_path: token_path.clone(),
            expires_path: expires_path.clone(),
            cache_ms: *cache_ms,
            place: match place {
                TokenPlace::Bearer => TokenGoes::Bearer,
                TokenPlace::Header(name) => TokenGoes::Header(name.clone()),
                TokenPlace::Query(name) => TokenGoes::Query(name.clone()),
            },
        },
    })
}

/// A body: objects and arrays as they are written, values where they are computed; what is missing is left out of objects.
fn json(expr: &Expr, scope: &Scope<'_>) -> Result<Option<Json>, OracleError> {
    Ok(match &expr.kind {
        ExprKind::Record(fields) => {
            let mut object = Map::new();
            for (name, field) in fields {
                if let Some(json) = json(field, scope)? {
                    object.insert(name.clone(), json);
                }
            }
            Some(Json::Object(object))
        }
        ExprKind::List(items) => {
            let items: Result<Vec<Json>, _> = items
                .iter()
                .map(|item| Ok(json(item, scope)?.unwrap_or(Json::Null)))
                .collect();
            Some(Json::Array(items?))
        }
        _ => eval(expr, scope)?.map(|value| to_tree(&value)),
    })
}
