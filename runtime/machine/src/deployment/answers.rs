//! How a program reads what its calls are answered.
//!
//! Comes in: an artifact. Goes out: the plan of a response or of a failure, made ready when the first answer is read by it and
//! used for all that follow. Never true here: an answer; work for a plan that no call of the program has.

use crate::read::Prepared;
use journey_artifact::model::{Artifact, PlanId};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// The plans of a program's answers.
#[derive(Debug, Default)]
pub struct Answers {
    /// By rising number. `None`: one that no verifier let through.
    plans: Box<[(PlanId, OnceLock<Option<Prepared>>)]>,
}

impl Answers {
    /// Those of an artifact's calls.
    pub fn new(artifact: &Artifact) -> Answers {
        let calls = artifact.calls.iter();
        let plans: BTreeSet<PlanId> = calls
            .flat_map(|call| [call.response, call.failure])
            .flatten()
            .collect();
        Answers {
            plans: plans.into_iter().map(|id| (id, OnceLock::new())).collect(),
        }
    }

    /// The plan of this number of the artifact that this was made of, ready to read by; `None` when no call has it.
    pub fn plan(&self, artifact: &Artifact, id: PlanId) -> Option<&Prepared> {
        let at = self.plans.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        let (_, prepared) = self.plans.get(at)?;
        let make = || Prepared::new(artifact, artifact.plans.get(id.0 as usize)?).ok();
        prepared.get_or_init(make).as_ref()
    }
}
