//! `journeyc new NAME`: a package that checks, tests and runs as it stands.
//!
//! Never true here: a file that was there before and is written over; a part of a package that could not be made whole.

use super::out::{OK, Out, Outcome, Stop};
use clap::Args;
use std::fs;
use std::io::{self, ErrorKind};
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
    let missing: Vec<&Path> = folder.ancestors().take_while(|at| !at.exists()).collect();
    package(folder, name).inspect_err(|_| {
        // What was made goes again; a folder that somebody put something into meanwhile stays.
        if let [made, around @ ..] = missing.as_slice() {
            let _ = fs::remove_dir_all(made);
            around.iter().for_each(|at| drop(fs::remove_dir(at)));
        }
    })?;
    let shown = folder.display();
    out.print(&format!(
        "made {shown}; what you can do with it:\n\n  journeyc check {shown}\n  journeyc test --package {shown}\n  \
         journeyc run {shown}/events.ndjson --profiles {shown}/profiles.ndjson --stubs {shown}/stubs.json\n"
    ))?;
    Ok(OK)
}

/// Makes the folder and its files.
fn package(folder: &Path, name: &str) -> Result<(), Stop> {
    let unwritable = |e: io::Error| {
        let shown = format!("`{}`", folder.display());
        match e.kind() {
            ErrorKind::AlreadyExists => Stop::unwritable(shown, "it is already there"),
            _ => Stop::unwritable(shown, e),
        }
    };
    if let Some(around) = folder.parent() {
        fs::create_dir_all(around).map_err(unwritable)?;
    }
    fs::create_dir(folder).map_err(unwritable)?;
    let mut files = FILES.iter();
    files.try_for_each(|(path, text)| file(folder, path, &text.replace("{name}", name)))
}

fn file(folder: &Path, path: &str, text: &str) -> Result<(), Stop> {
    let whole = folder.join(path);
    let unwritable = |e| Stop::unwritable(format!("`{}`", whole.display()), e);
    if let Some(around) = whole.parent() {
        fs::create_dir_all(around).map_err(unwritable)?;
    }
    fs::write(&whole, text).map_err(unwritable)
}
