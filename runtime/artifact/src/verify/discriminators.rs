//! Discriminators against the row they look at: constants of the slot's type, and tests that the type has.

use super::fault::{Check, Locate, demand, fault};
use super::tables::{constant, string};
use super::uses::slot;
use crate::limits;
use crate::model::{Artifact, Bound, Constant, Discriminator, Test};
use crate::refusal::RefusalKind;
use crate::word::{ShapeId, WordType};

/// Every discriminator of one event or entrance, over rows of this shape.
pub(super) fn check(a: &Artifact, shape: ShapeId, all: &[Discriminator]) -> Check {
    let most = limits::DISCRIMINATORS;
    demand(all.len() <= most, RefusalKind::TooLarge, || {
        format!("{} discriminators; at most {most}", all.len())
    })?;
    all.iter().try_for_each(|it| {
        slot(a, shape, it.slot)
            .and_then(|ty| test(a, ty, &it.test))
            .at(|| format!("slot {}", it.slot))
    })
}

fn test(a: &Artifact, ty: WordType, test: &Test) -> Check {
    match test {
        Test::OneOf(values) => {
            let most = limits::DISCRIMINATOR_VALUES;
            demand(
                (1..=most).contains(&values.len()),
                RefusalKind::TooLarge,
                || format!("{} values; 1 to {most}", values.len()),
            )?;
            demand(
                !matches!(ty, WordType::Row(_) | WordType::List(_) | WordType::Kleene),
                RefusalKind::SlotType,
                || format!("nothing of type {ty:?} equals a constant"),
            )?;
            values.iter().try_for_each(|value| of(a, ty, *value))
        }
        Test::Range { min, max } => {
            demand(min.is_some() || max.is_some(), RefusalKind::Value, || {
                "a range without bounds".into()
            })?;
            demand(is_ordered(ty), RefusalKind::SlotType, || {
                format!("no range is over {ty:?}")
            })?;
            let bound = |bound: &Bound| of(a, ty, bound.value);
            [min, max].into_iter().flatten().try_for_each(bound)
        }
        Test::Prefix(text) => {
            demand(ty == WordType::Str, RefusalKind::SlotType, || {
                format!("{ty:?} has no prefix")
            })?;
            string(a, *text)
        }
    }
}

/// A constant of this type that is a value: NaN equals nothing and lies in no range, so no index could hold it.
fn of(a: &Artifact, ty: WordType, value: Constant) -> Check {
    constant(a, value)?;
    let found = match value {
        Constant::Text(_) => WordType::Str,
        Constant::Word(ty, _) => ty,
    };
    demand(found == ty, RefusalKind::SlotType, || {
        format!("a constant of type {found:?}, the slot is {ty:?}")
    })?;
    match value {
        Constant::Word(WordType::Dec, word) if f64::from_bits(word).is_nan() => {
            fault(RefusalKind::Value, "a constant that is no number")
        }
        _ => Ok(()),
    }
}

/// Whether `<` on words of this type is what instructions compare, and not text.
fn is_ordered(ty: WordType) -> bool {
    use WordType::*;
    matches!(ty, Int | Dec | Date | DateTime | Local | Time | Duration)
}
