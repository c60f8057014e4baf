//! Work that a small hostile program could ask for without paying: each takes little time now, or ends for want of fuel.
//!
//! No time is measured; what is not bounded takes seconds to for ever. Under Miri even what is bounded takes long, so it is left out there.

mod support;

use journey_artifact::code::{Instr, Op};
use journey_artifact::model::ChunkId;
use journey_artifact::word::{Ref, Region, WordType as W};
use journey_machine::eval::{Fault, Frame, eval_kept, interpret};
use journey_machine::record::Record;
use journey_machine::value::Value;
use support::bench::{Bench, MISSING, abc, i, int, on, ret};
use support::shape;

/// A jump over tests of texts, two of which each become three instructions: with all of them, places would not fit into 16 bits, and a jump on would
/// become one back that costs nothing.
#[test]
#[cfg_attr(miri, ignore)]
fn places_of_a_long_chunk_are_told_in_16_bits() {
    let mut b = Bench::new();
    let part = b.text("x");
    let starts = b.import("startWith", &[W::Str, W::Str], W::Bool);
    let tests = |count: usize, from: usize| -> Vec<Instr> {
        let test = |n: usize| {
            let next = (from + 2 * n + 2) as u16;
            [
                i(Op::Const, 5, 0, 0, part, 0),
                i(Op::Call, 6, 4, 2, starts, next),
            ]
        };
        (0..count).flat_map(test).collect()
    };
    let jump = |to: usize| i(Op::Jump, 0, 0, 0, 0, to as u16);
    let (few, many) = (10, 21_834);
    let second = 2 * few + 1;
    let end = second + 1 + 2 * many + 2;
    let mut code = vec![jump(second)];
    code.extend(tests(few, 1));
    code.push(jump(end));
    code.extend(tests(many, second + 1));
    code.extend([abc(Op::Move, 7, 2, 0), abc(Op::Move, 7, 2, 0)]);
    code.extend([i(Op::Bool, 3, 0, 0, 1, 0), ret(3)]);
    let loaded = b.loaded(W::Bool, &code);
    let input = b.row(Region::Input, &[]);
    let value = on(&loaded, &input, |env, fuel| {
        interpret(env, ChunkId(0), &mut Frame::new(), fuel)
    });
    assert_eq!(value, Ok(Some(1)));
}

/// Rows of no words, ten thousand of them in a list that a thousand slots of each of 400 rows name: to copy all that is to copy the slots.
#[test]
#[cfg_attr(miri, ignore)]
fn rows_of_nothing_are_not_copied_one_by_one() {
    let mut b = Bench::new();
    let nothing = shape(&mut b.artifact, &[]);
    let wide = shape(&mut b.artifact, &vec![("", W::List(nothing)); 1_000]);
    let mut code = vec![
        i(Op::NewRow, 3, 0, 0, nothing.0 as u16, 0),
        i(Op::NewList, 4, 0, 0, nothing.0 as u16, 60_000),
        i(Op::NewList, 5, 0, 0, nothing.0 as u16, 60_000),
    ];
    code.extend(vec![abc(Op::PushRow, 4, 3, 0); 100]);
    code.push(int(6, 0));
    let head = code.len() as u16;
    code.push(i(Op::Next, 7, 4, 6, 0, head + 102));
    code.extend(vec![abc(Op::PushRow, 5, 3, 0); 100]);
    code.push(i(Op::Jump, 0, 0, 0, 0, head));
    code.push(i(Op::NewRow, 8, 0, 0, wide.0 as u16, 0));
    code.extend((0..1_000).map(|slot| i(Op::Set, 8, 5, 0, slot, 0)));
    code.push(i(Op::NewList, 9, 0, 0, wide.0 as u16, 400));
    code.extend(vec![abc(Op::PushRow, 9, 8, 0); 400]);
    code.push(ret(9));
    let loaded = b.loaded(W::List(wide), &code);
    let input = b.row(Region::Input, &[]);
    let kept = on(&loaded, &input, |env, fuel| {
        eval_kept(env, ChunkId(0), &mut Frame::new(), fuel)
    });
    assert!(kept.is_ok_and(|kept| kept.is_some()));
}

/// Ten thousand references to one of two long texts that differ at their ends: each comparison goes over all of them.
#[test]
#[cfg_attr(miri, ignore)]
fn comparisons_in_lists_are_paid_by_the_size_of_texts() {
    for (name, params) in [
        ("sort", &[W::Bool][..]),
        ("distinct", &[]),
        ("max", &[]),
        ("in", &[W::Str]),
    ] {
        let mut b = Bench::new();
        let texts = shape(&mut b.artifact, &[("texts", W::List(b.texts))]);
        b.input = texts;
        let list = W::List(b.texts);
        let (types, result, start) = match name {
            "in" => (vec![W::Str, list], W::Bool, vec![]),
            "max" => (vec![list], W::Str, vec![]),
            _ => (
                [&[list], params].concat(),
                list,
                vec![i(Op::Bool, 5, 0, 0, 1, 0)],
            ),
        };
        let function = b.import(name, &types, result);
        let wanted = b.text("wanted");
        let (first, count) = match name {
            "in" => (3, 2),
            _ => (4, types.len() as u8),
        };
        let mut code = vec![i(Op::Const, 3, 0, 0, wanted, 0), i(Op::Slot, 4, 2, 0, 0, 0)];
        code.extend(start);
        let end = code.len() as u16 + 20;
        code[1].hi = end;
        code.extend(vec![i(Op::Call, 6, first, count, function, end); 20]);
        code.push(MISSING);
        let loaded = b.loaded(W::Int, &code);
        let row = loaded.artifact().shapes[texts.0 as usize].clone();
        let mut input = Record::new(&row);
        let [one, other] = ["x", "y"].map(|end| {
            let text = "a".repeat(400_000) + end;
            input.push_str(Region::Input, &text).expect("room")
        });
        let at = input.push_zeros(20_000).expect("room");
        for n in 0..10_000 {
            let place = at as usize + 2 * n;
            input.words[place] = 1;
            input.words[place + 1] = if n * n % 7 < 3 { one } else { other };
        }
        input.set(&row, 0, Ref::new(Region::Input, 10_000, at).0);
        let ends = on(&loaded, &input, |env, fuel| {
            interpret(env, ChunkId(0), &mut Frame::new(), fuel)
        });
        assert_eq!(ends, Err(Fault::OutOfFuel), "{name}");
    }
}

/// A long text of letters whose case is looked up one by one, asked for many words.
#[test]
#[cfg_attr(miri, ignore)]
fn letters_without_case_are_paid_by_the_letter() {
    for name in [
        "containIgnoreCase",
        "equalIgnoreCase",
        "startWithIgnoreCase",
        "endWithIgnoreCase",
    ] {
        let mut b = Bench::new();
        b.input = shape(&mut b.artifact, &[("text", W::Str)]);
        let asks = b.import(name, &[W::Str, W::Str], W::Bool);
        let mut code = vec![i(Op::Slot, 4, 2, 0, 0, 202), abc(Op::Move, 5, 4, 0)];
        code.extend(vec![i(Op::Call, 6, 4, 2, asks, 202); 200]);
        code.push(MISSING);
        let loaded = b.loaded(W::Bool, &code);
        let ends = |text: String| {
            let input = b.row(Region::Input, &[("text", Value::String(text))]);
            on(&loaded, &input, |env, fuel| {
                interpret(env, ChunkId(0), &mut Frame::new(), fuel)
            })
        };
        assert_eq!(ends("Ж".repeat(9_000)), Err(Fault::OutOfFuel), "{name}");
        assert_eq!(ends("Zh".repeat(9_000)), Ok(None), "{name}");
    }
}
