//! Damaged programs: what the verifier still accepts must load and run without a panic and end with an answer or a fault.

mod support;

use journey_artifact::code::{Instr, Op};
use journey_artifact::model::ChunkId;
use journey_artifact::word::{Region, WordType as W};
use journey_machine::eval::{Env, Fault, Frame, Fuel, Loaded, eval_value};
use journey_machine::time::Zone;
use journey_machine::value::Value;
use support::bench::{Bench, MISSING, abc, i, int, ret};
use support::{Random, s};

/// Programs with loops, calls and new values, to be damaged.
fn programs(b: &mut Bench) -> Vec<(W, Vec<Instr>)> {
    let (pairs, texts) = (b.pairs.0 as u16, b.texts.0 as u16);
    let word = b.text("x");
    let sort = b.import("sort", &[W::List(b.ints), W::Bool], W::List(b.ints));
    vec![
        (
            W::List(b.pairs),
            vec![
                i(Op::Slot, 3, 2, 0, 3, 11),
                i(Op::NewListLike, 4, 3, 0, pairs, 0),
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
            ],
        ),
        (
            W::List(b.texts),
            vec![
                i(Op::NewList, 3, 0, 0, texts, 3),
                i(Op::Const, 4, 0, 0, word, 0),
                abc(Op::Move, 5, 4, 0),
                i(Op::Concat, 6, 4, 2, 0, 0),
                abc(Op::Push, 3, 6, 0),
                abc(Op::PushNull, 3, 0, 0),
                ret(3),
            ],
        ),
        (
            W::List(b.ints),
            vec![
                i(Op::Slot, 3, 2, 0, 2, 9),
                i(Op::Bool, 4, 0, 0, 1, 0),
                i(Op::Call, 5, 3, 2, sort, 9),
                int(6, -1),
                i(Op::Elem, 7, 5, 6, 0, 9),
                i(Op::Slot, 8, 7, 0, 0, 9),
                i(Op::DivI, 9, 8, 6, 0, 9),
                i(Op::NewRow, 10, 0, 0, pairs, 0),
                ret(5),
                MISSING,
            ],
        ),
    ]
}

#[test]
fn what_the_verifier_lets_through_never_panics() {
    const SEED: u64 = 42;
    println!("seed {SEED}");
    let mut random = Random(SEED);
    let mut b = Bench::new();
    let programs = programs(&mut b);
    let list = Value::List(vec![Value::Integer(5), Value::Missing, Value::Integer(7)]);
    let pair = Value::Record(vec![
        ("key".into(), s("a")),
        ("n".into(), Value::Integer(i64::MIN)),
    ]);
    let fields = [
        ("text", s("é")),
        ("list", list),
        ("map", Value::List(vec![pair.clone(), pair])),
    ];
    let (input, profile) = (
        b.row(Region::Input, &fields),
        b.row(Region::Profile, &fields),
    );
    let (zone, mut ran) = (Zone::utc(), 0);
    let rounds = if cfg!(miri) { 100 } else { 60_000 };
    for _ in 0..rounds {
        let (result, mut code) = programs[random.below(programs.len() as u64) as usize].clone();
        for _ in 0..=random.below(2) {
            let at = random.below(code.len() as u64) as usize;
            let (small, instr) = (random.below(12) as u8, &mut code[at]);
            match random.below(6) {
                0 => instr.op = Op::from_u8(random.below(54) as u8).expect("an operation"),
                1 => instr.a = small,
                2 => instr.b = small,
                3 => instr.c = small,
                4 => instr.lo = random.below(70) as u16,
                _ => instr.hi = u16::from(small),
            }
        }
        let Some(verified) = b.try_verified(result, &code) else {
            continue;
        };
        let loaded = Loaded::new(verified).expect("what is verified loads");
        let env = Env {
            loaded: &loaded,
            profile: &profile,
            vars: &input,
            input: &input,
            now_ms: 0,
            zone: &zone,
        };
        match eval_value(&env, ChunkId(0), &mut Frame::new(), &mut Fuel::new(10_000)) {
            // A list without room is the one thing that only running finds out.
            Ok(_)
            | Err(Fault::OutOfFuel | Fault::ScratchFull | Fault::Corrupt("list has no room")) => {
                ran += 1
            }
            Err(fault) => panic!("{fault:?}: {code:?}"),
        }
    }
    assert!(ran > rounds / 20, "{ran} ran");
}
