//! Calendar days from now: told without a call by both tiers, and by the function itself where the days are no number at hand. All
//! three say the same, near the edges and near the ends of the calendar too.

mod support;

use journey_artifact::code::{Instr, Op};
use journey_artifact::model::{Artifact, Chunk, ChunkId, Constant, Import, Shape, Slot, StrId};
use journey_artifact::verify;
use journey_artifact::word::{ShapeId, WordType as W, date_time_word};
use journey_jit::Compiler;
use journey_machine::eval::{Env, Frame, Fuel, Loaded, interpret};
use journey_machine::record::Record;
use journey_machine::time::Zone;
use support::i;

const DAY_MS: i64 = 86_400_000;
/// The days stand in the code.
const AT_HAND: ChunkId = ChunkId(0);
/// The days are a constant: the function is called.
const CALLED: ChunkId = ChunkId(1);

fn artifact(function: &str, days: i32) -> Artifact {
    let [lo, hi] = [days as u32 as u16, ((days as u32) >> 16) as u16];
    let chunk = |number: Instr| Chunk {
        vars: None,
        input: Some(ShapeId(0)),
        registers: 6,
        result: W::Bool,
        optional: true,
        code: vec![
            i(Op::Slot, 4, 2, 0, 0, 4),
            number,
            i(Op::Call, 3, 4, 2, 0, 4),
            i(Op::Ret, 3, 0, 0, 0, 0),
            i(Op::RetMissing, 0, 0, 0, 0, 0),
        ],
    };
    let slot = Slot {
        name: StrId(1),
        ty: W::DateTime,
    };
    Artifact {
        name: "t".into(),
        version: "1".into(),
        strings: ["t", "at", function].iter().collect(),
        constants: vec![Constant::Word(W::Int, i64::from(days) as u64)],
        shapes: vec![Shape { slots: vec![slot] }],
        imports: vec![Import {
            name: StrId(2),
            params: vec![W::DateTime, W::Int],
            result: W::Bool,
        }],
        chunks: vec![
            chunk(i(Op::Int, 5, 0, 0, lo, hi)),
            chunk(i(Op::Const, 5, 0, 0, 0, 0)),
        ],
        ..Artifact::default()
    }
}

#[test]
fn both_tiers_and_the_function_say_the_same() {
    let mut compiler = Compiler::new().ok();
    let mut random = support::random(0xDA15);
    let zones = ["UTC", "Europe/Paris", "Pacific/Apia"].map(|name| Zone::get(name).expect(name));
    let (none, mut yes, mut no) = (Record::default(), 0, 0);
    for function in ["inLastDays", "inNextDays"] {
        for days in [
            0,
            1,
            7,
            365,
            -3,
            100_000,
            100_001,
            -100_001,
            i32::MAX,
            i32::MIN,
        ] {
            let load = || Loaded::new(verify(artifact(function, days)).expect("valid"));
            let (program, plain) = (load().expect("loaded"), load().expect("loaded"));
            if let Some(compiler) = &mut compiler {
                compiler.compile(&program, &[AT_HAND]).expect("code");
            }
            let shape = &program.artifact().shapes[0];
            for round in 0..400 {
                let now_ms = match round % 40 {
                    0 => (1 << 47) - 1 + random(3) as i64,
                    1 => -(1 << 47) - 1 + random(3) as i64,
                    _ => random(50 * 365) as i64 * DAY_MS + random(86_400_000) as i64,
                };
                let edge = match round % 3 {
                    0 => 0,
                    1 => i64::from(days) * DAY_MS,
                    _ => -i64::from(days) * DAY_MS,
                };
                let near = random(8 * 86_400_000) as i64 - 4 * DAY_MS;
                let Some(word) = date_time_word(now_ms.saturating_add(edge + near), 60) else {
                    continue;
                };
                let mut input = Record::new(shape);
                input.set(shape, 0, word);
                let env = |loaded| Env {
                    loaded,
                    profile: &none,
                    vars: &none,
                    input: &input,
                    now_ms,
                    zone: &zones[round % 3],
                };
                let mut fuel = [Fuel::new(500); 3];
                let [first, second, third] = &mut fuel;
                let by_call = interpret(&env(&plain), CALLED, &mut Frame::new(), first);
                let at_hand = interpret(&env(&plain), AT_HAND, &mut Frame::new(), second);
                let ready = env(&program).ready();
                let code = ready.eval(AT_HAND, &mut Frame::new(), third);
                let told = format!("{function} {days} now {now_ms} word {word}");
                assert_eq!(by_call, at_hand, "{told}");
                assert_eq!(by_call, code, "{told}");
                assert_eq!([fuel[0]; 3], fuel, "{told}");
                match by_call {
                    Ok(Some(1)) => yes += 1,
                    _ => no += 1,
                }
            }
        }
    }
    println!("{yes} within, {no} not");
    assert!(yes > 500 && no > 500);
}
