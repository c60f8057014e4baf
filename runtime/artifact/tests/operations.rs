//! Chunks that must be let in, one for each operation; loops; and that the worst ones take bounded time.

mod common;

use common::asm::*;
use common::op;
use journey_artifact::code::{Instr, Op};
use journey_artifact::word::WordType;
use journey_artifact::{RefusalKind, limits, row_shapes};

#[test]
fn every_operation_has_a_well_typed_use() {
    use WordType::*;
    let ok = |result: WordType, code: &[Instr]| {
        assert_eq!(gives(result, code), Ok(()), "{result:?} {code:?}");
    };
    let two = [int(4, 1), int(5, 2)];
    for arithmetic in [Op::AddI, Op::SubI, Op::MulI] {
        ok(Int, &[two[0], two[1], o(arithmetic, 3, 4, 5)]);
    }
    for division in [Op::DivI, Op::RemI] {
        ok(Int, &[two[0], two[1], op(division, 3, 4, 5, 0, 4)]);
    }
    for compare in [Op::EqI, Op::LtI, Op::LeI] {
        ok(Bool, &[two[0], two[1], o(compare, 3, 4, 5)]);
    }
    let reals = [two[0], o(Op::IntToDec, 4, 4, 0)];
    for arithmetic in [Op::AddD, Op::SubD, Op::MulD] {
        ok(Dec, &[reals[0], reals[1], o(arithmetic, 3, 4, 4)]);
    }
    for division in [Op::DivD, Op::RemD] {
        ok(Dec, &[reals[0], reals[1], op(division, 3, 4, 4, 0, 4)]);
    }
    ok(Dec, &[reals[0], reals[1], o(Op::NegD, 3, 4, 0)]);
    for compare in [Op::EqD, Op::LtD, Op::LeD] {
        ok(Bool, &[reals[0], reals[1], o(compare, 3, 4, 4)]);
    }
    for compare in [Op::EqS, Op::LtS, Op::LeS] {
        ok(Bool, &[text(4), o(compare, 3, 4, 4)]);
    }
    ok(Bool, &[text(4), op(Op::In, 3, 4, 0, TEXTS, 0)]);
    ok(Bool, &[int(4, 1), op(Op::In, 3, 4, 0, INTS, 0)]);
    ok(Str, &[text(4), text(5), o(Op::Concat, 3, 4, 2)]);
    ok(Str, &[text(4), int(5, 9), op(Op::Call, 3, 4, 2, 0, 4)]);
    ok(
        Duration,
        &[
            op(Op::Const, 4, 0, 0, DAY, 0),
            o(Op::AddI, 4, 4, 4),
            o(Op::NegI, 3, 4, 0),
        ],
    );
    ok(Bool, &[op(Op::Bool, 4, 0, 0, 1, 0), o(Op::Not, 3, 4, 0)]);
    ok(
        Row(ITEM),
        &[slot(4, 2, 4), int(5, 0), op(Op::Elem, 3, 4, 5, 0, 4)],
    );
    ok(
        Row(ITEM),
        &[slot(4, 2, 4), text(5), op(Op::Find, 3, 4, 5, 0, 4)],
    );
    ok(Int, &[slot(4, 2, 3), o(Op::Len, 3, 4, 0)]);
    ok(
        Row(ITEM),
        &[op(Op::NewRow, 3, 0, 0, 1, 0), text(4), o(Op::Set, 3, 4, 0)],
    );
    let make = [
        op(Op::NewList, 3, 0, 0, 2, 4),
        int(4, 1),
        o(Op::Push, 3, 4, 0),
        o(Op::PushNull, 3, 0, 0),
    ];
    ok(List(ONE), &make);
    let copy = [
        op(Op::NewList, 3, 0, 0, 1, 1),
        op(Op::NewRow, 4, 0, 0, 1, 0),
        o(Op::PushRow, 3, 4, 0),
    ];
    ok(List(ITEM), &copy);
    // Of the items' names no list here is; of the list itself there is one.
    let numbers = make[..3].to_vec();
    let column = [&numbers[..], &[op(Op::Column, 3, 3, 0, 0, 2)]].concat();
    ok(List(ONE), &column);
    for wanted in [0, 1] {
        let sift = [&numbers[..], &[op(Op::Sift, 3, 3, 0, INTS, wanted)]].concat();
        ok(List(ONE), &sift);
    }
    // Kleene values meet, and Bool fits where Kleene is read.
    let kleene = [
        o(Op::Unknown, 4, 0, 0),
        op(Op::Bool, 5, 0, 0, 1, 0),
        o(Op::And3, 4, 4, 5),
        o(Op::Or3, 4, 5, 4),
        o(Op::Not3, 4, 4, 0),
        op(Op::JumpTrue, 4, 0, 0, 0, 8),
        op(Op::JumpFalse, 4, 0, 0, 0, 8),
        NONE,
        op(Op::Bool, 3, 0, 0, 1, 0),
    ];
    ok(Bool, &kleene);
    let default = [int(3, 7), slot(3, 0, 2)];
    ok(Int, &default);
}

/// A loop over the items that counts them in r6.
fn counting() -> Vec<Instr> {
    vec![
        slot(3, 2, 9),
        int(4, 0),
        int(6, 0),
        op(Op::Next, 5, 3, 4, 0, 7),
        int(7, 1),
        o(Op::AddI, 6, 6, 7),
        jump(3),
        o(Op::Move, 3, 6, 0),
        RET,
        NONE,
    ]
}

#[test]
fn loops_keep_their_types() {
    assert_eq!(run(WordType::Int, &counting()), Ok(()));
    // The accumulator becomes text in the body: at the head it is neither.
    let mut code = counting();
    code[5] = text(6);
    assert_eq!(run(WordType::Int, &code), Err(RefusalKind::Undefined));
    // A register that only the body writes is not there behind the loop.
    let mut code = counting();
    code[7] = o(Op::Move, 3, 7, 0);
    assert_eq!(run(WordType::Int, &code), Err(RefusalKind::Undefined));
    // The list is replaced in the body by another type.
    let mut code = counting();
    code[4] = int(3, 1);
    code[5] = o(Op::AddI, 6, 6, 3);
    assert_eq!(run(WordType::Int, &code), Err(RefusalKind::Undefined));
    // Back to somewhere else than the loop's head.
    let mut code = counting();
    code[6] = jump(2);
    assert_eq!(run(WordType::Int, &code), Err(RefusalKind::Jump));
    // Row and cursor in one register.
    let mut code = counting();
    code[3] = op(Op::Next, 4, 3, 4, 0, 7);
    assert_eq!(run(WordType::Int, &code), Err(RefusalKind::Operand));
}

#[test]
fn what_each_instruction_works_on_is_known() {
    let counting = chunk(WordType::Int, &counting());
    let shapes = row_shapes(&package(counting.clone()), &counting);
    let mut expected = vec![None; counting.code.len()];
    (expected[0], expected[3]) = (Some(VARS), Some(ITEM));
    assert_eq!(shapes, expected);
}

/// The largest chunk with the most jumps that is let in, and loops in loops: all of it in bounded time.
#[test]
#[cfg_attr(miri, ignore = "it is about time")]
fn the_worst_code_takes_bounded_time() {
    let mut wide = chunk(WordType::Int, &[]);
    wide.registers = 256;
    let len = limits::CHUNK_INSTRUCTIONS;
    wide.code = (0..len - 1)
        .map(|pc| op(Op::Has, 0, 1, 0, 0, (pc + 1) as u16))
        .collect();
    wide.code.push(NONE);
    assert_eq!(with(wide.clone()), Err(RefusalKind::TooComplex));
    wide.registers = 32;
    assert_eq!(with(wide), Ok(()));

    // Thousands of loops, each inside the one before.
    let depth = 8_000;
    let mut code = vec![slot(3, 2, (2 * depth + 2) as u16), int(4, 0)];
    let end = 2 + 2 * depth;
    for level in 0..depth {
        let out = if level == 0 { end } else { end - level };
        code.push(op(Op::Next, 5, 3, 4, 0, out as u16));
    }
    for level in 0..depth {
        code.push(jump((2 + depth - 1 - level) as u16));
    }
    code.push(NONE);
    let started = std::time::Instant::now();
    assert_eq!(run(WordType::Int, &code), Ok(()));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
