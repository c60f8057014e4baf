//! `journeyc inspect ARTIFACT`: what is in an artifact, after it was verified.

use super::load;
use super::out::{OK, Out, Outcome, Stop};
use clap::Args;
use journey_artifact::disasm;
use std::path::PathBuf;

/// Bytes of a file that is looked at.
const LIMIT: u64 = 256 << 20;

#[derive(Args)]
pub struct InspectArgs {
    /// The artifact.
    #[arg(value_name = "ARTIFACT")]
    path: PathBuf,
}

pub fn inspect(args: &InspectArgs, out: &mut Out) -> Outcome {
    let Some(bytes) = load::bytes(&args.path, LIMIT)? else {
        return Err(Stop::findings("the artifact is refused: it is too large"));
    };
    let verified = journey_artifact::read(&bytes)
        .map_err(|refusal| Stop::findings(format!("the artifact is refused: {refusal}")))?;
    out.print(&format!(
        "{} {} (environment {})\nprogram {}\ncontent {}\n{} bytes\n\nsections\n",
        verified.name,
        verified.version,
        verified.environment.as_deref().unwrap_or("none"),
        verified.program_hash(),
        verified.content_hash(),
        verified.file_len()
    ))?;
    for section in verified.sections() {
        let name = section.section.name();
        let (offset, len, count) = (section.offset, section.len, section.count);
        out.print(&format!(
            "  {name:<12} {count:>7} entries, {len:>8} bytes from {offset}\n"
        ))?;
    }
    out.print("\nfield plans\n")?;
    out.print(&disasm::plans(&verified))?;
    out.print("\nstep graph\n")?;
    out.print(&disasm::flow(&verified))?;
    out.print("\nbytecode\n")?;
    out.print(&disasm::bytecode(&verified))?;
    Ok(OK)
}
