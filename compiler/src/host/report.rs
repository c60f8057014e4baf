//! What a replay says happened: counts for each journey and call, what was refused and why, and some people's stories.
//!
//! Comes in: counts, gathered by [`super::run`]. Goes out: text for people, JSON of a stable shape for programs.
//! Never true here: an order that a hash map decided; a count without a name.

use super::story;
use journey_machine::ids::Instant;
use journey_machine::read::Rejection;
use serde::Serialize;
use std::collections::BTreeMap;

/// Count by name.
pub type Counts = BTreeMap<String, u64>;

/// The whole report.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// Events read, those refused included.
    pub events: u64,
    /// Those of which nothing came, for they are refused.
    pub events_refused: u64,
    /// When the clock started and where it stopped, in milliseconds; `None` without an event that moved it.
    pub time: Option<(i64, i64)>,
    /// People that events were about.
    pub people: u64,
    /// By name.
    pub journeys: BTreeMap<String, JourneyReport>,
    /// By name.
    pub calls: BTreeMap<String, CallReport>,
    /// Events that are none of a journey's.
    pub events_with_no_journey: u64,
    /// Events about somebody that were passed over, by code (`duplicate`).
    pub events_passed_over: Counts,
    /// Events without an identity, by the event's name.
    pub events_without_identity: Counts,
    /// Events that name an instant before the clock's; they were delivered at the clock's.
    pub events_late: Noted,
    /// Events whose `timestamp` is there and is no instant; they were delivered at the clock's.
    pub events_with_unreadable_timestamp: Noted,
    /// Profiles under namespaces that no event names anybody in: nobody can be found by one of these.
    pub profiles_of_nobody: Noted,
    /// Events, profiles and changes of profiles that were refused, by code.
    pub rejections: BTreeMap<String, Noted>,
    /// Some people.
    pub some: Vec<Row>,
    /// The moves of the one person that was asked for.
    pub trace: Vec<String>,
}

/// A journey.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct JourneyReport {
    /// Entrances.
    pub entered: u64,
    /// Instances inside at the end, by node.
    pub inside: Counts,
    /// By label.
    pub ended: Counts,
    /// By rule.
    pub exited: Counts,
    /// Longest stay over.
    pub expired: u64,
    /// By reason.
    pub failed: Counts,
    /// Entrances refused, by code.
    pub refused: Counts,
}

/// A source or action.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct CallReport {
    /// Whether it is a source.
    pub source: bool,
    /// Attempts by what came of them.
    pub outcomes: Counts,
    /// Attempts that were still held back by the call's limit when the replay ended.
    pub queued: u64,
    /// Attempts that the call's limit held back until whoever asked for them had left: they never went out.
    pub withdrawn: u64,
}

/// What happened for one reason.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Noted {
    /// How often.
    pub count: u64,
    /// The first few: where, and what is wrong.
    pub examples: Vec<(String, String)>,
}

/// Examples of what is noted that are kept.
const EXAMPLES: usize = 3;

impl Noted {
    /// Counts one; it is told while few were.
    pub fn note(&mut self, example: impl FnOnce() -> (String, String)) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(example());
        }
    }
}

/// One stay of somebody.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Row {
    /// Identity.
    pub person: String,
    /// Journey.
    pub journey: String,
    /// When they entered.
    pub entered: String,
    /// Attempts of actions, and what came of them.
    pub sent: Vec<String>,
    /// Where they are, or how it ended.
    pub now: String,
}

impl Report {
    /// Counts something that was refused.
    pub fn reject(&mut self, code: &str, place: String, message: String) {
        let known = self.rejections.entry(code.to_string()).or_default();
        known.note(|| (place, message));
    }

    /// The same of a whole event.
    pub fn refuse(&mut self, line: u64, code: &str, message: String) {
        self.events_refused += 1;
        self.reject(code, format!("line {line}"), message);
    }

    /// The same of a profile, by the reader's code.
    pub fn reject_profile(&mut self, place: String, why: &Rejection) {
        let code = format!("PROFILE_{}", why.code.code());
        self.reject(&code, place, why.to_string());
    }

    /// As JSON, with a line end.
    pub fn json(&self) -> String {
        // Strings, numbers and maps with string keys: there is nothing that could fail to serialise.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// As text.
    pub fn text(&self) -> String {
        let mut out = Text::default();
        let time = match self.time {
            Some((from, to)) => {
                format!(
                    ", {} to {}",
                    story::instant(Instant(from)),
                    story::instant(Instant(to))
                )
            }
            None => String::new(),
        };
        out.line(&format!(
            "{} {}: {}, {}{time}",
            self.package,
            self.version,
            plural(self.events, "event", "events"),
            plural(self.people, "person", "people")
        ));
        for (name, journey) in &self.journeys {
            out.line("");
            out.row(&shortened(name), "entered", journey.entered);
            out.counts("  ended", &journey.ended, quoted);
            out.counts("  exited on", &journey.exited, plain);
            if journey.expired > 0 {
                out.row("  expired", "", journey.expired);
            }
            out.counts("  failed:", &journey.failed, plain);
            out.counts("  still at", &journey.inside, plain);
            out.counts("  refused:", &journey.refused, plain);
        }
        if !self.calls.is_empty() {
            out.line("");
        }
        for (name, call) in &self.calls {
            let verb = if call.source { "fetched" } else { "sent" };
            let attempts = call.outcomes.values().sum();
            let what = if attempts == 1 { "attempt" } else { "attempts" };
            out.row(&format!("{verb} {}", shortened(name)), what, attempts);
            out.counts(" ", &call.outcomes, plain);
            if call.queued > 0 {
                out.row(&format!("  {QUEUED}"), "", call.queued);
            }
            if call.withdrawn > 0 {
                out.row(&format!("  {WITHDRAWN}"), "", call.withdrawn);
            }
        }
        out.line("");
        out.row("events with no journey", "", self.events_with_no_journey);
        out.counts("events passed over:", &self.events_passed_over, plain);
        out.counts(
            "events without an identity:",
            &self.events_without_identity,
            plain,
        );
        out.noted("events that came late", &self.events_late);
        out.noted(
            "events with an unreadable timestamp",
            &self.events_with_unreadable_timestamp,
        );
        out.noted("profiles of nobody", &self.profiles_of_nobody);
        for (code, rejections) in &self.rejections {
            out.noted(&format!("rejected {code}"), rejections);
        }
        self.table(&mut out);
        if !self.trace.is_empty() {
            out.line("");
        }
        self.trace.iter().for_each(|line| out.line(line));
        out.finish()
    }

    fn table(&self, out: &mut Text) {
        if self.some.is_empty() {
            return;
        }
        let head = ["person", "journey", "entered", "now", "sent"].map(str::to_string);
        let rows: Vec<[String; 5]> = std::iter::once(head)
            .chain(self.some.iter().map(|row| {
                let sent = if row.sent.is_empty() {
                    "nothing".to_string()
                } else {
                    row.sent.join(", ")
                };
                [
                    shortened(&row.person),
                    shortened(&row.journey),
                    row.entered.clone(),
                    shortened(&row.now),
                    sent,
                ]
            }))
            .collect();
        let width = |column: usize| {
            rows.iter()
                .map(|r| r[column].chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths = [width(0), width(1), width(2), width(3)];
        out.line("");
        for row in &rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(widths) {
                line.push_str(&format!("{cell:width$}  "));
            }
            line.push_str(&row[4]);
            out.line(line.trim_end());
        }
    }
}

/// Lines, some of them a name and a count; the counts stand below each other.
#[derive(Default)]
struct Text {
    lines: Vec<Line>,
}

enum Line {
    Plain(String),
    Row(String, String),
}

/// What is said of an attempt that a limit holds back.
pub(super) const QUEUED: &str = "not sent yet";

/// What is said of one that it held back until whoever asked for it had left.
pub(super) const WITHDRAWN: &str = "withdrawn";

/// Characters of a name that are shown. What ends a stay is a text of the package's data and may be as long as a text may.
const NAME: usize = 64;
/// Characters that the names of counts have at least.
const NAME_COLUMN: usize = 38;

impl Text {
    fn line(&mut self, text: &str) {
        self.lines.push(Line::Plain(text.to_string()));
    }

    fn row(&mut self, name: &str, what: &str, count: u64) {
        let gap = if what.is_empty() { "" } else { " " };
        let count = format!("{:>10}{gap}{what}", grouped(count));
        self.lines.push(Line::Row(name.to_string(), count));
    }

    fn finish(self) -> String {
        let names = self.lines.iter().filter_map(|line| match line {
            Line::Row(name, _) => Some(name.chars().count()),
            Line::Plain(_) => None,
        });
        let width = names.max().unwrap_or(0).max(NAME_COLUMN);
        let mut out = String::new();
        for line in &self.lines {
            let text = match line {
                Line::Plain(text) => text.clone(),
                Line::Row(name, count) => format!("{name:<width$} {count}"),
            };
            out.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
            out.push('\n');
        }
        out
    }

    fn noted(&mut self, name: &str, noted: &Noted) {
        if noted.count == 0 {
            return;
        }
        self.line("");
        self.row(name, "", noted.count);
        for (place, message) in &noted.examples {
            self.line(&format!("  {place}: {message}"));
        }
    }

    fn counts(&mut self, prefix: &str, counts: &Counts, name: fn(&str) -> String) {
        for (key, count) in counts {
            self.row(&format!("{prefix} {}", name(key)), "", *count);
        }
    }
}

fn plain(name: &str) -> String {
    shortened(name)
}

/// A name of the package's or its data's, as long as a line can bear.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(NAME) {
        None => name.to_string(),
        Some(_) => {
            let shown: String = name.chars().take(NAME - 1).collect();
            format!("{shown}…")
        }
    }
}

fn quoted(name: &str) -> String {
    if name.is_empty() {
        "without a label".to_string()
    } else {
        format!("\"{}\"", shortened(name))
    }
}

/// `1 event`, `2,000 events`.
pub fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_from_top_to_bottom() {
        let mut report = Report {
            package: "retail".into(),
            version: "1.0.0".into(),
            events: 1200,
            people: 1,
            ..Report::default()
        };
        let journey = report.journeys.entry("Cart".into()).or_default();
        journey.entered = 3;
        journey.ended.insert("done".into(), 2);
        journey.inside.insert("pause".into(), 1);
        report.reject("WRONG_TYPE", "line 7".into(), "a\u{1b}[31m".into());
        let text = report.text();
        assert!(
            text.starts_with("retail 1.0.0: 1,200 events, 1 person\n\nCart "),
            "{text}"
        );
        assert!(
            text.contains("  ended \"done\"") && text.contains("  still at pause"),
            "{text}"
        );
        assert!(
            text.contains("  line 7: a [31m") && !text.contains('\u{1b}'),
            "{text}"
        );
    }

    #[test]
    fn a_label_of_any_length_keeps_the_columns() {
        let mut report = Report::default();
        let journey = report.journeys.entry("J".repeat(50)).or_default();
        journey.entered = 1;
        journey.ended.insert("é".repeat(70_000), 1);
        let call = report.calls.entry("Mail".into()).or_default();
        call.outcomes.insert("success".into(), 1);
        report.some.push(Row {
            person: "p".repeat(70_000),
            now: "n".repeat(70_000),
            ..Row::default()
        });
        let text = report.text();
        assert!(text.len() < 4_000, "{} bytes", text.len());
        assert!(text.contains(" 1 attempt\n"), "{text}");
        let rows = text.lines().filter(|l| l.contains(" 1"));
        let ends: Vec<usize> = rows
            .map(|l| l.chars().position(|c| c == '1').unwrap_or(0))
            .collect();
        assert!(
            ends.len() > 3 && ends.iter().all(|e| *e == ends[0]),
            "{text}"
        );
    }
}
