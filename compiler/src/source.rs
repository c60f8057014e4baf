//! Source files as values: what the analysis reads, and the spans it points with.
//!
//! Comes in: paths and texts (somebody else read them). Goes out: [`Sources`], [`Span`], lines and columns.
//! Never true here: a file opened, a path resolved.

use std::sync::Arc;

/// The byte order mark that some editors begin a text with. It is no part of it.
pub const MARK: &str = "\u{feff}";

/// The bytes of a text without that mark.
pub fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(MARK.as_bytes()).unwrap_or(text)
}

/// Number of a file in [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileId(pub u32);

/// A range of bytes in a file; `start <= end`, both on character boundaries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

impl Span {
    /// The smallest span that holds both; they must be of one file, else `self`.
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span {
            file: self.file,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Whether `offset` lies in the span.
    pub fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }
}

/// One file: its path inside the package (forward slashes) and its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceFile {
    /// Path inside the package.
    pub path: String,
    /// UTF-8 text.
    pub text: Arc<str>,
}

/// The files of an analysis, sorted by path so that results do not depend on the order of reading.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Takes the files, sorts them by path.
    pub fn new(mut files: Vec<SourceFile>) -> Sources {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Sources { files }
    }

    /// All files with their ids, by path.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> {
        self.files
            .iter()
            .enumerate()
            .map(|(i, f)| (FileId(i as u32), f))
    }

    /// The file of an id that these sources gave out.
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The file with this path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.files
            .binary_search_by(|f| f.path.as_str().cmp(path))
            .ok()
            .map(|i| FileId(i as u32))
    }

    /// The text of a span; empty when it lies outside its file.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file)
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// Line and column (both from 1, column in characters) of a byte offset.
    pub fn line_column(&self, file: FileId, offset: u32) -> (u32, u32) {
        let text = &self.get(file).text;
        let before = text.get(..offset as usize).unwrap_or(text);
        let line = before.bytes().filter(|&b| b == b'\n').count() as u32 + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) as u32 + 1;
        (line, column)
    }
}
