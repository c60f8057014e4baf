//! `journeyc test [FILTER]`: the package's tests, in virtual time, against its artifact.

use super::compile;
use super::load;
use super::out::{FINDINGS, OK, Out, Outcome, Stop};
use clap::Args;
use journey_artifact::Verified;
use journey_machine::deployment::Deployment;
use journeyc::diag::lines::LineCache;
use journeyc::diag::render;
use journeyc::host::engine::Options;
use journeyc::host::report::plural;
use journeyc::host::test::{self, Verdict};
use std::path::PathBuf;

/// Lines of a story that are shown; the first ones, then the last.
const STORY: usize = 60;

/// Failing tests whose statements are drawn; of further ones the place is named. A drawing costs what stands above it in its file.
const DRAWN: u64 = 500;

#[derive(Args)]
pub struct TestArgs {
    /// Only tests whose name or journey contains this.
    #[arg(value_name = "FILTER")]
    filter: Option<String>,
    /// The package's folder.
    #[arg(long, value_name = "PATH", default_value = ".")]
    package: PathBuf,
    /// The environment whose values are put in; by default the first one by name.
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Lists the branches that no test took. (not yet)
    #[arg(long)]
    coverage: bool,
}

pub fn test(args: TestArgs, out: &mut Out) -> Outcome {
    if args.coverage {
        return Err(Stop::not_yet("`--coverage`"));
    }
    let input = load::package(&args.package, args.env).map_err(|why| why.told(out))?;
    let built = compile::compile_tests(&input, out)?;
    let deployment = deployment(built.verified)?;
    let program = &built.analysis.program;
    let wanted = |test: &&journeyc::hir::Test| match &args.filter {
        None => true,
        Some(filter) => {
            let journey = program
                .journeys
                .get(test.journey)
                .map_or("", |j| j.name.as_str());
            test.name.contains(filter.as_str()) || journey.contains(filter.as_str())
        }
    };
    let (mut ran, mut failed) = (0, 0);
    let mut lines = LineCache::new(&input.sources);
    for case in program.tests.iter().filter(wanted) {
        let verdict = test::run(program, &deployment, case, Options::default());
        ran += 1;
        failed += u64::from(verdict.failure.is_some());
        // A reader that has gone changes nothing of what the tests say: the exit code is that of all of them.
        if !out.closed() {
            out.print(&told(&verdict, &mut lines, out.color(), failed <= DRAWN))?;
        }
    }
    if ran == 0 {
        let all = plural(program.tests.len() as u64, "test", "tests");
        return match args.filter {
            // Nobody filters for nothing: a name that is no longer true must not pass as tested.
            Some(filter) if !program.tests.is_empty() => Err(Stop::findings(format!(
                "no test and no journey that has tests is named like `{filter}` (the package has {all})"
            ))),
            _ => {
                out.print("there are no tests\n")?;
                Ok(OK)
            }
        };
    }
    let summary = if failed == 0 {
        "all passed".to_string()
    } else {
        format!("{failed} failed")
    };
    out.print(&format!("{}, {summary}\n", plural(ran, "test", "tests")))?;
    Ok(if failed == 0 { OK } else { FINDINGS })
}

/// A deployment of one artifact.
pub fn deployment(verified: Verified) -> Result<Deployment, Stop> {
    Deployment::new(vec![verified])
        .map_err(|e| Stop::findings(format!("the artifact cannot be deployed: {e}")))
}

fn told(verdict: &Verdict, lines: &mut LineCache<'_>, color: bool, drawn: bool) -> String {
    let Some(failure) = &verdict.failure else {
        return format!("ok    {}: {}\n", verdict.journey, verdict.name);
    };
    let title = format!("{}: {}", verdict.journey, verdict.name);
    let mut text = format!("FAIL  {title}\n\n");
    text.push_str(&match drawn {
        true => render::snippet(
            &title,
            failure.span,
            &failure.message,
            &failure.notes,
            lines,
            color,
        ),
        false => render::brief(failure.span, &failure.message, lines),
    });
    text.push_str("\nwhat happened:\n");
    let skipped = failure.trace.len().saturating_sub(STORY);
    for (i, line) in failure.trace.iter().enumerate() {
        if skipped > 0 && i == STORY / 2 {
            text.push_str(&format!("  … {skipped} lines …\n"));
        }
        if skipped == 0 || i < STORY / 2 || i >= STORY / 2 + skipped {
            text.push_str(&format!("  {line}\n"));
        }
    }
    if failure.trace.is_empty() {
        text.push_str("  nothing\n");
    }
    text.push('\n');
    text
}
