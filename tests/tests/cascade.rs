//! One slip, one finding: every token of the example files is left out once, and what is then told is counted.
//!
//! A slip may mean two things that are wrong (a name that is gone and was the only use of another), so a few tell two; none tells many.

use journey_grammar::parse;
use journey_tests::packages;
use journeyc::check;

/// Slips of a thousand that may tell more than one finding.
const MORE_THAN_ONE: usize = 25;
/// Findings that one slip may tell at most.
const MOST: usize = 6;

#[test]
fn one_token_left_out_is_told_once() {
    // How many slips told how many findings, and what those of several told.
    let (mut slips, mut findings, mut several) = (0, 0, Vec::new());
    for name in packages::EXAMPLES {
        let input = packages::example(name);
        let ground = check::prepare(&input);
        let trees: Vec<_> = input
            .journey_files()
            .map(|(id, f)| (id, parse(&f.text)))
            .collect();
        for (id, tree) in &trees {
            let path = &input.sources.get(*id).path;
            for token in tree.tree.tokens().iter().filter(|t| !t.kind.is_trivia()) {
                let edited = tree.edit(token.span, " ");
                let changed = packages::with_file(&input, path, edited.tree.text());
                let with_it = trees.iter().map(|(other, old)| match other == id {
                    true => (*other, edited.clone()),
                    false => (*other, old.clone()),
                });
                let found = check::check_on(&ground, &changed, with_it.collect()).diagnostics;
                slips += 1;
                findings += found.len();
                if found.len() > 1 {
                    let (line, column) = input.sources.line_column(*id, token.span.start);
                    let told: Vec<String> = found
                        .iter()
                        .map(|d| format!("{} {}", d.code, d.message))
                        .collect();
                    let word = tree.tree.token_text(*token);
                    several.push((
                        told.len(),
                        format!(
                            "{name}/{path}:{line}:{column} `{word}`: {}",
                            told.join("; ")
                        ),
                    ));
                }
            }
        }
    }
    several.sort_by(|a, b| b.cmp(a));
    println!(
        "{slips} slips, {findings} findings, {} of several",
        several.len()
    );
    several
        .iter()
        .take(40)
        .for_each(|(n, what)| println!("{n} {what}"));
    assert!(slips > 3_000, "only {slips} slips");
    assert!(
        several.len() * 1_000 <= slips * MORE_THAN_ONE,
        "too many tell more than one"
    );
    assert!(
        several.iter().all(|(n, _)| *n <= MOST),
        "{:?}",
        several.first()
    );
}
