//! Views of what a journey listens for: an event, or a move into or out of an audience.

use super::{
    expr::Expr,
    name::{Name, QName},
    view::{accessors, choice, first, views},
};
use crate::kind::SyntaxKind;

views! {
    /// `where EXPR`
    Where,
    /// `as x`
    Binding,
    /// `for Audience`
    ForAudience,
    /// `Event as x for Audience where …`
    EventPattern,
    /// `entry to Audience`
    AudienceEntry,
    /// `exit from Audience`
    AudienceExit,
}

choice! {
    /// What a journey listens for.
    Trigger { Event(EventPattern), Entry(AudienceEntry), Exit(AudienceExit) }
}

accessors!(Where { /// The condition.
    condition: first Expr });
accessors!(Binding { /// The name that is bound.
    name: first Name });
accessors!(ForAudience { /// The audience.
    audience: first QName });
accessors!(AudienceEntry { /// The audience.
    audience: first QName });
accessors!(AudienceExit { /// The audience.
    audience: first QName });
accessors!(EventPattern { /// The event.
    event: first QName });

impl<'t> EventPattern<'t> {
    /// The name after `as`.
    pub fn binding(self) -> Option<Name<'t>> {
        first::<Binding<'t>>(self.0).and_then(Binding::name)
    }

    /// The audience after `for`.
    pub fn for_audience(self) -> Option<QName<'t>> {
        first::<ForAudience<'t>>(self.0).and_then(ForAudience::audience)
    }

    /// The condition after `where`.
    pub fn condition(self) -> Option<Expr<'t>> {
        self.0.child(SyntaxKind::Where).and_then(first)
    }
}
