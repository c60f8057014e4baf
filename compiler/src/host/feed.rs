//! NDJSON to events: one line at a time, so that a file of any length takes the memory of one line.
//!
//! Comes in: a reader. Goes out: lines with their numbers, each where it lies in the block that was read; the events of a line.
//! Never true here: a line held that is longer than [`LINE_BYTES`]; a broken line that stops the feed; a wait for a second
//! line before the first is given.

use crate::source::without_mark;
use serde_json::value::RawValue;
use std::io::{self, Read};
use std::ops::Range;

/// Bytes of a line that is looked at, its end included. Longer than any event may be: a line may hold an array of them.
pub const LINE_BYTES: usize = 16 << 20;

/// Bytes that are asked for at once: some ninety events. Smaller blocks cost more calls, larger ones the nearer caches.
const BLOCK_BYTES: usize = 1 << 18;

/// A line of the feed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Line<'a> {
    /// Its bytes, without the line end.
    Bytes(&'a [u8]),
    /// It was longer than [`LINE_BYTES`], and was passed over.
    TooLong,
}

/// Reads lines.
pub struct Feed<R> {
    reader: R,
    block: Vec<u8>,
    /// What of the block was read and not given yet.
    ahead: Range<usize>,
    is_at_end: bool,
    number: u64,
}

impl<R: Read> Feed<R> {
    /// From the start of `reader`, which needs no buffer of its own.
    pub fn new(reader: R) -> Feed<R> {
        Feed {
            reader,
            block: Vec::new(),
            ahead: 0..0,
            is_at_end: false,
            number: 0,
        }
    }

    /// The next line and its number, from 1; blank lines are passed over. `None` at the end.
    pub fn next_line(&mut self) -> io::Result<Option<(u64, Line<'_>)>> {
        loop {
            let Some(line) = self.find_line()? else {
                return Ok(None);
            };
            self.number += 1;
            let Some(range) = line else {
                return Ok(Some((self.number, Line::TooLong)));
            };
            let begins = match self.number {
                1 => range.len() - without_mark(&self.block[range.clone()]).len(),
                _ => 0,
            };
            let range = range.start + begins..range.end;
            if !self.block[range.clone()].trim_ascii().is_empty() {
                let bytes = self.block[range].trim_ascii();
                return Ok(Some((self.number, Line::Bytes(bytes))));
            }
        }
    }

    /// Where the next line lies in the block; `Some(None)` when it was too long; `None` at the end.
    #[allow(clippy::type_complexity)]
    fn find_line(&mut self) -> io::Result<Option<Option<Range<usize>>>> {
        let (mut looked_at, mut is_too_long) = (0, false);
        loop {
            let from = self.ahead.start;
            let unseen = &self.block[from + looked_at..self.ahead.end];
            if let Some(at) = memchr::memchr(b'\n', unseen) {
                let end = from + looked_at + at;
                self.ahead.start = end + 1;
                is_too_long |= end + 1 - from > LINE_BYTES;
                return Ok(Some((!is_too_long).then_some(from..end)));
            }
            looked_at = self.ahead.len();
            if looked_at > LINE_BYTES {
                // The rest of it is only looked at for its end.
                self.ahead.start = self.ahead.end;
                (looked_at, is_too_long) = (0, true);
            }
            if self.is_at_end {
                let rest = self.ahead.clone();
                self.ahead.start = self.ahead.end;
                let is_line = is_too_long || !rest.is_empty();
                return Ok(is_line.then_some((!is_too_long).then_some(rest)));
            }
            self.fill()?;
        }
    }

    /// Reads once.
    fn fill(&mut self) -> io::Result<()> {
        self.block.copy_within(self.ahead.clone(), 0);
        self.ahead = 0..self.ahead.len();
        if self.block.len() - self.ahead.end < BLOCK_BYTES / 4 {
            let size = (self.block.len() * 2).max(BLOCK_BYTES);
            self.block.resize(size, 0);
        }
        loop {
            match self.reader.read(&mut self.block[self.ahead.end..]) {
                Ok(0) => self.is_at_end = true,
                Ok(read) => self.ahead.end += read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            }
            return Ok(());
        }
    }
}

/// The events of a line: the line itself, or the items of an array.
pub fn events(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let items = match line.first() {
        Some(b'[') => serde_json::from_slice::<Vec<&RawValue>>(line).ok(),
        _ => None,
    };
    let whole = items.is_none().then_some(line);
    let items = items.into_iter().flatten();
    items.map(|item| item.get().as_bytes()).chain(whole)
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
            Some((1, Line::Bytes(&b"{\"a\":1}"[..])))
        );
        assert_eq!(
            feed.next_line().unwrap(),
            Some((4, Line::Bytes(&b"{}"[..])))
        );
        assert_eq!(feed.next_line().unwrap(), None);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line() {
        let mut feed = Feed::new(&b"\xef\xbb\xbf{}\n\xef\xbb\xbf{}"[..]);
        let first = feed.next_line().unwrap();
        assert_eq!(first, Some((1, Line::Bytes(&b"{}"[..]))));
        let second = feed.next_line().unwrap();
        assert_eq!(second, Some((2, Line::Bytes(&b"\xef\xbb\xbf{}"[..]))));
        assert_eq!(Feed::new(&b"\xef\xbb\xbf"[..]).next_line().unwrap(), None);
    }

    #[test]
    fn a_line_without_end_is_passed_over_in_little_memory() {
        let mut text = vec![b'x'; LINE_BYTES + 1];
        text.extend(b"\n{}\n");
        let mut feed = Feed::new(&text[..]);
        assert_eq!(feed.next_line().unwrap(), Some((1, Line::TooLong)));
        assert_eq!(
            feed.next_line().unwrap(),
            Some((2, Line::Bytes(&b"{}"[..])))
        );
    }

    #[test]
    fn arrays_are_opened() {
        assert_eq!(events(b"[{\"a\":1},[2]]").count(), 2);
        assert_eq!(events(b"[broken").count(), 1);
    }
}
