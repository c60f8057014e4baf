//! A journey's settings but for its entrances: when people may come again, what leads them out, how long they stay, in which zone.
//!
//! Comes in: a setting, and what is known of somebody who just came in. Goes out: the journey's parts. Never true here: a step of the
//! journey's own way; those that an exit or an expiry leads to are.

use super::expr::{Input, unparen};
use super::journey::JourneyCx;
use super::state::{State, when_true};
use crate::diag::{Code, Diagnostic};
use crate::hir::{Block, Exit, ExitWhen, ExprKind, Journey, Literal, Reenter};
use crate::source::Span;
use crate::types::Type;
use journey_grammar::ast::{self, AstNode, Setting};

/// Parallel instances of one person when `instance per` names no number.
const INSTANCES: u32 = journey_machine::limits::INSTANCES as u32;

impl<'a> JourneyCx<'a, '_> {
    /// One setting; `entered` is what is known of somebody who just came in.
    pub(super) fn setting(&mut self, setting: Setting<'a>, entered: &State, journey: &mut Journey) {
        let span = self.span(setting);
        if setting.has_error()
            && !matches!(
                setting,
                Setting::OnError(_) | Setting::OnExpiry(_) | Setting::Exit(_) | Setting::Expires(_)
            )
        {
            return;
        }
        match setting {
            Setting::Enter(_) => {}
            Setting::Reenter(r) => {
                journey.reenter = match r.word() {
                    Some("never") => Reenter::Never,
                    Some("after") => {
                        let after = r.after().and_then(|d| {
                            self.cx(entered)
                                .fixed_span(d, "the time until the next entrance")
                        });
                        after.map_or(Reenter::Always, Reenter::After)
                    }
                    _ => Reenter::Always,
                };
            }
            Setting::Timezone(t) => self.timezone(t, journey),
            Setting::Exit(e) => {
                let exit = self.exit(e, entered, span);
                if let Some(ExitWhen::Event(on)) = exit.as_ref().map(|e| &e.when) {
                    let before = journey.exits.iter().filter_map(|e| match &e.when {
                        ExitWhen::Event(on) => Some(on),
                        ExitWhen::Condition(_) => None,
                    });
                    self.refuse_deaf(on, before, "way out");
                }
                journey.exits.extend(exit);
            }
            Setting::Expires(e) => {
                if let Some(after) = e
                    .after()
                    .and_then(|d| self.cx(entered).fixed_span(d, "the longest stay"))
                {
                    journey.expires = after;
                    self.expires = after;
                }
                if e.block().is_some() {
                    self.expiry(e.block(), entered, span, journey);
                }
            }
            Setting::OnExpiry(o) => self.expiry(o.block(), entered, span, journey),
            Setting::OnError(o) => {
                // A call that fails while a failure is handled has nobody left to turn to.
                let caught = std::mem::replace(&mut self.on_error, true);
                journey.on_error = self.side_block(o.block(), entered);
                self.on_error = caught;
            }
            Setting::Instance(i) => self.instance(i, journey),
            Setting::Starts(s) => {
                journey.starts = s
                    .at()
                    .and_then(|e| self.cx(entered).fixed_instant(e, "the start"));
            }
            Setting::Closes(c) => {
                journey.closes = c
                    .at()
                    .and_then(|e| self.cx(entered).fixed_instant(e, "the close"));
                if let (Some(starts), Some(closes)) = (journey.starts, journey.closes)
                    && closes <= starts
                {
                    self.report(Diagnostic::new(
                        Code::EmptyWait,
                        span,
                        "the journey closes before it starts",
                    ));
                }
            }
            Setting::Priority(_) => self.not_yet(span, "`priority`"),
            Setting::Policy(_) => self.not_yet(span, "`policy`"),
            Setting::Guarantee(_) => self.not_yet(span, "`guarantee`"),
        }
    }

    /// The steps at the end of the stay, behind `expires after` or `on expiry`.
    fn expiry(
        &mut self,
        block: Option<ast::Block<'a>>,
        entered: &State,
        span: Span,
        journey: &mut Journey,
    ) {
        if let Some(first) = &journey.on_expiry {
            let d = Diagnostic::new(
                Code::DuplicateSetting,
                span,
                "the steps on expiry stand twice",
            );
            self.report(
                d.related(first.span, "first here")
                    .why("nobody could say which of the two holds; keep one"),
            );
        }
        journey.on_expiry = self.side_block(block, entered);
    }

    fn timezone(&mut self, t: ast::TimezoneSetting<'a>, journey: &mut Journey) {
        let Some(value) = t.value() else { return };
        let nothing = State::default();
        let mut cx = self.cx(&nothing);
        let checked = cx.infer(value);
        let fits = cx.expect(checked, &Type::String, "the time zone");
        let zone = cx.present_or(fits, "the time zone", Some("\"UTC\""));
        if zone.ty.is_error() {
            return;
        }
        let fallback = match &zone.kind {
            ExprKind::Coalesce(_, b) => b,
            _ => &zone,
        };
        if let ExprKind::Literal(Literal::Str(name)) = &fallback.kind {
            journey.fallback_zone.clone_from(name);
            let (name, at) = (name.clone(), fallback.span);
            cx.check_zone(&name, at);
        }
        journey.timezone = Some(zone);
    }

    fn instance(&mut self, i: ast::InstanceSetting<'a>, journey: &mut Journey) {
        let (Some(key), [entry]) = (i.key(), journey.entries.as_slice()) else {
            let at = self.span(i);
            if journey.entries.len() > 1 {
                self.not_yet(at, "`instance per` with several `enter` lines");
            }
            return;
        };
        // Without an `as` the key can still tell by the profile.
        let sig = self.world.events.values().find(|e| e.id == entry.event);
        let ty = sig.map_or(Type::Error, |e| e.ty.clone());
        let alias = entry.var.map(|v| self.vars[v.0 as usize].name.clone());
        let nothing = State::default();
        let mut cx = self.cx_with(
            &nothing,
            Some(Input {
                ty,
                bare: false,
                alias,
            }),
        );
        let key = cx.required(key, &Type::String, "the instance's key");
        let most = i
            .at_most()
            .and_then(|e| cx.fixed_count(e, "the number of instances", 1..=INSTANCES.into()));
        journey.instance_per = Some((key, most.map_or(INSTANCES, |n| n as u32)));
    }

    fn exit(&mut self, e: ast::ExitSetting<'a>, entered: &State, span: Span) -> Option<Exit> {
        let mut state = entered.clone();
        state.park();
        let (name, when) = match (e.trigger(), e.condition()) {
            (Some(trigger), _) => {
                let listen = self.listen(trigger, &mut state, span)?;
                let name = match trigger {
                    ast::Trigger::Event(p) => p.event().map(ast::QName::full).unwrap_or_default(),
                    _ => String::new(),
                };
                (name, ExitWhen::Event(listen))
            }
            (None, Some(condition)) => {
                let text = unparen(condition).syntax().one_line();
                let checked = self.cx(&state).condition(condition);
                state.learn(&when_true(&checked));
                (text, ExitWhen::Condition(checked))
            }
            (None, None) => return None,
        };
        let then = e.block().map(|b| self.block(Some(b), span, &mut state));
        Some(Exit {
            name,
            when,
            then,
            span,
        })
    }

    fn side_block(&mut self, block: Option<ast::Block<'a>>, entered: &State) -> Option<Block> {
        let block = block?;
        let mut state = entered.clone();
        state.park();
        let span = self.span(block);
        Some(self.block(Some(block), span, &mut state))
    }
}
