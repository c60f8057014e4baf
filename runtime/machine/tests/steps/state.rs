//! State: its size, and what hostile bytes can do to it.

use crate::build::*;
use crate::host::{Host, T0};
use journey_artifact::graph::*;
use journey_artifact::model::{Retry, SlotIx};
use journey_machine::advance::{Cause, Input, Outcome, advance};
use journey_machine::deployment::Deployment;
use journey_machine::effects::{Code, RefusalCode, Status};
use journey_machine::ids::{CallKey, Instant};
use journey_machine::person::{DecodeError, Person};

/// Somebody in the middle of everything: a wait, a call, a pause before a retry, keys, marks, events seen.
fn busy() -> Host {
    let mut b = Build::shop();
    b.a.calls[0].retry = Retry {
        times: 2,
        min_ms: 60_000,
        max_ms: 60_000,
    };
    let key = b.event_slot(EV_CART);
    let nodes = vec![
        ("pause", b.wait(HOUR, 1)),
        ("send", b.call(2, Vec::new(), None)),
        ("end", b.end("done")),
    ];
    let journey = b.journey("J", nodes);
    journey.instance_per = Some((key, 10));
    journey.reenter = Reenter::After(Span::Exact(DAY));
    let nodes = vec![
        ("listen", b.awaiting(CLICK, 1, DAY, 1)),
        ("end", b.end("done")),
    ];
    b.journey("K", nodes);
    let mut host = Host::new(b);
    host.event("cart", "one");
    host.event("cart", "two");
    host.pass(HOUR);
    host.answer(Outcome::Timeout);
    host.event("cart", "three");
    host
}

#[test]
fn a_waiting_instance_is_small() {
    let mut b = Build::shop();
    let nodes = vec![("pause", b.wait(HOUR, 1)), ("end", b.end("done"))];
    b.journey("J", nodes);
    let mut host = Host::new(b);
    host.now += 1_234_567;
    host.event("cart", "123e4567-e89b-12d3-a456-426614174000");
    let whole = host.person.to_bytes().len();
    let mut empty = Person::new("ECID", "ada");
    let input = Input::new(&host.profile, Cause::Timer);
    advance(&host.deployment, &mut empty, input, Instant(host.now));
    let instance = whole - empty.to_bytes().len();
    println!("{instance} bytes for instance, mark and event; {whole} for the person");
    assert!(
        instance <= 100,
        "instance, mark and event together: {instance} of {whole} bytes"
    );
    assert!(
        host.person
            .instances()
            .all(|instance| instance.variable_bytes() == 38),
        "bitmap, length, 36 bytes"
    );
}

#[test]
fn only_what_is_live_at_its_node_is_kept_of_a_waiting_instance() {
    let kept = |live: Vec<SlotIx>| {
        let mut b = Build::shop();
        let nodes = vec![("pause", b.wait(HOUR, 1)), ("end", b.end("done"))];
        b.journey("J", nodes).nodes[0].live = live;
        let mut host = Host::new(b);
        host.event("cart", "a-long-cart");
        let instance = host.person.instances().next().expect("one");
        instance.variable_bytes()
    };
    assert_eq!(kept(Vec::new()), 0);
    assert_eq!(kept(vec![V_STATUS]), 1, "that there is none");
    assert_eq!(kept(vec![V_CART]), 2 + "a-long-cart".len());
}

#[test]
fn state_whose_parts_are_out_of_order_is_refused() {
    let mut b = Build::shop();
    let nodes = vec![("pause", b.wait(HOUR, 1)), ("end", b.end("done"))];
    let key = b.event_slot(EV_CART);
    b.journey("J", nodes).instance_per = Some((key, 2));
    let mut host = Host::new(b);
    host.event("cart", "one");
    host.now += 1;
    host.event("cart", "two");
    let bytes = host.person.to_bytes();
    // Somebody who has been nowhere is the same up to the next sequence number.
    let mut nobody = Person::new("ECID", "ada");
    let input = Input::new(&host.profile, Cause::Timer);
    advance(&host.deployment, &mut nobody, input, Instant(host.now));
    let nobody = nobody.to_bytes();
    let next = (0..nobody.len()).find(|at| bytes[*at] != nobody[*at]);
    let next = next.expect("they differ");
    // Behind it: one program, two instances; flags, program, journey and node come before an instance's number.
    let first = next + 1 + 1 + 8 + 1 + 4;
    let last = bytes.len() - 1;
    assert_eq!((bytes[next], bytes[first], bytes[last]), (2, 0, 2));
    for (at, byte, what) in [
        (next, 1, "a number not yet given"),
        (first, 1, "a number twice"),
        (first, 2, "a number after a higher one"),
        (last, 1, "an event to be forgotten before the one before it"),
    ] {
        let mut bad = bytes.clone();
        bad[at] = byte;
        let refused = Err(DecodeError::Inconsistent);
        assert_eq!(Person::decode(&bad), refused, "{what}");
    }
}

#[test]
fn an_unknown_version_is_refused() {
    let mut bytes = Person::new("ECID", "ada").to_bytes();
    bytes[0] = 2;
    assert_eq!(Person::decode(&bytes), Err(DecodeError::UnknownVersion(2)));
    assert!(Person::decode(&[]).is_err());
}

#[test]
fn damaged_bytes_are_refused_or_harmless() {
    let host = busy();
    let bytes = host.person.to_bytes();
    assert!(host.person.instances().len() >= 3);
    for end in 0..bytes.len() {
        assert!(Person::decode(&bytes[..end]).is_err(), "cut at {end}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(Person::decode(&longer).is_err());

    let seed = 0x5EED_u64;
    let mut draw = Draw(seed);
    let (mut refused, mut harmless) = (0, 0);
    let rounds = if cfg!(miri) { 20 } else { 20_000 };
    for round in 0..rounds {
        let mut hostile = bytes.clone();
        for _ in 0..1 + draw.below(4) {
            let at = draw.below(hostile.len());
            hostile[at] = if draw.below(2) == 0 {
                hostile[at] ^ (1 << draw.below(8))
            } else {
                draw.below(256) as u8
            };
        }
        match Person::decode(&hostile) {
            Err(_) => refused += 1,
            Ok(mut person) => {
                harmless += 1;
                drive(
                    &host,
                    &mut person,
                    &format!("seed {seed:#x}, round {round}"),
                );
            }
        }
    }
    assert!(
        refused > rounds / 20 && harmless > rounds / 20,
        "{refused} refused, {harmless} harmless"
    );
}

/// Everything that can happen to somebody, happens; what comes out must encode and decode.
fn drive(host: &Host, person: &mut Person, what: &str) {
    let deployment: &Deployment = &host.deployment;
    let json = br#"{"_id":"x","type":"click","ecid":"ada","cart":"c"}"#;
    let scanned = deployment.scan(json, Instant(T0)).expect("an event");
    let call = CallKey { key: 1, attempt: 1 };
    let causes = [
        Cause::Timer,
        Cause::Event(&scanned),
        Cause::CallResult {
            call,
            outcome: Outcome::Capped,
        },
        Cause::ProfileChanged,
        Cause::Continue,
    ];
    for (ix, cause) in causes.into_iter().enumerate() {
        let now = Instant(host.now + ix as i64 * DAY as i64);
        advance(deployment, person, Input::new(&host.profile, cause), now);
        let again = Person::decode(&person.to_bytes());
        assert_eq!(again.as_ref(), Ok(&*person), "{what}, cause {ix}");
    }
}

#[test]
fn state_that_does_not_fit_its_program_ends_as_failed_and_harms_nobody_else() {
    let host = busy();
    let bytes = host.person.to_bytes();
    // The last variable `one`: a length that is none.
    let at = bytes
        .windows(4)
        .rposition(|w| w == b"\x03one")
        .expect("the variable, after its length");
    let mut damaged = bytes.clone();
    damaged[at] = 0x7F;
    let mut person = Person::decode(&damaged).expect("still well-formed");
    let mut ends = Vec::new();
    for instance in host.person.instances() {
        let input = Input::new(&host.profile, Cause::Stop(instance.seq()));
        let effects = advance(&host.deployment, &mut person, input, Instant(host.now));
        ends.extend(effects.steps.iter().map(|step| (step.status, step.code)));
    }
    let failed = (Status::Failed, Code::Corrupt);
    assert_eq!(ends.iter().filter(|end| **end == failed).count(), 1);
    ends.retain(|end| *end != failed);
    let stopped = (Status::Stopped, Code::Plain);
    assert_eq!(ends, vec![stopped; host.person.instances().len() - 1]);
    assert_eq!(person.instances().len(), 0);
}

#[test]
fn numbers_at_their_ends_are_harmless() {
    let host = busy();
    let bytes = host.person.to_bytes();
    let (mut read, mut full) = (0, 0);
    for at in 0..bytes.len() {
        let mut hostile = bytes.clone();
        hostile.splice(at..=at, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
        let Ok(mut person) = Person::decode(&hostile) else {
            continue;
        };
        read += 1;
        let event = br#"{"_id":"new","type":"cart","ecid":"ada","cart":"new"}"#;
        let now = Instant(host.now);
        let scanned = host.deployment.scan(event, now).expect("an event");
        let input = Input::new(&host.profile, Cause::Event(&scanned));
        let effects = advance(&host.deployment, &mut person, input, now);
        assert_eq!(Person::decode(&person.to_bytes()), Ok(person), "byte {at}");
        // The last number that an instance may have is not given: it would be given twice.
        let refused = effects.refusals.iter().map(|refusal| refusal.code);
        full += refused
            .filter(|code| *code == RefusalCode::TooManyInstances)
            .count();
    }
    assert!(read > 0 && full > 0, "{read} read, {full} full");
}

#[test]
#[should_panic(expected = "scanned for another deployment")]
fn an_event_of_another_deployment_is_a_mistake_of_the_host() {
    let host = busy();
    let none = Deployment::new(Vec::new()).expect("a deployment of nothing");
    let scanned = none.scan(b"{}", Instant(T0)).expect("an event");
    assert!(scanned.is_of(&none) && !scanned.is_of(&host.deployment));
    let input = Input::new(&host.profile, Cause::Event(&scanned));
    advance(
        &host.deployment,
        &mut Person::new("ECID", "ada"),
        input,
        Instant(T0),
    );
}

/// A small generator with a printed seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}
