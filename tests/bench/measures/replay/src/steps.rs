//! What each kind of step does, and what follows from the answer to a call.
//!
//! Comes in: an instance and the step it stands at. Goes out: where it leads. Never true here: a loop over steps.

use super::check::check;
use super::people::{Instance, Person, State};
use super::request::{self, Caller, to_tree};
use super::walker::{Flow, Walk, Walker};
use journey_artifact::model::PlanId;
use journey_machine::effects::Code;
use journey_machine::func;
use journey_machine::ids::{Instant, JourneyRef, digest64};
use journey_machine::limits;
use journey_machine::value::Value;
use journeyc::hir::{OutcomeKind, Step, StepKind, When};
use journeyc::host::answers::Answer;
use journeyc::oracle::{Bound, OracleError};
use serde_json::{Map, Value as Json, json};

impl<'p> Walker<'p> {
    pub(super) fn step(
        &mut self,
        person: &mut Person,
        instance: &mut Instance,
        step: &Step,
        now: Instant,
    ) -> Walk<Flow> {
        let place = &self.flats[instance.journey].places[instance.at as usize];
        let (next, blocks) = (place.next, place.blocks.clone());
        Ok(match &step.kind {
            StepKind::Wait { until, .. } => self.wait(person, instance, until, next, now)?,
            StepKind::Await { within, arms, .. } => {
                self.wait(person, instance, within, blocks[arms.len()], now)?
            }
            StepKind::Branch {
                cases, otherwise, ..
            } => {
                for ((condition, _), block) in cases.iter().zip(&blocks) {
                    if self.eval(person, instance, condition, None, now)? == Some(Value::Bool(true))
                    {
                        return Ok(Flow::Go(*block));
                    }
                }
                Flow::Go(if otherwise.is_some() {
                    blocks[cases.len()]
                } else {
                    next
                })
            }
            StepKind::Split { name, arms } => {
                let bucket = func::bucket(&person.id, name);
                let mut below = 0;
                let arm = arms.iter().position(|(share, ..)| {
                    below += u64::from(*share);
                    bucket < below
                });
                Flow::Go(blocks[arm.unwrap_or(0)])
            }
            StepKind::Let {
                var,
                value,
                otherwise,
            } => match self.eval(person, instance, value, None, now)? {
                Some(value) => {
                    instance.vars.insert(*var, Bound::Value(value));
                    Flow::Go(next)
                }
                None => {
                    instance.vars.remove(var);
                    Flow::Go(if otherwise.is_some() { blocks[0] } else { next })
                }
            },
            StepKind::Call { call, args, .. } => {
                let declared = self.call(*call);
                let mut given = Map::new();
                for ((name, _, optional), arg) in declared.params.iter().zip(args) {
                    let value = match arg {
                        Some(arg) => self.eval(person, instance, arg, None, now)?,
                        None => None,
                    };
                    match value {
                        Some(value) => {
                            given.insert(name.clone(), to_tree(&value));
                        }
                        None if *optional => {}
                        None => return Ok(Flow::Failed(Code::MissingValue)),
                    }
                }
                self.attempt(person, instance, 1, Json::Object(given), now)?
            }
            StepKind::Update { fields } => {
                let mut values = Vec::new();
                for (path, value) in fields {
                    values.push((path, self.eval(person, instance, value, None, now)?));
                }
                let profile = person
                    .profile
                    .get_or_insert_with(|| Json::Object(Map::new()));
                for (path, value) in values {
                    if let Some(value) = value {
                        set(profile, path, to_tree(&value));
                    }
                }
                Flow::Go(next)
            }
            StepKind::End { label } => match label {
                None => Flow::Ended(String::new()),
                Some(label) => match self.eval(person, instance, label, None, now)? {
                    Some(Value::String(label)) => Flow::Ended(label),
                    _ => Flow::Ended(String::new()),
                },
            },
        })
    }

    pub(super) fn attempt(
        &mut self,
        person: &Person,
        instance: &Instance,
        attempt: u32,
        args: Json,
        now: Instant,
    ) -> Walk<Flow> {
        let place = &self.flats[instance.journey].places[instance.at as usize];
        let Some(StepKind::Call { call, .. }) = place.step.map(|step| &step.kind) else {
            return Err(OracleError::Corrupt("no call here"));
        };
        let declared = self.call(*call);
        let caller = Caller {
            key: self.call_key(person, instance, attempt),
            instance: self.instance_id(person, instance),
            journey: JourneyRef {
                program: self.hash,
                journey: instance.journey as u32,
            },
            node: instance.at,
            profile: person.profile.as_ref(),
            now,
            zone: &instance.zone,
        };
        self.calls.push(request::build(declared, &args, &caller)?);
        let queue = declared.limit.and_then(|(_, _, queue)| queue).unwrap_or(0);
        let patience = i64::try_from(declared.timeout_ms.saturating_add(queue))
            .unwrap_or(i64::MAX)
            .saturating_add(limits::CALL_GRACE_MS);
        Ok(Flow::Park(State::Calling {
            attempt,
            guard: now.plus(patience),
            args,
        }))
    }

    pub(super) fn outcome(
        &mut self,
        person: &Person,
        instance: &mut Instance,
        answer: &Answer,
        now: Instant,
    ) -> Walk<Flow> {
        let flat = &self.flats[instance.journey];
        let place = &flat.places[instance.at as usize];
        let (
            Some(StepKind::Call {
                call,
                var,
                outcomes,
                otherwise,
                ..
            }),
            State::Calling { attempt, args, .. },
        ) = (place.step.map(|step| &step.kind), &mut instance.state)
        else {
            return Err(OracleError::Corrupt("no call here"));
        };
        let (attempt, args) = (*attempt, std::mem::take(args));
        let declared = self.call(*call);
        let lowered = &self.artifact.calls[call.0 as usize];
        let (code, status) = match answer {
            Answer::Response(status @ 200..=299, body) => {
                match self.response(lowered.response, body) {
                    Ok(body) => {
                        if let (Some(var), Some(body)) = (var, body) {
                            instance.vars.insert(*var, Bound::Json(body));
                        }
                        return Ok(Flow::Go(place.next));
                    }
                    Err(()) => {
                        self.mistyped = true;
                        (Code::Response, Some(*status))
                    }
                }
            }
            Answer::Response(status, _) => (Code::Http, Some(*status)),
            Answer::Timeout => (Code::Timeout, None),
            Answer::Capped => (Code::Capped, None),
            Answer::Connection(_) | Answer::NoStub => (Code::Connection, None),
        };
        let passing = match (code, status) {
            (Code::Timeout | Code::Connection, _) => true,
            (Code::Http, Some(status)) => matches!(status, 408 | 425 | 429 | 500..=599),
            _ => false,
        };
        if attempt <= declared.retry.0 && passing {
            let attempt = attempt + 1;
            let key = self.call_key(person, instance, attempt).key;
            let until = now.plus(pause(declared.retry, key, attempt));
            return Ok(Flow::Park(State::Pausing {
                attempt,
                until,
                args,
            }));
        }
        if let Some(var) = var {
            instance.vars.remove(var);
        }
        let takes = |on: OutcomeKind| match on {
            OutcomeKind::Failed => true,
            OutcomeKind::Capped => code == Code::Capped,
            OutcomeKind::Timeout => code == Code::Timeout,
            OutcomeKind::Http(wanted) => code == Code::Http && status == Some(wanted),
        };
        if let Some(ix) = outcomes.iter().position(|outcome| takes(outcome.on)) {
            if let Some(var) = outcomes[ix].var {
                instance.vars.insert(
                    var,
                    Bound::Json(json!({ "status": status, "reason": code.as_str() })),
                );
            }
            return Ok(Flow::Go(place.blocks[ix]));
        }
        Ok(match otherwise {
            Some(_) => Flow::Go(place.blocks[outcomes.len()]),
            None => match flat.on_error.filter(|_| instance.at < flat.error_at) {
                Some(next) => Flow::Go(next),
                None => Flow::Failed(code),
            },
        })
    }

    fn wait(
        &mut self,
        person: &Person,
        instance: &Instance,
        when: &When,
        next: u32,
        now: Instant,
    ) -> Walk<Flow> {
        let zone = instance.zone.clone();
        let at = match when {
            When::After(expr) | When::At(expr) => {
                match self.eval(person, instance, expr, None, now)? {
                    Some(Value::Duration(ms)) => Some(now.0.saturating_add(ms)),
                    Some(Value::Period(months, days)) => zone.add_calendar(now.0, months, days),
                    Some(Value::DateTime(ms, _)) => Some(ms),
                    Some(Value::DateTimeOnly(local)) => zone.instant(local),
                    _ => None,
                }
            }
            When::TimeOfDay(time) => zone.next_time_of_day(now.0, *time),
            When::Weekday(day, time) => zone.next_weekday(now.0, *day, *time),
        };
        Ok(match at {
            Some(at) if at > now.0 => Flow::Park(State::Waiting { until: Instant(at) }),
            _ => Flow::Go(next),
        })
    }

    /// The body of a response, when anything of it is read.
    fn response(&self, plan: Option<PlanId>, body: &[u8]) -> Result<Option<Json>, ()> {
        let Some(plan) = plan.and_then(|plan| self.artifact.plans.get(plan.0 as usize)) else {
            return Ok(None);
        };
        let json: Json = serde_json::from_slice(body).map_err(|_| ())?;
        check(self.artifact, &plan.root, &json).map_err(|_| ())?;
        Ok(Some(json))
    }
}

fn pause((_, least, most): (u32, u64, u64), key: u128, attempt: u32) -> i64 {
    let doublings = attempt.saturating_sub(2).min(40);
    let whole = least.saturating_mul(1 << doublings).min(most.max(least));
    let draw = digest64("pause", &[&key.to_be_bytes(), &attempt.to_be_bytes()]);
    let off = ((u128::from(whole / 2) * u128::from(draw)) >> 64) as u64;
    i64::try_from(whole - off).unwrap_or(i64::MAX)
}

fn set(json: &mut Json, path: &[String], value: Json) {
    let mut at = json;
    for key in path {
        if !at.is_object() {
            *at = Json::Object(Map::new());
        }
        let Json::Object(object) = at else { return };
        at = object.entry(key.as_str()).or_insert(Json::Null);
    }
    *at = value;
}
