//! Documents to types: fields merged by final name, everything interned, recursion closed by ids.
//!
//! In: documents whose references [`super::refs`] can follow. Out: a table of types and the type of each schema. Never true here: recursion on
//! input (a queue does the work), two types for one set of parts (whose order tells no types apart: the first that is met gives the texts).

use super::alone::tells;
use super::documents::Documents;
use super::keywords::{self, Kind};
use super::mistakes::{Clash, Undeclared};
use super::nodes::{FieldTree, Key, Node};
use super::problem::{Problem, ProblemCode};
use super::refs::{Flat, Holds, Part, among_others, flatten};
use super::scalars;
use super::types::{ArrayType, Field, ObjectType, TypeId, XdmType};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap, VecDeque};

/// Most types of one import; the whole public repository needs under 60,000.
const MAX_TYPES: usize = 200_000;
/// Most fields of all types together.
const MAX_FIELDS: usize = 1_000_000;
/// Properties of a type that is made when all that have fewer are: one that is beyond all bounds takes none of the others' fields away.
const WIDE: usize = 10_000;

/// The types of an import.
#[derive(Debug, Default)]
pub(super) struct Resolved<'a> {
    pub types: Vec<XdmType>,
    /// The type of each schema, in the order of the documents.
    pub roots: Vec<TypeId>,
    /// How many types choose between alternatives.
    pub unions: usize,
    /// Names that `required` lists and no field has.
    pub undeclared: Undeclared<'a>,
    /// Parts that must both hold and disagree.
    pub clashes: BTreeSet<Clash>,
    /// Types of which some part could not be had.
    pub lost: BTreeSet<TypeId>,
    /// Types in whose place `null` may stand.
    pub nullable: BTreeSet<TypeId>,
}

/// Types every document.
pub(super) fn resolve<'a>(documents: &'a Documents, problems: &mut Vec<Problem>) -> Resolved<'a> {
    let resolved = resolve_once(documents, Undeclared::new(), problems);
    if resolved.undeclared.values().all(Option::is_none) {
        return resolved;
    }
    // A misspelt name, which is reported, counts as the one that it seems to mean.
    let undeclared = resolved.undeclared;
    Resolved {
        undeclared: undeclared.clone(),
        ..resolve_once(documents, undeclared, &mut Vec::new())
    }
}

fn resolve_once<'a>(
    documents: &'a Documents,
    misspelt: Undeclared<'a>,
    problems: &mut Vec<Problem>,
) -> Resolved<'a> {
    let mut resolver = Resolver {
        documents,
        resolved: Resolved {
            types: vec![XdmType::Any],
            ..Resolved::default()
        },
        memo: HashMap::new(),
        queue: VecDeque::new(),
        wide: VecDeque::new(),
        namespaces: vec![String::new()],
        namespace_at: HashMap::new(),
        fields: 0,
        full: None,
        cut: BTreeSet::new(),
        required: HashMap::new(),
        misspelt,
    };
    for (document, schema) in documents.schemas.iter().enumerate() {
        let part = Part {
            value: &schema.value,
            document,
            namespace: 0,
            holds: Holds::Always,
            or_null: false,
        };
        let root = resolver.intern(Node {
            parts: vec![part],
            inner: FieldTree::default(),
        });
        resolver.resolved.roots.push(root);
    }
    while resolver.full.is_none()
        && let Some((id, node, flat)) = resolver.next()
    {
        let ty = resolver.type_of(node, &flat);
        if let Some(slot) = resolver.resolved.types.get_mut(id.index()) {
            *slot = ty;
        }
    }
    while let Some((id, ..)) = resolver.next() {
        resolver.resolved.lost.insert(id);
    }
    resolver.report(problems);
    // Where something is missing, so may be what declares a field.
    if resolver.full.is_none() && !problems.iter().any(|p| p.code.is_failure()) {
        let listed = resolver.required.into_iter();
        let undeclared = listed.filter_map(|(name, declared)| match declared {
            Declared::Yes => None,
            Declared::No(near) => Some((name, near)),
        });
        resolver.resolved.undeclared = undeclared.collect();
    }
    resolver.resolved
}

/// Types under way.
pub(super) struct Resolver<'a> {
    pub(super) documents: &'a Documents,
    resolved: Resolved<'a>,
    memo: HashMap<Key, TypeId>,
    queue: VecDeque<Queued<'a>>,
    /// Those that are wide: the last.
    wide: VecDeque<Queued<'a>>,
    pub(super) namespaces: Vec<String>,
    pub(super) namespace_at: HashMap<String, u32>,
    fields: usize,
    /// What stands for each type that there was no room for, and the document that asked for the first of them.
    full: Option<(TypeId, usize)>,
    /// Documents with a value that more parts speak about than the limit.
    cut: BTreeSet<usize>,
    /// What `required` lists, by document and address, and whether some value that it speaks about has such a field.
    pub(super) required: HashMap<(usize, usize, &'a str), Declared<'a>>,
    /// Names of it that are known to be none.
    pub(super) misspelt: Undeclared<'a>,
}

/// A type to be made.
type Queued<'a> = (TypeId, Node<'a>, Flat<'a>);

/// Whether a field is declared; where it is not, one that is and has nearly its name.
pub(super) enum Declared<'a> {
    Yes,
    No(Option<&'a str>),
}

impl<'a> Resolver<'a> {
    fn next(&mut self) -> Option<Queued<'a>> {
        self.queue.pop_front().or_else(|| self.wide.pop_front())
    }

    /// The type of a node: known, or queued to be made.
    pub(super) fn intern(&mut self, node: Node<'a>) -> TypeId {
        let flat = flatten(self.documents, &node.parts);
        if flat.cut {
            self.cut
                .extend(node.parts.first().map(|part| part.document));
        }
        let telling: Vec<Part<'a>> = flat
            .parts
            .iter()
            .filter(|part| tells(part.value))
            .copied()
            .collect();
        let key = Key::new(&telling, &node.inner);
        if key.parts.is_empty() && key.inner.is_empty() && !flat.lost {
            return TypeId::ANY;
        }
        if let Some(known) = self.memo.get(&key) {
            self.resolved.lost.extend(flat.lost.then_some(*known));
            return *known;
        }
        if let Some((unknown, _)) = self.full {
            return unknown;
        }
        let id = TypeId(u32::try_from(self.resolved.types.len()).unwrap_or(0));
        self.resolved.types.push(XdmType::Any);
        if self.resolved.types.len() > MAX_TYPES || self.fields >= MAX_FIELDS {
            let document = node.parts.first().map_or(0, |part| part.document);
            self.full = Some((id, document));
            self.resolved.lost.insert(id);
            return id;
        }
        self.resolved.unions += usize::from(flat.union);
        self.resolved.lost.extend(flat.lost.then_some(id));
        if keywords::is_nullable(&telling) {
            self.resolved.nullable.insert(id);
        }
        self.memo.insert(key, id);
        let properties = |part: &Part<'a>| part.value.get("properties")?.as_object();
        let width: usize = telling.iter().filter_map(properties).map(Map::len).sum();
        let queue = if width < WIDE {
            &mut self.queue
        } else {
            &mut self.wide
        };
        queue.push_back((
            id,
            node,
            Flat {
                parts: telling,
                ..flat
            },
        ));
        id
    }

    fn type_of(&mut self, node: Node<'a>, flat: &Flat<'a>) -> XdmType {
        let (kind, clash) = keywords::common_kind(&flat.parts);
        let kind = if node.inner.order.is_empty() {
            kind
        } else {
            Some(Kind::Object)
        };
        if let Some((first, other)) = clash {
            self.note_clash(&flat.parts[first], &flat.parts[other]);
        }
        match kind {
            Some(Kind::Object) => self.object(node, flat),
            Some(Kind::Array) => self.array(flat),
            Some(scalar) => {
                let same: Vec<Part<'a>> = flat
                    .parts
                    .iter()
                    .filter(|part| {
                        keywords::kind_of(part).is_none_or(|kind| compatible(kind, scalar))
                    })
                    .copied()
                    .collect();
                scalars::scalar(scalar, &same)
            }
            None => XdmType::Any,
        }
    }

    fn array(&mut self, flat: &Flat<'a>) -> XdmType {
        let mut parts = Vec::new();
        let each = flat
            .alternatives()
            .all(|part| part.value.get("items").is_some());
        for part in &flat.parts {
            match part.value.get("items") {
                Some(value @ Value::Object(_)) => {
                    parts.push(self.inside(part, value, part.holds_in(each)))
                }
                // What stands behind the places of a list is anything or, where it is told, a place more.
                Some(Value::Array(places)) => {
                    let others = part.value.get("additionalItems");
                    let places = places
                        .iter()
                        .chain(others.filter(|value| value.is_object()));
                    parts.extend(places.map(|value| self.inside(part, value, Holds::Perhaps)));
                }
                _ => {}
            }
        }
        XdmType::Array(ArrayType {
            item: self.intern(Node {
                parts,
                inner: FieldTree::default(),
            }),
            min_items: scalars::count(&flat.parts, "minItems", u64::max),
            max_items: scalars::count(&flat.parts, "maxItems", u64::min),
        })
    }

    fn object(&mut self, node: Node<'a>, flat: &Flat<'a>) -> XdmType {
        let mut tree = node.inner;
        let in_each = self.in_each_alternative(flat);
        for part in &flat.parts {
            self.add_properties(&mut tree, part, &in_each);
        }
        let rest = self.rest(flat);
        for part in flat.parts.iter().filter(|part| !part.is_alternative()) {
            let is_open = rest.is_some() || flat.cut;
            self.add_required(&mut tree, part, &flat.parts, is_open);
        }
        if tree.order.is_empty()
            && let Some(value) = rest
        {
            return XdmType::Map { value };
        }
        let title = flat.first_text("title");
        let fields: Vec<Field> = tree
            .order
            .into_iter()
            .map(|(name, entry)| self.field(name, entry))
            .collect();
        self.fields += fields.len();
        let mut object = ObjectType::new(title, fields);
        object.rest = rest;
        object.guarded = flat.guarded;
        let used: BTreeSet<u32> = flat
            .parts
            .iter()
            .map(|part| part.namespace)
            .filter(|n| *n != 0)
            .collect();
        object.namespaces = used
            .into_iter()
            .filter_map(|n| self.namespaces.get(n as usize).cloned())
            .collect();
        XdmType::Object(object)
    }

    /// The type of keys that are data: `additionalProperties` schemas and `patternProperties`, or a bare `meta:xdmType: map`.
    fn rest(&mut self, flat: &Flat<'a>) -> Option<TypeId> {
        let mut values: Vec<Part<'a>> = Vec::new();
        let mut marked = false;
        let rules = |part: &Part<'a>| -> Vec<&'a Value> {
            let others = part.value.get("additionalProperties");
            let others = others.filter(|value| value.is_object());
            let patterns = part.value.get("patternProperties");
            let patterns = patterns.and_then(Value::as_object);
            let of_patterns = patterns.into_iter().flat_map(Map::values);
            let of_patterns = of_patterns.filter(|value| **value != Value::Bool(false));
            others.into_iter().chain(of_patterns).collect()
        };
        let each = flat.alternatives().all(|part| !rules(part).is_empty());
        for part in &flat.parts {
            marked |= part.value.get("meta:xdmType").and_then(Value::as_str) == Some("map");
            let rules = rules(part);
            // A key that no pattern fits is one of the others: which rule holds is the key's to say.
            let holds = match rules.len() > 1 {
                true => Holds::Perhaps,
                false => part.holds_in(each),
            };
            let inside = |value| self.inside(part, value, holds);
            values.extend(rules.into_iter().map(inside));
        }
        if values.is_empty() && !marked {
            return None;
        }
        Some(self.intern(Node {
            parts: values,
            inner: FieldTree::default(),
        }))
    }

    /// A part about a value inside the one that another is about.
    pub(super) fn inside(&self, part: &Part<'a>, value: &'a Value, holds: Holds) -> Part<'a> {
        let value = match holds {
            Holds::Always => value,
            Holds::Either | Holds::Perhaps => among_others(self.documents, part.document, value),
        };
        Part {
            value,
            holds,
            or_null: false,
            ..*part
        }
    }

    fn note_clash(&mut self, first: &Part<'a>, other: &Part<'a>) {
        let kinds = (keywords::kind_of(first), keywords::kind_of(other));
        if let (Some(taken), Some(said)) = kinds {
            self.resolved.clashes.insert(Clash {
                document: other.document,
                address: other.address(),
                said,
                taken,
                taken_from: first.document,
            });
        }
    }

    fn report(&mut self, problems: &mut Vec<Problem>) {
        let path = |document: usize| {
            self.documents
                .schemas
                .get(document)
                .map(|schema| self.documents.path(schema.file).to_owned())
                .unwrap_or_default()
        };
        let mut add = |document: usize, code, message| {
            problems.push(Problem {
                file: path(document),
                code,
                message,
                at: None,
                related: Vec::new(),
            });
        };
        for document in &self.cut {
            add(
                *document,
                ProblemCode::TooLarge,
                "one value pulls in too many schemas; some are left out".to_owned(),
            );
        }
        if let Some((_, document)) = self.full {
            add(
                document,
                ProblemCode::TooLarge,
                format!("more than {MAX_TYPES} types or {MAX_FIELDS} fields; the rest is untyped"),
            );
        }
    }
}

fn compatible(kind: Kind, wanted: Kind) -> bool {
    kind == wanted
        || matches!(
            (kind, wanted),
            (Kind::Integer | Kind::Number, Kind::Integer | Kind::Number)
        )
}
