//! Writes the examples' events and profiles: `generate-examples --seed 7 --out examples`.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let (seed, out) = match arguments(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}\nusage: generate-examples --seed N --out FOLDER");
            return ExitCode::from(2);
        }
    };
    for package in journey_tests::generate::generate(seed) {
        let folder = out.join(package.package);
        for (name, text) in [
            ("events.ndjson", &package.events),
            ("profiles.ndjson", &package.profiles),
        ] {
            let path = folder.join(name);
            if let Err(error) =
                std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, text))
            {
                eprintln!("cannot write {}: {error}", path.display());
                return ExitCode::from(3);
            }
            println!(
                "{}: {} lines, {} bytes",
                path.display(),
                text.lines().count(),
                text.len()
            );
        }
    }
    ExitCode::SUCCESS
}

/// The seed and the folder.
fn arguments(words: impl Iterator<Item = String>) -> Result<(u64, PathBuf), String> {
    let (mut seed, mut out) = (7, PathBuf::from("examples"));
    let mut words = words;
    while let Some(word) = words.next() {
        let value = words
            .next()
            .ok_or_else(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--seed" => {
                seed = value
                    .parse()
                    .map_err(|_| format!("{value} is not a seed"))?
            }
            "--out" => out = PathBuf::from(value),
            _ => return Err(format!("unknown option {word}")),
        }
    }
    Ok((seed, out))
}
