//! `journeyc inspect ARTIFACT`: what is in an artifact, after it was verified.

use super::load;
use super::out::{OK, Out, Outcome, Stop};
use clap::Args;
use journey_artifact::disasm;
use journeyc::diag::printable;
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
    // Whoever wrote the artifact named what is in it: a name may hold anything.
    let mut print = |text: &str| out.print(&printable(text));
    print(&format!(
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
        print(&format!(
            "  {name:<12} {count:>7} entries, {len:>8} bytes from {offset}\n"
        ))?;
    }
    print("\nfield plans\n")?;
    print(&disasm::plans(&verified))?;
    print("\nstep graph\n")?;
    print(&disasm::flow(&verified))?;
    print("\nbytecode\n")?;
    print(&disasm::bytecode(&verified))?;
    Ok(OK)
}
