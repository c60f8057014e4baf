//! The final layout as tables: shapes, and the field plans that fill them from JSON.
//!
//! Comes in: a layout that a whole pass agreed with. Goes out: shapes by number, plans as tries that follow the schema's own
//! types (so an enum is checked where its schema says so). Never true here: a shape that contains itself; it was refused.

use super::layout::{self, Layout, Named, Placed};
use super::needs::Seg;
use super::pass::Pass;
use super::pool::Wanted;
use super::rows::{RowKey, Rows};
use crate::diag::{Code, Diagnostic};
use crate::source::Span;
use crate::types::{Record, Type};
use crate::xdm::{Registry, TypeId, XdmType};
use journey_artifact::limits;
use journey_artifact::model::{Plan, PlanNode, Shape, Slot, StrId, Want};
use journey_artifact::word::{ShapeId, WordType};

/// All shapes, by number.
pub fn shapes(pass: &mut Pass<'_>) -> Vec<Shape> {
    let layout = pass.agreed();
    let mut name = std::mem::take(&mut pass.pool.name);
    let mut slot = |(named, ty): &(Named, WordType)| {
        name.clear();
        layout::name(pass.needs, *named, &mut name);
        Slot {
            name: pass.pool.text(&name),
            ty: *ty,
        }
    };
    let shapes = (0..layout.len())
        .map(|row| {
            let slots = layout.row(ShapeId(row as u32)).unwrap_or(&[]);
            Shape {
                slots: slots.iter().map(&mut slot).collect(),
            }
        })
        .collect();
    pass.pool.name = name;
    shapes
}

/// All plans that were asked for.
pub fn plans(pass: &mut Pass<'_>) -> Vec<Plan> {
    let wanted = std::mem::take(&mut pass.pool.plans);
    let plans = wanted.iter().map(|wanted| plan(pass, wanted)).collect();
    pass.pool.plans = wanted;
    plans
}

fn plan(pass: &mut Pass<'_>, wanted: &Wanted) -> Plan {
    let schema = pass.pool.schema(wanted);
    let placed = pass.agreed().root(wanted.row).unwrap_or_default();
    let mut root = vague(placed, false);
    want(pass, placed, Of::Type(&wanted.ty), &mut root.want);
    // Somebody may have no profile at all, and then one without its fields: no expression takes them for granted.
    if let (RowKey::Profile, Want::Object(fields)) = (pass.rows.key(wanted.row), &mut root.want) {
        for (_, field) in fields {
            field.required = false;
        }
    }
    Plan {
        schema,
        shape: wanted.row,
        root,
    }
}

/// What describes a value.
#[derive(Clone, Copy)]
enum Of<'t> {
    /// A type of the program.
    Type(&'t Type),
    /// A schema: no type is made of what is only walked over.
    Schema(TypeId),
}

/// A node that wants nothing in particular yet.
#[inline(always)]
fn vague(placed: Placed, required: bool) -> PlanNode {
    PlanNode {
        slot: placed.slot,
        required,
        want: Want::Any,
    }
}

/// Says in `want`, which is `Any` so far, what a value must be. It is made where it is to lie: moving what was just written in parts is slow.
fn want(pass: &mut Pass<'_>, placed: Placed, of: Of<'_>, want: &mut Want) {
    match of {
        Of::Type(Type::Record(Record::Xdm(id))) => schema_want(pass, placed, *id, want),
        Of::Type(ty) => type_want(pass, placed, ty, want),
        Of::Schema(id) => schema_want(pass, placed, id, want),
    }
}

/// Puts what a value must be where it is to lie. There is nothing in it yet that would have to be given back.
#[inline(always)]
fn put(want: &mut Want, made: Want) {
    debug_assert!(matches!(want, Want::Any));
    std::mem::forget(std::mem::replace(want, made));
}

fn type_want(pass: &mut Pass<'_>, placed: Placed, ty: &Type, want: &mut Want) {
    match ty {
        // The value of an entry of a map whose keys alone are read. A list's row may not even exist then.
        Type::List(_) if placed.slot.is_none() => {}
        Type::List(item) => {
            let row = pass.rows.item(item);
            put(want, Want::List(row, row_node(pass, row, Of::Type(item))));
        }
        Type::Map(value) if placed.dynamic => {
            let row = pass.rows.entry(value);
            put(want, Want::Map(row, row_node(pass, row, Of::Type(value))));
        }
        Type::Record(_) | Type::Map(_) => {
            put(want, Want::Object(fields(pass, placed, Of::Type(ty))));
        }
        Type::Enum(values) => enum_want(pass, values, want),
        Type::Any | Type::Nothing | Type::Error => {}
        scalar => put(want, Want::Scalar(pass.rows.word(scalar))),
    }
}

fn enum_want(pass: &mut Pass<'_>, values: &[String], want: &mut Want) {
    let values = values.iter().map(|value| pass.pool.text(value));
    put(want, Want::Enum(values.collect()));
}

/// What [`type_want`] says of the type that a schema gives.
fn schema_want(pass: &mut Pass<'_>, placed: Placed, id: TypeId, want: &mut Want) {
    let registry = pass.registry;
    match registry.ty(id) {
        XdmType::Array(_) if placed.slot.is_none() => {}
        XdmType::Array(array) => {
            let row = pass.rows.item(&Type::from_xdm(registry, array.item));
            let node = row_node(pass, row, Of::Schema(array.item));
            put(want, Want::List(row, node));
        }
        XdmType::Map { value } if placed.dynamic => {
            let row = pass.rows.entry(&Type::from_xdm(registry, *value));
            put(
                want,
                Want::Map(row, row_node(pass, row, Of::Schema(*value))),
            );
        }
        XdmType::Object(_) | XdmType::Map { .. } => {
            put(want, Want::Object(fields(pass, placed, Of::Schema(id))));
        }
        XdmType::String(string) => match &string.choices {
            Some(values) if !values.is_empty() => enum_want(pass, values, want),
            _ => put(want, Want::Scalar(WordType::Str)),
        },
        _ => type_want(pass, placed, &Type::from_xdm(registry, id), want),
    }
}

fn row_node(pass: &mut Pass<'_>, row: ShapeId, of: Of<'_>) -> Box<PlanNode> {
    let placed = pass.agreed().root(row).unwrap_or_default();
    let mut node = Box::new(vague(placed, false));
    want(pass, placed, of, &mut node.want);
    node
}

/// Fields and constant keys; the needs are sorted by their text.
fn fields(pass: &mut Pass<'_>, placed: Placed, of: Of<'_>) -> Vec<(StrId, PlanNode)> {
    let layout = pass.agreed();
    let kids = layout.kids(placed);
    let mut out = Vec::with_capacity(kids.len());
    // Nodes are made where they are to lie, and filled there.
    out.extend(
        kids.iter()
            .map(|_| (StrId(0), vague(Placed::default(), false))),
    );
    let mut known = 0;
    for at in kids {
        let (Some((_, seg)), Some(kid)) = (pass.needs.step(*at), layout.at(*at)) else {
            continue;
        };
        let hash = pass.needs.name_hash(*at);
        if let Some((of, required)) = child(pass.registry, seg, hash, of) {
            let (key, node) = &mut out[known];
            *key = pass.pool.text_by(hash, seg.name());
            (node.slot, node.required) = (kid.slot, required);
            want(pass, kid, of, &mut node.want);
            known += 1;
        }
    }
    out.truncate(known);
    out
}

/// What is one step below, and whether it must be there. `hash` is that of its name.
fn child<'t>(registry: &Registry, seg: Seg<'_>, hash: u64, of: Of<'t>) -> Option<(Of<'t>, bool)> {
    match (seg, of) {
        (Seg::Field(_), Of::Type(Type::Record(Record::Xdm(id)))) => {
            child(registry, seg, hash, Of::Schema(*id))
        }
        (Seg::Field(name), Of::Type(Type::Record(Record::Inline(fields)))) => {
            let field = fields.iter().find(|field| field.name == name)?;
            Some((Of::Type(&field.ty), !field.optional))
        }
        (Seg::Field(name), Of::Schema(id)) => {
            let field = registry.object(id)?.field_by(hash, name)?;
            Some((Of::Schema(field.ty), field.required))
        }
        (Seg::Key(_), Of::Type(Type::Map(value))) => Some((Of::Type(value), false)),
        (Seg::Key(_), Of::Schema(id)) => match registry.ty(id) {
            XdmType::Map { value } => Some((Of::Schema(*value), false)),
            _ => None,
        },
        _ => None,
    }
}

/// What makes a layout impossible: a row within itself, or too wide.
pub fn impossible(layout: &Layout, rows: &Rows, span: Span) -> Option<Diagnostic> {
    let slots = |ix: usize| layout.row(ShapeId(ix as u32)).unwrap_or(&[]);
    for (id, key) in rows.iter() {
        let count = slots(id.0 as usize).len();
        if count > limits::SLOTS {
            let message = format!(
                "{} values are read of {}, and a row holds {}",
                count,
                says(key),
                limits::SLOTS
            );
            return Some(
                Diagnostic::new(Code::TooManySlots, span, message)
                    .why("every value that is read anywhere has a place in its row"),
            );
        }
    }
    if !layout.has_rows_within() {
        return None;
    }
    let (mut few, mut many) = ([State::New; 16], Vec::new());
    let state = match few.get_mut(..layout.len()) {
        Some(few) => few,
        None => {
            many.resize(layout.len(), State::New);
            many.as_mut_slice()
        }
    };
    let cyclic = (0..state.len()).any(|ix| within_itself(layout, ix, state));
    cyclic.then(|| {
        let message = "a list is read whose items hold such a list again";
        Diagnostic::new(Code::NotYet, span, message)
            .why("rows have a fixed layout, and this one would contain itself")
    })
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

fn within_itself(layout: &Layout, ix: usize, state: &mut [State]) -> bool {
    match state.get(ix) {
        Some(State::Open) => return true,
        Some(State::New) => state[ix] = State::Open,
        _ => return false,
    }
    let inner = |ty: &WordType| match ty {
        WordType::Row(shape) | WordType::List(shape) => Some(shape.0 as usize),
        _ => None,
    };
    let slots = layout.row(ShapeId(ix as u32)).unwrap_or(&[]);
    let found = slots
        .iter()
        .filter_map(|(_, ty)| inner(ty))
        .any(|inner| within_itself(layout, inner, state));
    state[ix] = State::Done;
    found
}

fn says(key: &RowKey) -> String {
    match key {
        RowKey::Profile => "the profile".into(),
        RowKey::Input => "the input".into(),
        RowKey::Event(schema) => format!("events of `{schema}`"),
        RowKey::Response(_) | RowKey::Failure(_) => "one call's answer".into(),
        RowKey::Args(_) => "one call's arguments".into(),
        RowKey::Vars(_) => "one journey's variables".into(),
        RowKey::Item(ty) | RowKey::Entry(ty) => format!("one {ty}"),
    }
}
