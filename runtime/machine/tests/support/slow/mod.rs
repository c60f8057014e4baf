//! The slow reader: one pass of `serde_json`, steered by the plan value by value, with paths and rows as it goes. It is what
//! the machine read by before it had an index, and shares nothing with what it reads by now but limits and time texts.
#![allow(dead_code)]

mod leaves;

use journey_artifact::model::{Artifact, Plan, PlanNode, Shape, StrId, Want};
use journey_artifact::word::{Ref, Region, ShapeId, WordType};
use journey_machine::read::{Limits, RejectCode, Rejection};
use journey_machine::record::arena::{set_slot, shape_of};
use journey_machine::record::{MAX_WORDS, Record};
use leaves::{Key, Presence, Seen, asked, exact_integer, expected, is_time, nesting, time_word};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Reads a document into a record of `region` by a plan.
pub fn read(
    artifact: &Artifact,
    plan: &Plan,
    bytes: &[u8],
    region: Region,
    limits: &Limits,
) -> Result<Record, Rejection> {
    let refuse = |code, expected: String, found: String| Rejection {
        code,
        path: String::new(),
        expected,
        found,
    };
    if bytes.len() > limits.bytes {
        return Err(refuse(
            RejectCode::TooLarge,
            format!("at most {} bytes", limits.bytes),
            format!("{} bytes", bytes.len()),
        ));
    }
    if nesting(bytes) > limits.nesting {
        return Err(refuse(
            RejectCode::TooDeep,
            format!("nesting of at most {}", limits.nesting),
            "deeper nesting".into(),
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        refuse(
            RejectCode::Syntax,
            "UTF-8 text".into(),
            format!("an invalid byte at {}", error.valid_up_to()),
        )
    })?;
    let corrupt = || {
        refuse(
            RejectCode::Syntax,
            "a valid plan".into(),
            "a corrupt one".into(),
        )
    };
    let shape = shape_of(&artifact.shapes, plan.shape).map_err(|_| corrupt())?;
    let mut row = vec![0; shape.stride()];
    let mut walk = Walk {
        artifact,
        region,
        limits,
        record: Record::default(),
        path: Vec::new(),
        rejection: None,
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let node = Node {
        walk: &mut walk,
        plan: &plan.root,
        shape,
        row: &mut row,
    };
    let there = node.deserialize(&mut json);
    let there = there.and_then(|there| json.end().map(|()| there));
    let there = there.map_err(|error| {
        walk.rejection.take().unwrap_or_else(|| {
            refuse(
                RejectCode::Syntax,
                "JSON".into(),
                format!(
                    "a mistake at line {} column {}",
                    error.line(),
                    error.column()
                ),
            )
        })
    })?;
    if !there && has_required(&plan.root) {
        return Err(refuse(
            RejectCode::MissingRequired,
            asked(&plan.root).into(),
            "nothing".into(),
        ));
    }
    let mut record = walk.record;
    record.root = record.words.len() as u32;
    record.words.append(&mut row);
    Ok(record)
}

/// Whether an object must have some of its fields: a document that is `null` has none of them.
fn has_required(node: &PlanNode) -> bool {
    matches!(&node.want, Want::Object(keys) if keys.iter().any(|(_, field)| field.required))
}

/// One step of a path.
enum Step {
    Key(StrId),
    Index(usize),
    Entry(String),
}

struct Walk<'a> {
    artifact: &'a Artifact,
    region: Region,
    limits: &'a Limits,
    record: Record,
    path: Vec<Step>,
    rejection: Option<Rejection>,
}

impl Walk<'_> {
    /// Notes the refusal (with the path as it stands) and gives the error that unwinds the walk.
    fn reject<E: serde::de::Error>(
        &mut self,
        code: RejectCode,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> E {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Key(id) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(self.text(*id));
                }
                Step::Index(ix) => path.push_str(&format!("[{ix}]")),
                Step::Entry(key) => path.push_str(&format!("[{key:?}]")),
            }
        }
        self.rejection = Some(Rejection {
            code,
            path,
            expected: expected.into(),
            found: found.into(),
        });
        E::custom("rejected")
    }

    /// What must be there is not.
    fn missing<E: serde::de::Error>(&mut self, plan: &PlanNode) -> E {
        self.reject(RejectCode::MissingRequired, asked(plan), "nothing")
    }

    fn text(&self, id: StrId) -> &str {
        self.artifact.strings.get(id.0 as usize).unwrap_or_default()
    }
}

/// A plan node about to meet its value, and the row that its slots are in.
struct Node<'n, 'a> {
    walk: &'n mut Walk<'a>,
    plan: &'n PlanNode,
    shape: &'n Shape,
    row: &'n mut [u64],
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    /// Whether it is more than `null`.
    type Value = bool;

    fn deserialize<D: serde::Deserializer<'de>>(
        mut self,
        deserializer: D,
    ) -> Result<bool, D::Error> {
        match self.plan.want {
            Want::Any => {
                let there = deserializer.deserialize_any(Presence)?;
                if there {
                    self.set(1);
                }
                Ok(there)
            }
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl Node<'_, '_> {
    fn set(&mut self, word: u64) {
        if let Some(slot) = self.plan.slot {
            set_slot(self.row, 0, self.shape.presence_words(), slot, word);
        }
    }

    fn wrong<E: serde::de::Error>(self, found: &str) -> E {
        let expected = asked(self.plan);
        self.walk.reject(RejectCode::WrongType, expected, found)
    }

    fn string<E: serde::de::Error>(&mut self, text: &str) -> Result<bool, E> {
        let word = self.walk.record.push_str(self.walk.region, text);
        let word = word.map_err(|_| {
            self.walk.reject(
                RejectCode::TooLarge,
                "text within the record's limit",
                "more",
            )
        })?;
        self.set(word);
        Ok(true)
    }

    fn number<E: serde::de::Error>(mut self, int: Option<i64>, value: f64) -> Result<bool, E> {
        let word = match self.plan.want {
            Want::Scalar(WordType::Int) => match int.or_else(|| exact_integer(value)) {
                Some(n) => n as u64,
                None if value.fract() == 0.0 => {
                    return Err(self.walk.reject(
                        RejectCode::WrongValue,
                        "a 64-bit integer",
                        "an integer out of range",
                    ));
                }
                None => return Err(self.wrong("number with a fraction")),
            },
            Want::Scalar(WordType::Dec) => value.to_bits(),
            _ => return Err(self.wrong("number")),
        };
        self.set(word);
        Ok(true)
    }

    /// Makes room for one more row, unless the rows of this list and the record would exceed the record's limit.
    fn add_row<E: serde::de::Error>(
        &mut self,
        rows: &mut Vec<u64>,
        stride: usize,
    ) -> Result<(), E> {
        if self.walk.record.words.len() + rows.len() + stride > MAX_WORDS {
            return Err(self.walk.reject(
                RejectCode::TooLarge,
                "rows within the record's limit",
                "more",
            ));
        }
        rows.resize(rows.len() + stride, 0);
        Ok(())
    }

    /// Lays rows down in the arena and gives the list's word.
    fn lay_down<E: serde::de::Error>(&mut self, rows: &[u64], count: usize) -> Result<bool, E> {
        if self.walk.record.words.len() + rows.len() + self.row.len() > MAX_WORDS {
            return Err(self.walk.reject(
                RejectCode::TooLarge,
                "rows within the record's limit",
                "more",
            ));
        }
        let at = self.walk.record.words.len() as u32;
        self.walk.record.words.extend_from_slice(rows);
        self.set(Ref::new(self.walk.region, count as u32, at).0);
        Ok(true)
    }

    fn rows_shape<E: serde::de::Error>(&mut self, id: ShapeId) -> Result<Shape, E> {
        match shape_of(&self.walk.artifact.shapes, id) {
            Ok(shape) => Ok(shape.clone()),
            Err(_) => Err(self
                .walk
                .reject(RejectCode::Syntax, "a valid plan", "a corrupt one")),
        }
    }

    fn object<'de, A: MapAccess<'de>>(
        mut self,
        keys: &[(StrId, PlanNode)],
        mut map: A,
    ) -> Result<bool, A::Error> {
        self.set(1);
        let (mut seen, mut given) = (Seen::new(keys.len()), Seen::new(keys.len()));
        loop {
            let artifact = self.walk.artifact;
            match map.next_key_seed(Key { keys, artifact })? {
                None => break,
                Some(None) => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(Some(ix)) => {
                    let (name, plan) = &keys[ix];
                    self.walk.path.push(Step::Key(*name));
                    if !seen.first_time(ix) {
                        return Err(self.walk.reject(
                            RejectCode::DuplicateKey,
                            "each key once",
                            "the key a second time",
                        ));
                    }
                    let there = map.next_value_seed(Node {
                        walk: self.walk,
                        plan,
                        shape: self.shape,
                        row: self.row,
                    })?;
                    if there {
                        given.first_time(ix);
                    }
                    self.walk.path.pop();
                }
            }
        }
        for (ix, (name, plan)) in keys.iter().enumerate() {
            if plan.required && given.first_time(ix) {
                self.walk.path.push(Step::Key(*name));
                return Err(self.walk.missing(plan));
            }
        }
        Ok(true)
    }

    fn entries<'de, A: MapAccess<'de>>(
        mut self,
        id: ShapeId,
        item: &PlanNode,
        mut map: A,
    ) -> Result<bool, A::Error> {
        let shape = self.rows_shape(id)?;
        let (stride, limit) = (shape.stride(), self.walk.limits.items);
        let mut rows = Vec::new();
        let mut keys = std::collections::BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            self.walk.path.push(Step::Entry(key.clone()));
            if keys.len() >= limit {
                return Err(self.walk.reject(
                    RejectCode::TooManyItems,
                    format!("at most {limit} entries"),
                    "more",
                ));
            }
            let at = rows.len();
            self.add_row(&mut rows, stride)?;
            let row = &mut rows[at..];
            let word = self.walk.record.push_str(self.walk.region, &key);
            let word = word.map_err(|_| {
                self.walk.reject(
                    RejectCode::TooLarge,
                    "text within the record's limit",
                    "more",
                )
            })?;
            set_slot(row, 0, shape.presence_words(), 0, word);
            if !keys.insert(key) {
                return Err(self.walk.reject(
                    RejectCode::DuplicateKey,
                    "each key once",
                    "the key a second time",
                ));
            }
            map.next_value_seed(Node {
                walk: self.walk,
                plan: item,
                shape: &shape,
                row,
            })?;
            self.walk.path.pop();
        }
        self.lay_down(&rows, keys.len())
    }

    fn items<'de, A: SeqAccess<'de>>(
        mut self,
        id: ShapeId,
        item: &PlanNode,
        mut seq: A,
    ) -> Result<bool, A::Error> {
        let shape = self.rows_shape(id)?;
        let (stride, limit) = (shape.stride(), self.walk.limits.items);
        let (mut rows, mut count) = (Vec::new(), 0);
        loop {
            self.walk.path.push(Step::Index(count));
            self.add_row(&mut rows, stride)?;
            let node = Node {
                walk: self.walk,
                plan: item,
                shape: &shape,
                row: &mut rows[count * stride..],
            };
            let more = seq.next_element_seed(node)?.is_some();
            if more && count >= limit {
                return Err(self.walk.reject(
                    RejectCode::TooManyItems,
                    format!("at most {limit} items"),
                    "more",
                ));
            }
            self.walk.path.pop();
            if !more {
                return self.lay_down(&rows[..count * stride], count);
            }
            count += 1;
        }
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(asked(self.plan))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E: serde::de::Error>(mut self, value: bool) -> Result<bool, E> {
        if self.plan.want != Want::Scalar(WordType::Bool) {
            return Err(self.wrong("boolean"));
        }
        self.set(u64::from(value));
        Ok(true)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<bool, E> {
        self.number(Some(value), value as f64)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<bool, E> {
        self.number(i64::try_from(value).ok(), value as f64)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<bool, E> {
        self.number(None, value)
    }

    fn visit_str<E: serde::de::Error>(mut self, text: &str) -> Result<bool, E> {
        let ty = match &self.plan.want {
            Want::Scalar(WordType::Str) => return self.string(text),
            Want::Enum(values) => {
                if values.iter().any(|id| self.walk.text(*id) == text) {
                    return self.string(text);
                }
                let names: Vec<&str> = values
                    .iter()
                    .take(20)
                    .map(|id| self.walk.text(*id))
                    .collect();
                let expected = format!("one of {}", names.join(", "));
                return Err(self
                    .walk
                    .reject(RejectCode::WrongValue, expected, "another string"));
            }
            Want::Scalar(ty) if is_time(*ty) => *ty,
            _ => return Err(self.wrong("string")),
        };
        match time_word(ty, text) {
            Some(word) => {
                self.set(word);
                Ok(true)
            }
            None => Err(self.walk.reject(
                RejectCode::WrongValue,
                expected(ty),
                "a string that is none",
            )),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<bool, A::Error> {
        match &self.plan.want {
            Want::List(shape, item) => {
                let (shape, item) = (*shape, item.as_ref());
                self.items(shape, item, seq)
            }
            _ => Err(self.wrong("array")),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        match &self.plan.want {
            Want::Object(keys) => {
                let keys = keys.as_slice();
                self.object(keys, map)
            }
            Want::Map(shape, item) => {
                let (shape, item) = (*shape, item.as_ref());
                self.entries(shape, item, map)
            }
            _ => Err(self.wrong("object")),
        }
    }
}
