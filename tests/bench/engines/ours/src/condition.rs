//! Source text to a program that is ready to run.
//!
//! Comes in: conditions. Goes out: [`Program`]. Never true here: a program that was not checked and verified.

use crate::schemas::Schemas;
use journey_artifact::Verified;
use journey_artifact::model::{ChunkId, PlanId};
use journey_machine::eval::Loaded;
use journey_machine::read::Prepared;
use journeyc::condition::{Compiled, Workbench};
use journeyc::diag::Diagnostic;
use journeyc::lower::{self, Memory, Over};
use std::sync::Arc;

/// Conditions, ready to run on the machine.
pub struct Program {
    /// The code, loaded. Contexts hold on to it, so that it may be moved.
    pub loaded: Arc<Loaded>,
    /// The first condition, and the only one of a program that is evaluated alone.
    pub first: ChunkId,
    /// One chunk per condition.
    pub chunks: Vec<ChunkId>,
    /// How to read the event, when a condition reads it.
    pub event: Option<Prepared>,
    /// How to read the profile, when a condition reads it.
    pub profile: Option<Prepared>,
    /// The event's plan.
    pub event_plan: Option<PlanId>,
}

impl Program {
    fn new(
        artifact: Verified,
        chunks: Vec<ChunkId>,
        event: Option<PlanId>,
        profile: Option<PlanId>,
    ) -> Result<Program, String> {
        let loaded = Loaded::new(artifact).map_err(|e| e.to_string())?;
        let artifact = loaded.artifact();
        let prepared = |plan: Option<PlanId>| {
            let plan = plan.and_then(|id| artifact.plans.get(id.0 as usize));
            let prepared = plan.map(|plan| Prepared::new(artifact, plan));
            prepared.transpose().map_err(|e| e.to_string())
        };
        Ok(Program {
            event: prepared(event)?,
            profile: prepared(profile)?,
            event_plan: event,
            first: *chunks.first().ok_or("there is no condition")?,
            chunks,
            loaded: Arc::new(loaded),
        })
    }

    /// Bytes of the instructions.
    pub fn code_bytes(&self) -> usize {
        let chunks = self.chunks.iter().filter_map(|id| self.loaded.chunk(*id));
        chunks.map(|chunk| size_of_val(&chunk.code[..])).sum()
    }
}

/// Compiles one condition to checked, verified bytecode.
pub fn bytecode(workbench: &mut Workbench<'_>, source: &str) -> Result<Compiled, String> {
    workbench.compile(source).map_err(|found| said(&found))
}

/// Compiles one condition and makes it ready to run.
pub fn compile(workbench: &mut Workbench<'_>, source: &str) -> Result<Program, String> {
    let compiled = bytecode(workbench, source)?;
    let chunks = vec![ChunkId(0)];
    Program::new(compiled.artifact, chunks, compiled.event, compiled.profile)
}

/// Compiles several conditions into one program, whose plans read what all of them need.
pub fn compile_all(
    schemas: Schemas,
    workbench: &mut Workbench<'_>,
    sources: &[(String, String)],
) -> Result<Program, String> {
    let mut exprs = Vec::new();
    for (_, source) in sources {
        let parse = journey_grammar::parse_expression(source);
        let (expr, _) = workbench.check(&parse).map_err(|found| said(&found))?;
        exprs.push(expr);
    }
    let (profile, event) = (schemas.profile()?, schemas.event()?);
    let registry = schemas.ground.registry();
    let over = Over {
        profile: Some(("profile", &profile)),
        input: Some(("input", &event)),
        ..Over::default()
    };
    let lowered = lower::lower_over(registry, over, &exprs, &mut Memory::default());
    let lowered = lowered.map_err(|found| said(&found))?;
    let verified = journey_artifact::verify(lowered.artifact).map_err(|e| e.to_string())?;
    Program::new(verified, lowered.chunks, lowered.input, lowered.profile)
}

fn said(found: &[Diagnostic]) -> String {
    let all = found
        .iter()
        .map(|d| format!("{} {}", d.code.id(), d.message));
    all.collect::<Vec<_>>().join("; ")
}
