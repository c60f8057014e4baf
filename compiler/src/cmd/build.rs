//! `journeyc check` and `journeyc build`.
//!
//! Comes in: a package's folder. Goes out: its findings; the bytes of its artifact, which were read back and verified.
//! Never true here: an artifact of a package with errors; one that another run would write otherwise; a file of the package, or
//! what is no file (a device, a pipe, a socket), written over.

use super::compile::{compile, has_errors};
use super::emit::{self, Emit};
use super::load::{self, Refused};
use super::out::{FINDINGS, OK, Out, Outcome, Stop};
use super::{Format, PackageArgs};
use clap::{Args, ValueEnum};
use journeyc::check::{self, Analysis};
use journeyc::diag::{json, render};
use journeyc::lower;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
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
    /// Where the artifact goes instead of `target/<name>-<version>.jbc` in the package: a file, but none of the package and no `.json`.
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
            if !has_errors(&findings)
                && let Err(more) = lower::bytes(&program, &registry, &input.sources)
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
    let kept: Vec<PathBuf> = input
        .sources
        .iter()
        .map(|(_, f)| folder.join(&f.path))
        .collect();
    write(&path, &built.bytes, &kept)?;
    out.print(&format!(
        "{} ({} bytes)\n",
        path.display(),
        built.bytes.len()
    ))?;
    Ok(OK)
}

/// Writes a file whole or not at all: beside its place first, then moved there. A link is followed; what is there and is no
/// file, or is one of `kept`, stays.
fn write(path: &Path, bytes: &[u8], kept: &[PathBuf]) -> Result<(), Stop> {
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
    match fs::metadata(&place) {
        Ok(there) if there.is_dir() => return refused("it is a folder"),
        Ok(there) if !there.is_file() => return refused("it is there and is no file"),
        _ => {}
    }
    match place.extension().and_then(|e| e.to_str()) {
        Some("journey") => return refused("an artifact is no source file"),
        // Where schemas are, it would be one of them from then on.
        Some("json") => return refused("an artifact is no JSON"),
        _ => {}
    }
    if kept.iter().any(|file| is_same(file, &place)) {
        return refused("it is a file of the package");
    }
    let mut beside = place.as_os_str().to_owned();
    beside.push(format!(".{}.new", std::process::id()));
    let new = File::create_new(&beside).map_err(unwritable)?;
    let written = (&new)
        .write_all(bytes)
        .and_then(|()| fs::rename(&beside, &place));
    written.map_err(|e| {
        let _ = fs::remove_file(&beside);
        unwritable(e)
    })
}

/// Whether two paths lead to one file.
fn is_same(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}
