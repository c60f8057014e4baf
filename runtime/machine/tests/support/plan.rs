//! A field plan with every kind of node.
#![allow(dead_code)]

use super::{intern, shape};
use journey_artifact::model::{Artifact, Plan, PlanNode, StrId, Want};
use journey_artifact::word::WordType as W;

pub fn node(slot: u16, want: Want) -> PlanNode {
    PlanNode {
        slot: Some(slot),
        required: false,
        want,
    }
}

/// The same, as a field that its object must have.
pub fn must(node: PlanNode) -> PlanNode {
    PlanNode {
        required: true,
        ..node
    }
}

pub fn scalar(slot: u16, ty: W) -> PlanNode {
    node(slot, Want::Scalar(ty))
}

pub fn object(artifact: &mut Artifact, keys: Vec<(&str, PlanNode)>) -> Want {
    let mut keys: Vec<(StrId, PlanNode)> = keys
        .into_iter()
        .map(|(key, node)| (intern(artifact, key), node))
        .collect();
    keys.sort_by(|a, b| artifact.strings[a.0.0 as usize].cmp(&artifact.strings[b.0.0 as usize]));
    Want::Object(keys)
}

/// A plan with every kind of node.
pub fn plan() -> (Artifact, Plan) {
    let mut a = Artifact::default();
    let tags = shape(&mut a, &[("", W::Str)]);
    let inner = shape(&mut a, &[("", W::Int)]);
    let item = shape(
        &mut a,
        &[
            ("sku", W::Str),
            ("price", W::Dec),
            ("sizes", W::List(inner)),
        ],
    );
    let entry = shape(&mut a, &[("key", W::Str), ("id", W::Str)]);
    let root = shape(
        &mut a,
        &[
            ("name", W::Str),
            ("age", W::Int),
            ("score", W::Dec),
            ("vip", W::Bool),
            ("tier", W::Str),
            ("address", W::Bool),
            ("address.city", W::Str),
            ("items", W::List(item)),
            ("tags", W::List(tags)),
            ("ids", W::List(entry)),
            ("extra", W::Bool),
            ("day", W::Date),
            ("at", W::DateTime),
            ("local", W::Local),
            ("time", W::Time),
            ("span", W::Duration),
            ("calendar", W::Period),
        ],
    );
    let item_want = {
        let sizes = node(2, Want::List(inner, Box::new(scalar(0, W::Int))));
        object(
            &mut a,
            vec![
                ("sku", scalar(0, W::Str)),
                ("price", scalar(1, W::Dec)),
                ("sizes", sizes),
            ],
        )
    };
    let entry_want = object(&mut a, vec![("id", scalar(1, W::Str))]);
    let address = object(&mut a, vec![("city", scalar(6, W::Str))]);
    let tiers = vec![intern(&mut a, "gold"), intern(&mut a, "silver")];
    let want = object(
        &mut a,
        vec![
            ("name", scalar(0, W::Str)),
            ("age", scalar(1, W::Int)),
            ("score", scalar(2, W::Dec)),
            ("vip", scalar(3, W::Bool)),
            ("tier", node(4, Want::Enum(tiers))),
            ("address", node(5, address)),
            (
                "items",
                node(
                    7,
                    Want::List(
                        item,
                        Box::new(PlanNode {
                            slot: None,
                            required: false,
                            want: item_want,
                        }),
                    ),
                ),
            ),
            (
                "tags",
                node(8, Want::List(tags, Box::new(scalar(0, W::Str)))),
            ),
            (
                "ids",
                node(
                    9,
                    Want::Map(
                        entry,
                        Box::new(PlanNode {
                            slot: None,
                            required: false,
                            want: entry_want,
                        }),
                    ),
                ),
            ),
            ("extra", node(10, Want::Any)),
            ("day", scalar(11, W::Date)),
            ("at", scalar(12, W::DateTime)),
            ("local", scalar(13, W::Local)),
            ("time", scalar(14, W::Time)),
            ("span", scalar(15, W::Duration)),
            ("calendar", scalar(16, W::Period)),
        ],
    );
    let plan = Plan {
        schema: StrId(0),
        shape: root,
        root: PlanNode {
            slot: None,
            required: false,
            want,
        },
    };
    (a, plan)
}
