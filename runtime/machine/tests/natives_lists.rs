//! Natives over numbers and lists by direct calls: missing elements, overflow, order, records.

mod support;

use journey_artifact::word::WordType as W;
use journey_machine::time::Zone;
use journey_machine::value::Value::{self, Bool, Decimal, Integer, List, Missing};
use support::{Want, at, call_at, instant, ints, s, strings};

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

#[test]
fn numbers() {
    let round = |n: f64| scalar("round", &[Decimal(n)], W::Int);
    for (n, want) in [
        (3.24, 3),
        (3.54, 4),
        (-3.24, -3),
        (0.5, 1),
        (-0.5, 0),
        (-1.5, -1),
        (0.499_999_999_999_999_94, 0),
        (1e300, i64::MAX),
        (f64::NAN, 0),
    ] {
        assert_eq!(round(n), Integer(want), "{n}");
    }
    assert_eq!(scalar("floor", &[Decimal(-1.5)], W::Int), Integer(-2));
    assert_eq!(scalar("ceil", &[Decimal(1.2)], W::Int), Integer(2));
    assert_eq!(
        scalar("abs", &[Integer(i64::MIN)], W::Int),
        Integer(i64::MAX)
    );
    assert_eq!(scalar("abs", &[Decimal(-1.5)], W::Dec), Decimal(1.5));
    assert_eq!(scalar("max", &[Integer(3), Integer(5)], W::Int), Integer(5));
    assert_eq!(
        scalar("min", &[Decimal(2.5), Decimal(1.5)], W::Dec),
        Decimal(1.5)
    );
    assert_eq!(
        scalar(
            "max",
            &[
                instant("2026-01-01T10:00Z"),
                instant("2026-01-01T10:30+01:00")
            ],
            W::DateTime
        ),
        instant("2026-01-01T10:00Z")
    );
    assert_eq!(
        scalar("sum", &[Integer(i64::MAX), Integer(1)], W::Int),
        Integer(i64::MAX)
    );
    assert_eq!(
        scalar("sum", &[Decimal(0.5), Decimal(1.0)], W::Dec),
        Decimal(1.5)
    );
    assert_eq!(
        scalar("avg", &[Decimal(3.0), Decimal(10.2)], W::Dec),
        Decimal(6.6)
    );
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
    assert_eq!(
        scalar(
            "avg",
            &[List(vec![Integer(10), Missing, Integer(8)])],
            W::Dec
        ),
        Decimal(9.0)
    );
    assert_eq!(scalar("avg", &[ints(&[])], W::Dec), Missing);
    assert_eq!(
        scalar("avg", &[ints(&[i64::MAX, i64::MAX])], W::Dec),
        Decimal(i64::MAX as f64)
    );
    assert_eq!(
        scalar(
            "sum",
            &[List(vec![Decimal(10.5), Missing, Decimal(8.1)])],
            W::Dec
        ),
        Decimal(18.6)
    );
    assert_eq!(
        scalar("avg", &[List(vec![Decimal(-1.0), Decimal(1.0)])], W::Dec),
        Decimal(0.0)
    );
    assert_eq!(call("max", &[holes()], Want::ElementOf(0)), Integer(10));
    assert_eq!(call("min", &[holes()], Want::ElementOf(0)), Integer(8));
    assert_eq!(call("min", &[ints(&[])], Want::ElementOf(0)), Missing);
    assert_eq!(
        call(
            "max",
            &[List(vec![Decimal(f64::NAN), Decimal(1.0)])],
            Want::ElementOf(0)
        ),
        Decimal(f64::NAN),
        "NaN is the largest"
    );
    assert_eq!(
        call("max", &[strings(&["a", "c", "b"])], Want::ElementOf(0)),
        s("c")
    );
}

#[test]
fn lists() {
    let same = |name: &str, args: &[Value]| call(name, args, Want::Like(0));
    assert_eq!(
        same(
            "distinct",
            &[List(vec![Integer(10), Missing, Integer(2), Integer(10)])]
        ),
        ints(&[10, 2])
    );
    assert_eq!(
        same(
            "distinctWithNull",
            &[List(vec![
                Integer(1),
                Integer(1),
                Missing,
                Integer(2),
                Missing
            ])]
        ),
        List(vec![Integer(1), Missing, Integer(2)])
    );
    assert_eq!(
        same(
            "distinct",
            &[List(vec![
                Decimal(0.0),
                Decimal(-0.0),
                Decimal(f64::NAN),
                Decimal(f64::NAN)
            ])]
        ),
        List(vec![Decimal(0.0), Decimal(f64::NAN)])
    );
    assert_eq!(
        same(
            "sort",
            &[List(vec![Integer(3), Missing, Integer(1)]), Bool(true)]
        ),
        List(vec![Integer(1), Integer(3), Missing])
    );
    assert_eq!(
        same("sort", &[strings(&["A", "C", "B"]), Bool(false)]),
        strings(&["C", "B", "A"])
    );
    let (noon, half) = (
        instant("2021-01-01T12:00Z"),
        instant("2021-01-01T12:30+01:00"),
    );
    assert_eq!(
        same(
            "sort",
            &[List(vec![noon.clone(), half.clone()]), Bool(true)]
        ),
        List(vec![half, noon])
    );
    assert_eq!(
        same("limit", &[ints(&[1, 2, 3]), Integer(2)]),
        ints(&[1, 2])
    );
    assert_eq!(
        same("limit", &[ints(&[1, 2, 3]), Integer(2), Bool(false)]),
        ints(&[2, 3])
    );
    assert_eq!(
        same("limit", &[ints(&[1, 2, 3]), Integer(i64::MAX)]),
        ints(&[1, 2, 3])
    );
    assert_eq!(same("limit", &[ints(&[1, 2, 3]), Integer(-1)]), ints(&[]));
    assert_eq!(
        same(
            "intersect",
            &[
                strings(&["sports", "news", "sports"]),
                strings(&["movies", "sports"])
            ]
        ),
        strings(&["sports"])
    );
    assert_eq!(
        same(
            "differenceLists",
            &[
                List(vec![Integer(1), Missing, Integer(2), Integer(2)]),
                ints(&[1])
            ]
        ),
        ints(&[2])
    );
    assert_eq!(
        same(
            "mergeLists",
            &[strings(&["a", "b"]), strings(&["b", "c"]), Bool(true)]
        ),
        strings(&["a", "b", "c"])
    );
    assert_eq!(
        same(
            "mergeLists",
            &[List(vec![s("a"), Missing]), strings(&["a"]), Bool(false)]
        ),
        strings(&["a", "a"])
    );
    assert_eq!(
        scalar("in", &[Integer(2), ints(&[1, 2])], W::Bool),
        Bool(true)
    );
    assert_eq!(
        scalar("in", &[s("A"), strings(&["a"])], W::Bool),
        Bool(false)
    );
    assert_eq!(
        call(
            "getListItem",
            &[strings(&["A", "B"]), Integer(1)],
            Want::ElementOf(0)
        ),
        s("B")
    );
    assert_eq!(
        call(
            "getListItem",
            &[strings(&["A", "B"]), Integer(2)],
            Want::ElementOf(0)
        ),
        Missing
    );
    assert_eq!(
        call(
            "getListItem",
            &[strings(&["A", "B"]), Integer(-1)],
            Want::ElementOf(0)
        ),
        Missing
    );
    let join = |list: Value, by: &str, quoted: bool| {
        scalar("serializeList", &[list, s(by), Bool(quoted)], W::Str)
    };
    assert_eq!(
        join(strings(&["Hello", "World"]), " ", false),
        s("Hello World")
    );
    assert_eq!(
        join(List(vec![s("a\"b"), Missing, s("c\\")]), ",", true),
        s("\"a\\\"b\",\"c\\\\\"")
    );
    assert_eq!(
        join(List(vec![Bool(true), Bool(false)]), ",", false),
        s("true,false")
    );
}

/// Lists that are short, that the stack holds, and longer ones: an element of the list in order is the one of the sorted list, and as many
/// are different as a set has.
#[test]
fn in_order_whatever_the_length() {
    let mut seed = 5u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(11);
        (seed >> 33) % below
    };
    let most = if cfg!(miri) { 20 } else { 200 };
    for len in [1, 5, 16, 17, 64, 65, most] {
        for up in [true, false] {
            let mut texts: Vec<String> = (0..len)
                .map(|_| "abcdefgh".repeat(random(3) as usize) + &"xy\0z"[..random(5) as usize])
                .collect();
            let list = || List(texts.iter().map(|text| s(text)).collect());
            let given = list();
            let sorted = call("sort", &[list(), Bool(up)], Want::Like(0));
            let different = scalar("distinctCount", &[list()], W::Int);
            texts.sort();
            if !up {
                texts.reverse();
            }
            for (at, text) in texts.iter().enumerate() {
                let args = [given.clone(), Bool(up), Integer(at as i64)];
                assert_eq!(
                    call("op.nth", &args, Want::ElementOf(0)),
                    s(text),
                    "{at} of {len}"
                );
                let args = [given.clone(), Bool(up), Integer(at as i64 - len)];
                assert_eq!(
                    call("op.nth", &args, Want::ElementOf(0)),
                    s(text),
                    "{at} of {len}"
                );
            }
            assert_eq!(sorted, List(texts.iter().map(|text| s(text)).collect()));
            texts.dedup();
            assert_eq!(different, Integer(texts.len() as i64));
            let numbers = [
                0.0,
                -0.0,
                1.5,
                -2.0,
                f64::NAN,
                f64::INFINITY,
                -f64::INFINITY,
            ];
            let mut decimals: Vec<f64> = (0..len).map(|_| numbers[random(7) as usize]).collect();
            let given = List(decimals.iter().map(|x| Decimal(*x)).collect());
            let sorted = call("sort", &[given.clone(), Bool(up)], Want::Like(0));
            let plain = |x: &f64| if x.is_nan() { f64::INFINITY } else { *x };
            let behind = |x: &f64| x.is_nan();
            decimals.sort_by(|a, b| {
                let order = plain(a).partial_cmp(&plain(b)).expect("numbers");
                let order = order.then(behind(a).cmp(&behind(b)));
                if up { order } else { order.reverse() }
            });
            let bits = |list: &Value| match list {
                List(items) => items
                    .iter()
                    .map(|item| format!("{item:?}"))
                    .collect::<Vec<_>>(),
                _ => Vec::new(),
            };
            let wanted = List(decimals.iter().map(|x| Decimal(*x)).collect());
            assert_eq!(bits(&sorted), bits(&wanted), "equal ones as they stood");
            for at in 0..len {
                let args = [given.clone(), Bool(up), Integer(at)];
                let found = call("op.nth", &args, Want::ElementOf(0));
                assert_eq!(format!("{found:?}"), bits(&wanted)[at as usize]);
            }
        }
    }
}

#[test]
fn elements_of_an_order_may_be_missing() {
    let nth = |up: bool, at: i64| {
        let list = List(vec![Missing, Integer(2), Missing, Integer(1)]);
        call("op.nth", &[list, Bool(up), Integer(at)], Want::ElementOf(0))
    };
    let found: Vec<Value> = (-5..5).map(|at| nth(true, at)).collect();
    let one_two = [Integer(1), Integer(2), Missing, Missing];
    let wanted = [&[Missing], &one_two[..], &one_two[..], &[Missing]].concat();
    assert_eq!(found, wanted);
    assert_eq!(nth(false, 0), Integer(2));
    assert_eq!(nth(false, i64::MIN), Missing);
}

#[test]
fn lists_of_records() {
    let item = |sku: &str, price: f64| {
        Value::Record(vec![
            ("sku".into(), s(sku)),
            ("price".into(), Decimal(price)),
        ])
    };
    let items = || List(vec![item("b", 2.0), item("a", 1.0), item("b", 2.0)]);
    assert_eq!(
        call("limit", &[items(), Integer(1)], Want::Like(0)),
        List(vec![item("b", 2.0)])
    );
    assert_eq!(scalar("listSize", &[items()], W::Int), Integer(3));
    let keys = List(vec![Decimal(2.0), Decimal(1.0), Missing]);
    assert_eq!(
        call("op.sortBy", &[items(), keys, Bool(true)], Want::Like(0)),
        List(vec![item("a", 1.0), item("b", 2.0), item("b", 2.0)])
    );
}

#[test]
fn what_is_no_number_is_in_no_list() {
    for n in [1, 30] {
        let many = |x: f64| List(vec![Decimal(x); n]);
        let both = List([f64::NAN, 2.0].map(Decimal).into());
        let common = call("intersect", &[both.clone(), many(f64::NAN)], Want::Like(0));
        assert_eq!(common, List(vec![]));
        let others = call("differenceLists", &[both, many(f64::NAN)], Want::Like(0));
        assert_eq!(format!("{others:?}"), "List([Decimal(NaN), Decimal(2.0)])");
        let is_in = scalar("in", &[Decimal(f64::NAN), many(f64::NAN)], W::Bool);
        assert_eq!(is_in, Bool(false));
    }
}
