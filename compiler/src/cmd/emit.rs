//! `journeyc build --emit`: a stage of the compilation as text.
//!
//! Never true here: a file written.

use super::compile;
use super::out::{OK, Out, Outcome};
use clap::ValueEnum;
use journeyc::check;
use journeyc::package::PackageInput;

/// A stage.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Emit {
    /// Tokens of each file.
    Tokens,
    /// The tree of each file.
    Tree,
    /// The checked program.
    Hir,
    /// The step graph.
    Flow,
    /// Bytecode, field plans, events.
    Bytecode,
}

pub fn emit(stage: Emit, input: &PackageInput, out: &mut Out) -> Outcome {
    match stage {
        Emit::Tokens => {
            for (_, file) in input.journey_files() {
                let parse = journey_grammar::parse(&file.text);
                out.print(&format!("== {}\n{}", file.path, parse.tree.tokens_debug()))?;
            }
        }
        Emit::Tree => {
            for (_, file) in input.journey_files() {
                let parse = journey_grammar::parse(&file.text);
                out.print(&format!("== {}\n{}", file.path, parse.tree.debug()))?;
            }
        }
        Emit::Hir => {
            let analysis = check::check(input);
            out.print(&journeyc::hir_text::program(&analysis.program))?;
        }
        Emit::Flow | Emit::Bytecode => {
            let built = compile::compile(input, out)?;
            let artifact = built.verified.into_artifact();
            let text = match stage {
                Emit::Flow => journey_artifact::disasm::flow(&artifact),
                _ => format!(
                    "{}{}{}",
                    journey_artifact::disasm::plans(&artifact),
                    journey_artifact::disasm::events(&artifact),
                    journey_artifact::disasm::bytecode(&artifact)
                ),
            };
            out.print(&text)?;
        }
    }
    Ok(OK)
}
