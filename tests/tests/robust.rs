//! Half-broken files: every prefix of every example file, and many random edits of each, are parsed and checked in their package
//! without a panic, every finding lies in its file, and the answer is that of a cold start. Nor does it depend on the order in which the
//! files are given, in packages with findings and without.
//!
//! An edit is parsed on the tree before it (`Parse::edit`) and compared with a parse of the whole text; the package is checked on
//! that tree, and every so often from nothing at all. `JOURNEY_EDITS` says how many edits a file gets (10,000 unless it is set).

mod mutate;

use journey_grammar::{Parse, parse};
use journey_tests::packages;
use journeyc::check::{self, Ground};
use journeyc::diag::Diagnostic;
use journeyc::package::PackageInput;
use journeyc::source::{FileId, SourceFile, Sources};
use mutate::{Random, mutation};
use std::sync::Mutex;
use std::time::Instant;

const SEED: u64 = 20_261_123;
/// How often a check from nothing is compared: it imports the schemas and parses every file again.
const FROM_NOTHING: usize = 100;

/// A package whose ground and trees are at hand, and the one file that changes.
struct Bench {
    input: PackageInput,
    ground: Ground,
    trees: Vec<(FileId, Parse)>,
    file: FileId,
}

impl Bench {
    fn all() -> Vec<Bench> {
        let mut benches = Vec::new();
        for name in packages::EXAMPLES {
            let input = packages::example(name);
            let ground = check::prepare(&input);
            let trees: Vec<(FileId, Parse)> = input
                .journey_files()
                .map(|(id, f)| (id, parse(&f.text)))
                .collect();
            for (file, _) in &trees {
                benches.push(Bench {
                    input: input.clone(),
                    ground: ground.clone(),
                    trees: trees.clone(),
                    file: *file,
                });
            }
        }
        assert!(benches.len() >= 9, "the examples have files");
        benches
    }

    fn path(&self) -> &str {
        &self.input.sources.get(self.file).path
    }

    fn text(&self) -> &str {
        &self.input.sources.get(self.file).text
    }

    fn cold_tree(&self) -> &Parse {
        let found = self.trees.iter().find(|(id, _)| *id == self.file);
        &found.expect("the file is parsed").1
    }

    /// The findings about the package with this tree in the place of the file's own.
    fn check(&self, tree: &Parse, from_nothing: bool) -> Vec<Diagnostic> {
        let text = tree.tree.text();
        let input = packages::with_file(&self.input, self.path(), text);
        let trees = self.trees.iter().map(|(id, old)| match *id == self.file {
            true => (*id, tree.clone()),
            false => (*id, old.clone()),
        });
        let found = check::check_on(&self.ground, &input, trees.collect()).diagnostics;
        if from_nothing {
            let cold = check::check(&input).diagnostics;
            assert!(
                found == cold,
                "{}: another answer from cold for\n{text}",
                self.path()
            );
        }
        for d in &found {
            let edits = d.fix.iter().flat_map(|f| f.edits.iter().map(|e| e.span));
            let related = d.related.iter().map(|(span, _)| *span);
            for span in related.chain(edits).chain([d.span]) {
                let text = &input.sources.get(span.file).text;
                let (start, end) = (span.start as usize, span.end as usize);
                assert!(
                    text.get(start..end).is_some(),
                    "{}: {d:?} lies nowhere in\n{text}",
                    self.path()
                );
            }
        }
        found
    }
}

fn same_as_cold(edited: &Parse, what: &str) {
    let cold = parse(edited.tree.text());
    assert!(
        edited.tree == cold.tree,
        "{what}: another tree than from cold for\n{}",
        edited.tree.text()
    );
    assert!(
        edited.errors == cold.errors,
        "{what}: other errors than from cold for\n{}",
        edited.tree.text()
    );
}

/// Runs `work` on every bench, on as many threads as there are processors, and says how long it took.
fn on_all(what: &str, work: impl Fn(&Bench) -> usize + Sync) {
    let start = Instant::now();
    let mut benches = Bench::all();
    benches.sort_by_key(|b| b.text().len());
    let queue = Mutex::new(benches);
    let threads = std::thread::available_parallelism()
        .map_or(2, usize::from)
        .min(8);
    let total: usize = std::thread::scope(|scope| {
        let run = || {
            let mut done = 0;
            loop {
                let Some(bench) = queue.lock().expect("no panic beside").pop() else {
                    break done;
                };
                done += work(&bench);
            }
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        running
            .into_iter()
            .map(|t| t.join().expect("no panic, no overflow"))
            .sum()
    });
    println!("{what}: {total} texts in {:.1?}", start.elapsed());
}

#[test]
fn every_prefix_is_parsed_and_checked() {
    on_all("prefixes", |bench| {
        let mut tree = parse("");
        let mut done = 0;
        for c in bench.text().chars() {
            let end = tree.tree.text().len() as u32;
            tree = tree.edit(journey_grammar::Span::at(end), c.encode_utf8(&mut [0; 4]));
            same_as_cold(&tree, bench.path());
            bench.check(&tree, done % FROM_NOTHING == 0);
            done += 1;
        }
        assert!(
            tree.tree == bench.cold_tree().tree,
            "the last prefix is the whole"
        );
        done
    });
}

#[test]
fn random_edits_are_parsed_and_checked_as_from_cold() {
    let edits = std::env::var("JOURNEY_EDITS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(10_000);
    println!("seed {SEED}, {edits} edits of each file");
    on_all("edits", |bench| {
        let mut random = Random::new(SEED ^ bench.text().len() as u64);
        let mut tree = bench.cold_tree().clone();
        for n in 0..edits {
            // Some edits meet the file as it is, some what edits before them left of it.
            if random.below(3) == 0 || tree.tree.text().len() > 2 * bench.text().len() + 1_000 {
                tree = bench.cold_tree().clone();
            }
            let (range, replacement) = mutation(&tree.tree, &mut random);
            tree = tree.edit(range, &replacement);
            same_as_cold(&tree, bench.path());
            bench.check(&tree, n % FROM_NOTHING == 0);
        }
        edits
    });
}

#[test]
fn the_answer_is_the_same_whatever_the_order_of_the_files() {
    let mut random = Random::new(SEED);
    for folder in [
        "examples/retail",
        "examples/resort",
        "tests/fixtures/mistakes",
        "tests/fixtures/promises",
    ] {
        let input = packages::package(&packages::root().join(folder));
        let mut files: Vec<SourceFile> = input.sources.iter().map(|(_, f)| f.clone()).collect();
        let mut answers = Vec::new();
        for _ in 0..4 {
            for at in 1..files.len() {
                files.swap(at, random.below(at + 1));
            }
            let input = PackageInput {
                sources: Sources::new(files.clone()),
                environment: None,
            };
            let analysis = check::check(&input);
            let findings = analysis.diagnostics.iter().map(|found| {
                let path = &input.sources.get(found.span.file).path;
                format!("{path}: {found:?}")
            });
            let findings: Vec<String> = findings.collect();
            let bytes = (!analysis.has_errors()).then(|| packages::compile(&input).1);
            answers.push((findings, bytes));
        }
        let same = answers.iter().all(|answer| *answer == answers[0]);
        assert!(same, "{folder}");
    }
}
