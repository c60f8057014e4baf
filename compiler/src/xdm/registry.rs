//! Everything an import yields, for asking.
//!
//! In: resolved types and the documents they came from. Out: [`Registry`]. Never true here: a change after it is built, an answer that depends on
//! the order in which files were given.

use super::descriptors::{self, Described};
use super::documents::Documents;
use super::problem::Problem;
use super::resolve::Resolved;
use super::types::{
    Field, FieldNote, IdentityDescriptor, ObjectType, SchemaFile, SchemaId, TypeId, XdmType,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// All imported schemas.
#[derive(Debug, Default)]
pub struct Registry {
    files: Vec<String>,
    schemas: Vec<Schema>,
    types: Vec<XdmType>,
    lost: BTreeSet<TypeId>,
    nullable: BTreeSet<TypeId>,
    unions: usize,
    passed_over: usize,
}

/// One schema.
#[derive(Debug)]
struct Schema {
    id: String,
    file: SchemaFile,
    title: Option<String>,
    class: Option<String>,
    export: bool,
    root: TypeId,
    described: Described,
}

static ANY: XdmType = XdmType::Any;

impl Registry {
    /// Puts resolved types and descriptors together.
    pub(super) fn build(
        documents: &Documents,
        resolved: Resolved<'_>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let text =
            |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let mut described = descriptors::read(documents, &resolved, problems);
        let schemas = documents
            .schemas
            .iter()
            .zip(&resolved.roots)
            .enumerate()
            .map(|(at, (document, root))| Schema {
                id: document.id.clone(),
                file: document.file,
                title: text(&document.value, "title"),
                class: text(&document.value, "meta:class"),
                export: document.export,
                root: *root,
                described: described.remove(&at).unwrap_or_default(),
            })
            .collect();
        Registry {
            files: documents.files.clone(),
            schemas,
            types: resolved.types,
            lost: resolved.lost,
            nullable: resolved.nullable,
            unions: resolved.unions,
            passed_over: documents.passed_over,
        }
    }

    /// The schema of exactly this `$id`.
    #[must_use]
    pub fn schema(&self, id: &str) -> Option<SchemaId> {
        let at = self
            .schemas
            .binary_search_by(|schema| schema.id.as_str().cmp(id))
            .ok()?;
        u32::try_from(at).ok().map(SchemaId)
    }

    /// Every schema, in the order of `$id`.
    pub fn schema_ids(&self) -> impl Iterator<Item = (&str, SchemaId)> {
        self.schemas
            .iter()
            .zip(0u32..)
            .map(|(schema, at)| (schema.id.as_str(), SchemaId(at)))
    }

    /// The `$id` of a schema.
    #[must_use]
    pub fn id(&self, schema: SchemaId) -> &str {
        self.at(schema).map_or("", |schema| &schema.id)
    }

    /// What people call a schema.
    #[must_use]
    pub fn title(&self, schema: SchemaId) -> Option<&str> {
        self.at(schema)?.title.as_deref()
    }

    /// The XDM class a registry export says the schema is of.
    #[must_use]
    pub fn class(&self, schema: SchemaId) -> Option<&str> {
        self.at(schema)?.class.as_deref()
    }

    /// Whether a schema registry wrote the schema, so that its data has final names.
    #[must_use]
    pub fn is_export(&self, schema: SchemaId) -> bool {
        self.at(schema).is_some_and(|schema| schema.export)
    }

    /// The file a schema is in.
    #[must_use]
    pub fn schema_file(&self, schema: SchemaId) -> &str {
        self.at(schema).map_or("", |schema| self.file(schema.file))
    }

    /// The merged type of a schema: an object, unless the schema says otherwise.
    #[must_use]
    pub fn root(&self, schema: SchemaId) -> TypeId {
        self.at(schema).map_or(TypeId::ANY, |schema| schema.root)
    }

    /// What a type is.
    #[must_use]
    pub fn ty(&self, ty: TypeId) -> &XdmType {
        self.types.get(ty.index()).unwrap_or(&ANY)
    }

    /// Whether some part of a type could not be had, which was a problem: it may have more fields, or be anything if it is `Any`.
    #[must_use]
    pub fn is_lost(&self, ty: TypeId) -> bool {
        self.lost.contains(&ty)
    }

    /// Whether `null` may stand in the place of a value of this type.
    #[must_use]
    pub fn is_nullable(&self, ty: TypeId) -> bool {
        self.nullable.contains(&ty)
    }

    /// A type, if it is a record.
    #[must_use]
    pub fn object(&self, ty: TypeId) -> Option<&ObjectType> {
        match self.ty(ty) {
            XdmType::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The fields of a schema that identify a person, as its descriptors say; the primary one first.
    #[must_use]
    pub fn identities(&self, schema: SchemaId) -> &[IdentityDescriptor] {
        self.at(schema)
            .map_or(&[], |schema| &schema.described.identities)
    }

    /// What descriptors add to a field of a schema (path in final names).
    #[must_use]
    pub fn note(&self, schema: SchemaId, path: &[String]) -> Option<&FieldNote> {
        self.at(schema)?.described.notes.get(path)
    }

    /// The field at a path of final names, through lists and maps (a map takes one word as its key).
    #[must_use]
    pub fn field_at<'a>(&'a self, schema: SchemaId, path: &[&str]) -> Option<&'a Field> {
        let mut ty = self.root(schema);
        let mut found = None;
        for word in path {
            let mut at = self.ty(ty);
            while let XdmType::Array(array) = at {
                at = self.ty(array.item);
            }
            match at {
                XdmType::Object(object) => {
                    let field = object.field(word)?;
                    found = Some(field);
                    ty = field.ty;
                }
                XdmType::Map { value } => ty = *value,
                _ => return None,
            }
        }
        found
    }

    /// The path of a file.
    #[must_use]
    pub fn file(&self, file: SchemaFile) -> &str {
        self.files.get(file.index()).map_or("", String::as_str)
    }

    /// How many files were given.
    #[must_use]
    pub fn file_count(&self) -> usize {
        self.files.len()
    }

    /// How many files held neither a schema nor a descriptor.
    #[must_use]
    pub fn passed_over(&self) -> usize {
        self.passed_over
    }

    /// How many types there are.
    #[must_use]
    pub fn type_count(&self) -> usize {
        self.types.len()
    }

    /// How many types choose between alternatives (`oneOf`, `anyOf`).
    #[must_use]
    pub fn union_count(&self) -> usize {
        self.unions
    }

    fn at(&self, schema: SchemaId) -> Option<&Schema> {
        self.schemas.get(schema.index())
    }
}
