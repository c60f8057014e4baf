//! Between the oracle's values and the machine's.
//!
//! Comes in: [`Val`] with its type, or a [`Value`] with the type it is read as. Goes out: the other. Never true here: a
//! change of meaning; a record that an XDM schema describes keeps the types of its JSON, since no registry is at hand.

use super::json::decode;
use super::value::{OracleError, Val};
use crate::types::{Record, Type};
use journey_machine::value::Value;
use serde_json::Value as Json;

/// `val`, of type `ty`, as the machine shows values: maps are records, null items [`Value::Missing`].
pub(super) fn to_value(val: &Val<'_>, ty: &Type) -> Result<Value, OracleError> {
    Ok(match (val, ty) {
        (Val::Bool(b), _) => Value::Bool(*b),
        (Val::Int(n), Type::Decimal) => Value::Decimal(*n as f64),
        (Val::Int(n), _) => Value::Integer(*n),
        (Val::Dec(x), _) => Value::Decimal(*x),
        (Val::Str(s), _) => Value::String(s.clone()),
        (Val::Date(d), _) => Value::Date(*d),
        (Val::DateTime(ms, offset), _) => Value::DateTime(*ms, *offset),
        (Val::Local(ms), _) => Value::DateTimeOnly(*ms),
        (Val::Time(ms), _) => Value::Time(*ms),
        (Val::Duration(ms), _) => Value::Duration(*ms),
        (Val::Period(months, days), _) => Value::Period(*months, *days),
        (Val::List(items), Type::List(item)) => Value::List(
            items
                .iter()
                .map(|v| optional(v.as_ref(), item))
                .collect::<Result<_, _>>()?,
        ),
        (Val::Map(entries), Type::Map(value)) => Value::Record(
            entries
                .iter()
                .map(|(k, v)| Ok((k.clone(), optional(v.as_ref(), value)?)))
                .collect::<Result<_, OracleError>>()?,
        ),
        (Val::Record(have), Type::Record(Record::Inline(fields))) => {
            let mut made = Vec::new();
            for field in fields.iter() {
                if let Some((_, value)) = have.iter().find(|(name, _)| *name == field.name) {
                    made.push((field.name.clone(), to_value(value, &field.ty)?));
                }
            }
            Value::Record(made)
        }
        (Val::Record(fields), _) => Value::Record(
            fields
                .iter()
                .map(|(k, v)| Ok((k.clone(), to_value(v, &Type::Any)?)))
                .collect::<Result<_, OracleError>>()?,
        ),
        (Val::Json(json), Type::Record(Record::Inline(fields))) => {
            let mut made = Vec::new();
            for field in fields.iter() {
                let found = json
                    .get(&field.name)
                    .map(|j| decode(j, &field.ty))
                    .transpose()?
                    .flatten();
                if let Some(value) = found {
                    made.push((field.name.clone(), to_value(&value, &field.ty)?));
                }
            }
            Value::Record(made)
        }
        (Val::Json(json), _) => untyped(json),
        (Val::List(items), _) => Value::List(
            items
                .iter()
                .map(|v| optional(v.as_ref(), &Type::Any))
                .collect::<Result<_, _>>()?,
        ),
        (Val::Map(entries), _) => Value::Record(
            entries
                .iter()
                .map(|(k, v)| Ok((k.clone(), optional(v.as_ref(), &Type::Any)?)))
                .collect::<Result<_, OracleError>>()?,
        ),
    })
}

fn optional(val: Option<&Val<'_>>, ty: &Type) -> Result<Value, OracleError> {
    val.map_or(Ok(Value::Missing), |v| to_value(v, ty))
}

/// JSON that nothing at hand describes.
fn untyped(json: &Json) -> Value {
    match json {
        Json::Null => Value::Missing,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => match n.as_i64() {
            Some(n) => Value::Integer(n),
            None => n.as_f64().map_or(Value::Missing, Value::Decimal),
        },
        Json::String(s) => Value::String(s.clone()),
        Json::Array(items) => Value::List(items.iter().map(untyped).collect()),
        Json::Object(fields) => Value::Record(
            fields
                .iter()
                .filter(|(_, v)| !v.is_null())
                .map(|(k, v)| (k.clone(), untyped(v)))
                .collect(),
        ),
    }
}

/// A machine's value read as `ty`. What a variable holds is of its type; parts that are not are taken as they stand.
pub(super) fn from_value<'a>(value: &Value, ty: &Type) -> Option<Val<'a>> {
    Some(match (value, ty) {
        (Value::Missing, _) => return None,
        (Value::Bool(b), _) => Val::Bool(*b),
        (Value::Integer(n), Type::Decimal) => Val::Dec(*n as f64),
        (Value::Integer(n), _) => Val::Int(*n),
        (Value::Decimal(x), _) => Val::Dec(*x),
        (Value::String(s), _) => Val::Str(s.clone()),
        (Value::Date(d), _) => Val::Date(*d),
        (Value::DateTime(ms, offset), _) => Val::DateTime(*ms, *offset),
        (Value::DateTimeOnly(ms), _) => Val::Local(*ms),
        (Value::Time(ms), _) => Val::Time(*ms),
        (Value::Duration(ms), _) => Val::Duration(*ms),
        (Value::Period(months, days), _) => Val::Period(*months, *days),
        (Value::List(items), _) => {
            let item = match ty {
                Type::List(item) => item,
                _ => &Type::Any,
            };
            Val::List(items.iter().map(|v| from_value(v, item)).collect())
        }
        (Value::Record(entries), Type::Map(item)) => Val::Map(
            entries
                .iter()
                .map(|(k, v)| (k.clone(), from_value(v, item)))
                .collect(),
        ),
        (Value::Record(fields), Type::Record(Record::Inline(described))) => Val::Record(
            fields
                .iter()
                .filter_map(|(k, v)| {
                    let ty = described
                        .iter()
                        .find(|f| f.name == *k)
                        .map_or(&Type::Any, |f| &f.ty);
                    Some((k.clone(), from_value(v, ty)?))
                })
                .collect(),
        ),
        (Value::Record(fields), _) => Val::Record(
            fields
                .iter()
                .filter_map(|(k, v)| Some((k.clone(), from_value(v, &Type::Any)?)))
                .collect(),
        ),
    })
}
