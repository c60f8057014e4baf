//! Lines and columns of many places in one text, found fast.
//!
//! Comes in: a text. Goes out: [`Lines`]: the line of a byte, the text of a line.
//! Never true here: a line that ends anywhere but at `\n` or the end of the text; a slice off a character boundary.

use crate::source::{FileId, Sources};
use std::collections::BTreeMap;

/// Where the lines of a text start.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// Reads the text once.
    pub fn new(text: &str) -> Lines {
        let after = text
            .bytes()
            .enumerate()
            .filter(|(_, b)| *b == b'\n')
            .map(|(i, _)| i as u32 + 1);
        Lines {
            starts: std::iter::once(0).chain(after).collect(),
        }
    }

    /// Number, from 0, of the line that holds a byte.
    pub fn line_of(&self, offset: u32) -> usize {
        self.starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    /// First byte of a line (from 0), and the byte after its last character, without its line end.
    pub fn range(&self, text: &str, line: usize) -> (usize, usize) {
        let start = self.starts.get(line).map_or(text.len(), |s| *s as usize);
        let end = self
            .starts
            .get(line + 1)
            .map_or(text.len(), |s| *s as usize - 1);
        let end = if end > start && text.as_bytes().get(end - 1) == Some(&b'\r') {
            end - 1
        } else {
            end
        };
        (start, end.max(start))
    }

    /// Line and column from 1; the column counts characters.
    pub fn line_column(&self, text: &str, offset: u32) -> (usize, usize) {
        let line = self.line_of(offset);
        let start = self.starts.get(line).map_or(0, |s| *s as usize);
        let column = text
            .get(start..offset as usize)
            .map_or(0, |before| before.chars().count());
        (line + 1, column + 1)
    }
}

/// The lines of every file that was asked about, each read once.
#[derive(Debug)]
pub struct LineCache<'s> {
    sources: &'s Sources,
    known: BTreeMap<FileId, Lines>,
}

impl<'s> LineCache<'s> {
    /// Nothing read yet.
    pub fn new(sources: &'s Sources) -> LineCache<'s> {
        LineCache {
            sources,
            known: BTreeMap::new(),
        }
    }

    /// Path, text and lines of a file; `None` when the sources do not have it (a finding about a package without files).
    pub fn file(&mut self, id: FileId) -> Option<(&'s str, &'s str, &Lines)> {
        if id.0 as usize >= self.sources.iter().len() {
            return None;
        }
        let file = self.sources.get(id);
        let lines = self
            .known
            .entry(id)
            .or_insert_with(|| Lines::new(&file.text));
        Some((&file.path, &file.text, lines))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_over_line_ends_of_both_kinds() {
        let text = "ab\r\nçd\n\nx";
        let lines = Lines::new(text);
        assert_eq!(lines.line_column(text, 0), (1, 1));
        assert_eq!(lines.line_column(text, 6), (2, 2));
        assert_eq!(lines.line_column(text, 9), (4, 1));
        assert_eq!(lines.range(text, 0), (0, 2));
        assert_eq!(lines.range(text, 1), (4, 7));
        assert_eq!(lines.range(text, 7), (10, 10));
    }
}
