//! One event after another: bytes to what they are, with memory kept between them.
//!
//! The document is read once for each schema that it may be of; a [`Pass`] over each of these finds its declarations.
//! Comes in: the JSON of one event, bare or in the streaming envelope. Goes out: [`Scanned`], or a coded rejection. Never true
//! here: memory that grows with what is deployed, but for the few plans that `reread` keeps.

use super::envelope::{self, Entity};
use super::pass::{Pass, Room};
use super::programs::Deployment;
use super::scanned::Scanned;
use super::stamp::{self, Stamp};
use crate::ids::Instant;
use crate::read::{Indexed, Limits, Member, Reader, Rejection};

/// What an envelope may have beside its entity. What is longer than both may be is refused without a look inside.
const HEADER_BYTES: usize = 64 * 1024;

/// What a host keeps to scan one event after another.
#[derive(Debug, Default)]
pub struct Scanner {
    reader: Reader,
    room: Room,
}

impl Scanner {
    /// As [`Deployment::scan`], with an operator's limits, into `out`, whose memory is used again.
    pub fn scan(
        &mut self,
        deployment: &Deployment,
        bytes: &[u8],
        now: Instant,
        limits: &Limits,
        out: &mut Scanned,
    ) -> Result<(), Rejection> {
        self.scan_when(deployment, bytes, limits, out, |_| now)
    }

    /// The same, at the instant that the event itself names as its `timestamp`, but not before `clock`; what it says of it too:
    /// nothing when it is no JSON, or none within the limits.
    pub fn scan_stamped(
        &mut self,
        deployment: &Deployment,
        bytes: &[u8],
        clock: Instant,
        limits: &Limits,
        out: &mut Scanned,
    ) -> (Stamp, Result<(), Rejection>) {
        let mut named = Stamp::None;
        let result = self.scan_when(deployment, bytes, limits, out, |indexed| {
            named = indexed.map_or(Stamp::None, stamp::named);
            named.instant().map_or(clock, |at| at.max(clock))
        });
        (named, result)
    }

    /// `now` is asked for the instant once the document is indexed, with the index where it is JSON.
    fn scan_when(
        &mut self,
        deployment: &Deployment,
        bytes: &[u8],
        limits: &Limits,
        out: &mut Scanned,
        now: impl FnOnce(Option<&Indexed<'_>>) -> Instant,
    ) -> Result<(), Rejection> {
        let Scanner { reader, room } = self;
        room.reuse(out);
        out.of = deployment.mark();
        let may_be_within = bytes.len() <= limits.bytes.saturating_add(HEADER_BYTES);
        let is_likely = may_be_within && envelope::is_likely(bytes);
        let mut entity = Entity {
            bytes,
            schema: None,
        };
        if is_likely {
            entity = envelope::entity(bytes);
        }
        let mut indexed = reader.index(entity.bytes, limits);
        // Without the member no envelope is told by its index: its bytes are not looked at a second time.
        let may_be_envelope =
            |indexed: &Indexed<'_>| indexed.member(envelope::BODY) != Member::None;
        if may_be_within && !is_likely && indexed.as_ref().map_or(true, may_be_envelope) {
            entity = envelope::entity(bytes);
            if entity.bytes.len() < bytes.len() {
                indexed = reader.index(entity.bytes, limits);
            }
        }
        let now = now(indexed.as_ref().ok());
        let routes = deployment.routes();
        let mut pass = |route| {
            Pass {
                room: &mut *room,
                deployment,
                route,
                now,
                out: &mut *out,
            }
            .document(&mut indexed);
        };
        match &entity.schema {
            Some(schema) => routes.of_schema(schema).for_each(&mut pass),
            None => routes.all().iter().for_each(&mut pass),
        }
        out.matches.sort_unstable_by_key(|found| found.order);
        out.unaddressed.sort_unstable_by_key(|nobody| nobody.order);
        match out.rejections.first() {
            Some((_, rejection)) if out.matches.is_empty() && out.unaddressed.is_empty() => {
                Err(rejection.clone())
            }
            _ => Ok(()),
        }
    }
}

impl Deployment {
    /// Reads an event: a bare entity, or the streaming envelope around one. `now` is the instant that its declarations' own
    /// expressions see. A document that names its schema is read as that schema alone (one that no journey listens for: it is
    /// nobody's event, whatever is in it); one that does not, as all. It is rejected when it is none of their events and some of them
    /// refuse it. A host that scans many keeps a [`Scanner`].
    pub fn scan(&self, bytes: &[u8], now: Instant) -> Result<Scanned, Rejection> {
        self.scan_within(bytes, now, &Limits::default())
    }

    /// The same, with an operator's limits.
    pub fn scan_within(
        &self,
        bytes: &[u8],
        now: Instant,
        limits: &Limits,
    ) -> Result<Scanned, Rejection> {
        let mut scanned = Scanned::default();
        Scanner::default().scan(self, bytes, now, limits, &mut scanned)?;
        Ok(scanned)
    }
}
