//! The harness's interface on top of compiler and machine.
//!
//! Comes in: texts and bytes. Goes out: decisions. A program that is evaluated alone reads by its own plans; all together read by
//! plans that were made for all, as in a deployment. Never true here: a condition that is unknown and holds.

use bench_core::Engine;
use bench_ours::condition::{self, Program};
use bench_ours::documents::{Documents, FUEL, document, documents, items, ready};
use bench_ours::schemas::Schemas;
use journey_artifact::model::ChunkId;
use journey_artifact::word::Region;
use journey_jit::Compiler;
use journey_machine::eval::{Fault, Frame, Fuel, Loaded, Ready};
use journey_machine::read::Reader;
use journeyc::condition::Workbench;
use std::sync::Arc;

/// What conditions run on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// The interpreter alone.
    Interpreter,
    /// Machine code for every condition, made when it is compiled.
    MachineCode,
}

/// The engine, with what it reuses from one evaluation to the next.
pub struct Journey {
    schemas: Schemas,
    workbench: Workbench<'static>,
    /// Makes machine code, when conditions run on it.
    compiler: Option<Compiler>,
    /// All conditions as one program.
    deployed: Option<Program>,
    reader: Reader,
    documents: Documents,
    frame: Frame,
}

/// Documents that an evaluation may begin on at once.
pub struct Context {
    ready: Ready<'static>,
    _documents: Box<Documents>,
    _loaded: Arc<Loaded>,
}

impl Context {
    fn new(
        reader: &mut Reader,
        program: &Program,
        event: &[u8],
        profile: &[u8],
    ) -> Result<Context, String> {
        let mut read = Box::new(Documents::default());
        documents(reader, program, event, profile, &mut read)?;
        let loaded = Arc::clone(&program.loaded);
        // SAFETY: what is borrowed lies behind a box and an Arc that the context owns, is changed by nobody, and goes with it.
        let (kept_loaded, kept): (&'static Loaded, &'static Documents) =
            unsafe { (&*Arc::as_ptr(&loaded), &*std::ptr::from_ref(&*read)) };
        Ok(Context {
            ready: ready(kept_loaded, kept),
            _documents: read,
            _loaded: loaded,
        })
    }
}

/// Whether a condition holds.
#[inline]
fn holds(ready: &Ready<'_>, chunk: ChunkId, frame: &mut Frame) -> Result<bool, String> {
    let answer = ready.holds(chunk, frame, &mut Fuel::new(FUEL));
    answer.map_err(said)
}

#[cold]
#[inline(never)]
fn said(fault: Fault) -> String {
    fault.to_string()
}

/// How many of a program's conditions hold.
fn holding(ready: &Ready<'_>, program: &Program, frame: &mut Frame) -> Result<u32, String> {
    let mut count = 0;
    for chunk in &program.chunks {
        count += u32::from(holds(ready, *chunk, frame)?);
    }
    Ok(count)
}

impl Journey {
    /// With nothing deployed.
    pub fn new(tier: Tier) -> Result<Journey, String> {
        let compiler = match tier {
            Tier::Interpreter => None,
            Tier::MachineCode => Some(Compiler::new().map_err(|e| e.to_string())?),
        };
        let schemas = Schemas::load()?;
        Ok(Journey {
            schemas,
            workbench: schemas.workbench()?,
            compiler,
            deployed: None,
            reader: Reader::new(),
            documents: Documents::default(),
            frame: Frame::new(),
        })
    }

    /// Machine code for all of a program, when that is what it runs on.
    fn machine_code(&mut self, program: &Program) -> Result<(), String> {
        let Some(compiler) = &mut self.compiler else {
            return Ok(());
        };
        let made = compiler.compile(&program.loaded, &program.chunks);
        made.map_err(|e| e.to_string())
    }
}

fn nothing() -> String {
    "nothing is deployed".into()
}

impl Engine for Journey {
    type Program = Program;
    type Context = Context;

    fn compile(&mut self, _: &str, source: &str) -> Result<Program, String> {
        let program = condition::compile(&mut self.workbench, source)?;
        self.machine_code(&program)?;
        Ok(program)
    }

    fn deploy(&mut self, sources: &[(String, String)]) -> Result<(), String> {
        let program = condition::compile_all(self.schemas, &mut self.workbench, sources)?;
        self.machine_code(&program)?;
        self.deployed = Some(program);
        Ok(())
    }

    fn context(&mut self, event: &[u8], profile: &[u8]) -> Result<Context, String> {
        let program = self.deployed.as_ref().ok_or_else(nothing)?;
        Context::new(&mut self.reader, program, event, profile)
    }

    fn context_for(
        &mut self,
        program: &Program,
        event: &[u8],
        profile: &[u8],
    ) -> Result<Context, String> {
        Context::new(&mut self.reader, program, event, profile)
    }

    #[inline]
    fn evaluate(&mut self, program: &mut Program, on: &mut Context) -> Result<bool, String> {
        holds(&on.ready, program.first, &mut self.frame)
    }

    fn decide(
        &mut self,
        program: &mut Program,
        event: &[u8],
        profile: &[u8],
    ) -> Result<bool, String> {
        let read = &mut self.documents;
        documents(&mut self.reader, program, event, profile, read)?;
        let ready = ready(&program.loaded, read);
        holds(&ready, program.first, &mut self.frame)
    }

    fn evaluate_all(&mut self, _: &mut [Program], on: &mut Context) -> Result<u32, String> {
        let program = self.deployed.as_ref().ok_or_else(nothing)?;
        holding(&on.ready, program, &mut self.frame)
    }

    fn decide_all(
        &mut self,
        _: &mut [Program],
        event: &[u8],
        profile: &[u8],
    ) -> Result<u32, String> {
        let program = self.deployed.as_ref().ok_or_else(nothing)?;
        let read = &mut self.documents;
        documents(&mut self.reader, program, event, profile, read)?;
        holding(&ready(&program.loaded, read), program, &mut self.frame)
    }

    fn project(&mut self, event: &[u8]) -> Option<Result<usize, String>> {
        let program = self.deployed.as_ref()?;
        let (plan, record) = (program.event.as_ref(), &mut self.documents.event);
        let read = document(&mut self.reader, plan, event, Region::Input, record);
        Some(read.map(|()| items(program, record)))
    }

    fn code_bytes(&mut self, program: &Program) -> Option<usize> {
        match &mut self.compiler {
            None => Some(program.code_bytes()),
            Some(compiler) => {
                let chunks = program.chunks.iter();
                let sizes = chunks.map(|chunk| compiler.code_size(&program.loaded, *chunk).ok());
                sizes.sum()
            }
        }
    }

    fn to_bytecode(&mut self, source: &str) -> Option<Result<(), String>> {
        let compiled = condition::bytecode(&mut self.workbench, source);
        Some(compiled.map(drop))
    }

    fn to_machine_code(&mut self, program: &Program) -> Option<Result<(), String>> {
        self.compiler.is_some().then(|| self.machine_code(program))
    }
}
