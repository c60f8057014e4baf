//! Views of what a `source` or an `action` says about its HTTP call.

use super::{
    expr::{ArgList, Expr, RecordExpr, StringLit},
    name::Name,
    types::TypeRef,
    view::{accessors, choice, views},
};

views! {
    /// `get "url"`
    HttpLine,
    /// `query { q: city }`
    QueryItem,
    /// `header "Name" value`
    HeaderItem,
    /// `json { … }`
    JsonItem,
    /// `form { … }`
    FormItem,
    /// `cache 10m`
    CacheItem,
    /// `timeout 5s`
    TimeoutItem,
    /// `retry 3 backoff 200ms..5s`
    RetryItem,
    /// `limit 500 per 1s else …`
    RateLimit,
    /// `drop` or `queue for 6h`
    OverLimit,
    /// `idempotency header "Name"`
    IdempotencyItem,
    /// `channel push`
    ChannelItem,
    /// `category marketing`
    CategoryItem,
    /// `failure Type`
    FailureItem,
    /// `auth …`
    AuthItem,
    /// `none`
    AuthNone,
    /// `basic(user, password)`
    AuthBasic,
    /// `header "Name" value`
    AuthHeader,
    /// `query "name" value`
    AuthQuery,
    /// `bearer value`
    AuthBearer,
    /// `token { … }`, the two-step kind.
    AuthToken,
    /// `token at PATH`
    TokenAt,
    /// `expires at PATH`
    TokenExpires,
    /// `as bearer`, `as header "Name"`, `as query "name"`
    TokenAs,
}

choice! {
    /// One line of a `source` or an `action`.
    CallItem {
        Http(HttpLine), Query(QueryItem), Header(HeaderItem), Json(JsonItem), Form(FormItem), Auth(AuthItem), Cache(CacheItem),
        Timeout(TimeoutItem), Retry(RetryItem), Limit(RateLimit), Idempotency(IdempotencyItem), Channel(ChannelItem),
        Category(CategoryItem), Failure(FailureItem),
    }
}

choice! {
    /// A kind of authentication.
    Auth {
        None(AuthNone), Basic(AuthBasic), Header(AuthHeader), Query(AuthQuery), Bearer(AuthBearer), Token(AuthToken),
    }
}

choice! {
    /// One line of `auth token { … }`.
    TokenItem {
        Http(HttpLine), Query(QueryItem), Header(HeaderItem), Json(JsonItem), Form(FormItem), At(TokenAt), Expires(TokenExpires),
        Cache(CacheItem), As(TokenAs),
    }
}

accessors!(HttpLine { /// The address.
    url: first Expr });
accessors!(QueryItem { /// The parameters.
    record: first RecordExpr });
accessors!(FormItem { /// The fields.
    record: first RecordExpr });
accessors!(JsonItem { /// The body.
    value: first Expr });
accessors!(HeaderItem { /// The header's name.
    name: first StringLit, /// Its value.
    value: nth(1) Expr });
accessors!(CacheItem { /// How long an answer may be used again.
    duration: first Expr });
accessors!(TimeoutItem { /// How long to wait for the answer.
    duration: first Expr });
accessors!(RetryItem { /// How many attempts after the first.
    count: nth(0) Expr, /// The shortest pause between attempts.
    backoff_from: nth(1) Expr, /// The longest pause between attempts.
    backoff_to: nth(2) Expr });
accessors!(RateLimit { /// How many calls.
    count: nth(0) Expr, /// In how long.
    per: nth(1) Expr, /// What happens to the others.
    over: first OverLimit });
accessors!(OverLimit { /// How long a call may be queued; nothing when it is dropped.
    queue_for: first Expr });
accessors!(IdempotencyItem { /// The header that carries the key.
    header: first StringLit });
accessors!(ChannelItem { /// The channel's name.
    name: first Name });
accessors!(CategoryItem { /// The category's name.
    name: first Name });
accessors!(FailureItem { /// The type of a failure's body.
    ty: first TypeRef });
accessors!(AuthItem { /// The kind of authentication.
    auth: first Auth });
accessors!(AuthBasic { /// The user and the password.
    args: first ArgList });
accessors!(AuthHeader { /// The header's name.
    name: first StringLit, /// Its value.
    value: nth(1) Expr });
accessors!(AuthQuery { /// The parameter's name.
    name: first StringLit, /// Its value.
    value: nth(1) Expr });
accessors!(AuthBearer { /// The token.
    value: first Expr });
accessors!(TokenAt { /// The path to the token in the response.
    path: first Expr });
accessors!(TokenExpires { /// The path to the expiry in the response.
    path: first Expr });
accessors!(TokenAs { /// The name of the header or of the parameter.
    name: first StringLit });

/// The words of HTTP methods.
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

impl<'t> HttpLine<'t> {
    /// The method, in lower case.
    pub fn method(self) -> Option<&'static str> {
        self.0.one_word(METHODS)
    }
}

impl<'t> OverLimit<'t> {
    /// `drop` rather than `queue for …`.
    pub fn is_drop(self) -> bool {
        self.0.has_word("drop")
    }
}

impl<'t> TokenAs<'t> {
    /// `bearer`, `header` or `query`.
    pub fn place(self) -> Option<&'static str> {
        self.0.one_word(&["bearer", "header", "query"])
    }
}

impl<'t> AuthToken<'t> {
    /// Its lines.
    pub fn items(self) -> impl Iterator<Item = TokenItem<'t>> {
        self.0
            .child(crate::kind::SyntaxKind::Block)
            .into_iter()
            .flat_map(super::view::all)
    }
}
