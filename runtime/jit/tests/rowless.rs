//! Rows of which nothing is read take no words: a loop still comes by each of them.

mod support;

use journey_artifact::code::Op;
use journey_artifact::model::{Artifact, Chunk, ChunkId, Shape, Slot, StrId};
use journey_artifact::verify;
use journey_artifact::word::{Ref, Region, ShapeId, WordType as W};
use journey_jit::Compiler;
use journey_machine::eval::{Env, Frame, Fuel, Loaded, interpret};
use journey_machine::record::Record;
use journey_machine::time::Zone;
use support::i;

/// How many items there are, by one step each.
const COUNT: ChunkId = ChunkId(0);

fn artifact() -> Artifact {
    let items = Slot {
        name: StrId(1),
        ty: W::List(ShapeId(1)),
    };
    Artifact {
        name: "t".into(),
        version: "1".into(),
        strings: ["t", "items"].iter().collect(),
        shapes: vec![Shape { slots: vec![items] }, Shape { slots: vec![] }],
        chunks: vec![Chunk {
            vars: None,
            input: Some(ShapeId(0)),
            registers: 8,
            result: W::Int,
            optional: true,
            code: vec![
                i(Op::Slot, 3, 2, 0, 0, 8),
                i(Op::Int, 4, 0, 0, 0, 0),
                i(Op::Int, 5, 0, 0, 1, 0),
                i(Op::Int, 6, 0, 0, 0, 0),
                i(Op::Next, 7, 3, 6, 0, 7),
                i(Op::AddI, 4, 4, 5, 0, 0),
                i(Op::Jump, 0, 0, 0, 0, 4),
                i(Op::Ret, 4, 0, 0, 0, 0),
                i(Op::RetMissing, 0, 0, 0, 0, 0),
            ],
        }],
        ..Artifact::default()
    }
}

#[test]
fn rows_without_words_are_counted() {
    let load = || Loaded::new(verify(artifact()).expect("valid")).expect("loaded");
    let (program, plain) = (load(), load());
    if let Ok(mut compiler) = Compiler::new() {
        compiler.compile(&program, &[COUNT]).expect("code");
    }
    let (none, zone) = (Record::default(), Zone::utc());
    let shape = &program.artifact().shapes[0];
    for items in [0, 1, 5] {
        let mut input = Record::new(shape);
        let at = input.words.len() as u32;
        input.set(shape, 0, Ref::new(Region::Input, items, at).0);
        let env = |loaded| Env {
            loaded,
            profile: &none,
            vars: &none,
            input: &input,
            now_ms: 0,
            zone: &zone,
        };
        let (mut fuel, mut fuel_there) = (Fuel::new(500), Fuel::new(500));
        let there = interpret(&env(&plain), COUNT, &mut Frame::new(), &mut fuel_there);
        let ready = env(&program).ready();
        let code = ready.eval(COUNT, &mut Frame::new(), &mut fuel);
        assert_eq!(there, Ok(Some(u64::from(items))));
        assert_eq!((code, fuel), (there, fuel_there), "{items} items");
    }
}
