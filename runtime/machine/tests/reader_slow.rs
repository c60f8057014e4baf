//! The reader against the slow one: random plans over documents made for them, sound and damaged.

mod support;

use journey_artifact::word::Region;
use journey_machine::read::{Limits, Prepared, Reader, RejectCode, Rejection, read_into};
use journey_machine::record::Record;
use journey_machine::value::{from_row, to_json};
use support::documents::{damage, random_plan, value};
use support::{Random, slow};

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Whether one may refuse so where the other refuses so. The reader looks at the whole text first, and at an item that is
/// one too many not at all.
fn same(fast: &Rejection, slow: &Rejection, bytes: &[u8]) -> bool {
    let is_json = std::str::from_utf8(bytes)
        .is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
    match fast.code {
        RejectCode::TooDeep => slow.code == RejectCode::TooDeep || !is_json,
        RejectCode::Syntax if !is_json => true,
        RejectCode::Syntax => {
            (slow.code, &slow.path, &slow.expected) == (fast.code, &fast.path, &fast.expected)
        }
        RejectCode::TooManyItems => {
            slow.path.starts_with(&fast.path) || slow.code == RejectCode::Syntax
        }
        _ => fast == slow,
    }
}

#[test]
fn agrees_with_the_slow_reader() {
    let seed = number("JOURNEY_SEED").unwrap_or(41);
    println!("JOURNEY_SEED={seed}");
    let mut random = Random(seed);
    let cases = number("JOURNEY_CASES").unwrap_or(if cfg!(miri) { 1 } else { 3_000 });
    let (mut reader, mut record) = (Reader::new(), Record::default());
    let (mut read, mut refused) = (0, 0);
    for _ in 0..cases {
        let (artifact, plan) = random_plan(&mut random);
        let prepared = Prepared::new(&artifact, &plan).expect("a plan");
        for _ in 0..12 {
            let mut bytes = value(&mut random, &artifact, &plan.root).into_bytes();
            if random.below(3) == 0 {
                damage(&mut random, &mut bytes);
            }
            let limits = Limits {
                nesting: if random.below(10) == 0 { 3 } else { 64 },
                items: if random.below(10) == 0 { 2 } else { 100 },
                ..Limits::default()
            };
            let shown = String::from_utf8_lossy(&bytes);
            let slow = slow::read(&artifact, &plan, &bytes, Region::Input, &limits);
            let fast = read_into(
                &mut reader,
                &prepared,
                &bytes,
                Region::Input,
                &limits,
                &mut record,
            );
            match (fast, slow) {
                (Ok(()), Ok(slow)) => {
                    let json =
                        |record| to_json(&from_row(&artifact, record, plan.shape).expect("a row"));
                    assert_eq!(json(&record), json(&slow), "{shown}");
                    read += 1;
                }
                (Err(fast), Err(slow)) => {
                    assert!(same(&fast, &slow, &bytes), "{fast}\n{slow}\n{shown}");
                    refused += 1;
                }
                (fast, slow) => panic!("{fast:?}\n{slow:?}\n{shown}"),
            }
        }
    }
    assert!(
        read * 5 > refused && refused * 5 > read,
        "{read} read, {refused} refused"
    );
}
