//! What `run` evaluates with: the interpreter, or machine code for what is hot.
//!
//! Comes in: what the command line asks for. Goes out: something that looks after a deployment for as long as it is kept. Never
//! true here: another answer in one tier than in the other.

use super::out::Stop;
use clap::ValueEnum;
use journey_machine::deployment::Deployment;

/// When expressions are compiled to machine code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Jit {
    /// When they turn out to be hot, on a thread of its own.
    Auto,
    /// All of them, before the first event.
    Always,
    /// Never: the interpreter does everything.
    Never,
}

/// Looks after a deployment until it is dropped.
#[cfg(feature = "jit")]
pub fn adopt(deployment: &Deployment, jit: Jit) -> Result<impl Drop, Stop> {
    use journey_jit::{Mode, Tiering};
    let mode = match jit {
        Jit::Auto => Mode::Auto,
        Jit::Always => Mode::Always,
        Jit::Never => Mode::Never,
    };
    let tiering = match (Tiering::new(mode), jit) {
        (Ok(tiering), _) => tiering,
        (Err(why), Jit::Always) => return Err(Stop::usage(format!("`--jit always`: {why}"))),
        // Nobody insists.
        (Err(_), _) => Tiering::none(),
    };
    for program in deployment.programs() {
        tiering.adopt(program.shared());
    }
    Ok(tiering)
}

/// Without a compiler to machine code there is nothing to look after.
#[cfg(not(feature = "jit"))]
pub fn adopt(_: &Deployment, jit: Jit) -> Result<(), Stop> {
    match jit {
        Jit::Always => Err(Stop::usage(
            "`--jit always`: this build has no compiler to machine code (feature `jit`)",
        )),
        Jit::Auto | Jit::Never => Ok(()),
    }
}
