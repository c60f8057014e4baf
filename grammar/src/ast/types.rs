//! Views of types as declarations write them, and of parameters. Names are not resolved here.

use super::{
    expr::StringLit,
    key::Key,
    name::{Name, QName},
    view::{accessors, choice, views},
};

views! {
    /// `(city: string)`
    ParamList,
    /// `city: string`
    Param,
    /// `-> Type`
    ReturnType,
    /// `string`, or a schema's name.
    TypeName,
    /// `list<T>`
    TypeList,
    /// `map<T>`
    TypeMap,
    /// `{ main: { temp: decimal }, sky: string }`
    TypeRecord,
    /// `temp: decimal` in a record type.
    TypeField,
    /// `T?`
    TypeOptional,
    /// `from sample "file.json"`
    TypeSample,
}

choice! {
    /// Any type.
    TypeRef {
        Name(TypeName), List(TypeList), Map(TypeMap), Record(TypeRecord), Optional(TypeOptional), Sample(TypeSample),
    }
}

accessors!(ParamList { /// The parameters in order.
    params: all Param });
accessors!(Param { /// The parameter's name.
    name: first Name, /// Its type.
    ty: first TypeRef });
accessors!(ReturnType { /// The type.
    ty: first TypeRef });
accessors!(TypeName { /// The name.
    name: first QName });
accessors!(TypeList { /// The elements' type.
    element: first TypeRef });
accessors!(TypeMap { /// The values' type.
    value: first TypeRef });
accessors!(TypeRecord { /// The fields in order.
    fields: all TypeField });
accessors!(TypeOptional { /// The type that may be missing.
    inner: first TypeRef });
accessors!(TypeSample { /// The sample's file.
    file: first StringLit });
accessors!(TypeField { /// The field's name, when it is a word.
    name: first Name, /// The field's type.
    ty: first TypeRef });

impl<'t> TypeField<'t> {
    /// The field's name, however it is written.
    pub fn key(self) -> Option<Key<'t>> {
        Key::of(self.0)
    }
}
