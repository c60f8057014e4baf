//! The made-up schema of the fuzz: records with fields of every type, required and optional, nested lists and maps.
//!
//! Comes in: nothing. Goes out: the types of the profile, the input and the variables, and every path from them. Never
//! true here: randomness.

use journey_machine::func::Function;
use journeyc::hir::{EventId, Var, VarKind};
use journeyc::lower::Truth;
use journeyc::source::{FileId, Span};
use journeyc::types::{Field, Record, Type};
use std::sync::Arc;

/// Everything an expression can see, by type.
pub struct World {
    pub profile: Type,
    pub input: Type,
    pub vars: Vec<Var>,
    /// What conditions are lowered for.
    pub truth: Truth,
}

impl World {
    pub fn new() -> World {
        let var = |(name, ty): (&str, Type)| Var {
            name: name.to_string(),
            kind: if name == "vevent" {
                VarKind::Event(EventId(0))
            } else {
                VarKind::Value
            },
            ty,
            optional: true,
            span: Span {
                file: FileId(0),
                start: 0,
                end: 0,
            },
        };
        World {
            profile: profile(),
            input: input(),
            vars: variables().into_iter().map(var).collect(),
            truth: Truth::Exact,
        }
    }
}

/// A step of a path.
#[derive(Clone, Debug)]
pub enum Step {
    Field(String, bool),
    Index,
    Key,
}

/// A path from a root: what is walked and what stands at its end.
#[derive(Clone, Debug)]
pub struct Path {
    pub steps: Vec<(Step, Type)>,
    pub end: Type,
}

/// The scalar types, in the order of their fields.
pub fn scalars() -> Vec<(&'static str, Type)> {
    vec![
        ("b", Type::Boolean),
        ("i", Type::Integer),
        ("d", Type::Decimal),
        ("s", Type::String),
        ("e", colour()),
        ("day", Type::Date),
        ("at", Type::DateTime),
        ("wall", Type::DateTimeOnly),
        ("clock", Type::Time),
    ]
}

pub fn colour() -> Type {
    Type::Enum(Arc::from([
        "red".to_string(),
        "green".to_string(),
        "été".to_string(),
    ]))
}

pub fn record(fields: Vec<(&str, Type, bool)>) -> Type {
    let fields: Vec<Field> = fields
        .into_iter()
        .map(|(name, ty, optional)| Field {
            name: name.to_string(),
            ty,
            optional,
        })
        .collect();
    Type::Record(Record::Inline(fields.into()))
}

pub fn map(value: Type) -> Type {
    Type::Map(Arc::new(value))
}

/// A line of an order: small, with a list inside.
pub fn line() -> Type {
    record(vec![
        ("sku", Type::String, false),
        ("price", Type::Decimal, true),
        ("quantity", Type::Integer, true),
        ("colour", colour(), true),
        ("bought", Type::DateTime, true),
        ("gift", Type::Boolean, true),
        ("tags", Type::list(Type::String), true),
        (
            "maker",
            record(vec![
                ("name", Type::String, true),
                ("since", Type::Date, false),
            ]),
            true,
        ),
    ])
}

/// What fits where a line is asked for, and lies otherwise: with more fields, and integers for decimals.
pub fn wide_line() -> Type {
    record(vec![
        ("note", Type::String, true),
        ("price", Type::Integer, true),
        ("sku", Type::String, false),
        ("quantity", Type::Integer, true),
        ("colour", colour(), true),
        ("gift", Type::Boolean, false),
        ("tags", Type::list(colour()), true),
        (
            "maker",
            record(vec![
                ("city", Type::String, true),
                ("since", Type::Date, false),
            ]),
            true,
        ),
    ])
}

/// The type of wide lines where this one is of lines.
pub fn wide(ty: &Type) -> Option<Type> {
    Some(match ty {
        Type::List(item) => Type::list(wide(item)?),
        Type::Map(value) => map(wide(value)?),
        _ if *ty == line() => wide_line(),
        _ => return None,
    })
}

/// Lists by name.
pub fn groups() -> Type {
    map(Type::list(record(vec![
        ("id", Type::String, true),
        ("n", Type::Integer, true),
    ])))
}

/// The profile.
fn profile() -> Type {
    let mut fields = Vec::new();
    let named = scalars();
    let lists: Vec<(String, Type)> = named
        .iter()
        .map(|(n, t)| (format!("l_{n}"), Type::list(t.clone())))
        .collect();
    for (name, ty) in &named {
        fields.push((*name, ty.clone(), true));
    }
    for (name, ty) in &lists {
        fields.push((name.as_str(), ty.clone(), true));
    }
    let sure: Vec<(String, Type)> = named
        .iter()
        .map(|(n, t)| (format!("r_{n}"), t.clone()))
        .collect();
    fields.push((
        "sure",
        record(
            sure.iter()
                .map(|(n, t)| (n.as_str(), t.clone(), false))
                .collect(),
        ),
        false,
    ));
    fields.push((
        "maybe",
        record(
            sure.iter()
                .map(|(n, t)| (n.as_str(), t.clone(), false))
                .collect(),
        ),
        true,
    ));
    fields.push(("lines", Type::list(line()), true));
    fields.push(("wides", Type::list(wide_line()), true));
    fields.push(("wideByName", map(wide_line()), true));
    fields.push(("counts", map(Type::Integer), true));
    fields.push(("words", map(Type::String), true));
    fields.push(("byName", map(line()), true));
    fields.push((
        "groups",
        map(Type::list(record(vec![
            ("id", Type::String, true),
            ("n", Type::Integer, true),
        ]))),
        true,
    ));
    fields.push(("table", Type::list(Type::list(Type::Integer)), true));
    fields.push(("blob", Type::Any, true));
    record(fields)
}

/// The input: an event.
fn input() -> Type {
    record(vec![
        ("_id", Type::String, false),
        ("kind", colour(), false),
        ("timestamp", Type::DateTime, false),
        ("amount", Type::Decimal, true),
        ("count", Type::Integer, true),
        ("flag", Type::Boolean, true),
        ("wall", Type::DateTimeOnly, true),
        ("clock", Type::Time, true),
        ("lines", Type::list(line()), false),
        (
            "deep",
            record(vec![(
                "er",
                record(vec![
                    ("x", Type::Integer, true),
                    ("y", Type::list(Type::Integer), true),
                ]),
                true,
            )]),
            true,
        ),
        ("notes", map(Type::String), true),
    ])
}

/// The variables: one of each kind of value, and an event.
fn variables() -> Vec<(&'static str, Type)> {
    vec![
        ("vi", Type::Integer),
        ("vd", Type::Decimal),
        ("vs", Type::String),
        ("vb", Type::Boolean),
        ("vt", Type::DateTime),
        ("vspan", Type::Duration),
        ("vperiod", Type::Period),
        ("vl", Type::list(Type::Integer)),
        ("vline", line()),
        ("vwide", wide_line()),
        ("vwords", map(Type::String)),
        ("vevent", input()),
    ]
}

/// Every path from a value of type `ty`, at most `depth` steps long; the empty path too.
pub fn paths(ty: &Type, depth: usize) -> Vec<Path> {
    let mut found = vec![Path {
        steps: Vec::new(),
        end: ty.clone(),
    }];
    if depth == 0 {
        return found;
    }
    let mut below = |step: Step, ty: &Type| {
        for path in paths(ty, depth - 1) {
            let mut steps = vec![(step.clone(), ty.clone())];
            steps.extend(path.steps);
            found.push(Path {
                steps,
                end: path.end,
            });
        }
    };
    match ty {
        Type::Record(Record::Inline(fields)) => {
            for field in fields.iter() {
                below(Step::Field(field.name.clone(), field.optional), &field.ty);
            }
        }
        Type::List(item) => below(Step::Index, item),
        Type::Map(value) => below(Step::Key, value),
        _ => {}
    }
    found
}

/// The types that are asked for, and the functions.
pub struct Types {
    pub scalars: Vec<Type>,
    pub compound: Vec<Type>,
    pub functions: Vec<&'static Function>,
}
