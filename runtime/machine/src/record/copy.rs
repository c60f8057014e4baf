//! Deep copies: values from any region into a record, references re-targeted.
//!
//! Comes in: a word of a known type and the regions it points into. Goes out: the same value inside another record.
//! Never true here: unbounded work; depth and size have limits, so a hostile program's cyclic rows end as a fault.

use super::arena::{Kept, MAX_WORDS, Record, Regions, get_slot, shape_of};
use crate::fault::Fault;
use journey_artifact::model::{Artifact, Shape, SlotIx};
use journey_artifact::word::{Ref, Region, ShapeId, WordType};

/// Rows inside rows at most.
pub const MAX_DEPTH: u32 = 64;

/// Copies a value of type `ty` into `to` (whose region is `region`) and gives its word there.
pub fn copy_word(
    artifact: &Artifact,
    from: &Regions<'_>,
    word: u64,
    ty: WordType,
    to: &mut Record,
    region: Region,
) -> Result<u64, Fault> {
    copy_deep(&artifact.shapes, from, word, ty, to, region, MAX_DEPTH)
}

fn copy_deep(
    shapes: &[Shape],
    from: &Regions<'_>,
    word: u64,
    ty: WordType,
    to: &mut Record,
    region: Region,
    depth: u32,
) -> Result<u64, Fault> {
    let (id, rows) = match ty {
        WordType::Str => return to.push_str(region, from.str(word)?),
        WordType::Row(id) => (id, None),
        WordType::List(id) => (id, Some(Ref(word).len())),
        _ => return Ok(word),
    };
    if depth == 0 {
        return Err(Fault::ScratchFull);
    }
    let count = rows.unwrap_or(1) as usize;
    let stride = shape_of(shapes, id)?.stride();
    let source = from.words(Ref(word))?;
    let start = Ref(word).offset() as usize;
    if count > MAX_WORDS {
        return Err(Fault::ScratchFull);
    }
    let total = count * stride;
    let source = source
        .get(start..start + total)
        .ok_or(Fault::Corrupt("row range"))?;
    let at = to.push_zeros(total)?;
    // Rows of no words hold nothing, however many there are.
    let filled = if stride == 0 { 0 } else { count };
    for row in 0..filled {
        let target = at as usize + row * stride;
        copy_row(
            shapes,
            from,
            &source[row * stride..(row + 1) * stride],
            id,
            to,
            region,
            target,
            depth - 1,
        )?;
    }
    Ok(Ref::new(region, rows.unwrap_or(0), at).0)
}

#[allow(clippy::too_many_arguments)]
fn copy_row(
    shapes: &[Shape],
    from: &Regions<'_>,
    source: &[u64],
    id: ShapeId,
    to: &mut Record,
    region: Region,
    target: usize,
    depth: u32,
) -> Result<(), Fault> {
    let shape = shape_of(shapes, id)?;
    let pw = shape.presence_words();
    for (ix, slot) in shape.slots.iter().enumerate() {
        if let Some(word) = get_slot(source, 0, pw, ix as SlotIx) {
            let word = copy_deep(shapes, from, word, slot.ty, to, region, depth)?;
            super::arena::set_slot(&mut to.words, target, pw, ix as SlotIx, word);
        }
    }
    Ok(())
}

/// Copies a slot of one record's root row to a slot of another's, presence included. Both slots must have one type.
#[allow(clippy::too_many_arguments)]
pub fn copy_slot(
    artifact: &Artifact,
    from: &Record,
    from_shape: &Shape,
    from_slot: SlotIx,
    to: &mut Record,
    to_region: Region,
    to_shape: &Shape,
    to_slot: SlotIx,
) -> Result<(), Fault> {
    let source = from_shape
        .slots
        .get(usize::from(from_slot))
        .ok_or(Fault::Corrupt("slot"))?;
    let target = to_shape
        .slots
        .get(usize::from(to_slot))
        .ok_or(Fault::Corrupt("slot"))?;
    if source.ty != target.ty {
        return Err(Fault::Corrupt("bind of unlike types"));
    }
    match from.get(from_shape, from_slot) {
        None => to.clear(to_shape, to_slot),
        Some(word) => {
            let word = copy_word(
                artifact,
                &Regions::only(from),
                word,
                source.ty,
                to,
                to_region,
            )?;
            to.set(to_shape, to_slot, word);
        }
    }
    Ok(())
}

/// Puts a kept value into a slot of a record's root row; `None` clears the slot.
pub fn put(
    artifact: &Artifact,
    value: Option<&Kept>,
    to: &mut Record,
    region: Region,
    shape: &Shape,
    slot: SlotIx,
) -> Result<(), Fault> {
    match value {
        None => to.clear(shape, slot),
        Some(kept) => {
            let target = shape
                .slots
                .get(usize::from(slot))
                .ok_or(Fault::Corrupt("slot"))?;
            if !kept.ty.fits(target.ty) {
                return Err(Fault::Corrupt("assignment of unlike types"));
            }
            let word = copy_word(
                artifact,
                &Regions::only(&kept.record),
                kept.word,
                kept.ty,
                to,
                region,
            )?;
            to.set(shape, slot, word);
        }
    }
    Ok(())
}

/// A copy of a record that holds only what its root row still reaches.
pub fn compacted(
    artifact: &Artifact,
    record: &Record,
    shape: &Shape,
    region: Region,
) -> Result<Record, Fault> {
    let mut out = Record::new(shape);
    let from = Regions::only(record);
    for (ix, slot) in shape.slots.iter().enumerate() {
        if let Some(word) = record.get(shape, ix as SlotIx) {
            let word = copy_word(artifact, &from, word, slot.ty, &mut out, region)?;
            out.set(shape, ix as SlotIx, word);
        }
    }
    Ok(out)
}
