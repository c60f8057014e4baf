//! Nothing that is written is left out in silence: a number, a text or a name that changes makes another program, and another
//! artifact unless it stands in a test, or it is a finding.
//!
//! Each token of the files is changed by itself into others of its length, so that every span stays, and all that are no finding must
//! come to something else than the file and than one another. A text is also given a value written into it, `{1}` and `{2}`: where
//! only a name can stand, what it names may not just be left out.

use journey_grammar::kind::SyntaxKind;
use journey_grammar::parse;
use journey_tests::packages;
use journeyc::check::{self, Ground};
use journeyc::lower;
use journeyc::package::PackageInput;
use journeyc::source::Sources;

/// What a package comes to: the program, the artifact's bytes.
type Made = (String, Vec<u8>);

/// `None` when there is a finding.
fn made(ground: &Ground, input: &PackageInput) -> Option<Made> {
    let trees = input
        .journey_files()
        .map(|(id, f)| (id, parse(&f.text)))
        .collect();
    let analysis = check::check_on(ground, input, trees);
    if !analysis.diagnostics.is_empty() {
        return None;
    }
    let artifact = lower::lower(&analysis.program, &analysis.registry, &input.sources).ok()?;
    let bytes = journey_artifact::write(&artifact);
    Some((format!("{:?}", analysis.program), bytes))
}

/// The texts of the same length that a token is changed into.
fn others(kind: SyntaxKind, text: &str) -> Vec<String> {
    let with = |at: usize, len: usize, by: &str| {
        let mut changed = text.to_owned();
        changed.replace_range(at..at + len, by);
        changed
    };
    let digit = |at: usize| {
        let old = text.as_bytes()[at] - b'0';
        with(at, 1, &(old % 9 + 1).to_string())
    };
    let letter = |at: usize| {
        with(
            at,
            1,
            if text.as_bytes()[at] == b'q' {
                "z"
            } else {
                "q"
            },
        )
    };
    match kind {
        SyntaxKind::Integer
        | SyntaxKind::Decimal
        | SyntaxKind::Duration
        | SyntaxKind::Date
        | SyntaxKind::Time
        | SyntaxKind::DateTime
        | SyntaxKind::DateTimeOnly => {
            let digits = text.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit());
            digits.map(|(at, _)| digit(at)).collect()
        }
        SyntaxKind::Word => vec![letter(text.len() - 1)],
        SyntaxKind::RawString => vec![letter(text.len() - 2)],
        SyntaxKind::StringText if text.is_ascii() => {
            let mut all = vec![letter(text.len() - 1)];
            if text.len() >= 3 {
                all.extend([with(0, 3, "{1}"), with(0, 3, "{2}")]);
            }
            all
        }
        _ => Vec::new(),
    }
}

/// What is left out in silence in the file of this path, line by line; and how many changes were tried.
fn unheeded(input: &PackageInput, path: &str) -> (Vec<String>, usize) {
    let ground = check::prepare(input);
    let before = made(&ground, input).unwrap_or_else(|| {
        let found = check::check(input).diagnostics;
        panic!("{path} has findings: {found:#?}")
    });
    let id = input.sources.find(path).expect("the file");
    let text = input.sources.get(id).text.to_string();
    let tree = parse(&text).tree;
    let (mut left, mut tried, mut tests) = (Vec::new(), 0, 0..0);
    for token in tree.tokens() {
        let (start, end) = (token.span.start as usize, token.span.end as usize);
        if &text[start..end] == "test" && text[..start].ends_with('\n') {
            tests = start..start + text[start..].find("\n}").expect("a test's end");
        }
        let mut seen = vec![before.clone()];
        for other in others(token.kind, &text[start..end]) {
            tried += 1;
            let changed = format!("{}{other}{}", &text[..start], &text[end..]);
            let Some(after) = made(&ground, &packages::with_file(input, path, &changed)) else {
                continue;
            };
            let told = |m: &Made| m.0 != after.0 && (m.1 != after.1 || tests.contains(&start));
            if !seen.iter().all(told) {
                let line = text[..start].matches('\n').count() + 1;
                left.push(format!(
                    "{path}:{line}: `{}` as `{other}`",
                    &text[start..end]
                ));
            }
            seen.push(after);
        }
    }
    (left, tried)
}

#[test]
fn every_number_text_and_name_of_the_examples_is_heeded() {
    for name in packages::EXAMPLES {
        let input = packages::example(name);
        let paths: Vec<String> = input.journey_files().map(|(_, f)| f.path.clone()).collect();
        for path in paths {
            let (left, tried) = unheeded(&input, &path);
            assert_eq!(left, Vec::<String>::new(), "of {name}");
            assert!(tried > 10, "{path} has tokens");
        }
    }
}

/// A page that has each kind of line, beside the sound declarations.
fn everything() -> PackageInput {
    let root = packages::root().join("tests/fixtures");
    let (base, more) = (
        packages::package(&root.join("mistakes")),
        packages::package(&root.join("heeded")),
    );
    let files = base.sources.iter().chain(more.sources.iter());
    let sound = files.filter(|(_, f)| {
        !f.path.ends_with(".journey")
            || ["base.journey", "everything.journey"].contains(&f.path.as_str())
    });
    PackageInput {
        sources: Sources::new(sound.map(|(_, f)| f.clone()).collect()),
        environment: None,
    }
}

#[test]
fn every_number_text_and_name_of_each_kind_of_line_is_heeded() {
    let (left, tried) = unheeded(&everything(), "everything.journey");
    assert_eq!(left, Vec::<String>::new());
    assert!(tried > 500, "{tried} changes");
}

#[test]
fn every_line_that_stands_twice_is_two_or_told() {
    let (input, path) = (everything(), "everything.journey");
    let ground = check::prepare(&input);
    let id = input.sources.find(path).expect("the file");
    let text = input.sources.get(id).text.to_string();
    // The program without its source map, and how much the tests say.
    let comes_to = |text: &str| {
        let input = packages::with_file(&input, path, text);
        let trees = input.journey_files();
        let trees = trees.map(|(id, f)| (id, parse(&f.text))).collect();
        let analysis = check::check_on(&ground, &input, trees);
        if !analysis.diagnostics.is_empty() {
            return None;
        }
        let artifact = lower::lower(&analysis.program, &analysis.registry, &input.sources).ok()?;
        let bytes = journey_artifact::write(&artifact);
        let hash = journey_artifact::read(&bytes).expect("ours").program_hash();
        let tests = analysis.program.tests.iter();
        Some((hash, tests.map(|t| t.statements.len()).sum::<usize>()))
    };
    let before = comes_to(&text).expect("a sound page");
    let (mut left, mut tried) = (Vec::new(), 0);
    let parsed = parse(&text);
    let nodes = parsed.tree.root().descendants();
    for line in nodes
        .filter(|n| n.kind() == SyntaxKind::Block)
        .flat_map(|block| block.children())
    {
        tried += 1;
        let end = line.span().end as usize;
        let twice = format!("{}\n{}{}", &text[..end], line.text(), &text[end..]);
        if comes_to(&twice).is_some_and(|after| after == before) {
            left.push(line.text().to_string());
        }
    }
    assert_eq!(left, Vec::<String>::new());
    assert!(tried > 80, "{tried} lines");
}
