//! The file form of the two types that nest, [`PlanNode`] and [`Json`]: their nodes in preorder, in one flat list.
//!
//! A derived reader would recurse as deep as hostile bytes say; this one builds the tree from a list and stops at
//! [`limits::NESTING`]. Each node occurs once by construction, so nothing can be shared and blow up. Never true here:
//! recursion while bytes are read or written.

use crate::limits;
use crate::model::{ChunkId, Json, PlanNode, SlotIx, StrId, Want};
use crate::word::{ShapeId, WordType};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

#[derive(serde::Serialize, serde::Deserialize)]
struct FlatNode {
    slot: Option<SlotIx>,
    required: bool,
    want: FlatWant,
}

/// As [`Want`]; the children follow in the list.
#[derive(serde::Serialize, serde::Deserialize)]
enum FlatWant {
    Scalar(WordType),
    Enum(Vec<StrId>),
    Object(Vec<StrId>),
    List(ShapeId),
    Map(ShapeId),
    Any,
}

impl Serialize for PlanNode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut flat = Vec::new();
        let mut todo = vec![self];
        while let Some(node) = todo.pop() {
            let want = match &node.want {
                Want::Scalar(ty) => FlatWant::Scalar(*ty),
                Want::Enum(values) => FlatWant::Enum(values.clone()),
                Want::Object(fields) => {
                    todo.extend(fields.iter().rev().map(|(_, child)| child));
                    FlatWant::Object(fields.iter().map(|(key, _)| *key).collect())
                }
                Want::List(shape, item) => {
                    todo.push(item);
                    FlatWant::List(*shape)
                }
                Want::Map(shape, item) => {
                    todo.push(item);
                    FlatWant::Map(*shape)
                }
                Want::Any => FlatWant::Any,
            };
            flat.push(FlatNode {
                slot: node.slot,
                required: node.required,
                want,
            });
        }
        flat.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PlanNode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PlanNode, D::Error> {
        let flat = Vec::<FlatNode>::deserialize(deserializer)?;
        whole(flat, plan_node)
    }
}

fn plan_node(
    nodes: &mut dyn Iterator<Item = FlatNode>,
    depth: usize,
) -> Result<PlanNode, &'static str> {
    let node = next(nodes, depth)?;
    let want = match node.want {
        FlatWant::Scalar(ty) => Want::Scalar(ty),
        FlatWant::Enum(values) => Want::Enum(values),
        FlatWant::Object(keys) => {
            let mut fields = Vec::new();
            for key in keys {
                fields.push((key, plan_node(nodes, depth + 1)?));
            }
            Want::Object(fields)
        }
        FlatWant::List(shape) => Want::List(shape, Box::new(plan_node(nodes, depth + 1)?)),
        FlatWant::Map(shape) => Want::Map(shape, Box::new(plan_node(nodes, depth + 1)?)),
        FlatWant::Any => Want::Any,
    };
    Ok(PlanNode {
        slot: node.slot,
        required: node.required,
        want,
    })
}

/// As [`Json`]; the children follow in the list.
#[derive(serde::Serialize, serde::Deserialize)]
enum FlatJson {
    Object(Vec<StrId>),
    Array(u32),
    Value(ChunkId),
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut flat = Vec::new();
        let mut todo = vec![self];
        while let Some(json) = todo.pop() {
            flat.push(match json {
                Json::Object(fields) => {
                    todo.extend(fields.iter().rev().map(|(_, child)| child));
                    FlatJson::Object(fields.iter().map(|(key, _)| *key).collect())
                }
                Json::Array(items) => {
                    todo.extend(items.iter().rev());
                    let len = u32::try_from(items.len());
                    FlatJson::Array(
                        len.map_err(|_| serde::ser::Error::custom("an array beyond 2^32 items"))?,
                    )
                }
                Json::Value(chunk) => FlatJson::Value(*chunk),
            });
        }
        flat.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        let flat = Vec::<FlatJson>::deserialize(deserializer)?;
        whole(flat, json)
    }
}

fn json(nodes: &mut dyn Iterator<Item = FlatJson>, depth: usize) -> Result<Json, &'static str> {
    Ok(match next(nodes, depth)? {
        FlatJson::Object(keys) => {
            let mut fields = Vec::new();
            for key in keys {
                fields.push((key, json(nodes, depth + 1)?));
            }
            Json::Object(fields)
        }
        FlatJson::Array(len) => {
            // Grows as children are found: the count may lie.
            let mut items = Vec::new();
            for _ in 0..len {
                items.push(json(nodes, depth + 1)?);
            }
            Json::Array(items)
        }
        FlatJson::Value(chunk) => Json::Value(chunk),
    })
}

fn next<N>(nodes: &mut dyn Iterator<Item = N>, depth: usize) -> Result<N, &'static str> {
    if depth >= limits::NESTING {
        return Err("nested too deep");
    }
    nodes
        .next()
        .ok_or("fewer nodes than their parents announce")
}

/// Builds the tree and demands that it takes all nodes.
fn whole<N, T, E: Error>(
    nodes: Vec<N>,
    build: fn(&mut dyn Iterator<Item = N>, usize) -> Result<T, &'static str>,
) -> Result<T, E> {
    let mut nodes = nodes.into_iter();
    let tree = build(&mut nodes, 0).map_err(E::custom)?;
    match nodes.next() {
        None => Ok(tree),
        Some(_) => Err(E::custom("more nodes than their parents announce")),
    }
}
