//! A line per engine, the fastest evaluation first.
//!
//! Comes in: the rounds. Goes out: a table. Never true here: a mean over workloads that the base does not have.

use crate::print::{head, median, micros, row};
use crate::rounds::{Figure, HAND_WRITTEN, Rounds, TYPED_SONIC, geometric_mean};
use bench_core::report::{Report, Row, Status};

const COLUMNS: [&str; 11] = [
    "engine",
    "kind",
    "workloads",
    "evaluation × hand-written",
    "bytes to decision × typed sonic-rs",
    "the same, µs",
    "all twelve, µs",
    "documents to context, µs",
    "allocations of an evaluation",
    "compile, µs",
    "forty clauses, µs",
];

/// The table of engines. Means are geometric; compilation is the median over the eleven ordinary workloads.
pub fn table(rounds: &Rounds) -> String {
    let mut engines: Vec<(f64, &str)> = rounds
        .engines()
        .into_iter()
        .map(|name| {
            let ratio = evaluation(rounds, name).or_else(|| decision(rounds, name));
            (ratio.map_or(f64::INFINITY, |f| f.median), name)
        })
        .collect();
    engines.sort_by(|a, b| a.0.total_cmp(&b.0));
    let lines: String = engines
        .into_iter()
        .map(|(_, name)| line(rounds, name))
        .collect();
    format!("## Engines\n\n{}{lines}", head(&COLUMNS, 2))
}

fn mean(values: &[f64]) -> Option<f64> {
    geometric_mean(values.iter().copied())
}

fn evaluation(rounds: &Rounds, engine: &str) -> Option<Figure> {
    rounds.ratios(engine, HAND_WRITTEN, |row| row.evaluate_ns, mean)
}

fn decision(rounds: &Rounds, engine: &str) -> Option<Figure> {
    rounds.ratios(engine, TYPED_SONIC, |row| row.decide_ns, mean)
}

fn line(rounds: &Rounds, name: &str) -> String {
    let over = |of: fn(&Row) -> Option<f64>,
                all: fn(&mut dyn Iterator<Item = f64>) -> Option<f64>| {
        rounds.of(name, |report| all(&mut report.rows.iter().filter_map(of)))
    };
    let report = rounds.report(name);
    let right = |report: &Report| {
        let right = report.rows.iter().filter(|r| r.status == Status::Right);
        right.count().to_string()
    };
    let label = |report: &Report| format!("{}: {}", report.version, report.kind);
    let typical = rounds.of(name, |report| {
        let (_, ordinary) = report.rows.split_last()?;
        Figure::of(ordinary.iter().filter_map(|r| r.compile_ns)).map(|f| f.median)
    });
    row([
        name.to_string(),
        report.map_or(String::new(), label),
        report.map_or(String::new(), right),
        median(evaluation(rounds, name)),
        median(decision(rounds, name)),
        micros(over(|r| r.decide_ns, |all| geometric_mean(all))),
        micros(rounds.of(name, |r| r.decide_all_ns)),
        micros(rounds.of(name, |r| r.context_ns)),
        median(over(|r| r.evaluate_allocations, |all| all.reduce(f64::max))),
        micros(typical),
        micros(rounds.of(name, |r| r.rows.last()?.compile_ns)),
    ])
}
