//! Random plans, and documents made for them, sound and damaged.
#![allow(dead_code)]

use super::plan::object;
use super::{Random, intern, shape};
use journey_artifact::model::{Artifact, Plan, PlanNode, StrId, Want};
use journey_artifact::word::{ShapeId, WordType as W};

/// One of them.
pub fn pick<'a>(random: &mut Random, from: &[&'a str]) -> &'a str {
    from[random.below(from.len() as u64) as usize]
}

const NAMES: &[&str] = &[
    "a",
    "b",
    "id",
    "",
    "name",
    "xdm:key",
    "productListItems",
    "a key of more than sixteen bytes",
    "é",
    "b\u{0}",
    "sixteen bytes ok",
    "eight by",
    "nine byte",
    "a key of more than sixteen bytes!",
    "\"",
    "\\",
    "日本語",
];

/// A row's slots while a plan is made.
type Slots = Vec<(String, W)>;

fn slot(slots: &mut Slots, ty: W) -> Option<u16> {
    slots.push((format!("s{}", slots.len()), ty));
    Some(slots.len() as u16 - 1)
}

fn rows(artifact: &mut Artifact, slots: &Slots) -> ShapeId {
    let slots: Vec<(&str, W)> = slots
        .iter()
        .map(|(name, ty)| (name.as_str(), *ty))
        .collect();
    shape(artifact, &slots)
}

fn node(
    random: &mut Random,
    a: &mut Artifact,
    slots: &mut Slots,
    depth: u32,
    field: bool,
) -> PlanNode {
    let (slot, want) = match random.below(if depth == 0 { 6 } else { 9 }) {
        0..3 => {
            let types = [
                W::Bool,
                W::Int,
                W::Dec,
                W::Str,
                W::Str,
                W::Date,
                W::DateTime,
                W::Local,
                W::Time,
                W::Duration,
                W::Period,
            ];
            let ty = types[random.below(types.len() as u64) as usize];
            (slot(slots, ty), Want::Scalar(ty))
        }
        3 => (slot(slots, W::Str), Want::Scalar(W::Str)),
        4 => (slot(slots, W::Bool), Want::Any),
        5 => {
            let values = ["gold", "silver", "", "a value of more than sixteen bytes"];
            let count = 1 + random.below(4) as usize;
            let values = values[..count]
                .iter()
                .map(|value| intern(a, value))
                .collect();
            (slot(slots, W::Str), Want::Enum(values))
        }
        6 => {
            let there = random.below(2) == 0;
            let at = there.then(|| slot(slots, W::Bool)).flatten();
            (at, fields(random, a, slots, depth - 1))
        }
        7 => {
            let mut inner = Slots::new();
            let item = node(random, a, &mut inner, depth - 1, false);
            let id = rows(a, &inner);
            (slot(slots, W::List(id)), Want::List(id, Box::new(item)))
        }
        _ => {
            let mut inner = vec![("[key]".to_owned(), W::Str)];
            let item = node(random, a, &mut inner, depth - 1, false);
            let id = rows(a, &inner);
            (slot(slots, W::List(id)), Want::Map(id, Box::new(item)))
        }
    };
    let required = field && random.below(8) == 0;
    PlanNode {
        slot,
        required,
        want,
    }
}

fn fields(random: &mut Random, a: &mut Artifact, slots: &mut Slots, depth: u32) -> Want {
    let mut names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    names.retain(|_| random.below(3) == 0);
    if random.below(40) == 0 {
        names.extend((0..150).map(|n| format!("f{n}")));
    }
    let mut keys = Vec::new();
    for name in &names {
        keys.push((name.as_str(), node(random, a, slots, depth, true)));
    }
    object(a, keys)
}

/// A plan of any depth up to four, with the artifact that it is of.
pub fn random_plan(random: &mut Random) -> (Artifact, Plan) {
    let mut artifact = Artifact::default();
    let mut slots = Slots::new();
    let want = fields(random, &mut artifact, &mut slots, 3);
    let shape = rows(&mut artifact, &slots);
    let root = PlanNode {
        slot: None,
        required: false,
        want,
    };
    (
        artifact,
        Plan {
            schema: StrId(0),
            shape,
            root,
        },
    )
}

/// Text as a JSON string, now and then with escapes that need not be.
fn quoted(random: &mut Random, text: &str) -> String {
    if random.below(8) > 0 {
        return serde_json::to_string(text).expect("text");
    }
    let units = text
        .encode_utf16()
        .map(|unit| match char::from_u32(unit.into()) {
            Some(c) if c.is_ascii_alphanumeric() && unit % 2 == 0 => c.to_string(),
            _ => format!("\\u{unit:04x}"),
        });
    format!("\"{}\"", units.collect::<String>())
}

/// Any value at all; but no object with half a surrogate pair in a key, which the slow reader takes except where nothing but a
/// value's presence is asked for.
fn noise(random: &mut Random) -> String {
    let values = [
        "1",
        "null",
        "true",
        "\"x\\\"{[\"",
        "[1,[2,{\"a\":null}]]",
        "{\"b\":{\"c\":1.5e-7}}",
        "1e999",
        "\"\\ud800\"",
        "{}",
        "[]",
        "\"gold\"",
        "-0",
        "9223372036854775808",
        "\"2024-02-29\"",
        "{\"a\":{},\"a\":1}",
        "[\"a\",null]",
    ];
    pick(random, &values).to_owned()
}

/// A value that a node may like.
pub fn value(random: &mut Random, a: &Artifact, node: &PlanNode) -> String {
    match random.below(60) {
        0 => return noise(random),
        1..4 => return "null".into(),
        _ => {}
    }
    let text = |random: &mut Random, from: &[&str]| {
        let text = pick(random, from);
        quoted(random, text)
    };
    match &node.want {
        Want::Scalar(W::Bool) => pick(random, &["true", "false"]).into(),
        Want::Scalar(W::Int) => match random.below(3) {
            0 => format!("{}", random.next() as i64),
            1 => format!("{}", random.below(1000)),
            _ => pick(
                random,
                &["0", "-0", "1e3", "3.0", "-9223372036854775808", "1.5", "-1"],
            )
            .into(),
        },
        Want::Scalar(W::Dec) => match random.below(3) {
            0 => format!("{:?}", f64::from_bits(random.next() & !(1 << 62))),
            1 => format!("{}.{:02}", random.below(100_000), random.below(100)),
            _ => pick(
                random,
                &[
                    "0",
                    "-0",
                    "1e22",
                    "1E-7",
                    "0.30000000000000004",
                    "123456789012345678901234567890",
                ],
            )
            .into(),
        },
        Want::Scalar(W::Str) => text(
            random,
            &[
                "",
                "Ann",
                "é",
                "😀 and more",
                "a\nb\"c\\",
                "0123456789012345678901234567890123",
            ],
        ),
        Want::Scalar(W::Date) => text(random, &["2024-02-29", "2023-02-28", "-000001-01-01"]),
        Want::Scalar(W::DateTime) => text(
            random,
            &[
                "2024-02-29T10:00:00.5+01:00",
                "2026-04-28T14:31:07.512Z",
                "2024-02-29t10:00z",
            ],
        ),
        Want::Scalar(W::Local) => text(
            random,
            &["2024-02-29T10:00", "2024-02-29", "2026-04-28T14:31:07.512Z"],
        ),
        Want::Scalar(W::Time) => text(random, &["09:00:01", "23:59", "09:00:01.123"]),
        Want::Scalar(W::Duration) => text(random, &["PT2H", "P1DT1S", "-PT0.5S"]),
        Want::Scalar(_) => text(random, &["P1M", "P2W", "P1Y2M3D"]),
        Want::Enum(values) => {
            let ix = random.below(values.len() as u64) as usize;
            quoted(random, &a.strings[values[ix].0 as usize])
        }
        Want::Any => noise(random),
        Want::Object(keys) => {
            let mut members = Vec::new();
            for (name, field) in keys {
                let often = if field.required { 40 } else { 4 };
                if random.below(often) > 0 {
                    let name = quoted(random, &a.strings[name.0 as usize]);
                    members.push(format!("{name}:{}", value(random, a, field)));
                }
                if random.below(5) == 0 {
                    let name = pick(
                        random,
                        &[
                            "unread",
                            "a key of more than sixteen BYTES",
                            "i",
                            "nine bytf",
                            "\\",
                            "name",
                        ],
                    );
                    members.push(format!("{}:{}", quoted(random, name), noise(random)));
                }
            }
            if random.below(2) == 0 {
                members.reverse();
            }
            braces(random, "{", &members, "}")
        }
        Want::List(_, item) => {
            let items: Vec<String> = (0..random.below(4))
                .map(|_| value(random, a, item))
                .collect();
            braces(random, "[", &items, "]")
        }
        Want::Map(_, item) => {
            let mut entries = Vec::new();
            for _ in 0..random.below(4) {
                let name = pick(random, NAMES);
                entries.push(format!(
                    "{}:{}",
                    quoted(random, name),
                    value(random, a, item)
                ));
            }
            braces(random, "{", &entries, "}")
        }
    }
}

fn braces(random: &mut Random, open: &str, inner: &[String], close: &str) -> String {
    let between = if random.below(3) == 0 { " ,\n " } else { "," };
    format!("{open}{}{close}", inner.join(between))
}

/// Changes one byte, or cuts the text.
pub fn damage(random: &mut Random, bytes: &mut Vec<u8>) {
    const TELLING: &[u8] = b"{}[]\",:\\ 01.-eu\x01\xff\xc3";
    let at = random.below(bytes.len() as u64) as usize;
    let telling = TELLING[random.below(TELLING.len() as u64) as usize];
    match random.below(4) {
        0 => drop(bytes.remove(at)),
        1 => bytes.insert(at, telling),
        2 => bytes.truncate(at),
        _ => bytes[at] = telling,
    }
}
