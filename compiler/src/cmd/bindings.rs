//! The values that an evaluated expression may use, and their types.
//!
//! Comes in: `bindings` as JSON. Goes out: a record of names, typed by its values and by what `types` says.
//! Never true here: a binding that is passed over because its shape is not understood.

use journey_artifact::limits::SHAPE_DEPTH;
use journey_artifact::word::date_time_ms;
use journey_machine::time::parse;
use journeyc::types::{Field, Record, Type};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, HashMap};

/// Bindings, read.
#[derive(Debug)]
pub struct Bindings {
    /// Now, in milliseconds since the epoch.
    pub now: Option<i64>,
    /// The profile and the type that its values have.
    pub profile: Option<(Json, Type)>,
    /// Whether `types` speaks of it.
    pub types_profile: bool,
    /// The names' values: one object.
    pub fields: Json,
    /// Their type: a record.
    pub names: Type,
    /// Whether the expression must be a condition.
    pub condition: bool,
}

/// Groups whose entries are names.
const GROUPS: [&str; 4] = ["events", "dataSources", "actions", "journeyProperties"];

/// The name of what is bound by itself.
const PROFILE: &str = "profile";

/// What a path is from the profile on, when it leads there.
fn in_profile(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(PROFILE)?;
    match rest.is_empty() {
        true => Some(rest),
        false => rest.strip_prefix('.'),
    }
}

/// Reads bindings; says what is wrong with them.
pub fn read(json: &Json) -> Result<Bindings, String> {
    let object = json.as_object().ok_or("bindings must be an object")?;
    let known =
        |key: &str| GROUPS.contains(&key) || ["now", "profile", "types", "context"].contains(&key);
    if let Some(key) = object.keys().find(|key| !known(key)) {
        return Err(format!(
            "bindings have no `{key}`; they have now, profile, {}, types, context",
            GROUPS.join(", ")
        ));
    }
    let types = types(object.get("types"))?;
    let now = match object.get("now") {
        None | Some(Json::Null) => None,
        Some(now) => {
            let word = now.as_str().and_then(parse::date_time);
            Some(date_time_ms(word.ok_or(
                "`now` must be a dateTime such as 2026-03-01T10:00:00Z",
            )?))
        }
    };
    let condition = match object.get("context") {
        None | Some(Json::Null) => false,
        Some(Json::String(context)) if context == "condition" => true,
        Some(other) => {
            return Err(format!(
                "`context` is \"condition\" or is left out, and here it is {other}"
            ));
        }
    };
    let mut fields = Map::new();
    for group in GROUPS {
        let Some(names) = object.get(group) else {
            continue;
        };
        for (name, value) in names
            .as_object()
            .ok_or(format!("`{group}` must be an object: name → value"))?
        {
            if name == PROFILE {
                return Err(format!(
                    "`{PROFILE}` is bound beside `{group}`: nothing in it has that name"
                ));
            }
            if fields.insert(name.clone(), value.clone()).is_some() {
                return Err(format!("`{name}` is bound twice"));
            }
        }
    }
    let profile = match object.get(PROFILE) {
        None => None,
        Some(json) if json.is_object() => Some(json.clone()),
        Some(_) => return Err("`profile` must be an object".into()),
    };
    let fields = Json::Object(fields);
    let (of_profile, of_names): (BTreeMap<_, _>, BTreeMap<_, _>) = types
        .into_iter()
        .partition(|(path, _)| in_profile(path).is_some());
    // One that is typed and not there has nothing.
    let empty = || Json::Object(Map::new());
    let profile = profile.or_else(|| (!of_profile.is_empty()).then(empty));
    for path in of_profile.keys().chain(of_names.keys()) {
        let has_place = match (in_profile(path), &profile) {
            (Some(path), Some(profile)) => !path.is_empty() && has_place(profile, path),
            _ => has_place(&fields, path),
        };
        if !has_place {
            return Err(format!(
                "`types` speaks of `{path}`, and what is bound there has no such part"
            ));
        }
    }
    let types_profile = !of_profile.is_empty();
    let names = settled(Typing { types: of_names }.of(&fields, ""));
    let typed = Typing { types: of_profile };
    let profile = profile.map(|json| {
        let ty = settled(typed.of(&json, PROFILE));
        (json, ty)
    });
    let deepest = depth(&names).max(profile.as_ref().map_or(0, |(_, ty)| depth(ty)));
    if deepest > SHAPE_DEPTH {
        return Err(format!("bindings nest at most {SHAPE_DEPTH} deep"));
    }
    Ok(Bindings {
        now,
        profile,
        types_profile,
        fields,
        names,
        condition,
    })
}

/// Whether something could be at a path: it may be missing, but nothing on the way may be a value without parts.
fn has_place(json: &Json, path: &str) -> bool {
    match json {
        Json::Null => true,
        Json::Array(items) => items.iter().all(|item| has_place(item, path)),
        Json::Object(object) => match path.split_once('.') {
            None => true,
            Some((name, rest)) => object.get(name).is_none_or(|json| has_place(json, rest)),
        },
        Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
    }
}

/// Records and lists in each other, and what is in the innermost.
fn depth(ty: &Type) -> usize {
    match ty {
        Type::List(item) => 1 + depth(item),
        Type::Record(Record::Inline(fields)) => {
            let inner = fields.iter().map(|field| depth(&field.ty));
            1 + inner.max().unwrap_or(0)
        }
        _ => 1,
    }
}

/// `{"Order.placedAt": "dateTime"}`; a mark before the path (`@`, `#`) is passed over.
fn types(json: Option<&Json>) -> Result<BTreeMap<String, Type>, String> {
    let Some(json) = json else {
        return Ok(BTreeMap::new());
    };
    let object = json
        .as_object()
        .ok_or("`types` must be an object: path → type")?;
    let one = |(path, name): (&String, &Json)| {
        let ty = name
            .as_str()
            .and_then(named)
            .ok_or(format!(
                "`types` says {name} of `{path}`; it knows scalars (`integer`, `dateTime`) and lists of them (`list<date>`)"
            ))?;
        Ok((path.trim_start_matches(['@', '#', '.']).to_string(), ty))
    };
    object.iter().map(one).collect()
}

/// The type of a name: `integer`, `listInteger`, `list<integer>`.
fn named(name: &str) -> Option<Type> {
    let inner = name
        .strip_prefix("list<")
        .and_then(|n| n.strip_suffix('>'))
        .or_else(|| name.strip_prefix("list"));
    if let Some(inner) = inner {
        let mut letters = inner.chars();
        let lower: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_lowercase)
            .chain(letters)
            .collect();
        return named(&lower).map(Type::list);
    }
    Some(match name {
        "string" => Type::String,
        "integer" => Type::Integer,
        "decimal" => Type::Decimal,
        "boolean" => Type::Boolean,
        "date" | "dateOnly" => Type::Date,
        "dateTime" => Type::DateTime,
        "dateTimeOnly" => Type::DateTimeOnly,
        "time" => Type::Time,
        "duration" => Type::Duration,
        _ => return None,
    })
}

/// The type of what says nothing of its type: a null, an item of an empty list. Joined with another it is the other.
const UNSAID: Type = Type::Error;

/// The type with what nothing was said of as any JSON.
fn settled(ty: Type) -> Type {
    match ty {
        UNSAID => Type::Any,
        Type::List(item) => Type::list(settled((*item).clone())),
        Type::Record(Record::Inline(fields)) => {
            let field = |field: &Field| Field {
                ty: settled(field.ty.clone()),
                ..field.clone()
            };
            Type::Record(Record::Inline(fields.iter().map(field).collect()))
        }
        ty => ty,
    }
}

struct Typing {
    types: BTreeMap<String, Type>,
}

impl Typing {
    /// The type of a value at a path.
    fn of(&self, json: &Json, path: &str) -> Type {
        if let Some(ty) = self.types.get(path) {
            return ty.clone();
        }
        match json {
            Json::Null => UNSAID,
            Json::Bool(_) => Type::Boolean,
            Json::Number(n) if n.is_i64() => Type::Integer,
            Json::Number(_) => Type::Decimal,
            Json::String(_) => Type::String,
            Json::Array(items) => Type::list(joined(items.iter().map(|item| self.of(item, path)))),
            Json::Object(object) => {
                let inner = |name: &str| {
                    if path.is_empty() {
                        name.to_string()
                    } else {
                        format!("{path}.{name}")
                    }
                };
                let mut fields: Vec<Field> = object
                    .iter()
                    .map(|(name, value)| Field {
                        name: name.clone(),
                        ty: self.of(value, &inner(name)),
                        optional: value.is_null(),
                    })
                    .collect();
                for name in self.declared_below(path) {
                    if !object.contains_key(name) {
                        // Typed, and not there: a value that is missing.
                        let ty = self.of(&Json::Object(Map::new()), &inner(name));
                        fields.push(Field {
                            name: name.to_string(),
                            ty,
                            optional: true,
                        });
                    }
                }
                Type::Record(Record::Inline(fields.into()))
            }
        }
    }

    /// Names that `types` speaks of right below a path.
    fn declared_below<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a str> {
        let names: std::collections::BTreeSet<&str> = self
            .types
            .keys()
            .filter_map(move |key| match path {
                "" => Some(key.as_str()),
                path => key.strip_prefix(path)?.strip_prefix('.'),
            })
            .filter_map(|rest| rest.split('.').next())
            .collect();
        names.into_iter()
    }
}

/// A type that holds values of all: records are joined field by field, each field once.
fn joined(types: impl Iterator<Item = Type>) -> Type {
    let said: Vec<Type> = types.filter(|ty| *ty != UNSAID).collect();
    let Some(first) = said.first() else {
        return UNSAID;
    };
    if said.iter().all(|ty| ty == first) {
        return first.clone();
    }
    if said
        .iter()
        .all(|ty| matches!(ty, Type::Integer | Type::Decimal))
    {
        return Type::Decimal;
    }
    let items = said.iter().map(|ty| match ty {
        Type::List(item) => Some((**item).clone()),
        _ => None,
    });
    if let Some(items) = items.collect::<Option<Vec<_>>>() {
        return Type::list(joined(items.into_iter()));
    }
    let records = said.iter().map(|ty| match ty {
        Type::Record(Record::Inline(fields)) => Some(&**fields),
        _ => None,
    });
    match records.collect::<Option<Vec<_>>>() {
        Some(records) => Type::Record(Record::Inline(joined_fields(&records).into())),
        None => Type::Any,
    }
}

/// The fields of all records, in the order in which they are met; one that some record lacks is optional.
fn joined_fields(records: &[&[Field]]) -> Vec<Field> {
    let (mut met, mut at) = (Vec::<Vec<&Field>>::new(), HashMap::<&str, usize>::new());
    for field in records.iter().copied().flatten() {
        let at = *at.entry(&field.name).or_insert(met.len());
        match met.get_mut(at) {
            Some(known) => known.push(field),
            None => met.push(vec![field]),
        }
    }
    let field = |of: Vec<&Field>| Field {
        name: of
            .first()
            .map(|field| field.name.clone())
            .unwrap_or_default(),
        ty: joined(of.iter().map(|field| field.ty.clone())),
        optional: of.len() < records.len() || of.iter().any(|field| field.optional),
    };
    met.into_iter().map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_typed_by_values_and_by_what_is_said() {
        let bindings = read(&json!({
            "now": "1970-01-01T00:00:01Z",
            "events": { "Order": { "total": 3, "items": [{ "sku": "a" }, { "sku": "b", "price": 1.5 }] } },
            "types": { "@Order.placedAt": "dateTime", "Order.total": "decimal" },
        }));
        let bindings = bindings.unwrap();
        assert_eq!(bindings.now, Some(1000));
        let shown = "{ Order: { total: decimal, items: list<{ sku: string, price: decimal? }>, placedAt: dateTime? } }";
        assert_eq!(bindings.names.to_string(), shown);
    }

    #[test]
    fn what_is_said_of_the_profile_is_said_of_nothing_else() {
        let typed = |bindings: Json| {
            let bindings = read(&bindings).unwrap();
            let profile = bindings.profile.map(|(_, ty)| ty.to_string());
            (bindings.names.to_string(), profile.unwrap_or_default())
        };
        let types =
            json!({ "profile.n": "decimal", "profile.since": "date", "profiles.n": "integer" });
        let profile = json!({ "n": 3, "name": "Ada" });
        assert_eq!(
            typed(json!({ "profile": profile, "types": types })),
            (
                "{ profiles: { n: integer? }? }".into(),
                "{ n: decimal, name: string, since: date? }".into()
            )
        );
        assert_eq!(
            typed(json!({ "types": { "profile.since": "date" } })),
            ("{}".into(), "{ since: date? }".into())
        );
    }

    #[test]
    fn a_null_says_nothing_of_a_type() {
        let a = json!([[{ "x": null }, { "x": 2 }], [], null]);
        let bindings = read(&json!({ "events": { "a": a, "b": [1, "x"], "c": [null] } }));
        let shown = "{ a: list<list<{ x: integer? }>>, b: list<any JSON>, c: list<any JSON> }";
        assert_eq!(bindings.unwrap().names.to_string(), shown);
    }

    #[test]
    fn items_of_many_shapes_are_joined_field_by_field() {
        let typed = |items: Json| {
            let bindings = read(&json!({ "events": { "a": items } })).unwrap();
            bindings.names.to_string()
        };
        let items = json!([{ "x": 1, "y": [1] }, { "x": 1.5, "z": { "u": "t" } }, { "x": 2, "z": { "v": true } }, null]);
        assert_eq!(
            typed(items),
            "{ a: list<{ x: decimal, y: list<integer>?, z: { u: string?, v: boolean? }? }> }"
        );
        assert_eq!(typed(json!([{ "x": 1 }, 1])), "{ a: list<any JSON> }");
        // Each with a field of its own: joined one after another these would take minutes.
        let many: Json = (0..50_000)
            .map(|n| json!({ (format!("k{n}")): n }))
            .collect();
        let many = read(&json!({ "events": { "a": many } })).unwrap().names;
        let fields = |ty: &Type| match ty {
            Type::Record(Record::Inline(fields)) => fields.to_vec(),
            _ => Vec::new(),
        };
        let items = fields(&many)[0].ty.clone();
        assert!(matches!(items, Type::List(of) if fields(&of).len() == 50_000));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for (wrong, part) in [
            (json!([]), "must be an object"),
            (json!({ "event": {} }), "have no `event`"),
            (json!({ "now": "yesterday" }), "`now` must be"),
            (json!({ "types": { "a": "text" } }), "knows scalars"),
            (json!({ "types": { "a": "map<integer>" } }), "knows scalars"),
            (
                json!({ "profile": {}, "types": { "profile": "string" } }),
                "no such part",
            ),
            (
                json!({ "events": { "profile": { "n": 3 } } }),
                "beside `events`",
            ),
            (
                json!({ "events": { "a": 1 }, "actions": { "a": 2 } }),
                "bound twice",
            ),
            (json!({ "profile": 5 }), "`profile` must be"),
            (json!({ "profile": null }), "`profile` must be"),
            (
                json!({ "context": "conditoin" }),
                "here it is \"conditoin\"",
            ),
            (json!({ "context": 5 }), "`context` is \"condition\""),
            (
                json!({ "events": { "a": [{ "b": "x" }] }, "types": { "a.b.c": "date" } }),
                "no such part",
            ),
            (
                json!({ "profile": { "a": 1 }, "types": { "profile.a.b": "date" } }),
                "no such part",
            ),
        ] {
            let error = read(&wrong).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
