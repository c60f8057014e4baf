//! Which rows exist, and how a type of the language becomes a word.
//!
//! A row is named by what it holds: the profile, an event of a schema, a journey's variables, an item of a list, an entry
//! of a map. Items and entries are named by the *type* of the value, so lists of one type have one shape wherever they come
//! from and flow; reading a field of such an item anywhere gives all of them a slot for it. So nothing is read of a row that its type
//! does not declare: it would leave with every value of the type.
//! Comes in: row keys and types. Goes out: shape numbers in the order of asking. Never true here: a number that changes
//! once it was given; later passes ask again and get the same.

use crate::hash::Map;
use crate::hir::CallId;
use crate::types::{Field, Record, Type};
use journey_artifact::word::{ShapeId, WordType};
use std::sync::Arc;

/// What a row holds.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum RowKey {
    /// The profile.
    Profile,
    /// An input that belongs to no declaration (an expression evaluated by itself).
    Input,
    /// An event, by the `$id` of its schema.
    Event(String),
    /// The response of a call.
    Response(CallId),
    /// The body of a failed call.
    Failure(CallId),
    /// The arguments of a call.
    Args(CallId),
    /// The variables of a journey, by its number.
    Vars(u32),
    /// An item of a list of this (normalised) type.
    Item(Type),
    /// An entry of a map to this (normalised) type.
    Entry(Type),
}

/// So many rows are looked through; the others are found by their hashes.
const FIRST: usize = 6;

/// All rows asked for so far.
#[derive(Debug, Default)]
pub struct Rows {
    keys: Vec<RowKey>,
    /// Those behind the first.
    ids: Map<RowKey, ShapeId>,
    profile: Option<ShapeId>,
}

impl Rows {
    /// Forgets everything but the memory it took.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.ids.clear();
        self.profile = None;
    }

    /// The number of a row.
    pub fn id(&mut self, key: RowKey) -> ShapeId {
        let first = self.keys.len().min(FIRST);
        if let Some(at) = self.keys[..first].iter().position(|known| *known == key) {
            return ShapeId(at as u32);
        }
        let id = ShapeId(self.keys.len() as u32);
        if first == FIRST {
            if let Some(id) = self.ids.get(&key) {
                return *id;
            }
            self.ids.insert(key.clone(), id);
        }
        self.keys.push(key);
        id
    }

    /// The number of the profile's row.
    pub fn profile(&mut self) -> ShapeId {
        match self.profile {
            Some(id) => id,
            None => {
                let id = self.id(RowKey::Profile);
                self.profile = Some(id);
                id
            }
        }
    }

    /// The row of an item of a `list<item>`; also of a record by itself.
    pub fn item(&mut self, item: &Type) -> ShapeId {
        self.id(RowKey::Item(normal(item)))
    }

    /// The row of an entry of a `map<value>`.
    pub fn entry(&mut self, value: &Type) -> ShapeId {
        self.id(RowKey::Entry(normal(value)))
    }

    /// How a value of this type lies in a word.
    pub fn word(&mut self, ty: &Type) -> WordType {
        match ty {
            Type::String | Type::Enum(_) => WordType::Str,
            Type::Integer => WordType::Int,
            Type::Decimal => WordType::Dec,
            Type::Boolean => WordType::Bool,
            Type::Date => WordType::Date,
            Type::DateTime => WordType::DateTime,
            Type::DateTimeOnly => WordType::Local,
            Type::Time => WordType::Time,
            Type::Duration => WordType::Duration,
            Type::Period => WordType::Period,
            Type::List(item) => WordType::List(self.item(item)),
            Type::Map(value) => WordType::List(self.entry(value)),
            Type::Record(_) => WordType::Row(self.item(ty)),
            // Only presence is known of these.
            Type::Any | Type::Nothing | Type::Error => WordType::Bool,
        }
    }

    /// What a row holds.
    pub fn key(&self, id: ShapeId) -> &RowKey {
        &self.keys[id.0 as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// All of them with their numbers, in order.
    pub fn iter(&self) -> impl Iterator<Item = (ShapeId, &RowKey)> {
        self.keys
            .iter()
            .enumerate()
            .map(|(ix, key)| (ShapeId(ix as u32), key))
    }
}

/// The type that decides the shape: an enum is a string there, and every field of a record may be missing.
fn normal(ty: &Type) -> Type {
    match ty {
        Type::Enum(_) => Type::String,
        Type::List(item) => Type::List(Arc::new(normal(item))),
        Type::Map(value) => Type::Map(Arc::new(normal(value))),
        Type::Record(Record::Inline(fields)) => {
            let field = |f: &Field| Field {
                name: f.name.clone(),
                ty: normal(&f.ty),
                optional: true,
            };
            Type::Record(Record::Inline(fields.iter().map(field).collect()))
        }
        other => other.clone(),
    }
}
