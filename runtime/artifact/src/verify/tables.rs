//! The plain tables: sizes, package, strings, constants, sets, shapes, imports, source map.

use super::fault::{Check, Locate, demand, entry, fault, no_entry};
use crate::hash;
use crate::limits;
use crate::model::{Artifact, Constant, Place, Set, StrId, Strings};
use crate::refusal::{Refusal, RefusalKind, Section};
use crate::word::{ShapeId, WordType, date_time_offset, is_offset, plain};

/// How many entries each table has.
pub(super) fn sizes(a: &Artifact) -> Result<(), Refusal> {
    let tables = [
        (Section::Package, a.identities.len(), limits::IDENTITIES),
        (Section::Strings, a.strings.len(), limits::STRINGS),
        (Section::Constants, a.constants.len(), limits::NAMED_IN_CODE),
        (Section::Sets, a.sets.len(), limits::NAMED_IN_CODE),
        (Section::Shapes, a.shapes.len(), limits::NAMED_IN_CODE),
        (Section::Plans, a.plans.len(), limits::PLANS),
        (Section::Imports, a.imports.len(), limits::NAMED_IN_CODE),
        (Section::Chunks, a.chunks.len(), limits::CHUNKS),
        (Section::Events, a.events.len(), limits::DECLARATIONS),
        (Section::Calls, a.calls.len(), limits::DECLARATIONS),
        (Section::Journeys, a.journeys.len(), limits::JOURNEYS),
    ];
    for (section, found, most) in tables {
        if found > most {
            let reason = format!("{found} entries; it has at most {most}");
            return Err(Refusal::new(RefusalKind::TooLarge, section, "", reason));
        }
    }
    Ok(())
}

/// Each text once, and none too long: equal ids are then the only way to equal texts.
pub(super) fn strings(a: &Artifact) -> Check {
    if surely_sound(&a.strings) {
        return Ok(());
    }
    for (index, text) in a.strings.iter().enumerate() {
        let reason = || {
            format!(
                "{} bytes; a string has at most {}",
                text.len(),
                limits::STRING_BYTES
            )
        };
        demand(
            text.len() <= limits::STRING_BYTES,
            RefusalKind::TooLarge,
            reason,
        )
        .at(|| format!("string {index}"))?;
    }
    let mut sorted: Vec<&str> = a.strings.iter().collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(()),
        Some(pair) => fault(
            RefusalKind::Order,
            format!("`{}` twice", pair[0].chars().take(80).collect::<String>()),
        ),
    }
}

/// Whether no text is too long and a table of hashes tells, within a bounded number of looks, that none is there twice.
fn surely_sound(texts: &Strings) -> bool {
    match (texts.len() + texts.len() / 2 + 1).next_power_of_two() {
        size @ ..=32 => surely_sound_by(&mut [0; 32][..size], texts),
        size @ ..=128 => surely_sound_by(&mut [0; 128][..size], texts),
        size @ 256 => surely_sound_by(&mut [0; 256][..size], texts),
        size => surely_sound_by(&mut vec![0; size], texts),
    }
}

/// The same with a table of free places: a power of two, at least half as many again as there are texts.
fn surely_sound_by(table: &mut [u64], texts: &Strings) -> bool {
    let size = table.len();
    let mut looks = 4 * texts.len() + 64;
    for text in texts.each_bytes() {
        if text.len() > limits::STRING_BYTES {
            return false;
        }
        // 0 is a free place; so a text whose hash is 0 has another.
        let hash = hash::bytes(0, text).max(1);
        let mut at = hash as usize & (size - 1);
        while table[at] != 0 {
            // Unlike hashes are unlike texts.
            if table[at] == hash || looks == 0 {
                return false;
            }
            looks -= 1;
            at = (at + 1) & (size - 1);
        }
        table[at] = hash;
    }
    true
}

/// Name, identities, the profile's plan.
pub(super) fn package(a: &Artifact) -> Check {
    for &namespace in &a.identities {
        string(a, namespace).at(|| "identities".into())?;
    }
    distinct(a.identities.iter().copied()).at(|| "identities".into())?;
    if let Some(plan) = a.profile {
        entry(&a.plans, plan.0, "plan").at(|| "profile".into())?;
    }
    Ok(())
}

/// Words that are values of their types; a reference is never written as a word.
pub(super) fn constants(a: &Artifact) -> Check {
    for (index, it) in a.constants.iter().enumerate() {
        constant(a, *it).at(|| format!("constant {index}"))?;
    }
    Ok(())
}

/// A word of its type, or a text that exists.
pub(super) fn constant(a: &Artifact, constant: Constant) -> Check {
    match constant {
        Constant::Text(id) => string(a, id),
        Constant::Word(ty, word) => demand(is_word(ty, word), RefusalKind::Value, || {
            format!("{word:#x} is no constant of type {ty:?}")
        }),
    }
}

/// Sets of at least one value of a type that has an equality, each value once and in the one form and order there is. NaN equals
/// nothing, so it is in no set.
pub(super) fn sets(a: &Artifact) -> Check {
    let all: usize = a.sets.iter().map(Set::len).sum();
    demand(all <= limits::ALL_SET_VALUES, RefusalKind::TooLarge, || {
        format!("{all} values; at most {}", limits::ALL_SET_VALUES)
    })?;
    for (index, it) in a.sets.iter().enumerate() {
        set(a, it).at(|| format!("set {index}"))?;
    }
    Ok(())
}

fn set(a: &Artifact, set: &Set) -> Check {
    let (most, ty) = (limits::SET_VALUES, set.ty());
    demand(
        (1..=most).contains(&set.len()),
        RefusalKind::TooLarge,
        || format!("{} values; 1 to {most}", set.len()),
    )?;
    let rises = match set {
        Set::Texts(texts) => {
            texts.iter().try_for_each(|text| string(a, *text))?;
            texts.is_sorted_by(|a, b| a < b)
        }
        Set::Words(_, words) => {
            for &word in words {
                let is_nan = ty == WordType::Dec && f64::from_bits(word).is_nan();
                let is_value = is_word(ty, word) && plain(ty, word) == word && !is_nan;
                demand(is_value, RefusalKind::Value, || {
                    format!("{word:#x} is no value of a set of {ty:?}")
                })?;
            }
            words.is_sorted_by(|a, b| a < b)
        }
    };
    demand(ty != WordType::Kleene, RefusalKind::SlotType, || {
        "unknown equals nothing".into()
    })?;
    demand(rises, RefusalKind::Order, || {
        "its values do not rise".into()
    })
}

fn is_word(ty: WordType, word: u64) -> bool {
    match ty {
        WordType::Bool => word <= 1,
        WordType::Kleene => word <= 2,
        WordType::Int | WordType::Dec | WordType::Date | WordType::Local => true,
        WordType::Duration | WordType::Period => true,
        WordType::DateTime => is_offset(date_time_offset(word)),
        WordType::Time => word < u64::from(limits::DAY_MS),
        WordType::Str | WordType::Row(_) | WordType::List(_) => false,
    }
}

/// Slots with names and types; no shape within itself.
pub(super) fn shapes(a: &Artifact, heights: &mut Vec<Height>) -> Check {
    for (index, shape) in a.shapes.iter().enumerate() {
        let at = || format!("shape {index}");
        let reason = || {
            format!(
                "{} slots; a shape has at most {}",
                shape.slots.len(),
                limits::SLOTS
            )
        };
        demand(
            shape.slots.len() <= limits::SLOTS,
            RefusalKind::TooLarge,
            reason,
        )
        .at(at)?;
        for (slot, it) in shape.slots.iter().enumerate() {
            string(a, it.name)
                .and_then(|()| path(a, it.name))
                .and_then(|()| slot_type(a, it.ty))
                .at(|| format!("slot {slot}"))
                .at(at)?;
        }
    }
    heights.clear();
    heights.resize(a.shapes.len(), Height::Unknown);
    for index in 0..a.shapes.len() {
        height(a, index as u32, 1, heights).at(|| format!("shape {index}"))?;
    }
    Ok(())
}

/// A slot's name is a path of a few steps: who takes values apart goes down it.
fn path(a: &Artifact, name: StrId) -> Check {
    let name = a.text(name);
    let steps = || name.bytes().filter(|byte| *byte == b'.').count();
    let few = name.len() <= limits::NESTING || steps() <= limits::NESTING;
    demand(few, RefusalKind::TooDeep, || {
        format!(
            "{} steps in a slot's name; at most {}",
            steps(),
            limits::NESTING
        )
    })
}

/// A slot's word is a value or missing, never unknown.
fn slot_type(a: &Artifact, ty: WordType) -> Check {
    demand(ty != WordType::Kleene, RefusalKind::SlotType, || {
        "a slot is never Kleene: what is unknown is missing".into()
    })?;
    type_exists(a, ty)
}

/// What is known of how high a shape is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Height {
    Unknown,
    Open,
    Known(usize),
}

/// Shapes below and including this one, on the longest way. Each shape is entered once; the recursion is as deep as the limit.
fn height(a: &Artifact, index: u32, depth: usize, heights: &mut [Height]) -> Check<usize> {
    let too_deep = |found: usize| {
        demand(found <= limits::SHAPE_DEPTH, RefusalKind::TooDeep, || {
            format!("shapes in shapes deeper than {}", limits::SHAPE_DEPTH)
        })
    };
    too_deep(depth)?;
    match heights[index as usize] {
        Height::Known(height) => return Ok(height),
        Height::Open => {
            return fault(
                RefusalKind::ShapeCycle,
                format!("shape {index} contains itself"),
            );
        }
        Height::Unknown => heights[index as usize] = Height::Open,
    }
    let mut tallest = 0;
    for slot in &a.shapes[index as usize].slots {
        if let WordType::Row(inner) | WordType::List(inner) = slot.ty {
            tallest = tallest.max(height(a, inner.0, depth + 1, heights)?);
        }
    }
    too_deep(tallest + 1)?;
    heights[index as usize] = Height::Known(tallest + 1);
    Ok(tallest + 1)
}

/// Names and types.
pub(super) fn imports(a: &Artifact) -> Check {
    for (index, import) in a.imports.iter().enumerate() {
        let at = || format!("import {index}");
        string(a, import.name).at(at)?;
        let reason = || {
            format!(
                "{} parameters; at most {}",
                import.params.len(),
                limits::PARAMS
            )
        };
        demand(
            import.params.len() <= limits::PARAMS,
            RefusalKind::TooLarge,
            reason,
        )
        .at(at)?;
        for &ty in import.params.iter().chain([&import.result]) {
            type_exists(a, ty).at(at)?;
        }
    }
    Ok(())
}

/// Parallel to the tables it describes, or stripped.
pub(super) fn source_map(a: &Artifact) -> Check {
    let map = &a.source_map;
    let parallel = |what: &str, found: usize, described: usize| {
        demand(found == 0 || found == described, RefusalKind::Index, || {
            format!("{found} {what} for {described}")
        })
    };
    parallel("places of chunks", map.chunks.len(), a.chunks.len())?;
    parallel("places of journeys", map.nodes.len(), a.journeys.len())?;
    parallel("documentations", map.docs.len(), a.journeys.len())?;
    for (index, (places, journey)) in map.nodes.iter().zip(&a.journeys).enumerate() {
        parallel("places of nodes", places.len(), journey.nodes.len())
            .at(|| format!("journey {index}"))?;
    }
    for (index, it) in map.chunks.iter().enumerate() {
        place(a, it).at(|| format!("chunk {index}"))?;
    }
    for (journey, places) in map.nodes.iter().enumerate() {
        for (node, it) in places.iter().enumerate() {
            place(a, it).at(|| format!("journey {journey}, node {node}"))?;
        }
    }
    Ok(())
}

fn place(a: &Artifact, place: &Place) -> Check {
    let files = &a.source_map.files;
    if *place != Place::default() {
        entry(files, place.file, "source file")?;
    }
    demand(place.start <= place.end, RefusalKind::Value, || {
        "it ends before it starts".into()
    })?;
    demand(
        place.text.len() <= limits::PLACE_TEXT_BYTES,
        RefusalKind::TooLarge,
        || {
            format!(
                "{} bytes of text; at most {}",
                place.text.len(),
                limits::PLACE_TEXT_BYTES
            )
        },
    )
}

/// That a string exists.
pub(super) fn string(a: &Artifact, id: StrId) -> Check {
    text(a, id).map(drop)
}

/// The string with this number.
pub(super) fn text(a: &Artifact, id: StrId) -> Check<&str> {
    match a.strings.get(id.0 as usize) {
        Some(text) => Ok(text),
        None => no_entry(id.0, "string", a.strings.len()),
    }
}

/// That the shape in a type exists.
pub(super) fn type_exists(a: &Artifact, ty: WordType) -> Check {
    match ty {
        WordType::Row(ShapeId(shape)) | WordType::List(ShapeId(shape)) => {
            entry(&a.shapes, shape, "shape").map(drop)
        }
        _ => Ok(()),
    }
}

/// That no name occurs twice.
pub(super) fn distinct(names: impl Iterator<Item = StrId>) -> Check {
    let mut names: Vec<StrId> = names.collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(()),
        Some(pair) => fault(
            RefusalKind::Order,
            format!("string {} is there twice", pair[0].0),
        ),
    }
}
