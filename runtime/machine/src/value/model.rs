//! A value that knows its own type.
//!
//! Never true here: a reference into an arena.

/// A value of the language.
#[derive(Clone, Debug)]
pub enum Value {
    /// No value.
    Missing,
    /// `boolean`.
    Bool(bool),
    /// `integer`.
    Integer(i64),
    /// `decimal`; two are equal when their bits are (so NaN equals itself and 0.0 is not -0.0).
    Decimal(f64),
    /// `string`.
    String(String),
    /// `date`: days since 1970-01-01.
    Date(i64),
    /// `dateTime`: milliseconds since the epoch, and the offset from UTC in minutes.
    DateTime(i64, i32),
    /// `dateTimeOnly`: wall clock milliseconds.
    DateTimeOnly(i64),
    /// `time`: milliseconds since midnight.
    Time(u32),
    /// Exact `duration`: milliseconds.
    Duration(i64),
    /// Calendar duration: months, days.
    Period(i32, i32),
    /// `list<T>`, in order.
    List(Vec<Value>),
    /// A record (or a map), in order; a missing field is left out.
    Record(Vec<(String, Value)>),
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Missing, Value::Missing) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Decimal(a), Value::Decimal(b)) => a.to_bits() == b.to_bits(),
            (Value::String(a), Value::String(b)) => a == b,
            (Value::DateTime(a, o), Value::DateTime(b, p)) => a == b && o == p,
            (Value::Integer(a), Value::Integer(b))
            | (Value::Date(a), Value::Date(b))
            | (Value::DateTimeOnly(a), Value::DateTimeOnly(b))
            | (Value::Duration(a), Value::Duration(b)) => a == b,
            (Value::Time(a), Value::Time(b)) => a == b,
            (Value::Period(m, d), Value::Period(n, e)) => m == n && d == e,
            (Value::List(a), Value::List(b)) => a == b,
            (Value::Record(a), Value::Record(b)) => a == b,
            _ => false,
        }
    }
}

impl Value {
    /// The field of a record by name; `None` when it is no record or has none.
    pub fn field(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Record(fields) => fields
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }
}
