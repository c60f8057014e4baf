//! A profile's bytes, as each program reads them.
//!
//! Comes in: the JSON of a profile. Goes out: one record for each common profile plan, and each program's own, when it is asked
//! for. Never true here: a field that no program reads; a program that sees less because another cannot read what only that one reads.

use super::amend::{self, Place};
use super::plans::{Group, Member};
use super::programs::Deployment;
use super::reread::{Field, Lesser, Reread, reread};
use crate::read::{Indexed, Limits, Reader, Rejection};
use crate::record::{self, Record};
use crate::value::{Value, json};
use journey_artifact::model::Artifact;
use journey_artifact::path;
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
    /// What the document takes at most, with what was set since.
    bytes: usize,
    /// By common plan; none of somebody of whom nothing is known.
    read: Vec<Read>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Read {
    /// For all members.
    Common(Record),
    /// For all but those who read what is wrong in the document.
    Without(Box<Without>),
    /// Member by member: what they read together is more than one record holds, or nobody can tell which field is at fault.
    Each(Vec<Result<Record, Rejection>>),
    /// For none.
    Refused(Box<Refused>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Refused {
    /// The first thing that is wrong.
    rejection: Rejection,
    /// Numbers of members, and what each of them cannot read; for others it is the first thing.
    out: Vec<(u32, Rejection)>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Without {
    /// The common record, without what is wrong.
    record: Record,
    /// Numbers of the members that it is not for, and what each of them cannot read.
    out: Vec<(u32, Rejection)>,
    /// The first thing that is wrong.
    rejection: Rejection,
}

impl Read {
    /// Why a member cannot read it.
    fn refusal(&self, member: u32) -> Option<&Rejection> {
        match self {
            Read::Common(_) => None,
            Read::Without(it) => own(&it.out, member),
            Read::Each(each) => each.get(member as usize)?.as_ref().err(),
            Read::Refused(it) => own(&it.out, member).or(Some(&it.rejection)),
        }
    }

    fn refused(rejection: Rejection, out: Vec<(u32, Rejection)>) -> Read {
        Read::Refused(Box::new(Refused { rejection, out }))
    }
}

/// What a member cannot read.
fn own(out: &[(u32, Rejection)], member: u32) -> Option<&Rejection> {
    let mut out = out.iter();
    out.find(|(of, _)| *of == member).map(|(_, why)| why)
}

impl ProfileRecord {
    /// Reads a profile (the bare entity) for every program: once, unless programs disagree about the type of a field, or some of them
    /// cannot read it. To those it is the profile of somebody of whom nothing is known ([`ProfileRecord::rejections`] says why); it is
    /// rejected when all who read profiles are such.
    pub fn scan(deployment: &Deployment, bytes: &[u8]) -> Result<ProfileRecord, Rejection> {
        ProfileRecord::scan_with(&mut Reader::new(), deployment, bytes)
    }

    /// The same, with a reader that a host keeps from one profile to the next.
    pub fn scan_with(
        reader: &mut Reader,
        deployment: &Deployment,
        bytes: &[u8],
    ) -> Result<ProfileRecord, Rejection> {
        ProfileRecord::read_all(reader, deployment, bytes).unless_refused()
    }

    /// The same of what a profile has become: rejected also when a program cannot read it that could read it before, for that reason.
    pub fn scan_after(
        reader: &mut Reader,
        deployment: &Deployment,
        bytes: &[u8],
        before: &ProfileRecord,
    ) -> Result<ProfileRecord, Rejection> {
        let record = ProfileRecord::read_all(reader, deployment, bytes);
        match record.lost_since(deployment, before) {
            Some(rejection) => Err(rejection.clone()),
            None => record.unless_refused(),
        }
    }

    fn read_all(reader: &mut Reader, deployment: &Deployment, bytes: &[u8]) -> ProfileRecord {
        let groups = deployment.profiles().iter();
        let read = groups.map(|group| read_group(reader, deployment, group, bytes));
        ProfileRecord {
            of: deployment.mark(),
            bytes: bytes.len(),
            read: read.collect(),
        }
    }

    fn unless_refused(self) -> Result<ProfileRecord, Rejection> {
        let is_refused = |read: &Read| matches!(read, Read::Refused(_));
        let rejection = self.rejections().next().cloned();
        let rejection = rejection.filter(|_| self.read.iter().all(is_refused));
        rejection.map_or(Ok(self), Err)
    }

    /// Why some programs cannot read the profile, though others can: the first thing that is wrong, for each way to read it.
    pub fn rejections(&self) -> impl Iterator<Item = &Rejection> {
        self.read.iter().flat_map(|read| {
            let (one, each) = match read {
                Read::Common(_) => (None, &[][..]),
                Read::Without(it) => (Some(&it.rejection), &[][..]),
                Read::Refused(it) => (Some(&it.rejection), &[][..]),
                Read::Each(each) => (None, &each[..]),
            };
            one.into_iter()
                .chain(each.iter().filter_map(|own| own.as_ref().err()))
        })
    }

    /// Why a program cannot read it that could read what the profile was before; `None`: whoever could still can.
    fn lost_since(&self, deployment: &Deployment, before: &ProfileRecord) -> Option<&Rejection> {
        let groups = self.read.iter().zip(deployment.profiles()).enumerate();
        groups
            .filter(|(_, (read, _))| !matches!(read, Read::Common(_)))
            .find_map(|(at, (read, group))| {
                let known = before.read.get(at);
                let could = |member| known.is_none_or(|it| it.refusal(member).is_none());
                let mut members = (0..).zip(&group.members).map(|(member, _)| member);
                members.find_map(|member| read.refusal(member).filter(|_| could(member)))
            })
    }

    /// Sets fields, by path ([`journey_artifact::path`]), as if the document had had these values there when it was read; the last
    /// of one path counts. `false`: only reading can tell what that comes to, and nothing is set. Values without text at places of
    /// their own type, and those that nobody reads, need it only when the document may come to be larger than is read.
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
        if !self.read.is_empty() {
            let Some(bytes) = bytes_with(self.bytes, fields.clone()) else {
                return false;
            };
            self.bytes = bytes;
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
            bytes: 0,
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
        let common = match self.read.get(place.group as usize)? {
            Read::Common(record) => record,
            Read::Without(it) if own(&it.out, place.member).is_none() => &it.record,
            Read::Each(each) => {
                let own = each.get(place.member as usize)?;
                return own.as_ref().ok().map(Cow::Borrowed);
            }
            Read::Without(_) | Read::Refused(_) => return None,
        };
        Some(match &member.way {
            None => Cow::Borrowed(common),
            Some(way) => {
                let mut own = Record::default();
                way.gather(common, Region::Profile, &mut own);
                Cow::Owned(own)
            }
        })
    }
}

/// What a document of so many bytes takes with these fields at most; `None`: it may be larger, or deeper, than is read.
fn bytes_with<'f>(
    bytes: usize,
    mut fields: impl Iterator<Item = (&'f str, &'f Value)>,
) -> Option<usize> {
    fields.try_fold(bytes, |bytes, (path, value)| {
        let (most, depth) = json::extent(value);
        // Each name stands in quotes, in an object, between a comma and a colon; a letter is escaped at most.
        let bytes = bytes + 12 * (path.len() + 1) + most;
        let fits = |names: usize| names + depth <= LIMITS.nesting;
        let is_shallow = fits(path.len() + 1) || fits(path::names(path).count());
        (bytes <= LIMITS.bytes && is_shallow).then_some(bytes)
    })
}

fn read_group(reader: &mut Reader, deployment: &Deployment, group: &Group, bytes: &[u8]) -> Read {
    let Some(plan) = group.common.prepared() else {
        return Read::Each(Vec::new());
    };
    let mut indexed = match reader.index(bytes, &LIMITS) {
        Ok(indexed) => indexed,
        Err(rejection) => return Read::refused(rejection, Vec::new()),
    };
    let mut record = Record::default();
    let Err(rejection) = indexed.read_into(plan, Region::Profile, &mut record) else {
        return Read::Common(kept(group, record));
    };
    // Profiles that somebody cannot read are few: no plan is kept for them.
    let lesser = &mut Lesser::default();
    let (at, to) = (Region::Profile, &mut record);
    match reread(lesser, group, &mut indexed, at, &rejection, to) {
        Reread::Refused => Read::refused(rejection, Vec::new()),
        Reread::Without(faults) => without(deployment, group, record, &faults, rejection),
        Reread::Each => each(deployment, group, &mut indexed, rejection),
    }
}

/// It is kept as long as the person is: without the rest of the document, and so that little memory is touched.
fn kept(group: &Group, common: Record) -> Record {
    let artifact = group.common.artifact();
    let small = group
        .common
        .shape()
        .and_then(|shape| record::compacted(artifact, &common, shape, Region::Profile).ok());
    let mut kept = small.unwrap_or(common);
    kept.words.shrink_to_fit();
    kept.text.shrink_to_fit();
    kept
}

fn without(
    deployment: &Deployment,
    group: &Group,
    record: Record,
    faults: &[Field],
    rejection: Rejection,
) -> Read {
    let mut out = Vec::new();
    for (number, member) in (0..).zip(&group.members) {
        let fault = match artifact_of(deployment, member) {
            Some(artifact) => faults.iter().find(|it| it.is_read_by(artifact, member)),
            None => faults.first(),
        };
        out.extend(fault.map(|fault| (number, fault.why.clone())));
    }
    if out.len() == group.members.len() {
        return Read::refused(rejection, out);
    }
    Read::Without(Box::new(Without {
        record: kept(group, record),
        out,
        rejection,
    }))
}

fn each(
    deployment: &Deployment,
    group: &Group,
    indexed: &mut Indexed<'_>,
    rejection: Rejection,
) -> Read {
    let mut one = |member: &Member| {
        let plan = artifact_of(deployment, member).and_then(|it| member.prepared(it));
        let plan = plan.ok_or_else(|| rejection.clone())?;
        let mut own = Record::default();
        let read = indexed.read_into(plan, Region::Profile, &mut own);
        read.map(|()| own)
    };
    let each: Vec<Result<Record, Rejection>> = group.members.iter().map(&mut one).collect();
    match each.iter().all(Result::is_err) {
        true => {
            let out = (0..).zip(each.into_iter().filter_map(Result::err));
            Read::refused(rejection, out.collect())
        }
        false => Read::Each(each),
    }
}

fn artifact_of<'d>(deployment: &'d Deployment, member: &Member) -> Option<&'d Artifact> {
    let program = deployment.programs().get(member.program)?;
    Some(program.loaded().artifact())
}
