//! The examples' event files: the generator writes them to the byte, and they are what they claim to be.

use journey_tests::generate::{Generated, generate};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The seed the committed files were written with.
const SEED: u64 = 7;

fn committed(package: &Generated, name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(package.package)
        .join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn events(package: &Generated) -> Vec<Value> {
    package
        .events
        .lines()
        .map(|line| serde_json::from_str(line).expect("an event is JSON"))
        .collect()
}

fn text<'a>(event: &'a Value, pointer: &str) -> Option<&'a str> {
    event.pointer(pointer).and_then(Value::as_str)
}

#[test]
fn the_committed_files_are_those_of_the_seed() {
    for package in generate(SEED) {
        let write =
            "run `cargo run -p journey-tests --bin generate-examples -- --seed 7 --out examples`";
        assert!(
            committed(&package, "events.ndjson") == package.events,
            "{}/events.ndjson differs: {write}",
            package.package
        );
        assert!(
            committed(&package, "profiles.ndjson") == package.profiles,
            "{}/profiles.ndjson differs: {write}",
            package.package
        );
    }
    assert_ne!(generate(SEED), generate(SEED + 1), "the seed decides");
}

#[test]
fn events_are_many_in_order_and_of_real_size() {
    for package in generate(SEED) {
        let events = events(&package);
        assert!(
            events.len() >= 2_000,
            "{} has {} events",
            package.package,
            events.len()
        );
        assert!(package.profiles.lines().count() >= 300);
        let sizes: Vec<usize> = package.events.lines().map(str::len).collect();
        let (least, most) = (
            sizes.iter().min().copied().unwrap_or(0),
            sizes.iter().max().copied().unwrap_or(0),
        );
        assert!(
            least >= 2_000 && most <= 4_500,
            "{}: {least}..{most} bytes",
            package.package
        );
        let times: Vec<&str> = events
            .iter()
            .filter_map(|event| text(event, "/timestamp"))
            .collect();
        assert_eq!(times.len(), events.len());
        assert!(
            times.is_sorted(),
            "{} is not in order of time",
            package.package
        );
    }
}

#[test]
fn events_hold_what_real_streams_hold() {
    for package in generate(SEED) {
        let events = events(&package);
        let ids: BTreeSet<&str> = events
            .iter()
            .filter_map(|event| text(event, "/_id"))
            .collect();
        assert!(
            ids.len() + 5 < events.len(),
            "{}: some events arrive twice",
            package.package
        );
        let wrong = events
            .iter()
            .filter(|event| {
                text(event, "/eventType").is_none()
                    || text(event, "/identityMap/ECID/0/id").is_none()
            })
            .count();
        assert!(wrong >= 3, "{}: some events are broken", package.package);
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for kind in events.iter().filter_map(|event| text(event, "/eventType")) {
            *kinds.entry(kind).or_default() += 1;
        }
        let wanted: &[&str] = match package.package {
            "retail" => &[
                "commerce.productListAdds",
                "commerce.purchases",
                "web.webinteraction.linkClicks",
            ],
            _ => &["location.entry", "resort.checkOut"],
        };
        for kind in wanted {
            assert!(
                kinds.get(kind).copied().unwrap_or(0) >= 40,
                "{}: {kind} in {kinds:?}",
                package.package
            );
        }
        let people: BTreeSet<&str> = events
            .iter()
            .filter_map(|event| text(event, "/identityMap/ECID/0/id"))
            .collect();
        let known: BTreeSet<String> = package
            .profiles
            .lines()
            .filter_map(|line| {
                Some(text(&serde_json::from_str(line).ok()?, "/identityMap/ECID/0/id")?.to_owned())
            })
            .collect();
        assert!(
            people.iter().all(|person| known.contains(*person)),
            "{}: every person has a profile",
            package.package
        );
    }
}
