//! Natives over dates and times by direct calls, at an instant when Paris has just changed to summer time.

mod support;

use journey_artifact::word::WordType as W;
use journey_machine::func::Short;
use journey_machine::time::{Zone, parse};
use journey_machine::value::Value::{
    self, Bool, Date, DateTimeOnly, Duration, Integer, Missing, Period, Time,
};
use support::{Want, at, call_at, instant, s};

const NOW: &str = "2024-03-31T10:00Z";

fn call(name: &str, args: &[Value], want: Want) -> Value {
    call_at(
        name,
        args,
        want,
        at(NOW),
        &Zone::get("Europe/Paris").unwrap(),
    )
    .unwrap()
}

fn scalar(name: &str, args: &[Value], ty: W) -> Value {
    call(name, args, Want::Scalar(ty))
}

fn date(text: &str) -> Value {
    Date(parse::date(text).unwrap())
}

fn local(text: &str) -> Value {
    DateTimeOnly(parse::local(text).unwrap())
}

#[test]
fn the_present() {
    assert_eq!(scalar("now", &[], W::DateTime), instant(NOW));
    assert_eq!(
        scalar("now", &[s("Asia/Tokyo")], W::DateTime),
        instant("2024-03-31T19:00+09:00")
    );
    assert_eq!(scalar("now", &[s("Nowhere")], W::DateTime), Missing);
    assert_eq!(scalar("currentTimeInMillis", &[], W::Int), Integer(at(NOW)));
    let delta = |n: i64, unit: &str| scalar("nowWithDelta", &[Integer(n), s(unit)], W::DateTime);
    assert_eq!(delta(-1, "months"), instant("2024-02-29T10:00Z"));
    assert_eq!(delta(1, "days"), instant("2024-04-01T10:00Z"));
    assert_eq!(delta(1, "weeks"), Missing);
    assert_eq!(delta(i64::MAX, "days"), Missing);
    assert_eq!(delta(i64::MIN, "years"), Missing);
    assert_eq!(
        scalar(
            "nowWithDelta",
            &[Integer(-1), s("days"), s("Europe/Paris")],
            W::DateTime
        ),
        instant("2024-03-30T12:00+01:00")
    );
    assert_eq!(
        scalar(
            "nowWithDelta",
            &[Integer(-24), s("hours"), s("Europe/Paris")],
            W::DateTime
        ),
        instant("2024-03-30T11:00+01:00")
    );
    let within =
        |name: &str, when: &str, n: i64| scalar(name, &[instant(when), Integer(n)], W::Bool);
    // Yesterday noon in Paris is 23 hours ago: the clocks went forward.
    assert_eq!(
        within("inLastDays", "2024-03-30T12:00+01:00", 1),
        Bool(true)
    );
    assert_eq!(
        within("inLastDays", "2024-03-30T11:59+01:00", 1),
        Bool(false)
    );
    assert_eq!(within("inLastHours", "2024-03-30T10:00Z", 24), Bool(true));
    assert_eq!(within("inLastHours", "2024-03-31T10:01Z", 24), Bool(false));
    assert_eq!(within("inLastMonths", "2024-02-29T11:00Z", 1), Bool(true));
    assert_eq!(within("inLastYears", "2023-03-31T10:01Z", 1), Bool(true));
    assert_eq!(
        within("inLastYears", "0001-03-31T10:01Z", 1_000_000),
        Bool(true),
        "an amount beyond all years"
    );
    assert_eq!(within("inLastDays", NOW, -1), Bool(false));
    assert_eq!(within("inNextDays", "2024-04-01T10:00Z", 1), Bool(true));
    assert_eq!(
        within("inNextHours", "2024-03-31T11:00:00.001Z", 1),
        Bool(false)
    );
    assert_eq!(within("inNextMonths", "2024-04-30T10:00Z", 1), Bool(true));
    assert_eq!(within("inNextYears", "2025-03-31T10:00Z", 1), Bool(true));
    assert_eq!(
        within("inNextYears", "2024-03-31T09:00Z", i64::MIN),
        Bool(false)
    );
}

#[test]
fn calendars() {
    assert_eq!(
        scalar(
            "setHours",
            &[instant("2023-12-12T01:11+05:00"), Integer(4)],
            W::DateTime
        ),
        instant("2023-12-12T04:11+05:00")
    );
    assert_eq!(
        scalar(
            "setHours",
            &[local("2021-02-19T10:15:30.500"), Integer(0)],
            W::Local
        ),
        local("2021-02-19T00:15:30.500")
    );
    assert_eq!(
        scalar(
            "setHours",
            &[local("2021-02-19T10:15"), Integer(24)],
            W::Local
        ),
        Missing
    );
    assert_eq!(
        scalar(
            "setDays",
            &[instant("2024-02-10T00:00Z"), Integer(29)],
            W::DateTime
        ),
        instant("2024-02-29T00:00Z")
    );
    assert_eq!(
        scalar(
            "setDays",
            &[local("2023-02-10T00:00"), Integer(29)],
            W::Local
        ),
        Missing
    );
    assert_eq!(
        scalar(
            "setDays",
            &[local("2023-02-10T00:00"), Integer(-1)],
            W::Local
        ),
        Missing
    );
    assert_eq!(
        scalar(
            "updateTimeZone",
            &[instant("2021-07-01T10:00Z"), s("Europe/Paris")],
            W::DateTime
        ),
        instant("2021-07-01T12:00+02:00")
    );
    assert_eq!(
        scalar(
            "dateDiff",
            &[date("2025-01-01"), date("2024-01-01")],
            W::Int
        ),
        Integer(366)
    );
    assert_eq!(
        scalar(
            "dateDiff",
            &[local("2023-12-15"), local("2023-12-12")],
            W::Int
        ),
        Integer(259_200_000)
    );
    assert_eq!(
        scalar(
            "dateDiff",
            &[
                instant("2026-03-01T10:00Z"),
                instant("2026-03-01T10:00+01:00")
            ],
            W::Int
        ),
        Integer(3_600_000)
    );
    assert_eq!(
        scalar(
            "yearsBetween",
            &[date("2000-02-29"), date("2026-03-01")],
            W::Int
        ),
        Integer(26)
    );
    let part = |name: &str, value: Value| scalar(name, &[value], W::Int);
    let new_year = instant("2024-12-31T23:30Z");
    assert_eq!(
        part("year", new_year.clone()),
        Integer(2025),
        "in the journey's zone"
    );
    assert_eq!(part("month", new_year.clone()), Integer(1));
    assert_eq!(part("dayOfMonth", new_year.clone()), Integer(1));
    assert_eq!(part("hour", new_year.clone()), Integer(0));
    assert_eq!(part("minute", new_year.clone()), Integer(30));
    assert_eq!(part("dayOfWeek", new_year.clone()), Integer(4));
    assert_eq!(part("dayOfWeek", date("2026-11-22")), Integer(1));
    assert_eq!(part("dayOfWeek", local("2026-11-28T10:00")), Integer(7));
    assert_eq!(part("hour", Time(3_600_000)), Integer(1));
    assert_eq!(scalar("time", &[new_year], W::Time), Time(1_800_000));
    assert_eq!(
        scalar("time", &[local("2026-11-28T10:00")], W::Time),
        Time(36_000_000)
    );
}

#[test]
fn operators_over_time() {
    let add = |args: &[Value], ty: W| scalar("op.add", args, ty);
    let sub = |args: &[Value], ty: W| scalar("op.sub", args, ty);
    let noon = || instant("2024-03-30T12:00+01:00");
    assert_eq!(
        add(&[noon(), Duration(86_400_000)], W::DateTime),
        instant("2024-03-31T12:00+01:00")
    );
    assert_eq!(
        add(&[noon(), Period(0, 1)], W::DateTime),
        instant("2024-03-31T12:00+02:00")
    );
    assert_eq!(
        sub(
            &[instant("2024-03-31T12:00+02:00"), Period(0, 1)],
            W::DateTime
        ),
        noon()
    );
    assert_eq!(
        sub(&[noon(), Duration(3_600_000)], W::DateTime),
        instant("2024-03-30T11:00+01:00")
    );
    // Beyond the calendar's edge a result stays at the edge.
    let last = instant("9999-12-31T23:59:59.999+01:00");
    assert_eq!(sub(&[noon(), Duration(i64::MIN)], W::DateTime), last);
    assert_eq!(add(&[noon(), Duration(i64::MAX)], W::DateTime), last);
    let first = sub(&[noon(), Duration(i64::MAX)], W::DateTime);
    assert_eq!(first, instant("-009999-01-01T01:00:00+01:00"));
    let behind = instant("9999-12-31T12:00:00-02:00");
    let utc = instant("9999-12-31T21:59:59.999-02:00");
    assert_eq!(add(&[behind, Duration(86_400_000)], W::DateTime), utc);
    // And so it has a date.
    assert_eq!(
        scalar("toDateOnly", std::slice::from_ref(&last), W::Date),
        date("9999-12-31")
    );
    assert_eq!(sub(&[noon(), Period(i32::MIN, 0)], W::DateTime), last);
    assert_eq!(
        add(&[local("2024-01-31"), Period(1, 0)], W::Local),
        local("2024-02-29")
    );
    assert_eq!(
        sub(&[local("2024-01-31"), Duration(1)], W::Local),
        local("2024-01-30T23:59:59.999")
    );
    assert_eq!(
        add(&[local("2024-01-31"), Duration(1)], W::Local),
        local("2024-01-31T00:00:00.001")
    );
    assert_eq!(
        sub(&[local("2024-03-31"), Period(1, 0)], W::Local),
        local("2024-02-29")
    );
    assert_eq!(
        add(&[date("2024-01-31"), Period(1, 0)], W::Date),
        date("2024-02-29")
    );
    assert_eq!(
        sub(&[date("2024-01-31"), Period(0, 31)], W::Date),
        date("2023-12-31")
    );
    assert_eq!(
        add(&[date("9999-12-31"), Period(0, 1)], W::Date),
        date("9999-12-31")
    );
    assert_eq!(
        sub(&[noon(), instant("2024-03-30T10:00Z")], W::Duration),
        Duration(3_600_000)
    );
    assert_eq!(
        sub(&[local("2024-01-02"), local("2024-01-01")], W::Duration),
        Duration(86_400_000)
    );
    assert_eq!(add(&[Period(1, 2), Period(3, 4)], W::Period), Period(4, 6));
    assert_eq!(
        sub(&[Period(1, 2), Period(3, 4)], W::Period),
        Period(-2, -2)
    );
    assert_eq!(
        add(&[Period(i32::MAX, 0), Period(1, 0)], W::Period),
        Period(i32::MAX, 0)
    );
    assert_eq!(
        scalar("op.mul", &[Duration(900_000), Integer(4)], W::Duration),
        Duration(3_600_000)
    );
    assert_eq!(
        scalar("op.mul", &[Period(0, 14), Integer(i64::MAX)], W::Period),
        Period(0, i32::MAX)
    );
    assert_eq!(scalar("op.neg", &[Period(1, -2)], W::Period), Period(-1, 2));
    assert_eq!(
        scalar("op.neg", &[Period(i32::MIN, 0)], W::Period),
        Period(i32::MAX, 0)
    );
}

#[test]
fn what_a_clock_is_enough_for_is_missing_where_its_entry_says() {
    let mut count = 0;
    for function in journey_machine::func::all() {
        if let Some(Short::Clock(clock)) = function.short {
            assert_eq!(clock.is_optional(), function.optional, "{}", function.name);
            assert!(function.params.len() <= 2 && !function.variadic);
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}
