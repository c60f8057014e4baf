//! Views of a `test` block's statements.

use super::{
    expr::{Error, Expr, ListExpr, Literal, RecordExpr, StringLit},
    key::Key,
    name::{Name, QName},
    trigger::Trigger,
    view::{accessors, choice, views},
};

views! {
    /// `at T`
    TestAt,
    /// `seed N`
    TestSeed,
    /// `profile { … }`
    TestProfile,
    /// `audience A`
    TestAudience,
    /// `history E { … } at T`
    TestHistory,
    /// `stub Source { … }`, `stub Action fails …`
    TestStub,
    /// `fails timeout`
    StubFails,
    /// `once`, `2 times`
    StubTimes,
    /// `choose "split" branch`
    TestChoose,
    /// `receive E { … } from "key"`
    TestReceive,
    /// `advance D`, `advance to T`
    TestAdvance,
    /// `expect …`
    TestExpect,
    /// `sent Action 2 times with { … }`
    ExpectSent,
    /// `no Action`
    ExpectNo,
    /// `at LABEL`
    ExpectAt,
    /// `ended "label"`
    ExpectEnded,
    /// `exited on E`
    ExpectExited,
    /// `failed`
    ExpectFailed,
    /// `path [a, b]`
    ExpectPath,
    /// One place of a path.
    PathStep,
    /// Any condition.
    ExpectExpr,
}

choice! {
    /// Any statement of a test.
    TestItem {
        At(TestAt), Seed(TestSeed), Profile(TestProfile), Audience(TestAudience), History(TestHistory), Stub(TestStub),
        Choose(TestChoose), Receive(TestReceive), Advance(TestAdvance), Expect(TestExpect), Error(Error),
    }
}

choice! {
    /// What a test expects.
    Expectation {
        Sent(ExpectSent), No(ExpectNo), At(ExpectAt), Ended(ExpectEnded), Exited(ExpectExited), Failed(ExpectFailed),
        Path(ExpectPath), Expr(ExpectExpr),
    }
}

accessors!(TestAt { /// The moment.
    time: first Expr });
accessors!(TestSeed { /// The seed.
    value: first Expr });
accessors!(TestProfile { /// The profile's fields.
    record: first RecordExpr });
accessors!(TestAudience { /// The audience the person is in.
    audience: first QName });
accessors!(TestHistory { /// The event.
    event: first QName, /// Its fields.
    record: first RecordExpr, /// When it happened.
    time: nth(1) Expr });
accessors!(TestStub { /// The source or the action.
    target: first QName, /// How it fails.
    fails: first StubFails, /// The answer's fields.
    record: first RecordExpr, /// The answer, when it is a list.
    list: first ListExpr, /// How often the stub answers.
    times: first StubTimes });
accessors!(StubFails { /// The status of `http 500`.
    status: first Literal });
accessors!(StubTimes { /// The number before `times`; nothing for `once`.
    count: first Literal });
accessors!(TestChoose { /// The split's name.
    split: first StringLit, /// The branch it takes.
    branch: first Name });
accessors!(TestReceive { /// The event.
    event: first QName, /// Its fields.
    record: first RecordExpr, /// Whose it is, or where it comes from.
    from: nth(1) Expr });
accessors!(TestAdvance { /// The duration, or the moment.
    value: first Expr });
accessors!(TestExpect { /// What is expected.
    expectation: first Expectation });
accessors!(ExpectSent { /// The action.
    action: first QName, /// How often.
    times: first Literal, /// The fields the call must carry.
    with: first RecordExpr });
accessors!(ExpectNo { /// The action.
    action: first QName });
accessors!(ExpectAt { /// The label.
    label: first Name });
accessors!(ExpectEnded { /// The label it ended with.
    text: first StringLit });
accessors!(ExpectExited { /// What made the person leave.
    trigger: first Trigger });
accessors!(ExpectPath { /// The places in order.
    places: all PathStep });
accessors!(ExpectExpr { /// The condition.
    condition: first Expr });

impl<'t> StubFails<'t> {
    /// `timeout`, `capped` or `http`.
    pub fn word(self) -> Option<&'static str> {
        self.0.one_word(&["timeout", "capped", "http"])
    }
}

impl<'t> TestAdvance<'t> {
    /// `advance to T` rather than `advance D`.
    pub fn is_to(self) -> bool {
        self.0.has_word("to")
    }
}

impl<'t> PathStep<'t> {
    /// The place's label, however it is written.
    pub fn key(self) -> Option<Key<'t>> {
        Key::of(self.0)
    }
}
