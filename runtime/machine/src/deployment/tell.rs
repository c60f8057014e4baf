//! Values that steps set, in what one program has read of a profile, until the text is read again.
//!
//! Comes in: the program's plan and record, updates in order. Goes out: the record with the values in it, or with the parts of them that
//! are read. Never true here: a value of which a part is in the record; one that is not there for what it overwrites or was overwritten.

use crate::effects::ProfileUpdate;
use crate::fault::Fault;
use crate::record::{self, Kept, Record, Regions};
use crate::value::{Value, to_word, with_presence};
use journey_artifact::graph::UpdateField;
use journey_artifact::model::{Artifact, Plan, PlanNode, Shape, SlotIx, Want};
use journey_artifact::path;
use journey_artifact::word::{Region, ShapeId, WordType};
use std::slice::from_ref;

/// What is about to be set in the root row, in order: none of it shows before all of it has room.
#[derive(Debug, Default)]
pub struct Ready {
    slots: Vec<(SlotIx, Option<u64>)>,
    /// Maps with entries to set: one is read once and written once, however many they are.
    maps: Vec<(SlotIx, ShapeId, Value)>,
}

/// A field that a program's own step sets, as the program has it, and the value.
pub type Own<'a> = (&'a UpdateField, Kept);

/// Sets values, in order, in a record that was read by this plan; `own` says where those of a step of its own program go. A value of another
/// type than the plan's leaves what was there. So does one for which there is no room beside what else is read: with it the text would be too
/// large to be read, and the host does not keep it.
pub fn tell(
    artifact: &Artifact,
    plan: &Plan,
    record: &mut Record,
    ready: &mut Ready,
    updates: &[ProfileUpdate],
    own: &[Own<'_>],
) {
    let Some(shape) = artifact.shapes.get(plan.shape.0 as usize) else {
        return;
    };
    let (words, text) = (record.words.len(), record.text.len());
    let mut told = Told {
        artifact,
        shape,
        before: None,
        record,
        ready,
    };
    if told.write(plan, updates, own).is_ok() {
        return told.show();
    }
    record.words.truncate(words);
    record.text.truncate(text);
    // There is more room in a record without what was overwritten, now and before.
    let mut fresh = Record::new(shape);
    let mut told = Told {
        artifact,
        shape,
        before: Some(record),
        record: &mut fresh,
        ready,
    };
    let done = told.write(plan, updates, own);
    if done.and_then(|()| told.copy_others()).is_ok() {
        told.show();
        *record = fresh;
    } else if updates.len() > 1 {
        // Those for which there is room are set.
        for (at, update) in updates.iter().enumerate() {
            let own = own.get(at).map(from_ref).unwrap_or_default();
            tell(artifact, plan, record, ready, from_ref(update), own);
        }
    }
}

struct Told<'a> {
    artifact: &'a Artifact,
    shape: &'a Shape,
    /// What the record is made from, unless it is this one.
    before: Option<&'a Record>,
    record: &'a mut Record,
    ready: &'a mut Ready,
}

impl Told<'_> {
    /// Writes values behind the others, and what the root row is to say of them.
    fn write(
        &mut self,
        plan: &Plan,
        updates: &[ProfileUpdate],
        own: &[Own<'_>],
    ) -> Result<(), Fault> {
        self.ready.slots.clear();
        self.ready.maps.clear();
        for (at, ProfileUpdate { path, value, .. }) in updates.iter().enumerate() {
            let mut slot = None;
            if let Some((field, kept)) = own.get(at) {
                let there = field.there.iter().map(|there| (*there, Some(1)));
                self.ready.slots.extend(there);
                slot = field.slot.map(|slot| (slot, kept));
            }
            match slot {
                // As whoever reads the profile anew finds it: what is only known to be there does not leave, so it is not kept.
                Some((slot, kept)) if matches!(kept.ty, WordType::List(_) | WordType::Row(_)) => {
                    let to = &mut *self.record;
                    let word = to_word(self.artifact, value, kept.ty, to, Region::Profile)?;
                    if word.is_some() {
                        self.set(slot, word);
                    }
                }
                Some((slot, kept)) => {
                    let from = Regions::only(&kept.record);
                    let (word, ty, to) = (kept.word, kept.ty, &mut *self.record);
                    let word =
                        record::copy_word(self.artifact, &from, word, ty, to, Region::Profile)?;
                    self.set(slot, Some(word));
                }
                // What is read of it are parts, if anything.
                None => self.find(&plan.root, path, value)?,
            }
        }
        let Ready { slots, maps } = &mut *self.ready;
        for (slot, row, whole) in maps.drain(..) {
            let ty = WordType::List(row);
            let word = to_word(self.artifact, &whole, ty, self.record, Region::Profile)?;
            slots.extend(word.map(|word| (slot, Some(word))));
        }
        Ok(())
    }

    /// Copies what is not set now.
    fn copy_others(&mut self) -> Result<(), Fault> {
        let Some(before) = self.before else {
            return Ok(());
        };
        let from = Regions::only(before);
        for (slot, of) in (0..).zip(&self.shape.slots) {
            if self.ready.slots.iter().any(|(set, _)| *set == slot) {
                continue;
            }
            if let Some(word) = before.get(self.shape, slot) {
                let (artifact, to) = (self.artifact, &mut *self.record);
                let word = record::copy_word(artifact, &from, word, of.ty, to, Region::Profile)?;
                self.record.set(self.shape, slot, word);
            }
        }
        Ok(())
    }

    /// Makes the root row say what was written.
    fn show(&mut self) {
        for (slot, word) in self.ready.slots.drain(..) {
            match word {
                Some(word) => self.record.set(self.shape, slot, word),
                None => self.record.clear(self.shape, slot),
            }
        }
    }

    /// Writes a value at its place below a node.
    fn find(&mut self, root: &PlanNode, path: &str, value: &Value) -> Result<(), Fault> {
        let mut at = root;
        let mut rest = Some(path);
        while let Some(path) = rest {
            if let Want::Map(row, _) = at.want {
                return self.put_entry(at, row, path, value);
            }
            // What a field is set in is there.
            if matches!(at.want, Want::Object(_) | Want::Any) {
                self.put_word(at, Some(1));
            }
            let Want::Object(fields) = &at.want else {
                return Ok(());
            };
            let (key, below) = path::first(path);
            let mut fields = fields.iter();
            let Some((_, field)) = fields.find(|(id, _)| self.artifact.text(*id) == key) else {
                return Ok(());
            };
            (at, rest) = (field, below);
        }
        self.put(at, value)
    }

    fn put(&mut self, node: &PlanNode, value: &Value) -> Result<(), Fault> {
        let ty = match (&node.want, value) {
            (_, Value::Missing) => {
                self.clear(node);
                return Ok(());
            }
            (Want::Object(fields), Value::Record(_)) => {
                self.put_word(node, Some(1));
                for (id, field) in fields {
                    let value = value.field(self.artifact.text(*id));
                    self.put(field, value.unwrap_or(&Value::Missing))?;
                }
                return Ok(());
            }
            (Want::Object(_), _) => return Ok(()),
            (Want::Any, _) => {
                self.put_word(node, Some(1));
                return Ok(());
            }
            (Want::Scalar(ty), _) => *ty,
            (Want::Enum(_), _) => WordType::Str,
            (Want::List(row, _) | Want::Map(row, _), _) => WordType::List(*row),
        };
        let word = to_word(self.artifact, value, ty, self.record, Region::Profile)?;
        self.put_word(node, word);
        Ok(())
    }

    /// Notes a value in a map, at a path in it; the map is written when all are noted.
    fn put_entry(
        &mut self,
        map: &PlanNode,
        row: ShapeId,
        path: &str,
        value: &Value,
    ) -> Result<(), Fault> {
        let Some(slot) = map.slot else {
            return Ok(());
        };
        let known = self
            .ready
            .maps
            .iter()
            .position(|(known, ..)| *known == slot);
        let known = match known {
            Some(known) => known,
            None => {
                let whole = self.whole(slot, row)?;
                self.ready.maps.push((slot, row, whole));
                self.ready.maps.len() - 1
            }
        };
        let mut at = &mut self.ready.maps[known].2;
        for name in path::names(path) {
            if !matches!(at, Value::Record(_)) {
                *at = Value::Record(Vec::new());
            }
            let Value::Record(fields) = at else {
                return Ok(());
            };
            let known = fields.iter().position(|(known, _)| *known == name);
            let ix = known.unwrap_or_else(|| {
                fields.push((name.into_owned(), Value::Missing));
                fields.len() - 1
            });
            at = &mut fields[ix].1;
        }
        *at = value.clone();
        Ok(())
    }

    /// A map, as it is once what was written shows.
    fn whole(&self, slot: SlotIx, row: ShapeId) -> Result<Value, Fault> {
        let written = self.ready.slots.iter().rev().find(|(set, _)| *set == slot);
        let (record, word) = match written {
            Some((_, word)) => (&*self.record, *word),
            None => {
                let before = self.before.unwrap_or(self.record);
                (before, before.get(self.shape, slot))
            }
        };
        word.map_or(Ok(Value::Missing), |word| {
            let regions = Regions::only(record);
            with_presence(self.artifact, &regions, word, WordType::List(row))
        })
    }

    fn put_word(&mut self, node: &PlanNode, word: Option<u64>) {
        if let (Some(slot), Some(word)) = (node.slot, word) {
            self.set(slot, Some(word));
        }
    }

    /// A map that is set whole takes the place of its entries.
    fn set(&mut self, slot: SlotIx, word: Option<u64>) {
        let Ready { slots, maps } = &mut *self.ready;
        maps.retain(|(map, ..)| *map != slot);
        slots.push((slot, word));
    }

    fn clear(&mut self, node: &PlanNode) {
        if let Some(slot) = node.slot {
            self.set(slot, None);
        }
        if let Want::Object(fields) = &node.want {
            fields.iter().for_each(|(_, field)| self.clear(field));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::amend::tests::{artifact, record};
    use super::*;
    use crate::ids::InstanceId;
    use crate::record::MAX_TEXT;

    /// What these updates make of the record.
    fn told(artifact: &Artifact, record: &mut Record, updates: &[(&str, Value)]) {
        let update = |(path, value): &(&str, Value)| ProfileUpdate {
            instance: InstanceId(1),
            path: (*path).to_owned(),
            value: value.clone(),
        };
        let updates: Vec<ProfileUpdate> = updates.iter().map(update).collect();
        let ready = &mut Ready::default();
        tell(artifact, &artifact.plans[0], record, ready, &updates, &[]);
    }

    #[test]
    fn what_is_overwritten_gives_its_room_and_what_has_none_leaves_what_was_there() {
        let artifact = artifact();
        let shape = &artifact.shapes[0];
        let mut record = record(&artifact, r#"{"a":{"name":"old","n":1}}"#);
        let text = |c: &str, len| Value::String(c.repeat(len));
        let name = |record: &Record| {
            let word = record.get(shape, 3);
            word.and_then(|word| record.str(word)).map(str::to_owned)
        };
        for c in ["x", "y"] {
            told(&artifact, &mut record, &[("a.name", text(c, MAX_TEXT))]);
            assert_eq!(name(&record), Some(c.repeat(MAX_TEXT)));
        }
        let too_large = ("a.name", text("z", MAX_TEXT + 1));
        for updates in [
            vec![too_large.clone()],
            vec![("a.n", Value::Integer(7)), too_large.clone()],
            vec![too_large.clone(), ("there.x", Value::Integer(1))],
        ] {
            told(&artifact, &mut record, &updates);
            assert_eq!(name(&record), Some("y".repeat(MAX_TEXT)));
        }
        assert_eq!(
            (record.get(shape, 0), record.get(shape, 4)),
            (Some(7), Some(1))
        );
        // Nor is a record there in part.
        let fields = vec![
            ("n".to_owned(), Value::Integer(8)),
            ("name".to_owned(), text("z", MAX_TEXT + 1)),
        ];
        told(&artifact, &mut record, &[("a", Value::Record(fields))]);
        assert_eq!(record.get(shape, 0), Some(7));
        assert_eq!(name(&record), Some("y".repeat(MAX_TEXT)));
    }
}
