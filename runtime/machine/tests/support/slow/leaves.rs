//! The slow reader's leaves: keys, presence, nesting, the words of a rejection.

use journey_artifact::model::{Artifact, PlanNode, StrId, Want};
use journey_artifact::word::WordType;
use journey_machine::time::parse;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A key of an object: its place among the plan's keys, if it is one of them. The plan's keys are sorted.
pub struct Key<'k> {
    pub keys: &'k [(StrId, PlanNode)],
    pub artifact: &'k Artifact,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Option<usize>, E> {
        let name = |id: StrId| self.artifact.strings.get(id.0 as usize).unwrap_or_default();
        Ok(self
            .keys
            .binary_search_by(|(id, _)| name(*id).cmp(key))
            .ok())
    }
}

/// Some of the keys of an object; up to 64 without allocation.
pub struct Seen {
    first: u64,
    rest: Vec<bool>,
}

impl Seen {
    pub fn new(count: usize) -> Seen {
        Seen {
            first: 0,
            rest: vec![false; count.saturating_sub(64)],
        }
    }

    /// Notes a key; whether it was not noted before.
    pub fn first_time(&mut self, ix: usize) -> bool {
        if ix < 64 {
            let fresh = self.first >> ix & 1 == 0;
            self.first |= 1 << ix;
            return fresh;
        }
        match self.rest.get_mut(ix - 64) {
            Some(seen) => !std::mem::replace(seen, true),
            None => false,
        }
    }
}

/// How deep objects and arrays stand inside one another, counted outside strings; right for all valid JSON.
pub fn nesting(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Takes any value; true when it is not `null`.
pub struct Presence;

impl<'de> Visitor<'de> for Presence {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(true)
    }
}

/// What a node asks for, in the words of a rejection.
pub fn asked(plan: &PlanNode) -> &'static str {
    match &plan.want {
        Want::Scalar(ty) => expected(*ty),
        Want::Enum(_) => "string",
        Want::Object(_) | Want::Map(..) => "object",
        Want::List(..) => "array",
        Want::Any => "any value",
    }
}

pub fn expected(ty: WordType) -> &'static str {
    match ty {
        WordType::Bool | WordType::Kleene => "boolean",
        WordType::Int => "integer",
        WordType::Dec => "number",
        WordType::Str => "string",
        WordType::Date => "date (YYYY-MM-DD)",
        WordType::DateTime => "date-time with offset (ISO 8601)",
        WordType::Local => "date-time without offset (ISO 8601)",
        WordType::Time => "time (HH:MM:SS)",
        WordType::Duration => "exact duration (ISO 8601)",
        WordType::Period => "calendar duration (ISO 8601)",
        WordType::Row(_) => "object",
        WordType::List(_) => "array",
    }
}

pub fn is_time(ty: WordType) -> bool {
    use WordType::*;
    matches!(ty, Date | DateTime | Local | Time | Duration | Period)
}

pub fn time_word(ty: WordType, text: &str) -> Option<u64> {
    match ty {
        WordType::Date => parse::date(text).map(|days| days as u64),
        WordType::DateTime => parse::date_time(text),
        WordType::Local => parse::local(text).map(|ms| ms as u64),
        WordType::Time => parse::time(text).map(u64::from),
        WordType::Duration => parse::duration(text).map(|ms| ms as u64),
        WordType::Period => parse::period(text),
        _ => None,
    }
}

/// The integer that was written as a decimal, `5.0` or `5e0`. From 2^53 on a double may be the nearest of several that could have been written.
pub fn exact_integer(value: f64) -> Option<i64> {
    const BOUND: f64 = 9_007_199_254_740_992.0; // 2^53
    (value.fract() == 0.0 && value.abs() < BOUND).then_some(value as i64)
}
