//! What a test expects, held against what happened.
//!
//! Comes in: an expectation, the log of the test so far, the person it is about. Goes out: nothing, or what is otherwise.
//! Never true here: an expectation about something that has not been settled yet; one that an earlier stay meets for the last one.

use super::answers::Answers;
use super::engine::{Engine, Who};
use super::log::Log;
use super::story;
use crate::hir::{CallId, Expectation, Expr, Program, Var, VarId, VarKind, walk};
use crate::oracle::{self, Bound};
use journey_artifact::word::date_time_ms;
use journey_machine::effects::{Code, Status, StepEvent};
use journey_machine::ids::{InstanceId, JourneyRef};
use journey_machine::time::{Zone, parse};
use journey_machine::value::{Value, to_json};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What is otherwise than expected, and what explains it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unmet {
    /// What happened instead.
    pub message: String,
    /// Values that explain it.
    pub notes: Vec<String>,
}

impl Unmet {
    fn new(message: impl Into<String>) -> Unmet {
        Unmet {
            message: message.into(),
            notes: Vec::new(),
        }
    }
}

/// A test's person in a test's journey.
pub struct About<'a> {
    /// The checked program.
    pub program: &'a Program,
    /// Index of the journey in the program (and in its artifact).
    pub journey: usize,
    /// The person, once for each namespace they are known in, the latest last; nobody until something is received.
    pub who: &'a [Who],
    /// The profile that they will have then.
    pub profile: Option<&'a Json>,
    /// Of stays that `instance per` tells apart: by what.
    pub keys: &'a BTreeMap<InstanceId, String>,
}

impl About<'_> {
    fn is(&self, who: Who) -> bool {
        self.who.contains(&who)
    }

    /// The profile of the person whom the test's journey knows.
    pub(super) fn profile<A: Answers>(&self, engine: &Engine<'_, A, Log>) -> Option<Json> {
        let journey = self.program.journeys.get(self.journey);
        let entries = journey.into_iter().flat_map(|journey| &journey.entries);
        let events = entries.filter_map(|on| self.program.events.get(on.event.0 as usize));
        let namespaces: Vec<&str> = events.filter_map(|it| it.namespace.as_deref()).collect();
        let is_known = |who: &&Who| {
            let person = engine.person(**who);
            person.is_some_and(|person| namespaces.contains(&person.namespace()))
        };
        match self.who.iter().rfind(is_known) {
            Some(who) => engine.profile(*who),
            None => self.profile.cloned(),
        }
    }

    /// The last stay of each person that the test's person is; where `instance per` tells stays apart, of each key.
    fn last_stays(&self, log: &Log) -> BTreeSet<InstanceId> {
        let entered = log.moves.iter().filter(|(who, step)| {
            self.is(*who)
                && step.status == Status::Entered
                && step.journey.journey as usize == self.journey
        });
        let last: BTreeMap<_, _> = entered
            .map(|(who, step)| ((who, self.keys.get(&step.instance)), step.instance))
            .collect();
        last.into_values().collect()
    }
}

/// Holds one expectation against what happened.
pub fn check<A: Answers>(
    expectation: &Expectation,
    about: &About<'_>,
    engine: &Engine<'_, A, Log>,
) -> Result<(), Unmet> {
    let log = &engine.watch;
    let call_name = |call: &CallId| {
        about
            .program
            .calls
            .get(call.0 as usize)
            .map_or("", |c| c.name.as_str())
    };
    match expectation {
        Expectation::Sent { call, times, with } => {
            sent(about, engine, call_name(call), *times, with.as_ref())
        }
        Expectation::NotSent(call) => {
            let name = call_name(call);
            let count = went_out(about, engine, name).count();
            if count == 0 {
                Ok(())
            } else {
                Err(Unmet::new(format!("{name} went out {}", times_word(count))))
            }
        }
        Expectation::At(label) => at(label, about, engine),
        Expectation::Ended(None) => end(about, log, |step| step.status == Status::Ended),
        Expectation::Ended(Some(label)) => end(about, log, |step| {
            step.status == Status::Ended && step.label.as_deref() == Some(label)
        }),
        Expectation::Exited(None) => end(about, log, |step| step.status == Status::Exited),
        Expectation::Exited(Some(event)) => {
            let name = about
                .program
                .events
                .get(event.0 as usize)
                .map_or("", |e| e.name.as_str());
            end(about, log, |step| {
                step.status == Status::Exited && step.label.as_deref() == Some(name)
            })
        }
        Expectation::Expired => end(about, log, |step| step.status == Status::Expired),
        Expectation::Failed => end(about, log, |step| step.status == Status::Failed),
        Expectation::NotEntered => {
            let entered = moves(about, log).any(|step| step.status == Status::Entered);
            if entered {
                Err(Unmet::new("the person entered"))
            } else {
                Ok(())
            }
        }
        Expectation::Path(path) => path_is(path, about, engine),
        Expectation::Holds(expr) => holds(expr, about, engine),
    }
}

/// What of this name went out for the test's person: the arguments.
fn went_out<'a, A: Answers>(
    about: &'a About<'_>,
    engine: &'a Engine<'_, A, Log>,
    name: &'a str,
) -> impl Iterator<Item = &'a Value> {
    let sent = engine.watch.sent(name);
    sent.filter(|(who, _)| about.is(*who)).map(|(_, args)| args)
}

fn sent<A: Answers>(
    about: &About<'_>,
    engine: &Engine<'_, A, Log>,
    name: &str,
    times: Option<u32>,
    with: Option<&Json>,
) -> Result<(), Unmet> {
    let all: Vec<&Value> = went_out(about, engine, name).collect();
    let fits = |args: &&&Value| with.is_none_or(|with| contains(args, with));
    let count = all.iter().filter(fits).count();
    let message = match (times, with) {
        (Some(times), _) if count == times as usize => return Ok(()),
        (None, _) if count > 0 => return Ok(()),
        (Some(times), with) => {
            let with = with.map_or(String::new(), |with| format!(" with {with}"));
            let (count, times) = (times_word(count), times_word(times as usize));
            format!("{name} went out {count}{with}, not {times}")
        }
        (None, Some(with)) if !all.is_empty() => format!("no {name} went out with {with}"),
        (None, _) => return Err(Unmet::new(format!("{name} did not go out"))),
    };
    let told = all.iter().take(5);
    let notes = told.map(|args| format!("{name} went out with {}", to_json(args)));
    Err(Unmet {
        message,
        notes: notes.collect(),
    })
}

/// Whether everything in `part` is in `whole`: fields by name, list items by place, numbers by value, instants whatever their offsets.
fn contains(whole: &Value, part: &Json) -> bool {
    match (whole, part) {
        (Value::Record(whole), Json::Object(part)) => part.iter().all(|(key, part)| {
            let found = whole.iter().find(|(name, _)| name == key);
            found.is_some_and(|(_, whole)| contains(whole, part))
        }),
        (Value::List(whole), Json::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(w, p)| contains(w, p))
        }
        (Value::DateTime(ms, _), Json::String(part)) => {
            parse::date_time(part).is_some_and(|part| date_time_ms(part) == *ms)
        }
        _ => match (serde_json::from_str(&to_json(whole)), part) {
            // Two whole numbers are told apart to the last digit.
            (Ok(Json::Number(a)), Json::Number(b)) => match (a.as_i64(), b.as_i64()) {
                (Some(a), Some(b)) => a == b,
                _ => a == *b || a.as_f64() == b.as_f64(),
            },
            (whole, part) => whole.is_ok_and(|whole: Json| whole == *part),
        },
    }
}

fn moves<'a>(about: &'a About<'_>, log: &'a Log) -> impl DoubleEndedIterator<Item = &'a StepEvent> {
    let wanted = move |who: Who, step: &StepEvent| {
        about.is(who) && step.journey.journey as usize == about.journey
    };
    log.moves
        .iter()
        .filter(move |(who, step)| wanted(*who, step))
        .map(|(_, step)| step)
}

/// The last stay of the person ended so.
fn end(about: &About<'_>, log: &Log, fits: impl Fn(&StepEvent) -> bool) -> Result<(), Unmet> {
    let last = about.last_stays(log);
    let is_it =
        |step: &StepEvent| step.status.is_end() && fits(step) && last.contains(&step.instance);
    if moves(about, log).any(is_it) {
        return Ok(());
    }
    let mut unmet = Unmet::new(whereabouts(about, log));
    if moves(about, log).any(|step| step.status.is_end() && fits(step)) {
        let note = "an earlier stay did, and the last one is asked for";
        unmet.notes.push(note.to_string());
    }
    Err(unmet)
}

/// Where the person is, in words.
fn whereabouts(about: &About<'_>, log: &Log) -> String {
    let Some(last) = moves(about, log).next_back() else {
        let refused = log.refusals.iter().rev().find(|(who, _)| about.is(*who));
        return match refused {
            Some((_, refusal)) => format!("the person never entered: {}", refusal.code),
            None => "the person never entered".to_string(),
        };
    };
    let label = last.label.as_deref().unwrap_or("without a label");
    match last.status {
        Status::Ended => format!("the journey ended \"{label}\""),
        Status::Exited => format!("the person exited on {label}"),
        Status::Expired => "the stay expired".to_string(),
        Status::Failed => format!("the journey failed: {}", last.code),
        _ => "the person is still inside".to_string(),
    }
}

fn at<A: Answers>(
    label: &str,
    about: &About<'_>,
    engine: &Engine<'_, A, Log>,
) -> Result<(), Unmet> {
    let deployment = engine.deployment();
    let people = about.who.iter().filter_map(|who| engine.person(*who));
    let inside: Vec<&str> = people
        .flat_map(|p| p.instances())
        .filter(|i| i.journey() as usize == about.journey)
        .map(|i| {
            deployment.node_name(
                JourneyRef {
                    program: i.program(),
                    journey: i.journey(),
                },
                i.node(),
            )
        })
        .collect();
    match inside.as_slice() {
        inside if inside.contains(&label) => Ok(()),
        [] => Err(Unmet::new(whereabouts(about, &engine.watch))),
        places => Err(Unmet::new(format!(
            "the person is at {}",
            places.join(", ")
        ))),
    }
}

/// The steps of the last stay that have a label (or are asked for), in the order they were reached.
fn path_is<A: Answers>(
    path: &[String],
    about: &About<'_>,
    engine: &Engine<'_, A, Log>,
) -> Result<(), Unmet> {
    let log = &engine.watch;
    let Some(last) = moves(about, log).next_back().map(|step| step.instance) else {
        return Err(Unmet::new(whereabouts(about, log)));
    };
    // Back to its entrance: what happened before may be much.
    let mut stay: Vec<&StepEvent> = Vec::new();
    for step in moves(about, log).rev() {
        if step.instance == last {
            stay.push(step);
            if step.status == Status::Entered {
                break;
            }
        }
    }
    let labels = labels(about);
    let mut visited: Vec<&str> = Vec::new();
    let (mut place, mut is_led_out) = (None, false);
    for step in stay.into_iter().rev() {
        // The step in front of which a stay begins, or a rule leads out, is not reached by that.
        let leads_out = step.code == Code::Exit && !is_led_out;
        is_led_out |= leads_out;
        if step.status == Status::Entered || leads_out && place != Some(step.node) {
            continue;
        }
        // Waiting, calling and going on are moves of one visit.
        let is_new = place != Some(step.node) || step.parent.is_some();
        place = Some(step.node);
        let name = engine.deployment().node_name(step.journey, step.node);
        let counts = labels.iter().any(|l| l == name) || path.iter().any(|p| p == name);
        if counts && is_new && visited.last() != Some(&name) {
            visited.push(name);
        }
    }
    if visited == path.iter().map(String::as_str).collect::<Vec<_>>() {
        return Ok(());
    }
    Err(Unmet::new(format!("the path is [{}]", visited.join(", "))))
}

fn labels(about: &About<'_>) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(journey) = about.program.journeys.get(about.journey) {
        crate::hir::each_step(journey, &mut |step| found.extend(step.label.clone()));
    }
    found
}

fn holds<A: Answers>(
    expr: &Expr,
    about: &About<'_>,
    engine: &Engine<'_, A, Log>,
) -> Result<(), Unmet> {
    let journey = about.program.journeys.get(about.journey);
    let vars = bound(expr, about, &engine.watch);
    let zone = zone(about, engine);
    let profile = about.profile(engine);
    let scope = oracle::Scope {
        profile: profile.as_ref(),
        input: None,
        vars: &vars,
        now_ms: engine.now().0,
        zone: &zone,
    };
    let message = match oracle::eval(expr, &scope) {
        Ok(Some(Value::Bool(true))) => return Ok(()),
        Ok(Some(value)) => format!("it is {}", story::value(Some(&value))),
        Ok(None) => "it is unknown: a value is missing".to_string(),
        Err(error) => format!("it cannot be evaluated: {error}"),
    };
    let names = journey.map_or(&[][..], |j| &j.vars);
    let parts = oracle::explain_named(expr, &scope, names);
    let notes = parts
        .iter()
        .map(|(_, text, value)| format!("{text} = {}", story::value(value.as_ref())))
        .collect();
    Err(Unmet { message, notes })
}

/// What the variables that an expression reads are bound to.
fn bound(expr: &Expr, about: &About<'_>, log: &Log) -> BTreeMap<VarId, Bound> {
    let mut vars = BTreeMap::new();
    let Some(journey) = about.program.journeys.get(about.journey) else {
        return vars;
    };
    let last_received = |name: &str| {
        // Several ways may bind a name, each to an event of its own.
        let same = journey.vars.iter().filter(|var| var.name == name);
        let received = same.filter_map(|var| match var.kind {
            VarKind::Event(id) => {
                let event = about.program.events.get(id.0 as usize)?;
                log.received.get(&event.name)
            }
            _ => None,
        });
        let last = received.max_by_key(|(number, _)| *number);
        last.map(|(_, json)| Bound::Json(json.clone()))
    };
    for id in walk::variables(expr) {
        let Some(Var { kind, name, .. }) = journey.vars.get(id.0 as usize) else {
            continue;
        };
        let bound = match kind {
            VarKind::Event(_) => last_received(name),
            VarKind::Response(_) | VarKind::Value => {
                log.bound(about.who, about.journey, journey, name)
            }
            VarKind::Failure(_) => {
                let failure = log.failure(about.who, about.journey, journey, name);
                failure.map(Bound::Json)
            }
        };
        vars.extend(bound.map(|bound| (id, bound)));
    }
    vars
}

/// The zone of the test's person in its journey: what the profile says now, else the fallback.
pub(super) fn zone<A: Answers>(about: &About<'_>, engine: &Engine<'_, A, Log>) -> Zone {
    let Some(journey) = about.program.journeys.get(about.journey) else {
        return Zone::utc();
    };
    let profile = about.profile(engine);
    let scope = oracle::Scope {
        profile: profile.as_ref(),
        input: None,
        vars: &BTreeMap::new(),
        now_ms: engine.now().0,
        zone: &Zone::utc(),
    };
    let named = journey.timezone.as_ref();
    let named = named.and_then(|expr| oracle::eval(expr, &scope).ok().flatten());
    let found = match named {
        Some(Value::String(name)) => Zone::get(&name),
        _ => None,
    };
    let fallback = || Zone::get(&journey.fallback_zone);
    found.or_else(fallback).unwrap_or_else(Zone::utc)
}

fn times_word(count: usize) -> String {
    match count {
        0 => "never".into(),
        1 => "once".into(),
        n => format!("{n} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, contains};
    use serde_json::json;

    #[test]
    fn a_part_is_contained_by_names_places_and_values() {
        let record = |fields: &[(&str, Value)]| {
            let named = fields.iter().cloned();
            Value::Record(named.map(|(name, it)| (name.to_string(), it)).collect())
        };
        let item = record(&[("c", Value::String("x".into())), ("d", Value::Decimal(2.0))]);
        let whole = record(&[
            ("a", Value::Integer(1)),
            ("b", Value::List(vec![item])),
            ("e", Value::Missing),
            ("f", Value::Integer(9_007_199_254_740_993)),
            ("g", Value::DateTime(0, 60)),
            ("h", Value::String("1970-01-01T01:00:00+01:00".into())),
        ]);
        for part in [
            json!({}),
            json!({ "a": 1.0 }),
            json!({ "b": [{ "c": "x" }] }),
            json!({ "b": [{ "d": 2 }] }),
            json!({ "e": null }),
            json!({ "g": "1970-01-01T00:00:00Z" }),
            json!({ "g": "1970-01-01T01:00:00+01:00" }),
        ] {
            assert!(contains(&whole, &part), "{part}");
        }
        for part in [
            json!({ "a": "1" }),
            json!({ "b": [] }),
            json!({ "z": null }),
            json!({ "f": 9_007_199_254_740_992_i64 }),
            json!({ "g": "1970-01-01T01:00:00Z" }),
            json!({ "g": "1970-01-01" }),
            // A text is no instant.
            json!({ "h": "1970-01-01T00:00:00Z" }),
            json!([]),
        ] {
            assert!(!contains(&whole, &part), "{part}");
        }
    }
}
