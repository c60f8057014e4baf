//! Code goes with its program, and its pages are never writable and executable. Alone in its process, whose pages it counts.

mod support;

use journey_jit::{Compiler, Mode, Tiering};
use std::sync::Arc;
use support::{code_pages, loaded};

#[test]
fn code_goes_with_its_program_and_is_never_writable() {
    let Ok(mut compiler) = Compiler::new() else {
        return println!("no code can be made for this machine: not tested");
    };
    let Some(before) = code_pages() else {
        return println!("this system does not tell of its pages: not tested");
    };
    let all = [support::LARGE_ORDER, support::TOTAL, support::GREETING];
    let programs: Vec<_> = (0..200)
        .map(|_| {
            let program = loaded();
            compiler.compile(&program, &all).expect("code");
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
    let tiering = Tiering::new(Mode::Always).expect("a compiling thread");
    let programs: Vec<_> = (0..200)
        .map(|_| {
            let program = Arc::new(loaded());
            tiering.adopt(&program);
            assert!(all.iter().all(|chunk| program.tiers().is_compiled(*chunk)));
            program
        })
        .collect();
    let shared = code_pages().expect("pages");
    // The first of three chunks may be taken up before the others are ordered; those share.
    assert!(
        shared.executable < after.executable + (2 * 200 + 40) * 4096,
        "{after:?}, then {shared:?}"
    );
    drop(programs);
}
