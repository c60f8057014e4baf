//! Types as declarations write them.

use super::plain;
use super::world::World;
use crate::diag::{Bag, Code, Diagnostic};
use crate::source::{FileId, Span};
use crate::types::{Field, Record, Type, Typed};
use journey_grammar::ast::{self, AstNode};
use std::sync::Arc;

const PRIMITIVES: &[(&str, Type)] = &[
    ("string", Type::String),
    ("integer", Type::Integer),
    ("decimal", Type::Decimal),
    ("boolean", Type::Boolean),
    ("date", Type::Date),
    ("dateTime", Type::DateTime),
    ("dateTimeOnly", Type::DateTimeOnly),
    ("time", Type::Time),
    ("duration", Type::Duration),
];

/// The type of what is always there: of a body, an item, an entry. Refuses a `?`, which would say nothing.
pub fn present(world: &World<'_>, bag: &mut Bag, file: FileId, ty: ast::TypeRef<'_>) -> Type {
    let typed = resolve(world, bag, file, ty);
    if typed.opt {
        let (at, end) = (ty.span(), ty.span().end);
        let span = |start| Span { file, start, end };
        let d = Diagnostic::new(
            Code::TypeMismatch,
            span(at.start),
            "a `?` says nothing of this type",
        );
        let d = d.why("only parameters, results of functions and fields of records may be missing");
        bag.push(d.fix("remove the `?`", span(end - 1), "", false));
    }
    typed.ty
}

/// The type, and whether it is written `T?`.
pub fn resolve(world: &World<'_>, bag: &mut Bag, file: FileId, ty: ast::TypeRef<'_>) -> Typed {
    let at = |s: journey_grammar::Span| Span {
        file,
        start: s.start,
        end: s.end,
    };
    let plain = |ty: Type| Typed { ty, opt: false };
    if ty.has_error() {
        return plain(Type::Error);
    }
    match ty {
        ast::TypeRef::Optional(o) => match o.inner() {
            Some(inner) => Typed {
                opt: true,
                ..resolve(world, bag, file, inner)
            },
            None => plain(Type::Error),
        },
        ast::TypeRef::List(l) => match l.element() {
            Some(e) => plain(Type::list(present(world, bag, file, e))),
            None => plain(Type::Error),
        },
        ast::TypeRef::Map(m) => match m.value() {
            Some(v) => plain(Type::Map(Arc::new(present(world, bag, file, v)))),
            None => plain(Type::Error),
        },
        ast::TypeRef::Record(r) => {
            let mut fields: Vec<Field> = Vec::new();
            for f in r.fields() {
                let name = f
                    .key()
                    .and_then(|k| plain::key(bag, file, k, "a field's name"));
                let (Some(name), Some(ty)) = (name, f.ty()) else {
                    continue;
                };
                if fields.iter().any(|x| x.name == name) {
                    bag.push(
                        Diagnostic::new(
                            Code::DuplicateName,
                            at(f.span()),
                            format!("the record has `{name}` twice"),
                        )
                        .label("declared again"),
                    );
                    continue;
                }
                let typed = resolve(world, bag, file, ty);
                fields.push(Field {
                    name,
                    ty: typed.ty,
                    optional: typed.opt,
                });
            }
            plain(Type::Record(Record::Inline(fields.into())))
        }
        ast::TypeRef::Sample(s) => {
            let d = Diagnostic::new(
                Code::NotYet,
                at(s.span()),
                "types read from a sample file are not built yet",
            );
            bag.push(d.label("write the type out: `{ field: type, … }`"));
            plain(Type::Error)
        }
        ast::TypeRef::Name(n) => match n.name() {
            Some(name) => plain(named(world, bag, &name.full(), at(name.span()))),
            None => plain(Type::Error),
        },
    }
}

fn named(world: &World<'_>, bag: &mut Bag, name: &str, at: Span) -> Type {
    if let Some((_, ty)) = PRIMITIVES.iter().find(|(n, _)| *n == name) {
        return ty.clone();
    }
    if let Some((_, ty)) = world.schemas.get(name) {
        return ty.clone();
    }
    if world.may_be_broken(name) || world.lost_name("schema") {
        return Type::Error;
    }
    let known = PRIMITIVES
        .iter()
        .map(|(n, _)| *n)
        .chain(world.schemas.keys().map(String::as_str));
    let d = Diagnostic::new(Code::UnknownType, at, format!("there is no type `{name}`"))
        .did_you_mean(name, known);
    let d = if d.fix.is_none() {
        d.why("types are string, integer, decimal, boolean, date, dateTime, dateTimeOnly, time, duration, list<T>, map<T>, records { … } and the package's schemas")
    } else {
        d
    };
    bag.push(d);
    Type::Error
}
