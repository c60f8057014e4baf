//! `journeyc build --emit`: a stage of the compilation as text.
//!
//! Comes in: a package. Goes out: the stage; of a package with errors those that are made of it all the same (tokens, trees, what
//! was made of the program), and its findings as `build` tells them.
//! Never true here: a file written; exit code 0 for a package that does not build.

use super::compile;
use super::out::{OK, Out, Outcome, Stop};
use clap::ValueEnum;
use journey_artifact::disasm;
use journey_grammar::tree::Tree;
use journeyc::package::PackageInput;
use journeyc::{check, hir_text};

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
    let analysis = check::check(input);
    match stage {
        Emit::Tokens => each_file(input, out, |tree| tree.tokens_debug())?,
        Emit::Tree => each_file(input, out, |tree| tree.debug())?,
        Emit::Hir => out.print(&hir_text::program(&analysis.program))?,
        Emit::Flow | Emit::Bytecode => {}
    }
    let (_, verified) = compile::lowered(&analysis, input, out)?;
    let artifact = verified.into_artifact();
    match stage {
        Emit::Tokens | Emit::Tree | Emit::Hir => {}
        Emit::Flow => out.print(&disasm::flow(&artifact))?,
        Emit::Bytecode => out.print(&format!(
            "{}{}{}",
            disasm::plans(&artifact),
            disasm::events(&artifact),
            disasm::bytecode(&artifact)
        ))?,
    }
    Ok(OK)
}

fn each_file(
    input: &PackageInput,
    out: &mut Out,
    text: impl Fn(&Tree) -> String,
) -> Result<(), Stop> {
    input.journey_files().try_for_each(|(_, file)| {
        let tree = journey_grammar::parse(&file.text).tree;
        out.print(&format!("== {}\n{}", file.path, text(&tree)))
    })
}
