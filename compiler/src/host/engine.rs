//! The queue of virtual time, and the people it advances one at a time.
//!
//! Comes in: events as bytes, profiles as JSON, the next instant. Goes out: effects to whoever watches; calls are answered by
//! whoever answers. At one instant an event comes before what is due, and what is due comes in the order it was asked for.
//! Never true here: a person advanced twice at once; time that goes back; a rule of a journey.

use super::answers::{Answer, Answers};
use super::gate::Gate;
use journey_machine::advance::{Cause, Choice, Input, advance};
use journey_machine::deployment::{Deployment, ProfileRecord, Scanned};
use journey_machine::effects::{CallRequest, Effects, ProfileUpdate};
use journey_machine::ids::{CallKey, Instant};
use journey_machine::person::Person;
use journey_machine::read::Rejection;
use journey_machine::value::to_json;
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// Somebody the engine knows: an index that never changes.
pub type Who = usize;

/// Learns what happens, as it happens.
pub trait Watch {
    /// One `advance` of one person is done.
    fn effects(&mut self, deployment: &Deployment, who: Who, person: &Person, effects: &Effects);
    /// An attempt of a call will be answered so, at that instant.
    fn answered(&mut self, who: Who, request: &CallRequest, answer: &Answer, at: Instant);
}

/// Answers that may be reused, at most.
const CACHED: usize = 10_000;

/// People, time and calls.
pub struct Engine<'d, A, W> {
    deployment: &'d Deployment,
    /// Whoever answers calls.
    pub answers: A,
    /// Whoever learns what happens.
    pub watch: W,
    /// Split and arm: what splits take instead of the hashed arm.
    pub choices: Vec<(String, String)>,
    options: Options,
    now: Instant,
    queue: BTreeMap<(Instant, u64), Due>,
    next_seq: u64,
    people: Vec<Somebody>,
    /// Looked up, never walked.
    by_identity: HashMap<(Box<str>, Box<str>), Who>,
    gates: BTreeMap<String, Gate>,
    cache: BTreeMap<(String, String), (Instant, Answer)>,
    nobody: Rc<ProfileRecord>,
}

/// How an engine behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Milliseconds between a call and its answer.
    pub latency_ms: i64,
    /// Whether step events carry the decisions that led to them.
    pub trace: bool,
    /// Encode and decode a person after every step: what is not in the bytes is then lost at once.
    pub recode: bool,
}

struct Somebody {
    person: Person,
    profile: Option<Json>,
    record: Rc<ProfileRecord>,
    timer: Option<(Instant, u64)>,
}

enum Due {
    Timer(Who),
    Answer(Who, CallKey, Answer),
}

/// What an event was.
#[derive(Clone, PartialEq, Debug)]
pub enum Delivered {
    /// It reached these people.
    To(Scanned, Vec<Who>),
    /// It is refused.
    Rejected(Rejection),
}

impl<'d, A: Answers, W: Watch> Engine<'d, A, W> {
    /// Nobody known yet; the clock shows `start`.
    pub fn new(
        deployment: &'d Deployment,
        answers: A,
        watch: W,
        start: Instant,
        options: Options,
    ) -> Self {
        Engine {
            deployment,
            answers,
            watch,
            choices: Vec::new(),
            options,
            now: start,
            queue: BTreeMap::new(),
            next_seq: 0,
            people: Vec::new(),
            by_identity: HashMap::new(),
            gates: BTreeMap::new(),
            cache: BTreeMap::new(),
            nobody: Rc::new(ProfileRecord::empty(deployment)),
        }
    }

    /// The programs in force.
    pub fn deployment(&self) -> &'d Deployment {
        self.deployment
    }

    /// What the clock shows.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// How many people are known.
    pub fn people(&self) -> usize {
        self.people.len()
    }

    /// Somebody's state.
    pub fn person(&self, who: Who) -> Option<&Person> {
        self.people.get(who).map(|s| &s.person)
    }

    /// Somebody's profile.
    pub fn profile(&self, who: Who) -> Option<&Json> {
        self.people.get(who)?.profile.as_ref()
    }

    /// Finds somebody, or makes their acquaintance.
    pub fn meet(&mut self, namespace: &str, id: &str) -> Who {
        let key = (Box::from(namespace), Box::from(id));
        if let Some(who) = self.by_identity.get(&key) {
            return *who;
        }
        let person = Person::new(namespace, id);
        self.people.push(Somebody {
            person,
            profile: None,
            record: self.nobody.clone(),
            timer: None,
        });
        self.by_identity.insert(key, self.people.len() - 1);
        self.people.len() - 1
    }

    /// Gives somebody a profile. Nobody's journey hears of it: it is what the profile was before.
    pub fn set_profile(&mut self, who: Who, profile: Json) -> Result<(), Rejection> {
        let record = ProfileRecord::scan(self.deployment, profile.to_string().as_bytes())?;
        if let Some(somebody) = self.people.get_mut(who) {
            somebody.record = Rc::new(record);
            somebody.profile = Some(profile);
        }
        Ok(())
    }

    /// Changes somebody's profile from outside: their journeys hear of it.
    pub fn change_profile(&mut self, who: Who, profile: Json) -> Result<(), Rejection> {
        self.set_profile(who, profile)?;
        self.step(who, Cause::ProfileChanged);
        Ok(())
    }

    /// Whether somebody already has a profile.
    pub fn has_profile(&self, who: Who) -> bool {
        self.people.get(who).is_some_and(|s| s.profile.is_some())
    }

    /// Does all that is due before `at` and moves the clock there. What is due at `at` itself waits for [`Engine::settle`],
    /// so that an event at that instant comes first. A clock that would go back stays.
    pub fn advance_to(&mut self, at: Instant) {
        while let Some(entry) = self.queue.first_entry() {
            let due = entry.key().0;
            if due >= at {
                break;
            }
            let task = entry.remove();
            self.now = self.now.max(due);
            self.perform(task);
        }
        self.now = self.now.max(at);
    }

    /// Does all that is due now.
    pub fn settle(&mut self) {
        while let Some(entry) = self.queue.first_entry() {
            if entry.key().0 > self.now {
                break;
            }
            let task = entry.remove();
            self.perform(task);
        }
    }

    /// What an event is, without delivering it.
    pub fn scan(&self, bytes: &[u8]) -> Result<Scanned, Rejection> {
        self.deployment.scan(bytes, self.now)
    }

    /// Delivers an event now.
    pub fn event(&mut self, bytes: &[u8]) -> Delivered {
        match self.scan(bytes) {
            Ok(scanned) => {
                let people = self.deliver(&scanned);
                Delivered::To(scanned, people)
            }
            Err(rejection) => Delivered::Rejected(rejection),
        }
    }

    /// Delivers an event that was scanned, to everybody it is about.
    pub fn deliver(&mut self, scanned: &Scanned) -> Vec<Who> {
        let people: Vec<Who> = scanned
            .people()
            .into_iter()
            .map(|(namespace, id)| self.meet(namespace, id))
            .collect();
        for who in &people {
            self.step(*who, Cause::Event(scanned));
        }
        people
    }

    fn perform(&mut self, task: Due) {
        match task {
            Due::Timer(who) => {
                if let Some(somebody) = self.people.get_mut(who) {
                    somebody.timer = None;
                }
                self.step(who, Cause::Timer);
            }
            Due::Answer(who, call, answer) => self.step(
                who,
                Cause::CallResult {
                    call,
                    outcome: answer.outcome(),
                },
            ),
        }
    }

    /// Advances somebody until the machine has no more to do at this instant.
    fn step(&mut self, who: Who, cause: Cause<'_>) {
        let mut cause = cause;
        let mut changed = false;
        loop {
            let Some(somebody) = self.people.get_mut(who) else {
                return;
            };
            let record = somebody.record.clone();
            let choices: Vec<Choice<'_>> = self
                .choices
                .iter()
                .map(|(split, arm)| Choice { split, arm })
                .collect();
            let input = Input {
                profile: &record,
                cause,
                trace: self.options.trace,
                choices: &choices,
            };
            let effects = advance(self.deployment, &mut somebody.person, input, self.now);
            if self.options.recode {
                // A person that does not survive its own bytes is a mistake of the machine, which only tests ask about.
                somebody.person =
                    Person::decode(&somebody.person.to_bytes()).expect("an encoded person decodes");
            }
            self.watch
                .effects(self.deployment, who, &somebody.person, &effects);
            changed |= self.apply_updates(who, &effects.profile_updates);
            for request in effects.calls {
                self.call(who, request);
            }
            self.set_timer(who, effects.next_due);
            cause = match (effects.more, std::mem::take(&mut changed)) {
                (true, was_changed) => {
                    changed = was_changed;
                    Cause::Continue
                }
                (false, true) => Cause::ProfileChanged,
                (false, false) => return,
            };
        }
    }

    fn apply_updates(&mut self, who: Who, updates: &[ProfileUpdate]) -> bool {
        let Some(somebody) = self.people.get_mut(who) else {
            return false;
        };
        if updates.is_empty() {
            return false;
        }
        let mut profile = somebody
            .profile
            .take()
            .unwrap_or_else(|| Json::Object(serde_json::Map::new()));
        for update in updates {
            let value = serde_json::from_str(&to_json(&update.value)).unwrap_or(Json::Null);
            set_path(&mut profile, &update.path, value);
        }
        // Typed values at typed places: what the machine wrote it can read. Should it not, the record it has stays in force.
        if let Ok(record) = ProfileRecord::scan(self.deployment, profile.to_string().as_bytes()) {
            somebody.record = Rc::new(record);
        }
        somebody.profile = Some(profile);
        true
    }

    fn call(&mut self, who: Who, request: CallRequest) {
        let key = request.key;
        let timeout = i64::try_from(request.timeout_ms).unwrap_or(i64::MAX);
        let cache_key =
            (request.cache_ms > 0).then(|| (request.name.clone(), to_json(&request.args)));
        let fresh = cache_key
            .as_ref()
            .and_then(|k| self.cache.get(k))
            .filter(|(until, _)| *until > self.now);
        if let Some((_, answer)) = fresh {
            // Nothing goes out, so there is nothing to watch.
            let answer = answer.clone();
            self.enqueue(self.now, Due::Answer(who, key, answer));
            return;
        }
        let start = match &request.limit {
            None => Some(self.now),
            Some(limit) => self
                .gates
                .entry(request.name.clone())
                .or_default()
                .pass(limit, self.now),
        };
        let Some(start) = start else {
            return self.answer(who, &request, key, Answer::Capped, self.now);
        };
        let answer = self.answers.answer(&request).unwrap_or(Answer::NoStub);
        let latency = match answer {
            Answer::Timeout => timeout,
            Answer::Capped => 0,
            _ => self.options.latency_ms.min(timeout),
        };
        if let (Some(key), Answer::Response(200..=299, _)) = (cache_key, &answer) {
            let until = self
                .now
                .plus(i64::try_from(request.cache_ms).unwrap_or(i64::MAX));
            if self.cache.len() >= CACHED {
                let now = self.now;
                self.cache.retain(|_, (until, _)| *until > now);
            }
            if self.cache.len() < CACHED {
                self.cache.insert(key, (until, answer.clone()));
            }
        }
        self.answer(who, &request, key, answer, start.plus(latency));
    }

    fn answer(
        &mut self,
        who: Who,
        request: &CallRequest,
        key: CallKey,
        answer: Answer,
        at: Instant,
    ) {
        self.watch.answered(who, request, &answer, at);
        self.enqueue(at, Due::Answer(who, key, answer));
    }

    fn set_timer(&mut self, who: Who, due: Option<Instant>) {
        let Some(somebody) = self.people.get_mut(who) else {
            return;
        };
        if somebody.timer.map(|(at, _)| at) == due {
            return;
        }
        if let Some(old) = somebody.timer.take() {
            self.queue.remove(&old);
        }
        if let Some(at) = due {
            let place = self.enqueue(at, Due::Timer(who));
            if let Some(somebody) = self.people.get_mut(who) {
                somebody.timer = Some(place);
            }
        }
    }

    fn enqueue(&mut self, at: Instant, due: Due) -> (Instant, u64) {
        let place = (at, self.next_seq);
        self.next_seq += 1;
        self.queue.insert(place, due);
        place
    }
}

/// Sets the value at a dotted path; what is no object on the way becomes one.
fn set_path(json: &mut Json, path: &str, value: Json) {
    let mut at = json;
    for key in path.split('.') {
        if !at.is_object() {
            *at = Json::Object(serde_json::Map::new());
        }
        let Json::Object(object) = at else { return };
        at = object.entry(key).or_insert(Json::Null);
    }
    *at = value;
}

#[cfg(test)]
mod tests {
    use super::set_path;
    use serde_json::json;

    #[test]
    fn a_path_is_made_where_it_does_not_exist() {
        let mut profile = json!({ "a": { "b": 1 }, "c": 2 });
        set_path(&mut profile, "a.d", json!(true));
        set_path(&mut profile, "c.e", json!("x"));
        assert_eq!(
            profile,
            json!({ "a": { "b": 1, "d": true }, "c": { "e": "x" } })
        );
    }
}
