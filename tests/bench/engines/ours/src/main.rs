//! The journey language: conditions through the compiler's library, documents and evaluation through the machine.
//!
//! Comes in: conditions over the schemas in `schemas`. Goes out: the report `journey-interpreter`. Never true here: a way to
//! compile, read or evaluate that a host does not have; this is the public interface of the crates.
//!
//! | module | is |
//! |---|---|
//! | [`schemas`] | the event's and the profile's schema, loaded once |
//! | [`condition`] | source text to a verified program |
//! | [`documents`] | bytes to records by the field plans of a program |
//! | [`engine`] | the harness's interface on top of these |

mod condition;
mod documents;
mod engine;
mod schemas;

use bench_core::engine::expressions;
use bench_core::{Info, harness};
use std::process::ExitCode;

fn main() -> ExitCode {
    let info = Info::new(
        "journey-interpreter",
        env!("CARGO_PKG_VERSION"),
        "typed slots, register bytecode",
    );
    let loaded = schemas::Schemas::load();
    match loaded {
        Ok(schemas) => harness::run_with(
            info,
            &expressions("journey"),
            &mut engine::Journey::new(schemas),
        ),
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
