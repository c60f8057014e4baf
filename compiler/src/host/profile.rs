//! One person's profile: the text it came as, and what the programs in force read of it.
//!
//! Comes in: JSON text, values to set. Goes out: the record that the machine takes, or the profile as a tree. A value that has a
//! slot of its own is set there and told the text when somebody asks for that; every other one is set in the text, which is read
//! again. A value after which a program could not read it that could before comes out again: it is not set, the others are, whatever
//! another program cannot read. Never true here: a record that says something else than the text with what was set since, in another order.

use super::patch;
use journey_machine::deployment::{Deployment, ProfileRecord};
use journey_machine::effects::ProfileUpdate;
use journey_machine::read::{Reader, Rejection};
use journey_machine::value::{Value, to_json};
use serde_json::Value as Json;
use std::rc::Rc;
use std::slice::from_ref;

/// A profile; of somebody of whom nothing is known it has no text.
pub struct Profile {
    text: Option<Rc<str>>,
    /// What was set since, one value a path, in order.
    updates: Vec<(String, Value)>,
    record: ProfileRecord,
}

/// Memory for reading and changing profiles, one after another.
#[derive(Default)]
pub struct Room {
    reader: Reader,
    text: String,
}

impl Profile {
    /// Of somebody of whom nothing is known: `record` says so.
    pub fn unknown(record: ProfileRecord) -> Profile {
        Profile {
            text: None,
            updates: Vec::new(),
            record,
        }
    }

    /// What a text says. The text is shared until it changes.
    pub fn read(
        room: &mut Room,
        deployment: &Deployment,
        text: Rc<str>,
    ) -> Result<Profile, Rejection> {
        let record = ProfileRecord::scan_with(&mut room.reader, deployment, text.as_bytes())?;
        Ok(Profile {
            text: Some(text),
            updates: Vec::new(),
            record,
        })
    }

    /// Whether anything is known.
    pub fn is_known(&self) -> bool {
        self.text.is_some()
    }

    /// What the programs in force read of it.
    pub fn record(&self) -> &ProfileRecord {
        &self.record
    }

    /// All of it, as a tree; `None` when nothing is known.
    pub fn json(&self) -> Option<Json> {
        let mut text = self.text.as_deref()?.to_owned();
        self.write_updates(&mut text);
        serde_json::from_str(&text).ok()
    }

    /// Sets values, in order. Of one that is not set, since the profile could not be read with it, goes out why.
    pub fn update(
        &mut self,
        room: &mut Room,
        deployment: &Deployment,
        updates: impl Iterator<Item = ProfileUpdate> + AsRef<[ProfileUpdate]>,
    ) -> Vec<Rejection> {
        let fields = updates.as_ref().iter();
        let fields = fields.map(|of| (of.path.as_str(), &of.value));
        if self.is_known() && self.record.set(deployment, fields) {
            for ProfileUpdate { path, value, .. } in updates {
                self.note(path, value);
            }
            return Vec::new();
        }
        let updates = updates.as_ref();
        match (self.rewrite(room, deployment, updates), updates) {
            (Ok(()), _) => Vec::new(),
            (Err(rejection), [_]) => vec![rejection],
            // Those that can be set are; the fields of one record, which may need one another, together if that can be.
            (Err(_), all) => {
                let mut refused = Vec::new();
                for fields in all.chunk_by(are_of_one) {
                    if fields.len() < 2 || self.rewrite(room, deployment, fields).is_err() {
                        let each = fields.iter();
                        refused.extend(
                            each.filter_map(|one| {
                                self.rewrite(room, deployment, from_ref(one)).err()
                            }),
                        );
                    }
                }
                refused
            }
        }
    }

    /// Notes a value. One that it overwrites gives its place, as in the text, unless what is around it or in it was set in between.
    fn note(&mut self, path: String, value: Value) {
        if let Some(at) = self.updates.iter().position(|(known, _)| *known == path) {
            let touches = |(of, _): &(String, Value)| is_inside(of, &path) || is_inside(&path, of);
            if !self.updates[at + 1..].iter().any(touches) {
                self.updates[at].1 = value;
                return;
            }
            self.updates.remove(at);
        }
        self.updates.push((path, value));
    }

    /// Sets values in the text, and reads that: all of them, or none when somebody who could read the text then could not.
    fn rewrite(
        &mut self,
        room: &mut Room,
        deployment: &Deployment,
        updates: &[ProfileUpdate],
    ) -> Result<(), Rejection> {
        let text = &mut room.text;
        text.clear();
        text.push_str(self.text.as_deref().unwrap_or("{}"));
        self.write_updates(text);
        for (at, ProfileUpdate { path, value, .. }) in updates.iter().enumerate() {
            // The first of a path gives its place and the last its value, unless what is around it was set in between.
            let is_same = |it: &ProfileUpdate| it.path == *path;
            let before = updates[..at].iter().rev();
            let mut before = before.take_while(|it| !is_inside(path, &it.path));
            if !(before.any(is_same) && updates[at + 1..].iter().any(is_same)) {
                patch::set(text, path, &to_json(value));
            }
        }
        let (reader, bytes) = (&mut room.reader, text.as_bytes());
        self.record = ProfileRecord::scan_after(reader, deployment, bytes, &self.record)?;
        self.updates.clear();
        self.text = Some(text.as_str().into());
        Ok(())
    }

    fn write_updates(&self, text: &mut String) {
        for (path, value) in &self.updates {
            patch::set(text, path, &to_json(value));
        }
    }
}

/// Whether a path leads to something in what another one leads to.
fn is_inside(path: &str, other: &str) -> bool {
    let below = path.strip_prefix(other);
    below.is_some_and(|below| below.starts_with('.'))
}

/// Whether two fields lie in one record.
fn are_of_one(a: &ProfileUpdate, b: &ProfileUpdate) -> bool {
    let [a_around, b_around] = [a, b].map(|it| it.path.rsplit_once('.').map(|(at, _)| at));
    a.instance == b.instance && a_around == b_around
}
