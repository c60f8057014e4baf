//! The instant that an event names.
//!
//! Comes in: an indexed event, bare. Goes out: what its `timestamp` says. Never true here: a choice between two; one that is there
//! and cannot be read, and passes for one that is not.

use crate::ids::Instant;
use crate::read::{Indexed, Member};
use crate::time::parse;
use journey_artifact::word::date_time_ms;
use serde::Deserialize;
use std::borrow::Cow;

/// The member that names it.
const NAME: &str = "timestamp";

/// What an event says of its instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Stamp {
    /// Nothing.
    #[default]
    None,
    /// This.
    At(Instant),
    /// Something that is no instant, or two of them.
    Unreadable,
}

impl Stamp {
    /// The instant, if it is one.
    pub fn instant(self) -> Option<Instant> {
        match self {
            Stamp::At(at) => Some(at),
            Stamp::None | Stamp::Unreadable => None,
        }
    }

    fn of(text: &str) -> Stamp {
        parse::date_time(text).map_or(Stamp::Unreadable, |word| {
            Stamp::At(Instant(date_time_ms(word)))
        })
    }
}

/// The instant that an event names.
pub fn named(event: &Indexed<'_>) -> Stamp {
    match event.member(NAME) {
        Member::None | Member::At("null") => Stamp::None,
        Member::At(written) if !written.contains('\\') => {
            let text = written.strip_prefix('"').and_then(|w| w.strip_suffix('"'));
            text.map_or(Stamp::Unreadable, Stamp::of)
        }
        Member::At(_) | Member::Unclear => slow(event.text()),
    }
}

/// The same, where escapes may stand in the member's text or in a key, where it comes twice, or where there is no object.
fn slow(event: &str) -> Stamp {
    #[derive(Deserialize)]
    struct Stamped<'a> {
        #[serde(borrow)]
        timestamp: Option<Cow<'a, str>>,
    }
    if !event.trim_ascii_start().starts_with('{') {
        return Stamp::None;
    }
    match serde_json::from_str::<Stamped<'_>>(event) {
        Ok(Stamped { timestamp: None }) => Stamp::None,
        Ok(Stamped {
            timestamp: Some(text),
        }) => Stamp::of(&text),
        Err(_) => Stamp::Unreadable,
    }
}
