//! The harness's interface on top of compiler and machine.
//!
//! Comes in: texts and bytes. Goes out: decisions. A program that is evaluated alone reads by its own plans; all together read by
//! plans that were made for all, as in a deployment. Never true here: a condition that is unknown and holds.

use crate::condition::{self, Program};
use crate::documents::{Documents, document, documents, items};
use crate::schemas::Schemas;
use bench_core::Engine;
use bench_core::host::NOW_MS;
use journey_artifact::model::ChunkId;
use journey_artifact::word::Region;
use journey_jit::Compiler;
use journey_machine::eval::{Env, Frame, Fuel, eval_bool};
use journey_machine::record::Record;
use journey_machine::time::Zone;

/// Work that one evaluation may do, in instructions.
const FUEL: u64 = 1_000_000;

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
    /// Makes machine code, when conditions run on it.
    compiler: Option<Compiler>,
    /// All conditions as one program.
    deployed: Option<Program>,
    machine: Machine,
}

/// What an evaluation reuses.
struct Machine {
    frame: Frame,
    vars: Record,
    zone: Zone,
}

impl Machine {
    fn holds(
        &mut self,
        program: &Program,
        chunk: ChunkId,
        documents: &Documents,
    ) -> Result<bool, String> {
        let env = Env {
            loaded: &program.loaded,
            profile: &documents.profile,
            vars: &self.vars,
            input: &documents.event,
            now_ms: NOW_MS,
            zone: &self.zone,
        };
        match eval_bool(&env, chunk, &mut self.frame, &mut Fuel::new(FUEL)) {
            Ok(answer) => Ok(answer == Some(true)),
            Err(fault) => Err(fault.to_string()),
        }
    }
}

impl Journey {
    /// With nothing deployed.
    pub fn new(tier: Tier) -> Result<Journey, String> {
        let compiler = match tier {
            Tier::Interpreter => None,
            Tier::MachineCode => Some(Compiler::new().map_err(|e| e.to_string())?),
        };
        Ok(Journey {
            schemas: Schemas::load()?,
            compiler,
            deployed: None,
            machine: Machine {
                frame: Frame::new(),
                vars: Record::default(),
                zone: Zone::utc(),
            },
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

    fn deployed(&self) -> Result<&Program, String> {
        self.deployed.as_ref().ok_or("nothing is deployed".into())
    }
}

impl Engine for Journey {
    type Program = Program;
    type Context = Documents;

    fn compile(&mut self, _: &str, source: &str) -> Result<Program, String> {
        let program = condition::compile(&self.schemas, source)?;
        self.machine_code(&program)?;
        Ok(program)
    }

    fn deploy(&mut self, sources: &[(String, String)]) -> Result<(), String> {
        let sources = sources.iter().map(|(_, source)| source.as_str());
        let program = condition::compile_all(&self.schemas, sources)?;
        self.machine_code(&program)?;
        self.deployed = Some(program);
        Ok(())
    }

    fn context(&mut self, event: &[u8], profile: &[u8]) -> Result<Documents, String> {
        documents(self.deployed()?, event, profile)
    }

    fn context_for(
        &mut self,
        program: &Program,
        event: &[u8],
        profile: &[u8],
    ) -> Result<Documents, String> {
        documents(program, event, profile)
    }

    fn evaluate(&mut self, program: &mut Program, on: &mut Documents) -> Result<bool, String> {
        self.machine.holds(program, program.chunks[0], on)
    }

    fn decide(
        &mut self,
        program: &mut Program,
        event: &[u8],
        profile: &[u8],
    ) -> Result<bool, String> {
        let documents = documents(program, event, profile)?;
        self.machine.holds(program, program.chunks[0], &documents)
    }

    fn evaluate_all(&mut self, _: &mut [Program], on: &mut Documents) -> Result<u32, String> {
        let Some(deployed) = &self.deployed else {
            return Err("nothing is deployed".into());
        };
        let mut holding = 0;
        for chunk in &deployed.chunks {
            holding += u32::from(self.machine.holds(deployed, *chunk, on)?);
        }
        Ok(holding)
    }

    fn project(&mut self, event: &[u8]) -> Option<Result<usize, String>> {
        let program = self.deployed.as_ref()?;
        let record = document(program, program.event, event, Region::Input);
        Some(record.map(|record| items(program, &record)))
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

    fn compile_again(&mut self, program: &Program) -> Option<Result<(), String>> {
        self.compiler.is_some().then(|| self.machine_code(program))
    }
}
