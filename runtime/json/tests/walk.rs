//! Moving through a document gives what `serde_json` reads: members in their order, text, numbers.

mod support;

use journey_json::{Index, Level};
use support::tree::{theirs, tree};
use support::{Random, cases, document};

#[test]
fn a_tree_of_all_that_is_met() {
    let mut random = Random::seeded(51);
    let mut indices: Vec<Index> = Level::all().iter().map(|level| Index::at(*level)).collect();
    for _ in 0..cases(20_000) {
        let text = document(&mut random);
        let want = theirs(&text);
        for index in &mut indices {
            let document = index.read(text.as_bytes(), 64).expect("generated JSON");
            assert_eq!(tree(&document, document.root()), want, "{text}");
        }
    }
}

#[test]
fn numbers_are_the_nearest_doubles() {
    let mut random = Random::seeded(52);
    let mut index = Index::new();
    let mut check = |text: &str| {
        let around = format!("[{text},{text} ,{text}]");
        let document = index.read(around.as_bytes(), 1).expect(text);
        let mut rest = document.inside(document.root());
        while let Some(number) = document.next_item(&mut rest) {
            let want: f64 = text.parse().expect(text);
            assert_eq!(document.double(number).to_bits(), want.to_bits(), "{text}");
            let integer = text.parse::<i64>().ok().filter(|_| text != "-0");
            assert_eq!(document.integer(number), integer, "{text}");
            assert_eq!(document.scalar(number), text);
        }
    };
    for text in [
        "0",
        "-0",
        "-0.0",
        "1.0",
        "0.1",
        "12345678",
        "-1234567",
        "-12345678",
        "123456.7",
        "0.000001",
        "-0.00001",
        "1e23",
        "5e-324",
        "2.2250738585072011e-308",
        "1e400",
        "-1e400",
        "9007199254740993",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "99999999999999999999",
        "0e0",
    ] {
        check(text);
    }
    for _ in 0..cases(50_000) {
        let whole = random.next() >> (1 + random.below(63));
        let sign = ["", "-"][random.below(2)];
        let places = random.below(9);
        let text = match random.below(4) {
            0 => format!("{sign}{whole}"),
            1 => format!(
                "{sign}{}.{:0places$}",
                whole % 10_000,
                whole % 10u64.pow(places as u32),
                places = places.max(1)
            ),
            2 => format!("{sign}{whole}e{}", random.below(60) as i64 - 30),
            _ => {
                let double = f64::from_bits(random.next());
                if !double.is_finite() {
                    continue;
                }
                format!("{double:?}")
            }
        };
        check(&text);
    }
}

#[test]
fn half_a_surrogate_pair_has_a_place() {
    let mut index = Index::new();
    for (text, at) in [
        (r#"["\ud800"]"#, 2),
        (r#"["ab\udc00\ud800"]"#, 4),
        (r#"["\ud83d\ude00\ud83dx"]"#, 14),
        (r#"["\ud800\u0041"]"#, 2),
        (r#"["\ud800\n"]"#, 2),
    ] {
        let document = index.read(text.as_bytes(), 1).expect(text);
        let item = document
            .next_item(&mut document.inside(document.root()))
            .expect("an item");
        let mut out = String::new();
        assert_eq!(
            document.unescape(document.string(item), &mut out),
            Err(at),
            "{text}"
        );
    }
}
