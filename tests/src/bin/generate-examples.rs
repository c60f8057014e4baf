//! Writes the examples' events and profiles: `generate-examples --seed 7 --out examples`. With `--people` and `--events` it
//! writes the retail example alone, of that size: `generate-examples --people 20000 --events 1000000 --out FOLDER`.

use journey_tests::generate::seasons::{self, Size};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: generate-examples [--seed N] [--out FOLDER] [--people N --events N]";

fn main() -> ExitCode {
    let asked = match Asked::of(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let done = match asked.size {
        None => examples(asked.seed, &asked.out),
        Some(size) => long(asked.seed, size, &asked.out),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot write below {}: {error}", asked.out.display());
            ExitCode::from(3)
        }
    }
}

fn examples(seed: u64, out: &Path) -> io::Result<()> {
    for package in journey_tests::generate::generate(seed) {
        let folder = out.join(package.package);
        fs::create_dir_all(&folder)?;
        for (name, text) in [
            ("events.ndjson", &package.events),
            ("profiles.ndjson", &package.profiles),
        ] {
            let path = folder.join(name);
            fs::write(&path, text)?;
            println!(
                "{}: {} lines, {} bytes",
                path.display(),
                text.lines().count(),
                text.len()
            );
        }
    }
    Ok(())
}

/// Streams, so that the size of the files does not matter; a file that is there and is a pipe is written into.
fn long(seed: u64, size: Size, out: &Path) -> io::Result<()> {
    fs::create_dir_all(out)?;
    let file = |name| File::create(out.join(name)).map(BufWriter::new);
    let (mut events, mut profiles) = (file("events.ndjson")?, file("profiles.ndjson")?);
    seasons::write(seed, size, &mut events, &mut profiles)?;
    events.flush()?;
    profiles.flush()
}

/// The words of the command line.
struct Asked {
    seed: u64,
    out: PathBuf,
    size: Option<Size>,
}

impl Asked {
    fn of(mut words: impl Iterator<Item = String>) -> Result<Asked, String> {
        let (mut seed, mut out) = (7, PathBuf::from("examples"));
        let (mut people, mut events) = (None, None);
        while let Some(word) = words.next() {
            let value = words
                .next()
                .ok_or_else(|| format!("{word} needs a value"))?;
            let number = || {
                value
                    .parse::<u64>()
                    .map_err(|_| format!("{value} is not a number"))
            };
            match word.as_str() {
                "--seed" => seed = number()?,
                "--people" => people = Some(number()?),
                "--events" => events = Some(number()?),
                "--out" => out = PathBuf::from(&value),
                _ => return Err(format!("unknown option {word}")),
            }
        }
        let size = match (people, events) {
            (None, None) => None,
            (Some(people), Some(events)) if people > 0 => Some(Size { people, events }),
            _ => return Err("--people and --events go together, and somebody must come".into()),
        };
        Ok(Asked { seed, out, size })
    }
}
