//! Whole programs, and expressions by themselves: passes until the layout holds.
//!
//! Comes in: a program or expressions. Goes out: an artifact. Never true here: more passes than values can flow through
//! one another in a sane program; then it is refused.

use super::call;
use super::code;
use super::event;
use super::expected::{self, Question};
use super::expr::{self, Scope, Truth};
use super::journey;
use super::layout::Layout;
use super::live;
use super::needs::Needs;
use super::pass::Pass;
use super::plan;
use super::pool::Pool;
use super::rows::{RowKey, Rows};
use super::source_map;
use crate::diag::{Code, Diagnostic};
use crate::hir::{self, CallId, Expr, Program, Var};
use crate::source::{FileId, Sources, Span};
use crate::types::Type;
use crate::xdm::Registry;
use journey_artifact::model::{Artifact, CallDecl, ChunkId, EventDecl, PlanId};
use journey_artifact::{graph, word};

/// Most passes: values copied through this many variables, each read only after the last copy.
const PASSES: usize = 64;

/// Expectations that are told of one package as what cannot be laid out.
const MOST_TOLD: usize = 20;

/// Expressions by themselves as an artifact.
#[derive(Clone, Debug)]
pub struct Expressions {
    /// The artifact: plans and chunks, no declarations.
    pub artifact: Box<Artifact>,
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
    whole_program(program, registry, sources, &[])
}

/// Lowers a program for its tests: what they look at in what journeys bind and send is read, too.
pub fn lower_tests(
    program: &Program,
    registry: &Registry,
    sources: &Sources,
) -> Result<Artifact, Vec<Diagnostic>> {
    let lowered = |asked: &[Question]| whole_program(program, registry, sources, asked);
    let asked = expected::questions(program);
    lowered(&asked).map_err(|found| {
        if lowered(&[]).is_err() {
            return found;
        }
        let refused = expected::refused(&asked, MOST_TOLD, &mut |asked| lowered(asked).is_err());
        let told = refused.into_iter();
        let told: Vec<Diagnostic> = told
            .filter_map(|question| expected::told(program, question, &found))
            .collect();
        if told.is_empty() { found } else { told }
    })
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

/// Lowers expressions over a profile and an input of these types into one artifact; conditions among them exactly.
pub fn lower_expressions(
    registry: &Registry,
    profile: Option<&Type>,
    input: Option<&Type>,
    exprs: &[Expr],
) -> Result<Expressions, Vec<Diagnostic>> {
    let over = Over {
        profile: profile.map(|ty| ("profile", ty)),
        input: input.map(|ty| ("input", ty)),
        truth: Truth::Exact,
        ..Over::default()
    };
    lower_over(registry, over, exprs, &mut Memory::default())
}

/// What expressions by themselves may read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Over<'t> {
    /// `$id` and type of the profile's schema.
    pub profile: Option<(&'t str, &'t Type)>,
    /// `$id` and type of the input's schema.
    pub input: Option<(&'t str, &'t Type)>,
    /// The variables in force.
    pub vars: &'t [Var],
    /// What the values of conditions are good for.
    pub truth: Truth,
}

/// Lowers expressions over what they may read, in memory that was used before.
pub fn lower_over(
    registry: &Registry,
    over: Over<'_>,
    exprs: &[Expr],
    memory: &mut Memory,
) -> Result<Expressions, Vec<Diagnostic>> {
    let mut chunks = Vec::with_capacity(exprs.len());
    let made = |ix: usize, chunk| {
        // A pass behind another makes all of them again.
        chunks.truncate(ix);
        chunks.push(chunk);
    };
    let lowered = lower_each(registry, over, exprs, memory, made)?;
    Ok(Expressions { chunks, ..lowered })
}

/// The same of one, whose chunk is the artifact's only one: no list is made for it.
pub fn lower_one(
    registry: &Registry,
    over: Over<'_>,
    expr: &Expr,
    memory: &mut Memory,
) -> Result<Expressions, Vec<Diagnostic>> {
    let one = std::slice::from_ref(expr);
    lower_each(registry, over, one, memory, |_, _| ())
}

/// Lowers expressions; each pass tells which chunk it made of which. The list of chunks is left empty.
fn lower_each(
    registry: &Registry,
    over: Over<'_>,
    exprs: &[Expr],
    memory: &mut Memory,
    mut made: impl FnMut(usize, ChunkId),
) -> Result<Expressions, Vec<Diagnostic>> {
    let nowhere = Span {
        file: FileId(0),
        start: 0,
        end: 0,
    };
    let span = exprs.first().map_or(nowhere, |expr| expr.span);
    let write = |pass: &mut Pass<'_>| {
        let input = over.input.map(|_| pass.rows.id(RowKey::Input));
        let vars = pass.rows.id(RowKey::Vars(0));
        let scope = Scope {
            vars: Some(expr::VarsScope {
                row: vars,
                vars: over.vars,
            }),
            input,
        };
        for (ix, e) in exprs.iter().enumerate() {
            let chunk = match e.ty {
                Type::Boolean => expr::truth(pass, scope, e, over.truth),
                _ => {
                    super::whole::take(pass, &e.ty, e.span);
                    expr::value(pass, scope, e, &e.ty)
                }
            };
            made(ix, chunk);
        }
        if over.profile.is_some() {
            pass.rows.id(RowKey::Profile);
        }
        (vars, input)
    };
    let plans = |pass: &mut Pass<'_>, (vars, input): (_, Option<word::ShapeId>)| {
        let profile = over
            .profile
            .and_then(|(schema, ty)| profile_plan(pass, schema, ty));
        let input = match (input, over.input) {
            (Some(row), Some((schema, ty))) => Some(pass.plan(row, schema, ty)),
            _ => None,
        };
        (profile, input, vars)
    };
    let (out, mut artifact) = settle(registry, span, memory, write, plans)?;
    let (profile, input, vars) = out;
    artifact.profile = profile;
    Ok(Expressions {
        artifact,
        profile,
        input,
        vars,
        chunks: Vec::new(),
    })
}

/// Memory that lowering takes, to be used again.
#[derive(Debug, Default)]
pub struct Memory {
    rows: Rows,
    needs: Needs,
    layout: Layout,
    next: Layout,
    pool: Pool,
    code: code::Code,
    /// Every pass is followed by another that confirms it: what the short way must equal.
    #[cfg(test)]
    confirm: bool,
}

impl Memory {
    /// Memory with which every pass is confirmed by another.
    #[cfg(test)]
    pub(super) fn confirming() -> Memory {
        Memory {
            confirm: true,
            ..Memory::default()
        }
    }

    /// Whether a pass that could not have told the difference is as good as the one behind it.
    fn takes_short_way(&self) -> bool {
        #[cfg(test)]
        let confirm = self.confirm;
        #[cfg(not(test))]
        let confirm = false;
        !confirm
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.needs.clear();
        self.layout.clear();
    }
}

/// Passes until one needs exactly what it was given, or could not have told the difference; then `finish` and its tables.
fn settle<T, U>(
    registry: &Registry,
    span: Span,
    memory: &mut Memory,
    mut run: impl FnMut(&mut Pass<'_>) -> T,
    finish: impl FnOnce(&mut Pass<'_>, T) -> U,
) -> Result<(U, Box<Artifact>), Vec<Diagnostic>> {
    memory.clear();
    let short = memory.takes_short_way();
    for _ in 0..PASSES {
        let Memory {
            rows,
            needs,
            layout,
            next,
            pool,
            code,
            ..
        } = &mut *memory;
        needs.begin();
        pool.clear();
        let mut pass = Pass::new(registry, layout, rows, needs, pool, code);
        let out = run(&mut pass);
        if !pass.problems.is_empty() {
            return Err(pass.problems);
        }
        pass.complete();
        next.fill(pass.needs, pass.rows);
        if let Some(problem) = plan::impossible(next, pass.rows, span) {
            return Err(vec![problem]);
        }
        let agrees = next == layout;
        if agrees || short && pass.would_stand(next) {
            if pass.needs.conflict {
                let why = "give both places one type";
                let message = "a list or map stands where one with other fields is asked for";
                return Err(vec![Diagnostic::new(Code::NotYet, span, message).why(why)]);
            }
            if !agrees {
                pool.settle(next);
            }
            let mut pass = Pass::new(registry, next, rows, needs, pool, code);
            let out = finish(&mut pass, out);
            let artifact = tables(&mut pass);
            return Ok((out, artifact));
        }
        std::mem::swap(layout, next);
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
fn tables(pass: &mut Pass<'_>) -> Box<Artifact> {
    let shapes = plan::shapes(pass);
    let plans = plan::plans(pass);
    // Copies take no more memory than there is in them, and what they are made in is used again.
    let pool = &mut *pass.pool;
    let mut tables = Box::<Artifact>::default();
    tables.strings = pool.strings.clone();
    tables.constants = pool.constants.clone();
    tables.sets = pool.sets.drain(..).collect();
    tables.shapes = shapes;
    tables.plans = plans;
    tables.imports = pool.imports.drain(..).collect();
    tables.chunks = pool.chunks.drain(..).collect();
    tables
}

/// What one pass over a program gives beside its tables.
struct Written {
    name: Names,
    events: Vec<EventDecl>,
    calls: Vec<CallDecl>,
    journeys: Vec<(graph::Journey, Vec<Span>)>,
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
    asked: &[Question],
) -> Result<Artifact, Vec<Diagnostic>> {
    let nowhere = Span {
        file: FileId(0),
        start: 0,
        end: 0,
    };
    let span = program
        .journeys
        .first()
        .map_or(nowhere, |journey| journey.span);
    let (written, mut artifact) = settle(
        registry,
        span,
        &mut Memory::default(),
        |pass: &mut Pass<'_>| write(pass, program, sources, asked),
        |_, written| written,
    )?;
    let Written {
        name,
        events,
        calls,
        journeys,
        chunk_spans,
    } = written;
    let (mut journeys, spans): (Vec<_>, Vec<_>) = journeys.into_iter().unzip();
    for journey in &mut journeys {
        live::fill(journey, &artifact.chunks);
    }
    artifact.source_map = source_map::of(program, &chunk_spans, &spans, sources);
    Ok(Artifact {
        name: program.name.clone(),
        version: program.version.clone(),
        environment: program.environment.clone(),
        profile: name.profile,
        identities: name.identities,
        events,
        calls,
        journeys,
        ..*artifact
    })
}

fn write(pass: &mut Pass<'_>, program: &Program, sources: &Sources, asked: &[Question]) -> Written {
    let identities = program
        .identities
        .iter()
        .map(|name| pass.pool.text(name))
        .collect();
    let mut heard = vec![false; program.events.len()];
    for journey in &program.journeys {
        hir::each_heard(journey, &mut |event| {
            if let Some(is_heard) = heard.get_mut(event.0 as usize) {
                *is_heard = true;
            }
        });
    }
    let events = program.events.iter().zip(heard);
    let events = events
        .map(|(event, is_heard)| match is_heard {
            true => event::lower(pass, event),
            false => event::unheard(pass, event),
        })
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
    expected::note(pass, program, asked);
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
        chunk_spans,
    }
}

/// The plan of the profile, when anything of it is read.
fn profile_plan(pass: &mut Pass<'_>, schema: &str, ty: &Type) -> Option<PlanId> {
    let row = pass.rows.id(RowKey::Profile);
    (!pass.slots(row).is_empty()).then(|| pass.plan(row, schema, ty))
}

impl Pass<'_> {
    /// Adds the needs that follow from a row's being there: the value of every item of a list of values. A map that is an item lies in
    /// a word of its own, as all of its entries.
    fn complete(&mut self) {
        let mut ix = 0;
        while ix < self.rows.len() {
            let id = word::ShapeId(ix as u32);
            if let RowKey::Item(ty) = self.rows.key(id).clone() {
                match ty {
                    Type::Record(_) => {}
                    Type::Any | Type::Nothing | Type::Error => {
                        let root = self.needs.root(id);
                        self.needs.present(root);
                    }
                    map @ Type::Map(_) => {
                        let word = self.rows.word(&map);
                        let root = self.needs.root(id);
                        self.needs.map(root, word);
                    }
                    value => {
                        let word = self.rows.word(&value);
                        let root = self.needs.root(id);
                        self.needs.value(root, word);
                    }
                }
            }
            ix += 1;
        }
    }
}
