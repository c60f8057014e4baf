//! What is hot is compiled while it is evaluated, on another thread.

mod support;

use journey_artifact::model::ChunkId;
use journey_jit::{Mode, Tiering};
use journey_machine::eval::{Fault, Frame, Fuel, Ready};
use std::sync::Arc;
use support::{World, loaded};

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
fn a_chunk_that_the_machine_does_anyway_stays_interpreted() {
    let Ok(tiering) = Tiering::new(Mode::Auto) else {
        return println!("no code can be made for this machine: not tested");
    };
    let program = Arc::new(loaded());
    tiering.adopt(&program);
    let world = World::new(&program, 5);
    let (mut frame, ready) = (Frame::new(), world.env(&program).ready());
    for _ in 0..journey_jit::tiering::HOT + 10 {
        let mut fuel = Fuel::new(1_000);
        assert!(ready.eval(support::GREETING, &mut frame, &mut fuel).is_ok());
    }
    tiering.settle();
    assert!(!program.tiers().is_compiled(support::GREETING));
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
