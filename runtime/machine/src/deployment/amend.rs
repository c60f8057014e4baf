//! Fields of a profile set in what was read of it, without its text.
//!
//! Comes in: a plan, paths ([`journey_artifact::path`]), values. Goes out: from [`place`], for a common plan, the slot that takes a value and its
//! word, that nobody reads the field, or that only the text can tell; from [`tell`], one program's record with the values in it, or with the
//! parts of them that are read, until the text is read again. Never true here: a text; from `place`, a value that a reader of its JSON would
//! refuse or change; from `tell`, a value of which a part is in the record, or one that is not there for what it overwrites or overwrote.

use crate::effects::ProfileUpdate;
use crate::fault::Fault;
use crate::record::{self, Kept, Record, Regions};
use crate::value::{Value, from_word, to_word};
use journey_artifact::graph::UpdateField;
use journey_artifact::model::{Artifact, Plan, PlanNode, Shape, SlotIx, Want};
use journey_artifact::path;
use journey_artifact::word::{Region, ShapeId, WordType, date_time_word};
use std::slice::from_ref;

/// Milliseconds of the years 1 to 9998, whose dates every reader takes.
const PLAIN_MS: std::ops::Range<i64> = -62_135_596_800_000..253_370_764_800_000;

/// What setting a field comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Nobody reads it.
    Unread,
    /// The slot of the root row that takes it, and its word.
    Slot(SlotIx, u64),
}

/// Where a value at a path goes; `None`: the text has to be read.
pub fn place(artifact: &Artifact, root: &PlanNode, path: &str, value: &Value) -> Option<Place> {
    let mut at = root;
    for key in path::names(path) {
        let Want::Object(fields) = &at.want else {
            return None;
        };
        // An object whose presence is noted, or that must have other fields, may come into being by this one.
        if at.slot.is_some() || fields.iter().any(|(_, field)| field.required) {
            return None;
        }
        let mut fields = fields.iter();
        match fields.find(|(id, _)| artifact.text(*id) == key) {
            None => return Some(Place::Unread),
            Some((_, field)) => at = field,
        }
    }
    let Want::Scalar(ty) = at.want else {
        return None;
    };
    let word = word(ty, value)?;
    Some(
        at.slot
            .map_or(Place::Unread, |slot| Place::Slot(slot, word)),
    )
}

/// The word that a value becomes when its JSON is read as of this type. What refers to text is read.
fn word(ty: WordType, value: &Value) -> Option<u64> {
    match (ty, value) {
        (WordType::Bool, Value::Bool(value)) => Some(u64::from(*value)),
        (WordType::Int, Value::Integer(value)) => Some(*value as u64),
        (WordType::DateTime, Value::DateTime(ms, offset)) if PLAIN_MS.contains(ms) => {
            date_time_word(*ms, *offset)
        }
        _ => None,
    }
}

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
            from_word(self.artifact, &regions, word, WordType::List(row))
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
    use super::*;
    use crate::read::{Limits, read};
    use crate::value::to_json;
    use journey_artifact::model::{Plan, Shape, Slot, StrId};
    use journey_artifact::word::Region;

    const TYPES: [WordType; 5] = [
        WordType::Int,
        WordType::DateTime,
        WordType::Bool,
        WordType::Str,
        WordType::Bool,
    ];

    /// `a: { at, here, n, name }`, and `there`, an object whose presence is noted.
    fn artifact() -> Artifact {
        let strings = ["", "a", "at", "here", "n", "name", "there", "x"];
        let node = |slot, want| PlanNode {
            slot,
            required: false,
            want,
        };
        let scalar = |slot: u16| node(Some(slot), Want::Scalar(TYPES[usize::from(slot)]));
        let fields = vec![
            (StrId(2), scalar(1)),
            (StrId(3), scalar(2)),
            (StrId(4), scalar(0)),
            (StrId(5), scalar(3)),
        ];
        let below = vec![(StrId(7), node(None, Want::Scalar(WordType::Int)))];
        let root = vec![
            (StrId(1), node(None, Want::Object(fields))),
            (StrId(6), node(Some(4), Want::Object(below))),
        ];
        let slot = |ty| Slot { name: StrId(0), ty };
        Artifact {
            strings: strings.into_iter().collect(),
            shapes: vec![Shape {
                slots: TYPES.map(slot).to_vec(),
            }],
            plans: vec![Plan {
                schema: StrId(0),
                shape: ShapeId(0),
                root: node(None, Want::Object(root)),
            }],
            ..Artifact::default()
        }
    }

    fn record(artifact: &Artifact, text: &str) -> Record {
        let plan = &artifact.plans[0];
        let limits = Limits::default();
        read(artifact, plan, text.as_bytes(), Region::Profile, &limits).expect(text)
    }

    #[test]
    fn a_value_set_is_the_value_read() {
        let artifact = artifact();
        let (root, shape) = (&artifact.plans[0].root, &artifact.shapes[0]);
        let values = [
            ("at", Value::DateTime(1_772_434_833_370, 60)),
            ("at", Value::DateTime(-1, -90)),
            ("at", Value::DateTime(PLAIN_MS.start, 0)),
            ("at", Value::DateTime(PLAIN_MS.end - 1, 1_080)),
            ("here", Value::Bool(true)),
            ("here", Value::Bool(false)),
            ("n", Value::Integer(i64::MIN)),
            ("n", Value::Integer(7)),
        ];
        for (key, value) in values {
            let path = format!("a.{key}");
            let Some(Place::Slot(slot, word)) = place(&artifact, root, &path, &value) else {
                panic!("{path} {value:?}");
            };
            let mut set = record(&artifact, "{}");
            set.set(shape, slot, word);
            let text = format!("{{\"a\":{{\"{key}\":{}}}}}", to_json(&value));
            assert_eq!(set.words, record(&artifact, &text).words, "{text}");
        }
    }

    #[test]
    fn what_only_the_text_can_tell_is_left_to_it() {
        let artifact = artifact();
        let root = &artifact.plans[0].root;
        let one = Value::Integer(1);
        for path in ["b", "b.n", "a.b.c"] {
            assert_eq!(place(&artifact, root, path, &one), Some(Place::Unread));
        }
        let text = Value::String("x".into());
        let late = Value::DateTime(PLAIN_MS.end, 0);
        for (path, value) in [
            ("a", &one),
            ("a.n.x", &one),
            ("a.at", &one),
            ("a.at", &late),
            ("a.name", &text),
            ("there.x", &one),
        ] {
            assert_eq!(place(&artifact, root, path, value), None, "{path}");
        }
    }

    #[test]
    fn an_object_that_must_have_another_field_is_left_to_the_text() {
        let mut artifact = artifact();
        let Want::Object(fields) = &mut artifact.plans[0].root.want else {
            panic!("an object");
        };
        let Want::Object(fields) = &mut fields[0].1.want else {
            panic!("an object");
        };
        fields[3].1.required = true;
        let root = &artifact.plans[0].root;
        assert_eq!(place(&artifact, root, "a.n", &Value::Integer(1)), None);
    }
}
