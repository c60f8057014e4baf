//! Tests: statements in virtual time, their data already JSON.

use super::expr::Expr;
use super::ids::{CallId, EventId};
use super::journey::FixedSpan;
use crate::source::Span;

/// A test block; payloads are already JSON.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// Index into [`super::Program::journeys`].
    pub journey: usize,
    /// Statements in order.
    pub statements: Vec<Statement>,
    /// The header.
    pub span: Span,
}

impl Test {
    /// When a test starts that does not say: 2026-01-01T00:00Z.
    pub const START: i64 = 1_767_225_600_000;
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
    /// `expect exited [on E]`; `None`: by whatever rule the last stay was left.
    Exited(Option<EventId>),
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
