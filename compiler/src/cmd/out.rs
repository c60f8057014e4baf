//! How a command ends and where its text goes.
//!
//! Comes in: text. Goes out: standard output and error, an exit code. Never true here: a panic when the reader closed the
//! pipe (what is printed from then on goes nowhere), text that is lost without a word otherwise.

use journeyc::diag::{Code, printable};
use std::fmt::Display;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Stdout, Write};
use std::path::Path;

/// Exit code: all is well.
pub const OK: u8 = 0;
/// Exit code: there are findings (errors in the package, failed tests, refused input).
pub const FINDINGS: u8 = 1;
/// Exit code: the command line is wrong.
pub const USAGE: u8 = 2;
/// Exit code: something cannot be read or written.
pub const IO: u8 = 3;

/// Why a command stops early: its exit code and what to say on standard error.
#[derive(Debug)]
pub struct Stop {
    /// The exit code.
    pub code: u8,
    /// What to say; may be empty.
    pub message: String,
}

impl Stop {
    /// Something cannot be read.
    pub fn unreadable(what: impl Display, why: impl Display) -> Stop {
        Stop {
            code: IO,
            message: format!("cannot read {what}: {why}"),
        }
    }

    /// Something cannot be written.
    pub fn unwritable(what: impl Display, why: impl Display) -> Stop {
        Stop {
            code: IO,
            message: format!("cannot write {what}: {why}"),
        }
    }

    /// The command line asks for something that makes no sense.
    pub fn usage(message: impl Into<String>) -> Stop {
        Stop {
            code: USAGE,
            message: message.into(),
        }
    }

    /// The input is not as it must be.
    pub fn findings(message: impl Into<String>) -> Stop {
        Stop {
            code: FINDINGS,
            message: message.into(),
        }
    }

    /// The same, by a code.
    pub fn coded(code: Code, message: impl Display) -> Stop {
        Stop::findings(format!("[{code} {}] {message}", code.slug()))
    }

    /// A file of stubs or bindings is not as it must be.
    pub fn data(path: &Path, why: impl Display) -> Stop {
        Stop::coded(Code::DataFile, format!("`{}`: {why}", path.display()))
    }

    /// Whoever asked has gone before all was answered: nobody is left to be told, and all is not well.
    pub fn unheard() -> Stop {
        Stop {
            code: IO,
            message: String::new(),
        }
    }

    /// Part of the design that this version does not have.
    pub fn not_yet(what: impl Display) -> Stop {
        Stop {
            code: USAGE,
            message: format!("[J0901 not-yet] {what}: this version does not have it yet"),
        }
    }
}

/// What a command returns: its exit code.
pub type Outcome = Result<u8, Stop>;

/// When colour is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Standard output, and how standard error is written to.
pub struct Out {
    to: BufWriter<Stdout>,
    color: bool,
    complaints_in_color: bool,
    closed: bool,
}

impl Out {
    /// With colour as asked.
    pub fn new(when: ColorWhen) -> Out {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        let wanted = |is_terminal: bool| match when {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => is_terminal && !no_color,
        };
        Out {
            to: BufWriter::new(io::stdout()),
            color: wanted(io::stdout().is_terminal()),
            complaints_in_color: wanted(io::stderr().is_terminal()),
            closed: false,
        }
    }

    /// Whether to use colour.
    pub fn color(&self) -> bool {
        self.color
    }

    /// Whether to use colour in what is said on standard error: one of the two may be a terminal and the other a file.
    pub fn complaints_in_color(&self) -> bool {
        self.complaints_in_color
    }

    /// Whether the reader has gone.
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// Writes text. Once the reader has gone, does nothing.
    pub fn print(&mut self, text: &str) -> Result<(), Stop> {
        self.attempt(|to| to.write_all(text.as_bytes()))
    }

    /// Hands everything to the reader.
    pub fn flush(&mut self) -> Result<(), Stop> {
        self.attempt(|to| to.flush())
    }

    fn attempt(
        &mut self,
        write: impl FnOnce(&mut BufWriter<Stdout>) -> io::Result<()>,
    ) -> Result<(), Stop> {
        if self.closed {
            return Ok(());
        }
        match write(&mut self.to) {
            Ok(()) => Ok(()),
            Err(e) if e.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(e) => Err(Stop::unwritable("to standard output", e)),
        }
    }
}

/// Says why a command stopped. What a message quotes (a path, a name) may hold anything.
pub fn told(stop: Stop) -> u8 {
    if !stop.message.is_empty() {
        complain(&printable(&format!("journeyc: {}", stop.message)));
    }
    stop.code
}

/// Says something on standard error; nobody to hear it is no reason to fail.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
