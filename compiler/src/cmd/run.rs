//! `journeyc run EVENTS`: replays events through a package in virtual time.

use super::out::{self, FINDINGS, OK, Out, Outcome, Stop};
use super::tier::{self, Jit};
use super::{Format, compile, load, test};
use clap::{Args, ValueEnum};
use journeyc::diag::{Code, printable};
use journeyc::host::answers::Stubs;
use journeyc::host::feed::Feed;
use journeyc::host::profiles::Profiles;
use journeyc::host::report::Report;
use journeyc::host::run::{RunOptions, replay};
use journeyc::package::MANIFEST_PATH;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{self, Component, Path, PathBuf};
use std::time::Instant;

/// Bytes of a stub file.
const STUB_BYTES: u64 = 16 << 20;
/// Events between two words of progress.
const PROGRESS: u64 = 100_000;

#[derive(Args)]
pub struct RunArgs {
    /// The events, NDJSON; `-` reads standard input.
    #[arg(value_name = "EVENTS")]
    events: PathBuf,
    /// The package's folder; by default the nearest one around EVENTS, or the current one.
    #[arg(long, value_name = "PATH")]
    package: Option<PathBuf>,
    /// The environment whose values are put in; by default the first one by name.
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// The profiles, NDJSON, each with its identityMap; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    profiles: Option<PathBuf>,
    /// What calls are answered: call name → answers with shares; `-` reads standard input. Without it every call fails as if
    /// nobody were there.
    #[arg(long, value_name = "FILE")]
    stubs: Option<PathBuf>,
    /// Stops after so many events.
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Tells all moves of the person with this id.
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// How many stays the table shows.
    #[arg(long, value_name = "N", default_value_t = 8)]
    table: usize,
    /// How fast time goes.
    #[arg(long, value_enum, default_value_t = Speed::Max)]
    speed: Speed,
    /// When expressions are compiled to machine code; the answers are the same.
    #[arg(long, value_enum, default_value_t = Jit::Auto)]
    jit: Jit,
    /// How the report is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Another form of report. (not yet)
    #[arg(long, value_name = "FORM")]
    report: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Speed {
    /// As the events' timestamps are apart. (not yet)
    Real,
    /// As fast as it goes.
    Max,
}

pub fn run(args: RunArgs, out: &mut Out) -> Outcome {
    if args.speed == Speed::Real {
        return Err(Stop::not_yet("`--speed real`"));
    }
    if let Some(form) = &args.report {
        return Err(Stop::not_yet(format!("`--report {form}`")));
    }
    let files = [
        Some(&args.events),
        args.profiles.as_ref(),
        args.stubs.as_ref(),
    ];
    let files = files.into_iter().flatten();
    if files.filter(|path| load::is_stdin(path)).count() > 1 {
        return Err(Stop::usage(
            "events, profiles and stubs: only one of them can come from standard input",
        ));
    }
    let events = load::stream(&args.events)?;
    let folder = match &args.package {
        Some(folder) => folder.clone(),
        None => package_of(&args.events)?,
    };
    let input = load::package(&folder, args.env).map_err(|why| why.told(out))?;
    let built = compile::compile(&input, out)?;
    let calls: Vec<&str> = built
        .analysis
        .program
        .calls
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    let stubs = match &args.stubs {
        None => Stubs::default(),
        Some(path) => stubs(path, &calls)?,
    };
    let deployment = test::deployment(built.verified)?;
    let _tiers = tier::adopt(&deployment, args.jit)?;
    let mut report = Report::default();
    let unreadable = |path: &Path| {
        let path = format!("`{}`", path.display());
        move |e: io::Error| Stop::unreadable(path, e)
    };
    let profiles = match &args.profiles {
        None => Profiles::default(),
        Some(path) => Profiles::read(
            &mut Feed::new(load::stream(path)?),
            &deployment,
            &mut report,
        )
        .map_err(unreadable(path))?,
    };
    // Of a file of which nothing was taken, all is not well; a refused line among others is the feed's, and the report tells it.
    let mut code = OK;
    if let Some(path) = &args.profiles
        && profiles.is_empty()
        && !report.rejections.is_empty()
    {
        code = refused(path, "a profile");
    }
    let options = RunOptions {
        limit: args.limit,
        person: args.person,
        table: args.table,
    };
    let mut progress = progress();
    let mut feed = Feed::new(events);
    let report = replay(
        &deployment,
        &mut feed,
        stubs,
        &profiles,
        &options,
        report,
        &mut progress,
    )
    .map_err(unreadable(&args.events))?;
    let is_all = args.limit.is_none_or(|limit| report.events < limit);
    if is_all && report.events > 0 && report.events_refused == report.events {
        code = refused(&args.events, "an event, or an array of them,");
    }
    if let Some(person) = options.person.filter(|_| report.trace.is_empty()) {
        out::complain(&format!(
            "no event that a journey listens for is about anybody whose id is `{person}`: there is nothing to tell of them"
        ));
    }
    out.print(&match args.format {
        Format::Text => report.text(),
        Format::Json => report.json(),
    })?;
    Ok(code)
}

/// Says that nothing of a file was taken, whatever is wrong with its lines; the exit code.
fn refused(path: &Path, what: &str) -> u8 {
    let path = path.display();
    let told = format!(
        "everything in `{path}` was refused: a line is {what} in JSON, as UTF-8 and not compressed"
    );
    out::complain(&printable(&told));
    FINDINGS
}

/// The nearest folder around the events that holds a manifest; else the current one. Around them is what their path says, wherever
/// links lead: large events are kept elsewhere.
fn package_of(events: &Path) -> Result<PathBuf, Stop> {
    let holds = |folder: &Path| fs::symlink_metadata(folder.join(MANIFEST_PATH)).is_ok();
    let here = PathBuf::from(".");
    if load::is_stdin(events) {
        return Ok(here);
    }
    let unreadable = |e| Stop::unreadable(format!("`{}`", events.display()), e);
    let whole = path::absolute(events).map_err(unreadable)?;
    let mut folder = whole.parent().unwrap_or(&whole).to_path_buf();
    // `..` goes up from where a link has led: what is written before it need not be around.
    if folder.components().any(|part| part == Component::ParentDir) {
        folder = fs::canonicalize(&folder).map_err(unreadable)?;
    }
    match folder.ancestors().find(|folder| holds(folder)) {
        Some(folder) => Ok(folder.to_path_buf()),
        None if holds(&here) => Ok(here),
        None => {
            let message = format!(
                "there is no `journey.toml` in a folder around `{}`, nor in the current one: name the package with `--package`",
                events.display()
            );
            Err(Stop::coded(Code::Manifest, message))
        }
    }
}

fn stubs(path: &Path, calls: &[&str]) -> Result<Stubs, Stop> {
    let text = load::data(path, STUB_BYTES)?;
    Stubs::parse(&text, calls).map_err(|why| Stop::data(path, why))
}

/// Says on a terminal's standard error how far a long replay is.
fn progress() -> impl FnMut(u64) {
    let (shown, started) = (io::stderr().is_terminal(), Instant::now());
    move |events| {
        if shown && events.is_multiple_of(PROGRESS) {
            out::complain(&format!(
                "{events} events, {} s",
                started.elapsed().as_secs()
            ));
        }
    }
}
