//! What an engine must do.
//!
//! Comes in: the text of a condition, and JSON bytes. Goes out: decisions. Never true here: an engine that is helped by
//! knowing which case it is asked about.

use crate::root;
use serde::Deserialize;
use std::collections::BTreeMap;

/// An engine under test.
pub trait Engine {
    /// A condition, ready to be evaluated again and again.
    type Program;
    /// Both documents in the engine's own form.
    type Context;

    /// Source text to a program. `id` is for engines that are written by hand and have no source text.
    fn compile(&mut self, id: &str, source: &str) -> Result<Self::Program, String>;

    /// Documents to the engine's own form.
    fn context(&mut self, event: &[u8], profile: &[u8]) -> Result<Self::Context, String>;

    /// The same for engines whose form depends on the program.
    fn context_for(
        &mut self,
        _program: &Self::Program,
        event: &[u8],
        profile: &[u8],
    ) -> Result<Self::Context, String> {
        self.context(event, profile)
    }

    /// One evaluation.
    fn evaluate(
        &mut self,
        program: &mut Self::Program,
        context: &mut Self::Context,
    ) -> Result<bool, String>;

    /// Bytes to one decision; for engines that can do better than a whole context.
    fn decide(
        &mut self,
        program: &mut Self::Program,
        event: &[u8],
        profile: &[u8],
    ) -> Result<bool, String> {
        let mut context = self.context(event, profile)?;
        self.evaluate(program, &mut context)
    }

    /// All conditions, before any is asked about together with the others: for engines that lay out their context by what
    /// all programs in force read.
    fn deploy(&mut self, _sources: &[(String, String)]) -> Result<(), String> {
        Ok(())
    }

    /// Every condition on one context of [`Engine::context`]: how many hold.
    fn evaluate_all(
        &mut self,
        programs: &mut [Self::Program],
        context: &mut Self::Context,
    ) -> Result<u32, String> {
        let mut holding = 0;
        for program in programs {
            holding += u32::from(self.evaluate(program, context)?);
        }
        Ok(holding)
    }

    /// Bytes, read once, to every decision: how many hold.
    fn decide_all(
        &mut self,
        programs: &mut [Self::Program],
        event: &[u8],
        profile: &[u8],
    ) -> Result<u32, String> {
        let mut context = self.context(event, profile)?;
        self.evaluate_all(programs, &mut context)
    }

    /// The event alone into everything that the twelve conditions read of it, the list included: how many items that has.
    /// `None`: the engine has no such form.
    fn project(&mut self, _event: &[u8]) -> Option<Result<usize, String>> {
        None
    }

    /// Bytes of the program that an evaluation walks over, when the engine can tell.
    fn code_bytes(&mut self, _program: &Self::Program) -> Option<usize> {
        None
    }

    /// The first half of a compilation, by itself: source text to checked bytecode that is not yet made ready to run. `None`: an
    /// engine has no such half.
    fn to_bytecode(&mut self, _source: &str) -> Option<Result<(), String>> {
        None
    }

    /// The second half, by itself: bytecode to machine code. `None`: an engine has no such half.
    fn to_machine_code(&mut self, _program: &Self::Program) -> Option<Result<(), String>> {
        None
    }
}

/// What is said about an engine in the table.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Its name, and the name of its file of expressions.
    pub name: &'static str,
    /// Version.
    pub version: &'static str,
    /// How it evaluates.
    pub kind: &'static str,
    /// Whether it compiles source text.
    pub compiles: bool,
    /// Whether it has a context of its own, so that evaluation can be timed without parsing.
    pub has_context: bool,
}

impl Info {
    /// An engine that compiles source text and has a context of its own.
    pub const fn new(name: &'static str, version: &'static str, kind: &'static str) -> Info {
        Info {
            name,
            version,
            kind,
            compiles: true,
            has_context: true,
        }
    }

    /// Rust, written by hand: nothing is compiled at run time.
    pub const fn by_hand(name: &'static str, version: &'static str) -> Info {
        Info {
            compiles: false,
            ..Info::new(name, version, "hand-written Rust")
        }
    }
}

/// One entry of `exprs/<engine>.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expression {
    /// The condition in the engine's language.
    pub src: String,
    /// Host functions that it calls.
    pub host: String,
    /// Why it cannot be expressed.
    pub unsupported: String,
    /// What a reader should know.
    pub note: String,
}

/// The expressions of an engine by workload; `name` is that of the file.
pub fn expressions(name: &str) -> BTreeMap<String, Expression> {
    let path = root().join(format!("exprs/{name}.toml"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
