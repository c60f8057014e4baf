//! Records that are not as the code expects: too short, references that lead outside. Code reads nothing outside, and the answer
//! is the interpreter's. A reference that names another record than the one it stands in, which no reader, decoder or setter of the
//! machine makes, is looked for in its own: there only the first half is promised.

mod support;

use journey_artifact::word::{Ref, Region};
use journey_jit::Compiler;
use journey_machine::eval::{Frame, Fuel, interpret};
use journey_machine::record::Record;
use support::{World, loaded};

#[test]
fn damaged_records_get_the_interpreters_answer() {
    let Ok(mut compiler) = Compiler::new() else {
        return println!("no code can be made for this machine: not tested");
    };
    let (program, plain) = (loaded(), loaded());
    let all = [support::LARGE_ORDER, support::TOTAL, support::GREETING];
    compiler.compile(&program, &all).expect("code");
    let state = 0x5EED_u64;
    println!("seed {state:#x}");
    let mut random = support::random(state);
    let (mut faults, mut values) = (0, 0);
    for _ in 0..20_000 {
        let mut world = World::new(&program, 1 + random(4) as usize);
        let mut kept_region = true;
        for _ in 0..=random(3) {
            kept_region &= damage(&mut world.input, &mut random);
        }
        let (mut frame, mut other) = (Frame::new(), Frame::new());
        for chunk in all {
            let (mut fuel, mut fuel_there) = (Fuel::new(500), Fuel::new(500));
            let code = world
                .env(&program)
                .ready()
                .eval(chunk, &mut frame, &mut fuel);
            let there = interpret(&world.env(&plain), chunk, &mut other, &mut fuel_there);
            if kept_region {
                assert_eq!((&code, fuel), (&there, fuel_there), "chunk {}", chunk.0);
            }
            match code {
                Ok(_) => values += 1,
                Err(_) => faults += 1,
            }
        }
    }
    println!("{values} values, {faults} faults");
    assert!(values > 1_000 && faults > 1_000);
}

/// One word, the length, the root or the text of a record is not what it was; whether references still name this record.
fn damage(record: &mut Record, random: &mut impl FnMut(u64) -> u64) -> bool {
    let words = record.words.len() as u64;
    match random(6) {
        0 => record.words.truncate(random(words + 1) as usize),
        // Every word then means another slot.
        1 => {
            record.root = random(words + 10) as u32;
            return false;
        }
        2 => record.text.truncate(random(3) as usize),
        3 if words > 0 => {
            record.words[random(words) as usize] ^= 1 << random(64);
            return false;
        }
        4 if words > 0 => {
            let (len, offset) = (random(1 << 20) as u32, random(1 << 32) as u32);
            record.words[random(words) as usize] = Ref::new(Region::Input, len, offset).0;
        }
        _ if words > 0 => {
            record.words[random(words) as usize] = random(u64::MAX >> 1) << 1;
            return false;
        }
        _ => {}
    }
    true
}

#[test]
fn an_empty_record_has_nothing() {
    let Ok(mut compiler) = Compiler::new() else {
        return println!("no code can be made for this machine: not tested");
    };
    let program = loaded();
    compiler
        .compile(&program, &[support::LARGE_ORDER])
        .expect("code");
    let mut world = World::new(&program, 1);
    world.input = Record::default();
    let ready = world.env(&program).ready();
    let mut fuel = Fuel::new(1_000);
    let answer = ready.eval(support::LARGE_ORDER, &mut Frame::new(), &mut fuel);
    assert_eq!(answer, Ok(None));
}

#[test]
fn fuel_ends_a_loop_at_the_same_place() {
    let Ok(mut compiler) = Compiler::new() else {
        return println!("no code can be made for this machine: not tested");
    };
    let (program, plain) = (loaded(), loaded());
    compiler
        .compile(&program, &[support::TOTAL, support::GREETING])
        .expect("code");
    let world = World::new(&program, 20);
    for chunk in [support::TOTAL, support::GREETING] {
        for units in 0..200 {
            let (mut fuel, mut fuel_there) = (Fuel::new(units), Fuel::new(units));
            let code = world
                .env(&program)
                .ready()
                .eval(chunk, &mut Frame::new(), &mut fuel);
            let there = interpret(
                &world.env(&plain),
                chunk,
                &mut Frame::new(),
                &mut fuel_there,
            );
            assert_eq!((code, fuel), (there, fuel_there), "{units} units");
        }
    }
}
