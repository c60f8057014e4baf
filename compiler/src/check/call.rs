//! Sources and actions: parameters, the HTTP request, and what comes back.

use super::decl::parameters;
use super::expr::{ExprCx, Local, Scope, build, unparen};
use super::typeref;
use super::world::{CallSig, Declared, World};
use crate::diag::{Bag, Code, Diagnostic};
use crate::hir::{Auth, Call, CallId, Expr, ExprKind, Root, Template};
use crate::source::Span;
use crate::types::Type;
use journey_artifact::limits;
use journey_grammar::ast::{self, AstNode, CallItem};
use std::collections::BTreeMap;

/// How long an attempt may take unless the declaration says otherwise.
const TIMEOUT_MS: u64 = 10_000;
/// First and longest pause between attempts when `retry N` names none.
const BACKOFF_MS: (u64, u64) = (200, 30_000);

/// Gives every source and action its id, parameters and types.
pub fn signatures(world: &mut World<'_>, bag: &mut Bag, next_local: &mut u32) {
    let mut found: Vec<(&String, Declared<'_>)> = world
        .decls
        .iter()
        .filter(|(_, d)| matches!(d.decl, ast::Decl::Source(_) | ast::Decl::Action(_)))
        .map(|(n, d)| (n, *d))
        .collect();
    found.sort_by_key(|(_, d)| d.span);
    let mut calls = BTreeMap::new();
    for (n, (name, declared)) in found.into_iter().enumerate() {
        let (params, returns, is_source) = match declared.decl {
            ast::Decl::Source(s) => (s.params(), s.returns(), true),
            ast::Decl::Action(a) => (a.params(), a.returns(), false),
            _ => continue,
        };
        let params = parameters(world, bag, &declared, params, next_local);
        let response = returns.map(|r| typeref::present(world, bag, declared.file, r));
        let failure = items(declared.decl).find_map(|i| match i {
            CallItem::Failure(f) => f
                .ty()
                .map(|t| typeref::present(world, bag, declared.file, t)),
            _ => None,
        });
        // A broken part may have been about to say it.
        let failure = failure.or(declared.decl.has_error().then_some(Type::Error));
        for (ty, what) in [(&response, "a response"), (&failure, "a failure's body")] {
            if let Some(ty) = ty
                && !matches!(ty, Type::Record(_) | Type::Error)
            {
                let d = Diagnostic::new(
                    Code::TypeMismatch,
                    declared.span,
                    format!("{what} is a record, and this is {}", ty.article()),
                );
                bag.push(d.why("the body of an answer is a JSON object"));
            }
        }
        let sig = CallSig {
            id: CallId(n as u32),
            params,
            response,
            failure,
            is_source,
            span: declared.span,
        };
        calls.insert(name.clone(), sig);
    }
    world.calls = calls;
}

fn items<'a>(decl: ast::Decl<'a>) -> Box<dyn Iterator<Item = CallItem<'a>> + 'a> {
    match decl {
        ast::Decl::Source(s) => Box::new(s.items()),
        ast::Decl::Action(a) => Box::new(a.items()),
        _ => Box::new(std::iter::empty()),
    }
}

/// Checks one source or action.
pub fn check<'a>(
    world: &World<'a>,
    bag: &mut Bag,
    declared: &Declared<'a>,
    next_local: &mut u32,
) -> Option<Call> {
    let name = declared.decl.name()?.text().to_string();
    let sig = world.calls.get(&name)?.clone();
    // Parameters are fields of the input record; the locals only keep the names in scope.
    let input = super::expr::Input {
        ty: sig.arguments(),
        bare: true,
        alias: None,
    };
    let scope = Scope {
        input: Some(input),
        locals: Vec::<Local>::new(),
        ..Scope::default()
    };
    let mut cx = ExprCx {
        world,
        bag,
        file: declared.file,
        scope,
        next_local,
    };
    let nothing = build::text("", declared.span);
    let mut call = Call {
        name: name.clone(),
        doc: declared.decl.doc().unwrap_or_default(),
        is_source: sig.is_source,
        params: sig
            .params
            .iter()
            .map(|(n, _, t)| (n.clone(), t.ty.clone(), t.opt))
            .collect(),
        method: String::new(),
        url: nothing,
        query: Vec::new(),
        headers: Vec::new(),
        body: None,
        auth: Auth::None,
        timeout_ms: TIMEOUT_MS,
        retry: (0, BACKOFF_MS.0, BACKOFF_MS.1),
        limit: None,
        cache_ms: 0,
        idempotency_header: None,
        response: sig.response.clone(),
        failure: sig.failure.clone(),
        channel: None,
        category: None,
        span: declared.span,
    };
    let mut seen = Lines::default();
    for item in items(declared.decl) {
        let (span, word) = (cx.span(item), word_of(item));
        if word == "header" || cx.is_first(&mut seen, word, span) {
            cx.call_item(item, &mut call);
        }
    }
    if call.method.is_empty() && !declared.decl.has_error() {
        let d = Diagnostic::new(
            Code::MissingSetting,
            declared.span,
            format!("`{name}` does not say where to call"),
        )
        .why("one line names method and address: `get \"https://…\"`, `post \"https://…\"`");
        cx.report(d);
    }
    if !sig.is_source && call.cache_ms > 0 {
        let at = seen.get("cache").copied().unwrap_or(declared.span);
        cx.report(Diagnostic::new(
            Code::WrongKind,
            at,
            "an action is never answered from a cache: it must happen",
        ));
    }
    Some(call)
}

/// The lines so far, by their word.
pub(super) type Lines = BTreeMap<&'static str, Span>;

fn word_of(item: CallItem<'_>) -> &'static str {
    match item {
        CallItem::Http(_) => "the address",
        CallItem::Query(_) => "query",
        CallItem::Header(_) => "header",
        CallItem::Json(_) => "json",
        CallItem::Form(_) => "form",
        CallItem::Auth(_) => "auth",
        CallItem::Cache(_) => "cache",
        CallItem::Timeout(_) => "timeout",
        CallItem::Retry(_) => "retry",
        CallItem::Limit(_) => "limit",
        CallItem::Idempotency(_) => "idempotency",
        CallItem::Channel(_) => "channel",
        CallItem::Category(_) => "category",
        CallItem::Failure(_) => "failure",
    }
}

impl<'a> ExprCx<'a> {
    /// Whether no line before has this word; says so otherwise.
    pub(super) fn is_first(&mut self, seen: &mut Lines, word: &'static str, at: Span) -> bool {
        let Some(first) = seen.get(word).copied() else {
            seen.insert(word, at);
            return true;
        };
        let message = format!("`{word}` stands twice");
        let d = Diagnostic::new(Code::DuplicateSetting, at, message);
        self.report(d.related(first, "first here"));
        false
    }

    fn call_item(&mut self, item: CallItem<'a>, call: &mut Call) {
        match item {
            CallItem::Http(line) => {
                call.method = line.method().unwrap_or("get").to_uppercase();
                if let Some(url) = line.url() {
                    call.url = self.address(url);
                }
            }
            CallItem::Query(q) => {
                let value = |cx: &mut Self, e| cx.template(e, "a request's value");
                call.query = q.record().map_or_else(Vec::new, |r| self.fields(r, value));
            }
            CallItem::Header(h) => {
                let name = h.name().and_then(|n| self.header(n));
                let value = h.value().map(|v| self.in_header(v, "a header"));
                call.headers.extend(name.zip(value));
            }
            CallItem::Json(j) => call.body = j.value().map(|v| self.body(v)),
            CallItem::Form(f) => {
                let at = self.span(f);
                self.report(
                    Diagnostic::new(Code::NotYet, at, "form bodies are not built yet")
                        .label("not yet"),
                );
            }
            CallItem::Auth(a) => {
                if let Some(auth) = a.auth().and_then(|a| self.auth(a)) {
                    call.auth = auth;
                }
            }
            CallItem::Cache(c) => {
                call.cache_ms = c
                    .duration()
                    .and_then(|d| self.fixed_ms(d, "the time to keep an answer"))
                    .unwrap_or(0);
            }
            CallItem::Timeout(t) => {
                call.timeout_ms = t
                    .duration()
                    .and_then(|d| self.fixed_ms(d, "the timeout"))
                    .unwrap_or(TIMEOUT_MS);
            }
            CallItem::Retry(r) => call.retry = self.retry(r),
            CallItem::Limit(l) => call.limit = self.rate(l),
            CallItem::Idempotency(i) => {
                call.idempotency_header = i.header().and_then(|n| self.header(n))
            }
            CallItem::Channel(c) => call.channel = c.name().map(|n| n.text().to_string()),
            CallItem::Category(c) => call.category = c.name().map(|n| n.text().to_string()),
            CallItem::Failure(_) => {}
        }
    }

    fn retry(&mut self, r: ast::RetryItem<'a>) -> (u32, u64, u64) {
        let times = r
            .count()
            .and_then(|c| self.fixed_count(c, "the number of retries", 0..=limits::RETRIES.into()))
            .map_or(0, |n| n as u32);
        let from = r
            .backoff_from()
            .and_then(|d| self.fixed_ms(d, "the first pause"));
        let to = r
            .backoff_to()
            .and_then(|d| self.fixed_ms(d, "the longest pause"));
        let first = from.unwrap_or(BACKOFF_MS.0);
        let longest = to.unwrap_or(if from.is_some() { first } else { BACKOFF_MS.1 });
        if longest < first {
            let at = self.span(r);
            self.report(Diagnostic::new(
                Code::EmptyWait,
                at,
                "the longest pause is shorter than the first",
            ));
        }
        (times, first, longest.max(first))
    }

    fn rate(&mut self, l: ast::RateLimit<'a>) -> Option<(u64, u64, Option<u64>)> {
        let count = self.fixed_count(l.count()?, "the number of calls", 1..=i64::MAX)?;
        let per = self.fixed_ms(l.per()?, "the window")?;
        let over = l.over()?;
        let queue = match over.queue_for() {
            Some(d) if !over.is_drop() => Some(self.fixed_ms(d, "the time in the queue")?),
            _ => None,
        };
        Some((count as u64, per, queue))
    }

    /// The fields of a record that is written out, each by itself.
    pub fn fields(
        &mut self,
        r: ast::RecordExpr<'a>,
        of: impl Fn(&mut Self, ast::Expr<'a>) -> Template,
    ) -> Vec<(String, Template)> {
        let mut out: Vec<(String, Template)> = Vec::new();
        for field in r.fields() {
            let (Some((name, at)), Some(value)) = (self.key(field), field.value()) else {
                continue;
            };
            if out.iter().any(|(n, _)| *n == name) {
                self.report(Diagnostic::new(
                    Code::DuplicateName,
                    at,
                    format!("`{name}` stands twice"),
                ));
                continue;
            }
            let value = of(self, value);
            out.push((name, value));
        }
        out
    }

    /// A scalar that is there, as text, or a secret by itself.
    fn template(&mut self, e: ast::Expr<'a>, what: &str) -> Template {
        secret(e).unwrap_or_else(|| {
            let value = self.infer(e);
            let text = self.to_text(value);
            Template::Value(self.present(text, what))
        })
    }

    /// The same where it is sent as a header.
    fn in_header(&mut self, e: ast::Expr<'a>, what: &str) -> Template {
        let template = self.template(e, what);
        if let Template::Value(value) = &template {
            self.header_value(value);
        }
        template
    }

    /// A JSON body: every value in it must be there.
    fn body(&mut self, e: ast::Expr<'a>) -> Expr {
        let checked = self.infer(e);
        self.whole(checked)
    }

    /// Records and lists written out are asked field by field, so that the message points at the one that may be missing.
    pub fn whole(&mut self, e: Expr) -> Expr {
        match e.kind {
            ExprKind::Record(fields) => {
                let fields = fields
                    .into_iter()
                    .map(|(n, v)| (n, self.whole(v)))
                    .collect();
                Expr {
                    kind: ExprKind::Record(fields),
                    ..e
                }
            }
            ExprKind::List(items) => {
                let items = items.into_iter().map(|v| self.whole(v)).collect();
                Expr {
                    kind: ExprKind::List(items),
                    ..e
                }
            }
            ExprKind::Root(Root::Input) => e,
            _ => {
                if e.ty.is_undescribed() {
                    let d = Diagnostic::new(
                        Code::TypeMismatch,
                        e.span,
                        "the schema says nothing of this value, so it cannot be sent",
                    );
                    self.report(d);
                    return build::error(e.span);
                }
                self.whole_lists(&e, "a request's value");
                self.present(e, "a request's value")
            }
        }
    }

    fn auth(&mut self, a: ast::Auth<'a>) -> Option<Auth> {
        Some(match a {
            ast::Auth::None(_) => Auth::None,
            ast::Auth::Basic(b) => return self.basic(b),
            ast::Auth::Header(h) => Auth::Header(
                self.header(h.name()?)?,
                self.in_header(h.value()?, "a credential"),
            ),
            ast::Auth::Query(q) => Auth::Query(
                self.plain(q.name()?, "a parameter's name")?,
                self.template(q.value()?, "a credential"),
            ),
            ast::Auth::Bearer(b) => Auth::Bearer(self.in_header(b.value()?, "a credential")),
            ast::Auth::Token(t) => return self.token(t),
        })
    }

    /// `basic(user, password)`: named or in order.
    fn basic(&mut self, b: ast::AuthBasic<'a>) -> Option<Auth> {
        const NAMES: [&str; 2] = ["user", "password"];
        let mut found = [None, None];
        let (mut whole, mut many) = (true, false);
        for (place, arg) in b.args()?.args().enumerate() {
            let value = arg.value?;
            let at = self.span(value);
            let index = match arg.name {
                None => place,
                Some(name) => match NAMES.iter().position(|known| *known == name.text()) {
                    Some(index) => index,
                    None => {
                        let message = format!("there is no parameter `{}`", name.text());
                        let d = Diagnostic::new(Code::UnknownParameter, self.span(name), message);
                        self.report(d.did_you_mean(name.text(), NAMES));
                        whole = false;
                        continue;
                    }
                },
            };
            let template = self.template(value, "a credential");
            match found.get_mut(index) {
                Some(slot @ None) => *slot = Some(template),
                Some(Some(_)) => {
                    let message = format!("`{}` is given twice", NAMES[index]);
                    let d = Diagnostic::new(Code::DuplicateName, at, message);
                    self.report(d.label("given again"));
                    whole = false;
                }
                None => many = true,
            }
        }
        match found {
            _ if !whole => None,
            [Some(user), Some(password)] if !many => Some(Auth::Basic(user, password)),
            _ => {
                let message = "`basic` takes a user and a password";
                self.report(Diagnostic::new(Code::WrongArguments, self.span(b), message));
                None
            }
        }
    }
}

/// A secret by itself.
pub(super) fn secret(e: ast::Expr<'_>) -> Option<Template> {
    let ast::Expr::Field(f) = unparen(e) else {
        return None;
    };
    match (f.receiver(), f.name()) {
        (Some(ast::Expr::Name(base)), Some(name)) if base.text() == "secret" => {
            Some(Template::Secret(name.text().to_string()))
        }
        _ => None,
    }
}
