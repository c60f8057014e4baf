//! The reports of all rounds.
//!
//! Comes in: the results' folder. Goes out: figures over the rounds. Never true here: a figure of a workload whose answer was
//! wrong; the harness times none.

pub use bench_core::figures::geometric_mean;
use bench_core::figures::median;
use bench_core::report::{Line, Measure, Report, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The engine whose evaluation is 1.
pub const HAND_WRITTEN: &str = "native-typed";
/// The engine whose way from bytes is 1.
pub const TYPED_SONIC: &str = "native-typed-sonic";

/// A figure over the rounds: its median, the least and the greatest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    pub median: f64,
    pub least: f64,
    pub greatest: f64,
}

impl Figure {
    /// `None` of no values.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Figure> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let (least, greatest) = (*values.first()?, *values.last()?);
        let median = median(values)?;
        Some(Figure {
            median,
            least,
            greatest,
        })
    }
}

/// One round.
#[derive(Default)]
pub struct Round {
    engines: BTreeMap<String, Report>,
    measures: BTreeMap<String, Measure>,
}

impl Round {
    pub fn engine(&self, name: &str) -> Option<&Report> {
        self.engines.get(name)
    }
}

/// All rounds.
pub struct Rounds {
    rounds: Vec<Round>,
}

impl Rounds {
    pub fn load(folder: &Path) -> std::io::Result<Rounds> {
        let mut rounds: BTreeMap<String, Round> = BTreeMap::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                continue;
            }
            let round = rounds
                .entry(entry.file_name().to_string_lossy().into())
                .or_default();
            for file in std::fs::read_dir(entry.path())? {
                let path = file?.path();
                if path.extension().is_none_or(|e| e != "json") {
                    continue;
                }
                let text = std::fs::read(&path)?;
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if name.starts_with("measure-") {
                    let measure: Measure = serde_json::from_slice(&text)?;
                    round.measures.insert(measure.measure.clone(), measure);
                } else {
                    let report: Report = serde_json::from_slice(&text)?;
                    round.engines.insert(report.engine.clone(), report);
                }
            }
        }
        Ok(Rounds {
            rounds: rounds.into_values().collect(),
        })
    }

    /// What was measured where and when.
    pub fn heading(&self) -> String {
        let reports = self.rounds.iter().flat_map(|round| {
            let engines = round.engines.values().map(|report| &report.setting);
            engines.chain(round.measures.values().map(|measure| &measure.setting))
        });
        let settings: BTreeSet<String> = reports
            .map(|s| format!("{}, commit {}, {}", s.date, s.commit, s.machine))
            .collect();
        let settings: Vec<String> = settings.into_iter().collect();
        format!(
            "{}. Rounds: {}. Medians; CPU time of the thread.\n",
            settings.join("; "),
            self.rounds.len()
        )
    }

    /// Names of engines.
    pub fn engines(&self) -> BTreeSet<&str> {
        let names = self.rounds.iter().flat_map(|round| round.engines.keys());
        names.map(String::as_str).collect()
    }

    /// A report of an engine: of its first round, for what is the same in all.
    pub fn report(&self, engine: &str) -> Option<&Report> {
        self.rounds.iter().find_map(|round| round.engine(engine))
    }

    /// What a round gives, over the rounds.
    pub fn over(&self, of: impl Fn(&Round) -> Option<f64>) -> Option<Figure> {
        Figure::of(self.rounds.iter().filter_map(of))
    }

    /// A figure of an engine.
    pub fn of(&self, engine: &str, of: impl Fn(&Report) -> Option<f64>) -> Option<Figure> {
        self.over(|round| of(round.engine(engine)?))
    }

    /// A figure of an engine as a ratio to the same of another.
    pub fn ratio(
        &self,
        engine: &str,
        base: &str,
        of: impl Fn(&Report) -> Option<f64>,
    ) -> Option<Figure> {
        self.over(|round| Some(of(round.engine(engine)?)? / of(round.engine(base)?)?))
    }

    /// Ratios of an engine's workloads to another's, made one by `all`. Workloads that either cannot say are left out.
    pub fn ratios(
        &self,
        engine: &str,
        base: &str,
        of: impl Fn(&Row) -> Option<f64>,
        all: impl Fn(&[f64]) -> Option<f64>,
    ) -> Option<Figure> {
        self.over(|round| {
            let (rows, base) = (&round.engine(engine)?.rows, &round.engine(base)?.rows);
            let ratio = |row: &Row| {
                let base = base.iter().find(|base| base.workload == row.workload)?;
                Some(of(row)? / of(base)?)
            };
            let ratios: Vec<f64> = rows.iter().filter_map(ratio).collect();
            all(&ratios)
        })
    }

    /// The tables of all measures, as the last round that has one gives it.
    pub fn tables(&self) -> String {
        let measures = self.rounds.iter().flat_map(|round| &round.measures);
        let last: BTreeMap<&String, &Measure> = measures.collect();
        let tables = last.values().filter(|measure| !measure.table.is_empty());
        tables
            .map(|measure| format!("{}\n", measure.table))
            .collect()
    }

    /// The lines of all measures, in order; their values over the rounds.
    pub fn lines(&self) -> Vec<(Line, Option<Figure>)> {
        let mut lines: Vec<(Line, Vec<f64>)> = Vec::new();
        for measure in self.rounds.iter().flat_map(|r| r.measures.values()) {
            for line in &measure.lines {
                let known = lines
                    .iter_mut()
                    .find(|(known, _)| (known.bar, &known.what) == (line.bar, &line.what));
                match known {
                    Some((_, values)) => values.push(line.value),
                    None => lines.push((line.clone(), vec![line.value])),
                }
            }
        }
        lines.sort_by_key(|(line, _)| line.bar);
        let figure = |(line, values)| (line, Figure::of(values));
        lines.into_iter().map(figure).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        let figure = Figure::of([3.0, 1.0, 2.0]).map(|f| (f.least, f.median, f.greatest));
        assert_eq!(figure, Some((1.0, 2.0, 3.0)));
        assert_eq!(Figure::of([4.0, 1.0]).map(|f| f.median), Some(2.5));
        assert_eq!(Figure::of([]), None);
    }
}
