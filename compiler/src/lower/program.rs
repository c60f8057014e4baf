//! Whole programs, and expressions by themselves: passes until the layout holds.
//!
//! Comes in: a program or expressions. Goes out: an artifact. Never true here: more passes than values can flow through
//! one another in a sane program; then it is refused.

use super::call;
use super::event;
use super::expr::{self, Scope};
use super::journey;
use super::layout::Layout;
use super::live;
use super::pass::Pass;
use super::plan;
use super::rows::{RowKey, Rows};
use super::source_map;
use crate::diag::{Code, Diagnostic};
use crate::hir::{CallId, Expectation, Expr, Program, StatementKind, Var};
use crate::source::{FileId, Sources, Span};
use crate::types::Type;
use crate::xdm::Registry;
use journey_artifact::model::{Artifact, CallDecl, ChunkId, EventDecl, PlanId, SourceMap};
use journey_artifact::{graph, word};

/// Most passes: values copied through this many variables, each read only after the last copy.
const PASSES: usize = 64;

/// An artifact with the chunks of its tests' expectations.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The artifact.
    pub artifact: Artifact,
    /// By test and statement: the Bool chunk of `expect EXPR`, over the profile and the journey's variables.
    pub expectations: Vec<Vec<Option<ChunkId>>>,
}

/// Expressions by themselves as an artifact.
#[derive(Clone, Debug)]
pub struct Expressions {
    /// The artifact: plans and chunks, no declarations.
    pub artifact: Artifact,
    /// How to read the profile, when an expression reads it.
    pub profile: Option<PlanId>,
    /// How to read the input, when an expression reads it.
    pub input: Option<PlanId>,
    /// The row of the variables.
    pub vars: word::ShapeId,
    /// One chunk per expression, in order.
    pub chunks: Vec<ChunkId>,
}

/// Lowers a program that has no errors.
pub fn lower(
    program: &Program,
    registry: &Registry,
    sources: &Sources,
) -> Result<Artifact, Vec<Diagnostic>> {
    whole_program(program, registry, sources, false).map(|lowered| lowered.artifact)
}

/// Lowers a program with chunks for what its tests expect. Variables that a test asks for survive every wait.
pub fn lower_tests(
    program: &Program,
    registry: &Registry,
    sources: &Sources,
) -> Result<Lowered, Vec<Diagnostic>> {
    whole_program(program, registry, sources, true)
}

/// Lowers one expression over a profile and an input. See [`lower_expressions`].
pub fn lower_expression(
    registry: &Registry,
    profile: Option<&Type>,
    input: Option<&Type>,
    expr: &Expr,
) -> Result<Expressions, Vec<Diagnostic>> {
    lower_expressions(registry, profile, input, std::slice::from_ref(expr))
}

/// Lowers expressions over a profile and an input of these types into one artifact.
pub fn lower_expressions(
    registry: &Registry,
    profile: Option<&Type>,
    input: Option<&Type>,
    exprs: &[Expr],
) -> Result<Expressions, Vec<Diagnostic>> {
    lower_expressions_over(registry, profile, input, &[], exprs)
}

/// Like [`lower_expressions`], and these variables are in force.
pub fn lower_expressions_over(
    registry: &Registry,
    profile: Option<&Type>,
    input: Option<&Type>,
    vars: &[Var],
    exprs: &[Expr],
) -> Result<Expressions, Vec<Diagnostic>> {
    let nowhere = Span {
        file: FileId(0),
        start: 0,
        end: 0,
    };
    let span = exprs.first().map_or(nowhere, |expr| expr.span);
    settle(registry, span, |pass| {
        let input_row = input.map(|_| pass.rows.id(RowKey::Input));
        let vars_row = pass.rows.id(RowKey::Vars(0));
        let scope = Scope {
            vars: Some(expr::VarsScope {
                row: vars_row,
                vars,
            }),
            input: input_row,
        };
        let chunk = |e: &Expr| match e.ty {
            Type::Boolean => expr::condition(pass, scope, e),
            _ => {
                super::whole::take(pass, &e.ty, e.span);
                expr::value(pass, scope, e, &e.ty)
            }
        };
        let chunks = exprs.iter().map(chunk).collect();
        let profile = profile.and_then(|ty| profile_plan(pass, "profile", ty));
        let input = match (input_row, input) {
            (Some(row), Some(ty)) => Some(pass.plan(row, "input", ty)),
            _ => None,
        };
        Expressions {
            artifact: Artifact::default(),
            profile,
            input,
            vars: vars_row,
            chunks,
        }
    })
    .map(|(mut out, tables)| {
        out.artifact = Artifact {
            profile: out.profile,
            ..tables
        };
        out
    })
}

/// Passes until one needs exactly what it was given; then its tables.
fn settle<T>(
    registry: &Registry,
    span: Span,
    mut run: impl FnMut(&mut Pass<'_>) -> T,
) -> Result<(T, Artifact), Vec<Diagnostic>> {
    let mut rows = Rows::default();
    let mut layout = Layout::default();
    for _ in 0..PASSES {
        let mut pass = Pass::new(registry, &layout, &mut rows);
        let out = run(&mut pass);
        if !pass.problems.is_empty() {
            return Err(pass.problems);
        }
        pass.complete();
        let next = Layout::of(&pass.needs, pass.rows);
        if let Some(problem) = plan::impossible(&next, pass.rows, span) {
            return Err(vec![problem]);
        }
        if next == layout {
            if pass.needs.conflict {
                let why = "give both places one type";
                let message = "a list or map stands where one with other fields is asked for";
                return Err(vec![Diagnostic::new(Code::NotYet, span, message).why(why)]);
            }
            let artifact = tables(&mut pass);
            return Ok((out, artifact));
        }
        layout = next;
    }
    let why = "bind fewer of them to one another";
    Err(vec![
        Diagnostic::new(
            Code::NotYet,
            span,
            "values flow through too many others before they are read",
        )
        .why(why),
    ])
}

/// The tables of a pass that agreed with its layout.
fn tables(pass: &mut Pass<'_>) -> Artifact {
    let shapes = plan::shapes(pass);
    let plans = plan::plans(pass);
    let pool = std::mem::take(&mut pass.pool);
    Artifact {
        strings: pool.strings,
        constants: pool.constants,
        shapes,
        plans,
        imports: pool.imports,
        chunks: pool.chunks,
        source_map: SourceMap::default(),
        ..Artifact::default()
    }
}

/// What one pass over a program gives beside its tables.
struct Written {
    name: Names,
    events: Vec<EventDecl>,
    calls: Vec<CallDecl>,
    journeys: Vec<(graph::Journey, Vec<Span>)>,
    expectations: Vec<Vec<Option<ChunkId>>>,
    chunk_spans: Vec<Span>,
}

struct Names {
    identities: Vec<journey_artifact::model::StrId>,
    profile: Option<PlanId>,
}

fn whole_program(
    program: &Program,
    registry: &Registry,
    sources: &Sources,
    with_tests: bool,
) -> Result<Lowered, Vec<Diagnostic>> {
    let nowhere = Span {
        file: FileId(0),
        start: 0,
        end: 0,
    };
    let span = program
        .journeys
        .first()
        .map_or(nowhere, |journey| journey.span);
    let (written, mut artifact) = settle(registry, span, |pass| {
        write(pass, program, sources, with_tests)
    })?;
    let Written {
        name,
        events,
        calls,
        journeys,
        expectations,
        chunk_spans,
    } = written;
    let (mut journeys, spans): (Vec<_>, Vec<_>) = journeys.into_iter().unzip();
    for (ix, journey) in journeys.iter_mut().enumerate() {
        let asked = program
            .tests
            .iter()
            .zip(&expectations)
            .filter(|(test, _)| test.journey == ix);
        let always: Vec<ChunkId> = asked
            .flat_map(|(_, chunks)| chunks.iter().copied().flatten())
            .collect();
        live::fill(journey, &artifact.chunks, &always);
    }
    artifact.source_map = source_map::of(program, &chunk_spans, &spans, sources);
    let artifact = Artifact {
        name: program.name.clone(),
        version: program.version.clone(),
        environment: program.environment.clone(),
        profile: name.profile,
        identities: name.identities,
        events,
        calls,
        journeys,
        ..artifact
    };
    Ok(Lowered {
        artifact,
        expectations,
    })
}

fn write(pass: &mut Pass<'_>, program: &Program, sources: &Sources, with_tests: bool) -> Written {
    let identities = program
        .identities
        .iter()
        .map(|name| pass.pool.text(name))
        .collect();
    let events = program
        .events
        .iter()
        .map(|event| event::lower(pass, event))
        .collect();
    let calls = program
        .calls
        .iter()
        .enumerate()
        .map(|(ix, it)| call::lower(pass, CallId(ix as u32), it))
        .collect();
    let journeys = (0..program.journeys.len())
        .map(|ix| journey::lower(pass, program, ix, sources))
        .collect();
    let expectations = if with_tests {
        expectations(pass, program)
    } else {
        Vec::new()
    };
    let profile = program
        .profile
        .as_ref()
        .and_then(|(schema, ty)| profile_plan(pass, schema, ty));
    let chunk_spans = pass.pool.spans.clone();
    Written {
        name: Names {
            identities,
            profile,
        },
        events,
        calls,
        journeys,
        expectations,
        chunk_spans,
    }
}

/// The plan of the profile, when anything of it is read.
fn profile_plan(pass: &mut Pass<'_>, schema: &str, ty: &Type) -> Option<PlanId> {
    let row = pass.rows.id(RowKey::Profile);
    pass.layout.row(row).filter(|row| !row.slots.is_empty())?;
    Some(pass.plan(row, schema, ty))
}

fn expectations(pass: &mut Pass<'_>, program: &Program) -> Vec<Vec<Option<ChunkId>>> {
    let mut out = Vec::new();
    for test in &program.tests {
        let vars = program
            .journeys
            .get(test.journey)
            .map(|journey| expr::VarsScope {
                row: pass.rows.id(RowKey::Vars(test.journey as u32)),
                vars: &journey.vars,
            });
        let scope = Scope { vars, input: None };
        let chunk = |statement: &crate::hir::Statement| match &statement.kind {
            StatementKind::Expect(Expectation::Holds(e)) => Some(expr::condition(pass, scope, e)),
            _ => None,
        };
        out.push(test.statements.iter().map(chunk).collect());
    }
    out
}

impl Pass<'_> {
    /// Adds the needs that follow from a row's being there: the value of every item of a list of values.
    fn complete(&mut self) {
        let mut ix = 0;
        while ix < self.rows.len() {
            let id = word::ShapeId(ix as u32);
            if let RowKey::Item(ty) = self.rows.key(id).clone() {
                match ty {
                    Type::Record(_) => {}
                    Type::Any | Type::Error => self.needs.present(id, &[]),
                    scalar => {
                        let word = self.rows.word(&scalar);
                        self.needs.value(id, &[], word);
                    }
                }
            }
            ix += 1;
        }
    }
}
