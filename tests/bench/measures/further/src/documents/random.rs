//! Documents at random: the pair, with parts that are missing, `null`, in another order, twice, or something else.
//!
//! Comes in: the pair. Goes out: as many pairs as one wants, the same ones in every run. Never true here: a document that its schema refuses.

use super::pair::Pair;
use serde_json::{Map, Value, json};

/// Numbers from a seed: SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below a limit.
    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// From one number to another, both included.
    fn within(&mut self, least: i64, most: i64) -> i64 {
        least + (self.next() % (most - least + 1) as u64) as i64
    }

    /// Whether something happens that is so likely.
    fn happens(&mut self, likely: f64) -> bool {
        (self.next() >> 11) as f64 / ((1_u64 << 53) as f64) < likely
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// An amount with two decimals.
    fn amount(&mut self, least: i64, most: i64) -> Value {
        json!(self.within(least * 100, most * 100) as f64 / 100.0)
    }
}

/// Pairs of an event and a profile.
pub fn pairs(pair: &Pair, count: usize) -> impl Iterator<Item = (Value, Value)> {
    let mut random = Random(7);
    (0..count).map(move |_| {
        let rate = random.one(&[0.01, 0.03, 0.03, 0.08, 0.15]);
        let mut profile = pair.profile.value.clone();
        if random.happens(0.5) {
            profile["orders"] = orders(&mut random);
        }
        let event = bent(&mut random, &pair.event.value, &pair.event.schema, rate);
        let profile = bent(&mut random, &profile, &pair.profile.schema, rate);
        (event, profile)
    })
}

/// A document as another of its schema; a record, never `null`.
fn bent(random: &mut Random, value: &Value, schema: &Value, rate: f64) -> Value {
    match changed(random, value, schema, rate) {
        Value::Null => json!({}),
        document => document,
    }
}

fn changed(random: &mut Random, value: &Value, schema: &Value, rate: f64) -> Value {
    if random.happens(rate * 0.6) {
        return Value::Null;
    }
    match value {
        Value::Object(members) => {
            let mut out = Map::new();
            for (name, member) in members {
                if random.happens(rate * 0.7) {
                    continue;
                }
                let of = match schema.get("properties") {
                    Some(fields) => &fields[name.as_str()],
                    None => &schema["additionalProperties"],
                };
                out.insert(name.clone(), changed(random, member, of, rate));
            }
            Value::Object(out)
        }
        Value::Array(items) => list(random, items, &schema["items"], rate),
        _ if random.happens(rate * 1.5) => scalar(random, value, schema),
        _ => value.clone(),
    }
}

fn list(random: &mut Random, items: &[Value], schema: &Value, rate: f64) -> Value {
    let twice = random.happens(rate * 0.5);
    let again = if twice { items } else { &[] };
    let all = items.iter().chain(again);
    let mut out: Vec<Value> = all
        .map(|item| changed(random, item, schema, rate))
        .collect();
    if random.happens(rate) {
        for at in (1..out.len()).rev() {
            out.swap(at, random.below(at + 1));
        }
    }
    if random.happens(rate) {
        out.truncate(random.below(out.len() + 1));
    }
    Value::Array(out)
}

fn scalar(random: &mut Random, value: &Value, schema: &Value) -> Value {
    const INSTANTS: [&str; 10] = [
        "2026-05-01T12:00:00Z",
        "2026-04-24T12:00:00Z",
        "2026-04-24T11:59:59.999Z",
        "2026-05-02T00:00:00+14:00",
        "2026-04-30T23:30:00-06:00",
        "2027-01-31T00:00:00Z",
        "1969-12-31T23:59:59.999Z",
        "2024-02-29T10:00:00Z",
        "2026-03-29T02:30:00+01:00",
        "2026-06-01T00:00:00Z",
    ];
    const DATES: [&str; 4] = ["1988-06-17", "2008-05-01", "2008-05-02", "2000-02-29"];
    if let Some(Value::Array(values)) = schema.get("enum") {
        return values[random.below(values.len())].clone();
    }
    let field = |name: &str| schema[name].as_str().unwrap_or_default();
    match (field("type"), field("format")) {
        ("integer", _) => integer(random, value.as_i64().unwrap_or(2)),
        ("number", _) => number(random),
        ("boolean", _) => json!(random.happens(0.5)),
        (_, "date-time") => json!(random.one(&INSTANTS)),
        (_, "date") => json!(random.one(&DATES)),
        ("string", _) => string(random, value.as_str().unwrap_or_default()),
        _ => value.clone(),
    }
}

fn integer(random: &mut Random, was: i64) -> Value {
    let small = random.within(-100, 1000);
    json!(random.one(&[0, 1, -1, 2, was + 1, small, 5, i64::from(i32::MAX)]))
}

fn number(random: &mut Random) -> Value {
    let some = random.within(-1000, 50_000) as f64 / 100.0;
    json!(random.one(&[0.0, -0.0, 1.5, 50.0, 100.0, some, 1e308, -5.0]))
}

fn string(random: &mut Random, was: &str) -> Value {
    const WORDS: [&str; 24] = [
        "",
        "a",
        "USD",
        "EUR",
        "gold",
        "silver",
        "MX",
        "US",
        "DE",
        "es-MX",
        "y",
        "ÉTÉ",
        "Straße",
        "İ",
        "web",
        "checkout",
        "2026-04-28T23:59:59.999-06:00",
        " x ",
        "example.com",
        "mobile",
        "Apple",
        "05-01",
        "newsletter",
        "source",
    ];
    match random.below(WORDS.len() + 6) {
        0 => json!(was.to_uppercase()),
        1 => json!(was.to_lowercase()),
        2 => json!(
            was.chars()
                .take(was.chars().count() / 2)
                .collect::<String>()
        ),
        3 => json!(format!(" {was}")),
        // The sign of the kelvin, whose small letter is one of ASCII.
        4 => json!(was.replace(['k', 'K'], "\u{212A}")),
        5 => json!(was.replace(['a', ',', '/', '-', '.'], "")),
        at => json!(WORDS[at - 6]),
    }
}

/// Orders of up to four lines each.
fn orders(random: &mut Random) -> Value {
    let count = random.below(8);
    (0..count).map(|number| order(random, number)).collect()
}

fn order(random: &mut Random, number: usize) -> Value {
    const STATES: [&str; 4] = ["delivered", "returned", "shipped", "cancelled"];
    let (month, day) = (random.within(1, 5), random.within(1, 28));
    let (hour, minute, second) = (
        random.within(0, 23),
        random.within(0, 59),
        random.within(0, 59),
    );
    let ms = random.within(0, 999);
    let placed = format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z");
    let count = random.within(1, 4);
    let lines: Value = (0..count).map(|_| line(random)).collect();
    json!({
        "id": format!("ORD-{number}"),
        "status": random.one(&STATES),
        "total": random.amount(5, 300),
        "placedAt": placed,
        "giftWrapped": random.happens(0.3),
        "lines": lines,
    })
}

fn line(random: &mut Random) -> Value {
    const SKUS: [&str; 6] = [
        "JKT-0415-RED-M",
        "SHO-2210-BLK-42",
        "SOC-0031-GRY-L",
        "TNT-0002-GRN",
        "BTL-0750-STL",
        "PAC-0040-BLU",
    ];
    const TAGS: [&str; 4] = ["sale", "new", "clearance", "outdoor"];
    let tags: Vec<&str> = TAGS.into_iter().filter(|_| random.happens(0.4)).collect();
    json!({
        "sku": random.one(&SKUS),
        "price": random.amount(3, 120),
        "qty": random.within(1, 4),
        "tags": tags,
    })
}
