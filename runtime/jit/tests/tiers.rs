//! What is hot is compiled while it is evaluated, on another thread.

mod support;

use journey_artifact::model::ChunkId;
use journey_jit::{Mode, Tiering};
use journey_machine::eval::{Fault, Frame, Fuel, Loaded, Ready};
use std::sync::Arc;
use support::{World, loaded};

const ALL: [ChunkId; 3] = [support::LARGE_ORDER, support::TOTAL, support::GREETING];

/// What an evaluation gives, and the fuel that is left.
type Answer = (Result<Option<u64>, Fault>, Fuel);

fn answers(world: &World, ready: &Ready<'_>) -> Vec<Result<Option<u64>, Fault>> {
    let mut frame = Frame::new();
    let mut fuel = Fuel::new(10_000);
    let answers = ALL.map(|chunk| ready.eval(chunk, &mut frame, &mut fuel));
    assert!(fuel.left() < 10_000 && world.items > 0);
    answers.to_vec()
}

/// A program of which a chunk has become hot, and its answers until then and once more, each with the fuel that is left; `None` where no
/// code can be made.
fn heated(chunk: ChunkId) -> Option<(Arc<Loaded>, Vec<Answer>)> {
    let Ok(tiering) = Tiering::new(Mode::Auto) else {
        println!("no code can be made for this machine: not tested");
        return None;
    };
    let program = Arc::new(loaded());
    tiering.adopt(&program);
    let world = World::new(&program, 5);
    let (mut frame, ready) = (Frame::new(), world.env(&program).ready());
    let mut answer = || {
        let mut fuel = Fuel::new(1_000);
        (ready.eval(chunk, &mut frame, &mut fuel), fuel)
    };
    let before = 0..journey_jit::tiering::HOT + 10;
    let mut seen: Vec<Answer> = before.map(|_| answer()).collect();
    tiering.settle();
    seen.push(answer());
    Some((program, seen))
}

#[test]
fn a_chunk_becomes_hot_and_is_compiled_by_another_thread() {
    let Some((program, seen)) = heated(support::TOTAL) else {
        return;
    };
    assert!(program.tiers().is_compiled(support::TOTAL));
    assert!(
        !program.tiers().is_compiled(support::GREETING),
        "it was never evaluated"
    );
    assert!(
        seen.windows(2).all(|pair| pair[0] == pair[1]),
        "{:?}",
        seen.last()
    );
}

#[test]
fn a_program_is_looked_after_by_the_next_thread_when_the_first_has_gone() {
    let (Ok(first), Ok(second)) = (Tiering::new(Mode::Auto), Tiering::new(Mode::Auto)) else {
        return;
    };
    let program = Arc::new(loaded());
    let world = World::new(&program, 5);
    let mut frame = Frame::new();
    let mut evaluate = |times| {
        let ready = world.env(&program).ready();
        for _ in 0..times {
            let answer = ready.eval(support::TOTAL, &mut frame, &mut Fuel::new(1_000));
            assert!(answer.is_ok());
        }
    };
    first.adopt(&program);
    evaluate(journey_jit::tiering::HOT - 1);
    drop(first);
    // Hot while nobody listens.
    evaluate(10);
    second.adopt(&program);
    evaluate(journey_jit::tiering::HOT + 10);
    second.settle();
    assert!(program.tiers().is_compiled(support::TOTAL));
}

#[test]
fn a_chunk_that_the_machine_does_anyway_stays_interpreted() {
    let Some((program, seen)) = heated(support::GREETING) else {
        return;
    };
    assert!(seen.iter().all(|(answer, _)| answer.is_ok()));
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
