//! The function table as a whole, and its natives over text and between types, by direct calls: the documented cases and the
//! edges that the compiler's run of the table's examples does not reach.

mod support;

use journey_artifact::word::WordType as W;
use journey_machine::func::{self, Imp};
use journey_machine::time::{Zone, parse};
use journey_machine::value::Value::{
    self, Bool, Date, DateTimeOnly, Decimal, Duration, Integer, List, Missing, Period, Time,
};
use support::{Want, at, call_at, instant, s, strings};

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
fn the_table_is_whole() {
    let mut natives = std::collections::BTreeSet::new();
    for function in func::all() {
        assert!(
            !function.doc.is_empty(),
            "{} has no documentation",
            function.name
        );
        assert!(
            function.doc.ends_with('.'),
            "{}: {}",
            function.name,
            function.doc
        );
        assert!(
            !function.variadic || !function.params.is_empty(),
            "{}",
            function.name
        );
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
    assert_eq!(
        scalar("concat", &[s("a"), s("b"), s("c")], W::Str),
        s("abc")
    );
    assert_eq!(
        scalar("concat", &[List(vec![s("a"), Missing, s("b")])], W::Str),
        s("ab")
    );
    let sub =
        |from: i64, to: i64| scalar("substr", &[s("日本語"), Integer(from), Integer(to)], W::Str);
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
    // How big it is shows only when so much of it was made: hours under Miri.
    if !cfg!(miri) {
        assert_eq!(m("a", r"\w{1000}{1000}"), Missing, "too big");
    }
    let r = |name: &str, text: &str, pattern: &str, by: &str| {
        scalar(name, &[s(text), s(pattern), s(by)], W::Str)
    };
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
    assert_eq!(split("___", "_"), strings(&[]));
    assert_eq!(split("a", ""), strings(&["a"]));
}

#[test]
fn data_in_an_address_is_a_part_of_a_segment() {
    let encoded = |data: &str| scalar(func::SEGMENT, &[s(data)], W::Str);
    for (data, part) in [
        ("", "\0"),
        ("Az09-_~.", "Az09-_~."),
        (".", ".\0"),
        ("..", "..\0"),
        (".a", ".a"),
        ("a/../b", "a%2F..%2Fb"),
        ("?&=#%:@+ \n", "%3F%26%3D%23%25%3A%40%2B%20%0A"),
        ("ü", "%C3%BC"),
    ] {
        assert_eq!(encoded(data), s(part), "{data}");
    }
}

/// Letters of which some are one of ASCII without their case, become two, or depend on their place.
#[test]
#[cfg_attr(miri, ignore)]
fn without_case_a_text_is_its_letters_capitals_small_letters() {
    let letter = |letter: char| {
        let capital: Vec<char> = letter.to_uppercase().collect();
        match capital[..] {
            [capital] => capital.to_lowercase(),
            _ => letter.to_lowercase(),
        }
    };
    let folded = |text: &str| text.chars().flat_map(letter).collect::<String>();
    let letters = [
        "k", "K", "\u{212a}", "s", "S", "\u{17f}", "i", "I", "\u{130}", "\u{131}", "\u{307}",
        "\u{df}", "σ", "ς", "Σ", "-",
    ];
    let mut texts = vec![String::new()];
    for one in letters {
        texts.push(one.into());
        texts.extend(letters.map(|other| format!("{one}{other}")));
    }
    for (at, text) in texts.iter().enumerate() {
        for part in texts.iter().skip(at % 7).step_by(7) {
            let (a, b) = (folded(text), folded(part));
            let t = |name: &str| scalar(name, &[s(text), s(part)], W::Bool);
            assert_eq!(t("equalIgnoreCase"), Bool(a == b), "{text} {part}");
            assert_eq!(t("notEqualIgnoreCase"), Bool(a != b), "{text} {part}");
            assert_eq!(
                t("containIgnoreCase"),
                Bool(a.contains(&b)),
                "{text} {part}"
            );
            assert_eq!(
                t("startWithIgnoreCase"),
                Bool(a.starts_with(&b)),
                "{text} {part}"
            );
            assert_eq!(
                t("endWithIgnoreCase"),
                Bool(a.ends_with(&b)),
                "{text} {part}"
            );
        }
    }
}

#[test]
fn conversions() {
    let text = |value: Value| scalar("toString", &[value], W::Str);
    assert_eq!(text(Integer(4)), s("4"));
    assert_eq!(text(Decimal(1.5)), s("1.5"));
    assert_eq!(text(Decimal(4.0)), s("4.0"));
    assert_eq!(text(Decimal(1e21)), s("1000000000000000000000.0"));
    // The shortest digits that read back, however many zeros follow.
    assert_eq!(
        text(Decimal(12_345_678_901_234_567_890.0)),
        s("12345678901234567000.0")
    );
    assert_eq!(text(Decimal(1e23)), s("100000000000000000000000.0"));
    assert_eq!(text(Decimal(-1e-7)), s("-0.0000001"));
    assert_eq!(text(Decimal(f64::NAN)), s("NaN"));
    for (end, most) in [(f64::INFINITY, f64::MAX), (-f64::INFINITY, f64::MIN)] {
        let Value::String(shown) = text(Decimal(end)) else {
            panic!("a text");
        };
        assert_eq!(shown.parse(), Ok(most));
        assert_eq!(scalar("toDecimal", &[s(&shown)], W::Dec), Decimal(most));
    }
    // The last day somewhere is a day further in UTC.
    let late = instant("9999-12-31T23:59:59-02:00");
    assert_eq!(text(late), s("9999-12-31T23:59:59.999Z"));
    assert_eq!(text(Bool(true)), s("true"));
    assert_eq!(
        text(instant("2019-08-28T08:15:30.123-07:00")),
        s("2019-08-28T15:15:30.123Z")
    );
    assert_eq!(
        text(instant("2019-06-03T06:30:00Z")),
        s("2019-06-03T06:30Z")
    );
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
    for (value, want) in [
        (s("true"), true),
        (s(" true"), false),
        (s("1"), false),
        (Integer(0), false),
        (Integer(-1), true),
        (Decimal(0.0), false),
        (Decimal(0.1), true),
    ] {
        assert_eq!(bool(value.clone()), Bool(want), "{value:?}");
    }
    let day = |args: &[Value]| scalar("toDateOnly", args, W::Date);
    assert_eq!(day(&[s("2023-08-18T00:00:00")]), date("2023-08-18"));
    assert_eq!(
        day(&[instant("2026-03-01T23:30-05:00")]),
        date("2026-03-01")
    );
    assert_eq!(day(&[local("2020-02-29T23:59:59")]), date("2020-02-29"));
    assert_eq!(
        day(&[Integer(2024), Integer(2), Integer(29)]),
        date("2024-02-29")
    );
    assert_eq!(day(&[Integer(2023), Integer(2), Integer(29)]), Missing);
    assert_eq!(day(&[Integer(-1)]), date("1969-12-31"));
    assert_eq!(day(&[Integer(i64::MAX)]), Missing);
    assert_eq!(day(&[s("2023-02-29")]), Missing);
    let time = |args: &[Value]| scalar("toDateTime", args, W::DateTime);
    assert_eq!(
        time(&[s("2011-12-03T15:15:30.123+02:00")]),
        instant("2011-12-03T15:15:30.123+02:00")
    );
    assert_eq!(time(&[s("not a date")]), Missing);
    assert_eq!(
        time(&[Integer(951_782_400_000)]),
        instant("2000-02-29T00:00:00Z")
    );
    assert_eq!(
        time(&[s("America/New_York"), date("2021-03-15")]),
        instant("2021-03-15T00:00:00-04:00")
    );
    assert_eq!(
        time(&[s("Z"), local("2016-08-18T23:17:59")]),
        instant("2016-08-18T23:17:59Z")
    );
    assert_eq!(time(&[s("Nowhere"), local("2016-08-18T23:17:59")]), Missing);
    assert_eq!(
        time(&[local("2024-03-31T02:30")]),
        instant("2024-03-31T03:30+02:00"),
        "a gap, in the journey's zone"
    );
    assert_eq!(
        time(&[date("2024-07-01")]),
        instant("2024-07-01T00:00+02:00")
    );
    assert_eq!(
        scalar(
            "toDateTimeOnly",
            &[instant("2016-08-12T09:46:06+02:00")],
            W::Local
        ),
        local("2016-08-12T09:46:06")
    );
    assert_eq!(
        scalar("toDateTimeOnly", &[s("2016-08-18")], W::Local),
        local("2016-08-18T00:00")
    );
    assert_eq!(
        scalar("toDuration", &[s("P2DT3H4M")], W::Duration),
        Duration(183_840_000)
    );
    assert_eq!(scalar("toDuration", &[s("1H")], W::Duration), Missing);
    assert_eq!(
        scalar("toDuration", &[Integer(-1500)], W::Duration),
        Duration(-1500)
    );
}

#[test]
fn hashing() {
    let bucket = scalar("bucket", &[s("ann"), s("offer")], W::Int);
    assert_eq!(bucket, Integer(func::bucket("ann", "offer") as i64));
    assert_eq!(bucket, Integer(6440));
}
