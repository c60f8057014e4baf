//! Everybody a host knows: found by identity, kept by number.
//!
//! Comes in: identities, already hashed. Goes out: people, by a number that never changes. Memory that will be read can be asked
//! for ahead, one level of what refers to what after another, so that nobody waits for it when it is their turn.
//! Never true here: time, a turn.

use super::identities::{Hashed, Identities};
use super::profile::Profile;
use super::queue::Place;
use journey_machine::deployment::ProfileRecord;
use journey_machine::fetch;
use journey_machine::person::Person;

/// Somebody who is known: an index that never changes.
pub type Who = usize;

/// Somebody who is known.
pub struct Somebody {
    /// Their state.
    pub person: Person,
    /// Their profile.
    pub profile: Profile,
    /// Where in time their next turn stands.
    pub timer: Option<Place>,
    /// Whether their profile was asked for.
    pub asked: bool,
}

/// Everybody.
#[derive(Default)]
pub struct People {
    everybody: Vec<Somebody>,
    by_identity: Identities,
}

/// How near somebody's memory is asked to come. Each step needs that the one before has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// What is known of them first.
    Head,
    /// What that refers to.
    Lists,
    /// And what that refers to.
    Values,
}

impl People {
    /// How many.
    pub fn count(&self) -> usize {
        self.everybody.len()
    }

    /// Somebody.
    pub fn get(&self, who: Who) -> Option<&Somebody> {
        self.everybody.get(who)
    }

    /// Somebody, to be changed.
    pub fn get_mut(&mut self, who: Who) -> Option<&mut Somebody> {
        self.everybody.get_mut(who)
    }

    /// Finds somebody who is known.
    pub fn find(&self, of: Hashed<'_>) -> Option<Who> {
        self.by_identity.find(of).map(|who| who as Who)
    }

    /// Finds somebody, or makes their acquaintance; then nothing is known of them but what `nobody` says.
    pub fn meet(&mut self, of: Hashed<'_>, nobody: &ProfileRecord) -> Who {
        if let Some(who) = self.find(of) {
            return who;
        }
        let (namespace, id) = of.texts();
        let who = self.everybody.len();
        self.everybody.push(Somebody {
            person: Person::new(namespace, id),
            profile: Profile::unknown(nobody.clone()),
            timer: None,
            asked: false,
        });
        self.by_identity.insert(of, who as u32);
        who
    }

    /// Who is who.
    pub fn identities(&self) -> &Identities {
        &self.by_identity
    }

    /// Asks for somebody's memory.
    pub fn fetch(&self, who: Who, step: Step) {
        let Some(somebody) = self.everybody.get(who) else {
            return;
        };
        match step {
            Step::Head => fetch(somebody),
            Step::Lists => {
                somebody.person.fetch();
                somebody.profile.record().fetch();
            }
            Step::Values => {
                somebody.person.fetch_variables();
                somebody.profile.record().fetch_values();
            }
        }
    }

    /// Everybody's state.
    pub fn into_persons(self) -> Vec<Person> {
        let everybody = self.everybody.into_iter();
        everybody.map(|somebody| somebody.person).collect()
    }
}
