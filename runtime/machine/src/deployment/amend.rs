//! Where a value that is set in a profile goes in what was read of it, without its text.
//!
//! Comes in: a common plan, a path ([`journey_artifact::path`]), a value. Goes out: the slot that takes it and its word, that nobody
//! reads the field, or that only the text can tell. Never true here: a text; a value that a reader of its JSON would refuse or change.

use crate::value::Value;
use journey_artifact::model::{Artifact, PlanNode, SlotIx, Want};
use journey_artifact::path;
use journey_artifact::word::{WordType, date_time_word};

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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::read::{Limits, read};
    use crate::record::Record;
    use crate::value::to_json;
    use journey_artifact::model::{Plan, Shape, Slot, StrId};
    use journey_artifact::word::{Region, ShapeId};

    const TYPES: [WordType; 5] = [
        WordType::Int,
        WordType::DateTime,
        WordType::Bool,
        WordType::Str,
        WordType::Bool,
    ];

    /// `a: { at, here, n, name }`, and `there`, an object whose presence is noted.
    pub fn artifact() -> Artifact {
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

    pub fn record(artifact: &Artifact, text: &str) -> Record {
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
