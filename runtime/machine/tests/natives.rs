//! Every native of the function table by direct calls: the documented cases, and the edges that the compiler's run of the
//! table's examples does not reach (missing elements, overflow, zones).

mod support;

use journey_artifact::word::WordType as W;
use journey_machine::func::{self, Imp};
use journey_machine::time::{Zone, parse};
use journey_machine::value::Value::{self, Bool, Date, DateTimeOnly, Decimal, Duration, Integer, List, Missing, Period, Time};
use support::{Want, at, call_at, instant, ints, s, strings};

const NOW: &str = "2024-03-31T10:00Z";

fn call(name: &str, args: &[Value], want: Want) -> Value {
    call_at(name, args, want, at(NOW), &Zone::get("Europe/Paris").unwrap()).unwrap()
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
fn the_table_is_whole() {
    let mut natives = std::collections::BTreeSet::new();
    for function in func::all() {
        assert!(!function.doc.is_empty(), "{} has no documentation", function.name);
        assert!(function.doc.ends_with('.'), "{}: {}", function.name, function.doc);
        assert!(!function.variadic || !function.params.is_empty(), "{}", function.name);
        if let Imp::Native(_) = function.imp {
            natives.insert(function.name);
        }
    }
    assert!(natives.len() >= 55, "{} natives", natives.len());
    // The reference system's list, but those that need audiences or randomness.
    for name in "avg count countOnlyNull countWithNull distinctCount distinctCountWithNull max min sum toBool toDateOnly toDateTime \
                 toDateTimeOnly toDecimal toDuration toInteger toString currentTimeInMillis inLastDays inLastHours inLastMonths inLastYears \
                 inNextDays inNextHours inNextMonths inNextYears now nowWithDelta setHours setDays updateTimeZone dateDiff dayOfWeek distinct \
                 distinctWithNull filter getListItem in intersect limit listSize mergeLists differenceLists serializeList sort round concat \
                 contain containIgnoreCase endWith endWithIgnoreCase equalIgnoreCase indexOf isEmpty isNotEmpty lastIndexOf length lower \
                 matchRegExp notEqualIgnoreCase replace replaceAll split startWith startWithIgnoreCase substr trim upper all first last at \
                 entry firstEntryKey keys"
        .split_whitespace()
    {
        assert!(func::lookup(name).next().is_some(), "{name} is not in the table");
    }
}

#[test]
fn text() {
    let t = |name: &str, a: &str, b: &str| scalar(name, &[s(a), s(b)], W::Bool);
    assert_eq!(t("contain", "rowing", "row"), Bool(true));
    assert_eq!(t("contain", "rowing", "Row"), Bool(false));
    assert_eq!(t("containIgnoreCase", "rowing PLACE", "ING pl"), Bool(true));
    assert_eq!(t("startWith", "Hello", "He"), Bool(true));
    assert_eq!(t("startWith", "Hello", "he"), Bool(false));
    assert_eq!(t("startWithIgnoreCase", "Hello", "hELL"), Bool(true));
    assert_eq!(t("startWithIgnoreCase", "He", "hello"), Bool(false));
    assert_eq!(t("endWith", "Hello", "lo"), Bool(true));
    assert_eq!(t("endWith", "Hello", "LO"), Bool(false));
    assert_eq!(t("endWithIgnoreCase", "Hello", "LO"), Bool(true));
    assert_eq!(t("equalIgnoreCase", "ÉTÉ", "été"), Bool(true));
    assert_eq!(t("notEqualIgnoreCase", "a", "b"), Bool(true));
    let n = |name: &str, a: &str, b: &str| scalar(name, &[s(a), s(b)], W::Int);
    assert_eq!(n("indexOf", "Hello", "l"), Integer(2));
    assert_eq!(n("indexOf", "été", "é"), Integer(0));
    assert_eq!(n("lastIndexOf", "été", "é"), Integer(2));
    assert_eq!(n("lastIndexOf", "Hello", "z"), Integer(-1));
    let u = |name: &str, a: &str| scalar(name, &[s(a)], W::Str);
    assert_eq!(u("lower", "ÀB"), s("àb"));
    assert_eq!(u("upper", "straße"), s("STRASSE"));
    assert_eq!(u("trim", "\t a b \n"), s("a b"));
    assert_eq!(u("trim", "  "), s(""));
    assert_eq!(scalar("length", &[s("日本")], W::Int), Integer(2));
    assert_eq!(scalar("isEmpty", &[s("")], W::Bool), Bool(true));
    assert_eq!(scalar("isNotEmpty", &[s("")], W::Bool), Bool(false));
    assert_eq!(scalar("concat", &[s("a"), s("b"), s("c")], W::Str), s("abc"));
    assert_eq!(scalar("concat", &[List(vec![s("a"), Missing, s("b")])], W::Str), s("ab"));
    let sub = |from: i64, to: i64| scalar("substr", &[s("日本語"), Integer(from), Integer(to)], W::Str);
    assert_eq!(sub(1, 2), s("本"));
    assert_eq!(sub(-5, 99), s("日本語"));
    assert_eq!(sub(2, 1), s(""));
    assert_eq!(scalar("substr", &[s("Hello"), Integer(5)], W::Str), s(""));
}

#[test]
fn regular_expressions() {
    let m = |text: &str, pattern: &str| scalar("matchRegExp", &[s(text), s(pattern)], W::Bool);
    assert_eq!(m("abc", r"\d+"), Bool(false));
    assert_eq!(m("ABC", "(?i)abc"), Bool(true));
    assert_eq!(m("日本", r"[\u3040-\u9fff]+"), Bool(true));
    assert_eq!(m("a", "*a"), Missing);
    assert_eq!(m("a", r"\w{1000}{1000}"), Missing, "too big");
    let r = |name: &str, text: &str, pattern: &str, by: &str| scalar(name, &[s(text), s(pattern), s(by)], W::Str);
    assert_eq!(r("replace", "Hello World", "l", "x"), s("Hexlo World"));
    assert_eq!(r("replaceAll", "aaa", "aa", "b"), s("ba"));
    assert_eq!(r("replaceAll", "a1b22", r"(\d+)", "$1"), s("a$1b$1"));
    assert_eq!(r("replaceAll", "abc", "", "-"), s("-a-b-c-"));
    let split = |text: &str, by: &str| call("split", &[s(text), s(by)], Want::ListOf(W::Str));
    assert_eq!(split("A_B_C", "_"), strings(&["A", "B", "C"]));
    assert_eq!(split("a__b__", "_"), strings(&["a", "", "b"]));
    assert_eq!(split("_a", "_"), strings(&["", "a"]));
    assert_eq!(split("", "_"), strings(&[""]));
    assert_eq!(split("abc", ""), strings(&["a", "b", "c"]));
    assert_eq!(split("___", "_"), strings(&[""]));
}

#[test]
fn conversions() {
    let text = |value: Value| scalar("toString", &[value], W::Str);
    assert_eq!(text(Integer(4)), s("4"));
    assert_eq!(text(Decimal(1.5)), s("1.5"));
    assert_eq!(text(Decimal(4.0)), s("4.0"));
    assert_eq!(text(Decimal(1e21)), s("1000000000000000000000.0"));
    assert_eq!(text(Decimal(f64::INFINITY)), s("Infinity"));
    assert_eq!(text(Bool(true)), s("true"));
    assert_eq!(text(instant("2019-08-28T08:15:30.123-07:00")), s("2019-08-28T15:15:30.123Z"));
    assert_eq!(text(instant("2019-06-03T06:30:00Z")), s("2019-06-03T06:30Z"));
    assert_eq!(text(local("2019-06-03T06:30:05")), s("2019-06-03T06:30:05"));
    assert_eq!(text(Time(32_400_000)), s("09:00"));
    assert_eq!(text(Duration(1520)), s("PT1.52S"));
    assert_eq!(text(Period(0, 14)), s("P14D"));
    assert_eq!(text(date("2020-02-29")), s("2020-02-29"));
    let int = |value: Value| scalar("toInteger", &[value], W::Int);
    assert_eq!(int(Decimal(-1.5)), Integer(-1));
    assert_eq!(int(Decimal(2.999)), Integer(2));
    assert_eq!(int(Decimal(1e30)), Missing);
    assert_eq!(int(Decimal(f64::NAN)), Missing);
    assert_eq!(int(Bool(false)), Integer(0));
    assert_eq!(int(s("-42")), Integer(-42));
    assert_eq!(int(s("4.2")), Missing);
    assert_eq!(int(instant("1970-01-01T01:00:00+01:00")), Integer(0));
    let dec = |value: Value| scalar("toDecimal", &[value], W::Dec);
    assert_eq!(dec(s("-0.5")), Decimal(-0.5));
    for bad in ["inf", "NaN", "1e999", "", "1,5", "0x1"] {
        assert_eq!(dec(s(bad)), Missing, "{bad}");
    }
    assert_eq!(dec(Bool(true)), Decimal(1.0));
    assert_eq!(dec(Integer(3)), Decimal(3.0));
    assert_eq!(dec(instant("1970-01-01T00:00:01Z")), Decimal(1000.0));
    let bool = |value: Value| scalar("toBool", &[value], W::Bool);
    for (value, want) in [(s("true"), true), (s(" true"), false), (s("1"), false), (Integer(0), false), (Integer(-1), true), (Decimal(0.0), false), (Decimal(0.1), true)] {
        assert_eq!(bool(value.clone()), Bool(want), "{value:?}");
    }
    let day = |args: &[Value]| scalar("toDateOnly", args, W::Date);
    assert_eq!(day(&[s("2023-08-18T00:00:00")]), date("2023-08-18"));
    assert_eq!(day(&[instant("2026-03-01T23:30-05:00")]), date("2026-03-01"));
    assert_eq!(day(&[local("2020-02-29T23:59:59")]), date("2020-02-29"));
    assert_eq!(day(&[Integer(2024), Integer(2), Integer(29)]), date("2024-02-29"));
    assert_eq!(day(&[Integer(2023), Integer(2), Integer(29)]), Missing);
    assert_eq!(day(&[Integer(-1)]), date("1969-12-31"));
    assert_eq!(day(&[Integer(i64::MAX)]), Missing);
    assert_eq!(day(&[s("2023-02-29")]), Missing);
    let time = |args: &[Value]| scalar("toDateTime", args, W::DateTime);
    assert_eq!(time(&[s("2011-12-03T15:15:30.123+02:00")]), instant("2011-12-03T15:15:30.123+02:00"));
    assert_eq!(time(&[s("not a date")]), Missing);
    assert_eq!(time(&[Integer(951_782_400_000)]), instant("2000-02-29T00:00:00Z"));
    assert_eq!(time(&[s("America/New_York"), date("2021-03-15")]), instant("2021-03-15T00:00:00-04:00"));
    assert_eq!(time(&[s("Z"), local("2016-08-18T23:17:59")]), instant("2016-08-18T23:17:59Z"));
    assert_eq!(time(&[s("Nowhere"), local("2016-08-18T23:17:59")]), Missing);
    assert_eq!(time(&[local("2024-03-31T02:30")]), instant("2024-03-31T03:30+02:00"), "a gap, in the journey's zone");
    assert_eq!(time(&[date("2024-07-01")]), instant("2024-07-01T00:00+02:00"));
    assert_eq!(scalar("toDateTimeOnly", &[instant("2016-08-12T09:46:06+02:00")], W::Local), local("2016-08-12T09:46:06"));
    assert_eq!(scalar("toDateTimeOnly", &[s("2016-08-18")], W::Local), local("2016-08-18T00:00"));
    assert_eq!(scalar("toDuration", &[s("P2DT3H4M")], W::Duration), Duration(183_840_000));
    assert_eq!(scalar("toDuration", &[s("1H")], W::Duration), Missing);
    assert_eq!(scalar("toDuration", &[Integer(-1500)], W::Duration), Duration(-1500));
}

#[test]
fn the_present() {
    assert_eq!(scalar("now", &[], W::DateTime), instant(NOW));
    assert_eq!(scalar("now", &[s("Asia/Tokyo")], W::DateTime), instant("2024-03-31T19:00+09:00"));
    assert_eq!(scalar("now", &[s("Nowhere")], W::DateTime), Missing);
    assert_eq!(scalar("currentTimeInMillis", &[], W::Int), Integer(at(NOW)));
    let delta = |n: i64, unit: &str| scalar("nowWithDelta", &[Integer(n), s(unit)], W::DateTime);
    assert_eq!(delta(-1, "months"), instant("2024-02-29T10:00Z"));
    assert_eq!(delta(1, "days"), instant("2024-04-01T10:00Z"));
    assert_eq!(delta(1, "weeks"), Missing);
    assert_eq!(delta(i64::MAX, "days"), Missing);
    assert_eq!(delta(i64::MIN, "years"), Missing);
    assert_eq!(scalar("nowWithDelta", &[Integer(-1), s("days"), s("Europe/Paris")], W::DateTime), instant("2024-03-30T12:00+01:00"));
    assert_eq!(scalar("nowWithDelta", &[Integer(-24), s("hours"), s("Europe/Paris")], W::DateTime), instant("2024-03-30T11:00+01:00"));
    let within = |name: &str, when: &str, n: i64| scalar(name, &[instant(when), Integer(n)], W::Bool);
    // Yesterday noon in Paris is 23 hours ago: the clocks went forward.
    assert_eq!(within("inLastDays", "2024-03-30T12:00+01:00", 1), Bool(true));
    assert_eq!(within("inLastDays", "2024-03-30T11:59+01:00", 1), Bool(false));
    assert_eq!(within("inLastHours", "2024-03-30T10:00Z", 24), Bool(true));
    assert_eq!(within("inLastHours", "2024-03-31T10:01Z", 24), Bool(false));
    assert_eq!(within("inLastMonths", "2024-02-29T11:00Z", 1), Bool(true));
    assert_eq!(within("inLastYears", "2023-03-31T10:01Z", 1), Bool(true));
    assert_eq!(within("inLastYears", "0001-03-31T10:01Z", 1_000_000), Bool(true), "an amount beyond all years");
    assert_eq!(within("inLastDays", NOW, -1), Bool(false));
    assert_eq!(within("inNextDays", "2024-04-01T10:00Z", 1), Bool(true));
    assert_eq!(within("inNextHours", "2024-03-31T11:00:00.001Z", 1), Bool(false));
    assert_eq!(within("inNextMonths", "2024-04-30T10:00Z", 1), Bool(true));
    assert_eq!(within("inNextYears", "2025-03-31T10:00Z", 1), Bool(true));
    assert_eq!(within("inNextYears", "2024-03-31T09:00Z", i64::MIN), Bool(false));
}

#[test]
fn calendars() {
    assert_eq!(scalar("setHours", &[instant("2023-12-12T01:11+05:00"), Integer(4)], W::DateTime), instant("2023-12-12T04:11+05:00"));
    assert_eq!(scalar("setHours", &[local("2021-02-19T10:15:30.500"), Integer(0)], W::Local), local("2021-02-19T00:15:30.500"));
    assert_eq!(scalar("setHours", &[local("2021-02-19T10:15"), Integer(24)], W::Local), Missing);
    assert_eq!(scalar("setDays", &[instant("2024-02-10T00:00Z"), Integer(29)], W::DateTime), instant("2024-02-29T00:00Z"));
    assert_eq!(scalar("setDays", &[local("2023-02-10T00:00"), Integer(29)], W::Local), Missing);
    assert_eq!(scalar("setDays", &[local("2023-02-10T00:00"), Integer(-1)], W::Local), Missing);
    assert_eq!(scalar("updateTimeZone", &[instant("2021-07-01T10:00Z"), s("Europe/Paris")], W::DateTime), instant("2021-07-01T12:00+02:00"));
    assert_eq!(scalar("dateDiff", &[date("2025-01-01"), date("2024-01-01")], W::Int), Integer(366));
    assert_eq!(scalar("dateDiff", &[local("2023-12-15"), local("2023-12-12")], W::Int), Integer(259_200_000));
    assert_eq!(scalar("dateDiff", &[instant("2026-03-01T10:00Z"), instant("2026-03-01T10:00+01:00")], W::Int), Integer(3_600_000));
    assert_eq!(scalar("yearsBetween", &[date("2000-02-29"), date("2026-03-01")], W::Int), Integer(26));
    let part = |name: &str, value: Value| scalar(name, &[value], W::Int);
    let new_year = instant("2024-12-31T23:30Z");
    assert_eq!(part("year", new_year.clone()), Integer(2025), "in the journey's zone");
    assert_eq!(part("month", new_year.clone()), Integer(1));
    assert_eq!(part("dayOfMonth", new_year.clone()), Integer(1));
    assert_eq!(part("hour", new_year.clone()), Integer(0));
    assert_eq!(part("minute", new_year.clone()), Integer(30));
    assert_eq!(part("dayOfWeek", new_year.clone()), Integer(4));
    assert_eq!(part("dayOfWeek", date("2026-11-22")), Integer(1));
    assert_eq!(part("dayOfWeek", local("2026-11-28T10:00")), Integer(7));
    assert_eq!(part("hour", Time(3_600_000)), Integer(1));
    assert_eq!(scalar("time", &[new_year], W::Time), Time(1_800_000));
    assert_eq!(scalar("time", &[local("2026-11-28T10:00")], W::Time), Time(36_000_000));
}

#[test]
fn operators_over_time() {
    let add = |args: &[Value], ty: W| scalar("op.add", args, ty);
    let sub = |args: &[Value], ty: W| scalar("op.sub", args, ty);
    let noon = || instant("2024-03-30T12:00+01:00");
    assert_eq!(add(&[noon(), Duration(86_400_000)], W::DateTime), instant("2024-03-31T12:00+01:00"));
    assert_eq!(add(&[noon(), Period(0, 1)], W::DateTime), instant("2024-03-31T12:00+02:00"));
    assert_eq!(sub(&[instant("2024-03-31T12:00+02:00"), Period(0, 1)], W::DateTime), noon());
    assert_eq!(sub(&[noon(), Duration(3_600_000)], W::DateTime), instant("2024-03-30T11:00+01:00"));
    assert_eq!(sub(&[noon(), Duration(i64::MIN)], W::DateTime), Missing);
    assert_eq!(add(&[noon(), Duration(i64::MAX)], W::DateTime), Missing);
    assert_eq!(sub(&[noon(), Period(i32::MIN, 0)], W::DateTime), Missing);
    assert_eq!(add(&[local("2024-01-31"), Period(1, 0)], W::Local), local("2024-02-29"));
    assert_eq!(sub(&[local("2024-01-31"), Duration(1)], W::Local), local("2024-01-30T23:59:59.999"));
    assert_eq!(add(&[local("2024-01-31"), Duration(1)], W::Local), local("2024-01-31T00:00:00.001"));
    assert_eq!(sub(&[local("2024-03-31"), Period(1, 0)], W::Local), local("2024-02-29"));
    assert_eq!(add(&[date("2024-01-31"), Period(1, 0)], W::Date), date("2024-02-29"));
    assert_eq!(sub(&[date("2024-01-31"), Period(0, 31)], W::Date), date("2023-12-31"));
    assert_eq!(add(&[date("9999-12-31"), Period(0, 1)], W::Date), Missing);
    assert_eq!(sub(&[noon(), instant("2024-03-30T10:00Z")], W::Duration), Duration(3_600_000));
    assert_eq!(sub(&[local("2024-01-02"), local("2024-01-01")], W::Duration), Duration(86_400_000));
    assert_eq!(add(&[Period(1, 2), Period(3, 4)], W::Period), Period(4, 6));
    assert_eq!(sub(&[Period(1, 2), Period(3, 4)], W::Period), Period(-2, -2));
    assert_eq!(add(&[Period(i32::MAX, 0), Period(1, 0)], W::Period), Missing);
    assert_eq!(scalar("op.mul", &[Duration(900_000), Integer(4)], W::Duration), Duration(3_600_000));
    assert_eq!(scalar("op.mul", &[Period(0, 14), Integer(i64::MAX)], W::Period), Missing);
    assert_eq!(scalar("op.neg", &[Period(1, -2)], W::Period), Period(-1, 2));
    assert_eq!(scalar("op.neg", &[Period(i32::MIN, 0)], W::Period), Missing);
}

#[test]
fn numbers() {
    let round = |n: f64| scalar("round", &[Decimal(n)], W::Int);
    for (n, want) in [(3.14, 3), (3.54, 4), (-3.14, -3), (0.5, 1), (-0.5, 0), (-1.5, -1), (0.499_999_999_999_999_94, 0), (1e300, i64::MAX), (f64::NAN, 0)] {
        assert_eq!(round(n), Integer(want), "{n}");
    }
    assert_eq!(scalar("floor", &[Decimal(-1.5)], W::Int), Integer(-2));
    assert_eq!(scalar("ceil", &[Decimal(1.2)], W::Int), Integer(2));
    assert_eq!(scalar("abs", &[Integer(i64::MIN)], W::Int), Integer(i64::MAX));
    assert_eq!(scalar("abs", &[Decimal(-1.5)], W::Dec), Decimal(1.5));
    assert_eq!(scalar("max", &[Integer(3), Integer(5)], W::Int), Integer(5));
    assert_eq!(scalar("min", &[Decimal(2.5), Decimal(1.5)], W::Dec), Decimal(1.5));
    assert_eq!(scalar("max", &[instant("2026-01-01T10:00Z"), instant("2026-01-01T10:30+01:00")], W::DateTime), instant("2026-01-01T10:00Z"));
    assert_eq!(scalar("sum", &[Integer(i64::MAX), Integer(1)], W::Int), Integer(i64::MAX));
    assert_eq!(scalar("sum", &[Decimal(0.5), Decimal(1.0)], W::Dec), Decimal(1.5));
    assert_eq!(scalar("avg", &[Decimal(3.0), Decimal(10.2)], W::Dec), Decimal(6.6));
}

#[test]
fn aggregates_skip_missing_elements() {
    let holes = || List(vec![Integer(10), Missing, Integer(8), Missing, Integer(10)]);
    let count = |name: &str, list: Value| scalar(name, &[list], W::Int);
    assert_eq!(count("count", holes()), Integer(3));
    assert_eq!(count("countOnlyNull", holes()), Integer(2));
    assert_eq!(count("countWithNull", holes()), Integer(5));
    assert_eq!(count("listSize", holes()), Integer(5));
    assert_eq!(count("distinctCount", holes()), Integer(2));
    assert_eq!(count("distinctCountWithNull", holes()), Integer(3));
    assert_eq!(count("distinctCountWithNull", ints(&[])), Integer(0));
    assert_eq!(count("sum", holes()), Integer(28));
    assert_eq!(count("sum", ints(&[])), Integer(0));
    assert_eq!(scalar("avg", &[List(vec![Integer(10), Missing, Integer(8)])], W::Dec), Decimal(9.0));
    assert_eq!(scalar("avg", &[ints(&[])], W::Dec), Missing);
    assert_eq!(scalar("avg", &[ints(&[i64::MAX, i64::MAX])], W::Dec), Decimal(i64::MAX as f64));
    assert_eq!(scalar("sum", &[List(vec![Decimal(10.5), Missing, Decimal(8.1)])], W::Dec), Decimal(18.6));
    assert_eq!(scalar("avg", &[List(vec![Decimal(-1.0), Decimal(1.0)])], W::Dec), Decimal(0.0));
    assert_eq!(call("max", &[holes()], Want::ElementOf(0)), Integer(10));
    assert_eq!(call("min", &[holes()], Want::ElementOf(0)), Integer(8));
    assert_eq!(call("min", &[ints(&[])], Want::ElementOf(0)), Missing);
    assert_eq!(call("max", &[List(vec![Decimal(f64::NAN), Decimal(1.0)])], Want::ElementOf(0)), Decimal(f64::NAN), "NaN is the largest");
    assert_eq!(call("max", &[strings(&["a", "c", "b"])], Want::ElementOf(0)), s("c"));
}

#[test]
fn lists() {
    let same = |name: &str, args: &[Value]| call(name, args, Want::Like(0));
    assert_eq!(same("distinct", &[List(vec![Integer(10), Missing, Integer(2), Integer(10)])]), ints(&[10, 2]));
    assert_eq!(same("distinctWithNull", &[List(vec![Integer(1), Integer(1), Missing, Integer(2), Missing])]), List(vec![Integer(1), Missing, Integer(2)]));
    assert_eq!(same("distinct", &[List(vec![Decimal(0.0), Decimal(-0.0), Decimal(f64::NAN), Decimal(f64::NAN)])]), List(vec![Decimal(0.0), Decimal(f64::NAN)]));
    assert_eq!(same("sort", &[List(vec![Integer(3), Missing, Integer(1)]), Bool(true)]), List(vec![Integer(1), Integer(3), Missing]));
    assert_eq!(same("sort", &[strings(&["A", "C", "B"]), Bool(false)]), strings(&["C", "B", "A"]));
    let (noon, half) = (instant("2021-01-01T12:00Z"), instant("2021-01-01T12:30+01:00"));
    assert_eq!(same("sort", &[List(vec![noon.clone(), half.clone()]), Bool(true)]), List(vec![half, noon]));
    assert_eq!(same("limit", &[ints(&[1, 2, 3]), Integer(2)]), ints(&[1, 2]));
    assert_eq!(same("limit", &[ints(&[1, 2, 3]), Integer(2), Bool(false)]), ints(&[2, 3]));
    assert_eq!(same("limit", &[ints(&[1, 2, 3]), Integer(i64::MAX)]), ints(&[1, 2, 3]));
    assert_eq!(same("limit", &[ints(&[1, 2, 3]), Integer(-1)]), ints(&[]));
    assert_eq!(same("intersect", &[strings(&["sports", "news", "sports"]), strings(&["movies", "sports"])]), strings(&["sports"]));
    assert_eq!(same("differenceLists", &[List(vec![Integer(1), Missing, Integer(2), Integer(2)]), ints(&[1])]), ints(&[2]));
    assert_eq!(same("mergeLists", &[strings(&["a", "b"]), strings(&["b", "c"]), Bool(true)]), strings(&["a", "b", "c"]));
    assert_eq!(same("mergeLists", &[List(vec![s("a"), Missing]), strings(&["a"]), Bool(false)]), strings(&["a", "a"]));
    assert_eq!(scalar("in", &[Integer(2), ints(&[1, 2])], W::Bool), Bool(true));
    assert_eq!(scalar("in", &[s("A"), strings(&["a"])], W::Bool), Bool(false));
    assert_eq!(call("getListItem", &[strings(&["A", "B"]), Integer(1)], Want::ElementOf(0)), s("B"));
    assert_eq!(call("getListItem", &[strings(&["A", "B"]), Integer(2)], Want::ElementOf(0)), Missing);
    assert_eq!(call("getListItem", &[strings(&["A", "B"]), Integer(-1)], Want::ElementOf(0)), Missing);
    let join = |list: Value, by: &str, quoted: bool| scalar("serializeList", &[list, s(by), Bool(quoted)], W::Str);
    assert_eq!(join(strings(&["Hello", "World"]), " ", false), s("Hello World"));
    assert_eq!(join(List(vec![s("a\"b"), Missing, s("c\\")]), ",", true), s("\"a\\\"b\",\"c\\\\\""));
    assert_eq!(join(List(vec![Bool(true), Bool(false)]), ",", false), s("true,false"));
}

#[test]
fn lists_of_records() {
    let item = |sku: &str, price: f64| Value::Record(vec![("sku".into(), s(sku)), ("price".into(), Decimal(price))]);
    let items = || List(vec![item("b", 2.0), item("a", 1.0), item("b", 2.0)]);
    assert_eq!(call("distinct", &[items()], Want::Like(0)), List(vec![item("b", 2.0), item("a", 1.0)]));
    assert_eq!(call("limit", &[items(), Integer(1)], Want::Like(0)), List(vec![item("b", 2.0)]));
    assert_eq!(scalar("count", &[items()], W::Int), Integer(3));
    assert_eq!(scalar("distinctCount", &[items()], W::Int), Integer(2));
    let keys = List(vec![Decimal(2.0), Decimal(1.0), Missing]);
    assert_eq!(call("op.sortBy", &[items(), keys, Bool(true)], Want::Like(0)), List(vec![item("a", 1.0), item("b", 2.0), item("b", 2.0)]));
}

#[test]
fn hashing() {
    let bucket = scalar("bucket", &[s("ann"), s("offer")], W::Int);
    assert_eq!(bucket, Integer(func::bucket("ann", "offer") as i64));
    assert_eq!(bucket, Integer(6440));
}
