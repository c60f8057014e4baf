//! Where things stand in a JSON file.
//!
//! In: text that was read as JSON. Out: a tree of it with the place of every key and value, keys that stand twice included. Never true
//! here: a second opinion on what is JSON, a tree deeper than a JSON parser allows.

use super::documents::Documents;
use crate::source::SourceFile;
use std::collections::{HashMap, HashSet};

/// The trees of files, by path.
pub(super) type Places<'f> = HashMap<&'f str, Place>;

/// The trees of the files that hold schemas: those are JSON, and no deeper than a JSON parser allows.
pub(super) fn of<'f>(files: &'f [SourceFile], documents: &Documents) -> Places<'f> {
    let paths = documents.schemas.iter().map(|d| documents.path(d.file));
    let paths: HashSet<&str> = paths.collect();
    let files = files.iter().filter(|file| paths.contains(&*file.path));
    files
        .filter_map(|file| Some((file.path.as_str(), Place::of(&file.text)?)))
        .collect()
}

/// A place in a file, in bytes.
pub(super) type At = (u32, u32);

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Place {
    pub at: At,
    pub what: What,
}

/// What is there.
#[derive(Debug)]
pub(super) enum What {
    Object(Vec<Member>),
    Array(Vec<Place>),
    Text(String),
    /// A number, `true`, `false`, `null`.
    Other,
}

/// A key, where it stands, and its value.
#[derive(Debug)]
pub(super) struct Member {
    pub key: String,
    pub at: At,
    pub value: Place,
}

impl Place {
    /// The tree of a text; `None` where it is no JSON.
    pub fn of(text: &str) -> Option<Place> {
        Walk { text, at: 0 }.value()
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.what {
            What::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list; of anything else none.
    pub fn items(&self) -> &[Place] {
        match &self.what {
            What::Array(items) => items,
            _ => &[],
        }
    }

    /// The members of an object; of anything else none.
    pub fn members(&self) -> &[Member] {
        match &self.what {
            What::Object(members) => members,
            _ => &[],
        }
    }

    /// The value of a key, the last where it stands twice.
    pub fn member(&self, key: &str) -> Option<&Place> {
        let members = self.members().iter().rev();
        members
            .filter(|member| member.key == key)
            .map(|member| &member.value)
            .next()
    }
}

struct Walk<'t> {
    text: &'t str,
    at: usize,
}

impl Walk<'_> {
    /// The next byte that is no space; a byte order mark counts as one.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text[self.at..];
        let seen = rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}']);
        self.at += rest.len() - seen.len();
        seen.bytes().next()
    }

    fn since(&self, start: usize) -> At {
        (start as u32, self.at as u32)
    }

    fn value(&mut self) -> Option<Place> {
        let first = self.peek()?;
        let start = self.at;
        let what = match first {
            b'{' => What::Object(self.list(b'}', |walk| {
                walk.peek()?;
                let start = walk.at;
                let key = walk.text()?;
                let at = walk.since(start);
                walk.peek()?;
                walk.at += 1;
                let value = walk.value()?;
                Some(Member { key, at, value })
            })?),
            b'[' => What::Array(self.list(b']', Walk::value)?),
            b'"' => What::Text(self.text()?),
            _ => {
                let rest = &self.text[start..];
                let ends = |c: char| matches!(c, ',' | ']' | '}') || c.is_ascii_whitespace();
                self.at += rest.find(ends).unwrap_or(rest.len());
                What::Other
            }
        };
        Some(Place {
            at: self.since(start),
            what,
        })
    }

    /// What stands between a bracket and `close`, commas between.
    fn list<T>(&mut self, close: u8, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        self.at += 1;
        while self.peek()? != close {
            items.push(item(self)?);
            if self.peek()? == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
        Some(items)
    }

    fn text(&mut self) -> Option<String> {
        let rest = &self.text[self.at..];
        let mut bytes = rest.bytes().enumerate().skip(1);
        let end = loop {
            match bytes.next()? {
                (_, b'\\') => drop(bytes.next()),
                (end, b'"') => break end + 1,
                _ => {}
            }
        };
        self.at += end;
        serde_json::from_str(&rest[..end]).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_its_place() {
        let text = "\u{feff}{ \"a\\\"\": [1.5e3, {}, \"é\" ],\n\"b\":null, \"b\" :true}";
        let root = Place::of(text).expect("JSON");
        let at = |(start, end): At| &text[start as usize..end as usize];
        let keys: Vec<_> = root.members().iter().map(|m| at(m.at)).collect();
        assert_eq!(keys, ["\"a\\\"\"", "\"b\"", "\"b\""]);
        let items = root.member("a\"").expect("a list").items();
        let items: Vec<_> = items.iter().map(|item| at(item.at)).collect();
        assert_eq!(items, ["1.5e3", "{}", "\"é\""]);
        assert_eq!(root.member("b").map(|b| at(b.at)), Some("true"));
        assert_eq!(at(root.at), text.trim_start_matches('\u{feff}'));
        for broken in ["", "{", "[1", "\"a", "{\"a\"", "{\"a\":"] {
            assert!(Place::of(broken).is_none(), "{broken}");
        }
    }
}
