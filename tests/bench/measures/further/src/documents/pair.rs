//! The two documents that are measured, and the schemas of both.
//!
//! Comes in: the workloads' documents and schemas, and `fields.json` and `values.json`, which are what a profile has beyond them. Goes out:
//! [`Pair`]. Never true here: a workload whose schema has these fields.

use super::{Event, Profile};
use bench_core::workload::workloads;
use bench_ours::schemas::{EVENT_FILE, PROFILE_FILE, Schemas, text};
use serde::de::DeserializeOwned;
use serde_json::Value;

const FIELDS: &str = "measures/further/fields.json";
const VALUES: &str = "measures/further/values.json";

/// A document and its schema.
pub struct Described {
    /// The document.
    pub value: Value,
    /// Its schema.
    pub schema: Value,
}

/// An event and a profile.
pub struct Pair {
    /// The event.
    pub event: Described,
    /// The profile.
    pub profile: Described,
}

/// An event and a profile as a host has them, and as hand-written Rust has.
pub struct Both {
    /// JSON.
    pub event: Vec<u8>,
    /// JSON.
    pub profile: Vec<u8>,
    /// Typed.
    pub typed: (Event, Profile),
}

impl Pair {
    /// Reads all files.
    pub fn load() -> Result<Pair, String> {
        let workloads = workloads();
        let base = workloads.first().map(|workload| &workload.base);
        let base = base.ok_or("there is no workload")?;
        let mut profile = Described {
            value: json(&base.profile)?,
            schema: json(text(PROFILE_FILE)?.as_bytes())?,
        };
        extend(&mut profile.value, json(text(VALUES)?.as_bytes())?);
        let fields = json(text(FIELDS)?.as_bytes())?;
        extend(&mut profile.schema["properties"], fields);
        Ok(Pair {
            event: Described {
                value: json(&base.event)?,
                schema: json(text(EVENT_FILE)?.as_bytes())?,
            },
            profile,
        })
    }

    /// What the compiler knows of both.
    pub fn schemas(&self) -> Schemas {
        Schemas::of(
            self.event.schema.to_string(),
            self.profile.schema.to_string(),
        )
    }

    /// Documents of these schemas in both forms.
    pub fn both(&self, event: &Value, profile: &Value) -> Result<Both, String> {
        Ok(Both {
            event: event.to_string().into_bytes(),
            profile: profile.to_string().into_bytes(),
            typed: (
                typed(event, &self.event.schema)?,
                typed(profile, &self.profile.schema)?,
            ),
        })
    }
}

fn json(text: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(text).map_err(|error| error.to_string())
}

fn extend(object: &mut Value, more: Value) {
    if let (Value::Object(object), Value::Object(more)) = (object, more) {
        object.extend(more);
    }
}

fn typed<T: DeserializeOwned>(document: &Value, schema: &Value) -> Result<T, String> {
    let mut document = document.clone();
    without_nulls(&mut document, schema);
    serde_json::from_value(document).map_err(|error| error.to_string())
}

/// Takes out of records what is `null`; entries of maps and items of lists stay.
fn without_nulls(value: &mut Value, schema: &Value) {
    match value {
        Value::Object(members) => {
            let fields = schema.get("properties");
            if fields.is_some() {
                members.retain(|_, member| !member.is_null());
            }
            for (name, member) in members {
                let of = match fields {
                    Some(fields) => &fields[name.as_str()],
                    None => &schema["additionalProperties"],
                };
                without_nulls(member, of);
            }
        }
        Value::Array(items) => {
            for item in items {
                without_nulls(item, &schema["items"]);
            }
        }
        _ => {}
    }
}
