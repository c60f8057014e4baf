//! The compact byte form of chosen slots of a record: what a waiting instance keeps.
//!
//! Form: a presence bitmap of the chosen slots (`ceil(n / 8)` bytes), then each present value by its type. Integers and
//! times are zig-zag varints; decimals are varints of their byte-swapped bits (short decimals are short); strings have
//! their length in front; rows are a bitmap and their values, lists a count and rows.
//! Comes in: a record and slots, or bytes from anywhere. Goes out: bytes, or a record or a reason. Never true here: a
//! panic or an allocation larger than the bytes justify.

use super::arena::{MAX_WORDS, Record, Regions, get_slot, set_slot, shape_of};
use super::copy::MAX_DEPTH;
use super::varint::{read_i64, read_u64, take_byte, take_bytes, write_i64, write_u64};
use crate::fault::Fault;
use journey_artifact::model::{Artifact, Shape, SlotIx};
use journey_artifact::word::{
    Ref, Region, WordType, date_time_ms, date_time_offset, date_time_word, period_parts,
    period_word,
};
use std::fmt;

/// Why bytes are not a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecodeError {
    /// They end too early, or hold a number not in its shortest form.
    Truncated,
    /// Text is not UTF-8.
    Utf8,
    /// A value is outside its type.
    Value,
    /// More rows, words or text than a record may hold.
    TooBig,
    /// The slots asked for are not the shape's.
    Slots,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DecodeError::Truncated => "the bytes end too early or hold a malformed number",
            DecodeError::Utf8 => "text is not UTF-8",
            DecodeError::Value => "a value is outside its type",
            DecodeError::TooBig => "more than a record may hold",
            DecodeError::Slots => "the slots are not of this shape",
        })
    }
}

impl std::error::Error for DecodeError {}

/// Appends the chosen slots of the root row.
pub fn encode_slots(
    artifact: &Artifact,
    shape: &Shape,
    record: &Record,
    slots: &[SlotIx],
    out: &mut Vec<u8>,
) -> Result<(), Fault> {
    encode_root(artifact, shape, record, slots.iter().copied(), out)
}

/// Appends all slots of the root row: the same as when all are chosen.
pub fn encode_all(
    artifact: &Artifact,
    shape: &Shape,
    record: &Record,
    out: &mut Vec<u8>,
) -> Result<(), Fault> {
    encode_root(artifact, shape, record, all_slots(shape), out)
}

fn encode_root(
    artifact: &Artifact,
    shape: &Shape,
    record: &Record,
    slots: impl ExactSizeIterator<Item = SlotIx> + Clone,
    out: &mut Vec<u8>,
) -> Result<(), Fault> {
    let regions = Regions::only(record);
    let row = record
        .words
        .get(record.root as usize..)
        .ok_or(Fault::Corrupt("root row"))?;
    let shapes = &artifact.shapes;
    encode_row(shapes, shape, &regions, row, slots, out, MAX_DEPTH)
}

fn encode_row(
    shapes: &[Shape],
    shape: &Shape,
    regions: &Regions<'_>,
    row: &[u64],
    slots: impl ExactSizeIterator<Item = SlotIx> + Clone,
    out: &mut Vec<u8>,
    depth: u32,
) -> Result<(), Fault> {
    let pw = shape.presence_words();
    let bitmap = out.len();
    out.resize(bitmap + slots.len().div_ceil(8), 0);
    for (bit, slot) in slots.enumerate() {
        let ty = shape
            .slots
            .get(usize::from(slot))
            .ok_or(Fault::Corrupt("slot"))?
            .ty;
        if let Some(word) = get_slot(row, 0, pw, slot) {
            out[bitmap + bit / 8] |= 1 << (bit % 8);
            encode_word(shapes, regions, word, ty, out, depth)?;
        }
    }
    Ok(())
}

fn encode_word(
    shapes: &[Shape],
    regions: &Regions<'_>,
    word: u64,
    ty: WordType,
    out: &mut Vec<u8>,
    depth: u32,
) -> Result<(), Fault> {
    match ty {
        WordType::Bool | WordType::Kleene => out.push(word as u8),
        WordType::Int | WordType::Date | WordType::Local | WordType::Duration => {
            write_i64(out, word as i64)
        }
        WordType::Time => write_u64(out, word),
        WordType::Dec => write_u64(out, word.swap_bytes()),
        WordType::DateTime => {
            write_i64(out, date_time_ms(word));
            write_i64(out, i64::from(date_time_offset(word)));
        }
        WordType::Period => {
            let (months, days) = period_parts(word);
            write_i64(out, i64::from(months));
            write_i64(out, i64::from(days));
        }
        WordType::Str => {
            let text = regions.str(word)?;
            write_u64(out, text.len() as u64);
            out.extend_from_slice(text.as_bytes());
        }
        WordType::Row(id) => {
            let depth = depth.checked_sub(1).ok_or(Fault::ScratchFull)?;
            let shape = shape_of(shapes, id)?;
            let row = regions.row(word, shape.stride())?;
            encode_row(shapes, shape, regions, row, all_slots(shape), out, depth)?;
        }
        WordType::List(id) => {
            let depth = depth.checked_sub(1).ok_or(Fault::ScratchFull)?;
            let shape = shape_of(shapes, id)?;
            write_u64(out, u64::from(Ref(word).len()));
            for ix in 0..Ref(word).len() as usize {
                let row = regions.list_row(word, shape.stride(), ix)?;
                encode_row(shapes, shape, regions, row, all_slots(shape), out, depth)?;
            }
        }
    }
    Ok(())
}

fn all_slots(shape: &Shape) -> impl ExactSizeIterator<Item = SlotIx> + Clone {
    let n = u16::try_from(shape.slots.len()).unwrap_or(u16::MAX);
    0..n
}

/// Takes the chosen slots off the front of `bytes` and gives a record with them; the other slots are missing.
pub fn decode_slots(
    artifact: &Artifact,
    shape: &Shape,
    slots: &[SlotIx],
    bytes: &mut &[u8],
    region: Region,
) -> Result<Record, DecodeError> {
    let mut record = Record::new(shape);
    decode_into(artifact, shape, slots, bytes, region, &mut record)?;
    Ok(record)
}

/// The same, into a record of this shape of which nothing is set.
pub fn decode_into(
    artifact: &Artifact,
    shape: &Shape,
    slots: &[SlotIx],
    bytes: &mut &[u8],
    region: Region,
    record: &mut Record,
) -> Result<(), DecodeError> {
    let mut decoder = Decoder {
        shapes: &artifact.shapes,
        record,
        region,
    };
    decoder.row(shape, 0, slots.iter().copied(), bytes, MAX_DEPTH)
}

struct Decoder<'a> {
    shapes: &'a [Shape],
    record: &'a mut Record,
    region: Region,
}

impl Decoder<'_> {
    fn row(
        &mut self,
        shape: &Shape,
        at: usize,
        slots: impl ExactSizeIterator<Item = SlotIx>,
        bytes: &mut &[u8],
        depth: u32,
    ) -> Result<(), DecodeError> {
        let pw = shape.presence_words();
        let count = slots.len();
        let bitmap = take_bytes(bytes, count.div_ceil(8)).ok_or(DecodeError::Truncated)?;
        if !count.is_multiple_of(8) && bitmap.last().is_some_and(|last| last >> (count % 8) != 0) {
            return Err(DecodeError::Value);
        }
        for (bit, slot) in slots.enumerate() {
            let ty = shape
                .slots
                .get(usize::from(slot))
                .ok_or(DecodeError::Slots)?
                .ty;
            if bitmap[bit / 8] >> (bit % 8) & 1 == 1 {
                let word = self.word(ty, bytes, depth)?;
                set_slot(&mut self.record.words, at, pw, slot, word);
            }
        }
        Ok(())
    }

    fn word(&mut self, ty: WordType, bytes: &mut &[u8], depth: u32) -> Result<u64, DecodeError> {
        let cut = DecodeError::Truncated;
        Ok(match ty {
            WordType::Bool => in_range(take_byte(bytes).ok_or(cut)?.into(), 2)?,
            WordType::Kleene => in_range(take_byte(bytes).ok_or(cut)?.into(), 3)?,
            WordType::Int | WordType::Local | WordType::Duration | WordType::Date => {
                read_i64(bytes).ok_or(cut)? as u64
            }
            WordType::Time => in_range(read_u64(bytes).ok_or(cut)?, 86_400_000)?,
            WordType::Dec => read_u64(bytes).ok_or(cut)?.swap_bytes(),
            WordType::DateTime => {
                let ms = read_i64(bytes).ok_or(cut)?;
                let offset =
                    i32::try_from(read_i64(bytes).ok_or(cut)?).map_err(|_| DecodeError::Value)?;
                date_time_word(ms, offset).ok_or(DecodeError::Value)?
            }
            WordType::Period => {
                let months =
                    i32::try_from(read_i64(bytes).ok_or(cut)?).map_err(|_| DecodeError::Value)?;
                let days =
                    i32::try_from(read_i64(bytes).ok_or(cut)?).map_err(|_| DecodeError::Value)?;
                period_word(months, days)
            }
            WordType::Str => {
                let len = usize::try_from(read_u64(bytes).ok_or(cut)?).map_err(|_| cut)?;
                let text = std::str::from_utf8(take_bytes(bytes, len).ok_or(cut)?)
                    .map_err(|_| DecodeError::Utf8)?;
                self.record
                    .push_str(self.region, text)
                    .map_err(|_| DecodeError::TooBig)?
            }
            WordType::Row(id) => {
                let depth = depth.checked_sub(1).ok_or(DecodeError::TooBig)?;
                let shape = shape_of(self.shapes, id).map_err(|_| DecodeError::Slots)?;
                let at = self
                    .record
                    .push_zeros(shape.stride())
                    .map_err(|_| DecodeError::TooBig)?;
                self.row(shape, at as usize, all_slots(shape), bytes, depth)?;
                Ref::new(self.region, 0, at).0
            }
            WordType::List(id) => {
                let depth = depth.checked_sub(1).ok_or(DecodeError::TooBig)?;
                let shape = shape_of(self.shapes, id).map_err(|_| DecodeError::Slots)?;
                let count = usize::try_from(read_u64(bytes).ok_or(cut)?).map_err(|_| cut)?;
                // Every row of a shape with slots takes at least its bitmap, so a claimed count beyond the bytes is a lie.
                let least = shape.slots.len().div_ceil(8);
                if count > MAX_WORDS
                    || count
                        .checked_mul(least)
                        .is_none_or(|need| need > bytes.len())
                {
                    return Err(cut);
                }
                let at = self
                    .record
                    .push_zeros(count * shape.stride())
                    .map_err(|_| DecodeError::TooBig)?;
                for ix in 0..count {
                    self.row(
                        shape,
                        at as usize + ix * shape.stride(),
                        all_slots(shape),
                        bytes,
                        depth,
                    )?;
                }
                Ref::new(self.region, count as u32, at).0
            }
        })
    }
}

fn in_range(n: u64, below: u64) -> Result<u64, DecodeError> {
    if n < below {
        Ok(n)
    } else {
        Err(DecodeError::Value)
    }
}
