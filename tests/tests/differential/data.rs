//! Random data of a type: JSON with missing fields, nulls, extremes, and dates where clocks change.
//!
//! Comes in: a type, a generator. Goes out: JSON that is valid for the type. Never true here: a required field left out.

use crate::rng::Rng;
use journey_artifact::word::date_time_ms;
use journey_machine::time::{Zone, parse};
use journey_machine::value::Value;
use journeyc::oracle::Bound;
use journeyc::types::{Record, Type};
use serde_json::{Map, Value as Json, json};

pub const STRINGS: &[&str] = &[
    "",
    "a",
    "A",
    "abc",
    "Hello World",
    "été",
    "ÉTÉ",
    "日本語",
    "😀x",
    "a,b,,c",
    "  x ",
    "12",
    "-1",
    "3.5",
    "1e3",
    "true",
    "2024-02-29",
    "2021-03-28T01:30:00Z",
    "2021-03-28T02:30:00",
    "Europe/Paris",
    "PT36H",
    "P1M",
    "red",
    "k1",
    "k2",
    "a\"b\\c\n",
    "ß",
    "İ",
    "null",
    "[a-z]+",
    "(",
    "\u{0}",
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
];
pub const INTEGERS: &[i64] = &[
    0,
    1,
    -1,
    2,
    3,
    5,
    7,
    -4,
    10,
    23,
    24,
    31,
    60,
    100,
    365,
    1000,
    86_400_000,
    i64::MIN,
    i64::MAX,
    i64::MIN + 1,
    i64::MAX - 1,
    9_007_199_254_740_992,
    9_007_199_254_740_993,
    -9_007_199_254_740_993,
    1_616_893_200_000,
];
pub const DECIMALS: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    3.25,
    0.1,
    10.0,
    99.99,
    1e308,
    -1e308,
    1.7976931348623157e308,
    5e-324,
    1e-7,
    9007199254740993.0,
    9.3e18,
    -9.3e18,
    123456.789,
];
pub const DATES: &[&str] = &[
    "2024-02-29",
    "1970-01-01",
    "1969-12-31",
    "2021-03-28",
    "2021-10-31",
    "2023-12-31",
    "1900-03-01",
    "9999-12-31",
];
pub const INSTANTS: &[&str] = &[
    "2021-03-28T00:59:59Z",
    "2021-03-28T01:00:00Z",
    "2021-03-28T01:30:00+01:00",
    "2021-10-31T00:30:00Z",
    "2021-10-31T01:30:00.001Z",
    "2021-11-07T06:30:00Z",
    "2021-11-07T05:30:00-05:00",
    "2024-02-29T23:59:59.999+14:00",
    "1969-12-31T23:59:59.999Z",
    "2020-02-28T20:00:00-11:30",
    "2016-08-18T23:17Z",
    "1901-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
    "2026-03-01T10:00:00+05:45",
];
pub const WALLS: &[&str] = &[
    "2021-03-28T02:30:00",
    "2021-10-31T02:30:00",
    "2021-03-14T02:00",
    "2024-02-29T12:00:00.5",
    "1969-12-31T23:59:59.999",
    "2016-08-18",
];
pub const CLOCKS: &[&str] = &["00:00", "09:00", "23:59:59.999", "02:30:00", "12:00:00.5"];
pub const KEYS: &[&str] = &["k1", "k2", "k3", "", "red", "été"];
pub const ZONES: &[&str] = &[
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Africa/Monrovia",
    "Pacific/Kiritimati",
    "Etc/GMT-14",
    "Etc/GMT+12",
];

/// Instants near which clocks change, months end, years turn.
pub const INTEGERS_AROUND_NOW: &[i64] = &[
    1_616_893_200_000,
    1_635_640_200_000,
    1_636_264_800_000,
    1_709_164_800_000,
    1_704_067_199_000,
    1_471_562_220_000,
    0,
    1_772_359_200_000,
    -86_400_000,
];

/// A present instant to which one of these documents is just so many hours, days, months or years away, on the clock of a zone; `None`
/// when there is none in them.
pub fn near_an_edge(rng: &mut Rng, documents: [&Json; 2], zone: &str) -> Option<i64> {
    let mut instants = Vec::new();
    for document in documents {
        instants_in(document, &mut instants);
    }
    if instants.is_empty() {
        return None;
    }
    let (at, zone) = (*rng.pick(&instants), Zone::get(zone)?);
    let amount = rng.below(10) as i32 - 3;
    let edge = match rng.below(4) {
        0 => Some(at + i64::from(amount) * 3_600_000),
        1 => zone.add_calendar(at, 0, amount),
        2 => zone.add_calendar(at, amount, 0),
        _ => zone.add_calendar(at, amount * 12, 0),
    };
    let by = match rng.below(4) {
        0 => 0,
        1 => rng.below(3) as i64 - 1,
        2 => rng.below(7_200_000) as i64 - 3_600_000,
        _ => rng.below(6 * 86_400_000) as i64 - 3 * 86_400_000,
    };
    // Not where no instant is, present or not.
    Some((edge? + by).clamp(-377_000_000_000_000, 253_402_300_799_999))
}

/// The instants that are written somewhere.
fn instants_in(document: &Json, into: &mut Vec<i64>) {
    match document {
        Json::String(text) => into.extend(parse::date_time(text).map(date_time_ms)),
        Json::Array(items) => items.iter().for_each(|item| instants_in(item, into)),
        Json::Object(fields) => fields.values().for_each(|field| instants_in(field, into)),
        _ => {}
    }
}

/// JSON of a type, not null.
pub fn value(rng: &mut Rng, ty: &Type) -> Json {
    match ty {
        Type::String => text(rng),
        Type::Enum(values) => Json::from(rng.pick(values).as_str()),
        Type::Integer => match rng.below(3) {
            0 => Json::from(*rng.pick(INTEGERS)),
            1 => Json::from(rng.below(10) as i64 - 3),
            _ => Json::from(rng.next() as i64 >> rng.below(64)),
        },
        Type::Decimal => match rng.below(4) {
            0 | 1 => json!(*rng.pick(DECIMALS)),
            2 => Json::from(rng.below(100) as i64 - 50),
            _ => json!((rng.next() as i64 >> rng.below(64)) as f64 / 64.0),
        },
        Type::Boolean => Json::from(rng.percent(50)),
        Type::Date => Json::from(*rng.pick(DATES)),
        Type::DateTime => Json::from(*rng.pick(INSTANTS)),
        Type::DateTimeOnly => Json::from(*rng.pick(WALLS)),
        Type::Time => Json::from(*rng.pick(CLOCKS)),
        Type::List(item) => {
            let count = if rng.percent(10) { 0 } else { 1 + rng.below(4) };
            Json::Array(
                (0..count)
                    .map(|_| {
                        if rng.percent(10) {
                            Json::Null
                        } else {
                            value(rng, item)
                        }
                    })
                    .collect(),
            )
        }
        Type::Map(item) => {
            let mut entries = Map::new();
            for key in KEYS {
                if rng.percent(65) {
                    entries.insert(
                        key.to_string(),
                        if rng.percent(10) {
                            Json::Null
                        } else {
                            value(rng, item)
                        },
                    );
                }
            }
            Json::Object(entries)
        }
        Type::Record(Record::Inline(fields)) => {
            let mut object = Map::new();
            for field in fields.iter() {
                if !field.optional || rng.percent(85) {
                    object.insert(field.name.clone(), value(rng, &field.ty));
                } else if rng.percent(30) {
                    object.insert(field.name.clone(), Json::Null);
                }
            }
            if rng.percent(20) {
                object.insert("undeclared".into(), json!({"x": [1, {"y": null}]}));
            }
            Json::Object(object)
        }
        Type::Any => json!({"what": ["ever", 1, null]}),
        Type::Duration | Type::Period | Type::Record(_) | Type::Nothing | Type::Error => Json::Null,
    }
}

fn text(rng: &mut Rng) -> Json {
    Json::from(*rng.pick(STRINGS))
}

/// What a variable of a type holds.
pub fn variable(rng: &mut Rng, ty: &Type) -> Bound {
    const SPANS: &[i64] = &[
        0,
        1,
        -1,
        3_600_000,
        86_400_000,
        -7_200_000,
        i64::MAX,
        i64::MIN,
    ];
    match ty {
        Type::Duration => Bound::Value(Value::Duration(*rng.pick(SPANS))),
        Type::Period => Bound::Value(Value::Period(
            rng.below(30) as i32 - 10,
            rng.below(80) as i32 - 40,
        )),
        _ => Bound::Json(value(rng, ty)),
    }
}
