//! `journeyc new NAME`: a package that checks, tests and runs as it stands.
//!
//! Never true here: a file that was there before and is written over; anything removed that this very command did not make; a part
//! of a package that could not be made whole.

use super::out::{OK, Out, Outcome, Stop};
use clap::Args;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct NewArgs {
    /// The folder to make; its last part is the package's name.
    #[arg(value_name = "NAME")]
    path: PathBuf,
}

const FILES: &[(&str, &str)] = &[
    ("journey.toml", include_str!("template/journey.toml")),
    ("welcome.journey", include_str!("template/welcome.journey")),
    (
        "schemas/event.json",
        include_str!("template/schemas/event.json"),
    ),
    (
        "schemas/profile.json",
        include_str!("template/schemas/profile.json"),
    ),
    ("events.ndjson", include_str!("template/events.ndjson")),
    ("profiles.ndjson", include_str!("template/profiles.ndjson")),
    ("stubs.json", include_str!("template/stubs.json")),
];

pub fn new(args: &NewArgs, out: &mut Out) -> Outcome {
    let name = args.path.file_name().and_then(|n| n.to_str()).unwrap_or("");
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.starts_with(|c: char| c.is_ascii_lowercase())
        || !name.chars().all(is_letter)
        || name.len() > 40
    {
        return Err(Stop::usage(
            "a package's name is lower-case letters, digits and `-`, a letter first",
        ));
    }
    let folder = &args.path;
    let mut made = Made::default();
    package(folder, name, &mut made).inspect_err(|_| made.unmake())?;
    let shown = folder.display();
    out.print(&format!(
        "made {shown}; what you can do with it:\n\n  journeyc check {shown}\n  journeyc test --package {shown}\n  \
         journeyc run {shown}/events.ndjson --profiles {shown}/profiles.ndjson --stubs {shown}/stubs.json\n"
    ))?;
    Ok(OK)
}

/// Makes the folder and its files.
fn package(folder: &Path, name: &str, made: &mut Made) -> Result<(), Stop> {
    if let Some(around) = folder.parent() {
        made.folders(around)?;
    }
    // Not as those around it: one that is there is somebody else's.
    made.folder(folder).map_err(|e| unwritable(folder, e))?;
    FILES.iter().try_for_each(|(path, text)| {
        let whole = folder.join(path);
        if let Some(around) = whole.parent() {
            made.folders(around)?;
        }
        made.file(&whole, &text.replace("{name}", name))
            .map_err(|e| unwritable(&whole, e))
    })
}

fn unwritable(at: &Path, why: io::Error) -> Stop {
    let shown = format!("`{}`", at.display());
    match why.kind() {
        ErrorKind::AlreadyExists => Stop::unwritable(shown, "it is already there"),
        _ => Stop::unwritable(shown, why),
    }
}

/// What this command has made, each after what it lies in, and how that goes again. What it was asked to make and found there,
/// or what somebody else made meanwhile, is never in it.
#[derive(Default)]
struct Made(Vec<(PathBuf, Unmake)>);

type Unmake = fn(PathBuf) -> io::Result<()>;

impl Made {
    fn folder(&mut self, at: &Path) -> io::Result<()> {
        fs::create_dir(at)?;
        self.0.push((at.to_path_buf(), fs::remove_dir));
        Ok(())
    }

    /// The folder and those around it, as far as they are not there.
    fn folders(&mut self, at: &Path) -> Result<(), Stop> {
        let is_missing = |at: &&Path| !at.as_os_str().is_empty() && !at.is_dir();
        let missing: Vec<&Path> = at.ancestors().take_while(is_missing).collect();
        missing.into_iter().rev().try_for_each(|at| {
            match self.folder(at) {
                // Somebody else was faster.
                Err(_) if at.is_dir() => Ok(()),
                made => made.map_err(|e| unwritable(at, e)),
            }
        })
    }

    fn file(&mut self, at: &Path, text: &str) -> io::Result<()> {
        let mut file = File::create_new(at)?;
        self.0.push((at.to_path_buf(), fs::remove_file));
        file.write_all(text.as_bytes())
    }

    /// Takes it all away, the last first. A folder that somebody put something into meanwhile stays.
    fn unmake(&mut self) {
        for (at, unmake) in self.0.drain(..).rev() {
            let _ = unmake(at);
        }
    }
}
