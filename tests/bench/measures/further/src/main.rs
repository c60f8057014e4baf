//! Further conditions than the twelve, of the same kinds and of others: in machine code, interpreted, and against hand-written Rust.
//!
//! Comes in: conditions, each with its hand-written form; the documents of the workloads, whose profile has some fields more here. Goes out: a
//! table, and lines beside the bars. Hand-written forms are over typed structs in which **dates were parsed beforehand** (the twelve's parse
//! theirs when they are asked), zones are UTC's where none is named, and now comes as an argument, as a host's does. Never true here: a time
//! of something of which interpreter, machine code and hand-written Rust have not said the same over some thousands of documents.
//!
//! `PB_ONLY=c03,c06` looks at some of them, `PB_VERIFY_ONLY` stops when they have been verified.
//!
//! | module | is |
//! |---|---|
//! | [`conditions`] | the conditions, in pages |
//! | [`words`], [`calendar`] | what the hand-written forms share |
//! | [`documents`] | typed documents; the pair; documents at random |
//! | [`trial`] | one condition in three forms |
//! | [`verify`] | whether they agree |
//! | [`measure`] | figures |
//! | [`print`] | the table |

mod calendar;
mod conditions;
mod documents;
mod measure;
mod print;
mod trial;
mod verify;
mod words;

use bench_core::report::Measure;
use documents::pair::Pair;
use journey_jit::Compiler;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let pair = Pair::load()?;
    let mut compiler = Compiler::new().map_err(|why| why.to_string())?;
    let trials = trial::trials(&pair, &mut compiler)?;
    if trials.is_empty() {
        eprintln!("none of these conditions is asked for");
        return Ok(());
    }
    verify::verify(&trials, &pair)?;
    eprintln!("{} further conditions: all agree", trials.len());
    if std::env::var_os("PB_VERIFY_ONLY").is_some() {
        return Ok(());
    }
    let figures = measure::measure(&trials, &pair, &mut compiler)?;
    let table = print::table(&figures);
    println!("{table}");
    let lines = print::lines(&figures).into_iter();
    let measure = lines.fold(Measure::new("further"), Measure::line);
    measure.table(table).save();
    Ok(())
}
