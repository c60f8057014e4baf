//! Events, sources and actions: names, plans, and the chunks that condition, key and fill them.

use super::discriminators;
use super::fault::{Check, Locate, demand};
use super::tables::{distinct, string};
use super::uses::{AtHand, Need, chunk, milliseconds, no_profile, plan_shape};
use crate::limits;
use crate::model::{Artifact, Auth, CallDecl, EventDecl, Json, StrId, Template, TokenPlace};
use crate::refusal::RefusalKind;
use crate::word::WordType;

/// Every event declaration.
pub(super) fn events(a: &Artifact) -> Check {
    for (index, it) in a.events.iter().enumerate() {
        event(a, it).at(|| format!("event {index}"))?;
    }
    distinct(a.events.iter().map(|event| event.name))
}

fn event(a: &Artifact, event: &EventDecl) -> Check {
    string(a, event.name)?;
    let shape = plan_shape(a, event.plan)?;
    let rows = AtHand {
        vars: None,
        input: Some(shape),
    };
    discriminators::check(a, shape, &event.discriminators).at(|| "discriminators".into())?;
    demand(
        event.conditions.len() <= limits::CONDITIONS,
        RefusalKind::TooLarge,
        || {
            format!(
                "{} conditions; an event has at most {}",
                event.conditions.len(),
                limits::CONDITIONS
            )
        },
    )?;
    for &id in &event.conditions {
        chunk(a, id, rows, Need::Type(WordType::Bool)).at(|| "condition".into())?;
    }
    if let Some(id) = event.key {
        chunk(a, id, rows, Need::Type(WordType::Str))
            .and_then(|()| no_profile(a, id))
            .at(|| "key".into())?;
    }
    if let Some(namespace) = event.namespace {
        string(a, namespace).at(|| "namespace".into())?;
    }
    if let Some((id, window)) = event.dedupe {
        chunk(a, id, rows, Need::Type(WordType::Str))
            .and_then(|()| milliseconds("window", window))
            .at(|| "dedupe".into())?;
    }
    Ok(())
}

/// Every source and action.
pub(super) fn calls(a: &Artifact) -> Check {
    for (index, it) in a.calls.iter().enumerate() {
        call(a, it).at(|| format!("call {index}"))?;
    }
    distinct(a.calls.iter().map(|call| call.name))
}

fn call(a: &Artifact, call: &CallDecl) -> Check {
    let site = Site {
        a,
        rows: AtHand {
            vars: None,
            input: Some(call.args),
        },
    };
    let names = [
        Some(call.name),
        Some(call.method),
        call.idempotency_header,
        call.channel,
        call.category,
    ];
    names
        .into_iter()
        .flatten()
        .try_for_each(|name| string(a, name))?;
    super::fault::entry(&a.shapes, call.args.0, "shape").at(|| "args".into())?;
    site.text(call.url).at(|| "url".into())?;
    site.named(&call.query).at(|| "query".into())?;
    site.named(&call.headers).at(|| "headers".into())?;
    if let Some(body) = &call.body {
        site.json(body, 0).at(|| "body".into())?;
    }
    site.auth(&call.auth).at(|| "auth".into())?;
    milliseconds("timeout", call.timeout_ms)?;
    milliseconds("cache", call.cache_ms)?;
    milliseconds("first pause", call.retry.min_ms)?;
    milliseconds("longest pause", call.retry.max_ms)?;
    demand(
        call.retry.times <= limits::RETRIES,
        RefusalKind::Value,
        || format!("{} retries; at most {}", call.retry.times, limits::RETRIES),
    )?;
    if let Some(limit) = call.limit {
        milliseconds("limit's window", limit.per_ms)?;
        milliseconds("limit's queue", limit.queue_ms.unwrap_or(0))?;
        demand(limit.per_ms > 0, RefusalKind::Value, || {
            "a limit per 0 ms".into()
        })?;
    }
    for plan in [call.response, call.failure].into_iter().flatten() {
        plan_shape(a, plan)?;
    }
    Ok(())
}

/// Where a call's chunks run: over its arguments.
struct Site<'a> {
    a: &'a Artifact,
    rows: AtHand,
}

impl Site<'_> {
    fn text(&self, id: crate::model::ChunkId) -> Check {
        chunk(self.a, id, self.rows, Need::Type(WordType::Str))
    }

    fn template(&self, template: Template) -> Check {
        match template {
            Template::Value(id) => chunk(self.a, id, self.rows, Need::Scalar),
            Template::Secret(name) => string(self.a, name),
        }
    }

    fn named(&self, list: &[(StrId, Template)]) -> Check {
        list.iter().try_for_each(|&(name, template)| {
            string(self.a, name)?;
            self.template(template)
        })
    }

    fn json(&self, json: &Json, depth: usize) -> Check {
        demand(depth < limits::NESTING, RefusalKind::TooDeep, || {
            format!("deeper than {}", limits::NESTING)
        })?;
        match json {
            Json::Value(id) => chunk(self.a, *id, self.rows, Need::Any),
            Json::Array(items) => items.iter().try_for_each(|item| self.json(item, depth + 1)),
            Json::Object(fields) => fields.iter().try_for_each(|(key, value)| {
                string(self.a, *key)?;
                self.json(value, depth + 1)
            }),
        }
    }

    fn auth(&self, auth: &Auth) -> Check {
        match auth {
            Auth::None => Ok(()),
            Auth::Basic(user, password) => {
                self.template(*user).and_then(|()| self.template(*password))
            }
            Auth::Header(name, value) | Auth::Query(name, value) => {
                string(self.a, *name).and_then(|()| self.template(*value))
            }
            Auth::Bearer(token) => self.template(*token),
            Auth::Token(token) => {
                self.text(token.url)?;
                self.named(&token.body)?;
                string(self.a, token.token_path)?;
                token
                    .expires_path
                    .map_or(Ok(()), |path| string(self.a, path))?;
                milliseconds("token's lifetime", token.cache_ms)?;
                match token.place {
                    TokenPlace::Bearer => Ok(()),
                    TokenPlace::Header(name) | TokenPlace::Query(name) => string(self.a, name),
                }
            }
        }
    }
}
