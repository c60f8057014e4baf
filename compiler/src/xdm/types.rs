//! The types an imported schema is made of.
//!
//! In: nothing. Out: plain data, shared by everything above. Never true here: a borrowed JSON value, a raw (un-renamed) field name
//! used for lookup, an order that depends on a hash.

use std::fmt;
use std::sync::Arc;

/// A type of a [`super::Registry`]. Types are interned, so recursion is an id that points back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub(super) u32);

impl TypeId {
    /// The type nothing is known about; every registry has it first.
    pub const ANY: TypeId = TypeId(0);

    /// The position of this type among the registry's types.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A schema of a [`super::Registry`], in the order of `$id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchemaId(pub(super) u32);

impl SchemaId {
    /// The position of this schema among the registry's schemas.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A source file of a [`super::Registry`], in the order of paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchemaFile(pub(super) u32);

impl SchemaFile {
    /// The position of this file among the registry's files.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a value of a field may be.
#[derive(Clone, Debug, PartialEq)]
pub enum XdmType {
    /// Text, perhaps one of a closed list of values.
    String(StringType),
    /// A whole number.
    Integer(IntegerType),
    /// An IEEE double.
    Number(NumberType),
    /// True or false.
    Boolean,
    /// A calendar day (RFC 3339 full-date).
    Date,
    /// An instant with offset (RFC 3339 date-time).
    DateTime,
    /// A record with named fields.
    Object(ObjectType),
    /// Keys that are data, all values of one type.
    Map {
        /// The type of every value.
        value: TypeId,
    },
    /// A list.
    Array(ArrayType),
    /// Nothing is known, or alternatives of different kinds.
    Any,
}

impl XdmType {
    /// One word for messages and the schema tree.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self {
            XdmType::String(_) => "string",
            XdmType::Integer(integer) => integer.width.name(),
            XdmType::Number(_) => "number",
            XdmType::Boolean => "boolean",
            XdmType::Date => "date",
            XdmType::DateTime => "date-time",
            XdmType::Object(_) => "object",
            XdmType::Map { .. } => "map",
            XdmType::Array(_) => "array",
            XdmType::Any => "any",
        }
    }

    /// Whether this type holds no other.
    #[must_use]
    pub fn is_leaf(&self) -> bool {
        !matches!(
            self,
            XdmType::Object(_) | XdmType::Map { .. } | XdmType::Array(_)
        )
    }
}

/// One value of an enum with the words people see for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue {
    /// The value as data holds it.
    pub value: String,
    /// What `meta:enum` calls it.
    pub title: Option<String>,
}

/// A string and what the schema says of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StringType {
    /// The only values allowed (`enum` or `const`), in declaration order.
    pub enum_values: Option<Vec<EnumValue>>,
    /// The same without titles, to be shared.
    pub choices: Option<Arc<[String]>>,
    /// Values that `meta:enum` suggests where there is no `enum`; any other string is as valid.
    pub suggested: Vec<EnumValue>,
    /// The JSON Schema `format`, such as `uri`.
    pub format: Option<String>,
    /// A regular expression the schema names (not checked here).
    pub pattern: Option<String>,
    /// Shortest length in characters.
    pub min_length: Option<u64>,
    /// Longest length in characters.
    pub max_length: Option<u64>,
}

/// How many bytes the registry gives an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IntegerWidth {
    /// 8 bits.
    Byte,
    /// 16 bits.
    Short,
    /// 32 bits.
    Int,
    /// 64 bits.
    Long,
}

impl IntegerWidth {
    /// The name XDM gives this width.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            IntegerWidth::Byte => "byte",
            IntegerWidth::Short => "short",
            IntegerWidth::Int => "int",
            IntegerWidth::Long => "long",
        }
    }

    /// The least and greatest value of this width.
    #[must_use]
    pub fn bounds(self) -> (i64, i64) {
        match self {
            IntegerWidth::Byte => (i64::from(i8::MIN), i64::from(i8::MAX)),
            IntegerWidth::Short => (i64::from(i16::MIN), i64::from(i16::MAX)),
            IntegerWidth::Int => (i64::from(i32::MIN), i64::from(i32::MAX)),
            IntegerWidth::Long => (i64::MIN, i64::MAX),
        }
    }
}

/// An integer; the declared range is kept beside the width because it may be narrower, or one wider at the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegerType {
    /// The least value declared.
    pub min: Option<i64>,
    /// The greatest value declared.
    pub max: Option<i64>,
    /// The width stored.
    pub width: IntegerWidth,
}

impl IntegerType {
    /// The least and greatest value allowed; an end that is not declared is that of the width.
    #[must_use]
    pub fn range(&self) -> (i64, i64) {
        let (least, most) = self.width.bounds();
        (self.min.unwrap_or(least), self.max.unwrap_or(most))
    }
}

/// A number; bounds are inclusive unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberType {
    /// The least value declared.
    pub min: Option<f64>,
    /// The greatest value declared.
    pub max: Option<f64>,
}

/// A list and how many items it may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrayType {
    /// The type of every item.
    pub item: TypeId,
    /// Fewest items.
    pub min_items: Option<u64>,
    /// Most items.
    pub max_items: Option<u64>,
}

/// A record: the merge of everything its schema pulls in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectType {
    /// What people call it.
    pub title: Option<String>,
    /// Its fields in declaration order, names final and unique.
    pub fields: Vec<Field>,
    /// The type of keys that are not fields, where the schema gives one beside its fields.
    pub rest: Option<TypeId>,
    /// Whether the schema guards raw key names (`common/extensible#/definitions/@context`).
    pub guarded: bool,
    /// The URI namespace inside which raw names of the same namespace lose it.
    pub(super) namespaces: Vec<String>,
    /// The names of `fields`, to be shared.
    names: Vec<Arc<str>>,
    /// A part of the hash of each name with its position in `fields` and one, at the first free place behind the hash; 0 where there
    /// is none.
    by_name: Vec<(u32, u32)>,
}

impl ObjectType {
    /// A record of these fields; they must have unique names.
    #[must_use]
    pub fn new(title: Option<String>, fields: Vec<Field>) -> Self {
        let mut by_name = vec![(0, 0); (fields.len() * 2).next_power_of_two()];
        let last = by_name.len() - 1;
        for (position, field) in (1..).zip(&fields) {
            let hash = crate::hash::text(0, &field.name);
            let mut at = hash as usize & last;
            while by_name[at].1 != 0 {
                at = (at + 1) & last;
            }
            by_name[at] = (part(hash), position);
        }
        ObjectType {
            title,
            names: fields.iter().map(|f| f.name.as_str().into()).collect(),
            fields,
            by_name,
            ..ObjectType::default()
        }
    }

    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.field_index(name).map(|index| &self.fields[index])
    }

    /// The position in `fields` of the field of this name.
    #[must_use]
    pub fn field_index(&self, name: &str) -> Option<usize> {
        self.index_by(crate::hash::text(0, name), name)
    }

    /// The field of this name, whose hash is known.
    #[must_use]
    pub fn field_by(&self, hash: u64, name: &str) -> Option<&Field> {
        let index = self.index_by(hash, name)?;
        self.fields.get(index)
    }

    fn index_by(&self, hash: u64, name: &str) -> Option<usize> {
        let last = self.by_name.len().checked_sub(1)?;
        let mut at = hash as usize & last;
        loop {
            let (known, position) = self.by_name[at];
            let position = position.checked_sub(1)? as usize;
            if known == part(hash) && &*self.names[position] == name {
                return Some(position);
            }
            at = (at + 1) & last;
        }
    }

    /// The name of the field at a position, to be kept.
    #[must_use]
    pub fn shared_name(&self, position: usize) -> Option<&Arc<str>> {
        self.names.get(position)
    }
}

/// The part of a name's hash that is compared before the name.
fn part(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// Where a field was declared first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file.
    pub file: SchemaFile,
    /// The name as that file writes it (`xdm:person`), for finding the line.
    pub raw_name: String,
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name data uses: renamed, final.
    pub name: String,
    /// Its type.
    pub ty: TypeId,
    /// Whether every valid record has a value of it: one that may be `null` may be missing.
    pub required: bool,
    /// Whether every valid record has the field, if with `null`.
    pub(super) listed: bool,
    /// What people call it.
    pub title: Option<String>,
    /// What it means.
    pub description: Option<String>,
    /// Whether the schema asks not to use it any more.
    pub deprecated: bool,
    /// Where it was declared first.
    pub origin: Origin,
    /// Every raw name that became this field, for data in raw form.
    pub(super) raw_names: Vec<String>,
}

/// A field that identifies a person, from a `xdm:descriptorIdentity` document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityDescriptor {
    /// The field's path from the schema's root, in final names.
    pub path: Vec<String>,
    /// The identity namespace (a code such as `Email`, or an id).
    pub namespace: String,
    /// Whether `namespace` is a code (`xdm:code`) and not a numeric id (`xdm:id`).
    pub by_code: bool,
    /// Whether this is the identity that stands for the person.
    pub primary: bool,
    /// Whether it names another's identity namespace only (`xdm:descriptorReferenceIdentity`).
    pub reference: bool,
}

/// What descriptors say of one field of one schema, beside what the field itself says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldNote {
    /// A friendlier title (`xdm:alternateDisplayInfo`).
    pub title: Option<String>,
    /// A friendlier description (`xdm:alternateDisplayInfo`).
    pub description: Option<String>,
    /// Marked by `xdm:descriptorDeprecated`.
    pub deprecated: bool,
    /// The schema the field points to (relationship descriptors).
    pub destination: Option<String>,
}

impl fmt::Display for XdmType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind_name())
    }
}
