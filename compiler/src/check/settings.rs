//! A journey's settings but for its entrances: when people may come again, what leads them out, how long they stay, in which zone.
//!
//! Comes in: a setting, and what is known of somebody who just came in. Goes out: the journey's parts. Never true here: a step of the
//! journey's own way; those that an exit or an expiry leads to are.

use super::expr::{Input, unparen};
use super::journey::JourneyCx;
use super::state::{State, when_true};
use crate::diag::{Code, Diagnostic};
use crate::hir::{Block, Exit, ExitWhen, Expr, ExprKind, Journey, Reenter};
use crate::oracle::{self, Constant};
use crate::source::Span;
use crate::types::Type;
use journey_grammar::ast::{self, AstNode, Setting};
use journey_machine::func::Intrinsic;
use journey_machine::value::Value;

/// Parallel instances of one person when `instance per` names no number.
const INSTANCES: u32 = journey_machine::limits::INSTANCES as u32;

impl<'a> JourneyCx<'a, '_> {
    /// When the journey is open and how long somebody may stay: other settings are judged by it, and settings have no order.
    pub(super) fn span_of_time(
        &mut self,
        setting: Setting<'a>,
        entered: &State,
        journey: &mut Journey,
    ) {
        match setting {
            Setting::Expires(e) => {
                let after = e.after();
                let after = after.and_then(|d| self.cx(entered).fixed_span(d, "the longest stay"));
                if let Some(after) = after {
                    journey.expires = after;
                    self.expires = Some(after);
                }
            }
            Setting::Starts(s) if !s.has_error() => {
                let at = s.at();
                journey.starts = at.and_then(|e| self.cx(entered).fixed_instant(e, "the start"));
            }
            Setting::Closes(c) if !c.has_error() => {
                let at = c.at();
                journey.closes = at.and_then(|e| self.cx(entered).fixed_instant(e, "the close"));
            }
            _ => {}
        }
    }

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
                if let Some(exit) = exit {
                    self.refuse_dead(&exit, &journey.exits);
                    journey.exits.push(exit);
                }
            }
            Setting::Expires(e) => {
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
            Setting::Starts(_) => {}
            Setting::Closes(_) => {
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
        let stay = self.expires.take();
        journey.on_expiry = self.side_block(block, entered);
        self.expires = stay;
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
        let mut named = Vec::new();
        constants(&zone, &mut named);
        for (name, at) in &named {
            cx.check_zone(name, *at);
        }
        // The last stands in for all before it.
        if let Some((name, _)) = named.pop() {
            journey.fallback_zone = name;
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
        let key = cx.infer(key);
        let key = cx.expect(key, &Type::String, "the instance's key");
        // An empty text is no key.
        let key = cx.present_or(key, "the instance's key", Some("\"none\""));
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

    /// Says so where one of those before lets out whomever this one would.
    fn refuse_dead(&mut self, exit: &Exit, before: &[Exit]) {
        match &exit.when {
            ExitWhen::Event(on) => {
                let before = before.iter().filter_map(|e| match &e.when {
                    ExitWhen::Event(on) => Some(on),
                    ExitWhen::Condition(_) => None,
                });
                if !self.refuse_stranger(on, "way out") {
                    self.refuse_deaf(on, before, "way out");
                }
            }
            ExitWhen::Condition(condition) if !condition.ty.is_error() => {
                let same =
                    |e: &&Exit| matches!(e.when, ExitWhen::Condition(_)) && e.name == exit.name;
                if let Some(first) = before.iter().find(same) {
                    let d = Diagnostic::new(
                        Code::Unreachable,
                        exit.span,
                        "nobody can reach this way out",
                    )
                    .label("whoever is so has left before")
                    .related(first.span, "by this, which asks for the same");
                    self.report(d);
                }
            }
            ExitWhen::Condition(_) => {}
        }
    }

    fn side_block(&mut self, block: Option<ast::Block<'a>>, entered: &State) -> Option<Block> {
        let block = block?;
        let mut state = entered.clone();
        state.park();
        let span = self.span(block);
        Some(self.block(Some(block), span, &mut state))
    }
}

/// The constants that a text may come to, in the order of the text.
fn constants(e: &Expr, found: &mut Vec<(String, Span)>) {
    if let Constant::Is(Value::String(text)) = oracle::const_eval(e) {
        found.push((text.to_string(), e.span));
        return;
    }
    match &e.kind {
        ExprKind::Coalesce(a, b) | ExprKind::If(_, a, b) => {
            constants(a, found);
            constants(b, found);
        }
        ExprKind::Let { body, .. } => constants(body, found),
        ExprKind::Inline {
            op: Intrinsic::Coalesce,
            args,
            ..
        } => args.iter().for_each(|e| constants(e, found)),
        _ => {}
    }
}
