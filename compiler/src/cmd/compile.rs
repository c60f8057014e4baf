//! The compilation that `build`, `test`, `run` and `inspect` share.
//!
//! Comes in: a package as values. Goes out: the bytes of its artifact. Never true here: an artifact of a package with errors.

use super::out::{self, FINDINGS, Out, Stop};
use journeyc::check::{self, Analysis};
use journeyc::diag::{Diagnostic, Severity, render};
use journeyc::lower;
use journeyc::package::PackageInput;

/// A package without errors, and its artifact.
pub struct Built {
    /// What the check found out.
    pub analysis: Analysis,
    /// The artifact's bytes.
    pub bytes: Vec<u8>,
}

/// Compiles a package; prints its findings to standard error's reader when there are any, for the output is the command's.
pub fn compile(input: &PackageInput, out: &mut Out) -> Result<Built, Stop> {
    let analysis = check::check(input);
    let lowered = if analysis.has_errors() {
        Err(Vec::new())
    } else {
        lower::bytes(&analysis.program, &analysis.registry, &input.sources)
    };
    let mut findings = analysis.diagnostics.clone();
    let bytes = lowered.map_err(|more| findings.extend(more));
    if !findings.is_empty() {
        out::complain(render::render(&findings, &input.sources, out.color()).trim_end());
    }
    match bytes {
        Ok(bytes) => Ok(Built { analysis, bytes }),
        Err(()) => Err(Stop {
            code: FINDINGS,
            message: String::new(),
        }),
    }
}

/// The artifact as any runtime sees it: read from its bytes and verified.
pub fn verified(bytes: &[u8]) -> Result<journey_artifact::Verified, Stop> {
    journey_artifact::read(bytes)
        .map_err(|refusal| Stop::findings(format!("the artifact is refused: {refusal}")))
}

/// Whether nothing may be built.
pub fn has_errors(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|d| d.severity == Severity::Error)
}
