//! Chunks to code.
//!
//! Comes in: a loaded program and which of its chunks. Goes out: their code in the program's tiers, or why there is none; then
//! the interpreter goes on. Never true here: code for an instruction set other than this machine's.

use super::emit::{self, Made};
use super::frame;
use super::handover;
use super::memory::{self, Function};
use super::plan::plan;
use super::program::Program;
use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{AbiParam, Signature, SourceLoc, UserFuncName, types::I64};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::FunctionBuilderContext;
use journey_artifact::model::ChunkId;
use journey_machine::eval::Loaded;
use std::fmt;

/// Why there is no code.
#[derive(Debug)]
pub enum NotCompiled {
    /// Code is made for x86-64 with the System V convention alone.
    Machine(String),
    /// The program has no such chunk.
    NoChunk(ChunkId),
    /// A chunk of more than [`MOST_INSTRUCTIONS`].
    TooLong(usize),
    /// The code generator refuses.
    Generator(String),
    /// No executable memory can be had.
    Memory(std::io::Error),
    /// No thread can be had.
    Thread(std::io::Error),
}

impl fmt::Display for NotCompiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotCompiled::Machine(why) => write!(f, "no code can be made for this machine: {why}"),
            NotCompiled::NoChunk(chunk) => write!(f, "the program has no chunk {}", chunk.0),
            NotCompiled::TooLong(code) => {
                write!(
                    f,
                    "{code} instructions; code is made of {MOST_INSTRUCTIONS} at most"
                )
            }
            NotCompiled::Generator(why) => write!(f, "the code generator refuses: {why}"),
            NotCompiled::Memory(why) => write!(f, "no executable memory: {why}"),
            NotCompiled::Thread(why) => write!(f, "no thread to make code on: {why}"),
        }
    }
}

impl std::error::Error for NotCompiled {}

/// Instructions of a chunk that code is made of, at most: what the generator takes grows faster than they do. Forty clauses are some 250.
pub const MOST_INSTRUCTIONS: usize = 8_192;

/// Instructions done in place that gain as much as setting up a place of work costs.
const SET_UP: usize = 8;

/// Makes code for this machine; keeps its memory from one chunk to the next.
pub struct Compiler {
    isa: OwnedTargetIsa,
    context: Context,
    builder: FunctionBuilderContext,
    control: ControlPlane,
}

impl Compiler {
    /// A compiler for the processor that runs this.
    pub fn new() -> Result<Compiler, NotCompiled> {
        let machine = |why: String| NotCompiled::Machine(why);
        if !cfg!(all(target_arch = "x86_64", unix)) {
            return Err(machine(
                "it is not x86-64 with the System V convention".into(),
            ));
        }
        let mut flags = settings::builder();
        for (name, value) in [
            // The code is as small and as fast as with "speed", and made in three quarters of the time: what an optimiser would
            // find has been found before (docs/benchmarks.md).
            ("opt_level", "none"),
            ("enable_verifier", "false"),
            ("enable_probestack", "false"),
            ("unwind_info", "false"),
            ("is_pic", "false"),
        ] {
            flags.set(name, value).map_err(|e| machine(e.to_string()))?;
        }
        let isa = cranelift_native::builder().map_err(|why| machine(why.into()))?;
        let isa = isa.finish(settings::Flags::new(flags));
        Ok(Compiler {
            isa: isa.map_err(|e| machine(e.to_string()))?,
            context: Context::new(),
            builder: FunctionBuilderContext::new(),
            control: ControlPlane::default(),
        })
    }

    /// Compiles these chunks and puts their code into the program's tiers.
    pub fn compile(&mut self, loaded: &Loaded, chunks: &[ChunkId]) -> Result<(), NotCompiled> {
        let functions = chunks
            .iter()
            .map(|chunk| self.function(loaded, *chunk))
            .collect::<Result<Vec<_>, _>>()?;
        put(loaded, chunks, &functions)
    }

    /// Bytes of a chunk's machine code.
    pub fn code_size(&mut self, loaded: &Loaded, chunk: ChunkId) -> Result<usize, NotCompiled> {
        Ok(self.function(loaded, chunk)?.bytes.len())
    }

    /// Fills the context; says what was made.
    fn build(
        &mut self,
        loaded: &Loaded,
        chunk: ChunkId,
        traps: bool,
    ) -> Result<(Made, u64), NotCompiled> {
        let program = Program::new(loaded, chunk).ok_or(NotCompiled::NoChunk(chunk))?;
        if program.code.len() > MOST_INSTRUCTIONS {
            return Err(NotCompiled::TooLong(program.code.len()));
        }
        self.context.clear();
        let mut signature = Signature::new(self.isa.default_call_conv());
        signature.params = vec![AbiParam::new(I64), AbiParam::new(I64)];
        signature.returns = signature.params.clone();
        self.context.func.signature = signature;
        self.context.func.name = UserFuncName::user(0, chunk.0);
        let made = emit::emit(&program, traps, &mut self.context.func, &mut self.builder);
        Ok((made, program.code.len() as u64))
    }

    /// Whether code of a chunk is likely to be faster than the interpreter. Where an instruction is left to the machine, a place of work is
    /// set up for it and each such instruction is a call: without a loop, what is done in place must outweigh that.
    pub(crate) fn pays(loaded: &Loaded, chunk: ChunkId) -> bool {
        let Some(program) = Program::new(loaded, chunk) else {
            return false;
        };
        let plan = plan(program.code, program.registers, &program);
        let in_place = program.code.len().saturating_sub(plan.left);
        plan.left == 0 || plan.is_head.contains(&true) || in_place > SET_UP + plan.left
    }

    /// Makes code of one chunk, which is not in force yet.
    pub(crate) fn function(
        &mut self,
        loaded: &Loaded,
        chunk: ChunkId,
    ) -> Result<Function, NotCompiled> {
        if let Some(function) = self.made(loaded, chunk, true)? {
            return Ok(function);
        }
        let refused = || NotCompiled::Generator("there are traps".into());
        self.made(loaded, chunk, false)?.ok_or_else(refused)
    }

    /// A chunk's function; `None` when its traps cannot be made jumps.
    fn made(
        &mut self,
        loaded: &Loaded,
        chunk: ChunkId,
        traps: bool,
    ) -> Result<Option<Function>, NotCompiled> {
        let (made, cost) = self.build(loaded, chunk, traps)?;
        let code = self
            .context
            .compile(&*self.isa, &mut self.control)
            .map_err(|e| NotCompiled::Generator(format!("{:?}", e.inner)))?;
        if !code.buffer.relocs().is_empty() {
            return Err(NotCompiled::Generator("the code asks for a library".into()));
        }
        let mut bytes = code.code_buffer().to_vec();
        let places = code.buffer.get_srclocs_sorted();
        let marked = |mark: SourceLoc| places.iter().filter(move |place| place.loc == mark);
        let again = marked(handover::mark()).next();
        let again = again.map(|place| place.start as usize);
        let traps = code.buffer.traps().iter();
        let traps: Vec<usize> = traps.map(|trap| trap.offset as usize).collect();
        let linked = handover::link(&mut bytes, &traps, again);
        let returns = marked(frame::mark()).chain(marked(handover::mark()));
        let returns = returns.map(|place| place.end as usize);
        let entry = match made.calls {
            true => 0,
            false => frame::leave_out(&mut bytes, returns),
        };
        self.context.clear();
        Ok(linked.then_some(Function {
            bytes,
            entry,
            needs: made.needs,
            full: made.full,
            cost,
        }))
    }
}

/// Puts code of these chunks, one function each, into the program's tiers; they share their pages.
pub(crate) fn put(
    loaded: &Loaded,
    chunks: &[ChunkId],
    functions: &[Function],
) -> Result<(), NotCompiled> {
    let compiled = memory::install(functions).map_err(NotCompiled::Memory)?;
    for (chunk, compiled) in chunks.iter().zip(compiled) {
        loaded.tiers().put(*chunk, compiled);
    }
    Ok(())
}
