//! Conditions written by hand in Rust: over typed structs, over `serde_json::Value`, and over the bytes by lazy access.
//!
//! Comes in: documents. Goes out: reports `native-typed` (serde_json), `native-typed-sonic`, `native-value`, `native-lazy-sonic`.
//! Nothing is compiled at run time. `native-typed` is the 1 of all ratios of evaluation, `native-typed-sonic` that of all ratios
//! from bytes. Never true here: source text.

mod lazy;
mod typed;
mod value;

use bench_core::{Info, run};
use std::process::ExitCode;

fn main() -> ExitCode {
    let lazy = Info {
        has_context: false,
        ..Info::by_hand("native-lazy-sonic", "sonic-rs 0.5, lazy")
    };
    let codes = [
        run(
            Info::by_hand("native-typed", "serde_json 1"),
            &mut typed::Typed::with_serde_json(),
        ),
        run(
            Info::by_hand("native-typed-sonic", "sonic-rs 0.5"),
            &mut typed::Typed::with_sonic(),
        ),
        run(
            Info::by_hand("native-value", "serde_json 1, Value"),
            &mut value::Values,
        ),
        run(lazy, &mut lazy::Lazy::new()),
    ];
    let failed = codes.iter().find(|code| **code != ExitCode::SUCCESS);
    failed.copied().unwrap_or(ExitCode::SUCCESS)
}
