//! Data against a schema: open world by default, so only what is declared is judged.
//!
//! In: a registry, a schema, a JSON value. Out: every error with its path. Never true here: a rule of its own for what a date or an
//! instant is (the machine reads both), a network look-up, a regular expression (patterns are
//! kept in the type, not run), a stop at the first error.

use super::normalise::{MAX_DEPTH, normalise};
use super::registry::Registry;
use super::types::{IntegerType, NumberType, SchemaId, StringType, TypeId, XdmType};
use journey_machine::time::parse;
use serde_json::Value;

/// Most errors listed for one value.
const MAX_ERRORS: usize = 1_000;

/// How data names its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As events and profiles do, and registry exports declare: `_id`, `person`.
    Final,
    /// As the public repository's schemas and examples do: `@id`, `xdm:person`.
    Raw,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValidationCode {
    /// Another kind of value than declared.
    Type,
    /// A required field is not there.
    Required,
    /// Not one of the closed list of values.
    Enum,
    /// Below the least value.
    Minimum,
    /// Above the greatest value.
    Maximum,
    /// Fewer characters or items than allowed.
    TooShort,
    /// More characters or items than allowed.
    TooLong,
    /// Not a date or an instant as the machine reads them.
    Format,
    /// A field the schema does not declare (closed world only).
    Undeclared,
    /// A key the schema's guard on raw names refuses.
    KeyName,
    /// Nested too deeply to judge.
    TooDeep,
}

impl ValidationCode {
    /// The stable name programs see.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            ValidationCode::Type => "type",
            ValidationCode::Required => "required",
            ValidationCode::Enum => "enum",
            ValidationCode::Minimum => "minimum",
            ValidationCode::Maximum => "maximum",
            ValidationCode::TooShort => "too-short",
            ValidationCode::TooLong => "too-long",
            ValidationCode::Format => "format",
            ValidationCode::Undeclared => "undeclared",
            ValidationCode::KeyName => "key-name",
            ValidationCode::TooDeep => "too-deep",
        }
    }
}

/// One error and where it is (a path of names and positions, `/productListItems/0/priceTotal`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValidationError {
    /// Where.
    pub path: String,
    /// What.
    pub code: ValidationCode,
}

/// Judges a value by a schema. `closed` also refuses fields the schema does not declare.
#[must_use]
pub fn validate(
    registry: &Registry,
    schema: SchemaId,
    value: &Value,
    form: Form,
    closed: bool,
) -> Vec<ValidationError> {
    let root = registry.root(schema);
    let mut judge = Judge {
        registry,
        closed,
        errors: Vec::new(),
    };
    match form {
        Form::Final => judge.value(root, value, "", 0),
        Form::Raw => {
            let normal = normalise(registry, root, value);
            for path in normal.refused {
                judge.error(&path, ValidationCode::KeyName);
            }
            judge.value(root, &normal.value, "", 0);
        }
    }
    judge.errors
}

struct Judge<'a> {
    registry: &'a Registry,
    closed: bool,
    errors: Vec<ValidationError>,
}

impl Judge<'_> {
    fn error(&mut self, path: &str, code: ValidationCode) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(ValidationError {
                path: path.to_owned(),
                code,
            });
        }
    }

    fn value(&mut self, ty: TypeId, value: &Value, path: &str, depth: usize) {
        if depth > MAX_DEPTH {
            return self.error(path, ValidationCode::TooDeep);
        }
        let registry = self.registry;
        match (registry.ty(ty), value) {
            (_, Value::Null) if registry.is_nullable(ty) => {}
            (XdmType::Any, _) | (XdmType::Boolean, Value::Bool(_)) => {}
            (XdmType::String(string), Value::String(text)) => self.string(string, text, path),
            (XdmType::Date, Value::String(text)) => self.format(parse::date(text).is_some(), path),
            (XdmType::DateTime, Value::String(text)) => {
                self.format(parse::date_time(text).is_some(), path)
            }
            (XdmType::Integer(integer), Value::Number(number)) => match whole(number) {
                Some(number) => self.integer(integer, number, path),
                None => self.error(path, ValidationCode::Type),
            },
            (XdmType::Number(range), Value::Number(number)) => {
                self.number(range, number.as_f64().unwrap_or(0.0), path)
            }
            (XdmType::Object(_), Value::Object(_)) => self.object(ty, value, path, depth),
            (XdmType::Map { value: ty }, Value::Object(map)) => {
                for (key, inner) in map {
                    self.value(*ty, inner, &format!("{path}/{key}"), depth + 1);
                }
            }
            (XdmType::Array(array), Value::Array(list)) => {
                self.length(list.len() as u64, array.min_items, array.max_items, path);
                for (at, inner) in list.iter().enumerate() {
                    self.value(array.item, inner, &format!("{path}/{at}"), depth + 1);
                }
            }
            _ => self.error(path, ValidationCode::Type),
        }
    }

    fn object(&mut self, ty: TypeId, value: &Value, path: &str, depth: usize) {
        let registry = self.registry;
        let (Some(object), Value::Object(map)) = (registry.object(ty), value) else {
            return;
        };
        for field in object
            .fields
            .iter()
            .filter(|field| field.listed && !map.contains_key(&field.name))
        {
            self.error(&format!("{path}/{}", field.name), ValidationCode::Required);
        }
        for (key, inner) in map {
            let at = format!("{path}/{key}");
            match (object.field(key), object.rest) {
                (Some(field), _) => self.value(field.ty, inner, &at, depth + 1),
                (None, Some(_)) => {}
                (None, None) if self.closed => self.error(&at, ValidationCode::Undeclared),
                (None, None) => {}
            }
        }
    }

    fn string(&mut self, string: &StringType, text: &str, path: &str) {
        if let Some(values) = &string.enum_values
            && !values.iter().any(|allowed| allowed.value == text)
        {
            self.error(path, ValidationCode::Enum);
        }
        self.length(
            text.chars().count() as u64,
            string.min_length,
            string.max_length,
            path,
        );
    }

    fn length(&mut self, length: u64, least: Option<u64>, most: Option<u64>, path: &str) {
        if least.is_some_and(|least| length < least) {
            self.error(path, ValidationCode::TooShort);
        }
        if most.is_some_and(|most| length > most) {
            self.error(path, ValidationCode::TooLong);
        }
    }

    fn integer(&mut self, range: &IntegerType, number: i128, path: &str) {
        if range.min.is_some_and(|least| number < i128::from(least)) {
            self.error(path, ValidationCode::Minimum);
        }
        if range.max.is_some_and(|most| number > i128::from(most)) {
            self.error(path, ValidationCode::Maximum);
        }
    }

    fn number(&mut self, range: &NumberType, number: f64, path: &str) {
        if range.min.is_some_and(|least| number < least) {
            self.error(path, ValidationCode::Minimum);
        }
        if range.max.is_some_and(|most| number > most) {
            self.error(path, ValidationCode::Maximum);
        }
    }

    fn format(&mut self, good: bool, path: &str) {
        if !good {
            self.error(path, ValidationCode::Format);
        }
    }
}

/// A JSON number that is whole, as JSON Schema counts: `1.0` is.
fn whole(number: &serde_json::Number) -> Option<i128> {
    if let Some(number) = number.as_i64() {
        return Some(i128::from(number));
    }
    if let Some(number) = number.as_u64() {
        return Some(i128::from(number));
    }
    let number = number.as_f64()?;
    // Beyond 2^53 a double is whole; the cast saturates, which keeps it out of any range it is out of.
    (number.fract() == 0.0).then_some(number as i128)
}
