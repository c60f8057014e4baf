//! Calls going out: arguments, requests, attempts.
//!
//! Comes in: a call node and the instance. Goes out: a [`CallRequest`] and the state to wait in; or that it is not wanted any more.
//! Never true here: the value of a secret, an answer, a call without an argument that it must have, an attempt withdrawn that was
//! not made or has its outcome.

use super::address::address;
use super::flow::Flow;
use super::live::{Live, call_key, every_slot, instance_id};
use super::world::{Scope, World};
use crate::effects::{AuthRequest, CallRequest, Code, Field, Status, Text, TokenGoes};
use crate::eval::{Fault, eval_str, eval_value};
use crate::ids::{CallKey, digest64};
use crate::limits;
use crate::person::{Instance, State};
use crate::record::{self, Record};
use crate::value::{self, Value};
use journey_artifact::graph::Arg;
use journey_artifact::model::{
    Auth, CallDecl, CallId, ChunkId, Json, Retry, StrId, Template, TokenPlace,
};
use journey_artifact::word::{Region, WordType};

/// Makes the first attempt of the call at the present node.
pub(super) fn first_attempt<'a>(
    world: &mut World<'a>,
    live: &mut Live<'a>,
    call: CallId,
    args: &'a [Arg],
) -> Result<Flow, Fault> {
    let decl = decl(live, call)?;
    let shape = live.shape(decl.args)?;
    let mut row = world.row(shape);
    for arg in args {
        let has_value = live.eval_to(world, arg.value, (&mut row, shape, arg.slot))?;
        if arg.required && !has_value {
            let slot = shape.slots.get(usize::from(arg.slot));
            return Ok(Flow::End {
                status: Status::Failed,
                code: Code::MissingValue,
                label: slot.map(|slot| world.copy(live.text(slot.name))),
            });
        }
    }
    let flow = attempt(world, live, decl, &row, 1);
    world.give_row(row);
    flow
}

/// Makes a later attempt, with the arguments of the first.
pub(super) fn next_attempt<'a>(
    world: &mut World<'a>,
    live: &mut Live<'a>,
    call: CallId,
    attempt_no: u32,
    args: &[u8],
) -> Result<Flow, Fault> {
    let decl = decl(live, call)?;
    let shape = live.shape(decl.args)?;
    let mut bytes = args;
    let slots = every_slot(shape);
    let row = record::decode_slots(
        live.loaded.artifact(),
        shape,
        &slots,
        &mut bytes,
        Region::Input,
    )
    .map_err(|_| Fault::Corrupt("arguments"))?;
    attempt(world, live, decl, &row, attempt_no)
}

fn attempt<'a>(
    world: &mut World<'a>,
    live: &mut Live<'a>,
    decl: &'a CallDecl,
    row: &Record,
    attempt: u32,
) -> Result<Flow, Fault> {
    let key = live.call_key(world, attempt);
    let Some(request) = (Request { live, decl, row }).build(world, key)? else {
        return Ok(Flow::End {
            status: Status::Failed,
            code: Code::MissingValue,
            label: Some(world.copy(ADDRESS)),
        });
    };
    let shape = live.shape(decl.args)?;
    let mut args = Vec::new();
    if attempt <= decl.retry.times {
        // Numbers take less room than their words, nearly always.
        args.reserve_exact(size_of_val(row.words.as_slice()) + row.text.len());
        record::encode_all(live.loaded.artifact(), shape, row, &mut args)?;
        if args.len() > limits::VARIABLE_BYTES {
            return Ok(Flow::End {
                status: Status::Failed,
                code: Code::TooLarge,
                label: None,
            });
        }
    }
    world.effects.calls.push(request);
    // The host says when an attempt timed out; the guard is for a host that never says anything.
    let queue = decl.limit.and_then(|limit| limit.queue_ms).unwrap_or(0);
    let patience = i64::try_from(decl.timeout_ms.saturating_add(queue))
        .unwrap_or(i64::MAX)
        .saturating_add(limits::CALL_GRACE_MS);
    let state = State::Calling {
        attempt,
        guard: world.now.plus(patience),
        args,
    };
    Ok(Flow::Park {
        state,
        status: Status::Calling,
        code: Code::Plain,
        label: None,
    })
}

/// An attempt that this instance waits for, if it does, is not wanted any more.
pub(super) fn withdraw(world: &mut World<'_>, program: usize, kept: &Instance) {
    if let State::Calling { attempt, .. } = kept.state {
        let key = call_key(world, program, kept, attempt);
        world.effects.withdrawn.push(key);
    }
}

/// The declaration of a call.
pub(super) fn decl<'a>(live: &Live<'a>, call: CallId) -> Result<&'a CallDecl, Fault> {
    live.loaded
        .artifact()
        .calls
        .get(call.0 as usize)
        .ok_or(Fault::Corrupt("call"))
}

/// The pause before attempt `attempt` (from 2): doubling, with a part of it, up to half, taken off by a hash so that
/// people whose calls failed together do not come back together.
pub(super) fn pause(retry: Retry, key: u128, attempt: u32) -> i64 {
    let doublings = attempt.saturating_sub(2).min(40);
    let longest = retry.max_ms.max(retry.min_ms);
    let whole = retry.min_ms.saturating_mul(1 << doublings).min(longest);
    let draw = digest64("pause", &[&key.to_be_bytes(), &attempt.to_be_bytes()]);
    let off = ((u128::from(whole / 2) * u128::from(draw)) >> 64) as u64;
    i64::try_from(whole - off).unwrap_or(i64::MAX)
}

/// What a call has none of that does not go out for want of one.
const ADDRESS: &str = "address";
/// Room for a body, as most are.
const BODY: usize = 256;

struct Request<'r, 'a> {
    live: &'r Live<'a>,
    decl: &'a CallDecl,
    row: &'r Record,
}

impl<'a> Request<'_, 'a> {
    /// The request; `None` when it has no address.
    fn build(&self, world: &mut World<'a>, key: CallKey) -> Result<Option<CallRequest>, Fault> {
        let (live, decl) = (self.live, self.decl);
        let (Some(url), Some(auth)) = (self.url(world, decl.url)?, self.auth(world)?) else {
            return Ok(None);
        };
        let body = match &decl.body {
            None => None,
            Some(json) => {
                let mut out = world.texts().blank();
                out.reserve(BODY);
                self.json(world, json, &mut out)?;
                Some(out.into_bytes())
            }
        };
        Ok(Some(CallRequest {
            key,
            instance: instance_id(world, live.program, &live.kept),
            journey: live.journey_ref(),
            node: live.kept.node,
            name: world.copy(live.text(decl.name)),
            is_source: decl.is_source,
            args: value::from_row(live.loaded.artifact(), self.row, decl.args)?,
            method: world.copy(live.text(decl.method)),
            url,
            query: self.pairs(world, &decl.query)?,
            headers: self.headers(world, &decl.headers)?,
            body,
            auth,
            timeout_ms: decl.timeout_ms,
            limit: decl.limit,
            cache_ms: decl.cache_ms,
            idempotency_header: decl.idempotency_header.map(|id| world.copy(live.text(id))),
            channel: decl.channel.map(|id| world.copy(live.text(id))),
            category: decl.category.map(|id| world.copy(live.text(id))),
        }))
    }

    fn scope(&self, world: &mut World<'a>, chunk: ChunkId) -> Scope<'_> {
        Scope {
            vars: None,
            input: Some(self.row),
            zone: self.live.zone_for(world, chunk),
        }
    }

    /// Writes a string by `write`, and says whether it has a value; `None`: it is of another type, and nothing has happened.
    fn string(
        &self,
        world: &mut World<'a>,
        chunk: ChunkId,
        write: impl FnOnce(&str),
    ) -> Result<Option<bool>, Fault> {
        let code = self.live.loaded.chunk(chunk);
        if code.is_none_or(|code| code.result != WordType::Str) {
            return Ok(None);
        }
        let scope = self.scope(world, chunk);
        world.eval(self.live.program, scope, |env, frame, fuel| {
            let text = eval_str(env, chunk, frame, fuel)?;
            Ok(Some(text.map(write).is_some()))
        })
    }

    /// A value as text.
    fn text(&self, world: &mut World<'a>, chunk: ChunkId) -> Result<Option<String>, Fault> {
        let mut out = world.texts().blank();
        match self.string(world, chunk, |text| out.push_str(text))? {
            Some(has_value) => Ok(has_value.then_some(out)),
            None => Ok(self.value(world, chunk)?.map(plain)),
        }
    }

    fn value(&self, world: &mut World<'a>, chunk: ChunkId) -> Result<Option<Value>, Fault> {
        // Expressions of a declaration see its arguments, never the variables of whoever calls it.
        let scope = self.scope(world, chunk);
        let value = world.eval(self.live.program, scope, |env, frame, fuel| {
            eval_value(env, chunk, frame, fuel)
        })?;
        Ok(if matches!(value, Value::Missing) {
            None
        } else {
            Some(value)
        })
    }

    /// Where it goes; `None` when data leaves no way there.
    fn url(&self, world: &mut World<'a>, chunk: ChunkId) -> Result<Option<String>, Fault> {
        match self.text(world, chunk)? {
            Some(url) => Ok(address(url)),
            None => Err(Fault::Corrupt("a call's URL has no value")),
        }
    }

    /// Pairs whose value is missing are left out.
    fn pairs(
        &self,
        world: &mut World<'a>,
        pairs: &[(StrId, Template)],
    ) -> Result<Vec<(String, Text)>, Fault> {
        let mut out = Vec::with_capacity(pairs.len());
        for (name, template) in pairs {
            if let Some(value) = self.template(world, *template)? {
                out.push((world.copy(self.live.text(*name)), value));
            }
        }
        Ok(out)
    }

    /// The same where they are headers.
    fn headers(
        &self,
        world: &mut World<'a>,
        headers: &[(StrId, Template)],
    ) -> Result<Vec<(String, Text)>, Fault> {
        let pairs = self.pairs(world, headers)?.into_iter();
        Ok(pairs.map(|(name, text)| (name, one_line(text))).collect())
    }

    fn template(&self, world: &mut World<'a>, template: Template) -> Result<Option<Text>, Fault> {
        Ok(match template {
            Template::Secret(name) => Some(Text::Secret(world.copy(self.live.text(name)))),
            Template::Value(chunk) => self.text(world, chunk)?.map(Text::Plain),
        })
    }

    /// Fields of an object of scalars and secrets; those whose value is missing are left out.
    fn fields(
        &self,
        world: &mut World<'a>,
        fields: &[(StrId, Template)],
    ) -> Result<Vec<(String, Field)>, Fault> {
        let mut out = Vec::with_capacity(fields.len());
        for (name, template) in fields {
            let value = match template {
                Template::Secret(secret) => Field::Secret(world.copy(self.live.text(*secret))),
                Template::Value(chunk) => {
                    let mut json = world.texts().blank();
                    if !self.json(world, &Json::Value(*chunk), &mut json)? {
                        continue;
                    }
                    Field::Json(json)
                }
            };
            out.push((world.copy(self.live.text(*name)), value));
        }
        Ok(out)
    }

    /// A part of an authentication: empty when its value is missing.
    fn part(&self, world: &mut World<'a>, template: Template) -> Result<Text, Fault> {
        Ok(self
            .template(world, template)?
            .unwrap_or(Text::Plain(String::new())))
    }

    /// How it says who asks; `None` when a token is to be had nowhere.
    fn auth(&self, world: &mut World<'a>) -> Result<Option<AuthRequest>, Fault> {
        let text = |world: &mut World<'a>, id| world.copy(self.live.text(id));
        Ok(Some(match &self.decl.auth {
            Auth::None => AuthRequest::None,
            Auth::Basic(user, password) => AuthRequest::Basic {
                user: self.part(world, *user)?,
                password: self.part(world, *password)?,
            },
            Auth::Header(name, value) => {
                AuthRequest::Header(text(world, *name), one_line(self.part(world, *value)?))
            }
            Auth::Query(name, value) => {
                AuthRequest::Query(text(world, *name), self.part(world, *value)?)
            }
            Auth::Bearer(value) => AuthRequest::Bearer(one_line(self.part(world, *value)?)),
            Auth::Token(token) => AuthRequest::Token {
                url: match self.url(world, token.url)? {
                    Some(url) => url,
                    None => return Ok(None),
                },
                body: self.fields(world, &token.body)?,
                token_path: text(world, token.token_path),
                expires_path: token.expires_path.map(|id| text(world, id)),
                cache_ms: token.cache_ms,
                place: match token.place {
                    TokenPlace::Bearer => TokenGoes::Bearer,
                    TokenPlace::Header(name) => TokenGoes::Header(text(world, name)),
                    TokenPlace::Query(name) => TokenGoes::Query(text(world, name)),
                },
            },
        }))
    }

    /// Fields whose value is missing are left out of objects and are `null` in arrays.
    fn json(&self, world: &mut World<'a>, json: &Json, out: &mut String) -> Result<bool, Fault> {
        match json {
            Json::Value(chunk) => {
                let string = self.string(world, *chunk, |text| value::json::quote(text, out))?;
                if let Some(has_value) = string {
                    return Ok(has_value);
                }
                let Some(value) = self.value(world, *chunk)? else {
                    return Ok(false);
                };
                value::write_json(&value, out);
            }
            Json::Array(items) => {
                out.push('[');
                for (ix, item) in items.iter().enumerate() {
                    out.push_str(if ix == 0 { "" } else { "," });
                    if !self.json(world, item, out)? {
                        out.push_str("null");
                    }
                }
                out.push(']');
            }
            Json::Object(fields) => {
                out.push('{');
                for (name, item) in fields {
                    let before = out.len();
                    out.push_str(if out.ends_with('{') { "" } else { "," });
                    value::json::quote(self.live.text(*name), out);
                    out.push(':');
                    if !self.json(world, item, out)? {
                        out.truncate(before);
                    }
                }
                out.push('}');
            }
        }
        Ok(true)
    }
}

/// A text as a header's value: a line break in data must not begin another header, so it, and every other control character but
/// the tab, becomes a space (RFC 9110, 5.5).
fn one_line(text: Text) -> Text {
    let breaks = |c: char| c.is_control() && c != '\t';
    match text {
        Text::Plain(text) if text.contains(breaks) => Text::Plain(text.replace(breaks, " ")),
        other => other,
    }
}

/// A scalar as text: a string as it is, everything else as in JSON without quotes.
fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => {
            let json = value::to_json(&other);
            match json
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
            {
                Some(inner) => inner.to_owned(),
                None => json,
            }
        }
    }
}
