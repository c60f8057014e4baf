//! A document that not all of those who read its kind can read.
//!
//! A common plan is refused by a document that any one of its members would refuse. Then the field at fault is left out of the
//! plan, those who read it are out, and the document is read again for the others: once more for each field at fault.
//! Comes in: a document, a common plan, its refusal. Goes out: the record for the others, and who is out. Never true here: a
//! document that all can read; that is the short way.

use super::plans::{Group, Member};
use crate::read::{self, Limits, RejectCode, Rejection};
use crate::record::Record;
use journey_artifact::model::{Artifact, Plan, PlanNode, StrId, Want};
use journey_artifact::word::Region;

/// What a document is to those who read its kind.
pub enum Reread {
    /// It is refused by all.
    Refused,
    /// The common record, without what was at fault.
    Without {
        /// The record.
        record: Record,
        /// The fields left out: who reads one of them is out.
        faults: Vec<Field>,
    },
    /// No field can be told to be at fault: each member has to read for itself.
    Each,
}

/// The keys that lead to a field; lists and maps on the way are passed through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field(Vec<String>);

impl Field {
    /// Whether a member's plan reads it.
    pub fn is_read_by(&self, artifact: &Artifact, member: &Member) -> bool {
        let plan = artifact.plans.get(member.plan.0 as usize);
        plan.is_some_and(|plan| self.is_below(artifact, &plan.root))
    }

    fn is_below(&self, artifact: &Artifact, root: &PlanNode) -> bool {
        let mut at = root;
        for name in &self.0 {
            while let Want::List(_, item) | Want::Map(_, item) = &at.want {
                at = item;
            }
            let Want::Object(fields) = &at.want else {
                return false;
            };
            match fields.iter().find(|(key, _)| artifact.text(*key) == name) {
                Some((_, child)) => at = child,
                None => return false,
            }
        }
        true
    }
}

/// Reads again what was refused.
pub fn reread(
    group: &Group,
    bytes: &[u8],
    region: Region,
    limits: &Limits,
    refusal: &Rejection,
) -> Reread {
    // Whoever alone reads such documents, and all that the common plan reads, refuses what that one refuses.
    if let [Member { way: None, .. }] = group.members.as_slice() {
        return Reread::Refused;
    }
    let artifact = group.common.artifact();
    let Some(mut plan) = group.common.plan().cloned() else {
        return Reread::Refused;
    };
    let (mut refusal, mut faults) = (refusal.clone(), Vec::new());
    loop {
        match (refusal.path.is_empty(), refusal.code) {
            // Of the whole document, whoever reads it.
            (_, RejectCode::Syntax | RejectCode::TooDeep)
            | (true, RejectCode::TooLarge | RejectCode::WrongType) => return Reread::Refused,
            // Too much for one record together may be little enough for each.
            (_, RejectCode::TooLarge) | (true, _) => return Reread::Each,
            _ => {}
        }
        let mut ways = Vec::new();
        named(
            artifact,
            &plan.root,
            &refusal.path,
            &mut Vec::new(),
            &mut ways,
        );
        // Keys with dots in them may be read in two ways.
        let [way] = ways.as_slice() else {
            return Reread::Each;
        };
        leave_out(&mut plan, way);
        faults.push(Field(
            way.iter()
                .map(|key| artifact.text(*key).to_owned())
                .collect(),
        ));
        match read::read(artifact, &plan, bytes, region, limits) {
            Ok(record) => return Reread::Without { record, faults },
            Err(next) => refusal = next,
        }
    }
}

/// The fields that a rejection's path may mean: `a.b[2].c`, `a["key"].b`.
fn named(
    artifact: &Artifact,
    node: &PlanNode,
    path: &str,
    way: &mut Vec<StrId>,
    ways: &mut Vec<Vec<StrId>>,
) {
    let Want::Object(fields) = &node.want else {
        return;
    };
    for (key, child) in fields {
        let Some(mut rest) = path.strip_prefix(artifact.text(*key)) else {
            continue;
        };
        way.push(*key);
        let mut at = child;
        loop {
            if rest.is_empty() {
                ways.push(way.clone());
                break;
            }
            if let Some(below) = rest.strip_prefix('.') {
                named(artifact, at, below, way, ways);
                break;
            }
            let (Want::List(_, item) | Want::Map(_, item)) = &at.want else {
                break;
            };
            let Some(after) = past_brackets(rest) else {
                break;
            };
            (at, rest) = (item, after);
        }
        way.pop();
    }
}

/// What follows `[2]` or `["key"]`.
fn past_brackets(path: &str) -> Option<&str> {
    let inside = path.strip_prefix('[')?;
    let Some(quoted) = inside.strip_prefix('"') else {
        return inside.split_once(']').map(|(_, rest)| rest);
    };
    let mut escaped = false;
    for (at, c) in quoted.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return quoted.get(at + 1..)?.strip_prefix(']'),
            _ => {}
        }
    }
    None
}

fn leave_out(plan: &mut Plan, way: &[StrId]) {
    let Some((last, before)) = way.split_last() else {
        return;
    };
    let mut at = &mut plan.root;
    for key in before {
        let Some(below) = field(at, *key) else {
            return;
        };
        at = below;
    }
    if let Want::Object(fields) = &mut inside(at).want {
        fields.retain(|(key, _)| key != last);
    }
}

fn field(node: &mut PlanNode, key: StrId) -> Option<&mut PlanNode> {
    match &mut inside(node).want {
        Want::Object(fields) => fields
            .iter_mut()
            .find(|(known, _)| *known == key)
            .map(|(_, child)| child),
        _ => None,
    }
}

/// The node of the rows, of a list or map of any depth; else the node itself.
fn inside(mut node: &mut PlanNode) -> &mut PlanNode {
    while matches!(node.want, Want::List(..) | Want::Map(..)) {
        let (Want::List(_, item) | Want::Map(_, item)) = &mut node.want else {
            unreachable!("matched above");
        };
        node = item;
    }
    node
}
