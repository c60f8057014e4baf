//! Coming in: duplicates, re-entrance, refusals, parallel instances, versions, and programs that are gone.

use crate::build::*;
use crate::host::{Host, T0};
use journey_artifact::graph::*;
use journey_artifact::word::WordType;
use journey_machine::advance::Cause;
use journey_machine::effects::{RefusalCode, Status};
use journey_machine::ids::Instant;
use journey_machine::limits;

fn waiting(change: impl FnOnce(&mut Journey)) -> Host {
    let mut b = Build::shop();
    let nodes = vec![("pause", b.wait(HOUR, 1)), ("end", b.end("done"))];
    change(b.journey("J", nodes));
    Host::new(b)
}

#[test]
fn the_same_entry_event_four_times_enters_once() {
    let mut host = waiting(|_| {});
    for n in 0..4 {
        host.event_with_id("cart", "c1", "same");
        host.pass(HOUR + n); // it has ended each time, and `reenter always` would let it in
    }
    assert_eq!(host.path(), ["entered", "pause", "ended(done)"]);
    assert_eq!(host.refusals, [RefusalCode::Duplicate; 3]);
    host.pass(DAY);
    host.event_with_id("cart", "c1", "same");
    assert_eq!(
        host.person.instances().len(),
        1,
        "after the window it is another event"
    );
}

#[test]
fn a_duplicate_does_nothing_for_those_inside_either() {
    let mut b = Build::shop();
    let nodes = vec![
        ("a", b.awaiting(CLICK, 1, DAY, 2)),
        ("b", b.awaiting(CLICK, 2, DAY, 2)),
        ("end", b.end("done")),
    ];
    b.journey("J", nodes);
    let mut host = Host::new(b);
    host.event("cart", "c1");
    host.event_with_id("click", "c", "k1");
    assert_eq!(host.place(), "b", "one event serves an instance once");
    host.event_with_id("click", "c", "k1");
    assert_eq!(host.place(), "b");
    host.event_with_id("click", "c", "k2");
    assert_eq!(host.person.instances().len(), 0);
}

#[test]
fn refusals_have_codes() {
    let mut host = waiting(|_| {});
    host.event("cart", "c1");
    host.event("cart", "c2");
    assert_eq!(host.refusals, [RefusalCode::AlreadyInside]);

    let mut host = waiting(|journey| journey.starts = Some(T0 + 1));
    host.event("cart", "c1");
    host.now += 1;
    host.event("cart", "c1");
    assert_eq!(
        (host.refusals.as_slice(), host.person.instances().len()),
        (&[RefusalCode::NotStarted][..], 1)
    );

    let mut host = waiting(|journey| journey.closes = Some(T0 + 1));
    host.now += 1;
    host.event("cart", "c1");
    assert_eq!(host.refusals, [RefusalCode::Closed]);
}

#[test]
fn reenter_never_and_after() {
    let mut host = waiting(|journey| journey.reenter = Reenter::Never);
    host.event("cart", "c1");
    host.pass(1000 * DAY);
    host.event("cart", "c2");
    assert_eq!(host.refusals, [RefusalCode::Reentrance]);

    let week = 7 * DAY;
    let mut host = waiting(|journey| journey.reenter = Reenter::After(Span::Exact(week)));
    host.event("cart", "c1");
    host.pass(week - 1);
    host.event("cart", "c2");
    assert_eq!(host.refusals, [RefusalCode::Reentrance]);
    host.pass(1);
    host.event("cart", "c3"); // counted from the entrance, and the refused one counts for nothing
    assert_eq!(
        host.steps
            .iter()
            .filter(|step| step.status == Status::Entered)
            .count(),
        2
    );
}

#[test]
fn instances_in_parallel_by_key() {
    let mut b = Build::shop();
    let nodes = vec![("pause", b.wait(HOUR, 1)), ("end", b.end("done"))];
    let key = b.event_slot(EV_CART);
    let journey = b.journey("J", nodes);
    journey.instance_per = Some((key, 2));
    journey.reenter = Reenter::After(Span::Exact(DAY));
    let mut host = Host::new(b);
    for cart in ["a", "b", "a", "c", ""] {
        host.event("cart", cart);
    }
    let keys: Vec<_> = host
        .person
        .instances()
        .map(|instance| instance.key().map(str::to_owned))
        .collect();
    assert_eq!(keys, [Some("a".to_owned()), Some("b".to_owned())]);
    assert_eq!(
        host.refusals,
        [
            RefusalCode::AlreadyInside,
            RefusalCode::TooManyInstances,
            RefusalCode::NoIdentity
        ]
    );
    host.pass(HOUR);
    host.event("cart", "a");
    assert_eq!(
        host.refusals.last(),
        Some(&RefusalCode::Reentrance),
        "each key has its own mark"
    );
    host.event("cart", "c");
    assert_eq!(host.person.instances().len(), 1);
    // Marks with a key go when their rule has run out.
    let before = host.person.to_bytes().len();
    host.pass(40 * DAY);
    host.event("cart", "z");
    assert!(host.person.to_bytes().len() <= before);
}

#[test]
#[cfg_attr(miri, ignore = "hundreds of entrances")]
fn keys_that_re_entrance_remembers_are_bounded() {
    let mut b = Build::shop();
    let nodes = vec![("end", b.end("done"))];
    let key = b.event_slot(EV_CART);
    let journey = b.journey("J", nodes);
    journey.instance_per = Some((key, 2));
    journey.reenter = Reenter::After(Span::Exact(DAY));
    let mut host = Host::new(b);
    for cart in 0..limits::MARKS {
        host.event("cart", &format!("c{cart}"));
    }
    assert_eq!(host.refusals, []);
    host.event("cart", "one more");
    assert_eq!(host.refusals, [RefusalCode::TooManyKeys]);
    host.pass(DAY);
    host.event("cart", "one more");
    assert_eq!(host.refusals.len(), 1, "those of yesterday are forgotten");
}

#[test]
#[cfg_attr(miri, ignore = "hundreds of entrances")]
fn keys_that_no_rule_asks_for_are_not_counted() {
    let mut b = Build::shop();
    let (key, other) = (b.event_slot(EV_CART), b.on(ORDER));
    let ending = |b: &mut Build| vec![("end", b.end("done"))];
    let nodes = ending(&mut b);
    let once = b.journey("Once", nodes);
    once.instance_per = Some((key, 2));
    once.reenter = Reenter::Never;
    let nodes = ending(&mut b);
    let each = b.journey("Each", nodes);
    each.instance_per = Some((key, 2));
    each.entries[0].on = other;
    let mut host = Host::new(b);
    for cart in 0..limits::MARKS {
        host.event("cart", &format!("c{cart}"));
    }
    for order in ["o1", "o2", "o1"] {
        host.event("order", order);
    }
    assert_eq!(host.refusals, [], "`reenter always` remembers no key");
    host.event("cart", "one more");
    assert_eq!(host.refusals, [RefusalCode::TooManyKeys]);
}

#[test]
fn of_two_versions_the_longer_time_tells_an_event_again() {
    let version = |window: u64, label: &str| {
        let mut b = Build::shop();
        b.a.version = label.into();
        for event in &mut b.a.events {
            let (_, within) = event.dedupe.as_mut().expect("a time");
            *within = window;
        }
        let nodes = vec![
            ("first", b.awaiting(ORDER, 1, 10 * DAY, 2)),
            ("second", b.awaiting(ORDER, 2, 10 * DAY, 2)),
            ("end", b.end("done")),
        ];
        b.journey("J", nodes);
        b.done()
    };
    for (old, new) in [(DAY, HOUR), (HOUR, DAY)] {
        let mut host = Host::with(vec![version(old, "old")]);
        host.event("cart", "c1");
        let kept = host.person.to_bytes();
        let mut host = Host::with(vec![version(old, "old"), version(new, "new")]);
        host.restore(&kept);
        host.event_with_id("order", "o1", "same");
        host.now += DAY as i64 - 1;
        host.event_with_id("order", "o1", "same");
        assert_eq!(host.refusals, [RefusalCode::Duplicate], "{old} and {new}");
        assert_eq!(host.place(), "second");
        host.now += 1;
        host.event_with_id("order", "o1", "same");
        assert_eq!(host.path(), ["first", "second", "ended(done)"]);
    }
}

#[test]
#[cfg_attr(miri, ignore = "seventy entrances")]
fn one_person_is_in_so_many_instances_at_most() {
    let mut b = Build::shop();
    let nodes = vec![("pause", b.wait(HOUR, 1)), ("end", b.end("done"))];
    let key = b.event_slot(EV_CART);
    b.journey("J", nodes).instance_per = Some((key, 1000));
    let mut host = Host::new(b);
    for n in 0..70 {
        host.event("cart", &format!("cart-{n}"));
    }
    assert_eq!(
        host.person.instances().len(),
        journey_machine::limits::INSTANCES
    );
    assert_eq!(host.refusals.len(), 70 - journey_machine::limits::INSTANCES);
}

#[test]
fn an_instance_stays_on_its_version_and_the_newest_admits() {
    let version = |ms: u64, label: &str| {
        let mut b = Build::shop();
        b.a.version = label.into();
        let nodes = vec![("pause", b.wait(ms, 1)), ("end", b.end(label))];
        b.journey("J", nodes);
        b.done()
    };
    let old = || version(HOUR, "old");
    let mut host = Host::with(vec![old()]);
    host.event("cart", "c1");
    let kept = host.person.to_bytes();

    let mut host = Host::with(vec![
        old(),
        version(HOUR, "new"),
        old(),
        version(HOUR, "new"),
    ]);
    assert_eq!(
        host.deployment.programs().len(),
        2,
        "the same program counts once"
    );
    host.restore(&kept);
    host.event("cart", "c2");
    assert_eq!(
        host.refusals,
        [RefusalCode::AlreadyInside],
        "a version does not let in whom another has inside"
    );
    host.pass(HOUR);
    host.event("cart", "c3");
    host.pass(HOUR);
    assert_eq!(
        host.path(),
        ["pause", "ended(old)", "entered", "pause", "ended(new)"]
    );

    // Two programs that declare the event tell once that it came before.
    let mut host = Host::with(vec![old(), version(HOUR, "new")]);
    for _ in 0..2 {
        host.event_with_id("cart", "c4", "same");
    }
    assert_eq!(host.refusals, [RefusalCode::Duplicate]);

    // A rollback makes the old one the newest again.
    let mut host = Host::with(vec![old(), version(HOUR, "new"), old()]);
    host.event("cart", "c5");
    host.pass(HOUR);
    assert_eq!(host.path(), ["entered", "pause", "ended(old)"]);
}

#[test]
fn instances_whose_program_is_gone_rest_whatever_happens() {
    let spinning = |label: &str| {
        let mut b = Build::shop();
        let zero = When::At(b.word(WordType::DateTime, 0));
        let spin = NodeKind::Wait {
            until: zero,
            or: Vec::new(),
            next: NodeId(0),
        };
        let waiting = vec![("pause", b.wait(HOUR, 1)), ("end", b.end(label))];
        b.journey("J", waiting);
        b.journey("K", vec![("spin", spin)]);
        b.done()
    };
    let mut host = Host::with(vec![spinning("old")]);
    assert!(host.event("cart", "c1").more);
    let kept = host.person.to_bytes();
    let mut host = Host::with(vec![spinning("new")]);
    host.restore(&kept);
    let before: Vec<_> = host.person.instances().cloned().collect();
    assert_eq!(before.len(), 2, "one waits, one runs");
    let order = br#"{"_id":"o","type":"click","ecid":"ada"}"#;
    let scanned = host.deployment.scan(order, Instant(T0));
    let scanned = scanned.expect("an event");
    host.now += DAY as i64;
    for cause in [
        Cause::Timer,
        Cause::Event(&scanned),
        Cause::ProfileChanged,
        Cause::Stop(0),
        Cause::Stop(1),
        Cause::Continue,
    ] {
        let effects = host.input(cause);
        assert!(effects.steps.is_empty() && effects.next_due.is_none() && !effects.more);
        assert!(host.person.instances().eq(&before), "{cause:?}");
    }
}
