//! The step graph of a journey.

use super::names;
use crate::graph::*;
use crate::model::{Artifact, PlanId, SlotIx};
use crate::word::ShapeId;
use std::fmt::Write;

/// Appends a journey.
pub(super) fn print(a: &Artifact, index: usize, out: &mut String) {
    match a.journeys.get(index) {
        Some(journey) => {
            let docs = a.source_map.docs.get(index).map_or("", String::as_str);
            Drawing { a, journey, out }.journey(docs);
        }
        None => {
            let _ = writeln!(out, "journey ?{index}");
        }
    }
}

struct Drawing<'a> {
    a: &'a Artifact,
    journey: &'a Journey,
    out: &'a mut String,
}

impl Drawing<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn journey(&mut self, docs: &str) {
        let j = self.journey;
        for line in docs.lines() {
            self.line(&format!("/// {}", names::clean(line)));
        }
        let name = names::name(self.a, j.name);
        self.line(&format!(
            "journey {name}: variables shape {}, priority {}",
            j.vars.0, j.priority
        ));
        let zone = j.timezone.map_or_else(String::new, |id| {
            format!("{}, else ", names::chunk(self.a, id))
        });
        self.line(&format!(
            "  zone {zone}{}",
            names::name(self.a, j.fallback_zone)
        ));
        for entry in &j.entries {
            self.line(&format!("  enter on {}", self.listen(&entry.on)));
            let event = self.a.events.get(entry.on.event.0 as usize);
            for it in &entry.discriminators {
                let plan = event.map_or(PlanId(u32::MAX), |event| event.plan);
                let by = super::event::discriminator(self.a, plan, it);
                self.line(&format!("    by {by}"));
            }
        }
        let reenter = match j.reenter {
            Reenter::Never => "never".into(),
            Reenter::Always => "always".into(),
            Reenter::After(time) => format!("after {}", span(time)),
        };
        self.line(&format!("  reenter {reenter}"));
        if let Some((id, most)) = j.instance_per {
            self.line(&format!(
                "  instance per {}, at most {most}",
                names::chunk(self.a, id)
            ));
        }
        for (what, instant) in [("starts", j.starts), ("closes", j.closes)] {
            if let Some(ms) = instant {
                self.line(&format!("  {what} {ms}ms"));
            }
        }
        for exit in &j.exits {
            let when = match &exit.when {
                ExitWhen::Event(on) => format!("on {}", self.listen(on)),
                ExitWhen::Condition(id) => format!("when {}", names::chunk(self.a, *id)),
            };
            let then = exit.then.map_or_else(String::new, goes);
            self.line(&format!(
                "  exit {} {when}{then}",
                names::name(self.a, exit.name)
            ));
        }
        let then = j.on_expiry.map_or_else(String::new, goes);
        self.line(&format!("  expires after {}{then}", span(j.expires)));
        self.line(&format!("  start{}", goes(j.start)));
        for (index, node) in j.nodes.iter().enumerate() {
            self.node(index, node);
        }
    }

    fn listen(&self, on: &Listen) -> String {
        let mut text = names::event(self.a, on.event);
        if let Some(id) = on.condition {
            let _ = write!(text, " where {}", names::chunk(self.a, id));
        }
        let plan = self
            .a
            .events
            .get(on.event.0 as usize)
            .map(|event| event.plan);
        text + &self.binds(&on.bind, plan)
    }

    fn binds(&self, binds: &[Bind], plan: Option<PlanId>) -> String {
        let shape = plan
            .and_then(|plan| self.a.plans.get(plan.0 as usize))
            .map(|plan| plan.shape);
        let mut text = String::new();
        for bind in binds {
            let from = names::slot(self.a, shape.unwrap_or(ShapeId(u32::MAX)), bind.from);
            let _ = write!(text, ", {} ← {from}", self.var(bind.to));
        }
        text
    }

    fn var(&self, slot: SlotIx) -> String {
        names::slot(self.a, self.journey.vars, slot)
    }

    fn when(&self, when: &When) -> String {
        let chunk = |id| names::chunk(self.a, id);
        match *when {
            When::After(id) => format!("after {}", chunk(id)),
            When::AfterCalendar(id) => format!("after calendar {}", chunk(id)),
            When::At(id) => format!("at {}", chunk(id)),
            When::AtLocal(id) => format!("at local {}", chunk(id)),
            When::TimeOfDay(ms) => format!("at {}", names::time(i64::from(ms))),
            When::Weekday(day, ms) => format!("on weekday {day} at {}", names::time(i64::from(ms))),
        }
    }

    fn node(&mut self, index: usize, node: &Node) {
        let (kind, text, arms) = self.parts(&node.kind);
        let name = names::name(self.a, node.name);
        let mut line = format!("{index:>5}  {kind:<8}{name}  {text}");
        if !node.live.is_empty() {
            let live: Vec<String> = node.live.iter().map(|slot| self.var(*slot)).collect();
            let _ = write!(line, "  live {}", live.join(", "));
        }
        self.line(&line);
        for arm in arms {
            self.line(&format!("         {arm}"));
        }
    }

    /// Kind, what stands on the node's line, and a line for each arm.
    fn parts(&self, kind: &NodeKind) -> (&'static str, String, Vec<String>) {
        let chunk = |id| names::chunk(self.a, id);
        let or = |arms: &[Arm]| -> Vec<String> {
            arms.iter()
                .map(|arm| format!("on {}{}", self.listen(&arm.on), goes(arm.next)))
                .collect()
        };
        match kind {
            NodeKind::Wait {
                until,
                or: arms,
                next,
            } => ("wait", self.when(until) + &goes(*next), or(arms)),
            NodeKind::Await {
                arms,
                within,
                timeout,
            } => {
                let mut lines = or(arms);
                lines.push(format!("timeout{}", goes(*timeout)));
                ("await", format!("within {}", self.when(within)), lines)
            }
            NodeKind::Branch { cases, otherwise } => {
                let line = |case: &Case| format!("if {}{}", chunk(case.condition), goes(case.next));
                let mut lines: Vec<String> = cases.iter().map(line).collect();
                lines.push(format!("else{}", goes(*otherwise)));
                ("branch", String::new(), lines)
            }
            NodeKind::Split { name, arms } => {
                let line = |arm: &SplitArm| {
                    format!(
                        "{} below {}{}",
                        names::name(self.a, arm.label),
                        arm.below,
                        goes(arm.next)
                    )
                };
                (
                    "split",
                    names::name(self.a, *name),
                    arms.iter().map(line).collect(),
                )
            }
            NodeKind::Assign {
                slot,
                value,
                next,
                missing,
            } => {
                let missing = if missing == next {
                    String::new()
                } else {
                    format!("  missing{}", goes(*missing))
                };
                (
                    "assign",
                    format!(
                        "{} ← {}{}{missing}",
                        self.var(*slot),
                        chunk(*value),
                        goes(*next)
                    ),
                    Vec::new(),
                )
            }
            NodeKind::Call {
                call,
                args,
                bind,
                next,
                outcomes,
                otherwise,
            } => {
                let decl = self.a.calls.get(call.0 as usize);
                let shape = decl.map_or(ShapeId(u32::MAX), |decl| decl.args);
                let mut lines: Vec<String> = Vec::new();
                for arg in args {
                    lines.push(format!(
                        "{}{}: {}",
                        names::slot(self.a, shape, arg.slot),
                        if arg.required { "!" } else { "" },
                        chunk(arg.value)
                    ));
                }
                let kept = self.binds(bind, decl.and_then(|decl| decl.response));
                lines.push(format!("done{kept}{}", goes(*next)));
                for outcome in outcomes {
                    lines.push(self.outcome(outcome, decl.and_then(|decl| decl.failure)));
                }
                let otherwise = otherwise.map_or_else(|| "  fails".into(), goes);
                lines.push(format!("else{otherwise}"));
                ("call", names::call(self.a, *call), lines)
            }
            NodeKind::Update { fields, next } => {
                let line = |field: &UpdateField| {
                    format!(
                        "profile.{} ← {}",
                        names::name(self.a, field.path),
                        chunk(field.value)
                    )
                };
                (
                    "update",
                    goes(*next).trim_start().into(),
                    fields.iter().map(line).collect(),
                )
            }
            NodeKind::End { label } => ("end", label.map_or_else(String::new, chunk), Vec::new()),
        }
    }

    fn outcome(&self, outcome: &OnOutcome, failure: Option<PlanId>) -> String {
        let on = match outcome.on {
            OutcomeMatch::Capped => "capped".into(),
            OutcomeMatch::Timeout => "timeout".into(),
            OutcomeMatch::Http(status) => format!("http {status}"),
            OutcomeMatch::Failed => "failed".into(),
        };
        let mut text = format!("on {on}{}", self.binds(&outcome.bind, failure));
        for (what, slot) in [("status", outcome.status), ("reason", outcome.reason)] {
            if let Some(slot) = slot {
                let _ = write!(text, ", {} ← {what}", self.var(slot));
            }
        }
        text + &goes(outcome.next)
    }
}

fn goes(to: NodeId) -> String {
    format!("  →{}", to.0)
}

fn span(span: Span) -> String {
    match span {
        Span::Exact(ms) => format!("{ms}ms"),
        Span::Calendar { months, days } => format!("{months}mo {days}d"),
    }
}
