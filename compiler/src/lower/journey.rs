//! Journeys: settings, ways in and out, steps.
//!
//! The nodes stand in this order: the steps, the steps of each way out, those on expiry, those on error, and the end of
//! what falls off. Comes in: a checked journey. Goes out: the artifact's, without liveness. Never true here: a failed call
//! of the error steps that leads to them again.

use super::discriminators;
use super::event;
use super::expr::{self, Scope};
use super::pass::Pass;
use super::rows::RowKey;
use super::steps::{Steps, size};
use crate::diag::Code;
use crate::hir::{self, FixedSpan, Journey, Program};
use crate::source::{Sources, Span};
use crate::types::Type;
use journey_artifact::graph::{self, Entry, Exit, ExitWhen, NodeId, Reenter};

/// A journey and where its nodes are written.
pub fn lower(
    pass: &mut Pass<'_>,
    program: &Program,
    ix: usize,
    sources: &Sources,
) -> (graph::Journey, Vec<Span>) {
    let journey = &program.journeys[ix];
    let vars = pass.rows.id(RowKey::Vars(ix as u32));
    let alone = Scope::default();
    let timezone = journey
        .timezone
        .as_ref()
        .map(|e| expr::value(pass, alone, e, &Type::String));
    let instance_per = instance_per(pass, program, journey);
    let exit_sizes = journey
        .exits
        .iter()
        .filter_map(|exit| exit.then.as_ref())
        .map(size);
    let error_at =
        size(&journey.body) + exit_sizes.sum::<u32>() + journey.on_expiry.as_ref().map_or(0, size);
    let end = NodeId(error_at + journey.on_error.as_ref().map_or(0, size));

    let mut steps = Steps::new(pass, program, journey, vars);
    let entries = journey
        .entries
        .iter()
        .map(|on| {
            let entered = program.events.get(on.event.0 as usize);
            let discriminators = match (&on.condition, entered) {
                (Some(condition), Some(entered)) => {
                    let row = event::row(steps.pass, entered);
                    discriminators::of(steps.pass, row, condition)
                }
                _ => Vec::new(),
            };
            Entry {
                on: steps.listen(on, alone),
                discriminators,
            }
        })
        .collect();
    steps.on_error = journey.on_error.as_ref().map(|block| {
        if block.steps.is_empty() {
            end
        } else {
            NodeId(error_at)
        }
    });
    let start = steps.block(&journey.body, end);
    let exits = journey
        .exits
        .iter()
        .map(|exit| exit_of(&mut steps, exit, end, sources))
        .collect();
    let on_expiry = journey
        .on_expiry
        .as_ref()
        .map(|block| steps.block(block, end));
    steps.on_error = None;
    if let Some(block) = &journey.on_error {
        steps.block(block, end);
    }
    // It stands last; whoever falls off goes there, and a journey has at least one node.
    steps.end(Span {
        start: journey.body.span.end,
        ..journey.body.span
    });
    let Steps {
        pass, nodes, spans, ..
    } = steps;
    let lowered = graph::Journey {
        name: pass.pool.text(&journey.name),
        vars,
        timezone,
        fallback_zone: pass.pool.text(&journey.fallback_zone),
        entries,
        reenter: match journey.reenter {
            hir::Reenter::Never => Reenter::Never,
            hir::Reenter::Always => Reenter::Always,
            hir::Reenter::After(after) => Reenter::After(span(after)),
        },
        instance_per,
        starts: journey.starts,
        closes: journey.closes,
        exits,
        expires: span(journey.expires),
        on_expiry,
        priority: journey.priority,
        start,
        nodes,
    };
    (lowered, spans)
}

fn span(span: FixedSpan) -> graph::Span {
    match span {
        FixedSpan::Exact(ms) => graph::Span::Exact(ms),
        FixedSpan::Calendar(months, days) => graph::Span::Calendar { months, days },
    }
}

fn exit_of(steps: &mut Steps<'_, '_>, exit: &hir::Exit, end: NodeId, sources: &Sources) -> Exit {
    let scope = steps.scope();
    let (name, when) = match &exit.when {
        hir::ExitWhen::Event(on) => (exit.name.clone(), ExitWhen::Event(steps.listen(on, scope))),
        hir::ExitWhen::Condition(e) => {
            let name = if exit.name.is_empty() {
                super::source_map::cut(sources.text(e.span))
            } else {
                exit.name.clone()
            };
            (
                name,
                ExitWhen::Condition(expr::condition(steps.pass, scope, e)),
            )
        }
    };
    Exit {
        name: steps.pass.pool.text(&name),
        when,
        then: exit.then.as_ref().map(|block| steps.block(block, end)),
    }
}

/// The key is read from the entry event, so all entries must be of one schema.
fn instance_per(
    pass: &mut Pass<'_>,
    program: &Program,
    journey: &Journey,
) -> Option<(journey_artifact::model::ChunkId, u32)> {
    let (key, most) = journey.instance_per.as_ref()?;
    let mut events = journey
        .entries
        .iter()
        .filter_map(|on| program.events.get(on.event.0 as usize));
    let first = events.next()?;
    if events.any(|event| event.schema != first.schema) {
        let why = "the key is read from the event that enters, and events of two schemas have no field in common";
        pass.problem(
            Code::NotYet,
            key.span,
            "`instance per` in a journey that events of two schemas enter",
            why,
        );
    }
    let row = event::row(pass, first);
    Some((
        expr::value(
            pass,
            Scope {
                vars: None,
                input: Some(row),
            },
            key,
            &Type::String,
        ),
        *most,
    ))
}
