//! The variables row as a host would hold it: what lies in it follows from the names of its slots.
//!
//! Comes in: a shape, the variables' types and data. Goes out: a record of the variables' region. Never true here: a slot
//! that is set without data, or left missing with some.

use journey_artifact::model::{Artifact, KEY_SLOT, RECORD_SLOT, THERE_SLOT};
use journey_artifact::word::{Ref, Region, ShapeId, WordType, period_word};
use journey_machine::record::Record as Row;
use journey_machine::record::arena::set_slot;
use journey_machine::time::parse;
use journey_machine::value::Value;
use journeyc::oracle::Bound;
use journeyc::types::{Record, Type};
use serde_json::Value as Json;

/// A variable: name, type, what it holds (`None`: nothing).
pub struct Held<'a> {
    pub name: &'a str,
    pub ty: &'a Type,
    pub bound: Option<&'a Bound>,
}

/// The row of `shape` that holds the variables.
pub fn vars_row(artifact: &Artifact, shape: ShapeId, vars: &[Held<'_>]) -> Row {
    let layout = &artifact.shapes[shape.0 as usize];
    let mut row = Row::new(layout);
    for (ix, slot) in layout.slots.iter().enumerate() {
        let path = &artifact.strings[slot.name.0 as usize];
        let held = vars
            .iter()
            .find(|v| {
                path.strip_prefix(v.name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            })
            .expect("a slot of a variable");
        let word = match held.bound {
            None => None,
            Some(Bound::Value(Value::Duration(ms))) => Some(*ms as u64),
            Some(Bound::Value(Value::Period(months, days))) => Some(period_word(*months, *days)),
            Some(Bound::Value(other)) => panic!("no such variable: {other:?}"),
            Some(Bound::Json(json)) => walk(json, held.ty, &path[held.name.len()..])
                .and_then(|(json, ty)| word(artifact, json, &ty, slot.ty, &mut row)),
        };
        if let Some(word) = word {
            row.set(layout, ix as u16, word);
        }
    }
    row
}

/// What stands at a slot's path below a value.
fn walk<'a>(json: &'a Json, ty: &Type, path: &str) -> Option<(&'a Json, Type)> {
    let mut at = (json, ty.clone());
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("[\"") {
            let (key, after) = quoted.split_once("\"]").expect("a closed key");
            let Type::Map(value) = &at.1 else {
                panic!("a key of {}", at.1)
            };
            at = (at.0.get(key)?, (**value).clone());
            rest = after;
        } else {
            let name = rest.strip_prefix('.').unwrap_or(rest);
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let Type::Record(Record::Inline(fields)) = &at.1 else {
                panic!("a field of {}", at.1)
            };
            let field = fields
                .iter()
                .find(|f| f.name == name[..end])
                .expect("a declared field");
            at = (at.0.get(&field.name)?, field.ty.clone());
            rest = &name[end..];
        }
    }
    (!at.0.is_null()).then_some(at)
}

fn word(artifact: &Artifact, json: &Json, ty: &Type, want: WordType, to: &mut Row) -> Option<u64> {
    Some(match (ty, want) {
        (Type::Record(_) | Type::Map(_) | Type::Any, WordType::Bool) => 1,
        (Type::Boolean, _) => u64::from(json.as_bool()?),
        (Type::Integer, _) => json.as_i64()? as u64,
        (Type::Decimal, _) => json.as_f64()?.to_bits(),
        (Type::String | Type::Enum(_), _) => to
            .push_str(Region::Vars, json.as_str()?)
            .expect("room for text"),
        (Type::Date, _) => parse::date(json.as_str()?)? as u64,
        (Type::DateTime, _) => parse::date_time(json.as_str()?)?,
        (Type::DateTimeOnly, _) => parse::local(json.as_str()?)? as u64,
        (Type::Time, _) => u64::from(parse::time(json.as_str()?)?),
        (Type::Record(_), WordType::Row(shape)) => {
            let at = rows(artifact, shape, ty, &[(None, json)], to);
            Ref::new(Region::Vars, 0, at).0
        }
        (Type::List(item), WordType::List(shape)) => {
            let items: Vec<_> = json.as_array()?.iter().map(|json| (None, json)).collect();
            let at = rows(artifact, shape, item, &items, to);
            Ref::new(Region::Vars, items.len() as u32, at).0
        }
        (Type::Map(value), WordType::List(shape)) => {
            let entries: Vec<_> = json
                .as_object()?
                .iter()
                .map(|(key, json)| (Some(key.as_str()), json))
                .collect();
            let at = rows(artifact, shape, value, &entries, to);
            Ref::new(Region::Vars, entries.len() as u32, at).0
        }
        (ty, want) => panic!("{ty} as {want:?}"),
    })
}

/// Rows end to end; the offset of the first.
fn rows(
    artifact: &Artifact,
    shape: ShapeId,
    ty: &Type,
    items: &[(Option<&str>, &Json)],
    to: &mut Row,
) -> u32 {
    let layout = &artifact.shapes[shape.0 as usize];
    let at = to
        .push_zeros(items.len() * layout.stride())
        .expect("room for rows");
    for (number, (key, json)) in items.iter().enumerate() {
        let row = at as usize + number * layout.stride();
        for (ix, slot) in layout.slots.iter().enumerate() {
            let path = &artifact.strings[slot.name.0 as usize];
            let found = match (path, key) {
                (KEY_SLOT, Some(key)) => {
                    Some(to.push_str(Region::Vars, key).expect("room for text"))
                }
                (RECORD_SLOT, _) => (!json.is_null()).then_some(1),
                _ => {
                    let there = path
                        .strip_suffix(RECORD_SLOT)
                        .or(path.strip_suffix(THERE_SLOT));
                    let path = there.map_or(path, |path| path.trim_end_matches('.'));
                    walk(json, ty, path)
                        .and_then(|(json, ty)| word(artifact, json, &ty, slot.ty, to))
                }
            };
            if let Some(word) = found {
                set_slot(&mut to.words, row, layout.presence_words(), ix as u16, word);
            }
        }
    }
    at
}
