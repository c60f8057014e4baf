//! Listening for an event: `Event as x where …` in `enter`, `exit`, `await` and `wait … or`.

use super::expr::Input;
use super::journey::JourneyCx;
use super::place::Place;
use super::state::{State, when_true};
use crate::diag::{Code, Diagnostic};
use crate::hir::{Listen, VarKind};
use crate::source::Span;
use crate::types::Type;
use journey_grammar::ast;

impl<'a> JourneyCx<'a, '_> {
    /// Says so where one of those before hears every event that this one, an `arm` or the like, listens for.
    pub fn refuse_deaf<'l>(
        &mut self,
        on: &Listen,
        mut before: impl Iterator<Item = &'l Listen>,
        what: &str,
    ) {
        if let Some(first) = before.find(|b| b.event == on.event && b.condition.is_none()) {
            let message = format!("nobody can reach this {what}");
            let d = Diagnostic::new(Code::Unreachable, on.span, message)
                .label("all of these events are taken before")
                .related(first.span, "by this, which asks for nothing more");
            self.report(d);
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
