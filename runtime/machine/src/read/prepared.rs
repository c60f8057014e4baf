//! A field plan as the walk wants it: nodes in an array, keys in tables, places of slots worked out.
//!
//! Comes in: an artifact and one of its plans. Goes out: [`Prepared`], which owns all it needs. Made once and used for
//! every document. Never true here: a look at a document.

use super::scalars::{asked, is_time};
use super::table::Table;
use crate::fault::Fault;
use crate::record::arena::shape_of;
use journey_artifact::limits;
use journey_artifact::model::{self, Artifact, Plan, PlanNode, Shape, StrId};
use journey_artifact::word::{ShapeId, WordType};
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};

/// A field plan, ready to read by.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// No other plan of this process has it, but for copies of this one.
    pub(super) number: u64,
    pub(super) nodes: Vec<Node>,
    pub(super) objects: Vec<Object>,
    pub(super) enums: Vec<Enum>,
    /// What the document is read for.
    pub(super) root: Goal,
    /// Words of the root row.
    pub(super) stride: usize,
}

/// What to do with one value, as far as frequent values need it. It stands where the value is come from, so that there is no
/// step to it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Goal {
    pub quick: Quick,
    /// Where in its row the word goes.
    pub slot: Option<Slot>,
    /// The rest of it, in [`Prepared::nodes`].
    pub node: u32,
    /// Of a member, the number of its key in its [`Object`].
    pub key: u32,
    /// And the key's bit, of the first 64.
    pub mark: u64,
}

/// What a value must be, told apart at once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Quick {
    Str,
    Dec,
    Object(u32),
    /// What its [`Node`] says.
    #[default]
    Other,
}

/// What to do with one value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub want: Want,
    /// What it asks for, in the words of a rejection.
    pub asked: &'static str,
}

/// A slot, counted in words and bits from the start of its row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// The slot's word.
    pub word: u32,
    /// The word of its presence bit.
    pub presence: u32,
    /// That bit.
    pub bit: NonZeroU64,
}

/// What a value must be. Numbers are indices into [`Prepared`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Want {
    Any,
    Bool,
    Int,
    Dec,
    Str,
    Time(WordType),
    Enum(u32),
    Object(u32),
    List(Rows),
    /// And where in its row an entry's key goes.
    Map(Rows, Slot),
}

/// The rows of a list or map.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    /// Words of one.
    pub stride: u32,
    /// What an item is read for.
    pub item: Goal,
}

/// The keys of an object that are read.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub table: Table<Goal>,
    /// In the plan's order, as goals number them.
    pub keys: Vec<Key>,
    /// Of the first 64 keys: those that must be there.
    pub required: u64,
}

impl Object {
    /// Whether it has more keys than fit a word of marks.
    #[inline(always)]
    pub fn is_wide(&self) -> bool {
        self.keys.len() > 64
    }
}

/// A key that is read.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub name: String,
    pub node: u32,
    pub required: bool,
}

/// The values of an enum.
#[derive(Clone, Debug)]
pub(super) struct Enum {
    pub table: Table<()>,
    /// Some of them, in the words of a rejection.
    pub shown: String,
}

/// Values of an enum that a rejection tells.
const SHOWN: usize = 20;

/// How many plans were prepared.
static NUMBERS: AtomicU64 = AtomicU64::new(0);

impl Prepared {
    /// Prepares a plan.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] for a plan that no verifier let through.
    pub fn new(artifact: &Artifact, plan: &Plan) -> Result<Prepared, Fault> {
        let shape = shape_of(&artifact.shapes, plan.shape)?;
        let mut prepared = Prepared {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            nodes: Vec::new(),
            objects: Vec::new(),
            enums: Vec::new(),
            root: Goal::default(),
            stride: shape.stride(),
        };
        prepared.root = prepared.goal(artifact, &plan.root, shape, 0)?;
        Ok(prepared)
    }

    /// What no other plan of this process has.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Leaves a field out, as if the plan did not read it: the keys that lead to it, from the root; lists and maps on the way are
    /// passed through. Nothing else is prepared anew.
    pub fn leave_out(&mut self, way: &[&str]) {
        self.number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let Some((last, before)) = way.split_last() else {
            return;
        };
        let mut at = self.root.node;
        for name in before {
            match self.key(at, name) {
                Some((object, key)) => at = self.objects[object].keys[key].node,
                None => return,
            }
        }
        if let Some((object, key)) = self.key(at, last) {
            let object = &mut self.objects[object];
            object.table.remove(|goal| goal.key as usize == key);
            object.keys[key].required = false;
            object.required &= !1u64.checked_shl(key as u32).unwrap_or(0);
        }
    }

    /// The object that a node is, or that the innermost rows of its lists and maps are, and the number of a key of it.
    fn key(&self, mut node: u32, name: &str) -> Option<(usize, usize)> {
        loop {
            match &self.nodes.get(node as usize)?.want {
                Want::List(rows) | Want::Map(rows, _) => node = rows.item.node,
                Want::Object(object) => {
                    let object = *object as usize;
                    let keys = &self.objects.get(object)?.keys;
                    let key = keys.iter().position(|key| key.name == name)?;
                    return Some((object, key));
                }
                _ => return None,
            }
        }
    }

    fn goal(
        &mut self,
        artifact: &Artifact,
        node: &PlanNode,
        shape: &Shape,
        depth: usize,
    ) -> Result<Goal, Fault> {
        if depth > limits::NESTING {
            return Err(Fault::Corrupt("plan's depth"));
        }
        let number = self.nodes.len();
        let asked = asked(node);
        self.nodes.push(Node {
            want: Want::Any,
            asked,
        });
        let slot = node.slot.map(|slot| place(shape, slot)).transpose()?;
        let want = match &node.want {
            model::Want::Any => Want::Any,
            model::Want::Scalar(WordType::Bool) => Want::Bool,
            model::Want::Scalar(WordType::Int) => Want::Int,
            model::Want::Scalar(WordType::Dec) => Want::Dec,
            model::Want::Scalar(WordType::Str) => Want::Str,
            model::Want::Scalar(ty) if is_time(*ty) => Want::Time(*ty),
            model::Want::Scalar(_) => return Err(Fault::Corrupt("plan's scalar")),
            model::Want::Enum(values) => Want::Enum(self.values(artifact, values)?),
            model::Want::Object(keys) => Want::Object(self.object(artifact, keys, shape, depth)?),
            model::Want::List(id, item) => Want::List(self.rows(artifact, *id, item, depth)?),
            model::Want::Map(id, item) => {
                let rows = self.rows(artifact, *id, item, depth)?;
                Want::Map(rows, place(shape_of(&artifact.shapes, *id)?, 0)?)
            }
        };
        self.nodes[number].want = want;
        let quick = match want {
            Want::Str => Quick::Str,
            Want::Dec => Quick::Dec,
            Want::Object(ix) => Quick::Object(ix),
            _ => Quick::Other,
        };
        Ok(Goal {
            quick,
            slot,
            node: number as u32,
            ..Goal::default()
        })
    }

    fn rows(
        &mut self,
        artifact: &Artifact,
        id: ShapeId,
        item: &PlanNode,
        depth: usize,
    ) -> Result<Rows, Fault> {
        let shape = shape_of(&artifact.shapes, id)?;
        let item = self.goal(artifact, item, shape, depth + 1)?;
        let stride = shape.stride() as u32;
        Ok(Rows { stride, item })
    }

    fn values(&mut self, artifact: &Artifact, values: &[StrId]) -> Result<u32, Fault> {
        let names: Vec<&str> = values
            .iter()
            .map(|id| text(artifact, *id))
            .collect::<Result<_, _>>()?;
        let shown = names[..names.len().min(SHOWN)].join(", ");
        self.enums.push(Enum {
            table: Table::new(names.into_iter().map(|name| (name, ()))),
            shown: format!("one of {shown}"),
        });
        Ok(self.enums.len() as u32 - 1)
    }

    fn object(
        &mut self,
        artifact: &Artifact,
        keys: &[(StrId, PlanNode)],
        shape: &Shape,
        depth: usize,
    ) -> Result<u32, Fault> {
        let (mut read, mut members) = (Vec::with_capacity(keys.len()), Vec::new());
        for (ix, (name, field)) in keys.iter().enumerate() {
            let name = text(artifact, *name)?;
            let mut goal = self.goal(artifact, field, shape, depth + 1)?;
            goal.key = ix as u32;
            goal.mark = 1u64.checked_shl(goal.key).unwrap_or(0);
            members.push((name, goal));
            read.push(Key {
                name: name.to_owned(),
                node: goal.node,
                required: field.required,
            });
        }
        let required = read.iter().take(64).enumerate();
        let required = required.fold(0, |bits, (ix, key)| bits | u64::from(key.required) << ix);
        self.objects.push(Object {
            table: Table::new(members.into_iter()),
            keys: read,
            required,
        });
        Ok(self.objects.len() as u32 - 1)
    }
}

fn text(artifact: &Artifact, id: StrId) -> Result<&str, Fault> {
    let text = artifact.strings.get(id.0 as usize);
    text.ok_or(Fault::Corrupt("string"))
}

fn place(shape: &Shape, slot: u16) -> Result<Slot, Fault> {
    let ix = usize::from(slot);
    if ix >= shape.slots.len() {
        return Err(Fault::Corrupt("slot"));
    }
    Ok(Slot {
        word: (shape.presence_words() + ix) as u32,
        presence: (ix / 64) as u32,
        bit: NonZeroU64::new(1 << (ix % 64)).ok_or(Fault::Corrupt("slot"))?,
    })
}
