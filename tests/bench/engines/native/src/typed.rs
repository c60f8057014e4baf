//! Typed structs, read by serde_json or by sonic-rs.
//!
//! Comes in: documents. Goes out: decisions. Never true here: a parser chosen in a timed section; each is a type parameter.

use bench_core::Engine;
use bench_core::typed::conditions::{CONDITIONS, Condition, condition};
use bench_core::typed::{Event, Profile};
use std::marker::PhantomData;

/// A reader of typed documents.
pub trait Reader {
    fn event<'a>(bytes: &'a [u8]) -> Result<Event<'a>, String>;
    fn profile<'a>(bytes: &'a [u8]) -> Result<Profile<'a>, String>;
}

pub struct SerdeJson;

impl Reader for SerdeJson {
    fn event<'a>(bytes: &'a [u8]) -> Result<Event<'a>, String> {
        serde_json::from_slice(bytes).map_err(|e| e.to_string())
    }

    fn profile<'a>(bytes: &'a [u8]) -> Result<Profile<'a>, String> {
        serde_json::from_slice(bytes).map_err(|e| e.to_string())
    }
}

pub struct Sonic;

impl Reader for Sonic {
    fn event<'a>(bytes: &'a [u8]) -> Result<Event<'a>, String> {
        sonic_rs::from_slice(bytes).map_err(|e| e.to_string())
    }

    fn profile<'a>(bytes: &'a [u8]) -> Result<Profile<'a>, String> {
        sonic_rs::from_slice(bytes).map_err(|e| e.to_string())
    }
}

pub struct Typed<R>(PhantomData<R>);

impl Typed<SerdeJson> {
    pub fn with_serde_json() -> Self {
        Typed(PhantomData)
    }
}

impl Typed<Sonic> {
    pub fn with_sonic() -> Self {
        Typed(PhantomData)
    }
}

/// Both documents, with the bytes that they borrow from.
pub struct Documents {
    event: Event<'static>,
    profile: Profile<'static>,
    _bytes: [Box<[u8]>; 2],
}

/// The same bytes for as long as one likes.
///
/// # Safety
///
/// The box must outlive every use of the result.
unsafe fn forever(bytes: &[u8]) -> &'static [u8] {
    // SAFETY: the caller's promise.
    unsafe { &*std::ptr::from_ref(bytes) }
}

impl<R: Reader> Engine for Typed<R> {
    type Program = Condition;
    type Context = Documents;

    fn compile(&mut self, id: &str, _: &str) -> Result<Condition, String> {
        condition(&CONDITIONS, id)
    }

    fn context(&mut self, event: &[u8], profile: &[u8]) -> Result<Documents, String> {
        let bytes: [Box<[u8]>; 2] = [event.into(), profile.into()];
        // SAFETY: both boxes move into the result together with what borrows from them, and are dropped after it.
        let (event, profile) = unsafe { (forever(&bytes[0]), forever(&bytes[1])) };
        Ok(Documents {
            event: R::event(event)?,
            profile: R::profile(profile)?,
            _bytes: bytes,
        })
    }

    fn evaluate(&mut self, condition: &mut Condition, on: &mut Documents) -> Result<bool, String> {
        Ok(condition(&on.event, &on.profile))
    }

    fn decide(
        &mut self,
        condition: &mut Condition,
        event: &[u8],
        profile: &[u8],
    ) -> Result<bool, String> {
        Ok(condition(&R::event(event)?, &R::profile(profile)?))
    }

    fn decide_all(
        &mut self,
        conditions: &mut [Condition],
        event: &[u8],
        profile: &[u8],
    ) -> Result<u32, String> {
        let (event, profile) = (R::event(event)?, R::profile(profile)?);
        let holding = conditions.iter().filter(|holds| holds(&event, &profile));
        Ok(holding.count() as u32)
    }

    fn project(&mut self, event: &[u8]) -> Option<Result<usize, String>> {
        Some(R::event(event).map(|event| event.items.len()))
    }
}
