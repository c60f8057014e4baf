//! Views of steps, their branches and the blocks they stand in.

use super::{
    expr::{ArgList, Error, Expr, Literal, RecordExpr, StringLit},
    name::{Label, Name, QName, label_of},
    trigger::{Binding, Trigger},
    view::{AstNode, accessors, all, choice, first, nth, views},
};
use crate::{kind::SyntaxKind, tree::Node};

views! {
    /// `{ … }`: steps, or the arms of a step.
    Block,
    /// `wait 1h`, `wait until …`
    WaitStep,
    /// `next monday 09:00`
    NextWeekday,
    /// `or Event as x { … }` behind a wait.
    WaitOr,
    /// `await …`
    AwaitStep,
    /// `on Event as x { … }` or `else { … }` in an await of several.
    AwaitArm,
    /// `if … { } else if … { } else { }`
    IfStep,
    /// `else if … { }`
    ElseIf,
    /// `else { }`
    ElseClause,
    /// `match … { }`
    MatchStep,
    /// `"a" | "b" { }`
    MatchArm,
    /// `else` as an arm's pattern.
    ElsePattern,
    /// `missing` as an arm's pattern.
    MissingPattern,
    /// A literal, or a range of two.
    ValuePattern,
    /// `split "name" { }`
    SplitStep,
    /// `30% name { }`
    SplitArm,
    /// `30%`
    Share,
    /// `limit 10_000 people per 180d { } else { }`
    LimitStep,
    /// `let x = …`
    LetStep,
    /// `fetch Source(…)`
    FetchCall,
    /// `send Action(…) { on … }`
    SendCall,
    /// `run Flow(…)`
    RunCall,
    /// `send …` as a step.
    SendStep,
    /// `run …` as a step.
    RunStep,
    /// `on capped { }`
    OutcomeArm,
    /// `capped`, `timeout`, `failed`, `http 404`, `http 400..499`
    Outcome,
    /// `update profile { … }`
    UpdateStep,
    /// `start Journey with Event { … }`
    StartStep,
    /// `emit Event { … }`
    EmitStep,
    /// `repeat …`
    RepeatStep,
    /// `break`
    BreakStep,
    /// `parallel { … } join all`
    ParallelStep,
    /// `a: { … }` in a parallel.
    ParallelArm,
    /// `end "label"`
    EndStep,
    /// `return EXPR`
    ReturnStep,
}

choice! {
    /// Any step. `Error` is one that could not be parsed; its blocks are still below it.
    Step {
        Wait(WaitStep), Await(AwaitStep), If(IfStep), Match(MatchStep), Split(SplitStep), Limit(LimitStep), Let(LetStep),
        Send(SendStep), Run(RunStep), Update(UpdateStep), Start(StartStep), Emit(EmitStep), Repeat(RepeatStep), Break(BreakStep),
        Parallel(ParallelStep), End(EndStep), Return(ReturnStep), Error(Error),
    }
}

choice! {
    /// What a match arm matches, one alternative of it.
    Pattern { Else(ElsePattern), Missing(MissingPattern), Value(ValuePattern) }
}

impl<'t> Step<'t> {
    /// The label in front, when there is one.
    pub fn label(self) -> Option<Label<'t>> {
        label_of(self.syntax())
    }
}

impl<'t> Block<'t> {
    /// The steps in order, broken ones included.
    pub fn steps(self) -> impl Iterator<Item = Step<'t>> {
        all(self.0)
    }
}

impl<'t> Error<'t> {
    /// The blocks that were parsed all the same.
    pub fn blocks(self) -> impl Iterator<Item = Block<'t>> {
        all(self.syntax())
    }
}

/// The arms in a step's block.
fn arms<'t, T: AstNode<'t> + 't>(node: Node<'t>) -> impl Iterator<Item = T> {
    node.child(SyntaxKind::Block).into_iter().flat_map(all)
}

accessors!(WaitStep { /// The duration or the moment; nothing when it is a weekday.
    target: first Expr, /// `next monday 09:00`
    weekday: first NextWeekday, /// The events that end it early.
    alternatives: all WaitOr });
accessors!(NextWeekday { /// The time of day.
    time: first Expr });
accessors!(WaitOr { /// What ends the wait.
    trigger: first Trigger, /// The steps that run then.
    block: first Block });
accessors!(AwaitStep { /// What is awaited, when it is one thing.
    trigger: first Trigger, /// For how long.
    within: first Expr, /// The steps that run when it came, when it is one thing.
    body: first Block });
accessors!(AwaitArm { /// What is awaited; nothing in the `else` arm.
    trigger: first Trigger });
accessors!(ElseIf { /// The condition.
    condition: first Expr, /// The steps.
    block: first Block });
accessors!(ElseClause { /// The steps.
    block: first Block });
accessors!(MatchStep { /// What is matched.
    subject: first Expr });
accessors!(MatchArm { /// The alternatives.
    patterns: all Pattern, /// The steps.
    block: first Block });
accessors!(ValuePattern { /// The value, or the first of a range.
    from: nth(0) Expr, /// The last of a range.
    to: nth(1) Expr });
accessors!(SplitStep { /// The split's name.
    name: first StringLit });
accessors!(SplitArm { /// The branch's name.
    name: first Name, /// The steps.
    block: first Block });
accessors!(LimitStep { /// How many people.
    count: nth(0) Expr, /// In how long.
    per: nth(1) Expr, /// The steps of those within the limit.
    block: first Block });
accessors!(FetchCall { /// The source.
    source: first QName, /// The arguments.
    args: first ArgList });
accessors!(SendCall { /// The action.
    action: first QName, /// The arguments.
    args: first ArgList });
accessors!(RunCall { /// The flow.
    flow: first QName, /// The arguments.
    args: first ArgList });
accessors!(SendStep { /// The call.
    call: first SendCall });
accessors!(RunStep { /// The call.
    call: first RunCall });
accessors!(OutcomeArm { /// Which outcome.
    outcome: first Outcome, /// The steps.
    block: first Block });
accessors!(Outcome { /// The status of `http 404`, or the first of a range.
    status: nth(0) Literal, /// The last of a range of statuses.
    status_to: nth(1) Literal });
accessors!(UpdateStep { /// The fields: each has a path.
    record: first RecordExpr });
accessors!(StartStep { /// The journey.
    journey: nth(0) QName, /// The event it is given.
    event: nth(1) QName, /// The event's fields.
    record: first RecordExpr });
accessors!(EmitStep { /// The event.
    event: first QName, /// Its fields.
    record: first RecordExpr });
accessors!(RepeatStep { /// The steps.
    block: first Block });
accessors!(ParallelArm { /// The branch's label.
    label: first Label, /// The steps.
    block: first Block });
accessors!(EndStep { /// The label a report shows.
    text: first StringLit });
accessors!(ReturnStep { /// The value.
    value: first Expr });
accessors!(LetStep { /// The name that is bound.
    name: first Name });

/// What a `let` binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum LetValue<'t> {
    Expr(Expr<'t>),
    Fetch(FetchCall<'t>),
    Send(SendCall<'t>),
    Run(RunCall<'t>),
}

/// One branch of an `if` step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Branch<'t> {
    /// When it is taken.
    pub condition: Option<Expr<'t>>,
    /// The steps.
    pub block: Option<Block<'t>>,
}

/// The steps of the `else { }` directly below `node`.
fn else_of(node: Node<'_>) -> Option<Block<'_>> {
    first::<ElseClause<'_>>(node).and_then(ElseClause::block)
}

impl<'t> WaitStep<'t> {
    /// `wait until …` rather than `wait D`.
    pub fn is_until(self) -> bool {
        self.0.has_word("until")
    }
}

/// The words of weekdays, from Monday.
pub const WEEKDAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

impl<'t> NextWeekday<'t> {
    /// The day's number: 0 is Monday, 6 is Sunday.
    pub fn day(self) -> Option<u8> {
        let word = self.0.one_word(WEEKDAYS)?;
        WEEKDAYS.iter().position(|d| *d == word).map(|n| n as u8)
    }
}

impl<'t> AwaitStep<'t> {
    /// `await within D { on … }`: the first of several.
    pub fn is_many(self) -> bool {
        self.trigger().is_none()
    }

    /// The arms, when it is several; one of them may be the `else`.
    pub fn arms(self) -> impl Iterator<Item = AwaitArm<'t>> {
        arms(self.0)
    }

    /// The steps when nothing came in time, in either form.
    pub fn otherwise(self) -> Option<Block<'t>> {
        else_of(self.0).or_else(|| {
            self.arms()
                .filter(|a| a.is_else())
                .find_map(AwaitArm::block)
        })
    }
}

impl<'t> AwaitArm<'t> {
    /// Whether it is the `else` arm.
    pub fn is_else(self) -> bool {
        first::<ElseClause<'t>>(self.0).is_some()
    }

    /// The steps.
    pub fn block(self) -> Option<Block<'t>> {
        first(self.0).or_else(|| else_of(self.0))
    }
}

impl<'t> IfStep<'t> {
    /// The branches in order: the `if`, then each `else if`.
    pub fn branches(self) -> impl Iterator<Item = Branch<'t>> {
        let others = all::<ElseIf<'t>>(self.0).map(|e| Branch {
            condition: e.condition(),
            block: e.block(),
        });
        std::iter::once(Branch {
            condition: first(self.0),
            block: first(self.0),
        })
        .chain(others)
    }

    /// The steps of the last `else`.
    pub fn otherwise(self) -> Option<Block<'t>> {
        else_of(self.0)
    }
}

impl<'t> MatchStep<'t> {
    /// The arms in order.
    pub fn arms(self) -> impl Iterator<Item = MatchArm<'t>> {
        arms(self.0)
    }

    /// The whole block of arms.
    pub fn block(self) -> Option<Block<'t>> {
        first(self.0)
    }
}

impl<'t> SplitStep<'t> {
    /// The branches in order.
    pub fn arms(self) -> impl Iterator<Item = SplitArm<'t>> {
        arms(self.0)
    }
}

impl<'t> SplitArm<'t> {
    /// The number before the `%`.
    pub fn percent(self) -> Option<Literal<'t>> {
        self.0.child(SyntaxKind::Share).and_then(first)
    }
}

impl<'t> LimitStep<'t> {
    /// The steps of those beyond the limit.
    pub fn otherwise(self) -> Option<Block<'t>> {
        else_of(self.0)
    }
}

impl<'t> LetStep<'t> {
    /// What it binds.
    pub fn value(self) -> Option<LetValue<'t>> {
        (first(self.0).map(LetValue::Fetch))
            .or_else(|| first(self.0).map(LetValue::Send))
            .or_else(|| first(self.0).map(LetValue::Run))
            .or_else(|| first(self.0).map(LetValue::Expr))
    }

    /// The `else` block; an empty one is not the same as none.
    pub fn otherwise(self) -> Option<Block<'t>> {
        else_of(self.0)
    }
}

impl<'t> SendCall<'t> {
    /// The outcome branches in order.
    pub fn outcomes(self) -> impl Iterator<Item = OutcomeArm<'t>> {
        arms(self.0)
    }
}

impl<'t> OutcomeArm<'t> {
    /// The name after `as`.
    pub fn binding(self) -> Option<Name<'t>> {
        first::<Binding<'t>>(self.0).and_then(Binding::name)
    }
}

impl<'t> Outcome<'t> {
    /// `capped`, `timeout`, `failed` or `http`.
    pub fn word(self) -> Option<&'static str> {
        self.0.one_word(&["capped", "timeout", "failed", "http"])
    }
}

impl<'t> RepeatStep<'t> {
    /// The condition of `repeat until EXPR at most N times`.
    pub fn until(self) -> Option<Expr<'t>> {
        self.0.has_word("until").then(|| nth(self.0, 0)).flatten()
    }

    /// The number before `times`.
    pub fn times(self) -> Option<Expr<'t>> {
        nth(self.0, usize::from(self.0.has_word("until")))
    }
}

impl<'t> ParallelStep<'t> {
    /// The branches in order.
    pub fn arms(self) -> impl Iterator<Item = ParallelArm<'t>> {
        arms(self.0)
    }

    /// `join all` rather than `join any`.
    pub fn joins_all(self) -> bool {
        self.0.has_word("all")
    }
}
