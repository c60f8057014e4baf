//! One person, one input, one step of the machine.
//!
//! Comes in: a deployment, a person, what happened, and when. Goes out: the person changed in place, and [`Effects`]: calls to
//! make, moves to record, the next timer. Never true here: a clock read, a draw, an effect done, unbounded work; the same
//! inputs give the same bytes everywhere.
//!
//! Order within one `advance`, fixed: what the last one left over; timers due before `now`; the input (for an event: exits, then
//! whoever waits for it, then entrances; for [`Cause::Timer`]: timers due at `now`). So the events of an instant, however many, beat a
//! timer due at it, for the host calls the timer after them; and a host that is late with a timer does not let an event overtake it.
//! An outcome that comes is not too late for the call that waits for it: that timer is for a host that says nothing.
//! Last, whatever the input was: when steps have set something in the profile, every instance's conditions that lead out. A step runs at the time it runs: a wait that ended late makes the next one begin late, so nobody gets three nights of messages in one
//! second after an outage.
//!
//! Work beyond the budget is left over, and whoever it is left of is where they were: an entrance at the same event finds them inside, and
//! others go on before what they will set. Within one instance nothing else comes of it.
//!
//! | module | is |
//! |---|---|
//! | [`input`] | [`Input`], [`Cause`], [`Outcome`], [`Choice`] |
//! | `result` | the inputs that are no event and no timer |
//! | `world` | what the instances share during one `advance` |
//! | `live` | one instance while it runs: variables, expressions, reports |
//! | `flow` | what a step comes to |
//! | `run` | the node loop: all control flow of an instance |
//! | `listen`, `event`, `enter`, `exit` | events: hearing, arriving, coming in, going out |
//! | `wait`, `timer` | points in time, and what is due |
//! | `call` (and `address`), `outcome` | calls out and back |
//! | `turns` | instance after instance |
//! | `texts` | the memory of texts that a host gave back |
//! | `trace` | why a decision fell as it did |

mod address;
mod call;
mod enter;
mod event;
mod exit;
mod flow;
pub mod input;
mod listen;
mod live;
mod outcome;
mod result;
mod run;
mod texts;
mod timer;
mod trace;
mod turns;
mod wait;
mod world;

pub use input::{Cause, Choice, Input, Outcome};
pub use world::Workspace;

use crate::deployment::Deployment;
use crate::effects::Effects;
use crate::ids::Instant;
use crate::person::{Person, State};
use world::World;

/// Advances one person. `now` is the host's clock; an instant before the person's last one counts as that one, so a clock
/// that steps back un-fires nothing. Call results must be given once `now` is known, by a host that was away before anything else that
/// it has; one for a call that is no longer waited for is ignored.
///
/// Instances of a program that is not in force rest untouched, whatever happens: a host keeps what it has for them (the outcome of a
/// call, an operator's stop) until [`Deployment::find`] knows the program again; given before, it is as if it had not come. What was due
/// meanwhile ([`Person::next_due`]) is due then.
///
/// # Panics
/// When the profile or the event was read for another deployment ([`ProfileRecord::is_of`](crate::deployment::ProfileRecord::is_of),
/// [`Scanned::is_of`](crate::deployment::Scanned::is_of)): its values would be taken for those of other fields.
pub fn advance(
    deployment: &Deployment,
    person: &mut Person,
    input: Input<'_>,
    now: Instant,
) -> Effects {
    advance_in(&mut Workspace::default(), deployment, person, input, now)
}

/// The same, in memory that a host keeps from one `advance` to the next.
pub fn advance_in(
    workspace: &mut Workspace,
    deployment: &Deployment,
    person: &mut Person,
    input: Input<'_>,
    now: Instant,
) -> Effects {
    let now = now.max(person.at);
    person.at = now;
    assert!(
        input.profile.is_of(deployment),
        "the profile was read for another deployment"
    );
    if let Cause::Event(scanned) = input.cause {
        let is_of = scanned.is_of(deployment);
        assert!(is_of, "the event was scanned for another deployment");
    }
    // Who it is lies with the world meanwhile: instances are taken out of the person and put back.
    let who = (
        std::mem::take(&mut person.namespace),
        std::mem::take(&mut person.id),
    );
    let mut world = World::new(workspace, deployment, who, &input, now);
    timer::resume(&mut world, person);
    if let Cause::CallResult { call, .. } = input.cause {
        result::coming(&world, person, call);
    }
    timer::fire_until(&mut world, person, Instant(now.0.saturating_sub(1)));
    match input.cause {
        Cause::Event(scanned) => event::arrive(&mut world, person, scanned),
        Cause::CallResult { call, outcome } => result::arrive(&mut world, person, call, outcome),
        Cause::ProfileChanged => result::profile_changed(&mut world, person),
        Cause::Stop(seq) => result::stop(&mut world, person, seq),
        Cause::Timer => timer::fire_until(&mut world, person, now),
        Cause::Continue => {}
    }
    result::heed_updates(&mut world, person);
    let World {
        mut effects,
        namespace,
        person: id,
        ..
    } = world;
    (person.namespace, person.id) = (namespace, id);
    let in_force = || {
        person
            .instances
            .iter()
            .filter(|instance| deployment.find(instance.program).is_some())
    };
    effects.more = in_force().any(|instance| matches!(instance.state, State::Running { .. }));
    effects.next_due = in_force()
        .map(|instance| instance.due())
        .min()
        .filter(|due| *due < Instant::FAR);
    effects
}
