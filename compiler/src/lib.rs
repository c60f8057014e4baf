//! The journey compiler as a library: files as values in, a checked program, diagnostics and an artifact out.
//!
//! Pure: nothing in [`check`] or [`lower`] reads a file, a clock or the environment; the command and the language server
//! hand files in as values and print what comes out. Each stage takes the whole of the one before and returns a new type.
//!
//! | module | is |
//! |---|---|
//! | [`hash`] | hashes for tables that are only asked |
//! | [`source`] | files as values, spans |
//! | [`diag`] | diagnostics: codes, suggestions |
//! | [`xdm`] | XDM schemas: import, field trees, validation |
//! | [`types`] | the language's types |
//! | [`hir`] | the checked program |
//! | [`hir_text`] | the checked program as text |
//! | [`package`] | `journey.toml` and the files of a package, as values |
//! | [`check`] | tree → checked program and diagnostics |
//! | [`lower`] | checked program → artifact |
//! | [`condition`] | the text of one condition → an artifact of one chunk, fast |
//! | [`host`] | the virtual-time host that tests and replays run on |
//! | [`oracle`] | the slow, obvious evaluator over the checked program |

pub mod check;
pub mod condition;
pub mod diag;
pub mod hash;
pub mod hir;
pub mod hir_text;
pub mod host;
pub mod lower;
pub mod oracle;
pub mod package;
pub mod source;
pub mod types;
pub mod xdm;
