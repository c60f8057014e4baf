//! The queue of virtual time, and the people it advances one at a time.
//!
//! Comes in: events as bytes, profiles as JSON text, the next instant. Goes out: effects to whoever watches; calls are answered by
//! whoever answers. At one instant an event comes before what is due, and what is due comes in the order it was asked for.
//! Never true here: a person advanced twice at once; time that goes back; a rule of a journey.

use super::answers::{Answer, Answers};
use super::cache::Same;
use super::calls::{Arriving, Calls, Start};
use super::identities::Hashed;
use super::people::{People, Somebody};
use super::profile::{Profile, Room};
use super::queue::{Place, Queue};
use super::watch::{Attempt, Watch};
use journey_machine::advance::{Cause, Choice, Input, Workspace, advance_in};
use journey_machine::deployment::{Deployment, ProfileRecord, Scanned, Scanner, Stamp};
use journey_machine::effects::{CallRequest, Code, ProfileUpdate};
use journey_machine::ids::{CallKey, Instant};
use journey_machine::person::Person;
use journey_machine::read::{Limits, Rejection};
use serde_json::Value as Json;
use std::rc::Rc;

pub use super::people::Who;

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
    queue: Queue<Due>,
    calls: Calls,
    people: People,
    nobody: ProfileRecord,
    workspace: Workspace,
    scanner: Scanner,
    profiles: Room,
}

/// How an engine behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Milliseconds between a call and its answer.
    pub latency_ms: i64,
    /// Whether decisions are told: those that led to moves, and those after which nobody moved.
    pub trace: bool,
    /// Encode and decode a person after every step: what is not in the bytes is then lost at once.
    pub recode: bool,
}

#[derive(Clone, Copy, Debug)]
enum Due {
    /// Somebody's timer; in force as long as it is theirs.
    Timer(u32),
    /// The answer of this number.
    Answer(u32),
    /// A turn of the limit of this number.
    Turn(u32),
}

/// Whether what is due is still in force.
fn is_wanted(people: &People, place: Place, due: Due) -> bool {
    match due {
        Due::Timer(who) => people
            .get(who as usize)
            .is_some_and(|somebody| somebody.timer == Some(place)),
        Due::Answer(_) | Due::Turn(_) => true,
    }
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
            queue: Queue::new(),
            calls: Calls::default(),
            people: People::default(),
            nobody: ProfileRecord::empty(deployment),
            workspace: Workspace::default(),
            scanner: Scanner::default(),
            profiles: Room::default(),
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
        self.people.count()
    }

    /// Somebody's state.
    pub fn person(&self, who: Who) -> Option<&Person> {
        self.people.get(who).map(|s| &s.person)
    }

    /// Somebody's profile, read anew.
    pub fn profile(&self, who: Who) -> Option<Json> {
        self.people.get(who)?.profile.json()
    }

    /// Whoever watched, and everybody's state.
    pub fn into_parts(self) -> (W, Vec<Person>) {
        (self.watch, self.people.into_persons())
    }

    /// Everybody who is known.
    pub fn everybody(&self) -> &People {
        &self.people
    }

    /// Adds people who have a timer that is due by `until`: some of them, in no order.
    pub fn soon(&self, until: Option<Instant>, people: &mut Vec<Who>) {
        let due = self.queue.soon(until.unwrap_or(self.now));
        people.extend(due.filter_map(|due| match due {
            Due::Timer(who) => Some(who as Who),
            Due::Answer(_) | Due::Turn(_) => None,
        }));
    }

    /// Finds somebody, or makes their acquaintance.
    pub fn meet(&mut self, namespace: &str, id: &str) -> Who {
        self.meet_hashed(Hashed::new(namespace, id))
    }

    /// The same, of one whose hash is known.
    pub fn meet_hashed(&mut self, of: Hashed<'_>) -> Who {
        self.people.meet(of, &self.nobody)
    }

    /// Gives somebody a profile. Nobody's journey hears of it: it is what the profile was before.
    pub fn set_profile(&mut self, who: Who, profile: Json) -> Result<(), Rejection> {
        self.set_profile_text(who, profile.to_string().into())
    }

    /// The same, of a profile that is text.
    ///
    /// # Errors
    /// When a program in force cannot read it. The others have it then; when there are none, the profile is what it was.
    pub fn set_profile_text(&mut self, who: Who, profile: Rc<str>) -> Result<(), Rejection> {
        self.give_profile(who, profile)?.map_or(Ok(()), Err)
    }

    /// Changes somebody's profile from outside: their journeys hear of it.
    ///
    /// # Errors
    /// As of [`Engine::set_profile_text`]: the journeys hear of it unless the profile is what it was.
    pub fn change_profile(&mut self, who: Who, profile: Json) -> Result<(), Rejection> {
        let rejection = self.give_profile(who, profile.to_string().into())?;
        self.step(who, Cause::ProfileChanged);
        rejection.map_or(Ok(()), Err)
    }

    /// Gives somebody a profile; why a program cannot read it that others can.
    fn give_profile(&mut self, who: Who, profile: Rc<str>) -> Result<Option<Rejection>, Rejection> {
        let profile = Profile::read(&mut self.profiles, self.deployment, profile)?;
        let rejection = profile.record().rejections().next().cloned();
        if let Some(somebody) = self.people.get_mut(who) {
            somebody.profile = profile;
        }
        Ok(rejection)
    }

    /// Whether somebody's profile is to be found and given now: the first time that it is asked, unless they have one.
    pub fn asks_profile(&mut self, who: Who) -> bool {
        let somebody = self.people.get_mut(who);
        somebody.is_some_and(|it| !std::mem::replace(&mut it.asked, true) && !it.profile.is_known())
    }

    /// Whether somebody already has a profile.
    pub fn has_profile(&self, who: Who) -> bool {
        self.people.get(who).is_some_and(|s| s.profile.is_known())
    }

    /// Does all that is due before `at` and moves the clock there. What is due at `at` itself waits for [`Engine::settle`],
    /// so that an event at that instant comes first. A clock that would go back stays.
    pub fn advance_to(&mut self, at: Instant) {
        if at > Instant(i64::MIN) {
            let before = Instant(at.0 - 1);
            while let Some((due, task)) = self.next_due(before) {
                self.now = self.now.max(due);
                self.perform(task);
            }
        }
        self.now = self.now.max(at);
    }

    /// Lets the answers arrive that are due now. Timers wait: another event of this instant may come before them.
    pub fn settle_answers(&mut self) {
        let mut timers = Vec::new();
        while let Some((at, task)) = self.next_due(self.now) {
            match task {
                Due::Timer(who) => {
                    if let Some(somebody) = self.people.get_mut(who as Who) {
                        somebody.timer = None;
                    }
                    timers.push((who, at));
                }
                Due::Answer(_) | Due::Turn(_) => self.perform(task),
            }
        }
        for (who, at) in timers {
            let has_one = self
                .people
                .get(who as Who)
                .is_some_and(|it| it.timer.is_some());
            if !has_one {
                self.set_timer(who as Who, Some(at));
            }
        }
    }

    /// Does all that is due now.
    pub fn settle(&mut self) {
        while let Some((_, task)) = self.next_due(self.now) {
            self.perform(task);
        }
    }

    fn next_due(&mut self, until: Instant) -> Option<(Instant, Due)> {
        let people = &self.people;
        self.queue
            .pop_until(until, |place, due| is_wanted(people, place, due))
    }

    /// What an event is, without delivering it.
    pub fn scan(&self, bytes: &[u8]) -> Result<Scanned, Rejection> {
        self.deployment.scan(bytes, self.now)
    }

    /// The same, as it will be once the clock shows `clock` and the instant that the event names (a clock that would go back
    /// stays), into `out`, whose memory is used again. What it says of that instant too.
    pub fn scan_stamped(
        &mut self,
        bytes: &[u8],
        clock: Instant,
        out: &mut Scanned,
    ) -> (Stamp, Result<(), Rejection>) {
        let clock = self.now.max(clock);
        self.scanner
            .scan_stamped(self.deployment, bytes, clock, &Limits::default(), out)
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
            .map(|(namespace, id)| self.meet(namespace, id))
            .collect();
        self.deliver_to(scanned, &people);
        people
    }

    /// The same, to people who are already known to be those it is about; whether anything came of it.
    pub fn deliver_to(&mut self, scanned: &Scanned, people: &[Who]) -> bool {
        let deliver = |who: &Who| {
            if self.options.trace
                && let Some(somebody) = self.people.get(*who)
            {
                self.watch
                    .hears(self.deployment, &somebody.person, scanned, self.now);
            }
            self.step(*who, Cause::Event(scanned))
        };
        people.iter().map(deliver).fold(false, |any, it| any | it)
    }

    fn perform(&mut self, task: Due) {
        match task {
            Due::Timer(who) => {
                if let Some(somebody) = self.people.get_mut(who as Who) {
                    somebody.timer = None;
                }
                self.step(who as Who, Cause::Timer);
            }
            Due::Answer(number) => {
                if let Some(arriving) = self.calls.arrive(number) {
                    self.watch.arrives(number, &arriving.answer, self.now);
                    let (call, outcome) = (arriving.call, arriving.answer.outcome());
                    self.step(arriving.who, Cause::CallResult { call, outcome });
                }
            }
            Due::Turn(limit) => {
                let Some((number, latency)) = self.calls.turn(limit, self.now) else {
                    return;
                };
                self.watch.goes_out(number, self.now);
                match latency {
                    // What is due comes in the order it was asked for, so not behind what else is due now.
                    0 => self.perform(Due::Answer(number)),
                    _ => {
                        let end = self.now.plus(latency);
                        self.queue.push(end, Due::Answer(number));
                    }
                }
            }
        }
    }

    /// Advances somebody until the machine has no more to do at this instant; whether anything came of it.
    fn step(&mut self, who: Who, cause: Cause<'_>) -> bool {
        let mut cause = cause;
        let mut moved = false;
        loop {
            let Some(somebody) = self.people.get_mut(who) else {
                return moved;
            };
            let choices: Vec<Choice<'_>> = self
                .choices
                .iter()
                .map(|(split, arm)| Choice { split, arm })
                .collect();
            let input = Input {
                profile: somebody.profile.record(),
                cause,
                trace: self.options.trace,
                choices: &choices,
            };
            let mut effects = advance_in(
                &mut self.workspace,
                self.deployment,
                &mut somebody.person,
                input,
                self.now,
            );
            if self.options.recode {
                // A person that does not survive its own bytes is a mistake of the machine, which only tests ask about.
                somebody.person =
                    Person::decode(&somebody.person.to_bytes()).expect("an encoded person decodes");
            }
            if matches!(cause, Cause::CallResult { .. }) {
                // Before anything is asked for that what is kept may answer.
                let is_good = effects.steps.iter().any(|s| s.code == Code::Success);
                self.calls.judge(is_good, self.now);
            }
            moved |= !effects.steps.is_empty() || !effects.refusals.is_empty();
            self.watch
                .effects(self.deployment, who, &somebody.person, &effects);
            self.apply_updates(who, &mut effects.profile_updates);
            // Whoever leaves a queue and asks again has their place free by then; what is among the calls is taken back behind them.
            self.withdraw(&effects.withdrawn);
            for request in &effects.calls {
                self.call(who, request);
            }
            self.withdraw(&effects.withdrawn);
            self.set_timer(who, effects.next_due);
            let more = effects.more;
            self.workspace.give_back(effects);
            if !more {
                return moved;
            }
            cause = Cause::Continue;
        }
    }

    fn apply_updates(&mut self, who: Who, updates: &mut Vec<ProfileUpdate>) {
        if updates.is_empty() {
            return;
        }
        if let Some(Somebody {
            person, profile, ..
        }) = self.people.get_mut(who)
        {
            let room = &mut self.profiles;
            for rejection in profile.update(room, self.deployment, updates.drain(..)) {
                self.watch.not_set(person, &rejection, self.now);
            }
        }
    }

    fn call(&mut self, who: Who, request: &CallRequest) {
        let timeout = i64::try_from(request.timeout_ms).unwrap_or(i64::MAX);
        let same = (request.cache_ms > 0).then(|| Same::new(request));
        let kept = same.as_ref().and_then(|of| self.calls.kept(of, self.now));
        let at_once = Start {
            at: self.now,
            limit: None,
        };
        let arriving = |answer, latency, keep| Arriving {
            who,
            call: request.key,
            answer,
            latency,
            keep,
        };
        if let Some(answer) = kept {
            // Nothing goes out, so there is nothing to watch.
            self.enqueue(arriving(answer, 0, None), at_once);
            return;
        }
        let start = self.calls.start(request, self.now);
        let answer = match start {
            None => Answer::Capped,
            Some(_) => self.answers.answer(request).unwrap_or(Answer::NoStub),
        };
        let latency = match answer {
            Answer::Timeout => timeout,
            Answer::Capped => {
                // Whoever says that it is capped, it never starts.
                if let Some(start) = start {
                    self.calls.give_back(start);
                }
                let capped = arriving(answer, 0, None);
                return self.answer(request, capped, at_once);
            }
            _ => self.options.latency_ms.min(timeout),
        };
        let keep = same.map(|of| (of, request.cache_ms));
        let start = start.unwrap_or(at_once);
        self.answer(request, arriving(answer, latency, keep), start);
    }

    fn withdraw(&mut self, attempts: &[CallKey]) {
        for call in attempts {
            if let Some(number) = self.calls.withdraw(*call) {
                self.watch.withdrawn(number, self.now);
            }
        }
    }

    fn answer(&mut self, request: &CallRequest, arriving: Arriving, start: Start) {
        let (who, asked, end) = (arriving.who, self.now, start.at.plus(arriving.latency));
        let number = self.enqueue(arriving, start);
        let attempt = Attempt {
            number,
            asked,
            start: start.at,
            end,
        };
        if let Some(answer) = self.calls.answer(number) {
            self.watch.called(who, request, answer, attempt);
        }
    }

    fn enqueue(&mut self, arriving: Arriving, start: Start) -> u32 {
        let end = start.at.plus(arriving.latency);
        let number = self.calls.enter(arriving, start, self.now);
        match start.limit {
            Some(limit) if start.at > self.now => self.queue.push(start.at, Due::Turn(limit)),
            _ => self.queue.push(end, Due::Answer(number)),
        };
        number
    }

    fn set_timer(&mut self, who: Who, due: Option<Instant>) {
        let Some(somebody) = self.people.get_mut(who) else {
            return;
        };
        if somebody.timer.map(|(at, _)| at) == due {
            return;
        }
        let had_one = somebody.timer.is_some();
        somebody.timer = due.map(|at| self.queue.push(at, Due::Timer(who as u32)));
        if had_one {
            let people = &self.people;
            self.queue
                .forget(|place, due| is_wanted(people, place, due));
        }
    }
}
