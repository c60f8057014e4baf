//! The instant that an event names.
//!
//! Comes in: an indexed event, bare. Goes out: what its `timestamp` says, if it has one that can be read. Never true here: a
//! choice between two.

use crate::ids::Instant;
use crate::read::{Indexed, Member};
use crate::time::parse;
use journey_artifact::word::date_time_ms;
use serde::Deserialize;
use std::borrow::Cow;

/// The member that names it.
const NAME: &str = "timestamp";

/// The instant that an event names.
pub fn named(event: &Indexed<'_>) -> Option<Instant> {
    let word = match event.member(NAME) {
        Member::None => return None,
        Member::At(written) if !written.contains('\\') => {
            parse::date_time(written.strip_prefix('"')?.strip_suffix('"')?)
        }
        Member::At(_) | Member::Unclear => parse::date_time(&*slow(event.text())?),
    };
    Some(Instant(date_time_ms(word?)))
}

/// The member's text where escapes may stand in it or in a key. None where it comes twice.
fn slow(event: &str) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Stamped<'a> {
        #[serde(borrow)]
        timestamp: Option<Cow<'a, str>>,
    }
    serde_json::from_str::<Stamped<'_>>(event).ok()?.timestamp
}
