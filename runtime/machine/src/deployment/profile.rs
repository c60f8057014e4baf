//! A profile's bytes, as each program reads them.
//!
//! Comes in: the JSON of a profile. Goes out: one record for each common profile plan, and each program's own, when it is asked
//! for. Never true here: a field that no program reads.

use super::amend::{self, Place};
use super::plans::Group;
use super::programs::Deployment;
use crate::read::{self, Limits, Reader, RejectCode, Rejection};
use crate::record::{self, Record};
use crate::value::Value;
use journey_artifact::model::Artifact;
use journey_artifact::word::Region;
use journey_json::fetch;
use std::borrow::Cow;

/// Bounds on a profile: it gathers what events bring one by one, so it may be larger than they are.
const LIMITS: Limits = Limits {
    bytes: 1024 * 1024,
    nesting: 64,
    items: 10_000,
};

/// A profile, read for one deployment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProfileRecord {
    of: u64,
    /// By common plan; none of somebody of whom nothing is known.
    read: Vec<Read>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Read {
    /// For all members.
    Common(Record),
    /// Member by member: what they read together is more than one record holds.
    Each(Vec<Record>),
}

impl ProfileRecord {
    /// Reads a profile (the bare entity) for every program: once, unless programs disagree about the type of a field. It is
    /// rejected when one of them cannot read it.
    pub fn scan(deployment: &Deployment, bytes: &[u8]) -> Result<ProfileRecord, Rejection> {
        ProfileRecord::scan_with(&mut Reader::new(), deployment, bytes)
    }

    /// The same, with a reader that a host keeps from one profile to the next.
    pub fn scan_with(
        reader: &mut Reader,
        deployment: &Deployment,
        bytes: &[u8],
    ) -> Result<ProfileRecord, Rejection> {
        let groups = deployment.profiles().iter();
        let read = groups.map(|group| read_group(reader, deployment, group, bytes));
        Ok(ProfileRecord {
            of: deployment.mark(),
            read: read.collect::<Result<_, _>>()?,
        })
    }

    /// Sets fields, by path ([`journey_artifact::path`]), as if the document had had these values there when it was read; the last
    /// of one path counts. `false`: only reading can tell what that comes to, and nothing is set. Values without text at places of
    /// their own type never need it.
    pub fn set<'f>(
        &mut self,
        deployment: &Deployment,
        fields: impl Iterator<Item = (&'f str, &'f Value)> + Clone,
    ) -> bool {
        let groups = deployment.profiles();
        if self.read.len() != groups.len() {
            return false;
        }
        let place = |group: &Group, (path, value): (&str, &Value)| {
            let root = &group.common.plan()?.root;
            amend::place(group.common.artifact(), root, path, value)
        };
        let is_plain = |(read, group): (&Read, &Group)| {
            matches!(read, Read::Common(_))
                && fields.clone().all(|field| place(group, field).is_some())
        };
        if !self.read.iter().zip(groups).all(is_plain) {
            return false;
        }
        for (read, group) in self.read.iter_mut().zip(groups) {
            let (Read::Common(record), Some(shape)) = (read, group.common.shape()) else {
                continue;
            };
            for field in fields.clone() {
                if let Some(Place::Slot(slot, word)) = place(group, field) {
                    record.set(shape, slot, word);
                }
            }
        }
        true
    }

    /// The profile of somebody of whom nothing is known.
    pub fn empty(deployment: &Deployment) -> ProfileRecord {
        ProfileRecord {
            of: deployment.mark(),
            read: Vec::new(),
        }
    }

    /// Asks for its memory, as [`crate::person::Person::fetch`] does.
    pub fn fetch(&self) {
        fetch(self.read.as_slice());
    }

    /// The same, of what that refers to.
    pub fn fetch_values(&self) {
        for read in &self.read {
            if let Read::Common(record) = read {
                fetch(record.words.as_slice());
                fetch(record.text.as_str());
            }
        }
    }

    /// Whether it was read for these programs: a host that puts others into force reads it again.
    pub fn is_of(&self, deployment: &Deployment) -> bool {
        self.of == deployment.mark()
    }

    /// The profile as the program with this index reads it.
    pub(crate) fn record(&self, deployment: &Deployment, program: usize) -> Cow<'_, Record> {
        self.own(deployment, program)
            .unwrap_or_else(|| Cow::Owned(deployment.blank_profile(program)))
    }

    fn own(&self, deployment: &Deployment, program: usize) -> Option<Cow<'_, Record>> {
        let place = deployment.programs().get(program)?.profile_place()?;
        let group = deployment.profiles().get(place.group as usize)?;
        let member = group.members.get(place.member as usize)?;
        match self.read.get(place.group as usize)? {
            Read::Each(records) => records.get(place.member as usize).map(Cow::Borrowed),
            Read::Common(record) => Some(match &member.way {
                None => Cow::Borrowed(record),
                Some(way) => {
                    let mut own = Record::default();
                    way.gather(record, Region::Profile, &mut own);
                    Cow::Owned(own)
                }
            }),
        }
    }
}

fn read_group(
    reader: &mut Reader,
    deployment: &Deployment,
    group: &Group,
    bytes: &[u8],
) -> Result<Read, Rejection> {
    let by =
        |artifact: &Artifact, plan| read::read(artifact, plan, bytes, Region::Profile, &LIMITS);
    let Some(plan) = group.common.prepared() else {
        return Ok(Read::Each(Vec::new()));
    };
    let mut common = Record::default();
    match read::read_into(reader, plan, bytes, Region::Profile, &LIMITS, &mut common) {
        Ok(()) => {
            // It is kept as long as the person is: without the rest of the document, and so that little memory is touched.
            let artifact = group.common.artifact();
            let shape = group.common.shape();
            let small = shape.and_then(|shape| {
                record::compacted(artifact, &common, shape, Region::Profile).ok()
            });
            let mut kept = small.unwrap_or(common);
            kept.words.shrink_to_fit();
            kept.text.shrink_to_fit();
            Ok(Read::Common(kept))
        }
        Err(rejection) if rejection.code != RejectCode::TooLarge => Err(rejection),
        Err(rejection) => {
            let each = group.members.iter().map(|member| {
                let artifact = deployment.programs().get(member.program);
                let artifact = artifact.map(|program| program.loaded().artifact());
                let own = artifact.and_then(|it| Some((it, it.plans.get(member.plan.0 as usize)?)));
                own.map_or_else(
                    || Err(rejection.clone()),
                    |(artifact, plan)| by(artifact, plan),
                )
            });
            Ok(Read::Each(each.collect::<Result<_, _>>()?))
        }
    }
}
