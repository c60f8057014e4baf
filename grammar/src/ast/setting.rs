//! Views of a journey's settings.

use super::{
    expr::{Error, Expr, StringLit},
    name::{Name, QName},
    policy::{AtMost, PriorityItem},
    step::{Block, Step},
    trigger::Trigger,
    view::{AstNode, accessors, choice, views},
};
use crate::tree::Node;

views! {
    /// `enter …`
    EnterSetting,
    /// `from Audience …`
    EnterBatch,
    /// `every day at 09:00`, `cron "…"`, `once at T`
    Schedule,
    /// `at 500 per 1s`
    Pace,
    /// `reenter …`
    ReenterSetting,
    /// `timezone EXPR`
    TimezoneSetting,
    /// `exit on …`, `exit when …`
    ExitSetting,
    /// `expires after D`
    ExpiresSetting,
    /// `on error { }`
    OnError,
    /// `on expiry { }`
    OnExpiry,
    /// `instance per EXPR at most N`
    InstanceSetting,
    /// `starts T`
    StartsSetting,
    /// `closes T`
    ClosesSetting,
    /// `policy P`
    PolicySetting,
    /// `guarantee …`
    Guarantee,
    /// `stays at most D`
    StaysAtMost,
    /// `never A after B`
    NeverAfter,
}

choice! {
    /// Any setting.
    Setting {
        Enter(EnterSetting), Reenter(ReenterSetting), Timezone(TimezoneSetting), Exit(ExitSetting), Expires(ExpiresSetting),
        OnError(OnError), OnExpiry(OnExpiry), Instance(InstanceSetting), Starts(StartsSetting), Closes(ClosesSetting),
        Priority(PriorityItem), Policy(PolicySetting), Guarantee(Guarantee),
    }
}

choice! {
    /// What a journey promises.
    Promise { AtMost(AtMost), Stays(StaysAtMost), Never(NeverAfter) }
}

/// A setting or a step: what a journey's block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JourneyItem<'t> {
    /// A setting.
    Setting(Setting<'t>),
    /// A step.
    Step(Step<'t>),
    /// Neither could be made of it.
    Error(Error<'t>),
}

impl<'t> AstNode<'t> for JourneyItem<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        if let Some(error) = Error::cast(node) {
            return Some(JourneyItem::Error(error));
        }
        (Setting::cast(node).map(JourneyItem::Setting))
            .or_else(|| Step::cast(node).map(JourneyItem::Step))
    }

    fn syntax(self) -> Node<'t> {
        match self {
            JourneyItem::Setting(s) => s.syntax(),
            JourneyItem::Step(s) => s.syntax(),
            JourneyItem::Error(e) => e.syntax(),
        }
    }
}

accessors!(EnterSetting { /// What lets a person in, one at a time.
    trigger: first Trigger, /// Who is let in together.
    batch: first EnterBatch });
accessors!(EnterBatch { /// The audience.
    audience: first QName, /// When.
    schedule: first Schedule, /// How fast.
    pace: first Pace });
accessors!(Schedule { /// The unit of `every`: `day`, `monday`.
    every: first Name, /// The cron expression; also the time's place when it is a string.
    cron: first StringLit, /// The time after `at`.
    at: first Expr });
accessors!(Pace { /// How many.
    count: nth(0) Expr, /// In how long.
    per: nth(1) Expr });
accessors!(ReenterSetting { /// How long after the last entrance.
    after: first Expr });
accessors!(TimezoneSetting { /// The zone's name.
    value: first Expr });
accessors!(ExitSetting { /// What makes a person leave.
    trigger: first Trigger, /// The condition of `exit when`.
    condition: first Expr, /// The steps that run then.
    block: first Block });
accessors!(ExpiresSetting { /// The longest stay.
    after: first Expr, /// The steps that run then.
    block: first Block });
accessors!(OnError { /// The steps.
    block: first Block });
accessors!(OnExpiry { /// The steps.
    block: first Block });
accessors!(InstanceSetting { /// The key beside the profile.
    key: nth(0) Expr, /// How many at a time.
    at_most: nth(1) Expr });
accessors!(StartsSetting { /// The moment.
    at: first Expr });
accessors!(ClosesSetting { /// The moment.
    at: first Expr });
accessors!(PolicySetting { /// The policy.
    policy: first QName });
accessors!(Guarantee { /// What is promised.
    promise: first Promise });
accessors!(StaysAtMost { /// The longest stay.
    duration: first Expr });
accessors!(NeverAfter { /// What must not follow.
    action: nth(0) QName, /// What it must not follow.
    after: nth(1) QName });

impl<'t> ReenterSetting<'t> {
    /// `never`, `always` or `after`.
    pub fn word(self) -> Option<&'static str> {
        self.0.one_word(&["never", "always", "after"])
    }
}

impl<'t> Schedule<'t> {
    /// `every`, `cron` or `once`.
    pub fn word(self) -> Option<&'static str> {
        self.0.one_word(&["every", "cron", "once"])
    }
}
