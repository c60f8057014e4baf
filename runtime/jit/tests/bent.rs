//! What the compiler does not write and the verifier lets in, each by hand: code gives the interpreter's answer, or there is no code.

mod support;

use journey_artifact::code::{Instr, Op};
use journey_artifact::model::{Artifact, Chunk, ChunkId, Constant, Import, Shape, StrId};
use journey_artifact::verify;
use journey_artifact::word::{Ref, Region, ShapeId, WordType as W};
use journey_jit::{Compiler, MOST_INSTRUCTIONS, NotCompiled};
use journey_machine::eval::{Env, Fault, Frame, Fuel, Loaded, interpret};
use journey_machine::record::Record;
use journey_machine::time::Zone;
use support::{i, row};

const END: Instr = Instr::new(Op::RetMissing, 0, 0, 0, 0, 0);

/// The variables' row: a text, a number, a list of items. The input is an item: a text and a number.
fn shapes() -> Vec<Shape> {
    let items = W::List(ShapeId(1));
    vec![row(&[W::Str, W::Int, items]), row(&[W::Str, W::Int])]
}

/// The program of one chunk.
fn program(result: W, code: Vec<Instr>) -> Loaded {
    let names = [
        "text",
        "number",
        "list",
        "trim",
        "lower",
        "startWith",
        "order",
        "zz",
    ];
    let import = |name: u32, params: usize, result: W| Import {
        name: StrId(name),
        params: vec![W::Str; params],
        result,
    };
    let artifact = Artifact {
        name: "t".into(),
        version: "1".into(),
        strings: names.into_iter().collect(),
        constants: vec![Constant::Text(StrId(7)), Constant::Text(StrId(6))],
        shapes: shapes(),
        imports: vec![
            import(3, 1, W::Str),
            import(4, 1, W::Str),
            import(5, 2, W::Bool),
        ],
        chunks: vec![Chunk {
            vars: Some(ShapeId(0)),
            input: Some(ShapeId(1)),
            registers: 256,
            result,
            optional: true,
            code,
        }],
        ..Artifact::default()
    };
    Loaded::new(verify(artifact).expect("a valid artifact")).expect("functions of the table")
}

/// Variables with this text and so many items of nothing; no list without any.
fn variables(text: &str, items: u32) -> Record {
    let shapes = shapes();
    let mut record = Record::new(&shapes[0]);
    let text = record.push_str(Region::Vars, text).expect("room");
    record.set(&shapes[0], 0, text);
    record.set(&shapes[0], 1, 100);
    if items > 0 {
        let words = items as usize * shapes[1].stride();
        let at = record.push_zeros(words).expect("room");
        record.set(&shapes[0], 2, Ref::new(Region::Vars, items, at).0);
    }
    record
}

/// What the interpreter and code say of it, the same of both.
fn both(what: &str, program: &Loaded, vars: &Record) -> Result<Option<u64>, Fault> {
    let mut compiler = Compiler::new().expect("a compiler");
    compiler.compile(program, &[ChunkId(0)]).expect("code");
    let (none, zone) = (Record::default(), Zone::utc());
    let item = &shapes()[1];
    let mut input = Record::new(item);
    input.set(item, 1, 5);
    let env = Env {
        loaded: program,
        profile: &none,
        vars,
        input: &input,
        now_ms: 0,
        zone: &zone,
    };
    let [mut left, mut left_of_code] = [Fuel::new(1_000_000); 2];
    let there = interpret(&env, ChunkId(0), &mut Frame::new(), &mut left);
    let of_code = env
        .ready()
        .eval(ChunkId(0), &mut Frame::new(), &mut left_of_code);
    assert_eq!((&there, left), (&of_code, left_of_code), "{what}");
    there
}

#[test]
fn a_comparison_may_put_its_result_over_an_operand() {
    let texts = vec![
        // Of the variables or of the constants, as it comes.
        i(Op::Slot, 4, 1, 0, 0, 2),
        i(Op::Jump, 0, 0, 0, 0, 3),
        i(Op::Const, 4, 0, 0, 0, 0),
        i(Op::Const, 5, 0, 0, 1, 0),
        i(Op::EqS, 4, 4, 5, 0, 0),
        i(Op::Ret, 4, 0, 0, 0, 0),
    ];
    let there = both("a text", &program(W::Bool, texts), &variables("order", 0));
    assert_eq!(there, Ok(Some(1)));
    let numbers = vec![
        i(Op::Slot, 4, 1, 0, 1, 4),
        i(Op::Int, 5, 0, 0, 7, 0),
        i(Op::LtI, 4, 5, 4, 0, 0),
        i(Op::JumpTrue, 4, 0, 0, 0, 5),
        END,
        i(Op::Int, 6, 0, 0, 1, 0),
        i(Op::Ret, 6, 0, 0, 0, 0),
    ];
    let there = both("a number", &program(W::Int, numbers), &variables("", 0));
    assert_eq!(there, Ok(Some(1)));
}

#[test]
fn a_roots_register_may_hold_another_row_on_one_way() {
    let code = vec![
        i(Op::Slot, 4, 1, 0, 2, 3),
        i(Op::Int, 5, 0, 0, 0, 0),
        i(Op::Elem, 2, 4, 5, 0, 3),
        i(Op::Slot, 6, 2, 0, 1, 5),
        i(Op::Ret, 6, 0, 0, 0, 0),
        END,
    ];
    let program = program(W::Int, code);
    let there = both("the root", &program, &variables("", 0));
    assert_eq!(there, Ok(Some(5)));
    let there = both("an item", &program, &variables("", 1));
    assert_eq!(there, Ok(None));
}

/// `trim` gives a part of its text where it stands, which code cannot foresee; `lower` of that would fill the memory of an
/// evaluation if it were made anew for each item, and is not where it is only tested.
#[test]
fn a_text_that_may_have_been_made_is_tested_where_it_stands() {
    let code = vec![
        i(Op::Slot, 4, 1, 0, 0, 11),
        i(Op::Call, 5, 4, 1, 0, 11),
        i(Op::Slot, 6, 1, 0, 2, 11),
        i(Op::Int, 7, 0, 0, 0, 0),
        i(Op::Next, 8, 6, 7, 0, 9),
        i(Op::Call, 10, 5, 1, 1, 11),
        i(Op::Const, 11, 0, 0, 0, 0),
        i(Op::Call, 12, 10, 2, 2, 11),
        i(Op::Jump, 0, 0, 0, 0, 4),
        i(Op::Bool, 3, 0, 0, 1, 0),
        i(Op::Ret, 3, 0, 0, 0, 0),
        END,
    ];
    let program = program(W::Bool, code);
    let long = "A".repeat(60_000);
    for text in [&long, &format!(" {long}"), "", "zz", "ÄÖ"] {
        let there = both(text, &program, &variables(text, 40));
        assert_eq!(there, Ok(Some(1)));
    }
    // In another alphabet it is made, every time.
    let there = both("made", &program, &variables(&"Ä".repeat(30_000), 40));
    assert!(there.is_err());
}

#[test]
fn the_last_register_is_one_like_the_others() {
    let code = vec![
        i(Op::Int, 255, 0, 0, 3, 0),
        i(Op::Int, 4, 0, 0, 4, 0),
        i(Op::Slot, 5, 1, 0, 1, 5),
        i(Op::AddI, 6, 4, 255, 0, 0),
        i(Op::Ret, 6, 0, 0, 0, 0),
        END,
    ];
    let there = both("the last", &program(W::Int, code), &variables("", 0));
    assert_eq!(there, Ok(Some(7)));
}

/// Slots that lead to one place, where each may matter: how they are looked at together is looked for among all of them.
fn slots(count: u16) -> Vec<Instr> {
    let read = |n: u16| i(Op::Slot, 3 + (n % 12) as u8, 1, 0, 1, count + n % 2);
    let mut code: Vec<Instr> = (0..count).map(read).collect();
    code.extend(vec![i(Op::Move, 15, 1, 0, 0, 0); usize::from(count) + 1]);
    code.push(END);
    code
}

#[test]
fn no_code_is_made_of_a_chunk_that_is_too_long() {
    let mut compiler = Compiler::new().expect("a compiler");
    let most = program(W::Int, slots(MOST_INSTRUCTIONS as u16 / 2 - 1));
    compiler.compile(&most, &[ChunkId(0)]).expect("code");
    let longer = program(W::Int, slots(MOST_INSTRUCTIONS as u16 / 2));
    let refused = compiler.compile(&longer, &[ChunkId(0)]);
    assert!(
        matches!(refused, Err(NotCompiled::TooLong(_))),
        "{refused:?}"
    );
}
