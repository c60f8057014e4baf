//! Bar 5: one event against 10, 100, 1,000, 10,000 deployed journeys, of which three match.
//!
//! Comes in: nothing; packages are written here and compiled. Goes out: for each way to deploy so many journeys, the time of a
//! scan and of a whole decision (profile, scan, one person advanced), ratios to the smallest, memory and time to deploy.
//! Never true here: a figure of an event that did not enter exactly three journeys.

mod packages;

use bench_core::allocator::counted;
use bench_core::clock::{Clock, thread_ns};
use bench_core::report::{Line, Measure};
use journey_artifact::read;
use journey_machine::advance::{Cause, Input, advance};
use journey_machine::deployment::{Deployment, ProfileRecord, Scanned, Scanner};
use journey_machine::effects::Status;
use journey_machine::ids::Instant;
use journey_machine::person::Person;
use journey_machine::read::Limits;
use packages::{EVENT, Layout, PROFILE};

const NOW: Instant = Instant(1_772_445_600_000);
const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

/// What one deployment costs.
struct Figures {
    scan_ns: f64,
    decision_ns: f64,
    bytes: f64,
    deploy_ms: f64,
    allocations: u64,
}

fn main() {
    let mut measure = Measure::new("routing");
    let mut clock = Clock::new("routing");
    for layout in Layout::ALL {
        println!("\n{}", layout.says());
        println!(
            "{:>8} {:>10} {:>7} {:>12} {:>7} {:>12} {:>12} {:>12}",
            "journeys",
            "scan ns",
            "×",
            "decision ns",
            "×",
            "allocations",
            "bytes each",
            "deploy ms"
        );
        let mut first: Option<(f64, f64)> = None;
        for size in SIZES {
            let figures = figures(&mut clock, layout, size);
            let (scan, decision) = *first.get_or_insert((figures.scan_ns, figures.decision_ns));
            let ratios = (figures.scan_ns / scan, figures.decision_ns / decision);
            println!(
                "{size:>8} {:>10.0} {:>7.2} {:>12.0} {:>7.2} {:>12} {:>12.0} {:>12.1}",
                figures.scan_ns,
                ratios.0,
                figures.decision_ns,
                ratios.1,
                figures.allocations,
                figures.bytes,
                figures.deploy_ms
            );
            if size == SIZES[SIZES.len() - 1] {
                let line = |what: &str, value, unit: &str, limit| Line {
                    bar: 5,
                    what: format!("{}: {what}", layout.says()),
                    value,
                    unit: unit.into(),
                    limit,
                    at_least: false,
                };
                measure = measure
                    .line(line(
                        "decision, 10,000 journeys against 10",
                        ratios.1,
                        "×",
                        Some(2.0),
                    ))
                    .line(line(
                        "scan, 10,000 journeys against 10",
                        ratios.0,
                        "×",
                        Some(2.0),
                    ))
                    .line(line(
                        "memory per deployed journey",
                        figures.bytes,
                        "B",
                        None,
                    ))
                    .line(line(
                        "10,000 journeys put into force",
                        figures.deploy_ms,
                        "ms",
                        None,
                    ));
            }
        }
    }
    measure.save();
}

fn figures(clock: &mut Clock, layout: Layout, size: usize) -> Figures {
    let files = layout.files(size);
    let before = thread_ns();
    let (deployment, memory) = counted(|| {
        let programs = files
            .iter()
            .map(|bytes| read(bytes).expect("a valid artifact"));
        Deployment::new(programs.collect()).expect("loads")
    });
    let deploy_ms = (thread_ns() - before) as f64 / 1e6;
    let (mut scanner, mut scanned) = (Scanner::default(), Scanned::default());
    let limits = Limits::default();
    let mut decide = |profile: &str, event: &str| {
        let profile = ProfileRecord::scan(&deployment, profile.as_bytes()).expect("a profile");
        scanner
            .scan(&deployment, event.as_bytes(), NOW, &limits, &mut scanned)
            .expect("an event");
        let mut person = Person::new("Email", "ada@acme.example");
        let input = Input::new(&profile, Cause::Event(&scanned));
        let effects = advance(&deployment, &mut person, input, NOW);
        let entered = effects.steps.iter();
        entered
            .filter(|step| step.status == Status::Entered)
            .count()
    };
    assert_eq!(decide(PROFILE, EVENT), 3, "{} {size}", layout.says());
    let (_, counted) = counted(|| decide(PROFILE, EVENT));
    let id = format!("{}-{size}", layout.id());
    let decision_ns = clock.median(&format!("{id}-decision"), || decide(PROFILE, EVENT));
    let scan_ns = clock.median(&format!("{id}-scan"), || {
        let done = scanner.scan(&deployment, EVENT.as_bytes(), NOW, &limits, &mut scanned);
        done.expect("an event");
        scanned.matches.len()
    });
    Figures {
        scan_ns,
        decision_ns,
        bytes: memory.live as f64 / size as f64,
        deploy_ms,
        allocations: counted.calls,
    }
}
