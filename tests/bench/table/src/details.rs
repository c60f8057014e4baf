//! Figures by workload, and what engines cannot say.
//!
//! Comes in: the rounds. Goes out: one table per kind of figure. Never true here: a kind that nobody measured.

use crate::print::{head, median, row};
use crate::rounds::Rounds;
use bench_core::report::{Report, Row, Status};
use bench_core::workload::COUNT;

type Kind = (&'static str, fn(&Row) -> Option<f64>);

const KINDS: [Kind; 10] = [
    ("Evaluation, ns", |r| r.evaluate_ns),
    ("Bytes to one decision, ns", |r| r.decide_ns),
    ("Source to program, ns", |r| r.compile_ns),
    ("Source to checked bytecode, ns", |r| r.bytecode_ns),
    ("Bytecode to machine code, ns", |r| r.machine_code_ns),
    ("Allocations of an evaluation", |r| r.evaluate_allocations),
    ("Allocations from bytes to a decision", |r| {
        r.decide_allocations
    }),
    ("Heap per program, bytes", |r| r.program_heap_bytes),
    ("Resident memory per program, bytes", |r| {
        r.program_resident_bytes
    }),
    ("Code, bytes", |r| r.code_bytes),
];

/// All tables.
pub fn tables(rounds: &Rounds) -> String {
    let mut out = String::new();
    for (title, of) in KINDS {
        let lines: String = rounds
            .engines()
            .into_iter()
            .filter_map(|name| line(rounds, name, of))
            .collect();
        if lines.is_empty() {
            continue;
        }
        let columns: Vec<String> = std::iter::once("engine".to_string())
            .chain((1..=COUNT).map(|n| format!("w{n:02}")))
            .collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        out += &format!("## {title}\n\n{}{lines}\n", head(&columns, 1));
    }
    out + &together(rounds) + &not_expressed(rounds)
}

/// One engine's line; `None` when it has no figure of this kind.
fn line(rounds: &Rounds, name: &str, of: fn(&Row) -> Option<f64>) -> Option<String> {
    let figures: Vec<_> = (1..=COUNT)
        .map(|n| {
            let id = format!("w{n:02}");
            rounds.of(name, |report| {
                of(report.rows.iter().find(|row| row.workload == id)?)
            })
        })
        .collect();
    figures.iter().any(Option::is_some).then(|| {
        let cells = figures.into_iter().map(median);
        row(std::iter::once(name.to_string()).chain(cells))
    })
}

/// What concerns both documents and all programs.
fn together(rounds: &Rounds) -> String {
    type Of = fn(&Report) -> Option<f64>;
    let columns: [(&str, Of); 6] = [
        ("both documents to a context, ns", |r| r.context_ns),
        ("allocations of that", |r| r.context_allocations),
        ("bytes of that", |r| r.context_bytes),
        ("all twelve on it, ns", |r| r.evaluate_all_ns),
        ("bytes to all twelve, ns", |r| r.decide_all_ns),
        ("the event alone captured, ns", |r| r.project_ns),
    ];
    let names: Vec<&str> = std::iter::once("engine")
        .chain(columns.iter().map(|(name, _)| *name))
        .collect();
    let lines: String = rounds
        .engines()
        .into_iter()
        .map(|name| {
            let cells = columns.iter().map(|(_, of)| median(rounds.of(name, of)));
            row(std::iter::once(name.to_string()).chain(cells))
        })
        .collect();
    format!(
        "## Both documents, all programs\n\n{}{lines}\n",
        head(&names, 1)
    )
}

fn not_expressed(rounds: &Rounds) -> String {
    let mut lines = String::new();
    for name in rounds.engines() {
        for row in rounds.report(name).into_iter().flat_map(|r| &r.rows) {
            if row.status != Status::Right {
                lines += &format!("* {name} {}: {:?} {}\n", row.workload, row.status, row.note);
            }
        }
    }
    match lines.is_empty() {
        true => lines,
        false => format!("## Not expressed, or wrong\n\n{lines}"),
    }
}
