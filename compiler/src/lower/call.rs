//! Sources and actions.
//!
//! Comes in: checked declarations. Goes out: their templates as chunks over the arguments row. Never true here: a secret's
//! value; a body that is more than objects, arrays and computed values.

use super::expr::{self, Scope};
use super::needs::Seg;
use super::pass::Pass;
use super::rows::RowKey;
use super::whole;
use crate::diag::Code;
use crate::hir::{self, Call, CallId, Expr, ExprKind};
use crate::types::Type;
use journey_artifact::model::{
    Auth, CallDecl, Json, Limit, PlanId, Retry, StrId, Template, TokenAuth, TokenPlace,
};
use journey_artifact::word::ShapeId;

/// The row of a call's arguments.
pub fn args_row(pass: &mut Pass<'_>, call: CallId) -> ShapeId {
    pass.rows.id(RowKey::Args(call))
}

/// A declaration.
pub fn lower(pass: &mut Pass<'_>, id: CallId, call: &Call) -> CallDecl {
    let args = args_row(pass, id);
    let scope = Scope {
        vars: None,
        input: Some(args),
    };
    for (name, ty, _) in &call.params {
        // Every argument is kept, also one that only reports show.
        let word = pass.rows.word(ty);
        pass.value(args, &[Seg::Field(name)], word);
    }
    CallDecl {
        name: pass.pool.text(&call.name),
        is_source: call.is_source,
        args,
        method: pass.pool.text(&call.method),
        url: expr::value(pass, scope, &call.url, &Type::String),
        query: templates(pass, scope, &call.query),
        headers: templates(pass, scope, &call.headers),
        body: call.body.as_ref().map(|body| json(pass, scope, body)),
        auth: auth(pass, scope, &call.auth),
        timeout_ms: call.timeout_ms,
        retry: Retry {
            times: call.retry.0,
            min_ms: call.retry.1,
            max_ms: call.retry.2,
        },
        limit: call.limit.map(|(count, per_ms, queue_ms)| Limit {
            count,
            per_ms,
            queue_ms,
        }),
        cache_ms: call.cache_ms,
        idempotency_header: call
            .idempotency_header
            .as_ref()
            .map(|name| pass.pool.text(name)),
        response: call
            .response
            .as_ref()
            .and_then(|ty| answer(pass, RowKey::Response(id), call, ty)),
        failure: call
            .failure
            .as_ref()
            .and_then(|ty| answer(pass, RowKey::Failure(id), call, ty)),
        channel: call.channel.as_ref().map(|name| pass.pool.text(name)),
        category: call.category.as_ref().map(|name| pass.pool.text(name)),
    }
}

/// The plan of an answer, when anything of it is read.
fn answer(pass: &mut Pass<'_>, key: RowKey, call: &Call, ty: &Type) -> Option<PlanId> {
    let row = pass.rows.id(key);
    if pass.slots(row).is_empty() {
        return None;
    }
    if !matches!(ty, Type::Record(_) | Type::Map(_)) {
        let why = "an answer that is an object with fields can be read";
        pass.problem(
            Code::NotYet,
            call.span,
            "an answer that is not an object is read",
            why,
        );
        return None;
    }
    Some(pass.plan(row, &call.name, ty))
}

fn templates(
    pass: &mut Pass<'_>,
    scope: Scope<'_>,
    all: &[(String, hir::Template)],
) -> Vec<(StrId, Template)> {
    all.iter()
        .map(|(name, value)| (pass.pool.text(name), template(pass, scope, value)))
        .collect()
}

fn template(pass: &mut Pass<'_>, scope: Scope<'_>, value: &hir::Template) -> Template {
    match value {
        hir::Template::Value(e) => Template::Value(expr::value(pass, scope, e, &e.ty)),
        hir::Template::Secret(name) => Template::Secret(pass.pool.text(name)),
    }
}

fn json(pass: &mut Pass<'_>, scope: Scope<'_>, e: &Expr) -> Json {
    match &e.kind {
        ExprKind::Record(fields) => Json::Object(
            fields
                .iter()
                .map(|(name, e)| (pass.pool.text(name), json(pass, scope, e)))
                .collect(),
        ),
        ExprKind::List(items) => Json::Array(items.iter().map(|e| json(pass, scope, e)).collect()),
        _ => {
            whole::take(pass, &e.ty, e.span);
            Json::Value(expr::value(pass, scope, e, &e.ty))
        }
    }
}

fn auth(pass: &mut Pass<'_>, scope: Scope<'_>, auth: &hir::Auth) -> Auth {
    match auth {
        hir::Auth::None => Auth::None,
        hir::Auth::Basic(user, password) => {
            Auth::Basic(template(pass, scope, user), template(pass, scope, password))
        }
        hir::Auth::Header(name, value) => {
            Auth::Header(pass.pool.text(name), template(pass, scope, value))
        }
        hir::Auth::Query(name, value) => {
            Auth::Query(pass.pool.text(name), template(pass, scope, value))
        }
        hir::Auth::Bearer(value) => Auth::Bearer(template(pass, scope, value)),
        hir::Auth::Token {
            url,
            body,
            token_path,
            expires_path,
            cache_ms,
            place,
        } => Auth::Token(Box::new(TokenAuth {
            url: expr::value(pass, scope, url, &Type::String),
            body: templates(pass, scope, body),
            token_path: pass.pool.text(token_path),
            expires_path: expires_path.as_ref().map(|path| pass.pool.text(path)),
            cache_ms: *cache_ms,
            place: match place {
                hir::TokenPlace::Bearer => TokenPlace::Bearer,
                hir::TokenPlace::Header(name) => TokenPlace::Header(pass.pool.text(name)),
                hir::TokenPlace::Query(name) => TokenPlace::Query(pass.pool.text(name)),
            },
        })),
    }
}
