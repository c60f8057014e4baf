//! Documents as hand-written Rust has them: typed structs of what the conditions read.
//!
//! Comes in: a JSON value whose records have no members that are `null`. Goes out: [`Event`], [`Profile`]. Never true here: an instant or a
//! date that is still text; a missing item, entry or list that could be taken for an empty one.
//!
//! | module | is |
//! |---|---|
//! | [`event`], [`profile`] | the documents |
//! | [`pair`] | the two that are measured, and the schemas of both |
//! | [`random`] | as many others as one wants, made of these two |

pub mod event;
pub mod pair;
pub mod profile;
pub mod random;

pub use event::Event;
pub use profile::Profile;

use crate::calendar::{Date, Moment};
use bench_core::host::parse_ms;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// A text, when it is there.
pub type Text = Option<String>;
/// A list, when it is there; each of its items may be missing.
pub type List<T> = Option<Vec<Option<T>>>;
/// A map; the value of an entry may be missing.
pub type Map<T> = BTreeMap<String, Option<T>>;

/// Who somebody is in a namespace.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Identity {
    /// In that namespace.
    pub id: Text,
    /// What is known of whether it is they.
    pub authenticated_state: Text,
    /// Whether it is the first of them.
    pub primary: Option<bool>,
}

/// Where something is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Point {
    /// Degrees to the north.
    pub latitude: Option<f64>,
    /// Degrees to the east.
    pub longitude: Option<f64>,
}

/// A text as an instant, in milliseconds since the epoch.
fn instant<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(text(from)?.as_deref().and_then(parse_ms))
}

/// A text as an instant with the clock that it was written by.
fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Moment>, D::Error> {
    Ok(text(from)?.as_deref().and_then(Moment::parse))
}

/// A text as a date.
fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    Ok(text(from)?.as_deref().and_then(Date::parse))
}

fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Text, D::Error> {
    Option::deserialize(from)
}
