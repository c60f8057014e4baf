//! Figures as files: what an engine or a measure hands to the table.
//!
//! Comes in: figures. Goes out: `results/<round>/<name>.json`; the round is `PB_ROUND`, 1 by default.
//! Never true here: a figure without the setting that it was measured in.

use crate::machine::Setting;
use crate::root;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// An engine's figures. Times are medians in nanoseconds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// The engine's name.
    pub engine: String,
    /// Its version.
    pub version: String,
    /// How it evaluates.
    pub kind: String,
    /// One per workload.
    pub rows: Vec<Row>,
    /// Both documents to a context.
    pub context_ns: Option<f64>,
    /// Allocations of that.
    pub context_allocations: Option<f64>,
    /// Bytes that they asked for.
    pub context_bytes: Option<f64>,
    /// All conditions on one context.
    pub evaluate_all_ns: Option<f64>,
    /// Both documents, read once, and all conditions.
    pub decide_all_ns: Option<f64>,
    /// The event alone into all fields that the conditions read.
    pub project_ns: Option<f64>,
    /// Where and when.
    pub setting: Setting,
}

/// What became of a workload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// All answers are right.
    #[default]
    Right,
    /// The language cannot say it.
    Unsupported,
    /// The text did not compile.
    Refused(String),
    /// An answer is wrong.
    Wrong(String),
}

/// One workload.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Row {
    /// `w01` to `w12`.
    pub workload: String,
    /// What became of it.
    pub status: Status,
    /// Host functions that the expression calls.
    pub host: String,
    /// What a reader should know.
    pub note: String,
    /// Source text to program.
    pub compile_ns: Option<f64>,
    /// The first half of that: source text to checked bytecode.
    pub bytecode_ns: Option<f64>,
    /// The second half: bytecode to machine code.
    pub machine_code_ns: Option<f64>,
    /// One evaluation on a context.
    pub evaluate_ns: Option<f64>,
    /// Bytes to one decision.
    pub decide_ns: Option<f64>,
    /// Allocations of an evaluation.
    pub evaluate_allocations: Option<f64>,
    /// Allocations from bytes to a decision.
    pub decide_allocations: Option<f64>,
    /// Heap alive per compiled program.
    pub program_heap_bytes: Option<f64>,
    /// Growth of resident memory per compiled program, over 64 of them.
    pub program_resident_bytes: Option<f64>,
    /// The program that an evaluation walks over.
    pub code_bytes: Option<f64>,
}

/// The figures of a measure that compares no engines: lines for the table of bars.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Measure {
    /// Its name.
    pub measure: String,
    /// What it found.
    pub lines: Vec<Line>,
    /// What it found in detail, as Markdown; empty when the lines are all.
    #[serde(default)]
    pub table: String,
    /// Where and when.
    pub setting: Setting,
}

/// One figure against its bar.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Line {
    /// The number of the bar; 0 for a figure that belongs to none.
    pub bar: u32,
    /// What was measured.
    pub what: String,
    /// The figure.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// The bar; `None` when the figure only has to be stated.
    pub limit: Option<f64>,
    /// Whether the figure has to be at least the limit, and not at most.
    #[serde(default)]
    pub at_least: bool,
}

impl Measure {
    /// No lines yet.
    pub fn new(name: &str) -> Measure {
        Measure {
            measure: name.into(),
            lines: Vec::new(),
            table: String::new(),
            setting: Setting::now(),
        }
    }

    /// With one more line.
    pub fn line(mut self, line: Line) -> Measure {
        self.lines.push(line);
        self
    }

    /// With details.
    pub fn table(mut self, markdown: String) -> Measure {
        self.table = markdown;
        self
    }

    /// Writes `results/<round>/measure-<name>.json`.
    pub fn save(&self) {
        write(&format!("measure-{}", self.measure), self);
    }
}

impl Report {
    /// Writes `results/<round>/<engine>.json`.
    pub fn save(&self) {
        write(&self.engine, self);
    }
}

/// The folder of this round.
pub fn folder() -> PathBuf {
    let round = std::env::var("PB_ROUND").unwrap_or_else(|_| "1".into());
    root().join("results").join(round)
}

fn write(name: &str, value: &impl Serialize) {
    let folder = folder();
    let path = folder.join(format!("{name}.json"));
    let text = serde_json::to_string_pretty(value).expect("figures are JSON");
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, text));
    if let Err(error) = written {
        panic!("{}: {error}", path.display());
    }
}
