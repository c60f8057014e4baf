//! `journeyc check` and `journeyc build`.
//!
//! Comes in: a package's folder. Goes out: its findings; the bytes of its artifact, which were read back and verified.
//! Never true here: an artifact of a package with errors; one that another run would write otherwise; anything written over that is
//! no artifact (a file of the package, a device, a pipe, a socket); a build that another one, killed or at work, keeps from its place.

use super::compile::{compile, has_errors};
use super::emit::{self, Emit};
use super::load::{self, Refused};
use super::out::{FINDINGS, OK, Out, Outcome, Stop};
use super::{Format, PackageArgs};
use clap::{Args, ValueEnum};
use journey_artifact::format::MAGIC;
use journeyc::check::{self, Analysis};
use journeyc::diag::{json, render};
use journeyc::lower;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct CheckArgs {
    #[command(flatten)]
    package: PackageArgs,
    /// How the findings are printed.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    format: CheckFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    /// For people.
    Text,
    /// For programs: one array.
    Json,
    /// For code scanning. (not yet)
    Sarif,
    /// As annotations of a change. (not yet)
    Github,
}

#[derive(Args)]
pub struct BuildArgs {
    #[command(flatten)]
    package: PackageArgs,
    /// Where the artifact goes instead of `target/<name>-<version>.jbc` in the package: a new file, or an artifact to replace; no `.journey`, no `.json`.
    #[arg(short, long, value_name = "FILE", conflicts_with = "emit")]
    output: Option<PathBuf>,
    /// Prints a stage of the compilation instead of writing the artifact.
    #[arg(long, value_enum, value_name = "STAGE")]
    emit: Option<Emit>,
}

pub fn check(args: CheckArgs, out: &mut Out) -> Outcome {
    let format = match args.format {
        CheckFormat::Text => Format::Text,
        CheckFormat::Json => Format::Json,
        CheckFormat::Sarif => return Err(Stop::not_yet("`--format sarif`")),
        CheckFormat::Github => return Err(Stop::not_yet("`--format github`")),
    };
    let (findings, sources, package) = match load::package(&args.package.path, args.package.env) {
        Ok(input) => {
            let Analysis {
                manifest,
                diagnostics,
                program,
                registry,
                ..
            } = check::check(&input);
            let mut findings = diagnostics;
            // What tests look at is read beside what journeys do.
            let lower = match program.tests.is_empty() {
                true => lower::bytes,
                false => lower::bytes_for_tests,
            };
            if !has_errors(&findings)
                && let Err(more) = lower(&program, &registry, &input.sources)
            {
                findings.extend(more);
            }
            let package = format!("{} {}", manifest.name, manifest.version);
            (findings, input.sources, package)
        }
        Err(Refused::Findings(findings, sources)) => (findings, sources, String::new()),
        Err(Refused::Unreadable(stop)) => return Err(stop),
    };
    out.print(&match format {
        Format::Json => json::json(&findings, &sources),
        Format::Text if findings.is_empty() => format!("{package}: no findings\n"),
        Format::Text => render::render(&findings, &sources, out.color()),
    })?;
    Ok(if has_errors(&findings) { FINDINGS } else { OK })
}

pub fn build(args: BuildArgs, out: &mut Out) -> Outcome {
    let folder = args.package.path.clone();
    let input = load::package(&folder, args.package.env).map_err(|why| why.told(out))?;
    if let Some(stage) = args.emit {
        return emit::emit(stage, &input, out);
    }
    let built = compile(&input, out)?;
    let path = match args.output {
        Some(path) => path,
        None => folder.join("target").join(format!(
            "{}-{}.jbc",
            built.analysis.manifest.name, built.analysis.manifest.version
        )),
    };
    write(&path, &built.bytes)?;
    out.print(&format!(
        "{} ({} bytes)\n",
        path.display(),
        built.bytes.len()
    ))?;
    Ok(OK)
}

/// Writes an artifact whole or not at all, for whoever looks and whenever this process is killed or the machine stops: beside its
/// place first, kept by the disk, then moved there. A link is followed; what is there and is no artifact, or may not be written, stays.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let shown = format!("`{}`", path.display());
    let unwritable = |e| Stop::unwritable(&shown, e);
    let refused = |why: &str| Err(Stop::unwritable(&shown, why));
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(unwritable)?;
    }
    let place = match fs::symlink_metadata(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => path.to_path_buf(),
        Err(e) => return Err(unwritable(e)),
        Ok(_) => fs::canonicalize(path).map_err(unwritable)?,
    };
    let there = fs::metadata(&place).ok();
    match &there {
        Some(there) if there.is_dir() => return refused("it is a folder"),
        Some(there) if !there.is_file() => return refused("it is there and is no file"),
        Some(there) if there.permissions().readonly() => return refused("it is read-only"),
        _ => {}
    }
    match place.extension().and_then(|e| e.to_str()) {
        Some("journey") => return refused("an artifact is no source file"),
        // Where schemas are, it would be one of them from then on.
        Some("json") => return refused("an artifact is no JSON"),
        _ => {}
    }
    if there.is_some() && !may_go(&place).map_err(unwritable)? {
        return refused("it is there and is no artifact");
    }
    let (beside, mut new) = beside(&place).map_err(unwritable)?;
    let filled = fill(&mut new, bytes, there.as_ref());
    filled
        .and_then(|()| fs::rename(&beside, &place))
        .map_err(|e| {
            let _ = fs::remove_file(&beside);
            unwritable(e)
        })
}

/// An artifact holds the environment's values: whom the one that is there is kept from is not shown the new one either.
fn fill(new: &mut File, bytes: &[u8], there: Option<&Metadata>) -> io::Result<()> {
    if let Some(kept) = there.map(Metadata::permissions)
        && new.metadata()?.permissions() != kept
    {
        new.set_permissions(kept)?;
    }
    new.write_all(bytes)?;
    new.sync_all()
}

/// Whether nothing is lost with a file: it is an artifact, or empty.
fn may_go(place: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    let file = File::open(place)?;
    file.take(MAGIC.len() as u64).read_to_end(&mut start)?;
    Ok(start.is_empty() || start == MAGIC)
}

/// A new file beside another, of the first name that is free: a build that was killed has left its own, and none other may be
/// written to, for a build that goes on may have it.
fn beside(place: &Path) -> io::Result<(PathBuf, File)> {
    let mut number = 1;
    loop {
        let mut name = place.as_os_str().to_owned();
        name.push(format!(".{number}.new"));
        match File::create_new(&name) {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => number += 1,
            made => return made.map(|file| (name.into(), file)),
        }
    }
}
