//! The table, and the lines for the table of bars.
//!
//! Comes in: figures. Goes out: Markdown, [`Line`]s. Never true here: a mean of ratios that is not geometric.

use crate::measure::Figures;
use bench_core::figures::{geometric_mean, head, median, number, row};
use bench_core::report::Line;

const COLUMNS: [&str; 13] = [
    "condition",
    "by hand, ns",
    "interpreter, ns",
    "×",
    "machine code, ns",
    "×",
    "allocations by hand",
    "interpreter",
    "machine code",
    "bytecode, bytes",
    "machine code, bytes",
    "to bytecode, µs",
    "to machine code, µs",
];

/// Beyond how many times hand-written machine code is counted.
const FAR: f64 = 4.0;
/// Beyond how many times hand-written interpretation is counted.
const FAR_INTERPRETED: f64 = 15.0;

/// Times hand-written: interpreted, in machine code.
fn ratios(figures: &Figures) -> [f64; 2] {
    let [by_hand, interpreter, code] = figures.ns;
    [interpreter / by_hand, code / by_hand]
}

/// The numbers of a row.
fn cells(figures: &Figures) -> [f64; 12] {
    let ([by_hand, interpreter, code], [interpreted, compiled]) = (figures.ns, ratios(figures));
    let [allocates, allocates_interpreted, allocates_compiled] = figures.allocations;
    let ([bytecode, machine_code], [to_bytecode, to_code]) = (figures.bytes, figures.us);
    [
        by_hand,
        interpreter,
        interpreted,
        code,
        compiled,
        allocates,
        allocates_interpreted,
        allocates_compiled,
        bytecode,
        machine_code,
        to_bytecode,
        to_code,
    ]
}

fn line_of(name: &str, cells: impl Iterator<Item = Option<f64>>) -> String {
    let numbers = cells.map(|cell| cell.map_or("–".into(), number));
    row(std::iter::once(name.to_string()).chain(numbers))
}

/// How many of something there are.
fn count(all: &[Figures], of: impl Fn(&Figures) -> bool) -> usize {
    all.iter().filter(|figures| of(figures)).count()
}

fn allocate(all: &[Figures]) -> usize {
    count(all, |figures| figures.allocations[2] > 0.0)
}

/// A row for each, one of geometric means, one of medians, and how many are far from hand-written.
pub fn table(all: &[Figures]) -> String {
    let rows = all
        .iter()
        .map(|f| line_of(f.id, cells(f).map(Some).into_iter()));
    let column = |at: usize| all.iter().map(move |figures| cells(figures)[at]);
    // Of allocations there is no geometric mean: most are none.
    let mean = |at| (!(5..8).contains(&at)).then(|| geometric_mean(column(at)));
    let means = line_of("geometric mean", (0..12).map(|at| mean(at).flatten()));
    let medians = line_of("median", (0..12).map(|at| median(column(at))));
    let rows: String = rows.chain([means, medians]).collect();
    format!(
        "## Further conditions\n\n{}{rows}\n{} conditions. Machine code beyond {FAR} × hand-written: \
         {}; interpreted beyond {FAR_INTERPRETED} ×: {}; that allocate in machine code: {}, \
         interpreted: {}.\n",
        head(&COLUMNS, 1),
        all.len(),
        count(all, |figures| ratios(figures)[1] > FAR),
        count(all, |figures| ratios(figures)[0] > FAR_INTERPRETED),
        allocate(all),
        count(all, |figures| figures.allocations[1] > 0.0),
    )
}

/// What stands beside the bars. No bar is asked of these conditions, so figures are stated.
pub fn lines(all: &[Figures]) -> Vec<Line> {
    let line = |what: String, value: f64, unit: &str| Line {
        bar: 1,
        what,
        value,
        unit: unit.into(),
        ..Line::default()
    };
    let mean = |at: usize| geometric_mean(all.iter().map(|figures| ratios(figures)[at]));
    let count = all.len();
    let mut lines = Vec::new();
    for (name, at) in [("machine code", 1), ("interpreter", 0)] {
        let what = format!("{count} further conditions: {name}, geometric mean");
        lines.extend(mean(at).map(|mean| line(what, mean, "× hand-written")));
    }
    let what = format!("{count} further conditions: that allocate in machine code");
    lines.push(line(what, allocate(all) as f64, ""));
    lines
}
