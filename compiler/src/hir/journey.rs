//! Journeys: settings, variables, steps. Blocks are trees; where a block falls through, the step after it follows.

use super::expr::Expr;
use super::ids::{CallId, EventId, VarId};
use crate::source::Span;
use crate::types::Type;
use journey_machine::ids::Instant;
use journey_machine::time::Zone;

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

impl FixedSpan {
    /// The instant so long after another, in milliseconds, by the wall clock of a zone.
    pub fn later(self, now_ms: i64, zone: &Zone) -> i64 {
        match self {
            FixedSpan::Exact(ms) => {
                Instant(now_ms)
                    .plus(i64::try_from(ms).unwrap_or(i64::MAX))
                    .0
            }
            FixedSpan::Calendar(months, days) => {
                let (months, days) = (
                    i32::try_from(months).unwrap_or(i32::MAX),
                    i32::try_from(days).unwrap_or(i32::MAX),
                );
                zone.add_calendar(now_ms, months, days)
                    .unwrap_or(Instant::FAR.0)
            }
        }
    }
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
