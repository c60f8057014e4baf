//! Hostile chunks, each with the refusal that it must meet.

mod common;

use common::asm::*;
use common::op;
use journey_artifact::code::{Instr, Op};
use journey_artifact::model::{Chunk, PlanId};
use journey_artifact::word::{ShapeId, WordType};
use journey_artifact::{RefusalKind, limits, verify};

#[test]
fn hostile_chunks_meet_their_refusals() {
    use RefusalKind::*;
    use WordType::{Bool, Dec, Int, Kleene, List, Row, Str};
    let row = |code: &[Instr]| gives(Row(ITEM), code);
    let new_row = op(Op::NewRow, 3, 0, 0, 1, 0);
    let ones = op(Op::NewList, 3, 0, 0, 2, 4);
    let cases: &[(&str, Verdict, RefusalKind)] = &[
        ("no code", run(Int, &[]), ChunkSize),
        ("falls off", run(Int, &[int(3, 1)]), FallsOff),
        (
            "falls off behind a condition",
            run(
                Int,
                &[op(Op::Bool, 3, 0, 0, 1, 0), op(Op::JumpTrue, 3, 0, 0, 0, 1)],
            ),
            Jump,
        ),
        ("register beyond", gives(Int, &[int(8, 1)]), Register),
        (
            "operand beyond",
            gives(Int, &[o(Op::Move, 3, 200, 0)]),
            Register,
        ),
        (
            "run beyond",
            gives(Str, &[o(Op::Concat, 3, 4, 5)]),
            Register,
        ),
        (
            "run wraps",
            gives(Str, &[o(Op::Concat, 3, 255, 255)]),
            Register,
        ),
        (
            "no such set",
            gives(Bool, &[int(4, 1), op(Op::In, 3, 4, 0, 2, 0)]),
            Index,
        ),
        (
            "another type's set",
            gives(Bool, &[int(4, 1), op(Op::In, 3, 4, 0, TEXTS, 0)]),
            Operand,
        ),
        (
            "a set and a target",
            gives(Bool, &[int(4, 1), op(Op::In, 3, 4, 0, INTS, 1)]),
            Instruction,
        ),
        (
            "a column of another type",
            gives(List(ONE), &[slot(4, 2, 2), op(Op::Column, 3, 4, 0, 0, 2)]),
            Operand,
        ),
        (
            "a column of no slot",
            gives(List(ONE), &[slot(4, 2, 2), op(Op::Column, 3, 4, 0, 9, 2)]),
            Index,
        ),
        (
            "a column as rows of several slots",
            gives(List(ITEM), &[slot(4, 2, 2), op(Op::Column, 3, 4, 0, 0, 1)]),
            Operand,
        ),
        (
            "rows are not sifted",
            gives(
                List(ITEM),
                &[slot(4, 2, 2), op(Op::Sift, 3, 4, 0, TEXTS, 1)],
            ),
            Operand,
        ),
        (
            "sifted by another type's set",
            gives(
                List(ONE),
                &[
                    op(Op::NewList, 4, 0, 0, 2, 1),
                    op(Op::Sift, 3, 4, 0, TEXTS, 1),
                ],
            ),
            Operand,
        ),
        (
            "neither in nor not in",
            gives(
                List(ONE),
                &[
                    op(Op::NewList, 4, 0, 0, 2, 1),
                    op(Op::Sift, 3, 4, 0, INTS, 2),
                ],
            ),
            Value,
        ),
        (
            "never written",
            gives(Int, &[o(Op::Move, 3, 4, 0)]),
            Undefined,
        ),
        (
            "no such row",
            gives(Int, &[op(Op::Slot, 3, 2, 0, 0, 2)]),
            Undefined,
        ),
        (
            "no profile",
            gives(Int, &[op(Op::Slot, 3, 0, 0, 0, 2)]),
            Undefined,
        ),
        (
            "written on one way only",
            gives(Int, &[op(Op::Has, 0, 1, 0, 0, 2), int(3, 1)]),
            Undefined,
        ),
        (
            "written differently",
            gives(
                Int,
                &[op(Op::Has, 0, 1, 0, 0, 3), int(3, 1), jump(4), text(3)],
            ),
            Undefined,
        ),
        ("missing and unset", gives(Int, &[slot(3, 0, 1)]), Undefined),
        ("slot beyond", gives(Int, &[slot(3, 3, 2)]), Index),
        (
            "slot of no row",
            gives(Int, &[int(4, 1), op(Op::Slot, 3, 4, 0, 0, 3)]),
            Operand,
        ),
        (
            "slot of a list",
            gives(Str, &[slot(4, 2, 3), op(Op::Slot, 3, 4, 0, 0, 3)]),
            Operand,
        ),
        (
            "constant beyond",
            gives(Int, &[op(Op::Const, 3, 0, 0, 2, 0)]),
            Index,
        ),
        (
            "import beyond",
            gives(Str, &[text(4), op(Op::Call, 3, 4, 1, 1, 3)]),
            Index,
        ),
        ("shape beyond", row(&[op(Op::NewRow, 3, 0, 0, 3, 0)]), Index),
        (
            "no truth",
            gives(Bool, &[op(Op::Bool, 3, 0, 0, 2, 0)]),
            Value,
        ),
        (
            "unused field",
            gives(Int, &[op(Op::Int, 3, 1, 0, 1, 0)]),
            Instruction,
        ),
        (
            "unused target",
            run(Int, &[NONE, op(Op::RetMissing, 0, 0, 0, 0, 1)]),
            Instruction,
        ),
        ("jump beyond", run(Int, &[jump(7), NONE]), Jump),
        ("jump to itself", run(Int, &[jump(0)]), Jump),
        ("jump back", run(Int, &[int(3, 1), jump(0)]), Jump),
        (
            "condition back",
            gives(Int, &[int(3, 1), op(Op::Has, 0, 1, 0, 0, 0)]),
            Jump,
        ),
        (
            "missing back",
            gives(Int, &[int(3, 1), slot(3, 0, 0)]),
            Jump,
        ),
        (
            "text where Int is read",
            gives(Int, &[text(4), o(Op::AddI, 3, 4, 4)]),
            Operand,
        ),
        (
            "Int and Duration",
            gives(
                Int,
                &[
                    int(4, 1),
                    op(Op::Const, 5, 0, 0, DAY, 0),
                    o(Op::AddI, 3, 4, 5),
                ],
            ),
            Operand,
        ),
        (
            "Durations multiplied",
            gives(Int, &[op(Op::Const, 4, 0, 0, DAY, 0), o(Op::MulI, 3, 4, 4)]),
            Operand,
        ),
        (
            "Int as Dec",
            gives(Dec, &[int(4, 1), o(Op::AddD, 3, 4, 4)]),
            Operand,
        ),
        (
            "text compared as words",
            gives(Bool, &[text(4), o(Op::EqI, 3, 4, 4)]),
            Operand,
        ),
        (
            "Bool ordered",
            gives(Bool, &[op(Op::Bool, 4, 0, 0, 1, 0), o(Op::LtI, 3, 4, 4)]),
            Operand,
        ),
        (
            "Kleene compared",
            gives(Bool, &[o(Op::Unknown, 4, 0, 0), o(Op::EqI, 3, 4, 4)]),
            Operand,
        ),
        (
            "Kleene as Bool",
            gives(Bool, &[o(Op::Unknown, 4, 0, 0), o(Op::Not, 3, 4, 0)]),
            Operand,
        ),
        (
            "jump on Int",
            gives(Int, &[int(3, 1), op(Op::JumpTrue, 3, 0, 0, 0, 2)]),
            Operand,
        ),
        (
            "Int in text",
            gives(Str, &[text(4), int(5, 1), o(Op::Concat, 3, 4, 2)]),
            Operand,
        ),
        (
            "length of a row",
            gives(Int, &[o(Op::Len, 3, 1, 0)]),
            Operand,
        ),
        (
            "found by Int",
            row(&[slot(4, 2, 4), int(5, 0), op(Op::Find, 3, 4, 5, 0, 4)]),
            Operand,
        ),
        (
            "keyed by Int",
            gives(
                Row(ONE),
                &[
                    op(Op::NewList, 4, 0, 0, 2, 0),
                    text(5),
                    op(Op::Find, 3, 4, 5, 0, 4),
                ],
            ),
            Operand,
        ),
        (
            "too few arguments",
            gives(Str, &[text(4), op(Op::Call, 3, 4, 1, 0, 3)]),
            Arity,
        ),
        (
            "argument of another type",
            gives(Str, &[text(4), text(5), op(Op::Call, 3, 4, 2, 0, 4)]),
            Operand,
        ),
        ("another result", gives(Str, &[int(3, 1)]), Result),
        (
            "Kleene for Bool",
            gives(Bool, &[o(Op::Unknown, 3, 0, 0)]),
            Result,
        ),
        (
            "Kleene result",
            gives(Kleene, &[o(Op::Unknown, 3, 0, 0)]),
            Result,
        ),
        ("row of another shape", gives(Row(VARS), &[new_row]), Result),
        (
            "result without a shape",
            gives(Row(ShapeId(9)), &[new_row]),
            Index,
        ),
        (
            "variables changed",
            gives(Int, &[int(3, 1), o(Op::Set, 1, 3, 0)]),
            NotOwned,
        ),
        (
            "found row changed",
            row(&[
                slot(4, 2, 5),
                int(5, 0),
                op(Op::Elem, 3, 4, 5, 0, 5),
                text(6),
                o(Op::Set, 3, 6, 0),
            ]),
            NotOwned,
        ),
        (
            "slot of another type",
            row(&[new_row, int(4, 1), o(Op::Set, 3, 4, 0)]),
            Operand,
        ),
        (
            "event's list grown",
            gives(
                List(ITEM),
                &[slot(3, 2, 3), new_row_at(4), o(Op::PushRow, 3, 4, 0)],
            ),
            NotOwned,
        ),
        (
            "another row pushed",
            gives(List(ONE), &[ones, new_row_at(4), o(Op::PushRow, 3, 4, 0)]),
            Operand,
        ),
        (
            "text pushed to Ints",
            gives(List(ONE), &[ones, text(4), o(Op::Push, 3, 4, 0)]),
            Operand,
        ),
        (
            "scalar pushed to rows",
            gives(
                List(ITEM),
                &[
                    op(Op::NewList, 3, 0, 0, 1, 1),
                    text(4),
                    o(Op::Push, 3, 4, 0),
                ],
            ),
            Operand,
        ),
        (
            "null pushed to rows",
            gives(
                List(ITEM),
                &[op(Op::NewList, 3, 0, 0, 1, 1), o(Op::PushNull, 3, 0, 0)],
            ),
            Operand,
        ),
        (
            "two names for one list",
            gives(
                List(ONE),
                &[ones, o(Op::Move, 4, 3, 0), o(Op::PushNull, 4, 0, 0)],
            ),
            NotOwned,
        ),
    ];
    for (what, found, expected) in cases {
        assert_eq!(*found, Err(*expected), "{what}");
    }
}

/// Loops over the Ints of a list made here.
#[test]
fn loops_are_entered_at_their_heads_and_nest() {
    let next = |cursor: u8, out: u16| op(Op::Next, 6, 3, cursor, 0, out);
    let set_up = [op(Op::NewList, 3, 0, 0, 2, 4), int(4, 0), int(5, 0)];
    let verdict = |code: &[Instr]| run(WordType::Int, &[&set_up[..], code, &[NONE]].concat());
    let skip = |to: u16| op(Op::Has, 0, 1, 0, 0, to);
    let pages: &[(&str, &[Instr], Verdict)] = &[
        ("one", &[next(4, 5), jump(3)], Ok(())),
        (
            "one that goes on from its middle",
            &[next(4, 7), skip(6), jump(3), jump(3)],
            Ok(()),
        ),
        (
            "one within another",
            &[next(4, 7), next(5, 6), jump(4), jump(3)],
            Ok(()),
        ),
        (
            "one behind another",
            &[next(4, 5), jump(3), next(5, 7), jump(5)],
            Ok(()),
        ),
        (
            "over one",
            &[skip(6), next(4, 6), jump(4), int(7, 0)],
            Ok(()),
        ),
        (
            "to the head of one",
            &[skip(5), int(7, 0), next(4, 7), jump(5)],
            Ok(()),
        ),
        (
            "past the head of one",
            &[skip(5), next(4, 6), jump(4)],
            Err(RefusalKind::Loop),
        ),
        (
            "a head that only its own end leads to",
            &[jump(5), next(4, 6), jump(4)],
            Err(RefusalKind::Loop),
        ),
        (
            "past the head of the one within",
            &[next(4, 9), skip(7), next(5, 8), int(7, 0), jump(5), jump(3)],
            Err(RefusalKind::Loop),
        ),
        (
            "two that overlap",
            &[next(4, 7), next(5, 7), jump(3), jump(4)],
            Err(RefusalKind::Loop),
        ),
    ];
    for (what, code, expected) in pages {
        assert_eq!(verdict(code), *expected, "{what}");
    }
}

fn new_row_at(register: u8) -> Instr {
    op(Op::NewRow, register, 0, 0, 1, 0)
}

#[test]
fn headers_are_checked() {
    let good = || chunk(WordType::Int, &[int(3, 1), RET]);
    assert_eq!(with(good()), Ok(()));
    let refused = |change: fn(&mut Chunk)| {
        let mut chunk = good();
        change(&mut chunk);
        with(chunk).expect_err("refused")
    };
    assert_eq!(refused(|it| it.registers = 2), RefusalKind::ChunkSize);
    assert_eq!(refused(|it| it.registers = 257), RefusalKind::ChunkSize);
    assert_eq!(refused(|it| it.vars = Some(ShapeId(3))), RefusalKind::Index);
    assert_eq!(
        refused(|it| it.input = Some(ShapeId(u32::MAX))),
        RefusalKind::Index
    );
    assert_eq!(
        refused(|it| it.code = vec![NONE; limits::CHUNK_INSTRUCTIONS + 1]),
        RefusalKind::ChunkSize
    );
    let never_missing = |it: &mut Chunk| {
        it.optional = false;
        it.code = vec![NONE];
    };
    assert_eq!(refused(never_missing), RefusalKind::Missing);
}

#[test]
fn the_profile_row_is_there_when_a_plan_reads_it() {
    let mut artifact = common::small();
    assert!(verify(artifact.clone()).is_ok());
    // Updates that show in the row go as well, or they would be what is refused.
    artifact.profile = None;
    assert_eq!(
        verify(artifact.clone()).expect_err("no profile").kind,
        RefusalKind::Undefined
    );
    artifact.profile = Some(PlanId(3));
    assert_eq!(
        verify(artifact).expect_err("no plan").kind,
        RefusalKind::Index
    );
}
