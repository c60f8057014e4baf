//! Time: waits, timeouts, the instant an event and a timer share, expiry.

use crate::build::*;
use crate::host::{Host, T0};
use journey_artifact::graph::*;
use journey_artifact::word::{WordType, date_time_word, period_word};
use journey_machine::advance::Cause;
use journey_machine::effects::{Code, Status};

/// cart → wait 1h → await click within 2h → "came back" or "timed out".
fn wait_then_await() -> Host {
    let mut b = Build::shop();
    let nodes = vec![
        ("pause", b.wait(HOUR, 1)),
        ("listen", b.awaiting(CLICK, 2, 2 * HOUR, 3)),
        ("yes", b.end("came back")),
        ("no", b.end("timed out")),
    ];
    b.journey("J", nodes);
    Host::new(b)
}

#[test]
fn an_event_before_at_and_after_a_wait_and_its_timeout() {
    // (when the click comes, after entrance) → (how it ends, at which minute)
    let table: &[(u64, &str)] = &[
        (0, "timed out"),            // while waiting: nobody listens
        (HOUR - 1, "timed out"),     // just before the wait is over
        (HOUR, "timed out"), // at the end of the wait: the event beats the timer, so it comes before the await
        (HOUR + 1, "came back"), // just after
        (3 * HOUR - 1, "came back"), // just before the timeout
        (3 * HOUR, "came back"), // at the timeout: the event beats the timer
        (3 * HOUR + 1, "timed out"), // just after
    ];
    for (at, end) in table {
        for punctual in [true, false] {
            let mut host = wait_then_await();
            host.event("cart", "c1");
            // Both come to the await on time; one host calls the last timers before the event, the other only with it. A
            // timer due at the very instant of the event is nobody's to call first: the event beats it.
            if *at > HOUR {
                host.pass(HOUR);
            }
            let left = T0 + *at as i64 - host.now;
            if punctual && left > 0 {
                host.pass(left as u64 - 1);
                host.now += 1;
            } else {
                host.now += left;
            }
            host.event("click", "c2");
            host.pass(10 * HOUR);
            assert_eq!(
                host.path().last().map(String::as_str),
                Some(format!("ended({end})").as_str()),
                "click after {at} ms, punctual {punctual}"
            );
            assert_eq!(host.person.instances().len(), 0);
        }
    }
}

#[test]
fn the_second_event_of_an_instant_beats_a_timer_too() {
    let mut host = wait_then_await();
    host.event("cart", "c1");
    host.pass(HOUR);
    host.pass(2 * HOUR - 1);
    host.now += 1;
    // One of no concern to it, at the very instant of the timeout.
    let effects = host.event("order", "o1");
    assert_eq!(effects.next_due.map(|due| due.0), Some(host.now));
    assert_eq!(host.place(), "listen");
    host.event("click", "c2");
    assert_eq!(
        host.path().last().map(String::as_str),
        Some("ended(came back)")
    );
}

#[test]
fn what_begins_late_ends_late() {
    // The host sleeps through the wait and the timeout of the await after it: the await begins when the host is back.
    let mut host = wait_then_await();
    host.event("cart", "c1");
    host.now += 5 * HOUR as i64;
    host.input(Cause::Timer);
    assert_eq!(host.place(), "listen");
    assert_eq!(
        host.person.next_due().map(|due| due.0),
        Some(T0 + 7 * HOUR as i64)
    );
}

#[test]
fn a_timer_never_fires_early_and_fires_once() {
    let mut host = wait_then_await();
    host.event("cart", "c1");
    host.now = T0 + HOUR as i64 - 1;
    let effects = host.input(Cause::Timer);
    assert!(effects.steps.is_empty());
    assert_eq!(effects.next_due.map(|due| due.0), Some(T0 + HOUR as i64));
    host.now += 1;
    assert_eq!(host.input(Cause::Timer).steps.len(), 2);
    assert_eq!(host.input(Cause::Timer).steps.len(), 0);
    assert_eq!(host.place(), "listen");
}

#[test]
fn a_clock_that_steps_back_fires_nothing_again() {
    let mut host = wait_then_await();
    host.event("cart", "c1");
    host.pass(HOUR);
    assert_eq!(host.place(), "listen");
    host.now = T0 - DAY as i64;
    assert!(host.input(Cause::Timer).steps.is_empty());
    assert_eq!(
        host.event("click", "c").steps.last().map(|step| step.at.0),
        Some(T0 + HOUR as i64)
    );
}

#[test]
fn a_wait_until_the_past_goes_on_at_once() {
    for (at, code) in [(T0 - 1, Code::Past), (T0, Code::Past), (T0 + 1, Code::Time)] {
        let mut b = Build::shop();
        let until = When::At(b.word(WordType::DateTime, date_time_word(at, 0).expect("a time")));
        let nodes = vec![
            (
                "until",
                NodeKind::Wait {
                    until,
                    or: Vec::new(),
                    next: NodeId(1),
                },
            ),
            ("end", b.end("done")),
        ];
        b.journey("J", nodes);
        let mut host = Host::new(b);
        host.event("cart", "c1");
        assert_eq!(host.person.instances().len(), usize::from(at > T0));
        host.pass(1);
        assert_eq!(host.path(), ["entered", "until", "ended(done)"]);
        let left = host
            .steps
            .iter()
            .find(|step| step.status == Status::Transition);
        assert_eq!(left.map(|step| step.code), Some(code));
    }
}

#[test]
fn a_wait_without_a_time_says_so() {
    let mut b = Build::shop();
    let until = When::AtLocal(b.slot(Some(b.vars_row), None, 1, V_STATUS, WordType::Int));
    // Of the wrong type on purpose: the verifier must not let it through.
    let nodes = vec![(
        "until",
        NodeKind::Wait {
            until,
            or: Vec::new(),
            next: NodeId(0),
        },
    )];
    b.journey("J", nodes);
    assert!(journey_artifact::verify(b.a).is_err());

    let mut b = Build::shop();
    let missing = b.chunk(
        None,
        None,
        WordType::Duration,
        true,
        vec![op(journey_artifact::code::Op::RetMissing, 0, 0, 0, 0, 0)],
    );
    let nodes = vec![
        (
            "until",
            NodeKind::Wait {
                until: When::After(missing),
                or: Vec::new(),
                next: NodeId(1),
            },
        ),
        ("end", b.end("done")),
    ];
    b.journey("J", nodes);
    let mut host = Host::new(b);
    host.event("cart", "c1");
    assert_eq!(host.steps[1].code, Code::NoTime);
    assert_eq!(host.path(), ["entered", "until", "ended(done)"]);
}

#[test]
fn calendar_days_follow_the_profiles_zone() {
    // Paris changes to summer time on 2026-03-29: a calendar day over that night is 23 hours, an unknown zone falls back.
    for (zone, hours) in [("Europe/Paris", 23), ("UTC", 24), ("Mars/Olympus", 24)] {
        let mut b = Build::shop();
        let day = b.word(WordType::Period, period_word(0, 1));
        let nodes = vec![
            (
                "day",
                NodeKind::Wait {
                    until: When::AfterCalendar(day),
                    or: Vec::new(),
                    next: NodeId(1),
                },
            ),
            ("end", b.end("done")),
        ];
        let zone_chunk = b.slot(None, None, 0, P_ZONE, WordType::Str);
        b.journey("J", nodes).timezone = Some(zone_chunk);
        let mut host = Host::new(b);
        host.profile(&format!(r#"{{"zone":"{zone}"}}"#));
        host.now = 1_774_696_800_000 + HOUR as i64; // 2026-03-28T12:20Z
        let start = host.now;
        let effects = host.event("cart", "c1");
        assert_eq!(
            effects.next_due.map(|due| due.0 - start),
            Some(hours * HOUR as i64),
            "{zone}"
        );
    }
}

#[test]
fn the_longest_stay_ends_it() {
    let mut b = Build::shop();
    let nodes = vec![("long", b.wait(10 * DAY, 1)), ("end", b.end("done"))];
    b.journey("J", nodes).expires = Span::Exact(DAY);
    let mut host = Host::new(b);
    let effects = host.event("cart", "c1");
    assert_eq!(effects.next_due.map(|due| due.0), Some(T0 + DAY as i64));
    host.pass(DAY - 1);
    assert_eq!(host.place(), "long");
    host.pass(1);
    assert_eq!(host.path(), ["entered", "expired"]);
    assert_eq!(host.person.next_due(), None);
}

#[test]
fn expiry_steps_run_once_and_end_as_expired() {
    let mut b = Build::shop();
    let nodes = vec![
        ("long", b.wait(10 * DAY, 2)),
        ("farewell", b.wait(2 * DAY, 2)),
        ("end", b.end("label")),
    ];
    let journey = b.journey("J", nodes);
    journey.expires = Span::Exact(DAY);
    journey.on_expiry = Some(NodeId(1));
    let mut host = Host::new(b);
    host.event("cart", "c1");
    host.pass(DAY);
    assert_eq!(host.place(), "farewell");
    host.pass(2 * DAY);
    assert_eq!(host.path(), ["entered", "long", "farewell", "expired"]);
}

#[test]
fn a_wait_ends_early_by_an_event() {
    let make = || {
        let mut b = Build::shop();
        let until = When::After(b.duration(HOUR));
        let or = vec![Arm {
            on: b.on(CLICK),
            next: NodeId(2),
        }];
        let nodes = vec![
            (
                "wait",
                NodeKind::Wait {
                    until,
                    or,
                    next: NodeId(1),
                },
            ),
            ("late", b.end("late")),
            ("early", b.end("early")),
        ];
        b.journey("J", nodes);
        let mut host = Host::new(b);
        host.event("cart", "c1");
        host
    };
    let mut host = make();
    host.event("order", "o");
    host.pass(HOUR - 1);
    host.event("click", "k");
    assert_eq!(host.path(), ["entered", "wait", "ended(early)"]);
    let mut host = make();
    host.pass(HOUR);
    assert_eq!(host.path(), ["entered", "wait", "ended(late)"]);
}

#[test]
fn times_of_day_and_weekdays() {
    // T0 is a Monday, 10:00 UTC.
    let nine = 9 * HOUR as u32;
    let table = [
        (When::TimeOfDay(11 * HOUR as u32), HOUR),
        (When::TimeOfDay(nine), 23 * HOUR),
        (When::Weekday(2, nine), 23 * HOUR),
        (When::Weekday(1, nine), 7 * DAY - HOUR),
        (When::Weekday(1, 11 * HOUR as u32), 7 * DAY + HOUR),
    ];
    for (until, after) in table {
        let mut b = Build::shop();
        let wait = NodeKind::Wait {
            until: until.clone(),
            or: Vec::new(),
            next: NodeId(1),
        };
        let nodes = vec![("wait", wait), ("end", b.end("done"))];
        b.journey("J", nodes);
        let mut host = Host::new(b);
        let due = host.event("cart", "c1").next_due.expect("a timer").0;
        assert_eq!((due - T0) as u64, after, "{until:?}");
    }
}
