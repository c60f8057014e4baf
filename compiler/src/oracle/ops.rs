//! What the operators mean, on present values.
//!
//! Comes in: two values of one type (the checker saw to that). Goes out: their result, or nothing where the language has
//! none (division by zero). Never true here: wrapping, a comparison of unlike types, a result that depends on the host.

use super::value::{OracleError, Val};
use crate::hir::{ArithOp, CompareOp};
use std::cmp::Ordering;

/// `a op b`.
pub(super) fn compare(op: CompareOp, a: &Val<'_>, b: &Val<'_>) -> Result<bool, OracleError> {
    if let (Val::Dec(a), Val::Dec(b)) = (a, b) {
        // IEEE 754: NaN is not equal to anything, and neither below nor above it.
        return Ok(match op {
            CompareOp::Eq => a == b,
            CompareOp::Ne => a != b,
            CompareOp::Lt => a < b,
            CompareOp::Le => a <= b,
            CompareOp::Gt => a > b,
            CompareOp::Ge => a >= b,
        });
    }
    if let (Val::Period(am, ad), Val::Period(bm, bd)) = (a, b) {
        return match op {
            CompareOp::Eq => Ok(am == bm && ad == bd),
            CompareOp::Ne => Ok(am != bm || ad != bd),
            _ => Err(OracleError::Corrupt("calendar durations have no order")),
        };
    }
    let order = order(a, b)?;
    Ok(match op {
        CompareOp::Eq => order == Ordering::Equal,
        CompareOp::Ne => order != Ordering::Equal,
        CompareOp::Lt => order == Ordering::Less,
        CompareOp::Le => order != Ordering::Greater,
        CompareOp::Gt => order == Ordering::Greater,
        CompareOp::Ge => order != Ordering::Less,
    })
}

/// The order of two values that have one.
fn order(a: &Val<'_>, b: &Val<'_>) -> Result<Ordering, OracleError> {
    Ok(match (a, b) {
        (Val::Bool(a), Val::Bool(b)) => a.cmp(b),
        (Val::Int(a), Val::Int(b)) => a.cmp(b),
        (Val::Str(a), Val::Str(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Val::Date(a), Val::Date(b)) => a.cmp(b),
        // Two dateTimes are one moment whatever their offsets.
        (Val::DateTime(a, _), Val::DateTime(b, _)) => a.cmp(b),
        (Val::Local(a), Val::Local(b)) => a.cmp(b),
        (Val::Time(a), Val::Time(b)) => a.cmp(b),
        (Val::Duration(a), Val::Duration(b)) => a.cmp(b),
        _ => {
            return Err(OracleError::Corrupt(
                "a comparison of unlike or unordered values",
            ));
        }
    })
}

/// The order of sorting, smallest and largest, which must place every value: decimals by value with NaN last, calendar
/// durations by months and then days, everything else as the operators order it.
pub(super) fn total_order(a: &Val<'_>, b: &Val<'_>) -> Result<Ordering, OracleError> {
    match (a, b) {
        (Val::Dec(a), Val::Dec(b)) => Ok(match (a.is_nan(), b.is_nan()) {
            (false, false) if a < b => Ordering::Less,
            (false, false) if a > b => Ordering::Greater,
            (a, b) => a.cmp(&b),
        }),
        (Val::Period(am, ad), Val::Period(bm, bd)) => Ok((am, ad).cmp(&(bm, bd))),
        _ => order(a, b),
    }
}

/// `a op b` on numbers and exact durations; nothing when dividing by zero.
pub(super) fn arithmetic<'a>(
    op: ArithOp,
    a: &Val<'a>,
    b: &Val<'a>,
) -> Result<Option<Val<'a>>, OracleError> {
    match (a, b) {
        (Val::Int(a), Val::Int(b)) => Ok(integers(op, *a, *b).map(Val::Int)),
        (Val::Dec(a), Val::Dec(b)) => Ok(decimals(op, *a, *b).map(Val::Dec)),
        (Val::Duration(a), Val::Duration(b)) if matches!(op, ArithOp::Add | ArithOp::Sub) => {
            Ok(integers(op, *a, *b).map(Val::Duration))
        }
        _ => Err(OracleError::Corrupt("arithmetic on values that have none")),
    }
}

/// Computed wide and cut to 64 bits: saturating by construction.
fn integers(op: ArithOp, a: i64, b: i64) -> Option<i64> {
    let (a, b) = (i128::from(a), i128::from(b));
    let wide = match op {
        ArithOp::Add => a + b,
        ArithOp::Sub => a - b,
        ArithOp::Mul => a * b,
        ArithOp::Div | ArithOp::Rem if b == 0 => return None,
        ArithOp::Div => a / b,
        ArithOp::Rem => a % b,
    };
    Some(saturate(wide))
}

fn decimals(op: ArithOp, a: f64, b: f64) -> Option<f64> {
    match op {
        ArithOp::Add => Some(a + b),
        ArithOp::Sub => Some(a - b),
        ArithOp::Mul => Some(a * b),
        ArithOp::Div | ArithOp::Rem if b == 0.0 => None,
        ArithOp::Div => Some(a / b),
        ArithOp::Rem => Some(a % b),
    }
}

/// `-a`.
pub(super) fn negate<'a>(a: &Val<'a>) -> Result<Val<'a>, OracleError> {
    Ok(match a {
        Val::Int(a) => Val::Int(saturate(-i128::from(*a))),
        Val::Duration(a) => Val::Duration(saturate(-i128::from(*a))),
        Val::Dec(a) => Val::Dec(-a),
        _ => {
            return Err(OracleError::Corrupt(
                "the negative of a value that has none",
            ));
        }
    })
}

/// Item `index` of a list, negative ones from the end; nothing beyond either end or at a null item.
pub(super) fn item<'a>(mut items: Vec<Option<Val<'a>>>, index: i64) -> Option<Val<'a>> {
    let length = items.len() as i64;
    let at = if index < 0 {
        length.saturating_add(index)
    } else {
        index
    };
    if (0..length).contains(&at) {
        items.swap_remove(at as usize)
    } else {
        None
    }
}

/// The nearest 64-bit integer.
pub(super) fn saturate(wide: i128) -> i64 {
    i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_saturates_and_never_divides_by_zero() {
        assert_eq!(integers(ArithOp::Div, i64::MIN, -1), Some(i64::MAX));
        assert_eq!(integers(ArithOp::Rem, i64::MIN, -1), Some(0));
        assert_eq!(integers(ArithOp::Mul, i64::MAX, -2), Some(i64::MIN));
        assert_eq!(integers(ArithOp::Div, -7, 2), Some(-3));
        assert_eq!(integers(ArithOp::Rem, -7, 2), Some(-1));
        assert_eq!(decimals(ArithOp::Div, 1.0, -0.0), None);
    }

    #[test]
    fn nan_is_unlike_everything() {
        let nan = Val::Dec(f64::NAN);
        assert_eq!(compare(CompareOp::Ne, &nan, &nan), Ok(true));
        for op in [
            CompareOp::Eq,
            CompareOp::Lt,
            CompareOp::Le,
            CompareOp::Gt,
            CompareOp::Ge,
        ] {
            assert_eq!(compare(op, &nan, &nan), Ok(false), "{op:?}");
        }
    }
}
