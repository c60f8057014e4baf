//! What an evaluation reads, and the memory it reuses.
//!
//! Never true here: memory that grows with the number of evaluations.

use super::load::Loaded;
use crate::fault::Fault;
use crate::func::Tools;
use crate::record::{Record, Regions, copy_word};
use crate::time::Zone;
use journey_artifact::word::{Region, WordType};

/// What an expression sees. Each record's references must name the region of its place here.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    /// The program.
    pub loaded: &'a Loaded,
    /// The profile ([`Region::Profile`]).
    pub profile: &'a Record,
    /// The instance's variables ([`Region::Vars`]).
    pub vars: &'a Record,
    /// The event, the arguments or the response ([`Region::Input`]).
    pub input: &'a Record,
    /// The instant, milliseconds since the epoch.
    pub now_ms: i64,
    /// The journey's zone.
    pub zone: &'a Zone,
}

/// Registers and scratch memory, reused from one evaluation to the next. A result that is a reference into the scratch
/// region is good until the next evaluation with the same frame.
#[derive(Debug)]
pub struct Frame {
    pub(super) regs: Box<[u64; 256]>,
    pub(super) scratch: Record,
    pub(super) tools: Tools,
}

impl Default for Frame {
    fn default() -> Frame {
        Frame {
            regs: Box::new([0; 256]),
            scratch: Record::default(),
            tools: Tools::default(),
        }
    }
}

impl Frame {
    /// A fresh frame.
    pub fn new() -> Frame {
        Frame::default()
    }

    /// All regions of the last evaluation.
    pub fn regions<'a>(&'a self, env: &Env<'a>) -> Regions<'a> {
        let constants = env.loaded.constants();
        Regions::new([
            (&constants.words, &constants.text),
            (&env.profile.words, &env.profile.text),
            (&env.vars.words, &env.vars.text),
            (&env.input.words, &env.input.text),
            (&self.scratch.words, &self.scratch.text),
        ])
    }

    /// Copies a result of the last evaluation into another record of region `region` and gives its word there.
    pub fn store(
        &self,
        env: &Env<'_>,
        word: u64,
        ty: WordType,
        to: &mut Record,
        region: Region,
    ) -> Result<u64, Fault> {
        copy_word(
            env.loaded.artifact(),
            &self.regions(env),
            word,
            ty,
            to,
            region,
        )
    }
}
