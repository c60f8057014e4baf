//! `journeyc run EVENTS`: replays events through a package in virtual time.

use super::out::{self, OK, Out, Outcome, Stop};
use super::tier::{self, Jit};
use super::{Format, compile, load, test};
use clap::{Args, ValueEnum};
use journeyc::host::answers::Stubs;
use journeyc::host::feed::Feed;
use journeyc::host::profiles::Profiles;
use journeyc::host::report::Report;
use journeyc::host::run::{RunOptions, replay};
use journeyc::package::MANIFEST_PATH;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
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
    /// What calls are answered: call name → answers with shares. Without it every call fails as if nobody were there.
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
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    if is_stdin(&args.events) && args.profiles.as_deref().is_some_and(is_stdin) {
        return Err(Stop::usage(
            "events and profiles cannot both come from standard input",
        ));
    }
    let events = open(&args.events)?;
    let folder = args
        .package
        .clone()
        .unwrap_or_else(|| package_of(&args.events));
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
        Some(path) => {
            Profiles::read(&mut Feed::new(open(path)?), &mut report).map_err(unreadable(path))?
        }
    };
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
    if let Some(person) = options.person.filter(|_| report.trace.is_empty()) {
        out::complain(&format!(
            "no event that a journey listens for is about anybody whose id is `{person}`: there is nothing to tell of them"
        ));
    }
    out.print(&match args.format {
        Format::Text => report.text(),
        Format::Json => report.json(),
    })?;
    Ok(OK)
}

fn open(path: &Path) -> Result<Box<dyn Read>, Stop> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin()));
    }
    let unreadable = |e| Stop::unreadable(format!("`{}`", path.display()), e);
    if fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Err(Stop::unreadable(
            format!("`{}`", path.display()),
            "it is a folder",
        ));
    }
    Ok(Box::new(File::open(path).map_err(unreadable)?))
}

/// The nearest folder around the events that holds a manifest; else the current one.
fn package_of(events: &Path) -> PathBuf {
    let whole = fs::canonicalize(events).unwrap_or_default();
    let around = whole
        .ancestors()
        .skip(1)
        .find(|folder| folder.join(MANIFEST_PATH).is_file());
    around.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
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
