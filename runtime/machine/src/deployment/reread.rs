//! A document that not all of those who read its kind can read.
//!
//! A common plan is refused by a document that any one of its members would refuse. Then the field at fault is left out of the
//! plan, those who read it are out, and the document is read again for the others: once more for each field at fault. Plans
//! without a few fields are kept: what is at fault in one document is so in the next.
//! Comes in: a document's index, a common plan, its refusal. Goes out: the record for the others, and who is out. Never true
//! here: a document that all can read, which is the short way; a plan prepared from its text.

use super::plans::{Group, Member};
use crate::read::{Indexed, Prepared, RejectCode, Rejection};
use crate::record::Record;
use journey_artifact::model::{Artifact, PlanNode, StrId, Want};
use journey_artifact::word::Region;

/// Plans that are kept, and the fields that one of them lacks at most.
const KEPT: usize = 8;
const LACKING: usize = 3;

/// Common plans without the fields that were at fault of late, the one that was asked for last in front.
#[derive(Debug, Default)]
pub struct Lesser {
    kept: Vec<Kept>,
}

#[derive(Debug)]
struct Kept {
    /// Number of the whole plan.
    of: u64,
    /// The fields left out, in the order in which they were found to be at fault.
    without: Vec<Way>,
    plan: Prepared,
}

/// The keys that lead to a field, as the common plan's artifact names them.
type Way = Vec<StrId>;

impl Lesser {
    /// The plan without these fields.
    fn without(&mut self, group: &Group, whole: &Prepared, ways: &[Way]) -> &Prepared {
        let is = |kept: &Kept, ways: &[Way]| kept.of == whole.number() && kept.without == ways;
        let at = self.kept.iter().position(|kept| is(kept, ways));
        let found = match at {
            Some(at) => self.kept.remove(at),
            None => {
                let known = ways
                    .split_last()
                    .and_then(|(_, before)| self.kept.iter().find(|kept| is(kept, before)));
                let (mut plan, done) = match known {
                    Some(kept) => (kept.plan.clone(), kept.without.len()),
                    None => (whole.clone(), 0),
                };
                for way in ways.iter().skip(done) {
                    plan.leave_out(&texts(group.common.artifact(), way));
                }
                Kept {
                    of: whole.number(),
                    without: ways.to_vec(),
                    plan,
                }
            }
        };
        self.kept.truncate(KEPT - 1);
        self.kept.insert(0, found);
        &self.kept[0].plan
    }
}

fn texts<'a>(artifact: &'a Artifact, way: &[StrId]) -> Vec<&'a str> {
    way.iter().map(|key| artifact.text(*key)).collect()
}

/// What a document is to those who read its kind.
pub enum Reread {
    /// It is refused by all.
    Refused,
    /// The record that was handed in is the common one, without what was at fault: who reads one of these fields is out.
    Without(Vec<Field>),
    /// No field can be told to be at fault: each member has to read for itself.
    Each,
}

/// A field at fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The keys that lead to it; lists and maps on the way are passed through.
    keys: Vec<String>,
    /// What is wrong.
    pub why: Rejection,
}

impl Field {
    /// Whether a member's plan reads it.
    pub fn is_read_by(&self, artifact: &Artifact, member: &Member) -> bool {
        let plan = artifact.plans.get(member.plan.0 as usize);
        plan.is_some_and(|plan| self.is_below(artifact, &plan.root))
    }

    fn is_below(&self, artifact: &Artifact, root: &PlanNode) -> bool {
        let mut at = root;
        for name in &self.keys {
            while let Want::List(_, item) | Want::Map(_, item) = &at.want {
                at = item;
            }
            let Want::Object(fields) = &at.want else {
                return false;
            };
            // Keys of a verified plan rise.
            match fields.binary_search_by(|(key, _)| artifact.text(*key).cmp(name)) {
                Ok(ix) => at = &fields[ix].1,
                Err(_) => return false,
            }
        }
        true
    }
}

/// Reads again, into `record`, what was refused.
pub fn reread(
    lesser: &mut Lesser,
    group: &Group,
    indexed: &mut Indexed<'_>,
    region: Region,
    refusal: &Rejection,
    record: &mut Record,
) -> Reread {
    // Whoever alone reads such documents, and all that the common plan reads, refuses what that one refuses.
    if let [Member { way: None, .. }] = group.members.as_slice() {
        return Reread::Refused;
    }
    let artifact = group.common.artifact();
    let (Some(plan), Some(whole)) = (group.common.plan(), group.common.prepared()) else {
        return Reread::Refused;
    };
    let (mut refusal, mut faults, mut whys) = (refusal.clone(), Vec::new(), Vec::new());
    // A document with more faults than plans are kept for has one of its own.
    let mut own: Option<Prepared> = None;
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
        ways.retain(|way| !faults.iter().any(|fault: &Way| way.starts_with(fault)));
        // Keys with dots in them may be read in two ways.
        let Ok([way]) = <[Way; 1]>::try_from(ways) else {
            return Reread::Each;
        };
        faults.push(way);
        let without = if faults.len() <= LACKING {
            lesser.without(group, whole, &faults)
        } else {
            let own = own.get_or_insert_with(|| {
                let kept = lesser.without(group, whole, &faults[..LACKING]);
                kept.clone()
            });
            own.leave_out(&texts(artifact, &faults[faults.len() - 1]));
            own
        };
        let read = indexed.read_into(without, region, record);
        let Err(next) = read else {
            whys.push(refusal);
            let field = |(way, why): (&Way, Rejection)| {
                let keys = texts(artifact, way).into_iter().map(str::to_owned);
                Field {
                    keys: keys.collect(),
                    why,
                }
            };
            return Reread::Without(faults.iter().zip(whys).map(field).collect());
        };
        whys.push(std::mem::replace(&mut refusal, next));
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
