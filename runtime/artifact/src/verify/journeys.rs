//! Journeys: entries, exits, and what each node uses and where it goes.

use super::cycles;
use super::discriminators;
use super::fault::{Check, Locate, demand, entry, fault};
use super::tables::{distinct, string};
use super::uses::{AtHand, Need, chunk, milliseconds, plan_shape, slot, slot_is};
use crate::graph::*;
use crate::limits;
use crate::model::{Artifact, CallId, ChunkId, PlanId, SlotIx};
use crate::refusal::RefusalKind;
use crate::word::{ShapeId, WordType};

/// Every journey.
pub(super) fn check(a: &Artifact) -> Check {
    for (index, journey) in a.journeys.iter().enumerate() {
        Site { a, journey }
            .journey()
            .at(|| format!("journey {index}"))?;
    }
    distinct(a.journeys.iter().map(|journey| journey.name))
}

/// One journey, in which things are looked up.
struct Site<'a> {
    a: &'a Artifact,
    journey: &'a Journey,
}

impl Site<'_> {
    fn journey(&self) -> Check {
        let (a, j) = (self.a, self.journey);
        string(a, j.name)?;
        string(a, j.fallback_zone)?;
        entry(&a.shapes, j.vars.0, "shape").at(|| "variables".into())?;
        demand(
            j.nodes.len() <= limits::NODES,
            RefusalKind::TooLarge,
            || {
                format!(
                    "{} nodes; a journey has at most {}",
                    j.nodes.len(),
                    limits::NODES
                )
            },
        )?;
        if let Some(id) = j.timezone {
            let rows = AtHand {
                vars: None,
                input: None,
            };
            chunk(a, id, rows, Need::Type(WordType::Str)).at(|| "timezone".into())?;
        }
        for (index, entry) in j.entries.iter().enumerate() {
            self.listen(&entry.on, None)
                .and_then(|()| self.event_shape(&entry.on))
                .and_then(|shape| discriminators::check(a, shape, &entry.discriminators))
                .at(|| format!("entry {index}"))?;
        }
        self.instance_per().at(|| "instance per".into())?;
        if let Reenter::After(time) = j.reenter {
            span(time).at(|| "reenter".into())?;
        }
        for instant in [j.starts, j.closes].into_iter().flatten() {
            milliseconds("starts or closes", instant.unsigned_abs())?;
        }
        for (index, exit) in j.exits.iter().enumerate() {
            self.exit(exit).at(|| format!("exit {index}"))?;
        }
        span(j.expires).at(|| "expires".into())?;
        j.on_expiry
            .map_or(Ok(()), |to| self.goes(to))
            .at(|| "on expiry".into())?;
        self.goes(j.start).at(|| "start".into())?;
        for (index, it) in j.nodes.iter().enumerate() {
            self.node(it).at(|| format!("node {index}"))?;
        }
        cycles::check(j)
    }

    fn instance_per(&self) -> Check {
        let Some((id, most)) = self.journey.instance_per else {
            return Ok(());
        };
        demand(
            (1..=limits::INSTANCES).contains(&most),
            RefusalKind::Value,
            || format!("{most} instances; 1 to {}", limits::INSTANCES),
        )?;
        for entry in &self.journey.entries {
            let input = Some(self.event_shape(&entry.on)?);
            chunk(
                self.a,
                id,
                AtHand { vars: None, input },
                Need::Type(WordType::Str),
            )?;
        }
        // Without entries no row is known, and the chunk never runs.
        entry(&self.a.chunks, id.0, "chunk").map(drop)
    }

    fn exit(&self, exit: &Exit) -> Check {
        string(self.a, exit.name)?;
        match &exit.when {
            ExitWhen::Event(on) => self.listen(on, Some(self.journey.vars))?,
            ExitWhen::Condition(id) => self.inside(*id, Need::Type(WordType::Bool))?,
        }
        exit.then.map_or(Ok(()), |to| self.goes(to))
    }

    fn event_shape(&self, on: &Listen) -> Check<ShapeId> {
        plan_shape(self.a, entry(&self.a.events, on.event.0, "event")?.plan)
    }

    fn listen(&self, on: &Listen, vars: Option<ShapeId>) -> Check {
        let shape = self.event_shape(on)?;
        if let Some(id) = on.condition {
            let rows = AtHand {
                vars,
                input: Some(shape),
            };
            chunk(self.a, id, rows, Need::Type(WordType::Bool)).at(|| "condition".into())?;
        }
        self.bind(&on.bind, shape)
    }

    fn bind(&self, binds: &[Bind], from: ShapeId) -> Check {
        for bind in binds {
            let ty = slot(self.a, from, bind.from).at(|| "bind, from".into())?;
            slot_is(self.a, self.journey.vars, bind.to, ty).at(|| "bind, to".into())?;
        }
        Ok(())
    }

    /// Binds from a document that a plan reads.
    fn bind_read(&self, binds: &[Bind], plan: Option<PlanId>) -> Check {
        match plan {
            Some(plan) => self.bind(binds, plan_shape(self.a, plan)?),
            None if binds.is_empty() => Ok(()),
            None => fault(
                RefusalKind::ChunkRows,
                "something is kept of an answer that is not read",
            ),
        }
    }

    /// A chunk over profile and variables.
    fn inside(&self, id: ChunkId, need: Need) -> Check {
        chunk(
            self.a,
            id,
            AtHand {
                vars: Some(self.journey.vars),
                input: None,
            },
            need,
        )
    }

    fn goes(&self, to: NodeId) -> Check {
        let nodes = self.journey.nodes.len();
        demand((to.0 as usize) < nodes, RefusalKind::NodeTarget, || {
            format!("node {} of {nodes}", to.0)
        })
    }

    fn var_is(&self, slot: SlotIx, ty: WordType) -> Check {
        slot_is(self.a, self.journey.vars, slot, ty)
    }

    fn when(&self, when: &When) -> Check {
        let (id, ty) = match *when {
            When::After(id) => (id, WordType::Duration),
            When::AfterCalendar(id) => (id, WordType::Period),
            When::At(id) => (id, WordType::DateTime),
            When::AtLocal(id) => (id, WordType::Local),
            When::TimeOfDay(ms) => return time_of_day(ms),
            When::Weekday(day, ms) => {
                demand((1..=7).contains(&day), RefusalKind::Value, || {
                    format!("weekday {day}")
                })?;
                return time_of_day(ms);
            }
        };
        self.inside(id, Need::Type(ty))
    }

    fn arms(&self, arms: &[Arm]) -> Check {
        for (index, arm) in arms.iter().enumerate() {
            self.listen(&arm.on, Some(self.journey.vars))
                .and_then(|()| self.goes(arm.next))
                .at(|| format!("arm {index}"))?;
        }
        Ok(())
    }

    fn node(&self, node: &Node) -> Check {
        string(self.a, node.name)?;
        self.live(node).at(|| "live".into())?;
        match &node.kind {
            NodeKind::Wait { until, or, next } => {
                self.when(until)?;
                self.arms(or)?;
                self.goes(*next)
            }
            NodeKind::Await {
                arms,
                within,
                timeout,
            } => {
                self.arms(arms)?;
                self.when(within)?;
                self.goes(*timeout)
            }
            NodeKind::Branch { cases, otherwise } => {
                for (index, case) in cases.iter().enumerate() {
                    self.inside(case.condition, Need::Type(WordType::Bool))
                        .and_then(|()| self.goes(case.next))
                        .at(|| format!("case {index}"))?;
                }
                self.goes(*otherwise)
            }
            NodeKind::Split { name, arms } => {
                string(self.a, *name)?;
                self.split(arms)
            }
            NodeKind::Assign {
                slot: to,
                value,
                next,
                missing,
            } => {
                let ty = slot(self.a, self.journey.vars, *to)?;
                self.inside(*value, Need::Type(ty))?;
                self.goes(*next)?;
                self.goes(*missing)
            }
            NodeKind::Call {
                call,
                args,
                bind,
                next,
                outcomes,
                otherwise,
            } => {
                self.call(*call, args, bind, outcomes)?;
                self.goes(*next)?;
                otherwise.map_or(Ok(()), |to| self.goes(to))
            }
            NodeKind::Update { fields, next } => {
                for (index, field) in fields.iter().enumerate() {
                    self.update(field).at(|| format!("field {index}"))?;
                }
                self.goes(*next)
            }
            NodeKind::End { label } => {
                label.map_or(Ok(()), |id| self.inside(id, Need::Type(WordType::Str)))
            }
        }
    }

    /// Bounds do not fall (an arm may take nobody) and the last is the whole.
    fn split(&self, arms: &[SplitArm]) -> Check {
        let mut below = 0;
        for (index, arm) in arms.iter().enumerate() {
            let at = || format!("arm {index}");
            string(self.a, arm.label)
                .and_then(|()| self.goes(arm.next))
                .at(at)?;
            demand(arm.below >= below, RefusalKind::Split, || {
                format!("{} after {below}", arm.below)
            })
            .at(at)?;
            below = arm.below;
        }
        demand(below == limits::SPLIT_PARTS, RefusalKind::Split, || {
            format!("the last bound is {below}, not {}", limits::SPLIT_PARTS)
        })
    }

    fn call(&self, id: CallId, args: &[Arg], bind: &[Bind], outcomes: &[OnOutcome]) -> Check {
        let call = entry(&self.a.calls, id.0, "call")?;
        let mut filled: Vec<SlotIx> = args.iter().map(|arg| arg.slot).collect();
        filled.sort_unstable();
        filled.dedup();
        demand(filled.len() == args.len(), RefusalKind::Order, || {
            "an argument is filled twice".into()
        })?;
        for arg in args {
            let to = arg.slot;
            let ty = slot(self.a, call.args, to).at(|| "args".into())?;
            self.inside(arg.value, Need::Type(ty))
                .at(|| format!("argument {to}"))?;
        }
        self.bind_read(bind, call.response)?;
        for (index, it) in outcomes.iter().enumerate() {
            self.outcome(it, call.failure)
                .at(|| format!("outcome {index}"))?;
        }
        Ok(())
    }

    fn outcome(&self, outcome: &OnOutcome, failure: Option<PlanId>) -> Check {
        if let OutcomeMatch::Http(status) = outcome.on {
            demand((100..=599).contains(&status), RefusalKind::Value, || {
                format!("HTTP status {status}")
            })?;
        }
        self.bind_read(&outcome.bind, failure)?;
        outcome
            .status
            .map_or(Ok(()), |slot| self.var_is(slot, WordType::Int))?;
        outcome
            .reason
            .map_or(Ok(()), |slot| self.var_is(slot, WordType::Str))?;
        self.goes(outcome.next)
    }

    fn update(&self, field: &UpdateField) -> Check {
        string(self.a, field.path)?;
        let row = |shown: SlotIx| match self.a.profile {
            Some(plan) => plan_shape(self.a, plan),
            None => fault(
                RefusalKind::Index,
                format!("slot {shown} of no profile row"),
            ),
        };
        for there in &field.there {
            slot_is(self.a, row(*there)?, *there, WordType::Bool)?;
        }
        let need = match field.slot {
            None => Need::Any,
            Some(shown) => Need::Type(slot(self.a, row(shown)?, shown)?),
        };
        self.inside(field.value, need)
    }

    fn live(&self, node: &Node) -> Check {
        let parks = cycles::parks(&node.kind);
        demand(parks || node.live.is_empty(), RefusalKind::Live, || {
            "the node does not park".into()
        })?;
        let rise = node.live.windows(2).all(|pair| pair[0] < pair[1]);
        demand(rise, RefusalKind::Order, || {
            "slots are not in order, or one is there twice".into()
        })?;
        node.live
            .iter()
            .try_for_each(|&it| slot(self.a, self.journey.vars, it).map(drop))
    }
}

fn time_of_day(ms: u32) -> Check {
    demand(ms < limits::DAY_MS, RefusalKind::Value, || {
        format!("{ms} ms after midnight")
    })
}

fn span(span: Span) -> Check {
    match span {
        Span::Exact(ms) => milliseconds("duration", ms),
        Span::Calendar { months, days } => {
            let most = limits::CALENDAR;
            demand(months <= most && days <= most, RefusalKind::Value, || {
                format!("{months} months and {days} days")
            })
        }
    }
}
