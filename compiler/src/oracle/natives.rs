//! Calls into the one function table: present values become words, the native runs, its word becomes a value.
//!
//! Comes in: a table entry, argument values with their types, the result's type. Goes out: the value, or nothing. Scalars and
//! lists of scalars are laid out as the machine does; anything else (a record, a map, a list inside a list) goes through as a
//! number that stands for it, equal values getting equal numbers, because no native looks inside. Never true here: a second
//! implementation of a function of the table; that is the one thing oracle and interpreter share.

use super::boundary::{from_value, to_value};
use super::scope::Scope;
use super::value::{Answer, OracleError, Val};
use crate::hir::Expr;
use crate::types::Type;
use journey_artifact::model::{Artifact, Shape, Slot, StrId};
use journey_artifact::word::{Region, ShapeId, WordType};
use journey_machine::fault::{Fault, Fuel};
use journey_machine::func::{CallSite, Ctx, Function, Imp, Patterns, Tools};
use journey_machine::record::{Record, Regions};
use journey_machine::value::{Value, from_word, to_word};

/// Work one call may do; far above what any journey's step is given.
const FUEL: u64 = 100_000_000;

/// The name of the slot that holds a stand-in number.
const STAND_IN: &str = "number";

/// Calls `function` with the values of `args`.
pub(super) fn call<'a>(
    function: &'static Function,
    args: &[Expr],
    values: Vec<Val<'a>>,
    result: &Type,
    scope: &Scope<'_>,
) -> Answer<'a> {
    let Imp::Native(native) = function.imp else {
        return Err(OracleError::Corrupt(
            "a call of a function that is expanded in place",
        ));
    };
    let gave_up = |fault: Fault| OracleError::Function {
        name: function.name,
        reason: fault.to_string(),
    };
    let mut layout = Layout::new();
    let (mut given, mut words, mut params) = (Record::default(), Vec::new(), Vec::new());
    for (arg, value) in args.iter().zip(values) {
        let ty = layout.word_type(&arg.ty)?;
        let value = layout.value(value, &arg.ty)?;
        let word =
            to_word(&layout.artifact, &value, ty, &mut given, Region::Input).map_err(gave_up)?;
        words.push(word.ok_or(OracleError::Corrupt("an argument that is not of its type"))?);
        params.push(ty);
    }
    let word = layout.word_type(result)?;
    let site = CallSite::new(params, word, &layout.artifact.shapes);
    let empty = Record::default();
    let mut scratch = Record::default();
    let mut ctx = Ctx {
        shapes: &layout.artifact.shapes,
        fixed: [&empty, &empty, &empty, &given],
        patterns: &Patterns::default(),
        scratch: &mut scratch,
        tools: &mut Tools::default(),
        fuel: &mut Fuel::new(FUEL),
        now_ms: scope.now_ms,
        zone: scope.zone,
    };
    let Some(word) = native.call(&mut ctx, &words, &site).map_err(gave_up)? else {
        return Ok(None);
    };
    let nothing = (&[][..], "");
    let regions = Regions::new([
        nothing,
        nothing,
        nothing,
        (&given.words, &given.text),
        (&scratch.words, &scratch.text),
    ]);
    let value = from_word(&layout.artifact, &regions, word, site.result).map_err(gave_up)?;
    Ok(layout.back(&value, result))
}

/// Word types and shapes made up for one call, and the values that went through as numbers.
struct Layout<'a> {
    artifact: Artifact,
    stand_ins: Vec<(Val<'a>, Value)>,
}

impl<'a> Layout<'a> {
    /// Shape 0 is a stand-in: its number, and a flag so that it is not taken for a list of scalars.
    fn new() -> Layout<'a> {
        let artifact = Artifact {
            strings: ["", STAND_IN, "is"].into_iter().collect(),
            shapes: vec![Shape {
                slots: vec![
                    Slot {
                        name: StrId(1),
                        ty: WordType::Int,
                    },
                    Slot {
                        name: StrId(2),
                        ty: WordType::Bool,
                    },
                ],
            }],
            ..Artifact::default()
        };
        Layout {
            artifact,
            stand_ins: Vec::new(),
        }
    }

    fn word_type(&mut self, ty: &Type) -> Result<WordType, OracleError> {
        if let Some(scalar) = scalar(ty) {
            return Ok(scalar);
        }
        let Type::List(item) = ty else {
            return Ok(WordType::Row(ShapeId(0)));
        };
        let Some(item) = scalar(item) else {
            return Ok(WordType::List(ShapeId(0)));
        };
        let shape = Shape {
            slots: vec![Slot {
                name: StrId(0),
                ty: item,
            }],
        };
        let shapes = &mut self.artifact.shapes;
        let at = shapes.iter().position(|s| *s == shape).unwrap_or_else(|| {
            shapes.push(shape);
            shapes.len() - 1
        });
        u32::try_from(at)
            .map(|at| WordType::List(ShapeId(at)))
            .map_err(|_| OracleError::Corrupt("too many argument types"))
    }

    /// A value as the machine takes it, with numbers for what no native looks into.
    fn value(&mut self, val: Val<'a>, ty: &Type) -> Result<Value, OracleError> {
        match (val, ty) {
            (val, ty) if scalar(ty).is_some() => to_value(&val, ty),
            (Val::List(items), Type::List(item)) => {
                let mut made = Vec::new();
                for val in items {
                    made.push(match val {
                        Some(val) => self.value_of_item(val, item)?,
                        None => Value::Missing,
                    });
                }
                Ok(Value::List(made))
            }
            (val, ty) => self.stand_in(val, ty),
        }
    }

    fn value_of_item(&mut self, val: Val<'a>, item: &Type) -> Result<Value, OracleError> {
        if scalar(item).is_some() {
            to_value(&val, item)
        } else {
            self.stand_in(val, item)
        }
    }

    fn stand_in(&mut self, val: Val<'a>, ty: &Type) -> Result<Value, OracleError> {
        let shown = to_value(&val, ty)?;
        let at = self
            .stand_ins
            .iter()
            .position(|(_, known)| alike(known, &shown))
            .unwrap_or_else(|| {
                self.stand_ins.push((val, shown));
                self.stand_ins.len() - 1
            });
        Ok(Value::Record(vec![
            (STAND_IN.to_string(), Value::Integer(at as i64)),
            ("is".to_string(), Value::Bool(true)),
        ]))
    }

    /// A result as the oracle's value, numbers replaced by what they stand for.
    fn back(&self, value: &Value, ty: &Type) -> Option<Val<'a>> {
        if scalar(ty).is_some() {
            return from_value(value, ty);
        }
        if let (Value::List(items), Type::List(item)) = (value, ty) {
            return Some(Val::List(
                items.iter().map(|v| self.back(v, item)).collect(),
            ));
        }
        match value.field(STAND_IN) {
            Some(Value::Integer(at)) => self
                .stand_ins
                .get(usize::try_from(*at).ok()?)
                .map(|(val, _)| val.clone()),
            _ => None,
        }
    }
}

/// Whether list functions take two values for one: instants whatever their offsets, 0.0 for -0.0, NaN for NaN.
fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Decimal(a), Value::Decimal(b)) => a == b || (a.is_nan() && b.is_nan()),
        (Value::DateTime(a, _), Value::DateTime(b, _)) => a == b,
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
        }
        (Value::Record(a), Value::Record(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|((k, a), (l, b))| k == l && alike(a, b))
        }
        _ => a == b,
    }
}

/// The word type of a type whose values are single words or text.
fn scalar(ty: &Type) -> Option<WordType> {
    Some(match ty {
        Type::String | Type::Enum(_) => WordType::Str,
        Type::Integer => WordType::Int,
        Type::Decimal => WordType::Dec,
        Type::Boolean => WordType::Bool,
        Type::Date => WordType::Date,
        Type::DateTime => WordType::DateTime,
        Type::DateTimeOnly => WordType::Local,
        Type::Time => WordType::Time,
        Type::Duration => WordType::Duration,
        Type::Period => WordType::Period,
        Type::List(_)
        | Type::Map(_)
        | Type::Record(_)
        | Type::Any
        | Type::Nothing
        | Type::Error => return None,
    })
}
