//! `auth token`: the request for a token, and where in its answer the token is.

use super::call::{Lines, secret};
use super::expr::{ExprCx, unparen};
use crate::diag::{Code, Diagnostic};
use crate::hir::{Auth, Template, TokenPlace};
use crate::source::Span;
use journey_artifact::path;
use journey_grammar::ast::{self, AstNode};

/// How long a fetched token is kept when neither the answer nor the declaration says.
const TOKEN_MS: u64 = 300_000;

impl<'a> ExprCx<'a> {
    /// The two-step kind of authentication; `None` when it was reported.
    pub fn token(&mut self, t: ast::AuthToken<'a>) -> Option<Auth> {
        let (mut url, mut body, mut token, mut expires) = (None, Vec::new(), None, None);
        let (mut cache_ms, mut place) = (TOKEN_MS, TokenPlace::Bearer);
        let mut seen = Lines::default();
        for item in t.items() {
            let (at, word) = (self.span(item), word_of(item));
            if word != "header" && !self.is_first(&mut seen, word, at) {
                continue;
            }
            match item {
                ast::TokenItem::Http(line) => {
                    if line.method().is_some_and(|method| method != "post") {
                        self.token_not_yet(self.span(line));
                    }
                    url = line.url().map(|u| self.address(u));
                }
                ast::TokenItem::Json(j) => match j.value().map(unparen) {
                    Some(ast::Expr::Record(r)) => body = self.fields(r, Self::token_field),
                    _ if j.has_error() => {}
                    _ => self.no_token_request(self.span(j)),
                },
                ast::TokenItem::At(a) => {
                    // One that is none was told.
                    token = a.path().map(|p| self.answer_path(p).unwrap_or_default());
                }
                ast::TokenItem::Expires(x) => expires = x.path().and_then(|p| self.answer_path(p)),
                ast::TokenItem::Cache(c) => {
                    cache_ms = c
                        .duration()
                        .and_then(|d| self.fixed_ms(d, "the time to keep a token"))
                        .unwrap_or(TOKEN_MS);
                }
                ast::TokenItem::As(a) => {
                    place = match (a.place(), a.name()) {
                        (Some("header"), Some(name)) => TokenPlace::Header(self.header(name)?),
                        (Some("query"), Some(name)) => {
                            TokenPlace::Query(self.plain(name, "a parameter's name")?)
                        }
                        _ => TokenPlace::Bearer,
                    };
                }
                ast::TokenItem::Query(_) | ast::TokenItem::Header(_) | ast::TokenItem::Form(_) => {
                    self.token_not_yet(self.span(item));
                }
            }
        }
        let at = self.span(t);
        match (url, token) {
            (Some(url), Some(token_path)) => Some(Auth::Token {
                url,
                body,
                token_path,
                expires_path: expires,
                cache_ms,
                place,
            }),
            // What could not be read may have been it.
            _ if t.has_error() => None,
            _ => {
                let d = Diagnostic::new(
                    Code::MissingSetting,
                    at,
                    "`auth token` needs an address (`post \"…\"`) and `token at PATH`",
                );
                self.report(d);
                None
            }
        }
    }

    fn token_not_yet(&mut self, at: Span) {
        let message = "a token's request takes only `post` and `json` yet";
        self.report(Diagnostic::new(Code::NotYet, at, message).label("not yet"));
    }

    /// A scalar that is there, as JSON, or a secret by itself.
    fn token_field(&mut self, e: ast::Expr<'a>) -> Template {
        secret(e).unwrap_or_else(|| {
            let value = self.infer(e);
            if !value.ty.is_scalar() && !value.ty.is_error() {
                self.no_token_request(value.span);
            }
            Template::Value(self.present(value, "a request's value"))
        })
    }

    fn no_token_request(&mut self, at: Span) {
        let message = "the token's request is a record of scalars and secrets";
        self.report(Diagnostic::new(Code::TypeMismatch, at, message));
    }

    /// Where in an answer something is: names, `data.token` or `data["access-token"]`.
    fn answer_path(&mut self, e: ast::Expr<'a>) -> Option<String> {
        let names = answer_names(e);
        if names.is_none() && !e.has_error() {
            let at = self.span(e);
            let message = "this is no path to a field of an answer";
            let d = Diagnostic::new(Code::WrongKind, at, message);
            self.report(d.why("a path is names: `access_token`, `data[\"access-token\"]`"));
        }
        names.map(|names| path::join(names.iter().map(String::as_str)))
    }
}

fn word_of(item: ast::TokenItem<'_>) -> &'static str {
    match item {
        ast::TokenItem::Http(_) => "the address",
        ast::TokenItem::Query(_) => "query",
        ast::TokenItem::Header(_) => "header",
        ast::TokenItem::Json(_) => "json",
        ast::TokenItem::Form(_) => "form",
        ast::TokenItem::At(_) => "token at",
        ast::TokenItem::Expires(_) => "expires at",
        ast::TokenItem::Cache(_) => "cache",
        ast::TokenItem::As(_) => "as",
    }
}

/// The names that lead to a field of an answer; `None` for what is more.
fn answer_names(e: ast::Expr<'_>) -> Option<Vec<String>> {
    let (mut names, mut at) = (Vec::new(), e);
    loop {
        let (name, before) = match at {
            ast::Expr::Name(name) => (name.text().to_owned(), None),
            ast::Expr::Field(field) => (field.name()?.text().to_owned(), Some(field.receiver()?)),
            ast::Expr::Index(index) => match index.index()? {
                ast::Expr::Str(key) => (key.plain()?, Some(index.receiver()?)),
                _ => return None,
            },
            _ => return None,
        };
        names.push(name);
        match before {
            Some(before) => at = before,
            None => break,
        }
    }
    names.reverse();
    Some(names)
}
