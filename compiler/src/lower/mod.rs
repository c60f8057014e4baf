//! The checked program as an artifact: where values lie, what code reads them, which node follows which.
//!
//! Comes in: a program without errors, the schemas, the sources (for the source map). Goes out: an artifact that the
//! verifier takes, the same bytes for the same program; or diagnostics for what cannot be laid out. Never true here: an
//! error of the user's that the checker should have found.
//!
//! | module | is |
//! |---|---|
//! | `rows` | which rows exist; types to words |
//! | `needs` | what of each row is read, as trees of paths |
//! | `layout` | a slot for each need |
//! | `program` | whole programs, and expressions by themselves |
//! | `pass` | one pass over a program, and why there are several |
//! | `whole` | values that leave as JSON are taken whole |
//! | `pool` | strings, constants, imports, chunks |
//! | `code` | the instructions of one chunk in the making |
//! | `expr` | expressions to chunks |
//! | `event`, `call`, `journey` | declarations |
//! | `discriminators` | what of a condition an index can look up |
//! | `steps`, `when`, `update`, `bind` | steps to nodes |
//! | `expected` | what tests look at beyond what journeys read |
//! | `live` | which variables survive a wait |
//! | `plan` | the layout as shapes and field plans |
//! | `source_map` | where things are written |

mod bind;
mod call;
mod code;
mod discriminators;
mod event;
mod expected;
mod expr;
mod journey;
mod layout;
mod live;
mod needs;
mod pass;
mod plan;
mod pool;
mod program;
mod rows;
mod source_map;
mod steps;
mod update;
mod when;
mod whole;

#[cfg(test)]
mod tests;

use crate::diag::{Code, Diagnostic, file_start};
use crate::hir;
use crate::package::MANIFEST_PATH;
use crate::source::{FileId, Sources};
use crate::xdm::Registry;
use journey_artifact::Verified;
use journey_artifact::model::Artifact;
use journey_machine::func::resolve_import;

pub use expr::Truth;
pub use program::{
    Expressions, Memory, Over, lower, lower_expression, lower_expressions, lower_one, lower_over,
    lower_tests,
};

/// The artifact's bytes, and what their reader makes of them.
///
/// # Errors
/// What cannot be laid out; and what the reader would refuse, which the check lets pass only where a whole grows too large.
pub fn bytes(
    program: &hir::Program,
    registry: &Registry,
    sources: &Sources,
) -> Result<(Vec<u8>, Verified), Vec<Diagnostic>> {
    taken(&lower(program, registry, sources)?, sources)
}

/// The same, for the package's tests: see [`lower_tests`].
///
/// # Errors
/// As [`bytes`].
pub fn bytes_for_tests(
    program: &hir::Program,
    registry: &Registry,
    sources: &Sources,
) -> Result<(Vec<u8>, Verified), Vec<Diagnostic>> {
    taken(&lower_tests(program, registry, sources)?, sources)
}

fn taken(artifact: &Artifact, sources: &Sources) -> Result<(Vec<u8>, Verified), Vec<Diagnostic>> {
    let bytes = journey_artifact::write(artifact);
    let taken = journey_artifact::read(&bytes).map_err(|refusal| refusal.to_string());
    let taken = taken.and_then(|verified| match unserved(&verified) {
        Some(why) => Err(why),
        None => Ok(verified),
    });
    match taken {
        Ok(verified) => Ok((bytes, verified)),
        Err(refusal) => {
            let file = sources.find(MANIFEST_PATH).unwrap_or(FileId(0));
            let message = format!("the package's artifact would be refused: {refusal}");
            let d = Diagnostic::new(Code::TooLarge, file_start(file), message);
            Err(vec![d.why("nothing is written that no runtime takes")])
        }
    }
}

/// A function that no machine of this version has for the types it is called with, which keeps all of the package from being deployed.
fn unserved(artifact: &Artifact) -> Option<String> {
    artifact.imports.iter().find_map(|import| {
        let why = resolve_import(artifact, import).err()?;
        Some(format!("`{}`: {why}", artifact.text(import.name)))
    })
}
