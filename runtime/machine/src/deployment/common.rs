//! One plan for many: what several plans of one kind of document read, as one trie, so that the document is read once.
//!
//! Objects merge by key, lists and maps by what their rows hold, equal leaves share a slot. Plans that disagree about a place
//! (its type, an enum's values, whether it must be there) are not of one schema's version and are not merged.
//! Comes in: plans of verified artifacts. Goes out: a small artifact that holds the common plan, and for each plan the way
//! from common records to its own. Never true here: a common plan that reads less, or checks other things, than its members.

use super::gather::RowMap;
use crate::read::Prepared;
use journey_artifact::limits;
use journey_artifact::model::{
    Artifact, Plan, PlanId, PlanNode, Shape, Slot, SlotIx, StrId, Strings, Want,
};
use journey_artifact::word::{ShapeId, WordType};
use std::collections::BTreeMap;

/// Plans being merged.
#[derive(Debug, Default)]
pub struct Merge {
    root: Option<Node>,
    /// The rows, the root's first; a list's type names its row by its place here.
    rows: Vec<Vec<WordType>>,
}

#[derive(Debug)]
struct Node {
    slot: Option<SlotIx>,
    required: bool,
    want: Kind,
}

#[derive(Debug)]
enum Kind {
    Scalar(WordType),
    Enum(Vec<String>),
    Object(BTreeMap<String, Node>),
    List(usize, Box<Node>),
    Map(usize, Box<Node>),
    Any,
}

/// A plan and the artifact that it is of.
#[derive(Clone, Copy)]
struct Source<'a> {
    artifact: &'a Artifact,
}

impl<'a> Source<'a> {
    fn text(self, id: StrId) -> &'a str {
        self.artifact.text(id)
    }

    fn slots(self, shape: ShapeId) -> &'a [Slot] {
        let shape = self.artifact.shapes.get(shape.0 as usize);
        shape.map_or(&[], |shape| &shape.slots)
    }

    fn values(self, values: &[StrId]) -> Vec<String> {
        values.iter().map(|id| self.text(*id).to_owned()).collect()
    }
}

impl Merge {
    /// Merges a plan, if nothing in it disagrees with those before.
    pub fn add(&mut self, artifact: &Artifact, plan: &Plan) -> Option<RowMap> {
        let source = Source { artifact };
        if let Some(root) = &self.root
            && !self.fits(source, &plan.root, plan.shape, root, 0)
        {
            return None;
        }
        let fresh = self.root.is_none();
        if fresh {
            self.rows.push(blank(source, plan.shape));
        }
        let mut root = self.root.take();
        let row = Row { common: 0, fresh };
        let mut way = RowMap::default();
        self.node(source, &plan.root, &mut root, row, &mut way);
        self.root = root;
        Some(way)
    }

    /// Whether a node says the same as the common one, as far as both speak, and whether there is room for what is new.
    fn fits(
        &self,
        source: Source<'_>,
        node: &PlanNode,
        own: ShapeId,
        known: &Node,
        row: usize,
    ) -> bool {
        let room = |row: usize, own| {
            let taken = self.rows.get(row).map_or(0, Vec::len);
            taken + source.slots(own).len() <= limits::SLOTS
        };
        let agrees = match (&node.want, &known.want) {
            (Want::Scalar(a), Kind::Scalar(b)) => a == b,
            (Want::Enum(a), Kind::Enum(b)) => sorted(source.values(a)) == sorted(b.clone()),
            (Want::Any, Kind::Any) => true,
            (Want::Object(fields), Kind::Object(all)) => fields.iter().all(|(key, child)| {
                let known = all.get(source.text(*key));
                known.is_none_or(|known| self.fits(source, child, own, known, row))
            }),
            (Want::List(own, item), Kind::List(row, known))
            | (Want::Map(own, item), Kind::Map(row, known)) => {
                room(*row, *own) && self.fits(source, item, *own, known, *row)
            }
            _ => false,
        };
        agrees && node.required == known.required && room(row, own)
    }

    /// Merges a node into its common one, which is made if there is none.
    fn node(
        &mut self,
        source: Source<'_>,
        node: &PlanNode,
        common: &mut Option<Node>,
        row: Row,
        way: &mut RowMap,
    ) {
        let mut known = common.take().unwrap_or_else(|| self.blank(source, node));
        match (&node.want, &mut known.want) {
            (Want::Object(fields), Kind::Object(all)) => {
                for (key, child) in fields {
                    let key = source.text(*key);
                    let mut kid = all.remove(key);
                    self.node(source, child, &mut kid, row, way);
                    all.extend(kid.map(|kid| (key.to_owned(), kid)));
                }
                self.word(node, &mut known, row, WordType::Bool, way);
            }
            (Want::List(own, item), Kind::List(at, known_item))
            | (Want::Map(own, item), Kind::Map(at, known_item)) => {
                let at = *at;
                let is_map = matches!(node.want, Want::Map(..));
                let mut kid = std::mem::replace(known_item, Box::new(ANY));
                let mut below = RowMap::default();
                let inner = Row {
                    common: at,
                    fresh: self.rows[at].is_empty(),
                };
                if inner.fresh {
                    self.rows[at] = blank(source, *own);
                }
                if is_map {
                    // The key of an entry.
                    if let Some(slot) = self.rows[at].first_mut() {
                        *slot = WordType::Str;
                    }
                    below.words.push((0, 0));
                }
                let mut item_node = Some(*kid);
                self.node(source, item, &mut item_node, inner, &mut below);
                kid = Box::new(item_node.unwrap_or(ANY));
                *known_item = kid;
                let ty = WordType::List(ShapeId(at as u32));
                if let Some((from, to)) = self.slot(node, &mut known, row, ty) {
                    way.lists.push((from, to, below));
                }
            }
            (Want::Scalar(ty), _) => self.word(node, &mut known, row, *ty, way),
            (Want::Enum(_), _) => self.word(node, &mut known, row, WordType::Str, way),
            _ => self.word(node, &mut known, row, WordType::Bool, way),
        }
        *common = Some(known);
    }

    fn word(
        &mut self,
        node: &PlanNode,
        known: &mut Node,
        row: Row,
        ty: WordType,
        way: &mut RowMap,
    ) {
        way.words.extend(self.slot(node, known, row, ty));
    }

    /// The common slot and the plan's own, if the plan has one. Who makes a row keeps its numbers, so that one plan alone, or
    /// many equal ones, need no way at all.
    fn slot(
        &mut self,
        node: &PlanNode,
        known: &mut Node,
        row: Row,
        ty: WordType,
    ) -> Option<(SlotIx, SlotIx)> {
        let own = node.slot?;
        let slots = &mut self.rows[row.common];
        let common = match known.slot {
            Some(common) => common,
            None if row.fresh => own,
            None => {
                slots.push(ty);
                (slots.len() - 1) as SlotIx
            }
        };
        if let Some(slot) = slots.get_mut(usize::from(common)) {
            *slot = ty;
        }
        known.slot = Some(common);
        Some((common, own))
    }

    /// A common node that nobody has merged into yet.
    fn blank(&mut self, source: Source<'_>, node: &PlanNode) -> Node {
        let mut row = || {
            self.rows.push(Vec::new());
            self.rows.len() - 1
        };
        let want = match &node.want {
            Want::Scalar(ty) => Kind::Scalar(*ty),
            Want::Enum(values) => Kind::Enum(source.values(values)),
            Want::Any => Kind::Any,
            Want::Object(_) => Kind::Object(BTreeMap::new()),
            Want::List(_, item) => {
                let row = row();
                Kind::List(row, Box::new(self.blank(source, item)))
            }
            Want::Map(_, item) => {
                let row = row();
                Kind::Map(row, Box::new(self.blank(source, item)))
            }
        };
        Node {
            slot: None,
            required: node.required,
            want,
        }
    }

    /// The common plan.
    pub fn finish(self, schema: &str) -> Common {
        let mut artifact = Artifact {
            strings: Strings::from_iter([""]),
            ..Artifact::default()
        };
        let mut texts = BTreeMap::new();
        let mut name = |text: &str, strings: &mut Strings| {
            *texts.entry(text.to_owned()).or_insert_with(|| {
                strings.push(text);
                StrId(strings.len() as u32 - 1)
            })
        };
        artifact.shapes = self.rows.iter().map(|row| shape(row)).collect();
        if let Some(root) = &self.root {
            let schema = name(schema, &mut artifact.strings);
            let root = plan_node(root, &mut |text| name(text, &mut artifact.strings));
            artifact.plans.push(Plan {
                schema,
                shape: ShapeId(0),
                root,
            });
        }
        // What verified plans were merged into is a plan that can be prepared.
        let plan = artifact.plans.first();
        let prepared = plan.and_then(|plan| Prepared::new(&artifact, plan).ok());
        Common { artifact, prepared }
    }
}

const ANY: Node = Node {
    slot: None,
    required: false,
    want: Kind::Any,
};

/// An enum is a set: versions of a schema may list it in another order.
fn sorted(mut values: Vec<String>) -> Vec<String> {
    values.sort_unstable();
    values.dedup();
    values
}

/// A row in which nodes are merged.
#[derive(Clone, Copy)]
struct Row {
    common: usize,
    /// Whether this plan is the first to read it.
    fresh: bool,
}

/// As many slots as a shape has; a slot gets its type when it is filled.
fn blank(source: Source<'_>, shape: ShapeId) -> Vec<WordType> {
    vec![WordType::Bool; source.slots(shape).len()]
}

fn shape(row: &[WordType]) -> Shape {
    let slots = row.iter().map(|ty| Slot {
        name: StrId(0),
        ty: *ty,
    });
    Shape {
        slots: slots.collect(),
    }
}

fn plan_node(node: &Node, name: &mut impl FnMut(&str) -> StrId) -> PlanNode {
    let row = |row: usize| ShapeId(row as u32);
    let want = match &node.want {
        Kind::Scalar(ty) => Want::Scalar(*ty),
        Kind::Enum(values) => Want::Enum(values.iter().map(|value| name(value)).collect()),
        Kind::Any => Want::Any,
        Kind::Object(fields) => Want::Object(
            fields
                .iter()
                .map(|(key, child)| (name(key), plan_node(child, name)))
                .collect(),
        ),
        Kind::List(at, item) => Want::List(row(*at), Box::new(plan_node(item, name))),
        Kind::Map(at, item) => Want::Map(row(*at), Box::new(plan_node(item, name))),
    };
    PlanNode {
        slot: node.slot,
        required: node.required,
        want,
    }
}

/// A common plan, as an artifact that holds nothing else.
#[derive(Debug, Default)]
pub struct Common {
    artifact: Artifact,
    prepared: Option<Prepared>,
}

impl Common {
    /// The artifact.
    pub fn artifact(&self) -> &Artifact {
        &self.artifact
    }

    /// The plan, ready to read by.
    pub fn prepared(&self) -> Option<&Prepared> {
        self.prepared.as_ref()
    }

    /// The plan.
    pub fn plan(&self) -> Option<&Plan> {
        self.artifact.plans.first()
    }

    /// The shape of the root row.
    pub fn shape(&self) -> Option<&Shape> {
        self.artifact.shapes.first()
    }

    /// Completes a member's way, now that all rows have their final width.
    pub fn complete(&self, artifact: &Artifact, plan: &Plan, way: &mut RowMap) {
        if let Some(root) = self.plan() {
            self.widths(
                artifact,
                (&plan.root, plan.shape),
                (&root.root, root.shape),
                way,
            );
        }
    }

    fn widths(
        &self,
        artifact: &Artifact,
        (node, own): (&PlanNode, ShapeId),
        (known, common): (&PlanNode, ShapeId),
        way: &mut RowMap,
    ) {
        let width = |shapes: &[Shape], id: ShapeId| {
            let shape = shapes.get(id.0 as usize);
            shape.map_or((0, 0), |shape| (shape.presence_words(), shape.stride()))
        };
        (way.from, way.to) = (
            width(&self.artifact.shapes, common),
            width(&artifact.shapes, own),
        );
        match (&node.want, &known.want) {
            (Want::Object(fields), Want::Object(all)) => {
                for (key, child) in fields {
                    let key = artifact.text(*key);
                    let known = all.iter().find(|(id, _)| self.artifact.text(*id) == key);
                    if let Some((_, known)) = known {
                        self.widths(artifact, (child, own), (known, common), way);
                    }
                }
            }
            (Want::List(own, item), Want::List(common, known_item))
            | (Want::Map(own, item), Want::Map(common, known_item)) => {
                let slots = (known.slot, node.slot);
                let rows = way
                    .lists
                    .iter_mut()
                    .find(|(from, to, _)| slots == (Some(*from), Some(*to)));
                if let Some((_, _, rows)) = rows {
                    self.widths(artifact, (item, *own), (known_item, *common), rows);
                }
            }
            _ => {}
        }
    }
}

/// What a plan reads and how its rows lie, in words that two equal plans of any artifacts have in common.
pub fn fingerprint(artifact: &Artifact, id: PlanId) -> Vec<u8> {
    let source = Source { artifact };
    let mut out = Vec::new();
    if let Some(plan) = artifact.plans.get(id.0 as usize) {
        row_print(source, plan.shape, &mut out);
        node_print(source, &plan.root, &mut out);
    }
    out
}

fn row_print(source: Source<'_>, shape: ShapeId, out: &mut Vec<u8>) {
    out.extend((source.slots(shape).len() as u32).to_le_bytes());
}

fn text_print(text: &str, out: &mut Vec<u8>) {
    out.extend((text.len() as u32).to_le_bytes());
    out.extend(text.as_bytes());
}

fn node_print(source: Source<'_>, node: &PlanNode, out: &mut Vec<u8>) {
    out.push(u8::from(node.required) | u8::from(node.slot.is_some()) << 1);
    out.extend(node.slot.unwrap_or(0).to_le_bytes());
    match &node.want {
        Want::Any => out.push(0),
        Want::Scalar(ty) => {
            out.push(1);
            text_print(&format!("{ty:?}"), out);
        }
        Want::Enum(values) => {
            let values = sorted(source.values(values));
            out.push(2);
            out.extend((values.len() as u32).to_le_bytes());
            values.iter().for_each(|value| text_print(value, out));
        }
        Want::Object(fields) => {
            out.push(3);
            out.extend((fields.len() as u32).to_le_bytes());
            for (key, child) in fields {
                text_print(source.text(*key), out);
                node_print(source, child, out);
            }
        }
        Want::List(shape, item) | Want::Map(shape, item) => {
            out.push(if matches!(node.want, Want::Map(..)) {
                5
            } else {
                4
            });
            row_print(source, *shape, out);
            node_print(source, item, out);
        }
    }
}
