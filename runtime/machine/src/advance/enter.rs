//! Entrance: who may come in, and how.
//!
//! Comes in: the events that arrived. Goes out: new instances, or refusals with their codes.
//! Never true here: two instances of one person in one journey under one key; an entrance that no mark remembers, where a
//! rule will ask for it. An instance whose program is not in force is in no journey that is known: it keeps nobody out of the version
//! that took its place, and when it is back the person is in both.

use super::flow::{Flow, Heard};
use super::listen;
use super::live::Live;
use super::result;
use super::run;
use super::wait;
use super::world::World;
use crate::deployment::Deployment;
use crate::effects::{Code, Refusal, RefusalCode, Status};
use crate::fault::Fault;
use crate::ids::{Instant, JourneyRef};
use crate::limits;
use crate::person::{Instance, Known, Mark, Person, Phase, State};
use journey_artifact::graph::{Journey, Listen, Reenter};
use journey_artifact::model::ChunkId;

/// Lets the person into every journey, of the programs that admit, which one of the events leads into: by program, then in the
/// order of its source. Only journeys whose entrance an event may pass are looked at.
pub(super) fn enter_all<'a>(world: &mut World<'a>, person: &mut Person, heard: &[Heard<'_>]) {
    let deployment = world.deployment;
    let (mut journeys, mut knocked) = world.take_lists();
    for event in heard {
        let Some(program) = deployment.programs().get(event.program) else {
            continue;
        };
        if program.admits() {
            program
                .doors()
                .knock(event.event, event.record, &mut journeys);
            knocked.extend(journeys.drain(..).map(|journey| (event.program, journey)));
        }
    }
    knocked.sort_unstable();
    knocked.dedup();
    if world.trace {
        tell_shut(world, person, heard, &knocked);
    }
    for (program, index) in knocked.drain(..) {
        if let Some(door) = Door::of(deployment, program, index) {
            door.try_entries(world, person, heard);
            result::heed_updates(world, person);
        }
    }
    world.give_lists(journeys, knocked);
}

/// Why the events cannot pass the entrances that were left out: nobody asks those but a trace.
#[cold]
fn tell_shut<'a>(
    world: &mut World<'a>,
    person: &Person,
    heard: &[Heard<'_>],
    open: &[(usize, u32)],
) {
    let programs = world.deployment.programs();
    let admits = |event: &&Heard<'_>| programs.get(event.program).is_some_and(|it| it.admits());
    let all = heard.iter().filter(admits).flat_map(|event| {
        let all = programs[event.program].doors().all(event.event).iter();
        all.map(|journey| (event.program, *journey))
    });
    let mut shut: Vec<_> = all.filter(|door| !open.contains(door)).collect();
    shut.sort_unstable();
    shut.dedup();
    for (program, index) in shut {
        let door = Door::of(world.deployment, program, index);
        if let Some((door, live)) = door.and_then(|door| Some((door, door.outside(world, person)?)))
        {
            for entry in &door.journey.entries {
                // It says no, or cannot be evaluated; both leave the person outside.
                let _ = world.aside(|world| listen::hears(world, &live, &entry.on, heard));
            }
            world.pass(door.at, None);
            world.give_row(live.vars);
        }
    }
}

/// One journey that people may enter.
#[derive(Clone, Copy)]
struct Door<'a> {
    program: usize,
    at: JourneyRef,
    journey: &'a Journey,
}

impl<'a> Door<'a> {
    fn of(deployment: &'a Deployment, program: usize, index: u32) -> Option<Door<'a>> {
        let admitting = &deployment.programs()[program];
        let journeys = &admitting.loaded().artifact().journeys;
        let journey = journeys.get(index as usize)?;
        let at = JourneyRef {
            program: admitting.prefix(),
            journey: index,
        };
        Some(Door {
            program,
            at,
            journey,
        })
    }

    /// Who may come in, before the door.
    fn outside(&self, world: &mut World<'a>, person: &Person) -> Option<Live<'a>> {
        let fresh = Instance {
            program: self.at.program,
            journey: self.at.journey,
            node: self.journey.start.0,
            parent: None,
            seq: person.next_seq,
            visit: 0,
            entered_at: world.now,
            key: None,
            phase: Phase::Inside,
            state: State::NOTHING,
            expires: Instant::FAR,
            vars: Vec::new(),
            known: Known::default(),
        };
        Live::enter(world, fresh, self.program, self.journey)
    }

    /// Takes the first entry, in source order, whose condition holds.
    fn try_entries(&self, world: &mut World<'a>, person: &mut Person, heard: &[Heard<'_>]) {
        let Some(mut live) = self.outside(world, person) else {
            return;
        };
        let stays = match self.first_open(world, person, &mut live, heard) {
            Some((mark, listen)) => start(world, person, &mut live, mark, listen),
            None => {
                world.pass(self.at, None);
                false
            }
        };
        world.give_row(live.vars);
        if stays {
            keep(&mut person.instances, live.kept);
        }
    }

    /// The first entry whose condition holds, and the mark to leave, if the person may come in by it.
    fn first_open(
        &self,
        world: &mut World<'a>,
        person: &mut Person,
        live: &mut Live<'a>,
        heard: &[Heard<'_>],
    ) -> Option<(Mark, &'a Listen)> {
        for entry in &self.journey.entries {
            let event = match listen::hears(world, live, &entry.on, heard) {
                Ok(Some(event)) => event,
                Ok(None) => continue,
                Err(_) => {
                    self.refuse(world, live, &entry.on, RefusalCode::Fault);
                    return None;
                }
            };
            let kept = self.admit(world, person, live, &event).and_then(|mark| {
                let kept = listen::keep(live, &entry.on, &event);
                kept.map(|()| mark).map_err(|_| RefusalCode::Fault)
            });
            return match kept {
                Ok(mark) => Some((mark, &entry.on)),
                Err(code) => {
                    self.refuse(world, live, &entry.on, code);
                    None
                }
            };
        }
        None
    }

    fn refuse(&self, world: &mut World<'a>, live: &Live<'a>, listen: &Listen, code: RefusalCode) {
        world.decisions.clear();
        let event = listen::name(world, live, listen);
        world.effects.refusals.push(Refusal {
            journey: Some(self.at),
            event,
            code,
            at: world.now,
        });
    }

    /// Whether the person may come in now; finds the instance key and the end of the stay on the way.
    fn admit(
        &self,
        world: &mut World<'a>,
        person: &mut Person,
        live: &mut Live<'a>,
        event: &Heard<'_>,
    ) -> Result<Mark, RefusalCode> {
        let now = world.now;
        if self.journey.starts.is_some_and(|starts| now.0 < starts) {
            return Err(RefusalCode::NotStarted);
        }
        if self.journey.closes.is_some_and(|closes| now.0 >= closes) {
            return Err(RefusalCode::Closed);
        }
        let most = match self.journey.instance_per {
            None => 1,
            Some((chunk, most)) => {
                live.kept.key = Some(self.instance_key(world, live, chunk, event)?.into());
                most
            }
        };
        let inside = person
            .instances()
            .filter(|other| self.is_same_journey(world, other));
        let (same_key, all) = inside.fold((false, 0), |(same, all), other| {
            (same || other.key == live.kept.key, all + 1)
        });
        if same_key {
            return Err(RefusalCode::AlreadyInside);
        }
        // A number that has been given is never given again.
        let is_full = person.instances().len() >= limits::INSTANCES || person.next_seq == u32::MAX;
        if all >= most || is_full {
            return Err(RefusalCode::TooManyInstances);
        }
        let mark = self.mark(world, person, live)?;
        live.kept.expires = wait::stay_after(world, live, now, self.journey.expires);
        Ok(mark)
    }

    fn instance_key(
        &self,
        world: &mut World<'a>,
        live: &Live<'a>,
        chunk: ChunkId,
        event: &Heard<'_>,
    ) -> Result<String, RefusalCode> {
        match live.eval_text(world, chunk, Some(event.record)) {
            Ok(Some(key)) if !key.is_empty() && key.len() <= limits::IDENTITY_BYTES => Ok(key),
            Ok(_) => Err(RefusalCode::NoIdentity),
            Err(_) => Err(RefusalCode::Fault),
        }
    }

    /// Whether an instance is in this journey, in whatever version of its package.
    fn is_same_journey(&self, world: &World<'a>, other: &Instance) -> bool {
        let other = JourneyRef {
            program: other.program,
            journey: other.journey,
        };
        let package = |at| {
            world
                .deployment
                .program(at)
                .map(|program| program.loaded().artifact().name.as_str())
        };
        other == self.at
            || (package(other) == package(self.at)
                && world.deployment.journey_name(other) == world.deployment.journey_name(self.at))
    }

    /// What re-entrance says, and the mark to leave.
    fn mark(
        &self,
        world: &mut World<'a>,
        person: &mut Person,
        live: &Live<'a>,
    ) -> Result<Mark, RefusalCode> {
        let now = world.now;
        let key = live.kept.key.as_deref();
        let of = world.deployment.programs()[live.program].mark(live.kept.journey, key);
        let before = person.mark(of).copied();
        if let Some(before) = before {
            let may_again = match self.journey.reenter {
                Reenter::Never => now >= Instant::FAR,
                Reenter::Always => true,
                Reenter::After(span) => wait::is_over(world, live, before.last, span),
            };
            if !may_again {
                return Err(RefusalCode::Reentrance);
            }
        }
        person.drop_stale_marks();
        // A mark with an instance key goes when its rule has run out; else every order would leave one for ever.
        let until = key.map(|_| match self.journey.reenter {
            Reenter::Never => Instant::FAR,
            Reenter::Always => now,
            Reenter::After(span) => wait::stay_after(world, live, now, span),
        });
        let new = Mark {
            of,
            last: now,
            count: before.map_or(1, |before| before.count.saturating_add(1)),
            until,
        };
        let takes_room = key.is_some() && before.is_none() && new.is_asked_for(now);
        if takes_room && person.keyed_marks() >= limits::MARKS {
            return Err(RefusalCode::TooManyKeys);
        }
        Ok(new)
    }
}

/// The person is in; whether they stay.
fn start<'a>(
    world: &mut World<'a>,
    person: &mut Person,
    live: &mut Live<'a>,
    mark: Mark,
    listen: &Listen,
) -> bool {
    person.next_seq += 1;
    let reentered = mark.count > 1;
    match person.marks.iter_mut().find(|known| known.of == mark.of) {
        Some(known) => *known = mark,
        // One that no rule will ask for is not kept.
        None if !mark.is_asked_for(world.now) => {}
        None => keep(&mut person.marks, mark),
    }
    let name = listen::name(world, live, listen);
    live.report(
        world,
        Status::Entered,
        if reentered { Code::Again } else { Code::Event },
        Some(name),
    );
    run::go_on(world, live, Ok::<Flow, Fault>(Flow::Here))
}

/// Most people are in one journey: the first of a list takes no room for three more.
fn keep<T>(list: &mut Vec<T>, new: T) {
    if list.is_empty() {
        list.reserve_exact(1);
    }
    list.push(new);
}
