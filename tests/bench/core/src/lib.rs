//! The benchmark harness: what every engine and every measure shares.
//!
//! Comes in: an [`Engine`]. Goes out: a verdict on its answers, and a report of its times and allocations in `results`.
//! Never true here: a time of something whose answers were not checked; wall-clock time.
//!
//! | module | is |
//! |---|---|
//! | [`workload`] | the twelve conditions, their documents and expected answers |
//! | [`engine`] | what an engine must do; its expressions |
//! | [`harness`] | verify, count, time |
//! | [`clock`] | criterion in CPU time of the thread |
//! | [`allocator`] | the counting allocator |
//! | [`host`] | host functions that engines without their own may register |
//! | [`typed`] | the hand-written peer: typed documents and the twelve conditions over them |
//! | [`report`] | figures as files |
//! | [`figures`] | means, and figures as Markdown |
//! | [`machine`] | where and when: processor, date, commit |

pub mod allocator;
pub mod clock;
pub mod engine;
pub mod figures;
pub mod harness;
pub mod host;
pub mod machine;
pub mod report;
pub mod typed;
pub mod workload;

pub use engine::{Engine, Info};
pub use harness::run;

use std::path::PathBuf;

/// The folder of the benchmark house, or `BENCH_ROOT` when that is set.
pub fn root() -> PathBuf {
    match std::env::var_os("BENCH_ROOT") {
        Some(root) => root.into(),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(".."),
    }
}
