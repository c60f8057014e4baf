//! Words to values and back.
//!
//! A row's slots are named by dotted paths; they nest again into records. A list whose rows have one slot named "" is a list
//! of scalars. A map is a list of rows whose slot 0 is the key, and comes out as a record of its entries. A record that has a slot for
//! that and is not there is missing. What a slot says only to whoever asks ([`THERE_SLOT`]) comes out where a value will be put back
//! ([`with_presence`]), and nowhere else.
//! Comes in: words of known types with their regions, or values with a target type. Goes out: the other. Never true here:
//! unbounded depth or size; a value that leaves and differs by what somebody asks for.

use super::model::Value;
use crate::fault::Fault;
use crate::record::arena::{get_slot, set_slot, shape_of};
use crate::record::copy::MAX_DEPTH;
use crate::record::{MAX_WORDS, Record, Regions};
use journey_artifact::model::{Artifact, KEY_SLOT, RECORD_SLOT, Shape, SlotIx, THERE_SLOT};
use journey_artifact::path;
use journey_artifact::word::{
    Ref, Region, ShapeId, WordType, date_time_ms, date_time_offset, date_time_word, period_parts,
    period_word,
};

/// The value of a word.
pub fn from_word(
    artifact: &Artifact,
    regions: &Regions<'_>,
    word: u64,
    ty: WordType,
) -> Result<Value, Fault> {
    Reader::new(artifact, regions, false).word(word, ty, MAX_DEPTH)
}

/// The same with a record wherever one is only known to be there, for [`to_word`] to say so again.
pub fn with_presence(
    artifact: &Artifact,
    regions: &Regions<'_>,
    word: u64,
    ty: WordType,
) -> Result<Value, Fault> {
    Reader::new(artifact, regions, true).word(word, ty, MAX_DEPTH)
}

/// The record of a record's root row.
pub fn from_row(artifact: &Artifact, record: &Record, shape: ShapeId) -> Result<Value, Fault> {
    from_word(
        artifact,
        &Regions::only(record),
        record.row_word(Region::Const),
        WordType::Row(shape),
    )
}

struct Reader<'a> {
    artifact: &'a Artifact,
    regions: &'a Regions<'a>,
    /// Values that may still be made: shared rows could otherwise grow without bound when written out.
    budget: usize,
    /// Whether what is only known to be there comes out.
    presence: bool,
}

impl<'a> Reader<'a> {
    fn new(artifact: &'a Artifact, regions: &'a Regions<'a>, presence: bool) -> Reader<'a> {
        Reader {
            artifact,
            regions,
            budget: MAX_WORDS,
            presence,
        }
    }

    fn word(&mut self, word: u64, ty: WordType, depth: u32) -> Result<Value, Fault> {
        self.budget = self.budget.checked_sub(1).ok_or(Fault::ScratchFull)?;
        Ok(match ty {
            WordType::Bool => Value::Bool(word == 1),
            WordType::Kleene => match word {
                0 => Value::Bool(false),
                1 => Value::Bool(true),
                _ => Value::Missing,
            },
            WordType::Int => Value::Integer(word as i64),
            WordType::Dec => Value::Decimal(f64::from_bits(word)),
            WordType::Str => Value::String(self.regions.str(word)?.to_owned()),
            WordType::Date => Value::Date(word as i64),
            WordType::DateTime => Value::DateTime(date_time_ms(word), date_time_offset(word)),
            WordType::Local => Value::DateTimeOnly(word as i64),
            WordType::Time => Value::Time(word as u32),
            WordType::Duration => Value::Duration(word as i64),
            WordType::Period => {
                let (months, days) = period_parts(word);
                Value::Period(months, days)
            }
            WordType::Row(id) => {
                let depth = depth.checked_sub(1).ok_or(Fault::ScratchFull)?;
                let shape = shape_of(&self.artifact.shapes, id)?;
                self.row(shape, self.regions.row(word, shape.stride())?, depth)?
            }
            WordType::List(id) => {
                let depth = depth.checked_sub(1).ok_or(Fault::ScratchFull)?;
                let shape = shape_of(&self.artifact.shapes, id)?;
                let is_map = name_of(self.artifact, shape, 0) == Ok(KEY_SLOT);
                let (mut items, mut entries) = (Vec::new(), Vec::new());
                for ix in 0..Ref(word).len() as usize {
                    self.budget = self.budget.checked_sub(1).ok_or(Fault::ScratchFull)?;
                    let row = self.regions.list_row(word, shape.stride(), ix)?;
                    if is_map {
                        entries.push(self.entry(shape, row, depth)?);
                    } else {
                        items.push(self.row(shape, row, depth)?);
                    }
                }
                if is_map {
                    Value::Record(entries)
                } else {
                    Value::List(items)
                }
            }
        })
    }

    fn row(&mut self, shape: &Shape, row: &[u64], depth: u32) -> Result<Value, Fault> {
        let pw = shape.presence_words();
        if is_scalar_list(self.artifact, shape) {
            return match get_slot(row, 0, pw, 0) {
                Some(word) => self.word(word, shape.slots[0].ty, depth),
                None => Ok(Value::Missing),
            };
        }
        self.fields(shape, row, 0, depth)
    }

    /// An entry of a map: its key, and the value that the rest of its row holds.
    fn entry(&mut self, shape: &Shape, row: &[u64], depth: u32) -> Result<(String, Value), Fault> {
        let pw = shape.presence_words();
        let key = match get_slot(row, 0, pw, 0) {
            Some(word) => self.regions.str(word)?.to_owned(),
            None => String::new(),
        };
        let scalar = shape.slots.len() == 2 && name_of(self.artifact, shape, 1)?.is_empty();
        let value = match get_slot(row, 0, pw, 1) {
            _ if !scalar => self.fields(shape, row, 1, depth)?,
            Some(word) => self.word(word, shape.slots[1].ty, depth)?,
            None => Value::Missing,
        };
        Ok((key, value))
    }

    /// The slots from `first` on as a record.
    fn fields(
        &mut self,
        shape: &Shape,
        row: &[u64],
        first: usize,
        depth: u32,
    ) -> Result<Value, Fault> {
        let pw = shape.presence_words();
        let mut root = Vec::new();
        for (ix, slot) in shape.slots.iter().enumerate().skip(first) {
            let name = name_of(self.artifact, shape, ix)?;
            let here = path_of(name);
            match (get_slot(row, 0, pw, ix as SlotIx), here) {
                (None, Some("")) => return Ok(Value::Missing),
                (None, _) | (Some(_), Some("")) => {}
                (Some(word), None) => {
                    let value = self.word(word, slot.ty, depth)?;
                    nest(&mut root, name, value);
                }
                (Some(_), Some(path)) if self.presence || name.ends_with(RECORD_SLOT) => {
                    nest(&mut root, path, Value::Record(Vec::new()));
                }
                _ => {}
            }
        }
        Ok(Value::Record(root))
    }
}

/// Where that lies of which a slot of this name says only that it is there; "" for all of its row, `None` for other slots.
fn path_of(name: &str) -> Option<&str> {
    let path = name
        .strip_suffix(RECORD_SLOT)
        .or_else(|| name.strip_suffix(THERE_SLOT))?;
    match path {
        "" => Some(path),
        _ => path.strip_suffix('.'),
    }
}

/// Puts a value at a dotted path. What says that a record is there stands in front of what is in it.
fn nest(fields: &mut Vec<(String, Value)>, path: &str, value: Value) {
    let (head, rest) = path::first(path);
    let at = match fields.iter().position(|(key, _)| *key == head) {
        Some(at) => at,
        None => {
            fields.push((head.into_owned(), Value::Missing));
            fields.len() - 1
        }
    };
    let field = &mut fields[at].1;
    match rest {
        Some(rest) => {
            if !matches!(field, Value::Record(_)) {
                *field = Value::Record(Vec::new());
            }
            if let Value::Record(inner) = field {
                nest(inner, rest, value);
            }
        }
        None => *field = value,
    }
}

fn is_scalar_list(artifact: &Artifact, shape: &Shape) -> bool {
    shape.slots.len() == 1 && name_of(artifact, shape, 0) == Ok("")
}

fn name_of<'a>(artifact: &'a Artifact, shape: &Shape, slot: usize) -> Result<&'a str, Fault> {
    let id = shape.slots.get(slot).ok_or(Fault::Corrupt("slot"))?.name;
    artifact
        .strings
        .get(id.0 as usize)
        .ok_or(Fault::Corrupt("slot name"))
}

/// Writes a value into `to` as type `ty` and gives its word; `None` when the value is missing or of another type.
///
/// An integer is taken where a decimal is asked for. Fields that the shape lacks are left out.
pub fn to_word(
    artifact: &Artifact,
    value: &Value,
    ty: WordType,
    to: &mut Record,
    region: Region,
) -> Result<Option<u64>, Fault> {
    write(artifact, value, ty, to, region, MAX_DEPTH)
}

fn write(
    artifact: &Artifact,
    value: &Value,
    ty: WordType,
    to: &mut Record,
    region: Region,
    depth: u32,
) -> Result<Option<u64>, Fault> {
    Ok(match (ty, value) {
        (WordType::Bool | WordType::Kleene, Value::Bool(b)) => Some(u64::from(*b)),
        (WordType::Int, Value::Integer(n)) => Some(*n as u64),
        (WordType::Dec, Value::Decimal(d)) => Some(d.to_bits()),
        (WordType::Dec, Value::Integer(n)) => Some((*n as f64).to_bits()),
        (WordType::Str, Value::String(text)) => Some(to.push_str(region, text)?),
        (WordType::Date, Value::Date(days)) => Some(*days as u64),
        (WordType::DateTime, Value::DateTime(ms, offset)) => date_time_word(*ms, *offset),
        (WordType::Local, Value::DateTimeOnly(ms)) | (WordType::Duration, Value::Duration(ms)) => {
            Some(*ms as u64)
        }
        (WordType::Time, Value::Time(ms)) if i64::from(*ms) < crate::time::DAY_MS => {
            Some(u64::from(*ms))
        }
        (WordType::Period, Value::Period(months, days)) => Some(period_word(*months, *days)),
        (WordType::Row(id), Value::Record(_)) => {
            let at = write_rows(artifact, [(None, value)].into_iter(), id, to, region, depth)?;
            Some(Ref::new(region, 0, at).0)
        }
        (WordType::List(id), Value::List(items)) => {
            let rows = items.iter().map(|item| (None, item));
            let at = write_rows(artifact, rows, id, to, region, depth)?;
            Some(Ref::new(region, items.len() as u32, at).0)
        }
        (WordType::List(id), Value::Record(entries)) => {
            let rows = entries
                .iter()
                .map(|(key, value)| (Some(key.as_str()), value));
            let at = write_rows(artifact, rows, id, to, region, depth)?;
            Some(Ref::new(region, entries.len() as u32, at).0)
        }
        _ => None,
    })
}

/// Items of a list, or entries of a map: those have keys.
fn write_rows<'v>(
    artifact: &Artifact,
    items: impl ExactSizeIterator<Item = (Option<&'v str>, &'v Value)>,
    id: ShapeId,
    to: &mut Record,
    region: Region,
    depth: u32,
) -> Result<u32, Fault> {
    let depth = depth.checked_sub(1).ok_or(Fault::ScratchFull)?;
    let shape = shape_of(&artifact.shapes, id)?;
    if items.len() > MAX_WORDS {
        return Err(Fault::ScratchFull);
    }
    let at = to.push_zeros(items.len() * shape.stride())?;
    for (ix, (key, item)) in items.enumerate() {
        let row = at as usize + ix * shape.stride();
        for (slot_ix, slot) in shape.slots.iter().enumerate() {
            let name = name_of(artifact, shape, slot_ix)?;
            let here = path_of(name);
            let path = here.unwrap_or(name);
            let found = if path.is_empty() {
                Some(item)
            } else {
                path::names(path).try_fold(item, |value, key| value.field(&key))
            };
            let word = match (key, found) {
                (Some(key), _) if slot_ix == 0 => Some(to.push_str(region, key)?),
                (_, Some(value)) if here.is_some() => (*value != Value::Missing).then_some(1),
                (_, Some(value)) => write(artifact, value, slot.ty, to, region, depth)?,
                (_, None) => None,
            };
            if let Some(word) = word {
                set_slot(
                    &mut to.words,
                    row,
                    shape.presence_words(),
                    slot_ix as SlotIx,
                    word,
                );
            }
        }
    }
    Ok(at)
}
