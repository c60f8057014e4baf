//! From an artifact's import to the native that serves it.
//!
//! Comes in: an import (name and exact word types). Goes out: the native and the call's types, or why there is none. Never
//! true here: a conversion; the types must fit an overload as they are.

use super::types::{CallSite, Called, Function, Imp, Ty};
use journey_artifact::model::{Artifact, Import, Shape};
use journey_artifact::word::{ShapeId, WordType};

/// A native and the exact types it is called with.
#[derive(Debug)]
pub struct Resolved {
    /// The table's entry.
    pub function: &'static Function,
    /// What to call.
    pub native: Called,
    /// The call's types.
    pub site: CallSite,
}

/// Finds the overload among `table` that an import names.
pub fn resolve_in(
    table: impl Iterator<Item = &'static Function>,
    artifact: &Artifact,
    import: &Import,
) -> Result<Resolved, String> {
    let name = artifact.text(import.name);
    let mut known = false;
    for function in table.filter(|function| function.name == name) {
        known = true;
        if let (Imp::Native(native), true) =
            (function.imp, fits(function, &artifact.shapes, import))
        {
            let site = CallSite::new(import.params.clone(), import.result, &artifact.shapes);
            return Ok(Resolved {
                function,
                native,
                site,
            });
        }
    }
    Err(if known {
        "no overload takes these types"
    } else {
        "this machine has no such function"
    }
    .to_owned())
}

fn fits(function: &Function, shapes: &[Shape], import: &Import) -> bool {
    let (fixed, given) = (function.params.len(), import.params.len());
    if given < fixed || (given > fixed && !(function.variadic && fixed > 0)) {
        return false;
    }
    let mut bound = Bound::default();
    let wanted = |ix: usize| function.params[ix.min(fixed - 1)].ty;
    import
        .params
        .iter()
        .enumerate()
        .all(|(ix, ty)| matches(wanted(ix), *ty, shapes, &mut bound))
        && matches(function.returns, import.result, shapes, &mut bound)
}

/// What the type variables of a signature stand for. Lists of records are bound by shape.
#[derive(Default)]
struct Bound {
    scalar: Option<WordType>,
    any: Option<WordType>,
}

fn matches(want: Ty, given: WordType, shapes: &[Shape], bound: &mut Bound) -> bool {
    let exact = |ty: WordType| given == ty;
    match want {
        Ty::String => exact(WordType::Str),
        Ty::Integer => exact(WordType::Int),
        Ty::Decimal => exact(WordType::Dec),
        Ty::Boolean => exact(WordType::Bool),
        Ty::Date => exact(WordType::Date),
        Ty::DateTime => exact(WordType::DateTime),
        Ty::DateTimeOnly => exact(WordType::Local),
        Ty::Time => exact(WordType::Time),
        Ty::Duration => exact(WordType::Duration),
        Ty::Period => exact(WordType::Period),
        Ty::T => is_scalar(given) && *bound.scalar.get_or_insert(given) == given,
        Ty::Any => given != WordType::Kleene && *bound.any.get_or_insert(given) == given,
        Ty::List(element) => match given {
            WordType::List(id) => {
                element_type(id, shapes).is_some_and(|ty| matches(*element, ty, shapes, bound))
            }
            _ => false,
        },
        Ty::Map(_) | Ty::Lambda(_) => false,
    }
}

fn is_scalar(ty: WordType) -> bool {
    !matches!(ty, WordType::Kleene | WordType::Row(_) | WordType::List(_))
}

impl CallSite {
    /// A call of these types.
    pub fn new(params: Vec<WordType>, result: WordType, shapes: &[Shape]) -> CallSite {
        let element = match params.first() {
            Some(WordType::List(shape)) => element_type(*shape, shapes),
            _ => None,
        };
        CallSite {
            params,
            result,
            element,
        }
    }
}

/// The element type of a list: of the one slot when there is one (a list of scalars), else the row.
pub fn element_type(id: ShapeId, shapes: &[Shape]) -> Option<WordType> {
    let shape = shapes.get(id.0 as usize)?;
    match shape.slots.as_slice() {
        [slot] if is_scalar(slot.ty) => Some(slot.ty),
        _ => Some(WordType::Row(id)),
    }
}
