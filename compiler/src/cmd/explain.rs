//! `journeyc explain CODE`: the page of a diagnostic.

use super::out::{OK, Out, Outcome, Stop};
use clap::Args;
use journeyc::diag::{Code, page, suggest};

#[derive(Args)]
pub struct ExplainArgs {
    /// The code (`J0203`) or its slug (`unknown-field`); without one, the list of all.
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub fn explain(args: &ExplainArgs, out: &mut Out) -> Outcome {
    let Some(asked) = &args.code else {
        for code in Code::ALL {
            out.print(&format!(
                "{} {:<24} {}\n",
                code.id(),
                code.slug(),
                code.summary()
            ))?;
        }
        return Ok(OK);
    };
    let Some(code) = Code::find(asked) else {
        let names = Code::ALL.iter().flat_map(|c| [c.id(), c.slug()]);
        let near = suggest::nearest(asked, names)
            .map(|n| format!("; did you mean `{n}`?"))
            .unwrap_or_default();
        return Err(Stop::usage(format!(
            "there is no diagnostic `{asked}`{near}"
        )));
    };
    out.print(page::page(code))?;
    Ok(OK)
}
