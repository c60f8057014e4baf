//! What a scan makes of an event.
//!
//! Comes in: nothing; this is plain data. Goes out: the same: matches, each with the person it is about, and the records that
//! expressions read. Never true here: a person's state; whether anybody waits for the event.

use super::programs::Deployment;
use crate::read::Rejection;
use crate::record::Record;
use journey_artifact::model::EventId;
use std::sync::Arc;

/// A declared event that a document is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Match {
    /// Index of the program in the deployment.
    pub program: usize,
    /// The declaration in that program.
    pub event: EventId,
    /// Identity namespace of the person it is about.
    pub namespace: Arc<str>,
    /// Identity in that namespace.
    pub id: String,
    /// Hash that two deliveries of the same event share.
    pub dedupe: Option<u64>,
    /// For how long they count as the same, in milliseconds.
    pub window_ms: u64,
    pub(super) record: usize,
    pub(super) order: u32,
}

impl Match {
    /// The person it is about: namespace and id.
    fn person(&self) -> (&str, &str) {
        (&self.namespace, &self.id)
    }
}

/// A declared event that a document is, about nobody who can be named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unaddressed {
    /// Index of the program in the deployment.
    pub program: usize,
    /// The declaration in that program.
    pub event: EventId,
    /// Whether an expression could not be evaluated within bounds; otherwise the key has no value, or none that can be one.
    pub fault: bool,
    pub(super) order: u32,
}

/// What a document is.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scanned {
    /// The declared events that it is and that a journey uses, by program and declaration. Empty: an event with no journey.
    pub matches: Vec<Match>,
    /// Declared events that it is, but whose key gives nobody.
    pub unaddressed: Vec<Unaddressed>,
    /// Schemas (`$id`) that the document cannot be of as some program reads it, when it is an event of another: each with the
    /// first thing that is wrong. Versions of a schema that disagree about a field are told apart.
    pub rejections: Vec<(String, Rejection)>,
    pub(super) records: Vec<Record>,
    pub(super) of: u64,
}

impl Scanned {
    /// Whether it was scanned by these programs: a host that scans ahead and puts others into force scans it again.
    pub fn is_of(&self, deployment: &Deployment) -> bool {
        self.of == deployment.mark()
    }

    /// The record of a match.
    pub(crate) fn record(&self, found: &Match) -> Option<&Record> {
        self.records.get(found.record)
    }

    /// The people it is about: namespace and id, each once, in the order of the matches.
    pub fn people(&self) -> impl Iterator<Item = (&str, &str)> {
        let people = self.matches.iter().map(Match::person).enumerate();
        people.filter_map(|(at, person)| {
            let mut before = self.matches[..at].iter();
            (!before.any(|other| other.person() == person)).then_some(person)
        })
    }
}
