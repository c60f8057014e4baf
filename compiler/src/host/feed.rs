//! NDJSON to events: one line at a time, so that a file of any length takes the memory of one line.
//!
//! Comes in: a reader. Goes out: lines with their numbers; the events of a line and the instant each one names.
//! Never true here: a line held that is longer than [`LINE_BYTES`]; a broken line that stops the feed.

use journey_machine::deployment::envelope;
use journey_machine::time::parse;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::io::{self, BufRead};

/// Bytes of a line that is looked at. Longer than any event may be: a line may hold an array of them.
pub const LINE_BYTES: usize = 16 << 20;

/// A line of the feed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Line {
    /// Its bytes, without the line end.
    Bytes(Vec<u8>),
    /// It was longer than [`LINE_BYTES`], and was passed over.
    TooLong,
}

/// Reads lines.
pub struct Feed<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> Feed<R> {
    /// From the start of `reader`.
    pub fn new(reader: R) -> Feed<R> {
        Feed { reader, number: 0 }
    }

    /// The next line and its number, from 1; blank lines are passed over. `None` at the end.
    pub fn next_line(&mut self) -> io::Result<Option<(u64, Line)>> {
        loop {
            let mut bytes = Vec::new();
            let (mut read, mut too_long) = (0, false);
            loop {
                let chunk = match self.reader.fill_buf() {
                    Ok(chunk) => chunk,
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                    Err(e) => return Err(e),
                };
                let end = chunk.iter().position(|b| *b == b'\n');
                let taken = end.map_or(chunk.len(), |at| at + 1);
                if bytes.len() + taken <= LINE_BYTES {
                    bytes.extend_from_slice(&chunk[..taken]);
                } else {
                    too_long = true;
                }
                read += taken;
                self.reader.consume(taken);
                if end.is_some() || taken == 0 {
                    break;
                }
            }
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            if too_long {
                return Ok(Some((self.number, Line::TooLong)));
            }
            let line = bytes.trim_ascii();
            if !line.is_empty() {
                return Ok(Some((self.number, Line::Bytes(line.to_vec()))));
            }
        }
    }
}

/// The events of a line: the line itself, or the items of an array.
pub fn events(line: &[u8]) -> Vec<Cow<'_, [u8]>> {
    if line.first() == Some(&b'[')
        && let Ok(items) = serde_json::from_slice::<Vec<&RawValue>>(line)
    {
        return items
            .into_iter()
            .map(|item| Cow::Borrowed(item.get().as_bytes()))
            .collect();
    }
    vec![Cow::Borrowed(line)]
}

/// The instant that an event names as its `timestamp`, in milliseconds; `None` when it has none that can be read.
pub fn timestamp(event: &[u8]) -> Option<i64> {
    #[derive(Deserialize)]
    struct Stamped<'a> {
        #[serde(borrow)]
        timestamp: Option<Cow<'a, str>>,
    }
    let entity = envelope::entity(event);
    let stamped: Stamped<'_> = serde_json::from_slice(entity.bytes).ok()?;
    let word = parse::date_time(stamped.timestamp.as_deref()?)?;
    Some(journey_artifact::word::date_time_ms(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_numbers_and_the_last_needs_no_end() {
        let mut feed = Feed::new(io::BufReader::with_capacity(
            3,
            &b"{\"a\":1}\r\n\n  \n{}"[..],
        ));
        assert_eq!(
            feed.next_line().unwrap(),
            Some((1, Line::Bytes(b"{\"a\":1}".to_vec())))
        );
        assert_eq!(
            feed.next_line().unwrap(),
            Some((4, Line::Bytes(b"{}".to_vec())))
        );
        assert_eq!(feed.next_line().unwrap(), None);
    }

    #[test]
    fn a_line_without_end_is_passed_over_in_little_memory() {
        let mut text = vec![b'x'; LINE_BYTES + 1];
        text.extend(b"\n{}\n");
        let mut feed = Feed::new(&text[..]);
        assert_eq!(feed.next_line().unwrap(), Some((1, Line::TooLong)));
        assert_eq!(
            feed.next_line().unwrap(),
            Some((2, Line::Bytes(b"{}".to_vec())))
        );
    }

    #[test]
    fn arrays_are_opened_and_timestamps_found() {
        assert_eq!(events(b"[{\"a\":1},[2]]").len(), 2);
        assert_eq!(events(b"[broken").len(), 1);
        assert_eq!(
            timestamp(br#"{"timestamp":"1970-01-01T00:00:01Z"}"#),
            Some(1000)
        );
        assert_eq!(
            timestamp(
                br#"{"body":{"xdmEntity":{"timestamp":"1970-01-01T01:00:00+01:00"}},"header":{}}"#
            ),
            Some(0)
        );
        assert_eq!(timestamp(br#"{"timestamp":5}"#), None);
    }
}
