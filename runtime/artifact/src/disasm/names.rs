//! Names of things by their ids; `?7` where there is nothing.

use crate::model::{Artifact, CallId, ChunkId, ConstId, Constant, EventId, Set, SlotIx, StrId};
use crate::word::{ShapeId, WordType, date_time_ms, date_time_offset, period_parts};

/// Longest text that is shown of a constant or of source.
const SHOWN: usize = 60;
/// Most values that are shown of a set.
const IN_A_SET: usize = 8;

/// Text without control characters, on one line.
pub(super) fn clean(text: &str) -> String {
    if text.chars().any(char::is_control) {
        text.escape_debug().to_string()
    } else {
        text.to_string()
    }
}

/// A string used as a name.
pub(super) fn name(a: &Artifact, id: StrId) -> String {
    a.strings
        .get(id.0 as usize)
        .map_or_else(|| format!("?{}", id.0), clean)
}

/// A slot of a shape.
pub(super) fn slot(a: &Artifact, shape: ShapeId, slot: SlotIx) -> String {
    let found = a
        .shapes
        .get(shape.0 as usize)
        .and_then(|shape| shape.slots.get(usize::from(slot)));
    match found.map(|slot| name(a, slot.name)) {
        Some(name) if name.is_empty() => format!("#{slot}"),
        Some(name) => name,
        None => format!("?{slot}"),
    }
}

/// A type.
pub(super) fn ty(ty: WordType) -> String {
    match ty {
        WordType::Row(shape) => format!("Row#{}", shape.0),
        WordType::List(shape) => format!("List#{}", shape.0),
        scalar => format!("{scalar:?}"),
    }
}

/// An event.
pub(super) fn event(a: &Artifact, id: EventId) -> String {
    a.events
        .get(id.0 as usize)
        .map_or_else(|| format!("?{}", id.0), |event| name(a, event.name))
}

/// A source or action.
pub(super) fn call(a: &Artifact, id: CallId) -> String {
    a.calls
        .get(id.0 as usize)
        .map_or_else(|| format!("?{}", id.0), |call| name(a, call.name))
}

/// A chunk, with its source text where the source map has it.
pub(super) fn chunk(a: &Artifact, id: ChunkId) -> String {
    match a.source_map.chunks.get(id.0 as usize) {
        Some(place) if !place.text.is_empty() => {
            let line = place.text.split_whitespace().collect::<Vec<_>>().join(" ");
            format!("chunk {} ‹{}›", id.0, cut(&clean(&line)))
        }
        _ => format!("chunk {}", id.0),
    }
}

/// A constant as its value.
pub(super) fn constant(a: &Artifact, id: ConstId) -> String {
    match a.constants.get(id.0 as usize) {
        Some(it) => literal(a, *it),
        None => format!("?{}", id.0),
    }
}

/// A constant that stands for itself.
pub(super) fn literal(a: &Artifact, constant: Constant) -> String {
    match constant {
        Constant::Word(ty, word) => value(ty, word),
        Constant::Text(id) => text(a, id),
    }
}

/// A set: the first of its values, and how many more there are.
pub(super) fn set(a: &Artifact, index: u16) -> String {
    let some = |values: &mut dyn Iterator<Item = String>, all: usize| {
        let first: Vec<String> = values.take(IN_A_SET).collect();
        let more = match all - first.len() {
            0 => String::new(),
            more => format!(", … {more} more"),
        };
        format!("{{{}{more}}}", first.join(", "))
    };
    match a.sets.get(usize::from(index)) {
        Some(Set::Words(ty, words)) => {
            some(&mut words.iter().map(|word| value(*ty, *word)), words.len())
        }
        Some(Set::Texts(texts)) => some(&mut texts.iter().map(|id| text(a, *id)), texts.len()),
        None => format!("?{index}"),
    }
}

/// A string used as a text.
pub(super) fn text(a: &Artifact, id: StrId) -> String {
    match a.strings.get(id.0 as usize) {
        Some(text) => cut(&format!("{text:?}")),
        None => format!("?{}", id.0),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

/// A word of a type that is not a reference.
fn value(ty: WordType, word: u64) -> String {
    match ty {
        WordType::Bool => if word == 0 { "false" } else { "true" }.into(),
        WordType::Kleene => ["false", "true", "unknown"]
            .get(word as usize)
            .unwrap_or(&"?")
            .to_string(),
        WordType::Int => format!("{}", word as i64),
        WordType::Dec => format!("{:?}", f64::from_bits(word)),
        WordType::Date => date(word as i64),
        WordType::DateTime => {
            let offset = date_time_offset(word);
            let sign = if offset < 0 { '-' } else { '+' };
            let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
            let local = date_time_ms(word).saturating_add(i64::from(offset) * 60_000);
            format!("{}{sign}{hours:02}:{minutes:02}", wall(local))
        }
        WordType::Local => wall(word as i64),
        WordType::Time => time(word as i64),
        WordType::Duration => format!("{}ms", word as i64),
        WordType::Period => {
            let (months, days) = period_parts(word);
            format!("{months}mo {days}d")
        }
        WordType::Str | WordType::Row(_) | WordType::List(_) => format!("?{word:#x}"),
    }
}

fn wall(ms: i64) -> String {
    const DAY: i64 = 86_400_000;
    format!("{}T{}", date(ms.div_euclid(DAY)), time(ms.rem_euclid(DAY)))
}

/// Milliseconds after midnight as `hh:mm:ss.mmm`.
pub(super) fn time(ms: i64) -> String {
    let (seconds, ms) = (ms / 1000, ms % 1000);
    format!(
        "{:02}:{:02}:{:02}.{ms:03}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// Days since 1970-01-01 as a date of the proleptic Gregorian calendar; far-off days stay a number.
fn date(days: i64) -> String {
    if days.unsigned_abs() > 4_000_000 {
        return format!("day {days}");
    }
    // Years begin in March here, so that a leap day ends its year; eras of 400 years have 146,097 days.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::word::{date_time_word, period_word};

    #[test]
    fn constants_print_as_people_write_them() {
        assert_eq!(value(WordType::Date, 0), "1970-01-01");
        assert_eq!(value(WordType::Date, 19_782), "2024-02-29");
        assert_eq!(value(WordType::Date, -1_i64 as u64), "1969-12-31");
        let noon = date_time_word(1_709_204_400_000, 60).expect("in range");
        assert_eq!(
            value(WordType::DateTime, noon),
            "2024-02-29T12:00:00.000+01:00"
        );
        assert_eq!(value(WordType::Period, period_word(1, -2)), "1mo -2d");
        assert_eq!(value(WordType::Dec, 2.5_f64.to_bits()), "2.5");
        assert_eq!(value(WordType::Kleene, 2), "unknown");
        assert_eq!(value(WordType::Time, 3_723_004), "01:02:03.004");
    }
}
