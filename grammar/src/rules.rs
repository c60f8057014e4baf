//! The parser pest generates from `grammar/journey.pest`. In: one island's text (or a whole file's). Out: pest pairs, or pest's
//! first error. Never kept: pairs are large and not `Send`, so the tree builder reads them and lets go.
#![allow(missing_docs)] // pest's derive writes `Rule` without docstrings.

/// pest's generated parser; `Rule` names every rule of the grammar file.
#[derive(pest_derive::Parser)]
#[grammar = "../grammar/journey.pest"]
pub(crate) struct JourneyParser;
