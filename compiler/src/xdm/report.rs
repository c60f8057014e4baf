//! What an import found, as numbers and names: the answer of `journeyc schema check --format json`.
//!
//! In: a registry and its problems. Out: [`SchemaReport`]. Never true here: recursion on types (they may point in rings), a count that depends
//! on the order of files.

use super::problem::Problem;
use super::registry::Registry;
use super::types::{TypeId, XdmType};
use serde::Serialize;
use std::collections::BTreeSet;

/// One thing that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailedFile {
    /// The file.
    pub file: String,
    /// What kind of problem.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

/// The shape of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemaReport {
    /// Files looked at that hold schemas or descriptors, or failed.
    pub files: usize,
    /// Schemas imported.
    pub imported: usize,
    /// What failed.
    pub failed: Vec<FailedFile>,
    /// Types, each counted once however many fields share it.
    pub types: usize,
    /// Leaf fields, each schema's tree counted out in full; a ring counts as one leaf where it closes.
    pub leaves: u64,
    /// The most field names on any way from a root to a leaf; rings are not followed.
    pub max_depth: u64,
    /// The `$id`s whose own fields lead back to themselves.
    pub recursive: Vec<String>,
    /// Types that choose between alternatives (`oneOf`, `anyOf`).
    pub unions: usize,
}

impl SchemaReport {
    /// The report of an import.
    #[must_use]
    pub fn of(registry: &Registry, problems: &[Problem]) -> Self {
        let sizes = sizes(registry);
        let roots: Vec<TypeId> = registry
            .schema_ids()
            .map(|(_, schema)| registry.root(schema))
            .collect();
        let size = |root: &TypeId| sizes.get(root.index()).copied().unwrap_or_default();
        SchemaReport {
            files: registry.file_count() - registry.passed_over(),
            imported: roots.len(),
            failed: problems
                .iter()
                .filter(|problem| problem.code.is_failure())
                .map(|problem| FailedFile {
                    file: problem.file.clone(),
                    code: problem.code.slug(),
                    message: problem.message.clone(),
                })
                .collect(),
            types: registry.type_count(),
            leaves: roots
                .iter()
                .map(size)
                .fold(0, |sum, size| sum.saturating_add(size.leaves)),
            max_depth: roots
                .iter()
                .map(size)
                .map(|size| size.depth)
                .max()
                .unwrap_or(0),
            recursive: recursive(registry),
            unions: registry.union_count(),
        }
    }
}

/// Leaves below a type and the longest way to one.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    leaves: u64,
    depth: u64,
}

/// The types directly inside a type, and whether entering them costs a field name.
fn inner(ty: &XdmType) -> Vec<(TypeId, bool)> {
    match ty {
        XdmType::Object(object) => object.fields.iter().map(|field| (field.ty, true)).collect(),
        XdmType::Map { value } => vec![(*value, false)],
        XdmType::Array(array) => vec![(array.item, false)],
        _ => Vec::new(),
    }
}

/// The size of every type reachable from a root, each worked out once.
fn sizes(registry: &Registry) -> Vec<Size> {
    let mut sizes: Vec<Option<Size>> = vec![None; registry.type_count()];
    let mut open = vec![false; registry.type_count()];
    for (_, schema) in registry.schema_ids() {
        let mut stack = vec![(registry.root(schema), false)];
        while let Some((ty, children_done)) = stack.pop() {
            let at = ty.index();
            if !children_done {
                if sizes[at].is_some() || open[at] {
                    continue;
                }
                open[at] = true;
                stack.push((ty, true));
                stack.extend(
                    inner(registry.ty(ty))
                        .into_iter()
                        .map(|(ty, _)| (ty, false)),
                );
                continue;
            }
            let mut size = Size::default();
            let children = inner(registry.ty(ty));
            for (child, named) in &children {
                // A child still open is on the way here: the ring closes, and counts as a leaf.
                let child = sizes[child.index()].unwrap_or(Size {
                    leaves: 1,
                    depth: 0,
                });
                size.leaves = size.leaves.saturating_add(child.leaves);
                size.depth = size
                    .depth
                    .max(child.depth.saturating_add(u64::from(*named)));
            }
            if children.is_empty() {
                size.leaves = 1;
            }
            sizes[at] = Some(size);
            open[at] = false;
        }
    }
    sizes.into_iter().map(Option::unwrap_or_default).collect()
}

/// The schemas in whose files a ring of types has fields.
fn recursive(registry: &Registry) -> Vec<String> {
    let mut files: BTreeSet<&str> = BTreeSet::new();
    for ty in ring_members(registry) {
        if let Some(object) = registry.object(ty) {
            files.extend(
                object
                    .fields
                    .iter()
                    .map(|field| registry.file(field.origin.file)),
            );
        }
    }
    registry
        .schema_ids()
        .filter(|(_, schema)| files.contains(registry.schema_file(*schema)))
        .map(|(id, _)| id.to_owned())
        .collect()
}

/// Every type that leads back to itself: what is left after taking away, again and again, types with nothing inside and types inside nothing.
fn ring_members(registry: &Registry) -> Vec<TypeId> {
    let count = u32::try_from(registry.type_count()).unwrap_or(u32::MAX);
    let ids: Vec<TypeId> = (0..count).map(TypeId).collect();
    let mut outward: Vec<usize> = ids.iter().map(|ty| inner(registry.ty(*ty)).len()).collect();
    let mut holders: Vec<Vec<TypeId>> = vec![Vec::new(); ids.len()];
    for ty in &ids {
        for (child, _) in inner(registry.ty(*ty)) {
            holders[child.index()].push(*ty);
        }
    }
    let mut gone = vec![false; ids.len()];
    let mut todo: Vec<TypeId> = ids
        .iter()
        .filter(|ty| outward[ty.index()] == 0)
        .copied()
        .collect();
    while let Some(ty) = todo.pop() {
        gone[ty.index()] = true;
        for holder in &holders[ty.index()] {
            outward[holder.index()] -= 1;
            if outward[holder.index()] == 0 {
                todo.push(*holder);
            }
        }
    }
    let mut inward: Vec<usize> = vec![0; ids.len()];
    for ty in ids.iter().filter(|ty| !gone[ty.index()]) {
        for (child, _) in inner(registry.ty(*ty)) {
            inward[child.index()] += 1;
        }
    }
    let mut todo: Vec<TypeId> = ids
        .iter()
        .filter(|ty| !gone[ty.index()] && inward[ty.index()] == 0)
        .copied()
        .collect();
    while let Some(ty) = todo.pop() {
        gone[ty.index()] = true;
        for (child, _) in inner(registry.ty(ty)) {
            if gone[child.index()] {
                continue;
            }
            inward[child.index()] -= 1;
            if inward[child.index()] == 0 {
                todo.push(child);
            }
        }
    }
    ids.into_iter().filter(|ty| !gone[ty.index()]).collect()
}
