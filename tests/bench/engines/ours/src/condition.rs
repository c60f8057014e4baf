//! Source text to a verified program.
//!
//! Comes in: conditions. Goes out: [`Program`]. Never true here: a program that was not checked and verified.

use crate::schemas::{Schemas, file};
use journey_artifact::model::{ChunkId, PlanId};
use journey_machine::eval::Loaded;
use journeyc::check::expression::{Names, expression};
use journeyc::hir::Expr;
use journeyc::lower::{self, Expressions};
use journeyc::package::PackageInput;
use journeyc::source::{SourceFile, Sources};

/// What the text is called among the sources: a name that sorts after the others.
const FILE: &str = "~condition";

/// Conditions, ready to run on the machine.
pub struct Program {
    /// The code, loaded.
    pub loaded: Loaded,
    /// One chunk per condition.
    pub chunks: Vec<ChunkId>,
    /// How to read the event, when a condition reads it.
    pub event: Option<PlanId>,
    /// How to read the profile, when a condition reads it.
    pub profile: Option<PlanId>,
}

impl Program {
    /// Bytes of the instructions.
    pub fn code_bytes(&self) -> usize {
        let chunks = self.chunks.iter().filter_map(|id| self.loaded.chunk(*id));
        chunks.map(|chunk| size_of_val(&chunk.code[..])).sum()
    }
}

/// Compiles one condition.
pub fn compile(schemas: &Schemas, source: &str) -> Result<Program, String> {
    let expr = check(schemas, source)?;
    lower(schemas, std::slice::from_ref(&expr))
}

/// Compiles several conditions into one program, whose plans read what all of them need.
pub fn compile_all<'a>(
    schemas: &Schemas,
    sources: impl Iterator<Item = &'a str>,
) -> Result<Program, String> {
    let exprs: Result<Vec<Expr>, String> = sources.map(|source| check(schemas, source)).collect();
    lower(schemas, &exprs?)
}

fn check(schemas: &Schemas, source: &str) -> Result<Expr, String> {
    let mut files: Vec<SourceFile> = schemas
        .input
        .sources
        .iter()
        .map(|(_, file)| file.clone())
        .collect();
    files.push(file(FILE, source.to_string()));
    let input = PackageInput {
        sources: Sources::new(files),
        environment: None,
    };
    let id = input.sources.find(FILE).ok_or("the text is not there")?;
    let names = Names {
        profile: None,
        fields: schemas.event.clone(),
        condition: true,
    };
    let checked = expression(&schemas.ground, &input, &[], id, &names);
    let said = || {
        let all = checked.diagnostics.iter();
        all.map(|d| format!("{} {}", d.code.id(), d.message))
            .collect::<Vec<_>>()
            .join("; ")
    };
    checked.expr.clone().ok_or_else(said)
}

fn lower(schemas: &Schemas, exprs: &[Expr]) -> Result<Program, String> {
    let registry = schemas.ground.registry();
    let manifest = schemas.ground.manifest();
    let profile = manifest
        .profile_schema
        .as_ref()
        .and_then(|(name, _)| registry.schema(name))
        .map(|id| journeyc::types::Type::from_xdm(registry, registry.root(id)));
    let lowered = lower::lower_expressions(registry, profile.as_ref(), Some(&schemas.event), exprs);
    let Expressions {
        artifact,
        profile,
        input,
        chunks,
        ..
    } = lowered.map_err(|found| format!("{found:?}"))?;
    let verified = journey_artifact::verify(artifact).map_err(|e| e.to_string())?;
    Ok(Program {
        loaded: Loaded::new(verified).map_err(|e| e.to_string())?,
        chunks,
        event: input,
        profile,
    })
}
