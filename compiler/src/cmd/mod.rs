//! The command line: what can be asked, and who answers.
//!
//! Comes in: arguments. Goes out: text, files, an exit code (0 ok, 1 findings, 2 usage, 3 cannot read or write).
//! Never true here: an analysis (the library's), an option that is parsed and ignored.
//!
//! | module | is |
//! |---|---|
//! | [`out`] | exit codes, standard output |
//! | [`load`] | a folder into values |
//! | [`new`] | `new` |
//! | [`build`] | `check`, `build` |
//! | [`compile`] | what `build`, `test` and `run` share |
//! | [`emit`] | `build --emit` |
//! | [`test`] | `test` |
//! | [`run`], [`tier`] | `run`, and what it evaluates with |
//! | [`eval`], [`bindings`] | `eval` |
//! | [`explain`] | `explain` |
//! | [`inspect`] | `inspect` |

mod bindings;
mod build;
mod compile;
mod emit;
mod eval;
mod explain;
mod inspect;
mod load;
mod new;
mod out;
mod run;
mod test;
mod tier;

use clap::{Args, Parser, Subcommand, ValueEnum};
use out::{ColorWhen, Out, Outcome, Stop, USAGE};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "journeyc",
    version,
    about = "Checks, builds, tests and replays journeys.",
    max_term_width = 100
)]
struct Cli {
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = ColorWhen::Auto, value_name = "WHEN")]
    color: ColorWhen,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes a package that checks, tests and runs as it stands.
    New(new::NewArgs),
    /// Says what is wrong with a package.
    Check(build::CheckArgs),
    /// Writes the artifact `target/<name>-<version>.jbc`.
    Build(build::BuildArgs),
    /// Runs the package's tests in virtual time.
    Test(test::TestArgs),
    /// Replays NDJSON events through a package in virtual time and says what happened to whom.
    Run(run::RunArgs),
    /// Evaluates expressions.
    Eval(eval::EvalArgs),
    /// Prints the page of a diagnostic: what, why it matters, a wrong and a right example.
    Explain(explain::ExplainArgs),
    /// Says what is in an artifact.
    Inspect(inspect::InspectArgs),
    /// Formats source files. (not yet)
    Fmt(Later),
    /// Schemas: checks, prints, compares. (not yet)
    Schema(Later),
    /// Draws a journey. (not yet)
    Graph(Later),
    /// Most sends, longest stay, worst call rate. (not yet)
    Bounds(Later),
    /// What a deploy changes. (not yet)
    Diff(Later),
    /// Hands an artifact to a server. (not yet)
    Deploy(Later),
    /// Replays a recorded run. (not yet)
    Replay(Later),
    /// Translates an expression of another dialect. (not yet)
    Translate(Later),
    /// The language server. (not yet)
    Lsp(Later),
}

/// A command of a later version takes anything, to say that it is one.
#[derive(Args)]
struct Later {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    rest: Vec<std::ffi::OsString>,
}

/// Which package, for which environment.
#[derive(Args)]
pub struct PackageArgs {
    /// The package's folder.
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    /// The environment whose values are put in; by default the first one by name.
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
}

/// How a result is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => return refuse(&e),
    };
    let mut out = Out::new(cli.color);
    let outcome = answer(cli.command, &mut out);
    let flushed = out.flush();
    let code = outcome
        .and_then(|code| flushed.map(|()| code))
        .unwrap_or_else(out::told);
    ExitCode::from(code)
}

fn answer(command: Command, out: &mut Out) -> Outcome {
    match command {
        Command::New(args) => new::new(&args, out),
        Command::Check(args) => build::check(args, out),
        Command::Build(args) => build::build(args, out),
        Command::Test(args) => test::test(args, out),
        Command::Run(args) => run::run(args, out),
        Command::Eval(args) => eval::eval(args, out),
        Command::Explain(args) => explain::explain(&args, out),
        Command::Inspect(args) => inspect::inspect(&args, out),
        Command::Fmt(later) => not_yet("fmt", &later),
        Command::Schema(later) => not_yet("schema", &later),
        Command::Graph(later) => not_yet("graph", &later),
        Command::Bounds(later) => not_yet("bounds", &later),
        Command::Diff(later) => not_yet("diff", &later),
        Command::Deploy(later) => not_yet("deploy", &later),
        Command::Replay(later) => not_yet("replay", &later),
        Command::Translate(later) => not_yet("translate", &later),
        Command::Lsp(later) => not_yet("lsp", &later),
    }
}

fn not_yet(name: &str, later: &Later) -> Outcome {
    let rest: Vec<_> = later.rest.iter().map(|a| a.to_string_lossy()).collect();
    let asked = if rest.is_empty() {
        name.to_string()
    } else {
        format!("{name} {}", rest.join(" "))
    };
    Err(Stop::not_yet(format!("`journeyc {asked}`")))
}

/// Help and version go to standard output; a wrong command line is told on standard error.
fn refuse(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        out::complain(error.to_string().trim_end());
        return ExitCode::from(USAGE);
    }
    let mut out = Out::new(ColorWhen::Never);
    let printed = out.print(&error.to_string()).and_then(|()| out.flush());
    ExitCode::from(printed.map_or_else(out::told, |()| out::OK))
}
