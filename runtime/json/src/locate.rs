//! A text's first mistake, found byte by byte.
//!
//! Comes in: bytes, and how deep they may nest. Goes out: the first mistake, if there is one. It shares nothing with
//! [`crate::scan`] but what an escape and a number are, and so it is also what that pass is tested against.
//! Never true here: recursion, or speed.

use crate::error::{Error, Kind};
use crate::escape;
use crate::scalar;
use crate::scan::is_white;

/// The first mistake of a text that is to be one JSON document.
pub(crate) fn first(bytes: &[u8], nesting: usize) -> Option<Error> {
    let mut reader = Reader {
        bytes,
        utf8: std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), |_| usize::MAX),
        at: 0,
    };
    reader.document(nesting).err()
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// The first byte that is not of a character.
    utf8: usize,
    at: usize,
}

impl Reader<'_> {
    fn document(&mut self, nesting: usize) -> Result<(), Error> {
        // For each bracket that is open: whether it is an object's.
        let mut open = Vec::new();
        loop {
            // A value is to come.
            match self.next() {
                Some(b @ (b'{' | b'[')) => {
                    if open.len() == nesting {
                        return self.fail(Kind::Nesting);
                    }
                    self.at += 1;
                    let close = if b == b'{' { b'}' } else { b']' };
                    open.push(close);
                    if self.next() == Some(close) {
                        open.pop();
                        self.at += 1;
                    } else {
                        if close == b'}' {
                            self.key()?;
                        }
                        continue;
                    }
                }
                Some(b'"') => self.string()?,
                Some(b'-' | b'0'..=b'9' | b'a'..=b'z') => self.scalar()?,
                _ => return self.fail(Kind::Value),
            }
            // A value is complete.
            loop {
                let Some(close) = open.last().copied() else {
                    return match self.next() {
                        None => Ok(()),
                        Some(_) => self.fail(Kind::Trailing),
                    };
                };
                match self.next() {
                    Some(b',') => {
                        self.at += 1;
                        if close == b'}' {
                            self.key()?;
                        }
                        break;
                    }
                    Some(b) if b == close => {
                        self.at += 1;
                        open.pop();
                    }
                    _ => return self.fail(Kind::Separator),
                }
            }
        }
    }

    /// The next byte that is no whitespace.
    fn next(&mut self) -> Option<u8> {
        while self.bytes.get(self.at).is_some_and(|byte| is_white(*byte)) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn fail(&self, kind: Kind) -> Result<(), Error> {
        let kind = match kind {
            _ if self.at >= self.bytes.len() => Kind::End,
            _ if self.at >= self.utf8 => Kind::Utf8,
            kind => kind,
        };
        Err(Error { kind, at: self.at })
    }

    fn key(&mut self) -> Result<(), Error> {
        if self.next() != Some(b'"') {
            return self.fail(Kind::Key);
        }
        self.string()?;
        if self.next() != Some(b':') {
            return self.fail(Kind::Colon);
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<(), Error> {
        self.at += 1;
        loop {
            if self.at >= self.utf8 {
                return self.fail(Kind::Utf8);
            }
            match self.bytes.get(self.at) {
                None => return self.fail(Kind::End),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => match escape::length(&self.bytes[self.at + 1..]) {
                    Some(length) => self.at += 1 + length,
                    None => return self.fail(Kind::Escape),
                },
                Some(0..0x20) => return self.fail(Kind::Control),
                Some(_) => self.at += 1,
            }
        }
    }

    fn scalar(&mut self) -> Result<(), Error> {
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|byte| scalar::is_delimiter(*byte));
        let word = &rest[..end.unwrap_or(rest.len())];
        let wrong = match word.first() {
            Some(b'a'..=b'z') => {
                let literals: [&[u8]; 3] = [b"true", b"false", b"null"];
                if literals.contains(&word) {
                    self.at += word.len();
                    return Ok(());
                }
                let same =
                    |literal: &[u8]| literal.iter().zip(word).take_while(|(a, b)| a == b).count();
                literals.into_iter().map(same).max().unwrap_or(0)
            }
            _ => match scalar::number(word) {
                Ok(()) => {
                    self.at += word.len();
                    return Ok(());
                }
                Err(at) => at,
            },
        };
        self.at += wrong;
        self.fail(Kind::Scalar)
    }
}
