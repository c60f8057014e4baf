//! Rows for programs that nobody wrote: their shapes, and records with a value of each type in places.
//!
//! Comes in: random numbers. Goes out: records. Never true here: a value of another type than its slot's.

use super::make::Random;
use super::support::row;
use journey_artifact::model::Shape;
use journey_artifact::word::{Ref, Region, ShapeId, WordType as W, date_time_word};
use journey_machine::record::Record;

/// The items of a root row's lists.
const ITEM: ShapeId = ShapeId(1);

/// A root row, beyond one presence word; an item; a row within an item; a number of a list.
pub fn shapes() -> Vec<Shape> {
    let (inner, list) = (ShapeId(2), W::List(ITEM));
    let mut root = vec![
        W::Int,
        W::Dec,
        W::Str,
        W::Bool,
        W::DateTime,
        list,
        W::Str,
        W::Int,
    ];
    root.extend([W::Int; 60]);
    root.extend([W::Str, W::Dec, list, W::Bool, W::List(ShapeId(3))]);
    let item = vec![
        W::Int,
        W::Dec,
        W::Str,
        W::Bool,
        W::DateTime,
        W::List(inner),
        W::Row(inner),
    ];
    vec![
        row(&root),
        row(&item),
        row(&[W::Int, W::Str]),
        row(&[W::Int]),
    ]
}

/// A record of the first shape, an eighth of it missing.
pub fn record(random: Random<'_>, region: Region) -> Record {
    let shapes = shapes();
    let mut record = Record::new(&shapes[0]);
    fill(&mut record, 0, &shapes[0], &shapes, region, random);
    record
}

fn fill(
    record: &mut Record,
    at: usize,
    shape: &Shape,
    shapes: &[Shape],
    region: Region,
    random: Random<'_>,
) {
    const TEXTS: [&str; 8] = ["abc", "order", "", " abc", "ABC", "äbc", "Order ", "-7"];
    const INTS: [i64; 6] = [0, 1, 2, -1, i64::MAX, i64::MIN];
    const DECIMALS: [f64; 7] = [0.0, -0.0, 2.5, f64::NAN, f64::INFINITY, -1e300, -1.5];
    let pw = shape.presence_words();
    for (ix, slot) in shape.slots.iter().enumerate() {
        if random(8) == 0 {
            continue;
        }
        let mut rows_of = |id: ShapeId, count: usize, random: Random<'_>| {
            let shape = &shapes[id.0 as usize];
            let rows = record.push_zeros(count * shape.stride()).expect("room");
            for row in 0..count {
                let at = rows as usize + row * shape.stride();
                fill(record, at, shape, shapes, region, random);
            }
            rows
        };
        let word = match slot.ty {
            W::Int => INTS[random(6) as usize] as u64,
            W::Dec => DECIMALS[random(7) as usize].to_bits(),
            W::Bool => random(2),
            W::DateTime => {
                let (at, offset) = (random(10_000) as i64, random(100) as i32);
                date_time_word(at, offset).expect("an instant")
            }
            W::List(id) => {
                let count = random(4) as usize;
                let rows = rows_of(id, count, random);
                Ref::new(region, count as u32, rows).0
            }
            W::Row(id) => Ref::new(region, 0, rows_of(id, 1, random)).0,
            _ => {
                let text = TEXTS[random(8) as usize];
                record.push_str(region, text).expect("room")
            }
        };
        record.words[at + pw + ix] = word;
        record.words[at + ix / 64] |= 1 << (ix % 64);
    }
}
