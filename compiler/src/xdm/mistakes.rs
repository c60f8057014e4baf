//! What is JSON and still no schema that anybody meant: a key that stands twice, a type that does not exist, a required field that nothing
//! declares, references that lead around to themselves, a field of two kinds of values at once.
//!
//! In: files, their documents, and what typing them found. Out: problems, each at its place. Never true here: a remark about data inside
//! a schema (`enum`, `default`, `meta:…`), a second problem for what is missing because something else could not be read.

use super::documents::{Document, Documents};
use super::keywords::{self, Kind, TYPES};
use super::places::{At, Place, Places, What};
use super::problem::{Problem, ProblemCode};
use super::refs::{self, Inside};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Names that `required` lists and no field has (the document, the object that lists them by address, the name), and the name that
/// each seems to mean.
pub(super) type Undeclared<'a> = BTreeMap<(usize, usize, &'a str), Option<&'a str>>;

/// A place that says another kind of value than a place before it that must hold too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Clash {
    /// Its document.
    pub document: usize,
    /// Its address there.
    pub address: usize,
    /// What it says.
    pub said: Kind,
    /// What the place before says, which counts.
    pub taken: Kind,
    /// The document of that one.
    pub taken_from: usize,
}

/// Reports them all.
pub(super) fn report(
    places: &Places<'_>,
    documents: &Documents,
    undeclared: &Undeclared<'_>,
    clashes: &BTreeSet<Clash>,
    problems: &mut Vec<Problem>,
) {
    let mut schemas: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, document) in documents.schemas.iter().enumerate() {
        let path = documents.path(document.file);
        schemas.entry(path).or_default().push(index);
    }
    let rings = refs::rings(documents);
    for (path, inside) in schemas {
        let Some(root) = places.get(path) else {
            continue;
        };
        let mut add = |code, at, message| {
            problems.push(Problem {
                file: path.to_owned(),
                code,
                message,
                at: Some(at),
                related: Vec::new(),
            });
        };
        twice(root, &mut |at, key| {
            let message = format!("\"{key}\" stands twice in one object; the last one counts");
            add(ProblemCode::DuplicateKey, at, message);
        });
        for index in inside {
            let document = &documents.schemas[index];
            let Some(place) = place_of(root, document) else {
                continue;
            };
            types(place, &mut |at, written| {
                let message = format!("\"type\": {}", unknown_type(written));
                add(ProblemCode::UnknownType, at, message);
            });
            let of = |address: usize| Some(in_step(&document.value, place, address)?.1);
            let of_document = undeclared.range((index, 0, "")..(index + 1, 0, ""));
            for ((_, address, name), near) in of_document {
                let list = of(*address).and_then(|object| object.member("required"));
                let item = list
                    .and_then(|list| list.items().iter().find(|item| item.text() == Some(*name)));
                let Some(item) = item else { continue };
                let hint = match near {
                    Some(near) => format!("did you mean \"{near}\"?"),
                    None => "nothing asks for it".to_owned(),
                };
                let message = format!(
                    "\"required\" names \"{name}\", which no \"properties\" beside it declare; {hint}"
                );
                add(ProblemCode::UndeclaredRequired, item.at, message);
            }
            for clash in clashes.iter().filter(|clash| clash.document == index) {
                let Some(object) = of(clash.address) else {
                    continue;
                };
                let at = object.member("type").map_or(object.at, |ty| ty.at);
                add(
                    ProblemCode::ConflictingTypes,
                    at,
                    two_kinds(documents, clash),
                );
            }
            for (_, address) in rings.iter().filter(|(of, _)| *of == index) {
                let Some(reference) = of(*address).and_then(|object| object.member("$ref")) else {
                    continue;
                };
                let message = format!(
                    "\"$ref\": \"{}\" leads back to itself, with no field or list on the way; it says nothing",
                    reference.text().unwrap_or_default()
                );
                add(ProblemCode::RefRing, reference.at, message);
            }
        }
    }
}

fn two_kinds(documents: &Documents, clash: &Clash) -> String {
    let (said, taken) = (clash.said.word(), clash.taken.word());
    let file = |document: usize| {
        let schema = documents.schemas.get(document);
        schema.map_or("", |schema| documents.path(schema.file))
    };
    let (here, there) = (file(clash.document), file(clash.taken_from));
    let place = if here == there {
        String::new()
    } else {
        format!(" in {there}")
    };
    format!(
        "this is \"{said}\" here and \"{taken}\" in another place that holds as well{place}; no value is both, and \"{taken}\" counts"
    )
}

fn unknown_type(written: &str) -> String {
    let hint = match keywords::meant(written) {
        Some(meant) => format!("; did you mean \"{meant}\"?"),
        None => format!("; there are {}", TYPES.join(", ")),
    };
    format!("\"{written}\" is no type of JSON Schema{hint}")
}

/// Every key that stands a second time in its object, but for remarks (`meta:…`), as in the public schemas.
fn twice(place: &Place, tell: &mut impl FnMut(At, &str)) {
    match &place.what {
        What::Object(members) => {
            let mut seen = BTreeSet::new();
            for member in members.iter().filter(|m| !m.key.starts_with("meta:")) {
                if !seen.insert(member.key.as_str()) {
                    tell(member.at, &member.key);
                }
                twice(&member.value, tell);
            }
        }
        What::Array(items) => items.iter().for_each(|item| twice(item, tell)),
        What::Text(_) | What::Other => {}
    }
}

/// Every word behind `type` that is none.
fn types(schema: &Place, tell: &mut impl FnMut(At, &str)) {
    schema.items().iter().for_each(|item| types(item, tell));
    for member in schema.members() {
        if member.key == "type" {
            let words = std::iter::once(&member.value).chain(member.value.items());
            let unknown = words.filter_map(|word| Some((word.at, word.text()?)));
            unknown
                .filter(|(_, word)| !TYPES.contains(word))
                .for_each(|(at, word)| tell(at, word));
            continue;
        }
        match refs::inside(&member.key) {
            Inside::Data => {}
            Inside::Schemas => types(&member.value, tell),
            Inside::Names => {
                let named = member.value.members().iter();
                named.for_each(|named| types(&named.value, tell));
            }
        }
    }
}

/// Where a document stands in its file: the outermost object that has its `$id`.
fn place_of<'p>(place: &'p Place, document: &Document) -> Option<&'p Place> {
    if place.member("$id").and_then(Place::text) == Some(&document.id) {
        return Some(place);
    }
    let list = place.member("results").unwrap_or(place);
    list.items()
        .iter()
        .find_map(|item| place_of(item, document))
}

/// The object of this address in a value, and the same in the tree of its places.
fn in_step<'v, 'p>(
    value: &'v Value,
    place: &'p Place,
    address: usize,
) -> Option<(&'v Value, &'p Place)> {
    if std::ptr::from_ref(value) as usize == address {
        return Some((value, place));
    }
    match value {
        Value::Object(object) => object
            .iter()
            .find_map(|(key, value)| in_step(value, place.member(key)?, address)),
        Value::Array(list) => list
            .iter()
            .zip(place.items())
            .find_map(|(value, place)| in_step(value, place, address)),
        _ => None,
    }
}
