//! A parsed document held against what the program reads of it.
//!
//! Comes in: a `serde_json::Value`, the field plan of its schema. Goes out: the code of the first thing that is otherwise, in
//! the words of the machine's rejections. Never true here: a value kept.

use journey_artifact::model::{Artifact, PlanNode, StrId, Want};
use journey_artifact::word::WordType;
use journey_machine::time::parse;
use serde_json::Value as Json;

const WRONG_TYPE: &str = "WRONG_TYPE";
const WRONG_VALUE: &str = "WRONG_VALUE";
const MISSING: &str = "MISSING_REQUIRED";

/// Checks a document from its root.
pub fn check(artifact: &Artifact, node: &PlanNode, json: &Json) -> Result<(), &'static str> {
    if json.is_null() {
        return Ok(());
    }
    match &node.want {
        Want::Any => Ok(()),
        Want::Scalar(ty) => scalar(*ty, json),
        Want::Enum(values) => {
            let text = json.as_str().ok_or(WRONG_TYPE)?;
            let known = values.iter().any(|value| string(artifact, *value) == text);
            known.then_some(()).ok_or(WRONG_VALUE)
        }
        Want::Object(keys) => {
            let object = json.as_object().ok_or(WRONG_TYPE)?;
            for (key, child) in keys {
                match object.get(string(artifact, *key)) {
                    Some(value) if !value.is_null() => check(artifact, child, value)?,
                    _ if child.required => return Err(MISSING),
                    _ => {}
                }
            }
            Ok(())
        }
        Want::List(_, item) => {
            let items = json.as_array().ok_or(WRONG_TYPE)?;
            items
                .iter()
                .try_for_each(|json| check(artifact, item, json))
        }
        Want::Map(_, item) => {
            let entries = json.as_object().ok_or(WRONG_TYPE)?;
            entries
                .values()
                .try_for_each(|json| check(artifact, item, json))
        }
    }
}

fn string(artifact: &Artifact, id: StrId) -> &str {
    artifact.strings.get(id.0 as usize).unwrap_or_default()
}

fn scalar(ty: WordType, json: &Json) -> Result<(), &'static str> {
    let is = |good: bool| good.then_some(()).ok_or(WRONG_TYPE);
    let time = |read: fn(&str) -> bool| {
        let text = json.as_str().ok_or(WRONG_TYPE)?;
        read(text).then_some(()).ok_or(WRONG_VALUE)
    };
    match ty {
        WordType::Bool | WordType::Kleene => is(json.is_boolean()),
        WordType::Int => {
            is(json.as_i64().is_some() || json.as_f64().is_some_and(|x| x.fract() == 0.0))
        }
        WordType::Dec => is(json.is_number()),
        WordType::Str => is(json.is_string()),
        WordType::Date => time(|text| parse::date(text).is_some()),
        WordType::DateTime => time(|text| parse::date_time(text).is_some()),
        WordType::Local => time(|text| parse::local(text).is_some()),
        WordType::Time => time(|text| parse::time(text).is_some()),
        WordType::Duration => time(|text| parse::duration(text).is_some()),
        WordType::Period => time(|text| parse::period(text).is_some()),
        WordType::Row(_) | WordType::List(_) => Err(WRONG_TYPE),
    }
}
