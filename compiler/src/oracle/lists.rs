//! List and map functions that the compiler expands in place, written the plain way.
//!
//! Comes in: the argument values and a lambda as a closure (the identity when none was written). Goes out: the answer. Null items are
//! items: a lambda sees them as missing. Never true here: an order that depends on anything but the list and the lambda.

use super::ops;
use super::value::{Answer, OracleError, Val};
use crate::hir::ArithOp;
use crate::types::Type;
use journey_machine::func::Intrinsic;
use std::cmp::Ordering;

/// What the lambda gives for an item.
type Lambda<'f, 'a> = &'f mut dyn FnMut(Option<Val<'a>>) -> Answer<'a>;

/// The function `op` on `args`; `lambda` is the identity unless `has_lambda`.
pub(super) fn intrinsic<'a>(
    op: Intrinsic,
    args: Vec<Option<Val<'a>>>,
    has_lambda: bool,
    lambda: Lambda<'_, 'a>,
    result: &Type,
) -> Answer<'a> {
    if op == Intrinsic::Coalesce {
        return Ok(args.into_iter().flatten().next());
    }
    let mut rest = args.into_iter();
    let Some(Some(first)) = rest.next() else {
        return Ok(None);
    };
    match first {
        Val::List(items) => list(op, items, rest.next(), has_lambda, lambda, result),
        Val::Map(entries) => map(op, entries, rest.next()),
        _ => Err(OracleError::Corrupt("a list function of what is no list")),
    }
}

fn list<'a>(
    op: Intrinsic,
    items: Vec<Option<Val<'a>>>,
    second: Option<Option<Val<'a>>>,
    has_lambda: bool,
    lambda: Lambda<'_, 'a>,
    result: &Type,
) -> Answer<'a> {
    match op {
        Intrinsic::Map => Ok(Some(Val::List(
            items.into_iter().map(lambda).collect::<Result<_, _>>()?,
        ))),
        Intrinsic::Filter => Ok(Some(Val::List(holding(items, has_lambda, lambda)?))),
        Intrinsic::Count => {
            let items = holding(items, has_lambda, lambda)?;
            // Without a lambda, null items do not count.
            let count = items.iter().filter(|i| has_lambda || i.is_some()).count();
            Ok(Some(Val::Int(count as i64)))
        }
        Intrinsic::First | Intrinsic::Find => Ok(holding(items, has_lambda, lambda)?
            .into_iter()
            .next()
            .flatten()),
        Intrinsic::Last => Ok(holding(items, has_lambda, lambda)?.pop().flatten()),
        Intrinsic::Any | Intrinsic::All => {
            let deciding = op == Intrinsic::Any;
            let mut unknown = false;
            for item in items {
                match lambda(item)? {
                    Some(Val::Bool(b)) if b == deciding => return Ok(Some(Val::Bool(deciding))),
                    Some(_) => {}
                    None => unknown = true,
                }
            }
            Ok(if unknown {
                None
            } else {
                Some(Val::Bool(!deciding))
            })
        }
        Intrinsic::Sum => {
            let zero = if *result == Type::Decimal {
                Val::Dec(0.0)
            } else {
                zero_of(result)?
            };
            let mut sum = zero;
            for value in present(items, lambda)? {
                sum = ops::arithmetic(ArithOp::Add, &sum, &value)?
                    .ok_or(OracleError::Corrupt("a sum without a value"))?;
            }
            Ok(Some(sum))
        }
        Intrinsic::Avg => {
            let values = present(items, lambda)?;
            let mut sum = 0.0;
            for value in &values {
                sum += match value {
                    Val::Int(n) => *n as f64,
                    Val::Dec(x) => *x,
                    _ => return Err(OracleError::Corrupt("a mean of what is no number")),
                };
            }
            Ok(if values.is_empty() {
                None
            } else {
                Some(Val::Dec(sum / values.len() as f64))
            })
        }
        Intrinsic::Min | Intrinsic::Max => {
            let wins = if op == Intrinsic::Min {
                Ordering::Less
            } else {
                Ordering::Greater
            };
            let mut best: Option<Val<'a>> = None;
            for value in present(items, lambda)? {
                best = match best {
                    Some(best) if ops::total_order(&value, &best)? != wins => Some(best),
                    _ => Some(value),
                };
            }
            Ok(best)
        }
        Intrinsic::SortBy => {
            let ascending = match second {
                None => true,
                Some(None) => return Ok(None),
                Some(Some(Val::Bool(ascending))) => ascending,
                Some(_) => return Err(OracleError::Corrupt("a direction that is not boolean")),
            };
            let mut keyed = Vec::new();
            for item in items {
                keyed.push((lambda(item.clone())?, item));
            }
            sort(&mut keyed, ascending)?;
            Ok(Some(Val::List(
                keyed.into_iter().map(|(_, item)| item).collect(),
            )))
        }
        Intrinsic::At => match second {
            Some(Some(Val::Int(index))) => Ok(ops::item(items, index)),
            Some(None) => Ok(None),
            _ => Err(OracleError::Corrupt("a place that is no integer")),
        },
        Intrinsic::IsEmpty => Ok(Some(Val::Bool(items.is_empty()))),
        Intrinsic::IsNotEmpty => Ok(Some(Val::Bool(!items.is_empty()))),
        Intrinsic::Keys
        | Intrinsic::Values
        | Intrinsic::Entry
        | Intrinsic::FirstEntryKey
        | Intrinsic::Coalesce => Err(OracleError::Corrupt("a map function of a list")),
    }
}

fn map<'a>(
    op: Intrinsic,
    entries: Vec<(String, Option<Val<'a>>)>,
    second: Option<Option<Val<'a>>>,
) -> Answer<'a> {
    match op {
        Intrinsic::Keys => Ok(Some(Val::List(
            entries
                .into_iter()
                .map(|(key, _)| Some(Val::Str(key)))
                .collect(),
        ))),
        Intrinsic::Values => Ok(Some(Val::List(
            entries.into_iter().map(|(_, value)| value).collect(),
        ))),
        Intrinsic::FirstEntryKey => Ok(entries.into_iter().next().map(|(key, _)| Val::Str(key))),
        Intrinsic::Entry => match second {
            Some(Some(Val::Str(key))) => Ok(entries
                .into_iter()
                .find(|(k, _)| *k == key)
                .and_then(|(_, value)| value)),
            Some(None) => Ok(None),
            _ => Err(OracleError::Corrupt("a key that is no string")),
        },
        Intrinsic::IsEmpty => Ok(Some(Val::Bool(entries.is_empty()))),
        Intrinsic::IsNotEmpty => Ok(Some(Val::Bool(!entries.is_empty()))),
        Intrinsic::Count => Ok(Some(Val::Int(entries.len() as i64))),
        _ => Err(OracleError::Corrupt("a list function of a map")),
    }
}

/// The items for which the lambda is true; all of them without one.
fn holding<'a>(
    items: Vec<Option<Val<'a>>>,
    has_lambda: bool,
    lambda: Lambda<'_, 'a>,
) -> Result<Vec<Option<Val<'a>>>, OracleError> {
    let mut kept = Vec::new();
    for item in items {
        if !has_lambda || lambda(item.clone())? == Some(Val::Bool(true)) {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// What the lambda gives, without missing values.
fn present<'a>(
    items: Vec<Option<Val<'a>>>,
    lambda: Lambda<'_, 'a>,
) -> Result<Vec<Val<'a>>, OracleError> {
    let mut values = Vec::new();
    for item in items {
        values.extend(lambda(item)?);
    }
    Ok(values)
}

fn zero_of<'a>(ty: &Type) -> Result<Val<'a>, OracleError> {
    match ty {
        Type::Integer => Ok(Val::Int(0)),
        Type::Duration => Ok(Val::Duration(0)),
        _ => Err(OracleError::Corrupt("a sum of what is no number")),
    }
}

/// By key, one insertion after another: stable, missing keys last whatever the direction.
fn sort<'a>(
    keyed: &mut [(Option<Val<'a>>, Option<Val<'a>>)],
    ascending: bool,
) -> Result<(), OracleError> {
    for end in 1..keyed.len() {
        let mut at = end;
        while at > 0 {
            let order = match (&keyed[at - 1].0, &keyed[at].0) {
                (Some(a), Some(b)) if ascending => ops::total_order(a, b)?,
                (Some(a), Some(b)) => ops::total_order(b, a)?,
                (None, Some(_)) => Ordering::Greater,
                (_, None) => Ordering::Less,
            };
            if order != Ordering::Greater {
                break;
            }
            keyed.swap(at - 1, at);
            at -= 1;
        }
    }
    Ok(())
}
