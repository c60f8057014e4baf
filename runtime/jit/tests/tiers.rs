//! What is hot is compiled while it is evaluated; code goes with its program; pages are never writable and executable.

mod support;

use journey_artifact::model::ChunkId;
use journey_jit::{Compiler, Mode, Tiering};
use journey_machine::eval::{Fault, Frame, Fuel, Ready};
use std::sync::Arc;
use support::{World, code_pages, loaded};

const ALL: [ChunkId; 3] = [support::LARGE_ORDER, support::TOTAL, support::GREETING];

fn answers(world: &World, ready: &Ready<'_>) -> Vec<Result<Option<u64>, Fault>> {
    let mut frame = Frame::new();
    let mut fuel = Fuel::new(10_000);
    let answers = ALL.map(|chunk| ready.eval(chunk, &mut frame, &mut fuel));
    assert!(fuel.left() < 10_000 && world.items > 0);
    answers.to_vec()
}

#[test]
fn a_chunk_becomes_hot_and_is_compiled_by_another_thread() {
    let Ok(tiering) = Tiering::new(Mode::Auto) else {
        return println!("no code can be made for this machine: not tested");
    };
    let program = Arc::new(loaded());
    tiering.adopt(&program);
    let world = World::new(&program, 5);
    let (mut frame, ready) = (Frame::new(), world.env(&program).ready());
    let mut seen = Vec::new();
    for _ in 0..journey_jit::tiering::HOT + 10 {
        let mut fuel = Fuel::new(1_000);
        seen.push((ready.eval(support::TOTAL, &mut frame, &mut fuel), fuel));
    }
    tiering.settle();
    assert!(program.tiers().is_compiled(support::TOTAL));
    assert!(
        !program.tiers().is_compiled(support::GREETING),
        "it was never evaluated"
    );
    let mut fuel = Fuel::new(1_000);
    seen.push((ready.eval(support::TOTAL, &mut frame, &mut fuel), fuel));
    assert!(
        seen.windows(2).all(|pair| pair[0] == pair[1]),
        "{:?}",
        seen.last()
    );
}

#[test]
fn always_compiles_all_and_never_nothing() {
    for (mode, all) in [(Mode::Always, true), (Mode::Never, false)] {
        let Ok(tiering) = Tiering::new(mode) else {
            return println!("no code can be made for this machine: not tested");
        };
        let program = Arc::new(loaded());
        tiering.adopt(&program);
        assert!(
            ALL.iter()
                .all(|chunk| program.tiers().is_compiled(*chunk) == all)
        );
        let world = World::new(&program, 3);
        let there = answers(&world, &world.env(&program).ready());
        let plain = loaded();
        assert_eq!(
            there,
            answers(&world, &world.env(&plain).ready()),
            "{mode:?}"
        );
    }
}

#[test]
fn code_goes_with_its_program_and_is_never_writable() {
    let Ok(mut compiler) = Compiler::new() else {
        return println!("no code can be made for this machine: not tested");
    };
    let Some(before) = code_pages() else {
        return println!("this system does not tell of its pages: not tested");
    };
    let programs: Vec<_> = (0..200)
        .map(|_| {
            let program = loaded();
            compiler.compile(&program, &ALL).expect("code");
            program
        })
        .collect();
    let while_there = code_pages().expect("pages");
    if before.writable_too > 0 {
        return println!("a tool around this process has such pages of its own: not tested");
    }
    assert!(while_there.executable >= before.executable + 200 * 4096);
    assert_eq!(while_there.writable_too, 0);
    drop(programs);
    let after = code_pages().expect("pages");
    // Other tests of this binary may hold a few pages meanwhile.
    assert!(
        after.executable < before.executable + 40 * 4096,
        "{after:?}"
    );
}

#[test]
fn a_program_dropped_before_its_turn_is_not_compiled() {
    let Ok(tiering) = Tiering::new(Mode::Auto) else {
        return println!("no code can be made for this machine: not tested");
    };
    let program = Arc::new(loaded());
    let weak = Arc::downgrade(&program);
    tiering.adopt(&program);
    drop(program);
    tiering.settle();
    assert!(
        weak.upgrade().is_none(),
        "the compiling thread keeps nothing alive"
    );
}
