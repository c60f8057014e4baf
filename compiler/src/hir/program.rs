//! The whole program, its events, its sources and actions.

use super::expr::Expr;
use super::journey::Journey;
use super::test::Test;
use crate::source::Span;
use crate::types::Type;

/// A checked package.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Package name and version.
    pub name: String,
    /// Package version.
    pub version: String,
    /// The environment whose values were put in.
    pub environment: Option<String>,
    /// `$id` and type of the profile schema, if the package has one.
    pub profile: Option<(String, Type)>,
    /// Identity namespaces, the preferred first.
    pub identities: Vec<String>,
    /// Events, by source order over sorted files.
    pub events: Vec<Event>,
    /// Sources and actions.
    pub calls: Vec<Call>,
    /// Journeys.
    pub journeys: Vec<Journey>,
    /// Tests.
    pub tests: Vec<Test>,
}

/// An event declaration.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its documentation.
    pub doc: String,
    /// `$id` of its schema.
    pub schema: String,
    /// Type of its record.
    pub ty: Type,
    /// Boolean over `Root::Input`; for a system-generated event the test of its id.
    pub condition: Option<Expr>,
    /// String over `Root::Input`; `None` for a business event.
    pub key: Option<Expr>,
    /// Namespace of the key.
    pub namespace: Option<String>,
    /// What makes two of them the same (string over `Root::Input`), and for how many milliseconds.
    pub dedupe: Option<(Expr, u64)>,
    /// About no person.
    pub business: bool,
    /// The declaration's name.
    pub span: Span,
}

/// A source or an action. Its parameters are fields of `Root::Input` in the templates.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// Its documentation.
    pub doc: String,
    /// `source`, not `action`.
    pub is_source: bool,
    /// Parameters in order: name, type, optional.
    pub params: Vec<(String, Type, bool)>,
    /// HTTP method, upper case.
    pub method: String,
    /// String.
    pub url: Expr,
    /// Query parameters.
    pub query: Vec<(String, Template)>,
    /// Headers.
    pub headers: Vec<(String, Template)>,
    /// JSON body: a record, list or scalar expression; records are written field by field.
    pub body: Option<Expr>,
    /// Authentication.
    pub auth: Auth,
    /// Milliseconds.
    pub timeout_ms: u64,
    /// Attempts after the first, first and longest pause (ms).
    pub retry: (u32, u64, u64),
    /// Count, window ms, queue ms (None: drop).
    pub limit: Option<(u64, u64, Option<u64>)>,
    /// Milliseconds, 0 never.
    pub cache_ms: u64,
    /// Header that carries the idempotency key.
    pub idempotency_header: Option<String>,
    /// Type of the response; `None`: nothing is read.
    pub response: Option<Type>,
    /// Type of a failure's body.
    pub failure: Option<Type>,
    /// Channel.
    pub channel: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// The declaration's name.
    pub span: Span,
}

/// A value in a request.
#[derive(Clone, Debug)]
pub enum Template {
    /// A scalar expression, written as text; in the request for a token, as JSON.
    Value(Expr),
    /// A secret by name.
    Secret(String),
}

/// Authentication of a call.
#[derive(Clone, Debug)]
pub enum Auth {
    /// None.
    None,
    /// User, password.
    Basic(Template, Template),
    /// Header.
    Header(String, Template),
    /// Query parameter.
    Query(String, Template),
    /// Bearer token.
    Bearer(Template),
    /// The two-step kind.
    Token {
        /// Where to ask.
        url: Expr,
        /// What to send.
        body: Vec<(String, Template)>,
        /// Path of the token in the answer, as [`journey_artifact::path`] writes it.
        token_path: String,
        /// Path of its lifetime in seconds, likewise.
        expires_path: Option<String>,
        /// How long it is kept otherwise.
        cache_ms: u64,
        /// Where it goes.
        place: TokenPlace,
    },
}

/// Where a fetched token goes.
#[derive(Clone, Debug)]
pub enum TokenPlace {
    /// Bearer.
    Bearer,
    /// Header of this name.
    Header(String),
    /// Query parameter of this name.
    Query(String),
}
