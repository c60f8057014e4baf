//! The versioned encoding of a person.
//!
//! Comes in: a [`Person`], or bytes from a store. Goes out: bytes, or the person, or a [`DecodeError`].
//! Never true here: a person that breaks the order of its own tables, an unknown version read as a known one, somebody
//! whose parts keep their bounds and who cannot be read back: the whole has no bound of its own.
//!
//! Version 1: version, namespace, id, base time (`at`), next sequence number, programs (8 bytes each), instances, marks,
//! recent events. Times are zig-zag differences from the base, or from a time already read; numbers are variable-length.
//! An instance: flags (bit 0 key, 1 arguments, 2 no expiry, 3–4 state, 5–6 phase), program (index), journey, node, seq,
//! visit, node before (plus one), entrance, expiry (from the entrance), the state's time and number, exit, key, arguments, variables.

use super::instance::{Instance, Known, Phase, State};
use super::person::{Mark, Person, Recent};
use crate::ids::Instant;
use crate::limits;
use crate::wire::{Damage, Reader, put_bytes, put_i64, put_u64};

/// The version this build writes.
const VERSION: u8 = 1;
/// Times are counted from 2020-01-01 so that the base takes six bytes.
const EPOCH: i64 = 1_577_836_800_000;

const KEY: u8 = 1;
const ARGS: u8 = 1 << 1;
const NO_EXPIRY: u8 = 1 << 2;
const STATE_SHIFT: u8 = 3;
const PHASE_SHIFT: u8 = 5;

/// Why bytes are no person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecodeError {
    /// Written by a version this build does not know.
    UnknownVersion(u8),
    /// Damaged bytes.
    Damaged(Damage),
    /// Well-formed parts that contradict each other.
    Inconsistent,
}

impl From<Damage> for DecodeError {
    fn from(damage: Damage) -> DecodeError {
        DecodeError::Damaged(damage)
    }
}

impl std::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DecodeError::UnknownVersion(v) => write!(
                f,
                "the state was written in version {v}; this build reads {VERSION}"
            ),
            DecodeError::Damaged(damage) => write!(f, "the state is damaged: {damage:?}"),
            DecodeError::Inconsistent => write!(f, "the state contradicts itself"),
        }
    }
}

impl std::error::Error for DecodeError {}

fn put_time(out: &mut Vec<u8>, base: Instant, time: Instant) {
    put_i64(out, time.0.wrapping_sub(base.0));
}

fn time(input: &mut Reader, base: Instant) -> Result<Instant, Damage> {
    Ok(Instant(base.0.wrapping_add(input.i64()?)))
}

impl Person {
    /// Appends the encoding. The same person gives the same bytes: some hundreds of most people, and up to 8.5 MB of somebody at every
    /// limit at once. Instances that the budget of an `advance` interrupted may add what their variables took in memory.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        put_bytes(out, self.namespace.as_bytes());
        put_bytes(out, self.id.as_bytes());
        put_time(out, Instant(EPOCH), self.at);
        put_u64(out, u64::from(self.next_seq));
        let mut programs: Vec<u64> = Vec::new();
        for instance in &self.instances {
            if !programs.contains(&instance.program) {
                programs.push(instance.program);
            }
        }
        put_u64(out, programs.len() as u64);
        for program in &programs {
            out.extend_from_slice(&program.to_le_bytes());
        }
        put_u64(out, self.instances.len() as u64);
        for instance in &self.instances {
            let program = programs
                .iter()
                .position(|p| *p == instance.program)
                .unwrap_or_default();
            put_instance(out, self.at, program, instance);
        }
        put_u64(out, self.marks.len() as u64);
        for mark in &self.marks {
            put_mark(out, self.at, mark);
        }
        put_u64(out, self.recent.len() as u64);
        let mut last = self.at;
        for recent in &self.recent {
            out.extend_from_slice(&recent.of.to_le_bytes());
            put_time(out, last, recent.until);
            last = recent.until;
        }
    }

    /// The encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode(&mut out);
        out
    }

    /// Reads what [`Person::encode`] wrote. Hostile bytes give an error, or a person that does no harm.
    pub fn decode(bytes: &[u8]) -> Result<Person, DecodeError> {
        let mut input = Reader::new(bytes);
        let version = input.byte()?;
        if version != VERSION {
            return Err(DecodeError::UnknownVersion(version));
        }
        let mut person = Person::new(
            input.text(limits::IDENTITY_BYTES)?,
            input.text(limits::IDENTITY_BYTES)?,
        );
        person.at = time(&mut input, Instant(EPOCH))?;
        person.next_seq = input.u32()?;
        let mut programs = Vec::new();
        for _ in 0..input.count(limits::INSTANCES)? {
            programs.push(input.fixed_u64()?);
        }
        for _ in 0..input.count(limits::INSTANCES)? {
            let instance = instance(&mut input, person.at, &programs)?;
            let after = person
                .instances
                .last()
                .is_none_or(|last| last.seq < instance.seq);
            if !after || instance.seq >= person.next_seq {
                return Err(DecodeError::Inconsistent);
            }
            person.instances.push(instance);
        }
        for _ in 0..input.count(usize::MAX)? {
            person.marks.push(mark(&mut input, person.at)?);
        }
        let mut last = person.at;
        for _ in 0..input.count(limits::RECENT)? {
            let recent = Recent {
                of: input.fixed_u64()?,
                until: time(&mut input, last)?,
            };
            if person
                .recent
                .last()
                .is_some_and(|before| before.until > recent.until)
            {
                return Err(DecodeError::Inconsistent);
            }
            last = recent.until;
            person.recent.push(recent);
        }
        input.finish()?;
        Ok(person)
    }
}

fn put_instance(out: &mut Vec<u8>, at: Instant, program: usize, instance: &Instance) {
    let (state, when, number, args): (u8, Instant, Option<u32>, &[u8]) = match &instance.state {
        State::Waiting { until } => (0, *until, None, &[]),
        State::Calling {
            attempt,
            guard,
            args,
        } => (1, *guard, Some(*attempt), args),
        State::Pausing {
            attempt,
            until,
            args,
        } => (2, *until, Some(*attempt), args),
        State::Running { streak, since } => (3, *since, Some(*streak), &[]),
    };
    let (phase, exit) = match instance.phase {
        Phase::Inside => (0, None),
        Phase::Leaving { exit } => (1, Some(exit)),
        Phase::Expiring => (2, None),
    };
    let mut flags = (state << STATE_SHIFT) | (phase << PHASE_SHIFT);
    flags |= if instance.key.is_some() { KEY } else { 0 };
    flags |= if args.is_empty() { 0 } else { ARGS };
    flags |= if instance.expires == Instant::FAR {
        NO_EXPIRY
    } else {
        0
    };
    out.push(flags);
    put_u64(out, program as u64);
    for n in [
        instance.journey,
        instance.node,
        instance.seq,
        instance.visit,
    ] {
        put_u64(out, u64::from(n));
    }
    put_u64(
        out,
        instance.parent.map_or(0, |parent| u64::from(parent) + 1),
    );
    put_time(out, at, instance.entered_at);
    if instance.expires != Instant::FAR {
        put_time(out, instance.entered_at, instance.expires);
    }
    put_time(out, at, when);
    for n in [number, exit].into_iter().flatten() {
        put_u64(out, u64::from(n));
    }
    if let Some(key) = &instance.key {
        put_bytes(out, key.as_bytes());
    }
    if !args.is_empty() {
        put_bytes(out, args);
    }
    put_bytes(out, &instance.vars);
}

fn instance(input: &mut Reader, at: Instant, programs: &[u64]) -> Result<Instance, DecodeError> {
    let flags = input.byte()?;
    let program = *programs
        .get(input.u32()? as usize)
        .ok_or(DecodeError::Inconsistent)?;
    let [journey, node, seq, visit] = [input.u32()?, input.u32()?, input.u32()?, input.u32()?];
    let parent = input
        .u64()?
        .checked_sub(1)
        .map(u32::try_from)
        .transpose()
        .map_err(|_| Damage::Number)?;
    let entered_at = time(input, at)?;
    let expires = if flags & NO_EXPIRY == 0 {
        time(input, entered_at)?
    } else {
        Instant::FAR
    };
    let when = time(input, at)?;
    let state_code = (flags >> STATE_SHIFT) & 3;
    let number = if state_code == 0 { 0 } else { input.u32()? };
    let phase = match flags >> PHASE_SHIFT {
        0 => Phase::Inside,
        1 => Phase::Leaving { exit: input.u32()? },
        2 => Phase::Expiring,
        _ => return Err(DecodeError::Damaged(Damage::Tag)),
    };
    let key = if flags & KEY != 0 {
        Some(input.text(limits::IDENTITY_BYTES)?.into())
    } else {
        None
    };
    let args = if flags & ARGS != 0 {
        input.bytes(limits::VARIABLE_BYTES)?.to_vec()
    } else {
        Vec::new()
    };
    let state = match state_code {
        0 => State::Waiting { until: when },
        1 => State::Calling {
            attempt: number,
            guard: when,
            args,
        },
        2 => State::Pausing {
            attempt: number,
            until: when,
            args,
        },
        _ => State::Running {
            streak: number,
            since: when,
        },
    };
    let most = match state {
        State::Running { .. } => usize::MAX,
        _ => limits::VARIABLE_BYTES,
    };
    let vars = input.bytes(most)?.to_vec();
    Ok(Instance {
        program,
        journey,
        node,
        parent,
        seq,
        visit,
        entered_at,
        key,
        phase,
        state,
        expires,
        vars,
        known: Known::default(),
    })
}

fn put_mark(out: &mut Vec<u8>, at: Instant, mark: &Mark) {
    out.extend_from_slice(&mark.of.to_le_bytes());
    put_time(out, at, mark.last);
    // The lowest bit of the count says whether the mark ends.
    put_u64(
        out,
        (u64::from(mark.count) << 1) | u64::from(mark.until.is_some()),
    );
    if let Some(until) = mark.until {
        put_time(out, mark.last, until);
    }
}

fn mark(input: &mut Reader, at: Instant) -> Result<Mark, DecodeError> {
    let of = input.fixed_u64()?;
    let last = time(input, at)?;
    let count = input.u64()?;
    let until = if count & 1 == 1 {
        Some(time(input, last)?)
    } else {
        None
    };
    Ok(Mark {
        of,
        last,
        count: u32::try_from(count >> 1).map_err(|_| Damage::Number)?,
        until,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_at_every_limit_at_once_comes_back() {
        let name = "n".repeat(limits::IDENTITY_BYTES);
        let mut person = Person::new(&name, &name);
        (person.at, person.next_seq) = (Instant(i64::MAX - 1), u32::MAX);
        let full = || vec![0xFF; limits::VARIABLE_BYTES];
        let first = u32::MAX - limits::INSTANCES as u32;
        person.instances = (first..u32::MAX)
            .map(|seq| Instance {
                program: u64::from(seq),
                journey: u32::MAX,
                node: u32::MAX,
                parent: Some(u32::MAX),
                seq,
                visit: u32::MAX,
                entered_at: Instant(i64::MIN),
                key: Some(name.as_str().into()),
                phase: Phase::Leaving { exit: u32::MAX },
                state: State::Calling {
                    attempt: u32::MAX,
                    guard: Instant::FAR,
                    args: full(),
                },
                expires: Instant(i64::MAX - 1),
                vars: full(),
                known: Known::default(),
            })
            .collect();
        let mark = |until| Mark {
            of: u64::MAX,
            last: Instant(i64::MIN),
            count: u32::MAX,
            until,
        };
        person.marks = vec![mark(Some(Instant::FAR)); limits::MARKS];
        // One of each journey that there ever was.
        person.marks.extend(vec![mark(None); 1_000]);
        let until = Instant(i64::MAX);
        person.recent = vec![Recent { of: 0, until }; limits::RECENT];
        let bytes = person.to_bytes();
        assert!(Person::decode(&bytes).as_ref() == Ok(&person));
        assert!(bytes.len() < 8_500_000, "{}", bytes.len());
    }
}
