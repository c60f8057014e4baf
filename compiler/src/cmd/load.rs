//! Reads a package's folder into values: the only place where the compiler's files are opened.
//!
//! Comes in: a folder. Goes out: [`PackageInput`], or why there is none: it cannot be read, or findings about files that are no text.
//! Never true here: a file read that the package does not mean (`journey.toml`, `.journey`, `.json` below the schema
//! paths, samples that a declaration names); one that it means and that is passed over because it cannot be read or named; a walk
//! without end; a file order that the file system decides.

use super::out::{self, FINDINGS, Out, Stop};
use journeyc::diag::{Code, Diagnostic, render};
use journeyc::package::{MANIFEST_PATH, Manifest, PackageInput};
use journeyc::source::{FileId, SourceFile, Sources, Span, without_mark};
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirEntry, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Bytes of one file.
const FILE_BYTES: u64 = 16 << 20;
/// Bytes of all files.
const PACKAGE_BYTES: u64 = 256 << 20;
/// Files that are read.
const FILES: usize = 20_000;
/// Entries of folders that are looked at.
const ENTRIES: usize = 200_000;
/// Folders in folders.
const DEPTH: usize = 32;

/// Why there is no package.
pub enum Refused {
    /// A file or a folder cannot be read.
    Unreadable(Stop),
    /// Files are there, and not as they must be.
    Findings(Vec<Diagnostic>, Sources),
}

impl From<Stop> for Refused {
    fn from(stop: Stop) -> Refused {
        Refused::Unreadable(stop)
    }
}

impl Refused {
    /// Tells the findings on standard error, for a command whose output is another.
    pub fn told(self, out: &Out) -> Stop {
        match self {
            Refused::Unreadable(stop) => stop,
            Refused::Findings(found, sources) => {
                out::complain(
                    render::render(&found, &sources, out.complaints_in_color()).trim_end(),
                );
                Stop {
                    code: FINDINGS,
                    message: String::new(),
                }
            }
        }
    }
}

/// Reads the package in `folder`.
pub fn package(folder: &Path, environment: Option<String>) -> Result<PackageInput, Refused> {
    let mut loader = Loader {
        root: folder,
        files: Vec::new(),
        findings: Vec::new(),
        bytes: 0,
    };
    loader.all()?;
    let Loader {
        files, findings, ..
    } = loader;
    let names: Vec<String> = files.iter().map(|f| f.path.clone()).collect();
    let sources = Sources::new(files);
    if findings.is_empty() {
        return Ok(PackageInput {
            sources,
            environment,
        });
    }
    let found = findings.into_iter().map(|(ix, code, message)| {
        let file = names
            .get(ix)
            .and_then(|path| sources.find(path))
            .unwrap_or(FileId(0));
        let end = sources.get(file).text.len() as u32;
        let at = Span {
            file,
            start: end,
            end,
        };
        Diagnostic::new(code, at, message)
    });
    Err(Refused::Findings(found.collect(), sources))
}

struct Loader<'a> {
    root: &'a Path,
    files: Vec<SourceFile>,
    /// Index of the file, code, message; the file's text ends where the trouble starts.
    findings: Vec<(usize, Code, String)>,
    bytes: u64,
}

impl Loader<'_> {
    fn all(&mut self) -> Result<(), Stop> {
        let root = self.root.display();
        let meta = fs::metadata(self.root).map_err(|e| Stop::unreadable(format!("`{root}`"), e))?;
        if !meta.is_dir() {
            return Err(Stop::unreadable(
                format!("`{root}`"),
                "a package is a folder with a `journey.toml`",
            ));
        }
        let manifest = fs::symlink_metadata(self.root.join(MANIFEST_PATH));
        if manifest.is_err_and(|e| e.kind() == ErrorKind::NotFound) {
            // Without a manifest there is no package, and no telling how large a tree this is: the analysis says what is wrong.
            return Ok(());
        }
        self.read(MANIFEST_PATH.to_string(), Code::Manifest)?;
        let (manifest, _) = Manifest::parse(&Sources::new(self.files.clone()));
        let mut entries = 0;
        let found = self.walk(".", &mut entries)?;
        let mut wanted = BTreeSet::new();
        for path in found.iter().filter(|path| ends(path, "journey")) {
            self.read(self.name(path)?, Code::Syntax)?;
            let text = self
                .files
                .last()
                .map(|f| f.text.clone())
                .unwrap_or_default();
            let is_there = |name: &String| found.contains(OsStr::new(name));
            wanted.extend(samples(&text).into_iter().filter(is_there));
        }
        for below in BTreeSet::from_iter(&manifest.schema_paths) {
            for path in self.walk(below, &mut entries)? {
                if ends(&path, "json") {
                    wanted.insert(self.name(&path)?);
                }
            }
        }
        for path in wanted {
            self.read(path, Code::SchemaProblem)?;
        }
        Ok(())
    }

    /// Paths of all `.journey` and `.json` files below a folder of the package (`.` is the whole), forward slashes.
    ///
    /// Of two ways to one folder the first by name is taken, on every file system: no walk is without end, and no file is read
    /// twice. So each path that names something by where it lies has its own walk; a link's name is as good as the folder's.
    fn walk(&self, below: &str, entries: &mut usize) -> Result<BTreeSet<OsString>, Stop> {
        let mut found = BTreeSet::new();
        let mut visited = BTreeSet::new();
        let mut folders = vec![(self.root.to_path_buf(), OsString::new(), 0)];
        while let Some((folder, prefix, depth)) = folders.pop() {
            let real = fs::canonicalize(&folder)
                .map_err(|e| Stop::unreadable(format!("`{}`", folder.display()), e))?;
            if !visited.insert(real) {
                continue;
            }
            let mut inside = self.entries(&folder, entries)?;
            let is_inside = below == "." || Path::new(&prefix).starts_with(below);
            // Pushed in reverse, popped in order.
            inside.sort_by(|a, b| b.cmp(a));
            for (name, is_folder) in inside {
                let mut inner = prefix.clone();
                inner.push(&name);
                if !is_folder {
                    if is_inside && (ends(&inner, "journey") || ends(&inner, "json")) {
                        found.insert(inner);
                    }
                } else if is_inside || Path::new(below).starts_with(&inner) {
                    let path = folder.join(&name);
                    if depth >= DEPTH {
                        return Err(Stop::unreadable(
                            format!("`{}`", path.display()),
                            "folders are nested too deep",
                        ));
                    }
                    inner.push("/");
                    folders.push((path, inner, depth + 1));
                }
            }
        }
        Ok(found)
    }

    /// What is in a folder of the package, and whether it is one; but for what is passed over.
    fn entries(&self, folder: &Path, entries: &mut usize) -> Result<Vec<(OsString, bool)>, Stop> {
        let unreadable = |e| Stop::unreadable(format!("`{}`", folder.display()), e);
        let mut inside = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            *entries += 1;
            if *entries > ENTRIES {
                return Err(Stop::unreadable(
                    format!("`{}`", self.root.display()),
                    "it holds too many files for a package",
                ));
            }
            let name = entry.file_name();
            if name.as_encoded_bytes().starts_with(b".") || name == "target" {
                continue;
            }
            let path = entry.path();
            let is_folder = is_folder(&entry, &path)
                .map_err(|e| Stop::unreadable(format!("`{}`", path.display()), e))?;
            inside.push((name, is_folder));
        }
        Ok(inside)
    }

    /// A path inside the package as text.
    fn name(&self, path: &OsStr) -> Result<String, Stop> {
        path.to_str().map(str::to_string).ok_or_else(|| {
            let whole = self.root.join(path);
            Stop::unreadable(format!("`{}`", whole.display()), "its name is not UTF-8")
        })
    }

    /// Reads one file of the package. What is no text becomes a finding of `code`, and the text ends before it.
    fn read(&mut self, path: String, code: Code) -> Result<(), Stop> {
        let full: PathBuf = self.root.join(&path);
        let bytes = match bytes(&full, FILE_BYTES)? {
            Some(bytes) => bytes,
            None => {
                let message = format!("the file is larger than {} MiB", FILE_BYTES >> 20);
                self.findings
                    .push((self.files.len(), Code::TooLarge, message));
                Vec::new()
            }
        };
        self.bytes += bytes.len() as u64;
        if self.bytes > PACKAGE_BYTES || self.files.len() >= FILES {
            return Err(Stop::unreadable(
                format!("`{}`", self.root.display()),
                "the package is too large",
            ));
        }
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) => {
                let at = e.utf8_error().valid_up_to();
                self.findings.push((
                    self.files.len(),
                    code,
                    format!("the file is not UTF-8 text from byte {at} on"),
                ));
                let mut bytes = e.into_bytes();
                bytes.truncate(at);
                String::from_utf8(bytes).unwrap_or_default()
            }
        };
        self.files.push(SourceFile {
            path,
            text: text.into(),
        });
        Ok(())
    }
}

/// Whether it is a folder, or a link to one. A link to nowhere is none: it is told when it is read, if it is wanted at all. Whatever
/// else keeps from knowing is told, for journeys may lie below.
fn is_folder(entry: &DirEntry, path: &Path) -> io::Result<bool> {
    let kind = entry.file_type()?;
    if !kind.is_symlink() {
        return Ok(kind.is_dir());
    }
    match fs::metadata(path) {
        Ok(there) => Ok(there.is_dir()),
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        Err(e) => Err(e),
    }
}

/// Whether a file's name ends in `.` and this.
fn ends(path: &OsStr, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|e| e == ending)
}

/// The bytes of a file; `None` when there are more than `limit`.
pub fn bytes(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Stop> {
    let unreadable = |e| Stop::unreadable(format!("`{}`", path.display()), e);
    // Asked before opening: opening a pipe would wait for somebody to write into it.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(Stop::unreadable(
            format!("`{}`", path.display()),
            "it is not a file",
        ));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// Whether a path stands for standard input.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What is given beside a package, read from its start: a file, a pipe, or standard input.
pub fn stream(path: &Path) -> Result<Box<dyn Read>, Stop> {
    if is_stdin(path) {
        return Ok(Box::new(io::stdin()));
    }
    let name = || format!("`{}`", path.display());
    let unreadable = |e| Stop::unreadable(name(), e);
    if fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Err(Stop::unreadable(name(), "it is a folder"));
    }
    Ok(Box::new(File::open(path).map_err(unreadable)?))
}

/// The text of what is given beside a package.
pub fn data(path: &Path, limit: u64) -> Result<String, Stop> {
    let mut bytes = Vec::new();
    let read = stream(path)?.take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|e| Stop::unreadable(format!("`{}`", path.display()), e))?;
    if bytes.len() as u64 > limit {
        return Err(Stop::data(
            path,
            format!("it is larger than {} MiB", limit >> 20),
        ));
    }
    let text = std::str::from_utf8(without_mark(&bytes));
    let text = text.map_err(|e| {
        let at = e.valid_up_to();
        Stop::data(path, format!("it is not UTF-8 text from byte {at} on"))
    })?;
    Ok(text.to_string())
}

/// What follows the word `sample` in quotes: the files that response types are taken from. One too many costs a read.
fn samples(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("sample") {
        rest = &rest[at + "sample".len()..];
        if let Some((name, _)) = rest
            .trim_start()
            .strip_prefix('"')
            .and_then(|r| r.split_once('"'))
        {
            found.push(name.trim_start_matches("./").to_string());
        }
    }
    found
}
