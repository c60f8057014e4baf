//! What the chunks of a program run on: the interpreter, or code that a compiler has put in.
//!
//! Comes in: how often a chunk was evaluated; compiled code from whoever compiles (another thread, another crate). Goes out: a
//! word to that compiler, once, when a chunk has become hot; the code to run. A chunk that is compiled stays so until its program
//! is dropped, and the code's memory with it. Never true here: a thread, a compiler, a wait; a chunk that cannot be interpreted.

use super::view::View;
use super::work::Work;
use crate::fault::{Fault, Fuel};
use journey_artifact::model::ChunkId;
use std::any::Any;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What compiled code says of itself when it ends.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Answer {
    /// How it ended.
    pub end: End,
    /// The value, when there is one.
    pub word: u64,
}

/// How an evaluation ended; the numbers are those that compiled code writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub enum End {
    /// With no value.
    Missing = 0,
    /// With a value.
    Value = 1,
    /// The interpreter is to do it from the start: a record is not as the code expects.
    Again = 2,
    /// The fuel was used up.
    OutOfFuel = 3,
    /// A value grew past the scratch limits.
    ScratchFull = 4,
}

/// What compiled code that needs nothing but rows says when it ends: both in registers of the processor.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Outcome {
    /// The value; 0 when there is none, [`Outcome::AGAIN`] when nothing is known of it.
    pub word: u64,
    /// The fuel left, with [`Outcome::MISSING`] when there is no value; or [`Outcome::AGAIN`].
    pub left: u64,
}

impl Outcome {
    /// There is no value. No fuel is so much.
    pub const MISSING: u64 = 1 << 63;
    /// The interpreter is to do it from the start: a record is not as the code expects, or the fuel does not suffice.
    pub const AGAIN: u64 = u64::MAX;

    /// What an evaluation gave, when it has an end of its own; the fuel is what is left then.
    #[inline(always)]
    pub(super) fn ended(self, fuel: &mut Fuel) -> Option<Outcome> {
        if self.left == Outcome::AGAIN {
            return None;
        }
        *fuel = Fuel::new(self.left & !Outcome::MISSING);
        Some(self)
    }

    /// The same for a chunk whose value is a Bool: whether it is true.
    #[inline(always)]
    pub(super) fn truth(self, fuel: &mut Fuel) -> Option<bool> {
        if self.word > 1 {
            return None;
        }
        *fuel = Fuel::new(self.left & !Outcome::MISSING);
        Some(self.word == 1)
    }

    /// The value.
    #[inline(always)]
    pub(super) fn value(self) -> Option<u64> {
        (self.left & Outcome::MISSING == 0).then_some(self.word)
    }
}

/// The entry of compiled code that needs nothing but rows: it is given the fuel left, and takes what an evaluation costs itself.
pub type Leaf = extern "C" fn(&View<'_>, u64) -> Outcome;
/// The entry of compiled code that also calls functions of the table or makes values.
pub type Full = extern "C" fn(&View<'_>, &mut Work<'_, '_>) -> Answer;

/// Compiled code of one chunk. Whoever makes one promises that the entry is sound for every view with root rows as long as it
/// needs, and that it answers what the interpreter answers.
pub struct Compiled {
    /// Where it begins.
    pub entry: Entry,
    /// Words of the profile's, the variables' and the input's root row that it takes to be there.
    pub needs: [usize; 3],
    /// What keeps its memory.
    pub memory: Arc<dyn Any + Send + Sync>,
}

/// How compiled code is entered.
#[derive(Clone, Copy)]
pub enum Entry {
    /// It reads rows and no more.
    Leaf(Leaf),
    /// It may call functions of the table and make values. The fuel that an evaluation costs at entry stands beside it.
    Full(Full, u64),
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.entry {
            Entry::Leaf(_) => "Compiled(leaf)",
            Entry::Full(..) => "Compiled(full)",
        })
    }
}

/// Learns that a chunk has become hot.
pub trait Hot: Send + Sync {
    /// Called once a chunk, by the thread that evaluates: it must only take note.
    fn hot(&self, chunk: ChunkId);
    /// Whether nothing comes of what it is told any more: then another one may take its place.
    fn is_gone(&self) -> bool;
}

/// Who watches, and from how many evaluations on a chunk counts as hot.
struct Watch {
    from: u32,
    who: Mutex<Arc<dyn Hot>>,
}

#[derive(Debug, Default)]
struct Tier {
    evaluations: AtomicU32,
    compiled: OnceLock<Compiled>,
}

/// The tiers of a program's chunks.
#[derive(Default)]
pub struct Tiers {
    chunks: Box<[Tier]>,
    /// By chunk, the entry of code that needs nothing but rows: apart from all else, for the shortest way in.
    leaves: Box<[OnceLock<Leaf>]>,
    /// Words of the longest root rows that any chunk reads, by record.
    longest: [usize; 3],
    watch: OnceLock<Watch>,
}

impl fmt::Debug for Tiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&*self.chunks).finish()
    }
}

impl Tiers {
    pub(super) fn new(chunks: usize, longest: [usize; 3]) -> Tiers {
        Tiers {
            chunks: (0..chunks).map(|_| Tier::default()).collect(),
            leaves: (0..chunks).map(|_| OnceLock::new()).collect(),
            longest,
            watch: OnceLock::new(),
        }
    }

    /// From now on evaluations are counted, and `who` is told of each chunk at its `from`th. The first watch stays until it is gone: a
    /// second one would compile the same chunks again.
    pub fn watch(&self, from: u32, who: Arc<dyn Hot>) {
        let new = || Watch {
            from,
            who: Mutex::new(who.clone()),
        };
        let watch = self.watch.get_or_init(new);
        let mut kept = watch.who.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.is_gone() {
            *kept = who;
            // What was told to the one before is told again.
            for tier in &self.chunks {
                tier.evaluations.store(0, Ordering::Relaxed);
            }
        }
    }

    /// Puts compiled code in; evaluations that begin from now on run it. The first code of a chunk stays.
    pub fn put(&self, chunk: ChunkId, compiled: Compiled) {
        if let Some(tier) = self.chunks.get(chunk.0 as usize) {
            // Two threads may have compiled the same chunk; either code will do. The entry is taken from the one that is kept.
            let kept = tier.compiled.get_or_init(|| compiled);
            let fits = kept
                .needs
                .iter()
                .zip(self.longest)
                .all(|(needs, longest)| *needs <= longest);
            if let (true, Entry::Leaf(leaf)) = (fits, kept.entry) {
                let _ = self.leaves[chunk.0 as usize].set(leaf);
            }
        }
    }

    /// Whether a chunk runs on compiled code.
    pub fn is_compiled(&self, chunk: ChunkId) -> bool {
        self.compiled(chunk).is_some()
    }

    #[inline]
    pub(super) fn compiled(&self, chunk: ChunkId) -> Option<&Compiled> {
        self.chunks.get(chunk.0 as usize)?.compiled.get()
    }

    /// The entries of code that needs nothing but rows, by chunk, for a view on which each of them is sound; none for others.
    #[inline]
    pub(super) fn leaves(&self, view: &View<'_>) -> &[OnceLock<Leaf>] {
        if view.reaches(self.longest) {
            &self.leaves
        } else {
            &[]
        }
    }

    /// Counts one evaluation by the interpreter. Threads that count at once may lose some: it is a measure, not a sum.
    #[inline]
    pub(super) fn count(&self, chunk: ChunkId) {
        let Some(watch) = self.watch.get() else {
            return;
        };
        let Some(tier) = self.chunks.get(chunk.0 as usize) else {
            return;
        };
        let evaluations = tier.evaluations.load(Ordering::Relaxed).saturating_add(1);
        tier.evaluations.store(evaluations, Ordering::Relaxed);
        if evaluations == watch.from {
            let who = watch.who.lock().unwrap_or_else(PoisonError::into_inner);
            who.hot(chunk);
        }
    }
}

impl Answer {
    /// As an evaluation's result; `None`: to be done again by the interpreter.
    #[inline]
    pub(super) fn result(self) -> Option<Result<Option<u64>, Fault>> {
        match self.end {
            End::Missing => Some(Ok(None)),
            End::Value => Some(Ok(Some(self.word))),
            End::Again => None,
            End::OutOfFuel => Some(Err(Fault::OutOfFuel)),
            End::ScratchFull => Some(Err(Fault::ScratchFull)),
        }
    }
}
