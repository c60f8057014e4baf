//! The fields of an object, gathered from all parts that speak about it.
//!
//! In: parts. Out: fields under their final names, each with what is said of it. Never true here: a name of an export that is changed; a field
//! that is required of alternatives some of which do not have it.

use super::keywords;
use super::names;
use super::nodes::{Entry, FieldTree};
use super::refs::{self, Flat, Part, flatten};
use super::resolve::{Declared, Resolver};
use super::types::{Field, Origin, TypeId};
use crate::diag::suggest;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The schema that says nothing.
static SILENT: LazyLock<Value> = LazyLock::new(|| Value::Object(Map::new()));

impl<'a> Resolver<'a> {
    /// The fields that each alternative declares, if there are alternatives.
    pub(super) fn in_each_alternative(&self, flat: &Flat<'a>) -> BTreeSet<Vec<String>> {
        let mut each = flat.alternatives().map(|part| -> BTreeSet<Vec<String>> {
            let properties = part.value.get("properties").and_then(Value::as_object);
            let names = properties.into_iter().flat_map(Map::keys);
            names.map(|raw| self.path(part, raw)).collect()
        });
        let first = each.next().unwrap_or_default();
        each.fold(first, |known, other| &known & &other)
    }

    /// The final path of a name that a part writes.
    fn path(&self, part: &Part<'a>, raw: &str) -> Vec<String> {
        match self.documents.schemas[part.document].export {
            true => vec![raw.to_owned()],
            false => names::rename(raw, self.namespace_name(part.namespace)),
        }
    }

    pub(super) fn add_properties(
        &mut self,
        tree: &mut FieldTree<'a>,
        part: &Part<'a>,
        in_each: &BTreeSet<Vec<String>>,
    ) {
        let Some(Value::Object(properties)) = part.value.get("properties") else {
            return;
        };
        for (raw, value) in properties {
            // `true` allows any value, as a schema that says nothing does; `false` allows none.
            let value = match value {
                Value::Object(_) => value,
                Value::Bool(true) => &*SILENT,
                _ => continue,
            };
            let path = self.path(part, raw);
            let document = &self.documents.schemas[part.document];
            let namespace = match names::namespace_of(raw) {
                Some(namespace) if !document.export => self.namespace(namespace),
                _ => 0,
            };
            let origin = Origin {
                file: document.file,
                raw_name: raw.clone(),
            };
            let entry = tree.place(&path, &origin);
            entry.node.parts.push(Part {
                namespace,
                ..self.inside(part, value, part.holds_in(in_each.contains(&path)))
            });
            if !entry.raw_names.contains(raw) {
                entry.raw_names.push(raw.clone());
            }
        }
    }

    /// Marks what a part requires. `open`: there may be fields that none of `all` declares.
    pub(super) fn add_required(
        &mut self,
        tree: &mut FieldTree<'a>,
        part: &Part<'a>,
        all: &[Part<'a>],
        open: bool,
    ) {
        let Some(Value::Array(required)) = part.value.get("required") else {
            return;
        };
        let properties = |part: &Part<'a>| part.value.get("properties")?.as_object();
        for raw in required.iter().filter_map(Value::as_str) {
            let listed = (part.document, part.address(), raw);
            let meant = self.misspelt.get(&listed).copied().flatten().unwrap_or(raw);
            let is_marked = tree.require(&self.path(part, meant));
            let mut declared = all.iter().filter_map(properties);
            if is_marked || open || declared.any(|properties| properties.contains_key(raw)) {
                self.required.insert(listed, Declared::Yes);
            } else {
                self.required.entry(listed).or_insert_with(|| {
                    let names = all.iter().filter_map(properties).flat_map(Map::keys);
                    Declared::No(suggest::nearest(raw, names.map(String::as_str)))
                });
            }
        }
    }

    pub(super) fn field(&mut self, name: String, entry: Entry<'a>) -> Field {
        let own = &entry.node.parts;
        let flat = flatten(self.documents, own);
        let field = Field {
            name,
            ty: TypeId::ANY,
            // `null` is missing.
            required: entry.required && !keywords::is_nullable(&flat.parts),
            listed: entry.required,
            title: flat.first_text("title"),
            description: flat.first_text("description"),
            deprecated: own.iter().any(|part| self.deprecated(part)),
            origin: entry.origin,
            raw_names: entry.raw_names,
        };
        Field {
            ty: self.intern(entry.node),
            ..field
        }
    }

    /// Whether a field is marked, or refers to something that is.
    fn deprecated(&self, part: &Part<'a>) -> bool {
        let marked =
            |value: &Value| value.get("meta:status").and_then(Value::as_str) == Some("deprecated");
        if marked(part.value) {
            return true;
        }
        let Some(reference) = part.value.get("$ref").and_then(Value::as_str) else {
            return false;
        };
        refs::resolve(self.documents, part.document, reference)
            .is_some_and(|(_, value)| marked(value))
    }

    fn namespace(&mut self, name: &str) -> u32 {
        if let Some(known) = self.namespace_at.get(name) {
            return *known;
        }
        let index = u32::try_from(self.namespaces.len()).unwrap_or(0);
        self.namespaces.push(name.to_owned());
        self.namespace_at.insert(name.to_owned(), index);
        index
    }

    fn namespace_name(&self, index: u32) -> Option<&str> {
        if index == 0 {
            None
        } else {
            self.namespaces.get(index as usize).map(String::as_str)
        }
    }
}
