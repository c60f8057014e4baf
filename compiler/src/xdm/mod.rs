//! XDM schemas: JSON Schema files in, typed field trees out.
//!
//! What comes in: files as values. What goes out: a [`Registry`] of typed schemas with final field names, and every problem met, each
//! costing only what it names. Never true here: a read of disk or network, an answer that depends on the order of files, recursion on input
//! deeper than a JSON parser allows, a type given to a field by anything but `$ref` and `allOf`.
//!
//! | file | one idea |
//! |---|---|
//! | `problem` | what can be wrong with schema files |
//! | `types` | the types fields have |
//! | `names` | raw names to final names |
//! | `documents` | files to schema and descriptor documents |
//! | `alone` | what one schema says by itself |
//! | `refs` | following `$ref` and `allOf` |
//! | `keywords` | what kind of value keywords say together |
//! | `scalars` | which scalar it is |
//! | `nodes` | fields gathered under their final names |
//! | `resolve`, `fields` | documents to interned types, and the fields of objects |
//! | `descriptors` | identities and notes on fields |
//! | `mistakes`, `places` | what is JSON and no schema that anybody meant, and where it stands |
//! | `registry` | the result, for asking |
//! | `normalise` | data in raw names to final names |
//! | `validate` | data against a schema |
//! | `report` | what an import found, as numbers |

mod alone;
mod descriptors;
mod documents;
mod fields;
mod keywords;
#[cfg(test)]
mod kind_tests;
mod mistakes;
mod names;
mod nodes;
mod normalise;
mod places;
mod problem;
mod refs;
mod registry;
mod report;
mod resolve;
mod scalars;
mod types;
mod validate;

#[cfg(test)]
mod conformance_tests;
#[cfg(test)]
mod example_tests;
#[cfg(test)]
mod export_tests;
#[cfg(test)]
mod mistake_tests;
#[cfg(test)]
mod tests;

pub use crate::source::SourceFile;
pub use problem::{Problem, ProblemCode};
pub use registry::Registry;
pub use report::{FailedFile, SchemaReport};
pub use types::{
    ArrayType, EnumValue, Field, FieldNote, IdentityDescriptor, IntegerType, IntegerWidth,
    NumberType, ObjectType, Origin, SchemaFile, SchemaId, StringType, TypeId, XdmType,
};
pub use validate::{Form, ValidationCode, ValidationError, validate};

/// What data calls a property of this name in a schema, by itself: a field, and the fields in it. Never empty.
#[must_use]
pub fn in_data(property: &str) -> Vec<String> {
    names::rename(property, None)
}

/// Imports schema files. The result is the same whatever their order; what is wrong with one costs the others nothing.
#[must_use]
pub fn import(files: &[SourceFile]) -> (Registry, Vec<Problem>) {
    let mut problems = Vec::new();
    let documents = documents::read(files, &mut problems);
    let places = places::of(files, &documents);
    refs::report_unresolved(&documents, &places, &mut problems);
    let resolved = resolve::resolve(&documents, &mut problems);
    mistakes::report(
        &places,
        &documents,
        &resolved.undeclared,
        &resolved.clashes,
        &mut problems,
    );
    let registry = Registry::build(&documents, resolved, &mut problems);
    problems.sort();
    problems.dedup();
    (registry, problems)
}
