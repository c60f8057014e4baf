//! The lines of files that a drawing shows, and where its places are in them.
//!
//! Comes in: the spans of one finding and the sources they point into. Goes out: [`Views`], what the drawing library
//! reads: for each place a text of the pointed-at lines, cut to the screen, and the place in it in characters.
//! Never true here: a whole file handed to the drawing library (a report costs its own size); a place that ends inside
//! a character or beyond what is shown; a place counted in bytes (the library then cuts texts at bytes that it works out).

use super::lines::{LineCache, Lines};
use crate::source::{FileId, Span};
use ariadne::{Cache, Source};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// Characters of a line that are shown.
const WIDTH: usize = 140;

/// At most [`WIDTH`] characters of a line around character `focus`, marked where it was cut; the bytes shown of it.
pub(super) fn window(line: &str, focus: usize) -> (String, Range<usize>) {
    let count = line.chars().count();
    if count <= WIDTH {
        return (line.to_string(), 0..line.len());
    }
    let from = if focus < WIDTH * 3 / 4 {
        0
    } else {
        (focus - WIDTH / 3).min(count - WIDTH)
    };
    let byte = |n: usize| line.char_indices().nth(n).map_or(line.len(), |(i, _)| i);
    let (start, end) = (byte(from), byte(from + WIDTH));
    let (left, right) = (
        if from > 0 { "…" } else { "" },
        if end < line.len() { "…" } else { "" },
    );
    (format!("{left}{}{right}", &line[start..end]), start..end)
}

/// The same text, character by character, with every control character and odd line separator replaced by a blank or mark.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            '\u{2028}' | '\u{2029}' => '\u{FFFD}',
            c if c.is_control() && c.len_utf8() == 2 => '·',
            c if c.is_control() => ' ',
            // Marks that reorder text on the screen would let a file lie about itself.
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
            c => c,
        })
        .collect()
}

/// A file, and which section of the drawing: the library heads each section by one place, so a place above the one
/// before it begins a section of its own.
pub(super) type Section = (FileId, usize);

/// What the drawing reads.
pub(super) struct Views {
    files: BTreeMap<FileId, View>,
    places: Vec<(Section, Range<usize>)>,
}

struct View {
    source: Source<String>,
    path: String,
    starts: Lines,
    lines: BTreeMap<usize, Shown>,
}

/// A line as it is shown.
struct Shown {
    /// The first byte of the file that is shown.
    from: usize,
    /// What is shown of the file, marks of cuts left out.
    piece: String,
    /// The character of the view that is the first of the piece.
    at: usize,
    /// Whether something was cut on the left.
    cut: bool,
}

impl Views {
    pub(super) fn new(spans: &[Span], cache: &mut LineCache<'_>) -> Views {
        let mut wanted: BTreeMap<FileId, BTreeMap<usize, u32>> = BTreeMap::new();
        for span in spans {
            if let Some((_, _, lines)) = cache.file(span.file) {
                let line = lines.line_of(span.start);
                let focus = wanted.entry(span.file).or_default();
                focus.entry(line).or_insert(span.start);
            }
        }
        let files: BTreeMap<FileId, View> = wanted
            .into_iter()
            .filter_map(|(id, lines)| Some((id, View::new(&lines, cache.file(id)?))))
            .collect();
        let mut places: Vec<(Section, Range<usize>)> = Vec::new();
        let (mut section, mut last) = (0, (FileId(u32::MAX), 0));
        for span in spans {
            let view = files.get(&span.file);
            let line = view.map_or(0, |view| view.starts.line_of(span.start));
            if (span.file, line) < last || span.file != last.0 {
                section += 1;
            }
            last = (span.file, line);
            places.push(((span.file, section), view.map_or(0..0, |v| v.place(*span))));
        }
        Views { files, places }
    }

    /// The place of the span with this number, cut to what is shown of its first line.
    pub(super) fn place(&self, number: usize) -> (Section, Range<usize>) {
        self.places[number].clone()
    }

    /// Of a place whose line was cut on the left: how the library names it, which counts the columns that it is shown, and how it
    /// is named in its file.
    pub(super) fn names(
        &self,
        number: usize,
        span: Span,
        cache: &mut LineCache<'_>,
    ) -> Option<(String, String)> {
        let view = self.files.get(&span.file)?;
        let shown = view.lines.get(&view.starts.line_of(span.start))?;
        let (_, text, lines) = cache.file(span.file)?;
        let (line, column) = lines.line_column(text, span.start);
        let name = |column: usize| format!(" {}:{line}:{column} ", view.path);
        // From 1, and the mark of the cut stands before the piece.
        let counted = self.places[number].1.start + 2 - shown.at;
        shown.cut.then(|| (name(counted), name(column)))
    }
}

impl View {
    fn new(wanted: &BTreeMap<usize, u32>, (path, text, starts): (&str, &str, &Lines)) -> View {
        let mut all = String::new();
        let mut lines = BTreeMap::new();
        // From the top, for the library numbers lines by counting them (its line offset does not reach the margin).
        let (mut line_now, mut characters) = (0, 0);
        for (&line, &focus) in wanted {
            all.extend(std::iter::repeat_n('\n', line - line_now));
            characters += line - line_now;
            line_now = line;
            let (start, end) = starts.range(text, line);
            let whole = text.get(start..end).unwrap_or("");
            let focus = whole
                .get(..(focus as usize).saturating_sub(start))
                .map_or(0, |before| before.chars().count());
            let (cut_line, bytes) = window(whole, focus);
            // An empty line at the end would be no line to the library.
            let drawn = if cut_line.is_empty() {
                " ".to_string()
            } else {
                printable(&cut_line).replace('\t', " ")
            };
            let cut = bytes.start > 0;
            lines.insert(
                line,
                Shown {
                    from: start + bytes.start,
                    piece: whole[bytes].to_string(),
                    at: characters + usize::from(cut),
                    cut,
                },
            );
            characters += drawn.chars().count();
            all.push_str(&drawn);
        }
        View {
            source: Source::from(all),
            path: printable(path),
            starts: starts.clone(),
            lines,
        }
    }

    fn place(&self, span: Span) -> Range<usize> {
        let Some(shown) = self.lines.get(&self.starts.line_of(span.start)) else {
            return 0..0;
        };
        let character = |at: u32| {
            let bytes = (at as usize).saturating_sub(shown.from);
            let before = shown.piece.char_indices().take_while(|(i, _)| *i < bytes);
            shown.at + before.count()
        };
        let start = character(span.start);
        start..character(span.end).max(start)
    }
}

impl Cache<Section> for Views {
    type Storage = String;

    fn fetch(&mut self, (file, _): &Section) -> Result<&Source<String>, impl fmt::Debug> {
        self.files
            .get(file)
            .map(|view| &view.source)
            .ok_or("no such file")
    }

    fn display<'a>(&self, (file, _): &'a Section) -> Option<impl fmt::Display + 'a> {
        self.files.get(file).map(|view| view.path.clone())
    }
}
