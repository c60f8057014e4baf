//! A profile's bytes, as each program reads them.
//!
//! Comes in: the JSON of a profile. Goes out: one record a program, by its profile plan. Never true here: a field that no
//! program reads.

use super::programs::Deployment;
use crate::read::{self, Limits, Rejection};
use crate::record::Record;
use journey_artifact::word::Region;

/// Bounds on a profile: it gathers what events bring one by one, so it may be larger than they are.
const LIMITS: Limits = Limits {
    bytes: 1024 * 1024,
    nesting: 64,
    items: 10_000,
};

/// A profile, read for one deployment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProfileRecord {
    records: Vec<Record>,
}

impl ProfileRecord {
    /// Reads a profile (the bare entity) for every program.
    pub fn scan(deployment: &Deployment, bytes: &[u8]) -> Result<ProfileRecord, Rejection> {
        let mut records = Vec::with_capacity(deployment.programs().len());
        for (ix, program) in deployment.programs().iter().enumerate() {
            let artifact = program.loaded().artifact();
            let plan = artifact
                .profile
                .and_then(|plan| artifact.plans.get(plan.0 as usize));
            records.push(match plan {
                Some(plan) => read::read(artifact, plan, bytes, Region::Profile, &LIMITS)?,
                None => deployment.blank_profile(ix),
            });
        }
        Ok(ProfileRecord { records })
    }

    /// The profile of somebody of whom nothing is known.
    pub fn empty(deployment: &Deployment) -> ProfileRecord {
        ProfileRecord {
            records: (0..deployment.programs().len())
                .map(|ix| deployment.blank_profile(ix))
                .collect(),
        }
    }

    /// Whether it was read for these programs, as far as the number of them tells.
    pub(crate) fn is_of(&self, deployment: &Deployment) -> bool {
        self.records.len() == deployment.programs().len()
    }

    /// The profile as the program with this index reads it.
    pub(crate) fn record(&self, program: usize) -> Option<&Record> {
        self.records.get(program)
    }
}
