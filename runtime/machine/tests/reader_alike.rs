//! Documents that are built like earlier ones: a reader that knows their structure gives what one does that never read before.

mod support;

use journey_artifact::model::{Artifact, Plan, PlanNode, StrId};
use journey_artifact::word::Region;
use journey_machine::read::{Limits, Member, Prepared, Reader, read_into};
use journey_machine::record::Record;
use support::documents::{damage, pick, random_plan, value};
use support::plan::object;
use support::{Random, shape};

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

const STRINGS: &[&str] = &[
    "\"\"",
    "\"gold\"",
    "\"Ann\"",
    "\"\\u0041nn\"",
    "\"é and \\ud83d\\ude00\"",
    "\"\\ud800\"",
    "\"2024-02-29\"",
    "\"2024-02-29T10:00:00Z\"",
    "\"P1M\"",
    "\"PT2H\"",
    "\"09:00\"",
    "\"a value of more than sixteen bytes\"",
];

const SCALARS: &[&str] = &[
    "0",
    "-7",
    "1.5",
    "3.0",
    "1e999",
    "9223372036854775808",
    "true",
    "false",
    "null",
    "0.30000000000000004",
];

const KEYS: &[&str] = &[
    "a",
    "b",
    "id",
    "name",
    "\\u0061",
    "xdm:key",
    "é",
    "another key",
    "a key of more than sixteen bytes",
    "a key of more than sixteen bytez",
];

/// The same structure with other values; now and then another key, a string for a scalar, or white space.
fn alike(random: &mut Random, text: &str) -> String {
    let one_of = |random: &mut Random, n: u64| random.below(n) == 0;
    let bytes = text.as_bytes();
    let (mut out, mut at) = (String::new(), 0);
    while at < bytes.len() {
        let start = at;
        at += 1;
        if bytes[start] == b'"' {
            while bytes[at] != b'"' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            at += 1;
            let is_key = bytes.get(at) == Some(&b':');
            match is_key {
                true if one_of(random, 60) => out.push_str(&format!("\"{}\"", pick(random, KEYS))),
                false if one_of(random, 60) => out.push_str(pick(random, SCALARS)),
                false if one_of(random, 4) => out.push_str(pick(random, STRINGS)),
                _ => out.push_str(&text[start..at]),
            }
        } else if b"{}[]:, \n".contains(&bytes[start]) {
            out.push(bytes[start] as char);
            if one_of(random, 200) {
                out.push(' ');
            }
        } else {
            while at < bytes.len() && !b"{}[]:, \n".contains(&bytes[at]) {
                at += 1;
            }
            match () {
                () if one_of(random, 60) => out.push_str(pick(random, STRINGS)),
                () if one_of(random, 4) => out.push_str(pick(random, SCALARS)),
                () => out.push_str(&text[start..at]),
            }
        }
    }
    out
}

#[test]
fn what_is_alike_is_read_alike() {
    let seed = number("JOURNEY_SEED").unwrap_or(43);
    println!("JOURNEY_SEED={seed}");
    let mut random = Random(seed);
    let cases = number("JOURNEY_CASES").unwrap_or(if cfg!(miri) { 3 } else { 1_500 });
    let (mut ours, mut fresh) = (Record::default(), Record::default());
    let (mut read, mut alike_read, mut refused) = (0u64, 0u64, 0u64);
    for _ in 0..cases {
        let (artifact, plan) = random_plan(&mut random);
        let prepared = Prepared::new(&artifact, &plan).expect("a plan");
        let mut knowing = Reader::new();
        for _ in 0..4 {
            let mut first = value(&mut random, &artifact, &plan.root);
            // A key with escapes, and most documents here have one, is never read alike.
            for _ in 0..random.below(10) {
                if first.contains('\\') {
                    first = value(&mut random, &artifact, &plan.root);
                }
            }
            for turn in 0..16 {
                let mut bytes = match turn {
                    0..5 => first.clone(),
                    _ => alike(&mut random, &first),
                }
                .into_bytes();
                if turn > 5 && random.below(10) == 0 {
                    damage(&mut random, &mut bytes);
                }
                let limits = Limits {
                    nesting: if random.below(20) == 0 { 3 } else { 64 },
                    items: if random.below(10) == 0 { 2 } else { 100 },
                    ..Limits::default()
                };
                let region = [Region::Input, Region::Profile][random.below(2) as usize];
                let by = |reader: &mut Reader, record: &mut Record| {
                    read_into(reader, &prepared, &bytes, region, &limits, record)
                };
                let verdict = by(&mut knowing, &mut ours);
                let want = by(&mut Reader::new(), &mut fresh);
                let shown = String::from_utf8_lossy(&bytes);
                assert_eq!(verdict, want, "{shown}");
                assert_eq!(
                    (&ours.words, &ours.text),
                    (&fresh.words, &fresh.text),
                    "{shown}"
                );
                *if verdict.is_ok() {
                    &mut read
                } else {
                    &mut refused
                } += 1;
            }
        }
        alike_read += knowing.read_alike();
    }
    println!("{read} read, {alike_read} of them alike, {refused} refused");
    assert!(alike_read * 8 > read && refused * 9 > read || cfg!(miri));
}

/// A member is found by the shape as by a look at each.
#[test]
fn members_of_a_known_shape() {
    let limits = Limits::default();
    for (text, member) in [
        (r#"{"a":{"body":1},"header":[{"body":2}]}"#, Member::None),
        (r#"{"a":1,"body":{"body":1}}"#, Member::At(r#"{"body":1}"#)),
        (r#"{"a":1,"bodies":"body"}"#, Member::None),
        (r#"{"bod":1,"":2,"body": 3 }"#, Member::At("3")),
        (r#"{"a":1,"b\u006fdy":0}"#, Member::Unclear),
        (r#"{"a":"\n","body":"\\"}"#, Member::At(r#""\\""#)),
        (r#"{ "body" : [] }"#, Member::At("[]")),
        (r#"{"body":1,"a":[],"body":1}"#, Member::Unclear),
        (r#"[{"body":1}]"#, Member::Unclear),
        (r#"["body"]"#, Member::Unclear),
        ("{}", Member::None),
    ] {
        let mut reader = Reader::new();
        for turn in 0..5 {
            let indexed = reader.index(text.as_bytes(), &limits).expect("JSON");
            assert_eq!(indexed.member("body"), member, "{text}, {turn}");
        }
    }
}

/// Keys that are long beyond use are not kept: they are a sender's to choose.
#[test]
fn long_keys_are_not_kept() {
    let mut artifact = Artifact::default();
    let want = object(&mut artifact, Vec::new());
    let shape = shape(&mut artifact, &[]);
    let root = PlanNode {
        slot: None,
        required: false,
        want,
    };
    let plan = Plan {
        schema: StrId(0),
        shape,
        root,
    };
    let prepared = Prepared::new(&artifact, &plan).expect("a plan");
    let (limits, mut record) = (Limits::default(), Record::default());
    for (length, is_kept) in [(10, true), (16 * 1024, true), (16 * 1024 + 1, false)] {
        let text = format!("{{\"{}\":1}}", "k".repeat(length));
        let mut reader = Reader::new();
        for _ in 0..6 {
            let by = &mut reader;
            read_into(
                by,
                &prepared,
                text.as_bytes(),
                Region::Input,
                &limits,
                &mut record,
            )
            .expect("JSON");
        }
        assert_eq!(reader.read_alike() > 0, is_kept, "{length}");
    }
}
