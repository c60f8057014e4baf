//! Small helps of the machine's tests: made-up artifacts, and calls of natives by name over values.
#![allow(dead_code)]

pub mod bench;
pub mod documents;
pub mod plan;
pub mod slow;

use journey_artifact::model::{Artifact, Import, Shape, Slot, StrId};
use journey_artifact::word::{Region, ShapeId, WordType, date_time_ms, date_time_offset};
use journey_machine::fault::{Fault, Fuel};
use journey_machine::func::{Ctx, Patterns, Tools, resolve_import};
use journey_machine::record::{Record, Regions};
use journey_machine::time::{Zone, parse};
use journey_machine::value::{Value, from_word, to_word};

/// The interned id of a text.
pub fn intern(artifact: &mut Artifact, text: &str) -> StrId {
    let at = artifact
        .strings
        .iter()
        .position(|s| s == text)
        .unwrap_or_else(|| {
            artifact.strings.push(text);
            artifact.strings.len() - 1
        });
    StrId(at as u32)
}

/// A new shape with these slots.
pub fn shape(artifact: &mut Artifact, slots: &[(&str, WordType)]) -> ShapeId {
    let slots = slots
        .iter()
        .map(|(name, ty)| Slot {
            name: intern(artifact, name),
            ty: *ty,
        })
        .collect();
    artifact.shapes.push(Shape { slots });
    ShapeId(artifact.shapes.len() as u32 - 1)
}

/// The word type of a value; lists are of their first present element's type.
pub fn type_of(artifact: &mut Artifact, value: &Value) -> WordType {
    match value {
        Value::Missing | Value::Integer(_) => WordType::Int,
        Value::Bool(_) => WordType::Bool,
        Value::Decimal(_) => WordType::Dec,
        Value::String(_) => WordType::Str,
        Value::Date(_) => WordType::Date,
        Value::DateTime(..) => WordType::DateTime,
        Value::DateTimeOnly(_) => WordType::Local,
        Value::Time(_) => WordType::Time,
        Value::Duration(_) => WordType::Duration,
        Value::Period(..) => WordType::Period,
        Value::List(items) => match items.iter().find(|item| **item != Value::Missing) {
            Some(Value::Record(fields)) => {
                let fields: Vec<(String, WordType)> = fields
                    .iter()
                    .map(|(name, value)| (name.clone(), type_of(artifact, value)))
                    .collect();
                let slots: Vec<(&str, WordType)> = fields
                    .iter()
                    .map(|(name, ty)| (name.as_str(), *ty))
                    .collect();
                WordType::List(shape(artifact, &slots))
            }
            first => {
                let ty = first.map_or(WordType::Int, |item| type_of(artifact, item));
                WordType::List(shape(artifact, &[("", ty)]))
            }
        },
        Value::Record(_) => panic!("a bare record is no argument"),
    }
}

/// Calls a function over values at an instant in a zone; `result` is the type it is to give, or that of argument `n`.
pub fn call_at(
    name: &str,
    args: &[Value],
    result: Want,
    now_ms: i64,
    zone: &Zone,
) -> Result<Value, Fault> {
    let mut artifact = Artifact::default();
    let (mut input, mut words, mut params) = (Record::default(), Vec::new(), Vec::new());
    for arg in args {
        let ty = type_of(&mut artifact, arg);
        // Lists of one kind share a shape, as the compiler makes it.
        let ty = same_list(&artifact, &params, ty);
        words.push(to_word(&artifact, arg, ty, &mut input, Region::Input)?.expect("an argument"));
        params.push(ty);
    }
    let result = match result {
        Want::Scalar(ty) => ty,
        Want::Like(ix) => params[ix],
        Want::ElementOf(ix) => match params[ix] {
            WordType::List(id) => artifact.shapes[id.0 as usize].slots[0].ty,
            other => other,
        },
        Want::ListOf(ty) => WordType::List(shape(&mut artifact, &[("", ty)])),
    };
    let import = Import {
        name: intern(&mut artifact, name),
        params,
        result,
    };
    let resolved = resolve_import(&artifact, &import)
        .unwrap_or_else(|why| panic!("{name}{:?}: {why}", import.params));
    let (empty, mut scratch) = (Record::default(), Record::default());
    let mut ctx = Ctx {
        shapes: &artifact.shapes,
        fixed: [&empty, &empty, &empty, &input],
        patterns: &Patterns::default(),
        scratch: &mut scratch,
        tools: &mut Tools::default(),
        fuel: &mut Fuel::new(1_000_000),
        now_ms,
        zone,
    };
    let Some(word) = resolved.native.call(&mut ctx, &words, &resolved.site)? else {
        return Ok(Value::Missing);
    };
    let none = (&[][..], "");
    let regions = Regions::new([
        none,
        none,
        none,
        (&input.words, &input.text),
        (&scratch.words, &scratch.text),
    ]);
    from_word(&artifact, &regions, word, result)
}

fn same_list(artifact: &Artifact, params: &[WordType], ty: WordType) -> WordType {
    let WordType::List(id) = ty else { return ty };
    let like = |other: &&WordType| matches!(other, WordType::List(o) if artifact.shapes[o.0 as usize] == artifact.shapes[id.0 as usize]);
    params.iter().find(like).copied().unwrap_or(ty)
}

/// What a call is to give.
#[derive(Clone, Copy)]
pub enum Want {
    Scalar(WordType),
    Like(usize),
    ElementOf(usize),
    ListOf(WordType),
}

/// The instant of a text.
pub fn at(text: &str) -> i64 {
    date_time_ms(parse::date_time(text).expect(text))
}

/// A dateTime value.
pub fn instant(text: &str) -> Value {
    let word = parse::date_time(text).expect(text);
    Value::DateTime(date_time_ms(word), date_time_offset(word))
}

/// A string value.
pub fn s(text: &str) -> Value {
    Value::String(text.to_owned())
}

/// A list of integers.
pub fn ints(items: &[i64]) -> Value {
    Value::List(items.iter().map(|n| Value::Integer(*n)).collect())
}

/// A list of strings.
pub fn strings(items: &[&str]) -> Value {
    Value::List(items.iter().map(|text| s(text)).collect())
}

/// A seeded generator (SplitMix64): the same numbers everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}
