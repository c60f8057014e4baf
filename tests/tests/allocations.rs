//! What takes no memory, once it is warm: reading an event, finding out what it is, and the expressions that say so.
//!
//! Comes in: the examples' events. Goes out: nothing. Never true here: a count that includes another thread's.

use allocation_counter::measure;
use journey_artifact::read;
use journey_machine::deployment::{Deployment, Scanned, Scanner};
use journey_machine::ids::Instant;
use journey_machine::read::Limits;
use journey_tests::packages::{EXAMPLES, compile, example, root};
use std::fs;

/// How often an event comes before it is measured: a structure is kept when it comes again, and one that came before it at its place
/// gives way after four others.
const BEFORE: usize = 8;

/// How many events of an example.
const EVENTS: usize = 200;

#[test]
fn an_event_of_a_structure_that_came_before_takes_no_memory() {
    for name in EXAMPLES {
        let (_, bytes) = compile(&example(name));
        let deployment = Deployment::new(vec![read(&bytes).expect(name)]).expect(name);
        let path = root().join("examples").join(name).join("events.ndjson");
        let events = fs::read_to_string(&path).expect(name);
        let (mut scanner, mut scanned) = (Scanner::default(), Scanned::default());
        let (limits, clock) = (Limits::default(), Instant(0));
        let mut accepted = 0;
        for event in events.lines().take(EVENTS) {
            let mut scan = || {
                let bytes = event.as_bytes();
                scanner.scan_stamped(&deployment, bytes, clock, &limits, &mut scanned)
            };
            let mut is_event = true;
            for _ in 0..BEFORE {
                is_event = scan().1.is_ok();
            }
            // Why something is refused is told in text.
            if is_event {
                accepted += 1;
                let taken = measure(|| drop(scan()));
                assert_eq!(taken.count_total, 0, "{name}: {event}");
            }
        }
        assert!(accepted > EVENTS / 2, "{name}: {accepted} events");
    }
}

/// The count can fail: what reads for the first time takes memory.
#[test]
fn a_first_event_takes_some() {
    let (_, bytes) = compile(&example("retail"));
    let deployment = Deployment::new(vec![read(&bytes).expect("retail")]).expect("retail");
    let taken = measure(|| drop(deployment.scan(br#"{"eventType":"x"}"#, Instant(0))));
    assert!(taken.count_total > 0);
}

/// Bytes of memory for each byte of a text in which every sign is a mistake.
const FOR_A_MISTAKE: u64 = 128;

#[test]
fn a_text_of_nothing_but_mistakes_takes_little_more_memory_than_another() {
    for sign in ["}", ";", "§", "\\", "@", "#", ")", "x\n"] {
        let text = sign.repeat((1 << 20) / sign.len());
        let taken = measure(|| drop(journey_grammar::parse(&text)));
        let each = taken.bytes_max / text.len() as u64;
        println!("{sign:?}: {each}");
        assert!(each <= FOR_A_MISTAKE, "{sign:?} takes {each} bytes each");
    }
}
