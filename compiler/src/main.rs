//! The `journeyc` command: reads files, calls the library, prints what comes out.

mod cmd;

use std::process::ExitCode;

fn main() -> ExitCode {
    cmd::main()
}
