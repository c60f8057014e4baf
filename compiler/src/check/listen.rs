//! Listening for an event: `Event as x where …` in `enter`, `exit`, `await` and `wait … or`.
//!
//! Comes in: a pattern, and who can be there to hear it. Goes out: the checked pattern; findings about those that nobody ever hears.

use super::expr::Input;
use super::journey::JourneyCx;
use super::place::Place;
use super::state::{State, when_true};
use super::vary;
use crate::diag::{Bag, Code, Diagnostic};
use crate::hir::{ExitWhen, Listen, Program, StepKind, VarKind, each_step};
use crate::source::Span;
use crate::types::Type;
use journey_grammar::ast;

impl<'a> JourneyCx<'a, '_> {
    /// Says so where an `arm` or the like can hear nothing: the people in the journey are of other namespaces, or one of those before
    /// it, a way out or another of the step's, hears every event that it listens for.
    pub fn refuse_unheard<'l>(
        &mut self,
        on: &Listen,
        before: impl Iterator<Item = &'l Listen>,
        what: &str,
    ) {
        if self.refuse_stranger(on, what) {
            return;
        }
        match self.takes_all.iter().find(|(event, _)| *event == on.event) {
            Some((_, out)) => {
                let d = taken(on, what);
                let d = d.related(*out, "by this way out, which is asked first");
                self.report(d);
            }
            None => self.refuse_deaf(on, before, what),
        }
    }

    /// Says so where an event is about people of a namespace of which nobody is in the journey.
    pub(super) fn refuse_stranger(&mut self, on: &Listen, what: &str) -> bool {
        let Some((by, entrance)) = self.known_by.first() else {
            return false;
        };
        let Some(namespace) = self.world.namespace(on.event) else {
            return false;
        };
        if self.known_by.iter().any(|(by, _)| *by == namespace) {
            return false;
        }
        let name = self.world.event_name(on.event);
        let message = format!("nobody can reach this {what}");
        let d = Diagnostic::new(Code::Unreachable, on.span, message)
            .label(format!("`{name}` is about people known by `{namespace}`"))
            .related(*entrance, format!("who comes in is known by `{by}`"))
            .why("whom one namespace knows and whom another knows are two people, though a profile names both: declare the event once more, with a key of the other namespace, and listen for that");
        self.report(d);
        true
    }

    /// Says so where one of those before hears every event that this one, an `arm` or the like, listens for.
    pub fn refuse_deaf<'l>(
        &mut self,
        on: &Listen,
        mut before: impl Iterator<Item = &'l Listen>,
        what: &str,
    ) {
        if let Some(first) = before.find(|b| b.event == on.event && b.condition.is_none()) {
            let d = taken(on, what);
            self.report(d.related(first.span, "by this, which asks for nothing more"));
        }
    }

    /// `Event as x where …`: binds `x` in `state`, and learns what the condition tells.
    pub fn listen(
        &mut self,
        trigger: ast::Trigger<'a>,
        state: &mut State,
        span: Span,
    ) -> Option<Listen> {
        let ast::Trigger::Event(pattern) = trigger else {
            self.not_yet(span, "listening for an audience");
            return None;
        };
        if let Some(audience) = pattern.for_audience() {
            let at = self.span(audience);
            self.not_yet(at, "a business event `for` an audience");
            return None;
        }
        let name = pattern.event()?;
        let at = self.span(name);
        let sig = self.world.events.get(&name.full()).cloned();
        let Some(sig) = sig else {
            let among = self.world.names(|d| matches!(d, ast::Decl::Event(_)));
            self.world.not_found(
                self.bag,
                Code::UnknownEvent,
                "an event",
                &name.full(),
                at,
                among,
            );
            if let Some(binding) = pattern.binding() {
                let at = self.span(binding);
                let var = self.var(binding.text(), Type::Error, false, VarKind::Value, at);
                state.bind(binding.text(), var);
            }
            return None;
        };
        let alias = pattern.binding().map(|b| b.text().to_string());
        let condition = pattern.condition().map(|c| {
            let input = Input {
                ty: sig.ty.clone(),
                bare: false,
                alias: alias.clone(),
            };
            self.cx_with(state, Some(input)).condition(c)
        });
        let var = pattern.binding().map(|b| {
            let at = self.span(b);
            let var = self.named_var(
                state,
                b.text(),
                at,
                sig.ty.clone(),
                false,
                VarKind::Event(sig.id),
            );
            state.bind(b.text(), var);
            var
        });
        if let Some(condition) = &condition {
            let facts = when_true(condition);
            let renamed = facts
                .into_iter()
                .filter_map(|f| match f.is_in(&Place::input()) {
                    true => f.moved(&Place::input(), &Place::var(var?)),
                    false => Some(f),
                });
            state.learn(&renamed.collect());
        }
        Some(Listen {
            event: sig.id,
            var,
            condition,
            span,
        })
    }
}

/// Says which conditions can never hold beside the `where` of the event that they are about.
pub fn refuse_excluded(program: &Program, bag: &mut Bag) {
    let mut look = |on: &Listen| {
        let Some(condition) = &on.condition else {
            return;
        };
        let declared = program.events.get(on.event.0 as usize);
        let Some(known) = declared.and_then(|event| event.condition.as_ref()) else {
            return;
        };
        if let Some(reason) = vary::excludes(known, condition) {
            let message = "this condition can never hold";
            let d = Diagnostic::new(Code::ConstantCondition, condition.span, message);
            let d = d.label(reason);
            bag.push(d.related(known.span, "this holds of each of these events"));
        }
    };
    for journey in &program.journeys {
        let exits = journey.exits.iter().filter_map(|exit| match &exit.when {
            ExitWhen::Event(on) => Some(on),
            ExitWhen::Condition(_) => None,
        });
        journey.entries.iter().chain(exits).for_each(&mut look);
        each_step(journey, &mut |step| match &step.kind {
            StepKind::Wait { or: arms, .. } | StepKind::Await { arms, .. } => {
                arms.iter().for_each(|arm| look(&arm.on));
            }
            _ => {}
        });
    }
}

fn taken(on: &Listen, what: &str) -> Diagnostic {
    let message = format!("nobody can reach this {what}");
    Diagnostic::new(Code::Unreachable, on.span, message)
        .label("all of these events are taken before")
}
