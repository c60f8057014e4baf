//! The interpreter, instruction by instruction: scalars and truth values.

mod support;

use journey_artifact::code::{Instr, Op};
use journey_artifact::model::Set;
use journey_artifact::word::{WordType as W, date_time_word};
use journey_machine::value::Value;
use support::bench::{Bench, MISSING, abc, i, int, ret};

#[test]
fn integers_saturate_and_divide_toward_zero() {
    let mut b = Bench::new();
    let (least, most) = (
        b.word(W::Int, i64::MIN as u64),
        b.word(W::Int, i64::MAX as u64),
    );
    let of = |b: &Bench, op: Op, x: Instr, y: Instr| {
        b.run(W::Int, &[x, y, i(op, 5, 3, 4, 0, 4), ret(5), MISSING])
    };
    let c = |a: u8, ix: u16| i(Op::Const, a, 0, 0, ix, 0);
    let plain =
        |b: &Bench, op: Op, x: Instr, y: Instr| b.run(W::Int, &[x, y, abc(op, 5, 3, 4), ret(5)]);
    assert_eq!(
        plain(&b, Op::AddI, c(3, most), int(4, 1)),
        Value::Integer(i64::MAX)
    );
    assert_eq!(
        plain(&b, Op::SubI, c(3, least), int(4, 1)),
        Value::Integer(i64::MIN)
    );
    assert_eq!(
        plain(&b, Op::MulI, c(3, most), int(4, -2)),
        Value::Integer(i64::MIN)
    );
    assert_eq!(
        plain(&b, Op::AddI, int(3, -70_000), int(4, 1)),
        Value::Integer(-69_999)
    );
    assert_eq!(of(&b, Op::DivI, int(3, -7), int(4, 2)), Value::Integer(-3));
    assert_eq!(of(&b, Op::RemI, int(3, -7), int(4, 2)), Value::Integer(-1));
    assert_eq!(
        of(&b, Op::DivI, c(3, least), int(4, -1)),
        Value::Integer(i64::MAX)
    );
    assert_eq!(of(&b, Op::RemI, c(3, least), int(4, -1)), Value::Integer(0));
    assert_eq!(of(&b, Op::DivI, int(3, 1), int(4, 0)), Value::Missing);
    assert_eq!(of(&b, Op::RemI, int(3, 1), int(4, 0)), Value::Missing);
    assert_eq!(
        b.run(W::Int, &[c(3, least), abc(Op::NegI, 5, 3, 0), ret(5)]),
        Value::Integer(i64::MAX)
    );
}

#[test]
fn decimals_are_ieee() {
    let mut b = Bench::new();
    let constants: Vec<u16> = [1.5, -2.0, 0.0, f64::NAN]
        .iter()
        .map(|d: &f64| b.word(W::Dec, d.to_bits()))
        .collect();
    let c = |a: u8, n: usize| i(Op::Const, a, 0, 0, constants[n], 0);
    let plain = |op: Op, x: usize, y: usize, ty: W| {
        b.run(ty, &[c(3, x), c(4, y), abc(op, 5, 3, 4), ret(5)])
    };
    let over = |op: Op, x: usize, y: usize| {
        b.run(
            W::Dec,
            &[c(3, x), c(4, y), i(op, 5, 3, 4, 0, 4), ret(5), MISSING],
        )
    };
    assert_eq!(plain(Op::AddD, 0, 1, W::Dec), Value::Decimal(-0.5));
    assert_eq!(plain(Op::SubD, 0, 1, W::Dec), Value::Decimal(3.5));
    assert_eq!(plain(Op::MulD, 0, 1, W::Dec), Value::Decimal(-3.0));
    assert_eq!(over(Op::DivD, 0, 1), Value::Decimal(-0.75));
    assert_eq!(over(Op::RemD, 0, 1), Value::Decimal(1.5));
    assert_eq!(over(Op::DivD, 0, 2), Value::Missing);
    assert_eq!(over(Op::RemD, 0, 2), Value::Missing);
    assert_eq!(plain(Op::EqD, 3, 3, W::Bool), Value::Bool(false));
    assert_eq!(plain(Op::LtD, 1, 0, W::Bool), Value::Bool(true));
    assert_eq!(plain(Op::LeD, 3, 0, W::Bool), Value::Bool(false));
    assert_eq!(
        b.run(W::Dec, &[c(3, 0), abc(Op::NegD, 5, 3, 0), ret(5)]),
        Value::Decimal(-1.5)
    );
    assert_eq!(
        b.run(W::Dec, &[int(3, 7), abc(Op::IntToDec, 5, 3, 0), ret(5)]),
        Value::Decimal(7.0)
    );
}

#[test]
fn sets() {
    let mut b = Bench::new();
    let instant = |ms: i64, offset: i32| date_time_word(ms, offset).unwrap();
    let decimal = |x: f64| x.to_bits();
    let cases = [
        (W::Int, vec![3, 7], vec![7, 8]),
        (W::Date, vec![3, -1i64 as u64], vec![-1i64 as u64, 4]),
        (
            W::DateTime,
            vec![instant(5, 0)],
            vec![instant(5, 60), instant(6, 0)],
        ),
        (
            W::Dec,
            vec![0, decimal(2.5)],
            vec![decimal(-0.0), decimal(f64::NAN)],
        ),
        (W::Period, vec![7], vec![7, 8]),
    ];
    for (ty, words, values) in cases {
        let set = b.set(Set::Words(ty, words));
        for (value, is) in values.into_iter().zip([true, false]) {
            let constant = b.word(ty, value);
            let code = [
                i(Op::Const, 3, 0, 0, constant, 0),
                i(Op::In, 5, 3, 0, set, 0),
                ret(5),
            ];
            assert_eq!(b.run(W::Bool, &code), Value::Bool(is), "{ty:?} {value:#x}");
        }
    }
    let set = b.texts_set(&["ab", "", "a longer text than others"]);
    let (a, rest) = (b.text("a"), b.text("b"));
    // Of the constants, and one that the evaluation makes.
    for (first, last, is) in [(a, rest, true), (rest, a, false)] {
        let code = [
            i(Op::Const, 3, 0, 0, first, 0),
            i(Op::In, 6, 3, 0, set, 0),
            i(Op::JumpTrue, 6, 0, 0, 0, 6),
            i(Op::Const, 4, 0, 0, last, 0),
            i(Op::Concat, 5, 3, 2, 0, 0),
            i(Op::In, 6, 5, 0, set, 0),
            ret(6),
        ];
        assert_eq!(b.run(W::Bool, &code), Value::Bool(is));
    }
}

#[test]
fn comparisons() {
    let mut b = Bench::new();
    let (noon, same) = (
        date_time_word(1000, 0).unwrap(),
        date_time_word(1000, 60).unwrap(),
    );
    let later = date_time_word(1001, -600).unwrap();
    let times: Vec<u16> = [noon, same, later]
        .iter()
        .map(|word| b.word(W::DateTime, *word))
        .collect();
    let texts: Vec<u16> = ["a", "b", "é"].iter().map(|text| b.text(text)).collect();
    let test = |op: Op, x: u16, y: u16| {
        b.run(
            W::Bool,
            &[
                i(Op::Const, 3, 0, 0, x, 0),
                i(Op::Const, 4, 0, 0, y, 0),
                abc(op, 5, 3, 4),
                ret(5),
            ],
        )
    };
    assert_eq!(
        test(Op::EqT, times[0], times[1]),
        Value::Bool(true),
        "as instants"
    );
    assert_eq!(test(Op::LtT, times[1], times[2]), Value::Bool(true));
    assert_eq!(test(Op::LeT, times[2], times[0]), Value::Bool(false));
    assert_eq!(test(Op::EqS, texts[0], texts[0]), Value::Bool(true));
    assert_eq!(test(Op::LtS, texts[1], texts[2]), Value::Bool(true));
    assert_eq!(test(Op::LeS, texts[1], texts[0]), Value::Bool(false));
    let ints =
        |op: Op, x: i32, y: i32| b.run(W::Bool, &[int(3, x), int(4, y), abc(op, 5, 3, 4), ret(5)]);
    assert_eq!(ints(Op::LtI, -1, 0), Value::Bool(true));
    assert_eq!(ints(Op::LeI, 1, 1), Value::Bool(true));
    assert_eq!(ints(Op::EqI, 1, 2), Value::Bool(false));
    assert_eq!(
        b.run(
            W::Bool,
            &[i(Op::Bool, 3, 0, 0, 1, 0), abc(Op::Not, 4, 3, 0), ret(4)]
        ),
        Value::Bool(false)
    );
}

#[test]
fn kleene_tables() {
    let b = Bench::new();
    let load = |a: u8, k: u16| {
        if k == 2 {
            i(Op::Unknown, a, 0, 0, 0, 0)
        } else {
            i(Op::Bool, a, 0, 0, k, 0)
        }
    };
    // To a decision: true, false, or missing for unknown.
    let run = |op: Op, x: u16, y: u16| {
        let code = [
            load(3, x),
            load(4, y),
            abc(op, 5, 3, if op == Op::Not3 { 0 } else { 4 }),
            i(Op::JumpTrue, 5, 0, 0, 0, 7),
            i(Op::JumpFalse, 5, 0, 0, 0, 6),
            MISSING,
            i(Op::Jump, 0, 0, 0, 0, 9),
            i(Op::Bool, 6, 0, 0, 1, 0),
            ret(6),
            i(Op::Bool, 6, 0, 0, 0, 0),
            ret(6),
        ];
        match b.run(W::Bool, &code) {
            Value::Bool(value) => u16::from(value),
            _ => 2,
        }
    };
    for x in 0..3 {
        for y in 0..3 {
            let and = if x == 0 || y == 0 { 0 } else { x.max(y) };
            let or = if x == 1 || y == 1 { 1 } else { x.max(y) };
            assert_eq!(
                (run(Op::And3, x, y), run(Op::Or3, x, y)),
                (and, or),
                "{x} {y}"
            );
        }
        assert_eq!(run(Op::Not3, x, 0), [1, 0, 2][usize::from(x)]);
    }
}
