//! The language's types, as the checker and everything after it see them.
//!
//! Whether a value may be missing is not part of [`Type`]; it stands beside it ([`Typed`], `Expr::opt`).
//! Never true here: a type that is not resolved; what could not be resolved is [`Type::Error`] and was reported once.

use crate::diag::written;
use crate::xdm::{Registry, TypeId, XdmType};
use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

/// A type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Type {
    /// UTF-8 text.
    String,
    /// 64-bit integer.
    Integer,
    /// IEEE double.
    Decimal,
    /// True or false; a missing one is *unknown*.
    Boolean,
    /// A calendar date.
    Date,
    /// An instant with offset.
    DateTime,
    /// A wall clock without zone.
    DateTimeOnly,
    /// A time of day.
    Time,
    /// An exact duration (`24h`). Shown as `duration`.
    Duration,
    /// A calendar duration (`1d`, `1mo`). Shown as `calendar duration`.
    Period,
    /// A string that is one of these.
    Enum(Arc<[String]>),
    /// A list.
    List(Arc<Type>),
    /// A map from strings.
    Map(Arc<Type>),
    /// A record.
    Record(Record),
    /// Some JSON nobody described; only its presence can be asked.
    Any,
    /// Of the items of `[]`: of which type, nobody said. It fits every type, and no value is of it.
    Nothing,
    /// Already reported; agrees with everything.
    Error,
}

/// Where a record's fields are described.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Record {
    /// In an XDM schema: fields are looked up when asked, so recursion is harmless.
    Xdm(TypeId),
    /// In the program.
    Inline(Arc<[Field]>),
}

/// A field of an inline record.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it may be missing.
    pub optional: bool,
}

/// A type and whether the value may be missing.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Typed {
    /// The type.
    pub ty: Type,
    /// May be missing.
    pub opt: bool,
}

impl Type {
    /// A list of `item`.
    pub fn list(item: Type) -> Type {
        Type::List(Arc::new(item))
    }

    /// Whether it was already reported.
    pub fn is_error(&self) -> bool {
        matches!(self, Type::Error)
    }

    /// Whether it has memory that it shares with others.
    #[inline]
    pub fn holds_memory(&self) -> bool {
        match self {
            Type::Enum(_) | Type::List(_) | Type::Map(_) | Type::Record(Record::Inline(_)) => true,
            Type::Record(Record::Xdm(_))
            | Type::String
            | Type::Integer
            | Type::Decimal
            | Type::Boolean
            | Type::Date
            | Type::DateTime
            | Type::DateTimeOnly
            | Type::Time
            | Type::Duration
            | Type::Period
            | Type::Any
            | Type::Nothing
            | Type::Error => false,
        }
    }

    /// JSON of which the schema says nothing, or a list or map of it: only that it is there can be known.
    pub fn is_undescribed(&self) -> bool {
        match self {
            Type::Any => true,
            Type::List(inner) | Type::Map(inner) => inner.is_undescribed(),
            _ => false,
        }
    }

    /// String or one of an enum.
    pub fn is_text(&self) -> bool {
        matches!(self, Type::String | Type::Enum(_))
    }

    /// Integer or decimal.
    pub fn is_number(&self) -> bool {
        matches!(self, Type::Integer | Type::Decimal)
    }

    /// A single value: not a list, map, record or unknown JSON.
    pub fn is_scalar(&self) -> bool {
        !matches!(
            self,
            Type::List(_)
                | Type::Map(_)
                | Type::Record(_)
                | Type::Any
                | Type::Nothing
                | Type::Error
        )
    }

    /// Whether a value of type `self` can stand where `want` is asked for, without conversion but integer → decimal and enum → string.
    pub fn fits(&self, want: &Type) -> bool {
        match (self, want) {
            (Type::Nothing | Type::Error, _) | (_, Type::Error) => true,
            (Type::Integer, Type::Decimal) | (Type::Enum(_), Type::String) => true,
            (Type::Enum(have), Type::Enum(want)) => have.iter().all(|v| want.contains(v)),
            (Type::List(a), Type::List(b)) | (Type::Map(a), Type::Map(b)) => {
                a.fits(b) && !needs_widening(a, b)
            }
            (Type::Record(Record::Inline(a)), Type::Record(Record::Inline(b))) => {
                b.iter()
                    .all(|want| match a.iter().find(|have| have.name == want.name) {
                        Some(have) => have.ty.fits(&want.ty) && (want.optional || !have.optional),
                        None => want.optional,
                    })
            }
            _ => self == want,
        }
    }

    /// Whether values of both lie in memory alike: they differ at most in enums and in what may be missing.
    pub fn lies_like(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::String | Type::Enum(_), Type::String | Type::Enum(_)) => true,
            (Type::List(a), Type::List(b)) | (Type::Map(a), Type::Map(b)) => a.lies_like(b),
            (Type::Record(Record::Inline(a)), Type::Record(Record::Inline(b))) => {
                let alike = |(a, b): (&Field, &Field)| a.name == b.name && a.ty.lies_like(&b.ty);
                a.len() == b.len() && a.iter().zip(b.iter()).all(alike)
            }
            _ => self == other,
        }
    }

    /// "a string", "an integer", "one of …": how a sentence speaks of a value of this type.
    pub fn article(&self) -> String {
        match self {
            Type::Enum(_) | Type::Any | Type::Nothing | Type::Error => self.to_string(),
            Type::Integer => format!("an {self}"),
            Type::List(item) if **item == Type::Nothing => "an empty list".into(),
            Type::List(item) => format!("a list of {}", item.plural()),
            _ => format!("a {self}"),
        }
    }

    fn plural(&self) -> String {
        match self {
            Type::Record(_) => "records".into(),
            Type::List(_)
            | Type::Map(_)
            | Type::Enum(_)
            | Type::Any
            | Type::Nothing
            | Type::Error => self.to_string(),
            _ => format!("{self}s"),
        }
    }

    /// The type of an XDM node; records stay references into the registry.
    pub fn from_xdm(registry: &Registry, id: TypeId) -> Type {
        match registry.ty(id) {
            // A map may have had fields, and anything may have been something.
            XdmType::Any | XdmType::Map { .. } if registry.is_lost(id) => Type::Error,
            XdmType::String(string) => match &string.choices {
                Some(values) if !values.is_empty() => Type::Enum(values.clone()),
                _ => Type::String,
            },
            XdmType::Integer(_) => Type::Integer,
            XdmType::Number(_) => Type::Decimal,
            XdmType::Boolean => Type::Boolean,
            XdmType::Date => Type::Date,
            XdmType::DateTime => Type::DateTime,
            XdmType::Object(_) => Type::Record(Record::Xdm(id)),
            XdmType::Map { value } => Type::Map(Arc::new(Type::from_xdm(registry, *value))),
            XdmType::Array(array) => Type::List(Arc::new(Type::from_xdm(registry, array.item))),
            XdmType::Any => Type::Any,
        }
    }
}

/// Types of lists and maps of the schemas, each made once.
#[derive(Debug, Default)]
pub struct Made(RefCell<Vec<Option<Type>>>);

impl Made {
    /// What [`Type::from_xdm`] says, remembered where it is made of others.
    pub fn from_xdm(&self, registry: &Registry, id: TypeId) -> Type {
        if !matches!(registry.ty(id), XdmType::Map { .. } | XdmType::Array(_)) {
            return Type::from_xdm(registry, id);
        }
        let mut made = self.0.borrow_mut();
        if made.len() <= id.index() {
            made.resize(id.index() + 1, None);
        }
        let make = || Type::from_xdm(registry, id);
        made[id.index()].get_or_insert_with(make).clone()
    }
}

fn needs_widening(have: &Type, want: &Type) -> bool {
    *have == Type::Integer && *want == Type::Decimal
}

impl Record {
    /// The field of this name, with its type and optionality.
    pub fn field(&self, registry: &Registry, name: &str) -> Option<Typed> {
        match self {
            Record::Inline(fields) => fields.iter().find(|f| f.name == name).map(|f| Typed {
                ty: f.ty.clone(),
                opt: f.optional,
            }),
            Record::Xdm(id) => match registry.ty(*id) {
                XdmType::Object(object) => object.field(name).map(|f| Typed {
                    ty: Type::from_xdm(registry, f.ty),
                    opt: !f.required,
                }),
                _ => None,
            },
        }
    }

    /// The field of this name of a record of a schema, with its name to keep.
    pub fn described<'r>(
        &self,
        registry: &'r Registry,
        name: &str,
    ) -> Option<(&'r Arc<str>, &'r crate::xdm::Field)> {
        let Record::Xdm(id) = self else { return None };
        let object = registry.object(*id)?;
        let position = object.field_index(name)?;
        Some((object.shared_name(position)?, object.fields.get(position)?))
    }

    /// Like [`Record::field`], with the field's name to keep.
    pub fn named(&self, registry: &Registry, name: &str) -> Option<(Arc<str>, Typed)> {
        match self {
            Record::Inline(_) => Some((name.into(), self.field(registry, name)?)),
            Record::Xdm(_) => {
                let (name, field) = self.described(registry, name)?;
                let typed = Typed {
                    ty: Type::from_xdm(registry, field.ty),
                    opt: !field.required,
                };
                Some((name.clone(), typed))
            }
        }
    }

    /// Whether it may have fields that could not be had, which was reported.
    pub fn is_lost(&self, registry: &Registry) -> bool {
        matches!(self, Record::Xdm(id) if registry.is_lost(*id))
    }

    /// All field names, in declaration order.
    pub fn names<'a>(&'a self, registry: &'a Registry) -> Vec<&'a str> {
        match self {
            Record::Inline(fields) => fields.iter().map(|f| f.name.as_str()).collect(),
            Record::Xdm(id) => match registry.ty(*id) {
                XdmType::Object(object) => object.fields.iter().map(|f| f.name.as_str()).collect(),
                _ => Vec::new(),
            },
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::String => f.write_str("string"),
            Type::Integer => f.write_str("integer"),
            Type::Decimal => f.write_str("decimal"),
            Type::Boolean => f.write_str("boolean"),
            Type::Date => f.write_str("date"),
            Type::DateTime => f.write_str("dateTime"),
            Type::DateTimeOnly => f.write_str("dateTimeOnly"),
            Type::Time => f.write_str("time"),
            Type::Duration => f.write_str("duration"),
            Type::Period => f.write_str("calendar duration"),
            Type::Enum(values) => {
                f.write_str("one of ")?;
                for (i, v) in values.iter().take(4).enumerate() {
                    let comma = if i > 0 { ", " } else { "" };
                    write!(f, "{comma}{}", written::text(v))?;
                }
                f.write_str(if values.len() > 4 { ", …" } else { "" })
            }
            Type::List(item) => write!(f, "list<{item}>"),
            Type::Map(value) => write!(f, "map<{value}>"),
            Type::Record(Record::Inline(fields)) if fields.is_empty() => f.write_str("{}"),
            Type::Record(Record::Inline(fields)) => {
                f.write_str("{ ")?;
                for (i, field) in fields.iter().take(4).enumerate() {
                    let (comma, q) = (
                        if i > 0 { ", " } else { "" },
                        if field.optional { "?" } else { "" },
                    );
                    write!(f, "{comma}{}: {}{q}", field.name, field.ty)?;
                }
                f.write_str(if fields.len() > 4 { ", … }" } else { " }" })
            }
            Type::Record(Record::Xdm(_)) => f.write_str("record"),
            Type::Any => f.write_str("any JSON"),
            Type::Nothing => f.write_str("nothing"),
            Type::Error => f.write_str("unknown"),
        }
    }
}

impl fmt::Display for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.ty, if self.opt { "?" } else { "" })
    }
}
