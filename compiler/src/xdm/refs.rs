//! `$ref`, `allOf`, `oneOf` and `anyOf`: from one place in a schema to every place that says something about the same value.
//!
//! In: documents. Out: flat lists of [`Part`]s, in declaration order, and the references no file answers. Never true here: a lookup that is
//! not by exact `$id`, a look at `meta:extends` (it classifies, it does not resolve), recursion on input.

use super::alone::{ANYTHING, is_null, tells};
use super::documents::Documents;
use super::places::{At, Member, Place, Places};
use super::problem::{Problem, ProblemCode};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Its definition guards raw key names and declares no field.
const EXTENSIBLE: &str = "https://ns.adobe.com/xdm/common/extensible";
/// Most references followed to see that an alternative says nothing.
const MOST_STEPS: usize = 32;
/// Most places that may speak about one value; the largest measured schema has under 200.
const MAX_PARTS: usize = 20_000;

/// How far a part binds the value that it speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Holds {
    /// Where there is a value, it is as the part says.
    Always,
    /// It is one of alternatives, each of which says what the value is.
    Either,
    /// It is one of alternatives, of which another may say nothing of the value.
    Perhaps,
}

/// One place that speaks about a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    /// The schema object.
    pub value: &'a Value,
    /// The document it is in.
    pub document: usize,
    /// The URI namespace it is nested in (an index of the resolver's names; 0 is none).
    pub namespace: u32,
    /// How far it binds the value.
    pub holds: Holds,
    /// Whether `null` may stand in its place.
    pub or_null: bool,
}

impl Part<'_> {
    /// Whether it is one of several alternatives.
    pub fn is_alternative(&self) -> bool {
        self.holds != Holds::Always
    }

    /// How something inside it holds. `each`: every alternative has it.
    pub fn holds_in(&self, each: bool) -> Holds {
        match self.is_alternative() && !each {
            true => Holds::Perhaps,
            false => self.holds,
        }
    }

    /// Where the part is, for telling parts apart; never for order.
    pub fn address(&self) -> usize {
        std::ptr::from_ref(self.value) as usize
    }

    /// What tells it from other parts.
    pub fn identity(&self) -> (usize, u32, Holds, bool) {
        (self.address(), self.namespace, self.holds, self.or_null)
    }
}

/// Every place about one value.
#[derive(Debug, Default)]
pub(super) struct Flat<'a> {
    pub parts: Vec<Part<'a>>,
    /// A guard on raw key names was among them.
    pub guarded: bool,
    /// There were alternatives to choose from.
    pub union: bool,
    /// There were more than the limit; the rest is left out.
    pub cut: bool,
    /// A reference that is answered by nothing was among them, or they were cut: there is more that nobody knows.
    pub lost: bool,
}

impl<'a> Flat<'a> {
    /// The alternatives among its parts, but for the one that there is no value.
    pub fn alternatives(&self) -> impl Iterator<Item = &Part<'a>> {
        let alternatives = self.parts.iter().filter(|part| part.is_alternative());
        alternatives.filter(|part| !is_null(part.value))
    }

    /// The first text a keyword has among parts that must hold, else among all.
    pub fn first_text(&self, keyword: &str) -> Option<String> {
        let text = |part: &Part<'_>| {
            let text = part.value.get(keyword).and_then(Value::as_str);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let mut must_hold = self.parts.iter().filter(|part| !part.is_alternative());
        must_hold
            .find_map(text)
            .or_else(|| self.parts.iter().find_map(text))
    }
}

/// Follows references and members from `starts`, depth first, each place once.
pub(super) fn flatten<'a>(documents: &'a Documents, starts: &[Part<'a>]) -> Flat<'a> {
    let mut flat = Flat::default();
    let mut seen: HashSet<(usize, u32, Holds, bool)> = HashSet::new();
    let mut todo: Vec<Part<'a>> = starts.iter().rev().copied().collect();
    while let Some(part) = todo.pop() {
        let Value::Object(object) = part.value else {
            continue;
        };
        if !seen.insert(part.identity()) {
            continue;
        }
        if seen.len() > MAX_PARTS {
            flat.cut = true;
            flat.lost = true;
            break;
        }
        flat.parts.push(part);
        let mut next: Vec<Part<'a>> = Vec::new();
        if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
            if is_guard(documents, part.document, reference) {
                flat.guarded |= reference.ends_with("/definitions/@context");
            } else if let Some((document, value)) = resolve(documents, part.document, reference) {
                next.push(Part {
                    value,
                    document,
                    ..part
                });
            } else {
                flat.lost = true;
            }
        }
        if let Some(Value::Array(members)) = object.get("allOf") {
            next.extend(members.iter().map(|value| Part { value, ..part }));
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(members)) = object.get(keyword) {
                flat.union |= members.len() > 1;
                next.extend(alternatives(documents, part, members));
            }
        }
        todo.extend(next.into_iter().rev());
    }
    flat
}

/// The members of `oneOf` or `anyOf`. One beside which there is nothing but `null` holds: `null` is no value.
fn alternatives<'a>(
    documents: &'a Documents,
    part: Part<'a>,
    members: &'a [Value],
) -> impl Iterator<Item = Part<'a>> + use<'a> {
    let of_values = || {
        let values = members.iter().filter(|member| !is_null(member));
        values.filter(|member| **member != Value::Bool(false))
    };
    let is_choice = of_values().count() > 1;
    let holds = match is_choice {
        false => part.holds,
        true => part.holds.max(Holds::Either),
    };
    let or_null = part.or_null || members.iter().any(is_null);
    members.iter().map(move |member| match is_null(member) {
        true => Part {
            value: member,
            holds: Holds::Perhaps,
            ..part
        },
        false => Part {
            value: match is_choice || part.is_alternative() {
                true => among_others(documents, part.document, member),
                false => member,
            },
            holds,
            or_null,
            ..part
        },
    })
}

/// A schema as one of alternatives: one that says nothing says so, for the others to be no rule.
pub(super) fn among_others<'a>(
    documents: &'a Documents,
    document: usize,
    schema: &'a Value,
) -> &'a Value {
    match says_nothing(documents, document, schema, &mut { MOST_STEPS }) {
        true => &ANYTHING,
        false => schema,
    }
}

/// Whether a schema, with what so many references in it lead to, has no rule for a value; alternatives in it speak for themselves.
fn says_nothing(documents: &Documents, document: usize, schema: &Value, left: &mut usize) -> bool {
    let Value::Object(keys) = schema else {
        return *schema == Value::Bool(true);
    };
    let chooses = keys.contains_key("oneOf") || keys.contains_key("anyOf");
    let members = keys.get("allOf").and_then(Value::as_array);
    let mut members = members.into_iter().flatten();
    let refers = keys.get("$ref").and_then(Value::as_str);
    !tells(schema)
        && !chooses
        && members.all(|member| says_nothing(documents, document, member, left))
        && refers.is_none_or(|reference| {
            let Some(fewer) = left.checked_sub(1) else {
                return false;
            };
            *left = fewer;
            let found = resolve(documents, document, reference);
            found.is_some_and(|(at, schema)| says_nothing(documents, at, schema, left))
        })
}

/// Whether a reference points into `common/extensible`, which declares no fields.
fn is_guard(documents: &Documents, from: usize, reference: &str) -> bool {
    let base = match reference.split_once('#') {
        Some(("", _)) => documents
            .schemas
            .get(from)
            .map_or("", |document| &document.id),
        Some((base, _)) => base,
        None => reference,
    };
    base == EXTENSIBLE
}

/// The place a reference points to: a document by exact `$id`, or a JSON pointer into one.
pub(super) fn resolve<'a>(
    documents: &'a Documents,
    from: usize,
    reference: &str,
) -> Option<(usize, &'a Value)> {
    if let Some(document) = documents.schema(reference) {
        return Some((document, &documents.schemas.get(document)?.value));
    }
    let (base, fragment) = reference.split_once('#')?;
    let document = if base.is_empty() {
        from
    } else {
        documents.schema(base)?
    };
    let root = &documents.schemas.get(document)?.value;
    if fragment.is_empty() {
        return Some((document, root));
    }
    match root.pointer(fragment) {
        Some(value) => Some((document, value)),
        None => root
            .pointer(&percent_decode(fragment)?)
            .map(|value| (document, value)),
    }
}

/// `%41` to `A`; `None` when the result is not text.
fn percent_decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let code = (*byte == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(code) => {
                out.push(code);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).ok()
}

/// Reports every `$ref` that no document answers, once per file and reference.
pub(super) fn report_unresolved(
    documents: &Documents,
    places: &Places<'_>,
    problems: &mut Vec<Problem>,
) {
    let mut missing: BTreeMap<(String, String), ()> = BTreeMap::new();
    for (index, document) in documents.schemas.iter().enumerate() {
        for reference in references(&document.value) {
            if !is_guard(documents, index, reference)
                && resolve(documents, index, reference).is_none()
            {
                missing.insert(
                    (
                        documents.path(document.file).to_owned(),
                        reference.to_owned(),
                    ),
                    (),
                );
            }
        }
    }
    for ((file, reference), ()) in missing {
        let base = reference.split('#').next().unwrap_or_default();
        let near = nearest(documents, base);
        let leads = match &near {
            _ if base.is_empty() => "leads to nothing in this schema".to_owned(),
            Some((id, _)) if *id == base => {
                "leads to nothing: the schema it names has no such definition".to_owned()
            }
            Some((id, _)) => {
                format!("is answered by no file; did you mean \"{id}\"? ids are compared exactly")
            }
            None => "is answered by no file".to_owned(),
        };
        let at = places.get(file.as_str());
        let at = at.and_then(|root| place_of(root, &reference));
        problems.push(Problem {
            file,
            code: ProblemCode::UnresolvedRef,
            message: format!("\"$ref\": \"{reference}\" {leads}; what it would add is missing"),
            at,
            related: near.map(|(_, path)| vec![path]).unwrap_or_default(),
        });
    }
}

/// Where the first `$ref` of this text stands.
fn place_of(schema: &Place, reference: &str) -> Option<At> {
    let within = |place: &Place| place_of(place, reference);
    let of_member = |member: &Member| match inside(&member.key) {
        _ if member.key == "$ref" && member.value.text() == Some(reference) => {
            Some(member.value.at)
        }
        Inside::Data => None,
        Inside::Names => {
            let mut named = member.value.members().iter();
            named.find_map(|named| within(&named.value))
        }
        Inside::Schemas => within(&member.value),
    };
    let item = schema.items().iter().find_map(within);
    item.or_else(|| schema.members().iter().find_map(of_member))
}

/// The document a mistyped id most plainly means: itself, or the same but for a trailing `/`, `#` or letter case.
fn nearest(documents: &Documents, base: &str) -> Option<(String, String)> {
    let plain = |id: &str| id.trim_end_matches(['/', '#']).to_ascii_lowercase();
    let wanted = plain(base);
    if wanted.is_empty() {
        return None;
    }
    documents
        .schemas
        .iter()
        .find(|document| plain(&document.id) == wanted)
        .map(|document| {
            (
                document.id.clone(),
                documents.path(document.file).to_owned(),
            )
        })
}

/// Every `$ref` in keyword position of a schema.
fn references(root: &Value) -> BTreeSet<&str> {
    let referring = referring(root).into_iter();
    referring
        .filter_map(|object| object.get("$ref")?.as_str())
        .collect()
}

/// Every object of a schema in keyword position that has a `$ref`.
fn referring(root: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    // A value and whether its keys are names (of properties, of definitions) and not keywords.
    let mut todo: Vec<(&Value, bool)> = vec![(root, false)];
    while let Some((value, names)) = todo.pop() {
        match value {
            Value::Array(list) => todo.extend(list.iter().map(|inner| (inner, false))),
            Value::Object(object) if names => {
                todo.extend(object.values().map(|inner| (inner, false)));
            }
            Value::Object(object) => {
                if object.get("$ref").is_some_and(Value::is_string) {
                    found.push(value);
                }
                for (key, inner) in object {
                    match inside(key) {
                        Inside::Data => {}
                        Inside::Names => todo.push((inner, true)),
                        Inside::Schemas => todo.push((inner, false)),
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// What is inside the value of a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inside {
    /// Names, of properties or definitions, and behind each a schema.
    Names,
    /// Data, or remarks.
    Data,
    /// Schemas, if anything.
    Schemas,
}

pub(super) fn inside(keyword: &str) -> Inside {
    match keyword {
        "enum" | "const" | "default" | "examples" => Inside::Data,
        "properties" | "definitions" | "$defs" | "patternProperties" => Inside::Names,
        _ if keyword.starts_with("meta:") => Inside::Data,
        _ => Inside::Schemas,
    }
}

/// The objects whose `$ref` leads back to themselves by nothing but `$ref` and the members of `allOf`, `oneOf` and `anyOf`: one of
/// each ring, by document and address.
pub(super) fn rings(documents: &Documents) -> Vec<(usize, usize)> {
    let mut rings = Vec::new();
    // Places by address: where on the way they are; those that were left lead to no ring that was not found.
    let (mut on_way, mut left) = (HashMap::new(), HashSet::new());
    for (index, document) in documents.schemas.iter().enumerate() {
        for start in referring(&document.value) {
            let mut way = Vec::new();
            let mut next = Some((index, start));
            loop {
                if let Some((document, value)) = next {
                    on_way.insert(address(value), way.len());
                    way.push((document, value, steps(documents, document, value)));
                }
                let Some((_, value, steps)) = way.last_mut() else {
                    break;
                };
                next = steps.pop();
                let Some((_, to)) = next else {
                    on_way.remove(&address(value));
                    left.insert(address(value));
                    way.pop();
                    continue;
                };
                if let Some(from) = on_way.get(&address(to)) {
                    let refers = |(_, on, _): &&(usize, &Value, _)| on.get("$ref").is_some();
                    let by = way[*from..].iter().find(refers);
                    rings.extend(by.map(|(document, on, _)| (*document, address(on))));
                    next = None;
                } else if left.contains(&address(to)) {
                    next = None;
                }
            }
        }
    }
    rings.sort_unstable();
    rings.dedup();
    rings
}

fn address(value: &Value) -> usize {
    std::ptr::from_ref(value) as usize
}

/// Where the references and members of a place lead.
fn steps<'a>(documents: &'a Documents, from: usize, value: &'a Value) -> Vec<(usize, &'a Value)> {
    let mut found = Vec::new();
    for keyword in ["allOf", "oneOf", "anyOf"] {
        let members = value.get(keyword).and_then(Value::as_array);
        found.extend(members.into_iter().flatten().map(|member| (from, member)));
    }
    if let Some(reference) = value.get("$ref").and_then(Value::as_str)
        && !is_guard(documents, from, reference)
    {
        found.extend(resolve(documents, from, reference));
    }
    found
}
