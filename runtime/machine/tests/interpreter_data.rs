//! The interpreter: rows, lists, text, calls, loops, fuel, and the ways to take a result out.

mod support;

use journey_artifact::code::{Instr, Op};
use journey_artifact::model::ChunkId;
use journey_artifact::word::{Region, ShapeId, WordType as W};
use journey_machine::eval::{
    Env, Fault, Frame, Fuel, LoadError, Loaded, eval, eval_bool, eval_kept, eval_str,
};
use journey_machine::record::Record;
use journey_machine::time::Zone;
use journey_machine::value::Value;
use support::bench::{Bench, MISSING, abc, i, int, ret};
use support::{ints, s, strings};

#[test]
fn slots_presence_and_text() {
    let mut b = Bench::new();
    let hello = b.text("Hello, ");
    let code = [
        i(Op::Slot, 3, 2, 0, 0, 5), // text of the input
        i(Op::Const, 4, 0, 0, hello, 0),
        abc(Op::Move, 5, 3, 0),
        i(Op::Concat, 6, 4, 2, 0, 0),
        ret(6),
        MISSING,
    ];
    let (input, profile) = (
        b.row(Region::Input, &[("text", s("Ann"))]),
        b.row(Region::Profile, &[]),
    );
    assert_eq!(
        b.run_on(W::Str, &code, &input, &profile, 100),
        Ok(s("Hello, Ann"))
    );
    assert_eq!(b.run(W::Str, &code), Value::Missing);
    // Scratch text joined with itself, and a slot behind the second presence word, of the profile.
    let code = [
        i(Op::Const, 4, 0, 0, hello, 0),
        i(Op::Const, 5, 0, 0, hello, 0),
        i(Op::Concat, 6, 4, 2, 0, 0),
        abc(Op::Move, 7, 6, 0),
        i(Op::Concat, 8, 6, 2, 0, 0),
        ret(8),
    ];
    assert_eq!(b.run(W::Str, &code), s(&"Hello, ".repeat(4)));
    let code = [
        i(Op::Has, 0, 0, 0, 69, 3),
        i(Op::Slot, 3, 0, 0, 69, 3),
        ret(3),
        MISSING,
    ];
    let profile = b.row(Region::Profile, &[("pad69", Value::Integer(9))]);
    assert_eq!(
        b.run_on(W::Int, &code, &input, &profile, 100),
        Ok(Value::Integer(9))
    );
    assert_eq!(b.run(W::Int, &code), Value::Missing);
}

#[test]
fn lists_and_maps() {
    let mut b = Bench::new();
    let key = b.text("b");
    let pair = |k: &str, n: i64| {
        Value::Record(vec![("key".into(), s(k)), ("n".into(), Value::Integer(n))])
    };
    let map = Value::List(vec![pair("a", 1), pair("b", 2), pair("b", 3)]);
    let input = b.row(
        Region::Input,
        &[
            (
                "list",
                Value::List(vec![Value::Integer(5), Value::Missing, Value::Integer(7)]),
            ),
            ("map", map.clone()),
        ],
    );
    let none = b.row(Region::Profile, &[]);
    let run = |result: W, code: &[Instr]| b.run_on(result, code, &input, &none, 1000).unwrap();
    let at = |n: i32| {
        run(
            W::Int,
            &[
                i(Op::Slot, 3, 2, 0, 2, 5),
                int(4, n),
                i(Op::Elem, 5, 3, 4, 0, 5),
                i(Op::Slot, 6, 5, 0, 0, 5),
                ret(6),
                MISSING,
            ],
        )
    };
    assert_eq!(
        (at(0), at(1), at(2), at(3)),
        (
            Value::Integer(5),
            Value::Missing,
            Value::Integer(7),
            Value::Missing
        )
    );
    assert_eq!(
        (at(-1), at(-3), at(-4)),
        (Value::Integer(7), Value::Integer(5), Value::Missing)
    );
    assert_eq!(
        run(
            W::Int,
            &[
                i(Op::Slot, 3, 2, 0, 2, 3),
                abc(Op::Len, 4, 3, 0),
                ret(4),
                MISSING
            ]
        ),
        Value::Integer(3)
    );
    let find = [
        i(Op::Slot, 3, 2, 0, 3, 5),
        i(Op::Const, 4, 0, 0, key, 0),
        i(Op::Find, 5, 3, 4, 0, 5),
        i(Op::Slot, 6, 5, 0, 1, 5),
        ret(6),
        MISSING,
    ];
    assert_eq!(run(W::Int, &find), Value::Integer(2), "the first such");
    // map.filter(e => e.n > 1), rows copied.
    let filter = [
        i(Op::Slot, 3, 2, 0, 3, 11),
        i(Op::NewListLike, 4, 3, 0, b.pairs.0 as u16, 0),
        int(5, 0),
        int(9, 1),
        i(Op::Next, 6, 3, 5, 0, 10),
        i(Op::Slot, 7, 6, 0, 1, 9),
        abc(Op::LtI, 8, 9, 7),
        i(Op::JumpFalse, 8, 0, 0, 0, 9),
        abc(Op::PushRow, 4, 6, 0),
        i(Op::Jump, 0, 0, 0, 0, 4),
        ret(4),
        MISSING,
    ];
    assert_eq!(
        run(W::List(b.pairs), &filter),
        Value::List(vec![pair("b", 2), pair("b", 3)])
    );
    assert_eq!(b.run(W::List(b.pairs), &filter), Value::Missing);
}

#[test]
fn new_rows_and_lists() {
    let mut b = Bench::new();
    let word = b.text("x");
    let texts = b.texts.0 as u16;
    let code = [
        i(Op::NewList, 3, 0, 0, texts, 3),
        i(Op::Const, 4, 0, 0, word, 0),
        abc(Op::Push, 3, 4, 0),
        abc(Op::PushNull, 3, 0, 0),
        abc(Op::Push, 3, 4, 0),
        ret(3),
    ];
    assert_eq!(
        b.run(W::List(b.texts), &code),
        Value::List(vec![s("x"), Value::Missing, s("x")])
    );
    let row = [
        i(Op::NewRow, 3, 0, 0, b.pairs.0 as u16, 0),
        int(4, 5),
        i(Op::Set, 3, 4, 0, 1, 0),
        ret(3),
    ];
    assert_eq!(
        b.run(W::Row(b.pairs), &row),
        Value::Record(vec![("n".into(), Value::Integer(5))])
    );
    // No room: a fault, not a write into the neighbour.
    let full = [
        i(Op::NewList, 3, 0, 0, texts, 1),
        i(Op::Const, 4, 0, 0, word, 0),
        abc(Op::Push, 3, 4, 0),
        abc(Op::Push, 3, 4, 0),
        ret(3),
    ];
    let (input, profile) = (b.row(Region::Input, &[]), b.row(Region::Profile, &[]));
    assert!(matches!(
        b.run_on(W::List(b.texts), &full, &input, &profile, 100),
        Err(Fault::Corrupt(_))
    ));
}

#[test]
fn calls() {
    let mut b = Bench::new();
    let (up, to_int, sort) = (
        b.import("upper", &[W::Str], W::Str),
        b.import("toInteger", &[W::Str], W::Int),
        b.import("sort", &[W::List(b.ints), W::Bool], W::List(b.ints)),
    );
    let input = b.row(
        Region::Input,
        &[("text", s("12x")), ("list", ints(&[3, 1, 2]))],
    );
    let none = b.row(Region::Profile, &[]);
    let run = |result: W, code: &[Instr]| b.run_on(result, code, &input, &none, 1000).unwrap();
    assert_eq!(
        run(
            W::Str,
            &[
                i(Op::Slot, 3, 2, 0, 0, 3),
                i(Op::Call, 4, 3, 1, up, 3),
                ret(4),
                MISSING
            ]
        ),
        s("12X")
    );
    assert_eq!(
        run(
            W::Int,
            &[
                i(Op::Slot, 3, 2, 0, 0, 3),
                i(Op::Call, 4, 3, 1, to_int, 3),
                ret(4),
                MISSING
            ]
        ),
        Value::Missing
    );
    let sorted = [
        i(Op::Slot, 3, 2, 0, 2, 4),
        i(Op::Bool, 4, 0, 0, 1, 0),
        i(Op::Call, 5, 3, 2, sort, 4),
        ret(5),
        MISSING,
    ];
    assert_eq!(run(W::List(b.ints), &sorted), ints(&[1, 2, 3]));
}

#[test]
fn imports_are_resolved_by_exact_types() {
    let load = |name: &str, params: &[W], result: W| {
        let mut b = Bench::new();
        b.import(name, params, result);
        Loaded::new(b.verified(W::Int, &[int(3, 1), ret(3)])).map(|_| ())
    };
    let list = |id: u32| W::List(ShapeId(id));
    assert_eq!(load("max", &[W::Int, W::Int], W::Int), Ok(()));
    assert!(
        matches!(
            load("max", &[W::Int, W::Dec], W::Int),
            Err(LoadError::Import { .. })
        ),
        "one type variable"
    );
    assert!(matches!(
        load("max", &[W::Int], W::Int),
        Err(LoadError::Import { .. })
    ));
    assert!(
        matches!(load("noSuch", &[], W::Int), Err(LoadError::Import { name, .. }) if name == "noSuch")
    );
    assert!(
        matches!(
            load("filter", &[list(0), W::Bool], list(0)),
            Err(LoadError::Import { .. })
        ),
        "expanded by the compiler"
    );
    assert_eq!(load("concat", &[W::Str, W::Str, W::Str], W::Str), Ok(()));
    assert!(load("concat", &[W::Str], W::Str).is_err());
    assert_eq!(load("sort", &[list(0), W::Bool], list(0)), Ok(()));
    assert!(
        load("sort", &[list(0), W::Bool], list(1)).is_err(),
        "another element type"
    );
    assert!(
        load("sort", &[list(2), W::Bool], list(2)).is_err(),
        "rows have no natural order"
    );
    assert!(
        load("distinct", &[list(2)], list(2)).is_err(),
        "records are alike or not by the fields that happen to be read"
    );
}

#[test]
fn fuel_bounds_loops_and_text() {
    let mut b = Bench::new();
    let (input, profile) = (
        b.row(
            Region::Input,
            &[("list", ints(&(0..1000).collect::<Vec<_>>()))],
        ),
        b.row(Region::Profile, &[]),
    );
    // Counts the elements, one by one.
    let code = [
        i(Op::Slot, 3, 2, 0, 2, 8),
        int(4, 0),
        int(5, 0),
        int(7, 1),
        i(Op::Next, 6, 3, 4, 0, 7),
        abc(Op::AddI, 5, 5, 7),
        i(Op::Jump, 0, 0, 0, 0, 4),
        ret(5),
        MISSING,
    ];
    assert_eq!(
        b.run_on(W::Int, &code, &input, &profile, 4_000),
        Ok(Value::Integer(1000))
    );
    assert_eq!(
        b.run_on(W::Int, &code, &input, &profile, 2_000),
        Err(Fault::OutOfFuel)
    );
    // A head that its exhausted list leads back to would go round for ever.
    let round = [
        i(Op::Slot, 3, 2, 0, 2, 5),
        int(4, 0),
        i(Op::Next, 6, 3, 4, 0, 4),
        i(Op::Jump, 0, 0, 0, 0, 4),
        i(Op::Jump, 0, 0, 0, 0, 2),
        MISSING,
    ];
    assert_eq!(
        b.run_on(W::Int, &round, &input, &profile, 100_000),
        Err(Fault::OutOfFuel)
    );
    // Text that doubles in a loop.
    let x = b.text("0123456789");
    let double = [
        i(Op::Slot, 3, 2, 0, 2, 8),
        int(4, 0),
        i(Op::Const, 5, 0, 0, x, 0),
        i(Op::Next, 7, 3, 4, 0, 7),
        abc(Op::Move, 6, 5, 0),
        i(Op::Concat, 5, 5, 2, 0, 0),
        i(Op::Jump, 0, 0, 0, 0, 3),
        ret(5),
        MISSING,
    ];
    assert_eq!(
        b.run_on(W::Str, &double, &input, &profile, 10_000_000),
        Err(Fault::ScratchFull)
    );
}

#[test]
fn the_other_ways_to_evaluate() {
    let mut b = Bench::new();
    let x = b.text("kept");
    let code = [i(Op::Const, 3, 0, 0, x, 0), ret(3)];
    let loaded = b.loaded(W::Str, &code);
    let (empty, zone) = (b.row(Region::Input, &[]), Zone::utc());
    let env = Env {
        loaded: &loaded,
        profile: &empty,
        vars: &empty,
        input: &empty,
        now_ms: 0,
        zone: &zone,
    };
    let (mut frame, mut fuel) = (Frame::new(), Fuel::new(100));
    assert_eq!(
        eval_str(&env, ChunkId(0), &mut frame, &mut fuel),
        Ok(Some("kept"))
    );
    let kept = eval_kept(&env, ChunkId(0), &mut frame, &mut fuel)
        .unwrap()
        .unwrap();
    assert_eq!(kept.record.str(kept.word), Some("kept"));
    assert_eq!(
        eval(&env, ChunkId(7), &mut frame, &mut fuel),
        Err(Fault::Corrupt("chunk"))
    );
    let mut other = Record::default();
    let word = eval(&env, ChunkId(0), &mut frame, &mut fuel)
        .unwrap()
        .unwrap();
    let stored = frame
        .store(&env, word, W::Str, &mut other, Region::Input)
        .unwrap();
    assert_eq!(other.str(stored), Some("kept"));
    let yes = b.loaded(W::Bool, &[i(Op::Bool, 3, 0, 0, 1, 0), ret(3)]);
    let env = Env {
        loaded: &yes,
        ..env
    };
    assert_eq!(
        eval_bool(&env, ChunkId(0), &mut frame, &mut fuel),
        Ok(Some(true))
    );
    assert_eq!(
        eval_bool(&env, ChunkId(0), &mut frame, &mut Fuel::new(0)),
        Err(Fault::OutOfFuel)
    );
    assert_eq!(strings(&[]), Value::List(vec![]));
}
