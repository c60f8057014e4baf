//! What can be wrong with schema files.
//!
//! In: nothing. Out: [`Problem`], [`ProblemCode`]. Never true here: an I/O error (files come in read), a stop of the whole import.

/// The kinds of problems an import reports. Each costs what it names; the rest is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemCode {
    /// The file is not JSON, or is nested too deeply.
    InvalidJson,
    /// A JSON document that is no schema and no descriptor.
    NotASchema,
    /// A schema document without a `$id`: nothing can refer to it.
    MissingId,
    /// Two documents with one `$id` and different content.
    DuplicateId,
    /// A `$ref` that no file answers.
    UnresolvedRef,
    /// One field declared with two kinds of values.
    ConflictingTypes,
    /// A descriptor of a schema or field that is not there.
    UnresolvedDescriptor,
    /// A key that stands twice in one object.
    DuplicateKey,
    /// A `type` that JSON Schema does not have.
    UnknownType,
    /// A `required` name that no `properties` declare.
    UndeclaredRequired,
    /// A `$ref` that leads back to itself and says nothing.
    RefRing,
    /// More or larger than the importer's limits.
    TooLarge,
}

impl ProblemCode {
    /// The stable name programs see.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            ProblemCode::InvalidJson => "invalid-json",
            ProblemCode::NotASchema => "not-a-schema",
            ProblemCode::MissingId => "missing-id",
            ProblemCode::DuplicateId => "duplicate-id",
            ProblemCode::UnresolvedRef => "unresolved-ref",
            ProblemCode::ConflictingTypes => "conflicting-types",
            ProblemCode::UnresolvedDescriptor => "unresolved-descriptor",
            ProblemCode::DuplicateKey => "duplicate-key",
            ProblemCode::UnknownType => "unknown-type",
            ProblemCode::UndeclaredRequired => "undeclared-required",
            ProblemCode::RefRing => "ref-ring",
            ProblemCode::TooLarge => "too-large",
        }
    }

    /// Whether something of a schema is not imported; the others are doubts and remarks.
    #[must_use]
    pub fn is_failure(self) -> bool {
        !self.is_doubt() && !self.is_remark()
    }

    /// Whether it is about what is no schema and was passed over.
    #[must_use]
    pub fn is_remark(self) -> bool {
        matches!(
            self,
            ProblemCode::NotASchema | ProblemCode::UnresolvedDescriptor
        )
    }

    /// Whether it is something that JSON Schema allows, or passes over, and that nobody can have meant: others' schemas, which one cannot
    /// mend, may have it.
    #[must_use]
    pub fn is_doubt(self) -> bool {
        matches!(
            self,
            ProblemCode::DuplicateKey
                | ProblemCode::UnknownType
                | ProblemCode::UndeclaredRequired
                | ProblemCode::RefRing
                | ProblemCode::ConflictingTypes
        )
    }
}

/// Something wrong with the schema files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file it is about.
    pub file: String,
    /// What kind.
    pub code: ProblemCode,
    /// What is wrong, where, and what happens because of it.
    pub message: String,
    /// Where in the file, in bytes, if it is not the file as a whole.
    pub at: Option<(u32, u32)>,
    /// Other files that have to do with it.
    pub related: Vec<String>,
}
