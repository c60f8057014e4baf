//! `measure-replay EVENTS PROFILES STUBS [--limit N] [--rounds N]`: `journeyc run` against a host that walks trees.
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

mod check;
mod flat;
mod host;
mod people;
mod request;
mod steps;
mod turns;
mod walker;

use journey_machine::deployment::Deployment;
use journey_tests::packages::{compile, example};
use journeyc::host::answers::Stubs;
use journeyc::host::feed::Feed;
use journeyc::host::profiles::Profiles;
use journeyc::host::report::Report;
use journeyc::host::run::{RunOptions, replay};
use serde_json::{Value as Json, json};
use std::fs::{self, File};
use std::io::BufReader;
use std::process::{Command, ExitCode};

const USAGE: &str =
    "usage: measure-replay EVENTS PROFILES STUBS [--limit N] [--rounds N] [--only ours|walker]";

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
    events: String,
    profiles: String,
    stubs: String,
    limit: u64,
    rounds: usize,
    only: Option<String>,
}

impl Asked {
    fn of(mut words: impl Iterator<Item = String>) -> Result<Asked, String> {
        let (mut files, mut limit, mut rounds, mut only) = (Vec::new(), u64::MAX, 3, None);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(USAGE.to_string());
            match word.as_str() {
                "--limit" => limit = value()?.parse().map_err(|_| USAGE)?,
                "--rounds" => rounds = value()?.parse().map_err(|_| USAGE)?,
                "--only" => only = Some(value()?),
                _ => files.push(word),
            }
        }
        match <[String; 3]>::try_from(files) {
            Ok([events, profiles, stubs]) if rounds > 0 => Ok(Asked {
                events,
                profiles,
                stubs,
                limit,
                rounds,
                only,
            }),
            _ => Err(USAGE.into()),
        }
    }
}

fn run(asked: &Asked) -> Result<(), String> {
    match asked.only.as_deref() {
        Some("ours") => once(asked, ours),
        Some("walker") => once(asked, walker),
        Some(_) => Err(USAGE.into()),
        None => compare(asked),
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
    let stubs = stubs(asked, &analysis.program)?;
    let (events, profiles) = (open(&asked.events)?, open(&asked.profiles)?);
    let started = thread_nanos();
    let mut report = Report::default();
    let profiles =
        Profiles::read(&mut Feed::new(profiles), &mut report).map_err(|e| e.to_string())?;
    let options = RunOptions {
        limit: Some(asked.limit),
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
    let nanos = thread_nanos() - started;
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
    let stubs = stubs(asked, &analysis.program)?;
    let (events, profiles) = (open(&asked.events)?, open(&asked.profiles)?);
    let started = thread_nanos();
    let mut host = host::Host::new(&analysis.program, &verified, hash, stubs)
        .map_err(|what| format!("the walker cannot walk {what}"))?;
    host.read_profiles(BufReader::with_capacity(1 << 16, profiles))
        .map_err(|e| e.to_string())?;
    let report = host.replay(BufReader::with_capacity(1 << 16, events), asked.limit);
    let nanos = thread_nanos() - started;
    Ok((report.map_err(|e| e.to_string())?, nanos))
}

fn open(path: &str) -> Result<File, String> {
    File::open(path).map_err(|e| format!("{path}: {e}"))
}

fn stubs(asked: &Asked, program: &journeyc::hir::Program) -> Result<Stubs, String> {
    let text = fs::read_to_string(&asked.stubs).map_err(|e| format!("{}: {e}", asked.stubs))?;
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
    for rejections in json["rejections"]
        .as_object_mut()
        .into_iter()
        .flatten()
        .map(|(_, r)| r)
    {
        *rejections = rejections["count"].clone();
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
    println!(
        "ratio {:.1} over {} rounds, reports equal: {}",
        speed[1] / speed[0],
        asked.rounds,
        ours[0]["report"]
    );
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
    command.args([&asked.events, &asked.profiles, &asked.stubs]);
    command.args(["--limit", &asked.limit.to_string(), "--only", only]);
    let output = command.output().map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(format!(
            "{only}: {}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    serde_json::from_slice(&output.stdout).map_err(|e| format!("{only}: {e}"))
}

/// Processor time of this thread; the wall clock's where the system does not tell.
fn thread_nanos() -> u64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanos.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.map_or(0, |now| now.as_nanos() as u64)
    })
}

/// The most memory the process held, in kilobytes; 0 where the system does not tell.
fn peak_kb() -> u64 {
    let told = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}
