//! Prints the one table: the bars, the engines, and where the figures come from.
//!
//! Comes in: `results/<round>/*.json`. Goes out: Markdown. A figure is the median over the rounds of that round's median; a ratio is
//! taken inside a round, where both sides saw the same machine, and then its median over the rounds.
//! Never true here: a minimum shown for a median; a ratio of figures from different runs.
//!
//! | module | is |
//! |---|---|
//! | [`rounds`] | the reports, by round; medians, geometric means |
//! | [`bars`] | a line per bar of the project, with its verdict |
//! | [`engines`] | a line per engine |
//! | [`details`] | figures by workload |
//! | [`print`] | numbers and rows as Markdown |

mod bars;
mod details;
mod engines;
mod print;
mod rounds;

use bench_core::root;
use rounds::Rounds;
use std::process::ExitCode;

fn main() -> ExitCode {
    let folder = root().join("results");
    match Rounds::load(&folder) {
        Ok(rounds) => {
            println!("{}", rounds.heading());
            println!("{}", bars::table(&rounds));
            println!("{}", engines::table(&rounds));
            println!("{}", details::tables(&rounds));
            print!("{}", rounds.tables());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}
