//! One person's profile: the text it came as, and what the programs in force read of it.
//!
//! Comes in: JSON text, values to set. Goes out: the record that the machine takes, or the profile as a tree. A value that has a
//! slot of its own is set there and told the text when somebody asks for that; every other one is set in the text, which is read
//! again.
//! Never true here: a record that says something else than the text with what was set since, as long as that can be read.

use super::patch;
use journey_machine::deployment::{Deployment, ProfileRecord};
use journey_machine::effects::ProfileUpdate;
use journey_machine::read::{Reader, Rejection};
use journey_machine::value::{Value, to_json};
use serde_json::Value as Json;
use std::rc::Rc;

/// A profile; of somebody of whom nothing is known it has no text.
pub struct Profile {
    text: Option<Rc<str>>,
    /// What was set since, one value a path, in order.
    updates: Vec<(String, Value)>,
    record: ProfileRecord,
    /// Whether the text could be read when it was last changed; else the record is of the text before.
    is_read: bool,
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
            is_read: true,
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
            is_read: true,
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

    /// Sets values, in order.
    pub fn update(
        &mut self,
        room: &mut Room,
        deployment: &Deployment,
        updates: impl Iterator<Item = ProfileUpdate> + AsRef<[ProfileUpdate]>,
    ) {
        let fields = updates
            .as_ref()
            .iter()
            .map(|of| (of.path.as_str(), &of.value));
        let is_set = self.is_known() && self.is_read && self.record.set(deployment, fields);
        for ProfileUpdate { path, value, .. } in updates {
            // The one before would be overwritten.
            self.updates.retain(|(known, _)| *known != path);
            self.updates.push((path, value));
        }
        if is_set {
            return;
        }
        let text = &mut room.text;
        text.clear();
        text.push_str(self.text.as_deref().unwrap_or("{}"));
        self.write_updates(text);
        self.updates.clear();
        // Typed values at typed places: what the machine wrote it can read. Should it not, the record it has stays in force.
        let read = ProfileRecord::scan_with(&mut room.reader, deployment, text.as_bytes());
        self.is_read = read.is_ok();
        if let Ok(record) = read {
            self.record = record;
        }
        self.text = Some(text.as_str().into());
    }

    fn write_updates(&self, text: &mut String) {
        for (path, value) in &self.updates {
            patch::set(text, path, &to_json(value));
        }
    }
}
