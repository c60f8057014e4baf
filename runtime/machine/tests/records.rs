//! Records: the compact form and deep copies over generated shapes and values (seed printed), and hostile bytes.

mod support;

use journey_artifact::model::{Artifact, Shape, Slot, SlotIx};
use journey_artifact::word::{Region, ShapeId, WordType as W};
use journey_machine::record::{
    DecodeError, Kept, Record, Regions, compacted, copy_slot, copy_word, decode_slots,
    encode_slots, put,
};
use journey_machine::value::{Value, from_row, to_word};
use support::{Random, intern, s, shape};

const SEED: u64 = 20_261_123;

/// A shape of up to `most` slots, lists and rows among them.
fn any_shape(artifact: &mut Artifact, random: &mut Random, most: u64, depth: u32) -> ShapeId {
    let count = 1 + random.below(most);
    let slots: Vec<Slot> = (0..count)
        .map(|ix| {
            let ty = match random.below(if depth == 0 { 10 } else { 13 }) {
                0 => W::Bool,
                1 => W::Int,
                2 => W::Dec,
                3 => W::Str,
                4 => W::Date,
                5 => W::DateTime,
                6 => W::Local,
                7 => W::Time,
                8 => W::Duration,
                9 => W::Period,
                10 => W::Row(any_shape(artifact, random, 3, depth - 1)),
                11 => W::List(any_shape(artifact, random, 3, depth - 1)),
                _ => {
                    let scalar = [W::Str, W::Int, W::Bool][random.below(3) as usize];
                    W::List(shape(artifact, &[("", scalar)]))
                }
            };
            Slot {
                name: intern(artifact, &format!("s{ix}")),
                ty,
            }
        })
        .collect();
    artifact.shapes.push(Shape { slots });
    ShapeId(artifact.shapes.len() as u32 - 1)
}

fn number(random: &mut Random) -> i64 {
    let bits = random.below(64) as u32;
    (random.next() >> bits) as i64 * if random.below(2) == 0 { 1 } else { -1 }
}

fn any_value(artifact: &Artifact, random: &mut Random, ty: W) -> Value {
    if random.below(4) == 0 {
        return Value::Missing;
    }
    match ty {
        W::Bool | W::Kleene => Value::Bool(random.below(2) == 1),
        W::Int => Value::Integer(number(random)),
        W::Dec => Value::Decimal(if random.below(2) == 0 {
            number(random) as f64 / 4.0
        } else {
            f64::from_bits(random.next())
        }),
        W::Str => {
            s(["", "a", "héllo", "日本", "a longer text with spaces"][random.below(5) as usize])
        }
        W::Date => Value::Date(number(random) % 1_000_000),
        W::DateTime => Value::DateTime(
            number(random) % (1 << 50),
            (random.below(2879) as i32) - 1439,
        ),
        W::Local => Value::DateTimeOnly(number(random)),
        W::Time => Value::Time(random.below(86_400_000) as u32),
        W::Duration => Value::Duration(number(random)),
        W::Period => Value::Period(number(random) as i32, number(random) as i32),
        W::Row(id) => any_row(artifact, random, id),
        W::List(id) => {
            let scalar = artifact.strings[artifact.shapes[id.0 as usize].slots[0].name.0 as usize]
                .is_empty();
            let count = random.below(4);
            let item = artifact.shapes[id.0 as usize].slots[0].ty;
            let make = |random: &mut Random| {
                if scalar {
                    any_value(artifact, random, item)
                } else {
                    any_row(artifact, random, id)
                }
            };
            Value::List((0..count).map(|_| make(random)).collect())
        }
    }
}

fn any_row(artifact: &Artifact, random: &mut Random, id: ShapeId) -> Value {
    let slots = &artifact.shapes[id.0 as usize].slots;
    let mut fields = Vec::new();
    for slot in slots {
        let value = any_value(artifact, random, slot.ty);
        if value != Value::Missing {
            fields.push((artifact.strings[slot.name.0 as usize].to_owned(), value));
        }
    }
    Value::Record(fields)
}

/// A record whose root row is this value.
fn record_of(artifact: &Artifact, id: ShapeId, value: &Value, region: Region) -> Record {
    let mut record = Record::default();
    let word = to_word(artifact, value, W::Row(id), &mut record, region)
        .unwrap()
        .unwrap();
    record.root = journey_artifact::word::Ref(word).offset();
    record
}

#[test]
fn what_is_written_is_read_back() {
    println!("seed {SEED}");
    let mut random = Random(SEED);
    for round in 0..if cfg!(miri) { 20 } else { 2_000 } {
        let mut artifact = Artifact::default();
        let id = any_shape(
            &mut artifact,
            &mut random,
            if round % 50 == 0 { 150 } else { 8 },
            2,
        );
        let shape = artifact.shapes[id.0 as usize].clone();
        let value = any_row(&artifact, &mut random, id);
        let record = record_of(&artifact, id, &value, Region::Vars);
        assert_eq!(
            from_row(&artifact, &record, id).unwrap(),
            value,
            "round {round}: value to record and back"
        );

        let slots: Vec<SlotIx> = (0..shape.slots.len() as u16).collect();
        let mut bytes = Vec::new();
        encode_slots(&artifact, &shape, &record, &slots, &mut bytes).unwrap();
        bytes.push(0xAA);
        let mut rest = bytes.as_slice();
        let back = decode_slots(&artifact, &shape, &slots, &mut rest, Region::Vars).unwrap();
        assert_eq!(rest, [0xAA], "round {round}: takes exactly its bytes");
        assert_eq!(
            from_row(&artifact, &back, id).unwrap(),
            value,
            "round {round}: compact form"
        );
        let mut again = Vec::new();
        encode_slots(&artifact, &shape, &back, &slots, &mut again).unwrap();
        assert_eq!(
            again,
            bytes[..bytes.len() - 1],
            "round {round}: same value, same bytes"
        );

        let copy = compacted(&artifact, &record, &shape, Region::Input).unwrap();
        assert_eq!(
            from_row(&artifact, &copy, id).unwrap(),
            value,
            "round {round}: compacted"
        );

        let mut bound = Record::new(&shape);
        for slot in &slots {
            copy_slot(
                &artifact,
                &record,
                &shape,
                *slot,
                &mut bound,
                Region::Profile,
                &shape,
                *slot,
            )
            .unwrap();
        }
        assert_eq!(
            from_row(&artifact, &bound, id).unwrap(),
            value,
            "round {round}: slot by slot"
        );
    }
}

#[test]
fn only_the_chosen_slots_are_kept() {
    let mut artifact = Artifact::default();
    let id = shape(
        &mut artifact,
        &[("a", W::Int), ("b", W::Str), ("c", W::Bool)],
    );
    let layout = artifact.shapes[id.0 as usize].clone();
    let value = Value::Record(vec![
        ("a".into(), Value::Integer(3)),
        ("b".into(), s("hi")),
        ("c".into(), Value::Bool(true)),
    ]);
    let record = record_of(&artifact, id, &value, Region::Vars);
    let mut bytes = Vec::new();
    encode_slots(&artifact, &layout, &record, &[1, 2], &mut bytes).unwrap();
    assert_eq!(bytes, [0b11, 2, b'h', b'i', 1]);
    let back = decode_slots(
        &artifact,
        &layout,
        &[1, 2],
        &mut bytes.as_slice(),
        Region::Vars,
    )
    .unwrap();
    assert_eq!(
        (back.get(&layout, 0), back.get(&layout, 2)),
        (None, Some(1))
    );
    assert_eq!(
        back.get(&layout, 1).and_then(|word| back.str(word)),
        Some("hi")
    );
    let none = encode_slots(&artifact, &layout, &record, &[9], &mut Vec::new());
    assert!(none.is_err(), "a slot that is none");
}

#[test]
fn a_waiting_instances_usual_values_are_short() {
    let mut artifact = Artifact::default();
    let id = shape(
        &mut artifact,
        &[("total", W::Dec), ("at", W::DateTime), ("n", W::Int)],
    );
    let layout = artifact.shapes[id.0 as usize].clone();
    let value = Value::Record(vec![
        ("total".into(), Value::Decimal(80.0)),
        ("at".into(), Value::DateTime(1_772_359_200_000, 60)),
        ("n".into(), Value::Integer(2)),
    ]);
    let record = record_of(&artifact, id, &value, Region::Vars);
    let mut bytes = Vec::new();
    encode_slots(&artifact, &layout, &record, &[0, 1, 2], &mut bytes).unwrap();
    assert!(bytes.len() <= 13, "{} bytes", bytes.len());
}

#[test]
fn hostile_bytes_are_refused_or_harmless() {
    println!("seed {SEED}");
    let mut random = Random(SEED);
    let mut refused = 0;
    let (rows, changes) = if cfg!(miri) { (3, 40) } else { (300, 200) };
    for _ in 0..rows {
        let mut artifact = Artifact::default();
        let id = any_shape(&mut artifact, &mut random, 8, 2);
        let shape = artifact.shapes[id.0 as usize].clone();
        let value = any_row(&artifact, &mut random, id);
        let record = record_of(&artifact, id, &value, Region::Vars);
        let slots: Vec<SlotIx> = (0..shape.slots.len() as u16).collect();
        let mut bytes = Vec::new();
        encode_slots(&artifact, &shape, &record, &slots, &mut bytes).unwrap();
        for cut in 0..bytes.len() {
            let outcome = decode_slots(&artifact, &shape, &slots, &mut &bytes[..cut], Region::Vars);
            assert!(outcome.is_err(), "a prefix of {cut} bytes was read");
        }
        for _ in 0..changes {
            let mut bad = bytes.clone();
            let at = random.below(bad.len() as u64) as usize;
            bad[at] ^= 1 << random.below(8);
            match decode_slots(&artifact, &shape, &slots, &mut bad.as_slice(), Region::Vars) {
                Err(_) => refused += 1,
                // What is read is a record like any other: every value can be looked at and written again.
                Ok(record) => {
                    from_row(&artifact, &record, id).unwrap();
                    encode_slots(&artifact, &shape, &record, &slots, &mut Vec::new()).unwrap();
                }
            }
        }
    }
    assert!(refused > rows * changes / 60, "{refused} refused");
}

#[test]
fn claimed_sizes_are_not_believed() {
    let mut artifact = Artifact::default();
    let item = shape(&mut artifact, &[("", W::Int)]);
    let empty = shape(&mut artifact, &[]);
    let id = shape(
        &mut artifact,
        &[
            ("text", W::Str),
            ("list", W::List(item)),
            ("hollow", W::List(empty)),
        ],
    );
    let layout = artifact.shapes[id.0 as usize].clone();
    let decode = |bytes: &[u8]| {
        decode_slots(
            &artifact,
            &layout,
            &[0, 1, 2],
            &mut &bytes[..],
            Region::Vars,
        )
    };
    assert_eq!(
        decode(&[0b001, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, b'a']),
        Err(DecodeError::Truncated)
    );
    assert_eq!(
        decode(&[0b010, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]),
        Err(DecodeError::Truncated)
    );
    assert_eq!(
        decode(&[0b100, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]),
        Err(DecodeError::Truncated)
    );
    assert_eq!(decode(&[0b001, 1, 0xFF]), Err(DecodeError::Utf8));
    assert_eq!(decode(&[0b1000_0000]), Err(DecodeError::Value));
}

#[test]
fn cyclic_rows_end_as_a_fault() {
    let mut artifact = Artifact::default();
    let id = ShapeId(0);
    artifact.strings.push("next");
    artifact.shapes.push(Shape {
        slots: vec![Slot {
            name: journey_artifact::model::StrId(0),
            ty: W::Row(id),
        }],
    });
    let layout = artifact.shapes[0].clone();
    let mut record = Record::new(&layout);
    let own = record.row_word(Region::Vars);
    record.set(&layout, 0, own);
    assert!(
        copy_word(
            &artifact,
            &Regions::only(&record),
            own,
            W::Row(id),
            &mut Record::default(),
            Region::Scratch
        )
        .is_err()
    );
    assert!(from_row(&artifact, &record, id).is_err());
    assert!(encode_slots(&artifact, &layout, &record, &[0], &mut Vec::new()).is_err());
}

#[test]
fn kept_values_go_into_slots() {
    let mut artifact = Artifact::default();
    let id = shape(&mut artifact, &[("a", W::Str), ("b", W::Int)]);
    let layout = artifact.shapes[id.0 as usize].clone();
    let mut kept = Kept {
        record: Record::default(),
        word: 0,
        ty: W::Str,
    };
    kept.word = kept.record.push_str(Region::Scratch, "hi").unwrap();
    let mut vars = Record::new(&layout);
    put(&artifact, Some(&kept), &mut vars, Region::Vars, &layout, 0).unwrap();
    assert_eq!(
        vars.get(&layout, 0).and_then(|word| vars.str(word)),
        Some("hi")
    );
    assert!(
        put(&artifact, Some(&kept), &mut vars, Region::Vars, &layout, 1).is_err(),
        "unlike types"
    );
    put(&artifact, None, &mut vars, Region::Vars, &layout, 0).unwrap();
    assert_eq!(vars.get(&layout, 0), None);
    assert_eq!(
        vars.words,
        Record::new(&layout).words,
        "a cleared slot leaves nothing behind"
    );
}
