//! Documents whose structure came before: they are what they would be to an index that never read anything.

mod support;

use journey_json::{Index, Level};
use support::tree::{theirs, tree};
use support::{Random, SCALARS, cases, damage, document, string};

/// The tokens of a document, white space left out.
fn tokens(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        at += 1;
        match bytes[start] {
            b'"' => {
                while bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b' ' | b'\t' | b'\r' | b'\n' => continue,
            byte if b"{}[],:".contains(&byte) => {}
            _ => {
                let rest = bytes[at..].iter();
                at += rest
                    .take_while(|byte| !b"{}[],: \t\r\n\"".contains(byte))
                    .count();
            }
        }
        tokens.push(&text[start..at]);
    }
    tokens
}

/// The same structure with other strings, literals, numbers and white space; `slips` of its tokens are of another kind.
fn alike(random: &mut Random, tokens: &[&str], slips: usize) -> String {
    let slips: Vec<usize> = (0..slips).map(|_| random.below(tokens.len())).collect();
    let mut out = String::new();
    for (number, token) in tokens.iter().enumerate() {
        let other = random.pick(&["{", "}", "[", "]", ",", ":", "\"\"", "7", "tru", "01", ""]);
        match token.as_bytes()[0] {
            _ if slips.contains(&number) => out.push_str(other),
            b'"' => out.push_str(&string(random)),
            byte if b"{}[],:".contains(&byte) => out.push_str(token),
            _ => out.push_str(random.pick(SCALARS)),
        }
        if random.below(20) == 0 {
            out.push_str(random.pick(&[" ", "\n\t", "          "]));
        }
    }
    out
}

#[test]
fn a_known_shape_changes_nothing() {
    let mut random = Random::seeded(61);
    let (mut known, mut good, mut bad) = (0, 0, 0);
    for _ in 0..cases(if cfg!(miri) { 4 } else { 4_000 }) {
        let text = document(&mut random);
        let tokens = tokens(&text);
        for level in Level::all() {
            let mut index = Index::at(*level);
            for turn in 0..12 {
                let slips = if turn % 4 == 3 {
                    1 + random.below(2)
                } else {
                    0
                };
                let mut bytes = alike(&mut random, &tokens, slips).into_bytes();
                // What is damaged may mean nothing: half a surrogate pair, a number beyond all doubles.
                let whole = turn % 4 < 2;
                if turn % 4 == 2 {
                    damage(&mut random, &mut bytes);
                }
                let nesting = if random.below(8) == 0 {
                    random.below(5)
                } else {
                    64
                };
                let shown = String::from_utf8_lossy(&bytes);
                let mut fresh = Index::at(*level);
                match (index.read(&bytes, nesting), fresh.read(&bytes, nesting)) {
                    (Ok(document), Ok(_)) => {
                        if whole {
                            let want = theirs(document.text());
                            assert_eq!(tree(&document, document.root()), want, "{shown}");
                        }
                        known += usize::from(document.shape().is_some());
                        if document.members_named("").is_some() {
                            let mut rest = document.inside(document.root());
                            let members = std::iter::from_fn(|| document.next_member(&mut rest));
                            let members: Vec<_> = members
                                .map(|(key, value)| (document.raw(key), value))
                                .collect();
                            let names = members.iter().map(|(name, _)| *name);
                            for name in names.chain(["", "a", "none of these"]) {
                                let mut same = members.iter().filter(|(key, _)| *key == name);
                                let two = [same.next(), same.next()]
                                    .map(|found| found.map(|(_, value)| *value));
                                assert_eq!(document.members_named(name), Some(two), "{shown}");
                            }
                        }
                        good += 1;
                    }
                    (Err(ours), Err(theirs)) => {
                        assert_eq!(ours, theirs, "{shown}");
                        bad += 1;
                    }
                    (ours, theirs) => panic!("{ours:?}, {theirs:?} of {shown}"),
                }
            }
        }
    }
    assert!(
        known * 4 > good && bad * 9 > good,
        "{known} known of {good}, {bad} bad"
    );
}

/// More structures than are kept, in turn: none is taken for another, and those that come often are known.
#[test]
fn many_shapes() {
    let mut index = Index::new();
    let mut known = 0;
    let (rounds, structures) = if cfg!(miri) { (2, 20) } else { (6, 300) };
    for _ in 0..rounds {
        for count in 0..structures {
            let often = [r#"{"a":[1,2,{}],"b":"c"}"#, r#"{"a":[1,"",{}],"b":1}"#][count % 2];
            let document = index.read(often.as_bytes(), 64).expect("JSON");
            known += usize::from(document.shape().is_some());
            assert_eq!(tree(&document, document.root()), theirs(often));
            let text = format!("[{}[]]", "{\"k\":0},".repeat(count));
            let document = index.read(text.as_bytes(), 64).expect("JSON");
            assert_eq!(tree(&document, document.root()), theirs(&text));
        }
    }
    // Each of the two has to come twice before.
    assert!(known + 4 >= rounds * structures, "{known}");
}

/// However often it comes: memory does not grow with what comes in.
#[test]
fn a_structure_of_too_many_tokens_is_not_kept() {
    let (most, more) = (",1".repeat(1_022), ",1".repeat(1_023));
    for (text, kept) in [(format!("[[]{most}]"), true), (format!("[1{more}]"), false)] {
        assert_eq!(tokens(&text).len() <= 2_048, kept);
        let mut index = Index::new();
        let mut read = || {
            index
                .read(text.as_bytes(), 64)
                .map(|it| it.shape().is_some())
        };
        assert_eq!([read(), read(), read()], [Ok(false), Ok(false), Ok(kept)]);
    }
}
