//! `measure-replay [--people N] [--events N] [--rounds N]`: `journeyc run` against a host that walks trees.
//!
//! The events are the retail example's, season after season; they are written once, to the folder that `--data` names (by
//! default one below the system's for temporary files), which takes 2.8 GB for a million of them.
//!
//! Both replay the retail example, each round in a process of its own, in turn. Their reports must be equal, count by count,
//! before a figure is printed. What is measured is the processor time of the thread from the first byte of the profiles to the
//! report, and the most memory that the process held.
//!
//! | module | is |
//! |---|---|
//! | `host` | lines to events, the queue of virtual time, calls and their answers |
//! | `turns`, `steps`, `walker` | the journeys: one person's turns, what each step does, how expressions are evaluated |
//! | `people`, `flat` | people, and the steps under numbers |
//! | `request`, `check` | calls going out; documents held against what the program reads |
//! | `floor` | what reading the same file takes without a journey |

mod check;
mod flat;
mod floor;
mod host;
mod people;
mod request;
mod steps;
mod turns;
mod walker;

use bench_core::clock::thread_ns;
use bench_core::report::{Line, Measure};
use journey_machine::deployment::Deployment;
use journey_tests::generate::seasons::{self, Size};
use journey_tests::packages::{compile, example, root};
use journeyc::host::answers::Stubs;
use journeyc::host::feed::Feed;
use journeyc::host::profiles::Profiles;
use journeyc::host::report::Report;
use journeyc::host::run::{RunOptions, replay};
use serde_json::{Value as Json, json};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// The seed of the committed example.
const SEED: u64 = 7;

const USAGE: &str = "usage: measure-replay [--people N] [--events N] [--rounds N] [--data FOLDER] [--only ours|walker|floor]";

fn main() -> ExitCode {
    match Asked::of(std::env::args().skip(1)).and_then(|asked| run(&asked)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(1)
        }
    }
}

struct Asked {
    size: Size,
    data: PathBuf,
    rounds: usize,
    only: Option<String>,
}

impl Asked {
    fn of(mut words: impl Iterator<Item = String>) -> Result<Asked, String> {
        let (mut people, mut events, mut rounds) = (20_000, 1_000_000, 1);
        let (mut data, mut only) = (std::env::temp_dir().join("journey-replay"), None);
        while let Some(word) = words.next() {
            let value = words.next().ok_or(USAGE)?;
            match word.as_str() {
                "--people" => people = value.parse().map_err(|_| USAGE)?,
                "--events" => events = value.parse().map_err(|_| USAGE)?,
                "--rounds" => rounds = value.parse().map_err(|_| USAGE)?,
                "--data" => data = PathBuf::from(value),
                "--only" => only = Some(value),
                _ => return Err(USAGE.into()),
            }
        }
        if people == 0 || events == 0 || rounds == 0 {
            return Err(USAGE.into());
        }
        Ok(Asked {
            size: Size { people, events },
            data,
            rounds,
            only,
        })
    }

    /// A file of this size's data.
    fn file(&self, name: &str) -> PathBuf {
        let folder = format!("{}-{}", self.size.people, self.size.events);
        self.data.join(folder).join(name)
    }
}

/// Writes the data unless they are there. The events get their name last: a file that is there is whole.
fn provide(asked: &Asked) -> io::Result<()> {
    let events = asked.file("events.ndjson");
    if events.is_file() {
        return Ok(());
    }
    let part = asked.file("events.part");
    fs::create_dir_all(part.parent().unwrap_or(&asked.data))?;
    let mut to = BufWriter::new(File::create(&part)?);
    let mut profiles = BufWriter::new(File::create(asked.file("profiles.ndjson"))?);
    seasons::write(SEED, asked.size, &mut to, &mut profiles)?;
    to.flush()?;
    profiles.flush()?;
    fs::rename(part, events)
}

fn run(asked: &Asked) -> Result<(), String> {
    match asked.only.as_deref() {
        Some("ours") => once(asked, ours),
        Some("walker") => once(asked, walker),
        Some("floor") => {
            provide(asked).map_err(|e| format!("{}: {e}", asked.data.display()))?;
            floor(asked)
        }
        Some(_) => Err(USAGE.into()),
        None => {
            provide(asked).map_err(|e| format!("{}: {e}", asked.data.display()))?;
            compare(asked)
        }
    }
}

/// One replay in this process; prints its figures as JSON.
fn once(asked: &Asked, how: fn(&Asked) -> Result<(Report, u64), String>) -> Result<(), String> {
    let (report, nanos) = how(asked)?;
    let figures = json!({ "nanos": nanos, "peak_kb": peak_kb(), "events": report.events, "report": counts(&report) });
    println!("{figures}");
    Ok(())
}

fn ours(asked: &Asked) -> Result<(Report, u64), String> {
    let (analysis, bytes) = compile(&example("retail"));
    let verified = journey_artifact::read(&bytes).map_err(|e| e.to_string())?;
    let deployment = Deployment::new(vec![verified]).map_err(|e| e.to_string())?;
    let stubs = stubs(&analysis.program)?;
    let (events, profiles) = (
        open(asked, "events.ndjson")?,
        open(asked, "profiles.ndjson")?,
    );
    let started = thread_ns();
    let mut report = Report::default();
    let profiles = Profiles::read(&mut Feed::new(profiles), &deployment, &mut report)
        .map_err(|e| e.to_string())?;
    let options = RunOptions {
        limit: Some(asked.size.events),
        person: None,
        table: 8,
    };
    let report = replay(
        &deployment,
        &mut Feed::new(events),
        stubs,
        &profiles,
        &options,
        report,
        &mut |_| {},
    );
    let nanos = thread_ns() - started;
    Ok((report.map_err(|e| e.to_string())?, nanos))
}

fn walker(asked: &Asked) -> Result<(Report, u64), String> {
    let (analysis, bytes) = compile(&example("retail"));
    let verified = journey_artifact::read(&bytes).map_err(|e| e.to_string())?;
    let hash = verified
        .program_hash()
        .0
        .iter()
        .take(8)
        .fold(0, |n, byte| (n << 8) | u64::from(*byte));
    let stubs = stubs(&analysis.program)?;
    let (events, profiles) = (
        open(asked, "events.ndjson")?,
        open(asked, "profiles.ndjson")?,
    );
    let started = thread_ns();
    let mut host = host::Host::new(&analysis.program, &verified, hash, stubs)
        .map_err(|what| format!("the walker cannot walk {what}"))?;
    host.read_profiles(BufReader::with_capacity(1 << 16, profiles))
        .map_err(|e| e.to_string())?;
    let report = host.replay(BufReader::with_capacity(1 << 16, events), asked.size.events);
    let nanos = thread_ns() - started;
    Ok((report.map_err(|e| e.to_string())?, nanos))
}

/// Prints what reading alone takes, the least of the rounds.
fn floor(asked: &Asked) -> Result<(), String> {
    let path = asked.file("events.ndjson");
    let mut least: Vec<(&str, f64)> = Vec::new();
    for _ in 0..asked.rounds {
        let found = floor::floor(|| File::open(&path));
        let found = found.map_err(|e| format!("{}: {e}", path.display()))?;
        if least.is_empty() {
            least.clone_from(&found);
        }
        for ((_, least), (_, nanos)) in least.iter_mut().zip(found) {
            *least = least.min(nanos);
        }
    }
    for (name, nanos) in least {
        println!("{name:<28} {nanos:>8.0} ns/event");
    }
    Ok(())
}

fn open(asked: &Asked, name: &str) -> Result<File, String> {
    let path = asked.file(name);
    File::open(&path).map_err(|e| format!("{}: {e}", path.display()))
}

fn stubs(program: &journeyc::hir::Program) -> Result<Stubs, String> {
    let path = root().join("examples/retail/stubs.json");
    let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let calls: Vec<&str> = program
        .calls
        .iter()
        .map(|call| call.name.as_str())
        .collect();
    Stubs::parse(&text, &calls)
}

/// A report without what is told of single people and documents: all its counts.
fn counts(report: &Report) -> Json {
    let mut json: Json = serde_json::from_str(&report.json()).unwrap_or(Json::Null);
    if let Some(object) = json.as_object_mut() {
        object.remove("some");
        object.remove("trace");
    }
    for noted in [
        "eventsLate",
        "eventsWithUnreadableTimestamp",
        "profilesOfNobody",
    ] {
        json[noted] = json[noted]["count"].take();
    }
    for (_, rejections) in json["rejections"].as_object_mut().into_iter().flatten() {
        *rejections = rejections["count"].take();
    }
    json
}

/// Both in turn, in processes of their own.
fn compare(asked: &Asked) -> Result<(), String> {
    let (mut ours, mut walker) = (Vec::new(), Vec::new());
    for _ in 0..asked.rounds {
        ours.push(child(asked, "ours")?);
        walker.push(child(asked, "walker")?);
        if ours.last().map(|f| &f["report"]) != walker.last().map(|f| &f["report"]) {
            let both = [ours.last(), walker.last()]
                .map(|f| f.map(|f| f["report"].to_string()).unwrap_or_default());
            return Err(format!(
                "the reports differ:\nours   {}\nwalker {}",
                both[0], both[1]
            ));
        }
    }
    println!(
        "{:<22} {:>12} {:>14} {:>12} {:>10}",
        "", "events", "events/s", "ns/event", "peak MB"
    );
    let mut speed = Vec::new();
    for (name, rounds) in [("journeyc run", &ours), ("tree walker", &walker)] {
        let events = rounds[0]["events"].as_f64().unwrap_or(0.0);
        let nanos = median(rounds, "nanos") / events;
        speed.push(nanos);
        println!(
            "{name:<22} {events:>12} {:>14.0} {nanos:>12.0} {:>10.1}",
            1e9 / nanos,
            median(rounds, "peak_kb") / 1024.0
        );
    }
    let ratio = speed[1] / speed[0];
    println!(
        "ratio {ratio:.1} over {} rounds, reports equal: {}",
        asked.rounds, ours[0]["report"]
    );
    let line = |what: &str, value: f64, unit: &str, limit| Line {
        bar: 6,
        what: what.into(),
        value,
        unit: unit.into(),
        limit,
        at_least: true,
    };
    Measure::new("replay")
        .line(line(
            "replay against the tree walker",
            ratio,
            "×",
            Some(20.0),
        ))
        .line(line("replay", 1e9 / speed[0], "events/s", None))
        .line(line("tree walker", 1e9 / speed[1], "events/s", None))
        .save();
    Ok(())
}

fn median(rounds: &[Json], figure: &str) -> f64 {
    let mut all: Vec<f64> = rounds
        .iter()
        .filter_map(|round| round[figure].as_f64())
        .collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn child(asked: &Asked, only: &str) -> Result<Json, String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut command = Command::new(program);
    let Size { people, events } = asked.size;
    command.args([
        "--people",
        &people.to_string(),
        "--events",
        &events.to_string(),
    ]);
    command.arg("--data").arg(&asked.data);
    command.args(["--only", only]);
    let output = command.output().map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(format!(
            "{only}: {}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    serde_json::from_slice(&output.stdout).map_err(|e| format!("{only}: {e}"))
}

/// The most memory the process held, in kilobytes; 0 where the system does not tell.
fn peak_kb() -> u64 {
    let told = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}
