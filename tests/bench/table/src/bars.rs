//! A line per bar of the project: what it asks, what was measured, and whether it holds.
//!
//! Comes in: the rounds. Goes out: a table. A line whose engine was not measured says so. Never true here: a bar that is
//! passed by a figure that is not there.

use crate::print::{head, median, range, row};
use crate::rounds::{Figure, HAND_WRITTEN, Rounds, TYPED_SONIC, geometric_mean};
use bench_core::report::{Line, Report, Row, Status};
use bench_core::workload::COUNT;

const JIT: &str = "journey-jit";
const INTERPRETER: &str = "journey-interpreter";
/// The workload of forty clauses; the others are typical.
const FORTY: &str = "w12";

/// What a figure has to be.
#[derive(Clone, Copy)]
enum Bar {
    AtMost(f64),
    AtLeast(f64),
    Stated,
}

impl Bar {
    fn holds(self, value: f64) -> bool {
        match self {
            Bar::AtMost(limit) => value <= limit,
            Bar::AtLeast(limit) => value >= limit,
            Bar::Stated => true,
        }
    }

    fn text(self) -> String {
        match self {
            Bar::AtMost(limit) => format!("≤ {}", crate::print::number(limit)),
            Bar::AtLeast(limit) => format!("≥ {}", crate::print::number(limit)),
            Bar::Stated => "stated".into(),
        }
    }
}

struct Judged {
    number: u32,
    what: String,
    figure: Option<Figure>,
    unit: String,
    bar: Bar,
}

impl Judged {
    fn print(&self) -> String {
        let verdict = match self.figure {
            None => "not measured",
            Some(figure) if self.bar.holds(figure.median) => "holds",
            Some(_) => "**missed**",
        };
        let value = median(self.figure) + if self.unit.is_empty() { "" } else { " " } + &self.unit;
        row([
            &self.number.to_string(),
            &self.what,
            &value,
            &range(self.figure),
            &self.bar.text(),
            verdict,
        ])
    }
}

/// The table of bars.
pub fn table(rounds: &Rounds) -> String {
    let mut all = Vec::new();
    for (engine, limit) in [(JIT, 1.3), (INTERPRETER, 6.0)] {
        evaluation(rounds, engine, limit, &mut all);
    }
    for engine in [JIT, INTERPRETER] {
        from_bytes(rounds, engine, &mut all);
    }
    compilation(rounds, &mut all);
    all.extend(rounds.lines().into_iter().map(measured));
    all.sort_by_key(|judged| judged.number);
    let columns = ["bar", "what", "figure", "rounds", "asked", ""];
    let lines: String = all.iter().map(Judged::print).collect();
    format!("## Bars\n\n{}{lines}", head(&columns, 2))
}

fn evaluation(rounds: &Rounds, engine: &str, limit: f64, out: &mut Vec<Judged>) {
    let mut line = |what: &str, unit: &str, figure, bar| {
        out.push(Judged {
            number: 1,
            what: format!("{engine}: {what}"),
            figure,
            unit: unit.into(),
            bar,
        });
    };
    let ratio = rounds.ratios(engine, HAND_WRITTEN, |r| r.evaluate_ns, mean);
    line(
        "evaluation, geometric mean",
        "× hand-written",
        ratio,
        Bar::AtMost(limit),
    );
    let right = |report: &Report| {
        let right = report.rows.iter().filter(|r| r.status == Status::Right);
        Some(right.count() as f64)
    };
    line(
        "workloads expressed",
        "",
        rounds.of(engine, right),
        Bar::AtLeast(COUNT as f64),
    );
    let most = |report: &Report| {
        let allocations = report.rows.iter().filter_map(|r| r.evaluate_allocations);
        allocations.reduce(f64::max)
    };
    line(
        "allocations of an evaluation, most",
        "",
        rounds.of(engine, most),
        Bar::AtMost(0.0),
    );
}

fn from_bytes(rounds: &Rounds, engine: &str, out: &mut Vec<Judged>) {
    let mut line = |number, what: &str, figure, limit| {
        out.push(Judged {
            number,
            what: format!("{engine}: {what}"),
            figure,
            unit: "× typed sonic-rs".into(),
            bar: Bar::AtMost(limit),
        });
    };
    let decide = |row: &Row| row.decide_ns;
    line(
        2,
        "bytes to one decision, geometric mean",
        rounds.ratios(engine, TYPED_SONIC, decide, mean),
        0.25,
    );
    line(
        2,
        "bytes to one decision, slowest",
        rounds.ratios(engine, TYPED_SONIC, decide, worst),
        1.0,
    );
    line(
        2,
        "read once, all twelve decided",
        rounds.ratio(engine, TYPED_SONIC, |r| r.decide_all_ns),
        0.5,
    );
    line(
        3,
        "one event, 22 fields and the list captured",
        rounds.ratio(engine, TYPED_SONIC, |r| r.project_ns),
        0.6,
    );
}

fn compilation(rounds: &Rounds, out: &mut Vec<Judged>) {
    let mut line = |what: &str, unit: &str, scale: f64, figure: Option<Figure>, limit| {
        let scaled = |f: Figure| Figure {
            median: f.median / scale,
            least: f.least / scale,
            greatest: f.greatest / scale,
        };
        out.push(Judged {
            number: 4,
            what: what.into(),
            figure: figure.map(scaled),
            unit: unit.into(),
            bar: Bar::AtMost(limit),
        });
    };
    let source = |row: &Row| row.bytecode_ns;
    let machine_code = |row: &Row| row.machine_code_ns;
    line(
        "source to checked bytecode, median of eleven",
        "µs",
        1000.0,
        typical(rounds, INTERPRETER, source),
        3.0,
    );
    line(
        "source to checked bytecode, forty clauses",
        "µs",
        1000.0,
        forty(rounds, INTERPRETER, source),
        30.0,
    );
    line(
        "bytecode to machine code, median of eleven",
        "µs",
        1000.0,
        typical(rounds, JIT, machine_code),
        100.0,
    );
    line(
        "bytecode to machine code, forty clauses",
        "µs",
        1000.0,
        forty(rounds, JIT, machine_code),
        500.0,
    );
    line(
        "bytecode, median of eleven",
        "bytes",
        1.0,
        typical(rounds, INTERPRETER, |row| row.code_bytes),
        512.0,
    );
}

fn measured((line, figure): (Line, Option<Figure>)) -> Judged {
    Judged {
        number: line.bar,
        bar: match (line.limit, line.at_least) {
            (None, _) => Bar::Stated,
            (Some(limit), false) => Bar::AtMost(limit),
            (Some(limit), true) => Bar::AtLeast(limit),
        },
        what: line.what,
        figure,
        unit: line.unit,
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    geometric_mean(values.iter().copied())
}

fn worst(values: &[f64]) -> Option<f64> {
    values.iter().copied().reduce(f64::max)
}

/// The median over the workloads of ordinary length.
fn typical(
    rounds: &Rounds,
    engine: &str,
    of: impl Fn(&Row) -> Option<f64> + Copy,
) -> Option<Figure> {
    rounds.of(engine, |report| {
        let rows = report.rows.iter().filter(|row| row.workload != FORTY);
        Figure::of(rows.filter_map(of)).map(|f| f.median)
    })
}

fn forty(rounds: &Rounds, engine: &str, of: impl Fn(&Row) -> Option<f64> + Copy) -> Option<Figure> {
    rounds.of(engine, |report| {
        let row = report.rows.iter().find(|row| row.workload == FORTY)?;
        of(row)
    })
}
