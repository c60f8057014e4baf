//! Interpreter and code agree on programs that nobody wrote: value, fault, and the fuel that is left.
//!
//! The differential tests of `tests/` compare what the compiler makes; here is what a hostile artifact may hold and the verifier lets in.
//! `JOURNEY_SEED` and `JOURNEY_CASES` say which programs and how many; a failure names its seed and prints the program.

mod data;
mod functions;
mod make;
#[path = "../support/mod.rs"]
mod support;

use journey_artifact::model::ChunkId;
use journey_artifact::verify;
use journey_artifact::word::{Region, WordType};
use journey_jit::Compiler;
use journey_machine::eval::{Env, Frame, Fuel, Loaded, interpret};
use journey_machine::record::Record;
use journey_machine::time::Zone;

/// Records and fuels that each program runs with.
const RUNS: usize = 6;

fn number(name: &str, unless: u64) -> u64 {
    let said = std::env::var(name).ok();
    said.map_or(unless, |n| n.parse().expect("a number"))
}

#[test]
fn programs_that_nobody_wrote_give_the_interpreters_answer() {
    let (seed, cases) = (number("JOURNEY_SEED", 1), number("JOURNEY_CASES", 20_000));
    let mut compiler = Compiler::new().expect("a compiler");
    let (none, zone) = (Record::default(), Zone::utc());
    let (mut accepted, mut runs, mut values) = (0, 0, 0);
    for case in seed..seed + cases {
        let mut random = support::random(case.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let artifact = make::artifact(&mut random);
        let result = artifact.chunks[0].result;
        let Ok(verified) = verify(artifact) else {
            continue;
        };
        accepted += 1;
        let program = Loaded::new(verified).expect("functions of the table");
        let told = || {
            let code = program.code(ChunkId(0)).unwrap_or_default();
            let line = |(at, i)| format!("{at} {i:?}\n");
            let lines: String = code.iter().enumerate().map(line).collect();
            format!("JOURNEY_SEED={case} JOURNEY_CASES=1\n{lines}")
        };
        if let Err(why) = compiler.compile(&program, &[ChunkId(0)]) {
            panic!("{why}: {}", told());
        }
        for _ in 0..RUNS {
            let vars = data::record(&mut random, Region::Vars);
            let input = data::record(&mut random, Region::Input);
            let env = Env {
                loaded: &program,
                profile: &none,
                vars: &vars,
                input: &input,
                now_ms: 0,
                zone: &zone,
            };
            let fuel = [2_000, 60 + random(80), 100 + random(300)][random(3) as usize];
            let (mut left, mut left_of_code) = (Fuel::new(fuel), Fuel::new(fuel));
            let there = interpret(&env, ChunkId(0), &mut Frame::new(), &mut left);
            let of_code = env
                .ready()
                .eval(ChunkId(0), &mut Frame::new(), &mut left_of_code);
            runs += 1;
            values += u64::from(matches!(there, Ok(Some(_))));
            // Which NaN it is nobody can tell.
            let plain = |word: u64| match result {
                WordType::Dec if f64::from_bits(word).is_nan() => f64::NAN.to_bits(),
                _ => word,
            };
            let told_plainly = [there, of_code].map(|it| it.map(|word| word.map(plain)));
            assert_eq!(
                (&told_plainly[0], left),
                (&told_plainly[1], left_of_code),
                "interpreter and code, with fuel {fuel}: {}",
                told()
            );
        }
    }
    println!(
        "{cases} programs from seed {seed}: {accepted} accepted, {runs} runs, {values} values"
    );
    let many = cases >= 1_000;
    assert!(
        !many || accepted > cases / 4,
        "most are refused: {accepted}"
    );
    assert!(!many || values > runs / 10, "most give nothing: {values}");
}
