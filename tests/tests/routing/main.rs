//! Routing equals the naive way: every declaration of every program tried on a document read by its own plan.
//!
//! Random deployments (packages of several versions, schemas whose versions disagree about types, enums and what must be
//! there) meet random documents, many of them broken. `JOURNEY_SEED` runs one seed, `JOURNEY_CASES` more of them.

#[path = "../differential/rng.rs"]
mod rng;

mod document;
mod naive;
mod package;

use journey_artifact::{Verified, verify};
use journey_machine::advance::{Cause, Input, advance};
use journey_machine::deployment::{Deployment, ProfileRecord, Scanned, Scanner};
use journey_machine::ids::Instant;
use journey_machine::person::Person;
use journey_machine::read::Limits;
use rng::Rng;
use std::collections::BTreeSet;

const NOW: Instant = Instant(1_772_445_600_000);
const DEPLOYMENTS: u64 = 60;
const DOCUMENTS: usize = 150;

fn seeds() -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    match number("JOURNEY_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("JOURNEY_CASES").unwrap_or(DEPLOYMENTS)).collect(),
    }
}

/// What came of the documents of all seeds: a test that finds nothing proves nothing.
#[derive(Default)]
struct Seen {
    matches: usize,
    nobody: usize,
    faults: usize,
    refused: usize,
    partly: usize,
    entered: usize,
    /// Who met an event with a profile that some programs can read and others not.
    known_to_some: usize,
}

#[test]
fn routing_equals_trying_every_declaration() {
    let mut seen = Seen::default();
    for seed in seeds() {
        let mut rng = Rng::new(seed);
        let programs = package::deployment(&mut rng);
        let deployment = Deployment::new(programs.clone()).expect("loads");
        let alone: Vec<Deployment> = programs.iter().map(stripped).collect();
        let naive = naive::Naive::new(programs);
        let (mut scanner, mut scanned) = (Scanner::default(), Scanned::default());
        for number in 0..DOCUMENTS {
            let json = document::event(&mut rng);
            let said = format!("JOURNEY_SEED={seed}, document {number}: {json}");
            let bytes = json.as_bytes();
            let result = scanner.scan(&deployment, bytes, NOW, &Limits::default(), &mut scanned);
            let expected = naive.scan(bytes, NOW);
            match (&result, &expected.result) {
                (Ok(()), Ok(())) => {}
                (Err(found), Err(_)) => {
                    let known = expected.rejections.iter().any(|(_, why)| why == found);
                    assert!(known, "{said}\n{found}");
                    seen.refused += 1;
                    continue;
                }
                other => panic!("{said}\n{other:?}"),
            }
            let found: Vec<naive::Found> = scanned.matches.iter().map(naive::Found::from).collect();
            assert_eq!(found, expected.matches, "{said}");
            let nobody = scanned.unaddressed.iter();
            let nobody: Vec<_> = nobody.map(|it| (it.program, it.event, it.fault)).collect();
            assert_eq!(nobody, expected.unaddressed, "{said}");
            let schemas = |all: &[(String, _)]| -> BTreeSet<String> {
                all.iter().map(|(schema, _)| schema.clone()).collect()
            };
            assert_eq!(
                schemas(&scanned.rejections),
                schemas(&expected.rejections),
                "{said}"
            );
            seen.matches += found.len();
            seen.nobody += nobody.len();
            seen.faults += nobody.iter().filter(|(.., fault)| *fault).count();
            seen.partly += usize::from(!scanned.rejections.is_empty());
            enters_as_alone(
                &mut rng,
                &deployment,
                &alone,
                (bytes, &scanned),
                &said,
                &mut seen,
            );
        }
    }
    let all = [
        seen.matches,
        seen.nobody,
        seen.faults,
        seen.refused,
        seen.partly,
        seen.entered,
        seen.known_to_some,
    ];
    println!("matches, nobody, faults, refused, partly refused, entered, known to some: {all:?}");
    if std::env::var("JOURNEY_SEED").is_err() {
        assert!(all.iter().all(|count| *count > 50), "{all:?}");
    }
}

/// A program alone, without what an index could look up.
fn stripped(program: &Verified) -> Deployment {
    let mut artifact = program.clone().into_artifact();
    for event in &mut artifact.events {
        event.discriminators.clear();
    }
    for entry in artifact.journeys.iter_mut().flat_map(|it| &mut it.entries) {
        entry.discriminators.clear();
    }
    let verified = verify(artifact).expect("less to look up is no harm");
    Deployment::new(vec![verified]).expect("loads")
}

/// Whoever meets the event enters the same journeys as in each program alone, whatever others make of the profile.
fn enters_as_alone(
    rng: &mut Rng,
    deployment: &Deployment,
    alone: &[Deployment],
    (bytes, scanned): (&[u8], &Scanned),
    said: &str,
    seen: &mut Seen,
) {
    let profile = document::profile(rng);
    let read = ProfileRecord::scan(deployment, profile.as_bytes());
    let is_known_to_some = read.is_ok_and(|read| read.rejections().next().is_some());
    for (namespace, id) in scanned.people() {
        let together = entered(deployment, scanned, &profile, namespace, id);
        let mut apart = Vec::new();
        for (program, own) in alone.iter().enumerate() {
            if !deployment.programs()[program].admits() {
                continue;
            }
            let Ok(scanned) = own.scan(bytes, NOW) else {
                continue;
            };
            for (_, journey, code) in entered(own, &scanned, &profile, namespace, id) {
                apart.push((program, journey, code));
            }
        }
        assert_eq!(together, apart, "{said}\nprofile {profile}");
        seen.entered += together.len();
        seen.known_to_some += usize::from(is_known_to_some);
    }
}

/// The moves of somebody new who meets the event: program, journey, status and code.
fn entered(
    deployment: &Deployment,
    scanned: &Scanned,
    profile: &str,
    namespace: &str,
    id: &str,
) -> Vec<(usize, u32, String)> {
    // Whoever cannot read it knows nothing, whatever others can.
    let profile = ProfileRecord::scan(deployment, profile.as_bytes())
        .unwrap_or_else(|_| ProfileRecord::empty(deployment));
    let mut person = Person::new(namespace, id);
    let input = Input::new(&profile, Cause::Event(scanned));
    let effects = advance(deployment, &mut person, input, NOW);
    let steps = effects.steps.iter();
    steps
        .map(|step| {
            let program = deployment.find(step.journey.program).expect("in force");
            let what = format!("{:?} {:?} {:?}", step.status, step.code, step.label);
            (program, step.journey.journey, what)
        })
        .collect()
}
