//! Damaged programs: what the verifier still accepts is compiled, and answers as the interpreter does.

mod support;

use journey_artifact::code::{Instr, Op};
use journey_artifact::model::ChunkId;
use journey_artifact::verify;
use journey_jit::Compiler;
use journey_machine::eval::{Frame, Fuel, Loaded, interpret};
use support::{World, artifact};

#[test]
fn damaged_programs_get_the_interpreters_answer() {
    let Ok(mut compiler) = Compiler::new() else {
        return println!("no code can be made for this machine: not tested");
    };
    let state = 0xDA3A6E_u64;
    println!("seed {state:#x}");
    let mut random = support::random(state);
    let (mut accepted, mut answers) = (0, 0);
    for _ in 0..30_000 {
        let mut damaged = artifact();
        let chunk = random(3) as usize;
        let code = &mut damaged.chunks[chunk].code;
        for _ in 0..=random(2) {
            let at = random(code.len() as u64) as usize;
            change(&mut code[at], &mut random);
        }
        let Ok(verified) = verify(damaged) else {
            continue;
        };
        let Ok(loaded) = Loaded::new(verified) else {
            continue;
        };
        accepted += 1;
        let chunk = ChunkId(chunk as u32);
        compiler.compile(&loaded, &[chunk]).expect("code");
        let world = World::new(&loaded, 1 + random(4) as usize);
        let env = world.env(&loaded);
        let (mut fuel, mut fuel_there) = (Fuel::new(2_000), Fuel::new(2_000));
        let code = env.ready().eval(chunk, &mut Frame::new(), &mut fuel);
        let there = interpret(&env, chunk, &mut Frame::new(), &mut fuel_there);
        assert_eq!(
            (&code, fuel),
            (&there, fuel_there),
            "{:?}",
            loaded.code(chunk)
        );
        answers += u32::from(code.is_ok_and(|word| word.is_some()));
    }
    println!("{accepted} accepted, {answers} with a value");
    assert!(accepted > 2_000 && answers > 1_000);
}

/// One field is another.
fn change(i: &mut Instr, random: &mut impl FnMut(u64) -> u64) {
    match random(6) {
        0 => i.op = Op::from_u8(random(54) as u8).unwrap_or(i.op),
        1 => i.a = random(12) as u8,
        2 => i.b = random(13) as u8,
        3 => i.c = random(12) as u8,
        4 => i.lo = random(5) as u16,
        _ => i.hi = random(12) as u16,
    }
}
