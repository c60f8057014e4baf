//! Views of what a `policy` says, parts of which a journey's `guarantee` says too.

use super::{
    call::{CategoryItem, OverLimit},
    expr::{Expr, StringLit},
    name::{Name, QName},
    view::{accessors, choice, first, views},
};

views! {
    /// `at most 3 category marketing per 7d`, `at most 2 SendPush`
    AtMost,
    /// `quiet 21:00..08:00 then hold`
    QuietItem,
    /// `priority 10`
    PriorityItem,
    /// `limit "url pattern" 100 per 1s else …`
    SharedLimit,
}

choice! {
    /// One line of a policy.
    PolicyItem { AtMost(AtMost), Quiet(QuietItem), Priority(PriorityItem), Limit(SharedLimit) }
}

accessors!(AtMost { /// How many.
    count: nth(0) Expr, /// In how long.
    per: nth(1) Expr, /// The action that is counted.
    action: first QName });
accessors!(QuietItem { /// When the quiet begins.
    from: nth(0) Expr, /// When it ends.
    to: nth(1) Expr });
accessors!(PriorityItem { /// The priority.
    value: first Expr });
accessors!(SharedLimit { /// The addresses it holds for.
    url: first StringLit, /// How many calls.
    count: nth(1) Expr, /// In how long.
    per: nth(2) Expr, /// What happens to the others.
    over: first OverLimit });

impl<'t> AtMost<'t> {
    /// The category that is counted.
    pub fn category(self) -> Option<Name<'t>> {
        first::<CategoryItem<'t>>(self.0).and_then(CategoryItem::name)
    }
}

impl<'t> QuietItem<'t> {
    /// `then hold` rather than `then drop`.
    pub fn holds(self) -> bool {
        self.0.has_word("hold")
    }
}
