//! Hostile chunks: each with the refusal it must meet, beside its like that is accepted.

mod common;

use common::{Build, op};
use journey_artifact::code::{Instr, Op};
use journey_artifact::model::{Chunk, Constant, Import, PlanId};
use journey_artifact::word::{ShapeId, WordType};
use journey_artifact::{RefusalKind, limits, verify};

/// Rows that chunks here read: variables (Int, Str, a list of items), items (Str, Dec), and single Ints.
const VARS: ShapeId = ShapeId(0);
const ITEM: ShapeId = ShapeId(1);
const ONE: ShapeId = ShapeId(2);
/// Constants: a Text, a Duration, a Kleene.
const TEXT: u16 = 0;
const DAY: u16 = 1;

fn with(chunk: Chunk) -> Result<(), RefusalKind> {
    let mut b = Build::default();
    b.shape(&[
        ("count", WordType::Int),
        ("name", WordType::Str),
        ("items", WordType::List(ITEM)),
    ]);
    b.shape(&[("sku", WordType::Str), ("price", WordType::Dec)]);
    b.shape(&[("", WordType::Int)]);
    let text = b.text("hello");
    b.constant(Constant::Text(text));
    b.constant(Constant::Word(WordType::Duration, 86_400_000));
    let name = b.text("pad");
    b.0.imports.push(Import {
        name,
        params: vec![WordType::Str, WordType::Int],
        result: WordType::Str,
    });
    b.0.chunks.push(chunk);
    verify(b.0).map(drop).map_err(|refusal| refusal.kind)
}

/// A chunk over the variables with eight registers and an optional result.
fn chunk(result: WordType, code: &[Instr]) -> Chunk {
    Chunk {
        vars: Some(VARS),
        input: None,
        registers: 8,
        result,
        optional: true,
        code: code.to_vec(),
    }
}

fn run(result: WordType, code: &[Instr]) -> Result<(), RefusalKind> {
    with(chunk(result, code))
}

fn o(op_: Op, a: u8, b: u8, c: u8) -> Instr {
    op(op_, a, b, c, 0, 0)
}

fn int(a: u8, value: u16) -> Instr {
    op(Op::Int, a, 0, 0, value, 0)
}

fn text(a: u8) -> Instr {
    op(Op::Const, a, 0, 0, TEXT, 0)
}

fn slot(a: u8, slot: u16, missing: u16) -> Instr {
    op(Op::Slot, a, 1, 0, slot, missing)
}

fn jump(to: u16) -> Instr {
    op(Op::Jump, 0, 0, 0, 0, to)
}

const RET: Instr = Instr {
    op: Op::Ret,
    a: 3,
    b: 0,
    c: 0,
    lo: 0,
    hi: 0,
};
const NONE: Instr = Instr {
    op: Op::RetMissing,
    a: 0,
    b: 0,
    c: 0,
    lo: 0,
    hi: 0,
};

/// Code that computes something into r3 and returns it.
fn gives(result: WordType, code: &[Instr]) -> Result<(), RefusalKind> {
    run(result, &[code, &[RET, NONE]].concat())
}

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
    ok(Int, &[slot(4, 2, 3), o(Op::Len, 3, 4, 0), RET]);
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
fn hostile_chunks_meet_their_refusals() {
    use RefusalKind::*;
    use WordType::{Bool, Dec, Int, Kleene, List, Row, Str};
    let row = |code: &[Instr]| gives(Row(ITEM), code);
    let new_row = op(Op::NewRow, 3, 0, 0, 1, 0);
    let ones = op(Op::NewList, 3, 0, 0, 2, 4);
    let cases: &[(&str, Result<(), RefusalKind>, RefusalKind)] = &[
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
            gives(Str, &[slot(4, 2, 4), op(Op::Slot, 3, 4, 0, 0, 4)]),
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

/// The largest chunk with the most jumps that is let in, and loops in loops: all of it in bounded time.
#[test]
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
    let _ = run(WordType::Int, &code);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
