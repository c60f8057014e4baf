//! `journeyc new NAME`: a package that checks, tests and runs as it stands.
//!
//! Never true here: a file that was there before and is written over.

use super::out::{OK, Out, Outcome, Stop};
use clap::Args;
use std::fs;
use std::io::ErrorKind;
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
    let unwritable = |e| Stop::unwritable(format!("`{}`", folder.display()), e);
    if let Some(around) = folder.parent() {
        fs::create_dir_all(around).map_err(unwritable)?;
    }
    match fs::create_dir(folder) {
        Ok(()) => {}
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {
            return Err(Stop::unwritable(
                format!("`{}`", folder.display()),
                "it is already there",
            ));
        }
        Err(e) => return Err(unwritable(e)),
    }
    for (path, text) in FILES {
        file(folder, path, &text.replace("{name}", name))?;
    }
    let shown = folder.display();
    out.print(&format!(
        "made {shown}; what you can do with it:\n\n  journeyc check {shown}\n  journeyc test --package {shown}\n  \
         journeyc run {shown}/events.ndjson --profiles {shown}/profiles.ndjson --stubs {shown}/stubs.json\n"
    ))?;
    Ok(OK)
}

fn file(folder: &Path, path: &str, text: &str) -> Result<(), Stop> {
    let whole = folder.join(path);
    let unwritable = |e| Stop::unwritable(format!("`{}`", whole.display()), e);
    if let Some(around) = whole.parent() {
        fs::create_dir_all(around).map_err(unwritable)?;
    }
    fs::write(&whole, text).map_err(unwritable)
}
