//! Findings as text for people: the place, why it matters, the edit that mends it.
//!
//! Comes in: findings and the sources they point into. Goes out: text, with colour when asked.
//! Never true here: a terminal code that came from the input; a line wider than a screen or two; a whole file handed
//! to the drawing library (it gets the few lines that a finding points at, so a report costs its own size).

use super::lines::LineCache;
use super::{Diagnostic, Edit, Severity};
use crate::source::{FileId, Sources, Span};
use ariadne::{Cache, Color, Config, IndexType, Label, Report, ReportKind, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Characters of a line that are shown.
const WIDTH: usize = 140;

/// All findings, and the summary line when there is any.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let mut cache = LineCache::new(sources);
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&one(diagnostic, &mut cache, color));
        out.push('\n');
    }
    if !diagnostics.is_empty() {
        out.push_str(&summary(diagnostics));
        out.push('\n');
    }
    out
}

/// `3 errors, 1 warning`.
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .count();
    let warnings = diagnostics.len() - errors;
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    match (errors, warnings) {
        (e, 0) => count(e, "error"),
        (0, w) => count(w, "warning"),
        (e, w) => format!("{}, {}", count(e, "error"), count(w, "warning")),
    }
}

/// A place with a sentence under it: for reports that are no diagnostics (a failed test's statement).
pub fn snippet(
    title: &str,
    span: Span,
    label: &str,
    notes: &[String],
    sources: &Sources,
    color: bool,
) -> String {
    let mut cache = LineCache::new(sources);
    draw(
        Drawing {
            severity: Severity::Error,
            code: None,
            title,
            labels: &[(span, label, Color::Red)],
            notes,
            help: None,
        },
        &mut cache,
        color,
    )
}

fn one(d: &Diagnostic, cache: &mut LineCache<'_>, color: bool) -> String {
    let tint = match d.severity {
        Severity::Error => Color::Red,
        Severity::Warning => Color::Yellow,
    };
    let mut labels = vec![(d.span, d.label.as_str(), tint)];
    labels.extend(
        d.related
            .iter()
            .map(|(span, text)| (*span, text.as_str(), Color::Cyan)),
    );
    let help = d.fix.as_ref().map(|fix| {
        let mended: Vec<String> = fix
            .edits
            .iter()
            .take(3)
            .filter_map(|edit| mended(edit, cache))
            .collect();
        format!("{}{}", fix.title, mended.concat())
    });
    let notes: Vec<String> = d.why.iter().cloned().collect();
    let code = format!("{} {}", d.code.id(), d.code.slug());
    draw(
        Drawing {
            severity: d.severity,
            code: Some(&code),
            title: &d.message,
            labels: &labels,
            notes: &notes,
            help,
        },
        cache,
        color,
    )
}

struct Drawing<'a> {
    severity: Severity,
    code: Option<&'a str>,
    title: &'a str,
    labels: &'a [(Span, &'a str, Color)],
    notes: &'a [String],
    help: Option<String>,
}

fn draw(drawing: Drawing<'_>, cache: &mut LineCache<'_>, color: bool) -> String {
    let Some((primary, _, _)) = drawing.labels.first() else {
        return String::new();
    };
    if cache.file(primary.file).is_none() {
        return plain(&drawing);
    }
    let mut notes: Vec<String> = drawing.notes.iter().map(|n| printable(n)).collect();
    let views = Views::new(drawing.labels.iter().map(|(span, ..)| *span), cache);
    let at = views.place(*primary);
    if let Some(column) = views.cut_column(*primary, cache) {
        notes.insert(0, format!("column {column} of a long line"));
    }
    // A custom kind would keep its colour when none is wanted.
    let kind = match drawing.severity {
        Severity::Error => ReportKind::Error,
        Severity::Warning => ReportKind::Warning,
    };
    let config = Config::default()
        .with_color(color)
        .with_index_type(IndexType::Byte)
        .with_tab_width(4);
    let mut report = Report::build(kind, at)
        .with_config(config)
        .with_message(printable(drawing.title));
    if let Some(code) = drawing.code {
        report = report.with_code(code);
    }
    for (order, (span, text, tint)) in drawing.labels.iter().enumerate() {
        // A label without a word is not drawn at all, and the place would not be marked.
        let text = if text.is_empty() { "here" } else { text };
        let label = Label::new(views.place(*span))
            .with_color(*tint)
            .with_order(order as i32)
            .with_message(printable(text));
        report = report.with_label(label);
    }
    report.with_notes(notes);
    if let Some(help) = &drawing.help {
        report = report.with_help(printable(help));
    }
    let mut bytes = Vec::new();
    match report.finish().write(views, &mut bytes) {
        Ok(()) => {
            let text = String::from_utf8_lossy(&bytes);
            let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
            lines.join("\n") + "\n"
        }
        Err(_) => plain(&drawing),
    }
}

/// Without a place.
fn plain(drawing: &Drawing<'_>) -> String {
    let code = drawing.code.map(|c| format!("[{c}] ")).unwrap_or_default();
    let severity = match drawing.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
    };
    let mut out = format!("{code}{}: {}\n", severity, printable(drawing.title));
    for note in drawing.notes {
        out.push_str(&format!("  note: {}\n", printable(note)));
    }
    if let Some(help) = &drawing.help {
        out.push_str(&format!("  help: {}\n", printable(help)));
    }
    out
}

/// The lines of an edit as they read afterwards.
fn mended(edit: &Edit, cache: &mut LineCache<'_>) -> Option<String> {
    let (_, text, lines) = cache.file(edit.span.file)?;
    let (first, last) = (lines.line_of(edit.span.start), lines.line_of(edit.span.end));
    let (start, _) = lines.range(text, first);
    let (_, end) = lines.range(text, last);
    let before = text.get(start..edit.span.start as usize)?;
    let after = text.get(edit.span.end as usize..end.max(edit.span.end as usize))?;
    let whole = format!("{before}{}{after}", edit.text);
    let mut out = String::new();
    for (i, line) in whole.lines().take(6).enumerate() {
        let focus = if i == 0 { before.chars().count() } else { 0 };
        out.push_str(&format!(
            "\n{:>4} | {}",
            first + 1 + i,
            window(line, focus).0
        ));
    }
    Some(out)
}

/// At most [`WIDTH`] characters of a line around character `focus`; how many bytes were cut on the left.
fn window(line: &str, focus: usize) -> (String, usize) {
    let count = line.chars().count();
    if count <= WIDTH {
        return (line.to_string(), 0);
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
    (format!("{left}{}{right}", &line[start..end]), start)
}

/// The same text with every control character and odd line separator replaced by blanks or marks of as many bytes.
fn printable(text: &str) -> String {
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

/// The few lines the drawing needs: per file the pointed-at lines, cut to the screen, with blank ones between.
struct Views {
    files: BTreeMap<FileId, View>,
}

struct View {
    source: Source<String>,
    path: String,
    /// Line → start in the original, start in the view, bytes cut on the left, bytes shown of the original.
    lines: BTreeMap<usize, Placed>,
    starts: super::lines::Lines,
}

#[derive(Clone, Copy)]
struct Placed {
    original: usize,
    view: usize,
    cut: usize,
    mark: usize,
    shown: usize,
}

impl Views {
    fn new(spans: impl Iterator<Item = Span>, cache: &mut LineCache<'_>) -> Views {
        let mut wanted: BTreeMap<FileId, BTreeMap<usize, u32>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for span in spans {
            let Some((_, _, lines)) = cache.file(span.file) else {
                continue;
            };
            let line = lines.line_of(span.start);
            if seen.insert((span.file, line)) {
                wanted
                    .entry(span.file)
                    .or_default()
                    .insert(line, span.start);
            }
        }
        let files = wanted
            .into_iter()
            .filter_map(|(id, lines)| Some((id, View::new(&lines, cache.file(id)?))))
            .collect();
        Views { files }
    }

    /// A span of the original in its view, clamped to its first line.
    fn place(&self, span: Span) -> (FileId, std::ops::Range<usize>) {
        let Some(view) = self.files.get(&span.file) else {
            return (span.file, 0..0);
        };
        let Some(placed) = view.lines.get(&view.starts.line_of(span.start)) else {
            return (span.file, 0..0);
        };
        let shift = |at: usize| {
            let inside = at
                .saturating_sub(placed.original + placed.cut)
                .min(placed.shown);
            placed.view + placed.mark + inside
        };
        let (start, end) = (shift(span.start as usize), shift(span.end as usize));
        (span.file, start..end.max(start))
    }

    /// The true column of a span whose line was cut on the left.
    fn cut_column(&self, span: Span, cache: &mut LineCache<'_>) -> Option<usize> {
        let view = self.files.get(&span.file)?;
        let placed = view.lines.get(&view.starts.line_of(span.start))?;
        let (_, text, lines) = cache.file(span.file)?;
        (placed.cut > 0).then(|| lines.line_column(text, span.start).1)
    }
}

impl View {
    fn new(
        wanted: &BTreeMap<usize, u32>,
        (path, text, starts): (&str, &str, &super::lines::Lines),
    ) -> View {
        let mut shown = String::new();
        let mut lines = BTreeMap::new();
        // From the top, for the library numbers lines by counting them (its line offset does not reach the margin).
        let mut at = 0;
        for (&line, &focus) in wanted {
            while at < line {
                shown.push('\n');
                at += 1;
            }
            let (start, end) = starts.range(text, line);
            let whole = text.get(start..end).unwrap_or("");
            let focus = whole
                .get(..(focus as usize).saturating_sub(start))
                .map_or(0, |before| before.chars().count());
            let (cut_line, cut) = window(whole, focus);
            let mark = if cut > 0 { '…'.len_utf8() } else { 0 };
            lines.insert(
                line,
                Placed {
                    original: start,
                    view: shown.len(),
                    cut,
                    mark,
                    shown: cut_line.len() - mark,
                },
            );
            shown.push_str(&printable(&cut_line).replace('\t', " "));
        }
        let source = Source::from(shown);
        View {
            source,
            path: path.to_string(),
            lines,
            starts: starts.clone(),
        }
    }
}

impl Cache<FileId> for Views {
    type Storage = String;

    fn fetch(&mut self, id: &FileId) -> Result<&Source<String>, impl fmt::Debug> {
        self.files
            .get(id)
            .map(|view| &view.source)
            .ok_or("no such file")
    }

    fn display<'a>(&self, id: &'a FileId) -> Option<impl fmt::Display + 'a> {
        self.files.get(id).map(|view| view.path.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;
    use crate::source::SourceFile;

    fn sources(text: &str) -> Sources {
        Sources::new(vec![SourceFile {
            path: "a.journey".into(),
            text: text.into(),
        }])
    }

    fn span(start: u32, end: u32) -> Span {
        Span {
            file: FileId(0),
            start,
            end,
        }
    }

    #[test]
    fn a_finding_shows_place_reason_and_mended_line() {
        let sources = sources("one\n\tkey pricetotal > 3\nthree\nfour ç five\n");
        let d = Diagnostic::new(
            Code::UnknownField,
            span(9, 19),
            "there is no field `pricetotal`",
        )
        .did_you_mean("pricetotal", ["priceTotal"])
        .related(span(38, 42), "declared\u{1b}[31m here")
        .why("a field nobody declared is always missing");
        let text = render(&[d], &sources, false);
        for part in [
            "[J0203 unknown-field] Error: there is no field `pricetotal`",
            "a.journey:2:6",
            "did you mean `priceTotal`?",
            "   2 | \tkey priceTotal > 3",
            "always missing",
            "4 │ four ç five",
            "\n1 error\n",
        ] {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }

    #[test]
    fn a_line_of_a_million_characters_is_cut_around_the_place() {
        let text = format!("{}é wrong {}", "x".repeat(600_000), "y".repeat(400_000));
        let at = 600_000 + 3;
        let d = Diagnostic::new(Code::Syntax, span(at, at + 5), "bad").label("here");
        let out = render(&[d], &sources(&text), false);
        assert!(
            out.contains("é wrong y") && out.len() < 3_000,
            "{} bytes",
            out.len()
        );
        assert!(out.contains("column 600003 of a long line"), "{out}");
    }

    #[test]
    fn places_outside_of_any_file_are_still_told() {
        let nowhere = Diagnostic::new(Code::Manifest, span(0, 0), "no manifest").why("because");
        let out = render(std::slice::from_ref(&nowhere), &Sources::default(), false);
        assert_eq!(
            out,
            "[J0501 manifest] Error: no manifest\n  note: because\n\n1 error\n"
        );
        let far = Diagnostic::new(Code::Syntax, span(90, 95), "off the end");
        assert!(render(&[far], &sources("short"), false).contains("off the end"));
        assert!(render(&[nowhere], &sources(""), false).contains("no manifest"));
    }
}
