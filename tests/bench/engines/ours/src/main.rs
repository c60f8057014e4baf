//! The journey language: conditions through the compiler's library, documents and evaluation through the machine.
//!
//! Comes in: conditions over the schemas in `schemas`. Goes out: the reports `journey-interpreter` and `journey-jit`. Never true here: a way to
//! compile, read or evaluate that a host does not have; this is the public interface of the crates.
//!
//! | module | is |
//! |---|---|
//! | [`bench_ours`] | schemas, conditions, documents |
//! | [`engine`] | the harness's interface on top of these |

mod engine;

use bench_core::engine::expressions;
use bench_core::{Info, harness};
use engine::{Journey, Tier};
use std::process::ExitCode;

fn main() -> ExitCode {
    let tiers = [
        ("journey-interpreter", "interpreter", Tier::Interpreter),
        ("journey-jit", "machine code", Tier::MachineCode),
    ];
    let run = |(name, kind, tier)| {
        let info = Info::new(name, env!("CARGO_PKG_VERSION"), kind);
        match Journey::new(tier) {
            Ok(mut engine) => harness::run_with(info, &expressions("journey"), &mut engine),
            Err(why) => {
                eprintln!("{why}");
                ExitCode::FAILURE
            }
        }
    };
    let codes = tiers.map(run);
    let failed = codes.iter().find(|code| **code != ExitCode::SUCCESS);
    failed.copied().unwrap_or(ExitCode::SUCCESS)
}
