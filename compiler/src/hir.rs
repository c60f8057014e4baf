//! The checked program: names resolved, types known, sugar gone. What flow analyses, lowering and the oracle read.
//!
//! Comes in from [`crate::check`]; goes out to `flow`, `lower`, `oracle` and the hosts.
//! Never true here: an unresolved name, user functions and constants (they were inlined and folded), an expression whose
//! parts disagree in type. Where something was reported the type is `Type::Error`; a program with errors is never lowered.

use crate::source::Span;
use crate::types::Type;
use journey_machine::func::{Function, Intrinsic};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);
    )* };
}

ids! {
    /// Index into [`Program::events`].
    EventId,
    /// Index into [`Program::calls`].
    CallId,
    /// Index into [`Journey::vars`].
    VarId,
    /// A name bound inside one expression (lambda parameter, inlined function's parameter). Unique in the program.
    LocalId,
}

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
    /// A scalar expression, written as text.
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
        /// Dotted path of the token.
        token_path: String,
        /// Dotted path of its lifetime in seconds.
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

/// A journey.
#[derive(Clone, Debug)]
pub struct Journey {
    /// Its name.
    pub name: String,
    /// Its documentation.
    pub doc: String,
    /// Everything that is bound in it.
    pub vars: Vec<Var>,
    /// The ways in.
    pub entries: Vec<Listen>,
    /// Re-entrance.
    pub reenter: Reenter,
    /// Zone: string over the profile, present.
    pub timezone: Option<Expr>,
    /// The zone when `timezone` gives none; the literal fallback of the expression, else UTC.
    pub fallback_zone: String,
    /// Key for parallel instances (over the entry event), at most so many.
    pub instance_per: Option<(Expr, u32)>,
    /// Milliseconds.
    pub starts: Option<i64>,
    /// Milliseconds.
    pub closes: Option<i64>,
    /// The ways out.
    pub exits: Vec<Exit>,
    /// The longest stay.
    pub expires: FixedSpan,
    /// Steps on expiry.
    pub on_expiry: Option<Block>,
    /// Steps for failed calls that handle nothing themselves.
    pub on_error: Option<Block>,
    /// Priority.
    pub priority: i32,
    /// The steps.
    pub body: Block,
    /// The declaration's name.
    pub span: Span,
}

/// A fixed duration: exact milliseconds or calendar months and days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FixedSpan {
    /// Exact.
    Exact(u64),
    /// Months, days.
    Calendar(u32, u32),
}

/// Re-entrance.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reenter {
    /// Once.
    Never,
    /// As soon as outside.
    Always,
    /// So long after the last entrance.
    After(FixedSpan),
}

/// Something bound in a journey.
#[derive(Clone, Debug)]
pub struct Var {
    /// Its name; made-up ones start with `$`.
    pub name: String,
    /// Its type. Of an event, a response: the record.
    pub ty: Type,
    /// Whether it may be missing where it is in force (`let … else { }` whose block goes on).
    pub optional: bool,
    /// What it is.
    pub kind: VarKind,
    /// Where it is bound.
    pub span: Span,
}

/// What a variable holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VarKind {
    /// An event that arrived.
    Event(EventId),
    /// A call's response.
    Response(CallId),
    /// A call's failure: `status: integer?`, `reason: string`, and the declared failure type's fields under `body`.
    Failure(CallId),
    /// A value.
    Value,
}

/// Listening for an event.
#[derive(Clone, Debug)]
pub struct Listen {
    /// Which.
    pub event: EventId,
    /// `as x`; made up when the condition needs none.
    pub var: Option<VarId>,
    /// Boolean: the event is `Root::Input` (also when it was written through its `as` name), variables are those before.
    pub condition: Option<Expr>,
    /// The line.
    pub span: Span,
}

/// A way out.
#[derive(Clone, Debug)]
pub struct Exit {
    /// Name for reports.
    pub name: String,
    /// What leads out.
    pub when: ExitWhen,
    /// Steps on the way out.
    pub then: Option<Block>,
    /// The line.
    pub span: Span,
}

/// What leads out.
#[derive(Clone, Debug)]
pub enum ExitWhen {
    /// An event.
    Event(Listen),
    /// A condition over profile.
    Condition(Expr),
}

/// Steps in order.
#[derive(Clone, Debug)]
pub struct Block {
    /// The steps.
    pub steps: Vec<Step>,
    /// The braces' span.
    pub span: Span,
}

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// `label:` as written.
    pub label: Option<String>,
    /// What it does.
    pub kind: StepKind,
    /// The header line, without inner blocks.
    pub span: Span,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// `wait`.
    Wait {
        /// Until when.
        until: When,
        /// `or Event { … }`.
        or: Vec<Arm>,
    },
    /// `await`.
    Await {
        /// The events.
        arms: Vec<Arm>,
        /// At the latest.
        within: When,
        /// When none came.
        timeout: Block,
    },
    /// `if`, and `match` (its subject was bound by a `Let` before).
    Branch {
        /// Condition and steps, in order.
        cases: Vec<(Expr, Block)>,
        /// Otherwise; `None` goes on.
        otherwise: Option<Block>,
        /// Written as `match`.
        is_match: bool,
    },
    /// `split`.
    Split {
        /// Name and salt.
        name: String,
        /// Hundredths of a percent (sum 10_000), label, steps.
        arms: Vec<(u32, String, Block)>,
    },
    /// `let x = EXPR else { … }`.
    Let {
        /// What is bound.
        var: VarId,
        /// The value.
        value: Expr,
        /// When it is missing; `None`: goes on, `x` stays missing.
        otherwise: Option<Block>,
    },
    /// `send A(…)`, `let x = fetch S(…)`, `let r = send A(…)`.
    Call {
        /// Which.
        call: CallId,
        /// One per parameter of the call, in its order; `None`: not given (optional ones only).
        args: Vec<Option<Expr>>,
        /// What the response is bound to.
        var: Option<VarId>,
        /// Outcome branches in order.
        outcomes: Vec<Outcome>,
        /// `else { … }` of `let … = fetch`: any other failure.
        otherwise: Option<Block>,
    },
    /// `update profile { path: EXPR }`.
    Update {
        /// Path segments and value.
        fields: Vec<(Vec<String>, Expr)>,
    },
    /// `end "label"`.
    End {
        /// String.
        label: Option<Expr>,
    },
}

/// An arm of `await`, or of `wait … or`.
#[derive(Clone, Debug)]
pub struct Arm {
    /// The event.
    pub on: Listen,
    /// Its steps.
    pub block: Block,
}

/// An outcome branch.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Which.
    pub on: OutcomeKind,
    /// `as f`.
    pub var: Option<VarId>,
    /// Its steps.
    pub block: Block,
    /// Its header.
    pub span: Span,
}

/// Which outcome.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OutcomeKind {
    /// `on capped`.
    Capped,
    /// `on timeout`.
    Timeout,
    /// `on http 404`.
    Http(u16),
    /// `on failed`.
    Failed,
}

/// A point in time.
#[derive(Clone, Debug)]
pub enum When {
    /// After a duration (`Type::Duration` or `Type::Period`).
    After(Expr),
    /// At a `Type::DateTime` or `Type::DateTimeOnly` (in the journey's zone).
    At(Expr),
    /// The next time the clock shows this (ms since midnight).
    TimeOfDay(u32),
    /// The next such weekday (1 Monday … 7 Sunday) at this time.
    Weekday(u8, u32),
}

/// A typed expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Type,
    /// Whether it may be missing (a boolean: unknown).
    pub opt: bool,
    /// Where it is written.
    pub span: Span,
}

/// What an expression is. Operands were already converted (`Widen`), so both sides of an operator have one type.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// Where a path starts.
    Root(Root),
    /// `.name` of a record; missing when the base is.
    Field(Box<Expr>, String),
    /// `map["key"]`: base, string key.
    Key(Box<Expr>, Box<Expr>),
    /// `list[0]`: base, integer index (negative counts from the end).
    Index(Box<Expr>, Box<Expr>),
    /// Integer to decimal.
    Widen(Box<Expr>),
    /// Kleene.
    Not(Box<Expr>),
    /// Kleene.
    And(Box<Expr>, Box<Expr>),
    /// Kleene.
    Or(Box<Expr>, Box<Expr>),
    /// `-x`: integer, decimal, duration.
    Neg(Box<Expr>),
    /// Arithmetic on two integers, two decimals, or (add, sub) two durations. Date arithmetic is a `Call` of `op.add`, `op.sub`.
    Arith(ArithOp, Box<Expr>, Box<Expr>),
    /// Comparison of two values of one type (enum counts as string). Unknown when either is missing.
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// `x in [a, b, c]` with the alternatives written out. True if any is equal; else unknown if `x` or any compared one is missing; else false.
    OneOf(Box<Expr>, Vec<Expr>),
    /// `a ?? b`.
    Coalesce(Box<Expr>, Box<Expr>),
    /// `if c then a else b`; unknown takes `b`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x is missing`: always known.
    IsMissing(Box<Expr>),
    /// `"text {x}"`: pieces are string typed (others were converted by a `Call` of `toString`); missing if any piece is.
    Text(Vec<Expr>),
    /// `[a, b]`: items of one type; missing items are null items.
    List(Vec<Expr>),
    /// `{ a: x }`.
    Record(Vec<(String, Expr)>),
    /// A function of the machine's table; missing if any argument or its result is.
    Call(&'static Function, Vec<Expr>),
    /// A list function that is expanded in place.
    Inline {
        /// Which.
        op: Intrinsic,
        /// The list or map, then further plain arguments.
        args: Vec<Expr>,
        /// The lambda: its parameter and body.
        lambda: Option<(LocalId, Box<Expr>)>,
    },
    /// Binds a value inside an expression (an inlined function's argument). Strict: missing value, missing whole; else the local may be missing.
    Let {
        /// The name.
        local: LocalId,
        /// Its value.
        value: Box<Expr>,
        /// Whether a missing value makes the whole missing.
        strict: bool,
        /// Where it is in scope.
        body: Box<Expr>,
    },
}

/// Where a path starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Root {
    /// `profile`.
    Profile,
    /// The event of a `where`, `key`, `dedupe`; the arguments record in a call's templates.
    Input,
    /// A variable of the journey.
    Var(VarId),
    /// A name bound inside the expression.
    Local(LocalId),
}

/// Arithmetic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArithOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`: by zero is missing; integers truncate.
    Div,
    /// `%`: by zero is missing.
    Rem,
}

/// Comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompareOp {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// A constant.
#[derive(Clone, PartialEq, Debug)]
pub enum Literal {
    /// Boolean.
    Bool(bool),
    /// Integer.
    Int(i64),
    /// Decimal.
    Dec(f64),
    /// String (or enum value).
    Str(String),
    /// Date: days since 1970-01-01.
    Date(i32),
    /// dateTime: milliseconds, offset minutes.
    DateTime(i64, i32),
    /// dateTimeOnly: milliseconds.
    Local(i64),
    /// Time of day: milliseconds.
    Time(u32),
    /// Exact duration: milliseconds.
    Duration(i64),
    /// Calendar duration: months, days.
    Period(i32, i32),
}

/// A test block; payloads are already JSON.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// Index into [`Program::journeys`].
    pub journey: usize,
    /// Statements in order.
    pub statements: Vec<Statement>,
    /// The header.
    pub span: Span,
}

/// A statement of a test.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// The line.
    pub span: Span,
}

/// What a test statement does.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// `at T`: milliseconds.
    At(i64),
    /// `seed N`.
    Seed(u64),
    /// `profile { … }`.
    Profile(serde_json::Value),
    /// `stub X { … }` or `stub X fails …`.
    Stub {
        /// Which call.
        call: CallId,
        /// What it answers.
        answer: StubAnswer,
        /// How often before the stub before it (or nothing) holds again; `None`: always.
        times: Option<u32>,
    },
    /// `choose "split" arm`.
    Choose(String, String),
    /// `receive E { … } from "key"`.
    Receive {
        /// Which.
        event: EventId,
        /// The fields that were written.
        json: serde_json::Value,
        /// Another person's key.
        from: Option<String>,
    },
    /// `advance D` (exact ms, or months and days in UTC).
    Advance(FixedSpan),
    /// `advance to T`: milliseconds.
    AdvanceTo(i64),
    /// `expect …`.
    Expect(Expectation),
}

/// What a stub answers.
#[derive(Clone, Debug)]
pub enum StubAnswer {
    /// 200 with this body.
    Json(serde_json::Value),
    /// No answer.
    Timeout,
    /// Dropped by a limit.
    Capped,
    /// This status, with a body.
    Http(u16, serde_json::Value),
}

/// What a test expects.
#[derive(Clone, Debug)]
pub enum Expectation {
    /// `expect sent A [N times] [with { … }]`.
    Sent {
        /// Which.
        call: CallId,
        /// Exactly so often; `None`: at least once.
        times: Option<u32>,
        /// Some call's arguments must contain these.
        with: Option<serde_json::Value>,
    },
    /// `expect no A`.
    NotSent(CallId),
    /// `expect at LABEL`.
    At(String),
    /// `expect ended ["label"]`.
    Ended(Option<String>),
    /// `expect exited on E`.
    Exited(EventId),
    /// `expect expired`.
    Expired,
    /// `expect failed`.
    Failed,
    /// `expect not entered`.
    NotEntered,
    /// `expect path [a, b, c]`.
    Path(Vec<String>),
    /// `expect EXPR` over the profile and the variables that are in force.
    Holds(Expr),
}
