//! Findings as text for people: the place, why it matters, the edit that mends it.
//!
//! Comes in: findings and the sources they point into. Goes out: text, with colour when asked.
//! Never true here: a terminal code that came from the input; a line wider than a screen or two.

use super::lines::LineCache;
use super::view::{Views, printable, window};
use super::{Diagnostic, Edit, Severity};
use crate::source::{Sources, Span};
use ariadne::{Color, Config, IndexType, Label, Report, ReportKind};

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
    cache: &mut LineCache<'_>,
    color: bool,
) -> String {
    draw(
        Drawing {
            severity: Severity::Error,
            code: None,
            title,
            labels: &[(span, label, Color::Red)],
            notes,
            help: None,
        },
        cache,
        color,
    )
}

/// The same in one line, without a drawing.
pub fn brief(span: Span, text: &str, cache: &mut LineCache<'_>) -> String {
    let place = cache.file(span.file).map(|(path, text, lines)| {
        let (line, column) = lines.line_column(text, span.start);
        format!("{}:{line}:{column}: ", printable(path))
    });
    format!("{}{}\n", place.unwrap_or_default(), printable(text))
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
        let mended: Vec<String> = joined(&fix.edits, cache)
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
    let notes: Vec<String> = drawing.notes.iter().map(|n| printable(n)).collect();
    let spans: Vec<Span> = drawing.labels.iter().map(|(span, ..)| *span).collect();
    let views = Views::new(&spans, cache);
    let at = views.place(0);
    let numbered = spans.iter().enumerate();
    let names: Vec<(String, String)> = numbered
        .filter_map(|(number, span)| views.names(number, *span, cache))
        .collect();
    // A custom kind would keep its colour when none is wanted.
    let kind = match drawing.severity {
        Severity::Error => ReportKind::Error,
        Severity::Warning => ReportKind::Warning,
    };
    let config = Config::default()
        .with_color(color)
        .with_index_type(IndexType::Char)
        .with_tab_width(4);
    let mut report = Report::build(kind, at)
        .with_config(config)
        .with_message(printable(drawing.title));
    if let Some(code) = drawing.code {
        report = report.with_code(code);
    }
    for (order, (_, text, tint)) in drawing.labels.iter().enumerate() {
        // A label without a word is not drawn at all, and the place would not be marked.
        let text = if text.is_empty() { "here" } else { text };
        let label = Label::new(views.place(order))
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
            let named = |line: &str| {
                let wrong = names.iter().find(|(counted, _)| line.contains(counted));
                wrong.map_or(line.to_string(), |(counted, name)| {
                    line.replace(counted, name)
                })
            };
            let lines: Vec<String> = text.lines().map(|line| named(line.trim_end())).collect();
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

/// The edits, those of one line as one: the line is shown once, with all of them.
fn joined(edits: &[Edit], cache: &mut LineCache<'_>) -> Vec<Edit> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span);
    let mut joined: Vec<Edit> = Vec::new();
    for edit in edits {
        let before = joined.last_mut().filter(|b| b.span.file == edit.span.file);
        let between = before.as_ref().and_then(|before| {
            let (_, text, lines) = cache.file(edit.span.file)?;
            let is_one_line = lines.line_of(before.span.end) == lines.line_of(edit.span.start);
            let between = text.get(before.span.end as usize..edit.span.start as usize)?;
            is_one_line.then_some(between)
        });
        match (before, between) {
            (Some(before), Some(between)) => {
                before.text.push_str(between);
                before.text.push_str(&edit.text);
                before.span.end = edit.span.end;
            }
            _ => joined.push(edit),
        }
    }
    joined
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;
    use crate::source::{FileId, SourceFile};

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
    fn a_line_with_two_edits_is_shown_once() {
        let sources = sources("one\nlet x = a.s.upper()\nthree\n");
        let edit = |at: u32, text: &str| Edit {
            span: span(at, at),
            text: text.into(),
        };
        let mut d = Diagnostic::new(Code::MaybeMissing, span(12, 15), "this may be missing");
        d.fix = Some(crate::diag::Fix {
            title: "say what stands in for it".into(),
            edits: vec![
                edit(12, "("),
                edit(15, " ?? \"\")"),
                edit(24, "let y = 1\n"),
            ],
            sure: false,
        });
        let text = render(&[d], &sources, false);
        assert!(
            text.contains("2 | let x = (a.s ?? \"\").upper()\n"),
            "{text}"
        );
        assert_eq!(text.matches("upper()").count(), 2, "{text}");
        assert!(text.contains("3 | let y = 1\n"), "{text}");
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
    fn a_place_is_named_in_one_line() {
        let sources = sources("one\ntwo three\n");
        let brief = brief(
            span(8, 13),
            "it is 3\u{1b}[31m",
            &mut LineCache::new(&sources),
        );
        assert_eq!(brief, "a.journey:2:5: it is 3 [31m\n");
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
        assert!(out.contains(" a.journey:1:600003 "), "{out}");
        assert_eq!(out.matches("a.journey:1:").count(), 1, "{out}");
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

    /// Numbers that look random and are the same in every run.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, n: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((self.0 >> 33) as usize) % n.max(1)
        }
    }

    const CHARACTERS: &[char] = &[
        'a', 'b', ' ', '"', '{', '\t', '\r', '\n', '\u{b}', '\u{c}', '\u{1b}', '\u{85}', 'ç', '…',
        '\u{2028}', '\u{2029}', '\u{202e}', '\u{301}', '漢', '\u{feff}', '🎉', '\0',
    ];

    #[test]
    fn a_place_at_the_edge_of_what_is_shown_is_drawn() {
        for length in 120..160 {
            for text in [
                "a".repeat(length),
                "ç".repeat(length),
                format!("{}漢", "a".repeat(length)),
            ] {
                let whole = Diagnostic::new(Code::Syntax, span(0, text.len() as u32), "bad");
                assert!(render(&[whole], &sources(&text), false).contains("here"));
            }
        }
    }

    #[test]
    fn no_text_and_no_places_stop_the_drawing() {
        let mut numbers = Numbers(7);
        for round in 0..6_000 {
            let length = numbers.below(if round % 3 == 0 { 12 } else { 420 });
            let few = 1 + numbers.below(CHARACTERS.len());
            let text: String = (0..length)
                .map(|_| CHARACTERS[numbers.below(few)])
                .collect();
            // Of the text, of no character's edge, and beyond its end.
            let mut place = || {
                let start = numbers.below(text.len() + 3);
                let end = start + numbers.below(if round % 2 == 0 { 8 } else { text.len() + 3 });
                span(start as u32, end as u32)
            };
            let mut d = Diagnostic::new(Code::Syntax, place(), "bad\n\ttext\u{85}");
            for _ in 0..round % 4 {
                d = d.related(place(), "there\u{2028}\nand here");
            }
            if round % 5 == 0 {
                d = d.fix("write it", place(), "a\nb", true);
            }
            let sources = sources(&text);
            let drawn = render(std::slice::from_ref(&d), &sources, round % 2 == 0);
            assert!(drawn.contains("here"), "{text:?} {d:?}\n{drawn}");
            super::super::json::json(&[d], &sources);
        }
    }

    #[test]
    fn each_place_is_headed_by_its_own_line() {
        let text = "one\ntwo\nthree\n";
        let d = Diagnostic::new(Code::DuplicateName, span(8, 13), "twice")
            .related(span(4, 6), "first here")
            .related(span(0, 3), "and here");
        let drawn = render(&[d], &sources(text), false);
        for place in ["a.journey:3:1", "a.journey:2:1", "a.journey:1:1"] {
            assert_eq!(drawn.matches(place).count(), 1, "{place}\n{drawn}");
        }
        let end = Diagnostic::new(Code::Unclosed, span(14, 14), "never closed");
        let drawn = render(&[end], &sources(text), false);
        assert!(
            drawn.contains("a.journey:4:1") && drawn.contains(" 4 │"),
            "{drawn}"
        );
    }
}
