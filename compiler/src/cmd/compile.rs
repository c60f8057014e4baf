//! The compilation that `build`, `test` and `run` share.
//!
//! Comes in: a package as values. Goes out: its artifact, verified, and the bytes of that. Never true here: an artifact of a package with errors.

use super::out::{self, FINDINGS, Out, Stop};
use journey_artifact::Verified;
use journeyc::check::{self, Analysis};
use journeyc::diag::{Diagnostic, Severity, render};
use journeyc::hir::Program;
use journeyc::lower;
use journeyc::package::PackageInput;
use journeyc::source::Sources;
use journeyc::xdm::Registry;

/// A package without errors, and its artifact.
pub struct Built {
    /// What the check found out.
    pub analysis: Analysis,
    /// The artifact's bytes.
    pub bytes: Vec<u8>,
    /// The artifact as any runtime sees it: read from its bytes and verified.
    pub verified: Verified,
}

/// Compiles a package; prints its findings on standard error when there are any, for the output is the command's.
pub fn compile(input: &PackageInput, out: &Out) -> Result<Built, Stop> {
    built_by(lower::bytes, input, out)
}

/// The same for its tests, whose artifact reads what they look at.
pub fn compile_tests(input: &PackageInput, out: &Out) -> Result<Built, Stop> {
    built_by(lower::bytes_for_tests, input, out)
}

/// The second half of [`compile`], for who shows what the first has found out.
pub fn lowered(analysis: &Analysis, input: &PackageInput, out: &Out) -> Lowered {
    lowered_by(lower::bytes, analysis, input, out)
}

/// An artifact's bytes, and what they were read as.
type Lowered = Result<(Vec<u8>, Verified), Stop>;
type Lower = fn(&Program, &Registry, &Sources) -> Result<(Vec<u8>, Verified), Vec<Diagnostic>>;

fn built_by(lower: Lower, input: &PackageInput, out: &Out) -> Result<Built, Stop> {
    let analysis = check::check(input);
    let (bytes, verified) = lowered_by(lower, &analysis, input, out)?;
    Ok(Built {
        analysis,
        bytes,
        verified,
    })
}

fn lowered_by(lower: Lower, analysis: &Analysis, input: &PackageInput, out: &Out) -> Lowered {
    let lowered = if analysis.has_errors() {
        Err(Vec::new())
    } else {
        lower(&analysis.program, &analysis.registry, &input.sources)
    };
    let mut findings = analysis.diagnostics.clone();
    let lowered = lowered.map_err(|more| findings.extend(more));
    if !findings.is_empty() {
        out::complain(
            render::render(&findings, &input.sources, out.complaints_in_color()).trim_end(),
        );
    }
    lowered.map_err(|()| Stop {
        code: FINDINGS,
        message: String::new(),
    })
}

/// Whether nothing may be built.
pub fn has_errors(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|d| d.severity == Severity::Error)
}
