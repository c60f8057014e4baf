//! Values to JSON text.
//!
//! Times are ISO 8601 (`Z` for no offset, milliseconds only when not zero); an infinite decimal is the largest there is, one that is none is `null`, as is a
//! missing value in a list; a missing field is left out by whoever built the record. Fields keep their order.
//! Never true here: a failure; every value has a text.

use super::model::Value;
use crate::time::print::{self, Seconds};
use std::fmt::Write;

/// The JSON text of a value.
pub fn to_json(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

/// Appends the JSON text of a value.
pub fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::Missing => out.push_str("null"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Integer(n) => push(out, format_args!("{n}")),
        // Debug form: shortest text that reads back to the same bits, always with a point or an exponent.
        Value::Decimal(d) if d.is_nan() => out.push_str("null"),
        Value::Decimal(d) => push(out, format_args!("{:?}", d.clamp(f64::MIN, f64::MAX))),
        Value::String(text) => quote(text, out),
        Value::Date(days) => quoted(out, |out| print::date(out, *days)),
        Value::DateTime(ms, offset) => match journey_artifact::word::date_time_word(*ms, *offset) {
            Some(word) => quoted(out, |out| print::date_time(out, word, Seconds::Always)),
            None => out.push_str("null"),
        },
        Value::DateTimeOnly(ms) => quoted(out, |out| print::local(out, *ms, Seconds::Always)),
        Value::Time(ms) => quoted(out, |out| print::time(out, i64::from(*ms), Seconds::Always)),
        Value::Duration(ms) => quoted(out, |out| print::duration(out, *ms)),
        Value::Period(months, days) => {
            quoted(out, |out| {
                print::period(out, journey_artifact::word::period_word(*months, *days))
            });
        }
        Value::List(items) => {
            out.push('[');
            for (ix, item) in items.iter().enumerate() {
                if ix > 0 {
                    out.push(',');
                }
                write_json(item, out);
            }
            out.push(']');
        }
        Value::Record(fields) => {
            out.push('{');
            for (ix, (key, item)) in fields.iter().enumerate() {
                if ix > 0 {
                    out.push(',');
                }
                quote(key, out);
                out.push(':');
                write_json(item, out);
            }
            out.push('}');
        }
    }
}

/// The bytes that the JSON text of a value takes at most, and how many lists and records stand in one another in it.
pub fn extent(value: &Value) -> (usize, usize) {
    // A comma or a colon between brackets; how large one of them is and how deep the deepest.
    let all = |(bytes, depth): (usize, usize), (of, below): (usize, usize)| {
        (bytes + of + 1, depth.max(below + 1))
    };
    match value {
        Value::String(text) => (quoted_bytes(text), 0),
        Value::List(items) => items.iter().map(extent).fold((2, 1), all),
        Value::Record(fields) => fields.iter().fold((2, 1), |sum, (key, field)| {
            let (bytes, depth) = extent(field);
            all(sum, (bytes + quoted_bytes(key) + 1, depth))
        }),
        // Numbers and times are short.
        _ => (SHORT, 0),
    }
}

/// The longest text of a number, a time or a word.
const SHORT: usize = 48;

/// The bytes that a text takes as a JSON string at most.
fn quoted_bytes(text: &str) -> usize {
    let escaped = text.bytes().filter(is_special).count();
    2 + text.len() + 5 * escaped
}

/// Appends text as a JSON string.
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    // What needs an escape is ASCII, so what is in front of it is text.
    while let Some(at) = first_special(rest.as_bytes()) {
        let (plain, behind) = rest.split_at(at);
        out.push_str(plain);
        match behind.as_bytes()[0] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            control => push(out, format_args!("\\u{control:04x}")),
        }
        rest = &behind[1..];
    }
    out.push_str(rest);
    out.push('"');
}

fn is_special(byte: &u8) -> bool {
    (*byte < 0x20) | (*byte == b'"') | (*byte == b'\\')
}

/// Where the first byte stands that needs an escape. Sixteen are looked at together: there are few such bytes in a text.
fn first_special(text: &[u8]) -> Option<usize> {
    let (sixteens, _) = text.as_chunks::<16>();
    let is_plain = |some: &&[u8; 16]| !some.iter().fold(false, |any, byte| any | is_special(byte));
    let from = 16 * sixteens.iter().take_while(is_plain).count();
    let behind = text[from..].iter().position(is_special)?;
    Some(from + behind)
}

fn quoted(out: &mut String, f: impl FnOnce(&mut String)) {
    out.push('"');
    f(out);
    out.push('"');
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let value = Value::Record(vec![
            (
                "a\"b".into(),
                Value::List(vec![
                    Value::Missing,
                    Value::Bool(true),
                    Value::Integer(i64::MIN),
                    Value::Decimal(3.0),
                ]),
            ),
            ("x".into(), Value::Decimal(f64::NAN)),
            ("big".into(), Value::Decimal(1e300)),
            ("beyond".into(), Value::Decimal(f64::NEG_INFINITY)),
            ("text".into(), Value::String("tab\t\u{1}\u{e9}\\".into())),
            ("at".into(), Value::DateTime(1_559_543_400_000, 120)),
            ("utc".into(), Value::DateTime(123, 0)),
            ("local".into(), Value::DateTimeOnly(0)),
            ("d".into(), Value::Date(1)),
            ("t".into(), Value::Time(32_400_000)),
            ("p".into(), Value::Period(1, 2)),
            ("u".into(), Value::Duration(1500)),
        ]);
        let json = to_json(&value);
        assert_eq!(
            json,
            "{\"a\\\"b\":[null,true,-9223372036854775808,3.0],\"x\":null,\"big\":1e300,\"beyond\":-1.7976931348623157e308,\"text\":\"tab\\t\\u0001\u{e9}\\\\\",\
             \"at\":\"2019-06-03T08:30:00+02:00\",\"utc\":\"1970-01-01T00:00:00.123Z\",\"local\":\"1970-01-01T00:00:00\",\
             \"d\":\"1970-01-02\",\"t\":\"09:00:00\",\"p\":\"P1M2D\",\"u\":\"PT1.5S\"}"
        );
        assert!(serde_json::from_str::<serde::de::IgnoredAny>(&json).is_ok());
        let (most, depth) = extent(&value);
        assert!(most >= json.len());
        assert_eq!(depth, 2);
    }

    #[test]
    fn what_needs_an_escape_gets_one_wherever_it_stands() {
        for (at, special) in (0..40).flat_map(|at| ['"', '\\', '\n', '\u{1f}'].map(|c| (at, c))) {
            let mut text = "é".repeat(20);
            text.insert(2 * (at / 2), special);
            let mut json = String::new();
            quote(&text, &mut json);
            assert_eq!(serde_json::from_str::<String>(&json).ok(), Some(text));
        }
    }

    #[test]
    fn decimals_are_equal_by_bits() {
        assert_eq!(Value::Decimal(f64::NAN), Value::Decimal(f64::NAN));
        assert_ne!(Value::Decimal(0.0), Value::Decimal(-0.0));
        assert_ne!(Value::Integer(1), Value::Decimal(1.0));
    }
}
