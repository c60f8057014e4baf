//! The reference system's own expressions, where they are also ours word for word.
//!
//! Comes in: `adobe-expressions.json` of the conformance folder. Goes out: how many agree; a difference that is not on the
//! list below, with its reason, fails. Expressions with fields of events or profiles in the other dialect's notation, with bindings
//! that this version has no notion of, or that our grammar does not take, are counted and left out: they are the business of
//! the dialect's own importer. Never true here: a translation.

use crate::answer::{No, answer};
use journey_artifact::word::{date_time_ms, date_time_offset};
use journey_machine::time::parse;
use journey_machine::value::Value;
use serde_json::Value as Json;
use std::path::PathBuf;

/// Where ours differs, and why.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "div-002",
        "dividing by zero gives nothing here; a 0 would be taken for a result",
    ),
    (
        "plus-string-001",
        "texts are joined by interpolation, which says what becomes of a missing value",
    ),
    ("plus-string-002", "as plus-string-001"),
    ("plus-string-004", "as plus-string-001"),
    ("plus-string-007", "as plus-string-001"),
    (
        "if-then-else-007",
        "a condition that cannot vary is refused, so that a forgotten test switch is found",
    ),
    ("if-then-else-010", "as if-then-else-007"),
    ("if-then-else-011", "as if-then-else-007"),
    ("if-then-else-012", "as if-then-else-007"),
    (
        "if-then-else-016",
        "as if-then-else-007, and as plus-string-001",
    ),
    ("split-008", "no list of one is taken for its element"),
];

fn folder() -> PathBuf {
    match std::env::var_os("JOURNEY_CONFORMANCE") {
        Some(folder) => folder.into(),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance"),
    }
}

enum Verdict {
    Agrees,
    NotOurs,
    Differs(String),
}

#[test]
fn the_common_subset_agrees() {
    let path = folder().join("adobe-expressions.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("NOT RUN: there is no {}", path.display());
        return;
    };
    let cases: Vec<Json> = serde_json::from_str(&text).expect("the conformance file is a list");
    let (mut agree, mut not_ours, mut known) = (0, 0, 0);
    let mut differing = Vec::new();
    let mut stale: Vec<&str> = DIFFERENT.iter().map(|(id, _)| *id).collect();
    for case in &cases {
        let id = case["id"].as_str().unwrap_or("");
        match verdict(case) {
            Verdict::Agrees => agree += 1,
            Verdict::NotOurs => not_ours += 1,
            Verdict::Differs(_) if DIFFERENT.iter().any(|(known, _)| *known == id) => {
                known += 1;
                stale.retain(|s| *s != id);
            }
            Verdict::Differs(what) => {
                differing.push(format!("{id}: {} — {what}", case["expression"]))
            }
        }
    }
    println!(
        "{agree} agree, {known} differ for a known reason, {not_ours} of {} are not ours",
        cases.len()
    );
    assert!(
        differing.is_empty(),
        "{} differ\n{}",
        differing.len(),
        differing.join("\n")
    );
    assert!(
        stale.is_empty(),
        "these agree by now, take them off the list: {stale:?}"
    );
    assert!(agree >= 150, "only {agree} agree");
}

fn verdict(case: &Json) -> Verdict {
    let text = case["expression"].as_str().unwrap_or("");
    let bindings = case["bindings"].as_object();
    let only_now = bindings.is_none_or(|b| b.keys().all(|k| k == "now"));
    // A null cannot be written in our expressions; missing values come from data.
    let null = text
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| word == "null");
    if null || text.contains(['@', '$']) || text.contains("#{") || text.contains('\n') || !only_now
    {
        return Verdict::NotOurs;
    }
    let now = bindings
        .and_then(|b| b.get("now"))
        .and_then(Json::as_str)
        .and_then(parse::date_time);
    let now = now.map_or(0, date_time_ms);
    let expected = &case["expected"];
    let alternatives: Vec<&Json> = expected["anyOf"]
        .as_array()
        .map_or(vec![expected], |all| all.iter().collect());
    match answer(text, now) {
        Err(No::Broken(what)) => Verdict::Differs(format!("BROKEN: {what}")),
        Err(No::Refused(_)) if alternatives.iter().any(|e| e.get("error").is_some()) => {
            Verdict::Agrees
        }
        // Syntax, and functions of the other system that ours does not have under that name.
        Err(No::Refused(errors))
            if errors
                .iter()
                .any(|(code, _)| code.starts_with("J01") || code == "J0205") =>
        {
            Verdict::NotOurs
        }
        Err(No::Refused(errors)) => {
            Verdict::Differs(format!("refused: {} {}", errors[0].0, errors[0].1))
        }
        Ok((value, ty)) => {
            if alternatives
                .iter()
                .any(|e| e.get("value").is_some_and(|v| same(&value, v)))
            {
                Verdict::Agrees
            } else {
                Verdict::Differs(format!("expected {expected}, is {value:?} ({ty})"))
            }
        }
    }
}

/// Whether a value is what the other system's JSON says; date-times by instant and offset.
fn same(value: &Value, json: &Json) -> bool {
    let text = || json.as_str().unwrap_or("");
    match value {
        Value::Missing => json.is_null(),
        Value::Bool(b) => json.as_bool() == Some(*b),
        Value::Integer(n) => json.as_i64() == Some(*n),
        Value::Decimal(x) => json.as_f64() == Some(*x),
        Value::String(s) => json.as_str() == Some(s.as_str()),
        Value::Date(days) => parse::date(text()) == Some(*days),
        Value::DateTime(ms, offset) => parse::date_time(text())
            .is_some_and(|word| (date_time_ms(word), date_time_offset(word)) == (*ms, *offset)),
        Value::DateTimeOnly(ms) => parse::local(text()) == Some(*ms),
        Value::Time(ms) => parse::time(text()) == Some(*ms),
        Value::Duration(ms) => parse::duration(text()) == Some(*ms),
        Value::List(items) => json.as_array().is_some_and(|all| {
            all.len() == items.len() && items.iter().zip(all).all(|(a, b)| same(a, b))
        }),
        Value::Period(..) | Value::Record(_) => false,
    }
}
